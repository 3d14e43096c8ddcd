"""The command as people run it: a process of its own, an installation in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAME = "试点县市场监督管理局"
FAIRDRAW = (sys.executable, "-P", "-m", "fairdraw.operations")
OURS = ("FAIRDRAW_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_BASE_URL")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON object on stdout; anything beside it fails here."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Place:
    """An installation's folder, and commands run on it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a command sees: nothing of this test run but the folder."""
        held = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {**held, "FAIRDRAW_VAR": str(self.folder), "PYTHONPATH": str(ROOT / "src"), "TERM": "dumb"}

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.folder / "fairdraw.sqlite3"

    def run(self, *arguments: str | Path, given: str = "", **more: str) -> Ended:
        """Run ``fairdraw`` with *arguments*; *given* is its standard input."""
        done = subprocess.run(
            [*FAIRDRAW, *map(str, arguments)],
            env={**self.environment, **more},
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            cwd=self.folder.parent,
        )
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder with nothing in it yet."""
    return Place(tmp_path / "var")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A real installation, made once; tests take copies."""
    made = Place(tmp_path_factory.mktemp("founded") / "var")
    done = made.run(
        *("new", "--name", NAME, "--division", "350599", "--prefix", "试市监"),
        *("--sections", "企监股，信用股", "--stations", "城关所、东关所", "--json"),
    )
    assert done.code == 0, done.err
    (made.folder / "made.json").write_text(done.out, encoding="utf-8")
    return made


@pytest.fixture
def installed(founded: Place, place: Place) -> Place:
    """A real installation of one's own."""
    shutil.copytree(founded.folder, place.folder)
    return place


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes a csv file of the given rows."""

    def write(name: str, *rows: str) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write
