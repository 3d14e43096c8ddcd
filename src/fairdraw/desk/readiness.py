"""
How ready the directories are for a task, before its list is frozen (名录就绪度; N20): targets, items, people, each with its page.
"""

from __future__ import annotations

from typing import Any

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.desk import planning, quality
from fairdraw.desk.staff import Wanted
from fairdraw.kernel.actor import Actor
from fairdraw.plans.models import Task
from fairdraw.registers import selectors as registers
from fairdraw.registers.listing import Reach


def of_task(actor: Actor, task: Task, reach: Reach) -> dict[str, Any]:
    """What the card of a task shows; nothing to partner departments, who do not see the directory, and without a scheme."""
    found = quality.of_task(task, reach) if accounts.is_of_the_bureau(actor) else None
    if found is None:
        return {}
    return {
        "readiness": found,
        "lowering": quality.lines(found, lowering=True),
        "unready_items": [version for version in planning.items_of(task) if not version.points],
        "seats": _seats(task),
    }


def _seats(task: Task) -> list[Wanted]:
    """Each qualification that the scheme asks of a department: how many of its people that may be drawn hold it."""
    days = {"starts_on": task.scheme.starts_on, "ends_on": task.scheme.finishes_on}
    found = []
    for slot in task.scheme.slots:
        code, department = slot.get("qualification", ""), slot.get("agency", "")
        if not code:
            continue
        units = list(Agency.objects.filter(path__startswith=accounts.agency(department).path))
        held = [
            code in registers.qualifications_on(person, **days)
            for person in registers.drawable_inspectors(units, **days)
        ]
        found.append(Wanted(code, 1, sum(held), len(held) - sum(held)))
    return found
