"""
What a plan row asks for becomes an allocation, or the reason why it cannot (N10, N12, N15; vdraw/1 §10).

Pure: from the row's figures and the counts of the directory to strata with whole numbers. Nothing is
guessed: a row whose size or scope cannot be read is held with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from fairdraw.kernel.text import gettext_noop as _
from fairdraw.ui import formats

percent = formats.rate
CLASSES = ("A", "B", "C", "D")
UNCLASSED = "N"
CLASS_WORDS = {c: f"{c}类" for c in CLASSES} | {UNCLASSED: "未分类"}
# Stratum of a kind that the plan gives a ratio of its own: short, as tags of frames are (vdraw/1 §5).
KIND_STRATUM = {
    "enterprise": "ent",
    "individual_business": "ind",
    "farmer_cooperative": "coop",
    "foreign_rep_office": "rep",
}

KIND_LABELS = {
    "enterprise": _("企业"),
    "individual_business": _("个体工商户"),
    "farmer_cooperative": _("农民专业合作社"),
    "foreign_rep_office": _("外国企业常驻代表机构"),
}


@dataclass(frozen=True)
class Asked:
    """
    The figures of a plan row; ratios are exact, counts whole, all optional.

    *by_stratum* names strata of the scheme's own, in words; the figures by class are then those of these strata.
    """

    ratio: Fraction | None = None
    count: int | None = None
    ratio_by_class: Mapping[str, Fraction] = field(default_factory=dict)
    count_by_class: Mapping[str, int] = field(default_factory=dict)
    ratio_by_kind: Mapping[str, Fraction] = field(default_factory=dict)
    classes_excluded: tuple[str, ...] = ()
    by_stratum: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether targets are told apart by more than their credit class."""
        return bool(self.by_stratum)


@dataclass(frozen=True)
class Allocation:
    """
    How a part draws, as the protocol writes it.

    Attributes:
        by: What tells the strata apart: ``credit``, ``mix``, ``own`` or ``none``.
        mode: ``rate``, ``fixed`` or ``total``.
        strata: Rows of the protocol's allocation, sorted by code.
        total: Only with ``total``.
        class_rates: What each class is drawn with, for the check that rates rise from A to D; empty when flat.
        text: One sentence for the scheme.
    """

    by: str
    mode: str
    strata: tuple[dict[str, int | str], ...]
    total: int | None
    class_rates: Mapping[str, Fraction]
    text: str

    @property
    def differentiated(self) -> bool:
        """Whether at least two classes differ and none is drawn less than a better one (kpi.md K5)."""
        rates = [self.class_rates[c] for c in CLASSES if c in self.class_rates]
        return len(set(rates)) > 1 and rates == sorted(rates)


@dataclass(frozen=True)
class Held:
    """Why a row cannot be planned (暂缓原因)."""

    reason: str


def allocate(
    asked: Asked,
    *,
    counts: Mapping[str, int],
    kinds: Mapping[str, int],
    default_rates: Mapping[str, Fraction],
    exempt: bool,
    reserve: int,
) -> Allocation | Held:
    """
    Turn the figures of a plan row into an allocation (抽取数量分配).

    Args:
        asked: What the row says.
        counts: Targets in scope by class, ``N`` for the unclassed.
        kinds: Targets in scope by kind.
        default_rates: The bureau's own rates by class, where the row names none.
        exempt: A professional field (专业领域) that is drawn flat.
        reserve: Reserves of each stratum.

    Returns:
        The allocation, or why the row is held.

    Source: 安市监〔2024〕26号 三（二）; kpi.md §4; vdraw/1 §10.
    """
    frame = sum(counts.values())
    if frame == 0:
        return Held(_("名录库中没有符合抽查对象范围的检查对象，不能封存空名单"))
    if asked.ratio_by_kind and (asked.ratio_by_class or asked.count_by_class):
        return _mixed(asked, counts=counts, kinds=kinds, reserve=reserve)
    if asked.count_by_class or asked.ratio_by_class:
        return _by_class(asked, counts=counts, reserve=reserve)
    if asked.is_own:
        return Held(_("按自定分层抽取的，请写明每一层的比例或数量"))
    size = asked.count
    if size is None and asked.ratio is not None:
        size = _ceil(asked.ratio * frame)
    if size is None:
        return Held(_("计划未写明抽查比例或数量"))
    if size == 0:
        return Held(_("计划数量为零"))
    if size >= frame:
        return _all(text_size=frame)
    classed = frame - counts.get(UNCLASSED, 0)
    if exempt or classed == 0:
        return _flat(size, frame=frame, reserve=reserve)
    return _weighted(size, counts=counts, default_rates=default_rates, reserve=reserve)


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _all(*, text_size: int) -> Allocation:
    strata: tuple[dict[str, int | str], ...] = (
        {"code": UNCLASSED, "num": 1, "den": 1, "min": 0, "reserve": 0},
    )
    return Allocation("none", "rate", strata, None, {}, f"全部检查（{text_size}户）")


