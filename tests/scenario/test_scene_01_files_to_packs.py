"""
Scene 1: from the city's spreadsheet and last year's plan in Word to printed, routed, approved task packs in 30 minutes.

A new bureau has its units and accounts, and files: the item list and the inspectors as workbooks, the targets as text, the
plan as a table in Word with a title row, two header rows and merged cells, the city's list as a workbook. Four people go by
the pages alone. Measured: 27 pages opened and 30 buttons pressed by all of them together, from the first file to the
file that goes to the printer (signing in apart). At half a minute each that is half an hour; the budget below keeps it there.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pyrage
import pytest
from pypdf import PdfReader

from fairdraw.demo import world
from fairdraw.kernel import clock
from fairdraw.registers.entries import TargetEntry
from tests.builders.pressing import Person
from tests.builders.sheets import Sheet, add_docx_table
from tests.builders.tables import workbook
from tests.scenario.test_founded_bureau import fairdraw, sign_in, table

DAY = dt.date(2026, 3, 2)
PAGES, PRESSES = 27, 30
BUREAU = "试点县市场监督管理局"
STATIONS = ("云栖市场监管所", "松岚市场监管所")
UNITS = (
    ("类型", "名称", "简称"),
    ("股室", "企业监督管理股", "企监股"),
    ("股室", "食品安全监督管理股", "食品股"),
    ("股室", "法规股", "法规股"),
    *(("所", name, f"{name[:2]}所") for name in STATIONS),
)
PEOPLE = (
    ("账号", "姓名", "单位", "职责"),
    ("bangong", "办公室内勤", BUREAU, "领导小组办公室、计划岗、内勤"),
    ("juzhang", "分管局长", BUREAU, "负责人"),
    ("jiandu", "监督员", "法规股", "监督岗"),
    ("jijian", "见证员", "法规股", "审计"),
)
ITEMS = (
    ("事项编号", "抽查类别", "抽查事项", "检查内容", "抽查依据", "抽查对象", "事项类型", "检查方式"),
    *(
        (f"SX0{n}", f"{name[:2]}类", name, "按检查要点核对", f"《演示条例》第{n}条", whom, kind, "现场检查")
        for n, (name, whom, kind) in enumerate(
            (
                ("登记事项检查", "企业", "一般检查事项"),
                ("年度报告公示信息检查", "企业", "一般检查事项"),
                ("餐饮服务监督检查", "餐饮服务经营者", "重点检查事项"),
                ("明码标价检查", "个体工商户", "一般检查事项"),
            ),
            start=1,
        )
    ),
)
SECTION, FOOD = "企业监督管理股", "食品安全监督管理股"
PLAN = Sheet(
    rows=(
        ("试点县市场监管局2025年度“双随机、一公开”抽查工作计划表", "", "", "", "", "", ""),
        ("序号", "抽查任务", "", "抽查对象", "抽查比例", "抽查时间", "责任单位"),
        ("", "任务名称", "抽查事项", "", "", "", ""),
        ("1", "企业登记事项抽查", "登记事项检查", "企业", "5%", "3月—10月", SECTION),
        ("2", "企业年报公示信息抽查", "年报公示信息检查", "企业", "3%", "3月—10月", ""),
        ("3", "餐饮服务食品安全抽查", "餐饮服务监督检查", "餐饮服务经营者", "A:2%;B:5%;C:20%;D:50%", "3月—9月", FOOD),
        ("4", "个体工商户明码标价抽查", "明码标价行为检查", "个体工商户", "5%", "4月—10月", SECTION),
        ("5", "市局派发企业抽查", "登记事项检查", "市局派发名单内的对象", "以市局派发为准", "3月—6月", SECTION),
        ("注：比例按年初在库数计算。", "", "", "", "", "", ""),
    ),
    merged=(
        (0, 0, 0, 6),
        (1, 0, 2, 0),
        (1, 1, 1, 2),
        *((1, column, 2, column) for column in (3, 4, 5, 6)),
        (3, 6, 4, 6),  # 第1、2行的责任单位合并
        (8, 0, 8, 6),
    ),
)  # fmt: skip
TASKS = ("2026-001", "2026-002", "2026-003", "2026-004", "2026-005")
KINDS = {"enterprise": "企业", "individual_business": "个体工商户"}
BALLS = "31415926535897932384"


def registered() -> list[TargetEntry]:
    """Invented targets of the bureau's directory."""
    rows = world.targets(seed="scene-1", enterprises=40, individuals=30, classed_on=DAY)
    return [row for row in rows if row.status == "existing"]


