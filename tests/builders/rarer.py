"""Parameters that only ``-m long`` tries: the same door once more, with another slip."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet


def rarer(*values: object) -> ParameterSet:
    """One set of parameters, left to ``-m long``."""
    return pytest.param(*values, marks=pytest.mark.long)
