"""States of an inspection (workflow.md §3.3): one drawn row × one executing agency."""

from __future__ import annotations

from enum import StrEnum

from fairdraw.kernel.text import gettext_noop as _


class InspectionState(StrEnum):
    """States of an inspection (一次检查)."""

    ASSIGNED = "assigned"
    NOTIFIED = "notified"
    RECORDED = "recorded"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    EXCLUDED = "excluded"


class InspectionMove(StrEnum):
    """Moves of an inspection."""

    NOTIFY = "notify"
    RECORD = "record"
    RETURN = "return"
    REVIEW = "review"
    SUBMIT = "submit"
    PUBLISH = "publish"
    EXCLUDE = "exclude"
    REOPEN = "reopen"


INSPECTION_MOVES = {
    (InspectionState.ASSIGNED, InspectionMove.NOTIFY): InspectionState.NOTIFIED,
    (InspectionState.ASSIGNED, InspectionMove.RECORD): InspectionState.RECORDED,  # unannounced: rules.md I1
    (InspectionState.NOTIFIED, InspectionMove.RECORD): InspectionState.RECORDED,
    (InspectionState.RETURNED, InspectionMove.RECORD): InspectionState.RECORDED,
    (InspectionState.RECORDED, InspectionMove.RETURN): InspectionState.RETURNED,
    (InspectionState.RECORDED, InspectionMove.REVIEW): InspectionState.REVIEWED,
    (InspectionState.REVIEWED, InspectionMove.SUBMIT): InspectionState.SUBMITTED,
    (InspectionState.SUBMITTED, InspectionMove.PUBLISH): InspectionState.PUBLISHED,
    (
        InspectionState.PUBLISHED,
        InspectionMove.REOPEN,
    ): InspectionState.RETURNED,  # taken off as wrong: rules.md K5
    (InspectionState.ASSIGNED, InspectionMove.EXCLUDE): InspectionState.EXCLUDED,
    (InspectionState.NOTIFIED, InspectionMove.EXCLUDE): InspectionState.EXCLUDED,
}

INSPECTION_LABELS = {
    InspectionState.ASSIGNED: _("待检查"),
    InspectionState.NOTIFIED: _("已通知"),
    InspectionState.RECORDED: _("待审核"),
    InspectionState.RETURNED: _("审核不通过"),
    InspectionState.REVIEWED: _("待公示"),
    InspectionState.SUBMITTED: _("待回执"),
    InspectionState.PUBLISHED: _("已公示"),
    InspectionState.EXCLUDED: _("不再检查"),
}
