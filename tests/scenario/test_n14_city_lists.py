"""
N14: the city draws and dispatches, the county section carries out (安市监〔2024〕26号 三（一）): any file, matched by code and
then by name, the doubtful put to a person, the rest sent back with reasons, the origin kept for good. Here by command.
"""

from __future__ import annotations

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from docx import Document
from openpyxl import load_workbook

from fairdraw.draws import guards, receiving
from fairdraw.draws.models import DrawnList, ListOrigin
from fairdraw.exchange.importing import Imported
from fairdraw.exchange.tables import Layout
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import importing_work
from fairdraw.operations.importing_work import Asked
from fairdraw.plans.states import Channel
from fairdraw.registers import services as registers
from fairdraw.registers.models import Target
from tests.builders.bureau import existing
from tests.builders.tables import text_file, workbook


@pytest.fixture
def task(bureau):
    return bureau.approved(channel=Channel.DISPATCHED)


def bring(bureau, path, task, **more) -> Imported:
    """``fairdraw import list FILE --task …`` as the section's planner."""
    said = {
        "kind": "list",
        "path": path,
        "task": task.number,
        "drawn_by": "演示市市场监督管理局",
        "document": "演示市监〔2026〕12号",
        "drawn_on": bureau.today,
        "division": "市局广告监管处",
        "title": "广告双随机抽查名单",
    }
    asked = Asked(**(said | more))
    return importing_work.run(
        asked, actor=bureau.actor("ggg-jh"), now=bureau.now, report=lambda _words, _share: None
    )


def word_list(folder, rows):
    """A list as a Word table under a title, as city bureaus send it."""
    paper = Document()
    paper.add_paragraph("附件：随机抽查对象名单")
    table = paper.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    path = folder / "名单.docx"
    paper.save(str(path))
    return path


def web_list(folder, rows):
    """The same as a web page named .xls, as platforms export it."""
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    path = folder / "名单.xls"
    path.write_text(f"<html><meta charset='utf-8'><table>{lines}</table></html>", encoding="utf-8")
    return path


def excel_list(folder, rows):
    return workbook(folder, [["演示市2026年抽查名单"], *rows], name="名单.xlsx")


@pytest.mark.parametrize("written", [word_list, web_list, excel_list])
def test_n14_any_file_the_city_sends_is_read(bureau, task, tmp_path, written):
    targets = existing()[:3]
    path = written(
        tmp_path, [["序号", "检查对象"], *([str(n), t.name] for n, t in enumerate(targets, start=1))]
    )

    assert bring(bureau, path, task).count.added == 3
    rows = DrawnList.objects.get(task=task).received_rows.order_by("row")
    assert [row.target for row in rows] == targets


def test_n14_what_several_answer_to_is_written_out_filled_in_and_read_back(bureau, task, tmp_path):
    # 两户同名；一户改过名；一户注销；一户查无
    one, two, old, gone = existing()[:4]
    Target.objects.filter(pk=two.pk).update(name=one.name)
    name = old.name
    new = {"name": "演示县更名后有限公司"}
    registers.change_target(
        target=old, fields=new, reason="名称变更", actor=bureau.cast.office, now=bureau.now
    )
    Target.objects.filter(pk=gone.pk).update(status="deregistered")
    path = text_file(tmp_path, f"{one.name}\n{name}\n{gone.name}\n查无此户", name="名单.txt")
    out, back = tmp_path / "待认定.csv", tmp_path / "退回.docx"

    # 不认定不接收：逐行说明，什么也不存入
    with pytest.raises(InvalidInput, match="由人认定") as refused:
        bring(bureau, path, task, headless=True, candidates=out)
    assert [t.row for t in refused.value.troubles] == [1]
    assert not DrawnList.objects.exists()
    tried = bring(bureau, path, task, headless=True, candidates=out, dry_run=True)
    assert any(c.row == 1 and "2户候选" in c.message for c in tried.cautions)

    # 填好的候选清单读回，接收
    lines = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert {line[3] for line in lines[1:]} == {one.draw_code, two.draw_code}
    filled = [lines[0], *([*line[:-1], "是" if line[3] == two.draw_code else ""] for line in lines[1:])]
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(filled)
    found = bring(bureau, path, task, headless=True, choices=out, returned=back)

    assert (found.rows, found.count.added) == (4, 2)
    rows = dict(DrawnList.objects.get(task=task).received_rows.values_list("row", "target"))
    assert rows == {1: two.pk, 2: old.pk}
    assert [(r.row, r.reason) for r in receiving.returned_rows(task)] == [
        (3, "名录库中登记状态为“注销”"),
        (4, "名录库中没有这个名称"),
    ]
    text = "\n".join(p.text for p in Document(str(back)).paragraphs)
    assert "名单共4行，可以检查2户，不能检查退回2行" in text
    assert "《广告双随机抽查名单》（演示市监〔2026〕12号）" in text


def test_n14_several_columns_without_a_header_are_told_apart_by_a_person(bureau, task, tmp_path):
    one, two = existing()[:2]
    path = text_file(tmp_path, f"1,{one.name},{one.uscc}\n2,{two.name},{two.uscc}")
    with pytest.raises(InvalidInput, match="第3列=企业名称"):
        bring(bureau, path, task, headless=True)

    told = Layout(columns={"第2列": "name", "第3列": "code"})
    assert bring(bureau, path, task, headless=True, layout=told).count.added == 2
    codes = text_file(tmp_path, f"{one.uscc}\n{two.uscc}", name="代码.txt")
    assert bring(bureau, codes, bureau.approved(channel=Channel.DISPATCHED), headless=True).count.added == 2


def test_n14_a_row_can_be_sent_back_instead_and_excel_counts_the_reasons(bureau, task, tmp_path):
    one, two, three = existing()[:3]
    Target.objects.filter(pk=two.pk).update(name=one.name)
    path = text_file(tmp_path, f"企业名称\n{one.name}\n{three.name}")
    answers, back = tmp_path / "认定.csv", tmp_path / "退回.xlsx"
    answers.write_text(f"行号,候选编码,认定\n2,{one.draw_code},退回\n", encoding="utf-8")

    assert bring(bureau, path, task, choices=answers, returned=back).count.added == 1
    cells = [[c.value for c in row] for row in load_workbook(back).active.iter_rows()]
    assert [1, 2, one.name, None, "名录库中有2户同名，请补充统一社会信用代码"] in cells
    assert "同名多户，无法认定1行" in cells[-1][0]


def test_n14_the_origin_stands_beside_the_list_and_never_changes(bureau, task, tmp_path):
    targets = existing()[:3]
    bring(bureau, text_file(tmp_path, "\n".join(["企业名称", *(t.name for t in targets), "查无"])), task)

    kept = ListOrigin.objects.get(drawn_list__task=task)
    assert (kept.division, kept.document_title) == ("市局广告监管处", "广告双随机抽查名单")
    assert kept.received_by == bureau.actor("ggg-jh").code
    assert kept.file_name == "表.csv"
    assert kept.matched == {"name": 3, "back.unknown": 1}
    for change in (
        lambda: ListOrigin.objects.filter(pk=kept.pk).update(division="别的处室"),
        lambda: ListOrigin.objects.filter(pk=kept.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert guards.missing() == []
    assert {"list_origin_is_final", "list_origin_stays"} <= set(guards.wanted("sqlite"))
