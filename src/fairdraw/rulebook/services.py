"""
Verbs on the rulebook (规则库): load what the product ships, enter what an office decides.

Nothing here changes a rule of the past: a new rule gets a new row and ends the old one's period.
Every verb renews the edition, which tells all processes to read again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models as orm
from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel.actor import SYSTEM, Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.clock import local_date
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.rulebook import models, permissions, selectors, shipped
from fairdraw.rulebook.states import MAY_BE_SHOWN_AS_LAW, Origin
from fairdraw.rulebook.values import Holiday, Source

LIMITS = {"ratio": (0, 1), "change": (-1, 1), "switch": (0, 1)}
WHOLE_UNITS = frozenset(
    {"people", "visits", "days", "workdays", "months", "years", "letters", "tasks", "switch"}
)


class BadRule(InvalidInput):
    """A rule that cannot be: the value does not fit its unit, or the period is used up."""

    code = "rulebook.bad-rule"


class RuleInForce(RuleBroken):
    """An office's own rule already in force from that day; it is ended by a later one, not rewritten."""

    code = "rulebook.rule-in-force"


@dataclass(frozen=True)
class Loaded:
    """
    What :func:`load_defaults` did.

    Attributes:
        rows: Rows written, holidays included; 0 where everything was there already.
        kept: Codes and years left alone because an office of this installation has set them.
        edition: The digest of the rulebook afterwards.
    """

    rows: int
    kept: int
    edition: str


@transaction.atomic
def load_defaults(now: dt.datetime, *, actor: Actor = SYSTEM) -> Loaded:
    """
    Bring the shipped rules to the state of this version (载入随系统提供的规则); can be run any time.

    Codes and years that an office has set are left as they are.
    """
    edition = _locked_edition(now)
    permissions.can_change(actor).require()
    rows = kept = 0
    for name, model in shipped.FILES.items():
        written, left = _load_rows(model, list(shipped.rows_of(name)))
        rows, kept = rows + written, kept + left
    written, left = _load_years(shipped.holidays())
    rows, kept = rows + written, kept + left
    if not rows:
        return Loaded(0, kept, edition.digest)
    digest = _renew(edition, now)
    body: dict[str, JSON] = {"edition": digest, "rows": rows, "kept": kept}
    audit.record("rulebook.loaded", actor=actor, at=now, body=body)
    return Loaded(rows, kept, digest)


def _load_rows(model: type[models.DatedRow], wanted: Sequence[models.DatedRow]) -> tuple[int, int]:
    held: dict[str, list[models.DatedRow]] = {}
    for row in model._default_manager.filter(scope="").order_by("code", "starts_on"):
        held.setdefault(row.code, []).append(row)
    by_code: dict[str, list[models.DatedRow]] = {}
    for row in wanted:
        by_code.setdefault(row.code, []).append(row)
    fresh: list[models.DatedRow] = []
    stale: list[int] = []
    kept = 0
    for code in held.keys() | by_code.keys():
        old, new = held.get(code, []), by_code.get(code, [])
        if any(row.origin == Origin.OFFICE.value for row in old):
            kept += 1
        elif [_content(row) for row in old] != sorted(_content(row) for row in new):
            stale += [row.pk for row in old]
            fresh += new
    model._default_manager.filter(pk__in=stale).delete()
    model._default_manager.bulk_create(sorted(fresh, key=lambda row: (row.code, row.starts_on)))
    return len(fresh) + (0 if fresh else len(stale)), kept


def _content(row: orm.Model) -> tuple[str, ...]:
    fields = [f for f in row._meta.concrete_fields if f.name not in {"id", "starts_on"}]
    start = getattr(row, "starts_on", "")
    return (str(start), *(str(getattr(row, f.name)) for f in fields))


def _load_years(wanted: dict[int, list[Holiday]]) -> tuple[int, int]:
    known = {year.year: year for year in models.KnownYear.objects.all()}
    held = {(d.day, d.is_workday, d.name) for d in models.HolidayDay.objects.all()}
    rows = kept = 0
    for year, days in wanted.items():
        before = known.get(year)
        if before is not None and before.origin == Origin.OFFICE.value:
            kept += 1
        elif before is None or not {(d.day, d.is_workday, d.name) for d in days} <= held:
            rows += _write_year(year, days, source=shipped.HOLIDAY_SOURCE, origin=Origin.SHIPPED)
    return rows, kept


