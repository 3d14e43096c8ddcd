"""Django's entry for this stage."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Indicators, year board, supervision slips, summaries."""

    name = "fairdraw.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.oversight import events  # noqa: F401
