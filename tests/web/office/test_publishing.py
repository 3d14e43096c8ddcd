"""What is made public and taken off again, on screen: reason, a question that names the enterprise, and then the act."""

from __future__ import annotations

import pytest

from fairdraw.inspections.models import Inspection
from fairdraw.plans.models import Task
from fairdraw.publication.models import Announcement, Publication
from tests.web.office.test_changes import hidden
from tests.web.ui.html import Page


@pytest.fixture
def published(county) -> Publication:
    task = county.task("ggg-GG01")
    rows = Publication.objects.filter(inspection__task=task, acknowledged_at__isnull=False)
    return rows.order_by("pk").first()


@pytest.fixture
def reviewer(officer):
    return officer("ggg-fz")


def test_a_wrong_result_is_taken_off_from_its_page_after_a_question(reviewer, officer, published):
    row = published.inspection
    name = row.target.name
    found = f"/public/results/?q={row.target.draw_code}"
    assert name in officer("").page(found).text("//main")
    (address,) = reviewer.page(f"/inspections/{row.number}/").all("//a[.='撤下公示']/@href")

    refused = reviewer.post(address, {"reason": " "}, status=422)
    assert "原因" in Page(refused).text("//div[@role='alert']")
    asked = Page(reviewer.post(address, {"reason": "检查结果录错户"}, status=200))
    said = asked.text("//section[contains(@class, 'confirm')]")
    assert name in said
    assert row.number in said
    published.refresh_from_db()
    assert published.withdrawn_at is None
    answer = reviewer.post(address, hidden(asked))

    row.refresh_from_db()
    assert row.withdrawn_at is not None
    page = reviewer.follow(answer)
    assert "检查结果录错户" in page.text("//main")
    assert [pill.text for pill in page.all("//main//span[contains(@class, 'pill')]")] == ["已撤下"]
    assert name not in officer("").page(found).text("//main")
    reviewer.get(address, status=409)


def test_after_credit_repair_the_display_ends_and_the_inspection_still_counts(reviewer, officer, published):
    row = published.inspection
    address = f"/publication/{published.pk}/end/"
    found = f"/public/results/?q={row.target.draw_code}"
    assert row.target.name in officer("").page(found).text("//main")
    asked = Page(reviewer.post(address, {"reason": "演信修〔2026〕3号"}, status=200))
    assert "仍计入各项指标" in asked.source
    reviewer.post(address, hidden(asked))

    row.refresh_from_db()
    published.refresh_from_db()
    assert row.withdrawn_at is None
    assert published.withdrawn_at is not None
    assert row.target.name not in officer("").page(found).text("//main")


def test_results_are_taken_off_by_those_who_review_for_the_unit(officer, leader, published):
    for step in ("withdraw", "end"):
        officer("ggg-jh").get(f"/publication/{published.pk}/{step}/", status=403)
        leader.get(f"/publication/{published.pk}/{step}/", status=404)  # of another section


@pytest.fixture
def task(county) -> Task:
    return county.task("zlg-ZL01")


def test_a_notice_is_published_anew_with_its_reason(planner, officer, task):
    address = f"/tasks/{task.number}/announce/"
    (link,) = planner.page(f"/tasks/{task.number}/publication/").all("//a[.='发布新版本']/@href")
    assert link == address
    assert task.scheme.scope_text in planner.page(address).source
    planner.post(address, {"reason": ""}, status=422)

    asked = Page(planner.post(address, {"reason": "检查时间调整"}, status=200))
    assert "第2版" in asked.text("//section[contains(@class, 'confirm')]")
    planner.post(address, hidden(asked))

    notice = Announcement.objects.get(kind="task", reference=task.number, version=2)
    assert notice.reason == "检查时间调整"
    assert officer("").get(f"/public/tasks/{task.number}/2/")
    names = Inspection.objects.filter(task=task).values_list("target__name", flat=True)
    assert not any(name in str(notice.body) for name in names)


