"""
The verbs of a draw: prepare, seal, commit, reveal, enter the number, complete, void, fail (抽取程序).

States move only in transactions; files are on disk before the transaction that names them. Killing the
process between any two steps leads to the same bytes, since the outcome is a function of the files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from drawcore import seal as seals
from drawcore import sealing, shares, suites
from drawcore import seed as seeds
from drawcore.outcome import Outcome
from drawcore.rows import Commitments, Frame
from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.draws import frames, keep, permissions, receiving, rules, run, selectors, store, vault
from fairdraw.draws.frames import ReceivedList
from fairdraw.draws.models import Draw, DrawPart, DrawSecret, DrawSource
from fairdraw.draws.refusals import NotDrawable, explained
from fairdraw.draws.rules import Entropy
from fairdraw.draws.selectors import Person
from fairdraw.draws.states import DRAW_MOVES, DrawMove, DrawState, Purpose
from fairdraw.files import services as files
from fairdraw.kernel.actor import Actor
from fairdraw.plans import selectors as plan_selectors
from fairdraw.plans import services as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskMove

LISTS = ("frame.tsv", "excluded.tsv", "officers.tsv", "recusals.tsv")


def prepare_draw(
    *,
    tasks: Sequence[Task],
    number: str,
    org: str,
    agency: Agency,
    persons: Sequence[Person],
    level: int,
    beacon: tuple[str, str] | None,
    actor: Actor,
    now: dt.datetime,
    entropy: Entropy,
    lists: dict[str, ReceivedList] | None = None,
    suite: str = "sha256",
) -> Draw:
    """
    Freeze the lists and the plan of a pool for approval (编制抽取底册); gives the approval code.

    Args:
        tasks: The pool's tasks, approved.
        number: The draw's own number: the task's, or the pool's.
        org: The organisation of the installation.
        agency: The initiating section.
        persons: Initiator, supervisor of another section, and a witness at levels 2 and 3.
        level: 1 日常, 2 批次, 3 公开抽取.
        beacon: Kind and round of the public number, at levels 2 and 3.
        entropy: Where the blinds' key and the draw's UUID come from.
        lists: Lists drawn elsewhere, by task number; these tasks only get inspectors.
        suite: Hash suite.

    Raises:
        DrawRefused: An empty frame or part, too few inspectors, …: says which rule and what would mend it.
        permissions.OneDrawOnly: A task has been drawn.

    Source: vdraw/1 §6.3.
    """
    received = lists or {}
    ordered = sorted(tasks, key=lambda t: t.number)
    permissions.can_prepare(actor, ordered).require()
    receiving.require_as_received(ordered, received, suite=suite)
    chosen = suites.suite(suite)
    blind_key = entropy(32)
    with explained():
        sealed = frames.build(ordered, lists=received, suite=chosen, blind_key=blind_key, key="joint")
        sealing.check_sealing(sealed)
        plan_bytes = sealed.plan.encode()
    contents = {"plan.json": plan_bytes} | {n: getattr(sealed, n.removesuffix(".tsv")).data for n in LISTS}
    code = seals.approval_code(chosen, plan_bytes, seals.list_roots(sealed, chosen))
    stored = keep.put(contents, now=now)
    draw_id = rules.new_uuid(entropy)
    locked = vault.lock(blind_key + entropy(32), draw=draw_id, entropy=entropy)
    with transaction.atomic():
        earlier = selectors.last_ended(org, number)
        draw = Draw(
            id=draw_id,
            org=org,
            number=number,
            attempt=earlier.attempt + 1 if earlier else 1,
            prev=earlier.seal or "" if earlier else "",
            agency=agency,
            year=ordered[0].year,
            level=level,
            suite=suite,
            approval_code=code,
            beacon_kind=beacon[0] if beacon else "",
            beacon_round=beacon[1] if beacon else "",
            prepared_at=now,
        )
        _insert(draw, ordered, received)
        keep.name(draw, stored)
        DrawSecret.objects.create(draw=draw, ciphertext=locked)
        DrawSource.objects.bulk_create(
            DrawSource(
                draw=draw, source=f"p{n}", position=n, user_id=p.user_id, office_id=p.agency_id, role=p.role
            )
            for n, p in enumerate(persons, start=1)
        )
        audit.record("frame.frozen", actor=actor, at=now, body={"number": number, "approval": code})
    return draw


def _insert(draw: Draw, tasks: Sequence[Task], received: dict[str, ReceivedList]) -> None:
    """The draw and its parts, or a refusal in words: the database holds the one-draw rule."""
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
            for task in tasks:
                purpose = Purpose.INSPECTORS if task.number in received else Purpose.MAIN
                DrawPart.objects.create(
                    draw=draw, org=draw.org, task=task.number, part=task.number, purpose=purpose.value
                )
    except IntegrityError as error:
        raise permissions.OneDrawOnly(
            _("其中有任务已在另一次抽取中，或编号 %(n)s 已有进行中的抽取；一项任务只抽取一次")
            % {"n": draw.number}
        ) from error


def seal_draw(*, draw_id: str, custodian: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Seal lists, plan, persons and deadlines, with the hash of the server's share (封存; vdraw/1 §6.2).

    Args:
        draw_id: The prepared draw.
        custodian: The custodian's public key (``age1…``), to whom the server's share is deposited.
        actor: The initiator.
        now: The moment of sealing.
    """
    draw = selectors.draw(actor, draw_id)
    permissions.can_seal(actor, draw).require()
    share = _server_share(draw)
    server = shares.server_text(draw.id, share)
    with explained():
        seal_bytes = _seal(draw, server=server, custodian=custodian, now=now).encode()
    digest = seals.seal_hash(seal_bytes, suites.suite(draw.suite))
    stored = keep.put({"seal.json": seal_bytes, "server.txt": server}, now=now)
    held = files.store(
        vault.deposit(server, custodian=custodian),
        media_type="application/octet-stream",
        name="deposit.age",
        now=now,
    )
    with transaction.atomic():
        draw = selectors.locked(draw_id)
        permissions.can_seal(actor, draw).require()
        tasks = plan_selectors.tasks_for_update(selectors.task_numbers(draw))
        draw.state = DrawState.SEALED.value
        draw.seal = digest
        draw.sealed_at = now
        draw.commit_by = now + dt.timedelta(hours=rules.COMMIT_HOURS)
        draw.reveal_by = now + dt.timedelta(hours=rules.COMMIT_HOURS + rules.REVEAL_HOURS)
        draw.save()
        keep.name(draw, stored)
        DrawSecret.objects.filter(draw=draw).update(deposit=held)
        plans.move_all(tasks, TaskMove.SEAL, actor=actor, now=now)
        audit.record("draw.sealed", actor=actor, at=now, body={"draw": draw.id, "seal": digest})
    return draw


