"""
Questions to the rulebook (规则库): what was in force on a day.

All rows are read at once into a book, kept by the process under the digest of its edition. Within one
request the edition is looked at once, so a page costs at most one query here; outside requests every
call looks at it, and long work should ask :func:`book` once and keep it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from decimal import Decimal
from typing import TypeVar, cast

from fairdraw.rulebook import models, shipped
from fairdraw.rulebook.book import DEFAULT_RATES, Book, Entry, RuleUnknown, Shelf
from fairdraw.rulebook.rules import StepTimes, Workdays
from fairdraw.rulebook.states import Certainty, DeadlineUnit
from fairdraw.rulebook.values import (
    ClassRate,
    Deadline,
    ExclusionCode,
    ExemptField,
    Holiday,
    Measure,
    Number,
    ResultCode,
    Source,
)

__all__ = ["DEFAULT_RATES", "Book", "RuleUnknown"]

KEPT_BOOKS = 4
R = TypeVar("R", bound=models.DatedRow)
V = TypeVar("V")

_books: dict[str, Book] = {}
_page: ContextVar[list[Book] | None] = ContextVar("rulebook_page", default=None)


def book() -> Book:
    """The rulebook as it is now; an empty one before it is loaded. One query, none later in the same page."""
    page = _page.get()
    if page:
        return page[0]
    digest = models.Edition.objects.values_list("digest", flat=True).first() or ""
    found = _books.get(digest)
    if found is None:
        found = _read(digest) if digest else Book()
        while len(_books) >= KEPT_BOOKS:
            _books.pop(next(iter(_books)), None)
        _books[digest] = found
    if page is not None:
        page.append(found)
    return found


def as_shipped() -> Book:
    """The result codes and measures of a rulebook that holds what the product ships, read without a database."""
    codes = cast("Iterator[models.ResultCodeRule]", shipped.rows_of("result_codes.csv"))
    measures = cast("Iterator[models.MeasureRule]", shipped.rows_of("measures.csv"))
    return Book(
        codes=_shelf(sorted(codes, key=lambda r: r.code), _result_code),
        dispositions=_shelf(sorted(measures, key=lambda r: (r.order, r.code)), _measure),
    )


def begin_page(**_signal: object) -> None:
    """A request begins: its first question looks at the edition, the others do not."""
    _page.set([])


def end_page(**_signal: object) -> None:
    """The request is over: questions outside requests look at the edition each time."""
    _page.set(None)


def forget_page() -> None:
    """A rule was changed within this request: look again."""
    page = _page.get()
    if page is not None:
        page.clear()


def number(code: str, on: dt.date, *, within: str = "") -> Decimal:
    """
    The number *code* in force on *on* (规则数值), for the agency path *within*.

    Raises:
        RuleUnknown: no row is in force.
    """
    return book().number(code, on, within=within)


def number_row(code: str, on: dt.date, *, within: str = "") -> Number:
    """As :func:`number`, with label, unit and source."""
    return book().numbers.get(code, on, within)


def deadline(code: str, on: dt.date, *, within: str = "") -> Deadline:
    """
    The time limit *code* in force on *on* (期限).

    Raises:
        RuleUnknown: no row is in force.
    """
    return book().deadline(code, on, within=within)


def workdays() -> Workdays:
    """The calendar of working days (工作日、调休)."""
    return book().workdays


def result_codes(on: dt.date) -> dict[str, ResultCode]:
    """The codes of results in force on *on* (检查结果), by code, in order."""
    return book().result_codes(on)


def measures(on: dt.date, *, within: str = "") -> dict[str, Measure]:
    """The measures of follow-up in force on *on* (后续处置措施), by code, in order."""
    return book().measures(on, within=within)


def exclusions(on: dt.date) -> dict[str, ExclusionCode]:
    """The reasons to take a drawn target out (排除原因), by code, in order."""
    return book().exclusions(on)


def exempt_fields(on: dt.date, *, within: str = "") -> dict[str, ExemptField]:
    """The professional fields (专业领域) outside the 85 % of class-dependent draws."""
    return book().exempt_fields(on, within=within)


def class_rates(on: dt.date, *, name: str = DEFAULT_RATES, within: str = "") -> dict[str, ClassRate]:
    """The rates of the set *name* by stratum (分类抽查比例)."""
    return book().class_rates(on, name=name, within=within)


def visit_cap(on: dt.date, *, field_code: str = "", within: str = "") -> int:
    """How many visits a year one enterprise may get (频次上限)."""
    return book().visit_cap(on, field_code=field_code, within=within)


def step_times(on: dt.date, *, within: str = "") -> StepTimes:
    """The working days of each step for the backward schedule (倒排工期)."""
    return book().step_times(on, within=within)


def _read(digest: str) -> Book:
    return Book(
        edition=digest,
        numbers=_shelf(models.Number.objects.order_by("code"), _number),
        deadlines=_shelf(models.DeadlineRule.objects.order_by("code"), _deadline),
        codes=_shelf(models.ResultCodeRule.objects.order_by("code"), _result_code),
        dispositions=_shelf(models.MeasureRule.objects.order_by("order", "code"), _measure),
        exclusion_codes=_shelf(models.ExclusionRule.objects.order_by("order", "code"), _exclusion),
        fields=_shelf(models.ExemptFieldRule.objects.order_by("code"), _exempt_field),
        rates=_shelf(models.ClassRateRule.objects.order_by("set_code", "order"), _class_rate),
        workdays=Workdays(tuple(_holidays()), frozenset(_years())),
    )


def _shelf(rows: Iterable[R], convert: Callable[[R], V]) -> Shelf[V]:
    return Shelf(Entry(r.code, r.scope, r.starts_on, r.ends_on, convert(r)) for r in rows)


def _source(row: models.DatedRow) -> Source:
    return Source(
        document=row.document,
        clause=row.clause,
        certainty=Certainty(row.certainty),
        shown_as_law=row.shown_as_law,
        note=row.note,
    )


def _number(row: models.Number) -> Number:
    return Number(row.code, row.label, Decimal(row.value), row.unit, _source(row))


def _deadline(row: models.DeadlineRule) -> Deadline:
    return Deadline(
        days=row.amount,
        unit=DeadlineUnit(row.unit),
        code=row.code,
        label=row.label,
        extension=row.extension,
        month_day=row.month_day,
        rolls=row.rolls,
        starts=row.starts,
        ends=row.ends,
        source=_source(row),
    )


def _result_code(row: models.ResultCodeRule) -> ResultCode:
    return ResultCode(
        code=row.code,
        identifier=row.identifier,
        label=row.label,
        is_problem=row.is_problem,
        is_status=row.is_status,
        alone=row.alone,
        excludes=frozenset(row.excludes.split()),
        headline_order=row.headline_order,
        next_step=row.next_step,
        evidence=row.evidence,
        source=_source(row),
    )


def _measure(row: models.MeasureRule) -> Measure:
    return Measure(
        code=row.code,
        label=row.label,
        for_problem=row.for_problem,
        for_clean=row.for_clean,
        needs_number=row.needs_number,
        needs_reason=row.needs_reason,
        deadline=row.deadline,
        source=_source(row),
    )


def _exclusion(row: models.ExclusionRule) -> ExclusionCode:
    return ExclusionCode(row.code, row.label, row.needs_note, _source(row))


def _exempt_field(row: models.ExemptFieldRule) -> ExemptField:
    return ExemptField(row.code, row.label, row.reason, _source(row))


def _class_rate(row: models.ClassRateRule) -> ClassRate:
    return ClassRate(row.set_code, row.stratum, row.label, Decimal(row.ratio), _source(row))


def _holidays() -> Iterator[Holiday]:
    rows = models.HolidayDay.objects.order_by("day")
    return (Holiday(row.day, row.is_workday, row.name) for row in rows)


def _years() -> Iterator[int]:
    return models.KnownYear.objects.values_list("year", flat=True).iterator()
