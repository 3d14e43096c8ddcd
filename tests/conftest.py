"""
What every test shares: which database it runs on, where the real data lie, and no network.

The settings are ``fairdraw.config.settings.test`` (pyproject.toml); ``DATABASE_URL`` names the database, and
without it that is a SQLite file of this run alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("TEST_REAL_DATA") or ROOT.parent / "shared" / "data")
LOOPBACK = {"localhost", "::1", "0.0.0.0", "::", ""}
DEAR = (
    "scenario",
    "service/operations",
    "service/exchange",
    "service/draws",
    "meta",
    "browser/test_office.py",
)
ON_SQLITE_FIRST = (  # on PostgreSQL by -m long: what pages do runs there with the services
    *("web/office", "web/portal", "web/ui"),
    *("service/draws/test_killed.py", "service/oversight/test_counting.py"),
    "scenario/test_scene_10_reorganisation.py",
)
NO_REAL_DATA = "真实数据不在：../shared/data"

hypothesis.settings.register_profile("fairdraw", deadline=None, print_blob=True)
hypothesis.settings.load_profile("fairdraw")


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection of this process that leaves the machine."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host not in LOOPBACK and not host.startswith("127."):
        raise PermissionError(f"测试不得联网：{arguments[1]}")


sys.addaudithook(refuse_network)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark browser tests, take out those of the other database and long ones, leave out those without data."""
    from django.db import connection

    others = {"sqlite": "only_postgresql", "postgresql": "only_sqlite"}
    out_of_place = [item for item in items if item.get_closest_marker(others[connection.vendor])]
    if out_of_place:
        config.hook.pytest_deselected(items=out_of_place)
        items[:] = [item for item in items if item not in out_of_place]
    if connection.vendor == "postgresql":
        for item in items:
            if any(item.path.is_relative_to(ROOT / "tests" / part) for part in ON_SQLITE_FIRST):
                item.add_marker(pytest.mark.long)
    long = [item for item in items if item.get_closest_marker("long")]
    if long and "long" not in (config.option.markexpr or ""):
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("real_data") and not REAL_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=NO_REAL_DATA))
    # files that take long come first, so that no process works on one of them alone at the end
    items.sort(key=lambda item: not any(item.path.is_relative_to(ROOT / "tests" / part) for part in DEAR))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let every process that shares the tests have a folder of its own, not the first one's."""
    os.environ.pop("FAIRDRAW_VAR", None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests on real data were left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NO_REAL_DATA in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"真实数据不在（../shared/data 或 TEST_REAL_DATA）：{count} 项未测")


def pytest_unconfigure() -> None:
    """Remove this run's own files."""
    from django.conf import settings

    folder = Path(getattr(settings, "VAR_DIR", "")) if settings.configured else Path()
    if folder.parent == Path(tempfile.gettempdir()).resolve() and folder.name.startswith("fairdraw-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of the real data; only for tests marked ``real_data``."""
    assert REAL_DATA.is_dir(), "a test that asks for real_data carries the marker real_data"
    return REAL_DATA


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Put the SQLite test database in a file: journal, locks and waiting are then those of a real one."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        connection.settings_dict["TEST"]["NAME"] = str(settings.VAR_DIR / "tests.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database, and remember it as it is when the migrations are done."""
    from tests import restoring

    with django_db_blocker.unblock(), restoring.remembered():
        yield


@pytest.fixture(scope="session")
def county_ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The small county, played up to its day once for the run, in a database of its own."""
    from tests.builders import county, grounds

    with django_db_blocker.unblock(), grounds.built("county", county.build) as ground:
        yield ground


@pytest.fixture(scope="session")
def bureau_ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The small bureau with its registers, founded once for the run, in a database of its own."""
    from tests.builders import bureau, grounds

    with django_db_blocker.unblock(), grounds.built("bureau", bureau.found_bureau) as ground:
        yield ground
