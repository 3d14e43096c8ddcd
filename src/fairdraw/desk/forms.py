"""What is typed on the pages that join several stages, cleaned into plain values."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from fairdraw.ui import widgets

Choices = Sequence[tuple[str, Any]]
NONE_NEEDED = "none_needed"
SCAN_BYTES = 20 * 1024 * 1024
ALL: Choices = [("", _("全部"))]


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give the field *name* its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def unpacked(text: str) -> bytes | None:
    """What a device sent in base64; ``None`` where it sent nothing."""
    try:
        return base64.b64decode(text, validate=True) or None
    except ValueError as error:
        raise forms.ValidationError(_("信封的形式不对，请刷新页面后重试")) from error


class PrepareDraw(forms.Form):
    """Who supervises a draw, and who witnesses it."""

    supervisor = forms.ChoiceField(label=_("监督人（另一股室）"))
    witness = forms.ChoiceField(label=_("见证人"), required=False)

    def __init__(self, *args: Any, supervisors: Choices, witnesses: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "supervisor", list(supervisors))
        self.fields["supervisor"].error_messages["required"] = _("请选择另一股室的监督人")
        if witnesses:
            offer(self, "witness", list(witnesses))
            self.fields["witness"].required = True
        else:
            del self.fields["witness"]


class Supervise(forms.Form):
    """The supervisor's word that screen and signed sheet agree."""

    compared = forms.BooleanField(
        label=_("核对码与签字的审批表一致"),
        error_messages={"required": _("请先核对审批表上的核对码，一致的打勾")},
    )
    commitment = forms.RegexField(regex=r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    envelope = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_envelope(self) -> bytes | None:
        """The envelope as bytes."""
        return unpacked(self.cleaned_data["envelope"])


class Commit(forms.Form):
    """What a device locked in; empty where the server makes the share for it."""

    commitment = forms.RegexField(regex=r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    envelope = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_envelope(self) -> bytes | None:
        """The envelope as bytes."""
        return unpacked(self.cleaned_data["envelope"])


class Reveal(forms.Form):
    """What a device opens; empty where the share lies in this device's cookie."""

    salt = forms.RegexField(regex=r"^[0-9a-f]{32}$", required=False)
    share = forms.RegexField(regex=r"^[0-9A-Za-z._:+=/-]{16,128}$", required=False)


class Number(forms.Form):
    """The ball numbers, read out and typed by two people one after the other."""

    first = forms.RegexField(
        label=_("第一遍（监督人录入）"),
        regex=r"^[0-9]{20,200}$",
        error_messages={"invalid": _("请录入20个以上数字，不含空格")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("录入后不显示，请见证人看着号码球独立录入第二遍"),
    )
    second = forms.RegexField(
        label=_("第二遍（见证人录入）"),
        regex=r"^[0-9]{20,200}$",
        error_messages={"invalid": _("请录入20个以上数字，不含空格")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both agree."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("first"), cleaned.get("second")
        if first and second and first != second:
            self.add_error("second", _("两遍录入不一致，请对照号码球重新录入"))
        return cleaned


class EndDraw(forms.Form):
    """Why a draw is given up, and the second person who agrees, at this screen."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    second = forms.CharField(
        label=_("第二人账号"),
        max_length=40,
        help_text=_("由另一位负责人或监督人在此输入本人的账号和密码"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("第二人密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class Envelope(forms.Form):
    """What the custodian read out of an envelope."""

    text = forms.CharField(
        label=_("信封内容"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("保管人用 age -d 打开信封，把得到的五行文字整段粘贴在这里"),
    )


class FailDraw(forms.Form):
    """Why a draw could not be completed."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class Record(forms.Form):
    """The record of one inspection (随机抽查情况记录)."""

    checked_on = forms.DateField(label=_("检查日期"), widget=widgets.DateInput)
    method = forms.ChoiceField(label=_("检查方式"))
    codes = forms.MultipleChoiceField(
        label=_("检查结果"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项检查结果")},
    )
    measure = forms.ChoiceField(
        label=_("处置措施"), required=False, help_text=_("未发现问题的可不选，按“无需后续处置”办理")
    )
    note = forms.CharField(
        label=_("情况说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("责令改正的，在这里或事项中写明发现的问题；检查日期早于任务开始日期的，写明原因"),
    )

    def __init__(
        self,
        *args: Any,
        codes: Choices,
        measures: Choices,
        methods: Choices,
        problems: frozenset[str],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.problems = today, problems
        offer(self, "codes", list(codes))
        offer(self, "measure", list(measures))
        offer(self, "method", list(methods))

    def clean_checked_on(self) -> dt.date:
        """Not in the future."""
        day: dt.date = self.cleaned_data["checked_on"]
        if day > self.today:
            raise forms.ValidationError(_("检查日期不能晚于今天"))
        return day

    def clean(self) -> dict[str, Any]:
        """A problem needs its measure; where none was found nothing has to follow."""
        cleaned = super().clean() or {}
        if cleaned.get("codes") and not cleaned.get("measure"):
            if self.problems & set(cleaned["codes"]):
                self.add_error("measure", _("发现问题的，请选择处置措施"))
            else:
                cleaned["measure"] = NONE_NEEDED
        return cleaned


class ItemRecord(forms.Form):
    """What was found for one item of the record form."""

    checked = forms.BooleanField(label=_("已检查"), required=False, initial=True)
    problem = forms.CharField(label=_("发现的问题"), required=False, max_length=400)
    handling = forms.CharField(label=_("现场处理"), required=False, max_length=200)


class Exclude(forms.Form):
    """Why a drawn target is not checked."""

    code = forms.ChoiceField(label=_("原因"))
    reason = forms.CharField(
        label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, codes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "code", [("", _("请选择")), *codes])


class Opinion(forms.Form):
    """A reviewer's word."""

    opinion = forms.CharField(label=_("审核意见"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnOpinion(forms.Form):
    """Why a record goes back."""

    opinion = forms.CharField(label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Receipt(forms.Form):
    """The receipt of the publicity system."""

    receipt = forms.CharField(
        label=_("公示系统回执编号"), max_length=100, help_text=_("没有回执的结果不算已公示")
    )


class CleanRecords(forms.Form):
    """The day and way on which targets without a problem were checked, for a batch."""

    checked_on = forms.DateField(label=_("检查日期"), widget=widgets.DateInput)
    method = forms.ChoiceField(label=_("检查方式"))

    def __init__(self, *args: Any, methods: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "method", list(methods))


class Nothing(forms.Form):
    """A confirmation without anything to type."""


class StartFollowUp(forms.Form):
    """The measure against a problem, and the number of its document."""

    measure = forms.ChoiceField(label=_("处置措施"))
    document = forms.CharField(label=_("文书或移送编号"), max_length=60)

    def __init__(self, *args: Any, measures: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "measure", [("", _("请选择")), *measures])


class CloseFollowUp(forms.Form):
    """How a problem came to its end."""

    how = forms.CharField(label=_("完结情况"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class Reason(forms.Form):
    """Why a task is given up."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class PaperApproval(forms.Form):
    """An approval signed on paper: who, when, the scan of the sheet."""

    signer = forms.CharField(label=_("签批人"), max_length=40)
    signed_on = forms.DateField(label=_("签批日期"), widget=widgets.DateInput)
    scan = forms.FileField(
        label=_("审批表扫描件"),
        widget=widgets.FileDrop(".pdf,.jpg,.jpeg,.png"),
        validators=[FileExtensionValidator(["pdf", "jpg", "jpeg", "png"], _("请选择 pdf、jpg 或 png 文件"))],
        help_text=_("pdf、jpg、png，不超过20兆"),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_signed_on(self) -> dt.date:
        """Not in the future."""
        day: dt.date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError(_("签批日期不能晚于今天"))
        return day

    def clean_scan(self) -> Any:
        """Of a size that can be kept."""
        scan = self.cleaned_data["scan"]
        if scan.size > SCAN_BYTES:
            raise forms.ValidationError(_("文件超过20兆，请压缩后再上传"))
        return scan


class InspectionFilter(forms.Form):
    """The filter bar of inspections."""

    text = forms.CharField(label=_("名称、代码或编号"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args: Any, states: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "state", [*ALL, *states])


class TaskFilter(forms.Form):
    """The filter bar of tasks."""

    text = forms.CharField(label=_("任务名称或编号"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)
    year = forms.ChoiceField(label=_("年度"), required=False)

    def __init__(self, *args: Any, states: Choices, years: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "state", [*ALL, *states])
        offer(self, "year", [*ALL, *years])
