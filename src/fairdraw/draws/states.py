"""States of a draw and the arrows between them (vdraw/1 §13); the database refuses every other arrow."""

from __future__ import annotations

from enum import StrEnum

from fairdraw.kernel.text import gettext_noop as _


class DrawState(StrEnum):
    """States of a draw (抽取)."""

    DRAFT = "draft"
    SEALED = "sealed"
    REVEALING = "revealing"
    WAITING = "waiting"
    DRAWN = "drawn"
    DISCLOSED = "disclosed"
    VOIDED = "voided"
    FAILED = "failed"


class DrawMove(StrEnum):
    """Moves of a draw."""

    SEAL = "seal"
    OPEN_REVEALS = "open_reveals"
    AWAIT_NUMBER = "await_number"
    COMPLETE = "complete"
    DISCLOSE = "disclose"
    VOID = "void"
    FAIL = "fail"


DRAW_MOVES = {
    (DrawState.DRAFT, DrawMove.SEAL): DrawState.SEALED,
    (DrawState.SEALED, DrawMove.OPEN_REVEALS): DrawState.REVEALING,
    (DrawState.SEALED, DrawMove.VOID): DrawState.VOIDED,
    (DrawState.SEALED, DrawMove.FAIL): DrawState.FAILED,
    (DrawState.REVEALING, DrawMove.AWAIT_NUMBER): DrawState.WAITING,
    (DrawState.REVEALING, DrawMove.COMPLETE): DrawState.DRAWN,  # level 1: no public number
    (DrawState.REVEALING, DrawMove.FAIL): DrawState.FAILED,
    (DrawState.WAITING, DrawMove.COMPLETE): DrawState.DRAWN,
    (DrawState.WAITING, DrawMove.FAIL): DrawState.FAILED,
    (DrawState.DRAWN, DrawMove.DISCLOSE): DrawState.DISCLOSED,
}

DRAW_LABELS = {
    DrawState.DRAFT: _("准备中"),
    DrawState.SEALED: _("已封存"),
    DrawState.REVEALING: _("开启中"),
    DrawState.WAITING: _("待公开随机数"),
    DrawState.DRAWN: _("已抽取"),
    DrawState.DISCLOSED: _("已披露"),
    DrawState.VOIDED: _("已作废"),
    DrawState.FAILED: _("未成"),
}

ENDED = (DrawState.VOIDED, DrawState.FAILED)
FINISHED = (DrawState.DRAWN, DrawState.DISCLOSED)


class Purpose(StrEnum):
    """What a part of a draw is for (vdraw/1 §6.1)."""

    MAIN = "main"
    INSPECTORS = "inspectors"
    RECHECK = "recheck"
