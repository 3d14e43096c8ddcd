"""A record of an inspection as plain values: typed, imported, or made up in a rehearsal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class ItemAnswer:
    """What was found for one item of the record form."""

    item_id: int
    version_id: int
    checked: bool = True
    problem: str = ""
    handling: str = ""
    bulk: bool = False


@dataclass(frozen=True)
class RecordEntry:
    """The record of one inspection (随机抽查情况记录)."""

    inspection_id: int
    checked_on: dt.date
    codes: tuple[str, ...]
    measure: str
    answers: tuple[ItemAnswer, ...] = ()
    method: str = "on_site"
    note: str = ""
    invented: bool = False
