"""
What pages and papers show of a draw: sizes before it, receipt and verification after it (抽取页).

Sizes need no randomness and may be shown at any time (vdraw/1 §2); nothing here computes a rank. The files
of a draw never change, so what was read from them once is kept.
"""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from drawcore import note, receipt, sealing, suites, verify
from drawcore import seal as seals
from drawcore.allocation import Size
from drawcore.bundle import Bundle
from drawcore.membership import Seats
from drawcore.outcome import Sealed
from drawcore.plan import Allocation, Plan
from drawcore.rows import Exclusions, Officers, Recusals
from drawcore.seal import Seal
from fairdraw.audit import selectors as audit
from fairdraw.draws import bundles, run, selectors
from fairdraw.draws.matching import Unchosen, unchosen
from fairdraw.draws.models import Draw, DrawnRow, DrawnTeam
from fairdraw.draws.services import LISTS
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import strata
from fairdraw.plans.allocation import UNCLASSED
from fairdraw.registers.rules import CLASS_LABELS

T = TypeVar("T")
KEPT = 64
STRATUM_LABELS = {
    **CLASS_LABELS,
    "ent": gettext_noop("企业"),
    "ind": gettext_noop("个体工商户"),
    "coop": gettext_noop("农民专业合作社"),
    "rep": gettext_noop("常驻代表机构"),
}
_kept: OrderedDict[Hashable, Any] = OrderedDict()


def _once(key: Hashable, make: Callable[[], T]) -> T:
    if key not in _kept:
        _kept[key] = make()
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    found: T = _kept[key]
    return found


@dataclass(frozen=True)
class StratumSize:
    """One stratum of one part: how many it holds, are drawn, are reserves; how many the scheme asks for."""

    code: str
    held: int
    drawn: int
    reserve: int
    asked: int
    name: str = ""

    @property
    def is_short(self) -> bool:
        """Whether the scheme asks for more than there are (名单不足), to be said before sealing."""
        return self.asked > self.held

    @property
    def label(self) -> str:
        """The stratum in words."""
        if self.name:
            return self.name
        return _(STRATUM_LABELS.get(self.code, self.code)) if self.code else _("全部对象")

    @property
    def probability(self) -> Fraction:
        """Every target's chance to be drawn, given the frozen frame (被抽中概率; X03); 0 where there is none."""
        return Fraction(self.drawn, self.held) if self.held else Fraction(0)


@dataclass(frozen=True)
class PartSize:
    """One part of a draw: its strata, and whether everybody is taken."""

    part: str
    purpose: str
    by: str
    strata: tuple[StratumSize, ...]
    total: int = 0

    @property
    def shortages(self) -> tuple[StratumSize, ...]:
        """The strata that hold fewer than the scheme asks for (名单不足); all of them where it asks for a total."""
        if self.total > self.held:
            return (StratumSize("", self.held, self.drawn, 0, self.total),)
        return tuple(s for s in self.strata if s.is_short)

    @property
    def held(self) -> int:
        """Targets in scope."""
        return sum(s.held for s in self.strata)

    @property
    def drawn(self) -> int:
        """Main targets."""
        return sum(s.drawn for s in self.strata)

    @property
    def takes_everybody(self) -> bool:
        """No draw of targets is claimed: 全部检查，仅随机确定次序和人员."""
        return self.held == self.drawn


@dataclass(frozen=True)
class FrozenList:
    """One frozen list under the approval code: its name, lines, root."""

    name: str
    count: int
    root: str


@dataclass(frozen=True)
class Frozen:
    """Everything that is known once the lists are frozen: sizes, lists, who is left out and why."""

    parts: tuple[PartSize, ...]
    lists: tuple[FrozenList, ...]
    excluded: dict[str, int]
    officers: int
    assign_mode: str
    unchosen: tuple[Unchosen, ...] = ()  # of all targets in the list, whoever will be drawn


def frozen(draw: Draw) -> Frozen:
    """The frozen lists of a prepared or sealed draw in figures (抽取数量测算)."""
    return _once(("frozen", draw.pk, draw.approval_code), lambda: _frozen(draw))


def _frozen(draw: Draw) -> Frozen:
    files = {name: selectors.content(draw, name) for name in ("plan.json", *LISTS)}
    sealed = run.sealed_of(files)
    seen = sealing.preview(sealed)
    roots = seals.list_roots(sealed, suites.suite(draw.suite))
    names = {task.number: strata.labels_of(task.scheme) for task in selectors.tasks(draw)}
    return Frozen(
        parts=tuple(
            PartSize(
                part.part,
                part.purpose,
                part.by,
                _strata(part.alloc, seen.sizes[part.part], names.get(part.part, {})),
                part.alloc.total,
            )
            for part in sealed.plan.in_code_order
        ),
        lists=tuple(FrozenList(name, roots[name].n, roots[name].root) for name in seals.LISTS),
        excluded=dict(Counter(row[2] for row in Exclusions.parse(files["excluded.tsv"]).rows)),
        officers=len(sealed.officers.rows),
        assign_mode=sealed.plan.assign.mode,
        unchosen=tuple(unchosen(sealed.plan.assign, sealed.officers, sealed.recusals, _doors(sealed, seen))),
    )


