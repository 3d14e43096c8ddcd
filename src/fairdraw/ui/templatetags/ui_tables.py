"""Lists: filter bar, table with sortable headings, pager, counts above (列表组件)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from fairdraw.ui import formats, menu, pages
from fairdraw.ui.parts import Column
from fairdraw.ui.templatetags.ui_marks import query

register = template.Library()
_OPENING = re.compile(r"<(tr|td|th)\b([^>]*)>")
_WHOLE = re.compile(
    r"\s*\d{4}([^\d<]\d{1,2}){2}[^\d<]?\s*<|\s*\d{4}(-\w+)+\s*<"
)  # one day, one number: not broken
FIGURES = 6  # a table of figures up to so many columns stays a table on a telephone


@dataclass(frozen=True)
class Heading:
    """A column heading as it is shown: where its link leads, and how the table is sorted now."""

    column: Column
    href: str = ""
    order: str = ""


def headings(context: Context, columns: Iterable[Column], default: str) -> list[Heading]:
    """The headings of *columns*; a click sorts up, another one down, and goes back to the first page."""
    asked = _params(context).get("sort", "") or default
    shown = []
    for column in columns:
        if not column.sort:
            shown.append(Heading(column))
            continue
        order = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(asked, "")
        turned = f"-{column.sort}" if order == "ascending" else column.sort
        shown.append(Heading(column, query(context, sort=turned, page=None), order))
    return shown


def labelled(rows: str, columns: Sequence[Column]) -> str:
    """
    The rows of a table with each cell named after its column, for the cards on a telephone.

    The n-th cell of a row belongs to the n-th column; it gets the column's classes as well. A cell that
    names itself with ``data-l`` is left alone.
    """
    extra = [(escape(str(c.label)), c.look) for c in columns]
    place = 0

    def opening(found: re.Match[str]) -> str:
        nonlocal place
        tag, attributes = found.group(1), found.group(2)
        if tag == "tr":
            place = 0
            return found.group(0)
        place += 1
        if place > len(extra) or "data-l=" in attributes:
            return found.group(0)
        label, look = extra[place - 1]
        if _WHOLE.match(rows, found.end()):
            look = f"{look} nowrap".strip()
        if look and 'class="' in attributes:
            attributes = attributes.replace('class="', f'class="{look} ', 1)
        elif look:
            attributes += f' class="{look}"'
        return f'<{tag}{attributes} data-l="{label}">'

    return _OPENING.sub(opening, rows)


def _opens(context: Context, href: str) -> bool:
    actor = getattr(context.get("request"), "actor", None)
    return bool(href) and (actor is None or menu.opens(actor, href))


def _params(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


@register.simple_block_tag(takes_context=True)
def table(
    context: Context,
    content: str,
    caption: str,
    columns: Sequence[Column],
    page: Page[Any] | None = None,
    id: str = "list",  # noqa: A002 - the HTML word
    empty: str = "",
    empty_href: str = "",
    empty_label: str = "",
    sort: str = "",
    quiet: bool = False,
    dense: bool = False,
) -> SafeString:
    """
    ``{% table caption columns page=… id=… empty=… sort=… quiet=True dense=True %}<tr>…</tr>{% endtable %}``.

    The block holds the rows as plain ``<tr><td>…</td></tr>``, cells in the order of *columns*; names for
    the cards on a telephone and classes are added. ``<th scope="row">`` is the headline of a card.
    No rows: *empty* is shown, with a button to *empty_href* where there is one.
    *page* adds the pager; *sort* is the order when the address names none; *quiet* hides the caption
    from sight; *id* is the part that htmx exchanges.
    """
    params = _params(context)
    return mark_safe(  # noqa: S308 - our own template
        render_to_string(
            "ui/_table.html",
            {
                "caption": caption,
                "headings": headings(context, columns, sort),
                "content": mark_safe(labelled(content, columns)) if content.strip() else "",  # noqa: S308 - the block
                "empty": empty,
                "empty_href": empty_href if _opens(context, empty_href) else "",
                "empty_label": empty_label,
                "id": id,
                "quiet": quiet,
                "kept": [(key, params[key]) for key in ("sort", "size") if params.get(key)],
                "dense": dense,
                "figures": len(columns) <= FIGURES and all("num" in c.look for c in columns[1:]),
                "pager": pager(context, page, id, caption)
                if page is not None and page.paginator.count
                else "",
            },
        )
    )


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page[Any], target: str = "", label: str = "") -> SafeString:
    """``{% pager page target label=… %}``: 共 N 条，第 x/y 页, plain links; htmx exchanges ``#target`` where it runs."""
    pages_shown = [
        (number, query(context, page=number) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    sizes = [(size, query(context, size=size, page=None)) for size in pages.SIZES]
    params = _params(context)
    return mark_safe(  # noqa: S308 - our own template
        render_to_string(
            "ui/_pager.html",
            {
                "page": page,
                "target": target,
                "label": label,
                "numbers": pages_shown,
                "previous": query(context, page=page.previous_page_number()) if page.has_previous() else "",
                "next": query(context, page=page.next_page_number()) if page.has_next() else "",
                "sizes": sizes,
                "size": page.paginator.per_page,
                "kept": [(k, v) for k, vs in params.lists() if k != "page" for v in vs],
            },
        )
    )


@register.simple_tag(takes_context=True)
def filterbar(context: Context, form: BaseForm, shown: int = 4, target: str = "list") -> SafeString:
    """
    ``{% filterbar form shown=4 target="list" %}``: a GET form with 查询 and 重置.

    Fields after the first *shown* are folded, and unfolded while one of them filters. The order of the
    table is kept. Exchanges ``#target`` where htmx runs.
    """
    visible = list(form.visible_fields())
    folded = visible[shown:]
    params = _params(context)
    request = context.get("request")
    return mark_safe(  # noqa: S308 - our own template
        render_to_string(
            "ui/_filterbar.html",
            {
                "first": visible[:shown],
                "folded": folded,
                "hidden": form.hidden_fields(),
                "open": any(any(v for v in params.getlist(f.html_name)) for f in folded),
                "more": len(visible) > 1,
                "narrowed": any(any(v for v in params.getlist(f.html_name)) for f in visible[1:]),
                "path": request.path if request is not None else "",
                "errors": form.errors,
                "target": target,
            },
        )
    )


@register.simple_tag
def counts(items: Iterable[Sequence[Any]]) -> SafeString:
    """``{% counts items %}``: the line above a list, from (label, count, unit): 企业 2,345 户，许可证 345 个."""
    lines = format_html_join(
        "",
        "<li>{} <b>{}</b> {}</li>",
        ((i[0], formats.thousands(i[1]), i[2] if len(i) > 2 else "") for i in items),
    )
    return format_html('<ul class="counts">{}</ul>', lines)
