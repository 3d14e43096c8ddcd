"""
Verbs that join several stages: carry a draw through to its inspections, review with findings, tell the public.

Each is made of the stages' own verbs and keeps their order; what a crash interrupts, the next call takes up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, Installation
from fairdraw.audit import selectors as audit_selectors
from fairdraw.audit import services as audit
from fairdraw.desk import rules
from fairdraw.draws import bundles, receiving, vault
from fairdraw.draws import permissions as draw_permissions
from fairdraw.draws import rules as draw_rules
from fairdraw.draws import selectors as draws
from fairdraw.draws import services as draw_services
from fairdraw.draws.models import Draw, DrawSource
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.rules import Entropy
from fairdraw.draws.selectors import Person
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.files import services as files
from fairdraw.followup import services as followup
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.opening import open_inspections
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM, Actor
from fairdraw.kernel.errors import InvalidInput, NotFound, RuleBroken
from fairdraw.oversight import papers
from fairdraw.oversight import services as oversight
from fairdraw.oversight.models import Summary
from fairdraw.plans import annual as plans
from fairdraw.plans import services as schemes
from fairdraw.plans import sheets
from fairdraw.plans.models import AnnualPlan, SchemeSheet, Task
from fairdraw.plans.states import PlanMove
from fairdraw.publication import selectors as publications
from fairdraw.publication import services as publication

DICE = "dice"
CHANNEL = "necips"  # 国家企业信用信息公示系统


class NoCustodian(RuleBroken):
    """A live installation names who keeps the deposit of the server's share (vdraw/1 §7.1)."""

    code = "desk.no-custodian"


class PeopleMissing(RuleBroken):
    """The level of the draw asks for a person who was not named."""

    code = "desk.people-missing"


class EnvelopeUnreadable(InvalidInput):
    """What was pasted is not the content of an envelope."""

    code = "desk.envelope-unreadable"


def installation() -> Installation:
    """
    What this database is for.

    Raises:
        NotFound: It was not set up.
    """
    found = accounts.installation()
    if found is None:
        raise NotFound(_("尚未建立安装"))
    return found


def custodian() -> str:
    """The public key of the custodian (保管人公钥); in a rehearsal the practice key."""
    if settings.CUSTODIAN:
        return str(settings.CUSTODIAN)
    if installation().rehearsal:
        return draw_rules.PRACTICE_CUSTODIAN
    raise NoCustodian(_("尚未设置保管人公钥（FAIRDRAW_CUSTODIAN），不能封存；请联系系统管理员"))


def custodian_if_named() -> str:
    """The custodian's public key for the devices; empty where a live installation has not named one yet."""
    try:
        return custodian()
    except NoCustodian:
        return ""


def envelope(text: bytes) -> bytes:
    """The commit text encrypted to the custodian (电子信封; vdraw/1 §7.3)."""
    return vault.deposit(text, custodian=custodian())


def origin() -> str:
    """The name of this installation's log."""
    return draw_rules.log_origin(installation().org)


def prepare(
    *,
    tasks: Sequence[Task],
    number: str,
    agency: Agency,
    supervisor: Person | None,
    witness: Person | None,
    actor: Actor,
    now: dt.datetime,
    entropy: Entropy,
) -> Draw:
    """
    Freeze the lists of a pool with its persons (准备抽取); several tasks get a witness and ball numbers.

    Raises:
        PeopleMissing: No supervisor of another section, or no witness where the level asks for one.
    """
    draw_permissions.can_prepare(actor, tasks).require()
    if supervisor is None:
        raise PeopleMissing(_("请选择另一股室的监督人"))
    level = 2 if witness is not None else 1
    if len(tasks) > 1 and witness is None:
        raise PeopleMissing(_("批次抽取需要见证人"))
    persons = [Person(actor.user_id, agency.pk, "initiator"), supervisor]
    if witness is not None:
        persons.append(witness)
    return draw_services.prepare_draw(
        tasks=tasks,
        number=number,
        org=installation().org,
        agency=agency,
        persons=persons,
        level=level,
        beacon=(DICE, number) if level > 1 else None,
        actor=actor,
        now=now,
        entropy=entropy,
        lists=receiving.lists_for(tasks),
    )


def reveal(*, draw: Draw, place: DrawSource, salt: str, share: str, actor: Actor, now: dt.datetime) -> Draw:
    """Open a person's share, and finish the draw if that was the last thing missing (开启)."""
    draw_services.reveal(draw_id=draw.pk, source=place.source, salt=salt, share=share, actor=actor, now=now)
    return settle(draw_id=draw.pk, now=now)


