"""Laws of the draw, held by the verifier on made-up plans of every mode."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import verify
from tests.unit.verifier import bundles, generated

DICE = st.randoms(use_true_random=False)
LAWS = settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def outcome(files: dict[str, bytes]) -> dict[str, bytes]:
    """The outcome; draws that sealing refuses are not what these tests are about."""
    try:
        return verify.recompute(files)
    except verify.Wrong:
        assume(False)
        raise


@given(dice=DICE)
@LAWS
def test_what_is_computed_is_also_accepted(tmp_path_factory: pytest.TempPathFactory, dice: Any) -> None:
    files = generated.sealed_draw(dice)
    outcome(files)

    steps = verify.verify_bundle(bundles.write(tmp_path_factory.mktemp("made"), files))

    assert [step for step in steps if not step.ok] == []


@given(dice=DICE, salt=st.integers(0, 10**9))
@LAWS
def test_what_sealing_accepts_can_be_drawn_with_every_seed(dice: Any, salt: int) -> None:
    files = generated.sealed_draw(dice)
    first = outcome(files)

    for n in range(5):
        other = verify.recompute({**files, "seed.txt": b"%d" % (salt + n)})
        assert other["result.tsv"].count(b"\n") == first["result.tsv"].count(b"\n")


@given(dice=DICE)
@LAWS
def test_nobody_is_sent_twice_to_one_object_or_where_he_may_not_go(dice: Any) -> None:
    files = generated.sealed_draw(dice)
    rows = [line.split("\t") for line in outcome(files)["assign.tsv"].decode().splitlines()]
    recused = {tuple(line.split("\t")) for line in files["recusals.tsv"].decode().splitlines()}
    units = {row[0]: row[1] for row in map(str.split, files["frame.tsv"].decode().splitlines())}
    staff = {row[0]: row for row in map(str.split, files["officers.tsv"].decode().splitlines())}

    assert len({(row[0], row[2]) for row in rows}) == len(rows)
    for id_, _, officer, *_ in rows:
        assert (officer, id_) not in recused
        assert staff[officer][2] == "*" or units[id_] in staff[officer][2].split(",")


@given(dice=DICE)
@LAWS
def test_an_entity_more_changes_nobody_elses_number(dice: Any) -> None:
    files = generated.sealed_draw(dice)
    numbers = {
        tuple(row.split("\t")[i] for i in (0, 5, 4))
        for row in outcome(files)["result.tsv"].decode().splitlines()
    }
    first = files["frame.tsv"].split(b"\n")[0].split(b"\t", 1)
    more = {**files, "frame.tsv": files["frame.tsv"] + b"Z99\t" + first[1] + b"\n"}

    for row in outcome(more)["result.tsv"].decode().splitlines():
        part, _, _, _, number, id_ = row.split("\t")
        assert {known for known in numbers if known[:2] == (part, id_)} <= {(part, id_, number)}


@given(dice=DICE)
@LAWS
def test_more_reserves_only_add_rows(dice: Any) -> None:
    files = generated.sealed_draw(dice)
    plan = json.loads(files["plan.json"])
    for part in plan["parts"]:
        for stratum in part["alloc"]["strata"] if part["purpose"] == "main" else ():
            stratum["reserve"] += 3
    longer = {**files, "plan.json": bundles.canonical(plan)}

    before, after = outcome(files), outcome(longer)

    assert set(before["result.tsv"].splitlines()) <= set(after["result.tsv"].splitlines())
    assert before["assign.tsv"] == after["assign.tsv"]
