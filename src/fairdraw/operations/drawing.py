"""
A draw at the command line (命令行抽取): each run takes the one step that its person may take next.

The protocol is that of the pages and no share is ever made for somebody else: initiator, supervisor and witness each
run the command with the own account. A person's share lies in a file of that person alone, outside the installation,
from locking to opening. Only a rehearsal lets one run play all persons (vdraw/1 §2).
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, User
from fairdraw.desk import device, draw_page, rules, services
from fairdraw.desk.device import Share
from fairdraw.draws import bundles, permissions, sheets, shown
from fairdraw.draws import selectors as draws
from fairdraw.draws import services as verbs
from fairdraw.draws.models import Draw, DrawSource
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.states import DRAW_LABELS, ENDED, DrawState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE, Actor, Duty
from fairdraw.kernel.errors import InvalidInput, NotFound, RuleBroken
from fairdraw.plans.models import Task

Entropy = Callable[[int], bytes]
Ask = Callable[[str], str]
BALLS = 20


class CodesDiffer(RuleBroken):
    """The signed approval sheet and the sealed draw have different check codes."""

    code = "operations.codes-differ"


class NotARehearsal(RuleBroken):
    """A real draw is made by its persons, each with the own account."""

    code = "operations.not-a-rehearsal"


@dataclass(frozen=True)
class Asked:
    """
    Which draw, and what a new one needs.

    Attributes:
        number: Of the task, or of the pool.
        tasks: The tasks of a new pool; none for a task's own draw.
        supervisor: The supervisor's account; may be empty where only one person can supervise.
        witness: The witness's account, for a pool.
    """

    number: str
    tasks: tuple[str, ...] = ()
    supervisor: str = ""
    witness: str = ""


class Keeping:
    """Where a person keeps shares between locking and opening: files of mode 600 in a folder of one's own."""

    def __init__(self, folder: Path) -> None:
        """Keep them in *folder*."""
        self.folder = folder

    def _file(self, draw: Draw, source: str) -> Path:
        return self.folder / f"{draw.pk}-{source}.json"

    def keep(self, draw: Draw, source: str, share: Share) -> None:
        """Keep a share, on the disk before anything is locked with it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._file(draw, source), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            said = _("不能在 %(folder)s 存放随机份额，没有锁定；请用 --keep 另指一个本人的目录")
            raise InvalidInput(said % {"folder": self.folder}) from error
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump({"seal": draw.seal, "salt": share.salt, "share": share.share}, file)
            file.flush()
            os.fsync(file.fileno())

    def held(self, draw: Draw, source: str) -> Share | None:
        """The share kept for a place of the draw under its present seal."""
        try:
            kept = json.loads(self._file(draw, source).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return Share(kept["salt"], kept["share"]) if kept.get("seal") == draw.seal else None

    def forget(self, draw: Draw, source: str) -> None:
        """Nothing is secret any more."""
        with contextlib.suppress(OSError):
            self._file(draw, source).unlink()


@dataclass(frozen=True)
class Person:
    """Who acts, where the share is kept, and how questions reach that person."""

    actor: Actor
    keeping: Keeping
    ask: Ask
    entropy: Entropy


def find(number: str) -> Draw | None:
    """The attempt under *number* that is under way or done; else the last one; ``None`` before the first."""
    rows = Draw.objects.filter(number=number).select_related("agency").order_by("-attempt")
    return rows.exclude(state__in=[s.value for s in ENDED]).first() or rows.first()


def step(asked: Asked, person: Person) -> Draw:
    """
    Take the step that is the person's next: prepare and seal, supervise, lock, open, enter the number.

    Raises:
        FairdrawError: It is not this person's turn, or what was asked for is not allowed; nothing has changed.
    """
    draw = find(asked.number)
    if draw is None or DrawState(draw.state) in ENDED:
        draw = _prepare(asked, person.actor, person.entropy)
    draw = draw_page.visible(person.actor, draw.pk)
    if draw.state == DrawState.DRAFT.value:
        draw = verbs.seal_draw(
            draw_id=draw.pk, custodian=services.custodian(), actor=person.actor, now=clock.now()
        )
    if draw_page.is_finished(draw):
        return services.settle(draw_id=draw.pk, now=clock.now())
    mine = draws.source_of(person.actor, draw)
    if mine is None:
        raise NotFound(_("您不是抽取 %(n)s 的参与人") % {"n": draw.number})
    if draw.state == DrawState.SEALED.value and not mine.commitment:
        if mine.role == "supervisor":
            _compare(draw, person.ask)
        draw = _lock(draw, mine, person)
        mine.refresh_from_db()
    if draw.state == DrawState.REVEALING.value and mine.revealed_at is None:
        draw = _open(draw, mine, person)
    if draw.state == DrawState.WAITING.value and permissions.can_enter_number(person.actor, draw):
        draw = _number(draw, person)
    return draw


def _prepare(asked: Asked, actor: Actor, entropy: Entropy) -> Draw:
    tasks = draw_page.tasks_by_number(actor, list(asked.tasks) or [asked.number])
    if asked.tasks and asked.number != (following := draw_page.pool_number(tasks[0].year)):
        raise InvalidInput(_("批次抽取的下一个编号是 %(n)s") % {"n": following})
    office = draw_page.initiating_office(actor, tasks)
    return services.prepare(
        tasks=tasks,
        number=asked.number,
        agency=office,
        supervisor=_one(Duty.SUPERVISOR, asked.supervisor, office, "supervisor"),
        witness=_witness(asked, tasks, office),
        actor=actor,
        now=clock.now(),
        entropy=entropy,
    )


def _witness(asked: Asked, tasks: Sequence[Task], office: Agency) -> draws.Person | None:
    if len(tasks) == 1 and not asked.witness:
        return None
    return _one(Duty.AUDITOR, asked.witness, office, "witness")


def _one(duty: Duty, username: str, office: Agency, role: str) -> draws.Person | None:
    """The candidate with that account, or the only one; a name that is no candidate's is refused."""
    found = draw_page.candidates(duty, office=office, on=clock.today())
    if not username:
        return draw_page.chosen(found, "", role)
    user = User.objects.filter(username=username).first()
    one = next((c for c in found if user is not None and c.user_id == user.pk), None)
    if one is None:
        words = {"user": username, "role": _(draw_page.ROLE_LABELS[role])}
        raise InvalidInput(_("账号 %(user)s 不能担任本次抽取的%(role)s：须在另一股室任相应的职") % words)
    return draw_page.chosen([one], one.value, role)


