"""Django's entry for this stage."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, accounts, duties, doors."""

    name = "fairdraw.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare the events and register the start-up check."""
        from fairdraw.accounts import doors, events  # noqa: F401
