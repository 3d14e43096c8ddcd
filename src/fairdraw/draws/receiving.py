"""
Lists of targets that were drawn elsewhere (接收外部名单): on the provincial platform, or by a superior (N14, N18).

Such a list is kept as it came, never changed, and only gets its inspectors here. A task whose targets are
drawn here never takes a list: no person picks targets for a double-random task (N01; 安市监〔2024〕26号 三（三）).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from drawcore import suites
from fairdraw.audit import services as audit
from fairdraw.draws import list_rows, selectors
from fairdraw.draws.frames import ReceivedList
from fairdraw.draws.list_rows import How, MatchedRow, ReturnedEntry
from fairdraw.draws.models import DrawnList, ListOrigin, ReceivedRow, ReturnedRow
from fairdraw.draws.refusals import NotDrawable
from fairdraw.files import selectors as files
from fairdraw.files import services as file_services
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from fairdraw.kernel.text import gettext_noop
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import CHANNEL_LABELS, TASK_LABELS, Channel, TaskKind, TaskState

CHUNK = 1000
MEDIA_TYPE = "application/octet-stream"
PROVENANCE = {
    Channel.FAIRDRAW: "",
    Channel.PROVINCIAL: gettext_noop("省级平台抽取、未经本系统复核"),
    Channel.DISPATCHED: gettext_noop("上级抽取派发、未经本系统复核"),
}


class ListRefused(RuleBroken):
    """The task takes no list from elsewhere, or has one already."""

    code = "draws.list-refused"


class ListUnusable(InvalidInput):
    """The list names nobody who can be checked here, or one target twice."""

    code = "draws.list-unusable"


class NotAsReceived(RuleBroken):
    """Inspectors are dealt only to the very list that was received, and to it always."""

    code = "draws.not-as-received"


@dataclass(frozen=True)
class Origin:
    """
    Where a list comes from (名单来源; N14).

    Attributes:
        drawn_by: Who drew it (抽取机关).
        document_number: Under which document, or the platform's number of the task.
        drawn_on: The day of that draw.
        division: The division of the sender that dispatched it (派发处室).
        document_title: What the document is called.
    """

    drawn_by: str
    document_number: str
    drawn_on: dt.date
    division: str = ""
    document_title: str = ""


def provenance(task: Task) -> str:
    """
    The mark that stands wherever the list of *task* is shown (名单来源); empty for a list drawn here.

    >>> provenance(Task(channel="provincial"))
    '省级平台抽取、未经本系统复核'
    """
    mark = PROVENANCE[Channel(task.channel)]
    return _(mark) if mark else ""


def can_receive(actor: Actor, task: Task, source: str) -> Verdict:
    """Whether *actor* may enter a list from elsewhere for *task*: once, on a channel that draws elsewhere."""
    if not actor.holds(Duty.PLANNER, Duty.CLERK, Duty.OFFICE, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位的计划岗、内勤可以接收名单")))
    if task.kind != TaskKind.DOUBLE_RANDOM.value:
        return Verdict(ListRefused(_("任务 %(n)s 不是双随机任务，不接收抽取名单") % {"n": task.number}))
    if task.channel == Channel.FAIRDRAW.value:
        return Verdict(
            ListRefused(_("任务 %(n)s 在本系统抽取，不能导入名单；检查对象只能抽取产生") % {"n": task.number})
        )
    if source != task.channel:
        label = _(CHANNEL_LABELS[Channel(task.channel)])
        return Verdict(
            ListRefused(
                _("任务 %(n)s 的抽取渠道是“%(label)s”，名单来源不符") % {"n": task.number, "label": label}
            )
        )
    if selectors.list_of(task) is not None:
        return Verdict(ListRefused(_("任务 %(n)s 已经有抽取名单，不能再次导入") % {"n": task.number}))
    if TaskState(task.state) not in {TaskState.DRAFTING, TaskState.APPROVED}:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(
            ListRefused(_("任务 %(n)s 当前为“%(label)s”，不能接收名单") % {"n": task.number, "label": label})
        )
    return ALLOWED


@transaction.atomic
def receive_list(
    *,
    task: Task,
    data: bytes,
    matched: Sequence[MatchedRow],
    returned: Sequence[ReturnedEntry],
    source: str,
    origin: Origin,
    actor: Actor,
    now: dt.datetime,
    file_name: str = "名单",
) -> DrawnList:
    """
    Enter a list that was drawn elsewhere (接收外部名单); afterwards nobody changes it.

    Args:
        task: On the channel that *source* names, without a list.
        data: The file as it came, byte for byte.
        matched: The rows whose target is known and can be checked here, at least one.
        returned: The other rows, each with its reason: they go back to the sender.
        source: ``provincial`` or ``dispatched``.
        origin: Who drew it, under which document, on which day; it stands beside the list for good.
        actor: Planner or clerk of the task's agency.
        now: When.
        file_name: The file's name, for people.

    Raises:
        ListRefused: The task is drawn here, has a list, or stands in another state.
        ListUnusable: Nobody is left to check, a target stands twice, or the origin is not stated.

    Source: 安市监〔2024〕26号 三（一）、三（三）; N14, N18.
    """
    stored = file_services.store(data, media_type=MEDIA_TYPE, name=file_name, now=now)
    [task] = plans.tasks_for_update([task.number])
    can_receive(actor, task, source).require()
    _require_usable(matched, origin, now=now)
    held = DrawnList.objects.create(
        task=task,
        source=source,
        drawn_by=origin.drawn_by.strip(),
        document_number=origin.document_number.strip(),
        drawn_on=origin.drawn_on,
        received=stored,
        created_at=now,
    )
    ListOrigin.objects.create(
        drawn_list=held,
        division=origin.division.strip(),
        document_title=origin.document_title.strip(),
        received_by=actor.code,
        received_name=actor.name[:40],
        file_name=file_name[:255],
        matched=list_rows.tally(matched, returned),
        chosen=[
            {"row": m.row, "name": m.name, "code": m.target.draw_code} for m in matched if m.how is How.CHOSEN
        ],
    )
    ReceivedRow.objects.bulk_create(
        (ReceivedRow(drawn_list=held, row=m.row, target=m.target) for m in matched), batch_size=CHUNK
    )
    ReturnedRow.objects.bulk_create(
        (
            ReturnedRow(drawn_list=held, row=r.row, name=r.name, code=r.code, reason=r.reason)
            for r in returned
        ),
        batch_size=CHUNK,
    )
    body: dict[str, JSON] = {
        "task": task.number,
        "source": held.source,
        "of": held.drawn_by,
        "document": held.document_number,
        "file": stored.pk,
        "matched": len(matched),
        "returned": len(returned),
        "chosen": sum(m.how is How.CHOSEN for m in matched),
    }
    audit.record("list.received", actor=actor, at=now, body=body)
    return held


def _require_usable(matched: Sequence[MatchedRow], origin: Origin, *, now: dt.datetime) -> None:
    if not origin.drawn_by.strip() or not origin.document_number.strip():
        raise ListUnusable(_("请填写抽取机关和文号（或平台任务编号），名单来源必须可查"))
    if origin.drawn_on > clock.local_date(now):
        raise ListUnusable(_("抽取日期不能晚于今天"))
    if not matched:
        raise ListUnusable(_("名单里没有一户能在本局名录库中找到，没有存入任何内容"))
    rows = {m.target.pk: m.row for m in reversed(matched)}
    for entry in matched:
        if rows[entry.target.pk] != entry.row:
            raise ListUnusable(
                _("第%(row)d行与第%(first)d行是同一户：%(name)s")
                % {"row": entry.row, "first": rows[entry.target.pk], "name": entry.target.name}
            )


def lists_for(tasks: Iterable[Task], *, suite: str = "sha256") -> dict[str, ReceivedList]:
    """
    What :func:`draws.services.prepare_draw` needs for those of *tasks* whose list came from elsewhere.

    Args:
        tasks: The pool; tasks that are drawn here are passed over.
        suite: The hash suite of the draw, in which the file's hash is sealed.
    """
    found: dict[str, ReceivedList] = {}
    for task in tasks:
        held = selectors.list_of(task)
        if held is None or held.received_id is None:
            continue
        codes = held.received_rows.order_by("row").values_list("target__draw_code", flat=True)
        digest = suites.suite(suite).hex(files.read(held.received_id))
        found[task.number] = ReceivedList(held.drawn_by, held.document_number, digest, tuple(codes))
    return found


def require_as_received(
    tasks: Sequence[Task], lists: Mapping[str, ReceivedList], *, suite: str = "sha256"
) -> None:
    """
    Refuse to deal inspectors to any list but the received one, and to draw what was drawn elsewhere.

    Raises:
        NotAsReceived: A list is given for a task that has none, differs from what was received, or a task
            whose targets are drawn elsewhere has not received its list.
    """
    known = lists_for(tasks, suite=suite)
    for task in tasks:
        given, held = lists.get(task.number), known.get(task.number)
        if held is None and task.channel != Channel.FAIRDRAW.value:
            raise NotAsReceived(_("任务 %(n)s 的检查对象不在本系统抽取，请先导入名单") % {"n": task.number})
        if held is None and given is not None:
            raise NotAsReceived(_("任务 %(n)s 没有接收过名单，检查对象只能抽取产生") % {"n": task.number})
        if held is not None and (given is None or _differs(given, held)):
            raise NotAsReceived(_("任务 %(n)s 的名单与接收时不一致，不能抽取人员") % {"n": task.number})
    extra = lists.keys() - {task.number for task in tasks}
    if extra:
        raise NotDrawable(_("名单所属任务不在本次抽取中：%(n)s") % {"n": "、".join(sorted(extra))})


def _differs(given: ReceivedList, held: ReceivedList) -> bool:
    same_origin = (given.drawn_by, given.document_number, given.digest) == (
        held.drawn_by,
        held.document_number,
        held.digest,
    )
    return not same_origin or Counter(given.codes) != Counter(held.codes)


def origin_of(held: DrawnList) -> ListOrigin | None:
    """What was kept of the origin of a received list; nothing of lists that came before it was kept."""
    return ListOrigin.objects.filter(drawn_list=held).first()


def returned_rows(task: Task) -> list[ReturnedEntry]:
    """The rows of the task's received list that go back to the sender (退回清单), in the list's order."""
    rows = ReturnedRow.objects.filter(drawn_list__task=task).order_by("row", "pk")
    return [ReturnedEntry(r.row, r.name, r.code, r.reason) for r in rows]
