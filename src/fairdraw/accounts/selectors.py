"""Questions about agencies, accounts and duties."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts.models import (
    ADMINISTRATORS,
    CODE_LETTERS,
    WORK,
    Agency,
    AgencyKind,
    ApiToken,
    FormerName,
    Installation,
    Membership,
    User,
)
from fairdraw.kernel.actor import Actor, Duty, Grant
from fairdraw.kernel.errors import NotFound

__all__ = ["ADMINISTRATORS", "WORK"]
RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True)
class Officer(Actor):
    """
    A person with an account.

    Attributes:
        inside: Whether daily work is held in the bureau's own tree.
        first_password: Whether somebody else knows the password; it is changed before anything else.
    """

    inside: bool = False
    first_password: bool = False


def installation() -> Installation | None:
    """What this database is for; ``None`` before it is set up."""
    return Installation.objects.filter(pk=1).first()


def memberships_on(day: dt.date) -> QuerySet[Membership]:
    """The memberships that hold on *day*."""
    return Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


def actor_of(user: User, *, on: dt.date) -> Actor:
    """The person *user* with the duties held on *on*."""
    below = ExpressionWrapper(OuterRef("agency__path"), output_field=CharField())
    top = Agency.objects.filter(parent__isnull=True, kind="bureau").annotate(below=below)
    at_home = Exists(top.filter(below__startswith=F("path")))
    took_over = Exists(Agency.objects.filter(successor=OuterRef("agency")))
    held = memberships_on(on).filter(user=user).select_related("agency")
    rows = list(held.annotate(at_home=at_home, took_over=took_over))
    grants = tuple(
        Grant(Duty(m.duty), a.path, a.pk)
        for m in rows
        for a in (with_predecessors(m.agency) if m.took_over else [m.agency])
    )
    inside = any(m.at_home for m in rows if m.duty in WORK)
    return Officer(
        code=f"u:{user.pk}",
        name=user.name,
        user_id=user.pk,
        grants=grants,
        inside=inside,
        first_password=user.first_password,
    )


def with_predecessors(agency: Agency) -> list[Agency]:
    """*agency* and the units that were merged into it: whoever takes over a unit answers for what it did."""
    found = [agency]
    for unit in found:  # grows while it is walked
        found += Agency.objects.filter(successor=unit)
    return found


def actor_of_token(secret: str) -> Actor | None:
    """The calling system whose secret is *secret*."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = (
        ApiToken.objects.filter(token_hash=digest, revoked_at__isnull=True).select_related("agency").first()
    )
    if token is None:
        return None
    own = with_predecessors(token.agency)
    grants = tuple(Grant(Duty(d), a.path, a.pk) for d in token.duties for a in own)
    return Actor(code=f"t:{token.pk}", name=token.name, grants=grants)


def within_scopes(actor: Actor, field: str) -> Q:
    """The condition that the agency path in *field* lies in the actor's scope."""
    if actor.trusted:
        return Q()
    condition = Q(pk__in=[])
    for path in work_scopes(actor):
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def work_scopes(actor: Actor) -> tuple[str, ...]:
    """The agency paths whose work *actor* may see: an administrator's duty (三员) shows none."""
    return replace(actor, grants=tuple(g for g in actor.grants if g.duty in WORK)).scopes()


def is_of_the_bureau(actor: Actor) -> bool:
    """Whether *actor* works in the bureau's tree or audits it; partner departments stand beside it."""
    if actor.holds_anywhere(Duty.AUDITOR):
        return True
    if isinstance(actor, Officer):
        return actor.inside
    if actor.user_id is None:
        return False
    here = root().path  # a job goes on with somebody's work
    return any(grant.duty in WORK and grant.path.startswith(here) for grant in actor.grants)


def visible_agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies of the actor's scope."""
    return Agency.objects.filter(within_scopes(actor, "path")).order_by("path")


def agency(code: str) -> Agency:
    """
    The agency with *code*.

    Raises:
        NotFound: There is none.
    """
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("没有代码为 %(code)s 的单位") % {"code": code})
    return found


def root() -> Agency:
    """The bureau at the top of the tree."""
    found = Agency.objects.filter(parent__isnull=True, kind="bureau").order_by("pk").first()
    if found is None:
        raise NotFound(_("尚未建立机关"))
    return found


def sections() -> QuerySet[Agency]:
    """The sections (股室) of the bureau, without those that were merged into another."""
    return Agency.objects.filter(kind="section", successor__isnull=True).order_by("code")


def stations() -> QuerySet[Agency]:
    """The stations (市场监管所) of the bureau, without those that were merged into another."""
    return Agency.objects.filter(kind="station", successor__isnull=True).order_by("code")


