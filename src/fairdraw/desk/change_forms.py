"""What is typed on the pages that come after the draw (变更、公告、外部名单、存证), cleaned into plain values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import Choices, offer


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
