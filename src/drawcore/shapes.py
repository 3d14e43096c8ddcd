"""
The small forms that fields of the draw's files may have, and strict access to documents.

A document is refused when a key is unknown or missing, or a value has another form than its own.

Source: vdraw/1 §4-§6.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NoReturn

from drawcore.canonical import LIMIT
from drawcore.errors import FileRefused

ID_FORM = r"[0-9A-Za-z._:-]{1,36}"
CODE_FORM = r"[0-9A-Za-z._-]{1,32}"
PIECE_FORM = r"[0-9A-Za-z_-]{1,16}"
PART_FORM = r"[0-9A-Za-z_-]{1,20}(?:\.[0-9A-Za-z_-]{1,11})?"
TAG_FORM = rf"{PIECE_FORM}(?:\.{PIECE_FORM})?"
HEX64_FORM = r"[0-9a-f]{64}"

ID = re.compile(ID_FORM)
CODE = re.compile(CODE_FORM)
PIECE = re.compile(PIECE_FORM)
PART = re.compile(PART_FORM)
TAG_OR_ALL = re.compile(rf"\*|{TAG_FORM}")
CODE_OR_ALL = re.compile(rf"\*|{CODE_FORM}")
CODES_OR_ALL = re.compile(rf"\*|{CODE_FORM}(?:,{CODE_FORM})*")
PARTS_OR_ALL = re.compile(rf"\*|{PART_FORM}(?:,{PART_FORM})*")
HEX32 = re.compile(r"[0-9a-f]{32}")
HEX64 = re.compile(HEX64_FORM)
HEX64_OR_EMPTY = re.compile(rf"(?:{HEX64_FORM})?")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r"[0-9A-Za-z_-]{1,20}")
ORG = re.compile(r"[0-9A-Za-z._-]{1,64}")
TEXT = re.compile(r".+", re.DOTALL)
ANY_TEXT = re.compile(r".*", re.DOTALL)


@dataclass(frozen=True)
class Doc:
    """One object of a document, with its place in the file, read key by key."""

    file: str
    where: str
    value: dict[str, object]

    @classmethod
    def of(cls, value: object, *, file: str, where: str = "") -> Doc:
        """Take *value* as an object, or refuse it."""
        if not isinstance(value, dict):
            raise FileRefused(file=file, where=where, reason="not-an-object")
        return cls(file, where, value)

    def only(self, keys: Collection[str], *, optional: Collection[str] = ()) -> None:
        """Refuse unknown and missing keys."""
        for key in self.value:
            if key not in keys and key not in optional:
                self.refuse(key, "unknown-key")
        for key in keys:
            if key not in self.value:
                self.refuse(key, "missing-key")

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Raise the refusal of this object's *key*."""
        raise FileRefused(file=self.file, where=self.at(key), reason=reason)

    def at(self, key: str) -> str:
        """Name the place of *key* in the file."""
        return f"{self.where}.{key}" if self.where else key

    def text(self, key: str, form: re.Pattern[str]) -> str:
        """Give the text under *key*, which must have the whole *form*."""
        found = self.value.get(key)
        if not isinstance(found, str) or not form.fullmatch(found):
            self.refuse(key, "bad-form")
        return found

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """Give the text under *key*, which must be one of *allowed*."""
        found = self.value.get(key)
        if not isinstance(found, str) or found not in allowed:
            self.refuse(key, "not-one-of")
        return found

    def whole(self, key: str, *, least: int = 0, most: int = LIMIT - 1) -> int:
        """Give the integer under *key* between *least* and *most*."""
        found = self.value.get(key)
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            self.refuse(key, "bad-number")
        return found

    def inner(self, key: str) -> Doc:
        """Give the object under *key*."""
        return Doc.of(self.value.get(key), file=self.file, where=self.at(key))

    def items(self, key: str, *, least: int = 0) -> list[object]:
        """Give the list under *key*, of at least *least* items."""
        found = self.value.get(key)
        if not isinstance(found, list) or len(found) < least:
            self.refuse(key, "bad-list")
        return found

    def inners(self, key: str, *, least: int = 0) -> list[Doc]:
        """Give the list of objects under *key*."""
        found = self.items(key, least=least)
        return [Doc.of(v, file=self.file, where=f"{self.at(key)}[{i}]") for i, v in enumerate(found)]

    def texts(self, key: str, form: re.Pattern[str]) -> tuple[str, ...]:
        """Give the list of different texts of *form* under *key*."""
        found = tuple(v for v in self.items(key) if isinstance(v, str) and form.fullmatch(v))
        if len(found) != len(self.items(key)) or len(set(found)) != len(found):
            self.refuse(key, "bad-list")
        return found


def distinct(codes: Sequence[str], *, file: str, where: str) -> None:
    """Refuse a list in which one code stands twice."""
    if len(set(codes)) != len(codes):
        raise FileRefused(file=file, where=where, reason="code-twice")
