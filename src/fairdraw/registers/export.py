"""Targets in words: for the lines of the list and for the tables that leave the product (检查对象导出)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fairdraw.documents.tables import CellKind, Column
from fairdraw.kernel.clock import SHANGHAI
from fairdraw.registers import listing
from fairdraw.registers.models import Licence, TargetKind, TargetStatus
from fairdraw.registers.rules import CLASS_LABELS, unpack_tags
from fairdraw.registers.selectors import TargetFilter
from fairdraw.ui import formats
from fairdraw.ui.parts import Tone

JOB = "registers.export_targets"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 20_000  # a larger Excel file is written in the background
TONES = {"A": Tone.SUCCESS, "B": Tone.INFO, "C": Tone.WARNING, "D": Tone.DANGER}


_ROW = (
    '<tr><td>{}</td><th scope="row"><a href="{}">{}</a></th><td><code>{}</code></td><td>{}</td><td>{}</td>'
    "<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
)
_PILL = '<span class="pill {}">{}</span>'


def lines(page: Any, *, address: str, stale_before: dt.date) -> SafeString:
    """
    The rows of one page as cells of the table, written without a template: the list is asked for all day.

    Args:
        page: A page of targets.
        address: Where a target's page is, with ``CODE`` for its code.
        stale_before: Classes of an earlier day are marked as too old.
    """
    kinds = {code: str(label) for code, label in TargetKind.choices}
    statuses = {code: str(label) for code, label in TargetStatus.choices}
    gone = {
        code: format_html(_PILL, Tone.WARNING.value, label)
        for code, label in statuses.items()
        if code not in {"existing", "suspended"}
    }
    classes = {
        code: format_html(_PILL, TONES.get(code, Tone.PLAIN).value, _(label))
        for code, label in CLASS_LABELS.items()
    }
    stale = {
        code: format_html("{} {}", pill, format_html(_PILL, Tone.WARNING.value, _("已过期")))
        for code, pill in classes.items()
    }
    marks = {
        (False, False): "",
        (True, False): format_html(" " + _PILL, Tone.WARNING.value, _("经营异常")),
        (False, True): format_html(" " + _PILL, Tone.DANGER.value, _("严重违法失信")),
    }
    marks[True, True] = marks[True, False] + marks[False, True]
    return format_html_join(
        "\n",
        _ROW,
        (
            (
                f"{number:,}",
                address.replace("CODE", quote(row.draw_code, safe="")),
                row.name,
                row.draw_code,
                kinds[row.kind],
                format_html(
                    "{}{}", gone.get(row.status, statuses[row.status]), marks[row.abnormal, row.serious]
                ),
                str(row.station or ""),
                row.town,
                (stale if row.credit_computed_on and row.credit_computed_on < stale_before else classes)[
                    row.credit_class or "N"
                ],
                formats.date_zh(row.registered_on),
            )
            for number, row in enumerate(page, start=page.start_index())
        ),
    )


def choices(at: listing.Head) -> dict[str, list[tuple[str, Any]]]:
    """The choices of the filter bar."""
    return {
        "kinds": list(TargetKind.choices),
        "statuses": list(TargetStatus.choices),
        "stations": listing.stations(at),
        "classes": [(code, _(label)) for code, label in CLASS_LABELS.items()],
        "towns": [(town, town) for town in listing.towns(at)],
        "licence_kinds": [(kind, kind) for kind in listing.licence_kinds(at)],
    }


def columns() -> tuple[Column, ...]:
    """The columns of an exported table."""
    return (
        Column(_("抽取编码"), width=22),
        Column(_("统一社会信用代码"), width=22),
        Column(_("名称"), width=36),
        Column(_("类别"), width=14),
        Column(_("主体类型"), width=16),
        Column(_("登记状态"), width=10),
        Column(_("成立日期"), CellKind.DATE, width=12),
        Column(_("住所"), width=40),
        Column(_("乡镇"), width=12),
        Column(_("市场监管所"), width=18),
        Column(_("行业"), width=10),
        Column(_("监管标签"), width=24),
        Column(_("信用风险分类"), width=12),
        Column(_("分类日期"), CellKind.DATE, width=12),
        Column(_("经营异常"), width=10),
        Column(_("严重违法失信"), width=12),
        Column(_("食品风险等级"), width=12),
        Column(_("食品风险分级日期"), CellKind.DATE, width=14),
        Column(_("风险指数"), CellKind.DECIMAL, width=10),
        Column(_("风险指数日期"), CellKind.DATE, width=12),
        Column(_("风险指数来源"), width=18),
        Column(_("许可情况"), width=40),
    )


def table_rows(within: listing.Reach, asked: TargetFilter) -> Iterator[tuple[Any, ...]]:
    """Exactly the rows that the filter shows, in words."""
    kinds, statuses = dict(TargetKind.choices), dict(TargetStatus.choices)
    flags = {True: _("是"), False: _("否")}
    for row, licences in listing.export_rows(within, asked):
        said = dict(zip(listing.EXPORTED, row, strict=True))
        said["kind"], said["status"] = str(kinds[said["kind"]]), str(statuses[said["status"]])
        said["station__name"] = said["station__name"] or ""
        said["tags"] = "、".join(unpack_tags(said["tags"]))
        said["abnormal"], said["serious"] = flags[said["abnormal"]], flags[said["serious"]]
        yield (*said.values(), "；".join(map(_licence, licences)))


def _licence(licence: Licence) -> str:
    """One licence in words: its kind, its number, its last day."""
    ends = formats.date_zh(licence.valid_to) if licence.valid_to else _("长期")
    return _("%(kind)s %(number)s，至%(ends)s") % {
        "kind": licence.kind,
        "number": licence.number,
        "ends": ends,
    }


def note(now: dt.datetime) -> str:
    """The last line of an exported table: when it was taken."""
    return _("导出时间：%(at)s") % {"at": now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")}


def packed(asked: TargetFilter) -> dict[str, str]:
    """The filter as primitives, for a job."""
    return {key: str(value) for key, value in asdict(asked).items()}


def count(within: listing.Reach, asked: TargetFilter) -> int:
    """How many rows the export has."""
    return listing.Pages(within, asked, 20, at=listing.head()).count
