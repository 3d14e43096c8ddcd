"""What a form was given: nothing before it was sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def posted(request: HttpRequest) -> Any:
    """The values that were sent; ``None`` for a page that is only asked for."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> Any:
    """The files that were sent; ``None`` for a page that is only asked for."""
    return request.FILES if request.method == "POST" else None
