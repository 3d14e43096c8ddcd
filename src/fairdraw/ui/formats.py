"""
How values are written on a page: Chinese dates, floored shares, rounded rates, masked names (显示格式).

Pure functions over plain values, used by the template filters and by documents.
A share is floored, never rounded up: 849,999 of 1,000,000 is 84.99 %, and a goal of 85 % is missed.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

from fairdraw.kernel.clock import SHANGHAI

NOTHING = "—"
Exact = int | Fraction | Decimal
Moment = dt.date | dt.datetime | None


def date_zh(value: Moment) -> str:
    """
    A day as 2024年11月20日; an aware moment is shown as its day in China, nothing as a dash.

    >>> date_zh(dt.date(2024, 1, 5))
    '2024年1月5日'
    """
    if value is None or value == "":
        return NOTHING
    day = value.astimezone(SHANGHAI) if isinstance(value, dt.datetime) and value.tzinfo else value
    return f"{day.year}年{day.month}月{day.day}日"


def datetime_zh(value: dt.datetime | None) -> str:
    """A moment as 2024年11月20日 15:04, wall time in China."""
    if value is None or value == "":
        return NOTHING
    local = value.astimezone(SHANGHAI) if value.tzinfo else value
    return f"{date_zh(local)} {local:%H:%M}"


def percent(ratio: Exact | None, places: int = 2) -> str:
    """
    An exact ratio as a percentage with *places* decimals, floored (向下取整).

    Args:
        ratio: 0 to 1, exact; a float is refused because it is not.
        places: Decimals shown, 0 or more.

    Raises:
        TypeError: *ratio* is a float.

    >>> percent(Fraction(849_999, 1_000_000))
    '84.99%'
    """
    if ratio is None or ratio == "":
        return NOTHING
    if isinstance(ratio, float):
        raise TypeError("a ratio is exact: int, Decimal or Fraction")
    scaled = math.floor(Fraction(ratio) * 100 * 10**places)
    sign, digits = ("-" if scaled < 0 else ""), f"{abs(scaled):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}%" if places else f"{sign}{digits}%"


def rate(ratio: Exact | None, places: int = 2) -> str:
    """
    A rate that is asked for, or a chance: rounded half up to *places* decimals, without zeros at the end.

    A chance that is not nothing is never written as 0 %: it gets as many decimals as it needs.

    >>> rate(Fraction(8, 75)), rate(Fraction(1, 20)), rate(Fraction(1, 30_000))
    ('10.67%', '5%', '0.003%')
    """
    if ratio is None or ratio == "":
        return NOTHING
    if isinstance(ratio, float):
        raise TypeError("a ratio is exact: int, Decimal or Fraction")
    exact = Fraction(ratio) * 100
    while (scaled := math.floor(exact * 10**places + Fraction(1, 2))) == 0 < exact:
        places += 1
    text = f"{Decimal(scaled).scaleb(-places):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def exact_percent(ratio: Decimal) -> str:
    """
    A decimal ratio as a percentage with all its decimals, none of them rounded, without zeros at the end.

    >>> exact_percent(Decimal("0.015")), exact_percent(Decimal("0.050000"))
    ('1.5%', '5%')
    """
    text = f"{ratio * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def share(numerator: Exact | None, denominator: Exact | None) -> Fraction | None:
    """The exact ratio of two counts; ``None`` where there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    return Fraction(numerator) / Fraction(denominator)


def thousands(value: Exact | None) -> str:
    """A count with separators: 150,000."""
    return NOTHING if value is None or value == "" else f"{value:,}"


def mask_name(name: str) -> str:
    """
    A person's name with the family name left: 张三 becomes 张*, 欧阳修文 becomes 欧***.

    >>> mask_name("张小三")
    '张**'
    """
    return name[:1] + "*" * max(len(name) - 1, 1) if name else NOTHING


def _covered(text: str, head: int, tail: int) -> str:
    if not text:
        return NOTHING
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_phone(number: str) -> str:
    """A telephone number with its middle covered: 138****5678."""
    return _covered(number, 3, 4)


def mask_id(number: str) -> str:
    """An identity or certificate number with its middle covered: 350***********1234."""
    return _covered(number, 3, 4)


def days_between(today: dt.date, due: dt.date) -> int:
    """Calendar days from *today* to *due*; negative once it is past."""
    return (due - today).days
