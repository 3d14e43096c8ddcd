"""
Turns a refusal into an answer: a page, a fragment for htmx, or problem+json (拒绝与提示).

The status comes from the branch of the error tree; the sentence is the error's own.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext_lazy as _

from fairdraw.kernel.errors import FairdrawError, InvalidInput

TITLES = {
    400: _("请求无法识别"),
    401: _("需要接口令牌"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("不能这样打开"),
    409: _("现在不能这样做"),
    422: _("填报内容有误"),
    500: _("系统出错"),
    502: _("对方系统没有应答"),
}
SHOWN_TROUBLES = 200
NOTICES = "#notices"


def wants_problem(request: HttpRequest) -> bool:
    """Whether the asker is a program: an address of the interface, or JSON asked for and no HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def problem(error: FairdrawError, *, instance: str, status: int | None = None) -> HttpResponse:
    """
    *error* as application/problem+json (RFC 9457), with our code and the troubles by row.

    Args:
        error: What was refused.
        instance: The address asked for.
        status: Where it differs from the error's own.
    """
    answer = status or error.status
    body = {
        "type": f"urn:fairdraw:error:{error.code}",
        "title": str(TITLES.get(answer, TITLES[500])),
        "status": answer,
        "detail": str(error),
        "instance": instance,
        "code": error.code,
    }
    if isinstance(error, InvalidInput) and error.troubles:
        body["troubles"] = [
            {"message": str(t.message), "file": t.file, "row": t.row, "column": t.column}
            for t in error.troubles
        ]
    return JsonResponse(
        body,
        status=answer,
        content_type="application/problem+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


def answer(request: HttpRequest, error: FairdrawError, *, status: int | None = None) -> HttpResponse:
    """The answer to *request* that was refused with *error*."""
    code = status or error.status
    if wants_problem(request):
        return problem(error, instance=request.path, status=code)
    troubles = error.troubles if isinstance(error, InvalidInput) else ()
    context = {
        "title": TITLES.get(code, TITLES[500]),
        "status": code,
        "error": error,
        "troubles": troubles[:SHOWN_TROUBLES],
        "trouble_count": len(troubles),
    }
    if getattr(request, "htmx", False):
        response = render(request, "ui/_refusal.html", context, status=code)
        response["HX-Retarget"] = NOTICES
        response["HX-Reswap"] = "innerHTML show:top"
        response["HX-Push-Url"] = "false"
        return response
    return render(request, "ui/refusal.html", context, status=code)


def is_sign_in(response: HttpResponse) -> bool:
    """Whether *response* sends the visitor to the sign-in page."""
    if response.status_code not in (301, 302, 303):
        return False
    return response.get("Location", "").split("?")[0] == resolve_url(settings.LOGIN_URL)
