"""
The line files of a draw (名单文件): frame, exclusions, officers, recusals, commitments.

One row a line, fields separated by one TAB, ASCII, sorted by the key columns, no key twice, an
empty list is an empty file. Each file has a class here that reads it, makes it from rows in any
order, and gives back its bytes.

Source: vdraw/1 §5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self

from drawcore import merkle
from drawcore.errors import FileRefused
from drawcore.shapes import CODE_FORM, HEX64_FORM, ID_FORM, PART_FORM, TAG_FORM
from drawcore.suites import Suite

_TAGS = rf"-|{TAG_FORM}(?:,{TAG_FORM})*"
_CODES = rf"\*|-|{CODE_FORM}(?:,{CODE_FORM})*"
_NUMBER = "0|[1-9][0-9]{0,14}"
_BLIND = "[0-9a-f]{32}"
_IDS = b"ids\x1f"


class Kind(NamedTuple):
    """The form of one line file: its kind, how many columns are the key, the form of a row."""

    name: str
    keys: int
    row: re.Pattern[str]

    @property
    def file(self) -> str:
        """Name the file."""
        return f"{self.name}.tsv"


def _kind(name: str, keys: int, *columns: str) -> Kind:
    return Kind(name, keys, re.compile("\t".join(f"({column})" for column in columns)))


FRAME = _kind("frame", 1, ID_FORM, CODE_FORM, CODE_FORM, _TAGS, _BLIND)
EXCLUDED = _kind("excluded", 2, ID_FORM, rf"\*|{PART_FORM}", CODE_FORM, _BLIND)
OFFICERS = _kind("officers", 1, ID_FORM, CODE_FORM, _CODES, _CODES, _NUMBER, _BLIND)
RECUSALS = _kind("recusals", 2, ID_FORM, ID_FORM)
COMMITS = _kind("commits", 1, ID_FORM, HEX64_FORM)

Row = tuple[str, ...]


class ListRoot(NamedTuple):
    """Number of rows and Merkle root in hex, as the seal and the receipt hold them."""

    n: int
    root: str


def list_root(data: bytes, suite: Suite) -> ListRoot:
    """Count the lines of a line file and compute the Merkle root over them."""
    lines = data.split(b"\n")[:-1]
    return ListRoot(len(lines), merkle.root(merkle.leaves(lines, suite), suite).hex())


def read_rows(kind: Kind, data: bytes) -> list[Row]:
    """
    Read the rows of a line file.

    Raises:
        FileRefused: not ASCII, a line of another form, rows unsorted or one key twice; *where* is
            the number of the line from 1.

    Source: vdraw/1 §5.
    """
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise FileRefused(file=kind.file, where="", reason="not-ascii") from None
    if lines.pop():
        raise FileRefused(file=kind.file, where=str(len(lines) + 1), reason="no-final-newline")
    match = kind.row.fullmatch
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        found = match(line)
        if not found:
            raise FileRefused(file=kind.file, where=str(number), reason="bad-row")
        rows.append(found.groups())
    _in_order(kind, rows)
    return rows


def _in_order(kind: Kind, rows: Sequence[Row]) -> None:
    keys = [row[: kind.keys] for row in rows]
    for number, (before, after) in enumerate(pairwise(keys), 2):
        if before >= after:
            reason = "key-twice" if before == after else "not-sorted"
            raise FileRefused(file=kind.file, where=str(number), reason=reason)


def write_rows(kind: Kind, rows: Iterable[Row]) -> bytes:
    """
    Write rows, given in any order, as the sorted line file; whoever reads it checks their form.

    Raises:
        FileRefused: a field holds a line break.
    """
    ordered = sorted(rows, key=lambda row: row[: kind.keys])
    data = "".join(["\t".join(row) + "\n" for row in ordered]).encode("utf-8", "surrogatepass")
    if data.count(b"\n") != len(ordered):
        raise FileRefused(file=kind.file, where="", reason="bad-row")
    return data


def blinder(kind: Kind, blind_key: bytes, suite: Suite) -> Callable[[Row], str]:
    """
    Prepare the blinds (盲值) of a file: a function from a row to 32 hex digits.

    The blind keeps a published root from being tested against guessed rows; *blind_key* is 32
    random bytes of this draw, kept like the server share.

    Source: vdraw/1 §5.
    """
    mac = suite.mac(blind_key)
    head = kind.name.encode() + b"\x1f"

    def blind(row: Row) -> str:
        return mac(head + "\t".join(row[: kind.keys]).encode())[:16].hex()

    return blind


def _blinded(kind: Kind, rows: Iterable[Row], blind_key: bytes, suite: Suite) -> bytes:
    blind = blinder(kind, blind_key, suite)
    return write_rows(kind, ((*row, blind(row)) for row in rows))


def id_blind(blind: str, suite: Suite) -> str:
    """Give the blind of an entity in the ``ids`` tree, made from its blind in the frame."""
    return suite.hash(_IDS + blind.encode()).hex()[:32]


@dataclass(frozen=True)
class Frame:
    """``frame.tsv`` (待抽名单): who may be drawn, with unit, route area, tags and blind."""

    data: bytes
    ids: tuple[str, ...]
    units: tuple[str, ...]
    areas: tuple[str, ...]
    tags: tuple[str, ...]
    blinds: tuple[str, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file; FileRefused if it is not in its form."""
        rows = read_rows(FRAME, data)
        columns = list(zip(*rows, strict=True)) if rows else [()] * 5
        return cls(data, *columns)

    @classmethod
    def build(cls, rows: Iterable[tuple[str, str, str, str]], *, blind_key: bytes, suite: Suite) -> Self:
        """Make the file from (id, unit, area, tags) in any order; area and tags are ``-`` for none."""
        return cls.parse(_blinded(FRAME, rows, blind_key, suite))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Give the place of each id in the frame, from 0."""
        return {id_: place for place, id_ in enumerate(self.ids)}

    def id_lines(self, suite: Suite) -> list[bytes]:
        """Give the lines of the ``ids`` tree, which hold no class and no place."""
        return [
            f"{id_}\t{id_blind(blind, suite)}".encode()
            for id_, blind in zip(self.ids, self.blinds, strict=True)
        ]

    def ids_root(self, suite: Suite) -> ListRoot:
        """Compute the ``ids`` root, against which an enterprise can be given a member proof."""
        tree = merkle.leaves(self.id_lines(suite), suite)
        return ListRoot(len(tree), merkle.root(tree, suite).hex())


@dataclass(frozen=True)
class Exclusions:
    """``excluded.tsv`` (排除名单): who is left out of the whole draw (``*``) or one part, and why."""

    data: bytes
    rows: tuple[Row, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file; FileRefused if it is not in its form."""
        return cls(data, tuple(read_rows(EXCLUDED, data)))

    @classmethod
    def build(cls, rows: Iterable[tuple[str, str, str]], *, blind_key: bytes, suite: Suite) -> Self:
        """Make the file from (id, part or ``*``, reason) in any order."""
        return cls.parse(_blinded(EXCLUDED, rows, blind_key, suite))

    @cached_property
    def by_part(self) -> dict[str, frozenset[str]]:
        """Give the excluded ids of each part and of ``*``."""
        found: dict[str, set[str]] = {}
        for id_, part, *_ in self.rows:
            found.setdefault(part, set()).add(id_)
        return {part: frozenset(ids) for part, ids in found.items()}


