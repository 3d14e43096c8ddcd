"""
Ratio and count cells of plan tables (抽查比例、抽查数量；issue B, table of conventions).

Pure functions from the text of one cell to what it says. A number is taken only when the cell leaves no
choice; everything else stays as written, with the reason, and such a row is held: no figure is dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

NOTHING = frozenset({"", "-", "--", "/", "\\", "无", "不涉及", "不涉", "―", "…"})

_DASHES = re.compile(r"[—–―─━－−~〜～‐‑‒-]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_INCLUDED = re.compile(r"\(含(?:本数|\d+(?:\.\d+)?[%‰]?)?\)")
_NEGATIVE = re.compile(r"(?:-|负)\d")
_BRACKETS = re.compile(r"\([^()]*\)")
_DEFERRED = re.compile(
    r"待定|另行|实际情况|自行|据实|酌情|需要确定|计划规定|视情|适当|一定比例|确定抽查|由.{0,12}确定"
)

_LEAST = "不低于|不少于|不小于|不得低于|不得少于|不能低于|不能少于|至少|最低|最少|下限为?|大于等于|大于或等于|大于|超过|高于|多于|>=|≥|>"
_MOST = "不高于|不超过|不得超过|不得高于|不能超过|不大于|不多于|不超|至多|最多|最高|上限为?|小于等于|小于或等于|小于|低于|少于|不足|<=|≤|<"
_BOUND = f"{_LEAST}|{_MOST}"
_AFTER = "[及或]?以上|[及或]?以内|[及或]?以下|之?内|左右"

_UNITS = "户次|家次|批次|户|家|个|所|台|辆|件|组|处|场|人|项|条"
_PERCENT = r"\d+(?:\.\d+)?\s*(?:%|‰)"
_RATIO = re.compile(
    rf"(?P<before>{_BOUND})?\s*为?\s*(?:约|大约|左右)?\s*"
    r"(?:(?P<low>\d+(?:\.\d+)?)\s*(?P<lowmark>%|‰)?\s*(?:-|至|到)\s*)?(?P<high>\d+(?:\.\d+)?)\s*(?P<mark>%|‰)"
    rf"(?P<after>{_AFTER})?"
)
_CHINESE_SHARE = re.compile(r"(百分之|千分之)(\d+(?:\.\d+)?|[一二三四五六七八九十]{1,3}|百)")
_FRACTION = re.compile(r"([一二三四五六七八九十]{1,3})分之([一二三四五六七八九十]{1,3})")
#: A bound may stand before what the ratio is of: 不少于辖区总数的5%.
_BOUND_OF = re.compile(rf"(?P<before>{_BOUND})[^\d%‰;,。、()]{{0,14}}$")
_GRADE_BEFORE = re.compile(
    r"(?:[一二三四甲乙丙ⅠⅡⅢⅣ1-4]级|[一二三四甲乙丙]类|I{1,3}[级类]|风险[高中低]|[高中低]风险)[^\d;,。]{0,10}$"
)
_KIND_BEFORE = re.compile(
    r"(?:^|[;,。、:])(?:企业|个体工商户|个体户|个体|(?:农民)?专业合作社|农专社)[:为按]?$"
)
_LEVEL_BEFORE = re.compile(r"(?:省|市|区|县|州)(?:级|局)(?:抽查|抽取)?(?:比例)?[:为按]?$")
_REPEATED = re.compile(r"每(?:个?季度|个?月|半年|周|次|批)|/(?:次|季度?|月|半年|周|批)")
_CHOICE = re.compile(r"[%‰]\)?(?:或者?|/)\D{0,6}\d|[户家个所](?:或者?|/)\D{0,6}\d+(?:\.\d+)?[%‰]")
_NAMES_CLASS = re.compile(r"[A-D](?:类|级|等级)|严重失信|失信|警示|守信|[低高]风险")

_CLASS_WORDS = "严重失信|失信|警示|守信|低风险|一般风险|较高风险|中高风险|中风险|高风险"
_CLASS_NOUN = (
    r"(?:\([^()%‰]*\))?(?:类|级|等级|等)?(?:企业|市场主体|经营主体|主体|对象|单位)?(?:\([^()%‰]*\))?"
)
_CLASS_VERB = r"(?:的)?(?:抽查|抽取)?(?:比例)?(?:按照?|为|是)?[:=]?"
#: A range or a bound for one class is no single number: it is left as written.
_CLASS_SHARE = rf"{_PERCENT}(?![-至到]|[及或]?以[上内下]|左右)"
_LETTERS = r"(?<![A-Za-z\d])(?<![A-D类级][-至到])[A-D](?:(?:类|级)?[、,及和与/][A-D])*"
_CLASS_TAIL = r"(?:\((?P<{0}>\d+)[户家个所]\))?"
_CLASS_PART = re.compile(
    rf"(?P<letters>{_LETTERS}){_CLASS_NOUN}{_CLASS_VERB}"
    rf"(?:(?P<share>{_CLASS_SHARE})|\((?P<inside>{_CLASS_SHARE})\)){_CLASS_TAIL.format('count')}"
    rf"|(?P<word>{_CLASS_WORDS})(?:企业|主体)?(?:\((?P<letter>[A-D])(?:类|级)?\))?{_CLASS_VERB}"
    rf"(?:(?P<wshare>{_CLASS_SHARE})|\((?P<winside>{_CLASS_SHARE})\)){_CLASS_TAIL.format('wcount')}"
)
#: 对A、B类企业分别按1%、3%抽取: as many ratios as classes, in their order.
_RESPECTIVE = re.compile(
    rf"对?(?P<names>[A-D](?:(?:类|级)?[、,及和与/][A-D])+|(?:{_CLASS_WORDS})(?:[、,及和与/](?:{_CLASS_WORDS}))+)"
    r"(?:[一二三四]?(?:类|级|等级|等))?(?:企业|市场主体|经营主体|主体|对象|单位)?(?:的)?(?:抽查|抽取)?(?:比例)?"
    rf"分别(?:按照?|为|是)?:?(?P<shares>{_PERCENT}(?:[、,及和与/]{_PERCENT})+)(?![-至到]|[及或]?以[上内下]|左右)"
)
_WHOLE = r"(?:全覆盖|全部(?:抽查|检查|抽取)?|全查|全检)"
_CLASS_WHOLE = re.compile(
    rf"(?P<of>{_LETTERS}(?:类|级)(?:企业|主体|对象)?|(?:{_CLASS_WORDS})(?:企业|主体)?):?{_WHOLE}(?!或|除)"
)
_CLASS_COUNT = re.compile(r"([A-D])(?:类|级)(?:企业|主体)?:?(\d+)[户家个所]")
_BRACKETED_COUNT = re.compile(r"\((?:约|共|计)?(\d+)[户家个所]\)")
_DOUBTFUL = re.compile(r"\([^()]*(?:待定|另行)[^()]*\)")
_BRACKETED_BOUND = re.compile(rf"\(((?:{_BOUND})\d+(?:{_UNITS})|\d+-\d+(?:{_UNITS}))\)")
_RISK_LETTER = {"低风险": "A", "一般风险": "B", "较高风险": "C", "高风险": "D"}

_KINDS = {
    "个体工商户": "individual_business",
    "个体户": "individual_business",
    "个体": "individual_business",
    "农民专业合作社": "farmer_cooperative",
    "专业合作社": "farmer_cooperative",
    "农专社": "farmer_cooperative",
    "合作社": "farmer_cooperative",
    "企业": "enterprise",
}
_KIND_PART = re.compile(
    rf"(?:^|[;,。、:]|其中|(?<=[%‰)]))\s*(?P<kind>{'|'.join(_KINDS)})\s*[::]?\s*(?:抽查比例)?(?:按照?|为)?\s*(?P<share>{_CLASS_SHARE})"
    rf"(?:\((?P<count>\d+)[户家个]\))?(?:的?比例)?(?:抽取|抽查)?"
)

_COUNT = re.compile(
    rf"(?P<before>{_BOUND})?\s*(?:约|近|共|计|抽查|抽取)*\s*"
    rf"(?:(?P<low>\d+(?:\.\d+)?)\s*(?P<lowtimes>[万千百])?\s*(?:{_UNITS})?\s*(?:-|至|到)\s*)?"
    rf"(?P<high>\d+(?:\.\d+)?)\s*(?P<times>[万千百])?\s*(?P<more>余|多)?\s*"
    rf"(?P<unit>{_UNITS})?(?P<after>{_AFTER})?"
)
_TIMES = {"": 1, "百": 100, "千": 1000, "万": 10_000}
#: A count for each of several, whose number the cell does not say.
_PER_ONE = re.compile(
    rf"[每各](?!年|类)[^\d;,。]{{0,10}}\d|\d+(?:{_UNITS})?/(?!年|\d)|(?<![A-D])[两三四五六七八九]类"
)
#: What spoils a count: letters and signs that belong to a number in another form.
_SPOILT = re.compile(r"[A-Za-z*+＋×]|百分|\d\s*分|[一二三四五六七八九十]\s*(?:户|家|个|所)")
_FREQUENCY = re.compile(r"(?:不少于|至少|每年|每季度|每月)?\s*\d+\s*次(?:/[^\s;,。]+)?")
_EXCLUDED = re.compile(
    r"([A-D](?:\s*[、,及和]\s*[A-D])*)\s*(?:类|级)(?:企业|主体|对象)?(?:原则上)?(?:不纳入|不列入|不抽|不参与|不参加|免予|除外|免检|不实施)"
    r"|(?:不涉及|不包括|不含|不纳入|剔除|排除|除)\s*([A-D](?:\s*[、,及和]\s*[A-D])*)\s*(?:类|级)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """
    What a cell says about how many are drawn; ratios are fractions of 1, ``None`` where nothing is said.

    ``problem`` is the reason why (a part of) the cell was not read, ``error`` that it cannot be true.
    """

    ratio_min: Decimal | None = None
    ratio_max: Decimal | None = None
    count_min: int | None = None
    count_max: int | None = None
    ratio_by_class: dict[str, Decimal] = field(default_factory=dict)
    ratio_by_kind: dict[str, Decimal] = field(default_factory=dict)
    count_by_class: dict[str, int] = field(default_factory=dict)
    count_by_kind: dict[str, int] = field(default_factory=dict)
    problem: str = ""
    error: str = ""

    @property
    def says_no_total(self) -> bool:
        """Whether no count for the whole was read."""
        return self.count_min is None and self.count_max is None


def tidy(text: str) -> str:
    """
    Half-width signs, one kind of dash, no blanks: the form the patterns are written for.

    >>> tidy("５％ —１０％")
    '5%-10%'
    """
    text = unicodedata.normalize("NFKC", text)
    return _THOUSANDS.sub("", _DASHES.sub("-", "".join(text.split())))


def share(number: str, mark: str) -> Decimal:
    """A written percentage or per mille as a fraction of 1."""
    return Decimal(number) / (1000 if mark == "‰" else 100)


def read_ratio(text: str, *, bare_is_percent: bool = False) -> Amount:
    """
    Read a ratio cell (抽查比例).

    Args:
        text: The cell as written.
        bare_is_percent: The column's head says %, so that a number without a sign is a percentage.

    >>> amount = read_ratio("5-10%")
    >>> str(amount.ratio_min), str(amount.ratio_max)
    ('0.05', '0.1')
    >>> read_ratio("不低于3%").ratio_max is None, read_ratio("待定").problem != ""
    (True, True)
    """
    plain = _INCLUDED.sub("", _with_percent_signs(tidy(text).strip("。;,")))
    if plain in NOTHING:
        return Amount()
    if _NEGATIVE.match(plain):
        return Amount(error=_("抽查比例写成了负数"))
    parts = read_classes(plain)
    if parts.ratio_by_class or parts.ratio_by_kind:
        rest = _without_parts(plain)
        if parts.error or not _leftover(rest):
            return parts
        return replace(
            parts, problem=_("除分类的比例外还写有“{text}”，未读入").format(text=rest.strip(";,。、"))
        )
    if "%" not in plain and "‰" not in plain:
        return _bare(plain, bare_is_percent=bare_is_percent)
    return _one_ratio(plain)


def _with_percent_signs(plain: str) -> str:
    """百分之五 becomes 5%."""

    def signed(found: re.Match[str]) -> str:
        mark = "%" if found[1] == "百分之" else "‰"
        if found[2] == "百":
            return "100" + mark
        digits = found[2] if found[2][0].isdigit() else str(_chinese_number(found[2]))
        return digits + mark

    def divided(found: re.Match[str]) -> str:
        whole, part = _chinese_number(found[1]), _chinese_number(found[2])
        hundredfold = Decimal(100 * part) / whole
        # A third has no end: it stays as written.
        return f"{hundredfold.normalize():f}%" if hundredfold * whole == 100 * part else found[0]

    return _FRACTION.sub(divided, _CHINESE_SHARE.sub(signed, plain))


def _chinese_number(text: str) -> int:
    digit = {char: index for index, char in enumerate("一二三四五六七八九", start=1)}
    if "十" not in text:
        return digit[text[0]]
    tens, _ten, ones = text.partition("十")
    return digit.get(tens, 1) * 10 + digit.get(ones, 0)


def _one_ratio(plain: str) -> Amount:
    """A cell with percentages that belong to no class: one statement, or nothing at all."""
    outside = _BRACKETS.sub("", plain)
    body = outside if "%" in outside or "‰" in outside else plain
    found = list(_RATIO.finditer(body))
    if not found:
        return Amount(problem=_("没有写明比例，没有读入数字"))
    if _DEFERRED.search(body) or _DOUBTFUL.search(plain):
        return Amount(problem=_("比例要另行确定，没有读入数字"))
    if _CHOICE.search(body):
        return Amount(problem=_("比例和数量是二者选一，没有读入数字"))
    if _REPEATED.search(body):
        return Amount(problem=_("比例按期次规定，分不清全年多少，没有读入数字"))
    if _NAMES_CLASS.search(body):
        return Amount(problem=_("按类别写的比例读不出单一数字，没有读入"))
    if _LEVEL_BEFORE.search(body[: found[0].start()]):
        return Amount(problem=_("比例按层级分别规定，没有读入数字"))
    if _GRADE_BEFORE.search(body[: found[0].start()]) or _KIND_BEFORE.search(body[: found[0].start()]):
        return Amount(problem=_("比例只写给一部分对象，没有读入数字"))
    if body[found[0].end() :].startswith(("-", "至", "到")) or body[: found[0].start()].endswith(("-", "至")):
        return Amount(problem=_("比例的另一端读不出，没有读入数字"))
    amounts = [_from_match(match, body) for match in found]
    if len(amounts) == 2 and (both := _joined_bounds(*amounts)) is not None:
        return both
    if len(amounts) != 1:
        return Amount(problem=_("写有几个比例，分不清适用哪些对象，没有读入数字"))
    return amounts[0] if amounts[0].error else _with_count(amounts[0], plain.replace(found[0][0], ";", 1))


def _joined_bounds(first: Amount, second: Amount) -> Amount | None:
    """不低于3%，不高于10% is one statement with two bounds."""
    for low, high in ((first, second), (second, first)):
        if low.ratio_min is not None and low.ratio_max is None and high.ratio_max is not None:
            if high.ratio_min is None and low.ratio_min <= high.ratio_max:
                return Amount(ratio_min=low.ratio_min, ratio_max=high.ratio_max)
    return None


def _with_count(amount: Amount, rest: str) -> Amount:
    """Add the count that stands beside a ratio, 5%(40户), 3%且不少于20户; of several none is chosen."""
    rest = _BRACKETED_BOUND.sub(r";\1", _FREQUENCY.sub("", rest))
    bracketed = _BRACKETED_COUNT.findall(rest)
    others = [found for found in _COUNT.finditer(_BRACKETED_COUNT.sub("", rest)) if found["unit"]]
    outside = [found for found in _COUNT.finditer(_BRACKETS.sub("", rest)) if found["unit"]]
    if len(bracketed) + len(others) > 1 or len(others) > len(outside) or _PER_ONE.search(rest):
        return Amount(problem=_("比例之外还写有数量，分不清总数，没有读入数字"))
    if bracketed:
        return replace(amount, count_min=int(bracketed[0]), count_max=int(bracketed[0]))
    if not outside:
        return amount
    low, high = _bounds_of_count(outside[0])
    return replace(amount, count_min=low, count_max=high)


def _from_match(found: re.Match[str], body: str) -> Amount:
    high = share(found["high"], found["mark"])
    low = share(found["low"], found["lowmark"] or found["mark"]) if found["low"] else high
    if high > 1 or low > 1:
        return Amount(error=_("抽查比例超过 100%"))
    if low > high:
        return Amount(error=_("抽查比例的下限大于上限"))
    before, after = found["before"], found["after"] or ""
    if found["low"]:
        return Amount(ratio_min=low, ratio_max=high)
    if not before and (earlier := _BOUND_OF.search(body[: found.start()])):
        before = earlier["before"]
    if _is_least(before) or after.endswith("以上"):
        return Amount(ratio_min=high)
    if before or after.endswith(("内", "以下")):
        return Amount(ratio_max=high)
    return Amount(ratio_min=high, ratio_max=high)


def _is_least(word: str | None) -> bool:
    """Whether a bound is a lower one."""
    return bool(word and re.fullmatch(_LEAST, word))


def _bare(plain: str, *, bare_is_percent: bool) -> Amount:
    """A cell without any percent sign: full coverage, a fraction of a percent-formatted cell, a count, or text."""
    if _DEFERRED.search(plain):
        return Amount(problem=_("比例要另行确定，没有读入数字"))
    if says_all(plain):
        return Amount(ratio_min=Decimal(1), ratio_max=Decimal(1))
    if re.fullmatch(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?", plain):
        if bare_is_percent:
            return _one_ratio(plain + "%")
        if fraction := re.fullmatch(r"(0?\.\d+)(?:-(0?\.\d+))?", plain):
            low, high = Decimal(fraction[1]), Decimal(fraction[2] or fraction[1])
            if low > high:
                return Amount(error=_("抽查比例的下限大于上限"))
            return Amount(ratio_min=low, ratio_max=high)
        return Amount(problem=_("“{text}”没有百分号，分不清是比例还是数量").format(text=plain))
    if re.search(rf"\d(?:{_UNITS})", _FREQUENCY.sub("", plain)):
        counted = read_count(plain)
        if not counted.problem:
            return counted
    return Amount(problem=_("没有写明比例，没有读入数字"))


def says_all(text: str) -> bool:
    """
    Whether a cell says that every target is drawn.

    >>> says_all("全覆盖"), says_all("全部检查"), says_all("部分")
    (True, True, False)
    """
    return bool(
        re.fullmatch(r"(?:实行|进行)?(?:全覆盖|全部|全数)(?:抽查|检查|抽取)?", tidy(text).strip("。;,"))
    )


def _spelled_out(plain: str) -> str:
    """Every class with its own ratio: 分别按1%、3% is dealt out, 全覆盖 becomes 100%."""

    def dealt(found: re.Match[str]) -> str:
        names = re.findall(rf"[A-D]|{_CLASS_WORDS}", found["names"])
        shares = re.findall(_PERCENT, found["shares"])
        if len(names) != len(shares):
            return found[0]
        return "、".join(
            f"{name}{'类' if name.isascii() else ''}{one}" for name, one in zip(names, shares, strict=True)
        )

    return _CLASS_WHOLE.sub(lambda found: f"{found['of']}100%", _RESPECTIVE.sub(dealt, plain))


def _without_parts(plain: str) -> str:
    plain = _EXCLUDED.sub("", _spelled_out(plain))
    return _CLASS_COUNT.sub("", _CLASS_PART.sub("", _KIND_PART.sub("", plain)))


def _leftover(rest: str) -> str:
    """What a cell says beside its parts by class and kind; filler words are nothing."""
    rest = re.sub(
        r"按照?|比例|抽取|抽查|的|分别|随机|进行|分类|企业|信用|结果|根据|风险|等级|其中|递加|对|实施|全覆盖|检查",
        "",
        rest,
    )
    return re.sub(r"[\s;,。、::()]+", "", rest)


def read_classes(text: str) -> Amount:
    """
    Read ratios and counts by credit class and by kind from any cell (信用风险分类比例).

    >>> amount = read_classes("按照B类40%(13户)、C类80%(7户)比例抽取")
    >>> {k: str(v) for k, v in amount.ratio_by_class.items()}, amount.count_by_class
    ({'B': '0.4', 'C': '0.8'}, {'B': 13, 'C': 7})
    """
    plain = _spelled_out(_with_percent_signs(tidy(text)))
    classes: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    kinds: dict[str, Decimal] = {}
    kind_counts: dict[str, int] = {}
    parts = list(_CLASS_PART.finditer(plain))
    # Another scale (低、中、中高、高风险) keeps its own words: classes are mapped, not mixed (rules.md O3).
    ours = all(found["letters"] or found["letter"] or found["word"] in _RISK_LETTER for found in parts)
    for found in parts:
        number = found["share"] or found["inside"] or found["wshare"] or found["winside"]
        letters = re.findall("[A-D]", found["letters"] or found["letter"] or "")
        for key in letters or [_RISK_LETTER[found["word"]] if ours else found["word"]]:
            classes[key] = share(number[:-1], number[-1])
            count = found["count"] or found["wcount"]
            if count and len(letters) < 2:
                counts[key] = int(count)
    for found in _KIND_PART.finditer(plain):
        key = _KINDS[found["kind"]]
        kinds[key] = share(found["share"][:-1], found["share"][-1])
        if found["count"]:
            kind_counts[key] = int(found["count"])
    for letter, number in _CLASS_COUNT.findall(_CLASS_PART.sub("", plain)):
        counts[letter] = int(number)
    too_high = [key for key, value in [*classes.items(), *kinds.items()] if value > 1]
    return Amount(
        ratio_by_class=classes,
        ratio_by_kind=kinds,
        count_by_class=counts,
        count_by_kind=kind_counts,
        error=_("抽查比例超过 100%") if too_high else "",
    )


def read_credit(text: str) -> Amount:
    """
    Read the column on credit classes (信用风险分类要求): mostly prose, sometimes ratios.

    >>> read_credit("根据分类结果分别递加比例抽取").problem, bool(read_credit("C类不低于30%").problem)
    ('', True)
    """
    parts = read_classes(text)
    left = _without_parts(_with_percent_signs(tidy(text)))
    if not parts.error and ("%" in left or "‰" in left):
        return replace(parts, problem=_("分类要求里还有比例没有读入"))
    return parts


def read_count(text: str) -> Amount:
    """
    Read a count cell (抽查数量).

    >>> read_count("0.39万户").count_max, read_count("60-70家").count_min
    (3900, 60)
    """
    plain = tidy(text).strip("。;,")
    if plain in NOTHING:
        return Amount()
    if _NEGATIVE.match(plain):
        return Amount(error=_("抽查数量写成了负数"))
    if "%" in plain:
        return Amount(problem=_("数量栏里写的是比例，没有读入数字"))
    by_class = {letter: int(number) for letter, number in _CLASS_COUNT.findall(plain)}
    body = _BRACKETS.sub("", plain)
    body = _FREQUENCY.sub("", _CLASS_COUNT.sub("", body) if by_class else body)
    if _DEFERRED.search(body) or _DOUBTFUL.search(plain):
        return Amount(problem=_("数量要另行确定，没有读入数字"))
    if _PER_ONE.search(body) or (re.search(r"每次|/次", plain) and _FREQUENCY.search(plain)):
        return Amount(problem=_("数量按每个单位或每次规定，分不清总数，没有读入数字"))
    found = list(_COUNT.finditer(body))
    if by_class and not found:
        return Amount(count_by_class=by_class)
    if len(found) == 2 and (both := _joined_counts(*found)) is not None:
        return replace(both, count_by_class=by_class)
    if len(found) != 1 or _SPOILT.search(body) or not _ends_there(body, found[0]):
        reason = _("写有几个数量，分不清总数") if found else _("没有写明数量")
        return Amount(problem=reason + _("，没有读入数字"))
    low, high = _bounds_of_count(found[0])
    if low is None and high is None:
        return Amount(problem=_("数量不是整数，没有读入"))
    if low is not None and high is not None and low > high:
        return Amount(error=_("抽查数量的下限大于上限"))
    return Amount(count_min=low, count_max=high, count_by_class=by_class)


def _ends_there(body: str, found: re.Match[str]) -> bool:
    """Whether a number without a unit is all there is after it: 3 of 3成 is no count."""
    rest = body[found.end() :]
    return bool(found["unit"]) or not rest or rest[0] in ";,。、(:"


def _joined_counts(first: re.Match[str], second: re.Match[str]) -> Amount | None:
    """不少于10户，不超过30户 is one statement with two bounds."""
    for one, other in ((first, second), (second, first)):
        low, none = _bounds_of_count(one)
        nothing, high = _bounds_of_count(other)
        if low is not None and high is not None and none is None and nothing is None and low <= high:
            return Amount(count_min=low, count_max=high)
    return None


def _bounds_of_count(found: re.Match[str]) -> tuple[int | None, int | None]:
    """The least and the most of one statement; neither where it is no whole number."""
    high = Decimal(found["high"]) * _TIMES[found["times"] or ""]
    low = Decimal(found["low"]) * _TIMES[found["lowtimes"] or found["times"] or ""] if found["low"] else high
    if low != int(low) or high != int(high):
        return None, None
    before, after = found["before"], found["after"] or ""
    if found["low"]:
        return int(low), int(high)
    if _is_least(before) or after.endswith("以上") or (found["more"] and not before):
        return int(high), None
    if before or after.endswith(("内", "以下")):
        return None, int(high)
    return int(high), int(high)


def read_excluded(*texts: str) -> tuple[str, ...]:
    """
    The classes that a row leaves out, from any of its cells (不纳入抽查的类别).

    >>> read_excluded("A类企业不纳入抽查", "检查对象不涉及D类企业")
    ('A', 'D')
    """
    letters: set[str] = set()
    for text in texts:
        for first, second in _EXCLUDED.findall(tidy(text)):
            letters.update(re.findall("[A-D]", first or second))
    return tuple(sorted(letters))
