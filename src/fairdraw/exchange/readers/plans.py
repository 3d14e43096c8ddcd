"""
Reads plan tables of bureaus (年度抽查工作计划表; rules.md E1–E3; issue B) into rows of one form.

What cannot be read is kept as written and named in ``problems``; it is put to a person, never guessed: a row with a
problem is held, whatever else of it was read. So is a row whose cells contradict each other. Whether a ratio and a
count agree is seen only on the directory (:func:`fairdraw.plans.planning.disagreement`). A ratio over 100 % or an
end before its start is an error: such a table is refused.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from fairdraw.exchange import tables
from fairdraw.exchange.readers import plan_amounts, plan_cells, plan_columns, plan_windows
from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import Columns, match
from fairdraw.exchange.readers.plan_amounts import Amount
from fairdraw.exchange.readers.plan_windows import Window
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import AS_FOUND, Layout, Table

FigureT = TypeVar("FigureT", int, Decimal)

_TOTALS = (
    "合计",
    "总计",
    "小计",
    "注:",
    "注：",
    "备注:",
    "备注：",
    "说明:",
    "说明：",
    "填表",
    "制表",
    "审核人",
    "联系人",
)
#: A heading between rows: 一、登记事项 or （二）联合抽查, alone in its row.
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)])")
#: A column that says until when a task is done, so that one day in it is the last one.
_DEADLINE = re.compile("完成|截止|时限|期限")


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """Something in a row that a person must settle before the row is planned."""

    column: str
    written: str
    reason: str

    def __str__(self) -> str:
        written = f"“{self.written}”" if self.written else ""
        return f"{self.column}{written}：{self.reason}" if self.column else self.reason


@dataclass(frozen=True, slots=True)
class PlanRowRead:
    """
    One row of a plan table in normal form; ratios are fractions of 1, both days of the window are included.

    ``raw`` keeps every cell as written, by the file's own column names.
    """

    number: int
    source_no: str = ""
    task_name: str = ""
    items: tuple[str, ...] = ()
    initiator: str = ""
    participants: tuple[str, ...] = ()
    organised_by: str = ""
    carried_out_by: str = ""
    object_scope: str = ""
    ratio_min: Decimal | None = None
    ratio_max: Decimal | None = None
    ratio_by_class: dict[str, Decimal] = field(default_factory=dict)
    ratio_by_kind: dict[str, Decimal] = field(default_factory=dict)
    count_min: int | None = None
    count_max: int | None = None
    count_by_class: dict[str, int] = field(default_factory=dict)
    count_by_kind: dict[str, int] = field(default_factory=dict)
    classes_excluded: tuple[str, ...] = ()
    window_start: datetime.date | None = None
    window_end: datetime.date | None = None
    check_type: str = ""
    problems: tuple[PlanProblem, ...] = ()
    raw: dict[str, str] = field(default_factory=dict)

    @property
    def is_partial(self) -> bool:
        """Whether the row is cut off in the source."""
        return any(problem.column == "row_status" for problem in self.problems)

    @property
    def missing(self) -> tuple[str, ...]:
        """What a task needs and this row does not say, as Chinese terms for a reason of holding."""
        sizes = (self.ratio_min, self.ratio_max, self.count_min, self.count_max)
        by_part = self.ratio_by_class or self.ratio_by_kind or self.count_by_class or self.count_by_kind
        lacks = {
            _("任务名称"): not self.task_name,
            _("抽查事项"): not self.items,
            _("检查对象"): not self.object_scope,
            _("抽查比例或数量"): all(size is None for size in sizes) and not by_part,
            _("完成时间"): self.window_end is None,
        }
        return tuple(name for name, lacking in lacks.items() if lacking)

    def as_json(self) -> dict[str, Any]:
        """The row in the form of ``fairdraw plan read --json``: decimals as strings, days as ISO, else null."""
        return {
            "source_no": self.source_no,
            "task_name": self.task_name,
            "items": list(self.items),
            "initiator": self.initiator,
            "participants": list(self.participants),
            "organised_by": self.organised_by,
            "carried_out_by": self.carried_out_by,
            "object_scope": self.object_scope,
            "ratio_min": _decimal_text(self.ratio_min),
            "ratio_max": _decimal_text(self.ratio_max),
            "ratio_by_class": {key: _decimal_text(value) for key, value in self.ratio_by_class.items()},
            "ratio_by_kind": {key: _decimal_text(value) for key, value in self.ratio_by_kind.items()},
            "count_min": self.count_min,
            "count_max": self.count_max,
            "count_by_class": dict(self.count_by_class),
            "classes_excluded": list(self.classes_excluded),
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_end": self.window_end.isoformat() if self.window_end else None,
            "problems": [str(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """Rows that are parts of one task (一项任务的各行): one reading with all their items, and their row numbers."""

    row: PlanRowRead
    numbers: tuple[int, ...]


def _decimal_text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def open_table(path: Path | str, *, layout: Layout = AS_FOUND) -> Table:
    """Open a plan table: its header is looked for under title lines, merged cells are filled."""
    return tables.read(path, words=plan_columns, layout=layout)


def read(table: Table, *, year: int) -> Reading[PlanRowRead]:
    """
    Read a plan table (读取年度抽查计划表).

    Args:
        table: As :func:`open_table` gives it.
        year: The plan's year, for dates without one.

    Returns:
        The rows in the order of the table, partial ones included, and the errors found.

    Raises:
        InvalidInput: No column names the task or the items.
    """
    said = table.layout.columns
    guessed = {
        name: field
        for name, field in plan_columns.named(table.header).items()
        if name not in said and field not in said.values()
    }
    layout = replace(table.layout, columns={**guessed, **said})
    columns = match(
        replace(table, layout=layout), plan_columns.ALIASES, required=[("task_name", "items", "plan_name")]
    )
    reader = _RowReader(Cells(columns, table.name), columns, year)
    rows: list[PlanRowRead] = []
    for number, record in table.records():
        reader.cells.load(number, record)
        if not _is_total_or_note(record) and not plan_columns.looks_like_header(record):
            rows.append(reader.row(record))
    troubles = [*table.troubles, *reader.cells.troubles]
    for other in table.more:
        further = read(other, year=year)
        rows += further.rows
        troubles += further.troubles
    return Reading(rows, troubles)


def _is_total_or_note(record: list[str]) -> bool:
    """Blank rows, 合计 rows, notes below the table: the first cell says so, or the row is one merged sentence."""
    filled = [cell.strip() for cell in record if cell.strip()]
    if not filled:
        return True
    if len(filled) == 1 and record[0].strip() and _HEADING.match(filled[0]):
        return True
    return filled[0].startswith(_TOTALS) or (len(record) > 3 and len(filled) > 3 and len(set(filled)) == 1)


class _RowReader:
    """Reads one row after the other; problems of the row under way are collected."""

    def __init__(self, cells: Cells, columns: Columns, year: int) -> None:
        self.cells = cells
        self._columns = columns
        self._year = year
        self._problems: list[PlanProblem] = []
        self._bare_is_percent = "%" in plan_amounts.tidy(columns.name("ratio"))

    def row(self, record: list[str]) -> PlanRowRead:
        self._problems = []
        cells = self.cells
        if cells.text("row_status").lower() == "partial":
            self._problems.append(PlanProblem("row_status", "", _("原表此行不完整")))
        amount = self._amount()
        window = self._window()
        organised, carried_out = plan_cells.split_level(cells.text("level"))
        items = plan_cells.split_items(cells.text("items"))
        return PlanRowRead(
            number=cells.number,
            source_no=cells.text("source_no"),
            task_name=cells.text("task_name")
            or cells.text("plan_name")
            or (items[0] if len(items) == 1 else ""),
            items=items,
            initiator=self._initiator(),
            participants=plan_cells.split_departments(cells.text("participants")),
            organised_by=cells.text("organised_by") or organised,
            carried_out_by=cells.text("carried_out_by") or carried_out,
            object_scope=cells.text("object_scope"),
            ratio_min=amount.ratio_min,
            ratio_max=amount.ratio_max,
            ratio_by_class=amount.ratio_by_class,
            ratio_by_kind=amount.ratio_by_kind,
            count_min=amount.count_min,
            count_max=amount.count_max,
            count_by_class=amount.count_by_class,
            count_by_kind=amount.count_by_kind,
            classes_excluded=plan_amounts.read_excluded(
                *(
                    cells.text(name)
                    for name in ("credit_text", "ratio", "target_count", "remarks", "object_scope")
                )
            ),
            window_start=window.start,
            window_end=window.end,
            check_type=cells.text("check_type"),
            problems=tuple(self._problems),
            raw={name: cell for name, cell in zip(self._columns.header, record, strict=False) if cell},
        )

    def _initiator(self) -> str:
        text = self.cells.text("initiator")
        return "" if text in plan_amounts.NOTHING else text

    def _amount(self) -> Amount:
        """Ratio, count and class columns as one statement; a column of its own goes before a remark beside another."""
        cells = self.cells
        ratio = plan_amounts.read_ratio(cells.text("ratio"), bare_is_percent=self._bare_is_percent)
        counted = cells.text("target_count")
        if not cells.text("ratio") and (plan_amounts.says_all(counted) or "%" in plan_amounts.tidy(counted)):
            ratio, counted = plan_amounts.read_ratio(counted), ""
            self._report("target_count", ratio.problem, ratio.error)
            ratio = replace(ratio, problem="", error="")
        count = plan_amounts.read_count(counted)
        credit = plan_amounts.read_credit(cells.text("credit_text"))
        for name, amount in (("ratio", ratio), ("target_count", count), ("credit_text", credit)):
            self._report(name, amount.problem, amount.error)
        if _apart(ratio, count):
            self._report("target_count", _("与“{text}”中的数量不一致").format(text=cells.text("ratio")), "")
        bounds = ratio if count.says_no_total else count
        joined = replace(
            ratio,
            count_min=bounds.count_min,
            count_max=bounds.count_max,
            ratio_by_class=self._united(ratio.ratio_by_class, credit.ratio_by_class),
            ratio_by_kind=self._united(ratio.ratio_by_kind, credit.ratio_by_kind),
            count_by_class=self._united(ratio.count_by_class, count.count_by_class, credit.count_by_class),
            count_by_kind=self._united(ratio.count_by_kind, credit.count_by_kind),
        )
        self._compare_total(joined)
        return joined

    def _united(self, *parts: dict[str, FigureT]) -> dict[str, FigureT]:
        """The figures by class or kind of several cells; two for the same one are put to a person."""
        united: dict[str, FigureT] = {}
        for part in parts:
            if any(united.get(key, figure) != figure for key, figure in part.items()):
                self._report("credit_text", _("与另一栏写的分类数字不一致"), "")
            united |= part
        return united

    def _compare_total(self, amount: Amount) -> None:
        """Counts by class that do not add up to the total contradict it; neither is changed."""
        parts = amount.count_by_class | amount.count_by_kind
        if not parts or amount.count_max is None or amount.count_min != amount.count_max:
            return
        total, counted = amount.count_max, sum(parts.values())
        whole = parts.keys() >= amount.ratio_by_class.keys() | amount.ratio_by_kind.keys()
        if counted > total or (whole and counted < total):
            reason = _("各类数量之和 {sum} 与总数 {total} 不一致").format(sum=counted, total=total)
            self._report("target_count", reason, "")

    def _window(self) -> Window:
        """The window of the day columns where there are any, else of the wording."""
        cells = self.cells
        worded = plan_windows.read_window(cells.text("window_raw"), year=self._year)
        days = [
            plan_windows.read_window(cells.text(name), year=self._year) if cells.text(name) else None
            for name in ("window_start", "window_end")
        ]
        if not any(days):
            self._report("window_raw", worded.problem, worded.error)
            is_last = worded.start == worded.end and _DEADLINE.search(self._columns.name("window_raw"))
            return replace(worded, start=None) if is_last else worded
        start, end = days
        for name, window in (("window_start", start), ("window_end", end)):
            self._report(name, window.problem if window else "", window.error if window else "")
        joined = Window(start=start.start if start else None, end=end.end if end else None)
        if joined.start and joined.end and joined.end < joined.start:
            self._report("window_end", "", _("结束时间早于开始时间"))
            return Window()
        return joined

    def _report(self, name: str, problem: str, error: str) -> None:
        """Keep a problem with the row; an error besides refuses the file."""
        if error:
            self.cells.refuse(
                name, _("“{text}”：{error}，请核对").format(text=self.cells.text(name), error=error)
            )
        if problem or error:
            self._problems.append(
                PlanProblem(self._columns.name(name), self.cells.text(name), problem or error)
            )


def _apart(one: Amount, other: Amount) -> bool:
    """Whether two cells state counts for the whole that cannot both be kept."""
    lows = [a.count_min for a in (one, other) if a.count_min is not None]
    highs = [a.count_max for a in (one, other) if a.count_max is not None]
    stated = not (one.says_no_total or other.says_no_total)
    return stated and bool(lows and highs) and max(lows) > min(highs)


def group_rows(rows: list[PlanRowRead]) -> list[PlanGroup]:
    """
    Join rows that are parts of one task: same task, initiator, window, scope and size (合并同一任务的各行).

    A row cut off in the source, or of another scope or count, stays by itself. Items and departments are
    united in their order; problems are those of all rows.
    """
    groups: dict[tuple[Any, ...], list[PlanRowRead]] = {}
    for row in rows:
        groups.setdefault(_task_key(row), []).append(row)
    return [PlanGroup(_joined(members), tuple(row.number for row in members)) for members in groups.values()]


def _task_key(row: PlanRowRead) -> tuple[Any, ...]:
    if row.is_partial or not row.task_name:
        return ("alone", id(row))
    return (
        row.task_name,
        row.initiator,
        row.object_scope,
        (row.window_start, row.window_end),
        (row.ratio_min, row.ratio_max, row.count_min, row.count_max),
        *(
            tuple(sorted(part.items()))
            for part in (row.ratio_by_class, row.ratio_by_kind, row.count_by_class, row.count_by_kind)
        ),
        row.classes_excluded,
        (row.organised_by, row.carried_out_by),
        tuple((problem.column, problem.written) for problem in row.problems),
    )


def _joined(members: list[PlanRowRead]) -> PlanRowRead:
    first = members[0]
    if len(members) == 1:
        return first
    return replace(
        first,
        items=tuple(dict.fromkeys(item for row in members for item in row.items)),
        participants=tuple(dict.fromkeys(department for row in members for department in row.participants)),
    )
