"""
The papers that issue the annual plan (印发计划): the notice from the agency's own text, the plan table as its annex (附件1).

They go to the office system (公文系统), which numbers them; number and day are filled back afterwards. Clauses: N07;
安市监〔2024〕26号 三（一）.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from fairdraw.documents.tables import CellKind, Column, table_xlsx
from fairdraw.documents.wordpaper import Paper
from fairdraw.kernel.errors import InvalidInput

FIELDS = ("year", "title", "agency", "count", "version", "reason")
_FIELD = re.compile(r"\{([^{}]*)\}")
_HEADING = re.compile(r"[一二三四五六七八九十]+、\S{1,40}")
LETTER = """\
各股室、市场监管所：
为落实“双随机、一公开”监管要求，现将《{title}》印发给你们，请认真组织实施。
一、计划安排
{year}年度共安排抽查任务{count}项，具体任务、抽查事项、检查对象、比例或数量、时间和分工见附件。
二、工作要求
各承办单位按照计划制定抽查方案，随机抽取检查对象、随机选派执法检查人员，检查结果在办结期限内公示。
计划如需调整，由领导小组办公室另行公布。
"""
ANNEX = (
    ("序号", "number", 11),
    ("任务名称", "task", 33),
    ("抽查类型", "type", 15),
    ("抽查事项", "items", 33),
    ("检查对象", "scope", 32),
    ("比例或数量", "amount", 22),
    ("发起部门", "initiator", 20),
    ("配合部门", "participants", 20),
    ("时间", "window", 24),
    ("上级来源（自行安排的写本地理由）", "origin", 27),
)


class UnknownField(InvalidInput):
    """The text of the notice names a field that there is not."""

    code = "documents.unknown-field"


def require_known_fields(text: str) -> None:
    """
    Refuse a text with fields that cannot be filled.

    Raises:
        UnknownField: Names the line and the field.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        for name in _FIELD.findall(line):
            if name not in FIELDS:
                known = "、".join(f"{{{field}}}" for field in FIELDS)
                words = {"line": number, "name": name, "known": known}
                raise UnknownField(_("第%(line)s行的“{%(name)s}”不能填写，可用：%(known)s") % words)


def letter_docx(
    text: str,
    *,
    title: str,
    fields: Mapping[str, str],
    office: str,
    day: str,
    number: str = "",
    mark: str = "",
) -> bytes:
    """Write the notice that issues the plan (印发通知正文), its annexes named at the end."""
    require_known_fields(text)
    paper = Paper(title, mark=mark)
    paper.title(title, number=number)
    for line in text.splitlines():
        filled = _FIELD.sub(lambda found: fields.get(found[1], ""), line).strip()
        if filled.endswith("：") and line is text.splitlines()[0]:
            paper.addressee(filled.rstrip("："))
        elif _HEADING.fullmatch(filled):
            paper.heading(filled)
        elif filled:
            paper.text(filled)
    paper.text(_("附件：%(name)s") % {"name": fields["title"]})
    paper.signature(office, day)
    return paper.to_bytes()


def annex_docx(title: str, rows: Sequence[Mapping[str, str]], *, mark: str = "") -> bytes:
    """Write the plan table as the annex in Word, on its side: exactly *rows*, in their order."""
    paper = Paper(title, mark=mark, landscape=True)
    paper.text(_("附件"))
    paper.title(title)
    heads, names, widths = zip(*ANNEX, strict=True)
    paper.table(heads, [[row[name] for name in names] for row in rows], widths=widths)
    return paper.to_bytes()


def annex_xlsx(title: str, rows: Sequence[Mapping[str, str]], *, note: str = "", mark: str = "") -> bytes:
    """Write the same table for Excel."""
    columns = [
        Column(head, CellKind.INTEGER if name == "number" else CellKind.TEXT, max(8, width // 2 + 4))
        for head, name, width in ANNEX
    ]
    cells = [
        [int(row[name]) if name == "number" else row[name] for _head, name, _width in ANNEX] for row in rows
    ]
    return table_xlsx(title, columns, cells, note=note, mark=mark)


def list_docx(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    facts: Sequence[str] = (),
    mark: str = "",
) -> bytes:
    """Write a list under a title, with what it is about above it: who signed for the plan, what goes back to a sender."""
    paper = Paper(title, mark=mark)
    paper.title(title)
    for fact in facts:
        paper.text(fact)
    paper.table(heads, rows, widths=widths)
    return paper.to_bytes()
