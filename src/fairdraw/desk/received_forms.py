"""What is typed when a list from elsewhere is received (接收外部名单): the file, where it comes from, what its columns are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.importing_forms import LEFT_OUT, Where
from fairdraw.draws.receiving import Origin
from fairdraw.exchange.mapping import ColumnSeen, Field, Look
from fairdraw.ui import widgets

LIST_BYTES = 20 * 1024 * 1024
LIST_ENDINGS = ["csv", "txt", "xlsx", "xls", "ods", "docx", "htm", "html", "xml", "et"]
__all__ = ["Where"]


class Given(forms.Form):
    """A list of targets that was drawn elsewhere, and where it comes from."""

    file = forms.FileField(
        label=_("名单文件"),
        widget=widgets.FileDrop(",".join(f".{ending}" for ending in LIST_ENDINGS)),
        validators=[FileExtensionValidator(LIST_ENDINGS, _("请选择 Excel、Word、csv 等表格文件"))],
        help_text=_("xlsx、xls、docx、csv、ods 等，只有名称一列也可以，不超过20兆"),
    )
    drawn_by = forms.CharField(label=_("抽取机关"), max_length=100)
    division = forms.CharField(
        label=_("派发处室"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "city-divisions"}),
        help_text=_("如：市局广告监管处；按对照表提示承办股室"),
    )
    document_title = forms.CharField(label=_("文件名称"), max_length=200, required=False)
    document_number = forms.CharField(label=_("文号或平台任务编号"), max_length=60)
    drawn_on = forms.DateField(label=_("抽取日期"), widget=widgets.DateInput)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_file(self) -> Any:
        """Of a size that is a list."""
        found = self.cleaned_data["file"]
        if found.size > LIST_BYTES:
            raise forms.ValidationError(gettext("文件超过20兆，请核对是否选错文件"))
        return found

    def clean_drawn_on(self) -> dt.date:
        """Not in the future."""
        day: dt.date = self.cleaned_data["drawn_on"]
        if day > self.today:
            raise forms.ValidationError(gettext("抽取日期不能晚于今天"))
        return day

    @property
    def origin(self) -> Origin:
        """Where the list comes from."""
        names = ("drawn_by", "document_number", "drawn_on", "division", "document_title")
        return Origin(**{name: self.cleaned_data[name] for name in names})


class ListColumns(forms.Form):
    """The field of every column of a list, and whether to remember the columns."""

    remember = forms.BooleanField(
        label=_("记住这份列对照，下次遇到同样的表头自动套用"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, look: Look, fields: Sequence[Field], headless: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if headless:
            del self.fields["remember"]
        choices = [(LEFT_OUT, _("（不用这一列）")), *((field.code, field.label) for field in fields)]
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
    def said(self) -> dict[str, str]:
        """The field of each column as it is chosen; empty text leaves the column out."""
        chosen = {column.name: self.cleaned_data[name] for name, column in self._columns}
        return {column: "" if field == LEFT_OUT else field for column, field in chosen.items()}
