"""What the plan page shows of the plan's life (计划办理): versions, receipts, sections without own work, what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from fairdraw.kernel.actor import Actor
from fairdraw.plans import amending, editions, permissions, receipts, sections
from fairdraw.plans.models import AnnualPlan, PlanAmendment, PlanEdition
from fairdraw.plans.sections import SectionWork


@dataclass(frozen=True)
class Life:
    """Where a plan stands besides its state."""

    editions: tuple[PlanEdition, ...]
    amendment: PlanAmendment | None
    units: int
    received: int
    idle: tuple[SectionWork, ...]
    may_keep: bool
    may_amend: bool

    @property
    def unnumbered(self) -> bool:
        """Whether the version in force waits for its number (回填文号)."""
        return bool(self.editions) and not self.editions[0].document_number


def shown(actor: Actor, plan: AnnualPlan) -> Life:
    """What *actor* sees of the life of *plan*."""
    rows = list(receipts.of_plan(plan))
    draft = amending.amendment_of(plan)
    may_draft = permissions.can_draft_amendment(actor, plan)
    may_decide = permissions.can_decide_amendment(actor, plan, draft.drafted_by if draft else "")
    return Life(
        editions=tuple(editions.editions(plan)),
        amendment=draft,
        units=len(rows),
        received=sum(row.confirmed_at is not None for row in rows),
        idle=tuple(sections.without_own(plan)),
        may_keep=bool(permissions.can_enter_plan(actor, plan.agency)),
        may_amend=bool(may_draft or may_decide),
    )