def open_envelope(*, draw: Draw, source: str, text: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Open a silent person's envelope from its five lines, and finish the draw if nothing else is missing (开启信封).

    Raises:
        EnvelopeUnreadable: *text* is not what a device puts into an envelope.
    """
    found = rules.opened_envelope(text)
    if found is None:
        raise EnvelopeUnreadable(
            _("信封内容应为五行文字：vdraw/1 commit、seal、source、salt、share，请整段粘贴")
        )
    draw_services.open_envelope(
        draw_id=draw.pk, source=source, salt=found[0], share=found[1], actor=actor, now=now
    )
    return settle(draw_id=draw.pk, now=now)


def enter_number(*, draw: Draw, first: str, second: str, actor: Actor, now: dt.datetime) -> Draw:
    """Enter the public number and finish the draw (录入公开随机数)."""
    draw_services.enter_number(draw_id=draw.pk, first=first, second=second, actor=actor, now=now)
    return settle(draw_id=draw.pk, now=now)


def settle(*, draw_id: str, now: dt.datetime) -> Draw:
    """
    Take a draw as far as it can go by itself (完成抽取): draw, open inspections, plan visits, announce, receipt.

    The persons have pressed; what remains is mechanical and is done by the product. Can be called at any
    time: each step that was done is left alone, so a crash in between is healed by the next call.
    """
    draw = draws.draw(SYSTEM, draw_id)
    if draw_permissions.can_complete(SYSTEM, draw):
        draw = _complete(draw_id, now)
    if DrawState(draw.state) not in FINISHED:
        return draw
    _open(draw, now=now)
    bundles.issue_receipt(draw, origin=origin(), now=now)
    return draw


def _complete(draw_id: str, now: dt.datetime) -> Draw:
    try:
        return draw_services.complete_draw(draw_id=draw_id, actor=SYSTEM, now=now)
    except NotDrawable:  # another request was quicker
        draw = draws.draw(SYSTEM, draw_id)
        if DrawState(draw.state) not in FINISHED:
            raise
        return draw


@transaction.atomic
def _open(draw: Draw, *, now: dt.datetime) -> None:
    draws.locked(draw.pk)
    tasks = list(draws.tasks(draw))
    if Inspection.objects.filter(task__in=tasks).exists():
        return
    open_inspections(draw, actor=SYSTEM, now=now)
    for task in tasks:
        inspections.plan_visits(task=task, actor=SYSTEM, now=now)
        if publications.announcement("task", task.number) is None and not task.unannounced:
            publication.announce(
                kind="task",
                reference=task.number,
                title=task.name,
                body=papers.task_notice(task),
                actor=SYSTEM,
                now=now,
            )


def enter_paper_approval(
    *,
    task: Task,
    scan: bytes,
    scan_name: str,
    media_type: str,
    signer: str,
    signed_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Store the scan of a signed approval sheet and enter the approval (纸质审批回填)."""
    stored = files.store(scan, media_type=media_type, name=scan_name, now=now)
    schemes.enter_paper_approval(
        task=task, scan=stored.pk, signer=signer, signed_on=signed_on, actor=actor, now=now
    )


@transaction.atomic
def enter_sheet_approval(
    *,
    sheet: SchemeSheet,
    scan: bytes,
    scan_name: str,
    media_type: str,
    signer: str,
    signed_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Store the scan of the signed sheet of a batch and enter the approval of each scheme on it (整批回填)."""
    stored = files.store(scan, media_type=media_type, name=scan_name, now=now)
    sheets.enter_paper(sheet, scan=stored.pk, signer=signer, signed_on=signed_on, actor=actor, now=now)


@transaction.atomic
def review(
    ids: Iterable[int], *, passed: bool, opinion: str, actor: Actor, now: dt.datetime
) -> list[Inspection]:
    """Review records and open the follow-ups of the problems in those that pass (审核; N05)."""
    rows = inspections.review(ids, passed=passed, opinion=opinion, actor=actor, now=now)
    if passed:
        fresh = [r for r in rows if r.problem and not r.findings.exists()]  # a corrected one keeps its own
        followup.open_findings(fresh, actor=actor, now=now)
    return rows


@transaction.atomic
def move_plan(
    *, plan: AnnualPlan, move: PlanMove, actor: Actor, now: dt.datetime, **given: Any
) -> AnnualPlan:
    """Take the annual plan a step on; publishing it also tells the public (公布)."""
    plan = plans.move_plan(plan=plan, move=move, actor=actor, now=now, **given)
    if move is PlanMove.PUBLISH:
        publication.announce(
            kind="plan",
            reference=str(plan.year),
            title=plan.title,
            body=papers.plan_notice(plan),
            actor=actor,
            now=now,
        )
    return plan


def send_summary(*, task: Task, actor: Actor, now: dt.datetime) -> Summary:
    """Write the Word summary of a finished task and send it to the office (生成并报送总结; N25)."""
    mark = installation().mark
    data = papers.task_summary(task, mark=mark, on=clock.local_date(now))
    stored = files.store(data, media_type=papers.WORD, name=f"{task.number}-总结.docx", now=now)
    return oversight.send_task_summary(task=task, stored=stored, actor=actor, now=now)


@transaction.atomic
def note_export(draw: Draw, *, to: str, actor: Actor, now: dt.datetime) -> None:
    """Log that the bundle of a draw was handed out (导出复核资料包; vdraw/1 §15)."""
    audit.record("bundle.exported", actor=actor, at=now, body={"number": draw.number, "to": to})


@transaction.atomic
def note_list_view(draw: Draw, *, actor: Actor, now: dt.datetime) -> None:
    """Log that somebody looked at who was drawn: once a day for each person (每次查看留痕; vdraw/1 §15)."""
    day = clock.local_date(now)
    seen = audit_selectors.entries(
        kind="drawlist.viewed",
        actor_code=actor.code,
        since=clock.at(day, 0),
        until=clock.at(day, 0) + dt.timedelta(1),
    )
    if not any(entry.body().get("draw") == draw.pk for entry in seen):
        audit.record("drawlist.viewed", actor=actor, at=now, body={"draw": draw.pk, "to": actor.code})
