"""
Who is left out of a draw because of what was borne already (频次上限、已覆盖): before the seal, with a coded reason.

Only on-site work is capped: a task that checks documents may draw everybody. Nobody chooses: the reasons follow from
the record of visits and the rulebook, and stand in ``excluded.tsv``.

Source: rules.md C5, G6, I2; 国办发〔2024〕54号; 市场监管总局令第49号第四十二条、第57号第十七条.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.burden import rules as burden_rules
from fairdraw.burden import selectors as burden
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans.models import Scheme, Task
from fairdraw.registers import selectors as registers
from fairdraw.rulebook import selectors as rulebook

ON_SITE = "on_site"
FOOD = gettext_noop("食品")
CAP, COVERED, RECENT = "cap_reached", "already_covered", "recent"


@dataclass(frozen=True)
class Capped:
    """Whom one task leaves out, by draw code; class A apart, since a row's class is told by the frame."""

    full: frozenset[str]
    covered: frozenset[str]
    recent: frozenset[str]
    once_a_year: frozenset[str]

    def reason(self, code: str, credit: str) -> str:
        """The reason code for a target of this class; empty where it may be drawn."""
        if code in self.full:
            return CAP
        if code in self.covered or (credit == "A" and code in self.once_a_year):
            return COVERED
        return RECENT if code in self.recent else ""


NOBODY = Capped(frozenset(), frozenset(), frozenset(), frozenset())


def left_out(task: Task, *, on: dt.date) -> set[str]:
    """The codes of those whom *task* leaves out as things stand on *on*, whatever their scope."""
    capped = _of(task, on)
    once = capped.once_a_year
    low_risk = registers.of_class_a(once) if once else set()
    return {*capped.full, *capped.covered, *capped.recent, *low_risk}


def of(tasks: Iterable[Task], *, on: dt.date) -> dict[str, Capped]:
    """Whom each of *tasks* leaves out as things stand on *on*, by the task's number."""
    return {task.number: _of(task, on) for task in tasks}


def _of(task: Task, on: dt.date) -> Capped:
    if task.scheme.method != ON_SITE:
        return NOBODY
    department = accounts.department_of(task.agency)
    cap = rulebook.visit_cap(on, field_code=task.exempt_field, within=department.path)
    return Capped(
        full=frozenset(burden.over_cap(department, year=task.year, cap=cap)),
        covered=frozenset(_covered(task)),
        recent=frozenset(_recent(task, on)),
        once_a_year=frozenset(_once_a_year(task, on)),
    )


def _covered(task: Task) -> set[str]:
    """Special equipment: whoever had a check after licensing this year is not drawn for routine ones (rules.md C5)."""
    if task.exempt_field != "special_equipment":
        return set()
    return burden.visited(task.year, kind=burden_rules.POST_LICENCE)


def _recent(task: Task, on: dt.date) -> set[str]:
    """Food: what a higher authority has checked is not checked again for some months (rules.md C5)."""
    stood = task.task_items.values_list("item__code", "version__category", "item__name")
    food = {code for code, *words in stood if task.exempt_field == "food" or _(FOOD) in "".join(words)}
    if not food:
        return set()
    months = int(rulebook.number("food_recheck_gap_months", on))
    return burden.rechecked(food, since=burden_rules.months_before(on, months))


def _once_a_year(task: Task, on: dt.date) -> set[str]:
    """
    Class A is drawn once a year (rules.md G6), where a task has a choice: not where all are checked by law, nor in
    the professional fields, whose frequency has a law of its own.
    """
    if rulebook.number("a_class_repeat_in_year", on) or task.exempt_field or _takes_all(task.scheme):
        return set()
    return burden.visited(task.year, kind=burden_rules.RANDOM)


def _takes_all(scheme: Scheme) -> bool:
    rows: Sequence[dict[str, int]] = [row for row in scheme.strata if row["code"] in {"A", "N"}]
    return bool(rows) and all(row.get("num") and row["num"] == row.get("den") for row in rows)
