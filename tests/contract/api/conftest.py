"""The county behind the interface whose description is tried."""

from __future__ import annotations

from tests.builders.playing import county, in_the_county

__all__ = ["county", "in_the_county"]
