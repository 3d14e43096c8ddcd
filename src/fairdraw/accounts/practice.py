"""The practice accounts as the sign-in page of a practice installation lists them (练习账号)."""

from __future__ import annotations

from dataclasses import dataclass, field

from fairdraw.accounts import selectors
from fairdraw.accounts.models import DUTY_LABELS, Membership, User
from fairdraw.kernel.actor import Duty


@dataclass
class PracticeAccount:
    """One account: its sign-in name, whose it is, what it may do."""

    username: str
    name: str
    duties: list[str] = field(default_factory=list)


@dataclass
class PracticeUnit:
    """The accounts of one agency."""

    name: str
    accounts: list[PracticeAccount] = field(default_factory=list)


def units() -> list[PracticeUnit]:
    """Every practice account with its duties, under the agency that it belongs to."""
    held: dict[int, PracticeUnit] = {}
    accounts: dict[tuple[int, int], PracticeAccount] = {}
    rows = Membership.objects.filter(user__in=selectors.practice_accounts(), ends_on__isnull=True)
    for row in rows.select_related("user", "agency").order_by("agency__path", "user_id", "pk"):
        unit = held.setdefault(row.agency_id, PracticeUnit(row.agency.name))
        key = (row.agency_id, row.user_id)
        if key not in accounts:
            accounts[key] = PracticeAccount(row.user.username, row.user.name)
            unit.accounts.append(accounts[key])
        accounts[key].duties.append(str(DUTY_LABELS[Duty(row.duty)]))
    return list(held.values())


def account(username: str) -> User | None:
    """The practice account of that name."""
    return selectors.practice_accounts().filter(username=username).first()
