"""
What is wanting in the target directory (名录库质量报告; N20): each kind of fault a condition, counted in one question.

A fault is blocking where a draw on such rows would be unlawful or wrong, else a warning. The readiness score is 100
less, for each fault, its weight times the share of the existing targets that have it; with a blocking fault at most 59.
A fault of weight 0 is shown and costs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairdraw.registers import code_faults
from fairdraw.registers.models import Licence, Target, TargetStatus

SUBJECTS = ("enterprise", "individual_business", "farmer_cooperative", "foreign_rep_office")
EXISTING = Q(status__in=[TargetStatus.EXISTING, TargetStatus.SUSPENDED])
MOST_WITH_BLOCKING = 59
_SUBJECT = EXISTING & Q(kind__in=SUBJECTS)


@dataclass(frozen=True)
class Fault:
    """
    A kind of fault.

    Attributes:
        code: Stable, for addresses.
        label: What people call it.
        weight: What a directory in which every target has it loses of 100.
        blocking: Whether it stands in the way of a draw.
    """

    code: str
    label: Promise
    weight: int
    blocking: bool = False


CHECK_DIGIT, LOOK_ALIKE, NEVER_COVERED = "check_digit", "look_alike", "never_covered"
FAULTS = (
    Fault("status_unknown", _("登记状态待核"), 20, blocking=True),
    Fault("no_code", _("没有统一社会信用代码和注册号"), 15),
    Fault("twins", _("名称和住所都相同的存续对象"), 15),
    Fault("no_station", _("没有对应市场监管所"), 15),
    Fault("no_class", _("存续企业没有信用风险分类"), 10),
    Fault("stale_class", _("信用风险分类已过期"), 10),
    Fault("no_address", _("没有住所"), 10),
    Fault("no_day", _("没有成立日期，或成立日期在今天之后"), 5),
    Fault(CHECK_DIGIT, _("统一社会信用代码校验码不符"), 5),
    Fault(LOOK_ALIKE, _("代码校验码不符，且与另一户代码形近"), 10),
    Fault("licence_expired", _("许可证已过期，没有新证"), 5),
    Fault(NEVER_COVERED, _("多年没有检查过的企业"), 0),
)


def conditions(*, on: dt.date, class_days: int) -> dict[str, Q]:
    """
    The targets with each fault, as conditions on the directory.

    Args:
        on: The day of the report.
        class_days: How old a class may be (rulebook: class_max_age_days).
    """
    subject = _SUBJECT
    oldest = on - dt.timedelta(days=class_days)
    return {
        "status_unknown": Q(status=TargetStatus.UNKNOWN),
        "no_code": subject & Q(uscc="", old_number=""),
        "twins": subject & Q(name__in=_shared_names()) & ~Q(address=""),
        "no_station": EXISTING & Q(station=None),
        "no_class": EXISTING & Q(kind="enterprise", credit_class=""),
        "stale_class": EXISTING
        & ~Q(credit_class="")
        & (Q(credit_computed_on=None) | Q(credit_computed_on__lt=oldest)),
        "no_address": EXISTING & Q(address=""),
        "no_day": subject & (Q(registered_on=None) | Q(registered_on__gt=on)),
        CHECK_DIGIT: subject & code_faults.fails(),
        LOOK_ALIKE: subject & code_faults.look_like_others(subject),
        "licence_expired": EXISTING & Q(pk__in=_expired(on)),
    }


def never_covered(*, since: dt.date, covered: Q) -> Q:
    """Existing enterprises founded before *since* that were not checked from then on: *covered* names those that were."""
    return EXISTING & Q(kind="enterprise", registered_on__lt=since) & ~covered


def _expired(on: dt.date) -> QuerySet[Licence, int]:
    """The targets with a licence that has ended, and none of its kind that runs on."""
    runs = Licence.objects.filter(target=OuterRef("target"), kind=OuterRef("kind"))
    runs = runs.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    return Licence.objects.filter(~Exists(runs), valid_to__lt=on).values_list("target", flat=True)


def _shared_names() -> QuerySet[Target, str]:
    """Names that several existing subjects have at one address; few names stand twice, and an index knows which."""
    again = Target.objects.order_by().values("name").annotate(held=Count("pk")).filter(held__gt=1)
    rows = Target.objects.filter(EXISTING, kind__in=SUBJECTS, name__in=again.values("name"))
    rows = rows.exclude(address="")
    shared = rows.values("name", "address").annotate(held=Count("pk")).filter(held__gt=1)
    return shared.order_by().values_list("name", flat=True)


@dataclass(frozen=True)
class Report:
    """How many targets have each fault, of how many existing ones."""

    counts: Mapping[str, int]
    existing: int

    @property
    def blocking(self) -> list[Fault]:
        """The blocking faults that there are."""
        return [fault for fault in FAULTS if fault.blocking and self.counts[fault.code]]

    def lost(self, fault: Fault) -> Fraction:
        """How many points of 100 a fault costs."""
        share = Fraction(self.counts[fault.code], self.existing) if self.existing else Fraction(1)
        return fault.weight * min(share, Fraction(1))

    @property
    def score(self) -> int:
        """The readiness from 0 to 100, rounded down; an empty directory is not ready at all."""
        if not self.existing:
            return 0
        score = max(0, int(100 - sum((self.lost(fault) for fault in FAULTS), Fraction(0))))
        return min(score, MOST_WITH_BLOCKING) if self.blocking else score


def report(*, on: dt.date, class_days: int, within: Q | None = None) -> Report:
    """
    Count the faults of the directory, or of the targets of a task (名录库质量报告).

    Who was never covered is not known here; whoever knows the inspections counts them beside.

    Args:
        on: The day of the report.
        class_days: How old a class may be.
        within: The condition of a task's scope; None: the whole directory.
    """
    found = conditions(on=on, class_days=class_days)
    alike = found.pop(LOOK_ALIKE)
    asked = {code: Count("pk", filter=condition) for code, condition in found.items()}
    rows = Target.objects.filter(within) if within is not None else Target.objects.all()
    counts = rows.aggregate(existing=Count("pk", filter=EXISTING), **asked)
    unlike = {LOOK_ALIKE: rows.filter(alike).count() if counts[CHECK_DIGIT] else 0, NEVER_COVERED: 0}
    return Report({code: counts[code] for code in found} | unlike, counts["existing"])


def rows(condition: Q, *, within: Q | None = None) -> QuerySet[Target]:
    """Exactly the targets with a fault, in the order of their codes."""
    found = Target.objects.filter(condition)
    return (found.filter(within) if within is not None else found).order_by("draw_code")
