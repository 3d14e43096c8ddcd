"""
Every check and test, one after another; the last line is ``N passed, N failed, N skipped`` over all of them.

Stages: ``static`` (ruff, format, mypy, import contracts, migrations, each counted as one), ``sqlite`` (all
tests but the browser's), ``postgresql`` (service, web and scenario tests again), ``browser``. All of them
run even when one fails; the exit status is 0 only when nothing failed and something ran.

Arguments go to pytest. Paths among them choose the stages that have something in them, and leave out the
static checks: ``sh test.sh tests/unit -k ticket``.

Environment:
    TEST_STAGES         the stages to run, separated by commas; all without it
    TEST_WORKERS        how many processes share the tests of a whole stage; one per core, at most 8, without it
    TEST_CHROMIUM       the browser to drive
    TEST_DATABASE_URL   a PostgreSQL server to use instead of a private one; its database is made and dropped
    TEST_PG_BIN         folder of the PostgreSQL programs for the private server
    TEST_REAL_DATA      folder of the real data; without it ../shared/data beside this tree

Runs in ``.venv``, started by tools/boot.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from boot_browser import browser_settings
from boot_packages import BIN, PYTHON
from boot_system import ROOT, SetUpError

TESTS = ROOT / "tests"
BROWSER = TESTS / "browser"
ON_POSTGRESQL = tuple(TESTS / name for name in ("service", "web", "scenario"))
STAGES = ("static", "sqlite", "postgresql", "browser")
TAKES_VALUE = {"-k", "-m", "-p", "-o", "-c", "-W", "-r", "-n", "--ds", "--maxfail", "--deselect", "--ignore"}
NOTHING_COLLECTED = 5
MOST_WORKERS = 8


@dataclass
class Count:
    """How many checks and tests passed, failed and were left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Count) -> None:
        """Add the numbers of *other* to these."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass
class Arguments:
    """What was asked of pytest: *paths* (with ``::`` parts), and all the other words."""

    paths: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @classmethod
    def split(cls, words: Sequence[str]) -> Arguments:
        """Tell paths from options; a word after an option that takes a value is that value."""
        asked = cls()
        before = ""
        for word in words:
            is_path = not word.startswith("-") and before not in TAKES_VALUE
            (asked.paths if is_path else asked.options).append(word)
            before = word
        return asked

    def within(self, folders: Sequence[Path]) -> list[str]:
        """Return what of these paths lies in *folders*; a path above a folder chooses that folder."""
        chosen = []
        for word in self.paths:
            path = Path(word.split("::")[0]).resolve()
            if any(path.is_relative_to(folder) for folder in folders):
                chosen.append(word)
            else:
                chosen += [str(folder) for folder in folders if folder.is_relative_to(path)]
        return [word for word in chosen if Path(word.split("::")[0]).exists()]


def run(title: str, command: Sequence[str | Path], env: dict[str, str]) -> int:
    """Run one command of a stage under its title; returns its exit status."""
    print(f"\n=== {title} ===", flush=True)
    began = time.monotonic()
    settings = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    status = subprocess.run(
        [str(word) for word in command], cwd=ROOT, env={**settings, **env}, stdin=subprocess.DEVNULL
    ).returncode
    print(f"=== {title}: exit {status}, {time.monotonic() - began:.1f} s ===", flush=True)
    return status


def static() -> Count:
    """Run the checks that read the source; each counts as one."""
    test = [
        "-m",
        "django",
        "makemigrations",
        "--check",
        "--dry-run",
        "--settings",
        "fairdraw.config.settings.test",
    ]
    checks: dict[str, list[str | Path]] = {
        "ruff check": [BIN / "ruff", "check", "."],
        "ruff format": [BIN / "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "import contracts": [BIN / "lint-imports", "--no-cache"],
        "migrations": [PYTHON, *test],
    }
    count = Count()
    own = {"FAIRDRAW_VAR": str(ROOT / "var" / "test" / "static")}  # mypy and Django load the settings
    for title, command in checks.items():
        succeeded = run(title, command, own) == 0
        count.add(Count(passed=int(succeeded), failed=int(not succeeded)))
    return count


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sharing(asked: Arguments) -> list[str]:
    """Return pytest's words that share a whole stage among processes, a file of tests to one of them."""
    workers = int(os.environ.get("TEST_WORKERS") or min(cores(), MOST_WORKERS))
    return (
        []
        if asked.paths or workers < 2
        else ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    )


def run_tests(
    title: str, words: Sequence[str], *, before: Sequence[str] = (), env: dict[str, str] | None = None
) -> Count:
    """Run pytest once with *words*, *before* in front of its command; returns what it counted."""
    command = [PYTHON, *before, PYTHON] if before else [PYTHON]
    with tempfile.TemporaryDirectory(prefix="fairdraw-") as folder:
        report = Path(folder) / "report.xml"
        status = run(title, [*command, "-m", "pytest", *words, f"--junitxml={report}"], env or {})
        count = counted(report)
        broken = status not in (0, NOTHING_COLLECTED) or not report.exists()
    if broken and not count.failed:
        count.failed += 1  # the run itself: a crash, a bad option
    return count


def counted(report: Path) -> Count:
    """Return the numbers of pytest's report, none where there is no whole report."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Count()
    total, skipped, broken = (
        sum(int(suite.get(name, 0)) for suite in suites for name in names)
        for names in (("tests",), ("skipped",), ("failures", "errors"))
    )
    return Count(passed=max(0, total - skipped - broken), failed=broken, skipped=skipped)


def on_sqlite(asked: Arguments) -> Count:
    """Run everything but the browser tests on SQLite."""
    rest = [word for word in asked.paths if not Path(word.split("::")[0]).resolve().is_relative_to(BROWSER)]
    if asked.paths and not rest:
        return Count()
    return run_tests(
        "sqlite", [*(rest or [str(TESTS)]), f"--ignore={BROWSER}", *sharing(asked), *asked.options]
    )


def on_postgresql(asked: Arguments) -> Count:
    """Run the tests that change rows again on PostgreSQL."""
    whole = Arguments(paths=[str(TESTS)])
    chosen = (asked if asked.paths else whole).within(ON_POSTGRESQL)
    if not chosen:
        return Count()
    return run_tests("postgresql", [*chosen, *sharing(asked), *asked.options], before=["-m", "tests.with_pg"])


def in_browser(asked: Arguments) -> Count:
    """Run the browser tests once, on SQLite."""
    whole = Arguments(paths=[str(TESTS)])
    chosen = (asked if asked.paths else whole).within((BROWSER,))
    if not chosen:
        return Count()
    return run_tests("browser", [*chosen, *sharing(asked), *asked.options], env=browser_settings())


def main(words: list[str]) -> int:
    """Run the stages asked for; returns the exit status."""
    asked = Arguments.split(words)
    chosen = [name for name in os.environ.get("TEST_STAGES", "").split(",") if name] or list(STAGES)
    unknown = sorted(set(chosen) - set(STAGES))
    if unknown:
        print(f"TEST_STAGES: {', '.join(unknown)}?  {', '.join(STAGES)}", file=sys.stderr)
        return 2
    count = Count()
    if "static" in chosen and not asked.paths:
        count.add(static())
    for name, stage in (("sqlite", on_sqlite), ("postgresql", on_postgresql), ("browser", in_browser)):
        if name not in chosen:
            continue
        try:
            count.add(stage(asked))
        except SetUpError as error:
            print(error, file=sys.stderr)
            count.failed += 1
    print(f"\n{count}", flush=True)
    return 0 if count.passed and not count.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
