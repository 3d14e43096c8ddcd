"""What is typed when units change within the year (单位撤并、辖区调整、任务移交)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import Choices, offer


def _document() -> forms.CharField:
    """What a change of units rests on."""
    return forms.CharField(
        label=_("依据文件或理由"), max_length=100, help_text=_("如：某县委编办〔2026〕5号")
    )


def _many(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = list(choices)


class Merge(forms.Form):
    """Which unit is taken over, and by which."""

    unit = forms.ChoiceField(label=_("撤并的单位"))
    into = forms.ChoiceField(label=_("并入"))
    document = _document()

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", [("", _("请选择")), *units])
        offer(self, "into", [("", _("请选择")), *units])

    def clean(self) -> dict[str, Any]:
        """Not into itself."""
        cleaned = super().clean() or {}
        if cleaned.get("unit") and cleaned.get("unit") == cleaned.get("into"):
            self.add_error("into", _("不能并入自己"))
        return cleaned


class HandOverTasks(forms.Form):
    """Which tasks go to which unit."""

    tasks = forms.MultipleChoiceField(label=_("移交的任务"), widget=forms.CheckboxSelectMultiple)
    to = forms.ChoiceField(label=_("移交给"))
    document = _document()

    def __init__(self, *args: Any, tasks: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _many(self, "tasks", tasks)
        offer(self, "to", [("", _("请选择")), *units])


class HandOverTowns(forms.Form):
    """Which towns of a station go to which other station."""

    towns = forms.MultipleChoiceField(label=_("调整的乡镇"), widget=forms.CheckboxSelectMultiple)
    to = forms.ChoiceField(label=_("改由哪个所管辖"))
    document = _document()

    def __init__(self, *args: Any, towns: Choices, stations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _many(self, "towns", towns)
        offer(self, "to", [("", _("请选择")), *stations])
