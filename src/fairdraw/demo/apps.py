"""Django's entry for this stage."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The stage ``demo``."""

    name = "fairdraw.demo"
    label = "demo"
