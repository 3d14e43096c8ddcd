"""Django's entry for this stage."""

from django.apps import AppConfig


class DrawsConfig(AppConfig):
    """Frames, seeds, draws, received lists, assignments."""

    name = "fairdraw.draws"
    label = "draws"

    def ready(self) -> None:
        """Declare the events; have the one-draw rule checked before any command."""
        from django.core.checks import register

        from fairdraw.draws import checks, events  # noqa: F401

        register(checks.one_draw_rule)
