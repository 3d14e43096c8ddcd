"""The files that a form was given, and the question that is put before an act (二次确认)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def uploaded(request: HttpRequest) -> Any:
    """The files that were sent; ``None`` for a page that is only asked for."""
    return request.FILES if request.method == "POST" else None


def ask_again(
    request: HttpRequest, form: BaseForm, *, title: str, lines: Sequence[str], label: str, **more: Any
) -> HttpResponse:
    """
    Ask once more, saying what will happen; yes sends what was typed again with ``sure=1`` (二次确认).

    Args:
        request: The post with what was typed; *form* found it in order.
        form: The form as it was typed.
        title: What is to be done.
        lines: What will happen, a sentence each, naming whom it concerns.
        label: What the button says.
        more: Further values that are sent again as they are.
    """
    kept = {name: form[name].data for name in form.fields if form[name].data not in (None, "")}
    context = {"title": title, "lines": lines, "label": label, "kept": {**kept, **more}}
    return render(request, "desk/sure.html", context)
