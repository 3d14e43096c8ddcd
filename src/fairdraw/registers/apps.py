"""Django's entry for this stage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    """One list, two directories."""

    name = "fairdraw.registers"
    label = "registers"

    def ready(self) -> None:
        """Declare the events and the long work, enter the menu."""
        from fairdraw.registers import events, jobs  # noqa: F401
        from fairdraw.ui import menu

        menu.register(menu.Section.REGISTERS, _("检查对象"), "registers:targets", order=10)
