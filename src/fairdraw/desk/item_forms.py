"""What is typed when an item of the list changes or ends (抽查事项变更、停用)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.registers.entries import CheckPoint, ItemEntry
from fairdraw.registers.rules import unpack_tags
from fairdraw.ui import widgets

TEXTS = (
    "list_number",
    "category",
    "content",
    "legal_basis",
    "level",
    "object_text",
    "ratio_text",
    "frequency",
    "method",
    "personnel",
    "qualification",
    "department",
    "guide",
    "remarks",
)
LIMITS = {"list_number": 20, "qualification": 40}
LONG = {"content", "legal_basis", "object_text", "guide", "remarks"}


class EditItem(forms.Form):
    """All that an item says; from which day, and why."""

    name = forms.CharField(label=_("抽查事项"), max_length=200)
    item_class = forms.ChoiceField(
        label=_("事项类型"),
        required=False,
        choices=[("", _("未写明")), ("key", _("重点检查事项")), ("general", _("一般检查事项"))],
    )
    limit = forms.DecimalField(
        label=_("比例上限（%）"), required=False, min_value=0.0001, max_value=100, max_digits=7
    )
    points = forms.CharField(
        label=_("检查要点"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一条，用“|”分开：问什么|怎样查|依据|留什么证据|重点；后四项可空"),
    )
    tags = forms.CharField(
        label=_("适用的监管标签"), required=False, max_length=200, help_text=_("用顿号分开")
    )
    starts_on = forms.DateField(label=_("生效日期"), widget=widgets.DateInput)
    reason = forms.CharField(label=_("变更原因"), max_length=300, required=False)

    def __init__(
        self, *args: Any, version: Any, labels: dict[str, str], today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        for name in TEXTS:
            widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else None
            limit = LIMITS.get(name, 4000)
            self.fields[name] = forms.CharField(
                label=labels[name], required=False, max_length=limit, widget=widget
            )
        self.order_fields(["name", "item_class", "limit", *TEXTS, "points", "tags", "starts_on", "reason"])
        held = {name: getattr(version, name) for name in (*TEXTS, "name", "item_class")}
        self.initial = held | {
            "limit": None if version.ratio_limit is None else (version.ratio_limit * 100).normalize(),
            "points": "\n".join(_line(CheckPoint.from_json(point)) for point in version.points),
            "tags": "、".join(unpack_tags(version.tags)),
            "starts_on": max(today, version.starts_on),
        }

    def entry(self) -> ItemEntry:
        """What was typed, with what this form does not show as it is held."""
        given, held = self.cleaned_data, self.version
        same_basis = given["legal_basis"] == held.legal_basis
        notes = {point.get("question"): point.get("note", "") for point in held.points}
        return ItemEntry(
            code=held.item.code,
            name=given["name"],
            item_class=given["item_class"],
            ratio_limit=None if given["limit"] is None else given["limit"] / 100,
            points=tuple(
                replace(point, note=notes.get(point.question, "")) for point in _points(given["points"])
            ),
            tags=tuple(word.strip() for word in given["tags"].split("、") if word.strip()),
            basis_type=held.basis_type if same_basis else "",
            kinds=unpack_tags(held.kinds),
            results=tuple(held.results),
            measures=tuple(held.measures),
            guide_file=held.guide_file_id or "",
            invented=held.invented,
            **{name: given[name] for name in TEXTS},
        )


def _line(point: CheckPoint) -> str:
    parts = [point.question, point.how, point.basis, point.evidence, str(_("重点")) if point.key else ""]
    return "|".join(parts).rstrip("|")


def _points(text: str) -> list[CheckPoint]:
    found = []
    for line in text.replace("｜", "|").splitlines():
        question, how, basis, evidence, key = [
            *(part.strip() for part in line.split("|")),
            "",
            "",
            "",
            "",
            "",
        ][:5]
        if question:
            found.append(CheckPoint(question, how=how, basis=basis, evidence=evidence, key=bool(key)))
    return found


class IssueList(forms.Form):
    """With which document the list is issued, and when."""

    document_number = forms.CharField(label=_("文号"), max_length=60, help_text=_("如 演市监〔2026〕9号"))
    issued_on = forms.DateField(label=_("公布日期"), widget=widgets.DateInput)


class EndItem(forms.Form):
    """From which day an item ends, and why."""

    ends_on = forms.DateField(label=_("停用日期"), widget=widgets.DateInput)
    reason = forms.CharField(label=_("停用原因"), max_length=300)
