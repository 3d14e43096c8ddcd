"""
A small year of rows that no course of work would leave behind: every mixture of days, for figures counted twice.

Moments fall around midnight in China as often as not; targets return in other tasks, in other parts of one task and
under several agencies; some agencies are not the bureau's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeVar

from fairdraw.accounts.models import Agency
from fairdraw.demo.entropy import Choices
from fairdraw.draws.models import DrawnList, DrawnRow
from fairdraw.followup.models import Finding, FollowUp
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.plans.models import Task
from fairdraw.registers.models import Target, YearBase

YEAR = 2026
MIDNIGHT = dt.timedelta(hours=16)  # of China, in UTC
STEPS = (dt.timedelta(0), dt.timedelta(microseconds=-1), dt.timedelta(hours=3), dt.timedelta(hours=-9))


T = TypeVar("T")


class Luck:
    """Choices that follow from a seed, one after the other."""

    def __init__(self, seed: int) -> None:
        self._choices = Choices(seed)
        self._asked = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to *limit* - 1."""
        self._asked += 1
        return self._choices.below(limit, self._asked)

    def often(self, share: float) -> bool:
        """True in *share* of all cases."""
        return self.below(1000) < share * 1000

    def choice(self, options: Sequence[T]) -> T:
        """One of *options*."""
        return options[self.below(len(options))]

    def sample(self, options: Sequence[T], size: int) -> list[T]:
        """*size* different ones of *options*."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _n in range(size)]


class RandomYear:
    """The rows of a year by chance; ``bureau`` is whose figures are asked."""

    def __init__(self, seed: int) -> None:
        self.luck = Luck(seed)
        self.bureau = self._agency("90", "bureau", None)
        section, station = (
            self._agency(c, k, self.bureau) for c, k in (("901", "section"), ("902", "station"))
        )
        self.agencies = [self.bureau, section, station, self._agency("91", "department", None)]
        YearBase.objects.create(
            agency=self.bureau,
            year=YEAR,
            count=40,
            low_risk_count=9,
            source="测试",
            dated_on=dt.date(YEAR, 1, 1),
        )
        self.targets = Target.objects.bulk_create(
            Target(
                draw_code=f"R{n}",
                name=f"对象{n}",
                kind=self.luck.choice(("enterprise", "enterprise", "individual_business")),
                status="existing",
                updated_at=self.moment(),
            )
            for n in range(12)
        )
        self.tasks = [self._task(n) for n in range(6)]
        rows = [row for task in self.tasks for row in self._rows(task)]
        self._visits([each for row in rows for each in self._inspections(row)])

    def day(self) -> dt.date:
        """A day of the year, or shortly before or after it."""
        return dt.date(YEAR - 1, 12, 20) + dt.timedelta(self.luck.below(400))

    def moment(self) -> dt.datetime:
        """A moment at or near an hour when the day changes in China."""
        day = dt.datetime.combine(self.day(), dt.time(0), tzinfo=dt.UTC)
        return day + MIDNIGHT + self.luck.choice(STEPS)

    def _maybe(self, value: Any, chance: float = 0.7) -> Any:
        return value if self.luck.often(chance) else None

    def _agency(self, code: str, kind: str, parent: Agency | None) -> Agency:
        agency = Agency.objects.create(
            code=f"R{code}", name=code, kind=kind, parent=parent, path=code, opens_on=dt.date(YEAR - 1, 1, 1)
        )
        agency.path = f"{parent.path if parent else '/'}{agency.pk}/"
        agency.save(update_fields=["path"])
        return agency

    def _task(self, n: int) -> Task:
        due = self.day()
        return Task.objects.create(
            number=f"R{n}",
            name=f"任务{n}",
            year=YEAR if n else YEAR - 1,
            agency=self.luck.choice(self.agencies[:3]),
            state="in_progress",
            window_start=due,
            window_end=due,
            due_on=due,
            exempt_field=self.luck.choice(("", "", "food")),
            created_at=self.moment(),
            drawn_at=self._maybe(self.moment(), 0.8),
            cancelled_at=self._maybe(self.moment(), 0.2),
        )

    def _rows(self, task: Task) -> list[DrawnRow]:
        drawn = DrawnList.objects.create(task=task, source="own", created_at=self.moment())
        return [
            DrawnRow.objects.create(
                drawn_list=drawn,
                task=task,
                target=target,
                part=part,
                stratum="N",
                rank=n,
                kind_as_sealed=target.kind,
                class_as_sealed=self.luck.choice(("", "A", "A", "B", "C", "D")),
            )
            for part in ("T.a", "T.b")
            for n, target in enumerate(self.luck.sample(self.targets, self.luck.below(6)))
        ]

    def _inspections(self, row: DrawnRow) -> list[Inspection]:
        return [
            self._inspection(row, agency)
            for agency in self.luck.sample(self.agencies, 1 + self.luck.below(2))
        ]

    def _inspection(self, row: DrawnRow, agency: Agency) -> Inspection:
        checked = self._maybe(self.day(), 0.8)
        published = self._maybe(self.moment(), 0.8) if checked else None
        if published and self.luck.often(0.6):  # as most are: some weeks after the check
            published = clock.at(checked + dt.timedelta(self.luck.below(45)), self.luck.choice((0, 23)))
        excluded = self._maybe(self.moment(), 0.2)
        made = Inspection.objects.create(
            row=row,
            task=row.task,
            target=row.target,
            agency=agency,
            number=f"{row.pk}-{agency.pk}",
            kind=row.kind_as_sealed,
            stratum=row.stratum,
            class_as_sealed=row.class_as_sealed,
            differentiated=self.luck.often(0.7),
            exempt=self.luck.often(0.2),
            due_on=row.task.due_on if self.luck.often(0.8) else self.day(),
            drawn_at=self.moment() if self.luck.often(0.5) else clock.at(dt.date(YEAR, 1, 9)),
            checked_on=checked,
            problem=self.luck.often(0.4),
            published_at=published,
            withdrawn_at=self._maybe(self.moment(), 0.2) if published else None,
            excluded_at=excluded,
            excluded_code="moved_out" if excluded else "",
        )
        for code in self.luck.sample(("02", "05"), self.luck.below(3)) if made.problem else ():
            self._follow_up(made, code)
        return made

    def _follow_up(self, inspection: Inspection, code: str) -> None:
        finding = Finding.objects.create(
            inspection=inspection, code=code, description="问题", found_on=self.day()
        )
        if self.luck.often(0.8):
            FollowUp.objects.create(
                finding=finding,
                owner=inspection.agency,
                measure="order",
                document_number="1",
                opened_on=finding.found_on,
                started_on=self._maybe(self.day(), 0.8),
                closed_on=self._maybe(self.day()),
                due_on=self.day(),
            )

    def _visits(self, inspections: list[Inspection]) -> None:
        for target in self.targets:
            held = [each for each in inspections if each.target_id == target.pk]
            while held:
                visit = Visit.objects.create(
                    target=target,
                    agency=self.luck.choice(self.agencies),
                    year=self.luck.choice((YEAR, YEAR, YEAR, YEAR - 1)),
                    visited_on=self._maybe(self.day(), 0.8),
                    method=self.luck.choice(("on_site", "on_site", "online")),
                )
                size = 1 + self.luck.below(3)
                visit.inspections.set(held[:size])
                held = held[size:]
