"""
Which events the log takes (留痕事项), each with its exact keys and one sentence for the reader.

Every stage declares its own in its ``events.py``, imported when the stage is ready. Nothing else can be
recorded, so the log's language is known in full. Source: style.md §7; vdraw/1 §14.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from fairdraw.audit import rules
from fairdraw.kernel.canonical import JSON, KEY

KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
LONGEST_KIND = 64


class Text(Protocol):
    """A sentence, translated or to be translated when it is shown."""

    def __str__(self) -> str:
        """The sentence in the reader's language."""
        ...


@dataclass(frozen=True)
class Event:
    """
    One kind of entry.

    Attributes:
        kind: ``stage.what`` in the past tense: ``draw.sealed``.
        keys: Keys that every body has.
        optional: Keys that a body may have.
        sentence: One Chinese sentence with ``{key}`` where a value of the body stands.
        about: The body key that names the thing; an entry is found under ``about:value``.
    """

    kind: str
    keys: frozenset[str]
    optional: frozenset[str]
    sentence: Text
    about: str

    @property
    def is_batch(self) -> bool:
        """Whether entries of this kind carry rows (keys ``rows`` and ``root``)."""
        return rules.is_batch(self.keys)

    def subject(self, body: Mapping[str, JSON]) -> str:
        """What an entry with this *body* is about, e.g. ``draw:0000-…``; empty where nothing is named."""
        return rules.subject(self.about, body)

    def misfits(self, body: Mapping[str, JSON]) -> frozenset[str]:
        """Keys of *body* that do not belong, and keys that are missing."""
        return frozenset(body.keys() - self.keys - self.optional) | (self.keys - body.keys())


class BadDeclaration(ValueError):
    """An event declared twice, or against the form of kinds, keys and sentences."""


class UndeclaredEvent(LookupError):
    """Someone records what no stage has declared: a bug."""


_DECLARED: dict[str, Event] = {}


def declare(
    kind: str,
    *,
    keys: Collection[str],
    sentence: Text,
    optional: Collection[str] = (),
    about: str | None = None,
) -> Event:
    """
    Let the log take entries of *kind* from now on.

    Args:
        kind: ``stage.what``, at most 64 characters of ``[a-z0-9_.]``.
        keys: The keys every body has; with both ``rows`` and ``root`` the event is a batch.
        sentence: What the audit page says; ``{key}`` stands for a value of the body.
        optional: Keys a body may leave out; they cannot stand in the sentence.
        about: The body key naming the thing; by default the word before the dot, where it is a key.
            Once entries exist it stays as it is: they are compared with it.

    Raises:
        BadDeclaration: the kind is declared already, or something has the wrong form.
    """
    first = kind.partition(".")[0]
    named = about if about is not None else (first if first in keys else "")
    event = Event(kind, frozenset(keys), frozenset(optional), sentence, named)
    if kind in _DECLARED:
        raise BadDeclaration(f"{kind} is declared twice")
    if not KIND.fullmatch(kind) or len(kind) > LONGEST_KIND:
        raise BadDeclaration(f"{kind!r} is not a kind of event")
    for key in event.keys | event.optional:
        if not KEY.fullmatch(key):
            raise BadDeclaration(f"{kind}: {key!r} is not a key")
    if named and named not in event.keys | event.optional:
        raise BadDeclaration(f"{kind}: about {named!r}, which is not a key")
    _DECLARED[kind] = event
    return event


def event(kind: str) -> Event:
    """
    The declaration of *kind*.

    Raises:
        UndeclaredEvent: no stage has declared it.
    """
    try:
        return _DECLARED[kind]
    except KeyError:
        raise UndeclaredEvent(kind) from None


def declared() -> Iterator[Event]:
    """All events of the product, by kind."""
    return iter(sorted(_DECLARED.values(), key=lambda event: event.kind))


def sentence(kind: str, body: Mapping[str, JSON]) -> str:
    """
    Say what happened, in one sentence.

    Kinds of a version that no longer exists are named by their code: old entries stay readable.
    """
    if kind not in _DECLARED:
        return kind
    return str(_DECLARED[kind].sentence).format_map(body)


def subject(kind: str, body: Mapping[str, JSON]) -> str | None:
    """What an entry is found under, or ``None`` for kinds of a version that no longer exists."""
    return _DECLARED[kind].subject(body) if kind in _DECLARED else None


def broken_sentences() -> list[str]:
    """Kinds whose sentence is empty or mentions a key that a body may lack; a test keeps this empty."""
    return [event.kind for event in declared() if not _holds(event)]


def _holds(event: Event) -> bool:
    text = str(event.sentence)
    used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return bool(text.strip()) and used <= event.keys
