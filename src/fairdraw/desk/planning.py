"""
What the words of a plan row mean in this bureau (排定任务): the reading that a person is shown, and may put right.

Nothing is guessed: what the words do not surely say is a problem, and the row waits until a person settles it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.desk import keeping
from fairdraw.exchange.readers import scopes as scope_reader
from fairdraw.kernel.actor import Actor
from fairdraw.plans import planning
from fairdraw.plans import selectors as plans
from fairdraw.plans.allocation import CLASSES, UNCLASSED, Allocation, Asked, Held
from fairdraw.plans.models import AnnualPlan, PlanRowVersion, Task
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.registers import selectors as registers
from fairdraw.registers.models import Inspector, ItemVersion
from fairdraw.registers.rules import unpack_tags
from fairdraw.registers.scopes import ScopeSpec
from fairdraw.rulebook import selectors as rulebook

AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*[%％]|(\d{1,7})\s*户?")
PARTS = (*CLASSES, UNCLASSED)


@dataclass(frozen=True)
class Waiting:
    """A row without a task: what it means, and how many would be drawn or why it cannot be planned."""

    version: PlanRowVersion
    resolved: Resolved
    found: Allocation | Held

    @property
    def is_ready(self) -> bool:
        """Whether it can be planned as it stands."""
        return isinstance(self.found, Allocation)

    @property
    def text(self) -> str:
        """How many are drawn, or what is in the way."""
        return self.found.text if isinstance(self.found, Allocation) else _(self.found.reason)


def region() -> str:
    """The first word of a scheme's name."""
    held = accounts.installation()
    return held.region_name if held else ""


def known_words() -> list[str]:
    """The wordings of targets that the register understands, as suggestions."""
    return scope_reader.known_words()


def units(actor: Actor) -> list[Agency]:
    """The units of the bureau that may carry a task and that *actor* plans for."""
    bureau = accounts.root()
    found = Agency.objects.filter(path__startswith=bureau.path, closes_on__isnull=True).order_by("path")
    return [unit for unit in found if plans_for(actor, unit)]


def plans_for(actor: Actor, unit: Agency) -> bool:
    """Whether *actor* makes tasks of *unit*."""
    from fairdraw.plans import permissions

    return bool(permissions.can_create(actor, unit))


def departments() -> list[Agency]:
    """The partner departments (配合部门)."""
    return list(Agency.objects.filter(kind=AgencyKind.DEPARTMENT, closes_on__isnull=True).order_by("code"))


def items(on: dt.date) -> list[ItemVersion]:
    """The items that can be planned."""
    return [v for v in registers.items_on(on) if v.state == "confirmed" and v.published]


def qualifications() -> list[str]:
    """The qualifications that inspectors hold."""
    held = Inspector.objects.values_list("qualifications", flat=True).distinct()
    return sorted({word for words in held for word in unpack_tags(words)})


def scope_of(words: str, *, year: int, stations: Sequence[str] = ()) -> tuple[ScopeSpec | None, str]:
    """The targets that *words* surely mean, else why they do not."""
    guess = scope_reader.guess(words, year=year)
    if not guess.sure:
        return None, guess.note
    return (
        ScopeSpec(
            tags=guess.tags,
            kinds=guess.kinds,
            registered_from=guess.registered_from,
            stations=tuple(stations),
        ),
        guess.note,
    )


def amount_of(text: str) -> tuple[Fraction | None, int | None]:
    """
    A ratio or a count as people write it: ``5%``, ``20户``, ``20``.

    Raises:
        ValueError: It is neither, or more than all.

    >>> amount_of("2.5%"), amount_of("20户")
    ((Fraction(1, 40), None), (None, 20))
    """
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    if found[1] is None:
        return None, int(found[2])
    ratio = Fraction(Decimal(found[1])) / 100
    if ratio > 1:
        raise ValueError(text)
    return ratio, None


