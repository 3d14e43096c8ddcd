"""
The return list of a list drawn elsewhere (退回清单), as it is shown and as it leaves: counts by reason, a reason a row (N14).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.documents import list_papers
from fairdraw.documents.typesetting import day_text
from fairdraw.draws import list_rows
from fairdraw.draws.list_rows import ReturnedEntry
from fairdraw.draws.receiving import Origin
from fairdraw.exchange import received
from fairdraw.kernel.errors import NotFound
from fairdraw.plans.models import Task

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Told:
    """A return list with what it is about; ``backs`` counts the rows by why they go back."""

    task: Task
    origin: Origin
    row_count: int
    matched: int
    returned: Sequence[ReturnedEntry]
    ways: Sequence[tuple[str, int]]
    backs: Sequence[tuple[str, int]]
    on: dt.date

    @classmethod
    def of(
        cls,
        task: Task,
        origin: Origin,
        counts: Mapping[str, int],
        returned: Sequence[ReturnedEntry],
        *,
        on: dt.date,
    ) -> Told:
        """The return list of *task*; *counts* as :func:`draws.list_rows.tally` makes them."""
        matched = sum(n for key, n in counts.items() if not key.startswith(list_rows.BACK_KEY))
        return cls(
            task,
            origin,
            matched + len(returned),
            matched,
            returned,
            list_rows.ways(counts),
            list_rows.backs(counts),
            on,
        )

    @property
    def lines(self) -> list[str]:
        """What goes back and why, in sentences."""
        named = f"《{self.origin.document_title}》" if self.origin.document_title else ""
        words = {
            "named": named,
            "number": self.origin.document_number,
            "day": day_text(self.origin.drawn_on),
            "task": self.task.name,
            "all": self.row_count,
            "matched": self.matched,
            "back": len(self.returned),
        }
        found = [
            _(
                "你单位%(named)s（%(number)s）%(day)s抽取派发的“%(task)s”检查对象名单收悉，经与本局名录库核对："
            )
            % words,
            _("名单共%(all)s行，可以检查%(matched)s户，不能检查退回%(back)s行。") % words,
        ]
        if self.backs:
            counted = "，".join(_("%(label)s%(n)s行") % {"label": label, "n": n} for label, n in self.backs)
            found.append(_("退回的行中：%(counted)s。逐行原因见下表，请核实后答复。") % {"counted": counted})
        return found


def paper(told: Told, form: str) -> bytes:
    """
    The return list as a file: ``csv``, ``xlsx`` or ``docx``.

    Raises:
        NotFound: There is no such form.
    """
    if form == "csv":
        return received.return_list(told.returned)
    if form not in MEDIA_TYPES:
        raise NotFound(_("没有这种导出格式"))
    held = accounts.installation()
    made = list_papers.ReturnList(
        title=_("关于退回%(task)s部分检查对象的函") % {"task": told.task.name},
        to=told.origin.drawn_by,
        lines=told.lines,
        rows=[(e.row, e.name, e.code, e.reason) for e in told.returned],
        office=accounts.root().name,
        day=day_text(told.on),
        mark=held.mark if held else "",
    )
    return list_papers.return_docx(made) if form == "docx" else list_papers.return_xlsx(made)
