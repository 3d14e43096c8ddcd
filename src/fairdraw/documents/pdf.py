"""
The printed papers (PDF): those of a visit 抽查通知书, 随机抽查情况记录表 and a task's sorted batch; those of
a draw 抽查审批表, 抽取记录表; and 责令改正通知书.

Every function takes a frozen shape and gives bytes, equal bytes for equal input. *mark* stands on every
page: 演示（虚构数据）, 演练, 虚构部分：….

Source: domain workflow §8.1–§8.3; draw-protocol §2, §6.3, §15; 安市监〔2024〕26号 四（二）（进一次门，查多项事）.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from fairdraw.documents import qrcodes, rules
from fairdraw.documents.shapes import (
    ApprovalSheet,
    CorrectionOrder,
    DrawRecord,
    SheetChoices,
    TaskBatch,
    Visit,
)
from fairdraw.documents.typesetting import Plainer, typeset, typeset_series
from fairdraw.kernel.errors import InvalidInput

VISITS_PER_RUN = 40
_HEX16 = re.compile(r"[0-9a-f]{16}")


class TaskNotServed(InvalidInput):
    """A record sheet was asked for a task that the visit does not serve."""

    code = "documents.task-not-served"


def notice_pdf(visit: Visit, *, mark: str = "") -> bytes:
    """
    Print the notice to the party (抽查通知书): one notice for all tasks of the visit.

    Its code carries plain text only, and the credit class is nowhere on it.
    """
    title = "双随机抽查通知书 " + visit.notice_number
    return typeset("notice.typ", {"title": title, "mark": mark, "visit": plain_visit(visit)})


def record_sheet_pdf(visit: Visit, choices: SheetChoices, *, task_number: str, mark: str = "") -> bytes:
    """
    Print the record sheet (随机抽查情况记录表) of one task of the visit, filled in as far as known.

    Raises:
        TaskNotServed: The visit does not serve *task_number*.
    """
    plain = plain_visit(visit)
    chosen = [index for index, task in enumerate(visit.tasks) if task.number == task_number]
    if not chosen:
        raise TaskNotServed(_("本次检查不含任务 %(number)s，请核对任务编号") % {"number": task_number})
    title = f"随机抽查情况记录表 {task_number} {visit.party.code}"
    payload = {
        "title": title,
        "mark": mark,
        "visit": plain,
        "task_index": chosen[0],
        "choices": Plainer().value(choices),
    }
    return typeset("record.typ", payload)


def task_batch_pdf(task: TaskBatch, visits: Iterable[Visit], *, mark: str = "") -> bytes:
    """
    Print one task: the cover list, then notice and record sheets of every visit, sorted for handing out.

    A visit that serves several tasks is printed once, with the first of them; the lists of the others
    name that task beside it.

    Args:
        task: The task; its number decides which visits are printed here.
        visits: Every visit that serves the task, in any order.

    Raises:
        TaskNotServed: One of *visits* does not serve the task.
    """
    ordered = sorted(visits, key=rules.batch_order)
    if not ordered:
        raise InvalidInput(_("任务 %(number)s 没有可以打印的检查对象") % {"number": task.number})
    for visit in ordered:
        if task.number not in {one.number for one in visit.tasks}:
            message = _("“%(name)s”的检查不含任务 %(number)s，不能随该任务打印")
            raise TaskNotServed(message % {"name": visit.party.name, "number": task.number})
    title = f"批量打印 {task.number} {task.name}"
    printed = [(no, one) for no, one in enumerate(ordered, start=1) if one.printed_with == task.number]
    return typeset_series(_batch_jobs(task, ordered, printed, title=title, mark=mark), title=title)


def approval_sheet_pdf(sheet: ApprovalSheet, *, mark: str = "") -> bytes:
    """
    Print the approval sheet of a draw (抽查审批表), to be signed before it.

    The check code stands large, in groups of four, for the supervisor to compare with the screen.

    Raises:
        InvalidInput: The approval code is not 16 hex digits, or there is no task.

    Source: draw-protocol §2 (Paper), §6.3.
    """
    if not _HEX16.fullmatch(sheet.approval_code) or not sheet.tasks:
        raise InvalidInput(_("抽查审批表须有16位核对码和至少一项任务，请先冻结名单和抽查计划"))
    plainer = Plainer()
    payload = {
        "title": f"抽查审批表 {sheet.draw_number}",
        "mark": _draw_mark(mark, rehearsal=sheet.rehearsal),
        "sheet": plainer.value(sheet),
        "code_groups": " ".join(re.findall("....", sheet.approval_code)),
        "missing": plainer.note(),
    }
    return typeset("approval.typ", payload)


def draw_record_pdf(record: DrawRecord, *, mark: str = "") -> bytes:
    """
    Print the record of a finished draw (抽取记录表): receipt roots, people, how to check, code ``VDRAW1|…``.

    Source: draw-protocol §2 (Paper), §15.
    """
    roots = [
        ("审批表核对码", record.approval_code),
        ("封存（seal.json）", record.seal_hash),
        ("锁定（commits.tsv）", record.commits_hash),
        ("随机种子（seed.txt）", record.seed_hash),
        (f"抽取结果，{record.result_count}行", record.result_root),
        (f"人员抽取，{record.assign_count}行", record.assign_root),
        (f"日志，{record.log_size}条", record.log_root),
    ]
    plainer = Plainer()
    payload = {
        "title": f"抽取记录表 {record.draw_number}",
        "mark": _draw_mark(mark, rehearsal=record.rehearsal),
        "record": plainer.value(record),
        "roots": [row for row in roots if row[1]],
        "code_text": record.code_text,
        "qr": list(qrcodes.png(record.code_text)),
        "missing": plainer.note(),
    }
    return typeset("draw_record.typ", payload)


def correction_order_pdf(order: CorrectionOrder, *, mark: str = "") -> bytes:
    """
    Print an order to correct (责令改正通知书), with its due date, what follows, and the remedies.

    Raises:
        InvalidInput: The due date lies before the day of issue, or nothing is demanded.

    Source: domain workflow §3.5, §4 (D7, D26), §8.2.
    """
    if order.due_on < order.issued_on or not order.demands:
        raise InvalidInput(_("责令改正通知书须写明改正要求，改正期限不得早于发文日期"))
    plainer = Plainer()
    payload = {
        "title": f"责令改正通知书 {order.number}",
        "mark": mark,
        "order": plainer.value(order),
        "missing": plainer.note(),
    }
    return typeset("correction.typ", payload)


def _draw_mark(mark: str, *, rehearsal: bool) -> str:
    """A rehearsal says so even where the caller forgot (draw-protocol §2)."""
    return f"演练　{mark}".strip() if rehearsal and "演练" not in mark else mark


def _batch_jobs(
    task: TaskBatch, ordered: list[Visit], printed: list[tuple[int, Visit]], *, title: str, mark: str
) -> Iterator[tuple[str, dict[str, object]]]:
    head = Plainer()
    stations: dict[str, list[object]] = {}
    for no, visit in enumerate(ordered, start=1):
        row = head.value(_cover_row(no, visit, task.number))
        stations.setdefault(visit.party.station or "未分所", []).append(row)
    common = {"title": title, "mark": mark, "choices": head.value(task.choices)}
    cover = {
        "task": head.value(task),
        "counts": {"listed": len(ordered), "printed": len(printed)},
        "stations": [{"name": head.text(name), "rows": rows} for name, rows in stations.items()],
    }
    yield "cover.typ", {**common, **cover, "missing": head.note()}
    for start in range(0, len(printed), VISITS_PER_RUN):
        some = printed[start : start + VISITS_PER_RUN]
        yield "visits.typ", {**common, "visits": [{**plain_visit(visit), "no": no} for no, visit in some]}


def plain_visit(visit: Visit) -> dict[str, object]:
    """A visit as the templates take it, with its code."""
    plainer = Plainer()
    plain = plainer.value(visit)
    assert isinstance(plain, dict)
    return {**plain, "qr": list(qrcodes.png(qrcodes.visit_text(visit))), "missing": plainer.note()}


def _cover_row(no: int, visit: Visit, task_number: str) -> dict[str, object]:
    party = visit.party
    others = [one.number for one in visit.tasks if one.number != task_number]
    remark = ""
    if visit.printed_with != task_number:
        remark = f"与任务{visit.printed_with}合并检查，文书随该任务打印"
    elif others:
        remark = "合并任务" + "、".join(others)
    return {
        "no": no,
        "town": party.town,
        "name": party.name,
        "code": party.code,
        "address": party.address,
        "inspectors": "、".join(person.name for person in visit.inspectors),
        "remark": remark,
    }
