"""The verifier accepts the protocol's five vectors and says of each what a reader must know (复核工具)."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import verify
from tests.unit.verifier import bundles

Vector = Callable[[str], Path]
ROOT = Path(verify.__file__).resolve().parent
APPROVALS = {
    "v1": "5d258a21b637db3d",
    "v2": "4e4e76b5673ab8a9",
    "v3": "1ca99e939dcfd492",
    "v4": "45de1eeea96e100c",
    "v5": "7ea50beae53fbfef",
}
SEEDS = {
    "v1": "1b80e25f191e314373c26c5d286d829ce4ef80ac79cbd2979f1de8ba19400777",
    "v2": "3f4d2a544f0753ee26e24a2cd2dfa0522c0b4c0ffa9cf18ce2a0ad6e6b18e4e3",
    "v3": "595667737b21dd205e20edb23846e078430a67f0d7df2ac66c8ce4a115e5deac",
    "v4": "5844f93f80110349a4300f494912575b284397d13ed7032591dd77b6378881ef",
    "v5": "82d382164f052439cb5be1456b274fe7ab9cfd368daeabfffdfb30002ec55691",
}


def said(folder: Path) -> str:
    return verify.report(verify.verify_bundle(folder))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The program as an auditor starts it: isolated, in a locale that knows no Chinese."""
    command = [sys.executable, "-I", str(ROOT / "verify.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env={"LC_ALL": "C"}, timeout=60, check=False
    )


def loaded(name: str, folder: Path) -> verify.Draw:
    """A drawn vector, ready for what may happen afterwards."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    seal, plan = json.loads(files["seal.json"]), json.loads(files["plan.json"])
    draw = verify.Draw(verify.Suite(seal["suite"]), seal["prf"], plan, files)
    draw.classify()
    draw.seed = bytes.fromhex(SEEDS[name])
    draw.select()
    return draw


@pytest.mark.parametrize("name", bundles.VECTORS)
def test_a_vector_is_accepted_with_the_codes_the_protocol_prints(vector: Vector, name: str) -> None:
    steps = verify.verify_bundle(vector(name))

    text = verify.report(steps)
    assert [step.what for step in steps if not step.ok] == []
    assert [step.number for step in steps] == list(range(15))
    assert f"审批核对码 {APPROVALS[name]}" in text
    assert SEEDS[name] in text


@pytest.mark.parametrize("name", bundles.VECTORS)
def test_result_and_assignment_come_out_byte_for_byte(name: str) -> None:
    files = {path.name: path.read_bytes() for path in (bundles.GOLDEN / name).iterdir() if path.is_file()}

    outcome = verify.recompute(files)

    assert outcome == {key: files[key] for key in ("result.tsv", "assign.tsv")}


def test_the_log_of_vector_1_is_the_one_described(vector: Vector) -> None:
    folder = vector("v1")

    hashes = [
        hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("events.jsonl", "proofs.json")
    ]

    assert hashes == [
        "fffc0ac523a605246d5042c90ada9f0e62bd35237947788f10edc573854f5821",
        "d78f7878100f57178313bded1244dadcb95c1d097f92dc6e741093a1933a3826",
    ]


def test_with_the_log_key_nothing_of_vector_1_is_left_unshown(vector: Vector) -> None:
    steps = verify.verify_bundle(vector("v1"), strict=True, log_key=bundles.LOG_KEY)

    assert [step.number for step in steps if step.status != verify.PASS] == []


def test_without_the_log_key_only_the_signature_is_not_shown(vector: Vector) -> None:
    folder = vector("v1")

    usual, strict = verify.verify_bundle(folder), verify.verify_bundle(folder, strict=True)

    assert [step.number for step in usual if step.status == verify.ABSENT] == [6]
    assert all(step.ok for step in usual)
    assert [step.number for step in strict if not step.ok] == [6]


def test_absent_evidence_is_not_shown_and_right_unless_strict(vector: Vector) -> None:
    folder = vector("v2")

    assert run(str(folder)).returncode == 0
    assert run(str(folder), "--strict").returncode == 1
    assert "未提供：receipt.json" in run(str(folder)).stdout


@pytest.mark.parametrize("name", verify.EVIDENCE)
def test_each_evidence_file_may_be_left_out(vector: Vector, name: str) -> None:
    folder = vector("v1")
    (folder / name).unlink()

    steps = verify.verify_bundle(folder)

    assert all(step.ok for step in steps)
    assert any(step.status == verify.ABSENT for step in steps)


def test_a_rehearsal_is_called_one(vector: Vector) -> None:
    assert "复核通过（演练）" in said(vector("v5"))
    assert "演练" not in said(vector("v4"))


def test_a_list_drawn_elsewhere_names_who_drew_it_and_claims_no_draw(vector: Vector) -> None:
    text = said(vector("v4"))

    assert "2024-C07：范围内 2，抽取 2；全部检查、仅随机确定次序和人员" in text
    assert "名单由泉州市市场监督管理局抽取（泉市监〔2024〕8号），不是由本协议抽取" in text


def test_the_command_answers_in_json(vector: Vector) -> None:
    folder = vector("v1")

    answer = json.loads(run(str(folder), "--json", "--log-key", bundles.LOG_KEY).stdout)

    assert (answer["exit"], answer["verdict"]) == (0, "复核通过")
    assert {step["status"] for step in answer["steps"]} == {"pass"}


@pytest.mark.parametrize("arguments", [("absent",), ("verify.py",), (".", "--log-key", "abc"), ()])
def test_a_wrong_path_or_option_ends_with_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "verify.py").write_text("not a directory")
    paths = [str(tmp_path / arguments[0]), *arguments[1:]] if arguments else []

    ended = run(*paths)

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_replacements_in_vector_1_follow_the_protocol(vector: Vector) -> None:
    draw = loaded("v1", vector("v1"))

    def follower(id_: str, slot: int) -> str | None:
        here = [row.split("\t") for row in draw.assign().decode().splitlines()]
        return draw.next_officer(id_, slot, [row[2] for row in here if row[0] == id_])

    assert [follower("E05", 0), follower("E05", 1)] == [None, "P4"]
    assert [follower("E09", 0), follower("E09", 1)] == ["P1", "P3"]


def test_replacements_in_vector_4_follow_the_protocol(vector: Vector) -> None:
    draw = loaded("v4", vector("v4"))
    teams = {team.code: team for dept in ("MR", "HLT") for team in draw.formed_teams(dept)}
    targets = [row.split("\t")[0] for row in draw.assign().decode().splitlines() if row.endswith("\tMR-1")]

    assert {code: team.members for code, team in teams.items()} == {
        "MR-1": ("M3", "M4"),
        "MR-2": ("M1", "M5"),
        "MR-3": ("M7", "M6"),
        "HLT-1": ("Y2", "Y3"),
        "HLT-2": ("Y4", "Y1"),
    }
    assert draw.next_team("H05", "MR", {"MR-1"}) == "MR-3"
    assert draw.stand_by(teams["MR-1"], "M3", targets, ["M3"]) is None
    assert draw.stand_by(teams["MR-1"], "M4", targets, ["M4"]) == "M2"


@pytest.mark.parametrize(("size", "drawn"), [(0, 0), (1, 1), (28, 1), (29, 2), (200, 7), (201, 8)])
def test_rates_are_rounded_up(size: int, drawn: int) -> None:
    strata = [{"code": "A", "num": 35, "den": 1000, "min": 0}, {"code": "N", "num": 1, "den": 1, "min": 0}]
    part = {"part": "1", "alloc": {"mode": "rate", "strata": strata}}

    assert verify.sample_sizes(part, {"A": size, "N": 1}) == {"A": drawn, "N": 1}


@pytest.mark.parametrize(
    ("sizes", "drawn"), [((5, 9, 9), (3, 4, 3)), ((1, 9, 9), (1, 5, 4)), ((1, 2, 3), (1, 2, 3))]
)
def test_largest_remainder_breaks_ties_by_size_then_code(
    sizes: tuple[int, ...], drawn: tuple[int, ...]
) -> None:
    shared = verify.largest_remainder(10, dict(zip("ABC", sizes, strict=True)), dict.fromkeys("ABC", 1))

    assert tuple(shared[h] for h in "ABC") == drawn


def test_sm3_and_its_mac_are_the_standards_own() -> None:
    sm3 = verify.Suite("sm3")

    assert sm3.hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (
        sm3.mac(b"\x0b" * 4)(b"abc").hex()
        == "1fdd153fd344a4180b404edd2dd9decbc609abdd84e139c4647e1e6ec05414e5"
    )


def test_a_machine_without_sm3_refuses_clearly(vector: Vector, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = vector("v3")

    def without_sm3(name: str, *_: bytes) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", without_sm3)
    steps = verify.verify_bundle(folder)

    assert not steps[1].ok
    assert "没有 sm3" in steps[1].what


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 31])
def test_every_inclusion_path_leads_to_the_root_and_no_other_place_does(size: int) -> None:
    suite = verify.Suite("sha256")
    lines = [b"%d" % n for n in range(size)]
    leaves = [suite.hash(b"\0" + line) for line in lines]
    root = suite.root(lines)

    for n in range(size):
        path = [step.hex() for step in bundles.inclusion("sha256", n, leaves)]
        places = [m for m in range(size + 2) if suite.root_from_path(leaves[n], m, size, path) == root]
        assert places == [n]
        assert suite.root_from_path(leaves[n], n, size, [*path, "00" * 32]) == ""
