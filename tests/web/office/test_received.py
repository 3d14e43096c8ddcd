"""A list drawn elsewhere, on screen: uploaded once, columns said, rows settled, confirmed; then only inspectors are drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import load_workbook

from fairdraw.draws.models import DrawnList, DrawnRow, ListOrigin
from fairdraw.draws.receiving import Origin
from fairdraw.exchange import received
from fairdraw.exchange.models import ColumnMapping
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.builders import county as builder
from tests.builders.tables import text_file, workbook
from tests.service.draws.walking import approved_task
from tests.web.ui.html import Page

ORIGIN = {
    "drawn_by": "演示市市场监督管理局",
    "division": "市局质量监督管理处",
    "document_title": "质量监管双随机抽查名单",
    "document_number": "演示市监〔2026〕12号",
    "drawn_on": "2026-09-01",
}


@pytest.fixture
def task(county) -> Task:
    return approved_task(county, name="省级双随机", channel=Channel.PROVINCIAL)


@pytest.fixture
def names(county) -> list[str]:
    there = Target.objects.filter(kind="enterprise").exclude(status__in=received.DEAD)
    return list(there.order_by("-draw_code").values_list("name", flat=True)[:6])


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def given(data: str, name: str = "名单.csv") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, data.encode()), **ORIGIN}


def kept(page: Page) -> dict[str, str]:
    """What the form of the columns sends beside what is chosen."""
    fields = page.all("//form[.//select[@name='column0']]//input[@type='hidden']")
    return {field.get("name"): field.get("value") for field in fields}


def twins(names: list[str]) -> tuple[Target, Target]:
    """Two existing targets of one name."""
    first, second = Target.objects.filter(name__in=names[:2]).order_by("pk")
    Target.objects.filter(pk=second.pk).update(name=first.name)
    second.refresh_from_db()
    return first, second


def test_a_list_is_looked_at_confirmed_and_gets_its_inspectors(planner, supervisor, task, names, tmp_path):
    page = planner.page(f"/tasks/{task.number}/draw/")
    (address,) = page.all("//a[.='接收名单']/@href")
    assert page.all("//form[contains(@action, '/prepare/')]") == []
    rows = [["企业名称"], *([name] for name in names), ["演示县查无此户有限公司"]]
    sent = {"file": upload(workbook(tmp_path, rows)), **ORIGIN}

    answer = planner.post(address, sent)
    seen = planner.follow(answer)

    assert f"（{task.number}）" in seen.text("//section[contains(@class, 'confirm')]")
    assert "可检查6户" in seen.text("//div[@class='tiles']").replace(" ", "")
    assert "名录库中没有这个名称" in seen.text("//div[@id='returned']")
    assert "个工作日" in seen.text("//dl[@id='countdown']")
    assert not DrawnList.objects.filter(task=task).exists()
    assert "继续办理" in planner.page(f"/tasks/{task.number}/draw/").source
    page = planner.follow(planner.post(answer["Location"], {"step": "confirm"}))

    assert "可检查6户，退回1行" in page.text("//div[@id='notices']")
    assert "省级平台抽取、未经本系统复核" in page.source
    origin = page.text("//dl[@id='origin']")
    for said in (*ORIGIN.values(), "表.xlsx", "名称一致 6"):
        if said != ORIGIN["drawn_on"]:
            assert said in origin
    planner.get(address, status=409)  # only once
    planner.get(answer["Location"], status=409)

    (choice,) = page.all("//select[@name='supervisor']/option[contains(., '法规股')]/@value")
    draw = planner.post("/draws/prepare/", {"task": task.number, "supervisor": choice})["Location"]
    planner.post(f"{draw}seal/")
    supervisor.post(f"{draw}supervise/", {"compared": "on"})
    planner.post(f"{draw}reveal/")
    drawn = DrawnRow.objects.filter(task=task, reserve=False)
    assert set(drawn.values_list("target__name", flat=True)) == set(names)
    assert "每户被抽中的概率" not in planner.page(f"/tasks/{task.number}/draw/").source


def test_rows_with_several_candidates_are_settled_by_a_person_before_anything_is_entered(
    planner, task, names
):
    first, second = twins(names)
    address = planner.post(
        f"/tasks/{task.number}/list/", given("\n".join(["企业名称", first.name, *names[2:]]))
    )["Location"]
    page = planner.page(address)

    asked = page.text("//section[@id='questions']")
    assert first.uscc in asked
    assert second.uscc in asked
    assert page.all("//input[@type='radio' and @checked]") == []  # nobody is guessed
    assert page.all("//form[.//input[@value='confirm']]") == []
    refused = planner.follow(planner.post(address, {"step": "confirm"}))
    assert "要由人认定" in refused.text("//div[@id='notices']")
    stranger = Target.objects.get(name=names[3]).draw_code
    refused = planner.follow(planner.post(address, {"step": "settle", "row-2": stranger}))
    assert "不在候选" in refused.text("//div[@id='notices']")
    assert not DrawnList.objects.filter(task=task).exists()

    page = planner.follow(planner.post(address, {"step": "settle", "row-2": second.draw_code}))
    assert "全部认定" in page.text("//div[@id='notices']")
    page = planner.follow(planner.post(address, {"step": "confirm"}))

    rows = DrawnList.objects.get(task=task).received_rows
    assert rows.get(row=2).target == second
    assert ListOrigin.objects.get(drawn_list__task=task).chosen == [
        {"row": 2, "name": first.name, "code": second.draw_code}
    ]
    assert second.draw_code in page.text("//dl[@id='origin']")


def test_the_only_existing_ones_are_settled_with_one_button(planner, task, names):
    first, second = twins(names)
    Target.objects.filter(pk=second.pk).update(status="deregistered")
    address = planner.post(f"/tasks/{task.number}/list/", given(f"企业名称\n{first.name}\n{names[3]}"))[
        "Location"
    ]
    assert "其中 1 行只有一户存续" in planner.page(address).source

    planner.post(address, {"step": "living"})
    planner.post(address, {"step": "confirm"})

    assert DrawnList.objects.get(task=task).received_rows.get(row=2).target == first


def test_names_without_any_header_lose_no_row(planner, task, names):
    answer = planner.post(f"/tasks/{task.number}/list/", given("\n".join(names), name="名单.txt"))
    page = planner.follow(answer)
    assert answer["Location"].endswith("/columns/")
    assert "第一行才不会漏掉" in page.source
    planner.post(answer["Location"], {"header_row": "1", "column0": "-"}, status=422)

    page = planner.page(f"{answer['Location']}?headless=1&header_row=")
    assert page.all("//select[@name='column0']/option[@selected]/@value") == ["name"]
    answer = planner.post(answer["Location"], {**kept(page), "column0": "name"})

    seen = planner.follow(answer)
    assert f"可检查{len(names)}户" in seen.text("//div[@class='tiles']").replace(" ", "")


def test_columns_that_were_said_once_are_known_the_next_time(planner, county, task, names):
    table = "\n".join(["序号,被抽中的", *(f"{n},{name}" for n, name in enumerate(names))])
    first = planner.post(f"/tasks/{task.number}/list/", given(table))["Location"]
    assert first.endswith("/columns/")
    said = {"header_row": "1", "sheet": "", "column0": "-", "column1": "name", "remember": "on"}
    planner.post(first, said)
    assert ColumnMapping.objects.get(kind="list").example == "名单.csv"
    assert "外部名单" in planner.page("/imports/columns/").source

    other = approved_task(county, name="第二项", channel=Channel.PROVINCIAL)
    second = planner.post(f"/tasks/{other.number}/list/", given(table))["Location"]
    assert not second.endswith("/columns/")
    assert f"可检查{len(names)}户" in planner.page(second).text("//div[@class='tiles']").replace(" ", "")


def test_the_return_list_is_shown_and_goes_out_as_word_and_excel(planner, officer, task, names):
    gone = Target.objects.get(name=names[1])
    Target.objects.filter(pk=gone.pk).update(status="deregistered")
    table = "\n".join(["企业名称", *names, "查无此户", names[2], "=1+1"])
    planner.post(planner.post(f"/tasks/{task.number}/list/", given(table))["Location"], {"step": "confirm"})

    page = planner.page(f"/tasks/{task.number}/list/returned/")
    counts = page.text("//dl[@id='backs']").replace(" ", "")
    for said in ("名录库中没有2行", "已注销、吊销、撤销1行", "名单中重复1行"):
        assert said in counts
    assert len(page.all("//div[@id='returned']//tbody/tr")) == 4
    word = Document(io.BytesIO(planner.get(f"/tasks/{task.number}/list/returned.docx").content))
    text = "\n".join(p.text for p in word.paragraphs)
    assert "名单共9行，可以检查5户，不能检查退回4行" in text
    assert "已注销、吊销、撤销1行" in text
    assert ORIGIN["document_number"] in text
    assert "演示市市场监督管理局：" in text
    [sheet] = word.tables
    assert [c.text for c in sheet.rows[1].cells][1:] == ["3", names[1], "", "名录库中登记状态为“注销”"]
    book = load_workbook(io.BytesIO(planner.get(f"/tasks/{task.number}/list/returned.xlsx").content))
    cells = [[c.value for c in row] for row in book.active.iter_rows()]
    assert [2, 8, "查无此户", None, "名录库中没有这个名称"] in cells
    assert any(row[2] == "=1+1" for row in cells)
    planner.get(f"/tasks/{task.number}/list/returned.pdf", status=404)
    officer("ggg-jh").get(f"/tasks/{task.number}/list/returned/", status=404)


def test_a_task_without_its_list_waits_for_it_and_not_for_the_draw(planner, task, names):
    def waits() -> bool:
        offered = planner.page("/draws/pool/").all(f"//input[@value='{task.number}']")
        page = planner.page("/work/")
        piles = {
            kind: page.all(f"//section[header[contains(., '{kind}')]]")
            for kind in ("名单待接收", "任务待抽取")
        }
        told = {kind for kind, found in piles.items() if any(task.name in p.text_content() for p in found)}
        assert len(told) == 1
        assert bool(offered) == ("任务待抽取" in told)
        return "名单待接收" in told

    assert waits()
    address = planner.post(f"/tasks/{task.number}/list/", given(f"企业名称\n{names[0]}"))["Location"]
    planner.post(address, {"step": "confirm"})
    assert not waits()


def test_a_list_that_was_uploaded_by_mistake_is_withdrawn(planner, task, names):
    address = planner.post(f"/tasks/{task.number}/list/", given(f"企业名称\n{names[0]}"))["Location"]
    planner.post(address, {"step": "withdraw"})

    planner.get(address, status=404)
    assert "继续办理" not in planner.page(f"/tasks/{task.number}/draw/").source


def test_a_file_that_is_no_list_is_refused_in_words_and_nothing_is_kept_for_the_task(planner, task):
    address = f"/tasks/{task.number}/list/"
    refused = Page(planner.post(address, given(""), status=422))
    assert "空" in refused.text("//div[@role='alert']")
    assert "请选择 Excel" in Page(planner.post(address, given("a", "名单.exe"), status=422)).source
    seen = planner.follow(planner.post(address, given("企业名称\n查无此户")))
    assert "没有一户" in seen.text("//main")
    assert seen.all("//input[@value='confirm']") == []
    assert not DrawnList.objects.filter(task=task).exists()


def test_a_list_of_another_task_is_not_found(planner, county, task, names):
    address = planner.post(f"/tasks/{task.number}/list/", given(f"企业名称\n{names[0]}"))["Location"]
    other = approved_task(county, name="另一项", channel=Channel.PROVINCIAL)

    planner.get(address.replace(task.number, other.number), status=404)


def test_a_task_that_is_drawn_here_takes_no_list(planner, county, office):
    number = county.task("qjg-QX01").number
    assert "检查对象只能抽取产生" in Page(office.get(f"/tasks/{number}/list/", status=409)).source
    office.get(f"/tasks/{number}/list/returned/", status=404)
    office.get(f"/tasks/{number}/list/returned.docx", status=404)
    assert office.page(f"/tasks/{number}/draw/").all("//a[contains(@href, '/list/')]") == []


def test_the_command_line_enters_a_list_with_one_call(task, names, tmp_path):
    path = text_file(tmp_path, "\n".join(["企业名称", *names, "查无此户"]))
    asked = {
        "number": task.number,
        "origin": Origin(ORIGIN["drawn_by"], ORIGIN["document_number"], builder.TODAY),
        "actor": COMMAND_LINE,
        "now": builder.NOW,
    }
    tried = received.import_list(path, dry_run=True, **asked)
    assert not DrawnList.objects.filter(task=task).exists()
    found = received.import_list(path, **asked)

    assert found == tried
    assert (len(found.matched), len(found.returned)) == (6, 1)
    assert DrawnList.objects.get(task=task).source == "provincial"


def test_candidates_are_written_out_filled_in_and_read_back(names, tmp_path):
    first, second = twins(names)
    path = text_file(tmp_path, f"企业名称\n{first.name}\n{names[3]}")
    out = tmp_path / "待认定.csv"
    out.write_bytes(received.question_list(received.read_list(path).questions))
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert received.choices_in(out) == {}

    filled = [line[: line.rfind(",") + 1] + ("是" if second.draw_code in line else "") for line in lines[1:]]
    out.write_text("\n".join([lines[0], *filled]), encoding="utf-8")
    assert received.choices_in(out) == {2: second.draw_code}
    out.write_text("\n".join([lines[0], *(line + "也许" for line in filled[:1])]), encoding="utf-8")
    with pytest.raises(InvalidInput, match="第2行"):
        received.choices_in(out)
