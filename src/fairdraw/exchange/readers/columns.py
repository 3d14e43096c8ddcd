"""
Which column of a table holds which field (列名对照), by English names and by the Chinese ones bureaus use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from fairdraw.exchange.tables import Table
from fairdraw.kernel.errors import InvalidInput, Trouble

Aliases = Mapping[str, Sequence[str]]

_NOISE = re.compile(r"[\s*_]+")
_BRACKETED = re.compile(r"\([^()]*\)")


def fold(name: str) -> str:
    """
    Bring a column name to its comparable form: half width, lower case, no blanks, brackets or stars.

    >>> fold("统一社会信用代码（注册号） *"), fold("Reg_Date")
    ('统一社会信用代码', 'regdate')
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()
    return _BRACKETED.sub("", text) or text


class Columns:
    """The place of each known field in one table's header."""

    def __init__(self, header: Sequence[str], aliases: Aliases) -> None:
        folded: dict[str, int] = {}
        for index, name in enumerate(header):
            folded.setdefault(fold(name), index)
        self.header = list(header)
        self.at: dict[str, int] = {}
        for name, others in aliases.items():
            for wording in (name, *others):
                index = folded.get(fold(wording), -1)
                if index >= 0 and index not in self.at.values():
                    self.at[name] = index
                    break

    def __contains__(self, field: str) -> bool:
        return field in self.at

    def name(self, field: str) -> str:
        """The column's name as the file has it."""
        index = self.at.get(field)
        return field if index is None else self.header[index]

    @property
    def unused(self) -> list[str]:
        """Columns of the file that nothing reads."""
        used = set(self.at.values())
        return [name for index, name in enumerate(self.header) if index not in used]


def match(table: Table, aliases: Aliases, *, required: Sequence[Sequence[str]]) -> Columns:
    """
    Find the columns of *table*; each group of *required* must be there with one of its fields.

    Raises:
        InvalidInput: A needed column is missing; the troubles say under which names it may stand.
    """
    columns = Columns(table.header, aliases)
    troubles = []
    for group in required:
        if any(field in columns for field in group):
            continue
        wordings = [wording for field in group for wording in (field, *aliases[field][:3])]
        message = _("缺少必需的列，请加上以下名称之一的列：{names}").format(names="、".join(wordings))
        troubles.append(Trouble(message, file=table.name, row=table.header_row))
    if troubles:
        raise InvalidInput("\n".join(map(str, troubles)), code="exchange.columns", troubles=tuple(troubles))
    return columns
