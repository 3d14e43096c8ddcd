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
_NOTHING: Mapping[str, str] = {}

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


class MissingColumns(InvalidInput):
    """
    The table lacks columns without which it cannot be read.

    Attributes:
        groups: Of each group of fields one is needed, and none is there.
    """

    code = "exchange.columns"

    def __init__(self, troubles: Sequence[Trouble], groups: Sequence[Sequence[str]]) -> None:
        super().__init__("\n".join(map(str, troubles)), troubles=tuple(troubles))
        self.groups = tuple(map(tuple, groups))


class Columns:
    """
    The place of each known field in one table's header.

    Args:
        header: The column names of the file.
        aliases: The fields, each with the names it goes by.
        said: The field of each column that a person has named (列对照); such a column is that field and no other.
    """

    def __init__(self, header: Sequence[str], aliases: Aliases, said: Mapping[str, str] = _NOTHING) -> None:
        folded: dict[str, int] = {}
        for index, name in enumerate(header):
            if name not in said:
                folded.setdefault(fold(name), index)
        self.header = list(header)
        self.at: dict[str, int] = {
            said[name]: index for index, name in enumerate(header) if said.get(name) in aliases
        }
        for name, others in aliases.items():
            if name in self.at:
                continue
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

    What the table's layout says of a column goes before its name.

    Raises:
        MissingColumns: A needed column is missing; the troubles say under which names it may stand.
    """
    columns = Columns(table.header, aliases, table.layout.columns)
    troubles = []
    missing = []
    for group in required:
        if any(field in columns for field in group):
            continue
        wordings = [wording for field in group for wording in (field, *aliases[field][:3])]
        message = _("缺少必需的列，请加上以下名称之一的列：{names}").format(names="、".join(wordings))
        troubles.append(Trouble(message, file=table.name, row=table.header_row))
        missing.append(group)
    if troubles:
        raise MissingColumns(troubles, missing)
    return columns
