"""
Verbs on schemes (抽查方案): drafted, numbered, approved on screen or from paper, returned; N12, N15.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import services as audit
from fairdraw.documents import rules as papers
from fairdraw.documents import services as numbers
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import deadlines, permissions, rules, scheme_permissions, selectors
from fairdraw.plans.allocation import CLASSES, falls
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import Scheme, Task
from fairdraw.plans.pairing import unfit
from fairdraw.plans.refusals import ItemUnfit, NameTaken, NumberTaken, SchemeIncomplete, require_reason
from fairdraw.plans.states import TASK_MOVES, TaskMove, TaskState

SERIES = "scheme"


def prefix_of(task: Task) -> str:
    """The 机关字号 that begins the numbers of a task's department."""
    department = accounts.department_of(task.agency)
    return department.number_prefix or department.short_name or department.name


def number_of(task: Task) -> str:
    """The number that the scheme of a locked task has, or takes: 机关字号+抽查+〔年〕+序号 (rules.md F2)."""
    held = Scheme.objects.filter(task=task).values_list("number", flat=True).first()
    prefix = prefix_of(task)
    code = accounts.department_of(task.agency).code
    while not held:
        seq = numbers.take_number(agency_code=code, kind=SERIES, year=task.year)
        number = papers.document_number(rules.number_pattern(prefix), task.year, seq)
        held = "" if Scheme.objects.filter(number=number).exists() else number
    return held


def free_name(wanted: str, *, year: int, task: Task | None = None) -> str:
    """*wanted*, or where another scheme of the year bears it, that name with the next numeral (二)."""
    others = Scheme.objects.exclude(task=task) if task else Scheme.objects.all()
    place, name = 1, wanted
    while others.filter(name_key=_name_key(year, name)).exists():
        place += 1
        name = f"{wanted}（{rules.numeral(place)}）"
    return name


def _name_key(year: int, name: str) -> str:
    return f"{year}:{name.strip()}"


def _require_free(task: Task, *, name: str, number: str) -> None:
    others = Scheme.objects.exclude(task=task)
    named = others.filter(name_key=_name_key(task.year, name)).select_related("task").first()
    if named is not None:
        said = _("任务 %(n)s 的方案已用这个名称，请换一个名称")
        raise NameTaken(said % {"n": named.task.number})
    numbered = others.filter(number=number).select_related("task").first() if number else None
    if numbered is not None:
        raise NumberTaken(_("任务 %(n)s 的方案已用这个编号，请换一个编号") % {"n": numbered.task.number})


@transaction.atomic
def draft_scheme(*, task: Task, entry: SchemeEntry, name: str, actor: Actor, now: dt.datetime) -> Scheme:
    """
    Write the scheme of a task (制定抽查方案; N12); an earlier draft is replaced, its days are the task's.

    A scheme without a number gets the next one of its bureau; one that is written anew keeps its own, and leaves
    the approval sheet that it stood on.

    Raises:
        NameTaken: Another scheme of the year bears that name.
        NumberTaken: Another scheme bears that number.
        ItemUnfit: Its scope holds targets that an item is not for.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_draft(actor, task).require()
    _require_free(task, name=name, number=entry.number)
    planned = task.task_items.select_related("version").order_by("position")
    if said := unfit((held.version for held in planned), entry.scope):
        raise ItemUnfit(said)
    task.window_start, task.window_end = entry.starts_on, entry.finishes_on
    task.due_on = deadlines.due_of(task, scheme_end=entry.finishes_on)
    task.save(update_fields=["window_start", "window_end", "due_on"])
    scheme, _created = Scheme.objects.update_or_create(
        task=task,
        defaults={
            "name": name,
            "name_key": _name_key(task.year, name),
            "number": entry.number or number_of(task),
            "layering": entry.layering.to_json(),
            "method_reason": entry.method_reason,
            "scope": entry.scope.to_json(),
            "scope_text": entry.scope_text,
            "stratified_by": entry.stratified_by,
            "mode": entry.mode,
            "strata": list(entry.strata),
            "class_rates": {c: str(r) for c, r in entry.class_rates.items()},
            "total": entry.total,
            "slots": list(entry.slots),
            "assign_mode": entry.assign_mode,
            "bundle_size": entry.bundle_size,
            "method": entry.method,
            "ratio_text": entry.ratio_text,
            "starts_on": entry.starts_on,
            "finishes_on": entry.finishes_on,
            "drafted_by": actor.code,
            "paper_approval": False,
            "approval_scan": "",
            "approval_signer": "",
            "approval_signed_on": None,
            "approval_entered_by": "",
            "sheet": None,
            "returned_reason": "",
            "returned_by": "",
            "returned_at": None,
        },
    )
    audit.record(
        "scheme.drafted", actor=actor, at=now, body={"task": task.number, "scheme": scheme_digest(scheme)}
    )
    return scheme


def scheme_digest(scheme: Scheme) -> str:
    """The SHA-256 of what a scheme states, in hex: what its approval approves."""
    stated = [
        scheme.name,
        scheme.scope,
        scheme.scope_text,
        scheme.ratio_text,
        scheme.class_rates,
        scheme.method,
        scheme.stratified_by,
        scheme.mode,
        scheme.strata,
        scheme.total,
        scheme.slots,
        scheme.assign_mode,
        scheme.bundle_size,
        scheme.starts_on.isoformat(),
        scheme.finishes_on.isoformat(),
    ]
    stated += [more for more in (scheme.number, scheme.layering, scheme.method_reason) if more]
    return hashlib.sha256(json.dumps(stated, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def approve_scheme(
    *, task: Task, actor: Actor, now: dt.datetime, paper: bool = False, scan: str = ""
) -> Task:
    """
    Approve the scheme of a task (审定方案); *paper* marks an approval whose signed sheet is at hand.

    Raises:
        SchemeIncomplete: It does not state all that N12 asks for, or the sheet's scan is missing.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_approve(actor, task).require()
    require_complete(task)
    if paper and not scan:
        raise SchemeIncomplete(_("线下审批请附签字的审批表扫描件"))
    task.scheme.paper_approval = paper
    task.scheme.approval_scan = scan
    return _approve(task, actor=actor, now=now)


