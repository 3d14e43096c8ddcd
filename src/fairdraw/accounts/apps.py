"""Django's entry for this stage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Agencies, accounts, duties, doors."""

    name = "fairdraw.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare the events, enter the menu, register the start-up check, tell the shell who is signed in."""
        from fairdraw.accounts import doors, events, shell  # noqa: F401
        from fairdraw.ui import context
        from fairdraw.ui.menu import Section, register

        register(Section.ADMINISTRATION, _("单位"), "accounts:units", order=10)
        register(Section.ADMINISTRATION, _("账号与任职"), "accounts:people", order=20)
        register(Section.ADMINISTRATION, _("接口授权"), "accounts:tokens", order=30)
        register(Section.ADMINISTRATION, _("操作日志"), "accounts:log", order=40)
        context.person_from(shell.person)
        context.installation_from(shell.installation)
