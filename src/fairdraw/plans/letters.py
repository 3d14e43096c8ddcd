"""The bureau's own text of the notice that issues the plan (通知正文模板): kept once, edited by the office."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.documents import plan_papers
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans import permissions
from fairdraw.plans.models import PlanLetter


def text_of(agency: Agency) -> str:
    """The bureau's text, or the one that we ship."""
    held = PlanLetter.objects.filter(agency=agency).first()
    return held.text if held else plan_papers.LETTER


@transaction.atomic
def keep_text(agency: Agency, *, text: str, actor: Actor, now: dt.datetime) -> PlanLetter:
    """
    Keep the bureau's text (修改通知正文模板).

    Raises:
        InvalidInput: It is empty, or names a field that there is not.
    """
    permissions.can_enter_plan(actor, agency).require()
    if not text.strip():
        raise InvalidInput(_("通知正文不能为空"))
    plan_papers.require_known_fields(text)
    held, _made = PlanLetter.objects.update_or_create(
        agency=agency, defaults={"text": text.strip() + "\n", "edited_by": actor.code, "edited_at": now}
    )
    audit.record("plan.letter", actor=actor, at=now, body={"agency": agency.code})
    return held
