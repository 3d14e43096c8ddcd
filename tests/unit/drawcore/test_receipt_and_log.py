"""Receipt, member proof, log entries, checkpoints: their one form, and what they prove (凭证、留痕)."""

from dataclasses import replace

import pytest

from drawcore import canonical, ed25519, log, merkle, note
from drawcore.errors import ChangeRefused, FileRefused
from drawcore.receipt import is_member, member_proof, parse_receipt
from drawcore.suites import suite
from tests.builders import vectors

SHA256 = suite("sha256")
RECEIPT = vectors.bundle(1).core("receipt.json")
CHECKPOINT = vectors.bundle(1).core("checkpoint.txt")
LOG_KEY = note.NoteKey("ssj.example.cn/log", note.LOG_KEY, vectors.LOG_PUBLIC)
WITNESS_KEY = note.NoteKey("witness.example.cn", note.COSIGNER_KEY, vectors.LOG_PUBLIC)


def sign(message: bytes) -> bytes:
    return ed25519.sign(vectors.LOG_SECRET, message)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("type", "vdraw.seal"),
        ("v", 2),
        ("log", {}),
        ("attempts", [{"attempt": 1, "state": "drawn", "reason": "x"}]),
        ("attempts", [{"attempt": 1, "state": "voided", "reason": ""}]),
        ("program", 1),
    ],
)
def test_a_receipt_in_another_form_is_refused(key, value):
    with pytest.raises(FileRefused):
        parse_receipt(canonical.encode(vectors.document_of(RECEIPT) | {key: value}))


def test_the_entry_of_the_seal_comes_before_the_entry_of_the_draw():
    document = vectors.document_of(RECEIPT)
    place = document["log"]
    assert isinstance(place, dict)
    for changed in ({"sealed": 7}, {"drawn": 8}):
        with pytest.raises(FileRefused):
            parse_receipt(canonical.encode(document | {"log": place | changed}))


def test_earlier_attempts_are_read_from_a_receipt():
    given = {"attempt": 1, "state": "voided", "reason": "名单有误"}
    _document, told = parse_receipt(canonical.encode(vectors.document_of(RECEIPT) | {"attempts": [given]}))

    assert [(one.attempt, one.state, one.reason) for one in told.attempts] == [(1, "voided", "名单有误")]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_everybody_in_the_frame_can_be_given_a_member_proof(number):
    seal, frame = vectors.seal(number), vectors.sealed(number).frame
    for id_ in frame.ids:
        proof = member_proof(frame, id_, vectors.SEAL_HASHES[number - 1], suite(seal.suite))
        assert is_member(proof, seal, vectors.SEAL_HASHES[number - 1])
        assert not is_member(proof, seal, "0" * 64)
        assert frame.blinds[frame.index[id_]].encode() not in proof


def test_a_member_proof_holds_for_its_entity_alone():
    seal, frame = vectors.seal(4), vectors.sealed(4).frame
    document = vectors.document_of(member_proof(frame, "H08", vectors.SEAL_HASHES[3], SHA256))
    for changed in ({"id": "H09"}, {"index": 6}, {"index": 99}, {"blind": "0" * 32}):
        assert not is_member(canonical.encode(document | changed), seal, vectors.SEAL_HASHES[3])


def test_nobody_outside_the_frame_has_a_member_proof():
    with pytest.raises(ChangeRefused):
        member_proof(vectors.sealed(4).frame, "X99", vectors.SEAL_HASHES[3], SHA256)


def test_an_entry_is_read_as_it_was_written():
    for data in vectors.log_of_vector_1():
        assert log.parse_entry(data).encode() == data


@pytest.mark.parametrize("changed", [{"kind": "Draw Sealed"}, {"prev": "0"}, {"seq": -1}, {"actor": ""}])
def test_an_entry_in_another_form_is_not_written(changed):
    with pytest.raises(FileRefused):
        replace(vectors.FIRST_ENTRY, **changed).encode()


@pytest.mark.parametrize("data", [b"", b"{}"])
def test_a_file_of_entries_ends_every_line(data):
    with pytest.raises(FileRefused):
        log.split_events(data)


