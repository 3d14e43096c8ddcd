"""States of a follow-up, a listing, a repair (workflow.md §3.5–3.7)."""

from __future__ import annotations

from enum import StrEnum

from fairdraw.kernel.text import gettext_noop as _


class FollowUpState(StrEnum):
    """States of a follow-up (后续处置)."""

    OPEN = "open"
    ORDERED = "ordered"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    TRANSFERRED = "transferred"
    CASE_FILED = "case_filed"
    CLOSED = "closed"


class FollowUpMove(StrEnum):
    """Moves of a follow-up."""

    ORDER = "order"
    SUBMIT = "submit"
    VERIFY = "verify"
    TRANSFER = "transfer"
    FILE_CASE = "file_case"
    CLOSE = "close"


FOLLOWUP_MOVES = {
    (FollowUpState.OPEN, FollowUpMove.ORDER): FollowUpState.ORDERED,
    (FollowUpState.OPEN, FollowUpMove.TRANSFER): FollowUpState.TRANSFERRED,
    (FollowUpState.OPEN, FollowUpMove.FILE_CASE): FollowUpState.CASE_FILED,
    (FollowUpState.ORDERED, FollowUpMove.SUBMIT): FollowUpState.SUBMITTED,
    (FollowUpState.SUBMITTED, FollowUpMove.VERIFY): FollowUpState.VERIFIED,
    (FollowUpState.ORDERED, FollowUpMove.TRANSFER): FollowUpState.TRANSFERRED,
    (FollowUpState.ORDERED, FollowUpMove.FILE_CASE): FollowUpState.CASE_FILED,
    (FollowUpState.VERIFIED, FollowUpMove.CLOSE): FollowUpState.CLOSED,
    (FollowUpState.TRANSFERRED, FollowUpMove.CLOSE): FollowUpState.CLOSED,
    (FollowUpState.CASE_FILED, FollowUpMove.CLOSE): FollowUpState.CLOSED,
}

FOLLOWUP_LABELS = {
    FollowUpState.OPEN: _("待处置"),
    FollowUpState.ORDERED: _("已责令改正"),
    FollowUpState.SUBMITTED: _("已报整改"),
    FollowUpState.VERIFIED: _("已复查"),
    FollowUpState.TRANSFERRED: _("已移送"),
    FollowUpState.CASE_FILED: _("已立案"),
    FollowUpState.CLOSED: _("已完结"),
}


class ListingState(StrEnum):
    """States of a listing or marking (经营异常名录)."""

    GUIDANCE = "guidance"
    PROPOSED = "proposed"
    LISTED = "listed"
    REMOVAL_REQUESTED = "removal_requested"
    REMOVED = "removed"
    REVOKED = "revoked"
    ENDED = "ended"


class RepairState(StrEnum):
    """States of a credit repair (信用修复)."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    GRANTED = "granted"
    REFUSED = "refused"
    SYNCHRONISED = "synchronised"
