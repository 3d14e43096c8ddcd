"""
What is sealed, as ``seal.json`` (封存文本): the draw's row, its persons, the roots of its lists (vdraw/1 §6.2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from drawcore import seal as seals
from drawcore import suites
from drawcore.rows import ListRoot
from fairdraw.draws import rules
from fairdraw.draws.models import Draw

UNKNOWN = "0" * 64
ROOTS = (*seals.LISTS, "ids")


def document(
    draw: Draw,
    *,
    persons: Sequence[seals.Person],
    roots: Mapping[str, ListRoot],
    plan: str,
    server: str,
    custodian: str,
    now: dt.datetime,
) -> seals.Seal:
    """
    Put the seal of *draw* together (封存).

    Args:
        draw: The prepared draw.
        persons: In the order of their sources.
        roots: ``frame``, ``ids``, ``excluded``, ``officers``, ``recusals``.
        plan: Hash of ``plan.json``, hex.
        server: Hash of ``server.txt``, hex.
        custodian: The custodian's public key as text, empty with paper slips.
        now: The moment of sealing.
    """
    suite = suites.suite(draw.suite)
    at = int(now.timestamp())
    commit_by = at + rules.COMMIT_HOURS * 3600
    return seals.Seal(
        suite=draw.suite,
        prf=draw.prf,
        level=draw.level,
        org=draw.org,
        number=draw.number,
        draw=draw.pk,
        attempt=draw.attempt,
        prev=draw.prev,
        sealed_at=at,
        commit_by=commit_by,
        reveal_by=commit_by + rules.REVEAL_HOURS * 3600,
        beacon_from=0,
        register_seq=draw.register_seq,
        plan=plan,
        frame=roots["frame"],
        ids=roots["ids"],
        excluded=roots["excluded"],
        officers=roots["officers"],
        recusals=roots["recusals"],
        sources=seals.Sources(
            server=server,
            persons=tuple(persons),
            min_reveals=rules.MIN_REVEALS,
            custodian=suite.hex(custodian.encode()) if custodian else "",
            beacon=seals.BeaconRound(draw.beacon_kind, draw.beacon_round) if draw.beacon_kind else None,
        ),
        disclosure=seals.Disclosure(draw.disclose_to, draw.disclose_when),
    )


def require_sealable(draw: Draw, *, persons: Sequence[seals.Person], now: dt.datetime) -> None:
    """
    Refuse a draw whose level, persons, offices or public number could never be sealed (封存前核对).

    Raises:
        drawcore.errors.SealRefused: Names the rule.

    Source: vdraw/1 §6.2, §6.3.
    """
    roots = dict.fromkeys(ROOTS, ListRoot(0, UNKNOWN))
    custodian = "named when it is sealed"
    document(
        draw, persons=persons, roots=roots, plan=UNKNOWN, server=UNKNOWN, custodian=custodian, now=now
    ).encode()
