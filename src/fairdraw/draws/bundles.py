"""
Receipts and bundles: what is handed out so that a draw can be rechecked (抽取凭证、复核资料包; vdraw/1 §15).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

import fairdraw
from drawcore import bundle as core
from drawcore import canonical, receipt, sealing, suites
from drawcore.seal import Seal
from fairdraw.audit import selectors as audit
from fairdraw.audit import services as log
from fairdraw.draws import keep, run, selectors
from fairdraw.draws.models import Draw, DrawFile
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.kernel.errors import RuleBroken

PROGRAM = f"fairdraw {fairdraw.__version__}"


class NotDrawnYet(RuleBroken):
    """There is no receipt before the draw."""

    code = "draws.not-drawn-yet"


def issue_receipt(draw: Draw, *, origin: str, now: dt.datetime) -> bytes:
    """
    Make the receipt of a finished draw, with a checkpoint of the log after it (出具抽取凭证).

    The first call makes it; later calls give the same bytes.

    Args:
        draw: Drawn or disclosed.
        origin: The log's name.
        now: When.
    """
    if selectors.has_file(draw, "receipt.json"):
        return selectors.content(draw, "receipt.json")
    if DrawState(draw.state) not in FINISHED:
        raise NotDrawnYet(_("抽取完成后才能出具抽取凭证"))
    checkpoint = log.checkpoint(now, origin=origin)
    data = _receipt(draw, receipt_place(draw, origin=origin, size=checkpoint.size, root=checkpoint.root))
    events, proofs = _evidence(draw, size=checkpoint.size)
    stored = keep.put(
        {
            "receipt.json": data,
            "checkpoint.txt": checkpoint.text.encode(),
            "events.jsonl": events,
            "proofs.json": proofs,
        },
        now=now,
    )
    with transaction.atomic():
        selectors.locked(draw.pk)
        if not selectors.has_file(draw, "receipt.json"):
            keep.name(draw, stored)
    return selectors.content(draw, "receipt.json")


def receipt_place(draw: Draw, *, origin: str, size: int, root: str) -> receipt.LogPlace:
    """Where the draw stands in the log."""
    places = {
        e.kind: e.seq
        for e in audit.entries(about=f"draw:{draw.pk}")
        if e.kind in {"draw.sealed", "draw.drawn"}
    }
    return receipt.LogPlace(origin, size, root, places["draw.sealed"], places["draw.drawn"])


def _receipt(draw: Draw, place: receipt.LogPlace) -> bytes:
    """The receipt says what the stored files say; nothing is drawn again for it."""
    files = {f: selectors.content(draw, f) for f in selectors.CORE_FILES}
    seen = sealing.preview(run.sealed_of(files))
    earlier = [
        receipt.EarlierAttempt(a.attempt, a.state, a.ended_reason) for a in selectors.attempts_before(draw)
    ]
    return receipt.receipt(
        Seal.parse(files["seal.json"]),
        draw.seal or "",
        draw.seed_hash or "",
        run.stored_outcome(files),
        seen,
        receipt.Told(place, earlier, PROGRAM),
    )


def _evidence(draw: Draw, *, size: int) -> tuple[bytes, bytes]:
    lines = [line for line in audit.documents(about=f"draw:{draw.pk}") if line[0] < size]
    proofs = audit.prove([seq for seq, _line in lines], size)
    return b"".join(line + b"\n" for _seq, line in lines), canonical.encode(proofs, file="proofs.json")


def files_of(draw: Draw) -> dict[str, bytes]:
    """Every file of the draw's bundle by name: core, evidence, the seals of earlier attempts."""
    held = DrawFile.objects.filter(draw=draw).exclude(name=keep.CLASSES).values_list("name", flat=True)
    found = {name: selectors.content(draw, name) for name in sorted(held)}
    for earlier in selectors.attempts_before(draw):
        found[f"attempts/{earlier.attempt}/seal.json"] = selectors.content(earlier, "seal.json")
    return found | _later_evidence(draw, found)


def _later_evidence(draw: Draw, found: Mapping[str, bytes]) -> dict[str, bytes]:
    """
    The log's evidence with what came after the receipt: replacements, disclosure.

    Entries that no checkpoint covers yet wait for the next one. The receipt keeps its own, earlier place.
    """
    if "events.jsonl" not in found:
        return {}
    latest = audit.checkpoints().filter(origin=found["checkpoint.txt"].decode().split("\n")[0]).first()
    if latest is None:
        return {}
    covered = audit.entries(about=f"draw:{draw.pk}").filter(seq__lt=latest.size).count()
    if covered <= found["events.jsonl"].count(b"\n"):
        return {}
    events, proofs = _evidence(draw, size=latest.size)
    return {"events.jsonl": events, "proofs.json": proofs, "checkpoint.txt": latest.text.encode()}


def write(draw: Draw, directory: Path) -> Path:
    """Write the bundle into *directory*, which must not exist; gives its absolute path."""
    core.write_bundle(directory, files_of(draw))
    return directory.resolve()


def suite_of(draw: Draw) -> suites.Suite:
    """The hash suite of the draw."""
    return suites.suite(draw.suite)
