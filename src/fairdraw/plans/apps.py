"""Django's entry for this stage."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The stage ``plans``."""

    name = "fairdraw.plans"
    label = "plans"
