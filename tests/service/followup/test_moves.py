"""Follow-ups move as the table says, for many at once, seen by their owners (后续处置)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from fairdraw.files import services as files
from fairdraw.followup import permissions, selectors, services
from fairdraw.followup.models import Finding, FollowUp
from fairdraw.followup.states import FOLLOWUP_MOVES, FollowUpMove, FollowUpState
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import NotFound, NotPermitted
from tests.builders.bureau import YEAR


@pytest.fixture
def opened(bureau):
    """Three follow-ups of the advertising section."""
    task = bureau.drawn(count=4)
    bureau.go(3, 20)
    rows = bureau.rows(task)
    bureau.record(rows, codes={0: "05", 1: "05", 2: "04"})
    bureau.review(rows)
    return bureau.findings(rows)


def start(bureau, choices, **more):
    return services.start(choices, actor=bureau.actor("ggg-jh"), now=bureau.now, **more)


@pytest.mark.parametrize("state", list(FollowUpState))
def test_each_state_has_exactly_the_moves_of_the_table(bureau, opened, state):
    row = opened[0]
    row.state = state.value
    allowed = {m for m in FollowUpMove if permissions.can_move(SYSTEM, row, m)}

    assert allowed == {move for (before, move) in FOLLOWUP_MOVES if before is state}


def test_one_wrong_choice_keeps_the_whole_batch_from_starting(bureau, opened):
    choices = [(f.pk, "order_correction", f"演改{n}号") for n, f in enumerate(opened)]
    choices[2] = (opened[2].pk, "order_correction", "")

    with pytest.raises(services.MeasureRefused):
        start(bureau, choices)
    assert set(FollowUp.objects.values_list("state", "started_on")) == {("open", None)}


def test_an_order_that_does_not_help_becomes_a_case(bureau, opened):
    row = opened[0]
    start(bureau, [(row.pk, "order_correction", "演改1号")])
    start(bureau, [(row.pk, "to_case_unit", "演移1号")])

    again = FollowUp.objects.get(pk=row.pk)
    assert (again.state, again.measure, again.document_number) == ("case_filed", "to_case_unit", "演移1号")
    with pytest.raises(permissions.WrongState):
        start(bureau, [(row.pk, "order_correction", "演改2号")])


@pytest.mark.parametrize(
    ("measure", "due"),
    [
        ("to_case_unit", dt.date(YEAR, 4, 13)),  # D15: 15 working days
        ("propose_listing", dt.date(YEAR, 4, 3)),  # D8: 10 working days
        ("notify_department", dt.date(YEAR, 4, 20)),  # 30 days, rolled over a Sunday
    ],
)
def test_each_measure_has_its_own_deadline(bureau, opened, measure, due):
    [row] = start(bureau, [(opened[0].pk, measure, "演1号")])

    assert row.due_on == due


def test_the_proof_of_a_correction_is_kept(bureau, opened):
    row = opened[0]
    photo = files.store(b"photo", media_type="image/jpeg", name="整改.jpg", now=bureau.now)
    start(bureau, [(row.pk, "order_correction", "演改1号")])
    actor = bureau.actor("ggg-jh")
    services.move([row.pk], FollowUpMove.SUBMIT, evidence=photo, actor=actor, now=bureau.now)
    services.move([row.pk], FollowUpMove.VERIFY, actor=actor, now=bureau.now)

    assert FollowUp.objects.get(pk=row.pk).evidence == photo


def test_follow_ups_are_seen_and_moved_by_their_owner(bureau, opened):
    assert selectors.visible_followups(bureau.actor("ggg-jh")).count() == 3
    assert selectors.visible_followups(bureau.actor("bangong")).count() == 3
    assert not selectors.visible_followups(bureau.actor("zlg-jh")).exists()
    assert not selectors.without_finding(bureau.actor("zlg-jh")).exists()
    with pytest.raises(NotPermitted):
        services.open_findings([opened[0].finding.inspection], actor=bureau.actor("zlg-jh"), now=bureau.now)
    with pytest.raises(NotFound):
        services.move([10**9], FollowUpMove.SUBMIT, actor=SYSTEM, now=bureau.now)


def test_what_is_closed_is_neither_open_nor_overdue(bureau, opened):
    start(bureau, [(f.pk, "notify_department", f"演抄{f.pk}号") for f in opened])
    ids = [f.pk for f in opened[:2]]
    services.move(ids, FollowUpMove.CLOSE, how="已反馈", actor=bureau.actor("ggg-jh"), now=bureau.now)

    assert list(selectors.open_followups(SYSTEM)) == opened[2:]
    assert list(selectors.overdue(SYSTEM, on=dt.date(YEAR, 4, 20))) == []
    assert list(selectors.overdue(SYSTEM, on=dt.date(YEAR, 4, 21))) == opened[2:]


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "none_needed"},
        {"started_on": dt.date(YEAR, 3, 20), "measure": "order_correction"},
        {"started_on": dt.date(YEAR, 3, 20), "document_number": "演改1号"},
        {"state": "forgotten"},
    ],
)
def test_the_database_refuses_a_follow_up_that_is_none(opened, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=opened[0].pk).update(**wrong)


def test_the_database_refuses_the_same_finding_twice(opened):
    held = opened[0].finding

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            inspection=held.inspection, code=held.code, description="again", found_on=held.found_on
        )
