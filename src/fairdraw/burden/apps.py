"""Django's entry for this stage."""

from django.apps import AppConfig


class BurdenConfig(AppConfig):
    """The stage ``burden``."""

    name = "fairdraw.burden"
    label = "burden"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.burden import events  # noqa: F401
