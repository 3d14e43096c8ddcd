"""
The strata that a scheme draws from (分层): credit classes, or strata of its own (N10, N15; vdraw/1 §10).

Strata of its own are bands of the received risk index, food grades or tags; targets on the abnormal or the serious
list may stand apart, ahead of the rest. A target without the value is ``N``: a stratum of its own, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.translation import gettext as _

from fairdraw.kernel.text import gettext_noop
from fairdraw.plans.allocation import CLASSES, KIND_LABELS, KIND_STRATUM, UNCLASSED
from fairdraw.plans.models import Scheme
from fairdraw.registers.rules import CLASS_LABELS, EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, in_scope

OWN = "own"
CREDIT, INDEX, GRADE, TAG = "credit", "index", "grade", "tag"
BY_LABELS = {
    CREDIT: gettext_noop("信用风险分类"),
    INDEX: gettext_noop("风险指数"),
    GRADE: gettext_noop("食品风险等级"),
    TAG: gettext_noop("监管标签"),
}
FIELDS = {INDEX: "risk_index", GRADE: "food_grade"}
LISTS = {
    "serious": ("ser", gettext_noop("严重违法失信名单")),
    "abnormal": ("abn", gettext_noop("经营异常名录")),
}
REST = {
    CREDIT: gettext_noop("未分类"),
    INDEX: gettext_noop("无风险指数"),
    GRADE: gettext_noop("未定级"),
    TAG: gettext_noop("其他对象"),
}


@dataclass(frozen=True)
class Layering:
    """
    How targets are told apart.

    Attributes:
        by: ``credit``, ``index``, ``grade`` or ``tag``.
        lists: Of ``serious`` and ``abnormal`` those that stand apart, ahead of the rest.
        bounds: Of the index: where a higher band begins, rising.
        tags: Of the tags: the first that a target carries is its stratum.
    """

    by: str = CREDIT
    lists: tuple[str, ...] = ()
    bounds: tuple[Decimal, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether these are the credit classes and nothing else."""
        return self.by == CREDIT and not self.lists

    @property
    def rising(self) -> tuple[str, ...]:
        """The strata whose rates must not fall, the least risk first; none for tags."""
        if self.by == INDEX:
            return tuple(f"i{n}" for n in range(len(self.bounds) + 1))
        return {CREDIT: CLASSES, GRADE: tuple(f"g{c}" for c in CLASSES)}.get(self.by, ())

    def labels(self) -> dict[str, str]:
        """Every stratum in words, the lists first and the rest last."""
        found = {code: _(label) for name, (code, label) in LISTS.items() if name in self.lists}
        if self.by == CREDIT:
            found |= {c: _(CLASS_LABELS[c]) for c in CLASSES}
        elif self.by == GRADE:
            found |= {f"g{c}": _("食品风险%(c)s级") % {"c": c} for c in CLASSES}
        elif self.by == INDEX:
            found |= dict(zip(self.rising, self._bands(), strict=True))
        else:
            found |= {f"t{n}": tag for n, tag in enumerate(self.tags)}
        return found | {UNCLASSED: _(REST[self.by])}

    def _bands(self) -> list[str]:
        ends = [f"{b.normalize():f}" for b in self.bounds]
        if not ends:
            return [_("有风险指数")]
        first = _("风险指数低于%(end)s") % {"end": ends[0]}
        middle = [_("风险指数%(a)s至%(b)s") % {"a": a, "b": b} for a, b in pairwise(ends)]
        return [first, *middle, _("风险指数%(end)s以上") % {"end": ends[-1]}]

    def to_json(self) -> dict[str, Any]:
        """The stored form; empty for the credit classes alone."""
        if self.is_plain:
            return {}
        bounds = [str(b) for b in self.bounds]
        return {"by": self.by, "lists": list(self.lists), "bounds": bounds, "tags": list(self.tags)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Layering:
        """Read the stored form."""
        return cls(
            by=stored.get("by", CREDIT),
            lists=tuple(stored.get("lists", ())),
            bounds=tuple(Decimal(b) for b in stored.get("bounds", ())),
            tags=tuple(stored.get("tags", ())),
        )


PLAIN = Layering()


def stratum(layering: Layering) -> Case:
    """The stratum of a target as an expression over the directory."""
    whens = [
        When(Q(**{name: True}), then=Value(code))
        for name, (code, _label) in LISTS.items()
        if name in layering.lists
    ]
    return Case(*whens, *_own(layering), default=Value(UNCLASSED), output_field=CharField())


def _own(layering: Layering) -> list[When]:
    if layering.by == TAG:
        return [
            When(Q(tags__contains=f",{tag},"), then=Value(f"t{n}")) for n, tag in enumerate(layering.tags)
        ]
    if layering.by == INDEX:
        field = FIELDS[INDEX]
        higher = [
            When(Q(**{f"{field}__gte": bound}), then=Value(f"i{n}"))
            for n, bound in reversed(list(enumerate(layering.bounds, start=1)))
        ]
        return [*higher, When(Q(**{f"{field}__isnull": False}), then=Value("i0"))]
    if layering.by == GRADE:
        return [When(Q(**{FIELDS[GRADE]: c}), then=Value(f"g{c}")) for c in CLASSES]
    return [When(Q(credit_class=c), then=Value(c)) for c in CLASSES]


def _stratum_of(by: str, layering: Layering) -> Any:
    if by == "none":
        return Value(UNCLASSED, output_field=CharField())
    if by != "mix":
        return stratum(layering)
    kinds = [
        When(Q(kind=kind), then=Value(code)) for kind, code in KIND_STRATUM.items() if kind != "enterprise"
    ]
    classes = [When(Q(kind="enterprise", credit_class=c), then=Value(c)) for c in CLASSES]
    return Case(*kinds, *classes, default=Value(UNCLASSED), output_field=CharField())


AT_ONCE = 5000


def counts(
    scope: ScopeSpec, *, by: str, layering: Layering = PLAIN, left_out: Collection[str] = ()
) -> dict[str, int]:
    """How many targets a frame of *scope* would hold today, by stratum, without those whose codes are *left_out*."""
    rows = in_scope(scope).exclude(status__in=EXCLUSION_BY_STATUS)
    found: Counter[str] = Counter()
    gone = sorted(left_out)
    for start in range(0, len(gone), AT_ONCE):
        part = rows.filter(draw_code__in=gone[start : start + AT_ONCE])
        for (code,) in part.annotate(stratum=_stratum_of(by, layering)).values_list("stratum"):
            found[code] -= 1
    for code, n in (
        rows.annotate(stratum=_stratum_of(by, layering)).values_list("stratum").annotate(n=Count("pk"))
    ):
        found[code] += n
    return dict(found)


def labels_of(scheme: Scheme) -> dict[str, str]:
    """The strata of its own of a scheme in words; nothing for credit classes, whose codes are their words."""
    return Layering.from_json(scheme.layering).labels() if scheme.stratified_by == OWN else {}


def labels(by: str, layering: Layering = PLAIN) -> dict[str, str]:
    """The strata of a scheme in words, by their code in its allocation."""
    if by == "none":
        return {UNCLASSED: _("全部对象")}
    kinds = {code: _(KIND_LABELS[kind]) for kind, code in KIND_STRATUM.items()}
    return {**(kinds if by == "mix" else {}), **layering.labels()}
