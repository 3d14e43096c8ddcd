"""Pure decisions about inspections: planned days, check codes, numbers (N13; rules.md H, I, J)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from fairdraw.rulebook.rules import Workdays

STALE_AFTER_DAYS_RULE = "class_max_age_days"


def inspection_number(*, task: str, sequence: int, partner: int = 0) -> str:
    """The number of an inspection: its task's number, then four digits, a partner's with its place."""
    return f"{task}-{sequence:04d}" + (f"-{partner}" if partner else "")


def check_code(*, seal: str, target: str) -> str:
    """Sixteen hex digits on a notice that tie the visit to the seal of its draw (核对码)."""
    return hashlib.sha256(f"fairdraw visit\n{seal}\n{target}\n".encode()).hexdigest()[:16]


def spread(
    bundles: Sequence[str], *, starts_on: dt.date, last_visit_on: dt.date, workdays: Workdays
) -> dict[str, dt.date]:
    """
    Plan a day for each bundle of a route: evenly over the working days, in the order that was dealt.

    Args:
        bundles: Bundle codes in the order of the draw.
        starts_on: First day.
        last_visit_on: The last day that the backward schedule leaves for visits.
        workdays: The calendar.
    """
    first = workdays.on_or_after(starts_on)
    days = max(1, workdays.between(first, last_visit_on) + 1) if last_visit_on >= first else 1
    return {
        bundle: first if days == 1 else workdays.add(first, index * days // len(bundles)) if index else first
        for index, bundle in enumerate(bundles)
    }


def free_day(
    day: dt.date,
    closed: Collection[tuple[dt.date, dt.date]],
    *,
    starts_on: dt.date,
    last_visit_on: dt.date,
    workdays: Workdays,
) -> dt.date:
    """
    The working day nearest to *day* on which no period in *closed* forbids the visit (避开停检期), a later one first.

    Args:
        day: As it was spread.
        closed: First and last days of the periods.
        starts_on: First day of the window.
        last_visit_on: Its last day for visits.
        workdays: The calendar.

    Returns:
        *day* itself where the window has no free day: then it stands and is warned about.
    """
    later = [day + dt.timedelta(n) for n in range((last_visit_on - day).days + 1)]
    before = [day - dt.timedelta(n) for n in range(1, (day - starts_on).days + 1)]
    for one in (*later, *before):
        if workdays.is_workday(one) and not any(start <= one <= end for start, end in closed):
            return one
    return day


def is_differentiated(
    class_rates: dict[str, str], *, oldest_class_on: dt.date | None, drawn_on: dt.date, days: int
) -> bool:
    """
    Whether a task counts as drawn with class-dependent rates (K5): they rise, and the classes were fresh.

    Args:
        class_rates: The scheme's rates by class as exact fractions in text.
        oldest_class_on: When the classes used were computed.
        drawn_on: The day of the draw.
        days: How old classes may be.
    """
    rates = [Fraction(class_rates[c]) for c in "ABCD" if c in class_rates]
    rising = len(set(rates)) > 1 and rates == sorted(rates)
    fresh = oldest_class_on is not None and (drawn_on - oldest_class_on).days <= days
    return rising and fresh


def allowed(lists: Iterable[Iterable[str]]) -> frozenset[str] | None:
    """
    The codes that the items of a task allow together; ``None`` where one item has no list, which allows all.

    >>> sorted(allowed([["01", "05"], ["05", "08"]])), allowed([["01"], []]), allowed([])
    (['01', '05', '08'], None, None)
    """
    held = [frozenset(codes) for codes in lists]
    return frozenset().union(*held) if held and all(held) else None