def _doors(sealed: Sealed, seen: sealing.Preview) -> Iterator[tuple[str, str, str]]:
    """Every target of the list with each department that could go there."""
    frame, seats, depts = sealed.frame, Seats(sealed.plan), dict[tuple[int, ...], tuple[str, ...]]()
    for code, unit, tags, mask in zip(frame.ids, frame.units, frame.tags, seen.member.masks, strict=True):
        slots = seats.of(tags, mask)
        if slots not in depts:
            depts[slots] = sealed.plan.assign.depts_of(slots)
        yield from ((code, unit, dept) for dept in depts[slots])


def unchosen_of(draw: Draw) -> tuple[Unchosen, ...]:
    """Where the people of a finished draw followed from the rules alone, counted in drawn targets (X04)."""
    return _once(("unchosen", draw.pk, draw.result_root), lambda: _unchosen_of(draw))


def _unchosen_of(draw: Draw) -> tuple[Unchosen, ...]:
    files = {name: selectors.content(draw, name) for name in ("plan.json", "officers.tsv", "recusals.tsv")}
    assign = Plan.parse(files["plan.json"]).assign
    dept = {slot.slot: slot.dept for slot in assign.slots}
    units = dict(
        DrawnRow.objects.filter(drawn_list__draw=draw).values_list("target__draw_code", "unit").distinct()
    )
    seats = DrawnTeam.objects.filter(draw=draw).values_list("target__draw_code", "slot").distinct()
    doors = sorted({(code, units[code], dept[slot]) for code, slot in seats})
    officers, recusals = Officers.parse(files["officers.tsv"]), Recusals.parse(files["recusals.tsv"])
    return tuple(unchosen(assign, officers, recusals, doors))


def _strata(
    alloc: Allocation, found: Mapping[str, Size], names: Mapping[str, str]
) -> tuple[StratumSize, ...]:
    """The strata that occur, and those that the scheme asks for and the list lacks; nobody misses the unclassed."""
    known = {UNCLASSED, *found}
    missing = {code: rule for code, rule in alloc.by_code.items() if rule.take and code not in known}
    rows = [
        StratumSize(
            code, s.held, s.drawn, s.reserve, max(s.drawn, alloc.by_code[code].take), names.get(code, "")
        )
        for code, s in found.items()
    ]
    rows += [StratumSize(code, 0, 0, 0, rule.take, names.get(code, "")) for code, rule in missing.items()]
    return tuple(sorted(rows, key=lambda s: s.code))


def receipt_of(draw: Draw) -> dict[str, Any] | None:
    """The receipt of a finished draw (抽取凭证); ``None`` until it was issued."""
    if not selectors.has_file(draw, "receipt.json"):
        return None
    found: dict[str, Any] = json.loads(selectors.content(draw, "receipt.json"))
    return found


def code_text(draw: Draw) -> str:
    """The text of the receipt's code (``VDRAW1|…``), as printed and as shown."""
    seal = Seal.parse(selectors.content(draw, "seal.json"))
    _whole, told = receipt.parse_receipt(selectors.content(draw, "receipt.json"))
    return receipt.qr_text(seal, draw.seal or "", draw.result_root or "", told.log)


def commits_digest(draw: Draw) -> str:
    """The hash of the closed commitments, for the paper record (levels 2 and 3)."""
    return suites.suite(draw.suite).hex(selectors.content(draw, "commits.tsv"))


@dataclass(frozen=True)
class VerifiedStep:
    """One step of the verification as the page lists it; state ok, not_shown or failed."""

    number: int
    name: str
    state: str
    message: str


def verification(draw: Draw) -> tuple[VerifiedStep, ...]:
    """
    Verify the draw's bundle step by step (复核; vdraw/1 §16), with this installation's log key.

    Recomputes everything from the files; they never change, so the answer is kept.
    """
    return _once(("verified", draw.pk, draw.seal, draw.seed_hash), lambda: _verify(draw))


def _verify(draw: Draw) -> tuple[VerifiedStep, ...]:
    files = bundles.files_of(draw)
    origin = json.loads(files["receipt.json"])["log"]["origin"] if "receipt.json" in files else ""
    keys = [note.NoteKey.parse(audit.verifier_key(origin))] if origin else []
    known = verify.Known(seal_hash=draw.seal or "", approval_code=draw.approval_code, keys=keys)
    report = verify.verify(Bundle(files), known)
    return tuple(
        VerifiedStep(step.number, step.name, step.status.name.lower(), step.message) for step in report.steps
    )
