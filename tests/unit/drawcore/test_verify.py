"""Bundles that are not what they claim: the step that says so, and how the command ends (核验)."""

import runpy
import sys
from dataclasses import replace

import pytest

from drawcore import __main__ as command
from drawcore import canonical, receipt, sealing, seed
from drawcore.bundle import CORE, Bundle, write_bundle
from drawcore.errors import FileRefused
from drawcore.outcome import outcome
from drawcore.rows import Recusals
from drawcore.seal import Seal, seal_hash
from drawcore.seed import keys
from drawcore.suites import suite
from drawcore.verify import Known, Status, verify
from tests.builders import vectors
from tests.unit.drawcore.verifying import (
    FILES,
    LOG_KEY,
    WITNESS_KEY,
    failed,
    resealed,
    status,
)


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("seal.json", 1),
        ("plan.json", 2),
        ("frame.tsv", 3),
        ("excluded.tsv", 3),
        ("officers.tsv", 3),
        ("recusals.tsv", 3),
        ("server.txt", 4),
        ("commits.tsv", 5),
        ("seed.txt", 1),
        ("result.tsv", 9),
        ("assign.tsv", 11),
    ],
)
def test_a_core_file_that_is_missing_fails_the_step_that_needs_it(name, step):
    number, message = failed({n: data for n, data in vectors.bundle(2).files.items() if n != name})

    assert number == step
    assert message == f"{name}：缺少必备文件"


@pytest.mark.parametrize(
    "name", ["notes.txt", "attempts/0/seal.json", "attempts/1/plan.json", "sub/seal.json"]
)
def test_a_file_that_no_bundle_has_is_refused(name):
    assert failed({**FILES, name: b""}) == (1, f"{name}：核验包内不应有此文件")


def test_after_a_failure_the_later_steps_are_not_looked_at():
    report = verify(Bundle({**FILES, "plan.json": b"{}"}))

    assert status(report, 1) is Status.OK
    assert status(report, 2) is Status.FAILED
    assert {step.status for step in report.steps[2:]} == {Status.NOT_SHOWN}


def test_without_evidence_a_bundle_is_accepted_but_not_strictly():
    report = verify(Bundle({name: FILES[name] for name in CORE}))

    assert status(report, 6) is Status.NOT_SHOWN
    assert (report.exit_code(), report.exit_code(strict=True)) == (0, 1)


@pytest.mark.parametrize(
    ("known", "step"),
    [
        (Known(seal_hash="6bb8"), 1),
        (Known(seal_hash="0" * 64), 1),
        (Known(approval_code="0" * 16), 1),
        (Known(keys=(replace(LOG_KEY, public=bytes(32)),)), 6),
        (Known(keys=(replace(LOG_KEY, name="other.cn"),)), 6),
        (Known(keys=(LOG_KEY, WITNESS_KEY)), 6),
    ],
)
def test_what_the_verifying_person_knows_is_compared(known, step):
    assert failed(dict(FILES), known)[0] == step


def test_the_first_sixteen_digits_of_the_paper_record_are_enough():
    assert verify(Bundle(FILES), Known(seal_hash=vectors.SEAL_HASHES[0][:16])).failed is None


def test_the_known_public_number_is_compared():
    files = vectors.bundle(4).files

    assert verify(Bundle(files), Known(number="47190385526013974482")).failed is None
    assert failed(dict(files), Known(number="0" * 20))[0] == 7


@pytest.mark.parametrize(
    ("key", "value", "step"),
    [
        ("org", "other", 1),
        ("level", 2, 1),
        ("rehearsal", True, 1),
        ("seed_hash", "0" * 64, 8),
        ("result", {"n": 6, "root": "0" * 64}, 9),
        ("parts", [], 10),
        ("assign", {"n": 8, "root": "0" * 64}, 11),
        ("attempts", [{"attempt": 1, "state": "failed", "reason": "x"}], 13),
    ],
)
def test_a_receipt_that_says_something_else_fails_that_step(key, value, step):
    document = vectors.document_of(FILES["receipt.json"]) | {key: value}
    files = {**{name: FILES[name] for name in CORE}, "receipt.json": canonical.encode(document)}

    assert failed(files)[0] == step


def test_evidence_is_accepted_piece_by_piece():
    for left_out in (
        {"events.jsonl"},
        {"proofs.json"},
        {"checkpoint.txt"},
        {"receipt.json"},
        {"receipt.json", "checkpoint.txt"},
    ):
        files = {name: data for name, data in FILES.items() if name not in left_out}
        assert verify(Bundle(files)).failed is None
        assert verify(Bundle(FILES)).exit_code(strict=True) == 1


def test_a_bundle_sealed_anew_is_accepted():
    assert verify(Bundle(resealed(1))).failed is None
    assert verify(Bundle(resealed(3))).failed is None


def test_lists_that_should_not_have_been_sealed_fail_although_every_hash_fits():
    recusals = Recusals.build([("P1", "E07"), ("P1", "E01"), ("P2", "E02"), ("P1", "E02")])

    assert failed(resealed(1, recusals=recusals))[0] == 11


def test_a_repeated_attempt_needs_its_earlier_seals_to_be_shown():
    files = {name: data for name, data in vectors.bundle(3).files.items() if name in CORE}

    assert status(verify(Bundle(files)), 13) is Status.NOT_SHOWN


def with_first(**changed: object) -> dict[str, bytes]:
    """Give vector 3, with a first attempt that differs by *changed* and is the one that the seal names."""
    first = replace(Seal.parse(vectors.bundle(3).core("attempts/1/seal.json")), **changed).encode()
    return {**resealed(3, prev=seal_hash(first, suite("sm3"))), "attempts/1/seal.json": first}


