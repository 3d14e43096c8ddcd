"""
The answer to "may I": one value for three readers.

A template greys the button and shows ``verdict.refusal``, a test asks ``bool(verdict)``,
a service calls ``verdict.require()``.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairdraw.kernel.errors import FairdrawError


@dataclass(frozen=True)
class Verdict:
    """Allowed, or refused with the error that a service would raise."""

    refusal: FairdrawError | None = None

    def __bool__(self) -> bool:
        return self.refusal is None

    def require(self) -> None:
        """Raise the refusal, if there is one."""
        if self.refusal is not None:
            raise self.refusal


ALLOWED = Verdict()