def _server_share(draw: Draw) -> str:
    return vault.unlock(bytes(draw.secret.ciphertext), draw=draw.id)[32:].hex()


def _seal(draw: Draw, *, server: bytes, custodian: str, now: dt.datetime) -> seals.Seal:
    suite = suites.suite(draw.suite)
    sealed = run.sealed_of({n: selectors.content(draw, n) for n in ("plan.json", *LISTS)})
    roots = seals.list_roots(sealed, suite)
    at = int(now.timestamp())
    commit_by = at + rules.COMMIT_HOURS * 3600
    reveal_by = commit_by + rules.REVEAL_HOURS * 3600
    persons = tuple(seals.Person(s.source, s.office.code, s.role) for s in selectors.sources(draw))
    beacon = seals.BeaconRound(draw.beacon_kind, draw.beacon_round) if draw.beacon_kind else None
    sources = seals.Sources(
        server=suite.hex(server),
        persons=persons,
        min_reveals=2,
        custodian=suite.hex(custodian.encode()) if custodian else "",
        beacon=beacon,
    )
    return seals.Seal(
        suite=draw.suite,
        prf=draw.prf,
        level=draw.level,
        org=draw.org,
        number=draw.number,
        draw=draw.id,
        attempt=draw.attempt,
        prev=draw.prev,
        sealed_at=at,
        commit_by=commit_by,
        reveal_by=reveal_by,
        beacon_from=0,
        register_seq=selectors.register_seq(),
        plan=suite.hex(sealed.plan.encode()),
        sources=sources,
        disclosure=seals.Disclosure(draw.disclose_to, draw.disclose_when),
        **roots,
    )


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
        envelope: The commit text encrypted to the custodian, if the device handed one in.
        actor: The person.
        now: When.
    """
    draw = selectors.locked(draw_id)
    place = selectors.sources(draw).get(source=source)
    permissions.can_commit(actor, draw, place, now=now).require()
    place.commitment = commitment
    place.committed_at = now
    body: dict[str, str] = {"draw": draw.id, "source": source, "commit": commitment}
    if envelope is not None:
        place.envelope = files.store(
            envelope, media_type="application/octet-stream", name="envelope.age", now=now
        )
        body["envelope"] = suites.suite(draw.suite).hex(envelope)
    place.save()
    audit.record("draw.commit", actor=actor, at=now, body=body)
    if not selectors.sources(draw).filter(commitment="").exists():
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
    audit.record("draw.reveals_open", actor=actor, at=now, body={"draw": draw.id, "commits": digest})


@transaction.atomic
def reveal(
    *,
    draw_id: str,
    source: str,
    salt: str,
    share: str,
    actor: Actor,
    now: dt.datetime,
    by_envelope: bool = False,
) -> Draw:
    """
    Open a person's share (开启); accepted only if it gives the logged commitment (vdraw/1 §7.2).

    When the last one is in and the draw names a public number, it waits for that.
    """
    draw = selectors.locked(draw_id)
    place = selectors.sources(draw).get(source=source)
    permissions.can_reveal(actor, draw, place).require()
    suite = suites.suite(draw.suite)
    with explained():
        given = shares.commitment(suite, seal=draw.seal or "", source=source, salt=salt, share=share)
    if given != place.commitment:
        raise NotDrawable(_("开启的份额与锁定值不符，请用锁定时的设备开启"))
    place.salt, place.share = salt, share
    place.revealed_at = now
    place.by_envelope = by_envelope
    place.save()
    body = {"draw": draw.id, "source": source, "salt": salt, "share": share}
    if by_envelope:
        body["by"] = "envelope"
    audit.record("draw.reveal", actor=actor, at=now, body=body)
    all_in = not selectors.sources(draw).filter(commitment__gt="", revealed_at__isnull=True).exists()
    if all_in and draw.beacon_kind:
        draw.state = DRAW_MOVES[DrawState(draw.state), DrawMove.AWAIT_NUMBER].value
        draw.save()
    return draw


@transaction.atomic
def enter_number(*, draw_id: str, first: str, second: str, actor: Actor, now: dt.datetime) -> Draw:
    """Enter the public number, typed by two people independently (录入公开随机数; vdraw/1 §7.4)."""
    draw = selectors.locked(draw_id)
    if draw.state != DrawState.WAITING.value or draw.beacon_value:
        raise NotDrawable(_("现在不能录入公开随机数"))
    if first != second:
        raise NotDrawable(_("两次录入不一致，请核对后重新录入"))
    with explained():
        value = seeds.BeaconValue(draw.beacon_kind, draw.beacon_round, first)
        seeds.check_number(value, seals.Seal.parse(selectors.content(draw, "seal.json")))
    draw.beacon_value = first
    draw.save()
    body = {"draw": draw.id, "name": draw.beacon_kind, "round": draw.beacon_round, "value": first}
    audit.record("draw.beacon", actor=actor, at=now, body=body)
    return draw


def compute(draw: Draw) -> tuple[bytes, Outcome]:
    """
    Compute seed and outcome of a draw whose sources are all in (抽取运算); changes nothing.

    Returns:
        The bytes of ``seed.txt`` and the outcome.

    Raises:
        DrawRefused: Too few shares were opened, or the number is missing.
    """
    if draw.beacon_kind and not draw.beacon_value:
        raise NotDrawable(_("公开随机数尚未产生"))
    if (
        selectors.sources(draw).filter(commitment__gt="", revealed_at__isnull=True).exists()
        and not draw.beacon_kind
    ):
        raise NotDrawable(_("还有参与人没有开启随机份额"))
    inputs = {n: selectors.content(draw, n) for n in ("seal.json", "plan.json", "commits.tsv", *LISTS)}
    with explained():
        inputs["seed.txt"] = run.seed_text(
            inputs["seal.json"],
            server=_server_share(draw),
            commits=inputs["commits.tsv"],
            reveals={s.source: (s.salt, s.share) for s in selectors.sources(draw) if s.revealed_at},
            number=(draw.beacon_kind, draw.beacon_round, draw.beacon_value) if draw.beacon_kind else None,
        )
        return inputs["seed.txt"], run.compute(inputs)


def complete_draw(*, draw_id: str, actor: Actor, now: dt.datetime) -> Draw:
    """
    Draw targets and inspectors, now that the last source is known (监督并抽取).

    The outcome is computed before the transaction that stores it; of many requests one wins, the
    others are refused.
    """
    draw = selectors.draw(actor, draw_id)
    permissions.can_complete(actor, draw).require()
    seed, outcome = compute(draw)
    frame = Frame.parse(selectors.content(draw, "frame.tsv"))
    stored = keep.put({"seed.txt": seed, "result.tsv": outcome.result, "assign.tsv": outcome.assign}, now=now)
    with transaction.atomic():
        draw = selectors.locked(draw_id)
        permissions.can_complete(actor, draw).require()
        tasks = plan_selectors.tasks_for_update(selectors.task_numbers(draw))
        suite = suites.suite(draw.suite)
        draw.state = DrawState.DRAWN.value
        draw.seed_hash = seeds.seed_hash(seeds.seed_of(seed, suite), suite)
        draw.result_root = outcome.result_root.root
        draw.drawn_at = now
        draw.save()
        keep.name(draw, stored)
        store.rows(draw, tasks, outcome, frame, now=now)
        plans.move_all(tasks, TaskMove.DRAW, actor=actor, now=now)
        body = {
            "draw": draw.id,
            "seed_hash": draw.seed_hash,
            "result": outcome.result_root.root,
            "assign": outcome.assign_root.root,
        }
        audit.record("draw.drawn", actor=actor, at=now, body=body)
    return draw


@transaction.atomic
def void_draw(*, draw_id: str, reason: str, second: str, actor: Actor, now: dt.datetime) -> Draw:
    """Give a sealed draw up before reveals open, with reason and second approver (作废; X02)."""
    draw = selectors.locked(draw_id)
    permissions.can_void(actor, draw, second=second).require()
    if not reason.strip():
        raise NotDrawable(_("作废必须写明原因"))
    _end(draw, DrawMove.VOID, reason=reason, second=second, actor=actor, now=now)
    audit.record(
        "draw.voided", actor=actor, at=now, body={"draw": draw.id, "reason": reason, "second": second}
    )
    return draw


@transaction.atomic
def fail_draw(*, draw_id: str, reason: str, actor: Actor, now: dt.datetime) -> Draw:
    """End a draw that cannot be completed: a share or the number never came (未成; vdraw/1 §17)."""
    draw = selectors.locked(draw_id)
    permissions.can_move(draw, DrawMove.FAIL).require()
    _end(draw, DrawMove.FAIL, reason=reason, second="", actor=actor, now=now)
    audit.record("draw.failed", actor=actor, at=now, body={"draw": draw.id, "reason": reason})
    return draw


def _end(draw: Draw, move: DrawMove, *, reason: str, second: str, actor: Actor, now: dt.datetime) -> None:
    tasks = plan_selectors.tasks_for_update(selectors.task_numbers(draw))
    draw.state = DRAW_MOVES[DrawState(draw.state), move].value
    draw.ended_at = now
    draw.ended_reason = reason
    draw.ended_by = actor.code
    draw.ended_second = second
    draw.save()
    plans.move_all(tasks, TaskMove.UNSEAL, actor=actor, now=now)


@transaction.atomic
def disclose(*, draw_id: str, actor: Actor, now: dt.datetime) -> Draw:
    """Hand the bundle to those the seal names, once its tasks are finished (披露; vdraw/1 §15)."""
    draw = selectors.locked(draw_id)
    permissions.can_move(draw, DrawMove.DISCLOSE).require()
    draw.state = DRAW_MOVES[DrawState(draw.state), DrawMove.DISCLOSE].value
    draw.disclosed_at = now
    draw.save()
    audit.record("draw.disclosed", actor=actor, at=now, body={"draw": draw.id, "to": draw.disclose_to})
    return draw
