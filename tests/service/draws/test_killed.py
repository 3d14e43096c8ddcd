"""
``kill -9`` between any two steps of a draw (vdraw/1 §17, §19.7; T-K1): who goes on gets the same bytes.

A child process plays the draw on a copy of the county and is killed before or after a flush, a rename or a
commit. What randomness it used follows from the walk, so that the draw that was never harmed can be compared.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fairdraw.audit import verify as log
from fairdraw.draws import bundles, selectors
from fairdraw.draws.models import DrawFile, DrawnList, DrawnRow
from tests.builders import forking, grounds
from tests.builders.county import County
from tests.builders.grounds import Ground
from tests.service.draws.playing_on import mine, play

pytestmark = pytest.mark.django_db
COMPARED = ("seal.json", "commits.tsv", "server.txt", "seed.txt", "result.tsv", "assign.tsv")
# Which of the flushes and renames are tried, and which of the commits: each kill on PostgreSQL takes a second.
EVERY = {"sqlite": (10, 1), "postgresql": (40, 2)}


Folders = Callable[[], None]


@pytest.fixture
def fresh_folder(settings: Any, tmp_path: Path) -> Folders:
    """What gives the files a folder of their own from now on, with those of the draws before: each new one is written."""
    numbers, founded_with = itertools.count(), Path(settings.FILES_DIR)

    def begin() -> None:
        settings.FILES_DIR = tmp_path / f"files-{next(numbers)}"
        if founded_with.is_dir():
            shutil.copytree(founded_with, settings.FILES_DIR)

    return begin


class Dying:
    """Counts flushes, renames and commits of this process, and kills it at the one that it is told."""

    def __init__(self, at: int | None) -> None:
        self.at, self.seen = at, list[str]()

    def event(self, name: str) -> None:
        """Come to a boundary between two steps."""
        if len(self.seen) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen.append(name)

    def around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """The same act with a boundary before and after it."""

        def acting(*args: Any, **kwargs: Any) -> Any:
            self.event(f"before {name}")
            result = real(*args, **kwargs)
            self.event(f"after {name}")
            return result

        return acting


def played(county: County, at: int | None) -> list[str] | None:
    """Play in a child process; gives the boundaries that it passed, ``None`` where it was killed at *at*."""
    dying = Dying(at)

    def work() -> str:
        for name in ("fsync", "replace"):
            setattr(os, name, dying.around(name, getattr(os, name)))
        connection.commit = dying.around("commit", connection.commit)
        play(county)
        return "\n".join(dying.seen)

    told = forking.told(work)
    return None if told is None else told.split("\n")


def compared(county: County) -> dict[str, bytes]:
    """The files that must be the same."""
    draw = mine(county).get()
    return {name: selectors.content(draw, name) for name in COMPARED}


def require_no_half_state(county: County) -> None:
    """What a state promises is there, in rows and in files."""
    for draw in mine(county):
        names = set(DrawFile.objects.filter(draw=draw).values_list("name", flat=True))
        assert ("seal.json" in names) == (draw.state != "draft")
        assert ("commits.tsv" in names) == (draw.state in {"revealing", "drawn"})
        assert ({"seed.txt", "result.tsv", "assign.tsv"} <= names) == (draw.state == "drawn")
        assert draw.teams.exists() == (draw.state == "drawn")
        assert DrawnList.objects.filter(draw=draw).exists() == (draw.state == "drawn")
        for name in names:
            selectors.content(draw, name)  # every file that a row names lies on the disk


def boundaries(founded: Ground[County], fresh_folder: Folders) -> tuple[list[str], dict[str, bytes]]:
    """All boundaries of a draw that nothing happens to, and its files."""
    fresh_folder()
    database = grounds.copy(founded.database, "unharmed")
    try:
        with grounds.on(database):
            seen = played(founded.world, None)
            assert seen is not None
            return seen, compared(founded.world)
    finally:
        grounds.drop(database)


def kill_and_go_on(
    founded: Ground[County], at: int, unharmed: dict[str, bytes], fresh_folder: Folders
) -> bool:
    """Kill at one boundary, look at what is there, go on, compare; gives whether it came to the kill."""
    fresh_folder()
    database = grounds.copy(founded.database, "killed")
    try:
        with grounds.on(database):
            killed = played(founded.world, at) is None
            require_no_half_state(founded.world)

            play(founded.world)

            assert compared(founded.world) == unharmed
            draw = mine(founded.world).get()
            assert "receipt.json" in bundles.files_of(draw)
            result = unharmed["result.tsv"].decode().splitlines()
            assert DrawnRow.objects.filter(drawn_list__draw=draw).count() == len(result)
            assert log.verify_log() == []
            return killed
    finally:
        grounds.drop(database)


def test_who_goes_on_after_a_kill_gets_the_same_bytes(founded: Ground[County], fresh_folder: Folders):
    seen, unharmed = boundaries(founded, fresh_folder)
    commits = [n for n, name in enumerate(seen) if name == "before commit"]
    others = [n for n, name in enumerate(seen) if not name.endswith("commit")]
    assert len(commits) >= 15
    assert {"before fsync", "after replace"} <= set(seen)

    every_other, every_commit = EVERY[connection.vendor]
    tried = sorted({*commits[::every_commit], *others[::every_other]})
    kills = [kill_and_go_on(founded, at, unharmed, fresh_folder) for at in tried]

    assert sum(kills) >= len(tried) - 2  # the deposit is random, so are its folders, and the count with them


@pytest.mark.long
def test_the_same_at_every_single_boundary(founded: Ground[County], fresh_folder: Folders):
    seen, unharmed = boundaries(founded, fresh_folder)
    for at in range(len(seen)):
        kill_and_go_on(founded, at, unharmed, fresh_folder)
