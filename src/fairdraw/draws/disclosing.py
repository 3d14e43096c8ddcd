"""
To whom the bundle of a draw will be handed, and when: decided as its lists are frozen, then sealed (披露范围).

Whoever has seed and list can tell a target's class from its number wherever classes decide the size of the
sample, and from the frame wherever it names them: such a draw is for auditors, never for the public.
Source: vdraw/1 §6.2, §15.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from drawcore.seal import Disclosure
from fairdraw.draws import rules, selectors
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.allocation import CLASSES
from fairdraw.plans.models import Scheme, Task
from fairdraw.registers.scopes import ScopeSpec

TO_AUDITORS = Disclosure("auditors", "task")


def can_be_public(tasks: Sequence[Task]) -> Verdict:
    """Whether a draw of these tasks may be disclosed to everybody: no class decides who is drawn, or how many."""
    told = sorted(task.number for task in tasks if _asks_for_classes(task.scheme))
    if told:
        said = _(
            "任务 %(task)s 按信用风险分类抽取，分类不得公开，抽取资料只能披露给纪检、审计、上级机关和法院"
        )
        return Verdict(NotDrawable(said % {"task": "、".join(told)}))
    return ALLOWED


def _asks_for_classes(scheme: Scheme) -> bool:
    strata = {row["code"] for row in scheme.strata} & set(CLASSES)
    return scheme.stratified_by in {"credit", "own"} or bool(
        strata or ScopeSpec.from_json(scheme.scope).classes
    )


def require_allowed(draw: Draw, tasks: Sequence[Task]) -> None:
    """
    Refuse lists that were frozen for a disclosure that they are not fit for (核对披露范围).

    Raises:
        NotDrawable: The public would learn a class.
    """
    if draw.disclose_to != "public":
        return
    can_be_public(tasks).require()
    frame = selectors.content(draw, "frame.tsv").decode()
    if any(rules.tells_class(line.split("\t")[3]) for line in frame.splitlines()):
        raise NotDrawable(_("底册载有信用风险分类，分类不得公开，抽取资料不能向社会披露"))
