"""What the officer reads when a draw is refused: the sentences for the core's errors (vdraw/1 §6.3, §12)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.utils.translation import gettext as _

from drawcore.errors import DrawError
from fairdraw.accounts.models import Agency
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.text import gettext_noop


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


SEAL_RULES = {
    "deadlines-ascending": gettext_noop("锁定、开启的期限须依次在封存以后"),
    "beacon-round": gettext_noop("公开随机数的场次只能用字母、数字和 . _ : -，不超过36个"),
    "beacon-time": gettext_noop("公开随机数的时间须在开启截止以后"),
    "level-needs-beacon": gettext_noop("二、三级抽取须有公开随机数，请选择号码球"),
    "persons-distinct": gettext_noop("参与人重复，请重新选择"),
    "one-initiating-office": gettext_noop("须有发起人，且只能出自一个股室"),
    "supervisor-of-another-office": gettext_noop("须有监督人，且不能与发起人同一股室，请另选"),
    "level-needs-witness": gettext_noop("二、三级抽取须有见证人，请选择"),
    "witness-of-another-office": gettext_noop("见证人不能与发起人同一股室，请另选"),
    "enough-reveals": gettext_noop("参与人至少两位"),
    "level-1-needs-custodian": gettext_noop("一级抽取须有电子信封的保管人，请系统管理员设置保管人公钥"),
}
SEED_RULES = {
    "min-reveals": gettext_noop("开启份额的参与人不足，不能抽取"),
    "share-form": gettext_noop("随机份额的格式不符，请用锁定时的设备开启"),
    "share-not-as-committed": gettext_noop("开启的份额与锁定值不符，请用锁定时的设备开启"),
    "absent-without-beacon": gettext_noop("没有公开随机数的抽取，锁定过的份额须全部开启"),
    "beacon-kind": gettext_noop("公开随机数与封存的种类、场次不符"),
    "beacon-value": gettext_noop("公开随机数的格式不符；号码球为20至200位数字，请按摇出顺序录入"),
}
SENTENCES = {
    "EmptyFrame": gettext_noop("待抽名单为空，不能封存：请核对抽查对象范围"),
    "EmptyPart": gettext_noop("任务 %(part)s 的范围内没有检查对象，不能封存：请核对抽查对象范围"),
    "NobodyDrawn": gettext_noop("任务 %(part)s 按方案一户也抽不到，不能封存：请调整比例或数量"),
    "StratumUnnamed": gettext_noop(
        "任务 %(part)s 的名单里有方案未列明的分类 %(stratum)s，请在方案中写明其比例"
    ),
    "TotalUnreachable": gettext_noop(
        "任务 %(part)s 还有 %(left)s 户无法分配：有权重的分类已全部抽取，请减少总数或给其他分类权重"
    ),
    "FloorMissed": gettext_noop(
        "任务 %(part)s 只抽取 %(drawn)s 户，低于下限 %(floor)s 户，不能封存：请提高比例或数量"
    ),
    "TagRefused": gettext_noop("检查对象 %(entity)s 的标签 %(tag)s 不能用于抽取，请在名录库中更正"),
    "TooFewOfficers": gettext_noop(
        "%(dept)s 在 %(unit)s 可派的执法检查人员只有 %(eligible)s 人，至少需要 %(needed)s 人，不能封存："
        "请补充持证人员、扩大片区，或减少回避"
    ),
    "TooFewTeams": gettext_noop(
        "%(dept)s 在 %(unit)s 可派的检查组只有 %(teams)s 个，至少需要 %(needed)s 个，不能封存："
        "请扩大片区、补充人员，或改为逐户选派"
    ),
    "NoSlot": gettext_noop("任务 %(part)s 没有可派的检查人员席位，请核对参与部门"),
    "NobodyLeft": gettext_noop("按规则已无人、无户可以接替（%(entity)s），请由负责人补充人员后再办"),
    "AttemptRefused": gettext_noop("本次与第%(attempt)s次不一致（%(rule)s），不能作为重新抽取封存"),
    "PrfUnknown": gettext_noop("没有名为 %(prf)s 的随机数算法"),
    "SuiteMissing": gettext_noop("本机不支持密码算法 %(suite)s，不能抽取，也不得改用其他算法"),
}
PLACES = ("dept", "unit")
NO_UNIT = "none"


def _said(error: DrawError) -> str:
    data = dict(error.data)
    kind = type(error).__name__
    rules = {"SealRefused": SEAL_RULES, "SeedRefused": SEED_RULES}.get(kind)
    sentence = rules.get(str(data["rule"]), "") if rules else SENTENCES.get(kind, "")
    if not sentence:
        return _("抽取规则不允许（%(error)s），请核对名单、方案和人员") % {"error": str(error)}
    return _(sentence) % {k: place_name(str(v)) if k in PLACES else v for k, v in data.items()}


def place_name(code: str) -> str:
    """A department or a unit of the files of a draw in words."""
    if code == NO_UNIT:
        return _("未划分片区的对象")
    return Agency.objects.filter(code=code).values_list("name", flat=True).first() or code


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
