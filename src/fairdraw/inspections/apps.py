"""Django's entry for this stage."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """The stage ``inspections``."""

    name = "fairdraw.inspections"
    label = "inspections"
