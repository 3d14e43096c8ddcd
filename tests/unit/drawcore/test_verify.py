"""Bundles that are not what they claim: the step that says so, and how the command ends (核验)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drawcore import __main__ as command
from drawcore import canonical, ed25519, log, merkle, note, receipt, sealing, seed
from drawcore.bundle import CORE, Bundle, write_bundle
from drawcore.errors import FileRefused
from drawcore.log import Entry
from drawcore.outcome import outcome
from drawcore.rows import Commitments, Recusals
from drawcore.seal import Seal, list_roots, seal_hash
from drawcore.seed import Reveal, SeedText, keys
from drawcore.shares import commitment
from drawcore.suites import suite
from drawcore.verify import Known, Report, Status, verify
from tests.builders import vectors

SHA256 = suite("sha256")
LOG_KEY = note.NoteKey("ssj.example.cn/log", note.LOG_KEY, vectors.LOG_PUBLIC)
WITNESS_KEY = note.NoteKey("witness.example.cn", note.COSIGNER_KEY, vectors.LOG_PUBLIC)
FILES = vectors.bundle(1).files


def status(report: Report, step: int) -> Status:
    return report.steps[step - 1].status


def failed(files: dict[str, bytes], known: Known | None = None) -> tuple[int, str]:
    report = verify(Bundle(files), known)
    assert report.failed is not None
    assert report.exit_code() == 1
    return report.failed.number, report.failed.message


def sign(message: bytes) -> bytes:
    return ed25519.sign(vectors.LOG_SECRET, message)


def with_log(
    change: Callable[[list[Entry]], list[Entry]], *, first: int = 1, **receipt: object
) -> dict[str, bytes]:
    """Give the bundle of vector 1 with another log: rewritten, chained, proved and signed anew."""
    raw: list[bytes] = []
    for seq, entry in enumerate(change([log.parse_entry(data) for data in vectors.log_of_vector_1()])):
        prev = log.leaf(raw[-1], SHA256).hex() if raw else log.FIRST_PREV
        raw.append(replace(entry, seq=seq, prev=prev).encode())
    root = merkle.root(merkle.leaves(raw, SHA256), SHA256)
    checkpoint = note.Checkpoint("ssj.example.cn/log", len(raw), root)
    signature = note.sign_checkpoint(checkpoint, LOG_KEY, sign)
    place = {
        "origin": checkpoint.origin,
        "size": len(raw),
        "root": root.hex(),
        "sealed": 1,
        "drawn": 7,
    } | receipt
    document = vectors.document_of(FILES["receipt.json"]) | {"log": place}
    return {
        **FILES,
        "events.jsonl": b"".join(entry + b"\n" for entry in raw[first:]),
        "proofs.json": vectors.proofs_of(raw, range(first, len(raw))),
        "checkpoint.txt": note.signed_note(checkpoint.text(), [signature]),
        "receipt.json": canonical.encode(document),
    }


def swapped(one: int, two: int) -> Callable[[list[Entry]], list[Entry]]:
    def swap(entries: list[Entry]) -> list[Entry]:
        entries[one], entries[two] = (
            replace(entries[two], at=entries[one].at),
            replace(entries[one], at=entries[two].at),
        )
        return entries

    return swap


def with_body(seq: int, **changed: object) -> Callable[[list[Entry]], list[Entry]]:
    def rewrite(entries: list[Entry]) -> list[Entry]:
        entries[seq] = replace(entries[seq], body={**entries[seq].body, **changed})
        return entries

    return rewrite


def with_kind(seq: int, kind: str) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [replace(e, kind=kind) if e.seq == seq else e for e in entries]


def at(times: dict[int, int]) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [replace(e, at=times.get(e.seq, e.at)) for e in entries]


def more(*added: Entry) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [*entries, *added]


def entry(kind: str, draw: str = vectors.seal(1).draw, **body: object) -> Entry:
    return Entry(0, 1714200100, "u:9", kind, {"draw": draw, **body}, log.FIRST_PREV)


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


def test_a_log_rebuilt_as_it_was_is_accepted():
    assert {step.status for step in verify(Bundle(with_log(list)), Known(keys=(LOG_KEY,))).steps} == {
        Status.OK
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swapped(3, 4), "次序"),
        (swapped(1, 2), "次序"),
        (swapped(6, 7), "次序"),
        (with_body(1, seal="0" * 64), "draw.sealed"),
        (with_body(1, draw="other"), "draw.sealed"),
        (with_body(2, commit="0" * 64), "draw.commit"),
        (with_body(2, envelope=7), "draw.commit"),
        (with_body(2, source="p9"), "人员"),
        (with_body(4, commits="0" * 64), "draw.reveals_open"),
        (with_body(5, salt="0" * 32), "draw.reveal"),
        (with_body(7, result="0" * 64), "draw.drawn"),
        (with_body(7, extra=1), "draw.drawn"),
        (at({0: 1714200601, 1: 1714200601, 2: 1714200601}), "次序"),
        (at(dict.fromkeys(range(2, 8), 1714200601)), "截止后锁定"),
        (at(dict.fromkeys(range(5, 8), 1714201201)), "截止后开启"),
        (with_kind(6, "draw.audited"), "人员"),
        (more(entry("draw.failed")), "draw.failed"),
        (more(entry("draw.drawn")), "draw.drawn"),
        (more(entry("draw.beacon")), "draw.beacon"),
    ],
)
def test_a_log_that_tells_another_story_fails_the_order_in_time(change, words):
    number, message = failed(with_log(change))

    assert number == 6
    assert words in message


def test_an_envelope_and_its_late_opening_are_part_of_the_story():
    def enveloped(entries: list[Entry]) -> list[Entry]:
        entries = with_body(2, envelope="0" * 64)(entries)
        return at(dict.fromkeys((6, 7), 1714201500))(with_body(6, by="envelope")(entries))

    assert verify(Bundle(with_log(enveloped))).failed is None


def test_an_entry_that_does_not_name_the_one_before_it_is_refused():
    lines = FILES["events.jsonl"].split(b"\n")
    lines[2] = replace(log.parse_entry(lines[2]), prev="0" * 64).encode()

    assert failed({**FILES, "events.jsonl": b"\n".join(lines)}) == (6, "日志前后条目没有衔接：3")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"size":8', b'"size":9'), (b'"seq":7', b'"seq":9')],
)
def test_proofs_of_another_tree_or_other_entries_are_refused(old, new):
    assert failed({**FILES, "proofs.json": FILES["proofs.json"].replace(old, new)})[0] == 6


def test_a_receipt_names_the_entries_of_the_log():
    assert failed(with_log(list, sealed=2))[0] == 6
    assert failed(with_log(list, origin="other"))[0] == 6
    assert failed(with_log(list, size=9))[0] == 6
    assert failed(with_log(list, root="0" * 64))[0] == 6


def test_a_later_checkpoint_still_proves_the_receipts_root():
    place = {"size": 8, "root": merkle.root(merkle.leaves(vectors.log_of_vector_1(), SHA256), SHA256).hex()}
    files = with_log(more(entry("draw.disclosed"), entry("draw.audited")), **place)

    assert status(verify(Bundle(files), Known(keys=(LOG_KEY,))), 6) is Status.OK
    wrong = with_log(more(entry("draw.disclosed"), entry("draw.audited")), **{**place, "root": "0" * 64})
    assert failed(wrong)[0] == 6


def test_a_receipts_root_that_no_shown_entry_ends_is_not_shown():
    def stretched(entries: list[Entry]) -> list[Entry]:
        return [*entries, entry("draw.audited"), entry("draw.disclosed")]

    files = with_log(stretched, size=9)
    lines, proofs = files["events.jsonl"].split(b"\n"), vectors.document_of(files["proofs.json"])
    shown = proofs["entries"]
    assert isinstance(shown, list)
    del lines[7], shown[7]
    report = verify(
        Bundle({**files, "events.jsonl": b"\n".join(lines), "proofs.json": canonical.encode(proofs)})
    )

    assert report.failed is None
    assert status(report, 6) is Status.NOT_SHOWN


def test_the_public_number_comes_after_its_time_in_the_log():
    files, seal = vectors.bundle(2), vectors.seal(2)
    text, digest = SeedText.parse(files.core("seed.txt")), vectors.SEAL_HASHES[1]
    roots = outcome(vectors.sealed(2), vectors.keys_of(2))
    commits = Commitments.parse(files.core("commits.tsv"))
    assert text.beacon is not None

    def told(late: int) -> bytes:
        story = [("u:1", 0, "draw.sealed", {"seal": digest})]
        story += [("u:1", 9, "draw.commit", {"source": s, "commit": c}) for s, c in commits.by_source.items()]
        story.append(("u:1", 601, "draw.reveals_open", {"commits": SHA256.hex(commits.data)}))
        story += [
            ("u:1", 700, "draw.reveal", {"source": s, "salt": r.salt, "share": r.share})
            for s, r in text.persons.items()
            if isinstance(r, Reveal)
        ]
        number = {
            "name": "drand-quicknet",
            "round": "657413",
            "value": text.beacon.value if text.beacon else "",
        }
        story.append(("u:1", late, "draw.beacon", number))
        drawn = {
            "seed_hash": _seed_hash(2),
            "result": roots.result_root.root,
            "assign": roots.assign_root.root,
        }
        story.append(("u:1", late, "draw.drawn", drawn))
        entries = vectors.chained(
            [(a, t, k, dict(b)) for a, t, k, b in story], draw=seal.draw, start=seal.sealed_at
        )
        return b"".join(one + b"\n" for one in entries[1:])

    assert verify(Bundle({**files.files, "events.jsonl": told(1603)})).failed is None
    number, message = failed({**files.files, "events.jsonl": told(1602)})
    assert number == 6
    assert message.startswith("公开随机数早于规定时间")


def _seed_hash(number: int) -> str:
    return seed.seed_hash(vectors.keys_of(number).seed, SHA256)


def test_changes_after_the_draw_are_replayed_and_counted():
    moved = entry(
        "draw.object_replaced",
        part="2024-017",
        object="E03",
        reason="closed",
        approver="u:9",
        successor="E04",
    )
    report = verify(Bundle(with_log(more(moved))))

    assert report.failed is None
    assert "变更1次" in report.steps[11].message
    assert failed(with_log(more(replace(moved, body={**moved.body, "successor": "E06"}))))[0] == 12
    assert failed(with_log(more(replace(moved, body={**moved.body, "object": "E06"}))))[0] == 12


def test_more_than_two_replacements_at_one_target_are_pointed_out():
    def replaced(officer: str, successor: str, slot: str = "2") -> Entry:
        body = {"object": "E09", "slot": slot, "officer": officer, "successor": successor}
        return entry("draw.officer_replaced", reason="ill", approver="u:9", **body)

    changes = (replaced("P4", "P3"), replaced("P2", "P1", "1"))
    added = entry(
        "draw.officers_supplemented", rows=[f"P9\tMR\t*\t-\t0\t{'0' * 32}"], reason="ill", approver="u:9"
    )
    report = verify(Bundle(with_log(more(*changes, added, replaced("P3", "P9")))))

    assert report.failed is None
    assert "E09变更超过两次" in report.steps[11].message


def test_a_successor_that_does_not_exist_is_said_so():
    gone = entry(
        "draw.officer_replaced",
        object="E05",
        slot="1",
        officer="P2",
        reason="ill",
        approver="u:9",
        successor="P1",
    )

    assert failed(with_log(more(gone))) == (12, "变更不成立：E05 1 没有可以递补的")


def resealed(number: int, **changed: object) -> dict[str, bytes]:
    """Give a bundle sealed and drawn anew after *changed* (lists, seal values) of a vector without beacon."""
    base = vectors.sealed(number)
    lists = replace(base, **{k: v for k, v in changed.items() if hasattr(base, k)})
    seal = replace(vectors.seal(number), **{k: v for k, v in changed.items() if not hasattr(base, k)})
    kind = suite(seal.suite)
    seal = replace(seal, **list_roots(lists, kind), plan=kind.hex(lists.plan.encode()))
    data = seal.encode()
    digest, old = seal_hash(data, kind), SeedText.parse(vectors.bundle(number).core("seed.txt"))
    locked = {
        id_: commitment(kind, seal=digest, source=id_, salt=state.salt, share=state.share)
        for id_, state in old.persons.items()
        if isinstance(state, Reveal)
    }
    text = replace(old, seal=digest).encode()
    found = outcome(lists, keys(text, seal))
    return {
        **{name: vectors.bundle(number).core(name) for name in CORE},
        "seal.json": data,
        "plan.json": lists.plan.encode(),
        **{
            f"{name}.tsv": getattr(lists, name).data for name in ("frame", "excluded", "officers", "recusals")
        },
        "commits.tsv": Commitments.build(locked).data,
        "seed.txt": text,
        "result.tsv": found.result,
        "assign.tsv": found.assign,
    }


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
