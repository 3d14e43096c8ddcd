"""
A bureau founded with ``fairdraw new`` runs the cycle by commands and pages alone, nothing behind them
(N01, N06–N08, N12, N13, N16; design.md §2).

Every person signs in at the login page and gets to each step by links and buttons that the pages offer.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.db import connection

from fairdraw.demo import world
from fairdraw.kernel import clock
from fairdraw.operations import cli
from tests.builders.pressing import Person, said

FOUNDED = dt.date(2026, 3, 2)
BUREAU = "试点县市场监督管理局"
UNITS = (
    ("类型", "名称", "简称"),
    ("股室", "企业监管股", "企监股"),
    ("股室", "法规股", "法规股"),
    ("所", "城关市场监督管理所", "城关所"),
)
PEOPLE = (
    ("账号", "姓名", "单位", "职责"),
    ("jihua", "计划员", "企业监管股", "计划岗、检查岗、内勤"),
    ("fuzeren", "负责人", "企业监管股", "负责人、审核岗"),
    ("jiandu", "监督员", "法规股", "监督岗"),
    ("bangong", "办公室主任", BUREAU, "领导小组办公室"),
    ("juzhang", "分管局长", BUREAU, "负责人"),
)
PASSWORD = "changed-By-me-2026"


@pytest.fixture
def today(transactional_db: None) -> Iterator[Callable[[dt.date], None]]:
    """The day on which everything happens; call it with another to go on."""
    day = [FOUNDED]
    clock.use(lambda: clock.at(day[0], 9))
    yield lambda on: day.__setitem__(0, on)
    clock.use(None)


def table(folder: Path, name: str, rows: tuple[tuple[str, ...], ...]) -> Path:
    """A table as an office would save it."""
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def fairdraw(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    """Run a command of ``fairdraw``; returns what it answers as JSON."""
    capsys.readouterr()
    status = cli.main([*map(str, words), "--json"])
    spoken = capsys.readouterr()
    assert status == 0, f"{spoken.out}{spoken.err}"
    answer: dict[str, object] = json.loads(spoken.out)
    return answer


def sign_in(username: str, first: str) -> Person:
    """Sign in for the first time: the password that somebody else knows is changed at once."""
    person = Person().open("/")
    person.press("登录", {"账号": username, "密码": first})
    person.press("修改密码", {"现在的密码": first, "新密码": PASSWORD, "再输一遍新密码": PASSWORD})
    return person


ITEMS = (
    ("事项编号", "抽查类别", "抽查事项", "检查内容", "抽查依据", "抽查对象", "事项类型", "检查方式"),
    (
        "SX01",
        "登记事项检查",
        "住所（经营场所）检查",
        "核对住所",
        "《演示条例》第一条",
        "企业",
        "一般检查事项",
        "现场检查",
    ),
    (
        "SX02",
        "公示信息检查",
        "即时公示信息检查",
        "核对公示信息",
        "《演示办法》第二条",
        "企业",
        "一般检查事项",
        "现场检查",
    ),
)
PLAN = (
    (
        "序号",
        "抽查任务名称",
        "抽查类型",
        "抽查事项",
        "责任股室",
        "配合部门",
        "检查对象",
        "抽查比例",
        "抽查时间",
    ),
    ("1", "企业登记事项检查", "不定向", "住所（经营场所）检查", "企业监管股", "", "企业", "10%", "3月—10月"),
    ("2", "网红店专项检查", "定向", "即时公示信息检查", "企业监管股", "", "网红打卡店", "20%", "3月—10月"),
)
INSPECTORS = (
    ("编号", "姓名", "所属单位", "执法证号", "有效期起", "有效期至", "资格", "片区"),
    *(
        (
            f"R{n:03d}",
            f"演示{word}",
            "企业监管股" if n % 2 else "城关市场监督管理所",
            f"YS-{n:04d}",
            "2024-01-01",
            "2028-12-31",
            "无",
            "*",
        )
        for n, word in enumerate("甲乙丙丁戊己庚辛", start=1)
    ),
)
TARGETS = (
    ("企业名称", "统一社会信用代码", "成立日期", "主体类别", "登记状态", "住所", "管辖单位", "信用风险分类"),
    *(
        (
            row.name,
            row.uscc,
            "2015-01-01",
            "企业",
            "存续",
            row.address,
            "城关市场监督管理所",
            row.credit_class or "A",
        )
        for row in world.targets(seed="founded", enterprises=60, individuals=0, classed_on=FOUNDED)
    ),
)


@dataclass
class Bureau:
    """The people of the bureau, each signed in, and the day."""

    office: Person
    planner: Person
    leader: Person
    supervisor: Person
    head: Person
    today: Callable[[dt.date], None]
    folder: Path

    def approve(self, task: str) -> None:
        """The leader of the section approves the scheme of *task* (审定方案)."""
        self.leader.open("/tasks/").follow(task).press("审定方案")

    def draw(self, task: str) -> None:
        """Two people of two sections draw *task*: seal, supervise, open; nobody can say what comes of it."""
        planner, supervisor = self.planner, self.supervisor
        planner.open("/tasks/").follow(task).follow("抽取").press("准备抽取").press("封存")
        supervisor.open("/work/").follow("请监督并抽取")
        supervisor.press("监督并抽取", {"核对码与签字的审批表一致": True})
        planner.open(planner.address).press("开启").follow("复核本次抽取")
        assert "复核通过" in planner.text

    def drawn(self, task: str) -> list[str]:
        """The names of the drawn targets, as the list of inspections shows them."""
        self.planner.open("/tasks/").follow(task).follow("检查")
        return [said(cell) for cell in self.planner.page.xpath("//main//tbody//th/a")]


@pytest.fixture
def bureau(
    today: Callable[[dt.date], None], tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> Bureau:
    """A bureau founded from files by commands; everybody has an own password."""
    settings.CUSTODIAN = str(pyrage.x25519.Identity.generate().to_public())  # FAIRDRAW_CUSTODIAN
    made = fairdraw(
        capsys,
        *("new", "--name", BUREAU, "--division", "350599", "--prefix", "试市监"),
        *("--units", table(tmp_path, "单位.csv", UNITS), "--people", table(tmp_path, "账号.csv", PEOPLE)),
    )
    first = {account["username"]: account["password"] for account in made["accounts"]}
    for kind, rows in (("items", ITEMS), ("targets", TARGETS), ("inspectors", INSPECTORS), ("plan", PLAN)):
        year = ("--year", "2026") if kind == "plan" else ()
        fairdraw(capsys, "import", kind, table(tmp_path, f"{kind}.csv", rows), *year)
    people = (sign_in(name, first[name]) for name in ("bangong", "jihua", "fuzeren", "jiandu", "juzhang"))
    return Bureau(*people, today=today, folder=tmp_path)


def plan_the_year(office: Person, chief: Person) -> None:
    """Confirm the items, enter the base once, plan what is sure at once and the rest by hand, publish (N06–N08)."""
    office.open("/work/").follow("抽查事项").follow("住所（经营场所）检查")
    office.press("确认", {"事项类型": "一般", "比例上限": "50"})
    office.tick().press("确认所选事项", {"事项类型": "重点"}).press("确认")
    office.follow("年度看板").follow("尚未录入")
    office.press("录入", {"企业实有数": 60, "出自的文件": "试点县2025年企业登记统计"})

    office.follow("年度计划").follow("排定任务").press("排定全部 1 行").press("确认排定")
    office.follow("网红店专项检查")
    assert "对象范围对照表" in office.text
    settled = {"抽查事项": ["即时公示信息检查"], "检查对象": "企业", "抽查比例或数量": "9户"}
    office.press("试算", {**settled, "选派方式": "逐户选派"})
    assert "共9户" in office.text
    office.press("排定任务")

    office.open("/work/").follow("年度计划").follow("提交审核").press("提交审核年度计划")
    chief.open("/work/").follow("年度计划").follow("审核通过").press("审核通过年度计划")
    filed = {"备案机关": "试点市市场监督管理局", "报备日期": "2026-03-02"}
    office.open("/work/").follow("年度计划").follow("备案").press("年度计划报上一级备案", filed)
    issued = {"文号": "试双随机〔2026〕1号", "印发日期": "2026-03-02"}
    office.follow("公布").press("公布年度计划", issued)


def check_and_publish(bureau: Bureau, task: str, names: list[str]) -> None:
    """Notices, one problem and the rest without, review by another person, receipt of the publicity system (N04)."""
    planner, leader = bureau.planner, bureau.leader
    planner.open("/tasks/").follow(task).follow("人员").follow("制发通知书").press("制发")
    bureau.today(dt.date(2026, 3, 10))
    planner.open("/tasks/").follow(task).follow("检查").follow(names[0]).follow("录入检查结果")
    day = {"检查日期": "2026-03-10", "检查方式": "实地核查"}
    found = {
        "检查结果": ["05 "],
        "处置措施": "责令改正",
        "发现的问题": "住所与登记不符",
        "现场处理": "责令办理变更",
    }
    planner.press("保存", {**day, **found})
    rest = len(names) - 1
    planner.open("/tasks/").follow(task).follow("检查").press(f"批量录入“未发现问题”（{rest}户）").press(
        "录入", day
    )

    leader.open("/tasks/").follow(task).follow("检查").press(f"审核通过（{len(names)}户）")
    leader.press("审核通过", {"审核意见": "同意"})
    bureau.today(dt.date(2026, 3, 12))
    planner.open("/tasks/").follow(task).follow("公示").press(f"报送公示（{len(names)}户）").press("报送公示")
    bureau.today(dt.date(2026, 3, 16))
    planner.press(f"登记公示回执（{len(names)}户）").press("登记公示回执", {"公示系统回执编号": "HZ-0316"})


def follow_up(bureau: Bureau) -> None:
    """The problem is followed to its end (N05)."""
    planner = bureau.planner
    planner.open("/followups/").follow("选择措施")
    planner.press("启动处置", {"处置措施": "责令改正", "文书或移送编号": "试市监责改〔2026〕1号"})
    bureau.today(dt.date(2026, 3, 30))
    planner.follow("登记已报整改").press("登记已报整改").follow("复查通过").press("复查通过")
    planner.follow("完结").press("完结", {"完结情况": "已办理变更登记"})


def test_a_founded_bureau_runs_the_cycle_by_commands_and_pages(
    bureau: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    task = "企业登记事项检查"
    plan_the_year(bureau.office, bureau.head)
    bureau.approve(task)
    bureau.planner.open("/tasks/").follow("合并建议").follow("答复")
    bureau.planner.press("答复", {"答复": "不采纳", "理由": "另一项任务在下半年，人员不同"})
    bureau.draw(task)
    names = bureau.drawn(task)
    assert len(set(names)) == 6

    check_and_publish(bureau, task, names)
    follow_up(bureau)
    bureau.planner.open("/tasks/").follow(task).press("生成并报送总结")
    assert "已总结" in bureau.planner.text

    # 社会公众看到计划和结果，看不到类别
    anybody = Person().open("/public/plan/")
    assert task in anybody.text
    anybody.open("/public/results/")
    assert all(name in anybody.text for name in names)
    assert "信用风险" not in anybody.text

    # 全部有迹可循：日志、文件、数据库相互一致
    fairdraw(capsys, "log", "verify")
    if (
        connection.vendor == "sqlite"
    ):  # the PostgreSQL of the tests does not wait for the disk, which fsck refuses
        fairdraw(capsys, "fsck")


def test_a_dispatched_list_gets_its_inspectors_drawn_and_one_of_them_replaced(bureau: Bureau) -> None:
    task, planner, head = "年报抽查", bureau.planner, bureau.head
    bureau.office.open("/work/").follow("抽查事项").tick()
    bureau.office.press("确认所选事项", {"事项类型": "重点"}).press("确认")
    # 计划外任务：上级派发，名单在别处抽取，只抽检查人员（N18）
    planner.open("/tasks/").follow("新建计划外任务")
    given = {"任务名称": task, "列入理由": "市局2026年专项部署", "承办单位": "企监股", "抽取渠道": "上级派发"}
    how = {"检查对象": "企业", "抽查比例或数量": "5户", "选派方式": "逐户选派"}
    planner.press("排定任务", {**given, "抽查事项": ["即时公示信息检查"], **how})
    bureau.approve(task)
    rows = (("企业名称", "统一社会信用代码"), *((r[0], r[1]) for r in TARGETS[1:5]), ("查无此企业", ""))
    planner.open("/tasks/").follow(task).follow("抽取").follow("接收名单")
    source = {
        "抽取机关": "某市市场监督管理局",
        "文号或平台任务编号": "市双随机〔2026〕7号",
        "抽取日期": "2026-03-02",
    }
    planner.press("上传并匹配", {"名单文件": table(bureau.folder, "派发.csv", rows), **source})
    assert "查无此企业" in planner.text
    planner.press("确认接收")
    bureau.draw(task)
    assert sorted(bureau.drawn(task)) == sorted(row[0] for row in TARGETS[1:5])

    # 变更超过任务的5%，由局负责人更换；接替的人由种子排定
    head.open("/tasks/").follow(task).follow("检查").follow(TARGETS[1][0])
    inspection, team = head.address, set(re.findall(r"YS-\d{4}", head.text))
    head.follow("更换检查人员")
    leaving = next(option for option in head.page.xpath("//select/option") if option.get("value"))
    head.press("下一步", {"离开的检查人员": said(leaving), "原因": "患病"}).press("确认更换")
    now = set(re.findall(r"YS-\d{4}", head.open(inspection).text))
    assert len(team & now) == 1
    assert len(now) == 2
