"""
From a plan row to a task with its scheme, or to the reason why it is held (排定任务; N07, N08, N12).

Works on rows as they were entered: items and scope are resolved by whoever read the table; what could not
be resolved is handed over as a reason, and the row is held, never guessed. Held is also a row whose ratio and count
the directory shows to contradict each other.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.plans import permissions, rules, schemes, selectors, services, strata
from fairdraw.plans.allocation import (
    CLASSES,
    KIND_LABELS,
    UNCLASSED,
    Allocation,
    Asked,
    Held,
    allocate,
    percent,
)
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import PlanRowVersion, Task
from fairdraw.plans.pairing import unfit
from fairdraw.plans.refusals import AlreadyPlanned, NotPlannable
from fairdraw.plans.states import Channel, TaskState
from fairdraw.plans.strata import PLAIN, Layering
from fairdraw.registers.models import ItemVersion
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, in_scope
from fairdraw.rulebook import selectors as rulebook

RESERVE = 3
DRIFT = Fraction(1, 5)  # so far may the directory have moved since the count of a row was worked out
REASON_LENGTH = PlanRowVersion._meta.get_field("held_reason").max_length or 0


@dataclass(frozen=True)
class Resolved:
    """
    What the words of a plan row mean here: agency, items, scope; or why that is not known.

    Attributes:
        made_up_frame: Tags or classes of the targets are made up (a rehearsal): how many there are says
            nothing of the plan.
    """

    agency: Agency | None
    items: Sequence[ItemVersion]
    scope: ScopeSpec | None
    asked: Asked
    partners: Sequence[Agency] = ()
    problems: Sequence[str] = ()
    qualification: str = ""
    method: str = "on_site"
    method_reason: str = ""
    layering: Layering = PLAIN
    assign_mode: str = "cluster"
    invented: str = ""
    unannounced: bool = False
    channel: Channel = Channel.FAIRDRAW
    count_by_kind: Mapping[str, int] = field(default_factory=dict)
    made_up_frame: bool = False

    @property
    def whom(self) -> ScopeSpec | None:
        """The scope without the classes that the row leaves out (不纳入抽查); figures by class say so themselves."""
        asked = self.asked
        if self.scope is None or not asked.classes_excluded or asked.ratio_by_class or asked.count_by_class:
            return self.scope
        left = tuple(c for c in (*CLASSES, UNCLASSED) if c not in asked.classes_excluded)
        return replace(self.scope, classes=left)


def scope_counts(
    scope: ScopeSpec, *, apart: Collection[str] = (), layering: Layering = PLAIN
) -> tuple[dict[str, int], dict[str, int]]:
    """
    How many targets of *scope* a frame would hold, by class (``N`` for none; kinds *apart* aside) and by kind.

    With a *layering* of its own the first are counted by its strata, and there is no second.
    """
    if not layering.is_plain:
        return strata.counts(scope, by=strata.OWN, layering=layering), {}
    rows = in_scope(scope).exclude(status__in=EXCLUSION_BY_STATUS)
    classes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for held, kind, n in rows.values_list("credit_class", "kind").annotate(n=Count("pk")):
        kinds[kind] += n
        if kind not in apart:
            classes[held or UNCLASSED] += n
    return dict(classes), dict(kinds)


def exempt_field(words: str, *, on: dt.date) -> tuple[str, str]:
    """The professional field (专业领域) that *words* name, with its reason; empty where none."""
    for code, exempt in rulebook.exempt_fields(on).items():
        if exempt.label in words:
            return code, exempt.reason
    return "", ""


def default_rates(on: dt.date) -> dict[str, Fraction]:
    """The bureau's own rates by class, from the rulebook."""
    return {code: Fraction(rate.ratio) for code, rate in rulebook.class_rates(on).items()}


#: Counts the targets of a scope; a page that sizes many rows counts each scope once.
Counting = Callable[..., tuple[dict[str, int], dict[str, int]]]


