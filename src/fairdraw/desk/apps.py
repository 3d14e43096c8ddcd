"""Django's entry for this stage."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The stage ``desk``."""

    name = "fairdraw.desk"
    label = "desk"
