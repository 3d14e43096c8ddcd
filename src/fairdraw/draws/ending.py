"""
How an attempt ends without a result, and how a finished draw is disclosed (作废、未成、披露; vdraw/1 §13, §15, §17).

Both endings are public for good and cost a reason; neither depends on anybody's liking of an outcome, since
none is known: voiding is open only before reveals, failing only for a cause that the protocol names.
"""

from __future__ import annotations

import datetime as dt
import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from drawcore import seal as seals
from drawcore import shares, suites
from fairdraw.audit import services as audit
from fairdraw.draws import permissions, rules, selectors, vault
from fairdraw.draws.models import Draw, DrawSecret
from fairdraw.draws.refusals import NotDrawable, explained
from fairdraw.draws.rules import Entropy
from fairdraw.draws.states import DRAW_MOVES, DrawMove, DrawState
from fairdraw.kernel.actor import Actor
from fairdraw.plans import selectors as plan_selectors
from fairdraw.plans import services as plans
from fairdraw.plans.states import TaskMove

LONGEST_REASON = 200  # of a text in a receipt (vdraw/1 §15)


@transaction.atomic
def void_draw(*, draw_id: str, reason: str, second: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Give a sealed draw up before reveals open (作废; X02).

    Args:
        draw_id: The sealed draw.
        reason: Shown to everybody with the draw.
        second: Code of the second approver, another person than *actor*.
        actor: Of the initiating office.
        now: When.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_void(actor, draw, second=second).require()
    _end(draw, DrawMove.VOID, reason=reason, second=second, actor=actor, now=now)
    body = {"draw": draw.pk, "reason": draw.ended_reason, "second": second}
    audit.record("draw.voided", actor=actor, at=now, body=body)
    return draw


@transaction.atomic
def fail_draw(*, draw_id: str, reason: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    End a draw that cannot be completed (未成): a share or the number never came, the server's share is lost.

    The log names the silent persons by their places; they take no part in the next attempt.

    Source: vdraw/1 §17.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    lost = is_secret_lost(draw)
    permissions.can_fail(actor, draw, now=now, secret_lost=lost).require()
    body = {"draw": draw.pk, "reason": _stated(reason)}
    if draw.state == DrawState.REVEALING.value and not lost:
        body["silent"] = ",".join(s.source for s in selectors.silent(draw))
    _end(draw, DrawMove.FAIL, reason=reason, second="", actor=actor, now=now)
    audit.record("draw.failed", actor=actor, at=now, body=body)
    return draw


def is_secret_lost(draw: Draw) -> bool:
    """Whether this installation's key no longer opens the server's share of *draw* (服务器份额丢失)."""
    try:
        vault.unlock(bytes(draw.secret.ciphertext), draw=draw.pk)
    except vault.SecretLost:
        return True
    return False


def _end(draw: Draw, move: DrawMove, *, reason: str, second: str, actor: Actor, now: dt.datetime) -> None:
    tasks = plan_selectors.tasks_for_update(selectors.task_numbers(draw))
    draw.state = DRAW_MOVES[DrawState(draw.state), move].value
    draw.ended_at = now
    draw.ended_reason = _stated(reason)
    draw.ended_by = actor.code
    draw.ended_second = second
    draw.save()
    plans.move_all(tasks, TaskMove.UNSEAL, actor=actor, now=now)


def _stated(reason: str) -> str:
    """The reason as every later receipt states it: one line, not longer than the protocol's texts."""
    said = " ".join(unicodedata.normalize("NFC", reason).split())
    if not said:
        raise NotDrawable(_("必须写明原因"))
    if len(said) > LONGEST_REASON or not said.isprintable():
        raise NotDrawable(_("原因不能超过%(most)s个字，且不能含控制字符") % {"most": LONGEST_REASON})
    return said


@transaction.atomic
def restore_share(
    *, draw_id: str, server_text: bytes, actor: Actor, now: dt.datetime, entropy: Entropy
) -> Draw:
    """
    Take the server's share back from its deposit (恢复服务器份额); an incident, and logged as one.

    Args:
        draw_id: A sealed draw that is not drawn yet.
        server_text: What the custodian decrypted with ``age -d``: ``server.txt``, byte for byte.
        actor: Supervisor or auditor.
        now: When.
        entropy: Where the cipher's nonce comes from; the blinds' key is made up anew if it was lost as well.

    Raises:
        NotDrawable: The text is not what was sealed.

    Source: vdraw/1 §7.1, §17.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_restore_share(actor, draw).require()
    seal = seals.Seal.parse(selectors.content(draw, "seal.json"))
    if suites.suite(draw.suite).hex(server_text) != seal.sources.server:
        raise NotDrawable(_("交回的服务器份额与封存的核对值不符"))
    with explained():
        share = shares.parse_server_text(server_text, draw=draw.pk)
    try:
        blind_key = vault.unlock(bytes(draw.secret.ciphertext), draw=draw.pk)[:32]
    except vault.SecretLost:
        blind_key = entropy(32)
    locked = vault.lock(blind_key + bytes.fromhex(share), draw=draw.pk, entropy=entropy)
    DrawSecret.objects.filter(draw=draw).update(ciphertext=locked)
    audit.record("draw.share_restored", actor=actor, at=now, body={"draw": draw.pk})
    return draw


@transaction.atomic
def disclose(*, draw_id: str, actor: Actor, now: dt.datetime) -> Draw:
    """Hand the bundle to those the seal names, once its tasks are finished (披露; vdraw/1 §15)."""
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_disclose(actor, draw, list(selectors.tasks(draw))).require()
    draw.state = DRAW_MOVES[DrawState(draw.state), DrawMove.DISCLOSE].value
    draw.disclosed_at = now
    draw.save()
    audit.record("draw.disclosed", actor=actor, at=now, body={"draw": draw.pk, "to": draw.disclose_to})
    audit.checkpoint(now, origin=rules.log_origin(draw.org))
    return draw
