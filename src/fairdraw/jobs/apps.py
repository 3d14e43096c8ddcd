"""Django's entry for this stage."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The stage ``jobs``."""

    name = "fairdraw.jobs"
    label = "jobs"
