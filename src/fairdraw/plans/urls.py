"""Addresses of the annual plan."""

from __future__ import annotations

from django.urls import path

from fairdraw.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.newest, name="newest"),
    path("<int:year>/", views.plan, name="plan"),
    path("<int:year>/<int:number>/", views.row, name="row"),
]
