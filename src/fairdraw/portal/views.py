"""
Doors of the public pages (公开网站): plan, task notices, results, draws, the log's checkpoints.

No page needs a script, a session or a cookie; every list stays readable without style.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fairdraw.accounts.doors import public_door
from fairdraw.audit import selectors as audit
from fairdraw.desk import packing
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.portal import drawpage, notices, rules, selectors
from fairdraw.portal.forms import ResultSearch
from fairdraw.registers import selectors as registers
from fairdraw.ui import pages
from fairdraw.ui.parts import ROW_NUMBER, Column, Tab

PER_PAGE = 20
FRESH_SECONDS = 60
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A public address: read only, fresh for a minute."""
    return public_door(require_safe(cache_control(public=True, max_age=FRESH_SECONDS)(view)))


def shell(current: str, **context: Any) -> dict[str, Any]:
    """What every public page knows: the columns of the site, the present one marked."""
    columns = (
        ("portal:home", _("首页")),
        ("portal:items", _("抽查事项清单")),
        ("portal:plan", _("年度计划")),
        ("portal:tasks", _("抽查任务")),
        ("portal:results", _("抽查结果")),
        ("portal:draws", _("抽取与复核")),
    )
    nav = [Tab(label, reverse(name), current=name == current) for name, label in columns]
    return {"portal_nav": nav, **context}


def _page(request: HttpRequest, rows: Any) -> Any:
    return pages.page_of(rows, {"page": request.GET.get("page", "")}, size=PER_PAGE)


@public
def home(request: HttpRequest) -> HttpResponse:
    """The year's key figures, the latest notices and results."""
    years = selectors.plan_years()
    year = years[0] if years else clock.today().year
    latest = [notices.result_row(p) for p in selectors.results()[:6]]
    announced = [notices.task_notice(a) for a in selectors.task_announcements()[:6]]
    return render(
        request,
        "portal/home.html",
        shell(
            "portal:home",
            title=_("“双随机、一公开”监管信息公示"),
            year=year,
            figures=selectors.figures(year),
            latest=latest,
            announced=announced,
        ),
    )


@public
def items(request: HttpRequest) -> HttpResponse:
    """The public item list (随机抽查事项清单)."""
    columns = (
        Column(_("编号")),
        Column(_("抽查事项")),
        Column(_("抽查对象")),
        Column(_("抽查依据")),
        Column(_("类型")),
    )
    rows = registers.items_on(clock.today()).filter(published=True)
    return render(
        request,
        "portal/items.html",
        shell("portal:items", title=_("随机抽查事项清单"), columns=columns, page=_page(request, rows)),
    )


@public
def plan(request: HttpRequest, year: int | None = None, version: int | None = None) -> HttpResponse:
    """The annual plan: its rows, its document number, its versions."""
    years = selectors.plan_years()
    if year is None and not years:
        return render(
            request, "portal/plan.html", shell("portal:plan", title=_("年度抽查工作计划"), notice=None)
        )
    shown = year if year is not None else years[0]
    notice = selectors.plan(shown, version)
    before, held = selectors.plan_before(notice), selectors.versions(selectors.PLAN, str(shown))
    columns = (
        ROW_NUMBER,
        Column(_("抽查任务")),
        Column(_("检查对象范围")),
        Column(_("比例或数量")),
        Column(_("发起与参与部门")),
        Column(_("检查时间")),
    )
    return render(
        request,
        "portal/plan.html",
        shell(
            "portal:plan",
            title=notice.title,
            notice=notice,
            columns=columns,
            versions=held,
            newest=held[0].version,
            difference=notices.plan_change(before, notice) if before else None,
            before=before,
            years=[Tab(_("%(y)d年") % {"y": y}, reverse("portal:plan", args=[y]), y == shown) for y in years],
        ),
    )


@public
def tasks(request: HttpRequest) -> HttpResponse:
    """The notices of drawn tasks, the newest first."""
    columns = (
        Column(_("任务编号")),
        Column(_("抽查任务")),
        Column(_("实施部门")),
        Column(_("抽中户数"), numeric=True),
        Column(_("公告日期")),
    )
    page = _page(request, selectors.task_announcements())
    return render(
        request,
        "portal/tasks.html",
        shell(
            "portal:tasks",
            title=_("抽查任务公告"),
            columns=columns,
            page=page,
            rows=[notices.task_notice(row) for row in page],
        ),
    )


