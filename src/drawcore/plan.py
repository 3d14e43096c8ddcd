"""
The plan of a draw (抽取方案): parts, sizes and slots, sealed as ``plan.json``.

A part is one sample of one task; its code is the task's number, or ``task.group``. A slot is a
seat for one inspector at an entity. The dataclasses here are the document, read strictly.

Source: vdraw/1 §6.1, §10, §11, §12.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from drawcore import canonical, shapes
from drawcore.errors import FileRefused
from drawcore.shapes import Doc

FILE = "plan.json"
MODES = ("rate", "fixed", "total", "pareto", "ledger")
PURPOSES = ("main", "inspectors", "recheck")
UNCLASSED = "N"
_RATE = ("num", "den", "min")
_STRATUM_KEYS = {"rate": _RATE, "pareto": _RATE, "ledger": _RATE, "fixed": ("take",), "total": ("weight",)}
_MODE_KEYS = {"total": ("total",), "pareto": ("size", "missing"), "ledger": ("cell", "hits")}


@dataclass(frozen=True)
class Stratum:
    """The size rule of one stratum (分层); which numbers count depends on the mode."""

    code: str
    reserve: int = 0
    num: int = 0
    den: int = 1
    min: int = 0
    take: int = 0
    weight: int = 0


@dataclass(frozen=True)
class Floor:
    """The legal floor of a part (法定下限): at least ceil(base·num/den) must be drawn."""

    base: int
    num: int
    den: int

    @property
    def least(self) -> int:
        """Give the number that must be drawn at least."""
        return -(-self.base * self.num // self.den)


@dataclass(frozen=True)
class Allocation:
    """How many are drawn in each stratum, and for ``pareto`` and ``ledger`` by which tags."""

    mode: str
    strata: tuple[Stratum, ...]
    total: int = 0
    size: str = ""
    missing: int = 0
    cell: str = ""
    hits: str = ""
    floor: Floor | None = None

    @cached_property
    def by_code(self) -> dict[str, Stratum]:
        """Give each stratum under its code."""
        return {stratum.code: stratum for stratum in self.strata}


@dataclass(frozen=True)
class ListSource:
    """Where a list that was drawn elsewhere came from: who drew it, document, hash of the file."""

    of: str
    doc: str
    hash: str


@dataclass(frozen=True)
class Part:
    """One sample of the draw."""

    part: str
    purpose: str
    scope: str
    by: str
    key: str
    alloc: Allocation
    list: ListSource | None = None

    @property
    def task(self) -> str:
        """Give the number of the task that the part belongs to."""
        return self.part.split(".")[0]


@dataclass(frozen=True)
class Slot:
    """A seat for one officer at an entity: department, qualifications, when it applies."""

    slot: str
    dept: str = "*"
    tag: str = "*"
    when: str = "*"
    part: str = "*"

    @property
    def parts(self) -> tuple[str, ...]:
        """Give the part codes that the slot lists (``*`` stands as it is)."""
        return tuple(self.part.split(","))


@dataclass(frozen=True)
class Assign:
    """How officers are assigned: ``each`` target its own, or ``cluster``: teams and bundles."""

    mode: str
    slots: tuple[Slot, ...]
    by: str = ""
    max_per_bundle: int = 0
    form: str = ""

    @property
    def depts(self) -> tuple[str, ...]:
        """Give the departments in the order of their first slot."""
        return tuple(dict.fromkeys(slot.dept for slot in self.slots))

    def depts_of(self, slots: Iterable[int]) -> tuple[str, ...]:
        """Give the departments that the slots (by number) bring, in the order of their first slot."""
        found = {self.slots[number].dept for number in slots}
        return tuple(dept for dept in self.depts if dept in found)

    def slots_of(self, dept: str) -> tuple[Slot, ...]:
        """Give the slots of a department in plan order: the seats of its sub-team."""
        return tuple(slot for slot in self.slots if slot.dept == dept)


@dataclass(frozen=True)
class Plan:
    """The whole plan; :meth:`encode` gives the bytes that are sealed."""

    reasons: tuple[str, ...]
    parts: tuple[Part, ...]
    assign: Assign

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """
        Read ``plan.json``.

        Raises:
            FileRefused: not canonical, an unknown or missing key, or a rule of section 6.1 broken.
        """
        doc = Doc.of(canonical.parse(data, file=FILE), file=FILE)
        doc.only(("type", "v", "reasons", "parts", "assign"))
        doc.choice("type", ("vdraw.plan",))
        doc.whole("v", least=1, most=1)
        parts = tuple(_part(part) for part in doc.inners("parts", least=1))
        plan = cls(doc.texts("reasons", shapes.CODE), parts, _assign(doc.inner("assign")))
        _check_codes(plan)
        return plan

    def encode(self) -> bytes:
        """Write ``plan.json``; FileRefused if the plan breaks a rule of its form."""
        data = canonical.encode(_document(self), file=FILE)
        Plan.parse(data)
        return data

    @cached_property
    def in_code_order(self) -> tuple[Part, ...]:
        """Give the parts sorted by code, the order in which they are drawn."""
        return tuple(sorted(self.parts, key=lambda part: part.part))


def _part(doc: Doc) -> Part:
    doc.only(("part", "purpose", "scope", "by", "key", "alloc"), optional=("list",))
    purpose = doc.choice("purpose", PURPOSES)
    part = Part(
        part=doc.text("part", shapes.PART),
        purpose=purpose,
        scope=doc.text("scope", shapes.TAG_OR_ALL),
        by=doc.text("by", shapes.PIECE),
        key=doc.text("key", shapes.CODE),
        alloc=_alloc(doc.inner("alloc")),
        list=_list(doc.inner("list")) if "list" in doc.value else None,
    )
    if (purpose == "inspectors") != (part.list is not None):
        doc.refuse("list", "list-only-for-inspectors")
    if purpose == "inspectors" and not _takes_everybody(part.alloc):
        doc.refuse("alloc", "received-list-not-taken-whole")
    return part


def _takes_everybody(alloc: Allocation) -> bool:
    return alloc.mode == "rate" and all((s.num, s.den, s.reserve) == (1, 1, 0) for s in alloc.strata)


def _list(doc: Doc) -> ListSource:
    doc.only(("of", "doc", "hash"))
    return ListSource(
        doc.text("of", shapes.TEXT), doc.text("doc", shapes.TEXT), doc.text("hash", shapes.HEX64)
    )


def _alloc(doc: Doc) -> Allocation:
    mode = doc.choice("mode", MODES)
    doc.only(("mode", "strata", *_MODE_KEYS.get(mode, ())), optional=("floor",))
    strata = tuple(_stratum(stratum, mode) for stratum in doc.inners("strata", least=1))
    codes = [stratum.code for stratum in strata]
    shapes.distinct(codes, file=FILE, where=doc.at("strata"))
    if UNCLASSED not in codes:
        doc.refuse("strata", "no-stratum-n")
    return Allocation(
        mode=mode,
        strata=strata,
        total=doc.whole("total") if mode == "total" else 0,
        size=doc.text("size", shapes.PIECE) if mode == "pareto" else "",
        missing=doc.whole("missing", least=1, most=10**6) if mode == "pareto" else 0,
        cell=doc.text("cell", shapes.PIECE) if mode == "ledger" else "",
        hits=doc.text("hits", shapes.PIECE) if mode == "ledger" else "",
        floor=_floor(doc.inner("floor")) if "floor" in doc.value else None,
    )


def _stratum(doc: Doc, mode: str) -> Stratum:
    keys = _STRATUM_KEYS[mode]
    doc.only(("code", "reserve", *keys))
    numbers = {key: doc.whole(key, least=1 if key == "den" else 0) for key in keys}
    if numbers.get("num", 0) > numbers.get("den", 0):
        doc.refuse("num", "rate-over-one")
    return Stratum(code=doc.text("code", shapes.PIECE), reserve=doc.whole("reserve"), **numbers)


def _floor(doc: Doc) -> Floor:
    doc.only(("base", "num", "den"))
    return Floor(doc.whole("base"), doc.whole("num"), doc.whole("den", least=1))


def _assign(doc: Doc) -> Assign:
    mode = doc.choice("mode", ("each", "cluster"))
    doc.only(("mode", "slots", *(("by", "max_per_bundle", "form") if mode == "cluster" else ())))
    slots = tuple(_slot(slot) for slot in doc.inners("slots", least=1))
    shapes.distinct([slot.slot for slot in slots], file=FILE, where=doc.at("slots"))
    if mode == "each":
        return Assign(mode, slots)
    for dept in {slot.dept for slot in slots}:
        if dept == "*" or len({(slot.part, slot.when) for slot in slots if slot.dept == dept}) > 1:
            doc.refuse("slots", "department-not-one-team")
    return Assign(
        mode=mode,
        slots=slots,
        by=doc.choice("by", ("unit", "area")),
        max_per_bundle=doc.whole("max_per_bundle", least=1),
        form=doc.choice("form", ("drawn", "standing")),
    )


def _slot(doc: Doc) -> Slot:
    doc.only(("slot", "dept", "tag", "when", "part"))
    slot = Slot(
        slot=doc.text("slot", shapes.CODE),
        dept=doc.text("dept", shapes.CODE_OR_ALL),
        tag=doc.text("tag", shapes.CODES_OR_ALL),
        when=doc.text("when", shapes.TAG_OR_ALL),
        part=doc.text("part", shapes.PARTS_OR_ALL),
    )
    shapes.distinct(slot.parts, file=FILE, where=doc.at("part"))
    return slot


def _check_codes(plan: Plan) -> None:
    codes = [part.part for part in plan.parts]
    shapes.distinct(codes, file=FILE, where="parts")
    purposes: dict[str, str] = {}
    for part in plan.parts:
        if purposes.setdefault(part.task, part.purpose) != part.purpose:
            raise FileRefused(file=FILE, where="parts", reason="task-with-two-purposes")
    for slot in plan.assign.slots:
        if slot.part != "*" and not set(slot.parts) <= set(codes):
            raise FileRefused(file=FILE, where="assign.slots", reason="slot-of-unknown-part")


def _document(plan: Plan) -> dict[str, object]:
    assign: dict[str, object] = {
        "mode": plan.assign.mode,
        "slots": [
            {"slot": s.slot, "dept": s.dept, "tag": s.tag, "when": s.when, "part": s.part}
            for s in plan.assign.slots
        ],
    }
    if plan.assign.mode == "cluster":
        assign |= {name: getattr(plan.assign, name) for name in ("by", "max_per_bundle", "form")}
    parts = [_part_document(part) for part in plan.parts]
    return {
        "type": "vdraw.plan",
        "v": 1,
        "reasons": list(plan.reasons),
        "parts": parts,
        "assign": assign,
    }


def _part_document(part: Part) -> dict[str, object]:
    alloc = part.alloc
    keys = ("code", "reserve", *_STRATUM_KEYS.get(alloc.mode, ()))
    sizes: dict[str, object] = {
        "mode": alloc.mode,
        "strata": [{key: getattr(stratum, key) for key in keys} for stratum in alloc.strata],
        **{key: getattr(alloc, key) for key in _MODE_KEYS.get(alloc.mode, ())},
    }
    if alloc.floor:
        sizes["floor"] = {"base": alloc.floor.base, "num": alloc.floor.num, "den": alloc.floor.den}
    document: dict[str, object] = {
        **{name: getattr(part, name) for name in ("part", "purpose", "scope", "by", "key")},
        "alloc": sizes,
    }
    if part.list:
        document["list"] = list_document(part.list)
    return document


def list_document(source: ListSource) -> dict[str, object]:
    """Write where a list came from, as plan and receipt hold it; typed text is NFC-normalised."""
    return {
        "of": unicodedata.normalize("NFC", source.of),
        "doc": unicodedata.normalize("NFC", source.doc),
        "hash": source.hash,
    }
