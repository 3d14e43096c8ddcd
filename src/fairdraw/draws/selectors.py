"""Questions on draws; what is shown starts from the actor."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import selectors as audit
from fairdraw.draws import keep, rules
from fairdraw.draws.models import Draw, DrawFile, DrawnList, DrawnRow, DrawPart, DrawSource
from fairdraw.draws.states import ENDED
from fairdraw.files import selectors as files
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotFound, RuleBroken
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers.models import DeclaredInterest, Inspector, InspectorAbsence, Target

REGISTERS = (Target, Inspector, InspectorAbsence, DeclaredInterest)
TARGET_EVENTS = ("targets.imported", "classes.received")
REGISTER_EVENTS = (
    *TARGET_EVENTS,
    "inspectors.imported",
    "interest.declared",
    "absence.entered",
)
CORE_FILES = (
    "seal.json",
    "plan.json",
    "frame.tsv",
    "excluded.tsv",
    "officers.tsv",
    "recusals.tsv",
    "commits.tsv",
    "server.txt",
    "seed.txt",
    "result.tsv",
    "assign.tsv",
)


@dataclass(frozen=True)
class Person:
    """Somebody who takes part in a draw, as it is prepared."""

    user_id: int | None
    agency_id: int
    role: str


def visible_draws(actor: Actor) -> QuerySet[Draw]:
    """The draws of the actor's scope, those where the actor is a person, and all for auditors."""
    rows = Draw.objects.select_related("agency__parent").order_by("-prepared_at")
    if actor.trusted or actor.holds_anywhere(Duty.AUDITOR, Duty.OFFICE):
        return rows
    within = accounts.within_scopes(actor, "agency__path")
    return rows.filter(within | Q(sources__user_id=actor.user_id or 0)).distinct()


def draw(actor: Actor, draw_id: str) -> Draw:
    """
    One draw.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    found = visible_draws(actor).filter(pk=draw_id).first()
    if found is None:
        raise NotFound(_("没有这次抽取，或不在您的职责范围内"))
    return found


def draw_for_update(actor: Actor, draw_id: str) -> Draw:
    """
    One draw of the actor's scope, locked for the rest of the transaction.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    draw(actor, draw_id)
    return locked(draw_id)


def locked(draw_id: str) -> Draw:
    """The draw, locked for the rest of the transaction."""
    rows = Draw.objects.select_for_update(of=("self",)).select_related("agency__parent")
    found = rows.filter(pk=draw_id).first()
    if found is None:
        raise NotFound(_("没有这次抽取"))
    return found


class LostFile(RuleBroken):
    """A file of a draw is gone or changed on the disk: nothing that rests on it goes on until it is restored."""

    code = "draws.file-lost"


def content(draw: Draw, name: str) -> bytes:
    """
    The bytes of one file of the draw.

    Raises:
        NotFound: The draw has no such file.
        LostFile: It has, and the disk has lost or changed it; says what to do.
    """
    held = DrawFile.objects.filter(draw=draw, name=name).values_list("stored_id", flat=True).first()
    if held is None:
        raise NotFound(_("抽取 %(n)s 没有文件 %(name)s") % {"n": draw.number, "name": name})
    try:
        return files.read(held)
    except files.DamagedFile:
        words = {"n": draw.number, "attempt": draw.attempt, "name": name}
        said = _(
            "抽取 %(n)s（第%(attempt)s次）的文件 %(name)s 丢失或已被改动，用到它的步骤不能继续。"
            "请系统管理员先从备份恢复文件，再运行 fairdraw fsck 核对，核对通过后重试"
        )
        raise LostFile(said % words) from None


def classes(draw: Draw) -> dict[str, str]:
    """The credit class of every classed row of the frozen frame, by code: in its tags, or kept apart."""
    apart = content(draw, keep.CLASSES) if has_file(draw, keep.CLASSES) else b""
    found = dict(line.split("\t") for line in apart.decode().splitlines())
    for line in content(draw, "frame.tsv").decode().splitlines():
        code, _unit, _area, tags, _blind = line.split("\t")
        own = rules.class_of_tags(tags)
        if own:
            found[code] = own
    return found


def has_file(draw: Draw, name: str) -> bool:
    """Whether the draw has a file of that name yet."""
    return DrawFile.objects.filter(draw=draw, name=name).exists()


def sources(draw: Draw) -> QuerySet[DrawSource]:
    """The persons of the draw in the seal's order."""
    return DrawSource.objects.filter(draw=draw).select_related("user", "office").order_by("position")


def source(draw: Draw, code: str) -> DrawSource:
    """
    The place *code* among the persons of the draw.

    Raises:
        NotFound: The seal names nobody so.
    """
    found = sources(draw).filter(source=code).first()
    if found is None:
        raise NotFound(_("抽取 %(n)s 没有参与人 %(code)s") % {"n": draw.number, "code": code})
    return found


def silent(draw: Draw) -> QuerySet[DrawSource]:
    """Those who locked a share in and have not opened it."""
    return sources(draw).filter(commitment__gt="", revealed_at__isnull=True)


def failed_by(draw: Draw) -> QuerySet[DrawSource]:
    """Those for whose silence a draw failed, who take no part in the next attempt (vdraw/1 §17)."""
    waited = draw.ended_at is not None and draw.reveal_by is not None and draw.ended_at > draw.reveal_by
    return silent(draw) if waited and draw.reveals_closed_at is None else DrawSource.objects.none()


def source_of(actor: Actor, draw: Draw) -> DrawSource | None:
    """The actor's own place in the draw."""
    return sources(draw).filter(user_id=actor.user_id).first() if actor.user_id else None


