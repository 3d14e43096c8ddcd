"""Schemes go to approval: one sheet for a batch, on screen or on paper; returned with reason; printed; their work divided."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from pypdf import PdfReader

from fairdraw.plans import division
from fairdraw.plans.division import ShareEntry
from fairdraw.plans.models import SchemeSheet, Task, WorkShare
from tests.builders import county as builder
from tests.web.ui.html import Page

SHEETS = "/schemes/sheets/"


@pytest.fixture
def draft(county) -> Task:
    """A task whose scheme waits for approval."""
    return county.task("ggg-draft")


@pytest.fixture
def sheet(officer, draft) -> SchemeSheet:
    """Its scheme on an approval sheet."""
    officer("ggg-jh").post(f"{SHEETS}new/", {"task": [draft.number]})
    return SchemeSheet.objects.get()


def state(task):
    task.refresh_from_db()
    return task.state


def pdf_text(answer) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def word_text(answer) -> str:
    made = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in made.paragraphs), *cells])


def test_drafted_schemes_are_put_on_one_sheet_that_is_printed_with_its_list(officer, draft, sheet):
    planner = officer("ggg-jh")
    assert sheet.number == "演市监抽查审〔2026〕1号"
    page = planner.page(f"{SHEETS}{sheet.pk}/")
    digits = page.text("//*[@id='listed']//code").split()[0]
    for form, text in (("pdf", pdf_text), ("docx", word_text)):
        made = text(planner.get(f"{SHEETS}{sheet.pk}/sheet.{form}"))
        for word in (sheet.number, draft.scheme.name, draft.scheme.number, digits, "审批意见"):
            assert word in made, (form, word)
    planner.get(f"{SHEETS}{sheet.pk}/sheet.exe", status=404)
    # 已在表上的不再列出
    assert draft.number not in planner.page(SHEETS).text("//main")
    planner.post(f"{SHEETS}new/", {"task": [draft.number]}, status=409)
    foreign = officer("tsg-jh")
    foreign.post(f"{SHEETS}new/", {"task": [draft.number]}, status=404)
    assert "请至少选择一份" in foreign.follow(foreign.post(f"{SHEETS}new/")).source
    officer("tsg-jh").get(f"{SHEETS}{sheet.pk}/", status=404)


def test_a_sheet_is_approved_whole_by_the_leader(officer, draft, sheet):
    officer("ggg-jh").post(f"{SHEETS}{sheet.pk}/approve/", status=403)
    leader = officer("ggg-fz")
    shown = leader.follow(leader.post(f"{SHEETS}{sheet.pk}/approve/"))

    assert "已审定 1 份方案" in shown.source
    assert state(draft) == "approved"
    officer("ggg-fz").post(f"{SHEETS}{sheet.pk}/approve/", status=409)


def test_a_signed_sheet_is_entered_by_one_and_confirmed_by_another(officer, draft, sheet):
    planner, other = officer("ggg-jh"), officer("bangong")
    scan = SimpleUploadedFile("审批表.pdf", b"%PDF-1.4 signed", content_type="application/pdf")
    late = (builder.TODAY + dt.timedelta(1)).isoformat()
    wrong = Page(
        planner.post(f"{SHEETS}{sheet.pk}/enter/", {"signer": "张某", "signed_on": late}, status=422)
    )
    assert "签批日期不能晚于今天" in wrong.source
    given = {"signer": "张某", "signed_on": builder.TODAY.isoformat(), "scan": scan}
    planner.post(f"{SHEETS}{sheet.pk}/enter/", given)
    planner.post(f"{SHEETS}{sheet.pk}/confirm/", status=409)
    assert state(draft) == "drafting"

    other.post(f"{SHEETS}{sheet.pk}/confirm/")
    assert state(draft) == "approved"
    draft.scheme.refresh_from_db()
    assert (draft.scheme.paper_approval, draft.scheme.approval_signer) == (True, "张某")


def test_a_scheme_written_anew_leaves_its_sheet(officer, draft, sheet):
    planner = officer("ggg-jh")
    first = planner.post(f"/tasks/{draft.number}/scheme/wizard/")["Location"]
    planner.post(first, {"go": "next", "scope_words": "企业"})
    planner.post(first.replace("/objects/", "/summary/"), {"go": "save", "scheme_name": "改名的方案"})

    draft.scheme.refresh_from_db()
    assert (draft.scheme.name, draft.scheme.sheet) == ("改名的方案", None)
    assert draft.number in planner.page(SHEETS).text("//*[@id='waiting']")
    planner.get(f"{SHEETS}{sheet.pk}/", status=404)


def test_a_whole_sheet_is_returned_with_its_reason(officer, draft, sheet):
    leader = officer("ggg-fz")
    leader.post(f"{SHEETS}{sheet.pk}/return/", {"reason": ""}, status=422)
    leader.post(f"{SHEETS}{sheet.pk}/return/", {"reason": "比例偏低"})

    page = officer("ggg-jh").page(f"/tasks/{draft.number}/")
    assert "比例偏低" in page.text("//div[contains(@class,'notice')]")
    sheet.refresh_from_db()
    assert sheet.returned_reason == "比例偏低"


def test_an_approved_scheme_is_returned_until_lists_are_frozen(officer, county):
    waiting = county.task("ggg-WL01")
    leader = officer("ggg-fz")
    officer("ggg-jh").get(f"/tasks/{waiting.number}/return/", status=403)
    leader.post(f"/tasks/{waiting.number}/return/", {"reason": "补充事项"})
    assert state(waiting) == "drafting"
    assert waiting.approved_at is None

    other = county.task("tsg-TS01")
    county.prepared("tsg-TS01")
    said = officer("tsg-fz").get(f"/tasks/{other.number}/return/", status=409)
    assert "名单已冻结" in said.content.decode()


def test_a_scheme_is_printed_with_its_division_of_work(officer, county):
    task = county.task("ggg-WL01")
    unit, area = county.cast.units["ggg"], county.cast.units["sc01"]
    days = (task.window_start, task.window_start + dt.timedelta(6))
    division.set_division(
        task=task,
        shares=[ShareEntry(unit, area, *days, "陈某")],
        actor=county.actor("ggg-jh"),
        now=builder.NOW,
    )
    reader = officer("ggg-fz")
    for form, text in (("pdf", pdf_text), ("docx", word_text)):
        made = text(reader.get(f"/tasks/{task.number}/scheme.{form}"))
        demanded = ("一、检查对象", "二、参与部门", "三、检查事项", "四、抽查比例和数量", "七、任务分工")
        for word in (task.scheme.name, task.scheme.number, *demanded, area.name, "陈某"):
            assert word in made, (form, word)


def test_the_work_of_a_task_is_divided_by_unit_area_and_weeks(officer, county):
    task, planner = county.task("ggg-WL01"), officer("ggg-jh")
    address = f"/tasks/{task.number}/division/"
    begun = planner.page(f"{address}?areas=1")
    [unit] = begun.all("//select[@name='share_1_agency']/option[@selected]")
    assert unit.text_content() == str(county.cast.units["sc01"])
    weeks = [o.get("value") for o in begun.all("//select[@name='share_1_first']/option")]
    lasts = [o.get("value") for o in begun.all("//select[@name='share_1_last']/option")]
    line = {"share_1_agency": unit.get("value"), "share_1_area": "", "share_1_leader": "陈某"}
    wrong = Page(
        planner.post(
            address, {**line, "share_1_first": weeks[1], "share_1_last": lasts[0], "go": "save"}, status=422
        )
    )
    assert "结束周早于开始周" in wrong.text("//td[contains(@class,'wrong')]")
    more = Page(planner.post(address, {**line, "share_rows": "2", "go": "more"}, status=200))
    assert len(more.all("//table[contains(@class,'division')]/tbody/tr")) == 4

    planner.post(address, {**line, "share_1_first": weeks[0], "share_1_last": lasts[-1], "go": "save"})
    kept = WorkShare.objects.get(task=task)
    assert (kept.starts_on, kept.ends_on, kept.leader) == (task.window_start, task.window_end, "陈某")
    assert "陈某" in planner.page(f"/tasks/{task.number}/").text("//table[@id='division']")
    officer("zlg-jh").get(address, status=404)


def test_the_week_s_work_stands_on_the_workbench_of_its_unit_and_on_the_board(officer, county):
    task = county.task("zlg-ZL01")
    station = county.cast.units["sc01"]
    division.set_division(
        task=task,
        shares=[ShareEntry(station, station, task.window_start, task.window_end)],
        actor=county.actor("zlg-jh"),
        now=builder.NOW,
    )
    assert str(station) in officer("bangong").page("/board/").text("//table[@id='this-week']")
    assert task.name in officer("bangong").page("/work/").text("//table[@id='this-week']")
    assert not officer("ggg-jh").page("/work/").all("//table[@id='this-week']")