def _compare(draw: Draw, ask: Ask) -> None:
    given = "".join(ask(_("签字的审批表上的核对码")).split()).lower()
    if not given:
        raise InvalidInput(_("没有输入核对码，没有锁定"))
    if given != draw.approval_code:
        raise CodesDiffer(_("核对码与封存的不一致，没有锁定；请停止抽取，与发起人核对审批表"))


def _lock(draw: Draw, place: DrawSource, person: Person) -> Draw:
    # Kept already where an earlier run was cut off: a second share would overwrite the one that may be locked.
    made = person.keeping.held(draw, place.source) or device.make(person.entropy)
    text = rules.commit_text(seal=draw.seal or "", source=place.source, salt=made.salt, share=made.share)
    permissions.can_commit(person.actor, draw, place, now=clock.now()).require()
    person.keeping.keep(draw, place.source, made)
    return verbs.commit(
        draw_id=draw.pk,
        source=place.source,
        commitment=bundles.suite_of(draw).hex(text),
        envelope=services.envelope(text),
        actor=person.actor,
        now=clock.now(),
    )


def _open(draw: Draw, place: DrawSource, person: Person) -> Draw:
    permissions.can_reveal(person.actor, draw, place, now=clock.now()).require()
    kept = person.keeping.held(draw, place.source)
    if kept is None:
        raise NotDrawable(
            _("随机份额不在 %(folder)s：请在锁定时用的那台设备上开启") % {"folder": person.keeping.folder}
        )
    opened = services.reveal(
        draw=draw, place=place, salt=kept.salt, share=kept.share, actor=person.actor, now=clock.now()
    )
    person.keeping.forget(draw, place.source)
    return opened


def _number(draw: Draw, person: Person) -> Draw:
    first = person.ask(_("公开随机数，监督人录入"))
    second = person.ask(_("公开随机数，见证人再录入一遍"))
    return services.enter_number(draw=draw, first=first, second=second, actor=person.actor, now=clock.now())


