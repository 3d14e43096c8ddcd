"""
What custody of a draw means on its pages (保管): the share that was deposited, and a target's own proof.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.desk import services
from fairdraw.draws import members, permissions
from fairdraw.draws import selectors as draws
from fairdraw.draws import services as verbs
from fairdraw.draws.members import Place
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.rules import Entropy
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.files import selectors as files
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.registers.models import Target
from fairdraw.registers.rules import EXCLUSION_LABELS

RUNNING = (DrawState.SEALED.value, DrawState.REVEALING.value, DrawState.WAITING.value)


def is_share_lost(draw: Draw) -> bool:
    """Whether a draw on its way cannot be finished with this installation's key (服务器份额丢失)."""
    return draw.state in RUNNING and verbs.is_secret_lost(draw)


def deposit(draw: Draw) -> bytes:
    """
    The encrypted deposit of the server's share, which only the custodian opens (存证).

    Raises:
        NotFound: The draw was sealed without one.
    """
    held = draw.secret.deposit_id
    if held is None:
        raise NotFound(_("这次抽取封存时没有交存服务器份额"))
    return files.read(held)


def restore(*, draw: Draw, text: bytes, actor: Actor, now: dt.datetime, entropy: Entropy) -> Draw:
    """Take the server's share back from its deposit and finish the draw if nothing else is missing (恢复服务器份额)."""
    verbs.restore_share(draw_id=draw.pk, server_text=text, actor=actor, now=now, entropy=entropy)
    return services.settle(draw_id=draw.pk, now=now)


def place(*, draw: Draw, target: Target, actor: Actor, now: dt.datetime) -> Place:
    """Tell where a target stands in a draw; whoever asks has looked at who was drawn, and the log says so (查询)."""
    permissions.can_prove_member(actor, draw).require()
    services.note_list_view(draw, actor=actor, now=now)
    return members.place_of(draw, target.draw_code)


def place_facts(draw: Draw, target: Target, found: Place) -> list[tuple[str, Any]]:
    """Where a target stands, as a description list."""
    names = {task.number: task.name for task in draws.tasks(draw)}
    everything = _("本次抽取的全部任务")
    left_out = [
        _("%(task)s：%(reason)s")
        % {"task": names.get(part, everything), "reason": _(EXCLUSION_LABELS.get(reason, reason))}
        for part, reason in found.left_out
    ]
    drawn = "、".join(names[number] for number in found.drawn)
    is_drawn = DrawState(draw.state) in FINISHED
    return [
        (_("检查对象"), target.name),
        (_("抽取编码"), target.draw_code),
        (_("是否在库"), _("在封存的名单中") if found.in_frame else _("不在封存的名单中")),
        (_("未入名单的原因"), "；".join(left_out)),
        (_("是否抽中"), (drawn or _("未抽中")) if is_drawn else _("尚未抽取")),
    ]


@transaction.atomic
def prove(*, draw: Draw, target: Target, actor: Actor, now: dt.datetime) -> bytes:
    """
    Write a target's own proof that it is in the sealed list, and log that it was handed out (出具在库证明; vdraw/1 §5).

    Raises:
        NotDrawable: It is not in the list.
    """
    permissions.can_prove_member(actor, draw).require()
    if not members.place_of(draw, target.draw_code).in_frame:
        raise NotDrawable(_("“%(name)s”不在封存的名单中，不能出具在库证明") % {"name": target.name})
    proof = members.member_proof(draw, target.draw_code)
    body = {"number": draw.number, "target": target.draw_code}
    audit.record("member.proved", actor=actor, at=now, body={**body})
    return proof