def size(
    resolved: Resolved, *, words: str, on: dt.date, count: Counting = scope_counts, exempt: str | None = None
) -> Allocation | Held:
    """
    The allocation of a row, before anything is entered: sizes need no randomness.

    *exempt* is the professional field that a person settled; without it *words* tell the field.
    """
    if resolved.problems:
        return Held("；".join(dict.fromkeys(resolved.problems)))
    if resolved.agency is None:
        return Held(_("计划未写明发起股室，或本局没有这个股室"))
    if not resolved.items:
        return Held(_("没有可以列入计划的抽查事项"))
    if resolved.whom is None:
        return Held(_("抽查对象范围无法对应到名录库"))
    if said := unfit(resolved.items, resolved.whom):
        return Held(said)
    if resolved.asked.ratio_by_kind and not (resolved.asked.ratio_by_class or resolved.asked.count_by_class):
        return Held(_("计划按主体类型另定比例，没有写明其他对象怎样抽取"))
    classes, kinds = (
        count(resolved.whom)
        if resolved.layering.is_plain
        else count(resolved.whom, layering=resolved.layering)
    )
    if exempt is None:
        exempt, _reason = exempt_field(words, on=on)
    return allocate(
        resolved.asked,
        counts=classes,
        kinds=kinds,
        default_rates=default_rates(on),
        exempt=bool(exempt),
        reserve=RESERVE,
    )


#: Who, least and most ratio, least and most count, how many there are.
_Pair = tuple[str, tuple[Fraction | None, Fraction | None], tuple[int | None, int | None], int]


def disagreement(version: PlanRowVersion, resolved: Resolved, *, count: Counting = scope_counts) -> str:
    """
    Where ratio and count of a row cannot both be kept on the directory (比例与数量不符); empty where they agree.

    The count of a row was worked out on the directory of its day: rounding, and a directory that has moved by a
    fifth since, are no contradiction.
    """
    if resolved.whom is None:
        return ""
    by_class, by_kind = version.ratio_by_class, version.ratio_by_kind
    ratios = (_exact(version.ratio_min), _exact(version.ratio_max))
    counts = (version.count_min, version.count_max)
    both = any(r is not None for r in ratios) and any(n is not None for n in counts)
    if not (both or (by_class and version.count_by_class) or (by_kind and resolved.count_by_kind)):
        return ""
    classes, kinds = count(resolved.whom, apart=tuple(by_kind))
    pairs: list[_Pair] = [
        (_("%(c)s类") % {"c": c}, (Fraction(by_class[c]),) * 2, (n, n), classes.get(c, 0))
        for c, n in version.count_by_class.items()
        if c in by_class
    ]
    pairs += [
        (_(KIND_LABELS.get(k, k)), (Fraction(by_kind[k]),) * 2, (n, n), kinds.get(k, 0))
        for k, n in resolved.count_by_kind.items()
        if k in by_kind
    ]
    if not (by_class or by_kind or version.count_by_class):
        pairs.append(("", ratios, counts, sum(classes.values())))
    return "；".join(filter(None, (_apart(*pair) for pair in pairs)))


def _exact(ratio: Decimal | None) -> Fraction | None:
    return None if ratio is None else Fraction(ratio)


def _apart(
    who: str,
    ratios: tuple[Fraction | None, Fraction | None],
    counts: tuple[int | None, int | None],
    held: int,
) -> str:
    """Why the bounds of a ratio and of a count cannot both be kept for *held* targets; empty where they can."""
    (least, most), (fewest, greatest) = ratios, counts
    if least is not None and greatest is not None and greatest < least * held - _slack(least * held):
        ratio, count = least, greatest
    elif most is not None and fewest is not None and fewest > most * held + _slack(most * held):
        ratio, count = most, fewest
    else:
        return ""
    words = {
        "who": who,
        "ratio": percent(ratio),
        "count": count,
        "held": held,
        "wanted": math.ceil(ratio * held),
    }
    return (
        _(
            "%(who)s抽查比例%(ratio)s与抽查数量%(count)s户不符：名录库中符合范围的有%(held)s户，"
            "按比例应抽%(wanted)s户，请核定后改写计划"
        )
        % words
    )


def _slack(wanted: Fraction) -> Fraction:
    return max(Fraction(1), wanted * DRIFT)


