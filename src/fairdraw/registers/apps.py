"""Django's entry for this stage."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """One list, two directories."""

    name = "fairdraw.registers"
    label = "registers"

    def ready(self) -> None:
        """Declare the events."""
        from fairdraw.registers import events  # noqa: F401
