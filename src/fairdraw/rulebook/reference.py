"""
The table of shipped rules for ``docs/clauses.md`` (规则与依据对照表), printed from the rows themselves.

A test compares the document with :func:`rule_table`, so the index of clauses cannot fall behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from fairdraw.rulebook import models, shipped
from fairdraw.rulebook.states import DEADLINE_UNIT_LABELS, DeadlineUnit

HEAD = "| rule | 名称 | value | from | until | document | clause | tag | law |\n|---|---|---|---|---|---|---|---|---|"


def rule_table() -> str:
    """Every shipped rule as one Markdown table, in the order of the files."""
    return "\n".join([HEAD, *_lines()])


def _lines() -> Iterator[str]:
    for name in shipped.FILES:
        for row in shipped.rows_of(name):
            cells = [
                f"`{row.code}`",
                row.label,
                _value(row),
                row.starts_on.isoformat(),
                row.ends_on.isoformat() if row.ends_on else "",
                row.document,
                row.clause,
                row.certainty,
                "yes" if row.shown_as_law else "no",
            ]
            yield f"| {' | '.join(cells)} |"


def _value(row: models.DatedRow) -> str:
    if isinstance(row, models.Number):
        return f"{row.value} {row.unit}"
    if isinstance(row, models.DeadlineRule):
        if row.unit == DeadlineUnit.DATE.value:
            return row.month_day
        extension = f"（可延长{row.extension}）" if row.extension else ""
        return f"{row.amount}{DEADLINE_UNIT_LABELS[DeadlineUnit(row.unit)]}{extension}"
    if isinstance(row, models.ClassRateRule):
        return row.ratio
    if isinstance(row, models.ResultCodeRule):
        return f"`{row.identifier}`"
    return ""
