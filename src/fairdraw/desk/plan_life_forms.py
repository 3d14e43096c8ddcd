"""What is typed on the way of the annual plan (年度计划办理): steps, numbers, receipts, rows of an amendment."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairdraw.desk import planning
from fairdraw.plans.annual import Filing
from fairdraw.plans.deadlines import Moved
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.shown import amount
from fairdraw.plans.states import PlanMove
from fairdraw.ui import widgets

FormT = TypeVar("FormT", bound=forms.Form)
WANTED = {
    PlanMove.RETURN: ("reason",),
    PlanMove.FILE: ("filed_with", "filed_on", "filing_number"),
    PlanMove.PUBLISH: ("document_number", "issued_on"),
}
OPTIONAL = ("filing_number", "document_number", "issued_on")


class PlanStep(forms.Form):
    """What a step of the annual plan asks for."""

    reason = forms.CharField(label=_("退回原因"), max_length=300)
    filed_with = forms.CharField(label=_("备案机关"), max_length=100, help_text=_("上一级市场监督管理局"))
    filed_on = forms.DateField(label=_("报备日期"), widget=widgets.DateInput)
    filing_number = forms.CharField(label=_("报备文号"), max_length=60)
    document_number = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("公文系统还没有编号的先空着，以后回填")
    )
    issued_on = forms.DateField(label=_("印发日期"), widget=widgets.DateInput)

    def __init__(self, *args: Any, move: PlanMove, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in WANTED.get(move, ()):
                del self.fields[name]
            elif name in OPTIONAL:
                self.fields[name].required = False

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        data = dict(self.cleaned_data)
        if "filed_with" in data:
            return {"filing": Filing(data["filed_with"], data["filed_on"], data["filing_number"])}
        return data


class Number(forms.Form):
    """Number and day that the office system gave (回填文号)."""

    number = forms.CharField(label=_("文号"), max_length=60)
    on = forms.DateField(label=_("印发日期"), widget=widgets.DateInput)


class FilingReceipt(forms.Form):
    """The receipt of the higher bureau (备案回执)."""

    number = forms.CharField(label=_("备案回执"), max_length=100, help_text=_("回执编号，或收件人和方式"))
    on = forms.DateField(label=_("回执日期"), widget=widgets.DateInput)


class Letter(forms.Form):
    """The text of the notice that issues the plan."""

    text = forms.CharField(
        label=_("通知正文"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("第一行以“：”结尾的是主送单位；可用 {year} {title} {agency} {count} {version} {reason}"),
    )


class PaperReceipt(forms.Form):
    """Who signed on paper, and when."""

    signer = forms.CharField(label=_("签收人"), max_length=40)
    signed_on = forms.DateField(label=_("签收日期"), widget=widgets.DateInput)


class Reason(forms.Form):
    """Why a plan is amended, or an amendment returned."""

    reason = forms.CharField(label=_("原因"), max_length=300)


class Ground(forms.Form):
    """Where a row comes from, or why the bureau adds it itself."""

    upstream = forms.CharField(label=_("上级来源"), max_length=200, required=False)
    local_reason = forms.CharField(label=_("本地理由"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if not data.get("upstream") and not data.get("local_reason"):
            raise forms.ValidationError(_("请填写上级来源；自行安排的填写本地理由"))
        return data


class Row(forms.Form):
    """What a row of the plan says from an amendment on."""

    task_name = forms.CharField(label=_("任务名称"), max_length=200)
    items = forms.CharField(
        label=_("抽查事项"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("一行一项")
    )
    object_scope = forms.CharField(label=_("检查对象"), max_length=400, required=False)
    check_type = forms.CharField(label=_("抽查类型"), max_length=20, required=False)
    initiator = forms.CharField(label=_("发起部门"), max_length=100, required=False)
    participants = forms.CharField(
        label=_("配合部门"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个"),
    )
    amount = forms.CharField(
        label=_("比例或数量"), required=False, max_length=20, help_text=_("例如 5% 或 20户；不改动的照原样")
    )
    window_start = forms.DateField(label=_("开始时间"), required=False, widget=widgets.DateInput)
    window_end = forms.DateField(label=_("结束时间"), required=False, widget=widgets.DateInput)
    upstream = forms.CharField(label=_("上级来源"), max_length=200, required=False)
    local_reason = forms.CharField(label=_("本地理由"), max_length=300, required=False)

    def __init__(self, *args: Any, entry: PlanRowEntry | None, **kwargs: Any) -> None:
        self.entry = entry
        self.was = amount(entry) if entry else ""
        kwargs["initial"] = _initial(entry, self.was) if entry else {}
        super().__init__(*args, **kwargs)
        if entry is not None:
            del self.fields["upstream"]
            del self.fields["local_reason"]

    def clean_amount(self) -> str:
        """As people write it, or as it stood."""
        text: str = self.cleaned_data["amount"].strip()
        if text and text != self.was:
            try:
                planning.amount_of(text)
            except ValueError:
                raise forms.ValidationError(_("请写成 5% 或 20户 这样的比例或数量")) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Ends after it starts."""
        data = super().clean() or {}
        start, end = data.get("window_start"), data.get("window_end")
        if start and end and end < start:
            self.add_error("window_end", _("结束时间不能早于开始时间"))
        return data

    def given(self) -> PlanRowEntry:
        """The row as it is meant."""
        data = self.cleaned_data
        said = {
            "task_name": data["task_name"],
            "items": _lines(data["items"]),
            "object_scope": data["object_scope"],
            "check_type": data["check_type"],
            "initiator": data["initiator"],
            "participants": _lines(data["participants"]),
            "window_start": data["window_start"],
            "window_end": data["window_end"],
        }
        if self.entry is None:
            entry = PlanRowEntry("", said["task_name"], said["items"], upstream=data["upstream"])
        else:
            entry = self.entry
        entry = replace(entry, **said)
        return entry if data["amount"] == self.was else _with_amount(entry, data["amount"])


