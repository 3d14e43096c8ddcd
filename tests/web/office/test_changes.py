"""After the draw on screen: a target or an inspector is replaced for a coded reason, and nobody names who follows."""

from __future__ import annotations

from collections import Counter

import pytest

from fairdraw.audit.models import LogEntry
from fairdraw.draws.models import DrawnRow
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.plans.models import Task
from tests.web.ui.html import Page


@pytest.fixture
def task(county) -> Task:
    return county.task("zlg-ZL01")


@pytest.fixture
def row(task) -> Inspection:
    return Inspection.objects.filter(task=task, state="notified").order_by("number").last()


def seated(row: Inspection) -> list[str]:
    held = Assignment.objects.filter(inspection=row, replaced_at__isnull=True).order_by("slot")
    return list(held.values_list("inspector__code", flat=True))


def hidden(page: Page) -> dict[str, str]:
    """What the question before the act would send."""
    return {field.get("name"): field.get("value") for field in page.all("//section//input[@type='hidden']")}


def test_a_target_is_replaced_by_the_next_rank_after_a_question_that_names_what_will_happen(
    leader, row, task
):
    address = f"/inspections/{row.number}/replace/"
    (link,) = leader.page(f"/inspections/{row.number}/").all("//a[.='替换对象']/@href")
    assert link == address
    page = leader.page(address)
    assert "查无下落、拒绝检查等是检查结果" in page.source
    assert "须由上级负责人审批" in page.source
    unused = DrawnRow.objects.filter(task=task, reserve=True).order_by("rank")
    assert not any(spare.target.name in page.source for spare in unused)

    asked = Page(leader.post(address, {"reason": "moved_out"}, status=200))
    said = asked.text("//section[contains(@class, 'confirm')]")
    assert row.target.name in said
    assert row.number in said
    assert "抽取前已迁出" in said
    row.refresh_from_db()
    assert row.state == "notified"  # nothing has been done yet
    assert not any(spare.target.name in asked.source for spare in unused)

    answer = leader.post(address, hidden(asked))

    row.refresh_from_db()
    assert (row.state, row.excluded_code) == ("excluded", "moved_out")
    successor = Inspection.objects.get(row=row.row.replaced_by)
    assert answer["Location"] == f"/inspections/{successor.number}/"
    page = leader.follow(answer)
    assert f"由“{successor.target.name}”递补" in page.text("//div[@id='notices']")
    assert page.all(f"//main//a[@href='/inspections/{row.number}/']")
    assert successor.target.name in leader.page(f"/inspections/{row.number}/").source
    assert LogEntry.objects.filter(kind="draw.object_replaced").count() == 1


def test_a_replacement_needs_one_of_the_coded_reasons(leader, row):
    for reason in ("", "unreachable"):
        answer = leader.post(
            f"/inspections/{row.number}/replace/", {"reason": reason, "sure": "1"}, status=422
        )
        assert "核实的原因" in Page(answer).text("//div[@role='alert']")
    row.refresh_from_db()
    assert row.state == "notified"


def followed(task):
    """The inspections whose strata have ranks left to move up, no more of each stratum than it has."""
    left = Counter(DrawnRow.objects.filter(task=task, reserve=True).values_list("stratum", flat=True))
    found = []
    for row in Inspection.objects.filter(task=task, state="notified").order_by("number"):
        stratum = DrawnRow.objects.get(task=task, target=row.target).stratum
        if left[stratum]:
            left[stratum] -= 1
            found.append(row)
    return found


def test_past_the_limit_a_leader_above_approves(leader, officer, task):
    rows = followed(task)
    most = DrawnRow.objects.filter(task=task, reserve=False).count() // 20
    assert most < len(rows)
    given = {"reason": "duplicate", "sure": "1"}
    for row in rows[:most]:
        leader.post(f"/inspections/{row.number}/replace/", given)
    address = f"/inspections/{rows[most].number}/replace/"

    assert "再变更一户即超过限度" in leader.page(address).source
    assert "上级负责人" in Page(leader.post(address, given, status=403)).text("//main")
    officer("juzhang").post(address, given)
    rows[most].refresh_from_db()
    assert rows[most].state == "excluded"


def test_only_the_leader_replaces_and_others_are_told_who_does(planner, row):
    page = planner.page(f"/inspections/{row.number}/")

    assert "须由发起抽取的单位（质量监管股）负责人审批" in page.source
    for step in ("replace", "relieve"):
        planner.get(f"/inspections/{row.number}/{step}/", status=403)


def test_an_inspector_who_is_ill_is_followed_by_whom_the_seed_names(leader, row, task):
    team = leader.page(f"/tasks/{task.number}/team/")
    assert team.all("//table//a[contains(., '更换人员')]/@href")
    address = f"/inspections/{row.number}/relieve/"
    leaving = seated(row)[0]
    page = leader.page(address)
    assert page.all(f"//select[@name='inspector']/option[@value='{leaving}']")

    asked = Page(leader.post(address, {"inspector": leaving, "reason": "illness"}, status=200))
    assert "患病" in asked.text("//section[contains(@class, 'confirm')]")
    assert leaving in seated(row)
    answer = leader.post(address, hidden(asked))

    assert leaving not in seated(row)
    assert len(seated(row)) == 2
    assert "其他检查组" in (told := leader.follow(answer).text("//div[@id='notices']")) or "接替" in told
    assert "离开检查组" in leader.page(f"/inspections/{row.number}/").text("//main")


def test_an_inspector_with_a_relation_steps_aside_from_this_target_alone(leader, row):
    leaving = seated(row)[0]
    elsewhere = (
        Assignment.objects.filter(inspector__code=leaving, replaced_at__isnull=True)
        .exclude(inspection=row)
        .exclude(inspection__visits__in=row.visits.all())
        .count()
    )
    given = {"inspector": leaving, "reason": "recusal"}
    asked = Page(leader.post(f"/inspections/{row.number}/relieve/", given, status=200))
    assert "转出" in asked.text("//section[contains(@class, 'confirm')]")
    leader.post(f"/inspections/{row.number}/relieve/", hidden(asked))

    assert leaving not in seated(row)
    assert len(seated(row)) == 2
    still = Assignment.objects.filter(inspector__code=leaving, replaced_at__isnull=True).exclude(
        inspection=row
    )
    assert still.count() == elsewhere


def test_inspectors_are_added_all_together_or_not_at_all(leader, planner, county, row):
    """The page names everybody who would be added; nobody picks."""
    draw = row.row.drawn_list.draw
    (address,) = leader.page(f"/inspections/{row.number}/relieve/").all("//a[.='补充检查人员']/@href")
    assert address == f"/draws/{draw.pk}/supplement/?target={row.target.draw_code}"
    assert "没有可以补充的检查人员" in leader.page(address).source
    assert "还有人可以接替" in Page(leader.post(address, status=409)).source
    planner.get(address, status=403)
