"""Django's entry for this stage."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The stage ``rulebook``."""

    name = "fairdraw.rulebook"
    label = "rulebook"
