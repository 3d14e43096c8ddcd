"""
What a reader found wrong, and the gate before anything is stored (导入检查报告; T-I7).

A :class:`Trouble` makes the file unusable; a :class:`Caution` is told and taken in all the same, such as a
code whose check character is wrong (data_standards.md §1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from fairdraw.kernel.errors import InvalidInput, Trouble

LISTED = 20

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Caution(Trouble):
    """Something to look at that does not keep the row out (提醒)."""


class Reading(NamedTuple, Generic[RowT]):
    """The rows understood, and everything found wrong on the way."""

    rows: list[RowT]
    troubles: list[Trouble]


def errors(troubles: Iterable[Trouble]) -> list[Trouble]:
    """Those troubles that keep a file out."""
    return [trouble for trouble in troubles if not isinstance(trouble, Caution)]


def cautions(troubles: Iterable[Trouble]) -> list[Caution]:
    """Those troubles that are only told."""
    return [trouble for trouble in troubles if isinstance(trouble, Caution)]


def require(troubles: Iterable[Trouble]) -> None:
    """
    Refuse the file when anything but cautions was found (有错误则全部不导入).

    Raises:
        InvalidInput: At least one error; its sentence gives the number and the first twenty.
    """
    found = errors(troubles)
    if not found:
        return
    lines = [str(trouble) for trouble in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(_("……另有 {count} 处").format(count=len(found) - LISTED))
    head = _("文件有 {count} 处错误，没有存入任何内容：").format(count=len(found))
    raise InvalidInput("\n".join([head, *lines]), code="exchange.rows", troubles=tuple(found))


@dataclass
class Told:
    """Cautions of a file that was taken in all the same (导入提醒)."""

    cautions: list[Trouble] = field(default_factory=list)

    def require(self, troubles: Iterable[Trouble]) -> None:
        """Refuse errors, keep cautions."""
        held = list(troubles)
        require(held)
        self.cautions += cautions(held)

    def usable(self, troubles: Iterable[Trouble]) -> Callable[[int], bool]:
        """Judge what was found wrong; gives whether the row of a number may be used."""
        self.require(troubles)
        return lambda _number: True


@dataclass
class Sieve(Told):
    """What was found wrong with a file of which only the good rows are used (只导入可用行; T-I7)."""

    refused: list[Trouble] = field(default_factory=list)

    def require(self, troubles: Iterable[Trouble]) -> None:
        """Keep cautions and errors of rows; refuse what is wrong with the file as a whole."""
        held = list(troubles)
        found = errors(held)
        require(trouble for trouble in found if trouble.row is None)
        self.refused += found
        self.cautions += cautions(held)

    def usable(self, troubles: Iterable[Trouble]) -> Callable[[int], bool]:
        """Keep what was found wrong; gives whether the row of a number has no error."""
        self.require(troubles)
        bad = {trouble.row for trouble in self.refused}
        return lambda number: number not in bad
