"""
Time cells of plan tables (抽查时间、起止时间；issue B, table of conventions).

A month stands for its first to last day; 10月31日前 and 10月底前 give the end alone. Several stages give the
first start and the last end. What names no date stays as written.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.plan_amounts import NOTHING, tidy

_ISO_DASH = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_POINT = re.compile(
    r"(?P<next>次年|翌年|来年)?"
    r"(?:"
    r"(?P<y>\d{4})[年./](?P<m>\d{1,2})[月./](?P<d>\d{1,2})[日号]?"
    r"|(?P<y2>\d{4})[年./](?P<m2>\d{1,2})(?:月份?)?(?P<part2>底|末|初|上旬|中旬|下旬)?"
    r"|(?P<y3>\d{4})年?(?:度)?(?P<half3>全年|上半年|下半年|年底|年内|(?:第?[一二三四1-4]季度[底末]?))"
    r"|(?P<m4>\d{1,2})月(?P<d4>\d{1,2})[日号]?"
    r"|(?P<m5>\d{1,2})\.(?P<d5>\d{1,2})(?![\d%.])"
    r"|(?P<m6>\d{1,2})月份?(?P<part6>底|末|初|上旬|中旬|下旬)?"
    r"|(?P<half7>全年|上半年|下半年|年底|年内|(?:第?[一二三四1-4]季度[底末]?))"
    r"|(?P<y8>\d{4})年度?"
    r")"
)
#: The first month of 6-12月 and 7至11月 stands without its 月; so does the last of 2019年9月至11.
_BARE_FIRST = re.compile(r"(?<![\d.年月/])(\d{1,2})(?=(?:-|至|到)\d{1,2}月)")
_BARE_FIRST_IN_YEAR = re.compile(r"(?<=\d{4}年)(\d{1,2})(?=(?:-|至|到)\d{1,2}月)")
_BARE_LAST = re.compile(r"(?<=月)(-|至|到)(\d{1,2})(?![\d月./年日号])")
_BARE_DAY = re.compile(r"(\d{1,2}月)(\d{1,2})[日号]?(-|至|到)(\d{1,2})[日号]")
_QUARTERS = re.compile(r"第?([一二三四1-4])(?:季度)?(?:-|至|到)第?([一二三四1-4])季度")
_NEXT_QUARTERS = re.compile(
    r"第?(?:一(?:季度)?[、和]第?二|二(?:季度)?[、和]第?三|三(?:季度)?[、和]第?四)季度"
)
_APART = re.compile(r"上、?下半年|[一二三四1-4][、和]第?[一二三四1-4]季度")
_CLOCK = re.compile(r"(?<=\d)[ T]+\d{1,2}:\d{2}(?::\d{2})?")
_CHINESE_NUMBER = re.compile(
    r"(?<![一二三四五六七八九十每])([一二三四五六七八九]?十?[一二三四五六七八九]?)(?=[月日号](?!一次|[一二两]次))"
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(-|至|到)(\d{1,2})/(\d{1,2})(?![\d/])")
_SERIAL = re.compile(r"^\d{5}$")
_SERIAL_EPOCH = datetime.date(1899, 12, 30)
#: Words of a stage: its clause says when one step is done, not when another round begins.
_STAGE = re.compile(r"前|抽取|完成|检查|启动|阶段|批|截止|截至")
_REPORTING = re.compile(r"公示|上报|报送|总结|录入|归档")
_BEFORE = re.compile(r"^(?:之|以)?前|^止|^截止")
_FROM = re.compile(r"^(?:起|开始|之?后)")
_RANGE = re.compile(r"^(?:起|开始)?(?:-|至|到)+$")
_AT_LATEST = ("截至", "截止", "截止到", "不晚于", "不迟于", "最迟", "至迟", "最晚")


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a task, both included; ``problem`` and ``error`` as for an amount."""

    start: datetime.date | None = None
    end: datetime.date | None = None
    problem: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Point:
    """One date of the text: its first and last day, and whether it said its year and its day."""

    first: datetime.date
    last: datetime.date
    has_year: bool
    is_month: bool
    is_end: bool
    at: int
    to: int


