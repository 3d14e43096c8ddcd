"""Django's entry for this stage."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Notices, visits, records, results, review."""

    name = "fairdraw.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.inspections import events  # noqa: F401
