"""What is typed on the pages that come after the draw (变更、公告、存证), cleaned into plain values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import Choices, offer
from fairdraw.ui import widgets


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
