"""The log as auditors read it (操作日志): every entry with its sentence, who did it, narrowed by what is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts.models import DUTY_LABELS, ApiToken, User
from fairdraw.audit import events
from fairdraw.audit import selectors as audit
from fairdraw.audit.models import LogEntry
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE, SYSTEM, Actor, Duty
from fairdraw.kernel.canonical import JSON

PRODUCT = {SYSTEM.code: SYSTEM.name, COMMAND_LINE.code: COMMAND_LINE.name}


@dataclass(frozen=True)
class LogFilter:
    """Which entries are asked for: an account, a kind of event, days."""

    account: str = ""
    kind: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class LogLine:
    """One entry in words."""

    seq: int
    at: dt.datetime
    who: str
    sentence: str
    kind: str


def kinds() -> list[tuple[str, str]]:
    """The kinds of entries for a choice."""
    return [(event.kind, event.kind) for event in events.declared()]


def entries(actor: Actor, asked: LogFilter) -> QuerySet[LogEntry]:
    """The entries that *actor* may read and the filter names, the latest first."""
    code = None
    if asked.account:
        user = User.objects.filter(username=asked.account).first()
        code = f"u:{user.pk}" if user else asked.account
    return audit.visible_entries(
        actor,
        kind=asked.kind or None,
        actor_code=code,
        since=clock.at(asked.first, 0) if asked.first else None,
        until=clock.at(asked.last, 0) + dt.timedelta(1) if asked.last else None,
    )


def lines(found: Iterable[LogEntry]) -> list[LogLine]:
    """Entries in words, accounts and calling systems by their names."""
    rows = list(found)
    bodies = [row.body() for row in rows]
    wanted = {str(body["user"]) for body in bodies if isinstance(body.get("user"), int)}
    names = _names([row.actor for row in rows], wanted)
    return [
        LogLine(
            row.seq,
            row.at,
            names.get(row.actor, row.actor),
            events.sentence(row.kind, {**body, **_worded(body, names)}),
            row.kind,
        )
        for row, body in zip(rows, bodies, strict=True)
    ]


def _worded(body: dict[str, JSON], names: dict[str, str]) -> dict[str, JSON]:
    """The values of a body that have a name or a label."""
    found: dict[str, JSON] = {}
    if f"u:{body.get('user')}" in names:
        found["user"] = names[f"u:{body['user']}"]
    if body.get("duty") in list(Duty):
        found["duty"] = str(DUTY_LABELS[Duty(str(body["duty"]))])
    return found


def _names(actors: Sequence[str], users: set[str]) -> dict[str, str]:
    """The names behind codes: ``u:7``, ``t:3``, ``system``, ``cli``."""
    people = {code[2:] for code in actors if code.startswith("u:")} | users
    systems = {code[2:] for code in actors if code.startswith("t:")}
    found = {code: _(name) for code, name in PRODUCT.items()}
    for user in User.objects.filter(pk__in=[key for key in people if key.isdigit()]):
        found[f"u:{user.pk}"] = f"{user.name}（{user.username}）"
    for token in ApiToken.objects.filter(pk__in=[key for key in systems if key.isdigit()]):
        found[f"t:{token.pk}"] = _("接口 %(name)s") % {"name": token.name}
    return found


def state() -> tuple[int, str]:
    """How many entries the log has, and the root over all of them."""
    size = audit.size()
    return size, audit.root(size) if size else ""