def task_numbers(draw: Draw) -> list[str]:
    """The numbers of the tasks of the draw, in order."""
    return list(DrawPart.objects.filter(draw=draw).order_by("task").values_list("task", flat=True))


def tasks(draw: Draw) -> QuerySet[Task]:
    """The tasks of the draw, in the order of their numbers."""
    return (
        Task.objects.filter(number__in=task_numbers(draw))
        .select_related("agency", "scheme")
        .order_by("number")
    )


def live_draw_of(task: Task) -> Draw | None:
    """The live attempt that a task stands in."""
    part = DrawPart.objects.filter(task=task.number, live=1).select_related("draw__agency").first()
    return part.draw if part else None


def attempts_before(draw: Draw) -> QuerySet[Draw]:
    """The earlier attempts under the same number, the first one first."""
    return Draw.objects.filter(org=draw.org, number=draw.number, attempt__lt=draw.attempt).order_by("attempt")


def last_ended(org: str, number: str) -> Draw | None:
    """The last attempt that was voided or failed, which the next one names."""
    ended = [s.value for s in ENDED]
    return Draw.objects.filter(org=org, number=number, state__in=ended).order_by("-attempt").first()


def hold_registers() -> None:
    """
    See the registers as one snapshot until the transaction ends: nobody changes them meanwhile.

    On SQLite the transaction began IMMEDIATE and already is the only writer; on PostgreSQL imports wait.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in REGISTERS)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")  # names of models, nothing from outside


def register_seq() -> int:
    """The log number of the last change of the registers."""
    last = audit.entries().filter(kind__in=REGISTER_EVENTS).order_by("-seq").first()
    return last.seq if last is not None else 0


@dataclass(frozen=True)
class Similar:
    """Two tasks of different draws for one item that share more than half of their targets (同类重复)."""

    task: str
    other: Draw
    other_task: str
    items: tuple[str, ...]
    shared: int
    held: int
    other_held: int


def similar_seals(draw: Draw) -> list[Similar]:
    """
    The other sealed draws of the year that draw for the same item from much the same targets (vdraw/1 §13).

    They are flagged to the supervisor and listed next to each other: the same subject under another number.
    Attempts under the draw's own number are its history, not another draw.
    """
    own = {
        t.number: {i.item.name: i.item_id for i in t.task_items.select_related("item")} for t in tasks(draw)
    }
    mine = entities(draw)
    others = Draw.objects.filter(org=draw.org, year=draw.year, seal__isnull=False).exclude(number=draw.number)
    found: list[Similar] = []
    for other in others.select_related("agency").order_by("sealed_at", "pk"):
        theirs = {
            t.number: set(t.task_items.values_list("item_id", flat=True))
            for t in tasks(other)
            if t.number not in own
        }
        common = {
            (number, theirs_number): tuple(sorted(name for name, pk in items.items() if pk in held))
            for number, items in own.items()
            for theirs_number, held in theirs.items()
        }
        if not any(common.values()):
            continue
        frame = entities(other)
        for (number, theirs_number), items in sorted(common.items()):
            one, two = mine.get(number, frozenset()), frame.get(theirs_number, frozenset())
            if items and rules.is_much_the_same(one, two):
                shared = len(one & two)
                found.append(Similar(number, other, theirs_number, items, shared, len(one), len(two)))
    return found


def entities(draw: Draw) -> dict[str, frozenset[str]]:
    """The codes in scope of each task of a draw whose lists are frozen, without those left out of it."""
    left_out: dict[str, set[str]] = {}
    for line in content(draw, "excluded.tsv").decode().splitlines():
        code, part, *_rest = line.split("\t")
        left_out.setdefault(part, set()).add(code)
    by_tags: dict[str, list[str]] = {}
    for line in content(draw, "frame.tsv").decode().splitlines():
        code, _unit, _area, tags, _blind = line.split("\t")
        by_tags.setdefault(tags, []).append(code)
    found: dict[str, set[str]] = {number: set() for number in task_numbers(draw)}
    for text, codes in by_tags.items():
        for number in found.keys() & {rules.task_of_tag(tag) for tag in text.split(",")}:
            found[number].update(codes)
    return {number: frozenset(codes - left_out.get(number, set())) for number, codes in found.items()}


def main_rows(task: Task) -> QuerySet[DrawnRow]:
    """The drawn targets of a task (no reserves), in the order of stratum and rank."""
    return (
        DrawnRow.objects.filter(task=task, reserve=False)
        .select_related("target")
        .order_by("part", "stratum", "rank")
    )


def present_rows(task: Task) -> QuerySet[DrawnRow]:
    """The targets that the task has today: drawn and not replaced, or moved up for another."""
    drawn_or_moved = Q(reserve=False) | Q(pk__in=DrawnRow.objects.filter(task=task).values("replaced_by"))
    return (
        DrawnRow.objects.filter(drawn_or_moved, task=task, replaced_by__isnull=True)
        .select_related("target")
        .order_by("part", "stratum", "rank")
    )


def _received() -> Exists:
    return Exists(DrawnList.objects.filter(task=OuterRef("pk")))


def awaiting_list(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those of *tasks* that are drawn elsewhere and have not received their list yet (等待名单)."""
    return tasks.exclude(channel=Channel.FAIRDRAW.value).filter(~_received())


def ready_for_draw(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those of *tasks* that are drawn here, or whose list has come."""
    return tasks.filter(Q(channel=Channel.FAIRDRAW.value) | _received())


def list_of(task: Task) -> DrawnList | None:
    """The list of drawn targets that the task works on."""
    return DrawnList.objects.filter(task=task).order_by("-pk").first()
