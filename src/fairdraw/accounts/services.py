"""Verbs on agencies, accounts and duties."""

from __future__ import annotations

import datetime as dt
import hashlib

from axes.utils import reset as forget_failures
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fairdraw.accounts import permissions, selectors
from fairdraw.accounts.models import (
    Agency,
    AgencyKind,
    ApiToken,
    FormerName,
    Installation,
    Membership,
    User,
)
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import RuleBroken


class AlreadyInstalled(RuleBroken):
    """The database already belongs to an installation."""

    code = "accounts.already-installed"


class Taken(RuleBroken):
    """Another unit or account has that name or code."""

    code = "accounts.taken"


class UnitRefused(RuleBroken):
    """A unit cannot be renamed or merged as asked."""

    code = "accounts.unit-refused"


class NotARehearsal(RuleBroken):
    """Only a rehearsal has a practice time."""

    code = "accounts.not-a-rehearsal"


@transaction.atomic
def install(
    *,
    org: str,
    name: str,
    region_name: str,
    division_code: str,
    rehearsal: bool,
    mark: str,
    practice_at: dt.datetime | None,
    actor: Actor,
    now: dt.datetime,
) -> Installation:
    """Say once what this database is for (建立安装)."""
    if Installation.objects.exists():
        raise AlreadyInstalled(_("本数据库已建立安装，不能重复建立"))
    row = Installation.objects.create(
        org=org,
        name=name,
        region_name=region_name,
        division_code=division_code,
        rehearsal=rehearsal,
        mark=mark,
        practice_at=practice_at,
        created_at=now,
    )
    audit.record("installation.created", actor=actor, at=now, body={"org": org, "rehearsal": rehearsal})
    return row


@transaction.atomic
def set_practice_time(*, practice_at: dt.datetime, actor: Actor, now: dt.datetime) -> Installation:
    """Say at which time the practice installation stands (练习时间); only a rehearsal has one."""
    row = Installation.objects.select_for_update().get(pk=1)
    if not row.rehearsal:
        raise NotARehearsal(_("正式安装按真实时间运行，不能设置练习时间"))
    row.practice_at = practice_at
    row.save(update_fields=["practice_at"])
    audit.record("installation.practice_time", actor=actor, at=now, body={"at": int(practice_at.timestamp())})
    return row


@transaction.atomic
def create_agency(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Agency | None,
    opens_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    short_name: str = "",
    division_code: str = "",
    number_prefix: str = "",
    telephone: str = "",
) -> Agency:
    """Add an agency under *parent* (新增单位); no two have one code or one name."""
    permissions.can_keep_units(actor).require()
    for field, value in (("code", code), ("name", name)):
        if Agency.objects.filter(**{field: value}).exists():
            raise Taken(_("已有名称或代码为“%(value)s”的单位") % {"value": value})
    row = Agency.objects.create(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        path=f"?{code}",
        division_code=division_code,
        number_prefix=number_prefix,
        telephone=telephone,
        opens_on=opens_on,
    )
    row.path = f"{parent.path if parent else '/'}{row.pk}/"
    row.save(update_fields=["path"])
    audit.record("agency.created", actor=actor, at=now, body={"agency": code, "kind": kind})
    return row


@transaction.atomic
def add_unit(
    *,
    kind: str,
    name: str,
    code: str,
    short_name: str,
    number_prefix: str,
    telephone: str,
    actor: Actor,
    now: dt.datetime,
) -> Agency:
    """Add a section or station under the bureau, or a department beside it (新增单位); an empty code is made up."""
    bureau = selectors.root()
    inside = kind in {AgencyKind.SECTION, AgencyKind.STATION}
    return create_agency(
        code=code or selectors.free_code(AgencyKind(kind)),
        name=name,
        kind=kind,
        parent=bureau if inside else None,
        opens_on=clock.local_date(now),
        short_name=short_name,
        division_code=bureau.division_code,
        number_prefix=number_prefix or (bureau.number_prefix if inside else ""),
        telephone=telephone or (bureau.telephone if inside else ""),
        actor=actor,
        now=now,
    )


