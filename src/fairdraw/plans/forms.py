"""The filter bar of the plan's rows."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PlanFilter(forms.Form):
    """By words, and by what became of the rows."""

    text = forms.CharField(label=_("任务、事项或股室"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("held", _("暂缓")), ("tasked", _("已建立任务")), ("amended", _("有调整"))],
    )
