"""
What changed since the last draw of the same scope (名单变动), for the approver (vdraw/1 §6.3; reliability T-D5).

Whoever removes, adds, moves or reclassifies a target just before a draw is named here with date and editor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from fairdraw.audit.models import LogRow
from fairdraw.draws import selectors
from fairdraw.draws.models import Draw
from fairdraw.plans.models import Task

AT_ONCE = 5000


@dataclass(frozen=True)
class Edit:
    """One change of the register that touched a target: what kind of event, when, by whom; its log number."""

    kind: str
    at: dt.datetime
    actor: str
    seq: int


@dataclass(frozen=True)
class Change:
    """A target that came in, left, or stands elsewhere, and the edits of the register since."""

    code: str
    before: str
    after: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Difference:
    """A task's list against the last sealed one of the same scope."""

    task: str
    earlier: Draw
    earlier_task: str
    came: tuple[Change, ...]
    left: tuple[Change, ...]
    changed: tuple[Change, ...]


def since_last_seal(draw: Draw) -> list[Difference]:
    """
    Compare each task's frozen list with the last sealed one of the same scope (与上次封存名单比对).

    Tasks whose scope was never sealed before are left out. Places are unit, route area and class.
    """
    mine = _places(draw)
    found: list[Difference] = []
    for task in selectors.tasks(draw):
        last = _last_of_scope(draw, task)
        if last is None:
            continue
        earlier, number = last
        found.append(_difference(task.number, draw, mine[task.number], earlier, number))
    return found


def _last_of_scope(draw: Draw, task: Task) -> tuple[Draw, str] | None:
    sealed = Draw.objects.filter(org=draw.org, seal__isnull=False).exclude(pk=draw.pk)
    for earlier in sealed.filter(prepared_at__lte=draw.prepared_at).order_by("-sealed_at", "-pk"):
        for other in selectors.tasks(earlier):
            if other.scheme.scope == task.scheme.scope:
                return earlier, other.number
    return None


def _places(draw: Draw) -> dict[str, dict[str, str]]:
    """Unit, route area and class of everybody in scope, by task."""
    inside, classes = selectors.entities(draw), selectors.classes(draw)
    found: dict[str, dict[str, str]] = {number: {} for number in inside}
    for line in selectors.content(draw, "frame.tsv").decode().splitlines():
        code, unit, area, _tags, _blind = line.split("\t")
        place = f"{unit} {area} {classes.get(code, '')}".rstrip()
        for number, codes in inside.items():
            if code in codes:
                found[number][code] = place
    return found


def _difference(task: str, draw: Draw, now: Mapping[str, str], earlier: Draw, number: str) -> Difference:
    before = _places(earlier)[number]
    moved = {code for code in now.keys() & before.keys() if now[code] != before[code]}
    edits = _edits((now.keys() ^ before.keys()) | moved, after=earlier.register_seq, until=draw.register_seq)

    def changes(codes: Iterable[str]) -> tuple[Change, ...]:
        return tuple(
            Change(code, before.get(code, ""), now.get(code, ""), tuple(edits.get(code, ())))
            for code in sorted(codes)
        )

    return Difference(
        task,
        earlier,
        number,
        came=changes(now.keys() - before.keys()),
        left=changes(before.keys() - now.keys()),
        changed=changes(moved),
    )


def _edits(codes: Set[str], *, after: int, until: int) -> dict[str, list[Edit]]:
    """What the log tells of *codes* between two states of the register."""
    rows = LogRow.objects.filter(
        entry__seq__gt=after, entry__seq__lte=until, entry__kind__in=selectors.TARGET_EVENTS
    ).order_by("entry", "index")
    values = rows.values_list("document", "entry__kind", "entry__at", "entry__actor", "entry__seq")
    found: dict[str, list[Edit]] = {}
    for document, kind, at, actor, seq in values.iterator(chunk_size=AT_ONCE) if codes else ():
        for line in bytes(document).splitlines():  # a row of an import holds a block of targets
            code = line.split(b"\t", 1)[0].decode()
            if code in codes:
                found.setdefault(code, []).append(Edit(kind, at, actor, seq))
    return found
