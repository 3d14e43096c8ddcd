"""
What was changed in the target directory, by whom and why (变更台账; N20): fields, and where a target belonged before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.registers import bulk
from fairdraw.registers.models import FormerPlace, Target

CHUNK = 2000
PLACE = ("station_id", "town_code", "town")
TEXT_LENGTH = 300

Line = tuple[int, str, str, str]  # target, field, before, after


@dataclass(frozen=True, slots=True)
class Edit:
    """What of a target changes: value before and after by field, as the model has them; and its place before."""

    target_id: int
    fields: Mapping[str, tuple[Any, Any]]
    place: tuple[int | None, str, str]


def edit(row: Target, after: Mapping[str, Any]) -> Edit:
    """The edit that gives *row* the values *after*; call it before they are set."""
    return Edit(
        row.pk,
        {name: (getattr(row, name), value) for name, value in after.items()},
        (row.station_id, row.town_code, row.town),
    )


def keep(edits: Iterable[Edit], *, reason: str, seq: int, actor: Actor, now: dt.datetime) -> None:
    """Write the ledger (登记变更台账): one row a changed field."""
    keep_lines(lines(edits, stations_by_key()), reason=reason, seq=seq, actor=actor, now=now)


def stations_by_key() -> dict[int, str]:
    """The names of the stations, as lines have them."""
    return dict(Agency.objects.filter(kind="station").values_list("pk", "name"))


def lines(edits: Iterable[Edit], stations: Mapping[int, str]) -> list[Line]:
    """The edits as lines of the ledger, plain values: one a changed field."""
    return [
        (
            edit.target_id,
            "station" if name == "station_id" else name,
            _text(name, before, stations),
            _text(name, after, stations),
        )
        for edit in edits
        for name, (before, after) in edit.fields.items()
    ]


def keep_lines(held: Sequence[Line], *, reason: str, seq: int, actor: Actor, now: dt.datetime) -> None:
    """Write lines of the ledger."""
    bulk.insert_changes([(*line, reason[:200], actor.code, seq) for line in held], at=now)


def keep_places(edits: Iterable[Edit], *, on: dt.date) -> None:
    """Keep where targets belonged until *on*, of those that move; a second move on one day changes nothing."""
    FormerPlace.objects.bulk_create(
        (
            FormerPlace(
                target_id=edit.target_id,
                station_id=edit.place[0],
                town_code=edit.place[1],
                town=edit.place[2],
                ended_on=on,
            )
            for edit in edits
            if any(name in edit.fields for name in PLACE)
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def _text(name: str, value: Any, stations: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if name == "station_id":
        return stations.get(value, "")
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)[:TEXT_LENGTH]


def place_on(target: Target, day: dt.date) -> tuple[str, str, str]:
    """
    Station, town code and town of a target as of *day* (某日所属).

    Args:
        target: Which.
        day: Any day; one before the first known move gives the first known place.
    """
    row = (
        FormerPlace.objects.filter(target=target, ended_on__gt=day)
        .select_related("station")
        .order_by("ended_on")
        .first()
    )
    held = row or target
    return str(held.station or ""), held.town_code, held.town