def units_by_word() -> dict[str, Agency]:
    """
    The unit that a file means, by code, name, short name or a former name (单位名称对照).

    A unit that was merged into another stands for that one.
    """
    units = list(Agency.objects.order_by("path"))
    by_pk = {unit.pk: unit for unit in units}
    former = FormerName.objects.order_by("until").values_list("agency_id", "short_name", "name")
    found = {word: by_pk[pk] for pk, *words in former for word in words if word}
    for unit in units:
        found |= {word: unit for word in (unit.short_name, unit.name, unit.code) if word}
    return {word: _standing(unit, by_pk) for word, unit in found.items()}


def unit_codes() -> dict[str, str]:
    """The code of the unit that a file means, by any of its words: see :func:`units_by_word`."""
    return {word: unit.code for word, unit in units_by_word().items()}


class PastNames:
    """The names that units bore on days gone by (曾用名): papers of then say the name of then."""

    def __init__(self) -> None:
        self._former: dict[int, list[tuple[dt.date, str]]] = {}
        for pk, until, name in FormerName.objects.order_by("until", "pk").values_list(
            "agency_id", "until", "name"
        ):
            self._former.setdefault(pk, []).append((until, name))

    def of(self, agency: Agency, on: dt.date) -> str:
        """The full name of *agency* on the day *on*; on the day of a change the new one."""
        return next((name for until, name in self._former.get(agency.pk, ()) if on < until), agency.name)


def units_by_code(codes: Collection[str]) -> dict[str, Agency]:
    """The units with these codes."""
    return {unit.code: unit for unit in Agency.objects.filter(code__in=list(codes))}


def _standing(unit: Agency, by_pk: dict[int, Agency]) -> Agency:
    """The unit that stands for *unit* today."""
    while unit.successor_id is not None:
        unit = by_pk[unit.successor_id]
    return unit


def practice_accounts() -> QuerySet[User]:
    """The accounts that the login page of a practice installation lists."""
    return User.objects.filter(practice=True, is_active=True).order_by("pk")


def department_of(agency: Agency) -> Agency:
    """The department that an agency belongs to: the bureau for its sections and stations."""
    while agency.parent is not None and agency.kind in {"section", "station"}:
        agency = agency.parent
    return agency


def free_code(kind: AgencyKind) -> str:
    """A code for a new unit: division, letter of the kind, the next number."""
    held = installation()
    head = f"{held.division_code if held else ''}-{CODE_LETTERS[kind]}".removeprefix("-")
    taken = set(Agency.objects.filter(code__startswith=head).values_list("code", flat=True))
    return next(code for n in range(1, 1000) if (code := f"{head}{n:02d}") not in taken)


def unit(agency_id: int) -> Agency:
    """
    The unit of that key.

    Raises:
        NotFound: There is none.
    """
    return _found(Agency.objects.filter(pk=agency_id), _("没有这个单位"))


def agency_for_update(agency_id: int) -> Agency:
    """The unit, locked for the rest of the transaction."""
    return _found(Agency.objects.select_for_update().filter(pk=agency_id), _("没有这个单位"))


def user(user_id: int) -> User:
    """
    The account of that key.

    Raises:
        NotFound: There is none.
    """
    return _found(User.objects.filter(pk=user_id), _("没有这个账号"))


def user_for_update(user_id: int) -> User:
    """The account, locked for the rest of the transaction."""
    return _found(User.objects.select_for_update().filter(pk=user_id), _("没有这个账号"))


def user_named(username: str) -> User:
    """
    The account with that sign-in name.

    Raises:
        NotFound: There is none.
    """
    return _found(User.objects.filter(username=username), _("没有账号 %(user)s") % {"user": username})


def membership(user_id: int, membership_id: int) -> Membership:
    """
    One membership of an account.

    Raises:
        NotFound: There is none.
    """
    rows = Membership.objects.filter(pk=membership_id, user=user_id).select_related("agency", "user")
    return _found(rows, _("没有这项任职"))


def membership_for_update(membership_id: int) -> Membership:
    """The membership, locked for the rest of the transaction."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("agency", "user")
    return _found(rows.filter(pk=membership_id), _("没有这项任职"))


def token_for_update(token_id: int) -> ApiToken:
    """The token, locked for the rest of the transaction."""
    return _found(ApiToken.objects.select_for_update().filter(pk=token_id), _("没有这个接口调用方"))


def _found(rows: QuerySet[RowT], refusal: str) -> RowT:
    row = rows.first()
    if row is None:
        raise NotFound(refusal)
    return row
