"""Django's entry for this stage."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """The stage ``followup``."""

    name = "fairdraw.followup"
    label = "followup"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.followup import events  # noqa: F401
