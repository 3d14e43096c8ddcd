"""What is typed when a file is imported (导入): the file, where its header stands, what its columns are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import ALL, Choices, offer
from fairdraw.exchange.mapping import ColumnSeen, Field, Look
from fairdraw.exchange.uploads import MOST_BYTES
from fairdraw.ui import widgets

LEFT_OUT = "-"


class Upload(forms.Form):
    """The file, and what it holds."""

    kind = forms.ChoiceField(label=_("导入什么"))
    file = forms.FileField(
        label=_("文件"),
        max_length=200,
        help_text=_(
            "csv、xlsx、xls、ods 等表格，最大 50 MB；更大的文件请由管理员用 fairdraw import 命令导入"
        ),
    )

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [("", _("请选择")), *kinds])

    def clean_file(self) -> Any:
        """Not larger than what is taken."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(
                _("文件超过 50 MB，请拆成几个文件，或由管理员用 fairdraw import 命令导入")
            )
        return sent


class Where(forms.Form):
    """Which sheet is read, and in which row its header stands."""

    sheet = forms.ChoiceField(label=_("工作表"), required=False)
    header_row = forms.IntegerField(
        label=_("表头在第几行"), required=False, min_value=1, max_value=60, help_text=_("不填则自动查找")
    )

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "sheet", [("", _("第一张有内容的")), *((name, name) for name in sheets)])


class Columns(forms.Form):
    """The field of every column, what the file does not say, and whether to remember the columns."""

    remember = forms.BooleanField(
        label=_("记住这份列对照，下次遇到同样的表头自动套用"), required=False, initial=True
    )
    source = forms.CharField(
        label=_("来源"),
        required=False,
        max_length=100,
        help_text=_("写进日志，如发文单位和文号；默认为文件名"),
    )
    year = forms.IntegerField(label=_("计划年度"), required=False, min_value=2000, max_value=2100)
    title = forms.CharField(label=_("计划标题"), required=False, max_length=200)
    edition = forms.CharField(label=_("期次"), required=False, max_length=40)
    computed_on = forms.DateField(
        label=_("计算日期"),
        required=False,
        widget=widgets.DateInput,
        help_text=_("文件里有日期列的不用填"),
    )

    def __init__(
        self, *args: Any, look: Look, fields: Sequence[Field], options: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("year", "title", "edition", "computed_on"):
            if name not in options:
                del self.fields[name]
        choices: Choices = [
            (LEFT_OUT, _("（不用这一列）")),
            *((field.code, f"{field.label}{_('（必需）') if field.needed else ''}") for field in fields),
        ]
        self._columns: list[tuple[str, ColumnSeen]] = []
        for number, column in enumerate(look.columns):
            name = f"column{number}"
            self._columns.append((name, column))
            self.fields[name] = forms.ChoiceField(
                label=column.name, choices=choices, initial=column.field or LEFT_OUT
            )
            self.fields[name].widget.attrs["aria-label"] = column.name

    @property
    def lines(self) -> list[tuple[ColumnSeen, Any]]:
        """Each column of the file with its control."""
        return [(column, self[name]) for name, column in self._columns]

    @property
    def others(self) -> list[Any]:
        """The controls that are no columns."""
        return [self[name] for name in self.fields if not name.startswith("column")]

    @property
    def said(self) -> dict[str, str]:
        """The field of each column as it is chosen; empty text leaves the column out."""
        chosen = {column.name: self.cleaned_data[name] for name, column in self._columns}
        return {column: "" if field == LEFT_OUT else field for column, field in chosen.items()}

    @property
    def given(self) -> dict[str, Any]:
        """What the file does not say, as plain values."""
        names = [name for name in self.fields if not name.startswith("column") and name != "remember"]
        return {name: _plain(self.cleaned_data.get(name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


class ReportFilter(forms.Form):
    """The filter bar of a report."""

    level = forms.ChoiceField(
        label=_("程度"), required=False, choices=[*ALL, ("refused", _("错误")), ("caution", _("提醒"))]
    )
    column = forms.ChoiceField(label=_("列"), required=False)
    text = forms.CharField(label=_("说明中含有"), required=False, max_length=100)

    def __init__(self, *args: Any, columns: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "column", [*ALL, *((name, name) for name in columns)])
