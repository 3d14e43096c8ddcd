"""
Many rows of the target directory at once, without an object a row: plain statements for both databases.

A county's register is 150,000 rows, a city's ten times that; the ORM's objects would take most of the time. Rows are
plain (:data:`fairdraw.registers.entries.PlainTarget`), the station by its key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection, models

from fairdraw.registers import rules
from fairdraw.registers.entries import TARGET_FIELDS, PlainTarget, TargetEntry
from fairdraw.registers.models import Target, TargetChange

#: SQLite takes so many rows in one statement: its limits and its constraints' lists are made up once for all of them.
ROWS_A_STATEMENT = 40
_DAYS = tuple(n for n, name in enumerate(TARGET_FIELDS) if name.endswith("_on"))
_INDEX = TARGET_FIELDS.index("risk_index")
CHANGE_FIELDS = ("target_id", "field", "before", "after", "reason", "at", "actor", "seq")


def plain(entry: TargetEntry) -> PlainTarget:
    """An entry as a plain row, its station by the code."""
    values = [getattr(entry, "station_code" if name == "station_id" else name) for name in TARGET_FIELDS]
    values[TARGET_FIELDS.index("tags")] = rules.pack_tags(entry.tags)
    return _plain(values)


def plain_held(values: Iterable[Any]) -> PlainTarget:
    """The values of a target as the database gives them, as a plain row."""
    return _plain(list(values))


def _plain(values: list[Any]) -> PlainTarget:
    for place in _DAYS:
        if values[place] is not None:
            values[place] = values[place].isoformat()
    if values[_INDEX] is not None:
        values[_INDEX] = rules.index_text(values[_INDEX])
    return tuple(values)


def insert(rows: Sequence[PlainTarget], *, at: dt.datetime) -> None:
    """Insert new targets as of the moment *at*."""
    moment = (_moment(at),)
    _insert(Target, (*TARGET_FIELDS, "updated_at"), [row + moment for row in rows])


def insert_changes(rows: Sequence[Sequence[Any]], *, at: dt.datetime) -> None:
    """Insert rows of the ledger, values in the order of ``CHANGE_FIELDS``, the moment left out."""
    place, moment = CHANGE_FIELDS.index("at"), _moment(at)
    _insert(TargetChange, CHANGE_FIELDS, [(*row[:place], moment, *row[place:]) for row in rows])


def _insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(map(connection.ops.quote_name, names))
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({columns}) FROM STDIN", rows)
        return
    whole = len(rows) - len(rows) % ROWS_A_STATEMENT
    with connection.cursor() as cursor:
        for part, size in ((rows[:whole], ROWS_A_STATEMENT), (rows[whole:], 1)):
            places = ", ".join([f"({', '.join(['%s'] * len(names))})"] * size)
            given = [list(chain.from_iterable(part[n : n + size])) for n in range(0, len(part), size)]
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES {places}", given)  # noqa: S608 -- names of this file


def _copy(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """What PostgreSQL takes five times as fast as inserts."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def rows_first() -> Iterator[None]:
    """
    Make the indexes after the rows, and look at the constraints of rows then, where a whole directory is entered into
    an empty one (SQLite).

    Sorted at the end the indexes take half the time of a million places found one by one, and the lists of known
    words are made up once instead of a million times. In the caller's transaction: what fails takes the rows back,
    and the indexes stand as before.

    Raises:
        IntegrityError: A row breaks a constraint.
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
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        _require_checked()
        for _name, sql in held:
            cursor.execute(sql)


def _require_checked() -> None:
    """Look at every row as the database would have done with each."""
    checks = [c for c in Target._meta.constraints if isinstance(c, models.CheckConstraint)]
    if Target.objects.exclude(models.Q(*(check.condition for check in checks))).exists():
        raise IntegrityError(f"CHECK constraint failed: {', '.join(check.name for check in checks)}")


def update(rows: Iterable[tuple[int, PlainTarget]], *, at: dt.datetime) -> None:
    """Write targets that are held, by their keys: everything but the draw code."""
    table = connection.ops.quote_name(Target._meta.db_table)
    names = (*TARGET_FIELDS[1:], "updated_at")
    places = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in names)
    moment = _moment(at)
    given = [(*row[1:], moment, pk) for pk, row in rows]
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {places} WHERE id = %s", given)  # noqa: S608


def set_classes(values: Iterable[tuple[str, str, dt.date | None]], *, at: dt.datetime) -> None:
    """Set the credit class of targets and its day by draw code."""
    table = connection.ops.quote_name(Target._meta.db_table)
    moment = _moment(at)
    rows = [(value, day and day.isoformat(), moment, code) for code, value, day in values]
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


def _moment(at: dt.datetime) -> Any:
    """A moment as the database's adapter takes it in a plain statement."""
    return connection.ops.adapt_datetimefield_value(at)
