"""An auditor's statement is signed, of this draw's files, and provable to everybody (vdraw/1 §15)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from drawcore import ed25519
from fairdraw.audit import selectors as audit
from fairdraw.draws import auditing, bundles, services
from fairdraw.draws.refusals import NotDrawable
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import FairdrawError
from fairdraw.plans.models import Task
from fairdraw.portal import rules as portal
from tests.builders.county import NOW, County
from tests.service.draws.walking import DAY, MINUTE, Walk, verified

pytestmark = pytest.mark.django_db
SECRET = bytes(range(32))
OFFICE = "350524-sjj"


@dataclass
class Scene:
    """A disclosed draw, and the auditor who has rechecked it."""

    county: County
    walk: Walk

    def state(self, *, who: str = "jianzheng", signed: str = "passed", **other: str) -> None:
        """Enter the statement with which the auditor's key signed *signed*; *other* values are handed in."""
        draw = self.walk.draw
        said = {"auditor": OFFICE, "bundle": auditing.bundle_hash(draw), "verdict": signed}
        text = auditing.statement(draw, **said)
        given = {**said, "key": ed25519.public_key(SECRET).hex()}
        given["signature"] = base64.b64encode(ed25519.sign(SECRET, text)).decode()
        auditing.state_audit(
            draw_id=draw.pk, actor=self.county.actor(who), now=NOW + DAY, **{**given, **other}
        )


@pytest.fixture
def scene(ground: County) -> Scene:
    """A draw whose task is finished and whose bundle auditors may have."""
    walk = Walk(ground, ("more-0",)).to_drawn()
    Task.objects.filter(number=walk.number).update(state="completed")
    walk.draw = services.disclose(draw_id=walk.draw.pk, actor=SYSTEM, now=NOW + DAY)
    return Scene(ground, walk)


def test_a_statement_is_logged_shown_to_everybody_and_signed_over_the_files(scene: Scene, tmp_path: Path):
    scene.state()

    [entry] = audit.entries(about=f"draw:{scene.walk.draw.pk}", kind="draw.audited")
    body = entry.body()
    assert body["verdict"] == "passed"
    verified(scene.walk, tmp_path)
    files = sorted(path for path in (tmp_path / "bundle").iterdir() if path.name in bundles.core.CORE)
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    assert body["bundle"] == hashlib.sha256(sums.encode()).hexdigest()
    told = bundles.files_of(scene.walk.draw)
    shown, _proofs = portal.public_evidence(told["events.jsonl"], told["proofs.json"])
    assert b'"draw.audited"' in shown


def test_what_failed_may_be_said_of_other_files(scene: Scene):
    draw, other = scene.walk.draw, "0" * 64
    text = auditing.statement(draw, auditor=OFFICE, bundle=other, verdict="failed")
    scene.state(
        bundle=other, verdict="failed", signature=base64.b64encode(ed25519.sign(SECRET, text)).decode()
    )

    [entry] = audit.entries(about=f"draw:{draw.pk}", kind="draw.audited")
    assert entry.body()["bundle"] == other


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"bundle": "0" * 64}, "与本次抽取的不符"),
        ({"verdict": "failed"}, "签名不成立"),
        ({"auditor": "another"}, "签名不成立"),
        ({"key": "1" * 64}, "签名不成立"),
        ({"signature": "AAAA"}, "签名不成立"),
        ({"signature": "不是"}, "签名不成立"),
        ({"verdict": "fine"}, "结论"),
        ({"auditor": "审计局"}, "格式不符"),
        ({"key": "zz"}, "格式不符"),
    ],
)
def test_a_statement_that_does_not_hold_is_not_entered(scene: Scene, changed: dict[str, str], reason: str):
    with pytest.raises(NotDrawable, match=reason):
        scene.state(**changed)
    assert not audit.entries(about=f"draw:{scene.walk.draw.pk}", kind="draw.audited").exists()


@pytest.mark.parametrize("who", ["zlg-jh", "jiandu", "zlg-fz"])
def test_only_an_auditor_states(scene: Scene, who: str):
    with pytest.raises(FairdrawError, match=r"纪检、审计|没有这次抽取"):
        scene.state(who=who)


def test_nothing_is_stated_of_files_that_no_auditor_may_have_yet(ground: County):
    drawn = Walk(ground, ("more-0",)).to_drawn()
    drawn.now += MINUTE

    with pytest.raises(NotDrawable, match="披露以后"):
        Scene(ground, drawn).state()