@dataclass
class Bureau:
    """The four people at their screens, and the files on the clerk's desk."""

    office: Person
    head: Person
    supervisor: Person
    witness: Person
    files: dict[str, Path]

    @property
    def people(self) -> tuple[Person, ...]:
        return self.office, self.head, self.supervisor, self.witness


@pytest.fixture
def bureau(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> Iterator[Bureau]:
    settings.CUSTODIAN = str(pyrage.x25519.Identity.generate().to_public())  # FAIRDRAW_CUSTODIAN
    clock.use(lambda: clock.at(DAY, 9))
    made = fairdraw(
        capsys,
        *("new", "--name", BUREAU, "--division", "350599", "--prefix", "试市监"),
        *("--units", table(tmp_path, "单位.csv", UNITS), "--people", table(tmp_path, "账号.csv", PEOPLE)),
    )
    first = {account["username"]: account["password"] for account in made["accounts"]}
    people = [sign_in(name, first[name]) for name in ("bangong", "juzhang", "jiandu", "jijian")]
    for person in people:
        person.loads = person.presses = 0
    yield Bureau(*people, files=on_the_desk(tmp_path))
    clock.use(None)


def on_the_desk(folder: Path) -> dict[str, Path]:
    """The files as the offices sent them, by what the import page calls them."""
    document = docx.Document()
    document.add_paragraph("附件1")
    add_docx_table(document, PLAN)
    document.save(str(folder / "2025年抽查计划.docx"))
    head = ("企业名称", "统一社会信用代码", "成立日期", "主体类别", "登记状态", "住所", "乡镇", "管辖单位", "信用风险分类", "监管标签")  # fmt: skip
    targets = [
        (
            *(row.name, row.uscc, row.registered_on.isoformat() if row.registered_on else ""),
            *(KINDS[row.kind], "存续", row.address, row.town, STATIONS[len(row.town) % 2]),
            *(row.credit_class if row.kind == "enterprise" else "", "、".join(row.tags)),
        )
        for row in registered()
    ]
    units = (SECTION, FOOD, *STATIONS)
    inspectors = [
        (n, f"演示{word}", units[n % 4], f"YS-{n:04d}", "2024-01-01", "2028-12-31", "", "全部")
        for n, word in enumerate("甲乙丙丁戊己庚辛壬癸子丑", start=1)
    ]
    city = [
        (n, row.name, row.uscc)
        for n, row in enumerate((r for r in registered() if r.kind == "enterprise"), start=1)
    ]
    return {
        "抽查事项清单": workbook(folder, ITEMS, name="事项清单.xlsx"),
        "检查对象名录": table(folder, "名录.csv", (head, *targets)),
        "执法检查人员名录": workbook(
            folder,
            (
                ("序号", "姓名", "所属单位", "执法证号", "有效期起", "有效期至", "资格", "片区"),
                *inspectors,
            ),
            name="人员.xlsx",
        ),
        "年度抽查计划": folder / "2025年抽查计划.docx",
        "city": workbook(
            folder,
            (
                ("市局2026年第3批随机抽查名单", "", ""),
                ("序号", "企业名称", "统一社会信用代码"),
                *city[:6],
                (7, "查无此企业有限公司", ""),
            ),
            name="市局派发.xlsx",
        ),
    }


def import_files(office: Person, files: dict[str, Path]) -> None:
    """Three files are tried at once, since their headers say everything; last year's plan is asked for its year."""
    office.follow("导入").press("上传并核对列", {"导入": "抽查事项清单", "文件": files["抽查事项清单"]})
    office.press("确认导入").follow("查看导入的内容").tick()
    office.press("确认所选事项", {"事项类型": "重点"}).press("确认")
    office.follow("导入")
    for kind in ("检查对象名录", "执法检查人员名录"):
        office.press("上传并核对列", {"导入": kind, "文件": files[kind]}).press("确认导入")
        office.follow("再导入一个文件")
    office.press("上传并核对列", {"导入": "年度抽查计划", "文件": files["年度抽查计划"]})
    office.press("试导入", {"计划年度": "2026"}).press("确认导入").follow("查看导入的内容")


def plan_the_year(office: Person) -> None:
    """Two wordings matched by what is offered, the sure rows planned at once, the other two by hand."""
    office.follow("排定任务").follow("写法对照")
    for box in office.page.xpath("//select[starts-with(@name, 'item-')]"):
        best = box.xpath("./option[@value != '']")[0]  # 相近的排在最前
        box.value = best.get("value")
    office.press("确认所选对应")
    office.press("排定全部 3 行").press("确认排定")
    office.follow("餐饮服务食品安全抽查").press("排定任务", {"未分类": "5%"})
    office.follow("市局派发企业抽查")
    office.press("排定任务", {"抽取渠道": "上级派发", "检查对象": "企业", "抽查比例或数量": "6户"})
    assert "计划各行都已排定" in office.text


def receive_the_citys_list(office: Person, path: Path) -> None:
    """The city's list becomes the targets of its task; the name that nobody knows goes back."""
    office.follow("外部名单").follow("接收名单市局派发企业抽查")
    source = {
        "抽取机关": "某市市场监督管理局",
        "文号或平台任务编号": "市双随机〔2026〕7号",
        "抽取日期": "2026-03-02",
    }
    office.press("上传并匹配", {"名单文件": path, **source})
    assert "查无此企业" in office.text
    office.press("确认接收")


def answer_and_approve(office: Person, head: Person) -> None:
    """A glance at the year to come, proposals to merge answered, one sheet for all schemes, one signature."""
    office.follow("推演")
    assert "目标预测" in office.text
    office.follow("合并建议")
    while "没有等待答复的合并建议" not in office.text:
        office.follow("答复").press("答复", {"答复": "采纳", "理由": "同一户只去一次"})
    office.follow("方案报审").press("把选中的方案编成一张审批表")
    head.follow("工作台")
    assert "5 份方案" in head.text
    head.follow("试市监抽查审〔2026〕1号").press("审定全部方案")


def draw(bureau: Bureau) -> None:
    """One draw for all five tasks, with supervisor and witness."""
    office, supervisor, witness = bureau.office, bureau.supervisor, bureau.witness
    office.follow("批次抽取").press("准备抽取").press("封存")
    supervisor.follow("工作台").follow("请监督并抽取")
    supervisor.press("监督并抽取", {"核对码与签字的审批表一致": True})
    witness.follow("工作台").follow("请锁定随机份额").press("锁定")
    office.follow("刷新").press("开启")
    supervisor.follow("刷新").press("开启")
    supervisor.press("录入并抽取", {"第一遍": BALLS, "第二遍": BALLS})


def print_packs(office: Person) -> list[str]:
    """Everything goes to the printer as one file; gives the text of its pages."""
    office.follow("打印任务包").press("生成任务包")
    assert "制发通知书" in office.text
    office.press("制发并生成").follow("下载文件")
    pages = PdfReader(io.BytesIO(office.answer.content)).pages
    return ["".join(page.extract_text().split()) for page in pages]


def test_scene_1_from_files_to_approved_routed_printed_packs(bureau: Bureau) -> None:
    office = bureau.office
    import_files(office, bureau.files)
    plan_the_year(office)
    receive_the_citys_list(office, bureau.files["city"])
    answer_and_approve(office, bureau.head)
    draw(bureau)
    papers = print_packs(office)

    loads, presses = (sum(getattr(p, what) for p in bureau.people) for what in ("loads", "presses"))
    assert loads <= PAGES, f"打开了{loads}页：先看哪一页是多余的"
    assert presses <= PRESSES, f"按了{presses}次：先看哪一次是多余的"
    is_approved_routed_and_whole(papers)


def is_approved_routed_and_whole(papers: list[str]) -> None:
    """What the printer got: signed forms, then routes whose doors follow each other, each door's papers once."""
    cover = papers[0]
    assert all(number in cover for number in TASKS)
    assert cover.count("分管局长2026年3月2日") == len(TASKS)
    assert any("抽查方案审批表" in page for page in papers[:4])
    assert any("抽查审批表" in page and "核对码" in page for page in papers[:6])
    # 序号从一到底，通知书每户一份、各有文号，记录表每户每项任务一张
    notices = [
        page
        for page in papers
        if "双随机抽查通知书试市监抽查通〔2026〕" in page and "一、检查任务和事项" in page
    ]
    tags = [int(re.search(r"序号(\d+)", page)[1]) for page in papers if re.search(r"序号(\d+)第\d", page)]
    assert tags == sorted(tags)
    assert set(tags) == set(range(1, len(notices) + 1))
    doors = [int(n) for n in re.findall(r"检查对象(\d+)户", cover)]
    assert doors == [len(notices)]
    # 路线：同一所同一组，户户相连
    listed = "".join(papers)
    assert "检查路线单" in listed
    for station in STATIONS:
        assert station[:2] in cover
    assert "查无此企业" not in listed
