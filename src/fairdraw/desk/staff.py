"""What the pages of the inspector directory show (执法检查人员名录库; N20, N23): who may be drawn, and who not, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import tasks
from fairdraw.documents.tables import CellKind, Column
from fairdraw.kernel.actor import Actor
from fairdraw.registers import selectors as registers
from fairdraw.registers.models import (
    AbsenceKind,
    Inspector,
    InspectorAbsence,
    InspectorChange,
    InspectorQualification,
    ItemVersion,
)
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui.formats import date_zh
from fairdraw.ui.parts import Tone

STANDINGS = (
    ("drawable", gettext_lazy("可以抽取")),
    ("expiring", gettext_lazy("证件将到期")),
    ("expired", gettext_lazy("证件已过期")),
    ("untrained", gettext_lazy("未培训")),
    ("absent", gettext_lazy("缺勤中")),
    ("assistant", gettext_lazy("辅助人员")),
    ("expert", gettext_lazy("专家")),
    ("left", gettext_lazy("离岗")),
)
FIELD_LABELS = {
    "name": gettext_lazy("姓名"),
    "agency": gettext_lazy("单位"),
    "post": gettext_lazy("职务"),
    "certificate_number": gettext_lazy("执法证号"),
    "valid_from": gettext_lazy("执法证有效期起"),
    "valid_to": gettext_lazy("执法证有效期至"),
    "qualifications": gettext_lazy("资格"),
    "areas": gettext_lazy("片区"),
    "assistant": gettext_lazy("辅助人员"),
    "expert": gettext_lazy("专家"),
    "trained": gettext_lazy("已培训"),
    "trained_on": gettext_lazy("最近培训日期"),
    "training": gettext_lazy("培训内容"),
    "active": gettext_lazy("在岗"),
}
FLAGS = frozenset({"assistant", "expert", "trained", "active"})


@dataclass(frozen=True)
class Mark:
    """One thing to know about an inspector: the word, its tone."""

    label: str
    tone: str


@dataclass(frozen=True)
class Asked:
    """What the list asks for; empty means all."""

    text: str = ""
    unit: str = ""
    standing: str = ""
    qualification: str = ""
    without: str = ""


def reminder_days(today: dt.date) -> tuple[int, int]:
    """How many days before its end a certificate is first and last called to mind (N23: 90 and 30)."""
    first = rulebook.number("certificate_reminder_first_days", today)
    second = rulebook.number("certificate_reminder_second_days", today)
    return int(first), int(second)


def people(actor: Actor, asked: Asked, *, today: dt.date) -> QuerySet[Inspector]:
    """The inspectors of the units that *actor* sees, filtered; in the order of their numbers."""
    within = Q() if actor.trusted else accounts.within_scopes(actor, "agency__path")
    rows = Inspector.objects.filter(within).select_related("agency").order_by("code")
    if asked.text:
        text = asked.text.strip()
        rows = rows.filter(Q(name__contains=text) | Q(code=text) | Q(certificate_number=text))
    if asked.unit:
        rows = rows.filter(agency__code=asked.unit)
    if asked.qualification:
        rows = rows.filter(_names(asked.qualification))
    if asked.without:
        rows = rows.exclude(_holds(asked.without, today))
    return rows.filter(_standing(asked.standing, today)) if asked.standing else rows


def _names(word: str) -> Q:
    """Those whose entry names a qualification."""
    return (
        Q(qualifications=word)
        | Q(qualifications__startswith=f"{word},")
        | Q(qualifications__endswith=f",{word}")
        | Q(qualifications__contains=f",{word},")
    )


def _holds(word: str, today: dt.date) -> Q:
    """Those who hold a qualification today: one with a certificate of its own only while that is valid."""
    lapsed = InspectorQualification.objects.filter(Q(valid_to__lt=today) | Q(valid_from__gt=today), code=word)
    return _names(word) & ~Q(pk__in=lapsed.values("inspector"))


@dataclass(frozen=True)
class Wanted:
    """A qualification that items ask for: by how many, who of those who may be drawn hold it and who do not."""

    code: str
    items: int
    holders: int
    without: int


def wanted(actor: Actor, *, today: dt.date) -> list[Wanted]:
    """The qualifications that the items in force ask for, against the inspectors in the scope of *actor*."""
    asked = registers.items_on(today).exclude(qualification="").order_by().values_list("qualification")
    drawable = people(actor, Asked(standing="drawable"), today=today).count()
    found = []
    for code, number in asked.annotate(n=Count("pk")).order_by("qualification"):
        without = people(actor, Asked(standing="drawable", without=code), today=today).count()
        found.append(Wanted(code, number, drawable - without, without))
    return found


def _standing(standing: str, today: dt.date) -> Q:
    """Those of one standing; the groups may meet, but for 可以抽取."""
    until = today + dt.timedelta(reminder_days(today)[0])
    serving = Q(active=True, assistant=False, expert=False)
    away = Q(
        pk__in=InspectorAbsence.objects.filter(starts_on__lte=today, ends_on__gt=today).values("inspector")
    )
    found = {
        "left": Q(active=False),
        "assistant": Q(active=True, assistant=True),
        "expert": Q(active=True, expert=True),
        "expired": Q(active=True, assistant=False, valid_to__lt=today),
        "expiring": Q(active=True, assistant=False, valid_to__gte=today, valid_to__lte=until),
        "untrained": serving & Q(trained=False),
        "absent": serving & away,
        "drawable": serving & Q(trained=True, valid_from__lte=today, valid_to__gte=today) & ~away,
    }
    return found.get(standing, Q(pk__in=[]))


def counts(actor: Actor, *, today: dt.date) -> list[tuple[str, str, int]]:
    """Code, words and number of each standing that somebody has, in the scope of *actor*."""
    found = []
    for code, label in STANDINGS:
        number = people(actor, Asked(standing=code), today=today).count()
        if number:
            found.append((code, str(label), number))
    return found


def qualifications() -> list[str]:
    """The qualifications that inspectors hold or items ask for, in order."""
    held = Inspector.objects.exclude(qualifications="").values_list("qualifications", flat=True).distinct()
    asked = ItemVersion.objects.exclude(qualification="").values_list("qualification", flat=True).distinct()
    return sorted({word for packed in (*held, *asked) for word in packed.split(",") if word})


def absent_codes(rows: Iterable[Inspector], *, today: dt.date) -> dict[str, InspectorAbsence]:
    """Who of *rows* is away today, and by which absence."""
    away = InspectorAbsence.objects.filter(
        inspector__in=[row.pk for row in rows], starts_on__lte=today, ends_on__gt=today
    ).select_related("inspector")
    return {a.inspector.code: a for a in away}


def marks(person: Inspector, *, away: InspectorAbsence | None, today: dt.date) -> list[Mark]:
    """Why a person is not drawn, or soon will not be; one mark “可以抽取” where nothing stands against it."""
    if not person.active:
        return [Mark(_("离岗"), Tone.PLAIN.value)]
    found = [
        Mark(word, Tone.INFO.value)
        for word, on in ((_("辅助人员"), person.assistant), (_("专家"), person.expert))
        if on
    ]
    if not person.assistant:
        found += _certificate_marks(person, today)
        if not person.trained:
            found.append(Mark(_("未培训"), Tone.WARNING.value))
    if away is not None:
        words = {"kind": away.get_kind_display(), "last": date_zh(away.ends_on - dt.timedelta(1))}
        found.append(Mark(_("%(kind)s至%(last)s") % words, Tone.WARNING.value))
    return found or [Mark(_("可以抽取"), Tone.SUCCESS.value)]


def _certificate_marks(person: Inspector, today: dt.date) -> list[Mark]:
    first, second = reminder_days(today)
    left = (person.valid_to - today).days
    if left < 0:
        return [Mark(_("证件已过期"), Tone.DANGER.value)]
    if left <= first:
        tone = Tone.DANGER if left <= second else Tone.WARNING
        return [Mark(_("证件%(days)s天后到期") % {"days": left}, tone.value)]
    return []


def expiring(actor: Actor, *, today: dt.date) -> list[registers.Expiry]:
    """Certificates in the scope of *actor* that end within the first reminder, or have ended (N23)."""
    within = Q() if actor.trusted else accounts.within_scopes(actor, "agency__path")
    return registers.expiring(within, until=today + dt.timedelta(reminder_days(today)[0]))


def columns() -> tuple[Column, ...]:
    """The columns of the exported directory."""
    return (
        Column(_("编号"), width=12),
        Column(_("姓名"), width=12),
        Column(_("单位"), width=20),
        Column(_("职务"), width=14),
        Column(_("执法证号"), width=20),
        Column(_("证件有效期起"), CellKind.DATE, width=14),
        Column(_("证件有效期至"), CellKind.DATE, width=14),
        Column(_("资格"), width=24),
        Column(_("片区"), width=20),
        Column(_("辅助人员"), width=10),
        Column(_("专家"), width=8),
        Column(_("已培训"), width=8),
        Column(_("最近培训日期"), CellKind.DATE, width=14),
        Column(_("培训内容"), width=24),
        Column(_("在岗"), width=8),
    )


def table_rows(rows: QuerySet[Inspector]) -> Iterator[tuple[Any, ...]]:
    """Exactly the rows that the filter shows, under headings that the import knows again."""
    words = {True: _("是"), False: _("否")}
    for row in rows:
        yield (
            row.code,
            row.name,
            row.agency.name,
            row.post,
            row.certificate_number,
            row.valid_from,
            row.valid_to,
            row.qualifications.replace(",", "、"),
            _("全部") if row.areas in {"*", ""} else row.areas.replace(",", "、"),
            words[row.assistant],
            words[row.expert],
            words[row.trained],
            row.trained_on,
            row.training,
            words[row.active],
        )


@dataclass(frozen=True)
class ChangeLine:
    """One changed field, in words."""

    at: dt.datetime
    actor: str
    field: str
    before: str
    after: str


def changes(person: Inspector) -> list[ChangeLine]:
    """What was changed of an inspector, the newest first (变更台账)."""
    rows = list(InspectorChange.objects.filter(inspector=person).order_by("-at", "-pk")[:100])
    names = tasks.names({row.actor for row in rows})
    return [
        ChangeLine(
            at=row.at,
            actor=names.get(row.actor, row.actor),
            field=_field_label(row.field),
            before=_value(row.field, row.before),
            after=_value(row.field, row.after),
        )
        for row in rows
    ]


def _field_label(field: str) -> str:
    if field.startswith("certificate:"):
        return _("资格证件 %(code)s") % {"code": field.partition(":")[2]}
    return str(FIELD_LABELS.get(field, field))


def _value(field: str, text: str) -> str:
    if field in FLAGS:
        return _("是") if text == "1" else _("否")
    return text or "—"


def absence_kinds() -> list[tuple[str, str]]:
    """The kinds of absence (缺勤类别)."""
    return [(value, str(label)) for value, label in AbsenceKind.choices]


def certificates(person: Inspector) -> list[tuple[str, str, dt.date]]:
    """The certificates of an inspector's qualifications: code, number, last day."""
    return [(c.code, c.certificate_number, c.valid_to) for c in person.certified.order_by("code")]


