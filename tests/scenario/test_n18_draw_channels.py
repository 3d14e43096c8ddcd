"""
N18, N14: targets drawn on the provincial platform or by a superior are imported, never typed, never changed
(省级平台抽取、上级派发); only the inspectors are dealt here (安市监〔2024〕26号 三（一）、三（三）).
"""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from fairdraw.draws import bundles, receiving
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import DrawnList, DrawnRow, DrawnTeam, ReceivedRow, ReturnedRow
from fairdraw.exchange import received
from fairdraw.inspections.models import Assignment
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.builders.bureau import existing
from tests.builders.tables import text_file, workbook

ROOT = Path(__file__).resolve().parents[2]


def dead(status="revoked"):
    return Target.objects.filter(kind="enterprise", status=status).order_by("draw_code").first()


@pytest.fixture
def provincial(bureau):
    return bureau.approved(channel=Channel.PROVINCIAL)


def test_n18_a_name_only_list_gets_inspectors_and_counts(bureau, provincial, tmp_path):
    # 省级平台导出的名单只有名称：七户可查，其余退回
    targets = existing()[:7]
    names = [t.name for t in targets]
    folded = names[6].replace("（", "(").replace("）", " )")
    lines = ["省级平台抽取结果", "序号,企业名称", *(f"{n},{x}" for n, x in enumerate(names[:6], start=1))]
    lines += [f"7,{folded}", f"8,{dead().name}", "9,演示县查无此企业有限公司", f"10,{names[0]}"]
    found = bureau.receive(provincial, text_file(tmp_path, "\n".join(lines), encoding="gb18030"))

    assert [m.target for m in found.matched] == targets
    assert [(r.row, r.reason) for r in receiving.returned_rows(provincial)] == [
        (10, "名录库中登记状态为“吊销”"),
        (11, "名录库中没有这个名称"),
        (12, "与第3行重复"),
    ]

    # 本系统只抽取人员：名单原样进入抽取，每户两名检查人员
    draw = bureau.draw(provincial)
    rows = DrawnRow.objects.filter(task=provincial)
    assert DrawnList.objects.get(task=provincial).source == "provincial"
    assert sorted(rows.values_list("rank", flat=True)) == list(range(1, 8))
    assert {r.target_id for r in rows} == {t.pk for t in targets}
    assert DrawnTeam.objects.filter(draw=draw).count() == 14
    inspections = bureau.rows(bureau.fresh(provincial))
    assert all(Assignment.objects.filter(inspection=i).count() == 2 for i in inspections)

    # 检查结果照常公示，计入本局抽查比例
    bureau.go(3, 20)
    bureau.publish(inspections)
    bureau.enter_base(320)
    assert bureau.indicators()["K1"].numerator == 7
    assert receiving.provenance(provincial) == "省级平台抽取、未经本系统复核"


def test_n18_the_bundle_says_that_the_list_was_not_drawn_by_the_protocol(bureau, provincial, tmp_path):
    names = [t.name for t in existing()[:5]]
    bureau.receive(provincial, text_file(tmp_path, "\n".join(["企业名称", *names])))
    folder = bundles.write(bureau.draw(provincial), tmp_path / "bundle")

    # 任何人用独立复核工具都会读到
    told = subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify.py"), str(folder)], capture_output=True, check=False
    )
    text = told.stdout.decode()
    assert told.returncode == 0, text + told.stderr.decode()
    assert "演示市市场监督管理局" in text
    assert "不是由本协议抽取" in text


def test_n14_a_workbook_is_matched_by_code_and_strangers_go_back_with_their_reason(bureau, tmp_path):
    # 上级派发的名单：有代码，也有外县企业、代码被 Excel 改坏的企业
    task = bureau.approved(channel=Channel.DISPATCHED)
    first, second, third, fourth = existing()[:4]
    moved = dead("moved_out")
    rows = [
        ["企业名称", "统一社会信用代码", "登记机关"],
        ["改过名的企业", first.uscc, "演示县市场监督管理局"],
        [second.name, "9.1E+17", ""],
        ["邻县某公司", "91350525MA00000A0X", ""],
        ["省里的公司", "", "某省市场监督管理局"],
        [third.name, fourth.uscc.replace("MA0", "MA1"), ""],
        [moved.name, moved.uscc, ""],
        ["同一户", first.uscc, ""],
        [first.name, "", ""],
    ]
    found = bureau.receive(task, workbook(tmp_path, rows))

    assert [(m.row, m.target) for m in found.matched] == [(2, first), (3, second)]
    reasons = {r.row: r.reason for r in receiving.returned_rows(task)}
    assert reasons == {
        4: "代码所载登记地为350525，不属本局名录库",
        5: "登记机关为某省市场监督管理局，不属本局名录库",
        6: f"代码与名录库不一致，名录库中为{third.uscc}",
        7: "名录库中登记状态为“迁出”",
        8: "与第2行重复",
        9: "与第2行为同一户",
    }
    assert any("改过名的企业" in c for c in found.cautions)
    assert receiving.provenance(task) == "上级抽取派发、未经本系统复核"

    # 退回清单可以直接发回上级
    table = list(csv.reader(io.StringIO(received.return_list(found.returned).decode("utf-8-sig"))))
    assert table[0] == ["行号", "名称", "代码", "退回原因"]
    assert len(table) == 1 + 6


def test_n18_a_received_list_stays_as_it_came(bureau, provincial, tmp_path):
    names = [t.name for t in existing()[:4]]
    path = text_file(tmp_path, "\n".join(["企业名称", *names, "查无此户"]))
    bureau.receive(provincial, path)
    held = draws.list_of(provincial)
    assert held.received_id == hashlib.sha256(path.read_bytes()).hexdigest()

    # 再次导入被拒绝
    with pytest.raises(receiving.ListRefused, match="已经有抽取名单"):
        bureau.receive(provincial, path)
    # 数据库也不允许改动名单、对应关系和退回清单
    changes = (
        lambda: DrawnList.objects.filter(pk=held.pk).update(document_number="另一个文号"),
        lambda: ReceivedRow.objects.filter(drawn_list=held).update(target=existing()[9]),
        lambda: ReturnedRow.objects.filter(drawn_list=held).update(reason="改"),
        lambda: ReceivedRow.objects.filter(drawn_list=held).first().delete(),
    )
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_n18_no_inspectors_before_the_list_and_no_list_without_its_origin(bureau, provincial, tmp_path):
    # 名单没到，不能抽取
    with pytest.raises(receiving.NotAsReceived, match="请先导入名单"):
        bureau.prepare(provincial)

    path = text_file(tmp_path, "企业名称\n" + existing()[0].name)
    with pytest.raises(receiving.ListUnusable, match="抽取机关和文号"):
        bureau.receive(provincial, path, document_number=" ")
    with pytest.raises(receiving.ListRefused, match="名单来源不符"):
        bureau.receive(provincial, path, source="dispatched")
    with pytest.raises(receiving.ListUnusable, match="没有一户"):
        bureau.receive(provincial, text_file(tmp_path, "企业名称\n查无此户"))
    with pytest.raises(NotPermitted):
        received.receive_file(
            path,
            task=provincial,
            source="provincial",
            origin=receiving.Origin("演示市局", "1", bureau.today),
            actor=bureau.actor("zlg-jh"),
            now=bureau.now,
        )
    assert not DrawnList.objects.exists()
