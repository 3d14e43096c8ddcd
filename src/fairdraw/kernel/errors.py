"""
The error tree of the product: five branches, each with the answer a door gives.

A concrete error stands beside the function that raises it. It has a stable ``code``
("draws.not-drawable") and one Chinese sentence that tells the officer what to do next.
Callers branch on type, never on text.
"""

from __future__ import annotations

from dataclasses import dataclass


class FairdrawError(Exception):
    """Anything the product refuses, with a stable code and one sentence for the person."""

    code = "fairdraw.error"
    status = 500

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotFound(FairdrawError):
    """Absent, or outside the asker's scope: the two look alike (404)."""

    code = "fairdraw.not-found"
    status = 404


class NotPermitted(FairdrawError):
    """The asker's duty does not reach this (403)."""

    code = "fairdraw.not-permitted"
    status = 403


class RuleBroken(FairdrawError):
    """The law, the state or another person's change forbids it now (409)."""

    code = "fairdraw.rule-broken"
    status = 409


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with something given: where it stands and what to do about it."""

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" 第{self.row}行"
        if self.column:
            place += f"「{self.column}」列"
        return f"{place.strip()}：{self.message}" if place.strip() else self.message


class InvalidInput(FairdrawError):
    """What was given cannot be used; names the field or the row (422)."""

    code = "fairdraw.invalid-input"
    status = 422

    def __init__(self, message: str, *, code: str | None = None, troubles: tuple[Trouble, ...] = ()) -> None:
        super().__init__(message, code=code)
        self.troubles = troubles


class ExchangeFailed(FairdrawError):
    """The far side did not answer; may be tried again (502)."""

    code = "fairdraw.exchange-failed"
    status = 502
