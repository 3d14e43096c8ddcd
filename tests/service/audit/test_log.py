"""Appending to the log: one entry for one change, in its transaction, found again by what it is about."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from django.db import transaction

from fairdraw.audit import events, rules, selectors, services
from fairdraw.audit.models import LogEntry, LogRow
from fairdraw.audit.verify import verify_log
from fairdraw.kernel import merkle
from fairdraw.kernel.actor import SYSTEM, Actor, Duty, Grant
from fairdraw.kernel.canonical import NotCanonical
from tests.service.audit import kinds

pytestmark = pytest.mark.django_db


def test_an_entry_is_stored_as_the_exact_bytes_that_are_hashed():
    first, second = kinds.note(1), kinds.note(2)

    assert bytes(first.document).decode() == (
        '{"actor":"u:7","at":1732066200,"body":{"n":1,"probe":"a"},"kind":"probe.noted",'
        f'"prev":"{"0" * 64}","seq":0,"v":1}}'
    )
    assert second.seq == 1
    assert second.prev == first.leaf == merkle.leaf_hash(bytes(first.document)).hex()
    assert verify_log() == []


def test_a_refused_change_leaves_no_entry_and_the_chain_goes_on():
    kinds.note(1)

    with suppress(InterruptedError), transaction.atomic():
        kinds.note(2)
        raise InterruptedError
    third = kinds.note(3)

    assert third.seq == 1
    assert [entry.body()["n"] for entry in selectors.entries()] == [1, 3]
    assert verify_log() == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written():
    with pytest.raises(services.OutsideTransaction):
        services.record("probe.noted", actor=SYSTEM, at=kinds.NOW, body={"probe": "a", "n": 1})
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("kind", "body", "refusal"),
    [
        ("probe.unheard", {"n": 1}, events.UndeclaredEvent),
        ("probe.noted", {"probe": "a"}, services.WrongKeys),
        ("probe.noted", {"probe": "a", "n": 1, "name": "张三"}, services.WrongKeys),
        ("probe.noted", {"probe": "a", "n": 1.5}, NotCanonical),
        ("probe.imported", {"source": "x", "rows": 1, "root": "0"}, services.WrongKeys),
    ],
)
def test_what_was_not_declared_is_not_recorded(kind, body, refusal):
    with pytest.raises(refusal):
        services.record(kind, actor=SYSTEM, at=kinds.NOW, body=body)
    assert not LogEntry.objects.exists()


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        kinds.note(1, at=dt.datetime(2024, 11, 20))  # noqa: DTZ001


def test_a_batch_is_one_entry_whose_body_holds_the_root_of_its_rows():
    rows = [f"row {n}".encode() for n in range(2500)]

    entry = kinds.imported(rows)

    assert entry.body() == {
        "source": "x.csv",
        "rows": 2500,
        "root": merkle.root_of(merkle.leaf_hash(row) for row in rows).hex(),
    }
    stored = LogRow.objects.filter(entry=entry).order_by("index")
    assert [bytes(row) for row in stored.values_list("document", flat=True)] == rows
    kinds.note(1)
    assert verify_log() == []


def test_an_empty_batch_says_so():
    entry = kinds.imported([])

    assert entry.body()["rows"] == 0
    assert entry.body()["root"] == merkle.EMPTY_ROOT.hex()
    assert verify_log() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [("probe.noted", {"probe": "a", "n": 1}), ("probe.imported", {"source": "x", "rows": 0})],
)
def test_rows_are_taken_only_by_events_that_declare_them(kind, body):
    with pytest.raises(services.WrongKeys):
        services.record_batch(kind, actor=SYSTEM, at=kinds.NOW, body=body, rows=[b"x"])


def test_entries_are_found_by_thing_kind_person_and_time():
    kinds.note(1, probe="a")
    kinds.note(2, probe="b", at=kinds.NOW + dt.timedelta(days=1))
    kinds.note(3, probe="a", actor=Actor(code="u:8"))
    kinds.imported([b"x"])

    def seqs(**narrowed):
        return [entry.seq for entry in selectors.entries(**narrowed)]

    assert seqs(about="probe:a") == [0, 2]
    assert seqs(kind="probe.imported") == [3]
    assert seqs(kind="probe.") == [0, 1, 2, 3]
    assert seqs(actor_code="u:8") == [2]
    assert seqs(since=kinds.NOW + dt.timedelta(hours=1)) == [1]
    assert seqs(until=kinds.NOW + dt.timedelta(hours=1)) == [0, 2, 3]


def test_the_lines_of_a_bundle_are_the_stored_bytes():
    first, _, third = kinds.note(1), kinds.note(2, probe="b"), kinds.note(3)

    assert selectors.documents(about="probe:a") == [(0, bytes(first.document)), (2, bytes(third.document))]


def test_only_auditors_read_the_whole_log_latest_first_in_sentences():
    kinds.note(1)
    kinds.note(2)
    auditor = Actor(code="u:1", grants=(Grant(Duty.AUDITOR, "/1/", 1),))
    planner = Actor(code="u:2", grants=(Grant(Duty.PLANNER, "/1/", 1),))

    told = selectors.told(selectors.visible_entries(auditor))

    assert [line.sentence for line in told] == ["记下 a 的第 2 项", "记下 a 的第 1 项"]
    assert not selectors.visible_entries(planner).exists()


def test_the_leaf_of_an_entry_is_what_the_protocol_says():
    entry = kinds.note(1)

    assert rules.leaf(bytes(entry.document)) == entry.leaf
    assert str(entry) == "0 probe.noted"
