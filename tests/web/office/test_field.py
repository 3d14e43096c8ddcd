"""From the notice to the end of a problem: entering, reviewing, handing in, receipts, follow-up; one and many."""

from __future__ import annotations

import pytest

from fairdraw.followup.models import FollowUp
from fairdraw.inspections.models import Inspection, Review, Visit
from fairdraw.plans.models import Task
from fairdraw.publication.models import Publication
from tests.builders import county as builder
from tests.web.ui.html import Page

MANY = "/inspections/many/"
TODAY = builder.TODAY.isoformat()


@pytest.fixture
def task(county) -> Task:
    return county.task("zlg-ZL01")


def in_state(task: Task, state: str) -> Inspection:
    return Inspection.objects.filter(task=task, state=state).order_by("number").first()


def record(row: Inspection, **given: object) -> dict[str, object]:
    item = row.task.task_items.get().item_id
    sheet = {"checked_on": TODAY, "method": "on_site", "codes": ["01"], f"item{item}-checked": "on"}
    return {**sheet, **given}


def test_a_clean_record_takes_a_result_and_leads_to_the_next_target(planner, task):
    row, following = list(Inspection.objects.filter(task=task, state="notified").order_by("number")[:2])
    answer = planner.post(f"/inspections/{row.number}/record/", record(row, next="1"))

    row.refresh_from_db()
    assert (row.state, row.outcome, row.measure, row.problem) == ("recorded", "01", "none_needed", False)
    assert row.answers.get().checked
    assert answer["Location"] == f"/inspections/{following.number}/record/"


