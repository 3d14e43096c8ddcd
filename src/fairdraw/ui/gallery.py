"""
Sample values of the gallery at ``/ui/`` (组件一览): invented, fixed, from no database.

The sample pages are the pattern for stages: a list with filter bar and table, a page about one thing,
a form with its errors, a public page.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.ui import pages, widgets
from fairdraw.ui.parts import OPERATIONS, ROW_NUMBER, Column, Event, Series, Step, Tab, Tone, steps

DAY = dt.date(2026, 10, 15)
COLUMNS = (
    ROW_NUMBER,
    Column(_("名称"), sort="name"),
    Column(_("统一社会信用代码"), sort="code"),
    Column(_("登记机关")),
    Column(_("信用风险"), sort="class"),
    Column(_("状态")),
    Column(_("本年入户"), sort="visits", numeric=True),
    OPERATIONS,
)
TOWNS = (_("城厢所"), _("蓬莱所"), _("龙门所"), _("官桥所"))
CLASSES = (
    ("A", _("低（A）"), Tone.SUCCESS),
    ("B", _("一般（B）"), Tone.INFO),
    ("C", _("较高（C）"), Tone.WARNING),
    ("D", _("高（D）"), Tone.DANGER),
)
STATES = (
    (_("待抽取"), Tone.PLAIN),
    (_("已抽取"), Tone.INFO),
    (_("已公示"), Tone.SUCCESS),
    (_("逾期"), Tone.DANGER),
)


def rows(count: int = 237) -> list[dict[str, Any]]:
    """Invented targets."""
    return [
        {
            "number": index + 1,
            "name": f"演示县样例贸易有限公司{index + 1:03d}号店",
            "code": f"91350599MA{index:06d}XX",
            "town": TOWNS[index % 4],
            "class": str(CLASSES[index * 7 % 4][1]),
            "class_tone": CLASSES[index * 7 % 4][2],
            "state": str(STATES[index * 3 % 4][0]),
            "state_tone": STATES[index * 3 % 4][1],
            "visits": index * 5 % 3,
        }
        for index in range(count)
    ]


class FilterForm(forms.Form):
    """A filter bar."""

    name = forms.CharField(label=_("名称或代码"), required=False)
    town = forms.ChoiceField(
        label=_("登记机关"),
        required=False,
        choices=[("", _("全部")), *((str(i), t) for i, t in enumerate(TOWNS))],
    )
    credit = forms.ChoiceField(
        label=_("信用风险"), required=False, choices=[("", _("全部")), *((c[0], c[1]) for c in CLASSES)]
    )
    since = forms.DateField(label=_("成立日期不早于"), required=False, widget=widgets.DateInput)
    kind = forms.CharField(label=_("行业"), required=False)


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(
        label=_("任务名称"), max_length=60, help_text=_("与年度计划中的名称一致，不超过60字")
    )
    starts_on = forms.DateField(label=_("开始日期"), widget=widgets.DateInput)
    ends_on = forms.DateField(label=_("结束日期"), widget=widgets.DateInput)
    way = forms.ChoiceField(
        label=_("检查方式"),
        widget=forms.RadioSelect,
        choices=[("site", _("实地检查")), ("paper", _("书面检查"))],
    )
    duty = forms.ChoiceField(label=_("牵头单位"), choices=[("", _("请选择")), ("1", _("信用监管股"))])
    merged = forms.BooleanField(label=_("允许与其他任务合并入户"), required=False)
    register = forms.FileField(
        label=_("检查对象名单"),
        required=False,
        widget=widgets.FileDrop(".csv,.xlsx,.xls"),
        help_text=_("csv、xlsx、xls，不超过20兆"),
    )
    opinion = forms.CharField(label=_("意见"), widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        """The end does not come before the start."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("结束日期早于开始日期"))
        return cleaned


def goals() -> list[dict[str, Any]]:
    """Indicators met, missed, not begun and without a goal."""
    return [
        {"kind": "K1", "label": _("抽查比例"), "n": 1052, "d": 30000, "goal": Decimal("0.035"), "note": ""},
        {
            "kind": "K2",
            "label": _("按时录入率"),
            "n": 849_999,
            "d": 1_000_000,
            "goal": Decimal("0.85"),
            "note": _("差1件"),
        },
        {"kind": "K4", "label": _("公示率"), "n": 0, "d": 0, "goal": Decimal(1), "note": ""},
        {"kind": "K7", "label": _("检查发现问题率"), "n": 143, "d": 1052, "goal": None, "note": ""},
    ]


def verdicts() -> dict[str, Verdict]:
    """One allowed, two refused."""
    return {
        "allowed": ALLOWED,
        "not_permitted": Verdict(NotPermitted(gettext("只有承办机关的计划岗可以封存"))),
        "not_now": Verdict(RuleBroken(gettext("任务尚未审定，不能抽取。请先提交审批"))),
    }


def events() -> list[Event]:
    """A timeline."""
    return [
        Event(_("李样例（计划岗）"), clock.at(DAY, 9, 12), _("提交方案")),
        Event(
            _("王样例（负责人）"),
            clock.at(DAY, 10, 3),
            _("退回"),
            _("抽查比例与年度计划不一致，请核对"),
            Tone.WARNING,
        ),
        Event(_("李样例（计划岗）"), clock.at(DAY, 11, 40), _("重新提交")),
        Event(_("王样例（负责人）"), clock.at(DAY, 14, 5), _("审定"), _("同意"), Tone.SUCCESS),
    ]


