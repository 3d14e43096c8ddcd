"""
Files into the registers and plans (导入): read whole, refuse whole, enter whole.

Readers give plain rows and what is wrong with them; here they become entries of the stages above.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.exchange import item_entries, tables
from fairdraw.exchange.readers import inspectors as inspector_reader
from fairdraw.exchange.readers import items as item_reader
from fairdraw.exchange.readers import plans as plan_reader
from fairdraw.exchange.readers import report, scope_tags
from fairdraw.exchange.readers import results as result_reader
from fairdraw.exchange.readers.columns import Columns, fold, open_register
from fairdraw.exchange.readers.plans import PlanGroup, PlanRowRead
from fairdraw.exchange.readers.report import Sieve, Told
from fairdraw.exchange.readers.results import ResultRow
from fairdraw.exchange.readers.targets import TargetRow
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.exchange.target_rows import StationCode, Tagger, TargetRows, read_targets
from fairdraw.kernel.errors import Trouble
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.registers.entries import InspectorEntry, ItemEntry
from fairdraw.rulebook import rules as book
from fairdraw.rulebook.values import Measure, ResultCode

__all__ = [
    "ResultGiven",
    "Sieve",
    "StationCode",
    "Tagger",
    "TargetRow",
    "TargetRows",
    "Told",
    "inspectors_agencies",
    "plan_year",
    "read_inspectors",
    "read_items",
    "read_plan",
    "read_results",
    "read_targets",
    "tag_from_words",
]

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_PLAN_YEAR = re.compile(r"(?<!\d)20\d\d(?=年度|-\d\d-\d\d)")
NOTHING_TO_DO = "none_needed"
# Words that platforms print for a result beside the label of its code.
OUTCOME_WORDS = {"正常": "01", "未发现问题": "01", "无问题": "01"}


def tag_from_words(row: TargetRow) -> tuple[str, ...]:
    """Supervision tags made up from a target's name and business scope (``--invent scopes``)."""
    return scope_tags.tags_for(name=row.name, scope=row.scope)


def read_items(path: Path, *, confirm: bool, told: Told, layout: Layout = AS_FOUND) -> list[ItemEntry]:
    """
    The items of a file (抽查事项清单), one a code with its sub-items joined; what they lack is told.

    Args:
        path: csv or a workbook.
        confirm: Confirm those that do not state all of it and mark them as made up (``--invent items``).
        told: Collects the cautions.
        layout: What a person said of the file's shape.

    Raises:
        InvalidInput: A row cannot be used; names file, row and column.
    """
    table = open_register(path, item_reader.ALIASES, layout)
    reading = item_reader.read(table)
    columns = Columns(table.header, item_reader.ALIASES, layout.columns)
    found = item_entries.faults(reading.rows, columns, file=path.name)
    is_good = told.usable([*reading.troubles, *found])
    entries = item_entries.entries_of((r for r in reading.rows if is_good(r.number)), confirm=confirm)
    waiting = sum(1 for entry in entries if not entry.confirmed)
    if waiting:
        said = _("%(n)s项没有写全事项类型、抽查依据和比例上限（一般事项），按待核收下，确认后才能列入计划")
        told.cautions.append(Trouble(said % {"n": waiting}, file=path.name))
    return entries


def inspectors_agencies(path: Path) -> tuple[str, ...]:
    """The units that a directory of inspectors names (所属单位), each once, in the order of the file."""
    reading = inspector_reader.read(tables.read(path))
    return tuple(dict.fromkeys(row.agency for row in reading.rows if row.agency))


