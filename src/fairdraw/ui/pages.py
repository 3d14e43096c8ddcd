"""
Answers that many doors give: a form shown again, one page of a long list, a fragment for htmx.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairdraw.ui.parts import Column

SIZES = (20, 50, 200, 500)  # all of a page can be ticked: a form holds 1,000 fields


def posted(request: HttpRequest) -> Any:
    """The values that were sent; ``None`` for a page that is only asked for."""
    return request.POST if request.method == "POST" else None


def again(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """Show *form* again with its errors; the answer is 422."""
    return render(request, template, {"form": form, **context}, status=422)


def show(request: HttpRequest, template: str, fragment: str, context: Mapping[str, Any]) -> HttpResponse:
    """
    The page *template*, or its part *fragment* alone when htmx asks for it.

    Going back in the browser's history asks for the whole page again.
    """
    htmx = getattr(request, "htmx", None)
    part = bool(htmx) and not getattr(htmx, "history_restore_request", False)
    return render(request, fragment if part else template, dict(context))


def page_of(rows: Any, query: Mapping[str, str], *, size: int = 50) -> Page[Any]:
    """
    One page of *rows* as ``?page=`` and ``?size=`` ask for; nonsense gives the first or last page.

    Args:
        rows: A sliceable collection that knows its length, such as an ordered query set.
        query: The query of the request.
        size: Rows a page where the address does not say.
    """
    asked = query.get("size", "")
    per_page = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in SIZES else size
    return Paginator(rows, per_page).get_page(query.get("page"))


def ordering(columns: Sequence[Column], query: Mapping[str, str], default: str) -> tuple[str, ...]:
    """
    The fields to order by, from ``?sort=name`` or ``?sort=-name``; only what *columns* allow.

    Args:
        columns: Columns of the table; those without ``sort`` are not sortable.
        query: The query of the request.
        default: Used as if asked for when the address asks for nothing that is allowed.
    """
    allowed = {c.sort: c.fields or (c.sort,) for c in columns if c.sort}
    asked = query.get("sort", "")
    word = asked if asked.removeprefix("-") in allowed else default
    fields = allowed.get(word.removeprefix("-"), (word.removeprefix("-"),))
    return tuple(_reversed(f) for f in fields) if word.startswith("-") else tuple(fields)


def _reversed(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
