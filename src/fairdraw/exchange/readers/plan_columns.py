"""
Column names of plan tables (年度抽查计划表的列名; rules.md E3), and how a header is told from a title line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fairdraw.exchange.readers.columns import fold

ALIASES = {
    "source_no": ("序号", "编号", "计划序号"),
    "plan_no": ("计划编号", "抽查计划编号"),
    "plan_name": ("计划名称", "抽查计划名称", "抽查领域", "抽查计划"),
    "task_no": ("任务编号", "抽查任务编号"),
    "task_name": (
        "任务名称",
        "抽查任务名称",
        "抽查任务",
        "检查任务",
        "检查任务名称",
        "项目名称",
        "检查名称",
        "抽查名称",
    ),
    "check_type": ("抽查类型", "检查类型", "任务类型", "定向/不定向", "是否定向"),
    "items": (
        "抽查事项",
        "检查事项",
        "抽查内容",
        "检查内容",
        "抽查事项名称",
        "抽查项目",
        "检查项目",
        "抽查检查事项",
        "参与部门的检查内容",
        "具体事项",
    ),
    "method": ("检查方式", "抽查方式", "检查方法", "抽查检查方式"),
    "initiator": (
        "发起部门",
        "发起单位",
        "牵头部门",
        "牵头单位",
        "责任股室",
        "责任科室",
        "责任处室",
        "发起股室",
        "牵头股室",
        "承办股室",
        "承办科室",
        "主办部门",
        "责任部门",
        "责任单位",
        "承办单位",
        "牵头科室",
        "业务股室",
        "发起(牵头)部门",
        "组织单位",
    ),
    "participants": (
        "配合部门",
        "参与部门",
        "配合单位",
        "联合部门",
        "协同部门",
        "联查部门",
        "参加部门",
        "配合(参与)部门",
        "参与单位",
        "联合单位",
        "联合检查部门",
        "联合抽查部门",
        "配合股室",
    ),
    "level": (
        "检查主体",
        "抽查主体",
        "实施层级",
        "检查层级",
        "抽查层级",
        "组织实施层级",
        "层级",
        "实施主体",
        "组织层级",
        "抽查级别",
        "检查级别",
        "组织方式",
        "实施单位",
        "检查单位",
        "检查机关",
        "实施部门",
        "抽查模式",
    ),
    "object_scope": (
        "抽查对象",
        "检查对象",
        "检查对象范围",
        "抽查对象范围",
        "对象范围",
        "抽查范围",
        "检查范围",
        "抽查对象及范围",
        "抽查对象类型",
        "检查对象类型",
        "监管对象",
        "抽查检查对象",
    ),
    "base": ("抽查基数", "基数", "检查对象基数", "对象基数", "总数", "对象总数"),
    "ratio": (
        "抽查比例",
        "比例",
        "检查比例",
        "抽取比例",
        "抽查比例或数量",
        "抽查比例/数量",
        "抽查比例及数量",
        "抽查比例和数量",
    ),
    "frequency": ("抽查频次", "频次", "检查频次", "抽查次数", "检查次数", "抽查比例频次"),
    "target_count": (
        "抽查数量",
        "抽查户数",
        "数量",
        "抽查目标数",
        "预估抽查对象数",
        "检查数量",
        "抽取数量",
        "拟抽查数量",
        "检查户数",
        "抽查对象数量",
        "计划抽查数",
        "计划抽查户数",
        "抽查家数",
        "抽取户数",
        "检查对象数量",
        "检查对象数",
        "抽查对象数",
    ),
    "credit_text": (
        "信用风险分类",
        "信用风险分类要求",
        "信用风险等级",
        "分类抽查比例",
        "信用风险分类抽查比例",
        "差异化监管",
        "信用风险分类监管",
        "分类监管要求",
        "信用分类",
        "企业信用风险分类",
        "信用风险分类运用",
        "信用风险分类结果运用",
        "按信用风险分类抽取比例",
        "差异化抽查措施",
        "差异化监管措施",
        "分级分类",
    ),
    "window_raw": (
        "抽查时间",
        "检查时间",
        "起止时间",
        "时间安排",
        "实施时间",
        "完成时间",
        "完成时限",
        "抽查时限",
        "检查时限",
        "抽查起止时间",
        "任务起止时间",
        "抽查时间安排",
        "检查时间安排",
        "任务时间",
        "检查期限",
        "工作时限",
        "计划时间",
        "抽查期限",
        "实施期限",
        "开展时间",
        "抽查日期",
        "时间",
        "检查时段",
    ),
    "window_start": (
        "起",
        "开始",
        "起始",
        "开始时间",
        "起始时间",
        "开始日期",
        "起始日期",
        "抽查开始时间",
        "任务开始时间",
        "检查开始时间",
    ),
    "window_end": (
        "止",
        "结束",
        "截止",
        "终止",
        "结束时间",
        "截止时间",
        "结束日期",
        "截止日期",
        "抽查结束时间",
        "任务结束时间",
        "检查结束时间",
    ),
    "organised_by": ("组织部门", "组织主体", "发起层级"),
    "carried_out_by": ("实施机关", "执行单位", "检查实施单位"),
    "remarks": ("备注", "说明", "其他"),
    "row_status": ("行状态",),
}

#: So many known names make a row of cells a header.
ENOUGH_NAMES = 3

#: Names that are not known tell by their words what they hold, the first that fits; a name is at most so long.
LONGEST_NAME = 16
_TIMES = frozenset({"window_raw", "window_start", "window_end"})
_BY_WORDS = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        ("credit_text", "信用|风险|分级分类|差异化"),
        ("ratio", "比例"),
        ("base", "基数|总数|总量"),
        ("target_count", "数量|户数|家数|对象数"),
        ("window_start", "开始(?:时间|日期)|起始"),
        ("window_end", "(?:结束|截止|终止)(?:时间|日期)"),
        ("window_raw", "时间|时限|期限|日期|时段"),
        ("participants", "(?:配合|参与|参加|协同|联合|联查|协助).*(?:部门|单位|科|股|处)"),
        ("initiator", "(?:发起|牵头|主办|责任|承办|负责|组织).*(?:部门|单位|科|股|处|机构)"),
        ("carried_out_by", "(?:实施|执行|检查).*(?:部门|单位|机关|机构)"),
        ("level", "层级|主体|级别"),
        ("method", "方式|方法"),
        ("frequency", "频次|次数|频率"),
        ("check_type", "类型|类别"),
        ("object_scope", "对象|范围"),
        ("task_name", "任务|项目名称"),
        ("items", "事项|内容"),
        ("plan_name", "计划"),
        ("remarks", "备注|说明"),
    )
)

_KNOWN = frozenset(fold(word) for name, others in ALIASES.items() for word in (name, *others))


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether *cells* is the header of a plan table: at least three names that such tables have."""
    known = {folded for cell in cells if cell and (folded := fold(cell)) in _KNOWN}
    told = {field for cell in cells if cell and (field := field_of(cell))}
    return len(known) >= ENOUGH_NAMES or (len(told) > ENOUGH_NAMES and {"items", "task_name"} & told != set())


