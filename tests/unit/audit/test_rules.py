"""Entries and checkpoints in the protocol's exact bytes: the log of vector 1."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairdraw.audit import rules
from fairdraw.kernel import canonical, merkle
from tests.unit.audit import vector

KEY = Ed25519PrivateKey.from_private_bytes(vector.KEY)
NOTE = rules.Note(origin=vector.ORIGIN, size=8, root=vector.ROOT_8)


def leaves() -> list[bytes]:
    return [merkle.leaf_hash(document) for document in vector.entries()]


def test_the_entries_of_vector_1_come_out_byte_for_byte():
    lines = b"".join(document + b"\n" for document in vector.entries()[1:])

    assert len(lines) == 2162
    assert sha256(lines).hexdigest() == vector.EVENTS_SHA256
    assert vector.entries()[0].decode() == (
        '{"actor":"u:7","at":1714199940,"body":{"n":10,"note":"初始名单"},"kind":"register.snapshot",'
        f'"prev":"{"0" * 64}","seq":0,"v":1}}'
    )


def test_the_roots_and_the_consistency_path_of_vector_1_come_out():
    tree = leaves()

    assert merkle.root_of(tree[:3]).hex() == vector.ROOT_3
    assert merkle.root_of(tree).hex() == vector.ROOT_8
    path = merkle.consistency_path(3, 8, merkle.subtree_of(tree))
    assert [hash_.hex() for hash_ in path] == vector.PATH_3_TO_8


def test_the_inclusion_proofs_of_vector_1_come_out_byte_for_byte():
    subtree = merkle.subtree_of(leaves())
    proofs = canonical.encode(
        {
            "size": 8,
            "entries": [
                {"seq": seq, "path": [h.hex() for h in merkle.inclusion_path(seq, 8, subtree)]}
                for seq in range(1, 8)
            ],
        }
    )

    assert len(proofs) == 1562
    assert sha256(proofs).hexdigest() == vector.PROOFS_SHA256


def test_the_checkpoint_of_vector_1_comes_out_byte_for_byte_and_reads_back():
    assert KEY.public_key().public_bytes_raw().hex() == vector.PUBLIC_KEY
    assert rules.sign(NOTE, KEY) == vector.CHECKPOINT
    assert rules.read_note(vector.CHECKPOINT, KEY.public_key()) == NOTE


def test_a_checkpoint_with_a_line_of_a_witness_is_still_ours():
    cosigned = vector.CHECKPOINT + "— witness.example.cn AAAAAAAA\n"

    assert rules.read_note(cosigned, KEY.public_key()) == NOTE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n8\n", "\n9\n"),
        ("IE2O", "IE2P"),
        ("ssj.example.cn/log\n8", "ssj.example.cn/lag\n8"),
        ("\n\n—", "\n—"),
        ("G+lj5hd/", "G+lj5hd+"),
        ("G+lj5hd/", "G+lk5hd/"),
        ("G+lj5hd/", "G+lj5h!/"),
        ("\n8\n", "\n８\n"),
    ],
)
def test_a_checkpoint_changed_anywhere_is_refused(old, new):
    changed = vector.CHECKPOINT.replace(old, new, 1)

    assert changed != vector.CHECKPOINT
    with pytest.raises(rules.BadNote):
        rules.read_note(changed, KEY.public_key())


@pytest.mark.parametrize("root", ["short", "!!!!", "AAAA"])
def test_a_signed_text_whose_root_is_not_a_hash_is_refused(root):
    text = f"o\n1\n{root}\n"
    signature = rules.key_id("o", KEY.public_key()) + KEY.sign(text.encode())
    coded = rules.b64encode(signature).decode()

    with pytest.raises(rules.BadNote):
        rules.read_note(f"{text}\n— o {coded}\n", KEY.public_key())


def test_the_verifier_key_names_origin_and_key():
    name, key_id, coded = rules.verifier_key(vector.ORIGIN, KEY.public_key()).split("+", 2)

    assert (name, key_id) == (vector.ORIGIN, "1be963e6")
    assert rules.b64decode(coded).hex() == "01" + vector.PUBLIC_KEY


def test_times_are_written_in_whole_seconds_and_never_naive():
    moment = dt.datetime(2024, 4, 27, 14, 40, 0, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    assert rules.unix(moment) == vector.SEALED_AT
    with pytest.raises(ValueError, match="aware"):
        rules.unix(moment.replace(tzinfo=None))


def test_something_personal_is_stood_for_by_a_blinded_hash():
    mine = rules.blinded("张三".encode(), blind=b"0" * 16)

    assert mine != rules.blinded("张三".encode(), blind=b"1" * 16)
    assert mine == sha256(b"0" * 16 + "张三".encode()).hexdigest()
    with pytest.raises(ValueError, match="16"):
        rules.blinded(b"x", blind=b"short")
