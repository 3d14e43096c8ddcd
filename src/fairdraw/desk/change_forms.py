"""What is typed on the pages that come after the draw (变更、公告、外部名单、存证), cleaned into plain values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import Choices, offer
from fairdraw.ui import widgets

LIST_BYTES = 20 * 1024 * 1024
LIST_ENDINGS = ["csv", "txt", "xlsx", "xls", "ods"]


class ReplaceTarget(forms.Form):
    """Why a drawn target leaves its task: what the approver has verified."""

    reason = forms.ChoiceField(label=_("核实的原因"))

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reason", [("", _("请选择")), *reasons])


class RelieveInspector(forms.Form):
    """Who leaves a team, and why."""

    inspector = forms.ChoiceField(label=_("离开的检查人员"))
    reason = forms.ChoiceField(label=_("原因"))

    def __init__(self, *args: Any, inspectors: Choices, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "inspector", [("", _("请选择")), *inspectors])
        offer(self, "reason", [("", _("请选择")), *reasons])


class Interest(forms.Form):
    """A relation between an inspector and a target, which keeps the one away from the other."""

    target = forms.CharField(
        label=_("检查对象"), max_length=200, help_text=_("统一社会信用代码、抽取编码或完整名称")
    )
    reason = forms.CharField(
        label=_("利害关系"),
        max_length=60,
        help_text=_("如：本人或近亲属投资、任职；不写身份证号码等个人信息"),
    )


class TakeOff(forms.Form):
    """Why a published result is taken off, or no longer shown."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class Announce(forms.Form):
    """Why a notice is published anew; the first version needs no reason."""

    reason = forms.CharField(label=_("调整原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]


class ReceivedList(forms.Form):
    """A list of targets that was drawn elsewhere, and where it comes from."""

    file = forms.FileField(
        label=_("名单文件"),
        widget=widgets.FileDrop(",".join(f".{ending}" for ending in LIST_ENDINGS)),
        validators=[FileExtensionValidator(LIST_ENDINGS, _("请选择 csv、xlsx、xls 或 ods 文件"))],
        help_text=_("csv、xlsx、xls、ods，至少有企业名称或统一社会信用代码一列，不超过20兆"),
    )
    drawn_by = forms.CharField(label=_("抽取机关"), max_length=100)
    document_number = forms.CharField(label=_("文号或平台任务编号"), max_length=60)
    drawn_on = forms.DateField(label=_("抽取日期"), widget=widgets.DateInput)

    def __init__(self, *args: Any, kept: bool, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if kept:
            del self.fields["file"]

    def clean_file(self) -> Any:
        """Of a size that is a list."""
        found = self.cleaned_data["file"]
        if found.size > LIST_BYTES:
            raise forms.ValidationError(_("文件超过20兆，请核对是否选错文件"))
        return found

    def clean_drawn_on(self) -> dt.date:
        """Not in the future."""
        day: dt.date = self.cleaned_data["drawn_on"]
        if day > self.today:
            raise forms.ValidationError(_("抽取日期不能晚于今天"))
        return day


class OpenedDeposit(forms.Form):
    """What the custodian decrypted out of the deposit of the server's share: as a file, or pasted."""

    file = forms.FileField(
        label=_("解开的文件"), required=False, widget=widgets.FileDrop(), help_text=_("age -d 得到的文件")
    )
    text = forms.CharField(
        label=_("或粘贴内容"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("把 age -d 得到的文字整段粘贴在这里"),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("text"):
            self.add_error("file", _("请选择解开的文件，或粘贴其内容"))
        return cleaned

    @property
    def content(self) -> bytes:
        """The text byte for byte as it was deposited, whatever a screen made of its line ends."""
        sent = self.cleaned_data["file"]
        data = sent.read(1000) if sent else self.cleaned_data["text"].encode()
        return data.replace(b"\r\n", b"\n").strip() + b"\n"


class Member(forms.Form):
    """Whose place in a draw is asked for."""

    target = forms.CharField(
        label=_("检查对象"), max_length=200, help_text=_("统一社会信用代码、抽取编码或完整名称")
    )
