"""Django's entry for this stage."""

from django.apps import AppConfig


class DrawsConfig(AppConfig):
    """Frames, seeds, draws, received lists, assignments."""

    name = "fairdraw.draws"
    label = "draws"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.draws import events  # noqa: F401
