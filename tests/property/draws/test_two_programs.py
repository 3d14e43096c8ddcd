"""
Two programs, written apart, get the same bytes for every draw that may be sealed (vdraw/1 §19.4).

``drawcore`` draws; ``verify.py``, the one file that everybody may download, recomputes.
"""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings

from drawcore import seal as seals
from drawcore import seed as seeding
from drawcore.outcome import outcome
from drawcore.seal import Seal
from fairdraw.draws import run
from tests.builders import vectors
from tests.property.drawcore.strategies import Case, cases, seeds

SEEN: set[tuple[str, ...]] = set()
MODES = {"rate", "fixed", "total", "pareto", "ledger"}


def files_of(case: Case, seed: bytes) -> dict[str, bytes]:
    """The files of a draw up to ``seed.txt``: vector 1's seal with this case's lists, suite and function."""
    held = vectors.bundle(1).files
    suite, sealed = case.suite, case.sealed
    plan = sealed.plan.encode()
    seal = dataclasses.replace(
        Seal.parse(held["seal.json"]),
        suite=suite.name,
        prf=case.prf,
        plan=suite.hex(plan),
        **seals.list_roots(sealed, suite),
    )
    return {
        "seal.json": seal.encode(),
        "plan.json": plan,
        "frame.tsv": sealed.frame.data,
        "excluded.tsv": sealed.excluded.data,
        "officers.tsv": sealed.officers.data,
        "recusals.tsv": sealed.recusals.data,
        "seed.txt": seed.hex().encode() + b"\n",
    }


def both_agree(case: Case, seed: bytes) -> None:
    """Let both programs draw, compare, and remember what kind of draw it was."""
    files = files_of(case, seed)
    again = run.verifier().recompute(dict(files))

    found = outcome(case.sealed, seeding.keys(files["seed.txt"], Seal.parse(files["seal.json"])))

    assert again == {"result.tsv": found.result, "assign.tsv": found.assign}
    SEEN.update(("mode", part.alloc.mode) for part in case.sealed.plan.parts)
    SEEN.add(("suite and function", case.suite.name, case.prf))
    SEEN.add(("assignment", case.sealed.plan.assign.mode))
    SEEN.add(("recusals", str(bool(case.rows.recusals))))
    SEEN.add(("form", case.sealed.plan.assign.form))
    SEEN.update(("purpose", part.purpose) for part in case.sealed.plan.parts)
    SEEN.add(("stratum N", str(any("N" in part for part in case.seen.member.strata.values()))))
    SEEN.add(("pool", str(len(case.sealed.plan.parts) > 1)))


GENERATED = settings(database=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def test_both_programs_get_the_same_bytes_for_draws_of_every_kind():
    SEEN.clear()
    few = settings(GENERATED, max_examples=250, derandomize=True)

    few(given(case=cases(), seed=seeds)(both_agree))()

    assert {seen[1] for seen in SEEN if seen[0] == "mode"} == MODES
    assert len([seen for seen in SEEN if seen[0] == "suite and function"]) == 4
    assert {("assignment", "each"), ("assignment", "cluster")} <= SEEN
    assert {("recusals", "True"), ("recusals", "False"), ("pool", "True"), ("pool", "False")} <= SEEN
    assert {("form", "drawn"), ("form", "standing")} <= SEEN
    assert {("purpose", "main"), ("purpose", "recheck"), ("purpose", "inspectors")} <= SEEN
    assert {("stratum N", "True"), ("stratum N", "False")} <= SEEN


@pytest.mark.long
def test_both_programs_get_the_same_bytes_for_thousands_of_draws():
    """Other draws with every run: ``pytest -m long tests/property/draws``."""
    many = settings(GENERATED, max_examples=4000)

    many(given(case=cases(), seed=seeds)(both_agree))()
