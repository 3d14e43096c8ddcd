"""Django's entry for this stage."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The stage ``operations``."""

    name = "fairdraw.operations"
    label = "operations"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.operations import events  # noqa: F401
