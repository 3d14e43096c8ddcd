"""
The cells of one row by field: texts, days, codes, flags, lists, each with a sentence when it cannot be read.

Nothing is guessed: what cannot be read becomes a trouble with row and column and reads as empty.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.columns import Columns
from fairdraw.exchange.readers.report import Caution
from fairdraw.kernel.errors import Trouble
from fairdraw.kernel.text import gettext_noop

_DAY = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?$"
)
_COMPACT_DAY = re.compile(r"^(19|20)\d{6}$")
_SERIAL_DAY = re.compile(r"^\d{5}$")
_SERIAL_EPOCH = datetime.date(1899, 12, 30)
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[Ee]\+?\d{1,2}$")
_WORDS = re.compile(r"[、,，;；|\n]+")
_TRUE = frozenset({"1", "true", "t", "y", "yes", "是", "有", "√", "✓", "已列入", "列入"})
_FALSE = frozenset({"0", "false", "f", "n", "no", "否", "无", "×", "未列入", "-", "不在"})

SCIENTIFIC_ADVICE = gettext_noop(
    "Excel 把代码变成了科学计数法，末几位已经丢失。请从原系统重新导出，并把该列设为“文本”格式"
)


def is_scientific(text: str) -> bool:
    """
    Tell whether a code has become a number in Excel's notation.

    >>> is_scientific("9.13505E+17"), is_scientific("91350524MA0000007P")
    (True, False)
    """
    return bool(_SCIENTIFIC.match(text))


def day(text: str) -> datetime.date | None:
    """
    Read a day as people and Excel write it; None when it is none.

    >>> day("2024年3月1日"), day("2024/3/1"), day("20240301"), day("44927"), day("3月1日")
    (datetime.date(2024, 3, 1), datetime.date(2024, 3, 1), datetime.date(2024, 3, 1), datetime.date(2023, 1, 1), None)
    """
    text = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.match(text)
    try:
        if found:
            return datetime.date(int(found[1]), int(found[2]), int(found[3]))
        if _COMPACT_DAY.match(text):
            return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    if _SERIAL_DAY.match(text):
        return _SERIAL_EPOCH + datetime.timedelta(days=int(text))
    return None


def words(text: str) -> tuple[str, ...]:
    """
    Split a list in one cell.

    >>> words("A01、A02;A03")
    ('A01', 'A02', 'A03')
    """
    return tuple(word for part in _WORDS.split(text) if (word := part.strip()))


class Cells:
    """Reads the cells of row after row; ``load`` moves it to the next row."""

    def __init__(self, columns: Columns, file: str) -> None:
        self.file = file
        self.number = 0
        self.troubles: list[Trouble] = []
        self._columns = columns
        self._at: Mapping[str, int] = columns.at
        self._cells: Sequence[str] = ()

    def load(self, number: int, cells: Sequence[str]) -> None:
        """Go to the row *number*."""
        self.number = number
        self._cells = cells

    def refuse(self, field: str, message: str) -> None:
        """Report an error in this row."""
        self.troubles.append(
            Trouble(
                message, file=self.file, row=self.number, column=self._columns.name(field) if field else ""
            )
        )

    def caution(self, field: str, message: str) -> None:
        """Report something that does not keep the row out."""
        self.troubles.append(
            Caution(
                message, file=self.file, row=self.number, column=self._columns.name(field) if field else ""
            )
        )

    def text(self, field: str, *, limit: int = 0) -> str:
        """The cell's text without outer blanks; longer than *limit* characters is an error."""
        index = self._at.get(field)
        if index is None:
            return ""
        text = self._cells[index].strip()
        if limit and len(text) > limit:
            self.refuse(field, _("内容有 {have} 个字，最多 {limit} 个字").format(have=len(text), limit=limit))
            return ""
        return text

    def needed(self, field: str, *, limit: int = 0) -> str:
        """As :meth:`text`; an empty cell is an error."""
        text = self.text(field, limit=limit)
        if not text:
            self.refuse(field, _("这一格不能为空，请补上"))
        return text

    def day(self, field: str) -> datetime.date | None:
        """The cell as a day, None when empty."""
        text = self.text(field)
        if not text:
            return None
        value = day(text)
        if value is None:
            self.refuse(field, _("“{text}”不是日期，请写成 2024-03-01 这样").format(text=text))
        return value

    def flag(self, field: str) -> bool | None:
        """The cell as yes or no, None when empty."""
        text = self.text(field)
        if not text:
            return None
        if text.lower() in _TRUE:
            return True
        if text.lower() in _FALSE:
            return False
        self.refuse(field, _("“{text}”读不出是或否，请填“是”或“否”").format(text=text))
        return None

    def words(self, field: str) -> tuple[str, ...]:
        """The cell as a list."""
        return words(self.text(field))

    def code(self, field: str, *, limit: int = 40) -> str:
        """The cell as a code of our own or another system; Excel's notation is an error."""
        text = self.text(field, limit=limit)
        if text and is_scientific(text):
            self.refuse(field, _(SCIENTIFIC_ADVICE))
            return ""
        return text

    def number_of(self, field: str) -> Decimal | None:
        """The cell as a decimal number, None when empty."""
        text = self.text(field).replace(",", "")
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = None
        if value is None or not value.is_finite():
            self.refuse(field, _("“{text}”不是数字").format(text=text))
            return None
        return value
