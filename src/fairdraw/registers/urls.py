"""Addresses of the registers."""

from __future__ import annotations

from django.urls import path

from fairdraw.registers import class_views, views

app_name = "registers"
urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/export.<str:form>", views.export_targets, name="export"),
    path("classes/", class_views.classes, name="classes"),
    path("classes/changes.csv", class_views.class_rows, name="class-rows"),
    path("targets/export/", views.export_job, name="export-job"),
]
