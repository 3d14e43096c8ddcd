"""What is typed at the door and in administration (登录、系统管理), cleaned into plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts import logbook, shown
from fairdraw.accounts.doors import WORK
from fairdraw.kernel.actor import Duty
from fairdraw.ui import widgets

Choices = Sequence[tuple[str, Any]]
USERNAME = r"^[0-9A-Za-z._-]{2,40}$"
CODE = r"^[0-9A-Za-z._-]{1,24}$"
ALL: Choices = [("", _("全部"))]
LATEST = MaxValueValidator(dt.date(2999, 12, 30))
PLAIN = {"autocomplete": "off"}
KINDS: Choices = [("section", _("股室")), ("station", _("市场监管所")), ("department", _("其他部门"))]


class SignIn(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label=_("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPassword(forms.Form):
    """The present password, and the new one twice."""

    present = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_("至少10位，不能全是数字，不能是常见密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_new(self) -> str:
        """Hard to guess."""
        new = str(self.cleaned_data["new"])
        validate_password(new)
        return new

    def clean(self) -> dict[str, Any]:
        """Both agree, and it is another one."""
        cleaned = super().clean() or {}
        if "new" in cleaned and cleaned.get("again") != cleaned["new"]:
            self.add_error("again", _("两遍不一致，请重新输入"))
        elif "new" in cleaned and cleaned["new"] == cleaned.get("present"):
            self.add_error("new", _("新密码不能与现在的相同"))
        return cleaned


class RenameUnit(forms.Form):
    """The new name of a unit, and by which document."""

    name = forms.CharField(label=_("新名称"), max_length=100, widget=forms.TextInput(attrs=PLAIN))
    short_name = forms.CharField(label=_("简称"), required=False, max_length=40)
    document = forms.CharField(label=_("依据文件"), max_length=100)


class ReviseUnit(forms.Form):
    """What is printed of a unit."""

    short_name = forms.CharField(label=_("简称"), required=False, max_length=40)
    number_prefix = forms.CharField(
        label=_("机关代字"), required=False, max_length=20, help_text=_("用在文书编号里，如 某市监")
    )
    telephone = forms.CharField(
        label=_("联系电话"), required=False, max_length=40, help_text=_("印在通知书上")
    )


class NewUnit(ReviseUnit):
    """A section, a station, or a department beside the bureau."""

    kind = forms.ChoiceField(label=_("类型"), choices=KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=_("名称"), max_length=100)
    code = forms.RegexField(
        label=_("代码"),
        required=False,
        regex=CODE,
        help_text=_("空着由系统编一个；建立以后不再改变"),
        error_messages={"invalid": _("代码只能用字母、数字和 . _ -，最多24位")},
    )
    field_order = ("kind", "name", "code", "short_name", "number_prefix", "telephone")


class NewAccount(forms.Form):
    """Whose account, and how it is called."""

    username = forms.RegexField(
        label=_("账号"),
        regex=USERNAME,
        error_messages={"invalid": _("账号只能用字母、数字和 . _ -，2至40位")},
        widget=forms.TextInput(attrs={**PLAIN, "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("姓名"), max_length=40, widget=forms.TextInput(attrs=PLAIN))


class AccountSearch(forms.Form):
    """By name, unit, duty, state."""

    text = forms.CharField(label=_("账号或姓名"), required=False, max_length=40)
    agency = forms.ChoiceField(label=_("单位（含下属）"), required=False)
    duty = forms.ChoiceField(label=_("职责"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[*ALL, (shown.IDLE, _("未任职")), (shown.LOCKED, _("已锁定"))],
    )

    def __init__(self, *args: Any, units: Choices, duties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "agency", [*ALL, *units])
        offer(self, "duty", [*ALL, *duties])

    def asked(self) -> shown.AccountFilter:
        """What is asked for; a field with a mistake asks for nothing."""
        self.is_valid()
        return shown.AccountFilter(**(self.cleaned_data if self.is_bound else {}))


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give the field *name* its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class GiveDuty(forms.Form):
    """A duty in a unit, from a day to a day."""

    agency = forms.ChoiceField(label=_("单位"), help_text=_("职责在该单位和它的下属单位有效"))
    duty = forms.ChoiceField(label=_("职责"))
    starts_on = forms.DateField(label=_("第一天"), widget=widgets.DateInput, validators=[LATEST])
    last_day = forms.DateField(
        label=_("最后一天"),
        required=False,
        widget=widgets.DateInput,
        validators=[LATEST],
        help_text=_("空着为长期"),
    )

    def __init__(self, *args: Any, units: Choices, duties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "agency", units)
        offer(self, "duty", duties)

    def clean_duty(self) -> Duty:
        """The duty itself."""
        return Duty(self.cleaned_data["duty"])

    @property
    def ends_on(self) -> dt.date | None:
        """The day after the last one."""
        return _day_after(self.cleaned_data["last_day"])


class EndDuty(forms.Form):
    """The last day of a duty."""

    last_day = forms.DateField(
        label=_("最后一天"),
        widget=widgets.DateInput,
        validators=[LATEST],
        help_text=_("填昨天即刻生效；更早的日子不改"),
    )

    @property
    def ends_on(self) -> dt.date:
        """The day after the last one."""
        found = _day_after(self.cleaned_data["last_day"])
        assert found is not None
        return found


def _day_after(day: dt.date | None) -> dt.date | None:
    return day + dt.timedelta(1) if day else None


class NewToken(forms.Form):
    """A calling system, where it is at home, and as what it may act."""

    name = forms.CharField(label=_("调用方名称"), max_length=60, widget=forms.TextInput(attrs=PLAIN))
    agency = forms.ChoiceField(label=_("单位"), help_text=_("只能看到和办理该单位及下属单位的业务"))
    duties = forms.MultipleChoiceField(
        label=_("职责"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只查询的，选审计；要录入检查结果的，选内勤"),
        error_messages={"required": _("请至少选择一项职责")},
    )

    def __init__(self, *args: Any, units: Choices, duties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "agency", units)
        offer(self, "duties", [(value, label) for value, label in duties if Duty(value) in WORK])

    def clean_duties(self) -> list[Duty]:
        """The duties themselves."""
        return [Duty(value) for value in self.cleaned_data["duties"]]


class LogSearch(forms.Form):
    """By account, kind and days."""

    account = forms.CharField(label=_("账号"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("事项代码"), required=False)
    first = forms.DateField(label=_("从"), required=False, widget=widgets.DateInput, validators=[LATEST])
    last = forms.DateField(label=_("到"), required=False, widget=widgets.DateInput, validators=[LATEST])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [*ALL, *logbook.kinds()])

    def asked(self) -> logbook.LogFilter:
        """What is asked for; a field with a mistake asks for nothing."""
        self.is_valid()
        return logbook.LogFilter(**(self.cleaned_data if self.is_bound else {}))
