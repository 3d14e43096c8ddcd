"""A changed log is found, and the first bad entry is named (日志核对)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from fairdraw.audit import keys, services
from fairdraw.audit.verify import verify_log
from tests.service.audit import kinds

pytestmark = pytest.mark.django_db
ORIGIN = "ssj.example.cn/log"


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.SHARE_KEY_FILE = tmp_path / "keys" / "share.key"


def written() -> None:
    """Ten notes, a batch of three rows in their middle, a checkpoint at the end."""
    for n in range(5):
        kinds.note(n)
    kinds.imported([b"one", b"two", b"three"])
    for n in range(5):
        kinds.note(n, probe="b")
    services.checkpoint(kinds.NOW, origin=ORIGIN)


def literal(document: str) -> str:
    coded = document.encode().hex()
    return f"x'{coded}'" if connection.vendor == "sqlite" else f"'\\x{coded}'::bytea"


def found(**options) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.seq) for problem in verify_log(**options)]


def test_a_whole_log_has_no_problems():
    written()

    assert found(public_key=keys.log_key().public_key()) == []


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        ("UPDATE audit_logentry SET kind = 'probe.other' WHERE seq = 3", [("columns-differ", 3)]),
        ("UPDATE audit_logentry SET actor = 'u:9' WHERE seq = 3", [("columns-differ", 3)]),
        ("UPDATE audit_logentry SET about = '' WHERE seq = 3", [("columns-differ", 3)]),
        ("UPDATE audit_logentry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 3", [("columns-differ", 3)]),
        ("UPDATE audit_logentry SET document = {x} WHERE seq = 3", [("entry-malformed", 3)]),
        (
            "UPDATE audit_logentry SET leaf = '" + "a" * 64 + "' WHERE seq = 3",
            [("entry-changed", 3), ("chain-broken", 4), ("checkpoint-differs", 11)],
        ),
        ("UPDATE audit_logentry SET leaf = 'xyz' WHERE seq = 3", [("entry-changed", 3)]),
        (
            "DELETE FROM audit_logentry WHERE seq = 3",
            [("entry-missing", 3), ("chain-broken", 4), ("log-shortened", 10)],
        ),
        ("DELETE FROM audit_logentry WHERE seq = 10", [("log-shortened", 10)]),
        ('UPDATE audit_logrow SET document = {x} WHERE "index" = 1', [("rows-changed", 5)]),
        ('DELETE FROM audit_logrow WHERE "index" = 2', [("rows-changed", 5)]),
        (
            "UPDATE audit_logentry SET row_count = 0 WHERE seq = 5",
            [("columns-differ", 5), ("rows-extra", None)],
        ),
        ("UPDATE audit_checkpoint SET root = '" + "a" * 64 + "'", [("checkpoint-differs", 11)]),
        ("UPDATE audit_checkpoint SET text = replace(text, '— ', '— x')", [("checkpoint-unsigned", 11)]),
        ("INSERT INTO audit_lognode (tier, \"index\", hash) VALUES (1, 0, 'x')", [("node-extra", None)]),
    ],
)
def test_what_is_changed_behind_the_guards_is_found_where_it_is(statement, problems):
    written()
    kinds.tamper(statement.replace("{x}", literal("x")))

    assert found(public_key=keys.log_key().public_key()) == problems


def test_an_entry_rewritten_in_good_form_is_still_found():
    written()
    entry = kinds.LogEntry.objects.get(seq=3)
    forged = bytes(entry.document).decode().replace('"n":3', '"n":4')
    kinds.tamper(f"UPDATE audit_logentry SET document = {literal(forged)} WHERE seq = 3")

    assert found() == [("entry-changed", 3)]


@pytest.mark.parametrize("document", ['{"a":1}', '{"actor":1}', "[]"])
def test_a_document_of_another_shape_is_named_not_stumbled_over(document):
    written()
    kinds.tamper(f"UPDATE audit_logentry SET document = {literal(document)} WHERE seq = 5")

    assert found()[0] == ("entry-malformed", 5)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"v":1', '"v":2'), ('"body":{"n":0,"probe":"a"}', '"body":[]'), ('"at":1732066200', '"at":"x"'),
     ('"kind":"probe.noted"', '"kind":7')],
)  # fmt: skip
def test_a_first_entry_of_another_form_with_its_own_leaf_is_found(old, new):
    kinds.note(0)
    entry = kinds.LogEntry.objects.get()
    forged = bytes(entry.document).decode().replace(old, new)
    leaf = kinds.rules.leaf(forged.encode())
    kinds.tamper(f"UPDATE audit_logentry SET document = {literal(forged)}, leaf = '{leaf}'")

    assert forged != bytes(entry.document).decode()
    assert found() == [("columns-differ", 0)]


def test_a_wrong_node_is_found():
    kinds.many(256)
    kinds.tamper("UPDATE audit_lognode SET hash = 'x'")

    assert found() == [("node-differs", 255)]


def test_a_checkpoint_of_another_key_is_found():
    written()

    assert found(public_key=Ed25519PrivateKey.generate().public_key()) == [("checkpoint-unsigned", 11)]


def test_the_search_stops_at_its_limit():
    written()
    kinds.tamper("UPDATE audit_logentry SET actor = 'u:9'")

    assert len(found(limit=3)) == 3
    assert all(problem.message for problem in verify_log(limit=3))


@pytest.mark.only_sqlite
@pytest.mark.django_db(transaction=True)
def test_one_changed_byte_in_a_copy_of_the_file_is_found(tmp_path):
    written()
    copy = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM INTO '{copy}'")
    raw = copy.read_bytes()
    document = bytes(kinds.LogEntry.objects.get(seq=2).document)
    at = raw.index(document)
    copy.write_bytes(raw[:at] + document.replace(b'"n":2', b'"n":7') + raw[at + len(document) :])
    program = (
        "import django; django.setup();"
        "from fairdraw.audit.verify import verify_log;"
        "print([(problem.code, problem.seq) for problem in verify_log()])"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{copy}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    )

    assert said.stdout.strip() == "[('entry-changed', 2)]"
    assert sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert found() == []
