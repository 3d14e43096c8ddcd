"""
Which column of a file is which field (列对照): looked at, said by a person, recognised again next time.

A file is known by the shape of its header: the names of its columns in their order, as they stand in its first row.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.exchange import tables
from fairdraw.exchange.kinds import Kind
from fairdraw.exchange.readers.columns import Aliases, Columns, MissingColumns, fold
from fairdraw.exchange.tables import Layout, Record, Table
from fairdraw.kernel.errors import InvalidInput, Trouble

PREVIEWED = 8  # rows under the header
SAMPLES = 3
HEAD_ROWS = 30


@dataclass(frozen=True)
class Field:
    """A field of a kind: its code, what people call it, under which names its column is recognised."""

    code: str
    label: str
    names: tuple[str, ...]
    needed: bool


@dataclass(frozen=True)
class ColumnSeen:
    """A column of a file: its name, the field it is taken for, some of its values."""

    name: str
    field: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """
    A file as it is understood.

    Attributes:
        sheets: Its worksheets, none of a text file.
        sheet: The one that is read, empty: the first with content.
        above: The rows above the header.
        header_rows: First and last row of the header.
        shape: By which the file is recognised again.
        columns: Its columns.
        rows: The first rows under the header, cells in the columns' order.
        missing: What is needed and not there: of each group one.
    """

    sheets: tuple[str, ...]
    sheet: str
    above: tuple[Record, ...]
    header_rows: tuple[int, int]
    shape: str
    columns: tuple[ColumnSeen, ...]
    rows: tuple[Record, ...]
    missing: tuple[tuple[str, ...], ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that nothing reads."""
        return tuple(column.name for column in self.columns if not column.field)


def fields(kind: Kind) -> tuple[Field, ...]:
    """The fields of a kind, in the order of its table."""
    needed = {name for group in _needed(kind) if len(group) == 1 for name in group}
    return tuple(
        Field(code, label_of(code, kind.aliases), tuple(names), code in needed)
        for code, names in kind.aliases.items()
    )


def label_of(code: str, aliases: Aliases) -> str:
    """What people call a field: the first of its Chinese names."""
    return next((name for name in aliases.get(code, ()) if not name.isascii()), code)


def _needed(kind: Kind) -> tuple[tuple[str, ...], ...]:
    """Groups of fields of which a file must have one: those that a table without any column lacks."""
    try:
        kind.probe(Table(name="", header=[], header_row=1, source=lambda: iter(())))
    except MissingColumns as missing:
        return missing.groups
    return ()


def look(kind: Kind, path: Path, layout: Layout) -> Look:
    """
    Look at a file of a kind: where its header stands, what its columns are, how its first rows read.

    Raises:
        InvalidInput: It cannot be read as a table.
    """
    table = kind.open(path, layout)
    first = tables.first_records(path, count=HEAD_ROWS, layout=layout)
    start = _header_starts(kind, table, first)
    rows = _first_rows(table)
    columns = Columns(table.header, kind.aliases, table.layout.columns)
    held = {index: code for code, index in columns.at.items()}
    return Look(
        sheets=tables.sheets(path),
        sheet=layout.sheet,
        above=tuple(row for row in first if row[0] < start),
        header_rows=(start, table.header_row),
        shape=next((shape_of(cells) for number, cells in first if number == start), ""),
        columns=tuple(
            ColumnSeen(name, held.get(index, ""), _samples(rows, index))
            for index, name in enumerate(table.header)
        ),
        rows=rows[:PREVIEWED],
        missing=_missing(kind, table),
    )


def _header_starts(kind: Kind, table: Table, first: Sequence[Record]) -> int:
    if table.layout.header_row:
        return table.layout.header_row
    words = kind.header_words
    likely = (n for n, cells in first if n <= table.header_row and words.looks_like_header(cells))
    return next(likely, table.header_row)


