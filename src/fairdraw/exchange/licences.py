"""
Licences of a file with the targets of the directory that they belong to (许可证名单的匹配); nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.exchange.readers import licences as reader
from fairdraw.exchange.readers.columns import Columns, open_register
from fairdraw.exchange.readers.licences import LicenceRow
from fairdraw.exchange.readers.report import Told
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.kernel.errors import Trouble
from fairdraw.registers.entries import LicenceEntry
from fairdraw.registers.models import Licence, Target

CHUNK = 500


def read_licences(path: Path, *, told: Told, layout: Layout = AS_FOUND) -> list[tuple[str, LicenceEntry]]:
    """
    The licences of a file, each with the draw code of its target (读取许可证名单).

    Args:
        path: csv or a workbook.
        told: Collects the rows that cannot be used.
        layout: What a person said of the file's shape.

    Raises:
        InvalidInput: Rows that cannot be used, by row and column.
    """
    table = open_register(path, reader.ALIASES, layout)
    reading = reader.read(table)
    columns = Columns(table.header, reader.ALIASES, layout.columns)
    targets, holders = _targets(reading.rows), _holders(reading.rows)
    troubles = list(reading.troubles)

    def refuse(row: LicenceRow, field: str, message: str) -> None:
        column = columns.name(field)
        troubles.append(Trouble(message, file=path.name, row=row.number_of_row, column=column))

    found: list[tuple[int, str, LicenceEntry]] = []
    for row in reading.rows:
        word, field = (row.code, "code") if row.code else (row.name, "name")
        codes = targets.get(word, set())
        if len(codes) > 1:
            said = _("名录库中有%(n)s户叫“%(word)s”，请写统一社会信用代码")
            refuse(row, field, said % {"n": len(codes), "word": word})
        elif not codes:
            if word:
                said = _("名录库中没有“%(word)s”，请核对或先录入检查对象")
                refuse(row, field, said % {"word": word})
        else:
            [code] = codes
            if holders.get((row.kind, row.number), code) != code:
                refuse(row, "number", _("这个许可证已登记在另一户名下，请核对"))
            found.append((row.number_of_row, code, _entry(row)))
    is_good = told.usable(troubles)
    return [(code, entry) for number, code, entry in found if is_good(number)]


def _entry(row: LicenceRow) -> LicenceEntry:
    return LicenceEntry(row.kind, row.number, row.valid_from, row.valid_to, row.issuer, row.tag)


def _targets(rows: list[LicenceRow]) -> dict[str, set[str]]:
    """Draw codes by every code and name that the file writes."""
    wanted = {word for row in rows for word in (row.code, row.name) if word}
    found: dict[str, set[str]] = defaultdict(set)
    known = Target.objects.values_list("uscc", "old_number", "name", "draw_code")
    for words in known.iterator(chunk_size=5000):
        for word in wanted.intersection(words):
            found[word].add(words[-1])
    return found


def _holders(rows: list[LicenceRow]) -> dict[tuple[str, str], str]:
    """Draw code of the target that holds a licence now, by kind and number."""
    numbers = sorted({row.number for row in rows})
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(numbers), CHUNK):
        held = Licence.objects.filter(number__in=numbers[start : start + CHUNK])
        for kind, number, code in held.values_list("kind", "number", "target__draw_code"):
            found[kind, number] = code
    return found
