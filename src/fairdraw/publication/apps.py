"""Django's entry for this stage."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The stage ``publication``."""

    name = "fairdraw.publication"
    label = "publication"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.publication import events  # noqa: F401
