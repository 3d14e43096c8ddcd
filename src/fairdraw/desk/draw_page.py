"""
What the draw pages ask (抽取页): who may supervise, which tasks wait, who has locked and opened, what is next.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, User
from fairdraw.desk import todo
from fairdraw.draws import permissions
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawPart, DrawSource
from fairdraw.draws.selectors import Person
from fairdraw.draws.states import DRAW_LABELS, ENDED, FINISHED, DrawState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskKind, TaskState
from fairdraw.ui.parts import Tone

ROLE_LABELS = {
    "initiator": gettext_noop("发起人"),
    "supervisor": gettext_noop("监督人"),
    "witness": gettext_noop("见证人"),
}
LEVEL_LABELS = {
    1: gettext_noop("日常抽取"),
    2: gettext_noop("批次抽取"),
    3: gettext_noop("公开抽取"),
}
TONES = {
    DrawState.DRAFT: Tone.PLAIN,
    DrawState.SEALED: Tone.INFO,
    DrawState.REVEALING: Tone.INFO,
    DrawState.WAITING: Tone.WARNING,
    DrawState.DRAWN: Tone.SUCCESS,
    DrawState.DISCLOSED: Tone.SUCCESS,
    DrawState.VOIDED: Tone.DANGER,
    DrawState.FAILED: Tone.DANGER,
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be supervisor or witness of a draw: the value of the choice, whose, where."""

    value: str
    name: str
    office: str
    user_id: int
    agency_id: int

    @property
    def person(self) -> tuple[int, int]:
        """The account and the office."""
        return self.user_id, self.agency_id


def candidates(duty: Duty, *, office: Agency, on: dt.date) -> list[Candidate]:
    """Who holds *duty* on the day outside *office*: another office supervises and witnesses (vdraw/1 §6.2)."""
    rows = (
        accounts.memberships_on(on)
        .filter(duty=duty.value, user__is_active=True)
        .exclude(agency=office)
        .select_related("user", "agency")
        .order_by("agency__path", "user_id")
    )
    return [
        Candidate(f"{m.user_id}-{m.agency_id}", m.user.name, m.agency.name, m.user_id, m.agency_id)
        for m in rows
    ]


def chosen(found: list[Candidate], value: str, role: str) -> Person | None:
    """The candidate that was chosen, or the only one there is."""
    one = next((c for c in found if c.value == value), None)
    if one is None and not value and len(found) == 1:
        one = found[0]
    return Person(one.user_id, one.agency_id, role) if one else None


def waiting_tasks(actor: Actor) -> QuerySet[Task]:
    """The approved double-random tasks that this planner may put into a draw; without its list none from elsewhere."""
    approved = Task.objects.filter(
        todo.within(actor, "agency__path", Duty.PLANNER),
        state=TaskState.APPROVED.value,
        kind=TaskKind.DOUBLE_RANDOM.value,
    )
    return (
        draws.ready_for_draw(approved)
        .exclude(number__in=todo.in_live_draws())
        .select_related("agency", "scheme")
        .order_by("scheme__starts_on", "number")
    )


def tasks_by_number(actor: Actor, numbers: list[str]) -> list[Task]:
    """
    The tasks with *numbers* in the planner's reach.

    Raises:
        NotFound: One of them is absent or out of reach.
    """
    found = list(
        Task.objects.filter(accounts.within_scopes(actor, "agency__path"), number__in=numbers)
        .select_related("agency", "scheme")
        .order_by("number")
    )
    if not numbers or len(found) != len(set(numbers)):
        raise NotFound(_("没有这项任务，或不在您的职责范围内"))
    return found


def initiating_office(actor: Actor, tasks: list[Task]) -> Agency:
    """The office that starts a draw: the tasks' one section, or the initiator's own that covers them all."""
    agencies = {t.agency_id: t.agency for t in tasks}
    if len(agencies) == 1:
        return next(iter(agencies.values()))
    for grant in sorted(actor.grants, key=lambda g: -len(g.path)):
        if grant.duty is Duty.PLANNER and all(a.path.startswith(grant.path) for a in agencies.values()):
            return Agency.objects.get(pk=grant.agency_id)
    return next(iter(agencies.values()))


