"""The filter bar of the target directory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.registers.selectors import TargetFilter

Choices = Sequence[tuple[str, Any]]
ALL: Choices = [("", _("全部"))]


class TargetSearch(forms.Form):
    """By name or code, kind, status, station, class, tag, town."""

    text = forms.CharField(label=_("名称或代码"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    credit_class = forms.ChoiceField(label=_("信用风险"), required=False)
    station = forms.ChoiceField(label=_("市场监管所"), required=False)
    status = forms.ChoiceField(label=_("登记状态"), required=False)
    town = forms.ChoiceField(label=_("乡镇"), required=False)
    tag = forms.RegexField(
        label=_("监管标签代码"),
        required=False,
        regex=r"^[0-9A-Za-z_.-]{1,40}$",
        error_messages={"invalid": _("标签由字母、数字和下划线组成")},
    )

    def __init__(
        self,
        *args: Any,
        kinds: Choices,
        statuses: Choices,
        stations: Choices,
        classes: Choices,
        towns: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("kind", kinds),
            ("status", statuses),
            ("station", stations),
            ("credit_class", classes),
            ("town", towns),
        ):
            self.fields[name].choices = [*ALL, *choices]

    def asked(self, order: str) -> TargetFilter:
        """What is asked for; a field with a mistake asks for nothing."""
        self.is_valid()  # what is wrong stays out of cleaned_data
        given = self.cleaned_data if self.is_bound else {}
        return TargetFilter(
            text=given.get("text", ""),
            kind=given.get("kind", ""),
            status=given.get("status", ""),
            station=given.get("station", ""),
            credit_class=given.get("credit_class", ""),
            tag=given.get("tag", ""),
            town=given.get("town", ""),
            order=order,
        )
