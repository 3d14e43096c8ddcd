"""
How many targets there are of each class, where no file of classes comes (分类户数，人工录入; N15, kpi.md K5).

Of the bureau's enterprises, or of a task whose list was drawn elsewhere: held and drawn by class, from a document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.registers import permissions, selectors
from fairdraw.registers.models import ClassCount

CODES = ("A", "B", "C", "D", "N")


class CountsRefused(InvalidInput):
    """Numbers by class that cannot be right."""

    code = "registers.counts-refused"


@dataclass(frozen=True)
class Counts:
    """
    The newest numbers by class.

    Attributes:
        held: How many there are of each class.
        drawn: How many of them were drawn; empty where that is not said.
        computed_on: The day of the classes.
        source: The document.
    """

    held: Mapping[str, int]
    drawn: Mapping[str, int]
    computed_on: dt.date
    source: str

    @property
    def rates(self) -> dict[str, str]:
        """The rate of each class as an exact fraction in text, ``N`` aside; of those that there are."""
        return {
            code: str(Fraction(self.drawn[code], n))
            for code, n in self.held.items()
            if code != "N" and n and code in self.drawn
        }


@transaction.atomic
def enter_class_counts(
    *,
    agency: Agency,
    task: str,
    held: Mapping[str, int],
    drawn: Mapping[str, int],
    computed_on: dt.date,
    source: str,
    actor: Actor,
    now: dt.datetime,
) -> Counts:
    """
    Enter how many targets there are of each class, and how many were drawn (录入分类户数).

    Numbers of the same day are entered anew; those of other days stay, and the newest count.

    Args:
        agency: The bureau.
        task: Number of the task that they are of; empty for the bureau's enterprises.
        held: By class ``A`` to ``D``, ``N`` for the unclassed.
        drawn: The same of the drawn ones; empty where it is not about a draw.
        computed_on: The day of the classes.
        source: The document that says so.
        actor: The bureau's office or its clerk.
        now: When.

    Raises:
        CountsRefused: No document, nothing counted, a day to come, or more drawn than there are.
    """
    permissions.can_keep_registers(actor).require()
    if not source.strip():
        raise CountsRefused(_("请填写分类户数出自的文件"))
    if not any(held.values()):
        raise CountsRefused(_("请至少填写一类的户数"))
    if computed_on > clock.local_date(now):
        raise CountsRefused(_("分类日期不能晚于今天"))
    over = [code for code in CODES if drawn.get(code, 0) > held.get(code, 0)]
    if over:
        raise CountsRefused(_("%(c)s类的抽取户数多于总户数，请核对") % {"c": "、".join(over)})
    ClassCount.objects.filter(agency=agency, task=task, computed_on=computed_on).delete()
    ClassCount.objects.bulk_create(
        ClassCount(
            agency=agency,
            task=task,
            value=code,
            held=held.get(code, 0),
            drawn=drawn.get(code, 0) if drawn else None,
            computed_on=computed_on,
            source=source.strip(),
            entered_by=actor.code,
            entered_at=now,
        )
        for code in CODES
    )
    audit.record(
        "class_counts.entered",
        actor=actor,
        at=now,
        body={
            "agency": agency.code,
            "task": task,
            "counts": [[code, held.get(code, 0), drawn.get(code, 0)] for code in CODES],
            "computed_on": computed_on.isoformat(),
            "source": source.strip(),
        },
    )
    found = counts_of(agency, task)
    assert found is not None
    return found


def counts_of(agency: Agency, task: str = "") -> Counts | None:
    """The newest numbers by class of a task, or of the bureau's enterprises; ``None`` where none were entered."""
    rows = ClassCount.objects.filter(agency=agency, task=task)
    last = rows.order_by("-computed_on", "-pk").first()
    if last is None:
        return None
    held = list(rows.filter(computed_on=last.computed_on))
    return Counts(
        held={row.value: row.held for row in held},
        drawn={row.value: row.drawn for row in held if row.drawn is not None},
        computed_on=last.computed_on,
        source=last.source,
    )


def low_risk_enterprises(agency: Agency) -> int:
    """The bureau's enterprises of class A: of the register, else as counted by hand."""
    found = selectors.low_risk_count()
    counted = None if found else counts_of(agency)
    return counted.held.get("A", 0) if counted else found
