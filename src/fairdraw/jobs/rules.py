"""The actor of a job as plain values, kept with the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fairdraw.kernel.actor import Actor, Duty, Grant


def actor_row(actor: Actor) -> dict[str, Any]:
    """*Actor* as the row keeps it: with the duties held at this moment."""
    return {
        "code": actor.code,
        "name": actor.name,
        "user_id": actor.user_id,
        "trusted": actor.trusted,
        "grants": [[grant.duty.value, grant.path, grant.agency_id] for grant in actor.grants],
    }


def actor_from(row: Mapping[str, Any]) -> Actor:
    """The actor that :func:`actor_row` wrote down."""
    return Actor(
        code=row["code"],
        name=row["name"],
        user_id=row["user_id"],
        trusted=row["trusted"],
        grants=tuple(Grant(Duty(duty), path, agency_id) for duty, path, agency_id in row["grants"]),
    )
