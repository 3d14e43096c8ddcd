"""What comes in for the registers, as plain values: read by the exchange, entered by the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class CheckPoint:
    """
    One point of an item (检查要点).

    Attributes:
        question: What is asked.
        how: How it is checked.
        basis: What it rests on, where that is not the item's basis.
        evidence: What proves it.
        key: Whether it is a key point (重点).
        note: What else the list says of this sub-item: its own targets, ratio, frequency.
    """

    question: str
    how: str = ""
    basis: str = ""
    evidence: str = ""
    key: bool = False
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """As it is stored: only what is said."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> CheckPoint:
        """From what is stored."""
        return cls(**{"question": "", **held})


@dataclass(frozen=True)
class ItemEntry:
    """An item of the item list as received or typed (rules.md B5); one without code is known by its name."""

    code: str
    name: str
    list_number: str = ""
    category: str = ""
    content: str = ""
    legal_basis: str = ""
    basis_type: str = ""
    level: str = ""
    object_text: str = ""
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    item_class: str = ""
    ratio_limit: Decimal | None = None
    ratio_text: str = ""
    frequency: str = ""
    method: str = ""
    personnel: str = ""
    qualification: str = ""
    department: str = ""
    points: tuple[CheckPoint, ...] = ()
    results: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    guide: str = ""
    guide_file: str = ""
    remarks: str = ""
    confirmed: bool = False
    invented: bool = False


@dataclass(frozen=True, slots=True)
class LicenceEntry:
    """A licence as received (许可); without a day it has no beginning, or no end."""

    kind: str
    number: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    issuer: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """
    A target as received; ``tags`` is sorted, each once.

    ``said`` names the fields of the directory that its file speaks of; ``None`` where it speaks of all. Of a target
    that is held, the others stay as they are.
    """

    draw_code: str
    name: str
    kind: str
    status: str = "existing"
    uscc: str = ""
    old_number: str = ""
    entity_type: str = ""
    registered_on: dt.date | None = None
    address: str = ""
    town_code: str = ""
    town: str = ""
    station_code: str = ""
    industry: str = ""
    scope: str = ""
    tags: tuple[str, ...] = ()
    credit_class: str = ""
    credit_computed_on: dt.date | None = None
    abnormal: bool = False
    serious: bool = False
    annual_report: str = ""
    food_grade: str = ""
    food_graded_on: dt.date | None = None
    risk_index: Decimal | None = None
    risk_index_on: dt.date | None = None
    risk_index_source: str = ""
    licence: LicenceEntry | None = None
    said: frozenset[str] | None = None
    invented: str = ""


#: What the directory keeps of a target, in the order of a plain row.
TARGET_FIELDS = (
    "draw_code",
    "uscc",
    "old_number",
    "name",
    "kind",
    "entity_type",
    "status",
    "registered_on",
    "address",
    "town_code",
    "town",
    "station_id",
    "industry",
    "scope",
    "tags",
    "credit_class",
    "credit_computed_on",
    "abnormal",
    "serious",
    "annual_report",
    "food_grade",
    "food_graded_on",
    "risk_index",
    "risk_index_on",
    "risk_index_source",
    "invented",
)

#: A target as plain values in the order of ``TARGET_FIELDS``: days in ISO form, the index with two decimals, tags
#: packed, the station by its code. Register files of a million rows come in this form.
PlainTarget = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TargetBlock:
    """
    Some thousand targets as plain rows.

    Attributes:
        rows: The targets.
        said: As of :class:`TargetEntry`, of all of them.
        licences: The licences that stand beside them, with the draw codes of their targets.
    """

    rows: list[PlainTarget]
    said: frozenset[str] | None = None
    licences: tuple[tuple[str, LicenceEntry], ...] = ()


@dataclass(frozen=True)
class Certified:
    """A qualification that rests on a certificate of its own; both days included."""

    code: str
    certificate_number: str
    valid_from: dt.date | None
    valid_to: dt.date


@dataclass(frozen=True)
class InspectorEntry:
    """An inspector as received; None is what the file does not say."""

    code: str
    name: str
    agency_code: str
    certificate_number: str
    valid_from: dt.date
    valid_to: dt.date
    qualifications: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("*",)
    assistant: bool = False
    expert: bool = False
    trained: bool | None = None
    invented: bool = False
    post: str | None = None
    trained_on: dt.date | None = None
    training: str | None = None
    active: bool | None = None
    certified: tuple[Certified, ...] = ()


@dataclass(frozen=True)
class ImportCount:
    """What an import did."""

    added: int
    changed: int
    same: int
