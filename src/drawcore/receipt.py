"""
The receipt (抽取凭证) and the member proof (在库证明) of a draw.

The receipt is given to everybody present; it names the seal, the roots of the outcome, and what
was in scope and drawn, but nobody who was drawn.

Source: vdraw/1 §5 (member proof), §15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drawcore import canonical, merkle, shapes, suites
from drawcore.errors import ChangeRefused
from drawcore.outcome import Outcome
from drawcore.plan import Part, list_document
from drawcore.rows import Frame, ListRoot, id_blind
from drawcore.seal import Seal
from drawcore.sealing import Preview
from drawcore.shapes import Doc

FILE = "receipt.json"


@dataclass(frozen=True)
class LogPlace:
    """The checkpoint at the draw, and the seq of the entries ``draw.sealed`` and ``draw.drawn``."""

    origin: str
    size: int
    root: str
    sealed: int
    drawn: int


@dataclass(frozen=True)
class EarlierAttempt:
    """An earlier attempt: its number, how it ended (``voided`` or ``failed``), why."""

    attempt: int
    state: str
    reason: str


@dataclass(frozen=True)
class Told:
    """What a receipt says beyond what seal, lists and outcome say by themselves."""

    log: LogPlace
    attempts: Sequence[EarlierAttempt] = ()
    program: str = ""


def receipt(seal: Seal, seal_hash: str, seed_hash: str, found: Outcome, seen: Preview, told: Told) -> bytes:
    """
    Write ``receipt.json`` (抽取凭证).

    Args:
        seal, seal_hash, seed_hash: Of this draw.
        found: The outcome. seen: The preview of the same lists.
        told: Place in the log, earlier attempts, name of the program.

    Source: vdraw/1 §15.
    """
    document = {
        **facts(seal, seal_hash, seed_hash, found.result_root, found.assign_root),
        "parts": [part_facts(part, seen) for part in seen.member.plan.in_code_order],
        "log": {name: getattr(told.log, name) for name in ("origin", "size", "root", "sealed", "drawn")},
        "attempts": [{"attempt": a.attempt, "state": a.state, "reason": a.reason} for a in told.attempts],
        "program": told.program,
    }
    return canonical.encode(document, file=FILE)


def facts(
    seal: Seal, seal_hash: str, seed_hash: str, result: ListRoot, assign: ListRoot
) -> dict[str, object]:
    """Give those members of a receipt that follow from seal and roots."""
    return {
        "type": "vdraw.receipt",
        "v": 1,
        "draw": seal.draw,
        "org": seal.org,
        "number": seal.number,
        "level": seal.level,
        "rehearsal": seal.rehearsal,
        "seal": seal_hash,
        "seed_hash": seed_hash,
        "result": {"n": result.n, "root": result.root},
        "assign": {"n": assign.n, "root": assign.root},
    }


def part_facts(part: Part, seen: Preview) -> dict[str, object]:
    """Give what a receipt says of one part."""
    said: dict[str, object] = {
        "part": part.part,
        "purpose": part.purpose,
        "in_scope": seen.member.in_scope(part.part),
        "drawn": seen.drawn(part.part),
        "all": seen.takes_everybody(part.part),
    }
    if part.list:
        said["list"] = list_document(part.list)
    return said


_KEYS = (
    *("type", "v", "draw", "org", "number", "level", "rehearsal", "seal", "seed_hash"),
    *("result", "assign", "parts", "log", "attempts", "program"),
)


def parse_receipt(data: bytes) -> tuple[dict[str, object], Told]:
    """Read ``receipt.json``: the whole document, and what it says beyond the other files."""
    doc = Doc.of(canonical.parse(data, file=FILE), file=FILE)
    doc.only(_KEYS)
    doc.choice("type", ("vdraw.receipt",))
    doc.whole("v", least=1, most=1)
    log = doc.inner("log")
    log.only(("origin", "size", "root", "sealed", "drawn"))
    place = LogPlace(
        log.text("origin", shapes.TEXT),
        log.whole("size"),
        log.text("root", shapes.HEX64),
        log.whole("sealed"),
        log.whole("drawn"),
    )
    if not place.sealed < place.drawn < place.size:
        log.refuse("drawn", "bad-number")
    attempts = []
    for one in doc.inners("attempts"):
        one.only(("attempt", "state", "reason"))
        state = one.choice("state", ("voided", "failed"))
        attempts.append(EarlierAttempt(one.whole("attempt", least=1), state, one.text("reason", shapes.TEXT)))
    return doc.value, Told(place, attempts, doc.text("program", shapes.ANY_TEXT))


def qr_text(seal: Seal, seal_hash: str, result_root: str, place: LogPlace) -> str:
    """Write the text of the receipt's QR code."""
    roots = (seal_hash[:16], result_root[:16], place.size, place.root[:16])
    return f"VDRAW1|{seal.draw}|{'|'.join(str(root) for root in roots)}"


def member_proof(frame: Frame, id_: str, seal_hash: str, suite: suites.Suite) -> bytes:
    """
    Write the proof that *id_* is in the sealed frame (在库证明), for that enterprise.

    It holds the blind of the ``ids`` tree, never the one of the frame, so that nothing can be found
    out from it about class and place.

    Raises:
        ChangeRefused: the entity is not in the frame.

    Source: vdraw/1 §5.
    """
    index = frame.index.get(id_)
    if index is None:
        raise ChangeRefused(rule="not-in-frame", about=id_)
    tree = merkle.leaves(frame.id_lines(suite), suite)
    path = [step.hex() for step in merkle.inclusion_path(tree, index, suite)]
    document = {
        "type": "vdraw.member",
        "v": 1,
        "seal": seal_hash,
        "id": id_,
        "blind": id_blind(frame.blinds[index], suite),
        "index": index,
        "path": path,
    }
    return canonical.encode(document, file="member.json")


def is_member(proof: bytes, seal: Seal, seal_hash: str) -> bool:
    """
    Tell whether a member proof leads to the ``ids`` root of the seal.

    Raises:
        FileRefused: the proof is not in its form.

    Source: vdraw/1 §5.
    """
    doc = Doc.of(canonical.parse(proof, file="member.json"), file="member.json")
    doc.only(("type", "v", "seal", "id", "blind", "index", "path"))
    doc.choice("type", ("vdraw.member",))
    doc.whole("v", least=1, most=1)
    suite = suites.suite(seal.suite)
    blind, id_ = doc.text("blind", shapes.HEX32), doc.text("id", shapes.ID)
    path = [bytes.fromhex(step) for step in doc.texts("path", shapes.HEX64)]
    leaf = merkle.leaf(f"{id_}\t{blind}".encode(), suite)
    root = merkle.root_by_path(leaf, doc.whole("index"), seal.ids.n, path, suite)
    same_seal = doc.text("seal", shapes.HEX64) == seal_hash
    return same_seal and root is not None and root.hex() == seal.ids.root
