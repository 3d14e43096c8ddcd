"""
Refusals of the interface: the error tree and what pydantic found wrong, as problem+json in Chinese.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from fairdraw.kernel.errors import FairdrawError, InvalidInput, RuleBroken, Trouble
from fairdraw.kernel.text import gettext_noop
from fairdraw.ui import refusals

SENTENCES = {
    "missing": gettext_noop("缺少这一项"),
    "extra_forbidden": gettext_noop("没有这一项，请删去"),
    "string_type": gettext_noop("应为文字"),
    "string_unicode": gettext_noop("不是有效的文字"),
    "string_too_long": gettext_noop("不能超过%(max_length)s字"),
    "string_too_short": gettext_noop("不能少于%(min_length)s字"),
    "string_pattern_mismatch": gettext_noop("格式不对"),
    "int_type": gettext_noop("应为整数"),
    "int_parsing": gettext_noop("应为整数"),
    "int_from_float": gettext_noop("应为整数"),
    "int_parsing_size": gettext_noop("数字太大"),
    "greater_than_equal": gettext_noop("不能小于%(ge)s"),
    "less_than_equal": gettext_noop("不能大于%(le)s"),
    "bool_type": gettext_noop("应为是或否"),
    "bool_parsing": gettext_noop("应为是或否"),
    "date_type": gettext_noop("应为日期，如2026-03-05"),
    "date_parsing": gettext_noop("应为日期，如2026-03-05"),
    "date_from_datetime_parsing": gettext_noop("应为日期，如2026-03-05"),
    "date_from_datetime_inexact": gettext_noop("应为日期，如2026-03-05"),
    "datetime_type": gettext_noop("应为带时区的时刻，如2026-03-05T09:00:00+08:00"),
    "datetime_parsing": gettext_noop("应为带时区的时刻，如2026-03-05T09:00:00+08:00"),
    "datetime_from_date_parsing": gettext_noop("应为带时区的时刻，如2026-03-05T09:00:00+08:00"),
    "datetime_object_invalid": gettext_noop("应为带时区的时刻，如2026-03-05T09:00:00+08:00"),
    "timezone_aware": gettext_noop("时刻须带时区"),
    "moment_out_of_range": gettext_noop("应为带时区的时刻，如2026-03-05T09:00:00+08:00"),
    "enum": gettext_noop("不是规定的取值"),
    "literal_error": gettext_noop("不是规定的取值"),
    "list_type": gettext_noop("应为列表"),
    "too_short": gettext_noop("至少%(min_length)s项"),
    "too_long": gettext_noop("最多%(max_length)s项"),
    "model_attributes_type": gettext_noop("应为一组字段"),
    "model_type": gettext_noop("应为一组字段"),
    "dict_type": gettext_noop("应为一组字段"),
}
UNKNOWN = gettext_noop("内容不符合接口说明")


def sentence(error: Mapping[str, Any]) -> str:
    """What to correct, for one of pydantic's errors."""
    context = error.get("ctx") or {}
    return _(SENTENCES.get(error["type"], UNKNOWN)) % context


def place(error: Mapping[str, Any]) -> str:
    """Where it stands: ``codes.0``, ``Idempotency-Key``."""
    steps: Sequence[Any] = [s for s in error.get("loc", ()) if s not in {"payload", "filters"}]
    return ".".join(str(s) for s in steps[1:])


def invalid(errors: Sequence[Mapping[str, Any]]) -> InvalidInput:
    """All that pydantic found wrong as one refusal."""
    troubles = tuple(Trouble(sentence(e), column=place(e)) for e in errors)
    first = f"{troubles[0].column} {troubles[0].message}".strip()
    return InvalidInput(
        _("请求内容有%(n)s处不符合接口说明：%(first)s") % {"n": len(troubles), "first": first},
        code="exchange.invalid-request",
        troubles=troubles,
    )


def refuse_unknown(given: Iterable[str], known: Container[str]) -> None:
    """
    Refuse a filter that does not exist: a slip of the pen must not list everything.

    Raises:
        InvalidInput: One of *given* is not *known*.
    """
    unknown = [{"type": "extra_forbidden", "loc": ("query", name)} for name in given if name not in known]
    if unknown:
        raise invalid(unknown)


def wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The refusal of a method that the address does not know; keeps what is allowed."""
    error = RuleBroken(_("这个接口地址不支持这种请求方法"), code="exchange.wrong-method")
    answered = refusals.problem(error, instance=request.path, status=405)
    answered["Allow"] = response.get("Allow", "")
    return answered


def handle(api: NinjaAPI) -> None:
    """Let *api* answer every refusal as problem+json; anything else stays a loud bug."""

    def refused(request: HttpRequest, error: FairdrawError | type[FairdrawError]) -> HttpResponse:
        assert isinstance(error, FairdrawError)
        return refusals.problem(error, instance=request.path)

    def malformed(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
        assert isinstance(error, ValidationError)
        return refusals.problem(invalid(error.errors), instance=request.path)

    def unreadable(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
        assert isinstance(error, HttpError)
        found = InvalidInput(_("请求正文不是有效的 JSON"), code="exchange.unreadable")
        return refusals.problem(found, instance=request.path, status=error.status_code)

    api.add_exception_handler(FairdrawError, refused)
    api.add_exception_handler(ValidationError, malformed)
    api.add_exception_handler(HttpError, unreadable)
