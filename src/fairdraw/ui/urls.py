"""
Addresses of the shell.

``config/urls.py`` hands over the two kinds of doors, since ``accounts`` stands above this package::

    path("ui/", include((ui_urls.patterns(officer=door(), public=public_door), "ui")))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from fairdraw.ui import views

View = Callable[..., Any]

app_name = "ui"


def patterns(*, officer: Callable[[View], View], public: Callable[[View], View]) -> list[URLPattern]:
    """The addresses, with *officer* guarding what the signed-in see and *public* what all see."""
    return [
        path("", officer(views.gallery), name="gallery"),
        path("list/", officer(views.gallery_list), name="gallery-list"),
        path("task/", officer(views.gallery_task), name="gallery-task"),
        path("form/", officer(views.gallery_form), name="gallery-form"),
        path("portal/", officer(views.gallery_portal), name="gallery-portal"),
        path("plain/", officer(views.gallery_plain), name="gallery-plain"),
        path("size/", public(views.set_size), name="set-size"),
    ]
