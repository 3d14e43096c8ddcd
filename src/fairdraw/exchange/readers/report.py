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
#: So many errors, and so many cautions, of one file are kept each with its place; of more, only their number.
MOST_KEPT = 100_000

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


@dataclass
class Kept:
    """
    What is found wrong with a file of a million rows, in bounded memory.

    Attributes:
        file: Its name.
        troubles: Each with its place, the first ``MOST_KEPT`` errors and as many cautions.
        unlisted: How many more errors there are.
        rows: The rows with errors, all of them.
    """

    file: str
    unlisted: int = 0
    rows: set[int] = field(default_factory=set)
    _errors: list[Trouble] = field(default_factory=list)
    _cautions: list[Trouble] = field(default_factory=list)
    _unlisted_cautions: int = 0

    def add(self, troubles: Iterable[Trouble]) -> None:
        """Take what was found in some more rows."""
        for trouble in troubles:
            if isinstance(trouble, Caution):
                if len(self._cautions) < MOST_KEPT:
                    self._cautions.append(trouble)
                else:
                    self._unlisted_cautions += 1
                continue
            if trouble.row is not None:
                self.rows.add(trouble.row)
            if len(self._errors) < MOST_KEPT:
                self._errors.append(trouble)
            else:
                self.unlisted += 1

    @property
    def troubles(self) -> list[Trouble]:
        """What is listed, and how much is not."""
        said = _("提醒太多，逐条列出前 {most} 条，另有 {count} 条没有列出")
        words = said.format(most=MOST_KEPT, count=self._unlisted_cautions)
        rest = [Caution(words, file=self.file)] if self._unlisted_cautions else []
        return [*self._errors, *self._cautions, *rest]


def require(troubles: Iterable[Trouble], *, unlisted: int = 0) -> None:
    """
    Refuse the file when anything but cautions was found (有错误则全部不导入).

    *unlisted* errors were found besides *troubles*.

    Raises:
        InvalidInput: At least one error; its sentence gives the number and the first twenty.
    """
    found = errors(troubles)
    if not found:
        return
    lines = [str(trouble) for trouble in found[:LISTED]]
    count = len(found) + unlisted
    if count > LISTED:
        lines.append(_("……另有 {count} 处").format(count=count - LISTED))
    head = _("文件有 {count} 处错误，没有存入任何内容：").format(count=count)
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

    def require_kept(self, kept: Kept) -> None:
        """As :meth:`require`, of a large file."""
        held = kept.troubles
        require(held, unlisted=kept.unlisted)
        self.cautions += cautions(held)

    def usable(self, troubles: Iterable[Trouble]) -> Callable[[int], bool]:
        """Judge what was found wrong; gives whether the row of a number may be used."""
        self.require(troubles)
        return lambda _number: True


@dataclass
class Sieve(Told):
    """What was found wrong with a file of which only the good rows are used (只导入可用行; T-I7)."""

    refused: list[Trouble] = field(default_factory=list)
    refused_rows: set[int] = field(default_factory=set)

    def require(self, troubles: Iterable[Trouble]) -> None:
        """Keep cautions and errors of rows; refuse what is wrong with the file as a whole."""
        held = list(troubles)
        found = errors(held)
        require(trouble for trouble in found if trouble.row is None)
        self.refused += found
        self.refused_rows |= {trouble.row for trouble in found if trouble.row is not None}
        self.cautions += cautions(held)

    def require_kept(self, kept: Kept) -> None:
        """As :meth:`require`, of a large file."""
        self.require(kept.troubles)
        self.refused_rows |= kept.rows
        if kept.unlisted:
            said = _("错误太多，逐条列出前 {most} 处，另有 {count} 处没有列出；有错误的行都没有采用")
            words = said.format(most=MOST_KEPT, count=kept.unlisted)
            self.cautions.append(Caution(words, file=kept.file))

    def usable(self, troubles: Iterable[Trouble]) -> Callable[[int], bool]:
        """Keep what was found wrong; gives whether the row of a number has no error."""
        self.require(troubles)
        return lambda number: number not in self.refused_rows
