"""Who may read the log: 审计、纪检 and the audit administrator (审计管理员), nobody else by office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict


def can_read_log(actor: Actor) -> Verdict:
    """Whether *actor* may read all entries."""
    if not actor.holds_anywhere(Duty.AUDITOR, Duty.AUDIT_ADMIN):
        return Verdict(
            NotPermitted(str(_("只有审计岗和审计管理员可以查看全部日志")), code="audit.not-auditor")
        )
    return ALLOWED
