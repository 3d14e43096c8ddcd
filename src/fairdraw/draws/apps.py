"""Django's entry for this stage."""

from django.apps import AppConfig


class DrawsConfig(AppConfig):
    """The stage ``draws``."""

    name = "fairdraw.draws"
    label = "draws"
