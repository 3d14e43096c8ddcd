"""Checkpoints: the log's signature, the witness's cosignature, and what is none (存证点)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

import verify
from tests.unit.verifier import bundles

Vector = Callable[[str], Path]
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def public(secret: Ed25519PrivateKey) -> bytes:
    return secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def cosigned(folder: Path, name: str = "witness.example", at: int = 1714200031) -> Path:
    """Add a cosignature/v1 line of the witness to the checkpoint."""
    path = folder / "checkpoint.txt"
    text = path.read_bytes().split(b"\n\n")[0] + b"\n"
    key_id = hashlib.sha256(name.encode() + b"\n\x04" + public(WITNESS)).digest()[:4]
    signature = WITNESS.sign(b"cosignature/v1\ntime %d\n" % at + text)
    line = f"— {name} {base64.b64encode(key_id + at.to_bytes(8, 'big') + signature).decode()}\n"
    path.write_bytes(path.read_bytes() + line.encode())
    return folder


def step_6(folder: Path, **keys: object) -> verify.Step:
    return verify.verify_bundle(folder, **keys)[6]


@given(secret=st.binary(min_size=32, max_size=32), message=st.binary(max_size=100), bit=st.integers(0, 511))
@settings(max_examples=15)
def test_a_signature_verifies_until_a_bit_of_it_changes(secret: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    signature = key.sign(message)
    flipped = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")

    assert verify.ed25519(public(key), message, signature)
    assert not verify.ed25519(public(key), message, flipped)
    assert not verify.ed25519(public(key), message + b".", signature)


def test_a_signature_with_the_group_order_added_is_refused() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bundles.LOG_SECRET)
    signature = key.sign(b"text")
    other = int.from_bytes(signature[32:], "little") + verify.L

    assert not verify.ed25519(public(key), b"text", signature[:32] + other.to_bytes(32, "little"))


def test_the_key_of_another_log_is_refused(vector: Vector) -> None:
    assert step_6(vector("v1"), log_key=public(WITNESS).hex()).status == verify.WRONG


def test_a_cosignature_is_checked_when_its_key_is_given(vector: Vector) -> None:
    folder = cosigned(vector("v1"))
    keys = {"log_key": bundles.LOG_KEY, "strict": True}

    assert step_6(folder, **keys).ok
    assert step_6(folder, **keys, witness_keys={"witness.example": public(WITNESS).hex()}).ok
    assert not step_6(folder, **keys, witness_keys={"another.example": public(WITNESS).hex()}).ok


def test_a_cosignature_of_another_time_is_refused(vector: Vector) -> None:
    folder = cosigned(vector("v1"))
    path = folder / "checkpoint.txt"
    head, line = path.read_text(encoding="utf-8").rsplit(" ", 1)
    changed = bytearray(base64.b64decode(line))
    changed[11] ^= 1
    path.write_text(f"{head} {base64.b64encode(changed).decode()}\n", encoding="utf-8")

    assert not step_6(folder, witness_keys={"witness.example": public(WITNESS).hex()}).ok


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\n— ", "\n— "),
        ("\n8\n", "\n08\n"),
        ("ssj.example.cn/log\n8", "other.example/log\n8"),
        ("shs=", "sht="),
        ("— ssj", "- ssj"),
        ("\n8\n", "\n9\n"),
    ],
)
def test_a_checkpoint_of_another_form_is_refused_without_any_key(vector: Vector, old: str, new: str) -> None:
    folder = vector("v1")
    path = folder / "checkpoint.txt"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("DvbE=", "DvbF=") if old == "shs=" else text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")

    assert changed != text
    assert step_6(folder).status == verify.WRONG


def test_a_log_of_suite_sm3_is_hashed_with_sm3(vector: Vector) -> None:
    folder = vector("v3")
    lines = bundles.write_log(folder, "sm3", bundles.draw_events(folder))
    (folder / "checkpoint.txt").write_bytes(bundles.checkpoint("sm3", "ssj.example.cn/log/sm3", lines))

    step = step_6(folder, log_key=bundles.LOG_KEY, strict=True)

    assert (step.status, step.what) == (verify.PASS, "")


def test_proofs_of_another_log_are_refused(vector: Vector) -> None:
    folder = vector("v1")
    lines = bundles.entries("sha256", bundles.draw_events(folder))
    (folder / "receipt.json").unlink()
    (folder / "checkpoint.txt").write_bytes(
        bundles.checkpoint("sha256", bundles.ORIGIN, [b"another", *lines[1:]])
    )

    step = step_6(folder, log_key=bundles.LOG_KEY)

    assert step.status == verify.WRONG
    assert "存在性证明" in step.what


def test_a_receipt_whose_checkpoint_is_older_is_not_shown_to_belong_to_the_log(vector: Vector) -> None:
    folder = vector("v1")
    events = bundles.draw_events(folder)
    body = {"draw": events[0]["body"]["draw"], "to": "auditors"}
    events.append({"at": 1714300000, "actor": "system", "kind": "draw.disclosed", "body": body})
    lines = bundles.write_log(folder, "sha256", events)
    (folder / "checkpoint.txt").write_bytes(bundles.checkpoint("sha256", bundles.ORIGIN, lines))

    step = step_6(folder, log_key=bundles.LOG_KEY)

    assert (step.status, step.what) == (verify.ABSENT, "")
    assert any("一致性证明" in note for note in step.notes)
