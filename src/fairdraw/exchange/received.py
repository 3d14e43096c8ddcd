"""
A list of targets drawn elsewhere, read and matched against the register (外部名单导入; N14, N18).

Such lists are often spreadsheets with nothing but names. Nothing is typed twice and nothing is guessed: a row
is matched by its code, then by its exact name, then by its name in a comparable form. What cannot be checked
here (unknown, of another registrar, dead, twice in the list) goes on the return list with its reason.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Q
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.draws import receiving
from fairdraw.draws.models import DrawnList
from fairdraw.draws.receiving import MatchedRow, ReturnedEntry
from fairdraw.exchange import tables, writers
from fairdraw.exchange.readers import lists, report
from fairdraw.exchange.readers.columns import fold as fold_column
from fairdraw.exchange.readers.lists import ListRow
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.kernel import uscc
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import Trouble
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.registers.models import Target, TargetStatus

CHUNK = 500
#: A target in one of these states is not there to be checked; 歇业 is, by its documents (workflow.md §6).
DEAD = (TargetStatus.DEREGISTERED, TargetStatus.REVOKED, TargetStatus.ANNULLED, TargetStatus.MOVED_OUT)
RETURN_COLUMNS = (
    gettext_noop("行号"),
    gettext_noop("名称"),
    gettext_noop("代码"),
    gettext_noop("退回原因"),
)
_NOISE = re.compile(r"[\s()\[\]{}<>《》【】「」·.,、\-_'\"“”‘’]+")


@dataclass(frozen=True)
class MatchedList:
    """What a list became: rows with their targets, rows to send back, and what to look at."""

    matched: tuple[MatchedRow, ...]
    returned: tuple[ReturnedEntry, ...]
    cautions: tuple[str, ...] = ()

    @property
    def row_count(self) -> int:
        """How many rows the list has."""
        return len(self.matched) + len(self.returned)


class _ListWords:
    """The column names of lists: titles may stand above the header."""

    known = frozenset(fold_column(w) for f in ("name", "code") for w in (f, *lists.ALIASES[f]))

    def looks_like_header(self, cells: Sequence[str]) -> bool:
        return any(cell and fold_column(cell) in self.known for cell in cells)

    def join(self, upper: str, lower: str) -> str:
        return lower if fold_column(lower) in self.known else upper + lower


def fold_name(name: str) -> str:
    """
    A name in its comparable form: half width, no blanks, brackets, dots or dashes, one case.

    >>> fold_name("演示县 云溪（集团）有限公司") == fold_name("演示县云溪(集团)有限公司")
    True
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def read_list(path: Path, *, layout: Layout = AS_FOUND) -> MatchedList:
    """
    Read a list drawn elsewhere and match its rows against the register (读取并匹配外部名单).

    Args:
        path: csv or a workbook, with a column for names, or one for codes, or both.
        layout: What a person said of the file's shape.

    Raises:
        InvalidInput: The file cannot be read as a table, or has neither column.
    """
    table = tables.read(path, words=_ListWords(), layout=layout)
    reading = lists.read(table)
    report.require(t for t in reading.troubles if t.row is None)
    return _Matching(reading.rows, reading.troubles).run()


def receive_file(
    path: Path,
    *,
    task: Task,
    source: str,
    drawn_by: str,
    document_number: str,
    drawn_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    layout: Layout = AS_FOUND,
) -> tuple[DrawnList, MatchedList]:
    """Read, match and enter a list in one go (导入外部名单); see :func:`draws.receiving.receive_list`."""
    receiving.can_receive(actor, task, source).require()
    found = read_list(path, layout=layout)
    held = receiving.receive_list(
        task=task,
        data=path.read_bytes(),
        matched=found.matched,
        returned=found.returned,
        source=source,
        drawn_by=drawn_by,
        document_number=document_number,
        drawn_on=drawn_on,
        actor=actor,
        now=now,
        file_name=path.name,
    )
    return held, found


