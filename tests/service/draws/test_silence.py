"""
Whoever stays silent, and a server share that is lost (vdraw/1 §7.3, §17; T-D4): the draw ends as the protocol says.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyrage
import pytest

from drawcore import shares
from fairdraw.audit import selectors as audit
from fairdraw.demo.draws import CUSTODIAN_IDENTITY
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import selectors, services, vault
from fairdraw.draws.models import DrawSecret
from fairdraw.draws.refusals import NotDrawable
from fairdraw.files import selectors as files
from fairdraw.kernel.errors import NotPermitted
from tests.builders.county import NOW, County
from tests.service.draws.walking import DAY, MINUTE, Walk, verified

pytestmark = pytest.mark.django_db
AFTER_COMMITS = NOW + dt.timedelta(hours=72, seconds=1)
AFTER_REVEALS = NOW + dt.timedelta(hours=144, seconds=1)


@pytest.mark.parametrize("committed", [("p1", "p2"), ("p1", "p3"), ("p2", "p3")])
def test_one_of_three_never_locks_in_and_the_draw_goes_on(
    ground: County, tmp_path: Path, committed: tuple[str, str]
):
    walk = Walk(ground, ("more-0",), level=2).to_sealed()
    for source in committed:
        walk.commit(source)
    walk.draw = services.close_commitments(draw_id=walk.draw.pk, actor=walk.actors["p1"], now=AFTER_COMMITS)
    for source in committed:
        walk.reveal(source, now=AFTER_COMMITS + MINUTE)
    walk.enter(now=AFTER_COMMITS + 2 * MINUTE)
    walk.complete(now=AFTER_COMMITS + 3 * MINUTE)

    [absent] = {"p1", "p2", "p3"} - set(committed)
    assert f"none {absent}\n" in selectors.content(walk.draw, "seed.txt").decode()
    verified(walk, tmp_path)


@pytest.mark.parametrize("silent_source", ["p1", "p2", "p3"])
def test_one_of_three_never_opens_and_the_number_takes_the_place(
    ground: County, tmp_path: Path, silent_source: str
):
    walk = Walk(ground, ("more-0",), level=2).to_revealing()
    for source in walk.sources:
        if source != silent_source:
            walk.reveal(source)
    walk.draw = services.close_reveals(draw_id=walk.draw.pk, actor=walk.actors["p1"], now=AFTER_REVEALS)
    walk.enter(now=AFTER_REVEALS + MINUTE)
    walk.complete(now=AFTER_REVEALS + 2 * MINUTE)

    assert f"absent {silent_source} " in selectors.content(walk.draw, "seed.txt").decode()
    verified(walk, tmp_path)


def test_without_a_number_a_silent_person_needs_the_envelope(ground: County, tmp_path: Path):
    """The seed is what it would have been: the envelope holds the very share that was locked in."""
    walk = Walk(ground, ("more-0",)).to_revealing()
    walk.reveal("p1")
    salt, share = walk.kept["p2"]
    asked = {"draw_id": walk.draw.pk, "source": "p2", "salt": salt, "share": share}

    with pytest.raises(NotDrawable, match="须全部开启"):
        services.close_reveals(draw_id=walk.draw.pk, actor=walk.actors["p1"], now=AFTER_REVEALS)
    with pytest.raises(NotDrawable, match="期限未到"):
        services.open_envelope(**asked, actor=ground.actor("juzhang"), now=NOW + DAY)
    with pytest.raises(NotPermitted, match="他人开启"):
        services.open_envelope(**asked, actor=walk.actors["p2"], now=AFTER_REVEALS)
    with pytest.raises(NotDrawable, match="与锁定值不符"):
        services.open_envelope(
            **(asked | {"share": share[::-1]}), actor=ground.actor("juzhang"), now=AFTER_REVEALS
        )
    services.open_envelope(**asked, actor=ground.actor("juzhang"), now=AFTER_REVEALS)
    walk.complete(now=AFTER_REVEALS + MINUTE)

    assert f"person p2 {salt} {share}\n" in selectors.content(walk.draw, "seed.txt").decode()
    entry = audit.entries(about=f"draw:{walk.draw.pk}", kind="draw.reveal").last()
    assert entry is not None
    assert entry.body()["by"] == "envelope"
    verified(walk, tmp_path)


# 服务器份额


def lose(walk: Walk) -> None:
    """The key outside the database opens the secret no longer."""
    DrawSecret.objects.filter(draw=walk.draw).update(ciphertext=b"\x00" * 92)


def test_the_deposit_brings_a_lost_server_share_back(ground: County, tmp_path: Path):
    walk = Walk(ground, ("more-0",)).to_opened()
    deposit = DrawSecret.objects.get(draw=walk.draw).deposit
    assert deposit is not None
    identity = pyrage.x25519.Identity.from_str(CUSTODIAN_IDENTITY)
    text = pyrage.decrypt(files.read(deposit.pk), [identity])
    lose(walk)
    with pytest.raises(vault.SecretLost):
        walk.complete()

    asked = {"draw_id": walk.draw.pk, "now": NOW + DAY, "entropy": SeededEntropy("again", "nonce")}
    with pytest.raises(NotPermitted):
        services.restore_share(**asked, server_text=text, actor=walk.actors["p1"])
    with pytest.raises(NotDrawable, match="不符"):
        services.restore_share(
            **asked, server_text=shares.server_text(walk.draw.pk, "ab" * 32), actor=walk.actors["p2"]
        )
    services.restore_share(**asked, server_text=text, actor=walk.actors["p2"])
    walk.complete(now=NOW + DAY + MINUTE)

    assert selectors.content(walk.draw, "server.txt") == text
    assert audit.entries(about=f"draw:{walk.draw.pk}", kind="draw.share_restored").count() == 1
    verified(walk, tmp_path)


@pytest.mark.parametrize("reached", ["sealed", "revealing", "waiting"])
def test_a_server_share_lost_beyond_its_deposit_fails_the_attempt_and_the_next_one_works(
    ground: County, tmp_path: Path, reached: str
):
    first = Walk(ground, ("more-0",), level=2)
    {"sealed": first.to_sealed, "revealing": first.to_revealing, "waiting": first.to_opened}[reached]()
    lose(first)
    services.fail_draw(
        draw_id=first.draw.pk, reason="服务器份额丢失", actor=first.actors["p1"], now=NOW + DAY
    )

    second = Walk(ground, ("more-0",), level=2, label="again", now=NOW + DAY)
    second.to_drawn()  # by the same persons: nobody was silent after the deadline
    verified(second, tmp_path)
