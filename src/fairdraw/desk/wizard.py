"""
The scheme wizard (方案向导): five pages over one form; each keeps what was typed, right or wrong, until it becomes a scheme.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.desk import division, plan_forms, planning, schemes
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import division as shares
from fairdraw.plans import planning as verbs
from fairdraw.plans import selectors as plans
from fairdraw.plans.entries import asked_of
from fairdraw.plans.models import PlanRow, SchemeDraft, Task

STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "objects": (
        gettext_noop("对象与事项"),
        ("name", "reason", "agency", "channel", "partners", "items", "scope_words", "stations"),
    ),
    "rates": (
        gettext_noop("比例"),
        ("exempt", "exempt_reason", "by", "bounds", "layer_tags", "amount", "class_"),
    ),
    "method": (
        gettext_noop("时间与方式"),
        (
            "starts_on",
            "ends_on",
            "method",
            "method_reason",
            "qualification",
            "assign_mode",
            "unannounced",
        ),
    ),
    "division": (gettext_noop("任务分工"), ("share_",)),
    "summary": (gettext_noop("名称与核对"), ("scheme_name", "scheme_number")),
}
ORDER = tuple(STEPS)


def belongs(name: str, step: str) -> bool:
    """Whether the field *name* stands on the page *step*; fields that come in numbers go by their beginning."""
    return any(name == word or (word.endswith("_") and name.startswith(word)) for word in STEPS[step][1])


@dataclass
class Draft:
    """A draft with what its pages need: the form of its fields, and the year that it is for."""

    row: SchemeDraft
    version: Any
    task: Task | None
    year: int
    cutoff: dt.date
    today: dt.date
    known: plan_forms.Known

    @property
    def given(self) -> dict[str, list[str]]:
        """What was typed so far."""
        found: dict[str, list[str]] = self.row.given
        return found

    def query(self) -> QueryDict:
        """What was typed, as one page would send it."""
        query = QueryDict(mutable=True)
        for name, values in self.given.items():
            query.setlist(name, values)
        return query

    def _form(self, *args: Any, **more: Any) -> plan_forms.PlanTask:
        return plan_forms.PlanTask(
            *args,
            known=self.known,
            year=self.year,
            row_asked=asked_of(self.version) if self.version else None,
            task=self.task,
            own=self.version is None and self.task is None,
            **more,
        )

    def bound(self) -> plan_forms.PlanTask:
        """The whole form with its errors."""
        return self._form(self.query())

    def fresh(self) -> plan_forms.PlanTask:
        """The form as it was left, without errors: nobody has said to be done."""
        shape = self._form()
        plural = {
            name
            for name, field in shape.fields.items()
            if getattr(field.widget, "allow_multiple_selected", False)
        }
        plural |= {"layer_tags", "items", "partners", "stations"}
        values = {k: v if k in plural else v[0] if v else "" for k, v in self.given.items()}
        return self._form(initial=values)

    def agency(self) -> Agency | None:
        """The unit that is to carry the task, once it is chosen."""
        if self.task is not None:
            return self.task.agency
        found: Agency | None = self.known.agencies.get("".join(self.given.get("agency", [])[:1]))
        return found

    def days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day, once they are typed and in order."""
        try:
            start, end = (dt.date.fromisoformat(self.given[name][0]) for name in ("starts_on", "ends_on"))
        except (KeyError, IndexError, ValueError):
            return None
        end = min(end, self.cutoff)
        return (start, end) if start <= end and (end - start).days < 400 else None

    def division(self, *, bound: bool) -> division.Division | None:
        """The lines of the division; ``None`` until unit and days are known."""
        agency, days = self.agency(), self.days()
        if agency is None or days is None:
            return None
        chosen = [
            self.known.stations[k].code for k in self.given.get("stations", ()) if k in self.known.stations
        ]
        held = sum(1 for name in self.given if name.startswith("share_") and name.endswith("_agency"))
        areas = division.areas(chosen)
        partners = [
            self.known.partners[k] for k in self.given.get("partners", ()) if k in self.known.partners
        ]
        values = {k: v[0] if v else "" for k, v in self.given.items() if k.startswith("share_")}
        least = held or division.SPARE
        return division.Division(
            values if bound else None,
            units=division.units(agency, partners),
            areas=areas,
            start=days[0],
            end=days[1],
            rows=division.asked_rows(values, least=least),
            initial=values,
        )


def open_draft(
    actor: Actor, *, row: PlanRow | None, task: Task | None, initial: Mapping[str, Any], now: dt.datetime
) -> SchemeDraft:
    """The draft of a row or task that *actor* has begun, else a new one with what is known already."""
    if row is not None or task is not None:
        held = SchemeDraft.objects.filter(owner=actor.code, plan_row=row, task=task).first()
        if held is not None:
            return held
    return SchemeDraft.objects.create(
        owner=actor.code, plan_row=row, task=task, given=schemes.as_given(initial), updated_at=now
    )