def asked_of(version: PlanRowVersion) -> Asked:
    """The figures of a row; the lower end of a range, as the rules say "not lower than"."""
    ratio = version.ratio_min if version.ratio_min is not None else version.ratio_max
    return Asked(
        ratio=Fraction(ratio) if ratio is not None else None,
        count=version.count_min if version.count_min is not None else version.count_max,
        ratio_by_class={c: Fraction(r) for c, r in version.ratio_by_class.items()},
        count_by_class=dict(version.count_by_class),
        ratio_by_kind={k: Fraction(r) for k, r in version.ratio_by_kind.items()},
        classes_excluded=tuple(version.classes_excluded),
    )


def understood(version: PlanRowVersion, *, on: dt.date) -> Resolved:
    """What the words of a row mean here; what they do not surely say stands among the problems."""
    problems = list(version.problems)
    by_name = _named(Agency.objects.filter(closes_on__isnull=True))
    agency = by_name.get(version.initiator.strip())
    if version.initiator and agency is None:
        problems.append(_("没有名为“%(name)s”的承办单位") % {"name": version.initiator})
    partners = []
    for name in version.participants:
        partner = by_name.get(name.strip())
        if partner is not None and partner.kind == AgencyKind.DEPARTMENT:
            partners.append(partner)
        elif partner is None:
            problems.append(_("没有名为“%(name)s”的配合部门") % {"name": name})
    in_force = {keeping.plain(v.item.name): v for v in registers.items_on(on)}
    versions = []
    for wording in version.items:
        item = in_force.get(keeping.plain(wording))
        if item is None:
            problems.append(_("抽查事项“%(w)s”不在事项清单内") % {"w": wording})
        elif item.state != "confirmed":
            problems.append(_("抽查事项“%(w)s”待核，确认类型、上限和依据后才能列入计划") % {"w": wording})
        else:
            versions.append(item)
    own_area = (agency.code,) if agency is not None and agency.kind == AgencyKind.STATION else ()
    scope, note = scope_of(version.object_scope, year=version.row.plan.year, stations=own_area)
    if scope is None:
        problems.append(_("抽查对象“%(w)s”：%(note)s") % {"w": version.object_scope, "note": note})
    return Resolved(
        agency=agency,
        items=versions,
        scope=scope,
        asked=asked_of(version),
        partners=partners,
        problems=problems,
    )


def _named(agencies: Iterable[Agency]) -> dict[str, Agency]:
    return {word: a for a in agencies for word in (a.name, a.short_name, a.code) if word}


def waiting(actor: Actor, plan: AnnualPlan, *, on: dt.date) -> list[Waiting]:
    """The rows of *plan* that have neither task nor reason to be held, and that *actor* may plan."""
    tasked = set(Task.objects.filter(plan_row__plan=plan).values_list("plan_row_id", flat=True))
    cutoff = plans.cutoff(plan.year)
    found = []
    for version in plans.current_versions(plan):
        if version.row_id not in tasked and not version.held_reason:
            one = read(version, on=on, cutoff=cutoff)
            if one.resolved.agency is None or plans_for(actor, one.resolved.agency):
                found.append(one)
    return found


def read(version: PlanRowVersion, *, on: dt.date, cutoff: dt.date) -> Waiting:
    """One row as it is understood, sized."""
    resolved = understood(version, on=on)
    wish = Wish.of_row(version, cutoff=cutoff, on=on)
    result = planning.sized(wish, resolved, cutoff=cutoff, on=on)
    if isinstance(result, Allocation) and (contradiction := planning.disagreement(version, resolved)):
        result = Held(contradiction)
    return Waiting(version, resolved, result)


def held_now(resolved: Resolved) -> list[tuple[str, int]]:
    """How many targets of the scope there are, by class, and altogether."""
    if resolved.whom is None:
        return []
    classes, _kinds = planning.scope_counts(resolved.whom)
    lines = [(c, classes[c]) for c in PARTS if classes.get(c)]
    return [*lines, ("", sum(classes.values()))]


def sure_exempt(words: str, *, on: dt.date) -> str:
    """The professional field that *words* name, in words; empty where none."""
    code, _reason = planning.exempt_field(words, on=on)
    return rulebook.exempt_fields(on)[code].label if code else ""
