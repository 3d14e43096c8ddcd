"""Django's entry for this stage."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The stage ``oversight``."""

    name = "fairdraw.oversight"
    label = "oversight"
