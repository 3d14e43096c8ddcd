"""
The tags of entities and the code lists of officers (标签、资质、辖区).

An entity's tags say its class (``credit.B``), a size (``risk.730``), hits (``hits.2``), its
properties (``food``). An officer's lists say where they may work and what they are qualified for.

Source: vdraw/1 §5, §6.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Tags:
    """The tags of an entity as they stand in its row."""

    text: str

    @cached_property
    def all(self) -> tuple[str, ...]:
        """Give the single tags; none for ``-``."""
        return () if self.text == "-" else tuple(self.text.split(","))

    def within(self, scope: str) -> bool:
        """Tell whether *scope* is ``*``, one of the tags, or the name before a tag's dot."""
        return scope == "*" or any(tag == scope or tag.startswith(scope + ".") for tag in self.all)

    def has(self, tag: str) -> bool:
        """Tell whether *tag* is ``*`` or one of the tags."""
        return tag == "*" or tag in self.all

    def values(self, name: str) -> tuple[str, ...]:
        """Give the values of the tags ``name.value``."""
        return tuple(tag[len(name) + 1 :] for tag in self.all if tag.startswith(name + "."))


def lists(text: str, code: str) -> bool:
    """Tell whether an officer's list *text* (``*``, ``-`` or codes) holds *code*."""
    return text == "*" or (text != "-" and code in text.split(","))


def lists_all(text: str, codes: str) -> bool:
    """Tell whether an officer's list *text* holds all *codes* of a slot (``*`` asks for none)."""
    return text == "*" or codes == "*" or (text != "-" and set(codes.split(",")) <= set(text.split(",")))