def _flat(size: int, *, frame: int, reserve: int) -> Allocation:
    strata: tuple[dict[str, int | str], ...] = ({"code": UNCLASSED, "take": size, "reserve": reserve},)
    rate = Fraction(size, frame)
    return Allocation("none", "fixed", strata, None, {}, f"随机抽取{size}户（{percent(rate)}）")


def _weighted(
    size: int, *, counts: Mapping[str, int], default_rates: Mapping[str, Fraction], reserve: int
) -> Allocation:
    """The size of the plan, spread so that the rates of the classes stand as the bureau's own rates do."""
    unclassed = default_rates.get(UNCLASSED, default_rates["B"])
    relative = {c: default_rates.get(c, unclassed) for c in (*CLASSES, UNCLASSED)}
    scale = max(r.denominator for r in relative.values()) * 1000
    weights = {c: int(relative[c] * scale) * counts.get(c, 0) for c in relative}
    strata: list[dict[str, int | str]] = [
        {"code": c, "weight": weights[c], "reserve": reserve} for c in sorted(relative)
    ]
    total = sum(counts.get(c, 0) * relative[c] for c in relative)
    rates = {c: min(Fraction(1), relative[c] * size / total) for c in CLASSES}
    text = "、".join(f"{c}类{percent(rates[c])}" for c in CLASSES if counts.get(c))
    return Allocation("credit", "total", tuple(strata), size, rates, f"共{size}户，{text}")


def _by_class(asked: Asked, *, counts: Mapping[str, int], reserve: int) -> Allocation | Held:
    named = set(asked.count_by_class) | set(asked.ratio_by_class)
    words = asked.by_stratum or CLASS_WORDS
    if counts.get(UNCLASSED, 0) and UNCLASSED not in named:
        if asked.is_own:
            return Held(f"有{counts[UNCLASSED]}户属于“{words[UNCLASSED]}”，没有写明其比例")
        return Held(f"有{counts[UNCLASSED]}户未分类，计划未写明未分类对象的比例")
    if sum(counts.get(c, 0) for c in named) == 0:
        return Held(_("名录库中没有计划所列信用风险类别的检查对象"))
    unrated = sorted(set(asked.count_by_class) - set(asked.ratio_by_class))
    if unrated and set(asked.count_by_class) != named:
        return Held(f"计划中{'、'.join(unrated)}类只写户数，其他类别只写比例，请统一")
    stated = stated_rates(asked, counts)
    rates: dict[str, Fraction] = {}
    if "A" in words:  # what else tells targets apart, these are the classes
        rates = {c: Fraction(0) for c in CLASSES} | {c: r for c, r in stated.items() if c in CLASSES}
        rates = {c: r for c, r in rates.items() if c in named or c not in _absent(named)}
    by = "own" if asked.is_own else "credit"
    order = [c for c in words if c in named] if asked.is_own else sorted(named)
    if set(asked.count_by_class) == named:
        takes: tuple[dict[str, int | str], ...] = tuple(
            {"code": c, "take": asked.count_by_class.get(c, 0), "reserve": reserve if c in named else 0}
            for c in sorted(words)
        )
        text = "、".join(_said(c, asked.count_by_class[c], held=counts.get(c, 0), words=words) for c in order)
        return Allocation(by, "fixed", takes, None, rates, text)
    rows = tuple(_rate_row(c, asked.ratio_by_class.get(c), reserve=reserve) for c in sorted(words))
    text = "、".join(f"{words[c]}{percent(asked.ratio_by_class[c])}" for c in order)
    return Allocation(by, "rate", rows, None, rates, text)


