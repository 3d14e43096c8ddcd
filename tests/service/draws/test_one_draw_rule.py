"""
One task, one draw, whatever program writes (vdraw/1 §13; reliability T-D6): raw statements on both databases.

Each attack runs with a connection like the product's and with one that lifts every protection it can; it is
refused, and everything stands as before.
"""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest
from django.db import connection

from fairdraw.draws.models import DrawnRow
from fairdraw.draws.states import DrawState
from tests.service.draws import grounds
from tests.service.draws.conftest import Founded
from tests.service.draws.hands import GUARDED, REFUSED, Hand
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


def test_every_arrow_of_the_protocol_is_open_to_the_product(scene: Scene):
    """The states of the scene were reached through the services: each arrow was walked at least once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM draw")
        assert {row[0] for row in cursor.fetchall()} == set(STATES)


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


@pytest.mark.parametrize(
    "table",
    [
        "draw_part",
        "draws_drawfile",
        "draws_drawsecret",
        "draws_drawsource",
        "draws_drawnrow",
        "draws_drawnteam",
    ],
)
@pytest.mark.parametrize("keeps_id", [True, False])
def test_no_row_of_a_draw_is_replaced(hand: Hand, scene: Scene, table: str, keeps_id: bool):
    """By its own id, or under a new one with the same place in the draw."""
    column = "drawn_list_id" if table == "draws_drawnrow" else "draw" if table == "draw_part" else "draw_id"
    drawn = scene.draws["drawn"]
    where = f"{column} = '{drawn}'" if column != "drawn_list_id" else "prn <> ''"
    held = hand.row(table, where)
    row = held if keeps_id else {k: v for k, v in held.items() if k != "id"} | {"id": 10**9}
    verbs = ["INSERT"] + (["INSERT OR REPLACE", "REPLACE"] if connection.vendor == "sqlite" else [])

    for verb in verbs:
        with pytest.raises(REFUSED):
            hand.insert(table, row, verb=verb)
    if keeps_id:
        with pytest.raises(REFUSED):
            hand.insert(table, row, after="ON CONFLICT (id) DO UPDATE SET id = 10")


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

    for verb in ["INSERT"] + (["INSERT OR REPLACE"] if connection.vendor == "sqlite" else []):
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


ONCE = {
    "commitment": "'" + "b" * 64 + "'",
    "committed_at": "NULL",
    "salt": "'" + "0" * 32 + "'",
    "share": "'another-share-of-it'",
    "revealed_at": "NULL",
    "user_id": "1",
    "source": "'p9'",
    "role": "'witness'",
    "office_id": "1",
}


@pytest.mark.parametrize("column", ONCE)
def test_commitments_reveals_and_persons_are_final(hand: Hand, scene: Scene, column: str):
    states = (
        ["drawn", "disclosed"]
        if column in {"salt", "share", "revealed_at"}
        else ["revealing", "drawn", "failed"]
    )
    for state in states:
        with pytest.raises(REFUSED):
            hand.run(
                f"UPDATE draws_drawsource SET {column} = {ONCE[column]} WHERE draw_id = '{scene.draws[state]}'"
            )


def test_nothing_is_opened_before_commitments_close_and_nothing_locked_after(hand: Hand, scene: Scene):
    opened = "salt = 'a', share = 'b', revealed_at = prepared_at"
    for state in ("sealed", "voided", "failed"):
        sets = opened.replace("prepared_at", "(SELECT prepared_at FROM draw WHERE draw.id = draw_id)")
        with pytest.raises(REFUSED):
            hand.run(f"UPDATE draws_drawsource SET {sets} WHERE draw_id = '{scene.draws[state]}'")
    for state in ("draft", "voided"):
        with pytest.raises(REFUSED):
            hand.run(f"UPDATE draws_drawsource SET commitment = 'c' WHERE draw_id = '{scene.draws[state]}'")


@pytest.mark.parametrize(
    "column", ["target_id", "rank", "reserve", "stratum", "prn", "part", "class_as_sealed"]
)
def test_a_drawn_row_never_changes(hand: Hand, column: str):
    value = {"reserve": "NOT reserve", "target_id": "target_id + 1", "rank": "rank + 100"}.get(column, "'Z'")

    with pytest.raises(REFUSED):
        hand.run(f"UPDATE draws_drawnrow SET {column} = {value}")


def test_a_dealt_team_and_a_file_of_a_draw_never_change(hand: Hand):
    for statement in (
        "UPDATE draws_drawnteam SET inspector_id = inspector_id + 1",
        "UPDATE draws_drawnteam SET slot = slot || 'x'",
        "UPDATE draws_drawfile SET sha256 = 'x'",
        "UPDATE draws_drawfile SET name = 'plan.json' WHERE name = 'frame.tsv'",
        "UPDATE draws_drawnlist SET draw_id = NULL WHERE draw_id IS NOT NULL",
    ):
        with pytest.raises(REFUSED):
            hand.run(statement)


def test_a_row_is_replaced_once_by_one_other(scene: Scene, founded: Founded, django_db_blocker: Any):
    """UPDATE OR REPLACE on the column that names a successor would take away the row that names it already."""
    with django_db_blocker.unblock():
        database = (
            grounds.copy(str(connection.settings_dict["NAME"]), "replaced")
            if (connection.vendor == "sqlite")
            else None
        )
    if database is None:
        return
    try:
        with grounds.on(database):
            first, second, third = DrawnRow.objects.order_by("pk")[:3]
            DrawnRow.objects.filter(pk=first.pk).update(replaced_by=third)
            bare = Hand("bare")
            with pytest.raises(REFUSED):
                bare.run(
                    f"UPDATE OR REPLACE draws_drawnrow SET replaced_by_id = {third.pk} WHERE id = {second.pk}"
                )
            with pytest.raises(REFUSED):
                bare.run(f"UPDATE draws_drawnrow SET replaced_by_id = NULL WHERE id = {first.pk}")
            bare.close()
            assert DrawnRow.objects.filter(pk=first.pk).exists()
    finally:
        grounds.drop(database)


@pytest.mark.parametrize(
    "org", ["350524-scj", "rehearsal-other", "Rehearsal-xiaoxian", "REHEARSAL-XIAOXIAN", ""]
)
def test_a_rehearsal_draws_under_no_other_org_than_its_own(hand: Hand, scene: Scene, org: str):
    held = hand.row("draw", f"id = '{scene.draws['draft']}'")

    with pytest.raises(REFUSED):
        hand.insert("draw", {**held, "id": "elsewhere", "number": "2026-997", "org": org})


def test_an_installation_is_one_row_that_never_changes(hand: Hand):
    held = hand.row("accounts_installation", "id = 1")
    live = {**held, "org": "350524-scj", "rehearsal": type(held["rehearsal"])(False)}
    verbs = ["INSERT"] + (["INSERT OR REPLACE", "REPLACE"] if connection.vendor == "sqlite" else [])
    for verb in verbs:
        with pytest.raises(REFUSED):
            hand.insert("accounts_installation", live, verb=verb)
        with pytest.raises(REFUSED):
            hand.insert("accounts_installation", {**live, "id": 2}, verb=verb)
    for change in ("org = 'rehearsal-z'", "rehearsal = NOT rehearsal", "id = 2"):
        with pytest.raises(REFUSED):
            hand.run(f"UPDATE accounts_installation SET {change}")


@pytest.mark.only_postgresql
@pytest.mark.parametrize("table", [*GUARDED, "accounts_agency", "registers_target", "files_storedfile"])
def test_nothing_is_truncated_not_even_through_a_parent(hand: Hand, table: str):
    for cascade in ("", " CASCADE"):
        with pytest.raises((*REFUSED, psycopg.errors.FeatureNotSupported)):  # a foreign key alone says no
            hand.run(f"TRUNCATE {table}{cascade}")


@pytest.mark.parametrize(
    "parent",
    [
        "accounts_agency",
        "accounts_user",
        "files_storedfile",
        "registers_target",
        "registers_inspector",
        "plans_task",
    ],
)
def test_no_parent_takes_a_draw_along(scene: Scene, parent: str):
    hand = Hand("careful")
    before = hand.dump()
    try:
        with pytest.raises(REFUSED):
            hand.run(f"DELETE FROM {parent}")
        assert hand.dump() == before
    finally:
        hand.close()


@pytest.mark.parametrize("state", ["voided", "failed"])
def test_after_a_voided_or_failed_attempt_the_task_may_be_drawn_again(
    founded: Founded, scene: Scene, state: str
):
    hand = Hand("careful")
    before = hand.dump()
    ended = hand.row("draw", f"id = '{scene.draws[state]}'")
    part = hand.row("draw_part", scene.part(state))
    again = hand.row("draw", f"id = '{scene.draws['draft']}'") | {
        "id": "again",
        "number": ended["number"],
        "attempt": 2,
        "prev": ended["seal"],
    }
    try:
        hand.insert("draw", again)
        hand.insert("draw_part", {**part, "id": 10**9, "draw": "again", "live": 1})
        with pytest.raises(REFUSED):  # but not twice
            hand.insert("draw", {**again, "id": "third", "attempt": 3})
        hand.run("DELETE FROM draw_part WHERE draw = 'again'")
        hand.run("DELETE FROM draw WHERE id = 'again'")
        assert hand.dump() == before
    finally:
        hand.close()
