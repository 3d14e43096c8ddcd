"""Django's entry for this stage."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The stage ``operations``."""

    name = "fairdraw.operations"
    label = "operations"
