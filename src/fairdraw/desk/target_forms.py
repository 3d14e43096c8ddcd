"""What is typed when one target is kept by hand (变更信息、变更所属、登记许可证), cleaned into plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairdraw.desk import ledger
from fairdraw.desk.forms import ALL, Choices, offer
from fairdraw.registers import tags as tag_names
from fairdraw.registers.models import TargetStatus
from fairdraw.registers.rules import CLASS_LABELS, pack_tags, unpack_tags
from fairdraw.ui import widgets

WORDS = re.compile(r"[\s、,，;；]+")
TOWN_CODE = r"^[0-9]{6,12}$"
REASON_HELP = _("写明文号或缘由，记入变更台账")


class ChangeTarget(forms.Form):
    """What the directory says of a target; classes are received, places moved: neither stands here."""

    name = forms.CharField(label=_("名称"), max_length=200)
    old_number = forms.CharField(label=_("注册号"), max_length=20, required=False)
    entity_type = forms.CharField(label=_("主体类型"), max_length=60, required=False)
    status = forms.ChoiceField(label=_("登记状态"), choices=TargetStatus.choices)
    registered_on = forms.DateField(label=_("成立日期"), required=False, widget=widgets.DateInput)
    address = forms.CharField(label=_("住所"), max_length=300, required=False)
    industry = forms.CharField(label=_("行业"), max_length=8, required=False)
    scope = forms.CharField(
        label=_("经营范围"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tags = forms.CharField(
        label=_("监管标签"),
        max_length=280,
        required=False,
        help_text=_("多项用顿号分开；登记在许可上的标签以许可的有效期为准"),
    )
    abnormal = forms.BooleanField(label=_("列入经营异常名录"), required=False)
    serious = forms.BooleanField(label=_("列入严重违法失信名单"), required=False)
    annual_report = forms.ChoiceField(
        label=_("年报"), required=False, choices=[("", "—"), ("filed", _("已报送")), ("missing", _("未报送"))]
    )
    food_grade = forms.ChoiceField(
        label=_("食品风险等级"),
        required=False,
        choices=[("", "—"), *((c, c) for c in "ABCD")],
        help_text=_("食品风险分级，不是信用风险分类"),
    )
    food_graded_on = forms.DateField(label=_("食品风险分级日期"), required=False, widget=widgets.DateInput)
    risk_index = forms.DecimalField(
        label=_("风险指数"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    risk_index_on = forms.DateField(label=_("风险指数日期"), required=False, widget=widgets.DateInput)
    risk_index_source = forms.CharField(label=_("风险指数来源"), max_length=60, required=False)
    reason = forms.CharField(label=_("变更理由或依据"), max_length=200, help_text=REASON_HELP)

    def clean_tags(self) -> str:
        """As they are stored: sorted, each once."""
        return pack_tags(tag_names.code(word) for word in WORDS.split(self.cleaned_data["tags"]))

    def clean(self) -> dict[str, Any]:
        """A grade or an index that is entered has its day, an index its source."""
        cleaned = super().clean() or {}
        changed = {*self.changed_data}
        for value, others in {
            "food_grade": ("food_graded_on",),
            "risk_index": ("risk_index_on", "risk_index_source"),
        }.items():
            for other in others if value in changed and cleaned.get(value) not in {None, ""} else ():
                if not cleaned.get(other) and other not in self.errors:
                    said = _("填了%(value)s，请写明%(other)s")
                    words = {"value": self.fields[value].label, "other": self.fields[other].label}
                    self.add_error(other, forms.ValidationError(said, params=words))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """New values by field of the directory."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def initial(target: Any) -> dict[str, Any]:
    """The values of a target as the form shows them."""
    held = {name: getattr(target, name) for name in ChangeTarget.base_fields if name != "reason"}
    return held | {"tags": tag_names.said(unpack_tags(target.tags))}