@transaction.atomic
def plan_row(
    version: PlanRowVersion,
    resolved: Resolved,
    *,
    region: str,
    cutoff: dt.date,
    actor: Actor,
    now: dt.datetime,
    on: dt.date,
) -> Task | None:
    """
    Make the task of a plan row and draft its scheme, or hold the row with its reason.

    Args:
        version: The row as it stands.
        resolved: What its words mean.
        region: The first word of the scheme's name.
        cutoff: The day by which all tasks are published (N19).
        actor: A planner of the bureau.
        now: When.
        on: The day whose rules hold.

    Returns:
        The task, or ``None`` for a held row.

    Raises:
        AlreadyPlanned: The row has a task.
    """
    services.require_unplanned(version)
    wish = Wish.of_row(version, cutoff=cutoff, on=on)
    found = sized(wish, resolved, cutoff=cutoff, on=on)
    if isinstance(found, Allocation) and not resolved.made_up_frame:
        contradiction = disagreement(version, resolved)
        found = Held(contradiction) if contradiction else found
    if isinstance(found, Held):
        reason = _shortened(_(found.reason))
        services.hold_row(version=version, reason=reason, actor=actor, now=now)
        return None
    return _made(
        wish, found, resolved, region=region, cutoff=cutoff, actor=actor, now=now, on=on, version=version
    )


@dataclass(frozen=True)
class Wish:
    """
    What a task is to be called, about whom, when; *words* is all that tells its professional field.

    *reason* is the ground of a task that stands in no plan (本地理由). A person may settle the name and the number of
    the scheme, and its professional field with the reason (``None``: *words* tell it).
    """

    name: str
    year: int
    scope_text: str
    starts_on: dt.date
    ends_on: dt.date
    words: str
    reason: str = ""
    scheme_name: str = ""
    number: str = ""
    exempt: tuple[str, str] | None = None

    def field(self, *, on: dt.date) -> tuple[str, str]:
        """The professional field of the task, and its reason; empty where it has none."""
        return exempt_field(self.words, on=on) if self.exempt is None else self.exempt

    @classmethod
    def of_row(cls, version: PlanRowVersion, *, cutoff: dt.date, on: dt.date) -> Wish:
        """What a row of the plan says; without days it lasts from today to the end of the year's work."""
        year = version.row.plan.year
        return cls(
            name=version.task_name,
            year=year,
            scope_text=version.object_scope,
            starts_on=version.window_start or max(on, dt.date(year, 1, 1)),
            ends_on=version.window_end or cutoff,
            words=" ".join([version.task_name, version.object_scope, *version.items]),
        )


def sized(
    wish: Wish, resolved: Resolved, *, cutoff: dt.date, on: dt.date, count: Counting = scope_counts
) -> Allocation | Held:
    """The allocation of a task with its days looked at as well, or why it cannot be planned."""
    exempt, _reason = wish.field(on=on)
    found = size(resolved, words=wish.words, on=on, count=count, exempt=exempt)
    if isinstance(found, Allocation) and wish.ends_on < wish.starts_on:
        return Held(_("完成时间早于开始时间"))
    if isinstance(found, Allocation) and wish.starts_on > cutoff:
        return Held(_("开始时间晚于年度截止日，当年不能按期检查公示"))
    return found


@transaction.atomic
def plan_by_hand(
    wish: Wish,
    resolved: Resolved,
    *,
    region: str,
    cutoff: dt.date,
    actor: Actor,
    now: dt.datetime,
    on: dt.date,
    version: PlanRowVersion | None = None,
) -> Task:
    """
    Make a task as a person settled it (人工排定): of a row of the plan, or of its own where there is none.

    Raises:
        NotPlannable: It cannot be sized; says why.
        AlreadyPlanned: The row has a task, or one of that name was just made.
    """
    if version is not None:
        services.require_unplanned(version)
    found = sized(wish, resolved, cutoff=cutoff, on=on)
    if isinstance(found, Held):
        raise NotPlannable(_(found.reason))
    if version is None:
        _require_new(wish, resolved, actor)
    elif version.held_reason:
        services.release_row(version=version, actor=actor, now=now)
    return _made(
        wish, found, resolved, region=region, cutoff=cutoff, actor=actor, now=now, on=on, version=version
    )


