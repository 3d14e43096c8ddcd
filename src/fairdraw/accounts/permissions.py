"""
Who may administer (系统管理): the three administrators (三员) exclude each other and do no daily work.

The system administrator keeps units and accounts; the security administrator gives duties, locks accounts and lets
calling systems in. Neither alone can open a working account. Nobody decides on the own account.

Source: GB/T 22239 三员分立; ADR 0013.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from fairdraw.accounts.models import ADMINISTRATORS, DUTY_LABELS, WORK, Agency, AgencyKind, Membership, User
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict


class DutyRefused(RuleBroken):
    """The duty cannot be given or ended so."""

    code = "accounts.duty-refused"


class NotYourself(NotPermitted):
    """What concerns the own account is done by somebody else."""

    code = "accounts.not-yourself"


def _is(actor: Actor, duty: Duty, refusal: str) -> Verdict:
    bureau = Agency.objects.filter(parent__isnull=True, kind=AgencyKind.BUREAU).order_by("pk").first()
    if actor.trusted or (bureau is not None and actor.holds(duty, within=bureau.path)):
        return ALLOWED
    return Verdict(NotPermitted(refusal))


def can_keep_units(actor: Actor) -> Verdict:
    """Whether *actor* may add and revise units."""
    return _is(actor, Duty.SYSTEM_ADMIN, _("单位由系统管理员维护"))


def can_reorganise(actor: Actor) -> Verdict:
    """Whether *actor* may merge units and hand work over (机构撤并、工作移交): the leading group's office, by document."""
    return _is(actor, Duty.OFFICE, _("机构撤并和工作移交由领导小组办公室办理"))


def can_open_accounts(actor: Actor) -> Verdict:
    """Whether *actor* may open accounts."""
    return _is(actor, Duty.SYSTEM_ADMIN, _("账号由系统管理员开通"))


def can_reset_password(actor: Actor, user: User) -> Verdict:
    """Whether *actor* may give *user* a new first password; one's own is changed on the page for it."""
    if user.pk == actor.user_id:
        return Verdict(NotYourself(_("本人的密码请在“修改密码”页修改")))
    return _is(actor, Duty.SYSTEM_ADMIN, _("密码由系统管理员重设"))


def can_lock(actor: Actor, user: User) -> Verdict:
    """Whether *actor* may lock *user* out, or let back in."""
    if user.pk == actor.user_id:
        return Verdict(NotYourself(_("本人的账号由另一位安全管理员锁定、解锁")))
    return _is(actor, Duty.SECURITY_ADMIN, _("账号由安全管理员锁定、解锁"))


def can_keep_tokens(actor: Actor) -> Verdict:
    """Whether *actor* may let calling systems in, and shut them out."""
    return _is(actor, Duty.SECURITY_ADMIN, _("接口由安全管理员授权"))


def can_keep_duties(actor: Actor, user: User) -> Verdict:
    """Whether *actor* may give duties to *user* and end them."""
    if user.pk == actor.user_id:
        return Verdict(NotYourself(_("本人的任职由另一位安全管理员办理")))
    return _is(actor, Duty.SECURITY_ADMIN, _("任职由安全管理员办理"))


def can_name_first_security_admin(actor: Actor, user: User, *, on: dt.date) -> Verdict:
    """Whether *actor*, a system administrator, may name *user* security administrator: only while there is none."""
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    held = Membership.objects.filter(later, duty=Duty.SECURITY_ADMIN.value, user__is_active=True)
    if user.pk == actor.user_id or held.exists():
        return can_keep_duties(actor, user)
    return _is(actor, Duty.SYSTEM_ADMIN, _("任职由安全管理员办理"))


def can_grant(
    actor: Actor,
    user: User,
    agency: Agency,
    duty: Duty,
    *,
    starts_on: dt.date,
    ends_on: dt.date | None,
    today: dt.date,
) -> Verdict:
    """Whether *actor* may give *user* the duty in *agency* for these days (half-open)."""
    verdict = can_keep_duties(actor, user)
    if duty is Duty.SECURITY_ADMIN and not verdict:
        verdict = can_name_first_security_admin(actor, user, on=today)
    if not verdict:
        return verdict
    if not actor.trusted and starts_on < today:
        return Verdict(DutyRefused(_("任职不能从过去的日期开始")))
    if ends_on is not None and ends_on <= starts_on:
        return Verdict(DutyRefused(_("任职的最后一天不能早于第一天")))
    if not user.is_active:
        return Verdict(DutyRefused(_("账号 %(user)s 已锁定，解锁后才能任职") % {"user": user.username}))
    if duty in ADMINISTRATORS and (agency.parent_id is not None or agency.kind != AgencyKind.BUREAU):
        return Verdict(DutyRefused(_("管理员只在局里任职，不在股室、所和其他部门")))
    return _fits_beside_others(user, agency, duty, starts_on=starts_on, ends_on=ends_on)


def _fits_beside_others(
    user: User, agency: Agency, duty: Duty, *, starts_on: dt.date, ends_on: dt.date | None
) -> Verdict:
    held = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), user=user)
    if ends_on is not None:
        held = held.filter(starts_on__lt=ends_on)
    if held.filter(agency=agency, duty=duty.value).exists():
        return Verdict(DutyRefused(_("该账号在这些日子里已有这项任职")))
    excluded = [d for d in Duty if d is not duty] if duty in ADMINISTRATORS else ADMINISTRATORS
    other = held.filter(duty__in=[d.value for d in excluded]).first()
    if other is not None:
        words = {"held": DUTY_LABELS[Duty(other.duty)], "duty": DUTY_LABELS[duty]}
        said = _("该账号是%(held)s，不能再任%(duty)s：系统、安全、审计管理员互不兼任，也不办业务，请另开账号")
        return Verdict(DutyRefused(said % words))
    return ALLOWED


def can_end(actor: Actor, membership: Membership, *, ends_on: dt.date, today: dt.date) -> Verdict:
    """Whether *actor* may let the membership end before the day *ends_on*; the past stays as it was."""
    verdict = can_keep_duties(actor, membership.user)
    if not verdict:
        return verdict
    if membership.ends_on is not None and membership.ends_on <= today:
        return Verdict(DutyRefused(_("这项任职已经结束")))
    if membership.ends_on is not None and ends_on > membership.ends_on:
        return Verdict(DutyRefused(_("最后一天不能晚于原定的最后一天；要延长的，请另行任职")))
    if ends_on <= membership.starts_on:
        return Verdict(DutyRefused(_("最后一天不能早于任职的第一天")))
    if ends_on < today:
        return Verdict(DutyRefused(_("最后一天最早填昨天：已经过去的日子按当时的任职算")))
    return ALLOWED


def can_authorise(actor: Actor, duties: list[Duty]) -> Verdict:
    """Whether *actor* may let a calling system in with *duties*: some, of daily work alone."""
    verdict = can_keep_tokens(actor)
    if actor.trusted or not verdict:
        return verdict
    if not duties or any(duty not in WORK for duty in duties):
        return Verdict(DutyRefused(_("接口至少要有一项业务职责，不能有管理员职责")))
    return ALLOWED
