"""
A real installation made (建立安装): the bureau, its sections and stations, the departments beside it, the first
accounts. All of it in one transaction, once.

``org`` is the division code and ``-scj``; it never begins with ``rehearsal-``, and never changes (ADR 0004).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import services as accounts
from fairdraw.accounts.models import CODE_LETTERS, Agency, AgencyKind, Installation, User
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import InvalidInput, Trouble
from fairdraw.operations.units_file import Person, Unit
from fairdraw.rulebook import services as rulebook

DIVISION = re.compile(r"\d{6}|\d{9}|\d{12}")
FIRST_ADMINISTRATOR = "admin"


@dataclass(frozen=True)
class Asked:
    """What the bureau is called, where it is, and what it consists of."""

    name: str
    region: str
    division: str
    prefix: str = ""
    telephone: str = ""
    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    administrator: str = FIRST_ADMINISTRATOR

    @property
    def org(self) -> str:
        """The organisation under which the installation draws."""
        return f"{self.division}-scj"


@dataclass(frozen=True)
class Opened:
    """An account with its first password, to be shown once."""

    username: str
    name: str
    password: str


def region_of(name: str) -> str:
    """The region in a bureau's name: 安溪县 of 安溪县市场监督管理局."""
    return re.sub(r"(市场监督管理局|市场监管局)$", "", name)


def require(asked: Asked) -> None:
    """
    Refuse what cannot become an installation.

    Raises:
        InvalidInput: Says every fault.
    """
    faults = []
    if not asked.name:
        faults.append(_("没有单位全称（--name）"))
    if not asked.region:
        faults.append(_("没有地区名称（--region）"))
    if not DIVISION.fullmatch(asked.division):
        faults.append(_("行政区划代码（--division）须是6、9或12位数字"))
    bureaus = [unit for unit in asked.units if unit.kind is AgencyKind.BUREAU]
    if len(bureaus) > 1 or (bureaus and bureaus[0].name != asked.name):
        faults.append(_("单位表中只能有一个局，并与单位全称相同"))
    names = [asked.name, *(unit.name for unit in asked.units if unit.kind is not AgencyKind.BUREAU)]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    faults += [_("单位“%(name)s”重复") % {"name": name} for name in twice]
    for person in asked.people:
        if person.agency not in names:
            words = {"user": person.username, "agency": person.agency}
            faults.append(_("账号 %(user)s 的单位“%(agency)s”不在单位表中") % words)
        if person.username == asked.administrator:
            faults.append(_("账号 %(user)s 是第一个管理员的账号，请换一个") % {"user": person.username})
    if faults:
        raise InvalidInput(
            _("不能建立安装，没有存入任何内容："), troubles=tuple(Trouble(message) for message in faults)
        )


@transaction.atomic
def install(
    asked: Asked, *, password: Callable[[], str], actor: Actor, now: dt.datetime
) -> tuple[Installation, list[Opened]]:
    """
    Make the installation (建立安装).

    Args:
        asked: What was asked for; :func:`require` has passed it.
        password: Gives a new random password at every call.
        actor: The command line.
        now: When.

    Returns:
        The installation, and the accounts with their first passwords, the administrator first.

    Raises:
        AlreadyInstalled: The database has one.
    """
    row = accounts.install(
        org=asked.org,
        name=asked.name,
        region_name=asked.region,
        division_code=asked.division,
        rehearsal=False,
        mark="",
        practice_at=None,
        actor=actor,
        now=now,
    )
    rulebook.load_defaults(now, actor=actor)
    agencies = _agencies(asked, actor=actor, now=now)
    bureau = agencies[asked.name]
    administrator = Person(asked.administrator, _("系统管理员"), asked.name, (Duty.SYSTEM_ADMIN,))
    opened = open_accounts([administrator], {asked.name: bureau}, password=password, actor=actor, now=now)
    opened += open_accounts(asked.people, agencies, password=password, actor=actor, now=now)
    return row, opened


def open_accounts(
    people: Iterable[Person],
    agencies: dict[str, Agency],
    *,
    password: Callable[[], str],
    actor: Actor,
    now: dt.datetime,
) -> list[Opened]:
    """
    Open accounts and give their duties (开通账号); *agencies* by the names that *people* use.

    Raises:
        InvalidInput: An account exists already, or a unit is unknown.
    """
    day = clock.local_date(now)
    opened: dict[str, Opened] = {}
    users: dict[str, User] = {}
    for person in people:
        agency = agencies.get(person.agency)
        if agency is None:
            raise InvalidInput(_("没有名为“%(name)s”的单位") % {"name": person.agency})
        if person.username not in users:
            if User.objects.filter(username=person.username).exists():
                raise InvalidInput(_("账号 %(user)s 已经存在") % {"user": person.username})
            first = password()
            users[person.username] = accounts.create_user(
                username=person.username,
                name=person.name,
                password=first,
                first_password=True,
                actor=actor,
                now=now,
            )
            opened[person.username] = Opened(person.username, person.name, first)
        for duty in dict.fromkeys(person.duties):
            accounts.grant(
                user=users[person.username], agency=agency, duty=duty, starts_on=day, actor=actor, now=now
            )
    return list(opened.values())


def _agencies(asked: Asked, *, actor: Actor, now: dt.datetime) -> dict[str, Agency]:
    """The bureau and its units, by name."""
    first = [u for u in asked.units if u.kind is AgencyKind.BUREAU]
    own = (
        first[0]
        if first
        else Unit(AgencyKind.BUREAU, asked.name, prefix=asked.prefix, telephone=asked.telephone)
    )
    bureau = _agency(own, code=own.code or asked.org, parent=None, asked=asked, actor=actor, now=now)
    found = {asked.name: bureau}
    for unit, code in _coded([u for u in asked.units if u.kind is not AgencyKind.BUREAU], asked.division):
        parent = bureau if unit.kind in {AgencyKind.SECTION, AgencyKind.STATION} else None
        found[unit.name] = _agency(unit, code=code, parent=parent, asked=asked, actor=actor, now=now)
    return found


def _coded(units: Sequence[Unit], division: str) -> Iterable[tuple[Unit, str]]:
    """Every unit with its code: the given one, or division, letter of the kind, number."""
    taken = {unit.code for unit in units if unit.code}
    counts = dict.fromkeys(CODE_LETTERS, 0)
    for unit in units:
        code = unit.code
        while not code:
            counts[unit.kind] += 1
            made = f"{division}-{CODE_LETTERS[unit.kind]}{counts[unit.kind]:02d}"
            code = "" if made in taken else made
        yield unit, code


def _agency(
    unit: Unit, *, code: str, parent: Agency | None, asked: Asked, actor: Actor, now: dt.datetime
) -> Agency:
    is_own = parent is not None or unit.kind is AgencyKind.BUREAU
    return accounts.create_agency(
        code=code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind.value,
        parent=parent,
        division_code=asked.division,
        number_prefix=unit.prefix or (asked.prefix if is_own else ""),
        telephone=unit.telephone or (asked.telephone if is_own else ""),
        opens_on=clock.local_date(now),
        actor=actor,
        now=now,
    )