@transaction.atomic
def revise_agency(
    *, agency_id: int, short_name: str, number_prefix: str, telephone: str, actor: Actor, now: dt.datetime
) -> Agency:
    """Change what is printed of a unit (修改单位): short name, prefix of numbers, telephone."""
    row = selectors.agency_for_update(agency_id)
    permissions.can_keep_units(actor).require()
    row.short_name, row.number_prefix, row.telephone = short_name, number_prefix, telephone
    row.save(update_fields=["short_name", "number_prefix", "telephone"])
    audit.record("agency.revised", actor=actor, at=now, body={"agency": row.code})
    return row


@transaction.atomic
def rename_agency(
    *, agency_id: int, name: str, short_name: str, document: str, actor: Actor, now: dt.datetime
) -> Agency:
    """
    Give a unit a new name (单位更名). Papers made before keep the old one; files that still write it mean the unit.

    Raises:
        Taken: Another unit bears or bore the name, or it is the present one.
        UnitRefused: No document is named.
    """
    row = selectors.agency_for_update(agency_id)
    permissions.can_keep_units(actor).require()
    if not document.strip():
        raise UnitRefused(_("请写明更名的依据文件"))
    taken = Agency.objects.filter(name=name).exists()
    if taken or FormerName.objects.filter(name=name).exclude(agency=row).exists():
        raise Taken(_("已有名称或代码为“%(value)s”的单位") % {"value": name})
    until = clock.local_date(now)
    FormerName.objects.create(
        agency=row, name=row.name, short_name=row.short_name, until=until, document=document.strip()
    )
    row.name, row.short_name = name, short_name
    row.save(update_fields=["name", "short_name"])
    audit.record(
        "agency.renamed", actor=actor, at=now, body={"agency": row.code, "document": document.strip()}
    )
    return row


@transaction.atomic
def close_agency(*, agency: Agency, successor: Agency, document: str, actor: Actor, now: dt.datetime) -> int:
    """
    Close a unit that another takes over (单位撤并): who holds a duty there holds it in the other from today on.

    Its work is moved before, by ``fairdraw.desk.reorganising``; its past stays under its own name, and the successor's
    people see it.

    Returns:
        How many duties went over.

    Raises:
        UnitRefused: The two are one, of different kinds, or the successor is closed itself.
    """
    permissions.can_reorganise(actor).require()
    row = selectors.agency_for_update(agency.pk)
    into = selectors.agency_for_update(successor.pk)
    if row.pk == into.pk or row.kind not in {AgencyKind.SECTION, AgencyKind.STATION}:
        raise UnitRefused(_("只有股室和市场监管所可以并入另一个单位"))
    if row.successor_id is not None or into.successor_id is not None or into.parent_id != row.parent_id:
        raise UnitRefused(_("两个单位须同属一个局，并且都还没有撤并"))
    today = clock.local_date(now)
    members = 0
    for held in row.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)):
        starts_on, ends_on = max(today, held.starts_on), held.ends_on
        if held.starts_on >= today:
            held.delete()
        else:
            held.ends_on = today
            held.save(update_fields=["ends_on"])
        _held, is_new = Membership.objects.get_or_create(
            user_id=held.user_id,
            agency=into,
            duty=held.duty,
            starts_on=starts_on,
            defaults={"ends_on": ends_on},
        )
        members += is_new
    row.closes_on, row.successor = today, into
    row.save(update_fields=["closes_on", "successor"])
    body: dict[str, JSON] = {
        "agency": row.code,
        "successor": into.code,
        "document": document.strip(),
        "members": members,
    }
    audit.record("agency.closed", actor=actor, at=now, body=body)
    return members


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str | None,
    actor: Actor,
    now: dt.datetime,
    practice: bool = False,
    hashed: str = "",
    first_password: bool = False,
) -> User:
    """
    Open an account (开通账号); it has no duty yet.

    Args:
        username: The sign-in name.
        name: The person's name.
        password: The caller's; stored as a hash only. ``None`` where *hashed* is given.
        actor: Who opens it.
        now: When.
        practice: One of the practice installation's accounts, listed on its login page.
        hashed: A hash made before, for practice accounts that share a password.
        first_password: Whoever opens the account knows the password, so that it is changed at the first sign-in.
    """
    permissions.can_open_accounts(actor).require()
    if User.objects.filter(username=username).exists():
        raise Taken(_("账号 %(user)s 已经存在") % {"user": username})
    user = User(
        username=username, name=name, practice=practice, first_password=first_password, created_at=now
    )
    if password is None:
        user.password = hashed
    else:
        user.set_password(password)
    user.save()
    audit.record("account.created", actor=actor, at=now, body={"user": user.pk})
    return user