def field_of(name: str) -> str:
    """
    The field that a column's name tells, known or by its words; empty where it tells none.

    >>> field_of("拟抽查户数"), field_of("检查完成时限要求"), field_of("颜色")
    ('target_count', 'window_raw', '')
    """
    folded = fold(name)
    for field, words in ALIASES.items():
        if folded in {fold(word) for word in (field, *words)}:
            return field
    if len(folded) > LONGEST_NAME or ":" in folded:
        return ""
    return next((field for field, pattern in _BY_WORDS if pattern.search(folded)), "")


def named(header: Sequence[str]) -> dict[str, str]:
    """The fields of columns whose names are not known but tell what they hold; a field is given once."""
    taken = {field_of(name) for name in header if fold(name) in _KNOWN}
    found: dict[str, str] = {}
    for name in header:
        field = field_of(name)
        if field and fold(name) not in _KNOWN and field not in taken:
            found[name] = field
            taken.add(field)
    return found


def choose(headers: list[list[str]]) -> list[int]:
    """
    Which of several tables are plans: those that say when; where none does, the one with most known columns.
    """
    fields = [{field for name in header if (field := field_of(name))} for header in headers]
    likely = [index for index, header in enumerate(headers) if looks_like_header(header)]
    timed = [index for index in likely if fields[index] & _TIMES]
    return timed or sorted(likely, key=lambda index: -len(fields[index]))[:1]


def join(upper: str, lower: str) -> str:
    """
    The name of a column whose header stands in two rows: both together, or whichever is known alone.

    >>> join("抽查对象", "范围"), join("抽查时间", "起")
    ('抽查对象范围', '起')
    """
    if fold(upper + lower) in _KNOWN:
        return upper + lower
    return lower if fold(lower) in _KNOWN else upper + lower
