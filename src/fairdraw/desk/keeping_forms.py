"""What is typed when the item list and the year's base are kept (事项确认、登记基数)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.desk import keeping
from fairdraw.desk.forms import ALL
from fairdraw.registers.models import BasisType
from fairdraw.ui import widgets

LIMIT_HELP = _("一般检查事项必填：最多抽取检查对象的百分之几；重点检查事项可不填")


class ItemFilter(forms.Form):
    """The filter bar of the item list."""

    text = forms.CharField(label=_("名称或编号"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ALL, *keeping.STATES])
    kind = forms.ChoiceField(label=_("事项类型"), required=False, choices=[*ALL, *keeping.CLASSES])
    section = forms.CharField(label=_("责任股室"), required=False, max_length=60)
    lacking = forms.ChoiceField(label=_("缺少"), required=False, choices=[*ALL, *keeping.LACKING])


class ConfirmItems(forms.Form):
    """Kind and limit of items that wait; the basis is what their file gave."""

    item_class = forms.ChoiceField(label=_("事项类型"), choices=[("", _("请选择")), *keeping.CLASSES])
    limit = forms.DecimalField(
        label=_("比例上限（%）"),
        required=False,
        min_value=Decimal("0.0001"),
        max_value=100,
        help_text=LIMIT_HELP,
    )

    def clean(self) -> dict[str, Any]:
        """A general item has its limit."""
        cleaned = super().clean() or {}
        if cleaned.get("item_class") == "general" and cleaned.get("limit") is None and not self.errors:
            self.add_error("limit", _("一般检查事项请填写比例上限"))
        return cleaned

    @property
    def ratio_limit(self) -> Decimal | None:
        """The limit as a fraction of 1."""
        limit: Decimal | None = self.cleaned_data.get("limit")
        return None if limit is None else limit / 100


class ConfirmItem(ConfirmItems):
    """Kind, limit and basis of one item."""

    legal_basis = forms.CharField(
        label=_("抽查依据"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    basis_type = forms.ChoiceField(
        label=_("依据类型"), required=False, choices=[("", _("按抽查依据判断")), *BasisType.choices]
    )


class Base(forms.Form):
    """The documented number of enterprises at the end of last year."""

    count = forms.IntegerField(label=_("企业实有数（户）"), min_value=1, max_value=10_000_000)
    source = forms.CharField(label=_("出自的文件"), max_length=200, help_text=_("文件名称或文号"))
    dated_on = forms.DateField(label=_("统计时点"), widget=widgets.DateInput)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["dated_on"] = dt.date(year - 1, 12, 31)
