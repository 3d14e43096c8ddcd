"""
Where one target stands in a sealed draw (查询本户是否在库、是否抽中), and the proof of it for that target (在库证明).

The proof shows that the target is in the sealed list and nothing else: neither class nor place, nor others.

Source: vdraw/1 §5, §15.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from drawcore import receipt, suites
from drawcore.rows import Exclusions, Frame
from fairdraw.draws import selectors
from fairdraw.draws.models import Draw, DrawnRow
from fairdraw.draws.refusals import explained


@dataclass(frozen=True)
class Place:
    """
    Where a target stands in a draw.

    Attributes:
        in_frame: It is in the sealed list.
        left_out: Why it is not in the list, or not in a task of it: task (``*`` for all) and reason.
        drawn: The tasks that drew it, or that it moved up in; empty before the draw.
    """

    in_frame: bool
    left_out: tuple[tuple[str, str], ...]
    drawn: tuple[str, ...]


def place_of(draw: Draw, code: str) -> Place:
    """Tell where the target *code* stands in the sealed *draw*; reserves that were not used are told to nobody."""
    excluded = Exclusions.parse(selectors.content(draw, "excluded.tsv")).rows
    moved = DrawnRow.objects.filter(replaced_by=OuterRef("pk"))
    rows = DrawnRow.objects.filter(drawn_list__draw=draw, target__draw_code=code)
    drawn = rows.filter(Q(reserve=False) | Exists(moved))
    return Place(
        in_frame=code in _frame(draw).index,
        left_out=tuple((row[1], row[2]) for row in excluded if row[0] == code),
        drawn=tuple(sorted(drawn.values_list("task__number", flat=True))),
    )


def _frame(draw: Draw) -> Frame:
    return Frame.parse(selectors.content(draw, "frame.tsv"))


def member_proof(draw: Draw, code: str) -> bytes:
    """
    Write the proof that the target *code* is in the sealed list (在库证明), for that target alone.

    Raises:
        DrawRefused: It is not in the list.
    """
    with explained():
        return receipt.member_proof(_frame(draw), code, draw.seal or "", suites.suite(draw.suite))
