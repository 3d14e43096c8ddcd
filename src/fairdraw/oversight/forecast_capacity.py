"""
Who could go, and what the visits need (检查力量): team-days, cars and trips by week against working days with absences.

Supply is counted by unit, in pairs; nobody is given a number of visits (国办发〔2024〕54号). Distances are not
counted: the directory holds no coordinates, and none are made up.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.inspections.models import Visit
from fairdraw.kernel.text import gettext_noop
from fairdraw.oversight.forecast_rules import routes
from fairdraw.registers.models import Inspector, InspectorAbsence
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.rules import ONE_DAY, Workdays

TEAM = 2
NO_DISTANCE = gettext_noop("无坐标，未计里程")


@dataclass(frozen=True)
class Pace:
    """How many doors a day, how many people a car: numbers of the office (规则库)."""

    route_doors: int  # a route-wise team
    pair_doors: int  # a pair that is put together anew for each target
    car_places: int

    @classmethod
    def on(cls, day: dt.date) -> Pace:
        """The numbers in force on a day."""
        return cls(
            *(int(rulebook.number(code, day)) for code in ("route_doors_day", "pair_doors_day", "car_places"))
        )


@dataclass(frozen=True)
class Need:
    """What a number of visits needs: days of a team, days of a car, trips to towns; expectations."""

    team_days: float = 0.0
    car_days: float = 0.0
    trips: float = 0.0

    def __add__(self, other: Need) -> Need:
        return Need(
            self.team_days + other.team_days, self.car_days + other.car_days, self.trips + other.trips
        )


def clustered(doors: Mapping[tuple[str, str], float], *, departments: int, bundle: int, pace: Pace) -> Need:
    """
    What route-wise teams need (成组): in each town as many routes as its doors fill, a car for whoever goes.

    Args:
        doors: Expected doors by station and town.
        departments: How many go, two of each.
        bundle: The most doors of one route.
        pace: Doors a day, places of a car.
    """
    most = max(1, min(bundle, pace.route_doors))
    days = sum(routes(mean, most) for mean in doors.values())
    return Need(days * departments, days * _cars(departments, pace), days)


def paired(doors: Mapping[tuple[str, str], float], *, departments: int, pace: Pace) -> Need:
    """What pairs need that are dealt target by target (逐户): every door is a trip of its own, few fit in a day."""
    trips = sum(doors.values())
    days = trips / max(1, pace.pair_doors)
    return Need(days * departments, days * _cars(departments, pace), trips)


def _cars(departments: int, pace: Pace) -> int:
    return math.ceil(TEAM * departments / max(1, pace.car_places))


@dataclass
class UnitSupply:
    """
    What one unit can give (一个单位的力量).

    Attributes:
        people: Inspectors who may be drawn.
        away: Working days that they are absent in the window, added up.
        weeks: Team-days by week: half of the person-days, whole.
    """

    code: str
    name: str
    department: str
    people: int = 0
    away: int = 0
    person_days: Counter[dt.date] = field(default_factory=Counter)

    @property
    def weeks(self) -> dict[dt.date, int]:
        """Team-days by the Monday of the week."""
        return {week: days // TEAM for week, days in self.person_days.items()}

    @property
    def team_days(self) -> int:
        """Team-days of the whole window."""
        return sum(self.weeks.values())


def monday(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def working_days(start: dt.date, end: dt.date, calendar: Workdays) -> list[dt.date]:
    """The working days from *start* to *end*, both included, make-up days too."""
    days = (start + ONE_DAY * n for n in range((end - start).days + 1))
    return [day for day in days if calendar.is_workday(day)]


def supply(departments: Iterable[str], *, start: dt.date, end: dt.date) -> list[UnitSupply]:
    """
    What the units of *departments* can give from *start* to *end* (可用组日).

    Only whom a draw may take counts: in service, trained, no assistant or expert, with a certificate valid on the
    day; absences are taken off day by day.
    """
    roots = list(Agency.objects.filter(code__in=list(departments)))
    days = working_days(start, end, rulebook.workdays())
    found: dict[str, UnitSupply] = {}
    for root in roots:
        people = list(
            Inspector.objects.filter(
                agency__path__startswith=root.path, active=True, trained=True, assistant=False, expert=False
            ).select_related("agency")
        )
        away = _away([person.pk for person in people], start=start, end=end)
        for person in people:
            unit = found.setdefault(
                person.agency.code, UnitSupply(person.agency.code, person.agency.name, root.code)
            )
            unit.people += 1
            for day in days:
                if not person.valid_from <= day <= person.valid_to:
                    continue
                if any(first <= day < back for first, back in away.get(person.pk, ())):
                    unit.away += 1
                else:
                    unit.person_days[monday(day)] += 1
    return sorted(found.values(), key=lambda unit: (unit.department, unit.code))


def _away(people: Iterable[int], *, start: dt.date, end: dt.date) -> dict[int, list[tuple[dt.date, dt.date]]]:
    rows = InspectorAbsence.objects.filter(inspector__in=list(people), starts_on__lte=end, ends_on__gt=start)
    found = defaultdict(list)
    for who, first, back in rows.values_list("inspector_id", "starts_on", "ends_on"):
        found[who].append((first, back))
    return found


@dataclass(frozen=True)
class Week:
    """A week of one department: team-days needed and to be had."""

    monday: dt.date
    needed: Fraction
    available: int

    @property
    def short(self) -> int:
        """Whole team-days missing."""
        return max(0, math.ceil(self.needed - self.available))


def by_week(
    loads: Iterable[tuple[float, dt.date, dt.date]], units: Sequence[UnitSupply], *, today: dt.date
) -> list[Week]:
    """
    Needed and available team-days of each week.

    Args:
        loads: Team-days with the first and last day on which they can be worked off; spread evenly.
        units: The units of one department; pairs form across them.
        today: Nothing is done earlier.
    """
    calendar, needed = rulebook.workdays(), Counter[dt.date]()
    for days, first, last in loads:
        open_days = working_days(max(first, today), last, calendar) or [
            calendar.on_or_after(max(first, today))
        ]
        for day in open_days:
            needed[monday(day)] += Fraction(round(days * 1000), 1000 * len(open_days))  # type: ignore[assignment]
    people: Counter[dt.date] = Counter()
    for unit in units:
        people.update(unit.person_days)
    return [Week(week, Fraction(needed[week]), people[week] // TEAM) for week in sorted({*needed, *people})]


def waiting_doors(bureau: Agency, year: int) -> list[tuple[dt.date, int]]:
    """Doors that are drawn and not opened yet: by the last planned day, how many (已抽取待检查)."""
    rows = Visit.objects.filter(
        year=year, agency__path__startswith=bureau.path, visited_on=None, method="on_site"
    )
    found: Counter[dt.date] = Counter()
    open_rows = rows.filter(inspections__excluded_at=None, inspections__checked_on=None).distinct()
    for _pk, planned, due in open_rows.values_list("pk", "planned_on", "inspections__due_on"):
        found[planned or due] += 1
    return sorted(found.items())


def department_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of departments by code."""
    return dict(Agency.objects.filter(code__in=list(codes)).values_list("code", "name"))


def bureau_code() -> str:
    """The bureau's own department."""
    return accounts.root().code


def distance() -> str:
    """Kilometres, or why they are not told."""
    return _(NO_DISTANCE)
