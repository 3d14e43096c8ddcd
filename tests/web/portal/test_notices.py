"""Plan and task notices: what was announced, in versions, and nothing that was not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.oversight import papers
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState
from fairdraw.portal import notices
from fairdraw.publication import selectors as publications
from fairdraw.publication import services as publication
from fairdraw.publication.models import Announcement, Publication
from tests.builders.county import NOW, YEAR, County
from tests.web.ui.html import Page

NEVER_PUBLIC = ("class_as_sealed", "inspectors", "targets", "stratum", "held_reason", "phone", "reserve")


def test_the_plan_shows_its_rows_and_its_document_number(visitor: Client, county: County) -> None:
    page = Page(visitor.get("/public/plan/"))

    assert page.text("//h1") == county.plan.title
    assert county.plan.document_number in page.text("//main")
    assert len(page.all("//tbody/tr")) == county.plan.rows.count()
    assert "广告监管股" in page.text("//table")


def test_the_plan_never_says_why_a_row_is_held(visitor: Client) -> None:
    assert "不在本机关抽查事项清单中" not in visitor.get("/public/plan/").content.decode()


def test_an_amended_plan_shows_the_new_version_and_keeps_the_old_one(visitor: Client, county: County) -> None:
    body = papers.plan_notice(county.plan)
    body["rows"][0]["scope"] = "调整后的范围"
    publication.announce(
        kind="plan",
        reference=str(YEAR),
        title=county.plan.title,
        body=body,
        reason="上级调整部署",
        actor=county.cast.office,
        now=NOW,
    )

    newest = Page(visitor.get("/public/plan/")).text("//main")
    first = Page(visitor.get(f"/public/plan/{YEAR}/1/")).text("//main")

    assert "调整后的范围" in newest
    assert "上级调整部署" in newest
    assert "调整后的范围" not in first


def test_every_version_of_the_plan_tells_what_it_changed_cell_by_cell(
    visitor: Client, county: County
) -> None:
    rows = papers.plan_notice(county.plan)["rows"]
    first, second, third = rows[0], rows[1], rows[2]
    amended = [{**first, "amount": "12%", "window_end": "2026-10-31"}, second, {**third, "number": 91}]
    for body, reason in ((amended, "上级调整部署"), ([*amended, rows[3]], "补充任务")):
        publication.announce(
            kind="plan",
            reference=str(YEAR),
            title=county.plan.title,
            body={**papers.plan_notice(county.plan), "rows": body},
            reason=reason,
            actor=county.cast.office,
            now=NOW,
        )

    versions = {n: Page(visitor.get(f"/public/plan/{YEAR}/{n}/")) for n in (1, 2, 3)}
    changed = versions[2].text("//section[@class='difference']")

    assert not versions[1].all("//section[@class='difference']")
    assert "查看现行的第 3 版" in versions[1].text("//main")
    assert "上级调整部署" in versions[2].text("//dl")
    assert f"比例或数量：{first['amount']} → 12%" in changed
    assert "→ 2026年10月31日" in changed
    assert f"取消 第 {third['number']} 行 {third['task']}" in changed
    assert f"新增 第 91 行 {third['task']}" in changed
    assert second["task"] not in changed
    links = [a.get("href") for a in versions[2].all("//section[@class='difference']//a")]
    assert links == ["#row-91", f"#row-{first['number']}"]
    assert all(versions[2].all(f"//tr[@id='{link[1:]}']") for link in links)
    assert versions[3].text("//section[@class='difference']").count("第") == 1
    assert Page(visitor.get("/public/plan/")).text("//main") == versions[3].text("//main")
    others = [a.get("href") for a in versions[3].all("//h2[.='历次公告']/following-sibling::ul//a")]
    assert others == [f"/public/plan/{YEAR}/2/", f"/public/plan/{YEAR}/1/"]


def test_a_version_from_before_amounts_were_told_claims_no_change_of_them(
    visitor: Client, county: County
) -> None:
    held = Announcement.objects.get(kind="plan", reference=str(YEAR))
    for row in held.body["rows"]:
        del row["amount"]
    Announcement.objects.filter(pk=held.pk).update(body=held.body)
    publication.announce(
        kind="plan",
        reference=str(YEAR),
        title=county.plan.title,
        body=papers.plan_notice(county.plan),
        reason="更正",
        actor=county.cast.office,
        now=NOW,
    )

    text = Page(visitor.get(f"/public/plan/{YEAR}/2/")).text("//main")

    assert "本次调整没有改动公开的计划内容" in text
    assert "调整原因" in text


def test_a_task_notice_says_who_checks_what_and_how_many_were_drawn(visitor: Client, county: County) -> None:
    task = county.task("zlg-ZL01")
    notice = papers.task_notice(task)

    text = Page(visitor.get(f"/public/tasks/{task.number}/")).text("//main")

    assert task.agency.name in text
    assert notice["items"][0] in text
    assert f"{notice['drawn']} 户" in text
    assert f"抽取 {notice['draw_number']}，可以复核" in text


def test_every_version_of_a_task_notice_is_listed_with_its_reason(visitor: Client, county: County) -> None:
    task = county.task("zlg-ZL01")
    publication.announce(
        kind="task",
        reference=task.number,
        title=task.name,
        body=papers.task_notice(task),
        reason="检查时间顺延",
        actor=county.cast.office,
        now=NOW,
    )

    page = Page(visitor.get(f"/public/tasks/{task.number}/"))

    assert "第 2 版（当前显示）" in page.text("//main")
    assert "检查时间顺延" in page.text("//main//ul")
    [earlier] = page.all("//main//ul//a[contains(., '第 1 版')]")
    assert visitor.get(earlier.get("href")).status_code == 200


def test_a_task_is_not_announced_before_its_draw(visitor: Client, county: County) -> None:
    number = county.task("tsg-TS01").number

    assert visitor.get(f"/public/tasks/{number}/").status_code == 404
    assert number not in visitor.get("/public/tasks/").content.decode()


def test_an_unannounced_task_and_its_draw_stay_hidden_until_it_is_finished(
    visitor: Client, county: County
) -> None:
    task = county.task("zlg-ZL01")
    draw = publications.announcement("task", task.number).body["draw"]  # type: ignore[union-attr]
    Task.objects.filter(pk=task.pk).update(unannounced=True)

    for address in (f"tasks/{task.number}/", f"draws/{draw}/", f"draws/{draw}/seal.json"):
        assert visitor.get(f"/public/{address}").status_code == 404, address
    for page in ("tasks/", "draws/"):
        assert task.number not in visitor.get(f"/public/{page}").content.decode()

    Task.objects.filter(pk=task.pk).update(state=TaskState.COMPLETED.value)
    assert visitor.get(f"/public/tasks/{task.number}/").status_code == 200
    assert visitor.get(f"/public/draws/{draw}/").status_code == 200


def test_results_of_an_unannounced_task_wait_for_its_last_visit(visitor: Client, county: County) -> None:
    """A published result names its task: shown while others are still to be visited, it would warn them."""
    task = county.task("zlg-ZL01")
    reviewed = Inspection.objects.filter(task=task, state=InspectionState.REVIEWED.value)
    ids = list(reviewed.values_list("pk", flat=True))
    planner = county.cast.planner(task.agency)
    publication.submit(ids, channel="necips", actor=planner, now=NOW)
    publication.acknowledge(ids, receipt="回执1", channel="necips", actor=planner, now=NOW)
    places = ("", "results/", f"results/?task={task.number}", f"results/?q={reviewed_name(ids)}")

    def told() -> list[bool]:
        return [f"{task.number}-" in visitor.get(f"/public/{p}").content.decode() for p in places]

    assert told() == [True] * 4
    Task.objects.filter(pk=task.pk).update(unannounced=True)
    assert told() == [False] * 4

    Inspection.objects.filter(task=task, checked_on=None).update(checked_on=NOW.date())
    assert told() == [True] * 4


def reviewed_name(ids: list[int]) -> str:
    return Inspection.objects.get(pk=ids[0]).target.name


def test_a_notice_that_was_taken_down_is_gone(visitor: Client, county: County) -> None:
    task = county.task("ggg-GG01")
    Announcement.objects.filter(kind="task", reference=task.number).update(withdrawn_at=timezone.now())

    assert visitor.get(f"/public/tasks/{task.number}/").status_code == 404


extras = st.dictionaries(
    st.sampled_from(NEVER_PUBLIC), st.text(min_size=1) | st.lists(st.text(min_size=1)), min_size=1
)


@given(extra=extras)
def test_whatever_else_stands_in_a_notice_is_not_shown(extra: dict[str, object]) -> None:
    at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    task = {"number": "2026-001", "agency": "某股", "items": ["甲"], "drawn": 3, "due_on": "2026-06-30"}
    row = {"number": 1, "task": "甲", "items": ["甲"], "scope": "全部"}

    def told(body: dict[str, object]) -> Announcement:
        return Announcement(
            kind="task", reference="2026-001", version=1, title="甲", body=body, published_at=at
        )

    assert notices.task_notice(told({**task, **extra})) == notices.task_notice(told(task))
    assert notices.plan_notice(told({"year": 2026, "rows": [{**row, **extra}], **extra})) == (
        notices.plan_notice(told({"year": 2026, "rows": [row]}))
    )
    result = {"number": "1", "name": "甲", "code": "9", "checked_on": "2026-03-02", "result": "未发现问题"}
    assert notices.result_row(Publication(row={**result, **extra})) == notices.result_row(
        Publication(row=result)
    )


@pytest.mark.parametrize("key", ["zlg-ZL01"])
def test_visits_being_planned_change_nothing_on_the_notice(visitor: Client, county: County, key: str) -> None:
    task = county.task(key)
    before = visitor.get(f"/public/tasks/{task.number}/").content

    inspections.plan_visits(task=task, actor=county.cast.planner(task.agency), now=NOW)

    assert visitor.get(f"/public/tasks/{task.number}/").content == before
