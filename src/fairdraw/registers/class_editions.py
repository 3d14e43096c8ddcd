"""
Editions of credit-risk classes (信用风险分类结果的接收; N15, rules.md O1-O3): received, never computed, and what differs.

Individual businesses are classed by a scheme of their own, so an edition is kept for each scheme. A target that an
edition no longer names keeps its class and the day of it, and is stale before long.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound, RuleBroken
from fairdraw.registers import bulk, permissions
from fairdraw.registers.models import ClassEdition, ClassScheme, CreditClass, Target, TargetKind

CHUNK = 2000
CLASSES = ("A", "B", "C", "D")
NO_DAYS: Mapping[str, dt.date] = {}


class EditionRefused(RuleBroken):
    """An edition of classes cannot be received: it is here, or it is older than what is here."""

    code = "registers.edition-refused"


@dataclass(frozen=True, slots=True)
class _Held:
    pk: int
    value: str
    computed_on: dt.date | None
    scheme: str


@transaction.atomic
def receive_classes(
    values: Mapping[str, str],
    *,
    edition: str,
    computed_on: dt.date,
    source: str,
    invented: bool,
    actor: Actor,
    now: dt.datetime,
    days: Mapping[str, dt.date] = NO_DAYS,
) -> int:
    """
    Enter an edition of credit-risk classes (接收信用风险分类), by draw code; each change is kept in the history.

    Args:
        values: Class by draw code.
        edition: Name of the edition.
        computed_on: When the classes were computed; where the rows differ, the last of their days.
        source: Whose file it is.
        invented: Whether the classes are made up.
        actor: Who receives it.
        now: When.
        days: The day of a row where it is another one.

    Returns:
        How many targets of the register received a class.

    Raises:
        EditionRefused: The edition was received before, or classes of a later day were.
    """
    permissions.can_keep_registers(actor).require()
    held = _held(values)
    known = [code for code in sorted(values) if code in held]
    by_scheme: dict[str, list[str]] = {}
    for code in known:
        by_scheme.setdefault(held[code].scheme, []).append(code)
    changed, lost = list[str](), list[str]()
    rows: list[CreditClass] = []
    shared: dict[str, Any] = {
        "edition": edition,
        "computed_on": computed_on,
        "source": source,
        "received_at": now,
        "invented": invented,
    }
    for scheme, codes in sorted(by_scheme.items()):
        gone = _not_named(held, values, scheme, since=_last_day(scheme, edition=edition, on=computed_on))
        moved = [code for code in codes if held[code].value != values[code]]
        _keep_edition(scheme, codes, gone, values, held, received_by=actor.code, **shared)
        rows += [
            CreditClass(
                target_id=held[code].pk,
                scheme=scheme,
                value=values.get(code, ""),
                before=held[code].value,
                **(shared | {"computed_on": days.get(code, computed_on)}),
            )
            for code in [*moved, *gone]
        ]
        changed += moved
        lost += gone
    _store(values, held, known, changed, lost, computed_on=computed_on, days=days, now=now)
    CreditClass.objects.bulk_create(rows, batch_size=CHUNK)
    if invented:
        _mark_invented(changed, "classes")
    audit.record_batch(
        "classes.received",
        actor=actor,
        at=now,
        body={
            "edition": edition,
            "computed_on": str(computed_on),
            "source": source,
            "invented": invented,
            "targets": len(known),
        },
        rows=[f"{code}\t{values[code]}".encode() for code in changed],
    )
    return len(known)


def _keep_edition(
    scheme: str,
    codes: Sequence[str],
    gone: Sequence[str],
    values: Mapping[str, str],
    held: Mapping[str, Any],
    **fields: Any,
) -> None:
    """Keep the edition of one scheme with its moves from class to class (分类变动)."""
    moves = Counter(_move(held[code].value, values[code]) for code in codes)
    moves.update(_move(held[code].value, "") for code in gone)
    ClassEdition.objects.create(
        scheme=scheme, targets=len(codes), moves=dict(sorted(moves.items())), **fields
    )


def _held(wanted: Mapping[str, str]) -> dict[str, _Held]:
    """What is held of the targets that are classed or among *wanted*, by draw code."""
    rows = Target.objects.values_list("draw_code", "pk", "credit_class", "credit_computed_on", "kind")
    schemes = {kind: scheme_of(kind) for kind in TargetKind.values}
    return {
        code: _Held(pk, value, day, schemes[kind])
        for code, pk, value, day, kind in rows.iterator(chunk_size=5000)
        if value or code in wanted
    }


def scheme_of(kind: str) -> str:
    """By which scheme a target of this kind is classed."""
    own = kind == TargetKind.INDIVIDUAL
    return (ClassScheme.INDIVIDUAL if own else ClassScheme.GENERIC).value


def _last_day(scheme: str, *, edition: str, on: dt.date) -> dt.date | None:
    """The day of the newest edition of *scheme*; refuses one that is here or older."""
    held = ClassEdition.objects.filter(scheme=scheme)
    if held.filter(edition=edition).exists():
        raise EditionRefused(
            _("版次“%(edition)s”的分类结果已经接收；更正后的文件请另写版次") % {"edition": edition}
        )
    last = held.order_by("-computed_on", "-pk").first()
    if last is None:
        return None
    if on < last.computed_on:
        raise EditionRefused(
            _("已接收%(held)s计算的分类结果（%(edition)s），本文件是%(day)s的，较旧，没有存入")
            % {"held": last.computed_on, "edition": last.edition, "day": on}
        )
    return last.computed_on


def _not_named(
    held: Mapping[str, _Held], values: Mapping[str, str], scheme: str, *, since: dt.date | None
) -> list[str]:
    """Targets that the edition before named and this one does not; none where there was none before."""
    if since is None:
        return []
    return sorted(
        code
        for code, row in held.items()
        if row.scheme == scheme
        and row.value
        and code not in values
        and row.computed_on is not None
        and row.computed_on >= since
    )


def _move(before: str, after: str) -> str:
    return f"{before or '-'}>{after or '-'}"


def _store(
    values: Mapping[str, str],
    held: Mapping[str, _Held],
    known: Sequence[str],
    changed: Sequence[str],
    lost: Sequence[str],
    *,
    computed_on: dt.date,
    days: Mapping[str, dt.date],
    now: dt.datetime,
) -> None:
    """Write the classes; where almost all are of one day and stay, by one statement and what differs from it."""
    inside = set(known)
    outside = [code for code, row in held.items() if row.value and code not in inside]
    if days or len(outside) > len(known):
        bulk.set_classes(((code, values[code], days.get(code, computed_on)) for code in known), at=now)
        return
    bulk.date_classes(computed_on=computed_on, at=now)
    bulk.set_classes(((code, held[code].value, held[code].computed_on) for code in outside), at=now)
    bulk.set_classes(((code, values[code], computed_on) for code in changed), at=now)


def _mark_invented(codes: Sequence[str], part: str) -> None:
    """Mark in the register that a part of these targets was made up."""
    for start in range(0, len(codes), CHUNK):
        rows = list(Target.objects.filter(draw_code__in=codes[start : start + CHUNK]))
        for row in rows:
            row.invented = ",".join(sorted({*filter(None, row.invented.split(",")), part}))
        Target.objects.bulk_update(rows, ["invented"], batch_size=CHUNK)


# 差异报告


@dataclass(frozen=True)
class Difference:
    """
    What an edition changed (差异报告), as numbers of targets.

    Attributes:
        rose: Now of a riskier class.
        fell: Now of a less risky class.
        new: Classed for the first time.
        lost: Named by the edition before, not by this one.
        same: As they were.
    """

    rose: int
    fell: int
    new: int
    lost: int
    same: int


KINDS = ("rose", "fell", "new", "lost")
_BOTH = ~Q(before="") & ~Q(value="")
_MOVED = {
    "rose": _BOTH & Q(value__gt=F("before")),
    "fell": _BOTH & Q(value__lt=F("before")),
    "new": Q(before=""),
    "lost": Q(value=""),
}


def kind_of_move(before: str, after: str) -> str:
    """
    What kind of move it is: ``rose``, ``fell``, ``new``, ``lost`` or ``same``.

    >>> kind_of_move("A", "C"), kind_of_move("C", "B"), kind_of_move("", "A"), kind_of_move("D", "")
    ('rose', 'fell', 'new', 'lost')
    """
    if before == after:
        return "same"
    if not before or not after:
        return "lost" if before else "new"
    return "rose" if after > before else "fell"


def difference(edition: ClassEdition) -> Difference:
    """The difference report of an edition."""
    found = Counter(dict.fromkeys((*KINDS, "same"), 0))
    for move, count in edition.moves.items():
        before, _arrow, after = move.partition(">")
        found[kind_of_move(before.strip("-"), after.strip("-"))] += count
    return Difference(**found)


def matrix(edition: ClassEdition) -> list[tuple[str, list[int]]]:
    """How many came from which class to which: rows ``A`` to ``D`` and ``-`` for none, columns the same."""
    codes = (*CLASSES, "-")
    return [(before, [int(edition.moves.get(f"{before}>{after}", 0)) for after in codes]) for before in codes]


def editions() -> QuerySet[ClassEdition]:
    """The editions received, the newest first."""
    return ClassEdition.objects.order_by("-computed_on", "-received_at", "scheme")


def edition(pk: int) -> ClassEdition:
    """
    One edition.

    Raises:
        NotFound: There is none.
    """
    found = ClassEdition.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这一期分类结果"))
    return found


def moved(of: ClassEdition, *, kind: str = "") -> QuerySet[CreditClass]:
    """The targets that an edition changed, each with its class before and after; of one *kind* of move, or all."""
    rows = CreditClass.objects.filter(scheme=of.scheme, edition=of.edition).select_related("target__station")
    if kind in KINDS:
        rows = rows.filter(_MOVED[kind])
    return rows.order_by("target__draw_code")
