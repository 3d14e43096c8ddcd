"""
Values that pages hand to components: a step, a tab, an event of a timeline, a column.

Views build them; the tags in :mod:`fairdraw.ui.templatetags.ui` show them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairdraw.ui.formats import Exact

Text = str | Promise  # a lazy translation serves


class Tone(StrEnum):
    """How a state is coloured; the word always stands beside the colour."""

    PLAIN = "plain"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class Step:
    """One step of a longer piece of work: *state* is ``done``, ``now``, ``todo`` or ``off``."""

    label: Text
    state: str = "todo"
    href: str = ""
    note: Text = ""


TASK_STEPS = (_("方案"), _("抽取"), _("人员"), _("检查"), _("公示"))


def steps(reached: int, labels: Sequence[Text] = TASK_STEPS, notes: Sequence[Text] = ()) -> list[Step]:
    """
    The steps of a task (方案 → 抽取 → 人员 → 检查 → 公示) with the first *reached* of them done.

    Args:
        reached: How many steps are finished; the next one is the present one.
        labels: Names of the steps, in order.
        notes: A line under each step, as many as there are.
    """
    return [
        Step(
            label=label,
            state="done" if index < reached else "now" if index == reached else "todo",
            note=notes[index] if index < len(notes) else "",
        )
        for index, label in enumerate(labels)
    ]


@dataclass(frozen=True)
class Tab:
    """A view of the same thing, as a plain link; *count* is shown behind the label."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Event:
    """One line of a timeline: who, when, what was done, with which opinion (谁、何时、意见)."""

    who: Text
    at: dt.datetime | None
    what: Text
    opinion: Text = ""
    tone: str = Tone.PLAIN


@dataclass(frozen=True)
class Series:
    """One line of a line chart: as many values as there are labels, ``None`` leaves a gap."""

    label: Text
    values: Sequence[Exact | None]


@dataclass(frozen=True)
class Column:
    """
    A column of a table.

    Attributes:
        label: Its heading.
        sort: The word in the address that sorts by it; empty: not sortable.
        fields: Query fields behind *sort*; empty: *sort* itself.
        numeric: Right-aligned, tabular figures.
        kind: ``ops`` for the column of actions, ``index`` for the running number, else empty.
    """

    label: Text
    sort: str = ""
    fields: tuple[str, ...] = ()
    numeric: bool = False
    kind: str = ""

    @property
    def look(self) -> str:
        """The classes of its cells."""
        return " ".join(word for word in ("num" if self.numeric else "", self.kind) if word)


ROW_NUMBER = Column(_("序号"), numeric=True, kind="index")
OPERATIONS = Column(_("操作"), kind="ops")


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the top bar shows it: name, agency, duties."""

    name: Text
    agency: Text = ""
    duties: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Installation:
    """
    What this copy of the product is for, as the shell shows it.

    Any object with these attributes serves, such as the row that ``accounts`` keeps.
    """

    name: Text = ""
    region_name: Text = ""
    rehearsal: bool = False
    mark: Text = ""
    practice_at: dt.datetime | None = None