@transaction.atomic
def enter_paper_approval(
    *, task: Task, scan: str, signer: str, signed_on: dt.date, actor: Actor, now: dt.datetime
) -> Scheme:
    """
    Enter an approval that was signed on paper (纸质审批回填); it holds once a second person confirms it.

    Args:
        task: Its scheme waits for approval.
        scan: The SHA-256 of the stored scan of the signed sheet.
        signer: Who signed.
        signed_on: When.
        actor: Who enters it: a planner or clerk, the drafter as well.
        now: When it is entered.

    Raises:
        SchemeIncomplete: The scheme lacks something, or scan or signer are missing.

    Source: design.md §3; N12.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_enter_approval(actor, task).require()
    require_complete(task)
    if not scan or not signer.strip():
        raise SchemeIncomplete(_("线下审批请填写签批人，并附签字的审批表扫描件"))
    if signed_on > clock.local_date(now):
        raise SchemeIncomplete(_("签批日期不能晚于今天"))
    scheme = task.scheme
    scheme.paper_approval = True
    scheme.approval_scan = scan
    scheme.approval_signer = signer.strip()
    scheme.approval_signed_on = signed_on
    scheme.approval_entered_by = actor.code
    scheme.save()
    audit.record(
        "scheme.paper_entered",
        actor=actor,
        at=now,
        body={"task": task.number, "scan": scan, "scheme": scheme_digest(scheme)},
    )
    return scheme


@transaction.atomic
def confirm_paper_approval(*, task: Task, actor: Actor, now: dt.datetime) -> Task:
    """Confirm, as a second person, that the signed sheet says what was entered (确认线下审批)."""
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_confirm_approval(actor, task).require()
    require_complete(task)
    return _approve(task, actor=actor, now=now)


def missing(task: Task) -> list[str]:
    """What the scheme of *task* does not say yet, in words; nothing once it can be approved (N12)."""
    scheme = task.scheme
    lacking = rules.missing_in_scheme(
        scope_text=scheme.scope_text,
        departments=task.task_agencies.count(),
        items=task.task_items.count(),
        ratio_text=scheme.ratio_text,
        finishes_on=scheme.finishes_on,
    )
    methods = task.task_items.values_list("version__method", flat=True)
    if rules.on_site_needs_reason(scheme.method, methods) and not scheme.method_reason.strip():
        lacking.append(gettext_noop("实地检查理由（抽查事项可以书面或网络检查）"))
    return [_(m) for m in lacking]


def require_complete(task: Task) -> None:
    """
    Refuse a scheme that cannot be approved as it stands.

    Raises:
        SchemeIncomplete: It lacks something, or its rates fall though its field is no professional one.
    """
    if lacking := missing(task):
        raise SchemeIncomplete(_("方案缺少：%(named)s") % {"named": "、".join(lacking)})
    rates = {c: Fraction(r) for c, r in task.scheme.class_rates.items() if Fraction(r)}
    if not task.exempt_field and (pair := falls(rates, CLASSES)):
        said = _("%(b)s类的抽查比例低于%(a)s类；除专业领域外，风险越高比例应当越高，请修改方案")
        raise SchemeIncomplete(said % {"a": pair[0], "b": pair[1]})


def _approve(task: Task, *, actor: Actor, now: dt.datetime) -> Task:
    scheme = task.scheme
    scheme.approved_by = actor.code
    scheme.approved_at = now
    scheme.save()
    task.state = TASK_MOVES[TaskState(task.state), TaskMove.APPROVE].value
    task.approved_at = now
    if not deadlines.stands(task):
        task.due_on = rules.due_on(scheme_end=scheme.finishes_on, cutoff=selectors.cutoff(task.year))
    task.save()
    audit.record(
        "scheme.approved",
        actor=actor,
        at=now,
        body={"task": task.number, "paper": scheme.paper_approval, "scheme": scheme_digest(scheme)},
    )
    return task


@transaction.atomic
def return_scheme(*, task: Task, reason: str, actor: Actor, now: dt.datetime) -> Task:
    """
    Send a scheme back to whoever wrote it, with the reason (退回方案); an approval given before falls away.

    Raises:
        ReasonMissing: Nothing is written.
    """
    [task] = selectors.tasks_for_update([task.number])
    scheme_permissions.can_return(actor, task).require()
    require_reason(reason)
    sent_back(task, reason=reason, actor=actor, now=now)
    audit.record("scheme.returned", actor=actor, at=now, body={"task": task.number, "reason": reason})
    return task


def sent_back(task: Task, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Take the scheme of a locked task back to drafting; whoever calls this writes the log."""
    scheme = task.scheme
    scheme.approved_by, scheme.approved_at = "", None
    scheme.paper_approval, scheme.approval_scan = False, ""
    scheme.approval_signer, scheme.approval_signed_on, scheme.approval_entered_by = "", None, ""
    scheme.sheet = None
    scheme.returned_reason, scheme.returned_by, scheme.returned_at = reason, actor.code, now
    scheme.save()
    if task.state == TaskState.APPROVED.value:
        task.state = TASK_MOVES[TaskState.APPROVED, TaskMove.RETURN].value
    task.approved_at = None
    task.save(update_fields=["state", "approved_at"])
