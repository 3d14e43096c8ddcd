"""The plan after its publication: amendments row by row, versions with their difference, receipts of the units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import plan_life, plan_life_forms
from fairdraw.desk.views.plan import of_year
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.plans import amending, editions, permissions, receipts
from fairdraw.plans import selectors as plans
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

KINDS = {
    amending.ADD: gettext_lazy("新增"),
    amending.CHANGE: gettext_lazy("修改"),
    amending.DROP: gettext_lazy("取消"),
}
RECEIPT_COLUMNS = (
    Column(gettext_lazy("单位")),
    Column(gettext_lazy("签收")),
    Column(gettext_lazy("签收人")),
    Column(gettext_lazy("日期")),
    Column(gettext_lazy("催收")),
)
VERSION_COLUMNS = (
    Column(gettext_lazy("行"), numeric=True),
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("抽查事项")),
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("比例或数量")),
    Column(gettext_lazy("发起部门")),
    Column(gettext_lazy("时间")),
    Column(gettext_lazy("上级来源或本地理由")),
)
ROW_COLUMNS = (
    Column(gettext_lazy("行"), numeric=True),
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("检查对象")),
    OPERATIONS,
)


def _changes(plan: Any, draft: Any) -> list[dict[str, Any]]:
    """The changes of a draft in words: what stood there, what stands there then, what becomes of the tasks."""
    current = {v.row.number: v for v in plans.current_versions(plan)}
    told = []
    for index, change in enumerate(draft.changes if draft else ()):
        version = current.get(change["row"])
        entry = amending.from_json(change["entry"]) if change["entry"] else None
        told.append(
            {
                "index": index,
                "kind": KINDS[change["kind"]],
                "row": change["row"],
                "name": version.task_name if version else entry.task_name if entry else "",
                "cells": amending.cells_of(version, entry) if version and entry else (),
                "entry": entry,
                "local_reason": change.get("local_reason", ""),
                "tasks": amending.foreseen(plan, change["row"]) if change["kind"] == amending.DROP else (),
            }
        )
    return told


@door(Duty.OFFICE, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def amendment(request: OfficerRequest, year: int) -> HttpResponse:
    """What is to change in the published plan: drafted here, made public by somebody else (计划调整)."""
    plan = of_year(year)
    draft = amending.amendment_of(plan)
    may_draft = permissions.can_draft_amendment(request.actor, plan)
    may_decide = permissions.can_decide_amendment(request.actor, plan, draft.drafted_by if draft else "")
    if not may_draft and not may_decide:
        may_draft.require()
    changes = _changes(plan, draft)
    form = plan_life_forms.Reason(
        posted(request), initial={"reason": draft.reason if draft and may_draft else ""}
    )
    context = {
        "title": _("计划调整"),
        "plan": plan,
        "draft": draft,
        "changes": changes,
        "may_draft": may_draft,
        "may_decide": may_decide,
        "columns": ROW_COLUMNS,
        "rows": plans.current_versions(plan),
        "named": {c["row"] for c in changes},
    }
    if request.method == "GET":
        return render(request, "desk/amendment.html", {**context, "form": form})
    step = request.POST.get("step", "")
    needs_reason = step in {"draft", "return"}
    if needs_reason and not form.is_valid():
        return pages.again(request, "desk/amendment.html", form, **context)
    try:
        return _done(request, plan, step, form.cleaned_data["reason"] if needs_reason else "")
    except InvalidInput as refused:
        messages.error(request, str(refused))
        return redirect("desk:amendment", year)


def _done(request: OfficerRequest, plan: Any, step: str, reason: str) -> HttpResponse:
    actor, now = request.actor, clock.now()
    if step == "draft":
        amending.draft_amendment(plan, reason=reason, actor=actor, now=now)
        messages.success(request, _("已写明调整原因，请逐行写明改动"))
    elif step == "drop":
        amending.put_change(plan, kind=amending.DROP, row=_number(request, "row"), actor=actor)
    elif step == "take":
        amending.take_back_change(plan, index=_number(request, "index"), actor=actor)
    elif step == "return":
        amending.return_amendment(plan, reason=reason, actor=actor, now=now)
        messages.success(request, _("已退回领导小组办公室"))
    elif step == "discard":
        amending.discard_amendment(plan, actor=actor, now=now)
        return redirect("plans:plan", plan.year)
    elif step == "publish":
        done = plan_life.publish_amendment(plan, actor=actor, now=now)
        words = {"v": done.edition.version, "n": len(done.cancelled)}
        messages.success(request, _("已公布第 %(v)s 版，随之取消任务 %(n)s 项") % words)
        if done.going_on:
            named = "、".join(task.number for task in done.going_on)
            messages.warning(request, _("已抽取的任务继续完成：%(named)s") % {"named": named})
        return redirect("desk:plan-version", plan.year, done.edition.version)
    else:
        raise NotFound(_("没有这一步"))
    return redirect("desk:amendment", plan.year)


def _number(request: OfficerRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise InvalidInput(_("没有这一行"))
    return int(text)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def amendment_row(request: OfficerRequest, year: int, row: int = 0) -> HttpResponse:
    """One row of the amendment: a new one, or what one says from then on (增加、修改计划行)."""
    plan = of_year(year)
    permissions.can_draft_amendment(request.actor, plan).require()
    draft = amending.amendment_of(plan)
    if draft is None:
        return redirect("desk:amendment", year)
    version = plans.current_versions(plan).filter(row__number=row).first() if row else None
    if row and version is None:
        raise NotFound(_("年度计划没有这一行"))
    held = next((c["entry"] for c in draft.changes if row and c["row"] == row and c["entry"]), None)
    entry = amending.from_json(held) if held else amending.entry_of(version) if version else None
    form = plan_life_forms.Row(posted(request), entry=entry)
    title = _("修改第%(n)s行") % {"n": row} if row else _("增加一行")
    context = {"title": title, "plan": plan, "label": _("写入调整草稿"), "amending": True}
    if request.method == "GET":
        return render(request, "desk/plan_form.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/plan_form.html", form, **context)
    try:
        amending.put_change(
            plan,
            kind=amending.CHANGE if row else amending.ADD,
            row=row or None,
            entry=form.given(),
            local_reason=form.cleaned_data.get("local_reason", ""),
            actor=request.actor,
        )
    except InvalidInput as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/plan_form.html", form, **context)
    return redirect("desk:amendment", year)


@door(*WORK)
@require_GET
def version(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """One public version of the plan: what it changed and its whole table; old ones stay readable."""
    plan = of_year(year)
    held = editions.editions(plan)
    receipts.require_reader(request.actor, plan)
    edition = next((e for e in held if e.version == number), None)
    if edition is None:
        raise NotFound(_("没有这个版本"))
    context = {
        "title": _("第 %(v)s 版") % {"v": number},
        "plan": plan,
        "edition": edition,
        "editions": held,
        "difference": editions.change_of(edition),
        "columns": VERSION_COLUMNS,
        "rows": [plan_life.annex_row(row) for row in edition.rows],
        "inside": accounts.is_of_the_bureau(request.actor),
    }
    return render(request, "desk/plan_version.html", context)


@door(*WORK)
@require_http_methods(["GET", "POST"])
def receipt_list(request: OfficerRequest, year: int) -> HttpResponse:
    """Who has received the version in force, and who has not (签收): units confirm, the office enters paper and urges."""
    plan = of_year(year)
    actor, now = request.actor, clock.now()
    receipts.require_reader(actor, plan)
    rows = receipts.seen_by(actor, plan)
    if not rows:
        raise NotFound(_("年度计划还没有公布，没有签收名单"))
    may_keep = permissions.can_enter_plan(actor, plan.agency)
    form = plan_life_forms.today_is(plan_life_forms.PaperReceipt(posted(request)), clock.today())
    context = {
        "title": _("计划签收"),
        "plan": plan,
        "columns": RECEIPT_COLUMNS,
        "rows": rows,
        "awaited": [row for row in receipts.awaited_from(actor) if row in rows],
        "inside": accounts.is_of_the_bureau(actor),
        "missing": [row for row in rows if row.confirmed_at is None],
        "done": sum(row.confirmed_at is not None for row in rows),
        "may_keep": may_keep,
    }
    if request.method == "GET":
        return render(request, "desk/plan_receipts.html", {**context, "form": form})
    step = request.POST.get("step", "")
    chosen = [row for row in rows if str(row.pk) in request.POST.getlist("receipt")]
    if step == "urge":
        urged = receipts.urge(plan, actor=actor, now=now)
        messages.success(request, _("已催收 %(n)s 个单位") % {"n": len(urged)})
    elif step == "paper":
        if not form.is_valid():
            return pages.again(request, "desk/plan_receipts.html", form, **context)
        try:
            if not chosen:
                raise InvalidInput(_("请勾选纸质签收的单位"))
            entered = receipts.enter_paper(chosen, **form.cleaned_data, actor=actor, now=now)
        except InvalidInput as refused:
            form.add_error(None, str(refused))
            return pages.again(request, "desk/plan_receipts.html", form, **context)
        messages.success(request, _("已录入 %(n)s 个单位的纸质签收") % {"n": entered})
    elif not chosen:
        messages.error(request, _("请先选定要签收的单位"))
    else:
        for row in chosen:
            receipts.confirm(row, actor=actor, now=now)
        messages.success(request, _("已签收"))
    return redirect("desk:plan-receipts", year)