def test_a_problem_needs_its_measure(planner, task):
    row = in_state(task, "notified")
    refused = planner.post(f"/inspections/{row.number}/record/", record(row, codes=["05"]), status=422)
    assert "请选择处置措施" in Page(refused).text("//div[@role='alert']")

    planner.post(
        f"/inspections/{row.number}/record/",
        record(row, codes=["05"], measure="order_correction", note="标签不全"),
    )
    row.refresh_from_db()
    assert (row.state, row.problem) == ("recorded", True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"codes": []}, "请至少选择一项检查结果"),
        ({"codes": ["01", "05"], "measure": "order_correction"}, "不能同时选择"),
        ({"codes": ["01"], "measure": "order_correction"}, "处置措施与检查结果不符"),
        ({"checked_on": "2026-12-01"}, "检查日期不能晚于今天"),
        ({"codes": ["05"], "measure": "order_correction"}, "写明发现了什么问题"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_in_words(planner, task, given, said):
    row = in_state(task, "notified")
    answer = planner.post(f"/inspections/{row.number}/record/", record(row, **given), status=422)

    assert said in Page(answer).text("//div[@role='alert']")
    row.refresh_from_db()
    assert row.state == "notified"


def test_the_form_offers_what_the_items_of_the_task_allow(planner, task):
    held = task.task_items.get().version
    held.results, held.measures = ["01", "05"], ["order_correction"]
    held.save()
    page = planner.page(f"/inspections/{in_state(task, 'notified').number}/record/")

    assert [i.get("value") for i in page.all("//input[@name='codes']")] == [
        "01",
        "05",
        "09",
        "10",
        "11",
        "12",
        "13",
    ]
    offered = [o.get("value") for o in page.all("//select[@name='measure']/option")]
    assert offered == ["", "none_needed", "order_correction"]


def test_what_was_returned_is_entered_again_with_what_stood_there(planner, task):
    row = in_state(task, "returned")
    page = planner.page(f"/inspections/{row.number}/record/")

    assert page.all("//input[@name='codes' and @value='01' and @checked]")
    planner.post(f"/inspections/{row.number}/record/", record(row))
    row.refresh_from_db()
    assert row.state == "recorded"


def test_a_published_inspection_is_not_entered_again(planner, task):
    row = in_state(task, "published")
    planner.get(f"/inspections/{row.number}/record/", status=409)
    planner.post(f"/inspections/{row.number}/record/", record(row), status=409)


def confirmed(person, do: str, rows: list[Inspection], **given: str):
    """Tick rows, see how many it will be, and say yes."""
    asked = person.post(MANY, {"do": do, "id": [r.pk for r in rows], "back": "/inspections/"}, status=200)
    page = Page(asked)
    assert page.text("//p[@class='confirm-count']/b") == str(len(rows))
    ids = page.all("//input[@name='ids']/@value")[0]
    sure = {"do": do, "ids": ids, "sure": "1", "back": "/inspections/", **given}
    return lambda status=302: person.post(MANY, sure, status=status)


def test_a_batch_names_its_number_before_anything_is_done(planner, task):
    rows = list(Inspection.objects.filter(task=task, state="notified")[:3])
    confirm = confirmed(planner, "clean", rows, checked_on=TODAY, method="on_site")
    assert Inspection.objects.filter(pk__in=[r.pk for r in rows], state="notified").count() == 3

    answer = confirm()

    assert Inspection.objects.filter(pk__in=[r.pk for r in rows], state="recorded").count() == 3
    assert "3户" in planner.follow(answer).text("//div[@id='notices']")


def test_everything_that_waits_is_taken_at_once(planner, task):
    page = Page(planner.post(MANY, {"do": "submit", "all": "1", "task": task.number}, status=200))

    waiting = Inspection.objects.filter(task=task, state="reviewed").count()
    assert page.text("//p[@class='confirm-count']/b") == str(waiting)


def test_who_enters_does_not_review(county, officer, task):
    row = in_state(task, "recorded")
    user = county.user("zlg-fz")
    Inspection.objects.filter(pk=row.pk).update(entered_by=f"u:{user.pk}")
    page = Page(officer("zlg-fz").post(MANY, {"do": "review", "id": row.pk}, status=200))

    assert "录入和审核不能是同一人" in page.text("//div[contains(@class,'notice')]")
    assert page.all("//input[@name='ids']") == []


def test_a_passed_record_with_a_problem_opens_its_follow_up(planner, leader, task):
    row = in_state(task, "notified")
    planner.post(
        f"/inspections/{row.number}/record/",
        record(row, codes=["05"], measure="order_correction", note="标签不全"),
    )
    confirmed(leader, "review", [row], opinion="同意")()

    row.refresh_from_db()
    assert row.state == "reviewed"
    found = FollowUp.objects.get(finding__inspection=row)
    assert found.state == "open"
    assert "待处置" in planner.page(f"/followups/{found.pk}/").source


def test_a_return_needs_its_reason_and_keeps_it(leader, task):
    row = in_state(task, "recorded")
    confirm = confirmed(leader, "return", [row], opinion="")
    confirm(422)

    confirmed(leader, "return", [row], opinion="照片不清")()
    row.refresh_from_db()
    assert row.state == "returned"
    assert Review.objects.filter(inspection=row, passed=False, opinion="照片不清").exists()
    assert "照片不清" in leader.page(f"/inspections/{row.number}/").source


def test_nothing_is_published_without_a_receipt(planner, task):
    row = in_state(task, "submitted")
    confirmed(planner, "acknowledge", [row], receipt=" ")(422)
    row.refresh_from_db()
    assert row.state == "submitted"

    confirmed(planner, "acknowledge", [row], receipt="YL-2026-0914")()
    row.refresh_from_db()
    assert row.state == "published"
    assert Publication.objects.get(inspection=row).receipt == "YL-2026-0914"
    page = planner.page(f"/tasks/{task.number}/publication/")
    assert "YL-2026-0914" in page.source


def test_rows_outside_the_scope_cannot_be_ticked(officer, task):
    row = in_state(task, "recorded")

    officer("ggg-fz").post(MANY, {"do": "review", "id": row.pk}, status=404)
    officer("jiandu").post(MANY, {"do": "review", "id": row.pk}, status=403)
    officer("zlg-jh").post(MANY, {"do": "review", "id": row.pk}, status=403)


def test_the_batch_leads_back_to_this_site_alone(planner, task):
    rows = [in_state(task, "notified")]
    sheet = {"do": "clean", "ids": rows[0].pk, "sure": "1", "checked_on": TODAY, "method": "on_site"}
    answer = planner.post(MANY, {**sheet, "back": "https://example.com/"})

    assert answer["Location"] == "/inspections/"


def test_an_excluded_target_keeps_its_reason(planner, task):
    row = in_state(task, "notified")
    address = f"/inspections/{row.number}/exclude/"
    missing = planner.post(address, {"code": "wrong_tag"}, status=422)
    assert "请写明情况" in Page(missing).text("//div[@role='alert']")

    planner.post(address, {"code": "moved_out", "reason": "已迁往邻县"})
    row.refresh_from_db()
    assert (row.state, row.excluded_code) == ("excluded", "moved_out")
    assert "已迁往邻县" in planner.page(f"/inspections/{row.number}/").source


def test_notices_are_numbered_after_a_confirmation_that_names_how_many(officer, county):
    county.drawn("ggg-WL01")
    task = county.task("ggg-WL01")
    clerk = officer("ggg-jh")
    page = clerk.page(f"/tasks/{task.number}/notify/")
    assert page.text("//p[@class='confirm-count']/b") == "5"

    clerk.post(f"/tasks/{task.number}/notify/")
    numbers = Visit.objects.filter(inspections__task=task).values_list("number", flat=True)
    assert len(set(numbers)) == 5
    assert all(n.startswith("演市监") for n in numbers)
    clerk.post(f"/tasks/{task.number}/notify/", status=409)


@pytest.fixture
def problem() -> FollowUp:
    return FollowUp.objects.filter(state="open").order_by("pk").last()


def test_a_problem_goes_its_way_to_the_end(planner, problem):
    page = planner.page(f"/followups/{problem.pk}/start/")
    assert "none_needed" not in page.source
    planner.post(f"/followups/{problem.pk}/start/", {"measure": "order_correction"}, status=422)

    planner.post(
        f"/followups/{problem.pk}/start/", {"measure": "order_correction", "document": "演市监改〔2026〕1号"}
    )
    planner.post(f"/followups/{problem.pk}/submit/")
    planner.post(f"/followups/{problem.pk}/verify/")
    planner.post(f"/followups/{problem.pk}/close/", {"how": ""}, status=422)
    planner.post(f"/followups/{problem.pk}/close/", {"how": "已改正"})

    problem.refresh_from_db()
    assert (problem.state, problem.closed_how) == ("closed", "已改正")


def test_no_step_of_a_problem_is_skipped(planner, problem):
    planner.get(f"/followups/{problem.pk}/close/", status=409)
    planner.post(f"/followups/{problem.pk}/verify/", status=409)
    planner.get(f"/followups/{problem.pk}/burn/", status=404)


def test_problems_of_others_do_not_exist(officer, problem):
    officer("ggg-jh").get(f"/followups/{problem.pk}/", status=404)
    officer("ggg-jh").post(f"/followups/{problem.pk}/start/", {}, status=404)
    officer("jiandu").post(f"/followups/{problem.pk}/start/", {}, status=403)


def test_lists_filter_by_state_and_by_words(planner, task):
    row = in_state(task, "returned")
    by_state = Page(planner.get("/inspections/?state=returned"))
    by_name = Page(planner.get(f"/inspections/?text={row.target.name}"))
    late = Page(planner.get("/inspections/?state=overdue"))

    assert len(by_state.all("//tbody/tr")) == 1
    assert by_name.all(f"//tbody//a[@href='/inspections/{row.number}/']")
    assert late.all("//tbody/tr") == []


def test_a_list_of_inspections_costs_the_same_whatever_its_length(planner):
    planner.get("/inspections/?size=20")
    few = planner.queries
    planner.get("/inspections/?size=200")

    assert planner.queries <= few


def test_a_large_print_batch_is_made_in_the_background(planner, officer, task, monkeypatch):
    assert "/batch.pdf" in planner.page(f"/tasks/{task.number}/team/").source
    monkeypatch.setattr("fairdraw.desk.views.tasks.BATCH_AT_ONCE", 3)
    page = planner.page(f"/tasks/{task.number}/team/")
    assert page.all(f"//form[@action='/tasks/{task.number}/batch/']")

    job = planner.post(f"/tasks/{task.number}/batch/")["Location"]

    assert planner.get(f"{job}file/").content.startswith(b"%PDF")
    officer("ggg-jh").get(f"{job}file/", status=404)
    officer("jiandu").post(f"/tasks/{task.number}/batch/", status=403)
