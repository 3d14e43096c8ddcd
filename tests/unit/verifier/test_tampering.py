"""
Whatever is changed, left out, slipped in or broken in a bundle is refused, the step named, no traceback.

By both verifiers; the numbers of steps are those of the standalone one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import verify
from tests.unit.drawcore.verifying import resealed
from tests.unit.verifier import bundles, receipts
from tests.unit.verifier.judges import Judge

Vector = Callable[[str], Path]
ROUGH = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rewrite(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the lines of events.jsonl, without proofs or checkpoint to give it away."""
    for name in ("proofs.json", "checkpoint.txt"):
        (folder / name).unlink()
    path = folder / "events.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in change(path.read_bytes().splitlines())))


@pytest.mark.parametrize("name", bundles.VECTORS)
@pytest.mark.parametrize("file", verify.CORE)
def test_a_changed_bit_of_a_core_file_is_refused(vector: Vector, judge: Judge, name: str, file: str) -> None:
    path = vector(name) / file
    data = path.read_bytes()
    for evidence in verify.EVIDENCE:
        (path.parent / evidence).unlink(missing_ok=True)

    for at in sorted({*range(0, len(data), 37), len(data) - 1} if data else ()):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert judge.refused(path.parent, False), f"{file} byte {at}"


@pytest.mark.parametrize("file", verify.EVIDENCE)
def test_a_changed_bit_of_an_evidence_file_is_refused(vector: Vector, judge: Judge, file: str) -> None:
    path = vector("v1") / file
    data = path.read_bytes()
    free = (
        range(data.find(b'"program":"') + 11, data.find(b'","rehearsal"')) if file == "receipt.json" else ()
    )

    for at in sorted({*range(0, len(data), 29), len(data) - 1} - {*free}):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert judge.refused(path.parent, True), f"{file} byte {at}"


@pytest.mark.parametrize("file", verify.CORE)
def test_a_missing_core_file_is_refused(vector: Vector, judge: Judge, file: str) -> None:
    folder = vector("v1")
    (folder / file).unlink()

    assert judge.refused(folder, False)


@pytest.mark.parametrize(
    "file", ["notes.txt", ".DS_Store", "attempts/1/plan.json", "attempts/x/seal.json", "a/b"]
)
def test_an_unknown_file_is_refused(vector: Vector, judge: Judge, file: str) -> None:
    path = vector("v2") / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")

    judge.says(path.parents[file.count("/")], 0)


@pytest.mark.parametrize("file", [*verify.CORE, *verify.EVIDENCE])
def test_only_an_ordinary_file_is_read(vector: Vector, judge: Judge, tmp_path: Path, file: str) -> None:
    folder = vector("v1")
    (folder / file).rename(tmp_path / "kept")
    for make in (
        lambda path: path.symlink_to(tmp_path / "kept"),
        lambda path: path.symlink_to(path),
        os.mkfifo,
        lambda path: path.mkdir(),
    ):
        make(folder / file)
        judge.names(folder, 0)
        (folder / file).rmdir() if (folder / file).is_dir() and not (folder / file).is_symlink() else (
            folder / file
        ).unlink()


@pytest.mark.parametrize("file", ["receipt.json", "frame.tsv", "seal.json", "attempts/1/seal.json"])
def test_a_huge_file_is_refused_unread(vector: Vector, judge: Judge, file: str) -> None:
    folder = vector("v3")
    with (folder / file).open("wb") as stream:
        stream.truncate(1 << 40)

    judge.names(folder, 0)


@pytest.mark.parametrize("folder_of", ["attempts", "attempts/1", "more"])
def test_no_link_to_a_folder_is_followed(
    vector: Vector, judge: Judge, tmp_path: Path, folder_of: str
) -> None:
    folder, kept = vector("v3"), tmp_path / "kept"
    if (folder / folder_of).exists():
        (folder / folder_of).rename(kept)
    (folder / folder_of).symlink_to(kept if kept.exists() else "/", target_is_directory=True)

    judge.names(folder, 0)


def test_too_many_files_are_refused(vector: Vector, judge: Judge) -> None:
    folder = vector("v3")
    for number in range(2, 1002):
        (folder / "attempts" / str(number)).mkdir()
        (folder / "attempts" / str(number) / "seal.json").write_bytes(b"")

    judge.names(folder, 0)


def test_a_name_that_no_terminal_can_show_is_refused_in_one_line(
    vector: Vector, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = vector("v1")
    (folder / "notes\n核验通过\x1b[2J").write_bytes(b"")
    (folder / os.fsdecode(b"\xff\xfe")).write_bytes(b"")

    judge.says(folder, 0)
    assert judge.main(folder) == 1
    told = capsys.readouterr().out
    assert "\n核验通过" not in told
    assert "\x1b" not in told


def test_a_seal_may_name_an_attempt_beyond_counting(vector: Vector, judge: Judge) -> None:
    folder = vector("v3")
    for name, data in resealed(3, attempt=(1 << 53) - 1).items():
        (folder / name).write_bytes(data)
    judge.says(folder)

    receipts.of(folder, receipts.FAILED_ONCE)
    judge.says(folder, 13)


def test_an_archive_is_asked_to_be_unpacked(
    tmp_path: Path, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = shutil.make_archive(str(tmp_path / "bundle"), "zip", bundles.GOLDEN / "v1")

    assert judge.main(Path(archive)) == 2
    assert "请先解压" in capsys.readouterr().err


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"[" * 15 + b"[]" + b"]" * 15,
        b"9" * 10_000,
        b"1e999",
        b"NaN",
        b'{"a":1,"a":1}',
        b'"\\ud800"',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"{}\n",
        b"",
        b"\x00" * 1000,
    ],
)
def test_json_that_is_none_is_refused_everywhere(vector: Vector, judge: Judge, data: bytes) -> None:
    folder = vector("v3")
    receipts.of(folder)
    for file, step in {
        "seal.json": 1,
        "plan.json": 2,
        "receipt.json": 14,
        "attempts/1/seal.json": 13,
    }.items():
        kept = (folder / file).read_bytes()
        (folder / file).write_bytes(data)
        judge.names(folder, step)
        (folder / file).write_bytes(kept)


