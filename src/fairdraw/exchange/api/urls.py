"""
Addresses of the interface, each with its door; the description is public, everything else asks for a token.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from fairdraw.accounts.doors import public_door, token_door
from fairdraw.exchange.api import problems
from fairdraw.exchange.api.endpoints import router

app_name = "api"
PROBLEM = "application/problem+json"
FIRST_REFUSAL = 400


class Renderer(JSONRenderer):
    """JSON with Chinese as it is written."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(version="1.0.0", urls_namespace="api", openapi_url=None, docs_url=None, renderer=Renderer())
api.add_router("/inspections", router)
problems.handle(api)


def description(prefix: str) -> dict[str, Any]:
    """
    The OpenAPI description, with tokens and with refusals as problem+json.

    Args:
        prefix: Where the interface is mounted, such as ``/api/v1/``.
    """
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=prefix.lstrip("/")))
    about = _("一次检查是被抽中的对象与一个实施机关的组合。令牌由系统管理员向调用方核发，只显示一次。")
    schema["info"] = {"title": _("阳光双随机接口"), "version": api.version, "description": about}
    bearer = {"type": "http", "scheme": "bearer", "description": _("接口令牌")}
    schema["components"] = {**schema["components"], "securitySchemes": {"token": bearer}}
    schema["security"] = [{"token": []}]
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= FIRST_REFUSAL and "application/json" in content:
                    answer["content"] = {PROBLEM: content["application/json"]}
    return schema


@public_door
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the interface (接口说明), OpenAPI 3.1."""
    prefix = request.path.removesuffix("openapi.json")
    return JsonResponse(description(prefix), json_dumps_params={"ensure_ascii": False})


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door for calling systems around one of ninja's views, whose bare 405 becomes a problem."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        return problems.wrong_method(request, response) if response.status_code == 405 else response

    return token_door(answered)


def resources() -> list[URLPattern]:
    """The addresses of the resources; ninja's own root, which answers nothing, is left out."""
    return [
        path(str(pattern.pattern), guarded(pattern.callback), name=pattern.name)
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]


urlpatterns = [path("openapi.json", openapi, name="openapi"), *resources()]
