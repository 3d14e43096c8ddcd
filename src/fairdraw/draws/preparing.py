"""
Freezing the lists of a pool for approval (编制抽取底册; vdraw/1 §6.3), and what a repeated attempt carries over.

After a failed attempt everything stays as it was, byte for byte; only after a voided one may lists change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from drawcore import seal as seals
from drawcore import sealing, suites
from drawcore.rows import list_root
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.draws import (
    disclosing,
    frames,
    keep,
    limits,
    overlaps,
    permissions,
    receiving,
    rules,
    sealtext,
    selectors,
    unmatched,
    vault,
)
from fairdraw.draws.frames import ReceivedList
from fairdraw.draws.models import Draw, DrawFile, DrawPart, DrawSecret, DrawSource
from fairdraw.draws.permissions import OneDrawOnly
from fairdraw.draws.refusals import NotDrawable, RepeatRefused, explained
from fairdraw.draws.rules import Entropy
from fairdraw.draws.selectors import Person
from fairdraw.draws.states import DrawState, Purpose
from fairdraw.files.models import StoredFile
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM, Actor
from fairdraw.plans import merging
from fairdraw.plans import selectors as plan_selectors
from fairdraw.plans.models import Task
from fairdraw.registers import services as registers
from fairdraw.rulebook import selectors as rulebook

KEY = "joint"


@dataclass(frozen=True)
class _Frozen:
    """Frozen lists and plan: their files, the approval code, the register's place, the blinds' key."""

    files: Mapping[str, StoredFile]
    approval: str
    register_seq: int
    blind_key: bytes


@transaction.atomic
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
    lists: Mapping[str, ReceivedList] | None = None,
    disclosure: seals.Disclosure = disclosing.TO_AUDITORS,
    suite: str = "sha256",
    prf: str = "keyhash",
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
        entropy: Where the blinds' key, the server's share and the draw's UUID come from.
        lists: Lists drawn elsewhere, by task number; these tasks only get inspectors.
        disclosure: Who will be handed the bundle, and when; stays as it is with the frozen lists.
        suite: Hash suite.
        prf: Name of the function that makes the random numbers.

    Raises:
        DrawRefused: An empty frame or part, too few inspectors, …: says which rule and what would mend it.
        DrawnTogether: A task of a joint check is left behind.
        ProposalsOpen: A proposal to merge with a task left outside has no answer.
        OneDrawOnly: A task has been drawn, stands in another draw, or the number has a live draw.
        RepeatRefused: The number's failed or voided attempt must be repeated otherwise.

    Source: vdraw/1 §6.3, §13.
    """
    received = dict(lists or {})
    ordered = sorted(plan_selectors.tasks_for_update(t.number for t in tasks), key=lambda t: t.number)
    permissions.can_prepare(actor, ordered).require()
    _require_own_org(org)
    receiving.require_as_received(ordered, received, suite=suite)
    purposes = {t.number: Purpose.INSPECTORS if t.number in received else Purpose.MAIN for t in ordered}
    earlier = selectors.last_ended(org, number)
    draw = Draw(
        id=rules.new_uuid(entropy),
        org=org,
        number=number,
        attempt=earlier.attempt + 1 if earlier else 1,
        prev=earlier.seal or "" if earlier else "",
        agency=agency,
        year=ordered[0].year,
        level=level,
        suite=suite,
        prf=prf,
        disclose_to=disclosure.to,
        disclose_when=disclosure.when,
        beacon_kind=beacon[0] if beacon else "",
        beacon_round=beacon[1] if beacon else "",
        prepared_at=now,
    )
    _require_persons(draw, persons, now=now)
    if earlier is not None:
        _require_repeatable(draw, earlier, persons, purposes)
    if earlier is not None and earlier.state == DrawState.FAILED.value:
        frozen = _carried_over(earlier, entropy)
    else:
        frozen = _freshly_frozen(
            ordered, received, suite=suite, now=now, entropy=entropy, is_public=disclosure.to == "public"
        )
    draw.approval_code, draw.register_seq = frozen.approval, frozen.register_seq
    _insert(draw, purposes)
    keep.name(draw, frozen.files)
    disclosing.require_allowed(draw, ordered)
    locked = vault.lock(frozen.blind_key + entropy(32), draw=draw.pk, entropy=entropy)
    DrawSecret.objects.create(draw=draw, ciphertext=locked)
    _name_persons(draw, persons)
    _log(draw, actor=actor, now=now)
    return draw


def _log(draw: Draw, *, actor: Actor, now: dt.datetime) -> None:
    body = {"number": draw.number, "approval": draw.approval_code}
    audit.record("frame.frozen", actor=actor, at=now, body=body)
    if draw.disclose_to == "public":
        chosen = {**body, "to": draw.disclose_to, "when": draw.disclose_when}
        audit.record("frame.disclosure", actor=actor, at=now, body=chosen)


def _name_persons(draw: Draw, persons: Sequence[Person]) -> None:
    DrawSource.objects.bulk_create(
        DrawSource(
            draw=draw, source=source, position=n, user_id=p.user_id, office_id=p.agency_id, role=p.role
        )
        for n, (source, p) in enumerate(_sources(persons), start=1)
    )


def _sources(persons: Sequence[Person]) -> list[tuple[str, Person]]:
    return [(f"p{n}", person) for n, person in enumerate(persons, start=1)]


def _require_own_org(org: str) -> None:
    installed = accounts.installation()
    if installed is None or installed.org != org:
        raise NotDrawable(_("机关代码 %(org)s 不是本安装的代码，不能抽取") % {"org": org})