def read_window(text: str, *, year: int) -> Window:
    """
    Read a time cell (抽查时间).

    Args:
        text: The cell as written.
        year: The plan's year, for dates without one.

    >>> read_window("1.15-11.30", year=2025).start, read_window("10月底前", year=2025).end
    (datetime.date(2025, 1, 15), datetime.date(2025, 10, 31))
    """
    plain = tidy(_CLOCK.sub("", text)).strip("。;,").replace("(含)", "").replace("(前)", "前")
    if plain in NOTHING:
        return Window()
    if _SERIAL.match(plain):
        day = _SERIAL_EPOCH + datetime.timedelta(days=int(plain))
        if abs(day.year - year) > 1:
            return Window(problem=_("没有写明日期，没有读入"))
        return Window(day, day)
    if _APART.search(_NEXT_QUARTERS.sub("", plain)):
        return Window(problem=_("写有几个时间，分不清起止，没有读入"))
    outside = re.sub(r"\([^()]*\)", "", plain)
    for body in (outside, plain):
        try:
            window = _from_clauses(_spelled_out(body), year)
        except (ValueError, OverflowError):
            return Window(problem=_("日期不存在，没有读入"))
        if window is not None:
            return window
    return Window(problem=_("没有写明日期，没有读入"))


def _spelled_out(body: str) -> str:
    """Give every date its 月: 6-12月 becomes 6月-12月, 2019年9月至11 becomes 2019年9月至11月."""
    body = _CHINESE_NUMBER.sub(lambda found: str(_number(found[1])) if found[1] else "", body)
    body = re.sub(r"(?<=[月日])一(?=\d)", "-", body)
    body = _SLASHED.sub(r"\1.\2\3\4.\5", body)
    body = re.sub(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)", r"\1.\2.\3", body)
    body = _ISO_DASH.sub(r"\1.\2.\3", body)
    body = re.sub(r"(?<!\d)(\d{2})年(?=\d)", r"20\1年", body)
    body = _QUARTERS.sub(r"第\1季度-第\2季度", body)
    body = _NEXT_QUARTERS.sub(lambda found: re.sub(r"(?:季度)?[、和]", "季度-", found[0]), body)
    body = re.sub(r"(?<!\d)(\d{4})-(\d{1,2})(?=\D|$)(?!月)", r"\1.\2", body)
    body = _BARE_DAY.sub(r"\1\2日\3\g<1>\4日", body)
    body = _BARE_FIRST_IN_YEAR.sub(r"\1月", body)
    body = _BARE_FIRST.sub(r"\1月", body)
    return _BARE_LAST.sub(r"\1\2月", body)


def _from_clauses(body: str, year: int) -> Window | None:
    """Join the windows of the stages; None when no date stands in *body*."""
    clauses = [(c, w) for c in re.split(r"[;。,]", body) if (w := _from_clause(c, year)) is not None]
    if not clauses:
        return None
    inner = [(c, w) for c, w in clauses if not _REPORTING.search(c)]
    clauses = inner if any(w.end for _c, w in inner) else clauses
    windows = [w for _c, w in clauses]
    if len(windows) > 1 and not any(_STAGE.search(clause) for clause, _w in clauses):
        return Window(problem=_("写有几个时间，分不清起止，没有读入"))
    for window in windows:
        if window.problem or window.error:
            return window
    start, ends = windows[0].start, [w.end for w in windows if w.end is not None]
    end = max(ends) if ends else None
    if start and end and end < start:
        return Window(error=_("结束时间早于开始时间"))
    return Window(start=start, end=end)


