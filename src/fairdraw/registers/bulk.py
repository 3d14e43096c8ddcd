"""
Many rows of the target directory at once, without an object a row: plain statements for both databases.

A county's register is 150,000 rows, a city's ten times that; the ORM's objects would take most of the time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, models

from fairdraw.registers.models import Target

INSERT_COLUMNS = (
    "draw_code",
    "uscc",
    "old_number",
    "name",
    "kind",
    "entity_type",
    "status",
    "registered_on",
    "address",
    "town_code",
    "town",
    "station_id",
    "industry",
    "scope",
    "tags",
    "credit_class",
    "credit_computed_on",
    "abnormal",
    "serious",
    "annual_report",
    "food_grade",
    "food_graded_on",
    "risk_index",
    "risk_index_on",
    "risk_index_source",
    "invented",
    "updated_at",
)


_AS_IT_IS = frozenset({str, int, bool, type(None)})
#: The places of values that the database's adapter changes: days, moments, decimals.
_ADAPTED = tuple(
    place
    for place, column in enumerate(INSERT_COLUMNS)
    if isinstance(Target._meta.get_field(column), models.DateField | models.DecimalField)
)


def insert(rows: Iterable[Sequence[object]]) -> None:
    """Insert new targets, values in the order of ``INSERT_COLUMNS``."""
    known: dict[object, Any] = {None: None}  # days come again and again
    table = connection.ops.quote_name(Target._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(c) for c in INSERT_COLUMNS)
    places = ", ".join(["%s"] * len(INSERT_COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 -- names of this file
            [_adapted(row, known) for row in rows],
        )


def _adapted(row: Sequence[Any], known: dict[object, Any]) -> list[Any]:
    held = list(row)
    for place in _ADAPTED:
        value = held[place]
        if value not in known:
            known[value] = _stored(value)
        held[place] = known[value]
    return held


@contextmanager
def indexes_last() -> Iterator[None]:
    """
    Make the indexes after the rows, where a whole directory is entered into an empty one (SQLite).

    Sorted at the end they take half the time of a million places found one by one. In the caller's transaction: what
    fails takes the rows back, and the indexes stand as before.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
            [Target._meta.db_table],
        )
        held = cursor.fetchall()
        for name, _sql in held:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        for _name, sql in held:
            cursor.execute(sql)


def update(rows: Iterable[Target]) -> None:
    """Write targets that are held, every column of ``INSERT_COLUMNS`` but the draw code."""
    table = connection.ops.quote_name(Target._meta.db_table)
    places = ", ".join(f"{connection.ops.quote_name(c)} = %s" for c in INSERT_COLUMNS[1:])
    given = [(*(_stored(getattr(row, c)) for c in INSERT_COLUMNS[1:]), row.pk) for row in rows]
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {places} WHERE id = %s", given)  # noqa: S608


def set_classes(values: Iterable[tuple[str, str, dt.date | None]], *, at: dt.datetime) -> None:
    """Set the credit class of targets and its day by draw code."""
    table = connection.ops.quote_name(Target._meta.db_table)
    moment = _stored(at)
    rows = [(value, _stored(day), moment, code) for code, value, day in values]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET credit_class = %s, credit_computed_on = %s, updated_at = %s"  # noqa: S608
                " WHERE draw_code = %s",
                rows,
            )


def date_classes(*, computed_on: dt.date, at: dt.datetime) -> None:
    """Let the classes of every classed target be of the day *computed_on*."""
    Target.objects.exclude(credit_class="").update(credit_computed_on=computed_on, updated_at=at)


def _stored(value: Any) -> Any:
    """A value as the database's adapter takes it in a plain statement."""
    if value.__class__ in _AS_IT_IS:
        return value
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, Decimal):
        return connection.ops.adapt_decimalfield_value(value)
    return value
