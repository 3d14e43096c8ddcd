"""Addresses of the registers."""

from __future__ import annotations

from django.urls import path

from fairdraw.registers import views

app_name = "registers"
urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/export.<str:form>", views.export_targets, name="export"),
    path("targets/export/", views.export_job, name="export-job"),
]
