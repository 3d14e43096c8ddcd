"""
Invents supervision tags for targets from their business scope and name (监管标签推定), for rehearsals only.

Real tags come from licences; used with ``--invent scopes`` and marked as invented in every output.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

KEYWORD_FILE = Path(__file__).resolve().parent.parent / "defaults" / "scope_keywords.csv"

#: What a business may not do is no business scope: 不含餐饮, 除食品.
_EXCLUDED = re.compile(r"[(（]?(?:不含|不得|不包括|除)[^;；。,，、)）]*[)）]?")


@cache
def _rules(path: Path = KEYWORD_FILE) -> tuple[tuple[str, Callable[[str, str], bool]], ...]:
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple((row["tag"], _rule(row)) for row in csv.DictReader(stream))


def _rule(row: dict[str, str]) -> Callable[[str, str], bool]:
    in_scope, in_name, not_in_name = (
        re.compile(row[column]) if row[column] else None for column in ("in_scope", "in_name", "not_in_name")
    )

    def holds(name: str, scope: str) -> bool:
        if in_scope is not None and in_scope.search(scope):
            return True
        if in_name is None or not in_name.search(name):
            return False
        return not_in_name is None or not not_in_name.search(name)

    return holds


def tags_for(*, name: str, scope: str) -> tuple[str, ...]:
    """
    The tags that the words of *name* and *scope* suggest, sorted (推定监管标签).

    >>> tags_for(name="演示县甲乙小吃店", scope="餐饮服务;预包装食品销售")
    ('catering', 'food_sale')
    """
    allowed = _EXCLUDED.sub("", scope)
    return tuple(sorted(tag for tag, holds in _rules() if holds(name, allowed)))
