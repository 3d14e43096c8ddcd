"""
What is told of a plan, a task, a year: public notices (an allow-list of fields) and Word summaries (N07, N25).

A task notice names no target (no list before the visit unless the scheme says so) and no class.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db.models import Count as Tally
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.documents import word
from fairdraw.documents.shapes import Office
from fairdraw.documents.summaries import (
    Count,
    HeldRow,
    Indicator,
    Results,
    TaskLine,
    TaskSummary,
    Unit,
    YearSummary,
)
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawnRow
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FOLLOWUP_LABELS, FollowUpState
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.kernel import clock
from fairdraw.oversight import facts, selectors
from fairdraw.plans import sections, shown
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import AnnualPlan, Task
from fairdraw.registers import selectors as registers
from fairdraw.registers.rules import CLASS_LABELS, EXCLUSION_LABELS
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import formats

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES = {
    "K1": _("企业抽查比例"),
    "K2": _("抽查任务按时完成率"),
    "K3": _("抽查结果公示率"),
    "K4": _("抽查发现问题后续处置率"),
    "K5": _("差异化抽查户数占比"),
    "K6": _("问题发现率"),
    "K7": _("信用风险低的企业每百户入企检查次数"),
}
NOTHING = {
    "K1": _("尚未录入年底企业实有数"),
    "K2": _("尚无到期的任务"),
    "K3": _("尚无检查完毕的户次"),
    "K4": _("尚未发现问题"),
    "K5": _("尚无应差异化抽查的户数"),
    "K6": _("尚无检查完毕的户次"),
    "K7": _("没有信用风险低的企业"),
}
BASIS = _("年度“双随机、一公开”监管工作计划")


def plan_notice(plan: AnnualPlan) -> dict[str, Any]:
    """The public text of an annual plan: its rows as the table has them, none of the held reasons."""
    names = shown.unit_names()
    return {
        "year": plan.year,
        "agency": plan.agency.name,
        "document_number": plan.document_number,
        "issued_on": str(plan.issued_on) if plan.issued_on else "",
        "rows": [
            {
                "number": version.row.number,
                "task": version.task_name,
                "items": list(version.items),
                "scope": version.object_scope,
                "amount": shown.amount(version),
                "initiator": names.get(version.initiator, version.initiator),
                "participants": list(version.participants),
                "window_start": str(version.window_start) if version.window_start else "",
                "window_end": str(version.window_end) if version.window_end else "",
            }
            for version in plans.current_versions(plan)
        ],
    }


def task_notice(task: Task) -> dict[str, Any]:
    """The public text of a drawn task: who checks what, how many are drawn, by which draw; no names."""
    draw = draws.live_draw_of(task)
    return {
        "number": task.number,
        "agency": task.agency.name,
        "items": [i.version.name for i in task.task_items.select_related("version").order_by("position")],
        "scope": task.scheme.scope_text,
        "departments": [p.agency.name for p in task.task_agencies.select_related("agency").order_by("pk")],
        "drawn": DrawnRow.objects.filter(task=task, reserve=False).count(),
        "window_start": str(task.window_start),
        "due_on": str(task.due_on),
        "draw": draw.pk if draw else "",
        "draw_number": draw.number if draw else "",
        "channel": task.channel,
        **_list_origin(task),
    }


def _list_origin(task: Task) -> dict[str, str]:
    """Who drew the list of *task* elsewhere, under which document, when; nothing for one that was drawn here."""
    held = draws.list_of(task)
    if held is None or held.source == "own":
        return {}
    return {
        "list_of": held.drawn_by,
        "list_document": held.document_number,
        "list_on": str(held.drawn_on or ""),
    }


def _office(agency: Agency) -> Office:
    return Office(agency.name, agency.telephone)


def _by_code(rows: Iterable[Inspection], on: dt.date) -> tuple[Count, ...]:
    codes = rulebook.result_codes(on)
    found = Counter(row.outcome for row in rows if row.outcome)
    return tuple(Count(codes[code].label, n) for code, n in sorted(found.items()))


def _by_class(rows: Iterable[Inspection]) -> tuple[Count, ...]:
    found = Counter(row.class_as_sealed or "N" for row in rows)
    return tuple(Count(_(CLASS_LABELS[code]), n) for code, n in sorted(found.items()))


def _results(rows: list[Inspection], on: dt.date) -> Results:
    stations = Counter(str(row.target.station) for row in rows if row.target.station and row.checked_on)
    ended = Counter(
        FollowUp.objects.filter(finding__inspection__in=[r.pk for r in rows if r.problem]).values_list(
            "state", flat=True
        )
    )
    problems = Counter(row.outcome for row in rows if row.problem)
    codes = rulebook.result_codes(on)
    return Results(
        by_code=_by_code(rows, on),
        by_class=_by_class([r for r in rows if r.problem]),
        by_station=tuple(Count(name, n) for name, n in sorted(stations.items())),
        problem_kinds=tuple(Count(codes[c].label, n) for c, n in sorted(problems.items())),
        follow_up=tuple(Count(_(FOLLOWUP_LABELS[FollowUpState(s)]), n) for s, n in sorted(ended.items())),
    )


def _excluded(rows: Iterable[Inspection]) -> tuple[Count, ...]:
    found = Counter(row.excluded_code for row in rows if row.excluded_code)
    return tuple(Count(_(EXCLUSION_LABELS.get(code, code)), n) for code, n in sorted(found.items()))


def _shown(found: dict[str, facts.Indicator], codes: Iterable[str]) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(
            code=code,
            name=_(NAMES[code]),
            numerator=found[code].numerator,
            denominator=found[code].denominator,
            goal=found[code].goal if code != "K7" else None,
            met=found[code].met,
            goal_text=_goal_text(code, found[code].goal),
            unit=Unit.PER_HUNDRED if code == "K7" else Unit.PERCENT,
        )
        for code in codes
    )


def _goal_text(code: str, goal: Fraction | None) -> str:
    """The goal as the notice words it: at least so much, or all of it."""
    if goal is None or code == "K7":
        return ""
    least = formats.rate(goal)
    return least if goal == 1 else _("不低于%(least)s") % {"least": least}


def task_summary(task: Task, *, mark: str, on: dt.date) -> bytes:
    """The Word summary of a task (抽查任务工作总结)."""
    rows = list(Inspection.objects.filter(task=task).select_related("target__station", "agency"))
    bureau = accounts.department_of(task.agency)
    found = selectors.indicators_of_task(task, as_of=on)
    draw = draws.live_draw_of(task)
    days = [r.checked_on for r in rows if r.checked_on]
    return word.task_summary_docx(
        TaskSummary(
            office=_office(task.agency),
            report_to=bureau.name,
            number=task.number,
            name=task.name,
            basis=_(BASIS),
            bodies=tuple(p.agency.name for p in task.task_agencies.select_related("agency").order_by("pk")),
            started_on=min(days, default=task.window_start),
            completed_on=clock.local_date(task.completed_at) if task.completed_at else on,
            written_on=on,
            inspector_count=Assignment.objects.filter(inspection__task=task)
            .values("inspector")
            .distinct()
            .count(),
            drawn_by_class=_by_class(rows),
            excluded=_excluded(rows),
            results=_results(rows, on),
            indicators=_shown(found, ("K3", "K4", "K6")),
            draws=(draw.number,) if draw else (),
        ),
        mark=mark,
    )


def year_summary(bureau: Agency, year: int, *, mark: str, as_of: dt.date, on: dt.date) -> bytes:
    """The Word summary of the year (年度抽查工作总结), every figure with its numerator."""
    of_year = Inspection.objects.filter(task__in=selectors.year_tasks(bureau, year))
    own = of_year.filter(
        agency__path__startswith=bureau.path
    )  # partners stand beside them, as in every figure
    rows = list(own.select_related("target__station", "task"))
    base = registers.base_of(bureau, year)
    plan = plans.annual_plan(bureau, year)
    held = plans.held_rows(plan) if plan else []
    found = selectors.indicators(bureau, year, as_of=as_of)
    visits = selectors.year_visits(bureau, year).aggregate(
        visits=Tally("pk"), targets=Tally("target", distinct=True)
    )
    checked = sum(1 for r in rows if r.checked_on)
    saved = max(0, checked - visits["visits"])
    burden: tuple[str, ...] = (
        _("入企检查%(visits)s次，涉及%(targets)s户；合并后较逐任务检查少%(saved)s次。")
        % {**visits, "saved": saved},
    )
    partners = of_year.count() - len(rows)
    if partners:
        burden += (_("配合部门另有检查%(n)s户次，不计入以下各项数字。") % {"n": partners},)
    return word.year_summary_docx(
        YearSummary(
            office=_office(bureau),
            report_to=_("上级市场监督管理局"),
            year=year,
            as_of=as_of,
            written_on=on,
            basis=_(BASIS),
            base_count=base.count if base else 0,
            base_source=base.source if base else "",
            plan_rows=plans.current_versions(plan).count() if plan else 0,
            inspector_count=Assignment.objects.filter(inspection__task__year=year)
            .values("inspector")
            .distinct()
            .count(),
            drawn_by_class=_by_class(rows),
            excluded=_excluded(rows),
            tasks=tuple(
                _task_line(t, [r for r in rows if r.task_id == t.pk])
                for t in selectors.year_tasks(bureau, year)
            ),
            held=tuple(
                HeldRow(v.row.source_no or str(v.row.number), v.task_name, v.held_reason) for v in held
            ),
            results=_results(rows, on),
            indicators=_shown(found, NAMES),
            without_own=tuple(one.section.name for one in sections.without_own(plan)) if plan else (),
            burden=burden,
            draws=tuple(Draw.objects.filter(year=year).order_by("number").values_list("number", flat=True)),
        ),
        mark=mark,
    )


def _task_line(task: Task, rows: list[Inspection]) -> TaskLine:
    published = [clock.local_date(r.published_at) for r in rows if r.published_at]
    to_check = [r for r in rows if not r.excluded_code]
    return TaskLine(
        number=task.number,
        name=task.name,
        department=str(task.agency),
        drawn=len(rows),
        to_check=len(to_check),
        checked=sum(1 for r in rows if r.checked_on),
        published=len(published),
        problems=sum(1 for r in rows if r.problem),
        finished_on=max(published, default=None) if len(published) == len(to_check) else None,
        due_on=task.due_on,
        on_time=len(published) == len(to_check) and max(published, default=task.due_on) <= task.due_on,
    )