@transaction.atomic
def reset_password(*, user_id: int, password: str, actor: Actor, now: dt.datetime) -> User:
    """Give an account a new first password (重设密码); every session of it ends."""
    user = selectors.user_for_update(user_id)
    permissions.can_reset_password(actor, user).require()
    user.set_password(password)
    user.first_password = True
    user.save(update_fields=["password", "first_password"])
    forget_failures(username=user.username)
    audit.record("account.password_reset", actor=actor, at=now, body={"user": user.pk})
    return user


@transaction.atomic
def change_own_password(*, password: str, actor: Actor, now: dt.datetime) -> User:
    """Change one's own password (修改密码); the caller has asked for the present one."""
    user = selectors.user_for_update(actor.user_id or 0)
    user.set_password(password)
    user.first_password = False
    user.save(update_fields=["password", "first_password"])
    audit.record("account.password_changed", actor=actor, at=now, body={"user": user.pk})
    return user


@transaction.atomic
def lock_account(*, user_id: int, actor: Actor, now: dt.datetime) -> User:
    """Lock an account out from this moment on (锁定账号); its duties stay as they are."""
    user = selectors.user_for_update(user_id)
    permissions.can_lock(actor, user).require()
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record("account.locked", actor=actor, at=now, body={"user": user.pk})
    return user


@transaction.atomic
def unlock_account(*, user_id: int, actor: Actor, now: dt.datetime) -> User:
    """Let an account in again, also after too many wrong passwords (解锁账号)."""
    user = selectors.user_for_update(user_id)
    permissions.can_lock(actor, user).require()
    user.is_active = True
    user.save(update_fields=["is_active"])
    forget_failures(username=user.username)
    audit.record("account.unlocked", actor=actor, at=now, body={"user": user.pk})
    return user


@transaction.atomic
def grant(
    *,
    user: User,
    agency: Agency,
    duty: Duty,
    starts_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    ends_on: dt.date | None = None,
) -> Membership:
    """Give a duty from a day on, to the day before *ends_on* where that is known (任职)."""
    user = selectors.user_for_update(user.pk)
    permissions.can_grant(
        actor, user, agency, duty, starts_on=starts_on, ends_on=ends_on, today=clock.local_date(now)
    ).require()
    row = Membership.objects.create(
        user=user, agency=agency, duty=duty.value, starts_on=starts_on, ends_on=ends_on
    )
    body: dict[str, JSON] = {
        "user": user.pk,
        "agency": agency.code,
        "duty": duty.value,
        "starts_on": str(starts_on),
    }
    if ends_on is not None:
        body["ends_on"] = str(ends_on)
    audit.record("duty.granted", actor=actor, at=now, body=body)
    return row


@transaction.atomic
def end_membership(*, membership_id: int, ends_on: dt.date, actor: Actor, now: dt.datetime) -> Membership:
    """Let a duty end before the day *ends_on* (免职); what was done under it stays."""
    row = selectors.membership_for_update(membership_id)
    permissions.can_end(actor, row, ends_on=ends_on, today=clock.local_date(now)).require()
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    body: dict[str, JSON] = {
        "user": row.user_id,
        "agency": row.agency.code,
        "duty": row.duty,
        "ends_on": str(ends_on),
    }
    audit.record("duty.ended", actor=actor, at=now, body=body)
    return row


@transaction.atomic
def issue_token(
    *, name: str, agency: Agency, duties: list[Duty], secret: str, actor: Actor, now: dt.datetime
) -> ApiToken:
    """Let a calling system in (接口授权). *secret* is shown once and kept as a hash."""
    permissions.can_authorise(actor, duties).require()
    row = ApiToken.objects.create(
        name=name,
        agency=agency,
        duties=[d.value for d in duties],
        token_hash=hashlib.sha256(secret.encode()).hexdigest(),
        created_at=now,
    )
    audit.record("token.issued", actor=actor, at=now, body={"token": row.pk, "agency": agency.code})
    return row


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: dt.datetime) -> ApiToken:
    """Shut a calling system out from this moment on (停用接口)."""
    row = selectors.token_for_update(token_id)
    permissions.can_keep_tokens(actor).require()
    if row.revoked_at is not None:
        raise RuleBroken(_("该接口令牌已经停用"), code="accounts.token-revoked")
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    audit.record("token.revoked", actor=actor, at=now, body={"token": row.pk})
    return row
