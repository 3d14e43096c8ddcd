"""
N04, K3: nothing that was checked stays unpublished unnoticed; "handed in, receipt pending" is a state of its own
and is not published (安市监〔2024〕26号 一).
"""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.inspections import permissions as inspection_permissions
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.errors import NotPermitted
from fairdraw.oversight import selectors as oversight
from fairdraw.publication import selectors, services
from fairdraw.publication.models import Publication
from fairdraw.publication.permissions import NotPublic
from tests.builders.bureau import YEAR


def share(bureau):
    it = bureau.indicators()["K3"]
    return it.numerator, it.denominator


@pytest.fixture
def checked(bureau):
    """Four inspections of a drawn task, on a day when they can be checked."""
    task = bureau.drawn(count=4)
    bureau.go(3, 20)
    return bureau.rows(task)


def test_n04_what_is_checked_is_listed_until_its_receipt_has_come(bureau, checked):
    # 录入、审核、报送：每一步都还没有公示，都在清单上
    bureau.record(checked)
    assert list(inspections.unpublished_checked()) == checked
    bureau.review(checked)
    bureau.submit(checked)
    assert list(inspections.unpublished_checked()) == checked
    assert list(selectors.receipt_pending()) == checked
    assert not selectors.public_results().exists()
    assert share(bureau) == (0, 4)

    # 收到三户的回执，一户仍待回执
    bureau.acknowledge(checked[:3])
    assert list(inspections.unpublished_checked()) == checked[3:]
    assert {i.state for i in selectors.receipt_pending()} == {InspectionState.SUBMITTED.value}
    assert share(bureau) == (3, 4)
    assert bureau.fresh(checked[0].task).state == "in_progress"

    # 全部收到，任务完成
    bureau.acknowledge(checked[3:], receipt="YL-2")
    assert not inspections.unpublished_checked().exists()
    assert share(bureau) == (4, 4)
    assert bureau.fresh(checked[0].task).state == "completed"
    assert selectors.public_results().count() == 4


def test_n04_without_a_receipt_nothing_is_published(bureau, checked):
    bureau.record(checked)
    bureau.review(checked)
    # 没有报送就没有回执可录；报送后回执编号不能空
    with pytest.raises(inspection_permissions.WrongState):
        bureau.acknowledge(checked)
    bureau.submit(checked)
    with pytest.raises(services.NoReceipt):
        bureau.acknowledge(checked, receipt="  ")
    assert share(bureau) == (0, 4)


def test_n04_a_batch_is_handed_in_whole_or_not_at_all(bureau, checked):
    bureau.record(checked)
    bureau.review(checked[:3])

    with pytest.raises(inspection_permissions.WrongState, match=checked[3].number):
        bureau.submit(checked)
    assert not Publication.objects.exists()
    assert {i.state for i in bureau.rows(checked[0].task)} == {"recorded", "reviewed"}


def test_n04_a_wrong_result_taken_off_is_no_longer_published_and_keeps_its_history(bureau, checked):
    bureau.publish(checked)
    bureau.go(4, 10)
    wrong = Publication.objects.get(inspection=checked[0])
    leader = bureau.leader(checked[0])

    # 撤下要有原因，由审核岗或负责人办理
    with pytest.raises(services.ReasonMissing):
        services.withdraw(publication=wrong, reason="", actor=leader, now=bureau.now)
    with pytest.raises(NotPermitted):
        services.withdraw(publication=wrong, reason="错登", actor=bureau.actor("zlg-fz"), now=bureau.now)
    services.withdraw(publication=wrong, reason="结果录错户", actor=leader, now=bureau.now)
    with pytest.raises(NotPublic):
        services.withdraw(publication=wrong, reason="再撤", actor=leader, now=bureau.now)

    assert selectors.public_results().count() == 3
    assert share(bureau) == (3, 4)
    assert Publication.objects.get(inspection=checked[0]).reason == "结果录错户"
    # 撤下之前的日子，当时的数仍然是当时的数
    before = oversight.indicators(bureau.agency, YEAR, as_of=dt.date(YEAR, 4, 9))["K3"]
    assert (before.numerator, before.denominator) == (4, 4)


def test_n04_a_result_whose_display_ended_by_repair_stays_counted(bureau, checked):
    bureau.publish(checked)
    bureau.go(9, 10)
    shown = Publication.objects.get(inspection=checked[0])
    services.end_display(
        publication=shown, reason="信用修复", actor=bureau.leader(checked[0]), now=bureau.now
    )

    assert selectors.public_results().count() == 3
    assert share(bureau) == (4, 4)
