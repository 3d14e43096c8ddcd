"""
The goals at the year's end as they can be foreseen (目标预测): what is public, under way, planned; N02, N03, N10, N16.

Counts that are certain are whole; expectations are floored and stand with the range in which 19 of 20 years end.
A gap is told in whole enterprises and never rounded down. How to close it is offered in a fixed order, for the bureau
as a whole: never a number for a person or a station (rules.md I5).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from fairdraw.inspections.models import Visit
from fairdraw.kernel import clock
from fairdraw.oversight import counting, selectors
from fairdraw.oversight import forecast_rules as rules
from fairdraw.oversight.facts import ENTERPRISE, Indicator
from fairdraw.oversight.forecast import WhatIf, enterprises_of_class_a
from fairdraw.oversight.forecast_cells import Kind
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import formats

FORESEEN = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")


@dataclass(frozen=True)
class Goal:
    """
    One goal at the year's end.

    Attributes:
        now: As it stands.
        certain: When all that was drawn is finished, without a further draw.
        expected: With the planned draws; floored where it is random.
        low: Numerator in a bad year (1 of 40 is worse); ``None`` where nothing is random.
        high: Numerator in a good year.
        note: What the figure assumes.
    """

    code: str
    now: Indicator
    certain: Indicator
    expected: Indicator
    low: int | None = None
    high: int | None = None
    note: str = ""

    @property
    def worst(self) -> Indicator:
        """The bad end: what must hold for the goal to be safe."""
        if self.low is None or self.high is None:
            return self.expected
        end = self.high if self.expected.lower_is_better else self.low
        return replace(self.expected, numerator=end)


@dataclass(frozen=True)
class Remedy:
    """
    One way to close the gap of K1, in its order (补足办法).

    Attributes:
        code: ``receipts``, ``dispatched``, ``under_way``, ``planned``, ``off_site``, ``amendment``.
        enterprises: How many distinct enterprises it brings, expected and floored; ``None``: as many as are missing.
        left: How many are still missing after it.
    """

    code: str
    label: str
    enterprises: int | None
    left: int


class Foresight:
    """
    The goals of a year with a what-if's planned draws.

    Args:
        found: The what-if.
        now: The indicators of today where they are known already.
    """

    def __init__(self, found: WhatIf, now: dict[str, Indicator] | None = None) -> None:
        self._now = now
        self.found, self.bureau, self.year, self.on = found, found.bureau, found.year, found.on
        self.tasks = selectors.year_tasks(self.bureau, self.year)
        self.rows = counting.own_inspections(self.bureau, self.tasks)

    @cached_property
    def end(self) -> dt.date:
        """The last day of the year."""
        return dt.date(self.year, 12, 31)

    @cached_property
    def now(self) -> dict[str, Indicator]:
        """The indicators of today."""
        if self._now is not None:
            return self._now
        return selectors.indicators(self.bureau, self.year, as_of=min(self.on, self.end))

    @cached_property
    def goals(self) -> list[Goal]:
        """K1 to K7 at the year's end."""
        return [
            self.enterprise_ratio(),
            self.on_time(),
            self.publication(),
            self.follow_up(),
            self.differentiated(),
            self.detection(),
            self.low_risk_visits(),
        ]

    # K1

    @cached_property
    def _past(self) -> dict[str, tuple[int, int, int, int]]:
        """This year and last by class: drawn, not to be checked, checked, with a problem."""
        tasks = self.tasks | selectors.year_tasks(self.bureau, self.year - 1)
        rows = counting.own_inspections(self.bureau, tasks).order_by().values_list("class_as_sealed")
        done = Q(checked_on__isnull=False, excluded_at=None)
        counted = rows.annotate(
            all=Count("pk"),
            gone=Count("pk", filter=Q(excluded_at__isnull=False)),
            checked=Count("pk", filter=done),
            problems=Count("pk", filter=done & Q(problem=True)),
        )
        return {sealed or "N": tuple(figures) for sealed, *figures in counted}

    @cached_property
    def attrition(self) -> Fraction:
        """The share of drawn targets that could not be checked, this year and last (排除率)."""
        drawn, gone = (sum(figures[n] for figures in self._past.values()) for n in (0, 1))
        return Fraction(gone, drawn) if drawn else Fraction(0)

    @cached_property
    def fresh(self) -> tuple[float, float]:
        """Enterprises that the planned draws add to K1: expected number, and the variance of coins."""
        joints = self.found.joints
        kept = float(1 - self.attrition)
        mean = variance = 0.0
        for kind, held in self.uncounted.items():
            chances = rules.together(rules.Cell(held, self.found.chances_of(kind)), joints)
            met = rules.at_least(chances)[0] * kept
            mean += held * met
            variance += held * met * (1 - met)
        return mean, variance

    @cached_property
    def uncounted(self) -> Counter[Kind]:
        """The enterprises of the planned tasks' scopes that K1 does not count yet, by kind."""
        left = Counter({k: n for k, n in self.found.picture.kinds.items() if k.kind == ENTERPRISE})
        for (kind, _past, counted), held in self.found.picture.visited.items():
            if counted and kind.kind == ENTERPRISE:
                left[kind] -= held
        return left

    def enterprise_ratio(self) -> Goal:
        """K1: published, then everything under way, then the planned draws."""
        now = self.now["K1"]
        sure = self.now["K1.forecast"].numerator
        mean, variance = self.fresh
        low, high = rules.spread(sure + mean, variance)
        expected = replace(now, numerator=math.floor(round(sure + mean, 6)))
        note = _("在办的全部公示；抽中后不能检查的按%(rate)s估计") % {"rate": formats.rate(self.attrition)}
        return Goal("K1", now, replace(now, numerator=sure), expected, low, high, note)

    # K2

    def on_time(self) -> Goal:
        """K2: every task of the year, less those that are late or can no longer be sealed in time."""
        facts = selectors.task_facts(self.bureau, self.year)
        due = [task for task in facts if task.is_due(self.end)]
        late = {task.task for task in counting.late_tasks(self.rows, facts, as_of=min(self.on, self.end))}
        rows = sum(1 for one in self.found.plan if one.task is None)
        hopeless = {line.planned.key for line in self.found.lines if line.is_late} - late
        now = self.now["K2"]
        certain = replace(now, numerator=len(due) - len(late), denominator=len(due))
        whole = len(due) + rows
        expected = replace(now, numerator=whole - len(late | hopeless), denominator=whole)
        words = {"late": len(late), "past": len(hopeless), "risk": len(self.at_risk)}
        note = (
            _("已逾期%(late)s项，最迟封存日已过%(past)s项；检查的最后一天已过而未检查完的%(risk)s项") % words
        )
        low = max(0, expected.numerator - len({t.number for t in self.at_risk} - late))
        return Goal("K2", now, certain, expected, low, expected.numerator, note)

    @cached_property
    def at_risk(self) -> list[Task]:
        """Tasks under way whose last day for visits is past while some are not checked (来不及)."""
        steps, workdays = rulebook.step_times(self.on), rulebook.workdays()
        open_tasks = self.rows.filter(checked_on=None, excluded_at=None).values("task").distinct()
        tasks = self.tasks.filter(pk__in=open_tasks, due_on__gte=self.on)
        return [t for t in tasks if book.backward_schedule(t.due_on, workdays, steps).last_visit < self.on]

    # K3, K4

    def publication(self) -> Goal:
        """K3: whatever is checked is published; receipts that are missing stand in the note."""
        now = self.now["K3"]
        to_check, silent = (sum(figures[n] for figures in self._under_way.values()) for n in (0, 1))
        planned = self._kept(sum(line.drawn or 0 for line in self.found.lines))
        certain = replace(now, numerator=to_check, denominator=to_check)
        expected = replace(now, numerator=to_check + planned, denominator=to_check + planned)
        note = _("以全部公示为前提；已报送待回执%(n)s户次") % {"n": silent}
        return Goal("K3", now, certain, expected, note=note)

    def follow_up(self) -> Goal:
        """K4: every problem gets its measure; how many more problems are to be expected stands in the note."""
        now, mean = self.now["K4"], self._problems[0]
        certain = replace(now, numerator=now.denominator)
        whole = now.denominator + math.floor(mean)
        expected = replace(now, numerator=whole, denominator=whole)
        words = {"open": now.denominator - now.numerator, "more": math.floor(mean)}
        note = _("以全部处置为前提；待启动%(open)s户次，预计新发现约%(more)s户次") % words
        return Goal("K4", now, certain, expected, note=note)

    @cached_property
    def _under_way(self) -> dict[str, tuple[int, int, int]]:
        """This year by class: to be checked, submitted without a receipt, not checked yet."""
        rows = self.rows.filter(excluded_at=None).values_list("class_as_sealed")
        counted = rows.annotate(
            all=Count("pk"),
            silent=Count("pk", filter=Q(submitted_at__isnull=False, published_at=None)),
            open=Count("pk", filter=Q(checked_on=None)),
        )
        return {sealed or "N": tuple(figures) for sealed, *figures in counted}

    def _kept(self, drawn: int) -> int:
        return math.floor(drawn * (1 - self.attrition))

    # K5

    def differentiated(self) -> Goal:
        """K5: by targets; exact, since sizes follow from the directory."""
        now = self.now["K5"]
        counted = [line for line in self.found.lines if not line.planned.exempt and line.drawn]
        by_class = sum(line.drawn or 0 for line in counted if line.planned.rising)
        whole = sum(line.drawn or 0 for line in counted)
        expected = replace(now, numerator=now.numerator + by_class, denominator=now.denominator + whole)
        flat = [line for line in counted if not line.planned.rising]
        note = _("以抽取时分类结果不超过规定时效为前提；未按分类设定比例的待抽任务%(n)s项") % {"n": len(flat)}
        return Goal("K5", now, now, expected, note=note)

    # K6

    @cached_property
    def _problems(self) -> tuple[float, float, int]:
        """Problems to be expected from now on: number, variance, inspections that it is told of."""
        waiting = Counter({code: figures[2] for code, figures in self._under_way.items()})
        for place in range(len(self.found.plan)):
            for code, n in self.found.drawn_by_class(place).items():
                waiting[code] += self._kept(n)
        mean, variance, told = 0.0, 0.0, 0
        for code, n in waiting.items():
            _drawn, _gone, checked, problems = self._past.get(code, (0, 0, 0, 0))
            if checked:
                rate = problems / checked
                mean += n * rate
                variance += n * rate * (1 - rate) * (1 + n / checked)
                told += n
        return mean, variance, told

    def detection(self) -> Goal:
        """K6: problems out of checks, with the rates of this year and last by class."""
        now, (mean, variance, told) = self.now["K6"], self._problems
        expected = replace(
            now, numerator=now.numerator + math.floor(mean), denominator=now.denominator + told
        )
        low, high = rules.spread(now.numerator + mean, variance)
        if not told:
            return Goal("K6", now, now, expected, note=_("没有可以参照的检查结果"))
        note = _("按本年和上年各类对象的问题发现率估计")
        return Goal("K6", now, now, expected, max(low, now.numerator), high, note)

    # K7

    def low_risk_visits(self) -> Goal:
        """K7: visits to class A enterprises, made, drawn, planned; against last year's whole year."""
        now = replace(self.now["K7"], goal=self._last_year())
        visits = Visit.objects.filter(
            year=self.year,
            visited_on=None,
            method="on_site",
            agency__path__startswith=self.bureau.path,
            inspections__excluded_at=None,
            inspections__kind=ENTERPRISE,
            inspections__class_as_sealed="A",
        )
        waiting = visits.aggregate(n=Count("pk", distinct=True))["n"]
        certain = replace(now, numerator=now.numerator + waiting)
        mean = float(enterprises_of_class_a(self.found) * (1 - self.attrition))
        expected = replace(certain, numerator=math.ceil(certain.numerator + mean))
        low, high = rules.spread(certain.numerator + mean, mean)
        note = _("与上年全年比较") if now.goal is not None else _("上年没有数据，不作比较")
        return Goal("K7", now, certain, expected, max(low, certain.numerator), high, note)

    def _last_year(self) -> Fraction | None:
        last = self.year - 1
        if not selectors.year_tasks(self.bureau, last).exists():
            return None
        visits = counting.low_risk_visits(
            selectors.year_visits(self.bureau, last), as_of=dt.date(last, 12, 31)
        )
        held = selectors.low_risk_enterprises(self.bureau, last)
        return Fraction(visits, held) if held else None

    # 补足办法

    @property
    def needed(self) -> int:
        """Distinct published enterprises that K1 needs (还需户数的基准)."""
        k1 = self.now["K1"]
        return math.ceil((k1.goal or 0) * k1.denominator)

    @cached_property
    def remedies(self) -> list[Remedy]:
        """How the gap is closed, in order; each step takes over what is still missing before it."""
        published = self.now["K1"].numerator
        left = max(0, self.needed - published)
        found: list[Remedy] = []

        def add(code: str, label: str, brings: int) -> None:
            nonlocal left
            left = max(0, left - brings)
            found.append(Remedy(code, label, brings, left))

        receipts, dispatched, under_way = self._open_enterprises()
        add("receipts", _("催收已报送结果的公示回执"), receipts)
        add("dispatched", _("办结上级派发、尚未计入的任务"), dispatched + self._expected(dispatched=True))
        add("under_way", _("办结本局已抽取的任务"), under_way)
        add("planned", _("按计划抽取并办结其余任务"), self._expected(dispatched=False))
        if left:
            found.append(Remedy("off_site", _("增加书面检查、网络监测的抽查，不增加入企"), None, left))
            found.append(Remedy("amendment", _("仍不足的，调整年度计划并公布调整理由"), None, left))
        return found

    def _open_enterprises(self) -> tuple[int, int, int]:
        """Enterprises without a published result: their results await a receipt, are dispatched, are under way."""
        rows = self.rows.filter(kind=ENTERPRISE, excluded_at=None)
        day = counting.Day.of(self.on)
        done = rows.filter(day.published).values("target")
        rest = rows.exclude(target__in=done)
        receipt, sent, everybody = set(), set(), set()
        for target, submitted, channel in rest.values_list("target", "submitted_at", "task__channel"):
            everybody.add(target)
            if submitted:
                receipt.add(target)
            if channel == Channel.DISPATCHED.value:
                sent.add(target)
        return len(receipt), len(sent - receipt), len(everybody - sent - receipt)

    def _expected(self, *, dispatched: bool) -> int:
        """Of the enterprises that planned draws add, those of dispatched tasks or of the bureau's own."""
        mean = self.fresh[0]
        shares: Counter[bool] = Counter()
        for line in self.found.lines:
            shares[line.planned.channel == Channel.DISPATCHED.value] += line.drawn or 0
        whole = sum(shares.values())
        sent = math.floor(mean * shares[True] / whole) if whole else 0
        return sent if dispatched else math.floor(round(mean, 6)) - sent

    # 全年走势

    @cached_property
    def course(self) -> tuple[list[int | None], list[int | None], list[int]]:
        """K1's numerator by the end of each month: as it was, as it is foreseen, and what is needed."""
        first, coming = Counter[int](), Counter[int]()
        published = counting.Day.of(self.on).published
        rows = self.rows.filter(kind=ENTERPRISE, excluded_at=None).values("target")
        each = rows.annotate(at=Min("published_at", filter=published), due=Min("due_on"))
        for at, due in each.values_list("at", "due"):
            if at is not None:
                first[_month(clock.local_date(at), self.year)] += 1
            else:
                coming[_month(max(due, self.on), self.year)] += 1
        planned = self._planned_by_month()
        this = _month(self.on, self.year)
        was: list[int | None] = []
        will: list[int | None] = []
        total, more = 0, 0.0
        for month in range(1, 13):
            total += first[month]
            more += coming[month] + planned.get(month, 0.0)
            was.append(total if month <= this else None)
            will.append(math.floor(round(total + more, 6)) if month >= this else None)
        return was, will, [self.needed] * 12

    def _planned_by_month(self) -> dict[int, float]:
        whole = sum(line.drawn or 0 for line in self.found.lines)
        found: dict[int, float] = {}
        for line in self.found.lines:
            if line.drawn and whole:
                month = _month(max(line.planned.due_on, self.on), self.year)
                found[month] = found.get(month, 0.0) + self.fresh[0] * line.drawn / whole
        return found


def _month(day: dt.date, year: int) -> int:
    """The month of *year* that a day counts in; earlier and later years at the ends."""
    return 1 if day.year < year else 12 if day.year > year else day.month


def missing(goals: Sequence[Goal]) -> list[Goal]:
    """The goals that are not safely reached."""
    return [goal for goal in goals if goal.worst.met is False]
