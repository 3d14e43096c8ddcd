"""
What a reader found wrong, and the gate before anything is stored (导入检查报告; T-I7).

A :class:`Trouble` makes the file unusable; a :class:`Caution` is told and taken in all the same, such as a
code whose check character is wrong (data_standards.md §1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from fairdraw.kernel.errors import InvalidInput, Trouble

LISTED = 20

RowT = TypeVar("RowT")


@dataclass(frozen=True)
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
