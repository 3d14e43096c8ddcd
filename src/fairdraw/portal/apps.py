"""Django's entry for this stage."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The stage ``portal``."""

    name = "fairdraw.portal"
    label = "portal"
