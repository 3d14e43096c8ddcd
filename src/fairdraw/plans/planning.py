"""
From a plan row to a task with its scheme, or to the reason why it is held (排定任务; N07, N08, N12).

Works on rows as they were entered: items and scope are resolved by whoever read the table; what could not
be resolved is handed over as a reason, and the row is held, never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.plans import rules, services
from fairdraw.plans.allocation import Allocation, Asked, Held, allocate
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import PlanRowVersion, Task
from fairdraw.plans.states import Channel
from fairdraw.registers.models import ItemVersion
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, in_scope
from fairdraw.rulebook import selectors as rulebook

RESERVE = 3


@dataclass(frozen=True)
class Resolved:
    """What the words of a plan row mean here: agency, items, scope; or why that is not known."""

    agency: Agency | None
    items: Sequence[ItemVersion]
    scope: ScopeSpec | None
    asked: Asked
    partners: Sequence[Agency] = ()
    problems: Sequence[str] = ()
    qualification: str = ""
    method: str = "on_site"
    assign_mode: str = "cluster"
    invented: str = ""
    unannounced: bool = False
    channel: Channel = Channel.FAIRDRAW


def scope_counts(scope: ScopeSpec) -> tuple[dict[str, int], dict[str, int]]:
    """How many targets of *scope* a frame would hold, by class (``N`` for none) and by kind."""
    rows = in_scope(scope).exclude(status__in=EXCLUSION_BY_STATUS)
    classes = {r["credit_class"] or "N": r["n"] for r in rows.values("credit_class").annotate(n=Count("pk"))}
    kinds = {r["kind"]: r["n"] for r in rows.values("kind").annotate(n=Count("pk"))}
    return classes, kinds


def exempt_field(words: str, *, on: dt.date) -> tuple[str, str]:
    """The professional field (专业领域) that *words* name, with its reason; empty where none."""
    for code, field in rulebook.exempt_fields(on).items():
        if field.label in words:
            return code, field.reason
    return "", ""


def default_rates(on: dt.date) -> dict[str, Fraction]:
    """The bureau's own rates by class, from the rulebook."""
    return {code: Fraction(rate.ratio) for code, rate in rulebook.class_rates(on).items()}


def size(resolved: Resolved, *, words: str, on: dt.date) -> Allocation | Held:
    """The allocation of a row, before anything is entered: sizes need no randomness."""
    if resolved.problems:
        return Held("；".join(dict.fromkeys(resolved.problems)))
    if resolved.agency is None:
        return Held(_("计划未写明发起股室，或本局没有这个股室"))
    if not resolved.items:
        return Held(_("没有可以列入计划的抽查事项"))
    if resolved.scope is None:
        return Held(_("抽查对象范围无法对应到名录库"))
    classes, kinds = scope_counts(resolved.scope)
    exempt, _reason = exempt_field(words, on=on)
    return allocate(
        resolved.asked,
        counts=classes,
        kinds=kinds,
        default_rates=default_rates(on),
        exempt=bool(exempt),
        reserve=RESERVE,
    )


@transaction.atomic
def plan_row(
    version: PlanRowVersion,
    resolved: Resolved,
    *,
    region: str,
    cutoff: dt.date,
    actor: Actor,
    now: dt.datetime,
    on: dt.date,
) -> Task | None:
    """
    Make the task of a plan row and draft its scheme, or hold the row with its reason.

    Args:
        version: The row as it stands.
        resolved: What its words mean.
        region: The first word of the scheme's name.
        cutoff: The day by which all tasks are published (N19).
        actor: A planner of the bureau.
        now: When.
        on: The day whose rules hold.

    Returns:
        The task, or ``None`` for a held row.
    """
    words = " ".join([version.task_name, version.object_scope, *version.items])
    found = size(resolved, words=words, on=on)
    end = version.window_end or cutoff
    start = version.window_start or max(on, dt.date(version.row.plan.year, 1, 1))
    if isinstance(found, Allocation) and end < start:
        found = Held(_("完成时间早于开始时间"))
    if isinstance(found, Allocation) and start > cutoff:
        found = Held(_("开始时间晚于年度截止日，当年不能按期检查公示"))
    if isinstance(found, Held):
        services.hold_row(version=version, reason=_(found.reason), actor=actor, now=now)
        return None
    assert resolved.agency is not None
    assert resolved.scope is not None
    exempt, reason = exempt_field(words, on=on)
    finishes = rules.due_on(scheme_end=end, cutoff=cutoff)
    task = services.create_task(
        name=version.task_name,
        year=version.row.plan.year,
        agency=resolved.agency,
        items=resolved.items,
        window_start=start,
        window_end=finishes,
        due_on=finishes,
        actor=actor,
        now=now,
        channel=resolved.channel,
        row_version=version,
        partners=resolved.partners,
        exempt_field=exempt,
        exempt_reason=reason,
        invented=resolved.invented,
    )
    services.draft_scheme(
        task=task,
        entry=_scheme(found, resolved, version, start=start, finishes=finishes),
        name=rules.scheme_name(region=region, year=task.year, subject=version.task_name),
        actor=actor,
        now=now,
    )
    return task


def _scheme(
    found: Allocation, resolved: Resolved, version: PlanRowVersion, *, start: dt.date, finishes: dt.date
) -> SchemeEntry:
    assert resolved.scope is not None
    needed: list[Mapping[str, str]] = []
    if resolved.qualification and resolved.agency is not None:
        bureau = accounts.department_of(resolved.agency)
        needed.append({"agency": bureau.code, "qualification": resolved.qualification})
    return SchemeEntry(
        scope=resolved.scope,
        scope_text=version.object_scope,
        stratified_by=found.by,
        mode=found.mode,
        strata=found.strata,
        total=found.total,
        class_rates=found.class_rates,
        ratio_text=found.text,
        slots=tuple(dict(n) for n in needed),
        starts_on=start,
        finishes_on=finishes,
        assign_mode=resolved.assign_mode,
        method=resolved.method,
    )