@transaction.atomic
def plan_again(
    task: Task,
    wish: Wish,
    resolved: Resolved,
    *,
    cutoff: dt.date,
    actor: Actor,
    now: dt.datetime,
    on: dt.date,
) -> Task:
    """
    Write the scheme of a task anew while it is drafted (修改方案); its agency and items stay.

    Raises:
        NotPlannable: It cannot be sized; says why.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_draft(actor, task).require()
    found = sized(wish, resolved, cutoff=cutoff, on=on)
    if isinstance(found, Held):
        raise NotPlannable(_(found.reason))
    finishes = rules.due_on(scheme_end=wish.ends_on, cutoff=cutoff)
    task.exempt_field, task.exempt_reason = wish.field(on=on)
    task.unannounced = resolved.unannounced
    task.save(update_fields=["exempt_field", "exempt_reason", "unannounced"])
    services.draft_scheme(
        task=task,
        entry=_scheme(found, resolved, wish, finishes=finishes),
        name=wish.scheme_name or task.scheme.name,
        actor=actor,
        now=now,
    )
    return task


def _require_new(wish: Wish, resolved: Resolved, actor: Actor) -> None:
    """A task of one's own is made once, however often the button is pressed; its unit is locked until then."""
    assert resolved.agency is not None
    unit = accounts.agency_for_update(resolved.agency.pk)
    permissions.can_create(actor, unit).require()
    drafts = Task.objects.filter(plan_row=None, agency=unit, year=wish.year, state=TaskState.DRAFTING.value)
    held = drafts.filter(name=wish.name).first()
    if held is not None:
        said = _("已有同名的计划外任务 %(n)s 等待审定；确需另建的，请换一个名称")
        raise AlreadyPlanned(said % {"n": held.number})


def _made(
    wish: Wish,
    found: Allocation,
    resolved: Resolved,
    *,
    region: str,
    cutoff: dt.date,
    actor: Actor,
    now: dt.datetime,
    on: dt.date,
    version: PlanRowVersion | None,
) -> Task:
    assert resolved.agency is not None
    exempt, reason = wish.field(on=on)
    finishes = rules.due_on(scheme_end=wish.ends_on, cutoff=cutoff)
    task = services.create_task(
        name=wish.name,
        year=wish.year,
        agency=resolved.agency,
        items=resolved.items,
        window_start=wish.starts_on,
        window_end=finishes,
        due_on=finishes,
        actor=actor,
        now=now,
        channel=resolved.channel,
        row_version=version,
        partners=resolved.partners,
        exempt_field=exempt,
        exempt_reason=reason,
        local_reason=wish.reason,
        unannounced=resolved.unannounced,
        invented=resolved.invented,
    )
    services.draft_scheme(
        task=task,
        entry=_scheme(found, resolved, wish, finishes=finishes),
        name=wish.scheme_name or generated_name(wish, region=region),
        actor=actor,
        now=now,
    )
    return task


def generated_name(wish: Wish, *, region: str, task: Task | None = None) -> str:
    """The name of a scheme by the notice's pattern, with a numeral where another scheme of the year bears it."""
    name = rules.scheme_name(region=region, year=wish.year, subject=wish.name)
    return schemes.free_name(name, year=wish.year, task=task)


def _shortened(reason: str) -> str:
    """A reason in the room that it has; the row keeps all its problems."""
    return reason if len(reason) <= REASON_LENGTH else reason[: REASON_LENGTH - 1] + "…"


def _scheme(found: Allocation, resolved: Resolved, wish: Wish, *, finishes: dt.date) -> SchemeEntry:
    assert resolved.whom is not None
    needed: list[Mapping[str, str]] = []
    if resolved.qualification and resolved.agency is not None:
        bureau = accounts.department_of(resolved.agency)
        needed.append({"agency": bureau.code, "qualification": resolved.qualification})
    return SchemeEntry(
        scope=resolved.whom,
        scope_text=wish.scope_text,
        stratified_by=found.by,
        mode=found.mode,
        strata=found.strata,
        total=found.total,
        class_rates=found.class_rates,
        ratio_text=found.text,
        slots=tuple(dict(n) for n in needed),
        starts_on=wish.starts_on,
        finishes_on=finishes,
        assign_mode=resolved.assign_mode,
        method=resolved.method,
        method_reason=resolved.method_reason,
        layering=resolved.layering,
        number=wish.number,
    )
