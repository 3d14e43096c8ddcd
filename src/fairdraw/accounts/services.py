"""Verbs on agencies, accounts and duties."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency, ApiToken, Installation, Membership, User
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import RuleBroken


class AlreadyInstalled(RuleBroken):
    """The database already belongs to an installation."""

    code = "accounts.already-installed"


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
    """Add an agency under *parent* (新增单位)."""
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
def create_user(
    *,
    username: str,
    name: str,
    password: str | None,
    actor: Actor,
    now: dt.datetime,
    practice: bool = False,
    hashed: str = "",
) -> User:
    """
    Open an account (开通账号).

    Args:
        username: The sign-in name.
        name: The person's name.
        password: The caller's; stored as a hash only. ``None`` where *hashed* is given.
        actor: Who opens it.
        now: When.
        practice: One of the practice installation's accounts, listed on its login page.
        hashed: A hash made before, for practice accounts that share a password.
    """
    user = User(username=username, name=name, practice=practice, created_at=now)
    if password is None:
        user.password = hashed
    else:
        user.set_password(password)
    user.save()
    audit.record("account.created", actor=actor, at=now, body={"user": user.pk})
    return user


@transaction.atomic
def grant(
    *, user: User, agency: Agency, duty: Duty, starts_on: dt.date, actor: Actor, now: dt.datetime
) -> Membership:
    """Give a duty from a day on (任职)."""
    row = Membership.objects.create(user=user, agency=agency, duty=duty.value, starts_on=starts_on)
    audit.record(
        "duty.granted",
        actor=actor,
        at=now,
        body={"user": user.pk, "agency": agency.code, "duty": duty.value, "starts_on": str(starts_on)},
    )
    return row


@transaction.atomic
def issue_token(
    *, name: str, agency: Agency, duties: list[Duty], secret: str, actor: Actor, now: dt.datetime
) -> ApiToken:
    """Let a calling system in (接口授权). *secret* is shown once and kept as a hash."""
    row = ApiToken.objects.create(
        name=name,
        agency=agency,
        duties=[d.value for d in duties],
        token_hash=hashlib.sha256(secret.encode()).hexdigest(),
        created_at=now,
    )
    audit.record("token.issued", actor=actor, at=now, body={"token": row.pk, "agency": agency.code})
    return row
