"""
What the product ships for the rulebook (随系统提供的规则): csv files of dated rows, and the holiday years.

Plain reading, no database. Each csv row is one rule with its document, clause and certainty; holidays
come from the package ``chinesecalendar`` (2004 to 2026, make-up days included).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chinese_calendar import constants
from django.db import models as orm

from fairdraw.rulebook import models
from fairdraw.rulebook.states import Origin
from fairdraw.rulebook.values import Holiday

DEFAULTS = Path(__file__).resolve().parent / "defaults"
FILES: dict[str, type[models.DatedRow]] = {
    "numbers.csv": models.Number,
    "deadlines.csv": models.DeadlineRule,
    "result_codes.csv": models.ResultCodeRule,
    "measures.csv": models.MeasureRule,
    "exclusions.csv": models.ExclusionRule,
    "exempt_fields.csv": models.ExemptFieldRule,
    "class_rates.csv": models.ClassRateRule,
}
HOLIDAY_SOURCE = "国务院办公厅各年放假安排通知（chinesecalendar 1.11.0 整理）"
MAKE_UP_WORK = "调休上班"


def rows_of(name: str) -> Iterator[models.DatedRow]:
    """The rows of one default file, unsaved, in the order of the file."""
    model = FILES[name]
    with (DEFAULTS / name).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            values = {key: _value(model, key, text) for key, text in line.items()}
            yield model(**values, scope="", origin=Origin.SHIPPED.value)


def _value(model: type[models.DatedRow], name: str, text: str) -> Any:
    kind = model._meta.get_field(name)
    if isinstance(kind, orm.DateField):
        return dt.date.fromisoformat(text) if text else None
    if isinstance(kind, orm.BooleanField):
        return bool(int(text))
    if isinstance(kind, orm.IntegerField):
        return int(text)
    return text


def holidays() -> dict[int, list[Holiday]]:
    """Days that differ from the plain week or bear a holiday's name, by year."""
    names = {member.value: member.chinese for member in constants.Holiday}
    days = [Holiday(day, False, names[name]) for day, name in constants.holidays.items()]
    days += [Holiday(day, True, names[name] + MAKE_UP_WORK) for day, name in constants.workdays.items()]
    by_year: dict[int, list[Holiday]] = {}
    for holiday in sorted(days, key=lambda h: h.day):
        by_year.setdefault(holiday.day.year, []).append(holiday)
    return by_year
