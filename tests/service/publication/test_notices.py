"""What is made public holds nothing personal, and a notice is never overwritten (公示、公告)."""

from __future__ import annotations

import pytest

from fairdraw.kernel.errors import NotPermitted
from fairdraw.publication import rules, selectors, services
from fairdraw.publication.models import Publication
from fairdraw.registers.models import Target


@pytest.fixture
def reviewed(bureau):
    """Three reviewed records."""
    task = bureau.drawn(count=3)
    bureau.go(3, 20)
    rows = bureau.rows(task)
    bureau.record(rows)
    bureau.review(rows)
    return bureau.rows(task)


def announce(bureau, actor="bangong", **more):
    asked = {"kind": "plan", "reference": "2026", "title": "计划", "body": {"rows": []}}
    return services.announce(**(asked | more), actor=bureau.actor(actor), now=bureau.now)


def test_a_public_row_has_the_allowed_fields_only(bureau, reviewed):
    bureau.submit(reviewed)
    row = Publication.objects.first().row

    assert sorted(row) == sorted(rules.PUBLIC_FIELDS)
    assert row["result"] == "未发现问题"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("张三13812345678", "手机号码"),
        ("店主11010519491231002X", "身份证号码"),
        ("卡号4111111111111111", "银行卡号"),
    ],
)
def test_personal_numbers_keep_a_batch_from_being_handed_in(bureau, reviewed, name, kind):
    Target.objects.filter(pk=reviewed[1].target_id).update(name=name)

    with pytest.raises(rules.PersonalData, match=kind):
        bureau.submit(bureau.rows(reviewed[0].task))
    assert not Publication.objects.exists()


def test_a_social_credit_code_is_not_taken_for_a_persons_number():
    assert rules.scan("91350524MA0000007P") == []
    assert rules.scan("350524199001011232") == []  # the check digit is wrong: no identity number


def test_results_are_handed_in_by_the_unit_that_checked(bureau, reviewed):
    with pytest.raises(NotPermitted):
        services.submit(
            [r.pk for r in reviewed], channel="necips", actor=bureau.actor("zlg-jh"), now=bureau.now
        )


def test_a_notice_is_published_by_those_who_plan_or_review(bureau):
    for name in ("jiandu", "jianzheng", "guanli"):
        with pytest.raises(NotPermitted):
            announce(bureau, actor=name)
    assert announce(bureau).version == 1


def test_a_later_version_says_why_and_the_newest_is_shown(bureau):
    announce(bureau)
    with pytest.raises(services.ReasonMissing):
        announce(bureau, title="改了", reason=" ")
    second = announce(bureau, title="改了", reason="上级要求")
    announce(bureau, reference="2025", title="去年")

    assert (second.version, second.reason) == (2, "上级要求")
    assert selectors.announcement("plan", "2026").title == "改了"
    assert {a.title for a in selectors.announcements("plan")} == {"改了", "去年"}
    assert [v.version for v in selectors.versions("plan", "2026")] == [2, 1]
    assert selectors.announcement("task", "2026") is None


def test_results_are_found_by_name_code_and_task(bureau, reviewed):
    bureau.submit(reviewed)
    bureau.acknowledge(reviewed)
    row = reviewed[0]

    def found(**asked):
        return {p.inspection_id for p in selectors.public_results(**asked)}

    assert found(text=row.target.draw_code) == found(text=row.target.name) == {row.pk}
    assert found(task=row.task.number) == {r.pk for r in reviewed}
    assert found(text="查无此户") == found(task="2026-999") == set()


def test_a_receipt_is_entered_by_the_unit_that_checked(bureau, reviewed):
    bureau.submit(reviewed)
    with pytest.raises(NotPermitted):
        services.acknowledge(
            [reviewed[0].pk],
            receipt="YL-1",
            channel="necips",
            actor=bureau.actor("zlg-jh"),
            now=bureau.now,
        )
    assert selectors.receipt_pending().count() == 3