def _first_rows(table: Table) -> tuple[Record, ...]:
    found: list[Record] = []
    for record in table.records():
        found.append(record)
        if len(found) == HEAD_ROWS:
            break
    return tuple(found)


def _samples(rows: Sequence[Record], index: int) -> tuple[str, ...]:
    values = dict.fromkeys(" ".join(cells[index].split())[:40] for _number, cells in rows)
    return tuple(value for value in values if value)[:SAMPLES]


def _missing(kind: Kind, table: Table) -> tuple[tuple[str, ...], ...]:
    empty = Table(table.name, table.header, table.header_row, lambda: iter(()), layout=table.layout)
    try:
        kind.probe(empty)
    except MissingColumns as missing:
        return missing.groups
    return ()


def shape_of(cells: Iterable[str]) -> str:
    """The shape of a header: its names in a comparable form, in their order."""
    names = [fold(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256(json.dumps(names, ensure_ascii=False).encode()).hexdigest()


def recognised(path: Path, layout: Layout, known: Mapping[str, Mapping[str, str]]) -> Layout:
    """
    The layout with the columns of a header that is known, where one stands among the first rows (自动套用).

    Args:
        path: The file.
        layout: The sheet, and the row of the header where it was said.
        known: The columns by the shape of their header.
    """
    for number, cells in tables.first_records(path, count=HEAD_ROWS, layout=layout):
        if layout.header_row in (0, number) and (found := known.get(shape_of(cells))) is not None:
            return Layout(layout.sheet, number, dict(found))
    return layout


def said(texts: Iterable[str], aliases: Aliases) -> dict[str, str]:
    """
    What a command says of columns: ``列名=字段``, or a JSON file with an object of such pairs.

    A field goes by its code or any of its names; nothing after ``=`` leaves the column out.

    Raises:
        InvalidInput: A field is unknown, or a text is neither.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        if "=" in text:
            column, _equals, field = text.partition("=")
            pairs[column.strip()] = field.strip()
        else:
            pairs |= _from_json(Path(text))
    codes = {fold(word): code for code, names in aliases.items() for word in (code, *names)}
    unknown = [field for field in pairs.values() if field and fold(field) not in codes]
    if unknown:
        words = {"named": "、".join(unknown), "known": "、".join(label_of(c, aliases) for c in aliases)}
        raise InvalidInput(_("没有字段“%(named)s”，可用：%(known)s") % words, code="exchange.columns")
    return {column: codes[fold(field)] if field else "" for column, field in pairs.items()}


def _from_json(path: Path) -> dict[str, str]:
    refused = _("列对照写成 列名=字段，或给出一个 JSON 文件，内容是 {“列名”: “字段”}：%(path)s") % {
        "path": path
    }
    try:
        held = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        raise InvalidInput(refused, code="exchange.columns") from None
    if not isinstance(held, dict) or not all(isinstance(value, str) for value in held.values()):
        raise InvalidInput(refused, code="exchange.columns")
    return held


def require_sound(table: Table, aliases: Aliases) -> None:
    """
    Refuse columns that are said and not there, and two columns said to be one field.

    Raises:
        InvalidInput: Names them.
    """
    columns = table.layout.columns
    absent = [name for name in columns if name not in table.header]
    troubles = [
        Trouble(
            _("没有这一列，表头是：%(names)s") % {"names": "、".join(table.header)},
            file=table.name,
            row=table.header_row,
            column=name,
        )
        for name in absent
    ]
    for field, count in Counter(filter(None, columns.values())).items():
        if count > 1:
            named = "、".join(name for name, other in columns.items() if other == field)
            words = {"field": label_of(field, aliases), "named": named}
            message = _("“%(field)s”只能对应一列，现在对应了：%(named)s") % words
            troubles.append(Trouble(message, file=table.name, row=table.header_row))
    if troubles:
        raise InvalidInput("\n".join(map(str, troubles)), code="exchange.columns", troubles=tuple(troubles))
