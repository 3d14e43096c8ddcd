"""
Pure decisions about papers (文书): numbers, order of a print batch, masks, percentages.

Clauses: 安市监〔2024〕26号 (form of the number); domain data_standards §7 (masks), §8 (numbers);
kpi §0 (never round up to a goal).
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from fractions import Fraction

from fairdraw.documents.shapes import Route, Visit
from fairdraw.documents.summaries import Indicator, Unit
from fairdraw.kernel.errors import InvalidInput
from fairdraw.kernel.text import gettext_noop as _

_BRACKETED_YEAR = re.compile(r"[\[［(（〔【]\s*(\{year\}|[0-9]{4})\s*[\]］)）〕】]")
_DIGITS = re.compile(r"([0-9]+)")
_FULL_WIDTH_DIGITS = {ord("０") + n: str(n) for n in range(10)}


class BadNumberPattern(InvalidInput):
    """The agency's pattern for document numbers cannot be used."""

    code = "documents.bad-number-pattern"


def document_number(pattern: str, year: int, seq: int, *, part: int = 0) -> str:
    """
    Write a document number (发文字号) from the agency's pattern.

    Args:
        pattern: Text with ``{year}`` and ``{seq}``, each once: ``安市监抽查通〔{year}〕{seq}号``. Any brackets
            around the year become 〔〕 (U+3014, U+3015).
        year: Four digits.
        seq: 1 or more, printed without leading zeros.
        part: For one decision over several parties: 1 or more adds ``-part`` after the number.

    Raises:
        BadNumberPattern: A field is missing, twice, or unknown.
        InvalidInput: *year*, *seq* or *part* is out of range.

    Source: GB/T 9704-2012 7.2.5; domain workflow §8.2.

    >>> document_number("安市监异入[{year}]{seq}号", 2026, 1)
    '安市监异入〔2026〕1号'
    """
    try:
        fields = [(name, spec, conv) for _text, name, spec, conv in string.Formatter().parse(pattern)]
    except ValueError:
        fields = []
    named = sorted((f for f in fields if f[0] is not None), key=lambda f: str(f[0]))
    if named != [("seq", "", None), ("year", "", None)]:
        message = _("文号格式“%(pattern)s”不能使用：须各含一个 {year} 和一个 {seq}，不含其他花括号")
        raise BadNumberPattern(message % {"pattern": pattern})
    if not (1949 <= year <= 9999 and seq >= 1 and part >= 0):
        raise InvalidInput(_("文号的年份应为四位数，顺序号应为不小于1的整数"))
    text = _BRACKETED_YEAR.sub(r"〔\1〕", pattern)
    return text.format(year=year, seq=f"{seq}-{part}" if part else seq)


def fold_number(text: str) -> str:
    """
    Fold a document number as people type it, for searching: any brackets, blanks, full-width digits.

    >>> fold_number("安市监 [2024] ２６号") == fold_number("安市监〔2024〕26号")
    True
    """
    closed = "".join(text.split()).translate(_FULL_WIDTH_DIGITS)
    return _BRACKETED_YEAR.sub(r"〔\1〕", closed)


def scheme_name(region: str, year: int, item: str) -> str:
    """Name a scheme as the notice suggests: 地区+年度+抽查事项+抽查方案 (安市监〔2024〕26号 三（一）)."""
    tail = "" if item.endswith("抽查") else "抽查"
    return f"{region}{year}年{item}{tail}方案"


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key in which house number 9 comes before 12; empty text comes last."""
    if not text:
        return ((2, 0, ""),)
    pieces = (piece for piece in _DIGITS.split(text.translate(_FULL_WIDTH_DIGITS)) if piece)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)


def batch_order(visit: Visit) -> tuple[object, ...]:
    """The order of a print batch: station, town, address, then name and code, so that piles can be handed out."""
    party = visit.party
    keys = (party.station, party.town, party.address, party.name, party.code)
    return tuple(natural_key(text) for text in keys)


def routes(visits: Iterable[Visit], *, office: str) -> list[Route]:
    """
    Put visits into routes (检查路线): one department, one station's area, one day, one team; each in the order of a print batch.

    Routes of *office* come before those of other departments; then station by station, day by day, team by team.
    """
    held: dict[tuple[object, ...], list[Visit]] = {}
    for visit in sorted(visits, key=batch_order):
        team = tuple(one.certificate or one.name for one in visit.inspectors)
        who, station = visit.office.name, natural_key(visit.party.station)
        held.setdefault((who != office, who, station, visit.window_from, visit.window_to, team), []).append(
            visit
        )
    return [Route(tuple(held[key])) for key in sorted(held)]


def mask_phone(number: str) -> str:
    """
    Hide the middle of a telephone number.

    >>> mask_phone("13800000000"), mask_phone("0595-23232323")
    ('138****0000', '0595****2323')
    """
    digits = "".join(re.findall(r"[0-9]", number))
    return (
        f"{digits[:-4][: 3 if len(digits) == 11 and digits[0] == '1' else 4]}****{digits[-4:]}"
        if len(digits) > 8
        else "****"
    )


def mask_id_number(number: str) -> str:
    """
    Keep the first six and the last two characters of an identity number.

    >>> mask_id_number("350524199001010012")
    '350524**********12'
    """
    return number[:6] + "*" * (len(number) - 8) + number[-2:] if len(number) > 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """
    Keep the family name alone.

    >>> mask_name("陈小明")
    '陈**'
    """
    return name[:1] + "*" * (len(name) - 1)


def quotient_text(numerator: int, denominator: int, *, goal: Fraction | None = None) -> str:
    """
    Show a share in percent with two decimals, never rounded up to its goal or to 100%.

    >>> quotient_text(999, 28571, goal=Fraction(35, 1000)), quotient_text(1000, 28571, goal=Fraction(35, 1000))
    ('3.49%', '3.50%')
    >>> quotient_text(99996, 100000), quotient_text(300, 380), quotient_text(0, 0)
    ('99.99%', '78.95%', '—')
    """
    if denominator == 0:
        return "—"
    exact = Fraction(numerator, denominator)
    hundredths = (exact * 20000 + 1) // 2  # half up
    reached = {Fraction(1)} if goal is None else {Fraction(1), goal}
    if any(exact < bound <= Fraction(hundredths, 10000) for bound in reached):
        hundredths = exact * 10000 // 1
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def indicator_text(indicator: Indicator) -> str:
    """The quotient of an indicator as printed: percent, or visits per hundred enterprises."""
    text = quotient_text(indicator.numerator, indicator.denominator, goal=indicator.goal)
    if indicator.unit is Unit.PER_HUNDRED and text != "—":
        return _("每百户 %(value)s 次") % {"value": text.rstrip("%")}
    return text


def verdict_text(indicator: Indicator) -> str:
    """Met or missed in words, as the counting stage decided; a dash where there is no goal."""
    if indicator.met is None:
        return "—"
    return _("达到") if indicator.met else _("未达到")
