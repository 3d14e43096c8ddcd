"""Small marks inside a line: pill, countdown, code, icon, action, query string (行内组件)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fairdraw.kernel.verdict import Verdict
from fairdraw.ui import formats, icons
from fairdraw.ui.parts import Tone

register = template.Library()
NEAR_DAYS = 3
LONG, GROUP = 40, 8


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "print" %}``: a line icon; put a word beside it."""
    return icons.svg(name)


@register.simple_tag
def pill(word: str, tone: str = "plain") -> SafeString:
    """``{% pill word tone %}``: a state as word and colour; tone plain, info, success, warning, danger."""
    return format_html('<span class="pill {}">{}</span>', Tone(tone).value, word)


@register.simple_tag(takes_context=True)
def countdown(
    context: Context,
    due: dt.date | None,
    done: bool = False,
    left: int | None = None,
    unit: str = "",
) -> SafeString:
    """
    ``{% countdown due done=… left=… unit="个工作日" %}``: how long there is until *due*.

    *left* is given where days are not calendar days; *done* shows that nothing is waiting any more.
    """
    if due is None:
        return pill(_("无期限"))
    if done:
        return pill(_("已办结"), Tone.SUCCESS)
    days = formats.days_between(context["today"], due) if left is None else left
    unit = unit or _("天")
    if days < 0:
        return pill(_("逾期%(days)d%(unit)s") % {"days": -days, "unit": unit}, Tone.DANGER)
    if days == 0:
        return pill(_("今天到期"), Tone.WARNING)
    return pill(
        _("还剩%(days)d%(unit)s") % {"days": days, "unit": unit},
        Tone.WARNING if days <= NEAR_DAYS else Tone.INFO,
    )


@register.simple_tag
def code(text: str, copy: bool = True) -> SafeString:
    """
    ``{% code text copy=True %}``: monospace, with a copy button where scripts run.

    A long value may break after every eighth sign, so that no sign stands on a line alone.
    """
    if not text:
        return format_html("{}", formats.NOTHING)
    button = (
        format_html(
            '<button type="button" class="copy" data-copy="{}" hidden>{}<span>{}</span></button>',
            text,
            icons.svg("copy"),
            _("复制"),
        )
        if copy
        else ""
    )
    return format_html('<span class="code"><code>{}</code>{}</span>', _breakable(text), button)


def _breakable(text: str) -> SafeString:
    if len(text) < LONG or not text.isascii() or " " in text:
        return format_html("{}", text)
    parts = [(text[at : at + GROUP],) for at in range(0, len(text), GROUP)]
    return format_html_join(mark_safe("<wbr>"), "{}", parts)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """``{% query page=2 sort=None %}``: the present query string with *changes*; ``None`` removes."""
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """``{% crumb label url %}``: one step of the way here; without address it is this page."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li aria-current="page">{}</li>', label)


def _look(primary: bool, danger: bool) -> str:
    return "button primary" if primary else "button danger" if danger else "button"


@register.simple_tag(takes_context=True)
def action(
    context: Context,
    label: str,
    url: str = "",
    verdict: Verdict | None = None,
    post: bool = False,
    primary: bool = False,
    danger: bool = False,
    brief: bool = False,
    confirm: str = "",
    **hidden: Any,
) -> SafeString:
    """
    ``{% action label url verdict=… post=True primary=True confirm="…" name=value %}``: something one can do.

    Refused, it stays visible, greyed, with the reason; *brief* (for table rows) folds the reason away.
    Other keywords travel as hidden fields of the form. *confirm* asks once more where scripts run.
    """
    look = "link" if brief else _look(primary, danger)
    if verdict is not None and not verdict:
        return _refused(label, str(verdict.refusal), brief=brief)
    if not post:
        return format_html('<a class="{}" href="{}">{}</a>', look, url, label)
    fields = format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        [("csrfmiddlewaretoken", context.get("csrf_token", "")), *hidden.items()],
    )
    asks = format_html(' data-confirm="{}"', confirm) if confirm else ""
    return format_html(
        '<form class="action" method="post" action="{}"{}>{}<button type="submit" class="{}">{}</button></form>',
        url,
        asks,
        fields,
        look,
        label,
    )


def _refused(label: str, reason: str, *, brief: bool) -> SafeString:
    if brief:
        return format_html(
            '<details class="refused"><summary>{}</summary><span class="reason">{}</span></details>',
            label,
            reason,
        )
    return format_html(
        '<span class="refused"><button type="button" class="button" disabled>{}</button>'
        '<span class="reason">{}</span></span>',
        label,
        reason,
    )