def import_list(
    path: Path,
    *,
    number: str,
    drawn_by: str,
    document_number: str,
    drawn_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    dry_run: bool = False,
    layout: Layout = AS_FOUND,
) -> MatchedList:
    """
    Enter the list of the task *number* from a file (导入外部名单): ``fairdraw import list FILE --task NUMBER``.

    Args:
        path: csv or a workbook, as :func:`read_list`.
        number: The task; its channel says where the list was drawn.
        drawn_by: Who drew the list (抽取机关).
        document_number: Under which document, or the platform's number of the task.
        drawn_on: The day of that draw.
        actor: Planner or clerk of the task's agency, or the command line.
        now: When.
        dry_run: Only match; nothing is entered.
        layout: As :func:`read_list`.

    Raises:
        NotFound: There is no such task.
        ListRefused, ListUnusable, InvalidInput: as :func:`receive_file`.
    """
    task = plans.task(actor, number)
    if dry_run:
        receiving.can_receive(actor, task, task.channel).require()
        return read_list(path, layout=layout)
    _held, found = receive_file(
        path,
        task=task,
        source=task.channel,
        drawn_by=drawn_by,
        document_number=document_number,
        drawn_on=drawn_on,
        actor=actor,
        now=now,
        layout=layout,
    )
    return found


@contextmanager
def laid_out(data: bytes, *, name: str) -> Iterator[Path]:
    """A file of that name with *data* in a folder of its own, for readers that read files; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="fairdraw-list-") as folder:
        path = Path(folder) / (Path(name).name.strip(". ")[-100:] or "list")
        path.write_bytes(data)
        yield path


def return_list(entries: Iterable[ReturnedEntry]) -> bytes:
    """The return list as a table that Excel opens (退回清单): UTF-8 with a mark, one row each."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_(column) for column in RETURN_COLUMNS])
    writer.writerows([writers.cell(v) for v in (e.row, e.name, e.code, e.reason)] for e in entries)
    return out.getvalue().encode("utf-8-sig")


@dataclass
class _Matching:
    """The work on one list: indexes of the register for just this list, then row by row."""

    rows: Sequence[ListRow]
    troubles: Sequence[Trouble]
    matched: list[MatchedRow] = field(default_factory=list)
    returned: list[ReturnedEntry] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)  # target -> first row
    seen: dict[str, int] = field(default_factory=dict)  # code or name -> first row

    def run(self) -> MatchedList:
        said = _by_row(self.troubles)
        self.cautions += [str(t) for t in report.cautions(self.troubles)]
        codes = _by_code({r.code for r in self.rows if r.code})
        names = _by_name({r.name for r in self.rows if r.name})
        left = {r.name for r in self.rows if r.name and r.code not in codes and r.name not in names}
        folded = _by_folded_name({fold_name(name) for name in left}) if left else {}
        for row in self.rows:
            candidates = codes.get(row.code) or names.get(row.name) or folded.get(fold_name(row.name), [])
            self._place(row, candidates, said.get(row.number, ""))
        held = {r.number for r in self.rows}
        for number, words in said.items():
            if number not in held:
                self.returned.append(ReturnedEntry(number, "", "", words))
        self.returned.sort(key=lambda entry: entry.row)
        return MatchedList(tuple(self.matched), tuple(self.returned), tuple(self.cautions))

    def _place(self, row: ListRow, candidates: Sequence[Target], said: str) -> None:
        first = self.seen.setdefault(row.code or row.name, row.number)
        if first != row.number:
            self._return(row, _("与第%(row)d行重复") % {"row": first})
            return
        if not candidates:
            self._return(row, _unmatched(row, said))
            return
        living = [t for t in candidates if t.status not in DEAD]
        if not living:
            label = TargetStatus(candidates[0].status).label
            self._return(row, _("名录库中登记状态为“%(label)s”") % {"label": label})
        elif len(living) > 1:
            self._return(row, _("名录库中有%(n)d户同名，请补充统一社会信用代码") % {"n": len(living)})
        else:
            self._match(row, living[0], said)

    def _match(self, row: ListRow, target: Target, said: str) -> None:
        if len(row.code) == 18 and target.uscc and target.uscc != row.code:
            self._return(row, _("代码与名录库不一致，名录库中为%(code)s") % {"code": target.uscc})
            return
        first = self.taken.setdefault(target.pk, row.number)
        if first != row.number:
            self._return(row, _("与第%(row)d行为同一户") % {"row": first})
            return
        self.matched.append(MatchedRow(row.number, target))
        if row.name and fold_name(row.name) != fold_name(target.name):
            words = {"row": row.number, "name": row.name, "held": target.name}
            self.cautions.append(_("第%(row)d行名称为“%(name)s”，名录库中为“%(held)s”") % words)
        if said and not row.code:
            self.cautions.append(_("第%(row)d行按名称匹配：%(why)s") % {"row": row.number, "why": said})

    def _return(self, row: ListRow, reason: str) -> None:
        self.returned.append(ReturnedEntry(row.number, row.name, row.code, reason[:200]))