def _write_year(year: int, days: Collection[Holiday], *, source: str, origin: Origin) -> int:
    models.HolidayDay.objects.filter(day__year=year).delete()
    models.HolidayDay.objects.bulk_create(
        models.HolidayDay(day=d.day, is_workday=d.is_workday, name=d.name) for d in days
    )
    values = {"source": source, "origin": origin.value}
    models.KnownYear.objects.update_or_create(year=year, defaults=values)
    return len(days)


@transaction.atomic
def enter_year(
    *, year: int, days: Iterable[Holiday], source: str, actor: Actor, now: dt.datetime
) -> models.KnownYear:
    """
    Enter the State Council's holiday notice of *year* (录入放假安排).

    Args:
        year: The year; what was entered for it before is replaced.
        days: Days off on weekdays and make-up working days; named weekend days may be among them.
        source: Number of the notice, such as ``国办发明电〔2026〕…号``.

    Raises:
        BadRule: a day of another year, a day twice, or no source.
    """
    edition = _locked_edition(now)
    permissions.can_change(actor).require()
    listed = sorted(days, key=lambda d: d.day)
    if not source.strip():
        raise BadRule(_("请填写放假安排通知的文号"))
    if not listed or any(d.day.year != year for d in listed):
        raise BadRule(_("放假安排中有不属于%(year)s年的日期，或没有任何日期，请核对") % {"year": year})
    if len({d.day for d in listed}) != len(listed):
        raise BadRule(_("放假安排中同一日期出现了两次，请去掉重复的一行"))
    _write_year(year, listed, source=source.strip(), origin=Origin.OFFICE)
    digest = _renew(edition, now)
    body: dict[str, JSON] = {"year": year, "days": len(listed), "source": source.strip(), "edition": digest}
    audit.record("rulebook.year_entered", actor=actor, at=now, body=body)
    return models.KnownYear.objects.get(pk=year)


@transaction.atomic
def set_number(
    *,
    code: str,
    value: Decimal,
    starts_on: dt.date,
    source: Source,
    actor: Actor,
    now: dt.datetime,
    scope: str = "",
    label: str = "",
    unit: str = "",
) -> models.Number:
    """
    Enter what a number is from *starts_on* (设定规则数值); the row before it ends there.

    Args:
        code: An existing code, or a new one with *label* and *unit* (such as ``visit_cap.food``).
        value: A ratio is 0 to 1.
        starts_on: First day; a later row, if there is one, ends it.
        source: Document and clause; shown as law only where it says so and the text is known.
        scope: An agency's path, or empty for the whole installation.

    Raises:
        BadRule: the value does not fit the unit, or a new code comes without label or unit.
        RuleInForce: an office's own rule starts on that very day and is in force.
    """
    edition = _locked_edition(now)
    permissions.can_change(actor, scope=scope).require()
    like = models.Number.objects.filter(code=code).order_by("scope", "-starts_on").first()
    if like is None and not (label and unit):
        raise BadRule(_("规则库中没有“%(code)s”，新增时请填写名称和单位") % {"code": code})
    row = models.Number(
        code=code,
        scope=scope,
        label=label or (like.label if like else ""),
        unit=unit or (like.unit if like else ""),
        value=format(value, "f") if value.is_finite() else "",
        starts_on=starts_on,
        **_source_fields(source),
    )
    _require_fit(row.unit, value)
    _place(row, now)
    digest = _renew(edition, now)
    body: dict[str, JSON] = {
        "code": code,
        "scope": scope,
        "value": row.value,
        "starts_on": starts_on.isoformat(),
    }
    body |= {"document": str(source), "edition": digest}
    audit.record("rulebook.number_set", actor=actor, at=now, body=body)
    return row