def _rate_row(code: str, rate: Fraction | None, *, reserve: int) -> dict[str, int | str]:
    exact = rate if rate is not None else Fraction(0)
    return {
        "code": code,
        "num": exact.numerator,
        "den": exact.denominator,
        "min": 0,
        "reserve": reserve if rate is not None else 0,
    }


def falls(rates: Mapping[str, Fraction], rising: Sequence[str]) -> tuple[str, str] | None:
    """
    The first two strata of which the riskier is drawn less (N15; rules.md G5); compared exactly.

    Args:
        rates: The rate of each stratum for which one was stated.
        rising: The strata in the order of their risk, the least first.

    >>> falls({"A": Fraction(1, 50), "C": Fraction(1, 100)}, CLASSES)
    ('A', 'C')
    """
    stated = [c for c in rising if c in rates]
    return next(((a, b) for a, b in pairwise(stated) if rates[b] < rates[a]), None)


def _said(code: str, take: int, *, held: int, words: Mapping[str, str] | None = None) -> str:
    """What the plan asks of a class; where there are fewer, that all of them are taken."""
    return f"{(words or CLASS_WORDS)[code]}{take}户" + (
        f"（名录库仅{held}户，有多少抽多少）" if held < take else ""
    )


def stated_rates(asked: Asked, counts: Mapping[str, int]) -> dict[str, Fraction]:
    """The rate of each named class: as written, else its number out of those that there are."""
    found = {
        c: Fraction(min(n, counts[c]), counts[c]) for c, n in asked.count_by_class.items() if counts.get(c)
    }
    return found | dict(asked.ratio_by_class)


def _absent(named: set[str]) -> set[str]:
    """Classes above the highest one named: the plan says that they do not occur (检查对象不涉及D类企业)."""
    top = max((CLASSES.index(c) for c in named if c in CLASSES), default=-1)
    return set(CLASSES[top + 1 :])


def _mixed(
    asked: Asked, *, counts: Mapping[str, int], kinds: Mapping[str, int], reserve: int
) -> Allocation | Held:
    """Enterprises by class, another kind by a ratio of its own: strata are classes and kinds side by side."""
    uncounted = sorted(set(asked.ratio_by_class) - set(asked.count_by_class))
    if uncounted:
        return Held(f"计划按类别和按主体类型分别定比例，但没有写明{'、'.join(uncounted)}类企业的户数")
    strata: list[dict[str, int | str]] = []
    texts: list[str] = []
    for code in (*CLASSES, UNCLASSED):
        take = asked.count_by_class.get(code, 0)
        strata.append({"code": code, "take": take, "reserve": reserve if take else 0})
        if take:
            texts.append(_said(code, take, held=counts.get(code, 0)))
    for kind, ratio in asked.ratio_by_kind.items():
        take = _ceil(ratio * kinds.get(kind, 0))
        strata.append({"code": KIND_STRATUM[kind], "take": take, "reserve": reserve if take else 0})
        texts.append(f"{KIND_LABELS[kind]}{percent(ratio)}（{take}户）")
    if not any(int(s["take"]) for s in strata):
        return Held(_("计划数量为零"))
    rates = {c: Fraction(0) for c in CLASSES} | {
        c: r for c, r in asked.ratio_by_class.items() if c in CLASSES
    }
    strata.sort(key=lambda s: str(s["code"]))
    return Allocation("mix", "fixed", tuple(strata), None, rates, "、".join(texts))
