"""Addresses of the door, of one's own password, and of administration (系统管理)."""

from __future__ import annotations

from django.urls import path

from fairdraw.accounts.views import administration, log, own, signing, tokens

app_name = "accounts"
urlpatterns = [
    path("login/", signing.sign_in, name="login"),
    path("practise/", signing.practise, name="practise"),
    path("logout/", signing.sign_out, name="logout"),
    path("password/", own.password, name="password"),
    path("units/", administration.units, name="units"),
    path("units/new/", administration.new_unit, name="new-unit"),
    path("units/<int:pk>/", administration.unit, name="unit"),
    path("units/<int:pk>/name/", administration.rename, name="rename-unit"),
    path("people/", administration.people, name="people"),
    path("people/new/", administration.new_person, name="new-person"),
    path("people/<int:pk>/", administration.person, name="person"),
    path("people/<int:pk>/duties/new/", administration.give_duty, name="give-duty"),
    path("people/<int:pk>/duties/<int:membership>/end/", administration.end_duty, name="end-duty"),
    path("people/<int:pk>/password/", administration.reset_password, name="reset-password"),
    path("people/<int:pk>/lock/", administration.lock, name="lock"),
    path("people/<int:pk>/unlock/", administration.unlock, name="unlock"),
    path("log/", log.log, name="log"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.new_token, name="new-token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
]
