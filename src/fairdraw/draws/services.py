"""
The verbs of a draw: prepare, seal, lock, open, enter the number, complete; void, fail, disclose (抽取程序).

States move only in transactions; files are on disk before the transaction that names them. Killing the
process between any two steps leads to the same bytes, since the outcome is a function of the files.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from drawcore import seal as seals
from drawcore import seed as seeds
from drawcore import shares, suites
from drawcore.outcome import Outcome
from drawcore.rows import Commitments, Frame
from drawcore.shapes import HEX64
from fairdraw.audit import services as audit
from fairdraw.draws import keep, permissions, rules, run, sealtext, selectors, store, vault
from fairdraw.draws.ending import disclose, fail_draw, is_secret_lost, restore_share, void_draw
from fairdraw.draws.keep import LISTS
from fairdraw.draws.models import Draw, DrawSecret, DrawSource
from fairdraw.draws.preparing import discard_draw, prepare_draw
from fairdraw.draws.refusals import NotDrawable, explained
from fairdraw.draws.states import DRAW_MOVES, DrawMove, DrawState
from fairdraw.files import services as files
from fairdraw.kernel.actor import Actor
from fairdraw.plans import merging
from fairdraw.plans import selectors as plan_selectors
from fairdraw.plans import services as plans
from fairdraw.plans.states import TaskMove

__all__ = [
    "LISTS",
    "close_commitments",
    "close_reveals",
    "commit",
    "complete_draw",
    "compute",
    "discard_draw",
    "disclose",
    "enter_number",
    "fail_draw",
    "is_secret_lost",
    "open_envelope",
    "prepare_draw",
    "restore_share",
    "reveal",
    "seal_draw",
    "void_draw",
]
AGE = b"age-encryption.org/v1\n"


@transaction.atomic
def seal_draw(*, draw_id: str, custodian: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Seal lists, plan, persons and deadlines, with the hash of the server's share (封存; vdraw/1 §6.2).

    The share itself stays encrypted until the draw. A checkpoint of the log is made before commitments open.

    Args:
        draw_id: The prepared draw.
        custodian: The custodian's public key (``age1…``), to whom the server's share is deposited; empty
            only where envelopes are of paper (levels 2 and 3).
        actor: The initiator.
        now: The moment of sealing.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_seal(actor, draw).require()
    tasks = plan_selectors.tasks_for_update(selectors.task_numbers(draw))
    merging.require_together(tasks)
    server = shares.server_text(draw.pk, _server_share(draw))
    with explained():
        seal = _seal(draw, server=server, custodian=custodian, now=now)
        text = seal.encode()
        _check_repeat(draw, seal)
    if custodian:
        sealed = vault.deposit(server, custodian=custodian)
        held = files.store(sealed, media_type=keep.BYTES, name="deposit.age", now=now)
        DrawSecret.objects.filter(draw=draw).update(deposit=held)
    keep.name(draw, keep.put({"seal.json": text}, now=now))
    draw.state = DRAW_MOVES[DrawState(draw.state), DrawMove.SEAL].value
    draw.seal = seals.seal_hash(text, suites.suite(draw.suite))
    draw.sealed_at = now
    draw.commit_by = dt.datetime.fromtimestamp(seal.commit_by, dt.UTC)
    draw.reveal_by = dt.datetime.fromtimestamp(seal.reveal_by, dt.UTC)
    draw.save()
    plans.move_all(tasks, TaskMove.SEAL, actor=actor, now=now)
    audit.record("draw.sealed", actor=actor, at=now, body={"draw": draw.pk, "seal": draw.seal})
    audit.checkpoint(now, origin=rules.log_origin(draw.org))
    return draw


def _server_share(draw: Draw) -> str:
    return vault.unlock(bytes(draw.secret.ciphertext), draw=draw.pk)[32:].hex()


def _seal(draw: Draw, *, server: bytes, custodian: str, now: dt.datetime) -> seals.Seal:
    suite = suites.suite(draw.suite)
    sealed = run.sealed_of({n: selectors.content(draw, n) for n in ("plan.json", *LISTS)})
    return sealtext.document(
        draw,
        persons=[seals.Person(s.source, s.office.code, s.role) for s in selectors.sources(draw)],
        roots=seals.list_roots(sealed, suite),
        plan=suite.hex(sealed.plan.encode()),
        server=suite.hex(server),
        custodian=custodian,
        now=now,
    )


def _check_repeat(draw: Draw, seal: seals.Seal) -> None:
    before = selectors.attempts_before(draw).last()
    if before is not None:
        earlier = seals.Seal.parse(selectors.content(before, "seal.json"))
        voided = before.state == DrawState.VOIDED.value
        seals.check_repeat(earlier, seal, before.seal or "", voided=voided)


@transaction.atomic
def commit(
    *, draw_id: str, source: str, commitment: str, envelope: bytes | None, actor: Actor, now: dt.datetime
) -> Draw:
    """
    Lock a person's share in (锁定); when all have, commitments close and their hash is logged (vdraw/1 §7.2).

    Args:
        draw_id: The sealed draw.
        source: The person's place in the seal.
        commitment: 64 hex digits that the person's device made.
        envelope: The commit text encrypted to the custodian (``age``), if the device handed one in.
        actor: The person.
        now: When.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    place = selectors.source(draw, source)
    permissions.can_commit(actor, draw, place, now=now).require()
    if not HEX64.fullmatch(commitment) or (envelope is not None and not envelope.startswith(AGE)):
        raise NotDrawable(_("锁定值或信封的格式不符，请刷新页面后重新锁定"))
    place.commitment = commitment
    place.committed_at = now
    body: dict[str, str] = {"draw": draw.pk, "source": source, "commit": commitment}
    if envelope is not None:
        place.envelope = files.store(envelope, media_type=keep.BYTES, name="envelope.age", now=now)
        body["envelope"] = suites.suite(draw.suite).hex(envelope)
    place.save()
    audit.record("draw.commit", actor=actor, at=now, body=body)
    if not selectors.sources(draw).filter(commitment="").exists():
        _open_reveals(draw, actor=actor, now=now)
    return draw


