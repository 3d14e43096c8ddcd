"""Django's entry for this stage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """Annual plans, tasks, schemes."""

    name = "fairdraw.plans"
    label = "plans"

    def ready(self) -> None:
        """Declare the events, enter the menu."""
        from fairdraw.plans import events, scheme_events  # noqa: F401
        from fairdraw.ui import menu

        menu.register(menu.Section.PLANS, _("年度计划"), "plans:newest", order=10)