def read_inspectors(
    path: Path, *, agencies: dict[str, str], told: Told, layout: Layout = AS_FOUND
) -> list[InspectorEntry]:
    """The inspectors of a file (执法检查人员名录); *agencies* gives an agency's code by code or name."""
    table = open_register(path, inspector_reader.ALIASES, layout)
    columns = Columns(table.header, inspector_reader.ALIASES, layout.columns)
    reading = inspector_reader.read(table)
    troubles = list(reading.troubles)
    entries: dict[int, InspectorEntry] = {}
    for row in reading.rows:
        if row.agency not in agencies:
            troubles.append(
                Trouble(
                    _("没有名为“%(name)s”的单位，请先建立或改正") % {"name": row.agency},
                    file=path.name,
                    row=row.number,
                    column=columns.name("agency"),
                )
            )
            continue
        entries[row.number] = InspectorEntry(
            code=row.code,
            name=row.name,
            agency_code=agencies[row.agency],
            certificate_number=row.certificate_no,
            valid_from=row.valid_from or dt.date(2000, 1, 1),
            valid_to=row.valid_to or dt.date(2000, 1, 1),
            qualifications=row.qualifications,
            areas=row.areas or ("*",),
            assistant=bool(row.assistant),
            expert=bool(row.expert),
            trained=row.trained is not False,
        )
    is_good = told.usable(troubles)
    return [entry for number, entry in entries.items() if is_good(number)]


def read_plan(path: Path, *, year: int, told: Told, layout: Layout = AS_FOUND) -> list[PlanRowEntry]:
    """The rows of a plan table, rows that are one task joined (年度抽查计划表); why some cannot be planned is told."""
    reading = plan_reader.read(plan_reader.open_table(path, layout=layout), year=year)
    is_good = told.usable(reading.troubles)
    groups = plan_reader.group_rows([row for row in reading.rows if is_good(row.number)])
    entries = [_plan_row(group) for group in groups]
    for group, entry in zip(groups, entries, strict=True):
        if entry.problems:
            message = _("这一行暂缓排定任务：%(why)s") % {"why": "；".join(entry.problems)}
            told.cautions.append(report.Caution(message, file=path.name, row=group.numbers[0]))
    return entries


def plan_year(path: Path, *, layout: Layout = AS_FOUND) -> int | None:
    """The year of a plan table: as its file name says, else its title, else its cells; ``None`` where none does."""
    table = plan_reader.open_table(path, layout=layout)
    head = tables.first_records(path, count=table.header_row, layout=layout)[:-1]
    title = "".join(cell for number, cells in head if number < table.header_row for cell in cells)
    named = set(_YEAR.findall(path.stem)) or set(_TITLE_YEAR.findall(title))
    if not named:
        cells = (cell for _n, record in table.records() for cell in record)
        named = {year for cell in cells for year in _PLAN_YEAR.findall(cell)}
    return int(named.pop()) if len(named) == 1 else None


def _plan_row(group: PlanGroup) -> PlanRowEntry:
    row = group.row
    return PlanRowEntry(
        source_no=row.source_no,
        task_name=row.task_name,
        items=row.items,
        object_scope=row.object_scope,
        check_type=row.check_type,
        initiator=row.initiator,
        participants=row.participants,
        ratio_min=row.ratio_min,
        ratio_max=row.ratio_max,
        ratio_by_class=row.ratio_by_class,
        ratio_by_kind=row.ratio_by_kind,
        count_min=row.count_min,
        count_max=row.count_max,
        count_by_class=row.count_by_class,
        count_by_kind=row.count_by_kind,
        classes_excluded=row.classes_excluded,
        window_start=row.window_start,
        window_end=row.window_end,
        raw=row.raw,
        problems=_holding(row),
    )


def _holding(row: PlanRowRead) -> tuple[str, ...]:
    """Why a row cannot be planned as it is read: what was not read of it, and what it does not say."""
    reasons = [problem.reason if problem.column == "row_status" else str(problem) for problem in row.problems]
    if row.missing:
        reasons.append(_("缺少%(what)s") % {"what": "、".join(row.missing)})
    return tuple(reasons)


@dataclass(frozen=True)
class ResultGiven:
    """The result of one inspection as a file states it, in the rulebook's codes; *place* names its row."""

    task: str
    code: str
    name: str
    checked_on: dt.date
    outcomes: tuple[str, ...]
    measure: str
    note: str
    place: Trouble


