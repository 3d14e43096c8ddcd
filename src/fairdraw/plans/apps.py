"""Django's entry for this stage."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Annual plans, tasks, schemes."""

    name = "fairdraw.plans"
    label = "plans"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.plans import events  # noqa: F401
