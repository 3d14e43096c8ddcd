"""The lock files: whole, hash-pinned, free of hosts, and of licences that a public body may pass on."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)")
# Used as unmodified libraries (LGPL allows that); anything else of the GPL family fails.
LGPL_LIBRARIES = {"psycopg", "psycopg-binary", "docxtpl"}


def pins(name: str) -> dict[str, str]:
    """Return the version of each package in the lock file *name*."""
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    found = [match for line in lines if (match := PINNED.match(line))]
    return {match["name"]: match["version"] for match in found}


def entries(path: Path) -> list[str]:
    """Return the entries of a lock file, each with its hashes on one line."""
    return path.read_text().replace("\\\n", " ").splitlines()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host_so_a_site_behind_a_mirror_can_use_it(path):
    assert "://" not in path.read_text()


def test_javascript_locks_name_no_host_either():
    locks = [*ROOT.glob("package-lock.json"), *(ROOT / "tests").rglob("package-lock.json")]

    assert [lock for lock in locks if "://" in lock.read_text()] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_one_version_and_its_hashes(path):
    loose = [line for line in entries(path) if not (PINNED.match(line) and "--hash=sha256:" in line)]

    assert entries(path)
    assert loose == []


def test_tests_run_on_the_very_packages_that_are_delivered():
    run, full = pins("run.lock"), pins("test.lock")

    assert {name: full.get(name) for name in run} == run


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("run.lock", PROJECT["project"]["dependencies"]),
        ("test.lock", PROJECT["dependency-groups"]["test"]),
    ],
)
def test_what_the_project_asks_for_is_what_is_locked(lock, wanted):
    locked = pins(lock)
    missing = [
        text
        for text in wanted
        if (asked := Requirement(text))
        and locked.get(canonicalize_name(asked.name), "") not in asked.specifier
    ]

    assert missing == []


def licence(name: str) -> str:
    """Return everything the installed package *name* says of its licence in its description."""
    described = importlib.metadata.metadata(name)
    classifiers = [line for line in described.get_all("Classifier") or [] if line.startswith("License")]
    short = (described.get("License") or "").strip().split("\n")[0]
    return " | ".join([described.get("License-Expression") or "", short, *classifiers])


def test_no_delivered_package_is_under_a_licence_that_would_bind_the_bureau():
    installed = {canonicalize_name(d.metadata["Name"]) for d in importlib.metadata.distributions()}
    delivered = [name for name in pins("run.lock") if name in installed]
    refused = {
        name: licence(name)
        for name in delivered
        if re.search(r"GPL|GNU|SSPL|BUSL|Commons Clause", licence(name)) and name not in LGPL_LIBRARIES
    }

    assert len(delivered) > 40
    assert refused == {}
    assert all("LGPL" in licence(name) or "Lesser" in licence(name) for name in LGPL_LIBRARIES)
