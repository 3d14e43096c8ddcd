"""Django's entry for this stage."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The stage ``ui``."""

    name = "fairdraw.ui"
    label = "ui"
