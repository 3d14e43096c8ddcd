"""Invented papers for the tests of documents: one county, one visit, one draw, one year."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction

from docx import Document
from pypdf import PdfReader

from fairdraw.documents import shapes, summaries

MARK = "演示（虚构数据）"
OFFICE = shapes.Office("演示县市场监督管理局", "0595-00000000", "演示县城关镇政通路1号", "企监股 林某某")
CHOICES = shapes.SheetChoices(
    methods=tuple(shapes.Choice("", label) for label in ("实地核查", "书面检查", "网络监测")),
    results=(
        shapes.Choice("01", "未发现问题"),
        shapes.Choice("04", "通过登记的住所（经营场所）无法联系"),
        shapes.Choice("05", "发现问题已责令改正"),
    ),
    measures=tuple(shapes.Choice("", label) for label in ("无需后续处置", "责令改正，日常监管跟踪")),
)
REGISTRATION = shapes.VisitTask(
    "2024-017",
    "登记事项检查",
    "演示县市场监督管理局企监股",
    (
        shapes.CheckItem(
            "登记事项检查",
            "A01",
            "《市场主体登记管理条例》",
            (
                shapes.CheckPoint("营业执照是否置于醒目位置", "现场查看", "条例第三十六条"),
                shapes.CheckPoint("住所与登记是否一致", "现场核对", "条例第八条", is_key=True),
            ),
        ),
    ),
)
ADVERTISING = shapes.VisitTask(
    "2024-018", "广告行为检查", "演示县市场监督管理局广告股", (shapes.CheckItem("广告发布行为检查", "A07"),)
)
TEAM = (
    shapes.PartyInspector("张检查", "城关市场监管所", "35050024001", is_leader=True),
    shapes.PartyInspector("李检查", "城关市场监管所", "35050024002"),
)
BATCH = shapes.TaskBatch(
    "2024-017", "登记事项检查", OFFICE, CHOICES, dt.date(2024, 10, 31), dt.date(2024, 8, 28)
)
HASH = "4a5b6c7d8e9f00112233445566778899aabbccddeeff00112233445566778899"
SEALED = dt.datetime(2024, 8, 21, 1, 30, tzinfo=dt.UTC)


def party(name: str = "演示县虚构一号茶业有限公司", **changes: object) -> shapes.Party:
    """An invented enterprise."""
    plain = shapes.Party(
        name,
        "91350500MA0000007P",
        "演示县城关镇茶都路9号",
        station="城关市场监管所",
        town="城关镇",
        legal_person="陈虚构",
        legal_phone="13800000000",
        liaison="林联络",
        liaison_phone="13900000000",
        licences=("食品经营许可证 JY13505000000001",),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def visit(
    tasks: tuple[shapes.VisitTask, ...] = (REGISTRATION,),
    number: int = 1,
    **changes: object,
) -> shapes.Visit:
    """A visit of two inspectors; *changes* go to its party."""
    return shapes.Visit(
        f"演市监抽查通〔2024〕{number}号",
        party(**changes),  # type: ignore[arg-type]
        tasks,
        TEAM,
        OFFICE,
        "演市监〔2024〕26号",
        "5d258a21b637db3d",
        dt.date(2024, 9, 2),
        dt.date(2024, 9, 30),
        dt.date(2024, 8, 28),
        materials=("营业执照", "进货台账"),
    )


def approval() -> shapes.ApprovalSheet:
    """An approval sheet of a pool of two tasks."""
    return shapes.ApprovalSheet(
        OFFICE,
        2024,
        "2024-C003",
        1,
        "日常抽取",
        "本系统抽取",
        "sha256",
        "5d258a21b637db3d",
        "演市监〔2024〕26号",
        (
            shapes.DrawTask(
                "2024-017", "登记事项检查", "存续企业", "企监股", dt.date(2024, 10, 31), 28571, 1000
            ),
            shapes.DrawTask("2024-018", "广告行为检查", "广告企业", "广告股", dt.date(2024, 10, 31), 320, 33),
        ),
        (
            shapes.SizeRow("2024-017", "信用风险低（A）", 18600, "1.5%", 279, 10),
            shapes.SizeRow("2024-018", "未分类（N）", 320, "10%", 33, 3),
        ),
        (shapes.DrawPerson("发起人", "陈发起", "企监股"), shapes.DrawPerson("监督人", "林监督", "办公室")),
        (shapes.ListRoot("抽取底册", 28571, HASH), shapes.ListRoot("执法检查人员", 146, HASH)),
        146,
        "现场检查按线路随机分组",
        SEALED,
        ("新增37户，注销12户",),
    )


def record() -> shapes.DrawRecord:
    """The record of a pool: drawn, all taken, and a received list."""
    return shapes.DrawRecord(
        OFFICE,
        "0190f3a2-0000-7000-8000-000000000001",
        "2024-C003",
        "批次抽取",
        "sha256",
        SEALED,
        SEALED + dt.timedelta(minutes=12),
        "5d258a21b637db3d",
        HASH,
        HASH[::-1],
        1053,
        HASH[3:] + HASH[:3],
        2106,
        HASH[5:] + HASH[:5],
        "demo/log",
        4211,
        HASH[7:] + HASH[:7],
        (
            shapes.PartLine("2024-017", "登记事项检查", "检查对象", 28571, 1000),
            shapes.PartLine("2024-018", "广告行为检查", "检查对象", 33, 33, is_all=True),
            shapes.PartLine(
                "2024-C07",
                "市级派发任务",
                "仅抽人员",
                20,
                20,
                listed_by="演示市局",
                list_document="演市〔2024〕8号",
            ),
        ),
        (shapes.DrawPerson("发起人", "陈发起", "企监股"), shapes.DrawPerson("见证人", "王见证", "审计局")),
        (shapes.AttemptLine(1, "作废", "名单有误"), shapes.AttemptLine(2, "已抽取")),
        commits_hash=HASH,
        public_number="07392281465099137824",
        public_number_source="号码球",
        program="fairdraw 0.1.0",
    )


def order() -> shapes.CorrectionOrder:
    """An order to correct with one demand."""
    return shapes.CorrectionOrder(
        "演市监责改〔2024〕5号",
        OFFICE,
        party(),
        "2024-017",
        dt.date(2024, 9, 12),
        "经查，你单位变更住所后未办理变更登记。",
        "《市场主体登记管理条例》第二十四条",
        "《市场主体登记管理条例》第四十六条",
        ("申请办理住所变更登记。",),
        dt.date(2024, 10, 12),
        dt.date(2024, 9, 13),
        "逾期不改正的，将依法处理。",
        "演示县人民政府",
        "六十日",
        "演示县人民法院",
        "六个月",
        TEAM,
    )


INDICATORS = (
    summaries.Indicator("K1", "企业抽查比例", 999, 28571, Fraction(35, 1000), "不低于3.5%", met=False),
    summaries.Indicator("K2", "抽查任务按时完成率", 12, 12, Fraction(1), "100%", met=True),
    summaries.Indicator("K6", "问题发现率", 231, 2010),
    summaries.Indicator("K7", "每百户A类企业被检查次数", 279, 18600, unit=summaries.Unit.PER_HUNDRED),
)
RESULTS = summaries.Results(
    (summaries.Count("01 未发现问题", 1779), summaries.Count("05 发现问题已责令改正", 231)),
    follow_up=(summaries.Count("责令改正，日常监管跟踪", 231),),
)


def task_summary() -> summaries.TaskSummary:
    """The summary of one task."""
    return summaries.TaskSummary(
        OFFICE,
        "领导小组办公室（企监股）",
        "2024-017",
        "登记事项检查",
        "演市监〔2024〕26号",
        ("企监股", "各市场监管所"),
        dt.date(2024, 9, 2),
        dt.date(2024, 10, 20),
        dt.date(2024, 10, 28),
        40,
        (summaries.Count("信用风险低（A）", 279), summaries.Count("信用风险高（D）", 129)),
        (summaries.Count("注销", 8),),
        RESULTS,
        INDICATORS[:2],
    )


def year_summary() -> summaries.YearSummary:
    """The summary of a year with a late task and two rows held back."""
    line = summaries.TaskLine(
        "2024-017",
        "登记事项检查",
        "企监股",
        408,
        400,
        400,
        400,
        46,
        dt.date(2024, 10, 20),
        dt.date(2024, 10, 31),
        True,
    )
    late = replace(line, number="2024-018", name="广告行为检查", finished_on=None, on_time=False)
    return summaries.YearSummary(
        OFFICE,
        "演示市市场监督管理局",
        2024,
        dt.date(2024, 11, 20),
        dt.date(2024, 11, 25),
        "演市监〔2024〕26号",
        28571,
        "演市监〔2024〕3号，含未年报",
        4,
        146,
        (summaries.Count("信用风险低（A）", 816),),
        (summaries.Count("注销", 16),),
        (line, late),
        (
            summaries.HeldRow("第7行", "特种设备检查", "抽取底册为空"),
            summaries.HeldRow("第9行", "计量器具检查", "抽查比例写作“待定”"),
        ),
        RESULTS,
        INDICATORS,
        burden=("每百次检查发现问题11.5个。",),
        draws=("0190f3a2-0000-7000-8000-000000000001",),
    )


def scheme() -> summaries.Scheme:
    """A differentiated scheme of two departments."""
    return summaries.Scheme(
        "演示县2024年登记事项抽查方案",
        "演市监〔2024〕30号",
        OFFICE,
        "演市监〔2024〕26号",
        "为规范登记事项监督管理，",
        "存续企业（含未年报），共28571户。",
        "企监股",
        ("各市场监管所", "县税务局"),
        (summaries.SchemeItem("企监股", "登记事项检查", "实地核查", "《市场主体登记管理条例》"),),
        (
            summaries.SchemeRate("信用风险低（A）", "1.5%", 18600, 279),
            summaries.SchemeRate("信用风险高（D）", "30%", 428, 129),
        ),
        "封存后由监督人监督抽取。",
        "随机抽取，每组两人。",
        dt.date(2024, 8, 20),
        dt.date(2024, 9, 2),
        dt.date(2024, 10, 31),
        "检查完成之日起20个工作日内公示。",
        "任务完成后10日内报送。",
        dt.date(2024, 8, 10),
    )


def pdf_pages(made: bytes) -> list[str]:
    """The text of each page, without blanks and line ends."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def pdf_text(made: bytes) -> str:
    """The text of all pages."""
    return "".join(pdf_pages(made))


def word_lines(made: bytes) -> list[str]:
    """Paragraphs and table rows of a Word document in order, cells joined by bars."""
    document = Document(io.BytesIO(made))
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += ["|".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return lines
