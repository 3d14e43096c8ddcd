"""Refusals of the registers that name the field of a form where the mistake stands."""

from __future__ import annotations

from fairdraw.kernel.errors import RuleBroken


class RefusedAtField(RuleBroken):
    """
    A row of a register cannot be as asked.

    Attributes:
        field: Which of the given values is wrong; empty where it is none of them alone.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
