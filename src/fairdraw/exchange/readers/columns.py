"""
Which column of a table holds which field (列名对照), by English names and by the Chinese ones bureaus use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.exchange import tables
from fairdraw.exchange.tables import Layout, Table
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


class HeaderNames:
    """What is known of the column names of a table: its header stands where two of them stand (表头)."""

    ENOUGH = 2

    def __init__(self, aliases: Aliases) -> None:
        self._field: dict[str, str] = {}
        for field, others in aliases.items():
            for wording in (field, *others):
                self._field.setdefault(fold(wording), field)

    def field(self, name: str) -> str:
        """The field that a column of this name holds; empty where it is not known."""
        return self._field.get(fold(name), "")

    def looks_like_header(self, cells: Sequence[str]) -> bool:
        """Whether at least two cells are names of different fields."""
        return len({field for cell in cells if cell and (field := self.field(cell))}) >= self.ENOUGH

    def join(self, upper: str, lower: str) -> str:
        """The name of a column whose header stands in two rows: whichever is known, else both."""
        if self.field(upper + lower):
            return upper + lower
        return lower if self.field(lower) else upper if self.field(upper) else upper + lower


def open_register(path: Path, aliases: Aliases, layout: Layout) -> Table:
    """
    Open a table of the registers: titles may stand above its header, which may take two rows.

    Raises:
        InvalidInput: No table, or two columns bear the name of one field and nobody has said which it is.
    """
    names = HeaderNames(aliases)
    table = tables.read(path, words=names, layout=layout)
    seen: dict[str, str] = {}
    for name in table.header:
        known = names.field(name)
        if not known or name in layout.columns:
            continue
        if known in seen and name.startswith(f"{seen[known]}（第"):
            said = _("表头“{name}”出现了两次。请改名或删去一列，或用列对照指明用哪一列")
            trouble = Trouble(said.format(name=seen[known]), file=table.name, row=table.header_row)
            raise InvalidInput(str(trouble), code="exchange.table", troubles=(trouble,))
        seen.setdefault(known, name)
    return table


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
