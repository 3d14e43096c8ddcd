"""
Joint checks (内部综合检查、部门联合检查): decisions on overlapping tasks, and the tasks that they bind together.

Tasks that accepted decisions connect are one joint check: they are drawn in one pool with one key, so that the same
enterprises are drawn, and each department goes to the door once. Sections of one bureau send one team of two
(一表通查); every other department adds its own two and enters its own result.

Source: 安市监〔2024〕26号 四（二）二、三; rules.md A3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.plans import permissions, selectors
from fairdraw.plans.models import MergeDecision, Task
from fairdraw.plans.refusals import require_reason
from fairdraw.plans.states import AgencyRole, Channel, TaskState

TEAM = 2  # each department sends two: 行政处罚法第四十二条
MOST_AT_DOOR = 6  # more people than this at one door is a disturbance of its own
TO_DRAW = (TaskState.DRAFTING.value, TaskState.APPROVED.value)


class AlreadyDecided(RuleBroken):
    """The two tasks stand in a decision that was not taken back."""

    code = "plans.already-decided"


class DrawnTogether(RuleBroken):
    """Tasks of one joint check are drawn in one pool, all at once (N21)."""

    code = "plans.drawn-together"


@dataclass(frozen=True)
class Joint:
    """
    A joint check (联合检查): its tasks in the order of their numbers, its departments, who leads.

    Attributes:
        external: Whether departments beside the bureau take part (部门联合); else sections of one (内部综合).
        lead: The unit that draws for all; ``None`` for one unit's own tasks.
        people: How many stand at the door of a target that all tasks draw.
    """

    tasks: tuple[Task, ...]
    departments: tuple[Agency, ...]
    lead: Agency | None

    @property
    def external(self) -> bool:
        """Whether more than one department goes."""
        return len(self.departments) > 1

    @property
    def people(self) -> int:
        """Two of every department."""
        return TEAM * len(self.departments)

    @property
    def is_crowded(self) -> bool:
        """Whether more than six people would stand at one door."""
        return self.people > MOST_AT_DOOR


def live(**where: object) -> QuerySet[MergeDecision]:
    """The decisions that stand, the newest last."""
    rows = MergeDecision.objects.filter(undone_at__isnull=True, **where)
    return rows.select_related("first__agency", "second__agency", "lead").order_by("decided_at", "pk")


def decisions_of(task: Task) -> QuerySet[MergeDecision]:
    """Every decision on *task*, those taken back as well."""
    rows = MergeDecision.objects.filter(Q(first=task) | Q(second=task))
    return rows.select_related("first", "second", "lead").order_by("-decided_at", "-pk")


def groups(accepted: Iterable[MergeDecision]) -> list[frozenset[int]]:
    """The keys of tasks that *accepted* decisions connect, each set one joint check."""
    found: list[set[int]] = []
    for decision in accepted:
        pair = {decision.first_id, decision.second_id}
        touching = [one for one in found if one & pair]
        found = [one for one in found if not one & pair] + [pair.union(*touching)]
    return [frozenset(one) for one in found]


def departments(tasks: Iterable[Task]) -> tuple[Agency, ...]:
    """The departments that go for *tasks*, partners included; sections of one bureau are one."""
    found: dict[int, Agency] = {}
    for task in tasks:
        partners = task.task_agencies.filter(role=AgencyRole.PARTNER.value).select_related("agency__parent")
        for agency in (task.agency, *(part.agency for part in partners)):
            department = accounts.department_of(agency)
            found.setdefault(department.pk, department)
    return tuple(found.values())


def joints(year: int) -> list[Joint]:
    """The joint checks of *year*, by the number of their first task."""
    accepted = list(live(accepted=True, first__year=year))
    made = [_joint(keys, accepted) for keys in groups(accepted)]
    return sorted((one for one in made if len(one.tasks) > 1), key=lambda one: one.tasks[0].number)


def joint_of(task: Task) -> Joint | None:
    """The joint check that *task* stands in."""
    accepted = list(live(accepted=True, first__year=task.year))
    for keys in groups(accepted):
        if task.pk in keys:
            made = _joint(keys, accepted)
            return made if len(made.tasks) > 1 else None
    return None


def _joint(keys: Collection[int], accepted: Sequence[MergeDecision]) -> Joint:
    rows = Task.objects.filter(pk__in=keys).exclude(state=TaskState.CANCELLED.value)
    tasks = tuple(rows.select_related("agency__parent", "scheme").order_by("number"))
    leads = [one.lead for one in accepted if one.lead_id and one.first_id in keys]
    return Joint(tasks, departments(tasks), leads[-1] if leads else None)


def require_together(tasks: Sequence[Task]) -> None:
    """
    Refuse a pool that leaves a task of a joint check behind.

    Raises:
        DrawnTogether: Names the tasks that belong in the same pool.
    """
    chosen = {task.pk for task in tasks}
    for task in tasks:
        joint = joint_of(task)
        behind = [
            one
            for one in (joint.tasks if joint else ())
            if one.pk not in chosen and one.state in TO_DRAW and one.channel == Channel.FAIRDRAW.value
        ]
        if behind:
            said = _("任务 %(task)s 已并入联合检查，须与 %(others)s 放进同一批次抽取；还没有审定的请先审定")
            others = "、".join(one.number for one in behind)
            raise DrawnTogether(said % {"task": task.number, "others": others})


def leads_for(actor: Actor, task: Task, *duties: Duty) -> bool:
    """Whether *actor* holds one of *duties* in the unit that leads the joint check of *task*."""
    joint = joint_of(task)
    return joint is not None and joint.lead is not None and actor.holds(*duties, within=joint.lead.path)


@transaction.atomic
def decide(
    *,
    first: Task,
    second: Task,
    accepted: bool,
    reason: str,
    shared: int,
    saved: Fraction,
    actor: Actor,
    now: dt.datetime,
    lead: Agency | None = None,
) -> MergeDecision:
    """
    Answer a proposal to check two tasks together (采纳、不采纳合并建议); it can be taken back until the seal.

    Args:
        first: One task of the pair.
        second: The other.
        accepted: Whether they are drawn in one pool and checked together.
        reason: Why; also of an acceptance.
        shared: Targets in both scopes, as the proposal said.
        saved: Visits that it is expected to save.
        actor: The office, or a planner of one of the two units (for an acceptance: of both).
        now: When.
        lead: Who draws for all, where they are of different units; the first task's unit without.

    Raises:
        AlreadyDecided: A decision on the pair stands.
        InvalidInput: The lead is none of the units.
    """
    one, two = sorted((first, second), key=lambda task: task.number)
    [one, two] = sorted(selectors.tasks_for_update([one.number, two.number]), key=lambda task: task.number)
    permissions.can_decide_merge(actor, one, two, accepted=accepted).require()
    require_reason(reason)
    if live(first=one, second=two).exists():
        said = _("任务 %(one)s 与 %(two)s 的合并建议已经答复，需要改的请先撤回")
        raise AlreadyDecided(said % {"one": one.number, "two": two.number})
    leading = _lead(one, two, lead) if accepted else None
    made = MergeDecision.objects.create(
        first=one,
        second=two,
        accepted=accepted,
        lead=leading,
        reason=reason.strip(),
        shared=shared,
        saved=Decimal(saved.numerator) / saved.denominator,
        decided_by=actor.code,
        decided_at=now,
    )
    body = {"first": one.number, "second": two.number, "reason": made.reason}
    audit.record("merge.accepted" if accepted else "merge.refused", actor=actor, at=now, body=body)
    return made


def _lead(one: Task, two: Task, lead: Agency | None) -> Agency:
    units = {one.agency_id: one.agency, two.agency_id: two.agency}
    for task in (one, two):
        joint = joint_of(task)
        units |= {other.agency_id: other.agency for other in (joint.tasks if joint else ())}
    if lead is None:
        return one.agency
    if lead.pk not in units:
        raise InvalidInput(_("牵头单位须是其中一项任务的承办单位"))
    return lead


@transaction.atomic
def undo(*, decision_id: int, actor: Actor, now: dt.datetime) -> MergeDecision:
    """Take a decision back (撤回答复), before either task is sealed; the proposal is open again."""
    decision = MergeDecision.objects.select_for_update().get(pk=decision_id)
    tasks = selectors.tasks_for_update([decision.first.number, decision.second.number])
    permissions.can_undo_merge(actor, decision, tasks).require()
    decision.undone_by, decision.undone_at = actor.code, now
    decision.save(update_fields=["undone_by", "undone_at"])
    body = {"first": decision.first.number, "second": decision.second.number}
    audit.record("merge.undone", actor=actor, at=now, body=body)
    return decision
