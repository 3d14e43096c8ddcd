"""What happened after the draw follows the protocol, or step 12 says no (抽取以后)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import verify
from tests.unit.verifier import bundles

Vector = Callable[[str], Path]


def step_12(folder: Path, *later: tuple[str, dict[str, str]]) -> verify.Step:
    """Step 12 for a vector whose log goes on with *later* entries, their kinds and bodies."""
    events = bundles.draw_events(folder)
    for name in ("receipt.json", "checkpoint.txt"):
        (folder / name).unlink(missing_ok=True)
    for kind, body in later:
        whole = {"draw": events[0]["body"]["draw"], "approver": "u:9", **body}
        events.append({"at": 1800000000, "actor": "u:9", "kind": kind, "body": whole})
    bundles.write_log(folder, "sha256", events)
    steps = verify.verify_bundle(folder)
    assert steps[6].ok
    return steps[12]


def moved_up(part: str, gone: str, successor: str, reason: str = "closed") -> tuple[str, dict[str, str]]:
    return "draw.object_replaced", {"part": part, "object": gone, "successor": successor, "reason": reason}


def replaced(**body: str) -> tuple[str, dict[str, str]]:
    return "draw.officer_replaced", {"reason": "ill", **body}


def test_without_the_log_nothing_is_known(vector: Vector) -> None:
    assert verify.verify_bundle(vector("v4"))[12].status == verify.ABSENT


def test_the_next_rank_moves_up_and_no_other(vector: Vector, tmp_path: Path) -> None:
    reserve, after_it = moved_up("2024-017", "E03", "E04"), moved_up("2024-017", "E05", "E01")

    assert step_12(vector("v1"), reserve).ok
    assert not step_12(bundles.copy_vector("v1", tmp_path / "a"), after_it).ok


@pytest.mark.parametrize(
    "entry",
    [
        moved_up("2024-017", "E03", "E04", "refused"),
        moved_up("2024-017", "E04", "E06"),
        moved_up("2024-017", "E03", "E10"),
        replaced(object="E05", slot="2", officer="P1", successor="P3"),
        replaced(object="E05", slot="1", officer="P2", successor="P1"),
    ],
)
def test_a_replacement_of_choice_is_refused(vector: Vector, entry: tuple[str, dict[str, str]]) -> None:
    assert step_12(vector("v1"), entry).status == verify.WRONG


@pytest.mark.parametrize(
    "entry",
    [
        replaced(object="E05", slot="1", officer="P2"),
        replaced(object="E05", slot="2", officer="P1", successor="P4"),
        replaced(object="E09", slot="1", officer="P2", successor="P1"),
        replaced(object="E09", slot="2", officer="P4", successor="P3"),
    ],
)
def test_the_officers_who_follow_in_vector_1_are_accepted(
    vector: Vector, entry: tuple[str, dict[str, str]]
) -> None:
    step = step_12(vector("v1"), entry)

    assert (step.status, step.notes[0]) == (verify.PASS, "替换 1 次，均合规则；另有 0 条替换、追加须人工核对")


@pytest.mark.parametrize(
    ("entry", "right"),
    [
        (("draw.team_replaced", {"object": "H05", "team": "MR-1", "successor": "MR-3"}), True),
        (("draw.team_replaced", {"object": "H05", "team": "MR-1", "successor": "MR-2"}), False),
        (replaced(team="MR-1", officer="M4", successor="M2"), True),
        (replaced(team="MR-1", officer="M3"), True),
        (replaced(team="MR-1", officer="M3", successor="M2"), False),
        (moved_up("2024-C07", "H05", "H01"), False),
    ],
)
def test_teams_of_vector_4_follow_the_protocol(
    vector: Vector, entry: tuple[str, dict[str, str]], right: bool
) -> None:
    assert step_12(vector("v4"), entry).ok is right


def test_what_cannot_be_recomputed_is_counted_not_accepted_silently(vector: Vector) -> None:
    step = step_12(
        vector("v1"), ("draw.extended", {"part": "2024-017"}), replaced(officer="P1", successor="P4")
    )

    assert step.ok
    assert "另有 2 条替换、追加须人工核对" in step.notes[0]
