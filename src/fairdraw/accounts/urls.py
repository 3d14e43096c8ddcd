"""Addresses of the door."""

from __future__ import annotations

from django.urls import path

from fairdraw.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("practise/", views.practise, name="practise"),
    path("logout/", views.sign_out, name="logout"),
]