def charts() -> dict[str, Any]:
    """Values of the charts."""
    months = [_("%(m)d月") % {"m": m} for m in range(1, 11)]
    return {
        "bar_rows": [(t, v) for t, v in zip(TOWNS, (412, 268, 190, 37), strict=True)],
        "months": months,
        "series": [
            Series(str(_("已检查")), [12, 40, 66, 140, 190, 260, 380, 520, 760, 980]),
            Series(str(_("已公示")), [0, 22, 51, 98, 171, 230, 340, 470, 700, None]),
        ],
        "slices": [
            (_("未发现问题"), 812),
            (_("发现问题已责令改正"), 143),
            (_("通过登记住所无法联系"), 61),
            (_("其他"), 36),
        ],
    }


def everything(request: HttpRequest) -> dict[str, Any]:
    """What the gallery shows."""
    return {
        "title": _("组件一览"),
        "columns": COLUMNS,
        "page": pages.page_of(rows(), request.GET, size=20),
        "filter_form": FilterForm(request.GET, auto_id="filter_%s"),
        "goals": goals(),
        "verdicts": verdicts(),
        "events": events(),
        "steps": steps(2, notes=("9月3日审定", "36家", "", "", "")),
        "steps_off": [
            Step(_("方案"), "done"),
            Step(_("抽取"), "off", note=_("全部检查")),
            Step(_("人员"), "now"),
        ],
        "tabs": gallery_tabs("ui:gallery"),
        "form": SampleForm(),
        "facts": [(_("任务编号"), "YS-2026-0107"), (_("检查事项"), _("广告行为检查")), (_("备注"), "")],
        "days": [DAY + dt.timedelta(days=n) for n in (9, 2, 0, -4)],
        "base_day": DAY,
        "today": DAY,
        "counts": [(_("企业"), 2345, _("户")), (_("监管标签"), 3, _("类")), (_("许可证"), 345, _("个"))],
        "digest": "3f6c0d5e8a4b1c297d60ff3e5b8a9c1d7e2f4a6b8c0d1e3f5a7b9c2d4e6f8a0b",
        **charts(),
    }


def gallery_tabs(current: str) -> list[Tab]:
    """Links between the pages of the gallery."""
    named = (
        ("ui:gallery", _("组件")),
        ("ui:gallery-list", _("列表页")),
        ("ui:gallery-task", _("详情页")),
        ("ui:gallery-form", _("表单页")),
        ("ui:gallery-portal", _("公开页")),
        ("ui:gallery-plain", _("无菜单页")),
    )
    return [Tab(label, reverse(name), current=name == current) for name, label in named]


def list_page(request: HttpRequest) -> HttpResponse:
    """The list, whole or as the part that htmx exchanges."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = [r for r in rows() if str(wanted.get("name", "")) in str(r["name"]) + r["code"]]
    asked = pages.ordering(COLUMNS, request.GET, "name")[0]
    found.sort(key=lambda r: str(r[asked.removeprefix("-")]), reverse=asked.startswith("-"))
    context = {
        "title": _("检查对象名录库"),
        "columns": COLUMNS,
        "filter_form": form,
        "page": pages.page_of(found, request.GET, size=20),
        "counts": [
            (_("企业"), len(found), _("户")),
            (_("监管标签"), 3, _("类")),
            (_("许可证"), 345, _("个")),
        ],
        "verdict": verdicts()["not_permitted"],
        "tabs": gallery_tabs("ui:gallery-list"),
    }
    return pages.show(request, "ui/gallery/list.html", "ui/gallery/_list.html", context)


def task_page() -> dict[str, Any]:
    """One task half way."""
    return {
        "title": _("2026年广告行为双随机抽查"),
        "steps": steps(2, notes=(_("9月3日审定"), _("抽中36家"), _("待抽取人员"), "", "")),
        "events": events(),
        "goals": goals()[:3],
        "verdicts": verdicts(),
        "tabs": gallery_tabs("ui:gallery-task"),
        "today": DAY,
        "due": DAY + dt.timedelta(days=16),
        "rows": rows(6),
        "columns": COLUMNS,
        "digest": "3f6c0d5e8a4b1c297d60ff3e5b8a9c1d7e2f4a6b8c0d1e3f5a7b9c2d4e6f8a0b",
        "left": 11,
    }


def form_page(request: HttpRequest) -> HttpResponse:
    """A form; sent with mistakes it comes back with 422, sent well it leads on (post-redirect-get)."""
    form = SampleForm(request.POST, request.FILES) if request.method == "POST" else SampleForm()
    if request.method == "POST":
        if not form.is_valid():
            return pages.again(
                request,
                "ui/gallery/form.html",
                form,
                title=_("新建抽查任务"),
                tabs=gallery_tabs("ui:gallery-form"),
            )
        messages.success(request, _("任务已存为草稿"))
        return redirect("ui:gallery-form")
    return render(
        request,
        "ui/gallery/form.html",
        {"form": form, "title": _("新建抽查任务"), "tabs": gallery_tabs("ui:gallery-form")},
    )


def portal_page() -> dict[str, Any]:
    """A public list of results."""
    return {
        "title": _("抽查结果公示"),
        "tabs": gallery_tabs("ui:gallery-portal"),
        "portal_nav": [
            Tab(_("抽查事项清单"), "#"),
            Tab(_("年度计划"), "#"),
            Tab(_("抽查结果"), "#", current=True),
            Tab(_("抽取与复核"), "#"),
        ],
        "rows": rows(8),
        "columns": (
            Column(_("检查对象")),
            Column(_("统一社会信用代码")),
            Column(_("检查日期")),
            Column(_("结果")),
        ),
        "day": DAY,
        "result": _("未发现问题"),
    }


def plain_page() -> dict[str, Any]:
    """A form alone on its page."""

    class SignIn(forms.Form):
        username = forms.CharField(
            label=_("用户名"), widget=forms.TextInput(attrs={"autocomplete": "username"})
        )
        password = forms.CharField(
            label=_("密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
        )

    return {"title": _("登录"), "form": SignIn()}
