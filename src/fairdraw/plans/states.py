"""States of plans and tasks, and the moves between them (workflow.md §3.1, §3.2)."""

from __future__ import annotations

from enum import StrEnum

from fairdraw.kernel.text import gettext_noop as _


class PlanState(StrEnum):
    """States of the annual plan (年度计划)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    FILED = "filed"
    PUBLISHED = "published"
    CLOSED = "closed"


class PlanMove(StrEnum):
    """Moves of the annual plan."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    FILE = "file"
    PUBLISH = "publish"
    AMEND = "amend"
    CLOSE = "close"


PLAN_MOVES = {
    (PlanState.DRAFT, PlanMove.SUBMIT): PlanState.IN_REVIEW,
    (PlanState.IN_REVIEW, PlanMove.RETURN): PlanState.DRAFT,
    (
        PlanState.IN_REVIEW,
        PlanMove.APPROVE,
    ): PlanState.IN_REVIEW,  # workflow.md §3.1: approved, then filed upward
    (PlanState.IN_REVIEW, PlanMove.FILE): PlanState.FILED,
    (PlanState.FILED, PlanMove.RETURN): PlanState.DRAFT,  # the superior asks for changes before publication
    (PlanState.FILED, PlanMove.PUBLISH): PlanState.PUBLISHED,
    (PlanState.PUBLISHED, PlanMove.AMEND): PlanState.PUBLISHED,  # rules.md E4: a new public version
    (PlanState.PUBLISHED, PlanMove.CLOSE): PlanState.CLOSED,
}

PLAN_LABELS = {
    PlanState.DRAFT: _("起草中"),
    PlanState.IN_REVIEW: _("审核中"),
    PlanState.FILED: _("已备案"),
    PlanState.PUBLISHED: _("已公布"),
    PlanState.CLOSED: _("已结束"),
}


class TaskState(StrEnum):
    """States of a task (抽查任务)."""

    HELD = "held"
    DRAFTING = "drafting"
    APPROVED = "approved"
    SEALED = "sealed"
    DRAWN = "drawn"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    SUMMARISED = "summarised"
    CANCELLED = "cancelled"


class TaskMove(StrEnum):
    """Moves of a task."""

    RELEASE = "release"
    APPROVE = "approve"
    RETURN = "return"
    SEAL = "seal"
    UNSEAL = "unseal"
    DRAW = "draw"
    START = "start"
    COMPLETE = "complete"
    SUMMARISE = "summarise"
    CANCEL = "cancel"


TASK_MOVES = {
    (TaskState.HELD, TaskMove.RELEASE): TaskState.DRAFTING,
    (TaskState.DRAFTING, TaskMove.APPROVE): TaskState.APPROVED,
    (TaskState.APPROVED, TaskMove.RETURN): TaskState.DRAFTING,
    (TaskState.APPROVED, TaskMove.SEAL): TaskState.SEALED,
    (TaskState.SEALED, TaskMove.UNSEAL): TaskState.APPROVED,  # vdraw/1 §13: voided or failed
    (TaskState.SEALED, TaskMove.DRAW): TaskState.DRAWN,
    (TaskState.DRAWN, TaskMove.START): TaskState.IN_PROGRESS,
    (TaskState.IN_PROGRESS, TaskMove.COMPLETE): TaskState.COMPLETED,
    (TaskState.COMPLETED, TaskMove.SUMMARISE): TaskState.SUMMARISED,
    (TaskState.HELD, TaskMove.CANCEL): TaskState.CANCELLED,
    (TaskState.DRAFTING, TaskMove.CANCEL): TaskState.CANCELLED,
    (TaskState.APPROVED, TaskMove.CANCEL): TaskState.CANCELLED,
}

TASK_LABELS = {
    TaskState.HELD: _("暂缓"),
    TaskState.DRAFTING: _("制定方案"),
    TaskState.APPROVED: _("待抽取"),
    TaskState.SEALED: _("已封存"),
    TaskState.DRAWN: _("已抽取"),
    TaskState.IN_PROGRESS: _("实施中"),
    TaskState.COMPLETED: _("已完成"),
    TaskState.SUMMARISED: _("已总结"),
    TaskState.CANCELLED: _("已取消"),
}


class TaskKind(StrEnum):
    """
    What a task is. Only double-random tasks draw (rules.md A1, A2); hand-picked work is another kind.
    """

    DOUBLE_RANDOM = "double_random"
    FULL_COVERAGE = "full_coverage"
    CASE_INSPECTION = "case_inspection"
    SPECIAL_CAMPAIGN = "special_campaign"


KIND_LABELS = {
    TaskKind.DOUBLE_RANDOM: _("双随机抽查"),
    TaskKind.FULL_COVERAGE: _("重点监管"),
    TaskKind.CASE_INSPECTION: _("个案检查"),
    TaskKind.SPECIAL_CAMPAIGN: _("专项检查"),
}


class Channel(StrEnum):
    """Where a task's targets are drawn (抽取渠道; N18)."""

    FAIRDRAW = "fairdraw"
    PROVINCIAL = "provincial"
    DISPATCHED = "dispatched"


CHANNEL_LABELS = {
    Channel.FAIRDRAW: _("本系统抽取"),
    Channel.PROVINCIAL: _("省级平台抽取"),
    Channel.DISPATCHED: _("上级派发"),
}


class AgencyRole(StrEnum):
    """The part an agency has in a task."""

    LEAD = "lead"
    PARTNER = "partner"
    EXECUTOR = "executor"
