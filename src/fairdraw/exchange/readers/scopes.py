"""
From the wording of a plan's object scope to a predicate over the target directory (抽查对象范围; rules.md C2).

The alias table names the wordings whose meaning was settled. A wording is sure only when the table explains
all of it; one word left over and the row is held for a person, never drawn from the nearest match.
"""

from __future__ import annotations

import csv
import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

ALIAS_FILE = Path(__file__).resolve().parent.parent / "defaults" / "scope_aliases.csv"

_SINCE = re.compile(
    r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?(?:之|以)?后(?:新)?(?:成立|登记|设立|注册|开办)?(?:登记|设立|注册)?的?"
)
_WITHIN_YEAR = re.compile(r"(?:(\d{4})年度?|本年度?|当年|年内)?新(?:开办|设立|登记|成立|注册|办)的?")
_UNTIL = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?(?:之|以)?前")
_NAME_WORDS = re.compile(r"名称中?含有?[“\"]")
_GRADES = re.compile(r"(?:风险|信用)(?:等级|分级|类别)?(?:为|是)?[A-D](?:[、,和及][A-D])*(?:级|类)?(?:的)?")
_AREA = re.compile(
    r"^(?:全省|全市|全县|全区|全州|本省|本市|本县|本区|本辖区|辖区|市区|县域|区内|县内)(?:范围)?(?:内)?(?:的)?"
)
_FILLER = re.compile(
    r"各类|所有|全部|相关|以及|及其他|及其它|其他|其它|包括|含|及其|及|和|与|或|等|的|[、,;。:/()《》“”\"]"
)
_PARTS = re.compile(r"[;。]|(?<!\d),")


@dataclass(frozen=True, slots=True)
class ScopeGuess:
    """
    What a wording seems to mean.

    Attributes:
        tags: Targets that carry one of these; none means no tag is asked for.
        kinds: Kinds of targets; none means every kind.
        registered_from: Only those founded on this day or later.
        sure: The wording is explained entirely by the alias table.
        note: For a person: what was taken for granted, or why it is not sure.
    """

    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    registered_from: datetime.date | None = None
    sure: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Alias:
    tags: tuple[str, ...]
    kinds: tuple[str, ...]


@cache
def _aliases(path: Path = ALIAS_FILE) -> dict[str, _Alias]:
    """Wording → meaning, the longest wordings first."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            (_plain(row["wording"]), _Alias(_list(row["tags"]), _list(row["kinds"])))
            for row in csv.DictReader(stream)
        ]
    return dict(sorted(rows, key=lambda row: len(row[0]), reverse=True))


def _list(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(";") if word)


def _plain(text: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return text.replace("《", "").replace("》", "").strip("。;,、")


def guess(wording: str, *, year: int | None = None) -> ScopeGuess:
    """
    Read the wording of an object scope (识别抽查对象范围).

    Args:
        wording: The cell as written.
        year: The plan's year, for 新开办企业 without a year.

    >>> guess("餐饮服务经营者;学校、托幼机构、养老机构等食堂").tags
    ('canteen', 'catering')
    >>> guess("2025年1月1日之后成立的企业").registered_from
    datetime.date(2025, 1, 1)
    >>> guess("领取代理记账许可证书的机构").sure
    False
    """
    plain = _plain(wording)
    if not plain:
        return ScopeGuess(note=_("没有写明检查对象"))
    beyond = _beyond_the_predicate(plain)
    since, rest = _since(plain, year)
    tags, kinds, left = _explained(rest)
    if beyond:
        return ScopeGuess(tags, kinds, since, sure=False, note=beyond)
    if left:
        note = _("“{left}”不在对象范围对照表里，请确认抽查对象后再编制方案").format(left="、".join(left))
        return ScopeGuess(tags, kinds, since, sure=False, note=note)
    if not tags and not kinds:
        return ScopeGuess(registered_from=since, sure=False, note=_("看不出检查对象是哪一类"))
    note = _("“之后”按含当日理解") if since and _SINCE.search(plain) else ""
    return ScopeGuess(tags, kinds, since, sure=True, note=note)


def _beyond_the_predicate(plain: str) -> str:
    """Conditions that tags, kinds and the day of registration cannot express."""
    if _NAME_WORDS.search(plain):
        return _("对象按名称中的字词确定，请人工筛选后导入名单")
    if _GRADES.search(plain):
        return _("对象按风险等级确定，请先导入等级或改写对象范围")
    if _UNTIL.search(plain):
        return _("对象按某日之前登记确定，请人工确认对象范围")
    return ""


def _since(plain: str, year: int | None) -> tuple[datetime.date | None, str]:
    """The first day of registration, and the wording without it."""
    found = _SINCE.search(plain)
    if found:
        try:
            day = datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            return None, plain
        return day, plain[: found.start()] + plain[found.end() :]
    new = _WITHIN_YEAR.search(plain)
    if new and (new[1] or year):
        return datetime.date(int(new[1] or year or 0), 1, 1), plain[: new.start()] + plain[new.end() :]
    return None, plain


def _explained(plain: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """Tags and kinds of all parts, and what no alias explains."""
    found: list[_Alias] = []
    left: list[str] = []
    for part in _PARTS.split(plain):
        aliases, rest = _consume(_AREA.sub("", part))
        found += aliases
        if rest:
            left.append(rest)
    tags = sorted({tag for alias in found for tag in alias.tags})
    # A part of any kind beside a part of one kind: together they are of any kind.
    kinds = sorted({kind for alias in found for kind in alias.kinds} if all(a.kinds for a in found) else ())
    if tags and not all(alias.tags for alias in found):
        left.append(_("行业与主体类别混写"))
    return tuple(tags), tuple(kinds), left


def _consume(part: str) -> tuple[list[_Alias], str]:
    """Take the longest known wordings out of *part*; what stays beside fillers was not understood."""
    found: list[_Alias] = []
    rest = part
    for wording, alias in _aliases().items():
        if wording in rest:
            found.append(alias)
            rest = rest.replace(wording, ";")
    return found, _FILLER.sub("", rest)


def known_words() -> list[str]:
    """Every wording of the alias table, in the order of its file, as suggestions for a person."""
    with ALIAS_FILE.open(encoding="utf-8", newline="") as stream:
        return [row["wording"] for row in csv.DictReader(stream)]