def initial(person: Inspector) -> dict[str, Any]:
    """What stands in the form of an inspector."""
    lines = [f"{code} {number or '-'} {to}" for code, number, to in certificates(person)]
    names = ("name", "post", "certificate_number", "valid_from", "valid_to", "trained", "trained_on")
    more = ("training", "assistant", "expert", "active")
    return {name: getattr(person, name) for name in (*names, *more)} | {
        "unit": person.agency.code,
        "qualifications": person.qualifications.replace(",", "、"),
        "certified": "\n".join(lines),
        "areas": [] if person.areas in {"*", ""} else _station_codes(person.areas.split(",")),
    }


def _station_codes(words: Iterable[str]) -> list[str]:
    """Stations by code, whether a file wrote their codes or their names."""
    codes = {w: s.code for s in accounts.stations() for w in (s.name, s.short_name) if w}
    return [codes.get(word, word) for word in words]


def fields(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of an inspector from a cleaned form."""
    names = ("name", "post", "certificate_number", "valid_from", "valid_to", "trained", "trained_on")
    more = ("training", "assistant", "expert", "active")
    held = {*given["qualifications"], *(c.code for c in given["certified"])}
    return {name: given[name] for name in (*names, *more)} | {
        "agency": accounts.agency(given["unit"]),
        "qualifications": ",".join(sorted(held)),
        "areas": ",".join(given["areas"]) or "*",
    }
