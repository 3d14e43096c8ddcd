"""
What the practice county is made of (演示县): units, items, the plan of a year. All of it is invented.

The plan is written as bureaus write theirs; scopes are already tags of the directory, so that nothing has
to be guessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from fairdraw.demo import words
from fairdraw.demo.cast import Unit
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.registers.entries import CheckPoint, ItemEntry
from fairdraw.registers.scopes import ScopeSpec

REGION = "演示县"
BUREAU = "演示县市场监督管理局"
PREFIX = "演市监"
ORG = "rehearsal-999901"
MARK = "演示（虚构数据）"
ENTERPRISES = 31_000
INDIVIDUALS = 120_000

UNITS = (
    Unit("ggg", "广告商标股", "section"),
    Unit("zlg", "质量计量股", "section"),
    Unit("jjg", "价监竞争股", "section"),
    Unit("wjg", "网络交易监管股", "section"),
    Unit("tsg", "特种设备股", "section"),
    Unit("splt", "食品流通股", "section"),
    Unit("cyg", "餐饮监管股", "section"),
    Unit("yxg", "药械监管股", "section"),
    *(Unit(code, name, "station", towns) for code, name, towns in words.STATIONS),
    Unit("xfj", "演示县消防救援大队", "department"),
    Unit("jyj", "演示县教育局", "department"),
)
# (unit, inspectors, qualification some of them hold)
INSPECTORS = (
    ("qjg", 6, ""), ("ggg", 5, ""), ("zlg", 6, ""), ("jjg", 5, ""), ("wjg", 5, ""), ("tsg", 12, "特种设备"),
    ("splt", 6, ""), ("cyg", 6, ""), ("yxg", 6, ""), ("xfj", 6, ""), ("jyj", 6, ""),
    *((code, 6, "") for code, _name, _towns in words.STATIONS),
)  # fmt: skip

BASIS = "（演示）按现行法律、法规、规章对应条款填写"
_POINTS = (
    CheckPoint("营业执照亮照经营", how="查看经营场所", evidence="现场照片"),
    CheckPoint("登记事项与实际一致", how="核对登记信息与营业执照", evidence="营业执照照片", key=True),
    CheckPoint("相关许可证件在有效期内", how="核对许可证件", evidence="许可证件照片", key=True),
)


@dataclass(frozen=True)
class Row:
    """One row of the practice plan: what a bureau's table says, and what it means here."""

    number: str
    name: str
    item: str
    unit: str
    scope_text: str
    scope: ScopeSpec
    starts: tuple[int, int]
    ends: tuple[int, int]
    ratio: str = ""
    count: int | None = None
    partners: tuple[str, ...] = ()
    qualification: str = ""
    assign_mode: str = "cluster"

    def entry(self, year: int, *, enterprises: int = ENTERPRISES) -> PlanRowEntry:
        """The row as the plan table of a county with so many *enterprises* has it."""
        count = None if self.count is None else -(-self.count * enterprises // ENTERPRISES)
        return PlanRowEntry(
            source_no=self.number,
            task_name=self.name,
            items=(self.item,) if self.item else (),
            object_scope=self.scope_text,
            check_type="定向" if self.scope.tags else "不定向",
            initiator=self.unit,
            participants=self.partners,
            ratio_min=Decimal(self.ratio) if self.ratio else None,
            count_min=count,
            count_max=count,
            window_start=dt.date(year, *self.starts),
            window_end=dt.date(year, *self.ends),
        )


_ENT = ("enterprise",)
ROWS = (
    Row("1", "企业登记事项抽查", "登记事项检查", "企业监管股", "全县企业", ScopeSpec(kinds=_ENT), (3, 10), (6, 30), "0.016"),
    Row("2", "企业公示信息抽查", "公示信息检查", "企业监管股", "全县企业", ScopeSpec(kinds=_ENT), (7, 6), (10, 20), "0.006"),
    Row("3", "广告行为抽查", "广告行为检查", "广告商标股", "广告经营企业", ScopeSpec(("advertising",), _ENT), (3, 10), (6, 20), "0.10"),
    Row("4", "流通领域产品质量抽查", "产品质量监督检查", "质量计量股", "建材、家居、服饰、工艺品企业",
        ScopeSpec(("product_quality",), _ENT), (4, 8), (6, 30), "0.025"),
    Row("5", "价格行为抽查", "价格行为检查", "价监竞争股", "住宿、加油、汽修、培训企业",
        ScopeSpec(("hotel", "filling_station", "car_repair", "tutoring"), _ENT), (4, 8), (6, 30), "0.05"),
    Row("6", "网络交易行为抽查", "网络交易行为检查", "网络交易监管股", "电子商务企业",
        ScopeSpec(("ecommerce",), _ENT), (7, 6), (10, 20), "0.05"),
    Row("7", "特种设备使用单位监督抽查", "特种设备使用单位检查", "特种设备股", "特种设备使用单位",
        ScopeSpec(("special_equipment",), _ENT), (4, 8), (7, 31), count=100, qualification="特种设备"),
    Row("8", "食品销售安全监督抽查", "食品销售监督检查", "食品流通股", "食品销售经营者", ScopeSpec(("food_sale",)), (4, 8), (7, 15), count=130),
    Row("9", "餐饮服务食品安全监督抽查", "餐饮服务监督检查", "餐饮监管股", "餐饮服务经营者", ScopeSpec(("catering",)), (7, 6), (10, 20), count=120),
    Row("10", "药品零售企业抽查", "药品零售检查", "药械监管股", "药品零售企业", ScopeSpec(("pharmacy",), _ENT), (7, 6), (10, 10), "0.10"),
    Row("11", "加油站部门联合抽查", "计量器具检查", "质量计量股", "成品油零售企业", ScopeSpec(("filling_station",), _ENT), (7, 6), (9, 30),
        count=30, partners=("演示县消防救援大队",), assign_mode="each"),
    Row("12", "个体工商户登记事项抽查（云栖所）", "登记事项检查", "云栖市场监管所", "云栖所辖区个体工商户",
        ScopeSpec(kinds=("individual_business",), stations=("sc01",)), (4, 8), (7, 31), "0.004"),
    Row("13", "拍卖企业抽查", "", "质量计量股", "拍卖企业", ScopeSpec(("auction",), _ENT), (7, 6), (10, 20), "0.05"),
)  # fmt: skip

# Only in the practice installation: work that waits before the draw (方案待审、待抽取、待监督).
WAITING = (
    Row("14", "校外培训机构价格抽查", "价格行为检查", "价监竞争股", "校外培训机构", ScopeSpec(("tutoring",), _ENT), (9, 21), (11, 10), "0.06"),
    Row("15", "广告发布登记抽查", "广告行为检查", "广告商标股", "广告经营企业", ScopeSpec(("advertising",), _ENT), (10, 9), (11, 13), count=40),
    Row("16", "汽车维修计量器具抽查", "计量器具检查", "质量计量股", "汽车维修企业", ScopeSpec(("car_repair",), _ENT), (9, 17), (11, 6), count=30),
)  # fmt: skip

ITEMS = tuple(
    ItemEntry(
        code=f"Y{number:02d}",
        name=name,
        category=category,
        content=content,
        legal_basis=BASIS,
        object_text=category,
        item_class="general",
        ratio_limit=Decimal("0.20"),
        method="实地核查",
        list_number=str(number),
        level="县级市场监督管理部门",
        guide="出示执法证件和检查通知书后逐项核对；发现问题当场记录，能当场改正的指导改正。",
        points=_POINTS,
        confirmed=True,
        invented=True,
    )
    for number, (name, category, content) in enumerate(
        (
            ("登记事项检查", "登记注册", "名称、住所、经营范围、法定代表人等登记事项"),
            ("公示信息检查", "信用监管", "年度报告、即时信息公示情况"),
            ("广告行为检查", "广告监管", "广告业务承接登记、审核、档案管理"),
            ("产品质量监督检查", "质量监管", "进货查验、标识标注、质量证明"),
            ("价格行为检查", "价格监管", "明码标价、收费项目和标准"),
            ("网络交易行为检查", "网络监管", "主体信息公示、交易规则"),
            ("特种设备使用单位检查", "特种设备", "使用登记、定期检验、作业人员"),
            ("食品销售监督检查", "食品监管", "许可、进货查验、贮存条件"),
            ("餐饮服务监督检查", "食品监管", "许可、原料控制、加工制作、清洗消毒"),
            ("药品零售检查", "药品监管", "药品陈列储存、处方药销售"),
            ("计量器具检查", "计量监管", "强制检定、铅封完好"),
        ),
        start=1,
    )
)
