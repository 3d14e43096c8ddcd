"""The filter bar of the target directory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from fairdraw.registers import tags as tag_names
from fairdraw.registers.listing import NO_LICENCE
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
    index_from = forms.DecimalField(label=_("风险指数不低于"), required=False, max_digits=8, decimal_places=2)
    index_to = forms.DecimalField(label=_("风险指数不高于"), required=False, max_digits=8, decimal_places=2)
    licence_kind = forms.ChoiceField(widget=QuickSelect, label=_("许可种类"), required=False)
    licence = forms.ChoiceField(
        widget=QuickSelect,
        label=_("许可时效"),
        required=False,
        choices=[
            *ALL,
            ("valid", _("有效")),
            ("expiring", _("90天内到期")),
            ("expired", _("已过期")),
            (NO_LICENCE, _("没有许可")),
        ],
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
        licence_kinds: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("kind", kinds),
            ("status", statuses),
            ("station", stations),
            ("credit_class", classes),
            ("town", towns),
            ("licence_kind", licence_kinds),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*ALL, *choices]

    def asked(self, order: str, *, stale_before: dt.date, on: dt.date) -> TargetFilter:
        """What is asked for *on* a day; a field with a mistake asks for nothing. Classes from before *stale_before* are stale."""
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
            index_from=_number(given.get("index_from")),
            index_to=_number(given.get("index_to")),
            licence_kind=given.get("licence_kind", ""),
            licence=given.get("licence", ""),
            licence_on=on.isoformat() if given.get("licence") else "",
            order=order,
        )


def _number(value: Decimal | None) -> str:
    return "" if value is None else str(value)
