"""Jobs of the tests' own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from fairdraw.jobs import registry, services
from fairdraw.jobs.models import Job
from fairdraw.jobs.progress import Progress
from fairdraw.kernel.actor import Actor, Duty, Grant
from fairdraw.kernel.errors import InvalidInput, RuleBroken, Trouble

NOW = dt.datetime(2024, 11, 20, 1, 30, tzinfo=dt.UTC)
CLERK = Actor(code="u:7", name="小李", user_id=7, grants=(Grant(Duty.CLERK, "/1/7/", 7),))
RAN: list[dict[str, Any]] = []


@registry.job("probe.count", label="数到")
def count(progress: Progress, *, to: int) -> dict[str, Any]:
    for n in range(1, to + 1):
        progress.step(n, to, f"第{n}行")
    RAN.append({"to": to, "actor": progress.actor})
    return {"counted": to}


@registry.job("probe.refuse", label="会被拒绝")
def refuse(progress: Progress) -> None:
    progress.step(3, 10)
    raise RuleBroken("名单已经封存，不能再导入")


@registry.job("probe.bad_rows", label="导入检查对象")
def bad_rows(progress: Progress) -> None:
    raise InvalidInput(
        "名单有错误，没有导入",
        troubles=(Trouble("代码应为18位", file="x.csv", row=3, column="代码"), Trouble("名称为空", row=4)),
    )


@registry.job("probe.bug", label="有缺陷")
def bug(progress: Progress) -> None:
    progress.step(1, 2)
    raise ZeroDivisionError("a secret detail")


@registry.job("probe.spoil", label="弄坏事务")
def spoil(progress: Progress) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


@registry.job("probe.nested", label="再要同样的作业")
def nested(progress: Progress) -> dict[str, Any]:
    inner = put("probe.count", lock_key="the-register", to=1)
    return {"inner": inner.pk}


@registry.job("probe.twice", label="自己再来一次")
def twice(progress: Progress) -> dict[str, Any]:
    """Be taken for dead while working: another run begins and ends meanwhile."""
    Job.objects.filter(pk=progress.job_id).update(attempt=9)
    progress.step(1, 1)
    return {"never": "reached"}


def put(kind: str, *, lock_key: str = "", actor: Actor = CLERK, **arguments: Any) -> Job:
    return services.put(kind, actor=actor, now=NOW, lock_key=lock_key, **arguments)
