"""Visits, campaigns and days without visits as plain values, before they are rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class VisitEntry:
    """
    One visit that came from no draw (非随机的入企检查).

    Attributes:
        agency_code: Of the unit here; empty where it has none, then *unit_name* says who it was.
        kind: A key of ``burden.rules.KINDS``.
        higher: Whether a higher authority made it.
        items: Codes of the items that were checked.
        exempt_code: A key of ``burden.rules.EXEMPTIONS``; empty where the visit counts.
    """

    draw_code: str
    visited_on: dt.date
    agency_code: str
    unit_name: str
    kind: str
    higher: bool = False
    items: tuple[str, ...] = ()
    exempt_code: str = ""
    note: str = ""

    @property
    def reference(self) -> str:
        """What tells this visit of a target from its others: the day, who, which kind."""
        return f"{self.visited_on}:{(self.agency_code or self.unit_name)[:24]}:{self.kind}"[:60]


@dataclass(frozen=True)
class CampaignEntry:
    """A special campaign with its approval (专项检查)."""

    name: str
    organised_by: str
    document_number: str
    approved_by: str
    approved_on: dt.date
    starts_on: dt.date
    ends_on: dt.date
    items: tuple[str, ...]
    scope_text: str = ""


@dataclass(frozen=True)
class BlackoutEntry:
    """Days without visits (停检期); what is empty does not narrow it. Both days belong to it."""

    name: str
    starts_on: dt.date
    ends_on: dt.date
    reason: str
    industry: str = ""
    tag: str = ""
    station: str = ""
    town: str = ""
