"""What the public types: a search (查询)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _


class Titled(Protocol):
    """A notice as the list of tasks needs it."""

    reference: str
    title: str


class ResultSearch(forms.Form):
    """By name, code or number, and by task."""

    q = forms.CharField(label=_("名称、代码或编号"), required=False, max_length=100)
    task = forms.ChoiceField(label=_("抽查任务"), required=False)

    def __init__(self, query: Mapping[str, Any], *, tasks: Iterable[Titled]) -> None:
        super().__init__(query, auto_id="results_%s")
        choices = [(t.reference, f"{t.reference} {t.title}") for t in tasks]
        field = self.fields["task"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部任务")), *choices]