def _by_row(troubles: Iterable[Trouble]) -> dict[int, str]:
    """What is wrong with each row, in words; repetitions are told by the matching itself."""
    said: dict[int, list[str]] = defaultdict(list)
    for trouble in report.errors(troubles):
        if trouble.row is not None:
            said[trouble.row].append(trouble.message)
    return {row: "；".join(words)[:200] for row, words in said.items()}


def _unmatched(row: ListRow, said: str) -> str:
    """Why no target of the register answers to the row: of another registrar, or simply unknown."""
    installed = accounts.installation()
    division = installed.division_code[:6] if installed else ""
    if said and not row.code:
        return said
    if row.authority and not _is_ours(row.authority):
        return _("登记机关为%(name)s，不属本局名录库") % {"name": row.authority}
    if division and uscc.is_well_formed(row.code) and row.code[2:8] != division:
        return _("代码所载登记地为%(code)s，不属本局名录库") % {"code": row.code[2:8]}
    if row.code:
        return _("名录库中没有这个代码，也没有同名对象")
    return _("名录库中没有这个名称")


def _is_ours(authority: str) -> bool:
    installed = accounts.installation()
    bureau = accounts.root()
    known = [bureau.name, bureau.short_name, installed.region_name if installed else ""]
    return any(word and (word in authority or authority in word) for word in known)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _by_code(codes: Iterable[str]) -> Mapping[str, list[Target]]:
    found: dict[str, list[Target]] = defaultdict(list)
    for chunk in _chunks(codes):
        rows = Target.objects.filter(Q(draw_code__in=chunk) | Q(uscc__in=chunk) | Q(old_number__in=chunk))
        wanted = set(chunk)
        for target in rows.order_by("pk"):
            for code in {target.draw_code, target.uscc, target.old_number} & wanted:
                found[code].append(target)
    return found


def _by_name(names: Iterable[str]) -> Mapping[str, list[Target]]:
    found: dict[str, list[Target]] = defaultdict(list)
    for chunk in _chunks(names):
        for target in Target.objects.filter(name__in=chunk).order_by("pk"):
            found[target.name].append(target)
    return found


def _by_folded_name(wanted: set[str]) -> Mapping[str, list[Target]]:
    """One walk over the names of the register, for the rows that nothing else has matched."""
    keys: dict[str, list[int]] = defaultdict(list)
    rows = Target.objects.order_by("pk").values_list("pk", "name")
    for pk, name in rows.iterator(chunk_size=5000):
        folded = fold_name(name)
        if folded in wanted:
            keys[folded].append(pk)
    held = {t.pk: t for t in Target.objects.filter(pk__in=[pk for found in keys.values() for pk in found])}
    return {folded: [held[pk] for pk in found] for folded, found in keys.items()}