@transaction.atomic
def close_commitments(*, draw_id: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Close commitments after their deadline, without those who never locked a share in (锁定截止; vdraw/1 §17).

    Their line in ``seed.txt`` is ``none``; with fewer than two commitments the draw can only be voided.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_close_commitments(actor, draw, now=now).require()
    _open_reveals(draw, actor=actor, now=now)
    return draw


def _open_reveals(draw: Draw, *, actor: Actor, now: dt.datetime) -> None:
    permissions.can_move(draw, DrawMove.OPEN_REVEALS).require()
    locked_in = {s.source: s.commitment for s in selectors.sources(draw) if s.commitment}
    data = Commitments.build(locked_in).data
    keep.name(draw, keep.put({"commits.tsv": data}, now=now))
    draw.state = DRAW_MOVES[DrawState(draw.state), DrawMove.OPEN_REVEALS].value
    draw.reveals_opened_at = now
    draw.save()
    digest = suites.suite(draw.suite).hex(data)
    audit.record("draw.reveals_open", actor=actor, at=now, body={"draw": draw.pk, "commits": digest})


@transaction.atomic
def reveal(*, draw_id: str, source: str, salt: str, share: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Open a person's share (开启); accepted only if it gives the logged commitment (vdraw/1 §7.2).

    When the last one is in and the draw names a public number, it waits for that.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    place = selectors.source(draw, source)
    permissions.can_reveal(actor, draw, place, now=now).require()
    _opened(draw, place, salt=salt, share=share, actor=actor, now=now)
    return draw


@transaction.atomic
def open_envelope(
    *, draw_id: str, source: str, salt: str, share: str, actor: Actor, now: dt.datetime
) -> Draw:
    """
    Open a silent person's envelope on record (开启信封): the seed is what it would have been (vdraw/1 §7.3).

    Args:
        draw_id: The draw whose reveals are past their deadline.
        source: The silent person's place.
        salt: From the envelope.
        share: From the envelope.
        actor: The custodian, or somebody else who is not that person.
        now: When.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    place = selectors.source(draw, source)
    permissions.can_open_envelope(actor, draw, place, now=now).require()
    place.by_envelope = True
    _opened(draw, place, salt=salt, share=share, actor=actor, now=now)
    return draw


def _opened(draw: Draw, place: DrawSource, *, salt: str, share: str, actor: Actor, now: dt.datetime) -> None:
    suite = suites.suite(draw.suite)
    with explained():
        given = shares.commitment(suite, seal=draw.seal or "", source=place.source, salt=salt, share=share)
    if given != place.commitment:
        raise NotDrawable(_("开启的份额与锁定值不符，请用锁定时的设备开启"))
    place.salt, place.share, place.revealed_at = salt, share, now
    place.save()
    body = {"draw": draw.pk, "source": place.source, "salt": salt, "share": share}
    if place.by_envelope:
        body["by"] = "envelope"
    audit.record("draw.reveal", actor=actor, at=now, body=body)
    if draw.beacon_kind and not selectors.silent(draw).exists():
        _await_number(draw, now=now)


@transaction.atomic
def close_reveals(*, draw_id: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Close reveals after their deadline and wait for the number (开启截止); silent persons are ``absent`` (§17).
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_close_reveals(actor, draw, now=now).require()
    _await_number(draw, now=now)
    return draw


def _await_number(draw: Draw, *, now: dt.datetime) -> None:
    draw.state = DRAW_MOVES[DrawState(draw.state), DrawMove.AWAIT_NUMBER].value
    draw.reveals_closed_at = now
    draw.save()


@transaction.atomic
def enter_number(*, draw_id: str, first: str, second: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Enter the public number, typed by two people independently (录入公开随机数; vdraw/1 §7.4).

    Args:
        draw_id: The draw that waits for it.
        first: As supervisor or witness typed it.
        second: As the other one typed it; must be the same.
        actor: Supervisor or witness.
        now: When.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_enter_number(actor, draw).require()
    if first != second:
        raise NotDrawable(_("两次录入不一致，请核对后重新录入"))
    with explained():
        value = seeds.BeaconValue(draw.beacon_kind, draw.beacon_round, first)
        seeds.check_number(value, seals.Seal.parse(selectors.content(draw, "seal.json")))
    draw.beacon_value = first
    draw.save()
    body = {"draw": draw.pk, "name": draw.beacon_kind, "round": draw.beacon_round, "value": first}
    audit.record("draw.beacon", actor=actor, at=now, body=body)
    return draw


def compute(draw: Draw) -> tuple[dict[str, bytes], Outcome]:
    """
    Compute seed and outcome of a draw whose sources are all in (抽取运算); changes nothing.

    Returns:
        ``server.txt``, ``seed.txt``, ``result.tsv`` and ``assign.tsv``, and the outcome in parsed form.

    Raises:
        DrawRefused: Too few shares were opened, or a source does not fit the seal.
        vault.SecretLost: The server's share cannot be opened.
    """
    inputs = {n: selectors.content(draw, n) for n in ("seal.json", "plan.json", "commits.tsv", *LISTS)}
    server = _server_share(draw)
    with explained():
        inputs["seed.txt"] = run.seed_text(
            inputs["seal.json"],
            server=server,
            commits=inputs["commits.tsv"],
            reveals={s.source: (s.salt, s.share) for s in selectors.sources(draw) if s.revealed_at},
            number=(draw.beacon_kind, draw.beacon_round, draw.beacon_value) if draw.beacon_kind else None,
        )
        found = run.compute(inputs)
    made = {
        "server.txt": shares.server_text(draw.pk, server),
        "seed.txt": inputs["seed.txt"],
        "result.tsv": found.result,
        "assign.tsv": found.assign,
    }
    return made, found


def complete_draw(*, draw_id: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Draw targets and inspectors, now that the last source is known (监督并抽取).

    The outcome is computed before the transaction that stores it; of many requests one wins, the
    others are refused.
    """
    draw = selectors.draw(actor, draw_id)
    permissions.can_complete(actor, draw).require()
    made, outcome = compute(draw)
    frame = Frame.parse(selectors.content(draw, "frame.tsv"))
    stored = keep.put(made, now=now)
    with transaction.atomic():
        draw = selectors.locked(draw_id)
        permissions.can_complete(actor, draw).require()
        tasks = plan_selectors.tasks_for_update(selectors.task_numbers(draw))
        suite = suites.suite(draw.suite)
        keep.name(draw, stored)
        draw.state = DrawState.DRAWN.value
        draw.seed_hash = seeds.seed_hash(seeds.seed_of(made["seed.txt"], suite), suite)
        draw.result_root = outcome.result_root.root
        draw.reveals_closed_at = draw.reveals_closed_at or now
        draw.drawn_at = now
        draw.save()
        store.rows(draw, tasks, outcome, frame, now=now)
        plans.move_all(tasks, TaskMove.DRAW, actor=actor, now=now)
        body = {
            "draw": draw.pk,
            "seed_hash": draw.seed_hash,
            "result": outcome.result_root.root,
            "assign": outcome.assign_root.root,
        }
        audit.record("draw.drawn", actor=actor, at=now, body=body)
    return draw