def _from_clause(clause: str, year: int) -> Window | None:
    points = _points(clause, year)
    if not points:
        return None
    if len(points) == 1:
        return _single(points[0], clause)
    between = clause[points[0].to : points[1].at]
    if len(points) == 2 and _RANGE.match(between):
        first, last = points
        if last.last < first.first:
            if last.has_year:
                return Window(error=_("结束时间早于开始时间"))
            return Window(problem=_("结束月份早于开始月份，请写明“次年”或年份"))
        is_before = _BEFORE.match(clause[last.to :]) and clause[last.to :][:1] != "止"
        end = last.first - datetime.timedelta(days=1) if is_before and last.is_month else last.last
        if end < first.first:
            return Window(problem=_("结束时间读不出，没有读入"))
        return Window(first.first, end)
    return Window(problem=_("写有几个时间，分不清起止，没有读入"))


def _single(point: _Point, clause: str) -> Window:
    head, tail = clause[: point.at], clause[point.to :]
    if re.match(r"^(?:-|至|到)", tail):
        return Window(problem=_("结束时间读不出，没有读入"))
    if re.search(r"(?:-|至|到)$", head):
        return (
            Window(problem=_("开始时间读不出，没有读入"))
            if re.search(r"\d", head)
            else Window(end=point.last)
        )
    if _BEFORE.match(tail):
        # 11月前 is before November; 11月底前 and 11月10日前 include the day they name.
        end = point.first - datetime.timedelta(days=1) if point.is_month else point.last
        return Window(end=end)
    if _FROM.match(tail):
        return Window(start=point.first)
    if point.is_end or head.endswith(_AT_LATEST):
        return Window(end=point.last)
    return Window(point.first, point.last)


def _points(clause: str, year: int) -> list[_Point]:
    points: list[_Point] = []
    for found in _POINT.finditer(clause):
        base = points[-1].first.year if points else year
        points.append(_point(found, base))
    return points


def _point(found: re.Match[str], base: int) -> _Point:
    group = found.groupdict()
    written = next((group[k] for k in ("y", "y2", "y3", "y8") if group[k]), None)
    year = int(written) if written else base + (1 if group["next"] else 0)
    month = next((group[k] for k in ("m", "m2", "m4", "m5", "m6") if group[k]), None)
    on = next((group[k] for k in ("d", "d4", "d5") if group[k]), None)
    part = group["part2"] or group["part6"] or ""
    named = group["half3"] or group["half7"] or ("全年" if group["y8"] else "")
    if named:
        first, last = _named_period(named, year)
    elif on:
        first = last = datetime.date(year, int(str(month)), int(on))
    else:
        first, last = _month_days(year, int(str(month)), part)
    return _Point(
        first=first,
        last=last,
        has_year=bool(written or group["next"]),
        is_month=not (on or part or named),
        is_end=part in {"底", "末"} or named[-1:] in {"底", "末"},
        at=found.start(),
        to=found.end(),
    )


def _number(chinese: str) -> int:
    """十 → 10, 二十一 → 21."""
    digit = {char: index for index, char in enumerate("一二三四五六七八九", start=1)}
    tens, ten, ones = chinese.partition("十")
    return (digit.get(tens, 1) * 10 + digit.get(ones, 0)) if ten else digit[chinese]


def _month_days(year: int, month: int, part: str) -> tuple[datetime.date, datetime.date]:
    length = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
    from_day, to_day = {
        "": (1, length),
        "底": (length, length),
        "末": (length, length),
        "初": (1, 10),
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, length),
    }[part]
    return datetime.date(year, month, from_day), datetime.date(year, month, to_day)


def _named_period(named: str, year: int) -> tuple[datetime.date, datetime.date]:
    if named in {"全年", "年内"}:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    if named == "年底":
        return datetime.date(year, 12, 31), datetime.date(year, 12, 31)
    if named == "上半年":
        return datetime.date(year, 1, 1), datetime.date(year, 6, 30)
    if named == "下半年":
        return datetime.date(year, 7, 1), datetime.date(year, 12, 31)
    bare = named.strip("第季度底末")
    quarter = {"一": 1, "二": 2, "三": 3, "四": 4}.get(bare, 0) or int(bare)
    last_month = quarter * 3
    return datetime.date(year, last_month - 2, 1), datetime.date(
        year, last_month, calendar.monthrange(year, last_month)[1]
    )