def test_a_first_attempt_that_carried_over_is_accepted():
    assert status(verify(Bundle(with_first())), 13) is Status.OK


@pytest.mark.parametrize("changed", [{"level": 3}, {"org": "other"}, {"draw": vectors.seal(3).draw}])
def test_a_first_attempt_that_did_not_carry_over_is_refused(changed):
    assert failed(with_first(**changed))[0] == 13


def test_other_lists_after_a_first_attempt_need_it_to_be_voided():
    files = with_first(register_seq=4000)

    assert status(verify(Bundle(files)), 13) is Status.NOT_SHOWN
    for state, accepted in (("voided", True), ("failed", False)):
        document = vectors.document_of(_receipt_of(files, state))
        report = verify(Bundle({**files, "receipt.json": canonical.encode(document)}))
        assert (report.failed is None) is accepted


def _receipt_of(files: dict[str, bytes], state: str) -> bytes:
    bundle = Bundle(files)
    seal, kind = Seal.parse(files["seal.json"]), suite("sm3")
    sealed = bundle.sealed()
    seen = sealing.preview(sealed)
    found = outcome(sealed, keys(files["seed.txt"], seal), seen.member)
    told = receipt.Told(
        receipt.LogPlace("a/sm3", 9, "0" * 64, 1, 8), [receipt.EarlierAttempt(1, state, "名单有误")], "t"
    )
    digest = seed.seed_hash(seed.seed_of(files["seed.txt"], kind), kind)
    return receipt.receipt(seal, seal_hash(files["seal.json"], kind), digest, found, seen, told)


def test_earlier_seals_are_those_of_the_attempts_before_this_one():
    one = vectors.bundle(3).core("attempts/1/seal.json")

    assert failed({**FILES, "attempts/1/seal.json": one})[0] == 13
    third = resealed(3, attempt=3)
    assert failed({**third, "attempts/2/seal.json": one})[0] == 13
    assert status(verify(Bundle({**third, "attempts/1/seal.json": one})), 13) is Status.NOT_SHOWN


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = command.main(("verify", *arguments))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_the_command_accepts_a_bundle(capsys):
    code, said = run(capsys, str(vectors.GOLDEN / "v1"), "--strict", "--key", LOG_KEY.vkey())

    assert code == 0
    assert len(said.splitlines()) == 14
    assert said.endswith("核验通过\n")


def test_the_command_names_the_step_that_failed(capsys, tmp_path):
    write_bundle(tmp_path / "b", {**FILES, "result.tsv": FILES["result.tsv"].replace(b"E03", b"E02")})
    (tmp_path / "b" / "events.jsonl").unlink()
    (tmp_path / "b" / "receipt.json").unlink()
    code, said = run(capsys, str(tmp_path / "b"))

    assert code == 1
    assert "result.tsv 1：与重新计算的结果不一致" in said
    assert said.endswith("核验不通过：第9步 位次\n")


def test_the_command_ends_with_two_where_there_is_no_bundle_or_no_key(capsys, tmp_path):
    (tmp_path / "file").write_bytes(b"")

    assert run(capsys, str(tmp_path / "nowhere"))[0] == 2
    assert run(capsys, str(tmp_path / "file"))[0] == 2
    assert run(capsys, str(vectors.GOLDEN / "v1"), "--key", "x")[0] == 2


def test_a_rehearsal_and_a_list_from_elsewhere_are_said_to_be_so(capsys):
    assert "演练" in run(capsys, str(vectors.GOLDEN / "v5"))[1]
    assert "不是由本协议抽取" in run(capsys, str(vectors.GOLDEN / "v4"))[1]
    assert "全部检查、仅随机确定次序和人员" in run(capsys, str(vectors.GOLDEN / "v4"))[1]


def test_a_bundle_is_not_written_without_a_core_file_nor_over_another(tmp_path):
    with pytest.raises(FileRefused):
        write_bundle(tmp_path / "a", {name: FILES[name] for name in CORE[1:]})
    write_bundle(tmp_path / "b", FILES)
    with pytest.raises(FileExistsError):
        write_bundle(tmp_path / "b", FILES)


def test_the_command_runs_from_the_module(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["drawcore", "verify", str(vectors.GOLDEN / "v2")])
    monkeypatch.delitem(sys.modules, "drawcore.__main__")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("drawcore", run_name="__main__")

    assert ended.value.code == 0
    assert "核验通过" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "change", "step", "words"),
    [
        ("seed.txt", lambda data: data.replace(b"seal 6bb8", b"seal 6bb9"), 1, "封存值不一致：seed.txt"),
        ("plan.json", lambda data: data.replace(b'"closed",', b""), 2, "方案与封存的方案不一致"),
        ("frame.tsv", lambda data: data.replace(b"E01", b"E00"), 3, "名单与封存的名单不一致：frame"),
        ("server.txt", lambda data: data.replace(b"c756", b"c757"), 4, "服务器份额与封存时不一致"),
        ("seed.txt", lambda data: data.replace(b"server c756", b"server c757"), 4, "种子文件不一致"),
        ("seed.txt", lambda data: data.replace(b"1314-", b"1315-"), 5, "开启的份额与锁定值不一致：p1"),
    ],
)
def test_one_changed_value_is_said_in_words(name, change, step, words):
    files = {core: FILES[core] for core in CORE}
    number, message = failed({**files, name: change(files[name])})

    assert number == step
    assert words in message


def test_a_seal_that_breaks_a_rule_is_said_in_words():
    document = vectors.document_of(FILES["seal.json"]) | {"level": 2}

    assert failed({**FILES, "seal.json": canonical.encode(document)}) == (1, "二、三级抽取必须有公开随机数")
