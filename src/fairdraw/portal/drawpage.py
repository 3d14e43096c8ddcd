"""
The public page of a draw (抽取公开页): exactly what vdraw/1 §15 lets everybody see, and how to check it.

Read from the draw's own files, so that the page and the downloads cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from drawcore import canonical
from drawcore.seal import Seal
from fairdraw.accounts import selectors as accounts
from fairdraw.audit import selectors as audit
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw
from fairdraw.draws.states import DRAW_LABELS, DrawState
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.portal import rules, selectors

EVIDENCE = ("events.jsonl", "proofs.json")


@dataclass(frozen=True)
class Source:
    """Somebody who gave a share: which part in the draw, from which office, what was locked and opened."""

    code: str
    role: str
    office: str
    commitment: str = ""
    salt: str = ""
    share: str = ""


@dataclass(frozen=True)
class Part:
    """What was in scope of a task and how many were drawn."""

    task: str
    name: str
    in_scope: int
    drawn: int
    everybody: bool
    drawn_elsewhere: str


@dataclass(frozen=True)
class Entry:
    """A line of the log about this draw: its place, when, what, who by their part in the draw."""

    seq: int
    at: dt.datetime
    what: str
    who: str


@dataclass(frozen=True)
class Roots:
    """What the receipt states of the outcome: the roots of its rows, the hash of the seed, its code."""

    result: str
    assign: str
    seed_hash: str
    code: str


@dataclass(frozen=True)
class Attempt:
    """An attempt under the same number and its fate."""

    draw: str
    attempt: int
    state: str
    tone: str
    reason: str
    seal: str
    sealed_at: dt.datetime | None


@dataclass(frozen=True)
class Page:
    """Everything the public page of one draw shows."""

    draw: str
    number: str
    attempt: int
    level: str
    state: str
    tone: str
    rehearsal: bool
    suite: str
    hash_command: str
    agency: str
    sealed_at: dt.datetime | None
    drawn_at: dt.datetime | None
    reason: str
    seal: str
    seal_text: str
    finished: bool
    public_bundle: bool
    sources: tuple[Source, ...]
    number_kind: str
    number_round: str
    number_value: str
    parts: tuple[Part, ...]
    roots: Roots | None
    entries: tuple[Entry, ...]
    kept_back: int
    attempts: tuple[Attempt, ...]
    files: tuple[str, ...]


def page(draw: Draw) -> Page:
    """
    Put the public page of *draw* together.

    Args:
        draw: A draw that :func:`selectors.public_draw` gave.

    Source: vdraw/1 §15.
    """
    text = draws.content(draw, "seal.json")
    seal = Seal.parse(text)
    files = public_files(draw)
    receipt = _document(draw, "receipt.json", files)
    sources = _sources(draw, seal)
    entries, kept_back = _entries(draw, {s.code: s.role for s in sources})
    beacon = seal.sources.beacon
    finished = draw.state in rules.FINISHED
    return Page(
        draw=draw.pk,
        number=draw.number,
        attempt=draw.attempt,
        level=_(rules.LEVELS[draw.level]),
        state=_(DRAW_LABELS[DrawState(draw.state)]),
        tone=rules.TONES[draw.state],
        rehearsal=seal.rehearsal,
        suite=draw.suite,
        hash_command=rules.hash_command(draw.suite),
        agency=_agency(draw, accounts.PastNames()),
        sealed_at=draw.sealed_at,
        drawn_at=draw.drawn_at,
        reason=draw.ended_reason,
        seal=draw.seal or "",
        seal_text=text.decode(),
        finished=finished,
        public_bundle=rules.is_bundle_public(state=draw.state, to=draw.disclose_to),
        sources=sources,
        number_kind=_(rules.NUMBERS.get(beacon.kind, beacon.kind)) if beacon else "",
        number_round=beacon.round if beacon else "",
        number_value=draw.beacon_value if finished else "",
        parts=_parts(receipt),
        roots=_roots(draw, receipt),
        entries=entries,
        kept_back=kept_back,
        attempts=_attempts(draw),
        files=files,
    )


def public_files(draw: Draw) -> tuple[str, ...]:
    """The files that everybody may have now, of those that there are."""
    allowed = rules.public_files(state=draw.state)
    return tuple(name for name in allowed if draws.has_file(draw, name))


def public_content(draw: Draw, name: str) -> bytes:
    """
    The bytes of a file as everybody gets it.

    Raises:
        NotFound: It is not public, or not yet.
    """
    if name not in public_files(draw):
        raise NotFound(_("没有这个文件，或不公开"))
    if name in EVIDENCE:
        found = rules.public_evidence(*(draws.content(draw, part) for part in EVIDENCE))
        return found[EVIDENCE.index(name)]
    return draws.content(draw, name)


def _document(draw: Draw, name: str, files: Sequence[str]) -> Mapping[str, Any]:
    if name not in files:
        return {}
    found = canonical.parse(draws.content(draw, name), file=name)
    assert isinstance(found, dict)
    return found


def _sources(draw: Draw, seal: Seal) -> tuple[Source, ...]:
    """The persons by their part and office, never by name; shares only once the draw is made."""
    offices = selectors.office_names(p.office for p in seal.sources.persons)
    given = {s.source: s for s in draws.sources(draw)} if draw.state in rules.FINISHED else {}
    return tuple(
        Source(
            code=person.id,
            role=_(rules.ROLES[person.role]),
            office=offices.get(person.office, person.office),
            commitment=given[person.id].commitment if person.id in given else "",
            salt=given[person.id].salt if person.id in given else "",
            share=given[person.id].share if person.id in given else "",
        )
        for person in seal.sources.persons
    )


def _parts(receipt: Mapping[str, Any]) -> tuple[Part, ...]:
    held = receipt.get("parts", ())
    names = selectors.task_names({part["part"].split(".")[0] for part in held})
    return tuple(
        Part(
            task=part["part"],
            name=names.get(part["part"].split(".")[0], ""),
            in_scope=part["in_scope"],
            drawn=part["drawn"],
            everybody=part["all"],
            drawn_elsewhere=part["list"]["of"] if "list" in part else "",
        )
        for part in held
    )


def _roots(draw: Draw, receipt: Mapping[str, Any]) -> Roots | None:
    if not receipt:
        return None
    log = receipt["log"]
    result, assign = receipt["result"], receipt["assign"]
    words = (draw.pk, receipt["seal"][:16], result["root"][:16], str(log["size"]), log["root"][:16])
    return Roots(
        result=result["root"],
        assign=assign["root"],
        seed_hash=receipt["seed_hash"],
        code="|".join(("VDRAW1", *words)),
    )


def _entries(draw: Draw, roles: Mapping[str, str]) -> tuple[tuple[Entry, ...], int]:
    """The entries that may be shown, and how many more there are; before the draw only seal and fate."""
    early = ("draw.sealed", "draw.voided", "draw.failed")
    shown: list[Entry] = []
    kept_back = 0
    for line in audit.entries(about=f"draw:{draw.pk}"):
        if line.kind not in rules.PUBLIC_EVENTS:
            kept_back += line.kind.startswith("draw.")
            continue
        if draw.state in rules.FINISHED or line.kind in early:
            who = roles.get(str(line.body().get("source", "")), "")
            shown.append(Entry(line.seq, line.at, _(rules.PUBLIC_EVENTS[line.kind]), who))
    return tuple(shown), kept_back


def _attempts(draw: Draw) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            draw=row.pk,
            attempt=row.attempt,
            state=_(DRAW_LABELS[DrawState(row.state)]),
            tone=rules.TONES[row.state],
            reason=row.ended_reason,
            seal=row.seal or "",
            sealed_at=row.sealed_at,
        )
        for row in selectors.attempts(draw)
    )


@dataclass(frozen=True)
class Line:
    """A draw in the list of draws."""

    draw: str
    number: str
    attempt: int
    level: str
    state: str
    tone: str
    agency: str
    tasks: tuple[tuple[str, str], ...]
    sealed_on: dt.date | None
    drawn_on: dt.date | None


def _agency(draw: Draw, past: accounts.PastNames) -> str:
    """The unit that drew, by its name of that day."""
    return past.of(draw.agency, clock.local_date(draw.sealed_at or draw.prepared_at))


def lines(rows: Sequence[Draw]) -> list[Line]:
    """The draws of one page of the list, with the names of their announced tasks."""
    tasks = {row.pk: draws.task_numbers(row) for row in rows}
    names = selectors.task_names({n for held in tasks.values() for n in held})
    past = accounts.PastNames()
    return [
        Line(
            draw=row.pk,
            number=row.number,
            attempt=row.attempt,
            level=_(rules.LEVELS[row.level]),
            state=_(DRAW_LABELS[DrawState(row.state)]),
            tone=rules.TONES[row.state],
            agency=_agency(row, past),
            tasks=tuple((n, names.get(n, "")) for n in tasks[row.pk]),
            sealed_on=clock.local_date(row.sealed_at) if row.sealed_at else None,
            drawn_on=clock.local_date(row.drawn_at) if row.drawn_at else None,
        )
        for row in rows
    ]
