"""Django's entry for this stage."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The stage ``registers``."""

    name = "fairdraw.registers"
    label = "registers"
