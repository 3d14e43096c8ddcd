"""What an officer reads when the rules of the draw forbid it: a sentence that says what to do, never a code."""

from __future__ import annotations

import dataclasses
import re

import pytest

from drawcore import errors, seal, seed
from fairdraw.draws.refusals import DrawRefused, explained
from fairdraw.draws.sealtext import UNKNOWN
from fairdraw.registers.scopes import ScopeSpec
from tests.builders import vectors
from tests.builders.county import County
from tests.service.draws.walking import Walk, approved_task

pytestmark = pytest.mark.django_db
# Our own frames are built so that these cannot come: every row is in a part, exclusions fit, teams are drawn.
OURS = {"EntityOfNoPart", "ExclusionRefused", "TeamRefused"}
SEALING = [e for e in errors.SealingRefused.__subclasses__() if e.__name__ not in OURS]


def said(error: errors.DrawError) -> str:
    with pytest.raises(DrawRefused) as refused, explained():
        raise error
    assert refused.value.data == error.data
    return str(refused.value)


def made(kind: type[errors.DrawError]) -> errors.DrawError:
    """An error of *kind* with something in every attribute."""
    values = {f.name: 3 if f.type == "int" else "scj" for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**values)


@pytest.mark.parametrize("kind", SEALING, ids=lambda kind: kind.__name__)
def test_each_refusal_of_sealing_has_its_sentence(ground: County, kind: type[errors.DrawError]):
    sentence = said(made(kind))

    assert "draw." not in sentence
    assert "sealing." not in sentence
    assert not re.search(r"%\(|rule=", sentence)


def test_units_and_departments_are_named_not_coded(ground: County):
    sentence = said(errors.TooFewTeams("E1", "sc01", "scj", teams=0, needed=1))

    assert "云栖市场监管所" in sentence
    assert "sc01" not in sentence
    assert "未划分片区的对象" in said(errors.TooFewTeams("E1", "none", "scj", teams=0, needed=1))


def test_each_rule_of_seal_and_seed_that_people_can_break_has_its_sentence(ground: County):
    sealed = seal.Seal.parse(vectors.bundle(1).files["seal.json"])
    rules = {rule for rule, _kept in (*seal._time_rules(sealed), *seal._person_rules(sealed))}
    rules -= {"first-attempt-without-prev"}  # the database counts attempts
    for rule in rules:
        assert "rule=" not in said(errors.SealRefused(rule=rule)), rule
    for rule in ("min-reveals", "share-form", "share-not-as-committed", "beacon-kind", "beacon-value"):
        assert "rule=" not in said(errors.SeedRefused(rule=rule)), rule


def test_a_rule_without_a_sentence_is_still_told(ground: County):
    assert "no-such-rule" in said(errors.SealRefused(rule="no-such-rule"))
    assert seed.FILE in said(errors.FileRefused(file=seed.FILE, where="3", reason="bad-line"))
    assert UNKNOWN not in said(errors.NobodyDrawn(part="2026-001"))


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ({"scope": None}, r"范围内没有检查对象|待抽名单为空"),
        ({"strata": ({"code": "N", "take": 0, "reserve": 0},)}, "一户也抽不到"),
        ({"strata": ({"code": "N", "take": 3, "reserve": 0},), "by": "credit"}, "方案未列明的分类"),
        ({"mode": "total", "total": 900, "strata": ({"code": "N", "weight": 0, "reserve": 0},)}, "无法分配"),
    ],
)
def test_a_scheme_that_cannot_be_drawn_is_refused_with_what_would_mend_it(
    ground: County, scheme: dict[str, object], words: str
):
    if "scope" in scheme:
        scheme = {"scope": ScopeSpec(tags=("nobody",))}
    ground.tasks["odd"] = approved_task(ground, name="odd", **scheme)  # type: ignore[arg-type]

    with pytest.raises(DrawRefused, match=words):
        Walk(ground, ("odd",)).prepare()


def test_tasks_that_deal_inspectors_differently_are_not_pooled(ground: County):
    ground.tasks["each"] = approved_task(ground, name="each", assign_mode="each")

    with pytest.raises(Exception, match="请分开抽取"):
        Walk(ground, ("each", "more-0"), number="2026-P03", level=2).prepare()


def test_people_of_one_office_do_not_supervise_themselves(ground: County):
    walk = Walk(ground, ("more-0",))
    persons = walk.planned()
    section = persons[0].agency_id

    for wrong, words in (
        ([persons[0]], "监督人"),
        ([persons[0], dataclasses.replace(persons[1], agency_id=section)], "不能与发起人同一股室"),
        ([persons[0], dataclasses.replace(persons[1], user_id=persons[0].user_id)], "一人只能担任一种角色"),
        ([persons[0], dataclasses.replace(persons[1], user_id=None)], "本人的账号"),
    ):
        walk.persons = wrong
        with pytest.raises(Exception, match=words):
            walk.prepare()


def test_level_two_needs_a_witness_and_a_number_that_is_switched_on(ground: County):
    walk = Walk(ground, ("more-0",), level=2)
    walk.persons = Walk(ground, ("more-0",)).planned()
    with pytest.raises(DrawRefused, match="见证人"):
        walk.prepare()
