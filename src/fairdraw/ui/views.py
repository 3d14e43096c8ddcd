"""
Doors of the shell: type size, the gallery of components, and the answers to broken requests.

Their doors are declared where the addresses are put together (:func:`fairdraw.ui.urls.patterns`),
because the shell stands below ``accounts``.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.kernel.errors import FairdrawError, InvalidInput, NotFound, NotPermitted
from fairdraw.ui import gallery as samples
from fairdraw.ui import refusals
from fairdraw.ui.context import SIZE_COOKIE, SIZES

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def set_size(request: HttpRequest) -> HttpResponse:
    """
    Remember the type size (关怀版、标准版) for a year and go back to where the visitor was.

    A form in the office, a plain link on the public pages, which must not need a session. Only the
    look of this browser changes.
    """
    given = request.POST if request.method == "POST" else request.GET
    size = given.get("size", "")
    back = given.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(back if safe else "/")
    if size in SIZES:
        response.set_cookie(SIZE_COOKIE, size, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with sample values (组件一览)."""
    return render(request, "ui/gallery/index.html", samples.everything(request))


@require_GET
def gallery_list(request: HttpRequest) -> HttpResponse:
    """A list page as stages build them (列表页样例)."""
    return samples.list_page(request)


@require_GET
def gallery_task(request: HttpRequest) -> HttpResponse:
    """A page about one thing, with steps, facts and timeline (详情页样例)."""
    return render(request, "ui/gallery/task.html", samples.task_page())


@require_http_methods(["GET", "POST"])
def gallery_form(request: HttpRequest) -> HttpResponse:
    """A form with its errors (表单页样例)."""
    return samples.form_page(request)


@require_GET
def gallery_portal(request: HttpRequest) -> HttpResponse:
    """A public page (公开页样例)."""
    return render(request, "ui/gallery/portal.html", samples.portal_page())


@require_GET
def gallery_plain(request: HttpRequest) -> HttpResponse:
    """A page without menu, such as the sign-in form (无菜单页样例)."""
    return render(request, "ui/gallery/plain.html", samples.plain_page())


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old."""
    return refusals.answer(
        request,
        NotPermitted(_("页面已过期，内容没有提交。请返回上一页，刷新后重新提交"), code="ui.csrf"),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler of 400."""
    return refusals.answer(
        request,
        InvalidInput(_("请求的内容无法识别，请返回上一页重新操作"), code="ui.bad-request"),
        status=400,
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler of 403."""
    return refusals.answer(request, NotPermitted(_("您的职责不包括这项操作"), code="ui.denied"))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler of 404."""
    return refusals.answer(
        request, NotFound(_("这个地址不存在，或者内容不在您的辖区内"), code="ui.not-found")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of 500: no database, no context processor, nothing that may fail again."""
    if refusals.wants_problem(request):
        error = FairdrawError(str(_("系统出错，操作没有完成")), code="ui.server-error")
        return refusals.problem(error, instance=request.path)
    response = HttpResponse(loader.render_to_string("500.html"), status=500)
    if getattr(request, "htmx", False):
        response = HttpResponse(loader.render_to_string("ui/_server_error.html"), status=500)
        response["HX-Retarget"] = refusals.NOTICES
        response["HX-Reswap"] = "innerHTML show:top"
    return response
