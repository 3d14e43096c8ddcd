"""Long work of the desk: the print batch of a large task (批量打印), the pack of several tasks (任务包)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.desk import packs, services, tasks
from fairdraw.files import services as files
from fairdraw.inspections import papers
from fairdraw.jobs import registry
from fairdraw.jobs.progress import Progress
from fairdraw.kernel import clock

TASK_BATCH, PACK = "desk.task_batch", "desk.pack"


@registry.job(TASK_BATCH, label=gettext_lazy("生成批量打印文件"))
def task_batch(progress: Progress, *, task: str) -> dict[str, Any]:
    """Typeset notices and record sheets of every visit of a task; the job's page offers the file."""
    held = tasks.task(progress.actor, task)
    progress.step(0, 1, _("正在排版通知书和检查记录表"))
    data = papers.task_batch(held, on=clock.today(), mark=services.installation().mark)
    name = f"batch-{held.number}.pdf"
    stored = files.store(data, media_type="application/pdf", name=name, now=clock.now())
    progress.step(1, 1, _("已写完"))
    return {"file": stored.pk, "name": name}


@registry.job(PACK, label=gettext_lazy("生成任务包"))
def pack(progress: Progress, *, tasks: Sequence[str]) -> dict[str, Any]:
    """Typeset everything that several tasks need on paper; the job's page offers the file."""
    held = packs.lines(progress.actor, list(tasks))
    progress.step(0, 1, _("正在排版%(n)s项任务的检查文书") % {"n": len(held)})
    now = clock.now()
    data = packs.printed(held, on=clock.local_date(now))
    name = f"pack-{clock.local_date(now).isoformat()}.pdf"
    stored = files.store(data, media_type="application/pdf", name=name, now=now)
    progress.step(1, 1, _("已写完"))
    return {"file": stored.pk, "name": name}