def test_a_proof_that_is_no_hash_is_refused():
    with pytest.raises(FileRefused) as refused:
        log.parse_proofs(b'{"entries":[{"path":["ab"],"seq":1}],"size":8}')

    assert refused.value.where == "entries[0].path"


@pytest.mark.parametrize(("origin", "name"), [("a.cn/log", "sha256"), ("a.cn/log/sm3", "sm3")])
def test_the_origin_of_a_log_tells_its_suite(origin, name):
    assert log.log_suite(origin).name == name


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        CHECKPOINT[:-1],
        CHECKPOINT.replace(b"\n8\n", b"\n08\n"),
        CHECKPOINT.replace(b"IE2O", b"IE2"),
        CHECKPOINT.replace(b"vbE=", b"vbF="),
        CHECKPOINT.replace(b"\n8\n", b"\n"),
        CHECKPOINT.split("—".encode())[0],
        CHECKPOINT.replace("— ".encode(), b"- "),
        b"a\n1\n" + b"A" * 43 + "=\n\n— a AAAA\n".encode(),
    ],
)
def test_a_checkpoint_in_another_form_is_refused(data):
    with pytest.raises(FileRefused):
        note.parse_checkpoint(data)


def test_a_witness_signs_the_time_as_well():
    checkpoint = note.parse_checkpoint(CHECKPOINT)[0]
    cosigned = note.cosign_checkpoint(checkpoint, WITNESS_KEY, 1714200005, sign)
    read, signatures = note.parse_checkpoint(note.signed_note(checkpoint.text(), [cosigned]))
    later = cosigned._replace(data=(1714200006).to_bytes(8, "big") + cosigned.data[8:])

    assert read == checkpoint
    assert WITNESS_KEY.signs(read.text(), signatures)
    assert not LOG_KEY.signs(read.text(), signatures)
    assert not WITNESS_KEY.signs(read.text(), [later])


def test_a_public_key_is_read_as_it_was_written():
    for key in (LOG_KEY, WITNESS_KEY):
        assert note.NoteKey.parse(key.vkey()) == key


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        LOG_KEY.vkey()[:-1],
        LOG_KEY.vkey().replace("/log+", "/log2+"),
        "a b+00000000+" + LOG_KEY.vkey().split("+", 2)[2],
        "a+00000000+AgI=",
    ],
)
def test_what_is_no_public_key_is_refused(vkey):
    with pytest.raises(FileRefused):
        note.NoteKey.parse(vkey)


def test_a_checkpoint_says_which_log_and_how_long():
    tree = merkle.leaves(vectors.log_of_vector_1(), SHA256)
    checkpoint = note.Checkpoint("ssj.example.cn/log", 8, merkle.root(tree, SHA256))

    assert note.parse_checkpoint(CHECKPOINT)[0] == checkpoint


@pytest.mark.parametrize(("size", "index"), [(0, 0), (3, 3), (3, -1)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(size, index):
    with pytest.raises(IndexError):
        merkle.inclusion_path([bytes(32)] * size, index, SHA256)
    assert merkle.root_by_path(bytes(32), index, size, [], SHA256) is None


@pytest.mark.parametrize(("size", "first"), [(3, 0), (3, 4)])
def test_there_is_no_proof_from_a_log_that_was_longer(size, first):
    with pytest.raises(IndexError):
        merkle.consistency_path([bytes(32)] * size, first, SHA256)
    assert not merkle.is_consistent(first, bytes(32), size, bytes(32), [], SHA256)


def test_a_consistency_proof_of_another_length_is_refused():
    tree = merkle.leaves(vectors.log_of_vector_1(), SHA256)
    old, new = merkle.root(tree[:3], SHA256), merkle.root(tree, SHA256)

    assert not merkle.is_consistent(3, old, 8, new, [], SHA256)
    assert not merkle.is_consistent(8, new, 8, new, [old], SHA256)
    assert merkle.is_consistent(8, new, 8, new, [], SHA256)


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.root([], SHA256).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
