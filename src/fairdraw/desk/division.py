"""The division of work as it is typed and shown (任务分工): a line for each unit and area, with its weeks and who leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.desk.forms import offer
from fairdraw.kernel.actor import Actor
from fairdraw.plans import division, rules
from fairdraw.plans.division import ShareEntry
from fairdraw.plans.models import Task, WorkShare

FIELDS = ("agency", "area", "first", "last", "leader")
SPARE, MOST = 2, 60
WHOLE = ""


def units(task_agency: Agency, partners: Sequence[Agency] = ()) -> dict[str, Agency]:
    """The units that a share may name: those of the department, and the partners."""
    department = accounts.department_of(task_agency)
    inside = Q(path__startswith=department.path) & ~Q(kind=AgencyKind.DEPARTMENT)
    rows = Agency.objects.filter(inside | Q(pk__in=[a.pk for a in partners]), closes_on__isnull=True)
    return {str(a.pk): a for a in rows.order_by("kind", "code")}


def week_words(first: dt.date, last: dt.date) -> str:
    """A week as people name it: 第20周 5.11—5.17."""
    words = {"week": first.isocalendar().week, "days": f"{first:%-m.%-d}—{last:%-m.%-d}"}
    return _("第%(week)s周 %(days)s") % words


class Division(forms.Form):
    """Lines of shares; a line without a unit is none."""

    def __init__(
        self,
        *args: Any,
        units: Mapping[str, Agency],
        areas: Mapping[str, Agency],
        start: dt.date,
        end: dt.date,
        rows: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.areas = units, areas
        self.weeks = rules.weeks(start, end)
        self.rows = min(rows, MOST)
        for place in range(1, self.rows + 1):
            self._line(place)

    def _line(self, place: int) -> None:
        named: dict[str, forms.Field] = {
            "agency": forms.ChoiceField(label=gettext_lazy("承办单位"), required=False),
            "area": forms.ChoiceField(label=gettext_lazy("辖区"), required=False),
            "first": forms.ChoiceField(label=gettext_lazy("从"), required=False),
            "last": forms.ChoiceField(label=gettext_lazy("到"), required=False),
            "leader": forms.CharField(label=gettext_lazy("带队负责人"), required=False, max_length=40),
        }
        for name, field in named.items():
            field.widget.attrs["aria-label"] = _("第%(n)s行 %(label)s") % {"n": place, "label": field.label}
            self.fields[f"share_{place}_{name}"] = field
        weeks = [(a, b, week_words(a, b)) for a, b in self.weeks]
        choices = {
            "agency": [("", _("（不安排）")), *((key, str(unit)) for key, unit in self.units.items())],
            "area": [(WHOLE, _("任务全部辖区")), *((key, str(area)) for key, area in self.areas.items())],
            "first": [(a.isoformat(), words) for a, _b, words in weeks],
            "last": [(b.isoformat(), words) for _a, b, words in weeks],
        }
        for name, offered in choices.items():
            offer(self, f"share_{place}_{name}", offered)
        self.fields[f"share_{place}_last"].initial = weeks[-1][1].isoformat()

    @property
    def lines(self) -> list[list[Any]]:
        """The fields of each line, for the page."""
        return [[self[f"share_{place}_{name}"] for name in FIELDS] for place in range(1, self.rows + 1)]

    def clean(self) -> dict[str, Any]:
        """Each line with a unit: weeks that do not end before they begin, no line twice."""
        cleaned = super().clean() or {}
        self.shares: list[ShareEntry] = []
        seen: set[tuple[str, str, str]] = set()
        for place in range(1, self.rows + 1):
            unit, area, first, last, leader = (cleaned.get(f"share_{place}_{name}", "") for name in FIELDS)
            if not unit or self.errors.keys() & {f"share_{place}_{name}" for name in FIELDS}:
                continue
            if (unit, area, first) in seen:
                self.add_error(f"share_{place}_agency", _("同一单位、辖区和周次已有一行"))
            seen.add((unit, area, first))
            share = ShareEntry(
                self.units[unit],
                self.areas[area] if area else None,
                dt.date.fromisoformat(first or self.weeks[0][0].isoformat()),
                dt.date.fromisoformat(last or self.weeks[-1][1].isoformat()),
                leader,
            )
            if share.ends_on < share.starts_on:
                self.add_error(f"share_{place}_last", _("结束周早于开始周"))
            self.shares.append(share)
        return cleaned


def initial(shares: Sequence[ShareEntry | WorkShare], *, start: dt.date, end: dt.date) -> dict[str, str]:
    """The fields of shares that stand, each moved to whole weeks of the task."""
    weeks = rules.weeks(start, end)
    found: dict[str, str] = {}
    for place, share in enumerate(shares, start=1):
        first = next((a for a, b in weeks if b >= share.starts_on), weeks[-1][0])
        last = next((b for a, b in reversed(weeks) if a <= share.ends_on), weeks[0][1])
        values = (
            str(share.agency.pk),
            str(share.area.pk) if share.area else WHOLE,
            first.isoformat(),
            last.isoformat(),
            share.leader,
        )
        found |= {f"share_{place}_{name}": value for name, value in zip(FIELDS, values, strict=True)}
    return found


def by_area(areas: Mapping[str, Agency], *, start: dt.date, end: dt.date) -> list[ShareEntry]:
    """Each station its own area over the whole time (按辖区分工): what a division usually begins with."""
    return [ShareEntry(area, area, start, end) for area in areas.values()]


def asked_rows(data: Mapping[str, Any], *, least: int) -> int:
    """How many lines are asked for: what the page says, within bounds."""
    said = str(data.get("share_rows", ""))
    return max(least, min(int(said), MOST)) if said.isascii() and said.isdigit() else least


@dataclass(frozen=True)
class ThisWeek:
    """What a unit is to do in a week, as the workbench and the board list it."""

    share: WorkShare
    weeks: str


def this_week(actor: Actor, *, today: dt.date, own: bool = False) -> list[ThisWeek]:
    """The shares that fall into the week of *today*: of the tasks one sees, or only of the own units."""
    first = today - dt.timedelta(today.weekday())
    rows = division.shares_on(actor, first, first + dt.timedelta(6))
    if own and not actor.trusted:
        rows = rows.filter(accounts.within_scopes(actor, "agency__path"))
    return [ThisWeek(share, span(share)) for share in rows]


def of_task(task: Task) -> list[ThisWeek]:
    """The shares of a task with their weeks in words."""
    return [ThisWeek(share, span(share)) for share in division.shares_of(task)]


def span(share: WorkShare) -> str:
    """The weeks of a share in words: 第20周至第22周（5月11日至5月31日）."""
    first, last = share.starts_on.isocalendar().week, share.ends_on.isocalendar().week
    words = (
        _("第%(a)s周") % {"a": first}
        if first == last
        else _("第%(a)s周至第%(b)s周") % {"a": first, "b": last}
    )
    days = {
        "m1": share.starts_on.month,
        "d1": share.starts_on.day,
        "m2": share.ends_on.month,
        "d2": share.ends_on.day,
    }
    return words + _("（%(m1)s月%(d1)s日至%(m2)s月%(d2)s日）") % days


def areas_of(task: Task) -> dict[str, Agency]:
    """The areas of a task: the stations of its scheme, else all stations that are open."""
    codes = task.scheme.scope.get("stations", ())
    return areas(codes)


def areas(codes: Sequence[str] = ()) -> dict[str, Agency]:
    """The stations with these codes, else all that are open."""
    rows = [a for a in accounts.stations() if a.closes_on is None]
    return {str(a.pk): a for a in rows if not codes or a.code in codes}
