"""What the log may be told: declared events with exact keys and a sentence each."""

from __future__ import annotations

import pytest

from fairdraw.audit import events


@pytest.fixture(autouse=True)
def _own_language(monkeypatch):
    monkeypatch.setattr(events, "_DECLARED", {})


def test_an_event_is_found_under_the_thing_its_kind_names():
    sealed = events.declare("draw.sealed", keys={"draw", "seal"}, sentence="封存抽取 {draw}")

    assert sealed.subject({"draw": "d1", "seal": "s"}) == "draw:d1"
    assert events.subject("draw.sealed", {"draw": "d1", "seal": "s"}) == "draw:d1"


def test_an_event_may_name_another_key_or_nothing():
    entered = events.declare("rulebook.year_entered", keys={"year"}, sentence="录入 {year} 年", about="year")
    restored = events.declare("backup.restored", keys={"hash"}, sentence="恢复备份")

    assert entered.subject({"year": 2025}) == "year:2025"
    assert restored.subject({"hash": "x"}) == ""
    assert events.subject("no.such_kind", {}) is None


def test_keys_that_do_not_fit_are_named():
    commit = events.declare(
        "draw.commit", keys={"draw", "commit"}, optional={"envelope"}, sentence="提交 {commit}"
    )

    assert commit.misfits({"draw": "d", "commit": "c"}) == set()
    assert commit.misfits({"draw": "d", "commit": "c", "envelope": "e"}) == set()
    assert commit.misfits({"draw": "d", "name": "张三"}) == {"commit", "name"}


def test_the_sentence_is_said_with_the_values_of_the_body():
    events.declare("draw.sealed", keys={"draw", "seal"}, sentence="封存抽取 {draw}")

    assert events.sentence("draw.sealed", {"draw": "d1", "seal": "s"}) == "封存抽取 d1"
    assert events.sentence("gone.kind", {}) == "gone.kind"


def test_sentences_that_are_empty_or_ask_for_a_key_a_body_may_lack_are_found():
    events.declare("a.good", keys={"n"}, sentence="有 {n} 条")
    events.declare("a.empty", keys={"n"}, sentence=" ")
    events.declare("a.optional", keys={"n"}, optional={"m"}, sentence="有 {m} 条")

    assert events.broken_sentences() == ["a.empty", "a.optional"]


@pytest.mark.parametrize(
    ("kind", "keys", "about"),
    [
        ("sealed", {"n"}, None),
        ("Draw.sealed", {"n"}, None),
        ("draw." + "x" * 60, {"n"}, None),
        ("draw.sealed", {"N"}, None),
        ("draw.sealed", {"n"}, "draw"),
    ],
)
def test_a_declaration_against_the_form_is_refused(kind, keys, about):
    with pytest.raises(events.BadDeclaration):
        events.declare(kind, keys=keys, sentence="一句话", about=about)


def test_a_kind_is_declared_once():
    events.declare("draw.sealed", keys={"draw"}, sentence="封存")

    with pytest.raises(events.BadDeclaration):
        events.declare("draw.sealed", keys={"draw"}, sentence="封存")


def test_an_undeclared_kind_is_unknown():
    with pytest.raises(events.UndeclaredEvent):
        events.event("draw.sealed")
