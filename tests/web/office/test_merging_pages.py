"""合并建议, 入企检查与停检期 and what the task and target pages say of them (N06, N21)."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.accounts import services as accounts
from fairdraw.accounts.models import Agency
from fairdraw.burden.models import Blackout, BorneVisit, Campaign
from fairdraw.desk import merging as merging_page
from fairdraw.draws import overlaps
from fairdraw.kernel.actor import SYSTEM, Actor, Duty, Grant
from fairdraw.plans import merging
from fairdraw.plans.models import MergeDecision, Task, TaskAgency
from tests.builders.county import NOW, OPENED, YEAR


@pytest.fixture
def pair(county):
    """Two waiting tasks that meet, their answer taken back."""
    for decision in merging.live(first__year=YEAR):
        if all(task.state in merging.TO_DRAW for task in (decision.first, decision.second)):
            decision.delete()
    found = overlaps.proposals(YEAR)
    assert found
    return found[0]


def address(pair) -> str:
    return f"/merging/{pair.first.number}/{pair.second.number}/"


def test_the_office_accepts_a_proposal_with_its_reason_and_takes_it_back(officer, pair):
    office = officer("bangong")
    page = office.page("/merging/")
    assert pair.first.name in page.source
    assert pair.second.name in page.source
    assert "可少入企" in office.page(address(pair)).source

    refused = office.post(address(pair), {"answer": "yes", "lead": ""}, status=422)
    assert "理由" in refused.content.decode()
    lead = pair.second.agency.code
    office.follow(office.post(address(pair), {"answer": "yes", "lead": lead, "reason": "对象相同"}))

    decision = MergeDecision.objects.get(first=pair.first, second=pair.second)
    assert (decision.accepted, decision.lead.code, decision.reason) == (True, lead, "对象相同")
    assert "须在同一批次抽取" in office.page(f"/tasks/{pair.first.number}/").source
    office.follow(office.post(f"/merging/answers/{decision.pk}/undo/"))
    assert MergeDecision.objects.get(pk=decision.pk).undone_at is not None
    assert "有合并建议没有答复" in office.page(f"/tasks/{pair.first.number}/").source


def test_a_proposal_that_was_answered_is_gone(officer, pair):
    office = officer("bangong")
    office.post(address(pair), {"answer": "no", "reason": "季节不同"})

    office.get(address(pair), status=404)
    assert "季节不同" in office.page("/merging/").source


def test_who_plans_neither_task_answers_nothing(officer, pair):
    other = next(
        name
        for name in ("tsg-jh", "ggg-jh", "zlg-jh", "jjg-jh")
        if name.split("-")[0] not in {pair.first.agency.code, pair.second.agency.code}
    )
    officer(other).get(address(pair), status=404)
    officer("").get("/merging/", status=302)


def test_a_campaign_is_registered_warned_about_and_withdrawn(officer, county):
    office = officer("bangong")
    task = Task.objects.filter(year=YEAR, cancelled_at__isnull=True, scheme__isnull=False).first()
    item = task.task_items.first().item
    given = {
        "name": "专项行动",
        "starts_on": task.scheme.starts_on.isoformat(),
        "ends_on": task.scheme.finishes_on.isoformat(),
        "organised_by": "县局",
        "document_number": "演政〔2026〕3号",
        "approved_by": "县政府",
        "approved_on": f"{YEAR}-01-10",
        "items": [item.code],
    }
    office.get("/burden/campaigns/new/")
    office.post("/burden/campaigns/new/", given | {"document_number": ""}, status=422)
    office.follow(office.post("/burden/campaigns/new/", given))

    made = Campaign.objects.get()
    assert task.number in office.page("/burden/").source
    assert "同一事项同时有专项检查" in office.page(f"/tasks/{task.number}/").source
    office.get(f"/burden/campaigns/{made.pk}/withdraw/")
    office.follow(office.post(f"/burden/campaigns/{made.pk}/withdraw/", {"reason": "未开展"}))
    assert "同一事项同时有专项检查" not in office.page(f"/tasks/{task.number}/").source


def test_days_without_visits_are_entered_and_shown_at_the_tasks_they_meet(officer, county):
    office = officer("bangong")
    task = Task.objects.filter(year=YEAR, cancelled_at__isnull=True, scheme__isnull=False).first()
    start = task.scheme.starts_on
    given = {
        "name": "会考",
        "starts_on": start.isoformat(),
        "ends_on": (start + dt.timedelta(3)).isoformat(),
        "reason": "通知",
    }
    office.get("/burden/blackouts/new/")
    wrong = office.post(
        "/burden/blackouts/new/", given | {"ends_on": (start - dt.timedelta(1)).isoformat()}, status=422
    )
    assert "不能早于" in wrong.content.decode()
    office.follow(office.post("/burden/blackouts/new/", given))

    assert "时间窗内有停检期" in office.page(f"/tasks/{task.number}/").source
    office.follow(office.post(f"/burden/blackouts/{Blackout.objects.get().pk}/withdraw/"))
    assert "时间窗内有停检期" not in office.page(f"/tasks/{task.number}/").source


def test_the_target_page_says_what_it_bears_this_year_and_calls_the_cap_no_law(officer, county):
    visit = BorneVisit.objects.filter(waiting=False, visited_on__year=YEAR).first()

    page = officer("bangong").page(f"/targets/{visit.target.draw_code}/")

    assert "本年入企" in page.source
    assert "不是本省规定" in page.source


def test_a_unit_that_has_no_part_in_it_sees_no_answer(officer, pair):
    officer("bangong").post(address(pair), {"answer": "no", "reason": "只与本局有关"})
    beside = (
        Agency.objects.filter(kind="section")
        .exclude(pk__in=(pair.first.agency_id, pair.second.agency_id))
        .last()
    )
    planner = Actor("u:0", grants=(Grant(Duty.PLANNER, beside.path, beside.pk),))

    assert merging_page.answered(planner, YEAR) == []
    assert merging_page.answered(officer_of(pair), YEAR) != []


def officer_of(pair) -> Actor:
    return Actor("u:0", grants=(Grant(Duty.PLANNER, pair.first.agency.path, pair.first.agency_id),))


def test_a_task_that_brings_more_than_six_people_to_a_door_says_so(officer, county):
    """One department and two partners are six, as many as may come; the third partner is one too many (N21)."""
    task = county.task("tsg-TS01")
    said = []
    for code in ("xf", "hb", "nc"):
        department = accounts.create_agency(
            code=code,
            name=f"演示{code}局",
            kind="department",
            parent=None,
            opens_on=OPENED,
            actor=SYSTEM,
            now=NOW,
        )
        TaskAgency.objects.create(task=task, agency=department, role="partner")
        said.append("每户到场 8 人" in officer("tsg-fz").page(f"/tasks/{task.number}/").text("//main"))

    assert said == [False, False, True]
