"""
What hangs on a draw never changes: sources, files, rows, teams, lists, the installation (vdraw/1 §13; T-D6).

Raw statements on both databases, as in ``test_one_draw_rule.py``.
"""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tests.builders import grounds
from tests.builders.county import County
from tests.builders.grounds import Ground
from tests.service.draws.hands import GUARDED, REFUSED, Hand, verbs
from tests.service.draws.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "table",
    [
        *("draw_part", "draws_drawfile", "draws_drawsecret", "draws_drawsource"),
        *("draws_drawnrow", "draws_drawnteam", "draws_drawnlist"),
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

    for verb in verbs():
        with pytest.raises(REFUSED):
            hand.insert(table, row, verb=verb)
    if keeps_id:
        with pytest.raises(REFUSED):
            hand.insert(table, row, after="ON CONFLICT (id) DO UPDATE SET id = 10")


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
        "UPDATE draws_drawfile SET sha256 = (SELECT min(sha256) FROM files_storedfile)",
        "UPDATE draws_drawfile SET name = 'plan.json' WHERE name = 'frame.tsv'",
        "UPDATE draws_drawnlist SET draw_id = NULL WHERE draw_id IS NOT NULL",
    ):
        with pytest.raises(REFUSED):
            hand.run(statement)


def test_a_row_is_replaced_once_by_one_other(founded: Ground[County]):
    """UPDATE OR REPLACE on the column that names a successor would take away the row that names it already."""
    database = grounds.copy(founded.database, "replaced")
    with grounds.on(database):
        bare = Hand("bare")
    verb = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
    try:
        first, second, third = (
            row[0] for row in bare.raw.execute("SELECT id FROM draws_drawnrow ORDER BY id LIMIT 3").fetchall()
        )
        bare.run(f"UPDATE draws_drawnrow SET replaced_by_id = {third} WHERE id = {first}")
        before = bare.dump()
        for statement in (
            f"{verb} draws_drawnrow SET replaced_by_id = {third} WHERE id = {second}",
            f"{verb} draws_drawnrow SET replaced_by_id = NULL WHERE id = {first}",
            f"{verb} draws_drawnrow SET replaced_by_id = {second} WHERE id = {first}",
        ):
            with pytest.raises(REFUSED):
                bare.run(statement)
        assert bare.dump() == before
    finally:
        bare.close()
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
    for verb in verbs():
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
        with pytest.raises((*REFUSED, psycopg.errors.FeatureNotSupported)):
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
    founded: Ground[County], scene: Scene, state: str
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
