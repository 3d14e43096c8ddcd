"""What is typed on the pages of the inspector directory (执法检查人员录入、变更、缺勤), cleaned into plain values."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.desk import staff
from fairdraw.desk.forms import ALL, Choices, offer
from fairdraw.registers.entries import Certified
from fairdraw.ui import widgets

CODE = re.compile(r"[0-9A-Za-z._:-]{1,36}")
WORDS = re.compile(r"[\s、,，;；]+")
CERTIFIED = re.compile(r"(?P<code>\S+)\s+(?P<number>\S+)\s+(?P<to>\d{4}-\d{2}-\d{2})")


class InspectorFilter(forms.Form):
    """The filter bar of the inspectors."""

    text = forms.CharField(label=_("姓名、编号或证号"), required=False, max_length=60)
    unit = forms.ChoiceField(label=_("单位"), required=False)
    standing = forms.ChoiceField(label=_("状态"), required=False, choices=[*ALL, *staff.STANDINGS])
    qualification = forms.ChoiceField(label=_("资格"), required=False)
    without = forms.ChoiceField(label=_("不具备资格"), required=False)

    def __init__(self, *args: Any, units: Choices, qualifications: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", [*ALL, *units])
        offer(self, "qualification", [*ALL, *qualifications])
        offer(self, "without", [*ALL, *qualifications])

    @property
    def asked(self) -> staff.Asked:
        """What is asked for; a field with a mistake asks for nothing."""
        self.is_valid()
        given = self.cleaned_data if self.is_bound else {}
        return staff.Asked(
            text=given.get("text", ""),
            unit=given.get("unit", ""),
            standing=given.get("standing", ""),
            qualification=given.get("qualification", ""),
            without=given.get("without", ""),
        )


class Inspector(forms.Form):
    """What the directory says of one inspector."""

    code = forms.CharField(
        label=_("编号"), max_length=36, help_text=_("用字母、数字，录入后不再更改；抽取底册以此识别人员")
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    unit = forms.ChoiceField(label=_("单位"))
    post = forms.CharField(label=_("职务"), max_length=40, required=False)
    certificate_number = forms.CharField(label=_("执法证号"), max_length=40, required=False)
    valid_from = forms.DateField(label=_("执法证有效期起"), widget=widgets.DateInput)
    valid_to = forms.DateField(label=_("执法证有效期至"), widget=widgets.DateInput)
    qualifications = forms.CharField(
        label=_("资格"), max_length=200, required=False, help_text=_("多项用顿号分开，如：特种设备、食品")
    )
    certified = forms.CharField(
        label=_("有自己证件的资格"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一项：资格 证号 有效期至，如：特种设备 TS0001 2027-12-31。过期后不再按此资格抽取"),
    )
    areas = forms.MultipleChoiceField(
        label=_("片区"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选为全县")
    )
    trained = forms.BooleanField(label=_("已培训"), required=False)
    trained_on = forms.DateField(label=_("最近培训日期"), required=False, widget=widgets.DateInput)
    training = forms.CharField(label=_("培训内容"), max_length=100, required=False)
    assistant = forms.BooleanField(
        label=_("辅助人员"), required=False, help_text=_("没有执法资格，只协助，不进入抽取")
    )
    expert = forms.BooleanField(label=_("专家"), required=False, help_text=_("列入专家名录，不进入抽取"))
    active = forms.BooleanField(label=_("在岗"), required=False)

    def __init__(self, *args: Any, units: Choices, stations: Choices, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", [("", _("请选择")), *units])
        field = self.fields["areas"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(stations)
        if known:
            del self.fields["code"]

    def clean_code(self) -> str:
        """Letters and digits: it stands in sealed lists (vdraw/1 §5)."""
        code: str = self.cleaned_data["code"].strip()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("编号只能用字母、数字和 . _ : -"))
        return code

    def clean_qualifications(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(filter(None, WORDS.split(self.cleaned_data["qualifications"]))))

    def clean_certified(self) -> tuple[Certified, ...]:
        """One certificate a line."""
        found: dict[str, Certified] = {}
        for number, line in enumerate(self.cleaned_data["certified"].splitlines(), start=1):
            if not line.strip():
                continue
            match = CERTIFIED.fullmatch(line.strip())
            try:
                day = dt.date.fromisoformat(match["to"]) if match else None
            except ValueError:
                day = None
            if match is None or day is None or len(match["code"]) > 40 or len(match["number"]) > 40:
                said = _("第%(row)s行读不出来，请按“资格 证号 有效期至”写，日期如 2027-12-31")
                raise forms.ValidationError(said, params={"row": number})
            if match["code"] in found:
                raise forms.ValidationError(_("第%(row)s行的资格已经写过"), params={"row": number})
            found[match["code"]] = Certified(match["code"], match["number"], None, day)
        return tuple(found.values())

    def clean(self) -> dict[str, Any]:
        """Who may be drawn has a certificate; it does not end before it starts."""
        cleaned = super().clean() or {}
        if not cleaned.get("assistant") and not cleaned.get("certificate_number"):
            self.add_error("certificate_number", _("没有执法证号的人员不能抽取。请补上，或勾选“辅助人员”"))
        starts, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        if starts and ends and ends < starts:
            self.add_error("valid_to", _("执法证有效期的止期早于起期，请核对"))
        if cleaned.get("trained_on") and not cleaned.get("trained"):
            self.add_error("trained", _("填了培训日期，请勾选“已培训”，或清空日期"))
        return cleaned


class Absence(forms.Form):
    """The days on which an inspector is away; the last one is entered as people say it, inclusive."""

    kind = forms.ChoiceField(label=_("类别"))
    first = forms.DateField(label=_("开始日期"), widget=widgets.DateInput)
    last = forms.DateField(label=_("结束日期（含当日）"), widget=widgets.DateInput)
    reason = forms.CharField(label=_("事由"), max_length=40, help_text=_("如：病假、借调县专班、党校学习"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", staff.absence_kinds())

    def clean(self) -> dict[str, Any]:
        """An absence does not end before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期不能早于开始日期"))
        return cleaned

    @property
    def ends_on(self) -> dt.date:
        """The first day back: periods are half-open."""
        last: dt.date = self.cleaned_data["last"]
        return last + dt.timedelta(1)


class Back(forms.Form):
    """The day on which an inspector is back at work."""

    back_on = forms.DateField(
        label=_("返岗日期"),
        widget=widgets.DateInput,
        help_text=_("填开始日期或更早，这条缺勤即作废；可以晚于原定日期"),
    )


class Reason(forms.Form):
    """Why a relation no longer holds."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class Helper(forms.Form):
    """An assistant or expert for a task, and what for."""

    inspector = forms.ChoiceField(label=_("辅助人员或专家"))
    work = forms.CharField(label=_("协助内容"), max_length=60, help_text=_("如：电梯技术检验、记录、摄像"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "inspector", [("", _("请选择")), *people])