def _initial(entry: PlanRowEntry, was: str) -> dict[str, Any]:
    return {
        "task_name": entry.task_name,
        "items": "\n".join(entry.items),
        "object_scope": entry.object_scope,
        "check_type": entry.check_type,
        "initiator": entry.initiator,
        "participants": "\n".join(entry.participants),
        "amount": was,
        "window_start": entry.window_start,
        "window_end": entry.window_end,
    }


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _with_amount(entry: PlanRowEntry, text: str) -> PlanRowEntry:
    """The row with another ratio or count for all, in place of what stood there."""
    ratio, count = planning.amount_of(text) if text else (None, None)
    rate = Decimal(ratio.numerator) / Decimal(ratio.denominator) if ratio is not None else None
    return replace(
        entry,
        ratio_min=rate,
        ratio_max=rate,
        count_min=count,
        count_max=count,
        ratio_by_class={},
        ratio_by_kind={},
        count_by_class={},
    )


class Deadline(forms.Form):
    """A deadline that the superior moved, with its document."""

    due_on = forms.DateField(label=_("上级要求时限"), widget=widgets.DateInput)
    document_number = forms.CharField(label=_("文号"), max_length=60)
    document_on = forms.DateField(label=_("文件日期"), widget=widgets.DateInput)
    reason = forms.CharField(
        label=_("理由"), max_length=300, help_text=_("如：市局统一延期；市局要求提前完成")
    )

    @property
    def moved(self) -> Moved:
        """The deadline as it was typed."""
        data = self.cleaned_data
        return Moved(data["due_on"], data["document_number"], data["document_on"], data["reason"])


class Division(forms.Form):
    """A division of the city bureau and the unit here that answers to it."""

    name = forms.CharField(label=_("市局处室"), max_length=100, help_text=_("已有的处室写同一名称即可修改"))
    agency = forms.ChoiceField(label=_("对应单位"))
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, units: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        self.fields["agency"].choices = [("", gettext("请选择")), *((k, str(v)) for k, v in units.items())]  # type: ignore[attr-defined]

    def clean_agency(self) -> Any:
        """The unit itself."""
        return self.units[self.cleaned_data["agency"]]


def today_is(form: FormT, day: dt.date) -> FormT:
    """*form* with *day* in its fields for days, where nothing was typed."""
    for field in form.fields.values():
        if isinstance(field, forms.DateField) and field.initial is None:
            field.initial = day
    return form
