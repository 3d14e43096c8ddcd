"""Blocks of a page: card, notice, facts, steps, timeline, goal, form parts (块组件)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fairdraw.ui import charts, formats, icons
from fairdraw.ui.formats import Exact
from fairdraw.ui.parts import Event, Step, Tab, Tone

register = template.Library()
#: Kinds of control that take the whole width of a form in two columns.
LONG = ("textarea", "selectmultiple", "file", "filedrop", "clearablefile")


def _part(name: str, **values: Any) -> SafeString:
    return mark_safe(render_to_string(f"ui/{name}", values))  # noqa: S308 - our own template


@register.simple_block_tag
def card(content: str, title: str, note: str = "", href: str = "", more: str = "") -> SafeString:
    """``{% card title note=… href=… more="全部" %}…{% endcard %}``: a titled part of a page."""
    link = format_html('<a href="{}">{}</a>', href, more or _("查看全部")) if href else ""
    small = format_html('<span class="note">{}</span>', note) if note else ""
    return format_html(
        '<section class="card"><header><h2>{}</h2>{}{}</header><div class="card-body">{}</div></section>',
        title,
        small,
        link,
        content,
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """``{% notice tone title=… %}…{% endnotice %}``: something to know before going on."""
    head = format_html("<strong>{}</strong>", title) if title else ""
    return format_html(
        '<div class="notice {}">{}<div>{}{}</div></div>', Tone(tone).value, icons.svg(tone), head, content
    )


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    title: str,
    count: int,
    unit: str,
    url: str,
    label: str,
    back: str = "",
    danger: bool = False,
    **hidden: Any,
) -> SafeString:
    """
    ``{% confirm title count unit url label back=… danger=True name=value %}…{% endconfirm %}``: asks once more.

    Names how many records are touched; for whatever cannot be taken back.
    """
    return _part(
        "_confirm.html",
        title=title,
        count=count,
        unit=unit,
        url=url,
        label=label,
        back=back,
        danger=danger,
        hidden=hidden,
        content=content,
        csrf_token=context.get("csrf_token"),
    )


@register.simple_tag
def facts(rows: Iterable[Sequence[Any]]) -> SafeString:
    """``{% facts rows %}``: a description list from rows of (label, value)."""
    lines = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", ((r[0], _or_dash(r[1])) for r in rows))
    return format_html('<dl class="facts">{}</dl>', lines)


@register.simple_block_tag
def fact(content: str, label: str, wide: bool = False) -> SafeString:
    """``<dl class="facts">{% fact label wide=True %}…{% endfact %}</dl>``: one line of a description list."""
    return format_html(
        "<div{}><dt>{}</dt><dd>{}</dd></div>",
        mark_safe(' class="wide"') if wide else "",
        label,
        _or_dash(content.strip() and mark_safe(content)),  # noqa: S308 - rendered by the template around it
    )


def _or_dash(value: Any) -> Any:
    return formats.NOTHING if value is None or value == "" else value


@register.simple_tag
def tabs(items: Iterable[Tab], label: str = "") -> SafeString:
    """``{% tabs items label %}``: views of the same thing as plain links; items are ``parts.Tab``."""
    return _part("_tabs.html", items=items, label=label or _("视图"))


@register.simple_tag
def stepbar(steps: Iterable[Step], label: str = "") -> SafeString:
    """``{% stepbar steps label %}``: 方案 → 抽取 → 人员 → 检查 → 公示; steps are ``parts.Step``."""
    return _part("_steps.html", steps=steps, label=label or _("进度"))


@register.simple_tag
def timeline(events: Iterable[Event], label: str = "") -> SafeString:
    """``{% timeline events %}``: who, when, what, with which opinion; events are ``parts.Event``."""
    return _part("_timeline.html", events=list(events), label=label or _("办理过程"))


@register.simple_tag
def goal(
    label: str,
    numerator: int | None,
    denominator: int | None,
    goal: Exact | None = None,
    met: bool | None = None,
    note: str = "",
    href: str = "",
    kind: str = "",
) -> SafeString:
    """
    ``{% goal label numerator denominator goal=… met=… note=… href=… kind="K1" %}``: a share against its goal.

    *met* is judged on the exact fraction (at least the goal) where it is not given.
    """
    ratio = formats.share(numerator, denominator)
    if met is None and goal is not None and ratio is not None:
        met = ratio >= Fraction(goal)
    return _part(
        "_goal.html",
        label=label,
        numerator=numerator,
        denominator=denominator,
        ratio=ratio,
        goal=goal,
        met=met,
        note=note,
        href=href,
        kind=kind,
        meter=charts.meter(ratio, goal),
    )


@register.simple_tag
def stat(
    label: str, value: Any, unit: str = "", href: str = "", note: str = "", tone: str = "plain"
) -> SafeString:
    """``{% stat label value unit=… href=… note=… tone=… %}``: a count that leads to its list."""
    shown = formats.thousands(value) if isinstance(value, int) else value
    inner = format_html(
        '<span class="stat-label">{}</span><span class="stat-value">{}<small>{}</small></span>'
        '<span class="stat-note">{}</span>',
        label,
        shown,
        unit,
        note,
    )
    if href:
        return format_html('<a class="stat {}" href="{}">{}</a>', Tone(tone).value, href, inner)
    return format_html('<div class="stat {}">{}</div>', Tone(tone).value, inner)


@register.simple_tag
def progress(
    label: str, done: int, total: int | None, message: str = "", state: str = "running"
) -> SafeString:
    """``{% progress label done total message state %}``: long work; state queued, running, done, failed."""
    return _part("_progress.html", label=label, done=done, total=total, message=message, state=state)


@register.simple_tag
def empty(text: str, href: str = "", label: str = "") -> SafeString:
    """``{% empty text href label %}``: says that there is nothing, and what to do next."""
    link = format_html('<a class="button" href="{}">{}</a>', href, label) if href else ""
    return format_html('<div class="empty"><p>{}</p>{}</div>', text, link)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """``{% field form.name %}``: label, control, hint and error of one field of a form."""
    return _part("_field.html", field=bound, kind=bound.widget_type, long=LONG)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """``{% fields form %}``: hidden fields, then every visible one."""
    hidden = format_html_join("", "{}", ((str(f),) for f in form.hidden_fields()))
    return format_html(
        "{}{}", hidden, format_html_join("", "{}", ((field(f),) for f in form.visible_fields()))
    )


@register.simple_tag
def errors(form: BaseForm) -> SafeString:
    """``{% errors form %}``: what is to be corrected, each line leading to its field; nothing when all is well."""
    if not form.errors:
        return mark_safe("")
    return _part(
        "_errors.html",
        count=sum(len(e) for e in form.errors.values()),
        general=form.non_field_errors(),
        fields=[f for f in form.visible_fields() if f.errors],
    )
