"""
Tables that leave the platform (导出文件): ``inspections.csv``, one row for each inspection, for recomputing the indicators.

Text that a spreadsheet would take for a formula is marked with ``'`` (T-I5).
"""

from __future__ import annotations

import csv
import datetime
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from fairdraw.kernel.formulas import harmless


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """
    One inspection; the order of the fields is the order of the columns (design.md §2).

    ``task`` is the task's number, ``target`` the code of the target, ``outcome`` the result code. Flags are
    written as 0 and 1, days as ISO, empty where there is none.
    """

    task: str
    target: str
    kind: str
    stratum: str
    class_as_sealed: str
    differentiated: bool
    exempt: bool
    checked_on: datetime.date | None
    published_on: datetime.date | None
    due_on: datetime.date | None
    outcome: str
    problem: bool
    followed_up: bool


INSPECTION_COLUMNS = tuple(field.name for field in fields(InspectionLine))


def cell(value: object) -> str:
    """
    Write one value as a cell.

    >>> cell(True), cell(None), cell(datetime.date(2024, 5, 1)), cell("=1+1")
    ('1', '', '2024-05-01', "'=1+1")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return harmless(str(value))


def inspections_csv(lines: Iterable[InspectionLine]) -> bytes:
    """The table of inspections as UTF-8 without a mark, line feeds, header first (检查明细表)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(INSPECTION_COLUMNS)
    writer.writerows([cell(getattr(line, name)) for name in INSPECTION_COLUMNS] for line in lines)
    return out.getvalue().encode()


def write_inspections(path: Path, lines: Iterable[InspectionLine]) -> int:
    """
    Write the table of inspections to *path*, whole or not at all (写出检查明细表).

    Returns:
        The number of inspections written.
    """
    rows = list(lines)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(inspections_csv(rows))
    os.replace(partial, path)
    return len(rows)
