"""
The share of a person on a device without script (随机份额): in a signed cookie, never in the database.

Where scripts run the browser makes and keeps the share itself (``ui/draw.js``). One cookie of a draw holds
the shares of all persons who used this device, each under the place in the seal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from fairdraw.desk import rules

MAX_AGE = 8 * 24 * 3600
SALT = "fairdraw.desk.device"


@dataclass(frozen=True)
class Share:
    """Salt and share of one person, in hex."""

    salt: str
    share: str


def name(draw_id: str) -> str:
    """The cookie of a draw."""
    return f"vdraw-{draw_id}"


def held(request: HttpRequest, draw_id: str) -> dict[str, Share]:
    """The shares that this device keeps for a draw, by place in the seal; a broken cookie keeps none."""
    text = request.get_signed_cookie(name(draw_id), default="", salt=SALT)
    try:
        stored = json.loads(text or "{}")
        return {source: Share(str(pair[0]), str(pair[1])) for source, pair in stored.items()}
    except (ValueError, AttributeError, IndexError, TypeError):
        return {}


def make(entropy: Callable[[int], bytes]) -> Share:
    """A fresh share from the door's entropy."""
    return Share(entropy(rules.SALT_BYTES).hex(), entropy(rules.SHARE_BYTES).hex())


def keep(
    request: HttpRequest, response: HttpResponse, draw_id: str, source: str, share: Share, *, path: str
) -> None:
    """Let this device keep *share* for the place *source* of a draw."""
    shares = {**held(request, draw_id), source: share}
    response.set_signed_cookie(
        name(draw_id),
        json.dumps({k: [v.salt, v.share] for k, v in shares.items()}, separators=(",", ":")),
        salt=SALT,
        max_age=MAX_AGE,
        path=path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
