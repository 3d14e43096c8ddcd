"""
The people of a rehearsal: a bureau with its sections and stations, and accounts that play the year.

Three people could do it all; here each section has a planner and a leader, so that every separation of
duties is really walked: who drafts does not approve, who enters does not review, another section supervises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services
from fairdraw.accounts.models import Agency, User
from fairdraw.kernel.actor import SYSTEM, Actor, Duty

PASSWORD = "yanshi-2026"  # shown on the login page of a practice installation, on loopback only


@dataclass(frozen=True)
class Unit:
    """A section, station or partner department to set up: code, name, kind."""

    code: str
    name: str
    kind: str
    towns: tuple[str, ...] = ()


@dataclass
class Cast:
    """The bureau and who acts for whom."""

    bureau: Agency
    units: dict[str, Agency] = field(default_factory=dict)  # by code
    actors: dict[str, Actor] = field(default_factory=dict)  # by account name

    def by_name(self, name: str) -> Agency | None:
        """The unit of that name or short name."""
        wanted = name.strip()
        for unit in self.units.values():
            if wanted in {unit.name, unit.short_name}:
                return unit
        return None

    def planner(self, agency: Agency) -> Actor:
        """The planner of a unit, who also enters records there."""
        return self.actors[f"{agency.code}-jh"]

    def leader(self, agency: Agency) -> Actor:
        """The leader of a unit, who approves and reviews there."""
        return self.actors[f"{agency.code}-fz"]

    @property
    def office(self) -> Actor:
        """The leading group's office."""
        return self.actors["bangong"]

    @property
    def supervisor(self) -> Actor:
        """The supervisor of draws, of another section than any initiator."""
        return self.actors["jiandu"]

    @property
    def witness(self) -> Actor:
        """The witness from the discipline inspection team."""
        return self.actors["jianzheng"]


OFFICE = Unit("qjg", "企业监管股", "section")
LAW = Unit("fgg", "法规股", "section")
DISCIPLINE = Unit("jjz", "派驻纪检监察组", "department")


def set_up(
    *,
    bureau_name: str,
    short_name: str,
    prefix: str,
    division: str,
    units: Sequence[Unit],
    opened: dt.date,
    now: dt.datetime,
) -> Cast:
    """
    Create the bureau with *units*, its office, its law section and the discipline team, and the accounts.

    Where *units* has one of these three names, it stands for the unit of the plan and ours is called otherwise.
    """
    bureau = services.create_agency(
        code="scj",
        name=bureau_name,
        short_name=short_name,
        kind="bureau",
        parent=None,
        division_code=division,
        number_prefix=prefix,
        telephone="0000-00000000",
        opens_on=opened,
        actor=SYSTEM,
        now=now,
    )
    cast = Cast(bureau)
    taken = {unit.name for unit in units}
    office, law, discipline = (
        replace(own, name=f"{own.name}（演练）") if own.name in taken else own
        for own in (OFFICE, LAW, DISCIPLINE)
    )
    for unit in (office, law, *units, discipline):
        parent = bureau if unit.kind in {"section", "station"} else None
        cast.units[unit.code] = services.create_agency(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            parent=parent,
            division_code=division,
            number_prefix=prefix,
            telephone="0000-00000000",
            opens_on=opened,
            actor=SYSTEM,
            now=now,
        )
    _accounts(cast, opened=opened, now=now)
    return cast


def _accounts(cast: Cast, *, opened: dt.date, now: dt.datetime) -> None:
    bureau = cast.bureau
    whole: list[tuple[str, str, Agency, tuple[Duty, ...]]] = [
        ("bangong", "领导小组办公室（企监股）", bureau, (Duty.OFFICE, Duty.PLANNER, Duty.CLERK)),
        ("juzhang", "分管局领导", bureau, (Duty.LEADER,)),
        ("jiandu", "监督人（法规股）", cast.units["fgg"], (Duty.SUPERVISOR,)),
        ("jianzheng", "见证人（派驻纪检监察组）", cast.units["jjz"], (Duty.AUDITOR,)),
        ("guanli", "系统管理员", bureau, (Duty.SYSTEM_ADMIN,)),
        ("anquan", "安全管理员", bureau, (Duty.SECURITY_ADMIN,)),
        ("shenji", "审计管理员", bureau, (Duty.AUDIT_ADMIN,)),
    ]
    for unit in cast.units.values():
        if unit.code in {"fgg", "jjz"}:
            continue
        whole.append(
            (f"{unit.code}-jh", f"{unit.name}承办人", unit, (Duty.PLANNER, Duty.INSPECTOR, Duty.CLERK))
        )
        whole.append((f"{unit.code}-fz", f"{unit.name}负责人", unit, (Duty.LEADER, Duty.REVIEWER)))
    hashed = _hash(PASSWORD)
    for username, name, agency, duties in whole:
        user = services.create_user(
            username=username, name=name, password=None, hashed=hashed, practice=True, actor=SYSTEM, now=now
        )
        for duty in duties:
            services.grant(user=user, agency=agency, duty=duty, starts_on=opened, actor=SYSTEM, now=now)
        cast.actors[username] = accounts.actor_of(user, on=opened)


def _hash(password: str) -> str:
    """One hash for all practice accounts: they share a password that is no secret."""
    user = User()
    user.set_password(password)
    return user.password
