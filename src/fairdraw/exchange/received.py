"""
A list of targets drawn elsewhere, from its file to its entry (外部名单导入; N14, N18).

Such lists are often spreadsheets with nothing but names, sometimes without a header. Nothing is typed twice; see
:mod:`fairdraw.exchange.matching` for how rows find their targets.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.draws import receiving
from fairdraw.draws.list_rows import ReturnedEntry
from fairdraw.draws.models import DrawnList
from fairdraw.draws.receiving import Origin
from fairdraw.exchange import matching, tables, writers
from fairdraw.exchange.matching import DEAD, SEND_BACK, MatchedList, Question, fold_name
from fairdraw.exchange.readers import lists, report, subject_codes
from fairdraw.exchange.readers.columns import fold as fold_column
from fairdraw.exchange.tables import AS_FOUND, Layout, Table
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, Trouble
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.registers.models import TargetStatus

__all__ = ["DEAD", "MatchedList", "Question", "fold_name"]

RETURN_COLUMNS = (
    gettext_noop("行号"),
    gettext_noop("名称"),
    gettext_noop("代码"),
    gettext_noop("退回原因"),
)
QUESTION_COLUMNS = (
    gettext_noop("行号"),
    gettext_noop("名称"),
    gettext_noop("代码"),
    gettext_noop("候选编码"),
    gettext_noop("候选名称"),
    gettext_noop("登记状态"),
    gettext_noop("住所"),
    gettext_noop("市场监管所"),
    gettext_noop("认定"),
)
#: The cell that says no to a candidate, and the one that says yes.
YES = frozenset({"是", "√", "1", "y", "yes"})
BACK_WORDS = frozenset({"退回", SEND_BACK})


class _ListWords:
    """The column names of lists: titles may stand above the header."""

    known = frozenset(fold_column(w) for f in ("name", "code") for w in (f, *lists.ALIASES[f]))

    def looks_like_header(self, cells: Sequence[str]) -> bool:
        return any(cell and fold_column(cell) in self.known for cell in cells)

    def join(self, upper: str, lower: str) -> str:
        return lower if fold_column(lower) in self.known else upper + lower


class _NoWords:
    """No row is a header."""

    def looks_like_header(self, cells: Sequence[str]) -> bool:
        return False

    def join(self, upper: str, lower: str) -> str:
        return upper + lower


WORDS = _ListWords()
LOOKED_AT = 60  # rows


def open_list(path: Path, *, layout: Layout = AS_FOUND, headless: bool = False) -> Table:
    """
    Open a list as a table; *headless*: its first row is no header but the first target.

    Raises:
        InvalidInput: The file cannot be read as a table.
    """
    if not headless:
        return tables.read(path, words=WORDS, layout=layout)
    table = tables.read(path, words=_NoWords(), layout=Layout(layout.sheet))
    first = tables.first_records(path, count=LOOKED_AT, layout=layout)
    names = [_("第{number}列").format(number=n + 1) for n in range(max(len(cells) for _n, cells in first))]
    if len(names) == 1 and not layout.columns:
        layout = replace(
            layout, columns={names[0]: "code" if subject_codes.read(first[0][1][0]).value else "name"}
        )
    return replace(table, header=names, header_row=table.header_row - 1, layout=layout)


def _require_told(table: Table) -> None:
    """Refuse a list without a header of which nobody has said what its columns are."""
    if {"name", "code"} & set(table.layout.columns.values()):
        return
    first = next(iter(table.rows), None)
    seen = "、".join(f"{name}（{text[:20]}）" for name, text in first.cells.items()) if first else ""
    words = {"seen": seen, "example": f"{table.header[-1]}={lists.ALIASES['name'][0]}"}
    raise InvalidInput(
        _("没有表头的名单有几列，请用列对照指明哪一列是名称或代码，如 %(example)s；各列为：%(seen)s") % words,
        code="exchange.columns",
    )


def read_list(
    path: Path,
    *,
    layout: Layout = AS_FOUND,
    headless: bool = False,
    choices: Mapping[int, str] | None = None,
) -> MatchedList:
    """
    Read a list drawn elsewhere and match its rows against the register (读取并匹配外部名单).

    Args:
        path: A table in any form, with a column for names, or one for codes, or both.
        layout: What a person said of the file's shape.
        headless: Its first row is no header.
        choices: What a person said of rows to which several targets answer.

    Raises:
        InvalidInput: The file cannot be read as a table, has neither column, or a choice does not fit.
    """
    table = open_list(path, layout=layout, headless=headless)
    if headless:
        _require_told(table)
    reading = lists.read(table)
    report.require(t for t in reading.troubles if t.row is None)
    return matching.match(reading.rows, reading.troubles, choices=choices)


def require_settled(found: MatchedList, *, file: str = "") -> None:
    """
    Refuse a list with rows that wait for a person (有待认定的行不能接收).

    Raises:
        InvalidInput: Names every such row.
    """
    if not found.open:
        return
    troubles = tuple(
        Trouble(
            _("“%(name)s”有%(n)d户候选，请认定是哪一户，或退回")
            % {"name": one.name or one.code, "n": len(one.candidates)},
            file=file,
            row=one.row,
        )
        for one in found.open
    )
    lines = [_("还有%(n)d行要由人认定，没有存入任何内容：") % {"n": len(troubles)}]
    lines += [str(t) for t in troubles[: report.LISTED]]
    raise InvalidInput("\n".join(lines), code="exchange.undecided", troubles=troubles)


def receive_file(
    path: Path,
    *,
    task: Task,
    source: str,
    origin: Origin,
    actor: Actor,
    now: dt.datetime,
    layout: Layout = AS_FOUND,
    headless: bool = False,
    choices: Mapping[int, str] | None = None,
    name: str = "",
) -> tuple[DrawnList, MatchedList]:
    """Read, match and enter a list in one go (导入外部名单); see :func:`draws.receiving.receive_list`."""
    receiving.can_receive(actor, task, source).require()
    found = read_list(path, layout=layout, headless=headless, choices=choices)
    require_settled(found, file=path.name)
    held = receiving.receive_list(
        task=task,
        data=path.read_bytes(),
        matched=found.matched,
        returned=found.returned,
        source=source,
        origin=origin,
        actor=actor,
        now=now,
        file_name=name or path.name,
    )
    return held, found


def import_list(
    path: Path,
    *,
    number: str,
    origin: Origin,
    actor: Actor,
    now: dt.datetime,
    dry_run: bool = False,
    layout: Layout = AS_FOUND,
    headless: bool = False,
    choices: Mapping[int, str] | None = None,
) -> MatchedList:
    """
    Enter the list of the task *number* from a file (导入外部名单): ``fairdraw import list FILE --task NUMBER``.

    Args:
        path: A table in any form, as :func:`read_list`.
        number: The task; its channel says where the list was drawn.
        origin: Who drew the list, under which document, on which day.
        actor: Planner or clerk of the task's agency, or the command line.
        now: When.
        dry_run: Only match; nothing is entered.
        layout: As :func:`read_list`.
        headless: As :func:`read_list`.
        choices: As :func:`read_list`; without them no row may have several candidates.

    Raises:
        NotFound: There is no such task.
        ListRefused, ListUnusable, InvalidInput: as :func:`receive_file`.
    """
    task = plans.task(actor, number)
    if dry_run:
        receiving.can_receive(actor, task, task.channel).require()
        return read_list(path, layout=layout, headless=headless, choices=choices)
    _held, found = receive_file(
        path,
        task=task,
        source=task.channel,
        origin=origin,
        actor=actor,
        now=now,
        layout=layout,
        headless=headless,
        choices=choices,
    )
    return found


@contextmanager
def laid_out(data: bytes, *, name: str) -> Iterator[Path]:
    """A file of that name with *data* in a folder of its own, for readers that read files; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="fairdraw-list-") as folder:
        path = _inside(folder, name)
        path.write_bytes(data)
        yield path