@transaction.atomic
def set_class_rates(
    *,
    set_code: str,
    ratios: dict[str, Decimal],
    starts_on: dt.date,
    source: Source,
    actor: Actor,
    now: dt.datetime,
    scope: str = "",
) -> list[models.ClassRateRule]:
    """
    Enter the shares to be drawn by stratum from *starts_on* (设定分类抽查比例).

    Raises:
        BadRule: a ratio outside 0 to 1, or falling from A to D.
        RuleInForce: an office's own rates start on that very day and are in force.
    """
    edition = _locked_edition(now)
    permissions.can_change(actor, scope=scope).require()
    rising = [ratios[c] for c in "ABCD" if c in ratios]
    if rising != sorted(rising):
        raise BadRule(_("抽查比例应由A到D逐级不降，请核对"))
    labels = dict(models.ClassRateRule.objects.order_by("starts_on").values_list("stratum", "label"))
    rows = []
    for order, (stratum, ratio) in enumerate(ratios.items(), start=1):
        _require_fit("ratio", ratio)
        row = models.ClassRateRule(
            code=f"{set_code}:{stratum}",
            scope=scope,
            label=labels.get(stratum, stratum),
            set_code=set_code,
            stratum=stratum,
            ratio=format(ratio, "f"),
            order=order,
            starts_on=starts_on,
            **_source_fields(source),
        )
        _place(row, now)
        rows.append(row)
    digest = _renew(edition, now)
    body: dict[str, JSON] = {"set": set_code, "scope": scope, "starts_on": starts_on.isoformat()}
    body |= {
        "rates": [{"stratum": r.stratum, "ratio": r.ratio} for r in rows],
        "document": str(source),
        "edition": digest,
    }
    audit.record("rulebook.class_rates_set", actor=actor, at=now, body=body)
    return rows


def _require_fit(unit: str, value: Decimal) -> None:
    low, high = LIMITS.get(unit, (0, 10**9))
    if not value.is_finite() or not low <= value <= high:
        raise BadRule(_("数值应在%(low)s至%(high)s之间，请核对") % {"low": low, "high": high})
    if unit in WHOLE_UNITS and value != value.to_integral_value():
        raise BadRule(_("该数值应为整数，请核对"))


def _source_fields(source: Source) -> dict[str, Any]:
    law = source.shown_as_law and source.certainty in MAY_BE_SHOWN_AS_LAW and bool(source.document)
    return {
        "document": source.document,
        "clause": source.clause,
        "certainty": source.certainty.value,
        "shown_as_law": law,
        "note": source.note,
        "origin": Origin.OFFICE.value,
    }


def _place(row: models.DatedRow, now: dt.datetime) -> None:
    """Save *row* among its neighbours: the one before ends where it starts, it ends where the next starts."""
    others = type(row)._default_manager.filter(code=row.code, scope=row.scope)
    same = others.filter(starts_on=row.starts_on).first()
    if same is not None:
        if same.origin == Origin.OFFICE.value and same.starts_on <= local_date(now):
            raise RuleInForce(
                _("“%(label)s”自该日起已由本机关设定并生效，请另选起始日") % {"label": row.label}
            )
        same.delete()
    following = others.filter(starts_on__gt=row.starts_on).order_by("starts_on").first()
    row.ends_on = following.starts_on if following is not None else None
    covering = others.filter(starts_on__lt=row.starts_on)
    covering.filter(orm.Q(ends_on__isnull=True) | orm.Q(ends_on__gt=row.starts_on)).update(
        ends_on=row.starts_on
    )
    row.save(force_insert=True)


def _locked_edition(now: dt.datetime) -> models.Edition:
    models.Edition.objects.get_or_create(pk=1, defaults={"digest": "", "changed_at": now})
    return models.Edition.objects.select_for_update().get(pk=1)


def _renew(edition: models.Edition, now: dt.datetime) -> str:
    digest = hashlib.sha256()
    tables: tuple[type[orm.Model], ...] = (*shipped.FILES.values(), models.HolidayDay, models.KnownYear)
    for model in tables:
        rows = sorted(_content(row) for row in model._default_manager.all())
        digest.update(json.dumps([model._meta.label, rows], ensure_ascii=False).encode())
    edition.digest, edition.changed_at = digest.hexdigest(), now
    edition.save(update_fields=["digest", "changed_at"])
    selectors.forget_page()
    return edition.digest
