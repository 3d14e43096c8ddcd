"""
The paper with which rows of a received list go back to whoever sent them (退回清单; N14), for Word and for Excel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.documents.tables import CellKind, Column, table_xlsx
from fairdraw.documents.wordpaper import Paper


@dataclass(frozen=True)
class ReturnList:
    """
    What goes back, and of what.

    Attributes:
        title: What the paper is called.
        to: Whom it is for.
        lines: What it is about and the counts, a sentence each.
        rows: (row of the list, name, code, reason), in the list's order.
        office: Who sends it.
        day: When, in words.
        mark: 演示（虚构数据）, 演练 …
    """

    title: str
    to: str
    lines: Sequence[str]
    rows: Sequence[tuple[int, str, str, str]]
    office: str
    day: str
    mark: str = ""


def return_docx(told: ReturnList) -> bytes:
    """Write the return list as a letter with its table (Word)."""
    paper = Paper(told.title, mark=told.mark)
    paper.title(told.title)
    paper.addressee(told.to)
    for line in told.lines:
        paper.text(line)
    heads = (_("序号"), _("原名单行号"), _("名称"), _("代码"), _("退回原因"))
    rows = [
        (str(n), str(row), name, code, reason)
        for n, (row, name, code, reason) in enumerate(told.rows, start=1)
    ]
    paper.table(heads, rows, widths=(12, 18, 50, 36, 40))
    paper.signature(told.office, told.day)
    return paper.to_bytes()


def return_xlsx(told: ReturnList) -> bytes:
    """Write the same list for Excel, the counts in its last line."""
    columns = (
        Column(_("序号"), CellKind.INTEGER, 8),
        Column(_("原名单行号"), CellKind.INTEGER, 12),
        Column(_("名称"), width=40),
        Column(_("代码"), width=22),
        Column(_("退回原因"), width=44),
    )
    rows = [(n, *row) for n, row in enumerate(told.rows, start=1)]
    return table_xlsx(told.title, columns, rows, note=" ".join(told.lines), mark=told.mark)