def _inside(folder: str, name: str) -> Path:
    return Path(folder) / (Path(name).name.strip(". ")[-100:] or "list")


@contextmanager
def linked(stored: Path, *, name: str) -> Iterator[Path]:
    """A stored file under that name, as :func:`laid_out`: it is not read, and a kill leaves no copy of it."""
    with tempfile.TemporaryDirectory(prefix="fairdraw-list-") as folder:
        path = _inside(folder, name)
        path.symlink_to(stored.resolve())
        yield path


def return_list(entries: Iterable[ReturnedEntry]) -> bytes:
    """The return list as a table that Excel opens (退回清单): UTF-8 with a mark, one row each."""
    return _csv(RETURN_COLUMNS, ((e.row, e.name, e.code, e.reason) for e in entries))


def question_list(questions: Iterable[Question]) -> bytes:
    """
    The rows to which several targets answer, a line a candidate (待认定清单), for a person to fill its last column.

    It is read back by :func:`choices_in`.
    """
    rows = (
        (
            one.row,
            one.name,
            one.code,
            t.draw_code,
            t.name,
            TargetStatus(t.status).label,
            t.address,
            t.station or "",
            _("是") if one.chosen == t.draw_code else "",
        )
        for one in questions
        for t in one.candidates
    )
    return _csv(QUESTION_COLUMNS, rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_(column) for column in columns])
    writer.writerows([writers.cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def choices_in(path: Path) -> dict[int, str]:
    """
    What a person wrote into a list of candidates (读取认定): 是 beside the one that is meant, or 退回.

    Raises:
        InvalidInput: A column is missing, a row has two answers, or an answer is neither; names the row.
    """
    table = tables.read(path)
    row_name, code_name, answer_name = (_(QUESTION_COLUMNS[place]) for place in (0, 3, -1))
    if missing := [name for name in (row_name, code_name, answer_name) if name not in table.header]:
        words = _("缺少必需的列：%(names)s") % {"names": "、".join(missing)}
        raise InvalidInput(words, troubles=(Trouble(words, file=table.name, row=table.header_row),))
    found: dict[int, str] = {}
    troubles: list[Trouble] = []
    for line in table.rows:
        answer, number = line.cells[answer_name].strip(), line.cells[row_name].strip()
        if not answer:
            continue
        told = Trouble("", file=table.name, row=line.number, column=answer_name)
        said = SEND_BACK if answer in BACK_WORDS else line.cells[code_name].strip().lstrip("'")
        if answer.lower() not in YES and answer not in BACK_WORDS:
            troubles.append(replace(told, message=_("请填“是”或“退回”，这里是“%(w)s”") % {"w": answer}))
        elif not number.isdecimal():
            troubles.append(replace(told, message=_("行号不是数字"), column=row_name))
        elif found.setdefault(int(number), said) != said:
            troubles.append(replace(told, message=_("第%(row)s行认定了两户") % {"row": number}))
    report.require(troubles)
    return found
