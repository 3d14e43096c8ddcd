"""Django's entry for this stage."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, accounts, duties, doors."""

    name = "fairdraw.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare the events, register the start-up check, tell the shell who is signed in."""
        from fairdraw.accounts import doors, events, shell  # noqa: F401
        from fairdraw.ui import context

        context.person_from(shell.person)
        context.installation_from(shell.installation)
