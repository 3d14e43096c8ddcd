"""The filter bar of the target directory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from fairdraw.registers import tags as tag_names
from fairdraw.registers.selectors import TargetFilter

Choices = Sequence[tuple[str, Any]]
ALL: Choices = [("", _("全部"))]
_SELECTED = mark_safe(" selected")


class QuickSelect(forms.Select):
    """A select written without a template for each option: the directory's filter bar has a hundred of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The control with its options; no groups."""
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        chosen = {str(v) for v in self.format_value(value)}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((v, _SELECTED if str(v) in chosen else "", label) for v, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt(given), options)


class TargetSearch(forms.Form):
    """By name or code, kind, status, station, class, tag, town."""

    text = forms.CharField(label=_("名称或代码"), required=False, max_length=100)
    kind = forms.ChoiceField(widget=QuickSelect, label=_("类别"), required=False)
    credit_class = forms.ChoiceField(widget=QuickSelect, label=_("信用风险"), required=False)
    station = forms.ChoiceField(widget=QuickSelect, label=_("市场监管所"), required=False)
    status = forms.ChoiceField(widget=QuickSelect, label=_("登记状态"), required=False)
    town = forms.ChoiceField(widget=QuickSelect, label=_("乡镇"), required=False)
    listed = forms.ChoiceField(
        widget=QuickSelect,
        label=_("名录标记"),
        required=False,
        choices=[*ALL, ("abnormal", _("经营异常")), ("serious", _("严重违法失信"))],
    )
    food_grade = forms.ChoiceField(
        widget=QuickSelect, label=_("食品风险"), required=False, choices=[*ALL, *((c, c) for c in "ABCD")]
    )
    stale = forms.ChoiceField(
        widget=QuickSelect, label=_("分类时效"), required=False, choices=[*ALL, ("1", _("已过期"))]
    )
    tag = forms.RegexField(
        label=_("监管标签"),
        required=False,
        regex=r"^[^\s,，、;；]{1,40}$",
        error_messages={"invalid": _("只写一个标签，不带空格和逗号")},
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
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*ALL, *choices]

    def asked(self, order: str, *, stale_before: dt.date) -> TargetFilter:
        """What is asked for; a field with a mistake asks for nothing. Older classes than *stale_before* are stale."""
        self.is_valid()  # what is wrong stays out of cleaned_data
        given = self.cleaned_data if self.is_bound else {}
        return TargetFilter(
            text=given.get("text", ""),
            kind=given.get("kind", ""),
            status=given.get("status", ""),
            station=given.get("station", ""),
            credit_class=given.get("credit_class", ""),
            tag=tag_names.code(given.get("tag", "")),
            town=given.get("town", ""),
            listed=given.get("listed", ""),
            food_grade=given.get("food_grade", ""),
            stale_before=stale_before.isoformat() if given.get("stale") else "",
            order=order,
        )
