"""Django's entry for this stage."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The stage ``exchange``."""

    name = "fairdraw.exchange"
    label = "exchange"
