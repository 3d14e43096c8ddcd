"""
An import that is killed, interrupted or stopped at any moment leaves nothing, and the next one passes (T-I7, T-K1).

A child process imports a file and is killed before or after a statement, a flush, a rename or a commit.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fairdraw.accounts.models import Agency
from fairdraw.audit import verify as log
from fairdraw.audit.models import LogEntry, LogRow
from fairdraw.demo import world
from fairdraw.exchange import importing, target_rows
from fairdraw.exchange.importing import Imported
from fairdraw.exchange.kinds import Asked
from fairdraw.exchange.readers.report import Told
from fairdraw.jobs.progress import Stopped
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.registers.models import FormerPlace, Licence, Target, TargetChange
from tests.builders import forking, grounds

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
HEAD = ["名称", "代码", "主体类别", "登记状态", "乡镇", "许可证编号"]
WHOLE = 1200  # of so many rows an empty directory is filled in one go
TABLES = (Target, TargetChange, FormerPlace, Licence, LogEntry, LogRow)
# Which of the boundaries are tried.
SOME = {"sqlite": 7, "postgresql": 13}
Report = Callable[[str, float], None]


def quiet(_label: str, _fraction: float) -> None:
    """Say nothing."""


def written(path: Path, rows: int, *, town: str = "云栖镇", licensed: bool = False) -> Path:
    """A register of invented enterprises."""
    made = world.targets(seed="killed", enterprises=rows, individuals=0, classed_on=NOW.date())
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        writer.writerows(
            [e.name, e.uscc, "企业", "存续", town, f"许{n}" if licensed and n % 10 == 0 else ""]
            for n, e in enumerate(made)
        )
    return path


def imported(path: Path, report: Report = quiet) -> Imported:
    """Import a register from the command line."""
    asked = Asked(kind="targets", path=path)
    return importing.run(asked, told=Told(), actor=COMMAND_LINE, now=NOW, report=report)


def held() -> dict[str, list[Any]]:
    """Everything that an import may touch, and what the database itself says of its soundness."""
    found: dict[str, list[Any]] = {m.__name__: list(m.objects.order_by("pk").values_list()) for m in TABLES}
    found["LogEntry"] = [row[0] for row in found["LogEntry"]]
    with connection.cursor() as cursor:
        found["indexes"] = sorted(connection.introspection.get_constraints(cursor, Target._meta.db_table))
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
    assert log.verify_log() == []
    return found


class Dying:
    """Counts the boundaries of this process, and kills it at the one that it is told."""

    def __init__(self, at: int | None) -> None:
        self.at, self.seen = at, 0

    def event(self) -> None:
        """Come to a boundary between two steps."""
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen += 1

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """The same act with a boundary before and after it."""

        def acting(*args: Any, **kwargs: Any) -> Any:
            self.event()
            result = real(*args, **kwargs)
            self.event()
            return result

        return acting


def killed_at(path: Path, at: int | None) -> str | None:
    """Import in a child process; gives how many boundaries it passed, ``None`` where it was killed."""
    dying = Dying(at)

    def work() -> str:
        for name in ("fsync", "replace"):
            setattr(os, name, dying.around(getattr(os, name)))
        connection.commit = dying.around(connection.commit)
        with connection.execute_wrapper(lambda execute, *args: dying.around(execute)(*args)):
            imported(path)
        return str(dying.seen)

    return forking.told(work)


def require_all_or_nothing(path: Path, before: dict[str, list[Any]], step: int) -> None:
    """Kill at every *step*-th boundary; what is there is what was there, or after the commit the whole of it."""
    at, ended = 0, None
    while ended is None:
        ended = killed_at(path, at)
        after = held()
        if after != before:
            assert ended is not None or after["LogEntry"][len(before["LogEntry"]) :], "the log tells of it"
            break
        at += step
    assert at > 2 * step, "it was killed again and again before the commit"
    connection.close()


@pytest.fixture
def _django_db_helper(django_db_setup: None) -> None:
    """Put no transaction around a test here: it really commits, in a database of its own."""


@pytest.fixture
def directory(django_db_setup: None, django_db_blocker: Any, monkeypatch: Any) -> Iterator[None]:
    """An empty directory, in a database of its own."""
    monkeypatch.setattr(target_rows, "BLOCK", 400)
    with django_db_blocker.unblock():
        database = grounds.copy(grounds.migrated(), "import")
        try:
            with grounds.on(database):
                assert not Agency.objects.exists()
                yield
        finally:
            grounds.drop(database)


def kill_the_first(tmp_path: Path, step: int) -> None:
    """A whole directory into an empty one."""
    path = written(tmp_path / "名录.csv", WHOLE)

    require_all_or_nothing(path, held(), step)

    count = imported(path).count
    assert (count.added + count.same, count.changed) == (WHOLE, 0)
    assert Target.objects.count() == WHOLE


def kill_a_later_one(tmp_path: Path, step: int) -> None:
    """New targets, moves and licences into a directory that is in use."""
    imported(written(tmp_path / "名录.csv", 40))
    path = written(tmp_path / "再来.csv", 50, town="松岚镇", licensed=True)

    require_all_or_nothing(path, held(), step)

    imported(path)
    assert (Target.objects.filter(town="松岚镇").count(), Licence.objects.count()) == (50, 5)
    assert TargetChange.objects.filter(field="town").count() == FormerPlace.objects.count() == 40


def test_a_killed_import_of_a_whole_directory_leaves_nothing(directory: None, tmp_path: Path):
    kill_the_first(tmp_path, SOME[connection.vendor])


def test_a_killed_import_of_changes_leaves_nothing(directory: None, tmp_path: Path):
    kill_a_later_one(tmp_path, SOME[connection.vendor])


@pytest.mark.long
@pytest.mark.parametrize("kill", [kill_the_first, kill_a_later_one])
def test_the_same_at_every_single_boundary(kill: Callable[..., None], directory: None, tmp_path: Path):
    kill(tmp_path, 1)


def test_an_import_that_is_stopped_while_it_stores_leaves_nothing(directory: None, tmp_path: Path):
    path = written(tmp_path / "名录.csv", WHOLE)
    before = held()

    def stop(label: str, fraction: float) -> None:
        if label.startswith("收尾"):
            raise Stopped("停止")

    with pytest.raises(Stopped):
        imported(path, stop)

    assert held() == before
    assert imported(path).count.added == WHOLE


def test_who_presses_ctrl_c_in_the_middle_finds_nothing_stored(directory: None, tmp_path: Path):
    path = written(tmp_path / "名录.csv", WHOLE)
    before = held()

    def press(label: str, fraction: float) -> None:
        if label == "存入" and fraction > 0:
            os.kill(os.getpid(), signal.SIGINT)

    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            imported(path, press)
    finally:
        signal.signal(signal.SIGINT, usual)

    assert held() == before
    assert imported(path).count.added == WHOLE
