"""
One draw against its files, its log entries and its rows (核对抽取).

A finished draw goes through every step of the verifier; before that, what is sealed must be what lies there.
Loads are what the draws before had dealt, by the order of the log.

Source: vdraw/1 §6, §13, §15, §16.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from drawcore import seal as seals
from drawcore import suites
from drawcore.bundle import Bundle
from drawcore.errors import DrawError
from drawcore.messages import sentence
from drawcore.rows import Officers, list_root
from drawcore.seal import Seal
from drawcore.verify import Known, verify
from fairdraw.audit import selectors as audit
from fairdraw.audit.models import LogEntry
from fairdraw.draws import bundles, run, selectors
from fairdraw.draws.models import Draw, DrawnRow, DrawnTeam
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.kernel.canonical import NotCanonical
from fairdraw.kernel.errors import NotFound

FINISHED_STATES = [state.value for state in FINISHED]


class Loads:
    """The assignments that inspectors carried, from the assignments of finished draws in the log's order."""

    def __init__(self) -> None:
        """Read which draws were finished, and when."""
        self._drawn: list[tuple[int, LogEntry, Draw]] | None = None
        self._dealt: dict[str, Counter[str]] = {}

    def fits(self, draw: Draw, frozen: LogEntry, held: Mapping[str, int]) -> bool:
        """
        Whether *held* is what had been dealt when the lists of *draw* were frozen.

        The lists are read before their entry is written: a draw that ended in between may count or not.
        """
        before = [
            (entry, other)
            for seq, entry, other in self._finished()
            if seq < frozen.seq and other.year == draw.year
        ]
        total: Counter[str] = Counter()
        for entry, other in before:
            if entry.at >= frozen.at and _same(total, held):
                return True
            total += self._of(other)
        return _same(total, held)

    def _finished(self) -> list[tuple[int, LogEntry, Draw]]:
        if self._drawn is None:
            rows = {f"draw:{d.pk}": d for d in Draw.objects.filter(state__in=FINISHED_STATES)}
            entries = audit.entries(kind="draw.drawn")
            self._drawn = [(e.seq, e, rows[e.about]) for e in entries if e.about in rows]
        return self._drawn

    def _of(self, draw: Draw) -> Counter[str]:
        if draw.pk not in self._dealt:
            lines = selectors.content(draw, "assign.tsv").decode().splitlines()
            self._dealt[draw.pk] = Counter(line.split("\t")[2] for line in lines)
        return self._dealt[draw.pk]


def _same(total: Mapping[str, int], held: Mapping[str, int]) -> bool:
    return all(total.get(officer, 0) == load for officer, load in held.items())


def faults(draw: Draw, loads: Loads) -> Iterator[str]:
    """What does not hold about *draw*, a sentence each."""
    try:
        yield from _sealed(draw)
        yield from _loads(draw, loads)
        if DrawState(draw.state) in FINISHED:
            yield from _finished(draw)
    except (selectors.LostFile, NotFound) as error:
        yield _("缺少文件或文件已损坏：%(what)s") % {"what": error}
    except DrawError as error:
        yield sentence(error)
    except NotCanonical:
        yield _("日志中本次抽取的记录不是规范的记录")


def _sealed(draw: Draw) -> Iterator[str]:
    suite = suites.suite(draw.suite)
    files = {name: selectors.content(draw, name) for name in ("plan.json", *_LISTS)}
    roots = seals.list_roots(run.sealed_of(files), suite)
    if seals.approval_code(suite, files["plan.json"], roots) != draw.approval_code:
        yield _("底册或方案与审批核对码不符")
    if draw.seal is None:
        return
    data = selectors.content(draw, "seal.json")
    seal = Seal.parse(data)
    if seals.seal_hash(data, suite) != draw.seal:
        yield _("封存文件与封存值不符")
    if (seal.draw, seal.org, seal.number, seal.attempt) != (draw.pk, draw.org, draw.number, draw.attempt):
        yield _("封存文件属于另一次抽取")
    if seal.plan != suite.hex(files["plan.json"]) or any(getattr(seal, n) != r for n, r in roots.items()):
        yield _("底册或方案与封存时不符")
    if _told(draw, "draw.sealed") != [{"draw": draw.pk, "seal": draw.seal}]:
        yield _("日志中的封存记录与抽取不符")


def _loads(draw: Draw, loads: Loads) -> Iterator[str]:
    frozen = [
        entry
        for entry in audit.entries(about=f"number:{draw.number}", kind="frame.frozen")
        if entry.body()["approval"] == draw.approval_code
    ]
    if not frozen:
        yield _("日志中没有准备本次抽取的记录")
        return
    officers = Officers.parse(selectors.content(draw, "officers.tsv"))
    held = {officer.id: officer.load0 for officer in officers.rows}
    if not any(loads.fits(draw, entry, held) for entry in frozen):
        yield _("检查人员的已有任务数与此前各次抽取不符")


def _finished(draw: Draw) -> Iterator[str]:
    files = bundles.files_of(draw)
    known = Known(seal_hash=draw.seal or "", approval_code=draw.approval_code)
    step = verify(Bundle(files), known).failed
    if step is not None:
        yield _("复核第%(number)s步（%(name)s）不通过：%(message)s") % step._asdict()
        return
    suite = suites.suite(draw.suite)
    result, assign = (list_root(files[name], suite).root for name in ("result.tsv", "assign.tsv"))
    told = {"draw": draw.pk, "seed_hash": draw.seed_hash, "result": result, "assign": assign}
    if result != draw.result_root:
        yield _("抽取结果与结果根不符")
    if _told(draw, "draw.drawn") != [told]:
        yield _("日志中的抽取记录与结果不符")
    if _rows(draw) != _lines(files["result.tsv"], (0, 1, 2, 4, 5)):
        yield _("数据库中的抽中名单与抽取结果不符")
    if _teams(draw) != _lines(files["assign.tsv"], (0, 1, 2, 3)):
        yield _("数据库中的选派与抽取结果不符")


def _told(draw: Draw, kind: str) -> list[dict[str, object]]:
    return [dict(entry.body()) for entry in audit.entries(about=f"draw:{draw.pk}", kind=kind)]


def _lines(data: bytes, columns: tuple[int, ...]) -> list[tuple[str, ...]]:
    cells = (line.split("\t") for line in data.decode().splitlines())
    return sorted(tuple(row[column] for column in columns) for row in cells)


def _rows(draw: Draw) -> list[tuple[str, ...]]:
    rows = DrawnRow.objects.filter(drawn_list__draw=draw)
    held = rows.values_list("part", "stratum", "rank", "prn", "target__draw_code")
    return sorted((part, stratum, str(rank), prn, code) for part, stratum, rank, prn, code in held)


def _teams(draw: Draw) -> list[tuple[str, ...]]:
    rows = DrawnTeam.objects.filter(draw=draw)
    return sorted(rows.values_list("target__draw_code", "slot", "inspector__code", "prn"))


_LISTS = ("frame.tsv", "excluded.tsv", "officers.tsv", "recusals.tsv")
