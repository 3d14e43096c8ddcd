"""Bundles that a test may spoil: each is a fresh copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.verifier import bundles, judges


@pytest.fixture
def vector(tmp_path: Path) -> Callable[[str], Path]:
    """Copy a vector of the protocol, with its evidence, into the test's own folder."""
    return lambda name: bundles.copy_vector(name, tmp_path)


@pytest.fixture(params=judges.JUDGES, ids=lambda one: one.name)
def judge(request: pytest.FixtureRequest) -> judges.Judge:
    """Each of the two verifiers."""
    found: judges.Judge = request.param
    return found
