"""What is typed when an item of the list changes or ends (抽查事项变更、停用)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import SCAN_BYTES, offer
from fairdraw.registers import basis, point_lines
from fairdraw.registers import tags as tag_names
from fairdraw.registers.entries import CheckPoint, ItemEntry
from fairdraw.registers.models import BasisType, ItemVersion, TargetKind
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
ORDER = (
    "name",
    "item_class",
    "limit",
    *TEXTS[:4],
    "basis_type",
    *TEXTS[4:6],
    "kinds",
    "tags",
    *TEXTS[6:],
    "points",
    "guide_document",
    "guide_off",
    "results",
    "measures",
    "starts_on",
    "reason",
)
GUIDE_ENDINGS = ["pdf", "doc", "docx", "jpg", "jpeg", "png"]
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
    basis_type = forms.ChoiceField(
        label=_("依据类型"),
        required=False,
        choices=[("", _("按抽查依据判断")), *BasisType.choices],
        help_text=_("依据的名称看不出类型时，请在此选择"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("适用的对象类别"),
        required=False,
        choices=TargetKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即适用于所有类别"),
    )
    results = forms.MultipleChoiceField(
        label=_("可用的检查结果"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即全部可用；注销、迁出等对象状况总是可用"),
    )
    measures = forms.MultipleChoiceField(
        label=_("可用的后续处置"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即全部可用；“无需后续处置”总是可用"),
    )
    points = forms.CharField(
        label=_("检查要点"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一条，用“|”分开：问什么|怎样查|依据|留什么证据|重点；后四项可空"),
    )
    guide_document = forms.FileField(
        label=_("检查指引文件"),
        required=False,
        widget=widgets.FileDrop(",".join(f".{ending}" for ending in GUIDE_ENDINGS)),
        validators=[FileExtensionValidator(GUIDE_ENDINGS, _("请选择 pdf、Word、jpg 或 png 文件"))],
        help_text=_("pdf、doc、docx、jpg、png，不超过20兆；不选则保留原来的文件"),
    )
    guide_off = forms.BooleanField(label=_("撤去原来的指引文件"), required=False)
    tags = forms.CharField(
        label=_("适用的监管标签"), required=False, max_length=200, help_text=_("用顿号分开")
    )
    starts_on = forms.DateField(label=_("生效日期"), widget=widgets.DateInput)
    reason = forms.CharField(label=_("变更原因"), max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        version: ItemVersion,
        labels: dict[str, str],
        outcomes: dict[str, list[tuple[str, str]]],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        for name in TEXTS:
            widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else None
            limit = LIMITS.get(name, 4000)
            self.fields[name] = forms.CharField(
                label=labels[name], required=False, max_length=limit, widget=widget
            )
        for name, choices in outcomes.items():
            held_too = [(code, code) for code in getattr(version, name) if code not in dict(choices)]
            offer(self, name, [*choices, *held_too])
        if not version.guide_file_id:
            del self.fields["guide_off"]
        self.order_fields(ORDER)
        said = (*TEXTS, "name", "item_class", "basis_type", "results", "measures")
        held = {name: getattr(version, name) for name in said}
        self.initial = held | {
            "limit": None
            if version.ratio_limit is None
            else format((version.ratio_limit * 100).normalize(), "f"),
            "points": point_lines.lines(
                replace(CheckPoint.from_json(point), note="") for point in version.points
            ),
            "tags": tag_names.said(unpack_tags(version.tags)),
            "kinds": unpack_tags(version.kinds),
            "starts_on": max(today, version.starts_on),
        }

    def clean_guide_document(self) -> Any:
        """Not larger than a printer makes it."""
        given = self.cleaned_data["guide_document"]
        if given and given.size > SCAN_BYTES:
            raise forms.ValidationError(_("文件超过20兆，请压缩后再传"))
        return given

    def entry(self, *, guide_file: str = "") -> ItemEntry:
        """What was typed, with what this form does not show as it is held; *guide_file* is the hash of a new guide."""
        given, held = self.cleaned_data, self.version
        notes = {point.get("question"): point.get("note", "") for point in held.points}
        return ItemEntry(
            code=held.item.code,
            name=given["name"],
            item_class=given["item_class"],
            ratio_limit=None if given["limit"] is None else given["limit"] / 100,
            points=tuple(
                replace(point, note=notes.get(point.question, ""))
                for point in point_lines.points(given["points"].replace("｜", "|"))
            ),
            tags=tuple(tag_names.code(word) for word in given["tags"].split("、") if word.strip()),
            basis_type=self._basis_type(),
            kinds=tuple(given["kinds"]),
            results=tuple(given["results"]),
            measures=tuple(given["measures"]),
            guide_file=guide_file or ("" if given.get("guide_off") else held.guide_file_id or ""),
            invented=held.invented,
            **{name: given[name] for name in TEXTS},
        )

    def _basis_type(self) -> str:
        """What was chosen; of a basis that reads otherwise now, what its titles say unless another was chosen."""
        given, held = self.cleaned_data, self.version
        chosen: str = given["basis_type"]
        if chosen == held.basis_type and given["legal_basis"] != held.legal_basis:
            return basis.strongest(given["legal_basis"]) or chosen
        return chosen


class AddItem(EditItem):
    """An item that the list does not hold yet; it waits to be confirmed."""

    code = forms.RegexField(
        r"^[^/]+$",
        label=_("编号"),
        required=False,
        max_length=40,
        help_text=_("不填由系统编号"),
        error_messages={"invalid": _("编号里不能有“/”，请改用“-”")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        self.order_fields(["code", *ORDER])

    def entry(self, *, guide_file: str = "") -> ItemEntry:
        """What was typed."""
        return replace(super().entry(guide_file=guide_file), code=self.cleaned_data["code"])


class IssueList(forms.Form):
    """With which document the list is issued, and when."""

    document_number = forms.CharField(label=_("文号"), max_length=60, help_text=_("如 演市监〔2026〕9号"))
    issued_on = forms.DateField(label=_("公布日期"), widget=widgets.DateInput)


class WithdrawItem(forms.Form):
    """Why an item is taken off the public list."""

    reason = forms.CharField(label=_("撤下原因"), max_length=300)


class EndItem(forms.Form):
    """From which day an item ends, and why."""

    ends_on = forms.DateField(label=_("停用日期"), widget=widgets.DateInput)
    reason = forms.CharField(label=_("停用原因"), max_length=300)