def _require_persons(draw: Draw, persons: Sequence[Person], *, now: dt.datetime) -> None:
    users = [p.user_id for p in persons]
    if len(users) < rules.MIN_REVEALS:
        raise NotDrawable(_("须有发起人和另一股室的监督人"))
    if None in users or len(set(users)) < len(users):
        raise NotDrawable(_("参与人须各用本人的账号，一人只能担任一种角色"))
    if draw.beacon_kind and draw.beacon_kind not in rules.BEACONS:
        raise NotDrawable(_("公开随机数的种类 %(kind)s 没有启用") % {"kind": draw.beacon_kind})
    codes = dict(Agency.objects.filter(pk__in=[p.agency_id for p in persons]).values_list("pk", "code"))
    named = [seals.Person(source, codes[p.agency_id], p.role) for source, p in _sources(persons)]
    with explained():
        sealtext.require_sealable(draw, persons=named, now=now)


def _require_repeatable(
    draw: Draw, earlier: Draw, persons: Sequence[Person], purposes: Mapping[str, Purpose]
) -> None:
    """What the protocol asks of a repeated attempt (vdraw/1 §6.3, §17)."""
    if (draw.suite, draw.prf) != (earlier.suite, earlier.prf):
        raise RepeatRefused(_("重新抽取须沿用上次的密码算法"))
    if draw.level < earlier.level:
        raise RepeatRefused(_("重新抽取的级别不得低于上次（%(level)s级）") % {"level": earlier.level})
    if earlier.state != DrawState.FAILED.value:
        return
    before = {p.task: p.purpose for p in DrawPart.objects.filter(draw=earlier)}
    if before != {task: purpose.value for task, purpose in purposes.items()}:
        raise RepeatRefused(_("上次抽取未成，须以原任务、原名单重新抽取，不得增减"))
    silent = {s.user_id: s for s in selectors.failed_by(earlier)}
    for person in persons:
        if person.user_id in silent:
            raise RepeatRefused(
                _("%(name)s 上次锁定后没有开启份额，不得参与本次抽取，请换人")
                % {"name": silent[person.user_id].user}
            )


def _carried_over(earlier: Draw, entropy: Entropy) -> _Frozen:
    held = DrawFile.objects.filter(
        draw=earlier, name__in=("plan.json", *keep.LISTS, keep.CLASSES)
    ).select_related("stored")
    try:
        blind_key = vault.unlock(bytes(earlier.secret.ciphertext), draw=earlier.pk)[:32]
    except vault.SecretLost:  # the reason why it failed; the blinds themselves stand in the lists
        blind_key = entropy(32)
    files = {f.name: f.stored for f in held}
    return _Frozen(files, earlier.approval_code, earlier.register_seq, blind_key)


def _freshly_frozen(
    tasks: Sequence[Task],
    received: Mapping[str, ReceivedList],
    *,
    suite: str,
    now: dt.datetime,
    entropy: Entropy,
    is_public: bool,
) -> _Frozen:
    here = [task for task in tasks if task.number not in received]
    merging.require_together(here)
    overlaps.require_answered(here)
    chosen = suites.suite(suite)
    blind_key = entropy(32)
    registers.settle_tags(actor=SYSTEM, now=now)
    selectors.hold_registers()
    register_seq = selectors.register_seq()
    today = clock.local_date(now)
    # Hits are internal as classes are: what the public gets is drawn without them (vdraw/1 §15).
    spreads = not is_public and bool(rulebook.number("spread_draws", today))
    with explained():
        sealed, classes = frames.build(
            tasks,
            lists=received,
            suite=chosen,
            blind_key=blind_key,
            key=KEY,
            on=today,
            spreads=spreads,
        )
        seen = unmatched.check_sealing(sealed, tasks)
        plan = sealed.plan.encode()
    _require_within_limits(here, seen)
    lists = {name: getattr(sealed, name.removesuffix(".tsv")).data for name in keep.LISTS}
    roots = {name.removesuffix(".tsv"): list_root(data, chosen) for name, data in lists.items()}
    files = keep.put({"plan.json": plan, **lists, keep.CLASSES: classes}, now=now)
    return _Frozen(files, seals.approval_code(chosen, plan, roots), register_seq, blind_key)


def _require_within_limits(tasks: Sequence[Task], seen: sealing.Preview) -> None:
    """A general item is drawn up to the limit that the item list gives it (rules.md B3)."""
    for task in tasks:
        held, drawn = seen.member.in_scope(task.number), seen.drawn(task.number)
        for over in limits.beyond(task, held=held, drawn=drawn):
            raise NotDrawable(_("%(over)s；请调整方案后再抽取") % {"over": over})


def _insert(draw: Draw, purposes: Mapping[str, Purpose]) -> None:
    """The draw and its parts, or a refusal in words: the database holds the one-draw rule."""
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
            for task, purpose in purposes.items():
                DrawPart.objects.create(draw=draw, org=draw.org, task=task, part=task, purpose=purpose.value)
    except IntegrityError as error:
        raise OneDrawOnly(
            _("其中有任务已在另一次抽取中，或编号 %(n)s 已有进行中的抽取；一项任务只抽取一次")
            % {"n": draw.number}
        ) from error


@transaction.atomic
def discard_draw(*, draw_id: str, actor: Actor, now: dt.datetime) -> None:
    """
    Throw frozen lists away before they are sealed, so that the tasks can be prepared anew (撤销底册).

    Nothing random exists yet; both the freezing and this stay in the log.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_discard(actor, draw).require()
    for rows in (DrawFile, DrawSecret, DrawSource, DrawPart):
        rows.objects.filter(draw=draw).delete()
    body = {"number": draw.number, "approval": draw.approval_code}
    draw.delete()
    audit.record("frame.discarded", actor=actor, at=now, body=body)
