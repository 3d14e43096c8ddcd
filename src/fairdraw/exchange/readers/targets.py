"""
Reads the directory of inspected subjects (检查对象名录库; rules.md C1–C4): registry exports, drawn lists, our own export.

A file of a million rows is read in batches with little memory. Codes stand once in a file; both rows are
named when one comes twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice, repeat
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from fairdraw.exchange.readers import subject_codes, target_words
from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.classes import class_of
from fairdraw.exchange.readers.columns import Columns, match
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.readers.subject_codes import SubjectCode
from fairdraw.exchange.tables import Record, Table
from fairdraw.kernel import uscc
from fairdraw.kernel.errors import Trouble

BATCH_ROWS = 5_000
MOST_INDEX = 1_000_000

ALIASES = {
    "name": (
        "企业名称",
        "市场主体名称",
        "主体名称",
        "经营主体名称",
        "名称",
        "检查对象",
        "检查对象名称",
        "单位名称",
    ),
    "code": (
        "uscc",
        "统一社会信用代码",
        "统一社会信用代码/注册号",
        "注册号/统一社会信用代码",
        "社会信用代码",
        "统一代码",
        "信用代码",
        "注册号",
        "代码",
    ),
    "draw_code": ("抽取编码",),
    "kind": ("主体类别", "主体性质", "类别", "对象类别", "市场主体类别"),
    "entity_type": ("type_raw", "主体类型", "企业类型", "市场主体类型", "类型"),
    "status": ("登记状态", "企业状态", "经营状态", "主体状态", "状态"),
    "registered_on": ("reg_date", "成立日期", "注册日期", "登记日期", "设立日期", "成立时间", "注册时间"),
    "address": ("住所", "地址", "经营场所", "住所(经营场所)", "注册地址"),
    "town_code": ("乡镇代码", "街道代码"),
    "town": ("乡镇", "乡镇街道", "所属乡镇", "街道"),
    "station": ("jurisdiction", "管辖单位", "市场监管所", "监管所", "所属监管所", "管辖所"),
    "authority": ("登记机关", "authority_name"),
    "industry": ("行业代码", "行业", "行业门类", "国民经济行业"),
    "scope": ("经营范围", "业务范围"),
    "tags": ("监管标签", "标签", "专项库"),
    "credit_class": ("信用风险分类", "信用风险等级", "信用等级", "class"),
    "class_computed_on": ("分类日期", "信用分类日期", "分类计算日期"),
    "abnormal": ("经营异常", "是否列入经营异常名录", "经营异常名录", "是否异常"),
    "serious": ("严重违法失信", "是否列入严重违法失信名单", "严重违法失信名单"),
    "annual_report": ("年报", "年报状态", "年报情况"),
    "food_grade": ("食品风险等级", "食品风险分级", "食品安全风险等级", "风险分级"),
    "food_graded_on": ("食品风险分级日期", "分级日期", "评级日期"),
    "risk_index": ("风险指数", "信用风险指数", "信用风险分值"),
    "risk_index_on": ("风险指数日期", "指数日期"),
    "risk_index_source": ("风险指数来源", "指数来源"),
    "licence_kind": ("许可证名称", "许可名称", "许可种类", "许可证种类"),
    "licence_number": ("许可证编号", "许可证号", "许可编号"),
    "licence_from": ("许可有效期自", "许可证有效期自", "发证日期", "许可日期"),
    "licence_to": ("许可有效期至", "许可证有效期至"),
    "licence_issuer": ("发证机关", "许可机关"),
    "licence_tag": ("许可标签",),
}


class TargetRow(NamedTuple):
    """
    One target as the file has it. Empty text and None mean: the file does not say.

    A named tuple, made seven times as fast as a frozen dataclass: files of a million rows are read.

    ``uscc`` or ``old_number`` names a subject; products, projects and places may have a ``code`` of their own.
    ``status`` is ``unknown`` where the label is not one we know.
    """

    number: int
    name: str
    code: str
    uscc: str
    old_number: str
    draw_code: str
    kind: str
    entity_type: str
    status: str
    registered_on: datetime.date | None
    address: str
    town_code: str
    town: str
    station: str
    authority: str
    industry: str
    scope: str
    tags: tuple[str, ...]
    credit_class: str
    class_computed_on: datetime.date | None
    abnormal: bool | None
    serious: bool | None
    annual_report: str
    food_grade: str
    food_graded_on: datetime.date | None
    risk_index: Decimal | None
    risk_index_on: datetime.date | None
    risk_index_source: str
    licence_kind: str
    licence_number: str
    licence_from: datetime.date | None
    licence_to: datetime.date | None
    licence_issuer: str
    licence_tag: str


class Batch(NamedTuple):
    """Some thousand rows and what was found wrong since the batch before."""

    rows: list[TargetRow]
    troubles: list[Trouble]


def read(table: Table) -> Reading[TargetRow]:
    """Read the whole directory at once (读取检查对象名录); for small files, see :func:`batches`."""
    rows: list[TargetRow] = []
    troubles: list[Trouble] = []
    for batch in batches(table):
        rows += batch.rows
        troubles += batch.troubles
    return Reading(rows, troubles)


def batches(table: Table, *, size: int = BATCH_ROWS) -> Iterator[Batch]:
    """
    Read the directory in batches of at most *size* rows (分批读取检查对象名录).

    Raises:
        InvalidInput: There is no column for the name, or none for the code or the kind.
    """
    columns = match(table, ALIASES, required=[("name",), ("code", "draw_code")])
    return _batches(table, columns, size)


def _batches(table: Table, columns: Columns, size: int) -> Iterator[Batch]:
    reader = _RowReader(Cells(columns, table.name), columns)
    records = table.records()
    while chunk := list(islice(records, size)):
        yield Batch(reader.rows(chunk), reader.take_troubles())
    if table.troubles:  # complete at the end
        yield Batch([], list(table.troubles))


#: Texts taken as they stand, with the most characters the directory keeps (0: no limit).
_PLAIN = {
    "entity_type": 60,
    "address": 300,
    "town": 40,
    "station": 100,
    "authority": 100,
    "industry": 40,
    "scope": 0,
    "risk_index_source": 60,
    "licence_kind": 60,
    "licence_number": 60,
    "licence_issuer": 100,
    "licence_tag": 40,
}

_PLACE = {name: place for place, name in enumerate(TargetRow._fields)}

#: What a row says in fields whose column is not there: nothing, or the empty text.
_NOTHING = frozenset(
    {"registered_on", "class_computed_on", "abnormal", "serious", "food_graded_on"}
    | {"risk_index", "risk_index_on", "licence_from", "licence_to"}
)
_NOT_SAID: list[Any] = [() if n == "tags" else None if n in _NOTHING else "" for n in TargetRow._fields]
_CODE, _OLD_NUMBER, _DRAW_CODE, _KIND = (_PLACE[n] for n in ("code", "old_number", "draw_code", "kind"))
#: Stands for a cell that has not been read.
_ODD: Any = object()
NAME_LENGTH = 200

#: Of a column so many different texts are remembered with what they mean.
MOST_REMEMBERED = 20_000


class _RowReader:
    """Turns cells into target rows; remembers the codes it has seen. Columns that are not there cost nothing."""

    def __init__(self, cells: Cells, columns: Columns) -> None:
        self.cells = cells
        self._at = columns.at
        self._plain = [
            (name, _PLACE[name], columns.at[name], limit) for name, limit in _PLAIN.items() if name in columns
        ]
        readers: dict[str, Callable[[], Any]] = {
            "draw_code": partial(cells.code, "draw_code", limit=36),
            "town_code": partial(cells.code, "town_code", limit=12),
            "status": self._status,
            "registered_on": partial(cells.day, "registered_on"),
            "credit_class": self._class,
            "class_computed_on": partial(cells.day, "class_computed_on"),
            "tags": partial(cells.words, "tags"),
            "abnormal": partial(cells.flag, "abnormal"),
            "serious": partial(cells.flag, "serious"),
            "annual_report": self._report,
            "food_grade": self._food_grade,
            "food_graded_on": partial(cells.day, "food_graded_on"),
            "risk_index": self._index,
            "risk_index_on": partial(cells.day, "risk_index_on"),
            "licence_from": partial(cells.day, "licence_from"),
            "licence_to": self._licence_end,
        }
        self._parsed: list[tuple[int, int, Callable[[], Any], dict[str, Any]]] = [
            (_PLACE[name], columns.at[name], read, {}) for name, read in readers.items() if name in columns
        ]
        self._seen: dict[str, int] = {}
        self._seen_draw_codes: dict[str, int] = {}
        self._seen_names: dict[int, int] = {}

    def take_troubles(self) -> list[Trouble]:
        taken, self.cells.troubles = self.cells.troubles, []
        return taken

    def rows(self, records: list[Record]) -> list[TargetRow]:
        """
        The rows of a block, without those that have an error.

        They are read column by column. What is not plain in every cell is read again by itself, for its troubles.
        """
        columns = list(
            zip(*(record for _number, record in records), strict=False)
        )  # blanks may follow the last
        values: list[Sequence[Any]] = [(value,) * len(records) for value in _NOT_SAID]
        odd: set[int] = set()  # the places of rows to be read by themselves
        for _name, place, index, limit in self._plain:
            values[place] = texts = list(map(str.strip, columns[index]))
            if limit and max(map(len, texts)) > limit:
                odd.update(n for n, text in enumerate(texts) if len(text) > limit)
        for place, index, read, known in self._parsed:
            values[place] = found = list(map(known.get, columns[index], repeat(_ODD)))
            if _ODD in found:
                odd.update(self._read_rest(found, records, index, read, known))
        names = [" ".join(text.split()) for text in columns[self._at["name"]]]
        codes = list(map(str.strip, columns[self._at["code"]])) if "code" in self._at else values[_CODE]
        odd.update(n for n, name in enumerate(names) if not 0 < len(name) <= NAME_LENGTH)
        values[:_DRAW_CODE] = (
            [number for number, _record in records],
            names,
            codes,
            codes,
            values[_OLD_NUMBER],
        )
        by_themselves: dict[int, TargetRow | None] = {}
        values[_KIND] = kinds = self._stated_kinds(columns, codes)
        for n, known_as in enumerate(zip(codes, values[_DRAW_CODE], kinds, names, strict=True)):
            if n in odd or not self._is_plain(records[n][0], *known_as):
                by_themselves[n] = self.row(*records[n])
        rows = map(TargetRow._make, zip(*values, strict=True))
        if not by_themselves:
            return list(rows)
        judged = (by_themselves.get(n, row) for n, row in enumerate(rows))
        return [row for row in judged if row is not None]

    def _read_rest(
        self,
        found: list[Any],
        records: list[Record],
        index: int,
        read: Callable[[], Any],
        known: dict[str, Any],
    ) -> Iterator[int]:
        """Read the cells of a column that are not known yet; gives the places of those with troubles."""
        troubles = self.cells.troubles
        for n, value in enumerate(found):
            if value is _ODD:
                self.cells.load(*records[n])
                before = len(troubles)
                found[n] = self._parse(read, records[n][1][index], known)
                if len(troubles) > before:
                    del troubles[before:]
                    yield n

    def _stated_kinds(self, columns: list[tuple[str, ...]], codes: Sequence[str]) -> list[str | None]:
        """The kinds of a block as stated, else as the number tells."""
        heads = (target_words.kind_of_number(uscc=code, old_number="", name="") for code in codes)
        if "kind" not in self._at:
            return list(heads)
        stated = map(str.strip, columns[self._at["kind"]])
        return [
            target_words.KIND_OF.get(text) if text else head for text, head in zip(stated, heads, strict=True)
        ]

    def _is_plain(self, number: int, code: str, draw_code: str, kind: str | None, name: str) -> bool:
        """Whether row *number* is of a new subject with a sound code of today; then it is remembered."""
        if code in self._seen or kind not in target_words.SUBJECT_KINDS or not uscc.is_valid(code):
            return False
        if draw_code in self._seen_draw_codes:
            return False
        if kind == target_words.ENTERPRISE and self._seen_names.setdefault(hash(name), number) != number:
            return False
        self._seen[code] = number
        if draw_code:
            self._seen_draw_codes[draw_code] = number
        return True

    def row(self, number: int, record: list[str]) -> TargetRow | None:
        """The row *number*; None when it has an error."""
        cells = self.cells
        cells.load(number, record)
        before = len(cells.troubles)
        values = _NOT_SAID.copy()
        for field, place, index, limit in self._plain:
            text = record[index].strip()
            values[place] = cells.text(field, limit=limit) if 0 < limit < len(text) else text
        for place, index, read, known in self._parsed:
            text = record[index]
            values[place] = known[text] if text in known else self._parse(read, text, known)
        name = " ".join(cells.needed("name", limit=NAME_LENGTH).split())
        draw_code = values[_DRAW_CODE]
        kind, code = self._kind_and_code(name, draw_code)
        self._once(self._seen, "code", code.value)
        self._once(self._seen_draw_codes, "draw_code", draw_code)
        if kind == target_words.ENTERPRISE:
            self._twin(name)
        values[:_DRAW_CODE] = number, name, code.value, code.uscc, code.old_number
        values[_KIND] = kind
        return TargetRow._make(values) if self._is_sound(before) else None

    def _parse(self, read: Callable[[], Any], text: str, known: dict[str, Any]) -> Any:
        """What a cell says; the same texts come again and again, and are read once where nothing is wrong with them."""
        before = len(self.cells.troubles)
        value = read()
        if len(known) < MOST_REMEMBERED and len(self.cells.troubles) == before:
            known[text] = value
        return value

    def _is_sound(self, before: int) -> bool:
        troubles = self.cells.troubles
        return len(troubles) == before or all(type(t) is not Trouble for t in troubles[before:])

    def _kind_and_code(self, name: str, draw_code: str) -> tuple[str, SubjectCode]:
        """Kind as stated, else as the number tells; products, projects and places have codes of their own."""
        cells = self.cells
        stated, written = cells.text("kind"), cells.text("code")
        kind = target_words.KIND_OF.get(stated) or target_words.KIND_OF.get(_folded(stated))
        if stated and kind is None:
            cells.refuse(
                "kind", _("“{text}”不是已知的主体类别，请改为企业、个体工商户等").format(text=stated)
            )
        if kind is not None and kind not in target_words.SUBJECT_KINDS:
            return kind, SubjectCode(own=cells.code("code"))
        code = self._subject_code(written, has_draw_code=bool(draw_code))
        if stated or code.refusal:
            return kind or "", code
        kind = target_words.kind_of_number(uscc=code.uscc, old_number=code.old_number, name=name)
        if kind is None and (written or draw_code):
            cells.refuse(
                "code", _("从代码“{code}”看不出主体类别，请加“主体类别”列并填写").format(code=code.value)
            )
        return kind or "", code

    def _subject_code(self, written: str, *, has_draw_code: bool) -> SubjectCode:
        cells = self.cells
        if not written:
            if not has_draw_code:
                cells.refuse("code", _("没有统一社会信用代码或注册号，请补上"))
            return SubjectCode()
        code = subject_codes.read(written)
        if code.refusal:
            cells.refuse("code", code.refusal)
        elif code.caution:
            cells.caution("code", code.caution)
        return code

    def _status(self) -> str:
        text = self.cells.text("status")
        if not text:
            return ""
        status = target_words.STATUS_OF.get(text) or target_words.STATUS_OF.get(_folded(text))
        if status is None:
            self.cells.caution(
                "status", _("“{text}”不是已知的登记状态，先记为待核，不参加抽取").format(text=text)
            )
            return target_words.UNKNOWN
        return status

    def _class(self) -> str:
        text = self.cells.text("credit_class")
        if not text:
            return ""
        value = class_of(text)
        if value is None:
            self.cells.refuse("credit_class", _("“{text}”不是 A、B、C、D 四类之一").format(text=text))
        return value or ""

    def _twin(self, name: str) -> None:
        """Two enterprises of one region do not bear one name: told, not refused."""
        number = self.cells.number
        first = self._seen_names.setdefault(hash(name), number)
        if first != number and name:
            self.cells.caution(
                "name", _("与第{first}行同名而代码不同，请核对是否为同一户").format(first=first)
            )

    def _food_grade(self) -> str:
        text = self.cells.text("food_grade")
        value = class_of(text) if text else ""
        if value is None:
            self.cells.refuse("food_grade", _("“{text}”不是食品风险等级 A、B、C、D 之一").format(text=text))
        return value or ""

    def _index(self) -> Decimal | None:
        value = self.cells.number_of("risk_index")
        if value is None or 0 <= value < MOST_INDEX:
            return value
        self.cells.refuse("risk_index", _("风险指数须在0至999999之间"))
        return None

    def _licence_end(self) -> datetime.date | None:
        return None if self.cells.text("licence_to") in {"长期", "永久"} else self.cells.day("licence_to")

    def _report(self) -> str:
        text = self.cells.text("annual_report")
        if not text:
            return ""
        value = target_words.REPORT_OF.get(text)
        if value is None:
            self.cells.caution("annual_report", _("“{text}”不是已知的年报状态，未读入").format(text=text))
        return value or ""

    def _once(self, seen: dict[str, int], field: str, value: str) -> None:
        if not value:
            return
        number = self.cells.number
        first = seen.setdefault(value, number)
        if first != number:
            message = _("代码 {value} 在第{first}行和第{second}行重复，请核对后只留一行")
            self.cells.refuse(field, message.format(value=value, first=first, second=number))


def _folded(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")").replace("，", ",").replace("；", ";")
