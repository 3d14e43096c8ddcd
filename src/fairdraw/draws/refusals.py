"""What the officer reads when a draw is refused: the sentences for the core's errors (vdraw/1 §6.3, §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.utils.translation import gettext as _

from drawcore.errors import DrawError
from fairdraw.kernel.errors import NotPermitted, RuleBroken


class NotDrawable(RuleBroken):
    """The draw stands in a state that has no such step."""

    code = "draws.not-drawable"


class DrawRefused(RuleBroken):
    """The rules of the draw forbid it; carries the core's own code and data."""

    code = "draws.refused"

    def __init__(self, message: str, *, code: str, data: dict[str, object]) -> None:
        super().__init__(message, code=code)
        self.data = data


class RepeatRefused(RuleBroken):
    """A number that failed or was voided is repeated otherwise than the protocol allows (vdraw/1 §6.3)."""

    code = "draws.repeat-refused"


class NotAPerson(NotPermitted):
    """The actor is not one of the persons of this draw."""

    code = "draws.not-a-person"


def _said(error: DrawError) -> str:
    data = error.data
    sentences: dict[str, Callable[[], str]] = {
        "EmptyFrame": lambda: _("待抽名单为空，不能封存：请核对抽查对象范围"),
        "EmptyPart": lambda: _("任务 %(part)s 的范围内没有检查对象，不能封存") % data,
        "NobodyDrawn": lambda: _("任务 %(part)s 按方案一户也抽不到，不能封存：请调整比例或数量") % data,
        "StratumUnnamed": lambda: (
            _("任务 %(part)s 的名单里有方案未列明的分类 %(stratum)s，请在方案中写明其比例") % data
        ),
        "FloorMissed": lambda: _("任务 %(part)s 抽取数量低于法定下限，不能封存") % data,
        "TooFewOfficers": lambda: _("执法检查人员不足，不能封存：请补充持证人员、扩大片区，或减少回避"),
        "TooFewTeams": lambda: (
            _("%(dept)s 在 %(unit)s 可派的检查组不足，不能封存：请扩大片区、补充人员，或改为逐户选派") % data
        ),
        "NoSlot": lambda: _("有检查对象没有可派的检查人员席位，请核对参与部门"),
    }
    said = sentences.get(type(error).__name__)
    try:
        text = said() if said else ""
    except (KeyError, ValueError):
        text = ""
    return text or _("抽取规则不允许（%(error)s），请核对名单、方案和人员") % {"error": str(error)}


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DrawError as error:
        code = f"draws.{type(error).__name__}"
        raise DrawRefused(_said(error), code=code, data=dict(error.data)) from error


def explained() -> AbstractContextManager[None]:
    """Turn the core's refusals into sentences for the officer."""
    return _explained()