class MoveTarget(forms.Form):
    """Where a target belongs from a day on."""

    station = forms.ChoiceField(label=_("市场监管所"), required=False)
    town = forms.CharField(label=_("乡镇"), max_length=40, required=False)
    town_code = forms.RegexField(
        label=_("乡镇代码"),
        regex=TOWN_CODE,
        required=False,
        error_messages={"invalid": _("乡镇代码是6至12位数字，没有可以不填")},
    )
    on = forms.DateField(
        label=_("自哪一日起"), widget=widgets.DateInput, help_text=_("当日或以前；查以前的日期仍是原所属")
    )
    reason = forms.CharField(label=_("变更理由或依据"), max_length=180, help_text=REASON_HELP)

    def __init__(self, *args: Any, stations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "station", [("", _("不属于任何所")), *stations])


class EnterLicence(forms.Form):
    """A licence, new or renewed: it is known by its kind and number."""

    kind = forms.CharField(label=_("许可证名称"), max_length=60, help_text=_("如：食品经营许可证"))
    number = forms.CharField(label=_("许可证编号"), max_length=60)
    valid_from = forms.DateField(label=_("有效期自"), required=False, widget=widgets.DateInput)
    valid_to = forms.DateField(
        label=_("有效期至"), required=False, widget=widgets.DateInput, help_text=_("长期有效的不填")
    )
    issuer = forms.CharField(label=_("发证机关"), max_length=100, required=False)
    tag = forms.RegexField(
        label=_("监管标签"),
        regex=r"^[^\s,，、;；]{1,40}$",
        required=False,
        error_messages={"invalid": _("只写一个标签，不带空格和逗号")},
        help_text=_("许可有效期内，检查对象带有这个标签，按它抽取"),
    )
    reason = forms.CharField(label=_("登记依据"), max_length=100, help_text=_("如：许可证正本、许可系统导出"))

    def clean_tag(self) -> str:
        """The tag, typed by name or by code."""
        return tag_names.code(self.cleaned_data["tag"])


class ClassCounts(forms.Form):
    """How many targets there are of each class, and of a task how many were drawn, as a document says."""

    computed_on = forms.DateField(label=_("分类日期"), widget=widgets.DateInput)
    source = forms.CharField(
        label=_("出自的文件"), max_length=200, help_text=_("文号、平台任务单或统计页的名称")
    )

    def __init__(self, *args: Any, of_task: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, said in (("held", _("%(c)s：总户数")), ("drawn", _("%(c)s：抽取户数"))):
            for code, label in CLASS_LABELS.items() if of_task or part == "held" else ():
                words = {"c": gettext(label)}
                self.fields[f"{part}_{code}"] = forms.IntegerField(
                    label=said % words, min_value=0, max_value=10_000_000, required=False
                )
        self.order_fields([name for name in self.fields if name not in {"computed_on", "source"}])

    def _counts(self, part: str) -> Mapping[str, int]:
        found = {code: self.cleaned_data.get(f"{part}_{code}") for code in CLASS_LABELS}
        said = any(value is not None for value in found.values())
        return {code: value or 0 for code, value in found.items()} if said else {}

    @property
    def held(self) -> Mapping[str, int]:
        """Targets by class."""
        return self._counts("held")

    @property
    def drawn(self) -> Mapping[str, int]:
        """Drawn ones by class."""
        return self._counts("drawn")

    def clean(self) -> dict[str, Any]:
        """No class has more drawn than there are."""
        cleaned = super().clean() or {}
        for code in CLASS_LABELS:
            drawn, held = cleaned.get(f"drawn_{code}") or 0, cleaned.get(f"held_{code}") or 0
            if drawn > held:
                self.add_error(f"drawn_{code}", _("抽取户数多于总户数，请核对"))
        return cleaned


class LedgerFilter(forms.Form):
    """The filter bar of the ledger."""

    text = forms.CharField(label=_("名称或代码"), required=False, max_length=100)
    field = forms.ChoiceField(label=_("项目"), required=False)
    who = forms.CharField(label=_("办理人"), required=False, max_length=40)
    first = forms.DateField(label=_("自"), required=False, widget=widgets.DateInput)
    last = forms.DateField(label=_("至"), required=False, widget=widgets.DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "field", [*ALL, *ledger.field_choices()])

    @property
    def asked(self) -> ledger.Asked:
        """What is asked for; a field with a mistake asks for nothing."""
        self.is_valid()
        return ledger.Asked(**(self.cleaned_data if self.is_bound else {}))