@public
def task(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """One notice: who checks what, how many were drawn, by which draw; nobody who was drawn."""
    notice = selectors.task(number, version)
    draw = selectors.public_draws().filter(pk=notice.draw).first() if notice.draw else None
    return render(
        request,
        "portal/task.html",
        shell(
            "portal:tasks",
            title=notice.title,
            notice=notice,
            draw=draw,
            published=selectors.results(task=number).count(),
            versions=selectors.versions(selectors.TASK, number),
        ),
    )


@public
def results(request: HttpRequest) -> HttpResponse:
    """The published results, by name or code and by task."""
    form = ResultSearch(request.GET, tasks=selectors.task_announcements())
    asked = form.cleaned_data if form.is_valid() else {}
    columns = (
        Column(_("编号")),
        Column(_("检查对象")),
        Column(_("检查机关")),
        Column(_("抽查类型")),
        Column(_("检查日期")),
        Column(_("检查结果")),
    )
    found = selectors.results(text=asked.get("q", ""), task=asked.get("task", ""))
    page = _page(request, found if form.is_valid() else found.none())
    return render(
        request,
        "portal/results.html",
        shell(
            "portal:results",
            title=_("抽查结果公示"),
            form=form,
            asked=any(asked.values()),
            columns=columns,
            page=page,
            rows=[notices.result_row(row) for row in page],
        ),
    )


@public
def search(request: HttpRequest) -> HttpResponse:
    """One search box for all: the number of a task leads to its notice, anything else to results."""
    text = request.GET.get("q", "")
    number = selectors.task_number(text)
    if number:
        return redirect("portal:task", number)
    query = request.GET.copy()
    return redirect(f"{reverse('portal:results')}?{query.urlencode()}")


@public
def draw_list(request: HttpRequest) -> HttpResponse:
    """The draws that were sealed, the latest first."""
    columns = (
        Column(_("抽取编号")),
        Column(_("抽查任务")),
        Column(_("方式")),
        Column(_("封存日期")),
        Column(_("状态")),
    )
    page = _page(request, selectors.public_draws())
    return render(
        request,
        "portal/draws.html",
        shell("portal:draws", title=_("抽取与复核"), columns=columns, page=page, rows=drawpage.lines(page)),
    )


@public
def draw(request: HttpRequest, draw_id: uuid.UUID) -> HttpResponse:
    """One draw as vdraw/1 §15 lets everybody see it."""
    shown = drawpage.page(selectors.public_draw(str(draw_id)))
    title = _("抽取 %(n)s") % {"n": shown.number}
    return render(request, "portal/draw.html", shell("portal:draws", title=title, draw=shown))


@public
def draw_file(request: HttpRequest, draw_id: uuid.UUID, name: str) -> HttpResponse:
    """One of the files of a draw that everybody may have."""
    found = selectors.public_draw(str(draw_id))
    content = drawpage.public_content(found, name)
    return _download(content, f"{found.number}-{name}", "application/octet-stream")


@public
def draw_bundle(request: HttpRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The whole bundle, where the seal discloses it to everybody and it was disclosed."""
    found = selectors.public_draw(str(draw_id))
    if not rules.is_bundle_public(state=found.state, to=found.disclose_to):
        raise NotFound(_("这次抽取的复核资料包只交审计、纪检、上级机关和法院"))
    return _download(packing.bundle(found), f"{found.number}.zip", "application/zip")


@public
def verifier(request: HttpRequest) -> HttpResponse:
    """The verifier, one file of the standard library (复核工具)."""
    return _download((settings.BASE_DIR / "verify.py").read_bytes(), "verify.py", "text/x-python")


@public
def log(request: HttpRequest) -> HttpResponse:
    """The checkpoints of the log and the key that proves them."""
    columns = (
        Column(_("条目数"), numeric=True),
        Column(_("日志根")),
        Column(_("生成时间")),
        Column(_("下载")),
    )
    page = _page(request, audit.checkpoints())
    newest = audit.checkpoints().first()
    return render(
        request,
        "portal/log.html",
        shell(
            "portal:draws",
            title=_("日志存证点"),
            columns=columns,
            page=page,
            newest=newest,
            key=audit.verifier_key(newest.origin) if newest else "",
        ),
    )


@public
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """One checkpoint as it was signed."""
    found = selectors.checkpoint(size)
    return _download(found.text.encode(), f"checkpoint-{size}.txt", "text/plain; charset=utf-8")


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