def pool_number(year: int) -> str:
    """The next number of a pool: 2026-P01, 2026-P02, …"""
    used = Draw.objects.filter(number__startswith=f"{year}-P").values_list("number", flat=True)
    last = max((int(n.rsplit("P", 1)[1]) for n in used if n.rsplit("P", 1)[1].isdigit()), default=0)
    return f"{year}-P{last + 1:02d}"


@dataclass(frozen=True)
class Place:
    """One person of a draw and how far: what role, whose office, locked, opened."""

    source: DrawSource
    role: str
    name: str
    office: str
    word: str
    tone: str


def places(draw: Draw) -> list[Place]:
    """The persons of the draw in the seal's order."""
    found, past = [], accounts.PastNames()
    day = clock.local_date(draw.sealed_at or draw.prepared_at)
    for source in draws.sources(draw):
        if source.revealed_at:
            word, tone = _("已开启"), Tone.SUCCESS
        elif source.commitment:
            word, tone = _("已锁定"), Tone.INFO
        elif draw.state == DrawState.DRAFT.value:
            word, tone = _("待封存"), Tone.PLAIN
        else:
            word, tone = _("待锁定"), Tone.WARNING
        name = source.user.name if source.user else ""
        office = past.of(source.office, day)
        found.append(Place(source, _(ROLE_LABELS[source.role]), name, office, word, tone.value))
    return found


def envelopes(actor: Actor, draw: Draw, *, now: dt.datetime) -> list[DrawSource]:
    """The silent persons whose envelope *actor* may open now."""
    return [s for s in draws.silent(draw) if permissions.can_open_envelope(actor, draw, s, now=now)]


@dataclass(frozen=True)
class DrawLine:
    """A draw in a list."""

    draw: Draw
    state: str
    tone: str
    level: str
    tasks: tuple[str, ...]


def lines(rows: list[Draw]) -> list[DrawLine]:
    """Draws as a list shows them, with the numbers of their tasks in one question."""
    parts: dict[str, list[str]] = {}
    for draw_id, task in DrawPart.objects.filter(draw__in=rows).order_by("task").values_list("draw", "task"):
        parts.setdefault(draw_id, []).append(task)
    return [
        DrawLine(
            draw=d,
            state=_(DRAW_LABELS[DrawState(d.state)]),
            tone=TONES[DrawState(d.state)].value,
            level=_(LEVEL_LABELS.get(d.level, "")),
            tasks=tuple(parts.get(d.pk, ())),
        )
        for d in rows
    ]


def attempts(draw: Draw) -> list[Draw]:
    """Every attempt under the number of *draw*, voided and failed ones included; they stay visible (X02)."""
    return list(Draw.objects.filter(org=draw.org, number=draw.number).order_by("attempt"))


def visible(actor: Actor, draw_id: uuid.UUID | str) -> Draw:
    """
    One draw of the actor's reach: its office, its persons, auditors, and the lead agencies of its tasks.

    Raises:
        NotFound: Absent or out of reach.
    """
    draw_id = str(draw_id)
    found = Draw.objects.filter(pk=draw_id).select_related("agency").first()
    if found is not None and not draws.visible_draws(actor).filter(pk=draw_id).exists():
        mine = Task.objects.filter(
            accounts.within_scopes(actor, "agency__path"), number__in=draws.task_numbers(found)
        )
        if not mine.exists():
            found = None
    return found or draws.draw(actor, draw_id)


def is_finished(draw: Draw) -> bool:
    """Whether the draw has its result."""
    return DrawState(draw.state) in FINISHED


def is_ended(draw: Draw) -> bool:
    """Whether the draw was voided or failed."""
    return DrawState(draw.state) in ENDED


def second_person(user: User, *, on: dt.date) -> Actor:
    """The person who confirms beside the one who is signed in, with today's duties."""
    return accounts.actor_of(user, on=on)
