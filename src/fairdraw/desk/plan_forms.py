"""What is typed when a task is planned (排定任务、计划外任务), cleaned into what it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import planning, scheme_forms, schemes
from fairdraw.desk.forms import offer
from fairdraw.inspections.papers import METHODS
from fairdraw.kernel.actor import Actor
from fairdraw.plans import rules as plan_rules
from fairdraw.plans.allocation import UNCLASSED, Asked, percent
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.plans.states import CHANNEL_LABELS, Channel
from fairdraw.plans.strata import CREDIT
from fairdraw.ui import widgets

ASSIGN_MODES = (("cluster", _("按路线分组")), ("each", _("逐户选派")))
USUAL = {
    "channel": Channel.FAIRDRAW.value,
    "by": CREDIT,
    "method": "on_site",
    "assign_mode": "cluster",
    "exempt": scheme_forms.AUTO,
}
OF_THE_TASK = ("name", "agency", "partners", "items", "channel")


@dataclass(frozen=True)
class Known:
    """What can be chosen: rows by the value that stands in the form."""

    agencies: dict[str, Any]
    partners: dict[str, Any]
    items: dict[str, Any]
    stations: dict[str, Any]
    qualifications: list[str]
    tags: dict[str, str]
    exempt: dict[str, Any]

    @classmethod
    def of(cls, actor: Actor, *, on: dt.date, near: Sequence[str] = ()) -> Known:
        """What *actor* may choose from on a day; items like the wordings *near* first."""
        return cls(
            agencies={str(a.pk): a for a in planning.units(actor)},
            partners={str(a.pk): a for a in planning.departments()},
            items={str(v.pk): v for v in planning.items(on, near=near)},
            stations={str(a.pk): a for a in accounts.stations()},
            qualifications=planning.qualifications(),
            tags=schemes.tag_words(),
            exempt=schemes.exempt_fields(on),
        )


class PlanTask(scheme_forms.SchemeFields):
    """A task with its scheme, as a person settles it."""

    name = forms.CharField(label=_("任务名称"), max_length=200)
    reason = forms.CharField(
        label=_("列入理由"),
        max_length=300,
        help_text=_("不在年度计划内的任务写明依据，如上级部署文件、投诉举报"),
    )
    agency = forms.ChoiceField(label=_("承办单位"))
    partners = forms.MultipleChoiceField(
        label=_("配合部门"), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.MultipleChoiceField(
        label=_("抽查事项"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项抽查事项")},
    )
    scope_words = forms.CharField(
        label=_("检查对象"),
        max_length=400,
        widget=forms.TextInput(attrs={"list": "scope-words", "autocomplete": "off"}),
        help_text=_("用名录库认得的说法，如 企业、餐饮服务经营者；输入时有提示"),
    )
    stations = forms.MultipleChoiceField(
        label=_("只查这些所的辖区"), required=False, widget=forms.CheckboxSelectMultiple
    )
    amount = forms.CharField(
        label=_("抽查比例或数量"),
        required=False,
        max_length=12,
        help_text=_("如 5% 或 20户；按类别分别写的，这里空着"),
    )
    starts_on = forms.DateField(label=_("开始时间"), widget=widgets.DateInput)
    ends_on = forms.DateField(label=_("完成时间"), widget=widgets.DateInput)
    qualification = forms.ChoiceField(label=_("检查人员资格"), required=False)
    method = forms.ChoiceField(label=_("检查方式"), choices=METHODS)
    assign_mode = forms.ChoiceField(
        label=_("选派方式"),
        choices=ASSIGN_MODES,
        help_text=_("实地检查按路线分组，同组走一条线；户数少或书面检查逐户选派"),
    )
    channel = forms.ChoiceField(label=_("抽取渠道"), choices=[(c.value, CHANNEL_LABELS[c]) for c in Channel])
    unannounced = forms.BooleanField(label=_("不预先通知检查对象"), required=False)

    def __init__(
        self,
        *args: Any,
        known: Known,
        year: int,
        row_asked: Asked | None = None,
        task: Any = None,
        own: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.row_asked, self.task = year, row_asked, task
        offer(self, "agency", [("", _("请选择")), *_choices(known.agencies)])
        offer(self, "items", [(key, version.item.name) for key, version in known.items.items()])
        offer(self, "qualification", [("", _("不要求")), *((q, q) for q in known.qualifications)])
        for name, rows in (("partners", known.partners), ("stations", known.stations)):
            offer(self, name, _choices(rows))
            if not rows:
                del self.fields[name]
        for name in (*(OF_THE_TASK if task else ()), *(() if own else ("reason",))):
            self.fields.pop(name, None)
        self.known = known
        self.lay_out(exempt=known.exempt, tags=known.tags)

    def clean_scope_words(self) -> str:
        """Words that surely mean targets of the register."""
        words: str = self.cleaned_data["scope_words"]
        scope, note = planning.scope_of(words, year=self.year)
        if scope is None:
            raise forms.ValidationError(note)
        return words

    def clean(self) -> dict[str, Any]:
        """A ratio or a count; the same for each class; an end that is not before its start."""
        cleaned = super().clean() or {}
        ratios, counts = {}, {}
        for code in self.stratum_labels:
            ratio, count = self._amount(f"class_{code}")
            if ratio is not None:
                ratios[code] = ratio
            if count is not None:
                counts[code] = count
                ratios |= self._rate_beside(code, count)
        ratio, count = self._amount("amount")
        if (ratios or counts) and (ratio is not None or count is not None):
            self.add_error("amount", _("按类别分别写了比例或数量的，这里请空着"))
        if not (ratios or counts or self.errors.get("amount")) and ratio is None and count is None:
            self.add_error("amount", _("请填写抽查比例或数量"))
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("完成时间早于开始时间"))
        self._require_reason_on_site(cleaned)
        self.require_rising(ratios)
        row = self.row_asked
        self.kept = self.settled(ratios, counts)
        self.asked = Asked(
            ratio=ratio,
            count=count,
            ratio_by_class=ratios,
            count_by_class=counts,
            ratio_by_kind=row.ratio_by_kind if row else {},
            classes_excluded=row.classes_excluded if row else (),
            by_stratum={} if self.kept.is_plain else self.kept.labels(),
        )
        return cleaned

    def _require_reason_on_site(self, cleaned: dict[str, Any]) -> None:
        """Going to the door is explained where documents or the net would do (rules.md I3)."""
        chosen = (
            planning.items_of(self.task)
            if self.task
            else [self.known.items[key] for key in cleaned.get("items", ())]
        )
        needs = plan_rules.on_site_needs_reason(cleaned.get("method", ""), [v.method for v in chosen])
        if needs and not cleaned.get("method_reason", "").strip():
            self.add_error("method_reason", _("所选事项可以书面或网络检查，到实地检查请写明理由"))

    def _rate_beside(self, code: str, count: int) -> dict[str, Fraction]:
        """The rate that the plan states beside the count of a class, where the count was left as it is."""
        row = self.row_asked
        kept = row is not None and row.count_by_class.get(code) == count and code in row.ratio_by_class
        return {code: row.ratio_by_class[code]} if row is not None and kept else {}

    def _amount(self, name: str) -> tuple[Any, Any]:
        text = str(self.cleaned_data.get(name) or "").strip()
        if not text:
            return None, None
        try:
            return planning.amount_of(text)
        except ValueError:
            self.add_error(name, _("请写成 5%（不超过100%）或 20户"))
            return None, None

    def resolved(self, known: Known) -> Resolved:
        """What was settled."""
        given = self.cleaned_data
        task = self.task
        agency = task.agency if task else known.agencies[given["agency"]]
        stations = tuple(known.stations[key].code for key in given.get("stations", ()))
        area = stations or planning.own_area(agency)
        scope, _note = planning.scope_of(given["scope_words"], year=self.year, stations=area)
        return Resolved(
            agency=agency,
            items=planning.items_of(task) if task else [known.items[key] for key in given["items"]],
            scope=scope,
            asked=self.asked,
            partners=[known.partners[key] for key in given.get("partners", ())],
            qualification=given["qualification"],
            method=given["method"],
            method_reason=given["method_reason"].strip(),
            layering=self.kept,
            assign_mode=given["assign_mode"],
            unannounced=given.get("unannounced", False),
            channel=Channel(given.get("channel", Channel.FAIRDRAW)),
        )

    def wish(self, *, year: int, words: str = "") -> Wish:
        """What the task is to be called, about whom, when; *words* besides tell its professional field."""
        given = self.cleaned_data
        name = self.task.name if self.task else given["name"]
        return Wish(
            name=name,
            year=year,
            scope_text=given["scope_words"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            words=" ".join([name, given["scope_words"], words]),
            reason=given.get("reason", ""),
            scheme_name=given["scheme_name"].strip(),
            number=given["scheme_number"].strip(),
            exempt=self.exempted(),
        )


class HoldRow(forms.Form):
    """Why a row of the plan cannot be planned for now."""

    reason = forms.CharField(label=_("暂缓原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def _choices(rows: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, str(row)) for key, row in rows.items()]


def _written(ratio: Fraction | None, count: int | None) -> str:
    """A ratio or a count as the form takes it."""
    if count is not None:
        return str(_("%(n)s户") % {"n": count})
    return percent(ratio) if ratio is not None else ""


def _amounts(asked: Asked) -> dict[str, str]:
    codes = dict.fromkeys((*asked.ratio_by_class, *asked.count_by_class))
    by_class = {
        f"class_{code}": _written(asked.ratio_by_class.get(code), asked.count_by_class.get(code))
        for code in codes
    }
    whole = "" if any(by_class.values()) else _written(asked.ratio, asked.count)
    return {"amount": whole, **by_class}


def initial_of(read: planning.Waiting | None, *, today: dt.date, cutoff: dt.date) -> dict[str, Any]:
    """The form of a row as its words were understood; of a task of one's own where there is no row."""
    if read is None:
        return {"starts_on": today, "ends_on": cutoff, **USUAL}
    version, resolved = read.version, read.resolved
    return {
        "name": version.task_name,
        "agency": str(resolved.agency.pk) if resolved.agency else "",
        "partners": [str(a.pk) for a in resolved.partners],
        "items": [str(v.pk) for v in resolved.items],
        "scope_words": version.object_scope,
        "starts_on": version.window_start or max(today, dt.date(version.row.plan.year, 1, 1)),
        "ends_on": version.window_end or cutoff,
        **USUAL,
        **_amounts(resolved.asked),
    }


def initial_of_task(task: Any) -> dict[str, Any]:
    """The form of a task that has its scheme already."""
    scheme = task.scheme
    fixed = {row["code"]: row["take"] for row in scheme.strata if row.get("take")}
    rates = {row["code"]: Fraction(row["num"], row["den"]) for row in scheme.strata if row.get("num")}
    flat = scheme.stratified_by == "none"
    asked = Asked(
        count=scheme.total if scheme.total is not None else fixed.get(UNCLASSED) if flat else None,
        ratio=rates.get(UNCLASSED) if flat else None,
        ratio_by_class={} if flat else rates,
        count_by_class={} if flat else fixed,
    )
    return {
        "scope_words": scheme.scope_text,
        "stations": [str(a.pk) for a in accounts.stations() if a.code in scheme.scope.get("stations", ())],
        "starts_on": scheme.starts_on,
        "ends_on": scheme.finishes_on,
        "qualification": next((slot["qualification"] for slot in scheme.slots), ""),
        "method": scheme.method,
        "assign_mode": scheme.assign_mode,
        **scheme_forms.initial_of_scheme(task),
        **_amounts(asked),
    }
