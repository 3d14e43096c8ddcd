"""Django's entry for this stage."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The stage ``exchange``."""

    name = "fairdraw.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Declare the events and the long work."""
        from fairdraw.exchange import events, jobs  # noqa: F401
