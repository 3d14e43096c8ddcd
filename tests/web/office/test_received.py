"""A list drawn elsewhere, on screen: uploaded once, looked at, confirmed, and then only inspectors are drawn for it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fairdraw.draws.models import DrawnList, DrawnRow
from fairdraw.exchange import received
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.builders import county as builder
from tests.builders.tables import text_file, workbook
from tests.service.draws.walking import approved_task
from tests.web.office.test_changes import hidden
from tests.web.ui.html import Page

ORIGIN = {
    "drawn_by": "演示市市场监督管理局",
    "document_number": "演示市监〔2026〕12号",
    "drawn_on": "2026-09-01",
}


@pytest.fixture
def task(county) -> Task:
    return approved_task(county, name="省级双随机", channel=Channel.PROVINCIAL)


@pytest.fixture
def names() -> list[str]:
    there = Target.objects.filter(kind="enterprise").exclude(status__in=received.DEAD)
    return list(there.order_by("-draw_code").values_list("name", flat=True)[:6])


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def test_a_list_is_looked_at_confirmed_and_gets_its_inspectors(planner, supervisor, task, names, tmp_path):
    page = planner.page(f"/tasks/{task.number}/draw/")
    (address,) = page.all("//a[.='接收名单']/@href")
    assert page.all("//form[contains(@action, '/prepare/')]") == []
    rows = [["企业名称"], *([name] for name in names), ["演示县查无此户有限公司"]]
    sent = {"file": upload(workbook(tmp_path, rows)), **ORIGIN}

    seen = Page(planner.post(address, sent, status=200))

    assert f"（{task.number}）" in seen.text("//section[contains(@class, 'confirm')]")
    tiles = seen.text("//div[@class='tiles']")
    assert "可检查6户" in tiles.replace(" ", "")
    assert "名录库中没有这个名称" in seen.text("//div[@id='returned']")
    assert not DrawnList.objects.filter(task=task).exists()
    answer = planner.post(address, hidden(seen))

    page = planner.follow(answer)
    assert "可检查6户，退回1行" in page.text("//div[@id='notices']")
    assert "省级平台抽取、未经本系统复核" in page.source
    (back,) = page.all("//a[.='下载退回清单']/@href")
    table = list(csv.reader(io.StringIO(planner.get(back).content.decode("utf-8-sig"))))
    assert table[1:] == [["8", "演示县查无此户有限公司", "", "名录库中没有这个名称"]]
    planner.get(address, status=409)  # only once

    (choice,) = page.all("//select[@name='supervisor']/option[contains(., '法规股')]/@value")
    draw = planner.post("/draws/prepare/", {"task": task.number, "supervisor": choice})["Location"]
    planner.post(f"{draw}seal/")
    supervisor.post(f"{draw}supervise/", {"compared": "on"})
    planner.post(f"{draw}reveal/")
    drawn = DrawnRow.objects.filter(task=task, reserve=False)
    assert set(drawn.values_list("target__name", flat=True)) == set(names)
    assert "每户被抽中的概率" not in planner.page(f"/tasks/{task.number}/draw/").source


def test_a_file_that_is_no_list_is_refused_in_words_and_nothing_is_kept_for_the_task(planner, task, tmp_path):
    address = f"/tasks/{task.number}/list/"
    for content, said in (("序号,电话\n1,2", "列"), ("", "空")):
        sent = {"file": SimpleUploadedFile("名单.csv", content.encode()), **ORIGIN}
        refused = Page(planner.post(address, sent, status=422))
        assert said in refused.text("//div[@role='alert']")
    strangers = {"file": SimpleUploadedFile("名单.csv", "企业名称\n查无此户".encode()), **ORIGIN}
    seen = Page(planner.post(address, strangers, status=200))
    assert "没有一户" in seen.text("//main")
    assert seen.all("//input[@name='sure']") == []
    assert not DrawnList.objects.filter(task=task).exists()


def test_the_word_of_another_upload_enters_nothing(planner, task, names, tmp_path):
    address = f"/tasks/{task.number}/list/"
    refused = planner.post(address, {"kept": "anything:else", "sure": "1", **ORIGIN}, status=422)

    assert "上传的名单已失效" in Page(refused).text("//div[@role='alert']")
    assert not DrawnList.objects.filter(task=task).exists()


def test_a_task_that_is_drawn_here_takes_no_list(planner, county, office):
    number = county.task("qjg-QX01").number
    assert "检查对象只能抽取产生" in Page(office.get(f"/tasks/{number}/list/", status=409)).source
    office.get(f"/tasks/{number}/list/returned.csv", status=404)
    assert office.page(f"/tasks/{number}/draw/").all("//a[contains(@href, '/list/')]") == []


def test_the_command_line_enters_a_list_with_one_call(task, names, tmp_path):
    path = text_file(tmp_path, "\n".join(["企业名称", *names, "查无此户"]))
    given = {
        "number": task.number,
        "drawn_by": ORIGIN["drawn_by"],
        "document_number": ORIGIN["document_number"],
        "drawn_on": builder.TODAY,
        "actor": COMMAND_LINE,
        "now": builder.NOW,
    }
    tried = received.import_list(path, dry_run=True, **given)
    assert not DrawnList.objects.filter(task=task).exists()
    found = received.import_list(path, **given)

    assert found == tried
    assert (len(found.matched), len(found.returned)) == (6, 1)
    assert DrawnList.objects.get(task=task).source == "provincial"