@given(file=st.sampled_from([*verify.CORE, *verify.EVIDENCE]), data=st.binary(max_size=200))
@ROUGH
def test_garbage_in_any_file_never_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, judge: Judge, file: str, data: bytes
) -> None:
    folder = bundles.copy_vector("v1", tmp_path_factory.mktemp("garbage"))
    same = (folder / file).read_bytes() == data
    (folder / file).write_bytes(data)

    assert judge.refused(folder, False) or same


@given(file=st.sampled_from([*verify.CORE, *verify.EVIDENCE]), data=st.data())
@ROUGH
def test_a_file_cut_or_stirred_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, judge: Judge, file: str, data: st.DataObject
) -> None:
    folder = bundles.copy_vector("v1", tmp_path_factory.mktemp("stirred"))
    kept = (folder / file).read_bytes()
    start = data.draw(st.integers(0, len(kept)))
    end = data.draw(st.integers(start, min(len(kept), start + 8)))
    changed = kept[:start] + data.draw(st.binary(max_size=8)) + kept[end:]
    (folder / file).write_bytes(changed)

    free = file == "receipt.json" and b'"program":"reference"' not in changed
    assert judge.refused(folder, True) or changed == kept or free


def test_two_lines_exchanged_in_the_result_are_refused(vector: Vector, judge: Judge) -> None:
    path = vector("v2") / "result.tsv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))

    judge.says(path.parent, 9)


def test_one_more_object_in_a_stratum_is_refused_as_a_size(vector: Vector, judge: Judge) -> None:
    path = vector("v2") / "result.tsv"
    path.write_bytes(path.read_bytes().replace(b"B\t3\tR", b"B\t3\tM"))

    judge.says(path.parent, 9, 10)


def test_an_officer_exchanged_is_refused(vector: Vector, judge: Judge) -> None:
    path = vector("v5") / "assign.tsv"
    path.write_bytes(path.read_bytes().replace(b"K06\t1\tP1", b"K06\t1\tP2"))

    judge.says(path.parent, 11)


def test_the_receipt_of_another_draw_is_refused(vector: Vector, judge: Judge) -> None:
    folder = vector("v2")
    shutil.copy(bundles.GOLDEN / "v1" / "receipt.json", folder)

    judge.names(folder, 14)


def test_the_seed_of_another_draw_is_refused(vector: Vector, judge: Judge) -> None:
    folder = vector("v2")
    shutil.copy(bundles.GOLDEN / "v1" / "seed.txt", folder)

    judge.names(folder, 1, 7)


@pytest.mark.parametrize("number", range(7))
def test_a_log_entry_left_out_is_refused(vector: Vector, judge: Judge, number: int) -> None:
    folder = vector("v1")
    rewrite(folder, lambda lines: lines[:number] + lines[number + 1 :])

    judge.names(folder, 6)


@pytest.mark.parametrize("number", range(6))
def test_log_entries_out_of_order_are_refused(vector: Vector, judge: Judge, number: int) -> None:
    folder = vector("v1")
    rewrite(folder, lambda lines: [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]])

    judge.names(folder, 6)


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (3, {"kind": "draw.failed"}),
        (3, {"kind": "draw.voided"}),
        (1, {"at": 1714200601}),
        (4, {"at": 1714201201}),
        (0, {"at": 1714199999}),
        (0, {"body": {"draw": "another", "seal": "0" * 64}}),
        (6, {"kind": "draw.disclosed"}),
        (2, {"body": {}}),
        (2, {"body": []}),
        (2, {"v": True}),
    ],
)
def test_a_log_entry_that_contradicts_the_bundle_is_refused(
    vector: Vector, judge: Judge, number: int, change: dict
) -> None:
    folder = vector("v1")
    events = bundles.draw_events(folder)
    lines = bundles.entries(
        "sha256", [{**e, **(change if n == number else {})} for n, e in enumerate(events)]
    )
    if "v" in change:
        lines[number + 1] = bundles.canonical({**json.loads(lines[number + 1]), **change})
    rewrite(folder, lambda _: lines[1:])

    judge.names(folder, 6)


def test_an_earlier_attempt_exchanged_or_invented_is_refused(vector: Vector, judge: Judge) -> None:
    folder = vector("v3")
    seal = folder / "attempts" / "1" / "seal.json"
    kept = seal.read_bytes()
    seal.write_bytes(kept.replace(b'"register_seq":4703', b'"register_seq":4702'))
    judge.says(folder, 13)

    seal.write_bytes(kept)
    shutil.copytree(folder / "attempts" / "1", folder / "attempts" / "2")
    judge.says(folder, 13)
