"""Charts drawn by the server as inline SVG, each with its table (图表组件)."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from fairdraw.ui import charts
from fairdraw.ui.parts import Series

register = template.Library()


@register.simple_tag
def bars(caption: str, rows: Sequence[Sequence[object]], unit: str = "", label: str = "") -> SafeString:
    """``{% bars caption rows unit label %}``: a table whose cells hold bars; rows of (label, value[, note])."""
    drawn = charts.bars(rows)
    context = {
        "caption": caption,
        "bars": drawn,
        "unit": unit,
        "label": label,
        "notes": any(b.note for b in drawn),
    }
    return _svg("_bars.html", context)


@register.simple_tag
def lines(caption: str, labels: Sequence[object], series: Sequence[Series], unit: str = "") -> SafeString:
    """``{% lines caption labels series unit %}``: a line chart with its table; series are ``parts.Series``."""
    chart = charts.lines(labels, [(str(s.label), s.values) for s in series])
    return _svg(
        "_lines.html",
        {
            "caption": caption,
            "chart": chart,
            "unit": unit,
            "rows": [(label, [s.values[i] for s in series]) for i, label in enumerate(labels)],
        },
    )


@register.simple_tag
def donut(caption: str, parts: Sequence[Sequence[object]], unit: str = "") -> SafeString:
    """``{% donut caption parts unit %}``: shares of a whole with their table; parts of (label, value)."""
    slices = charts.donut(parts)
    return _svg(
        "_donut.html",
        {"caption": caption, "slices": slices, "unit": unit, "total": sum(s.value for s in slices)},
    )


def _svg(name: str, context: dict[str, object]) -> SafeString:
    return mark_safe(render_to_string(f"ui/{name}", context))  # noqa: S308 - our own template
