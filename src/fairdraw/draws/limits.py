"""
How many a general item lets a task draw (比例上限; rules.md B3): judged when lists are frozen, foreseen before.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from drawcore.allocation import sizes
from drawcore.errors import DrawError
from drawcore.plan import Part
from fairdraw.draws import caps, frames
from fairdraw.draws.states import Purpose
from fairdraw.plans import strata
from fairdraw.plans.allocation import KIND_STRATUM, UNCLASSED, Allocation
from fairdraw.plans.models import Scheme, Task
from fairdraw.registers.scopes import ScopeSpec


@dataclass(frozen=True)
class Beyond:
    """A general item whose limit a task goes beyond: out of how many how many are drawn, and at most may be."""

    task: str
    item: str
    held: int
    drawn: int
    most: int

    def __str__(self) -> str:
        return _("任务 %(task)s 从%(held)s户中抽%(drawn)s户，一般事项“%(item)s”至多抽%(most)s户") % vars(self)


def beyond(task: Task, *, held: int, drawn: int) -> list[Beyond]:
    """The general items of *task* that do not allow *drawn* out of *held*."""
    limited = task.task_items.filter(version__item_class="general", version__ratio_limit__isnull=False)
    found = []
    for stood in limited.select_related("version__item").order_by("position"):
        most = math.ceil(Fraction(stood.version.ratio_limit or 0) * held)
        if drawn > most:
            found.append(Beyond(task.number, str(stood.version.item), held, drawn, most))
    return found


def foreseen(task: Task, *, on: dt.date) -> list[Beyond]:
    """
    The same from the register as it is today, while the scheme can still be changed (事前提醒).

    Nothing where the scheme cannot be drawn at all: freezing says why.
    """
    scheme = task.scheme
    counts = strata.counts(
        ScopeSpec.from_json(scheme.scope),
        by=scheme.stratified_by,
        layering=strata.Layering.from_json(scheme.layering),
        left_out=caps.left_out(task, on=on),
    )
    drawn = sizes_of(scheme, by=scheme.stratified_by, counts=counts)
    return beyond(task, held=sum(counts.values()), drawn=sum(drawn.values())) if drawn else []


def sizes_of(planned: Scheme | Allocation, *, by: str, counts: Mapping[str, int]) -> dict[str, int] | None:
    """How many *planned* draws from each stratum, as freezing would compute it; ``None`` where it cannot be drawn."""
    part = Part("planned", Purpose.MAIN.value, "", by, "", frames.allocation(planned))
    try:
        return {code: size.drawn for code, size in sizes(part, counts).items()}
    except DrawError:
        return None


def stratum(by: str, credit: str, kind: str) -> str:
    """The stratum of a target of this class and kind in a scheme that is stratified *by*."""
    if by == "none":
        return UNCLASSED
    if by == "mix" and kind != "enterprise":
        return KIND_STRATUM.get(kind, UNCLASSED)
    return credit or UNCLASSED
