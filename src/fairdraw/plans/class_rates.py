"""Rates by class that were tried out become those of a drafted scheme (采用比例; N12, N15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.kernel.actor import Actor
from fairdraw.plans import permissions, planning, schemes, selectors
from fairdraw.plans.allocation import CLASSES, Asked, Held, allocate, falls
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import Scheme, Task
from fairdraw.plans.refusals import NotPlannable
from fairdraw.plans.strata import Layering
from fairdraw.registers.scopes import ScopeSpec


@transaction.atomic
def adopt(*, task: Task, rates: Mapping[str, Fraction], actor: Actor, now: dt.datetime) -> Scheme:
    """
    Write the scheme of a task anew with *rates*, while it is drafted; all else that it states stays (采用此比例).

    Args:
        task: The task; its scheme is drafted.
        rates: By class, ``N`` for the unclassed; 0 to 1, exact.
        actor: Whoever may write the scheme.
        now: When.

    Raises:
        NotPlannable: It is not drawn by class, the rates fall from A to D, or it cannot be sized.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_draft(actor, task).require()
    scheme = task.scheme
    layering = Layering.from_json(scheme.layering)
    if task.exempt_field or scheme.stratified_by not in {"credit", "none"} or not layering.is_plain:
        raise NotPlannable(_("这项任务不按信用风险分类抽取，不能采用分类比例"))
    if pair := falls(rates, CLASSES):
        words = {"better": pair[0], "worse": pair[1]}
        raise NotPlannable(_("%(worse)s类的比例低于%(better)s类：风险越高比例应当越高") % words)
    scope = ScopeSpec.from_json(scheme.scope)
    classes, _kinds = planning.scope_counts(scope)
    found = allocate(
        Asked(ratio_by_class=rates),
        counts=classes,
        kinds={},
        default_rates={},
        exempt=False,
        reserve=planning.RESERVE,
    )
    if isinstance(found, Held):
        raise NotPlannable(_(found.reason))
    entry = SchemeEntry(
        scope=scope,
        scope_text=scheme.scope_text,
        stratified_by=found.by,
        mode=found.mode,
        strata=found.strata,
        total=found.total,
        class_rates=found.class_rates,
        ratio_text=found.text,
        slots=tuple(scheme.slots),
        starts_on=scheme.starts_on,
        finishes_on=scheme.finishes_on,
        assign_mode=scheme.assign_mode,
        bundle_size=scheme.bundle_size,
        method=scheme.method,
        method_reason=scheme.method_reason,
        layering=layering,
        number=scheme.number,
    )
    return schemes.draft_scheme(task=task, entry=entry, name=scheme.name, actor=actor, now=now)