def play(asked: Asked, *, keeping: Keeping, entropy: Entropy) -> Draw:
    """
    Let every person of a rehearsal's draw take the own step, one after the other (演练).

    Raises:
        NotARehearsal: The installation is a real one.
    """
    if not services.installation().rehearsal:
        raise NotARehearsal(_("正式抽取由每位参与人用本人账号办理，请加 --as 账号"))
    balls = "".join(str(byte % 10) for byte in entropy(20 * BALLS) if byte < 250)[:BALLS]
    draw = find(asked.number)
    if draw is None or DrawState(draw.state) in ENDED:
        tasks = draw_page.tasks_by_number(COMMAND_LINE, list(asked.tasks) or [asked.number])
        draw = _prepare(asked, _planner(tasks), entropy)
    code = draw.approval_code

    def answer(question: str) -> str:
        return code if question == _("签字的审批表上的核对码") else balls

    for _round in range(2):
        for place in draws.sources(draw):
            assert place.user is not None
            actor = accounts.actor_of(place.user, on=clock.today())
            draw = step(asked, Person(actor, keeping, answer, entropy))
    return draw


def _planner(tasks: Sequence[Task]) -> Actor:
    """A planner whose reach covers the tasks."""
    paths = [task.agency.path for task in tasks]
    rows = accounts.memberships_on(clock.today()).filter(duty=Duty.PLANNER.value, user__is_active=True)
    for row in rows.select_related("user", "agency").order_by("-agency__path", "user_id"):
        if all(path.startswith(row.agency.path) for path in paths):
            return accounts.actor_of(row.user, on=clock.today())
    raise NotFound(_("没有可以发起这次抽取的计划岗"))


def void(number: str, *, reason: str, second: Actor, actor: Actor) -> Draw:
    """
    Give a sealed draw up, with a second person who has typed the own password (作废; X02).

    Raises:
        FairdrawError: Absent, out of reach, opened already, or the second person may not approve.
    """
    draw = find(number)
    if draw is None:
        raise NotFound(_("没有抽取 %(n)s") % {"n": number})
    draw = draw_page.visible(actor, draw.pk)
    if not second.holds_anywhere(Duty.LEADER, Duty.SUPERVISOR):
        raise permissions.TwoPeopleNeeded(_("第二人须是负责人或监督人"))
    return verbs.void_draw(draw_id=draw.pk, reason=reason, second=second.code, actor=actor, now=clock.now())


def plain(draw: Draw) -> dict[str, Any]:
    """A draw as JSON holds it: how far it is, its check code, for whom it waits."""
    return {
        "number": draw.number,
        "draw": draw.pk,
        "attempt": draw.attempt,
        "state": draw.state,
        "check_code": draw.approval_code,
        "seal": draw.seal,
        "people_not_random": _unchosen(draw),
        "waiting_for": [place.user.username for place in waiting(draw) if place.user],
    }


def _unchosen(draw: Draw) -> list[str]:
    """Where nothing is left to chance in who goes: counted in the list, after the draw in drawn targets."""
    finished = draw_page.is_finished(draw)
    return sheets.unchosen(shown.unchosen_of(draw) if finished else shown.frozen(draw).unchosen)


def waiting(draw: Draw) -> list[DrawSource]:
    """The persons whose step is next."""
    state = DrawState(draw.state)
    places = list(draws.sources(draw))
    if state is DrawState.SEALED:
        return [place for place in places if not place.commitment]
    if state is DrawState.REVEALING:
        return [place for place in places if place.commitment and place.revealed_at is None]
    return [place for place in places if place.role == "supervisor" and state is DrawState.WAITING]


def told(draw: Draw) -> list[str]:
    """A draw in lines for a terminal."""
    lines = [
        _("抽取 %(n)s：%(state)s") % {"n": draw.number, "state": _(DRAW_LABELS[DrawState(draw.state)])},
        _("核对码 %(code)s") % {"code": rules.grouped(draw.approval_code)},
    ]
    lines += _unchosen(draw)
    for place in waiting(draw):
        words = {
            "role": _(draw_page.ROLE_LABELS[place.role]),
            "name": place.user.name if place.user else "",
            "user": place.user.username if place.user else "",
        }
        lines.append(_("下一步：%(role)s%(name)s（%(user)s）") % words)
    return lines
