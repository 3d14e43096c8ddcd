"""
Visits that came from no draw (非随机的入企检查), matched: targets of the directory, units, kinds, items, reasons.

Nothing is guessed: a name that two targets bear, a kind or a reason that nobody knows, a day to come are refused
with row and column; a unit that has no place here is kept by its name.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.burden.entries import VisitEntry
from fairdraw.burden.rules import EXEMPTIONS, KINDS, OTHER
from fairdraw.exchange.readers import visits as reader
from fairdraw.exchange.readers.columns import Columns, open_register
from fairdraw.exchange.readers.report import Told
from fairdraw.exchange.readers.visits import VisitRow
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.kernel.errors import Trouble
from fairdraw.registers.models import Item, Target


def read_visits(path: Path, *, today: dt.date, told: Told, layout: Layout = AS_FOUND) -> list[VisitEntry]:
    """
    The visits of a file, each with the target of the directory that it names (读取入企检查记录).

    Args:
        path: csv or a workbook.
        today: No visit is later.
        told: Collects cautions, and the rows that cannot be used.
        layout: What a person said of the file's shape.

    Raises:
        InvalidInput: Rows that cannot be used, by row and column.
    """
    table = open_register(path, reader.ALIASES, layout)
    reading = reader.read(table)
    matcher = _Matcher(Columns(table.header, reader.ALIASES, layout.columns), path.name, today)
    matcher.learn(reading.rows)
    found = [(row.number, matcher.entry(row)) for row in reading.rows]
    is_good = told.usable([*reading.troubles, *matcher.troubles])
    return [entry for number, entry in found if entry is not None and is_good(number)]


class _Matcher:
    """Turns rows into entries and says what is wrong with them."""

    def __init__(self, columns: Columns, file: str, today: dt.date) -> None:
        self.troubles: list[Trouble] = []
        self._columns, self._file, self._today = columns, file, today
        self._targets: dict[str, set[str]] = defaultdict(set)
        self._seen: dict[tuple[str, str], int] = {}
        self._units = accounts.unit_codes()
        self._items = {
            word: code for code, name in Item.objects.values_list("code", "name") for word in (code, name)
        }
        self._kinds = (
            reader.KIND_WORDS | {str(_(label)): code for code, label in KINDS.items()} | {k: k for k in KINDS}
        )
        self._exempt = {str(_(label)): code for code, label in EXEMPTIONS.items()} | {
            k: k for k in EXEMPTIONS
        }

    def learn(self, rows: list[VisitRow]) -> None:
        """Look every code and name of the file up at once."""
        wanted = {word for row in rows for word in (row.code, row.name) if word}
        known = Target.objects.values_list("uscc", "old_number", "name", "draw_code")
        for words in known.iterator(chunk_size=5000):
            for word in words:
                if word in wanted:
                    self._targets[word].add(words[-1])

    def entry(self, row: VisitRow) -> VisitEntry | None:
        """The entry of a row; ``None`` where it is none, with the reason."""
        before = len(self.troubles)
        target = self._target(row)
        kind = self._word(
            row, "kind", row.kind, self._kinds, OTHER, _("不认识检查类型“%(word)s”，可用：%(known)s")
        )
        exempt = self._word(
            row,
            "exempt",
            row.exempt,
            self._exempt,
            "",
            _("不认识不计入频次的原因“%(word)s”，可用：%(known)s"),
        )
        items = tuple(self._item(row, word) for word in row.items)
        if row.visited_on is not None and row.visited_on > self._today:
            self._refuse(row, "visited_on", _("检查日期不能晚于今天"))
        if len(self.troubles) > before or row.visited_on is None or not target:
            return None
        code = self._units.get(row.agency, "")
        entry = VisitEntry(
            draw_code=target,
            visited_on=row.visited_on,
            agency_code=code,
            unit_name="" if code else row.agency,
            kind=kind,
            higher=bool(row.higher),
            items=items,
            exempt_code=exempt,
            note=row.note,
        )
        first = self._seen.setdefault((target, entry.reference), row.number)
        if first != row.number:
            said = _("与第%(row)s行是同一次检查（对象、日期、单位、类型都相同），请只留一行")
            self._refuse(row, "visited_on", said % {"row": first})
            return None
        return entry

    def _target(self, row: VisitRow) -> str:
        word = row.code or row.name
        if not word:
            return ""  # told by the reader
        field = "code" if row.code else "name"
        found = self._targets.get(word, set())
        if not found:
            self._refuse(row, field, _("名录库中没有“%(word)s”，请核对或先录入检查对象") % {"word": word})
        elif len(found) > 1:
            said = _("名录库中有%(n)s户叫“%(word)s”，请写统一社会信用代码")
            self._refuse(row, field, said % {"n": len(found), "word": word})
        return next(iter(found)) if len(found) == 1 else ""

    def _item(self, row: VisitRow, word: str) -> str:
        code = self._items.get(word, "")
        if not code:
            self._refuse(row, "items", _("事项清单中没有“%(word)s”") % {"word": word})
        return code

    def _word(
        self, row: VisitRow, field: str, word: str, known: dict[str, str], empty: str, said: str
    ) -> str:
        if not word:
            return empty
        code = known.get(word, "")
        if not code:
            names = "、".join(dict.fromkeys(w for w in known if not w.isascii()))
            self._refuse(row, field, said % {"word": word, "known": names})
        return code

    def _refuse(self, row: VisitRow, field: str, message: str) -> None:
        self.troubles.append(
            Trouble(message, file=self._file, row=row.number, column=self._columns.name(field))
        )
