"""Django's entry for this stage."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The stage ``audit``."""

    name = "fairdraw.audit"
    label = "audit"
