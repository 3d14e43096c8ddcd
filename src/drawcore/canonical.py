"""
Canonical JSON (规范化 JSON): the one byte form in which the draw's documents are hashed.

RFC 8785 restricted to what every language's standard library can produce: no numbers but
integers below 2^53 in size, keys of small letters, nesting below 16, no final newline.
A reader parses, encodes again, and refuses whatever does not give the same bytes.

Source: vdraw/1 §4; RFC 8785.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from drawcore.errors import FileRefused

LIMIT = 2**53
DEPTH = 16
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")


class _Refuse(ValueError):
    """Why a document is not canonical, before it is known which file it is."""


def encode(value: object, *, file: str = "") -> bytes:
    """
    Write *value* (dicts, lists, strings, booleans, ``None``, integers) in canonical form.

    Args:
        value: The document. Typed text in it must already be NFC-normalised.
        file: Name to put into an error.

    Raises:
        FileRefused: the value holds something that the form does not allow.

    Source: vdraw/1 §4.
    """
    try:
        _check(value, 1)
    except _Refuse as why:
        raise FileRefused(file=file, where="", reason=str(why)) from None
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(data: bytes, *, file: str = "") -> object:
    """
    Read a canonical document, and refuse one that is not byte for byte canonical.

    Raises:
        FileRefused: not UTF-8, not JSON, a duplicate key, or any other form than the one allowed.

    Source: vdraw/1 §4.
    """
    try:
        value: object = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
        _check(value, 1)
    except _Refuse as why:
        raise FileRefused(file=file, where="", reason=str(why)) from None
    except (ValueError, RecursionError):
        raise FileRefused(file=file, where="", reason="not-json") from None
    if encode(value, file=file) != data:
        raise FileRefused(file=file, where="", reason="not-canonical")
    return value


def same(one: object, other: object) -> bool:
    """Tell whether two values have the same canonical bytes; Python's ``==`` takes ``True`` for 1."""
    return encode(one) == encode(other)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refuse("duplicate-key")
    return found


def _no_number(text: str) -> NoReturn:
    raise _Refuse("number-not-an-integer")


def _check(value: object, depth: int) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) >= LIMIT:
            raise _Refuse("number-too-large")
    elif isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise _Refuse("lone-surrogate")
    elif isinstance(value, (dict, list)):
        if depth >= DEPTH:
            raise _Refuse("nested-too-deeply")
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth + 1)
        if isinstance(value, dict) and not all(isinstance(k, str) and _KEY.fullmatch(k) for k in value):
            raise _Refuse("key-not-allowed")
    else:
        raise _Refuse("type-not-allowed")
