"""The page of states says what the tables of moves say, and leaves none of them out."""

from __future__ import annotations

import importlib

import pytest

import print_states
from fairdraw.draws import states
from fairdraw.draws.states import DrawMove, DrawState


def diagram(machine: print_states.Machine) -> list[str]:
    """The arrows of a machine as its diagram shows them."""
    return [line.strip() for line in print_states.section(machine).splitlines() if " --> " in line]


def test_the_page_is_what_the_tables_print():
    assert print_states.PAGE.read_text(encoding="utf-8") == print_states.page(), (
        "run: .venv/bin/python tools/print_states.py --write"
    )


def test_every_table_of_moves_in_the_source_is_on_the_page():
    in_source = {
        (path.parent.name, name)
        for path in (print_states.SRC / "fairdraw").glob("*/states.py")
        for name in print_states.tables(path)
    }

    assert {(m.module.split(".")[1], m.moves) for m in print_states.MACHINES} == in_source


@pytest.mark.parametrize("machine", print_states.MACHINES, ids=lambda machine: machine.heading.split()[0])
def test_an_odd_edge_shows_what_it_rests_on(machine):
    remarked = [remark for remark in print_states.remarks(machine) if remark]

    assert print_states.section(machine).count("\n- `") == len(remarked)


def test_a_changed_arrow_changes_the_page(monkeypatch):
    draw = next(machine for machine in print_states.MACHINES if machine.moves == "DRAW_MOVES")
    monkeypatch.setitem(states.DRAW_MOVES, (DrawState.WAITING, DrawMove.FAIL), DrawState.VOIDED)

    assert "waiting --> voided: fail" in diagram(draw)


def test_the_arrows_that_the_database_allows_are_those_of_the_table():
    migration = importlib.import_module("fairdraw.draws.migrations.0002_one_draw_rule")

    assert set(migration.ARROWS) == {f"{start}>{end}" for (start, _move), end in states.DRAW_MOVES.items()}
