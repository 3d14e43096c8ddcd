"""
Canonical JSON (规范化 JSON): one document has one sequence of bytes, so it can be hashed.

RFC 8785 restricted so that every language's standard library can produce it: keys are short lower-case
names, numbers are integers, text is valid Unicode. Source: vdraw/1 §4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

JSON: TypeAlias = bool | int | str | Sequence["JSON"] | Mapping[str, "JSON"] | None

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
LARGEST = 2**53 - 1
DEEPEST = 15


class NotCanonical(ValueError):
    """A value or a document that the canonical form does not admit; *reason* is a stable code."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{reason} at {where}" if where else reason)
        self.reason = reason
        self.where = where


def encode(value: JSON) -> bytes:
    """
    Write *value* in the one form that is hashed: keys sorted, no blanks, UTF-8, no final newline.

    Args:
        value: Objects, arrays, text, truth values, ``None`` and integers below 2^53 in size; typed text
            is NFC-normalised before it gets here.

    Raises:
        NotCanonical: a key, a number, a text or the depth is outside the form.

    Example:
        >>> encode({"b": [1, True], "a": "名"}).decode()
        '{"a":"名","b":[1,true]}'

    Source: vdraw/1 §4, RFC 8785.
    """
    _judge(value, "", 0)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def decode(document: bytes) -> JSON:
    """
    Read *document*, and refuse it unless writing it again gives the same bytes.

    Raises:
        NotCanonical: not JSON, a key twice, or not in the canonical form.

    Source: vdraw/1 §4.
    """
    try:
        text = document.decode("utf-8")
        value: JSON = json.loads(
            text, object_pairs_hook=_object, parse_float=_no_number, parse_constant=_no_number
        )
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical("not-json") from error
    if encode(value) != document:
        raise NotCanonical("not-canonical")
    return value


def decode_object(document: bytes, *, keys: frozenset[str]) -> dict[str, JSON]:
    """
    Read *document* as an object that has exactly *keys*.

    Raises:
        NotCanonical: as :func:`decode`; not an object; a key unknown or missing.
    """
    value = decode(document)
    if not isinstance(value, dict):
        raise NotCanonical("not-an-object")
    if value.keys() != keys:
        raise NotCanonical("wrong-keys", ",".join(sorted(value.keys() ^ keys)))
    return value


def _judge(value: JSON, where: str, depth: int) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _judge_text(value, where)
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical("number-too-large", where)
    elif isinstance(value, Mapping | list | tuple):
        if depth >= DEEPEST:
            raise NotCanonical("too-deep", where)
        _judge_members(value, where, depth + 1)
    else:
        raise NotCanonical(f"no-place-for-{type(value).__name__.lower()}", where)


def _judge_members(value: Mapping[str, JSON] | list[JSON] | tuple[JSON, ...], where: str, depth: int) -> None:
    if isinstance(value, Mapping):
        for key, member in value.items():
            if not isinstance(key, str) or not KEY.fullmatch(key):
                raise NotCanonical("bad-key", f"{where}/{key}")
            _judge(member, f"{where}/{key}", depth)
    else:
        for index, member in enumerate(value):
            _judge(member, f"{where}/{index}", depth)


def _judge_text(text: str, where: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("lone-surrogate", where) from error


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical("key-twice")
    return members


def _no_number(text: str) -> JSON:
    raise NotCanonical("number-not-integer", text)
