"""
The names of supervision tags (监管标签): what pages show and accept for the codes that the directory keeps.

A code without a name, as a bureau's own file may bring one, is its own name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

NAME_FILE = Path(__file__).resolve().parent / "defaults" / "tag_names.csv"


@cache
def names() -> dict[str, str]:
    """The name of every code that the product knows."""
    with NAME_FILE.open(encoding="utf-8", newline="") as stream:
        return {row["tag"]: row["name"] for row in csv.DictReader(stream)}


@cache
def _codes() -> dict[str, str]:
    return {name: tag for tag, name in names().items()}


def name(tag: str) -> str:
    """What a person calls *tag*."""
    return names().get(tag, tag)


def code(word: str) -> str:
    """The code of a tag that was typed by name or by code."""
    return _codes().get(word.strip(), word.strip())


def said(tags: Iterable[str]) -> str:
    """Several tags in words."""
    return "、".join(name(tag) for tag in tags)
