"""Django's entry for this stage."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The stage ``documents``."""

    name = "fairdraw.documents"
    label = "documents"
