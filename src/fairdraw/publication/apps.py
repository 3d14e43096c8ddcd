"""Django's entry for this stage."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The stage ``publication``."""

    name = "fairdraw.publication"
    label = "publication"
