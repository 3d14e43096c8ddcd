"""
How many a scheme would draw in each stratum (抽取数量), for counts that are given: sizes need no randomness.

Source: vdraw/1 §10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drawcore.allocation import sizes
from drawcore.errors import DrawError
from drawcore.plan import Part
from fairdraw.draws import frames
from fairdraw.draws.states import Purpose
from fairdraw.plans.models import Scheme


def planned(
    *, by: str, mode: str, strata: Sequence[Mapping[str, Any]], total: int | None, counts: Mapping[str, int]
) -> dict[str, int] | None:
    """
    The number drawn in each stratum, as freezing would compute it; ``None`` where the scheme cannot be drawn.

    Args:
        by: What the scheme is stratified by.
        mode: The mode of its allocation.
        strata: The rows of its allocation.
        total: The total, where the mode has one.
        counts: How many targets stand in each stratum.
    """
    allocation = frames.allocation(Scheme(mode=mode, strata=[dict(row) for row in strata], total=total))
    try:
        found = sizes(Part("planned", Purpose.MAIN.value, "", by, "", allocation), counts)
    except DrawError:
        return None
    return {code: size.drawn for code, size in found.items()}