def test_a_first_notice_needs_no_reason(planner, task):
    Announcement.objects.filter(reference=task.number).delete()
    page = planner.page(f"/tasks/{task.number}/announce/")
    assert page.all("//*[@name='reason']") == []
    asked = Page(planner.post(f"/tasks/{task.number}/announce/", {}, status=200))
    planner.post(f"/tasks/{task.number}/announce/", hidden(asked))

    assert Announcement.objects.get(reference=task.number).version == 1


def test_nothing_is_announced_before_the_draw_nor_while_an_unannounced_task_is_in_the_field(
    planner, office, county, task
):
    waiting = county.task("qjg-QX01")
    assert "抽取完成后才能发布" in Page(office.get(f"/tasks/{waiting.number}/announce/", status=409)).source
    Task.objects.filter(pk=task.pk).update(unannounced=True)
    assert "不预先通知" in Page(planner.get(f"/tasks/{task.number}/announce/", status=409)).source
    assert planner.page(f"/tasks/{task.number}/publication/").all("//a[contains(@href, '/announce/')]") == []


def test_a_supervisor_publishes_nothing(supervisor, task):
    supervisor.get(f"/tasks/{task.number}/announce/", status=403)


def test_results_are_taken_off_from_the_list_and_stay_in_it(reviewer, leader, published):
    address = f"/publication/{published.pk}/withdraw/"
    lists = ("/publication/?state=published", f"/tasks/{published.inspection.task.number}/publication/")
    for shown in lists:
        assert reviewer.page(shown).all(f"//a[@href='{address}']")
    page = leader.page(lists[0])  # of another section
    assert published.inspection.target.name not in page.source
    reviewer.post(address, {"reason": "录错户", "sure": "1"})

    row = reviewer.page(lists[0]).text(f"//tr[contains(., '{published.inspection.target.name}')]")
    assert "不再公示" in row
    assert reviewer.page(lists[0]).all(f"//a[@href='{address}']") == []


def test_a_wrong_result_is_corrected_and_published_as_a_new_version(reviewer, officer, published):
    """Off, back to who entered it, reviewed, handed in, acknowledged: both versions stay (K5 of rules.md)."""
    row, enters = published.inspection, officer("ggg-jh")
    address = f"/inspections/{row.number}/reopen/"
    reviewer.get(address, status=409)  # not before it is off
    first = row.published_at
    reviewer.post(f"/publication/{published.pk}/withdraw/", {"reason": "结果录错户", "sure": "1"})
    assert reviewer.page(f"/inspections/{row.number}/").all(f"//a[@href='{address}']")
    reviewer.post(address, {"reason": " "}, status=422)
    enters.get(address, status=403)
    reviewer.post(address, {"reason": "按现场记录重新录入"})

    page = enters.page(f"/inspections/{row.number}/")
    assert "按现场记录重新录入" in page.text("//main")
    item = row.task.task_items.get().item_id
    sheet = {"checked_on": row.checked_on, "method": "on_site", "codes": ["05"], f"item{item}-checked": "on"}
    enters.post(
        f"/inspections/{row.number}/record/",
        {**sheet, "measure": "order_correction", f"item{item}-problem": "标签不全"},
    )
    many = {"ids": row.pk, "sure": "1", "back": "/inspections/"}
    reviewer.post("/inspections/many/", {"do": "review", "opinion": "同意", **many})
    enters.post("/inspections/many/", {"do": "submit", **many})
    enters.post("/inspections/many/", {"do": "acknowledge", "receipt": "YL-2", **many})

    row.refresh_from_db()
    assert (row.state, row.withdrawn_at, row.published_at) == ("published", None, first)
    versions = Publication.objects.filter(inspection=row).order_by("version")
    assert [(v.version, v.withdrawn_at is None) for v in versions] == [(1, False), (2, True)]
    public = officer("").page(f"/public/results/?q={row.target.draw_code}")
    assert versions[1].row["result"] in public.text("//main")
    assert row.findings.count() == 1
