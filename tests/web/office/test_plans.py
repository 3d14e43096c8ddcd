"""Schemes are approved by another person or from paper, the plan goes its steps, tasks end with their summary."""

from __future__ import annotations

import io

import pytest

from fairdraw.demo.cycle import Year
from fairdraw.inspections.models import Inspection
from fairdraw.plans.models import AnnualPlan, Task
from tests.web.ui.html import Page


@pytest.fixture
def draft(county) -> Task:
    return county.task("ggg-draft")


def test_a_leader_approves_the_scheme_that_another_drafted(officer, draft):
    officer("ggg-fz").post(f"/tasks/{draft.number}/approve/")

    draft.refresh_from_db()
    assert draft.state == "approved"


def test_whoever_drafts_does_not_approve_and_sees_why(officer, draft):
    draft.scheme.drafted_by = officer_code = f"u:{officer('ggg-fz').client.session['_auth_user_id']}"
    draft.scheme.save()
    leader = officer("ggg-fz")

    assert officer_code
    page = leader.page(f"/tasks/{draft.number}/")
    assert "方案由您制定" in page.text("//span[@class='refused']")
    leader.post(f"/tasks/{draft.number}/approve/", status=409)


def test_the_planner_sees_the_button_greyed_with_its_reason(officer, draft):
    page = officer("ggg-jh").page(f"/tasks/{draft.number}/")

    assert "由承办单位负责人审定" in page.text("//span[@class='refused']")
    officer("ggg-jh").post(f"/tasks/{draft.number}/approve/", status=403)


def scan(name: str = "审批表.pdf") -> io.BytesIO:
    file = io.BytesIO(b"%PDF-1.4 signed")
    file.name = name
    return file


def test_an_approval_signed_on_paper_is_entered_by_one_and_confirmed_by_another(officer, draft):
    clerk, other = officer("ggg-jh"), officer("ggg-fz")
    address = f"/tasks/{draft.number}/paper/"
    clerk.post(address, {"signer": "分管局长", "signed_on": "2026-09-10", "scan": scan()})
    clerk.post(f"{address}confirm/", status=409)
    page = other.page(f"/tasks/{draft.number}/")
    assert "分管局长" in page.text("//div[contains(@class,'notice')]")
    assert other.get(f"{address}scan/").content == b"%PDF-1.4 signed"

    other.post(f"{address}confirm/")

    draft.refresh_from_db()
    assert draft.state == "approved"
    assert "线下审批，分管局长签批" in clerk.page(f"/tasks/{draft.number}/").source


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"signed_on": "2027-01-01"}, "签批日期不能晚于今天"),
        ({"scan": scan("审批表.exe")}, "请选择 pdf、jpg 或 png 文件"),
        ({"signer": ""}, "签批人"),
    ],
)
def test_a_paper_approval_that_lacks_something_is_refused(officer, draft, given, said):
    sheet = {"signer": "分管局长", "signed_on": "2026-09-10", "scan": scan(), **given}
    answer = officer("ggg-jh").post(f"/tasks/{draft.number}/paper/", sheet, status=422)

    assert said in Page(answer).text("//div[@role='alert']")


def test_the_office_cancels_a_task_before_its_draw_with_a_reason(office, county):
    task = county.task("qjg-QX01")
    office.post(f"/tasks/{task.number}/cancel/", {"reason": ""}, status=422)

    office.post(f"/tasks/{task.number}/cancel/", {"reason": "并入市级任务"})
    task.refresh_from_db()
    assert task.state == "cancelled"
    assert "并入市级任务" in office.page(f"/tasks/{task.number}/").source
    office.post(f"/tasks/{county.task('zlg-ZL01').number}/cancel/", {"reason": "x"}, status=409)


def step(office, name: str, given: dict[str, str] | None = None, status: int = 302):
    return office.post(f"/plans/2026/steps/{name}/", given, status=status)


def test_a_step_that_the_state_does_not_have_is_refused_and_greyed(office):
    step(office, "submit", {}, status=409)
    step(office, "burn", {}, status=404)
    AnnualPlan.objects.filter(year=2026).update(state="draft")

    page = office.page("/plans/2026/")
    greyed = [r.text_content() for r in page.all("//span[@class='refused']")]
    assert any(text.startswith("报备案") for text in greyed)
    assert page.all("//a[@href='/plans/2026/steps/submit/']")


def test_a_finished_task_sends_its_summary(officer, county):
    task = county.task("ggg-GG01")
    Task.objects.filter(pk=task.pk).update(state="completed", summarised_at=None)
    person = officer("ggg-jh")

    person.post(f"/tasks/{task.number}/summarise/")

    task.refresh_from_db()
    assert task.state == "summarised"
    document = person.get(f"/tasks/{task.number}/summary.docx")
    assert document.content.startswith(b"PK")


def test_an_unfinished_task_has_no_summary_to_send(officer, county):
    task = county.task("zlg-ZL01")
    officer("zlg-jh").post(f"/tasks/{task.number}/summarise/", status=409)
    officer("zlg-jh").get(f"/tasks/{task.number}/summary.docx", status=404)


def test_the_county_was_played_by_its_people(county):
    assert isinstance(county.year, Year)
    states = set(Inspection.objects.values_list("state", flat=True))
    assert states >= {"notified", "recorded", "returned", "reviewed", "submitted", "published", "excluded"}
