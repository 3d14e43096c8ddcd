"""Checkpoints (存证点) and proofs of the stored log, for receipts, bundles and witnesses."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.audit import keys, rules, selectors, services
from fairdraw.audit.models import Checkpoint, LogEntry
from fairdraw.audit.tree import DamagedTree
from fairdraw.audit.verify import verify_log
from fairdraw.kernel import canonical, merkle
from tests.service.audit import kinds
from tests.unit.audit import vector

pytestmark = pytest.mark.django_db
ORIGIN = "ssj.example.cn/log"


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.SHARE_KEY_FILE = tmp_path / "keys" / "share.key"
    return tmp_path / "keys"


def public_key():
    return keys.log_key().public_key()


def test_a_checkpoint_states_the_log_and_is_signed_by_the_key_beside_the_share_key(key_folder):
    kinds.note(1)

    made = services.checkpoint(kinds.NOW, origin=ORIGIN)

    leaf = LogEntry.objects.get().leaf
    assert rules.read_note(made.text, public_key()) == rules.Note(origin=ORIGIN, size=1, root=leaf)
    assert (made.size, made.root, made.made_at) == (1, leaf, kinds.NOW)
    assert (key_folder / "log.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_folder.iterdir()] == ["log.key"]


def test_the_key_is_made_once(key_folder):
    first = keys.log_key().private_bytes_raw()

    keys._make(key_folder / "log.key")

    assert keys.log_key().private_bytes_raw() == first


def test_the_checkpoint_of_vector_1_comes_out_of_the_stored_log(key_folder):
    key_folder.mkdir()
    (key_folder / "log.key").write_text(vector.KEY.hex())
    for seq, document in enumerate(vector.entries()):
        held = canonical.decode(document)
        LogEntry.objects.create(
            seq=seq, at=dt.datetime.fromtimestamp(held["at"], dt.UTC), kind=held["kind"], actor=held["actor"],
            about=f"draw:{vector.DRAW}" if seq else "", prev=held["prev"], leaf=rules.leaf(document),
            document=document,
        )  # fmt: skip

    made = services.checkpoint(kinds.NOW, origin=vector.ORIGIN)

    assert made.text == vector.CHECKPOINT
    assert selectors.root(3) == vector.ROOT_3
    assert selectors.consistency(3, 8) == vector.PATH_3_TO_8
    proofs = canonical.encode(selectors.prove(range(1, 8), 8))
    assert rules.sha256(proofs).hexdigest() == vector.PROOFS_SHA256
    lines = b"".join(line + b"\n" for _, line in selectors.documents(about=f"draw:{vector.DRAW}"))
    assert rules.sha256(lines).hexdigest() == vector.EVENTS_SHA256
    assert verify_log(public_key=public_key()) == []


def test_the_empty_log_has_a_checkpoint_too():
    made = services.checkpoint(kinds.NOW, origin=ORIGIN)

    assert (made.size, made.root) == (0, merkle.EMPTY_ROOT.hex())
    assert verify_log(public_key=public_key()) == []


def test_without_new_entries_the_last_checkpoint_stands():
    kinds.note(1)
    first = services.checkpoint(kinds.NOW, origin=ORIGIN)

    assert services.checkpoint(kinds.NOW + dt.timedelta(days=1), origin=ORIGIN) == first
    assert services.checkpoint(kinds.NOW, origin="other.example/log") != first
    kinds.note(2)
    assert services.checkpoint(kinds.NOW, origin=ORIGIN).size == 2
    assert [point.size for point in selectors.checkpoints()] == [2, 1, 1]


def test_one_that_is_not_consistent_with_the_last_is_never_signed():
    kinds.note(1)
    kinds.note(2)
    services.checkpoint(kinds.NOW, origin=ORIGIN)
    kinds.tamper("UPDATE audit_logentry SET leaf = '" + "a" * 64 + "' WHERE seq = 0")
    kinds.note(3)

    with pytest.raises(services.Inconsistent):
        services.checkpoint(kinds.NOW, origin=ORIGIN)
    assert Checkpoint.objects.count() == 1


def test_a_shortened_log_is_never_signed():
    kinds.note(1)
    kinds.note(2)
    services.checkpoint(kinds.NOW, origin=ORIGIN)
    kinds.tamper("DELETE FROM audit_logentry WHERE seq = 1")

    with pytest.raises(services.Inconsistent):
        services.checkpoint(kinds.NOW, origin=ORIGIN)


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb"])
def test_an_origin_is_one_word(origin):
    with pytest.raises(ValueError, match="origin"):
        services.checkpoint(kinds.NOW, origin=origin)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 512, 700])
def test_roots_and_proofs_from_kept_nodes_equal_those_of_the_whole_tree(count):
    kinds.many(count)
    leaves = [bytes.fromhex(entry.leaf) for entry in selectors.entries()]
    old = count * 2 // 3 or 1

    assert selectors.root(count) == merkle.root_of(leaves).hex()
    assert selectors.root(old) == merkle.root_of(leaves[:old]).hex()
    path = merkle.consistency_path(old, count, merkle.subtree_of(leaves))
    assert selectors.consistency(old, count) == [hash_.hex() for hash_ in path]
    wanted = sorted({0, old - 1, count // 2, count - 1})
    assert selectors.prove(wanted, count) == {
        "size": count,
        "entries": [
            {
                "seq": seq,
                "path": [h.hex() for h in merkle.inclusion_path(seq, count, merkle.subtree_of(leaves))],
            }
            for seq in wanted
        ],
    }
    assert verify_log() == []


def test_kept_nodes_are_the_same_one_by_one_and_in_bulk():
    kinds.many(255)
    kinds.note(255)

    assert verify_log() == []
    assert selectors.size() == 256


def test_no_proof_is_made_in_a_tree_larger_than_the_log():
    kinds.many(3)

    with pytest.raises(DamagedTree):
        selectors.prove([1], 4)
    with pytest.raises(DamagedTree):
        selectors.consistency(2, 1000)


def test_no_proof_is_made_over_a_hole_in_the_log():
    kinds.many(5)
    kinds.tamper("DELETE FROM audit_logentry WHERE seq = 2")

    with pytest.raises(DamagedTree):
        selectors.prove([0], 5)


def test_witnesses_get_the_key_in_their_form():
    assert selectors.verifier_key(ORIGIN) == rules.verifier_key(ORIGIN, public_key())
