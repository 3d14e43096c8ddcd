"""
One task, one draw, whatever program writes (vdraw/1 §13; reliability T-D6): raw statements on both databases.

Each attack runs with a connection like the product's and with one that lifts every protection it can; it is
refused, and everything stands as before.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from fairdraw.draws.states import DrawState
from tests.service.draws.hands import REFUSED, Hand, verbs
from tests.service.draws.scenes import Scene

pytestmark = pytest.mark.django_db
ARROWS = {
    ("draft", "sealed"),
    ("sealed", "revealing"),
    ("sealed", "voided"),
    ("sealed", "failed"),
    ("revealing", "waiting"),
    ("revealing", "drawn"),
    ("revealing", "failed"),
    ("waiting", "drawn"),
    ("waiting", "failed"),
    ("drawn", "disclosed"),
}
STATES = [state.value for state in DrawState]
SEALED = [state for state in STATES if state != "draft"]


def becoming(state: str, number: int) -> dict[str, Any]:
    """What a row would have to hold in *state*, so that only the arrow can be at fault."""
    values: dict[str, Any] = {"state": state}
    if state in {"drawn", "disclosed"}:
        values |= {"seed_hash": f"{number:064x}", "result_root": "ab" * 32}
    if state in {"voided", "failed"}:
        values |= {"ended_reason": "原因", "ended_by": "u:1", "ended_second": "u:2"}
    return values


def moved(hand: Hand, draw: str, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in values)
    hand.run(f"UPDATE draw SET {sets} WHERE id = {{}}", [*values.values(), draw])


@pytest.mark.parametrize(
    ("before", "after"), [p for p in itertools.permutations(STATES, 2) if p not in ARROWS]
)
def test_no_draw_goes_where_the_protocol_shows_no_arrow(hand: Hand, scene: Scene, before: str, after: str):
    values = becoming(after, 7)
    if before == "draft":
        values["seal"] = "cd" * 32
    if before in {"drawn", "disclosed", "voided", "failed"}:  # what is set already cannot be the obstacle
        values = {k: v for k, v in values.items() if k == "state"}

    with pytest.raises(REFUSED):
        moved(hand, scene.draws[before], values)


def test_every_state_of_the_protocol_is_reached_by_the_product(hand: Hand):
    assert {row[0] for row in hand.raw.execute("SELECT DISTINCT state FROM draw").fetchall()} == set(STATES)


@pytest.mark.parametrize(
    ("state", "after"),
    [("revealing_ball", "drawn"), ("revealing", "waiting"), ("waiting", "drawn")],
)
def test_a_draw_with_a_public_number_waits_for_it_and_one_without_does_not(
    hand: Hand, scene: Scene, state: str, after: str
):
    with pytest.raises(REFUSED):
        moved(hand, scene.draws[state], becoming(after, 8))


@pytest.mark.parametrize("missing", ["ended_reason", "ended_by", "ended_second"])
def test_a_draw_is_voided_only_with_a_reason_and_two_people(hand: Hand, scene: Scene, missing: str):
    with pytest.raises(REFUSED):
        moved(hand, scene.draws["sealed"], becoming("voided", 9) | {missing: ""})
    with pytest.raises(REFUSED):
        moved(hand, scene.draws["sealed"], becoming("voided", 9) | {"ended_second": "u:1"})


KEPT = (
    *(
        "id",
        "org",
        "number",
        "attempt",
        "prev",
        "agency_id",
        "year",
        "level",
        "suite",
        "prf",
        "approval_code",
    ),
    *("register_seq", "disclose_to", "disclose_when", "beacon_kind", "beacon_round", "prepared_at", "seal"),
    *("sealed_at", "commit_by", "reveal_by"),
)


@pytest.mark.parametrize("column", KEPT)
def test_what_was_sealed_never_changes(hand: Hand, scene: Scene, column: str):
    for state in SEALED:
        held = hand.row("draw", f"id = '{scene.draws[state]}'")[column]
        other = held + 1 if isinstance(held, int) else "2030-01-01 00:00:00+00" if "_" in column else "x"
        if column in {"approval_code", "disclose_to", "disclose_when", "beacon_kind", "beacon_round"}:
            other = "x"

        with pytest.raises(REFUSED):
            moved(hand, scene.draws[state], {column: other})
        if column != "id" and not isinstance(held, int):
            with pytest.raises(REFUSED):
                moved(hand, scene.draws[state], {column: None})


@pytest.mark.parametrize("state", ["drawn", "disclosed"])
@pytest.mark.parametrize("column", ["seed_hash", "result_root", "drawn_at", "reveals_opened_at"])
def test_what_was_drawn_never_changes(hand: Hand, scene: Scene, state: str, column: str):
    other = "ef" * 32 if column in {"seed_hash", "result_root"} else "2030-01-01 00:00:00+00"
    for value in (other, None):
        with pytest.raises(REFUSED):
            moved(hand, scene.draws[state], {column: value})


@pytest.mark.parametrize("state", SEALED)
def test_a_sealed_draw_and_all_that_hangs_on_it_is_never_deleted(hand: Hand, scene: Scene, state: str):
    draw = scene.draws[state]

    for statement in (
        f"DELETE FROM draw WHERE id = '{draw}'",
        f"DELETE FROM draw_part WHERE draw = '{draw}'",
        f"DELETE FROM draws_drawfile WHERE draw_id = '{draw}'",
        f"DELETE FROM draws_drawsecret WHERE draw_id = '{draw}'",
        f"DELETE FROM draws_drawsource WHERE draw_id = '{draw}'",
    ):
        with pytest.raises(REFUSED):
            hand.run(statement)


@pytest.mark.parametrize(
    "table", ["draws_drawnrow", "draws_drawnteam", "draws_drawnlist", "accounts_installation"]
)
def test_results_and_the_installation_are_never_deleted(hand: Hand, table: str):
    with pytest.raises(REFUSED):
        hand.run(f"DELETE FROM {table}")


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize("state", SEALED)
@pytest.mark.only_sqlite
def test_replace_takes_no_draw_away(hand: Hand, scene: Scene, state: str, verb: str):
    held = hand.row("draw", f"id = '{scene.draws[state]}'")
    fresh = {**held, "state": "draft", "seal": None, "seed_hash": None, "result_root": None}
    rowid = hand.row("(SELECT rowid AS r, id FROM draw)", f"id = '{held['id']}'")["r"]
    attacks: list[dict[str, Any]] = [
        fresh,  # the same draw, begun anew
        {**fresh, "id": "other"},  # the same attempt under another id
        {"rowid": rowid, **fresh, "id": "other", "number": "9-999"},  # in the same place of the table
    ]
    if state not in {"voided", "failed"}:
        attacks.append({**fresh, "id": "other", "attempt": held["attempt"] + 1})  # a second live attempt
    for row in attacks:
        with pytest.raises(REFUSED):
            hand.insert("draw", row, verb=verb)


@pytest.mark.parametrize("state", SEALED)
@pytest.mark.only_sqlite
def test_update_or_replace_takes_no_draw_away(hand: Hand, scene: Scene, state: str):
    held = hand.row("draw", f"id = '{scene.draws[state]}'")
    rowid = hand.row("(SELECT rowid AS r, id FROM draw)", f"id = '{held['id']}'")["r"]
    draft = scene.draws["draft"]
    sets = [f"rowid = {rowid}", f"id = '{held['id']}'", f"number = '{held['number']}'"]
    sets.append(f"state = 'sealed', seal = '{held['seal']}'")
    for change in sets:
        with pytest.raises(REFUSED):
            hand.run(f"UPDATE OR REPLACE draw SET {change} WHERE id = '{draft}'")
    if held["seed_hash"]:
        revealing = scene.draws["revealing"]
        values = f"state = 'drawn', seed_hash = '{held['seed_hash']}', result_root = 'x'"
        with pytest.raises(REFUSED):
            hand.run(f"UPDATE OR REPLACE draw SET {values} WHERE id = '{revealing}'")


@pytest.mark.parametrize("state", SEALED)
def test_on_conflict_do_update_changes_no_draw(hand: Hand, scene: Scene, state: str):
    held = hand.row("draw", f"id = '{scene.draws[state]}'")
    fresh = {**held, "state": "draft", "seal": None, "seed_hash": None, "result_root": None}

    for after in (
        "ON CONFLICT (id) DO UPDATE SET state = 'draft', seal = NULL, seed_hash = NULL, result_root = NULL",
        "ON CONFLICT (id) DO UPDATE SET number = '9-999'",
        "ON CONFLICT (id) DO NOTHING",
    ):
        with pytest.raises(REFUSED):
            hand.insert("draw", fresh, after=after)


@pytest.mark.parametrize("state", SEALED)
def test_live_is_what_the_state_of_the_draw_says(hand: Hand, scene: Scene, state: str):
    wrong = 1 if state in {"voided", "failed"} else 0

    with pytest.raises(REFUSED):
        hand.run(f"UPDATE draw_part SET live = {wrong} WHERE {scene.part(state)}")


@pytest.mark.parametrize("column", ["draw", "org", "task", "part", "purpose"])
def test_a_part_keeps_its_task(hand: Hand, scene: Scene, column: str):
    other = scene.draws["draft"] if column == "draw" else "main" if column == "purpose" else "x"
    if column == "purpose":
        other = "recheck"
    for state in STATES:
        if (column, state) == ("draw", "draft"):
            continue
        with pytest.raises(REFUSED):
            hand.run(f"UPDATE draw_part SET {column} = '{other}' WHERE {scene.part(state)}")


@pytest.mark.parametrize("state", [s for s in SEALED if s not in {"voided", "failed"}])
def test_a_task_of_a_live_draw_joins_no_other_draft(hand: Hand, scene: Scene, state: str):
    """Alone under a number of its own, and in a pool of which it would be one task."""
    part = hand.row("draw_part", scene.part(state))
    mine = {k: v for k, v in part.items() if k != "id"} | {"id": 10**9, "draw": scene.draws["draft"]}

    for verb in verbs():
        with pytest.raises(REFUSED):
            hand.insert("draw_part", mine, verb=verb)


def test_no_part_joins_or_leaves_a_sealed_draw(hand: Hand, scene: Scene):
    part = hand.row("draw_part", scene.part("draft"))
    for state in SEALED:
        joining = {**part, "id": 10**9, "draw": scene.draws[state], "task": "2026-999"}
        with pytest.raises(REFUSED):
            hand.insert("draw_part", joining)


def test_a_draw_begins_as_a_draft_and_is_sealed_only_with_a_task(hand: Hand, scene: Scene):
    held = hand.row("draw", f"id = '{scene.draws['draft']}'")
    fresh = {**held, "id": "without", "number": "2026-998"}

    for state in SEALED:
        with pytest.raises(REFUSED):
            hand.insert("draw", fresh | becoming(state, 11) | {"seal": "aa" * 32})
    hand.insert("draw", fresh)
    with pytest.raises(REFUSED):
        moved(hand, "without", {"state": "sealed", "seal": "aa" * 32})
    hand.run("DELETE FROM draw WHERE id = 'without'")