@dataclass(frozen=True)
class Officer:
    """One inspector (执法检查人员): code, department, units, tags, load carried this year, blind."""

    id: str
    dept: str
    units: str
    tags: str
    load0: int
    blind: str


@dataclass(frozen=True)
class Officers:
    """``officers.tsv`` (检查人员名单): the inspectors who may be assigned."""

    data: bytes
    rows: tuple[Officer, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file; FileRefused if it is not in its form."""
        rows = read_rows(OFFICERS, data)
        return cls(data, tuple(Officer(o, d, u, t, int(load), b) for o, d, u, t, load, b in rows))

    @classmethod
    def build(cls, rows: Iterable[tuple[str, str, str, str, int]], *, blind_key: bytes, suite: Suite) -> Self:
        """Make the file from (officer, dept, units, tags, load0) in any order."""
        plain = ((*row[:4], str(row[4])) for row in rows)
        return cls.parse(_blinded(OFFICERS, plain, blind_key, suite))

    @cached_property
    def by_id(self) -> dict[str, Officer]:
        """Give each officer under its code."""
        return {officer.id: officer for officer in self.rows}


_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Recusals:
    """``recusals.tsv`` (回避): pairs of officer and entity that must not meet."""

    data: bytes
    rows: tuple[Row, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file; FileRefused if it is not in its form."""
        return cls(data, tuple(read_rows(RECUSALS, data)))

    @classmethod
    def build(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """Make the file from (officer, id) in any order."""
        return cls.parse(write_rows(RECUSALS, pairs))

    @cached_property
    def by_entity(self) -> Mapping[str, frozenset[str]]:
        """Give the officers recused from each entity that has any."""
        found: dict[str, set[str]] = {}
        for officer, id_ in self.rows:
            found.setdefault(id_, set()).add(officer)
        return {id_: frozenset(officers) for id_, officers in found.items()}

    def at(self, id_: str) -> frozenset[str]:
        """Give the officers recused from the entity *id_*."""
        return self.by_entity.get(id_, _NOBODY)


@dataclass(frozen=True)
class Commitments:
    """``commits.tsv`` (锁定值): what each person locked in, fixed before the first reveal."""

    data: bytes
    by_source: dict[str, str]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file; FileRefused if it is not in its form."""
        return cls(data, {row[0]: row[1] for row in read_rows(COMMITS, data)})

    @classmethod
    def build(cls, by_source: Mapping[str, str]) -> Self:
        """Make the file from each person's commitment in hex."""
        return cls.parse(write_rows(COMMITS, by_source.items()))
