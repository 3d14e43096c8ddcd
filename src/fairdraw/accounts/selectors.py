"""Questions about agencies, accounts and duties."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency, ApiToken, Installation, Membership, User
from fairdraw.kernel.actor import Actor, Duty, Grant
from fairdraw.kernel.errors import NotFound

ADMINISTRATORS = (Duty.SYSTEM_ADMIN, Duty.SECURITY_ADMIN, Duty.AUDIT_ADMIN)  # 三员
WORK = tuple(duty for duty in Duty if duty not in ADMINISTRATORS)  # duties of daily work


@dataclass(frozen=True)
class Officer(Actor):
    """A person with an account: *inside* says whether daily work is held in the bureau's own tree."""

    inside: bool = False


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
    rows = list(memberships_on(on).filter(user=user).select_related("agency").annotate(at_home=at_home))
    grants = tuple(Grant(Duty(m.duty), m.agency.path, m.agency_id) for m in rows)
    inside = any(m.at_home for m in rows if m.duty in WORK)
    return Officer(code=f"u:{user.pk}", name=user.name, user_id=user.pk, grants=grants, inside=inside)


def actor_of_token(secret: str) -> Actor | None:
    """The calling system whose secret is *secret*."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = (
        ApiToken.objects.filter(token_hash=digest, revoked_at__isnull=True).select_related("agency").first()
    )
    if token is None:
        return None
    grants = tuple(Grant(Duty(d), token.agency.path, token.agency_id) for d in token.duties)
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
    return actor.holds_anywhere(Duty.AUDITOR) or (isinstance(actor, Officer) and actor.inside)


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
    """The sections (股室) of the bureau."""
    return Agency.objects.filter(kind="section").order_by("code")


def stations() -> QuerySet[Agency]:
    """The stations (市场监管所) of the bureau."""
    return Agency.objects.filter(kind="station").order_by("code")


def practice_accounts() -> QuerySet[User]:
    """The accounts that the login page of a practice installation lists."""
    return User.objects.filter(practice=True, is_active=True).order_by("pk")


def department_of(agency: Agency) -> Agency:
    """The department that an agency belongs to: the bureau for its sections and stations."""
    while agency.parent is not None and agency.kind in {"section", "station"}:
        agency = agency.parent
    return agency