def read_results(
    path: Path,
    *,
    codes: dict[str, ResultCode],
    measures: dict[str, Measure],
    told: Told,
    layout: Layout = AS_FOUND,
) -> list[ResultGiven]:
    """
    The results of a file (检查结果): outcomes and measures by code, identifier or label.

    Args:
        path: csv or a workbook.
        codes: The result codes in force.
        measures: The measures in force.
        told: Collects the cautions.

    Raises:
        InvalidInput: A row has no day, an unknown result, results that exclude each other, a measure that
            does not fit, or comes twice; names file, row and column.
    """
    table = open_register(path, result_reader.ALIASES, layout)
    reading = result_reader.read(table)
    columns = Columns(table.header, result_reader.ALIASES, layout.columns)
    reader = _ResultReader(codes, measures, columns, path.name)
    given = [reader.given(row) for row in reading.rows]
    told.require([*reading.troubles, *reader.troubles])
    return [row for row in given if row is not None]


class _ResultReader:
    """Turns rows of results into the rulebook's codes and says what is wrong with them."""

    def __init__(
        self, codes: dict[str, ResultCode], measures: dict[str, Measure], columns: Columns, file: str
    ) -> None:
        self.troubles: list[Trouble] = []
        self._codes, self._measures = codes, measures
        self._outcome_words = OUTCOME_WORDS | {w: c.code for c in codes.values() for w in _words_of(c)}
        self._measure_words = {w: m.code for m in measures.values() for w in (m.code, fold(m.label))}
        self._columns, self._file = columns, file
        self._seen: dict[tuple[str, str], int] = {}

    def given(self, row: ResultRow) -> ResultGiven | None:
        before = len(self.troubles)
        outcomes = tuple(dict.fromkeys(self._outcome(row, word) for word in row.outcomes))
        if row.outcomes and len(self.troubles) == before:
            for trouble in book.check_outcome(outcomes, self._codes):
                self._refuse(row, "outcome", trouble.message)
        measure = self._measure(row, outcomes)
        first = self._seen.setdefault((row.task, row.code or row.name), row.number)
        if first != row.number:
            self._refuse(
                row, "code", _("与第%(row)s行是同一项任务的同一检查对象，请只留一行") % {"row": first}
            )
        if len(self.troubles) > before or row.checked_on is None:
            return None
        place = Trouble("", file=self._file, row=row.number, column=self._columns.name("checked_on"))
        return ResultGiven(row.task, row.code, row.name, row.checked_on, outcomes, measure, row.note, place)

    def _outcome(self, row: ResultRow, word: str) -> str:
        code = self._outcome_words.get(word) or self._outcome_words.get(fold(word), "")
        if not code:
            known = "、".join(f"{c.code} {c.label}" for c in self._codes.values())
            self._refuse(
                row,
                "outcome",
                _("不认识检查结果“%(word)s”，可用：%(known)s") % {"word": word, "known": known},
            )
        return code

    def _measure(self, row: ResultRow, outcomes: tuple[str, ...]) -> str:
        problem = any(code in self._codes and self._codes[code].is_problem for code in outcomes)
        if not row.measures:
            if problem:
                self._refuse(row, "measure", _("发现问题的记录没有写后续处置，请补上"))
            return NOTHING_TO_DO
        written = "，".join(row.measures)  # labels hold commas, which the reader takes for the end of a word
        measure = self._measures.get(self._measure_code(written))
        if measure is None:
            known = "、".join(f"{m.code} {m.label}" for m in self._measures.values())
            self._refuse(
                row,
                "measure",
                _("不认识后续处置“%(word)s”，只能填一项：%(known)s") % {"word": written, "known": known},
            )
            return ""
        if not (measure.for_problem if problem else measure.for_clean):
            self._refuse(
                row, "measure", _("后续处置“%(label)s”与检查结果不符，请核对") % {"label": measure.label}
            )
        return measure.code

    def _measure_code(self, written: str) -> str:
        """The measure of that code or label, or the only one whose label begins so (责令改正)."""
        word = fold(written)
        if written in self._measure_words:
            return self._measure_words[written]
        begun = {code for label, code in self._measure_words.items() if label.startswith(word)}
        return begun.pop() if word and len(begun) == 1 else ""

    def _refuse(self, row: ResultRow, field: str, message: str) -> None:
        self.troubles.append(
            Trouble(message, file=self._file, row=row.number, column=self._columns.name(field))
        )


def _words_of(code: ResultCode) -> tuple[str, ...]:
    return (code.code, code.code.lstrip("0"), code.identifier, fold(code.label))
