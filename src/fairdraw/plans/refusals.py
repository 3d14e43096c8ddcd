"""Why a verb on plans, tasks and schemes is refused; each names what would mend it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.kernel.errors import InvalidInput, RuleBroken


class PlanExists(RuleBroken):
    """The bureau has a plan of that year already."""

    code = "plans.plan-exists"


class ItemNotPlannable(RuleBroken):
    """An item that is not confirmed and published cannot be checked (rules.md B1)."""

    code = "plans.item-not-plannable"


class HandPicked(RuleBroken):
    """Targets of a double-random task are drawn, never picked (N01; rules.md A1)."""

    code = "plans.hand-picked"


class NotPlannable(RuleBroken):
    """A task cannot be sized: nobody is in its scope, or its figures do not say how many."""

    code = "plans.not-plannable"


class ItemUnfit(NotPlannable):
    """The scope of a scheme holds targets that an item of the task is not for (rules.md C2)."""

    code = "plans.item-unfit"


class AlreadyPlanned(RuleBroken):
    """A row of the plan has its task; a second one would draw for the same work twice."""

    code = "plans.already-planned"


class ReasonMissing(InvalidInput):
    """Holding, amending, cancelling or hand-picking needs its reason in words."""

    code = "plans.reason-missing"


class SchemeIncomplete(RuleBroken):
    """A scheme lacks something that it must state (N12)."""

    code = "plans.scheme-incomplete"


class NameTaken(InvalidInput):
    """Another scheme of the year bears that name."""

    code = "plans.name-taken"


class NumberTaken(InvalidInput):
    """Another scheme bears that number."""

    code = "plans.number-taken"


class DivisionWrong(InvalidInput):
    """A share of the work does not fit its task; each trouble names its line."""

    code = "plans.division-wrong"


def require_reason(reason: str) -> None:
    """
    Refuse an empty reason.

    Raises:
        ReasonMissing: Nothing is written.
    """
    if not reason.strip():
        raise ReasonMissing(_("请写明原因"))
