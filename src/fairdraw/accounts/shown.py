"""What the pages of administration show (系统管理): the tree of units, accounts with their duties, calling systems."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors
from fairdraw.accounts.models import DUTY_LABELS, Agency, AgencyKind, ApiToken, Membership, User
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.ui.parts import Tone

INDENT = "　"


@dataclass(frozen=True)
class UnitLine:
    """A unit in the tree: how deep it stands, and how many people hold a duty in it today."""

    agency: Agency
    depth: int
    kind: str
    people: int

    @property
    def indent(self) -> str:
        """The blanks before its name."""
        return INDENT * self.depth


def units(*, on: dt.date) -> list[UnitLine]:
    """The bureau with its sections and stations, then the departments beside it (单位)."""
    held = set(selectors.memberships_on(on).values_list("agency", "user"))
    people = Counter(agency for agency, _user in held)
    return [UnitLine(a, _depth(a), str(AgencyKind(a.kind).label), people[a.pk]) for a in _tree()]


def unit_choices() -> list[tuple[str, str]]:
    """The units for a choice, in the order of the tree."""
    return [(str(a.pk), f"{INDENT * _depth(a)}{a.name}") for a in _tree()]


def duty_choices() -> list[tuple[str, str]]:
    """The duties for a choice."""
    return [(duty.value, str(label)) for duty, label in DUTY_LABELS.items()]


def _tree() -> list[Agency]:
    return sorted(Agency.objects.all(), key=lambda a: [int(step) for step in a.path.strip("/").split("/")])


def _depth(agency: Agency) -> int:
    return agency.path.count("/") - 2


@dataclass(frozen=True)
class DutyLine:
    """A duty that somebody holds, held or will hold, with its last day."""

    membership: Membership
    duty: str
    last_day: dt.date | None
    word: str
    tone: str
    can_end: bool


def duties(user: User, *, on: dt.date) -> list[DutyLine]:
    """Every duty of an account, the present ones first (任职)."""
    rows = Membership.objects.filter(user=user).select_related("agency")
    found = []
    for row in rows.order_by("-starts_on", "agency__path", "duty"):
        last = row.ends_on - dt.timedelta(1) if row.ends_on else None
        over = row.ends_on is not None and row.ends_on <= on
        word, tone = (_("已结束"), Tone.PLAIN) if over else (_("在任"), Tone.SUCCESS)
        if row.starts_on > on:
            word, tone = _("未开始"), Tone.INFO
        label = str(DUTY_LABELS[Duty(row.duty)])
        found.append(DutyLine(row, label, last, word, tone.value, can_end=not over))
    return sorted(found, key=lambda line: not line.can_end)


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts are asked for: part of a name, a unit with those below it, a duty, a state."""

    text: str = ""
    agency: str = ""
    duty: str = ""
    state: str = ""


LOCKED, IDLE = "locked", "idle"


def accounts(asked: AccountFilter, *, on: dt.date) -> QuerySet[User]:
    """The accounts that the filter names, by sign-in name."""
    rows = User.objects.order_by("username")
    held = selectors.memberships_on(on)
    if asked.text:
        rows = rows.filter(Q(username__icontains=asked.text) | Q(name__icontains=asked.text))
    if asked.agency:
        path = selectors.unit(int(asked.agency)).path
        rows = rows.filter(pk__in=held.filter(agency__path__startswith=path).values("user"))
    if asked.duty:
        rows = rows.filter(pk__in=held.filter(duty=asked.duty).values("user"))
    if asked.state == LOCKED:
        rows = rows.filter(is_active=False)
    if asked.state == IDLE:
        rows = rows.filter(is_active=True).exclude(pk__in=held.values("user"))
    return rows


@dataclass(frozen=True)
class AccountLine:
    """An account in the list: what it holds today, by unit, and its state."""

    user: User
    held: list[str]
    word: str
    tone: str


def account_lines(rows: Iterable[User], *, on: dt.date) -> list[AccountLine]:
    """Accounts as the list shows them, their duties of the day in one question."""
    users = list(rows)
    held: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    today = selectors.memberships_on(on).filter(user__in=users).select_related("agency")
    for row in today.order_by("agency__path", "pk"):
        held[row.user_id][str(row.agency)].append(str(DUTY_LABELS[Duty(row.duty)]))
    return [
        AccountLine(u, [f"{a}：{'、'.join(d)}" for a, d in held[u.pk].items()], *state(u, bool(held[u.pk])))
        for u in users
    ]


def state(user: User, holds: bool) -> tuple[str, str]:
    """The state of an account as word and colour."""
    if not user.is_active:
        return _("已锁定"), Tone.DANGER.value
    if not holds:
        return _("未任职"), Tone.WARNING.value
    if user.first_password:
        return _("初始密码未改"), Tone.INFO.value
    return _("正常"), Tone.SUCCESS.value


@dataclass(frozen=True)
class TokenLine:
    """A calling system: its duties in words, whether it is still let in."""

    token: ApiToken
    duties: str
    word: str
    tone: str


def tokens() -> list[TokenLine]:
    """Every calling system, those still let in first (接口调用方)."""
    rows = ApiToken.objects.select_related("agency").order_by("-created_at", "-pk")
    found = [
        TokenLine(
            row,
            "、".join(str(DUTY_LABELS[Duty(d)]) for d in row.duties),
            _("已停用") if row.revoked_at else _("有效"),
            (Tone.PLAIN if row.revoked_at else Tone.SUCCESS).value,
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: line.token.revoked_at is not None)


def token(token_id: int) -> TokenLine:
    """
    One calling system.

    Raises:
        NotFound: There is none.
    """
    found = next((line for line in tokens() if line.token.pk == token_id), None)
    if found is None:
        raise NotFound(_("没有这个接口调用方"))
    return found
