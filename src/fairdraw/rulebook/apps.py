"""Django's entry for this stage."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class RulebookConfig(AppConfig):
    """Numbers, deadlines, calendars and codes of regulation."""

    name = "fairdraw.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Declare the events, and let each page look at the edition once."""
        from fairdraw.rulebook import events, selectors  # noqa: F401

        request_started.connect(selectors.begin_page, dispatch_uid="rulebook.begin_page")
        request_finished.connect(selectors.end_page, dispatch_uid="rulebook.end_page")