def draft(actor: Actor, pk: int, *, today: dt.date) -> Draft:
    """
    A draft of one's own.

    Raises:
        NotFound: Absent, or somebody else's.
    """
    row = (
        SchemeDraft.objects.filter(pk=pk, owner=actor.code)
        .select_related("plan_row__plan", "task__agency__parent", "task__scheme", "task__row_version")
        .first()
    )
    if row is None:
        raise NotFound(_("没有这份方案草稿，可能已经保存或放弃"))
    version = None
    if row.plan_row is not None:
        version = plans.current_versions(row.plan_row.plan).filter(row=row.plan_row).first()
    elif row.task is not None:
        version = row.task.row_version
    year = row.plan_row.plan.year if row.plan_row else row.task.year if row.task else today.year
    near = version.items if version else ()
    known = plan_forms.Known.of(actor, on=today, near=near)
    return Draft(row, version, row.task, year, plans.cutoff(year), today, known)


def drafts(actor: Actor) -> list[SchemeDraft]:
    """The drafts that *actor* has not finished, the newest first."""
    rows = SchemeDraft.objects.filter(owner=actor.code).select_related("plan_row__plan", "task")
    return list(rows.order_by("-updated_at"))


def keep(held: Draft, step: str, sent: QueryDict, *, now: dt.datetime) -> None:
    """Keep what a page sent in place of what that page had before."""
    given = {name: values for name, values in held.given.items() if not belongs(name, step)}
    given |= {name: sent.getlist(name) for name in sent if belongs(name, step)}
    held.row.given, held.row.updated_at = given, now
    held.row.save(update_fields=["given", "updated_at"])


def put(held: Draft, values: Mapping[str, Any], *, now: dt.datetime) -> None:
    """Put values in place of those with the same names, as a scheme that is copied brings them."""
    held.row.given = {**held.given, **schemes.as_given(values)}
    held.row.updated_at = now
    held.row.save(update_fields=["given", "updated_at"])


def add_lines(held: Draft, *, areas: bool, now: dt.datetime) -> None:
    """Room for more lines of the division; or a line for each area where none was typed."""
    lines, days = held.division(bound=False), held.days()
    if lines is None or days is None:
        return
    values: dict[str, Any] = {"share_rows": lines.rows + division.SPARE}
    if areas:
        entries = division.by_area(lines.areas, start=days[0], end=days[1])
        values = {"share_rows": len(entries), **division.initial(entries, start=days[0], end=days[1])}
    put(held, values, now=now)


def copied(held: Draft, source: Task) -> dict[str, Any]:
    """
    The fields of another task's scheme for this one (沿用方案): figures, strata, method, division; days moved to its year.

    Name and number are not taken along; items and scope only where a task is new.
    """
    values = plan_forms.initial_of_task(source)
    for name in ("scheme_name", "scheme_number"):
        del values[name]
    years = held.year - source.year
    start, end = (_moved(values[name], years) for name in ("starts_on", "ends_on"))
    values |= {"starts_on": start, "ends_on": min(end, held.cutoff), "share_rows": ""}
    if held.task is None:
        codes = set(source.task_items.values_list("item__code", flat=True))
        values["items"] = [key for key, v in held.known.items.items() if v.item.code in codes]
        if held.version is None:
            values |= {"name": source.name, "agency": str(source.agency_id)}
    rows = shares.moved(
        list(shares.shares_of(source)), task_start=source.scheme.starts_on, start=start, end=values["ends_on"]
    )
    return values | division.initial(rows, start=start, end=values["ends_on"])


def _moved(day: dt.date, years: int) -> dt.date:
    """The same day of another year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def lacking(held: Draft, form: plan_forms.PlanTask, lines: division.Division | None) -> dict[str, list[str]]:
    """What keeps a draft from being a scheme, by the page on which it is mended."""
    found: dict[str, list[str]] = {}
    for name, messages in form.errors.items():
        step = next((s for s in ORDER if belongs(name, s)), "summary")
        label = str(form.fields[name].label) if name in form.fields else ""
        found.setdefault(step, []).extend(f"{label}：{m}" if label else str(m) for m in messages)
    if lines is not None and not lines.is_valid():
        found.setdefault("division", []).extend(
            str(m) for messages in lines.errors.values() for m in messages
        )
    return found


@transaction.atomic
def finish(
    held: Draft,
    form: plan_forms.PlanTask,
    lines: division.Division | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Task:
    """Make the task and its scheme of a draft, with its division of work; the draft is gone then."""
    resolved = form.resolved(held.known)
    wish = wish_of(held, form)
    common: dict[str, Any] = {"cutoff": held.cutoff, "actor": actor, "now": now, "on": held.today}
    if held.task is not None:
        made = verbs.plan_again(held.task, wish, resolved, **common)
    else:
        made = verbs.plan_by_hand(wish, resolved, region=planning.region(), version=held.version, **common)
    entries = lines.shares if lines is not None else []
    if entries or shares.shares_of(made).exists():
        shares.set_division(task=made, shares=entries, actor=actor, now=now)
    held.row.delete()
    return made


def wish_of(held: Draft, form: plan_forms.PlanTask) -> verbs.Wish:
    """What a valid form asks for."""
    resolved = form.resolved(held.known)
    wordings = held.version.items if held.version else [v.name for v in resolved.items]
    return form.wish(year=held.year, words=" ".join(wordings))


def units_of(task: Task) -> dict[str, Agency]:
    """The units that may be named in the division of a task that stands."""
    partners = [part.agency for part in task.task_agencies.select_related("agency")]
    return division.units(task.agency, partners)
