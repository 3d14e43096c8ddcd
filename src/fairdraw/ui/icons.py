"""Line icons of the shell, 20 × 20, drawn for this product; always beside a word, so hidden from readers."""

from __future__ import annotations

import functools

from django.utils.safestring import SafeString, mark_safe

PATHS = {
    "workbench": "M3 9l7-6 7 6v8h-5v-5H8v5H3z",
    "registers": "M4 3h12v14H4zM7 7h6M7 10h6M7 13h4",
    "plans": "M3 5h14v12H3zM3 9h14M7 3v4M13 3v4",
    "draws": "M10 2.5l6.5 3.7v7.6L10 17.5l-6.5-3.7V6.2zM10 10l6.5-3.8M10 10v7.5M10 10L3.5 6.2",
    "inspections": "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.4 13.4L17.5 17.5M6.5 9l2 2 3.5-3.5",
    "publication": "M3 8v4h3l6 4V4L6 8zM15 7.5c1 1.5 1 3.5 0 5",
    "followup": "M4 10a6 6 0 1 1 1.8 4.3M4 15.5V11h4.5",
    "oversight": "M3 17V9M8 17V4M13 17v-6M18 17H2",
    "administration": "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 2v3M10 15v3M2 10h3M15 10h3"
    "M4.3 4.3l2.2 2.2M13.5 13.5l2.2 2.2M15.7 4.3l-2.2 2.2M6.5 13.5l-2.2 2.2",
    "menu": "M3 5h14M3 10h14M3 15h14",
    "search": "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.4 13.4L17.5 17.5",
    "info": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v5M10 6v.5",
    "success": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM6.5 10l2.5 2.5 4.5-5",
    "warning": "M10 3l8 14H2zM10 8v4M10 14v.5",
    "danger": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7 7l6 6M13 7l-6 6",
    "plain": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v5M10 6v.5",
    "copy": "M7 7h9v10H7zM13 7V3H4v10h3",
    "download": "M10 3v9M6 9l4 4 4-4M4 17h12",
    "upload": "M10 13V4M6 7l4-4 4 4M4 17h12",
    "print": "M6 7V3h8v4M6 14H3V7h14v7h-3M6 11h8v6H6z",
    "add": "M10 4v12M4 10h12",
    "next": "M8 5l5 5-5 5",
    "check": "M4 10l4 4 8-9",
}


@functools.cache
def svg(name: str) -> SafeString:
    """The icon *name* as inline SVG; an unknown name raises ``KeyError``."""
    return mark_safe(  # noqa: S308 - constants of this module
        '<svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" focusable="false">'
        f'<path d="{PATHS[name]}" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
