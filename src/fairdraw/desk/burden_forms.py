"""What is typed about merging, special campaigns and days without visits, cleaned into plain values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.burden.entries import BlackoutEntry, CampaignEntry
from fairdraw.desk.forms import Choices, offer
from fairdraw.registers import tags as tag_names
from fairdraw.ui import widgets

ANSWERS = [("", _("请选择")), ("yes", _("采纳：合并检查")), ("no", _("不采纳"))]


class AnswerMerge(forms.Form):
    """Whether two tasks are checked together, who leads, and why."""

    answer = forms.ChoiceField(label=_("答复"), choices=ANSWERS)
    lead = forms.ChoiceField(
        label=_("牵头单位"), required=False, help_text=_("由牵头单位发起抽取；不采纳的不必选")
    )
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("留痕，可查")
    )

    def __init__(self, *args: Any, leads: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lead", [("", _("请选择")), *leads])


class _Days(forms.Form):
    """From a day to a day."""

    name = forms.CharField(label=_("名称"), max_length=100)
    starts_on = forms.DateField(label=_("开始日期"), widget=widgets.DateInput)
    ends_on = forms.DateField(label=_("结束日期"), widget=widgets.DateInput)

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("结束日期不能早于开始日期"))
        return cleaned


class RegisterCampaign(_Days):
    """A special campaign with its approval."""

    organised_by = forms.CharField(label=_("组织单位"), max_length=100)
    document_number = forms.CharField(label=_("批准文号"), max_length=60)
    approved_by = forms.CharField(
        label=_("批准机关"), max_length=100, help_text=_("专项检查计划须经县级以上政府或上一级机关批准")
    )
    approved_on = forms.DateField(label=_("批准日期"), widget=widgets.DateInput)
    items = forms.MultipleChoiceField(
        label=_("抽查事项"), help_text=_("可多选"), widget=forms.SelectMultiple(attrs={"size": 8})
    )
    scope_text = forms.CharField(label=_("检查范围"), max_length=400, required=False)

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "items", items)

    def entry(self) -> CampaignEntry:
        """What was typed."""
        given = dict(self.cleaned_data)
        return CampaignEntry(**given | {"items": tuple(given["items"])})


class EnterBlackout(_Days):
    """Days without visits; what is left empty does not narrow it."""

    reason = forms.CharField(label=_("依据或原因"), max_length=200)
    industry = forms.CharField(
        label=_("行业代码"), max_length=8, required=False, help_text=_("国民经济行业代码的开头几位，如 P83")
    )
    tag = forms.CharField(label=_("监管标签"), max_length=40, required=False)
    station = forms.ChoiceField(label=_("市场监管所"), required=False)
    town = forms.CharField(label=_("乡镇"), max_length=40, required=False)

    def __init__(self, *args: Any, stations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "station", [("", _("全县")), *stations])

    def entry(self) -> BlackoutEntry:
        """What was typed."""
        return BlackoutEntry(**self.cleaned_data | {"tag": tag_names.code(self.cleaned_data["tag"])})


class Withdraw(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("撤销原因"), max_length=200)
