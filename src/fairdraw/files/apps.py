"""Django's entry for this stage."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The stage ``files``."""

    name = "fairdraw.files"
    label = "files"
