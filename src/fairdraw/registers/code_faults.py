"""
Codes of the directory that cannot be right (代码疑点): a check character that fails, and such a code beside one that looks like it.

Conditions in plain SQL, counted with the other faults in one question; the formula is GB 32100-2015's.
"""

from __future__ import annotations

from functools import reduce
from operator import add

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace, StrIndex, Substr
from django.db.models.lookups import Exact, In

from fairdraw.kernel import uscc
from fairdraw.registers.models import Target

#: Letters of the codes that are easily taken for another character, by eye or by a scanner.
LOOK_ALIKES = (("B", "8"), ("D", "0"), ("Q", "0"), ("G", "6"))


def fails() -> Q:
    """
    Targets with a unified code whose check character does not agree (校验码不符).

    The sum of place times weight, the check character's own included, is a multiple of 31 where it does; places
    are counted from one here, so the sum of the weights is left over.
    """
    weights = (*uscc.WEIGHTS, 1)
    terms: list[Combinable] = [
        StrIndex(Value(uscc.ALPHABET), Substr("uscc", place, 1)) * Value(weight)
        for place, weight in enumerate(weights, start=1)
    ]
    return ~Q(uscc="") & ~Q(Exact(reduce(add, terms) % Value(31), Value(sum(weights) % 31)))


def look_like_others(within: Q) -> Q:
    """Of the codes that fail, those that read like another target's (形近代码): most likely one was copied wrongly."""
    return fails() & Q(In(_folded(), _shared(within)))


def _shared(within: Q) -> QuerySet[Target, str]:
    """What several codes become when look-alikes are taken for the same character."""
    rows = Target.objects.filter(within).exclude(uscc="").order_by().annotate(fold=_folded())
    return rows.values("fold").annotate(held=Count("pk")).filter(held__gt=1).values_list("fold", flat=True)


def _folded() -> Combinable:
    """The code with each look-alike taken for one character."""
    text: Combinable = F("uscc")
    for letter, taken_for in LOOK_ALIKES:
        text = Replace(text, Value(letter), Value(taken_for))
    return text
