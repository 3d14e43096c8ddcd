"""What sealing must refuse is refused by the verifier too: seal, plan, lists, officers, earlier attempts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import verify
from tests.unit.verifier import bundles

Vector = Callable[[str], Path]
BLIND = bundles.BLIND


def stratum(code: str, num: int = 1, den: int = 2, **more: int) -> dict[str, Any]:
    return {"code": code, "num": num, "den": den, "min": 0, "reserve": 0, **more}


def slot(code: str, **more: str) -> dict[str, Any]:
    return {"slot": code, "dept": "MR", "tag": "*", "when": "*", "part": "*", **more}


def plan(**alloc: Any) -> dict[str, Any]:
    rate = {"mode": "rate", "strata": [stratum("A"), stratum("N")], **alloc}
    part = {"part": "2024-1", "purpose": "main", "scope": "*", "by": "credit", "key": "main", "alloc": rate}
    assign = {"mode": "each", "slots": [slot("1"), slot("2")]}
    return {"type": "vdraw.plan", "v": 1, "reasons": ["done"], "parts": [part], "assign": assign}


def cluster(form: str = "drawn") -> dict[str, Any]:
    made = plan()
    made["assign"] |= {"mode": "cluster", "by": "unit", "max_per_bundle": 2, "form": form}
    return made


def lists(**changed: list[tuple[Any, ...]]) -> dict[str, bytes]:
    rows: dict[str, list[tuple[Any, ...]]] = {
        "frame": [(f"E{n}", "S1", "-", "credit.A", BLIND) for n in range(4)],
        "excluded": [("X1", "*", "done", BLIND)],
        "officers": [(f"P{n}", "MR", "*", "-", 0, BLIND) for n in range(3)],
        "recusals": [],
        **changed,
    }
    return {f"{name}.tsv": bundles.rows(table) for name, table in rows.items()}


def refusal(made: dict[str, Any], **changed: list[tuple[Any, ...]]) -> str:
    """Why the draw is refused; an empty text where it is not."""
    try:
        verify.recompute(bundles.sealed(made, lists(**changed)))
    except verify.Wrong as wrong:
        return wrong.what
    return ""


def test_the_plain_draw_of_these_tests_is_accepted() -> None:
    assert refusal(plan()) == refusal(cluster()) == ""


@pytest.mark.parametrize(
    ("alloc", "why"),
    [
        ({"strata": [stratum("A")]}, "没有 N"),
        ({"strata": [stratum("N")]}, "没有规定的层"),
        ({"strata": [stratum("A"), stratum("A"), stratum("N")]}, "层重复"),
        ({"strata": [stratum("A", 0), stratum("N")]}, "低于下限"),
        ({"floor": {"base": 100, "num": 35, "den": 1000}}, "低于下限"),
        ({"mode": "lottery"}, "mode"),
        ({"surplus": 1}, "多出键 surplus"),
        ({"strata": [stratum("A", den=0), stratum("N")]}, "den"),
        ({"strata": [stratum("A", 1.5), stratum("N")]}, "不许可的数"),
        ({"strata": [stratum("A", True), stratum("N")]}, "num 应为整数"),
    ],
)
def test_an_allocation_against_the_rules_is_refused(alloc: dict[str, Any], why: str) -> None:
    assert why in refusal(plan(**alloc))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"scope": "food"}, "不在任何抽取项内"),
        ({"purpose": "inspectors"}, "名单来源"),
        ({"list": {"of": "市局", "doc": "1号", "hash": "ab" * 32}}, "名单来源"),
        ({"purpose": "inspectors", "list": {"of": "市局", "doc": "1号", "hash": "ab" * 32}}, "应为 1/1"),
        ({"part": "2024/1"}, "形式不符"),
        ({"part": "x" * 21}, "形式不符"),
    ],
)
def test_a_part_against_the_rules_is_refused(changes: dict[str, Any], why: str) -> None:
    made = plan()
    made["parts"][0] |= changes

    assert why in refusal(made)


def test_parts_of_one_task_have_one_purpose_and_codes_of_their_own() -> None:
    made = plan()
    made["parts"] = [
        {**made["parts"][0], "part": "1.a"},
        {**made["parts"][0], "part": "1.b", "purpose": "recheck"},
    ]
    assert "用途" in refusal(made)

    made["parts"] = [made["parts"][0]] * 2
    assert "重复" in refusal(made)


def test_a_part_with_nobody_in_scope_is_refused() -> None:
    made = plan()
    made["parts"].append({**made["parts"][0], "part": "2024-2", "scope": "food"})

    assert "范围内没有对象" in refusal(made)


def test_an_empty_frame_is_refused() -> None:
    assert "空" in refusal(plan(), frame=[])


def test_an_entity_excluded_from_the_draw_may_not_stand_in_its_frame() -> None:
    assert "不在任何抽取项内" in refusal(plan(), excluded=[("E1", "*", "done", BLIND)])
    assert "不在任何抽取项内" in refusal(plan(), excluded=[("E1", "2024-1", "done", BLIND)])


def test_an_entity_and_part_without_a_slot_is_refused() -> None:
    made = plan()
    made["assign"]["slots"] = [slot("1", when="food")]

    assert "没有适用的岗位" in refusal(made)


def test_too_few_officers_are_refused_before_anybody_is_drawn() -> None:
    one = [("P0", "MR", "*", "-", 0, BLIND)]
    two = [*one, ("P1", "MR", "*", "-", 0, BLIND)]

    assert "可派人员不足" in refusal(plan(), officers=one)
    assert refusal(plan(), officers=two) == ""
    assert "可派人员不足" in refusal(plan(), officers=two, recusals=[("P1", "E3")])


def test_too_few_teams_are_refused_before_anybody_is_drawn() -> None:
    far = [(f"P{n}", "MR", "S2", "-", 0, BLIND) for n in range(2)]

    assert "检查小组不足" in refusal(cluster(), officers=far)
    assert "检查小组不足" in refusal(cluster(), recusals=[("P2", "E3")])


def test_standing_teams_have_as_many_members_as_slots() -> None:
    def team(size: int) -> list[tuple[Any, ...]]:
        return [(f"P{n}", "MR", "*", "team.7", 0, BLIND) for n in range(size)]

    assert refusal(cluster("standing"), officers=team(2)) == ""
    assert "人数" in refusal(cluster("standing"), officers=team(3))
    twice = [*team(2), *[(f"Q{n}", "MR", "S1", "team.7", 0, BLIND) for n in range(2)]]
    assert "代号相同" in refusal(cluster("standing"), officers=twice)


def test_slots_of_one_department_share_their_reach_when_teams_are_dealt() -> None:
    made = cluster()
    made["assign"]["slots"][1]["when"] = "food"
    assert "适用范围" in refusal(made)

    made["assign"]["slots"] = [slot("1", dept="*")]
    assert "部门" in refusal(made)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("frame", [("E2", "S1", "-", "-", BLIND), ("E1", "S1", "-", "-", BLIND)]),
        ("frame", [("E1", "S1", "-", "-", BLIND), ("E1", "S1", "-", "-", BLIND)]),
        ("frame", [("企1", "S1", "-", "-", BLIND)]),
        ("frame", [("E1", "S1", "-", "credit.A,credit.B", BLIND)]),
        ("frame", [("E1", "S1", "-", "-", BLIND[1:])]),
        ("frame", [("E1", "S1", "-", "", BLIND)]),
        ("frame", [("E1", "S1", "-", BLIND)]),
        ("officers", [("P1", "MR", "*", "-", "01", BLIND)]),
        ("officers", [("P1", "MR", "*", "-", -1, BLIND)]),
        ("excluded", [("X1", "2024-1.", "done", BLIND)]),
        ("recusals", [("P1", "E2"), ("P1", "E1")]),
    ],
)
def test_a_list_against_its_form_is_refused(table: str, rows: list[tuple[Any, ...]]) -> None:
    assert re.search(r"第 [12] 行|有两个 credit 标签", refusal(plan(), **{table: rows}))


def test_sizes_of_a_pareto_draw_are_numbers_in_range() -> None:
    alloc = {"mode": "pareto", "size": "risk", "missing": 50}
    for risk, right in (
        ("1", True),
        ("1000000", True),
        ("0", False),
        ("1000001", False),
        ("07", False),
        ("x", False),
    ):
        frame = [("E1", "S1", "-", f"credit.A,risk.{risk}", BLIND)]
        assert (refusal(plan(**alloc), frame=frame) == "") is right


SEALS: list[tuple[dict[str, Any], str]] = [
    ({"level": 2}, "二、三级"),
    ({"level": True}, "不在许可之列"),
    ({"attempt": 2}, "前次"),
    ({"prev": "ab" * 32}, "前次"),
    ({"commit_by": 1714200000}, "依次"),
    ({"reveal_by": 1714200600}, "依次"),
    ({"beacon_from": 1}, "beacon_from"),
    ({"prf": "mt19937"}, "不在许可之列"),
    ({"register_seq": -1}, "整数"),
    ({"draw": "x"}, "形式不符"),
    ({"number": "一号"}, "形式不符"),
    ({"surplus": 1}, "surplus"),
]


def a_seal() -> dict[str, Any]:
    return json.loads(bundles.sealed(plan(), lists())["seal.json"])


@pytest.mark.parametrize(("changes", "why"), SEALS)
def test_a_seal_against_the_rules_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(verify.Wrong, match=why):
        verify.check_seal({**a_seal(), **changes})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"custodian": ""}, "保管人"),
        ({"min_reveals": 1}, "整数"),
        ({"min_reveals": 3}, "最少开启"),
        ({"persons": [("p1", "a", "initiator"), ("p2", "a", "supervisor")]}, "监督人"),
        ({"persons": [("p1", "a", "initiator"), ("p1", "b", "supervisor")]}, "重复"),
        ({"persons": [("p1", "a", "initiator"), ("p2", "b", "witness")]}, "监督人"),
        (
            {"persons": [("p1", "a", "initiator"), ("p2", "b", "initiator"), ("p3", "c", "supervisor")]},
            "发起人",
        ),
        (
            {"persons": [("p1", "a", "initiator"), ("p2", "b", "supervisor"), ("p3", "a", "witness")]},
            "见证人",
        ),
        ({"beacon": {"kind": "horoscope", "round": "1"}}, "不认识"),
        ({"beacon": {"kind": "cwl-ssq", "round": "2024"}}, "期次"),
    ],
)
def test_persons_and_sources_against_the_rules_are_refused(changes: dict[str, Any], why: str) -> None:
    seal = a_seal()
    if "persons" in changes:
        people = [{"id": who, "office": office, "role": role} for who, office, role in changes["persons"]]
        changes = {"persons": people}
    seal["sources"] |= changes

    with pytest.raises(verify.Wrong, match=why):
        verify.check_seal(seal)


@pytest.mark.parametrize(
    ("kind", "period", "begins", "right"),
    [
        ("dice", "2024-P01", 0, True),
        ("dice", "2024-P01", 1714300000, False),
        ("cwl-ssq", "2024049", 1714201800, True),
        ("cwl-ssq", "2024049", 1714201799, False),
        ("nist2", "2:100", 1714201260, True),
        ("nist2", "2:100", 1714201259, False),
        ("drand-quicknet", str((1714203600 - 1692803367) // 3 + 1), 1714203600, True),
        ("drand-quicknet", str((1714203600 - 1692803367) // 3 + 2), 1714203600, False),
    ],
)
def test_the_public_number_comes_after_the_reveals(kind: str, period: str, begins: int, right: bool) -> None:
    seal = a_seal()
    seal["sources"]["beacon"], seal["beacon_from"] = {"kind": kind, "round": period}, begins
    if right:
        verify.check_seal(seal)
    else:
        with pytest.raises(verify.Wrong):
            verify.check_seal(seal)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("dice", "12345678901234567890", "1234567890123456789"),
        ("cwl-ssq", "01,09,15,21,28,33+16", "01,09,15,21,28,34+16"),
        ("cwl-ssq", "01,09,15,21,28,33+01", "01,09,15,28,21,33+01"),
        ("tc-dlt", "01,02,03,04,35+01,12", "01,02,03,04,35+12,12"),
        ("cwl-kl8", ",".join(f"{n:02}" for n in range(61, 81)), ",".join(f"{n:02}" for n in range(20))),
        ("cwl-3d", "0,0,9", "0,0,10"),
        ("tc-pl5", "0,1,2,3,4", "01234"),
        ("nist2", "AB" * 64, "ab" * 64),
        ("drand-quicknet", "ab" * 48, "AB" * 48),
    ],
)
def test_a_public_number_has_the_form_of_its_kind(kind: str, right: str, wrong: str) -> None:
    verify.check_beacon_value(kind, right)
    with pytest.raises(verify.Wrong):
        verify.check_beacon_value(kind, wrong)


def repeated(folder: Path, state: str | None, **changed: Any) -> verify.Step:
    """Step 13 for a second attempt whose lists differ from the first, which ended in *state*."""
    first = a_seal()
    server = b"vdraw/1 server\ndraw 00000000-0000-4000-8000-0000000000f1\nshare " + b"d" * 64 + b"\n"
    first |= {"draw": "00000000-0000-4000-8000-0000000000f1", **changed}
    first["sources"] = {**first["sources"], "server": bundles.digest("sha256", server).hex()}
    earlier = bundles.canonical(first)
    prev = bundles.digest("sha256", earlier).hex()
    bundles.write(folder, bundles.sealed(plan(), lists(), attempt=2, prev=prev))
    (folder / "attempts" / "1").mkdir(parents=True)
    (folder / "attempts" / "1" / "seal.json").write_bytes(earlier)
    if state:
        receipt = json.loads((bundles.GOLDEN / "v1" / "receipt.json").read_bytes())
        receipt["attempts"] = [{"attempt": 1, "state": state, "reason": "名单有误"}]
        (folder / "receipt.json").write_bytes(bundles.canonical(receipt))
    return verify.verify_bundle(folder)[13]


def test_a_second_attempt_with_the_same_lists_follows_any_end(tmp_path: Path) -> None:
    assert repeated(tmp_path / "a", "failed").status == verify.PASS
    assert repeated(tmp_path / "b", "voided").status == verify.PASS


def test_lists_may_change_only_after_a_voided_attempt(tmp_path: Path) -> None:
    other = {"n": 3, "root": "ab" * 32}

    assert repeated(tmp_path / "a", "voided", frame=other).status == verify.PASS
    assert repeated(tmp_path / "b", "failed", frame=other).status == verify.WRONG
    assert repeated(tmp_path / "c", None, frame=other).status == verify.ABSENT


@pytest.mark.parametrize(
    "changed",
    [
        {"org": "another"},
        {"number": "2024-9"},
        {"prf": "hmac"},
        {"draw": "00000000-0000-4000-8000-0000000000ff"},
    ],
)
def test_other_fields_of_an_attempt_never_change_and_its_uuid_always_does(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    assert repeated(tmp_path / "a", "voided", **changed).status == verify.WRONG
