"""
One place where refusals become answers, and where htmx learns that nobody is signed in any more.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from fairdraw.kernel.errors import FairdrawError, RuleBroken
from fairdraw.ui import refusals


class RefusalMiddleware:
    """
    Maps the five branches of the error tree to pages, fragments or problem+json.

    Pages and their fragments share an address, so every HTML answer varies on ``HX-Request``; without
    it the back button shows a bare fragment. A part of a page asked for after the session has ended
    sends the whole page to the sign-in form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "htmx", False) and refusals.is_sign_in(response):
            response = _to_sign_in(request, response)
        if response.status_code == 405 and not response.content:
            response = _wrong_method(request, response)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("HX-Request",))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what the product refuses; anything else is a bug and stays loud."""
        if isinstance(exception, FairdrawError):
            return refusals.answer(request, exception)
        return None


def _wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    error = RuleBroken(_("这个地址不能直接打开，请从页面上的按钮操作"), code="ui.wrong-method")
    answered = refusals.answer(request, error, status=405)
    answered["Allow"] = response.get("Allow", "")
    return answered


def _to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = page.path + (f"?{page.query}" if page.query else "")
    target = response["Location"].split("?")[0] + (f"?{urlencode({'next': back})}" if back else "")
    redirected = HttpResponse(status=200)
    redirected["HX-Redirect"] = target
    redirected.cookies = response.cookies
    return redirected
