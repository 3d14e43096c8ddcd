"""What the tests of the verifier share: verdicts, and bundles with another log or sealed anew."""

from collections.abc import Callable
from dataclasses import replace

from drawcore import canonical, ed25519, log, merkle, note
from drawcore.bundle import CORE, Bundle
from drawcore.log import Entry
from drawcore.outcome import outcome
from drawcore.rows import Commitments
from drawcore.seal import list_roots, seal_hash
from drawcore.seed import Reveal, SeedText, keys
from drawcore.shares import commitment
from drawcore.suites import suite
from drawcore.verify import Known, Report, Status, verify
from tests.builders import vectors

SHA256 = suite("sha256")
LOG_KEY = note.NoteKey("ssj.example.cn/log", note.LOG_KEY, vectors.LOG_PUBLIC)
WITNESS_KEY = note.NoteKey("witness.example.cn", note.COSIGNER_KEY, vectors.LOG_PUBLIC)
FILES = vectors.bundle(1).files


def status(report: Report, step: int) -> Status:
    return report.steps[step - 1].status


def failed(files: dict[str, bytes], known: Known | None = None) -> tuple[int, str]:
    report = verify(Bundle(files), known)
    assert report.failed is not None
    assert report.exit_code() == 1
    return report.failed.number, report.failed.message


def sign(message: bytes) -> bytes:
    return ed25519.sign(vectors.LOG_SECRET, message)


def with_log(
    change: Callable[[list[Entry]], list[Entry]], *, first: int = 1, **receipt: object
) -> dict[str, bytes]:
    """Give the bundle of vector 1 with another log: rewritten, chained, proved and signed anew."""
    raw: list[bytes] = []
    for seq, entry in enumerate(change([log.parse_entry(data) for data in vectors.log_of_vector_1()])):
        prev = log.leaf(raw[-1], SHA256).hex() if raw else log.FIRST_PREV
        raw.append(replace(entry, seq=seq, prev=prev).encode())
    root = merkle.root(merkle.leaves(raw, SHA256), SHA256)
    checkpoint = note.Checkpoint("ssj.example.cn/log", len(raw), root)
    signature = note.sign_checkpoint(checkpoint, LOG_KEY, sign)
    place = {
        "origin": checkpoint.origin,
        "size": len(raw),
        "root": root.hex(),
        "sealed": 1,
        "drawn": 7,
    } | receipt
    document = vectors.document_of(FILES["receipt.json"]) | {"log": place}
    return {
        **FILES,
        "events.jsonl": b"".join(entry + b"\n" for entry in raw[first:]),
        "proofs.json": vectors.proofs_of(raw, range(first, len(raw))),
        "checkpoint.txt": note.signed_note(checkpoint.text(), [signature]),
        "receipt.json": canonical.encode(document),
    }


def swapped(one: int, two: int) -> Callable[[list[Entry]], list[Entry]]:
    def swap(entries: list[Entry]) -> list[Entry]:
        entries[one], entries[two] = (
            replace(entries[two], at=entries[one].at),
            replace(entries[one], at=entries[two].at),
        )
        return entries

    return swap


def with_body(seq: int, **changed: object) -> Callable[[list[Entry]], list[Entry]]:
    def rewrite(entries: list[Entry]) -> list[Entry]:
        entries[seq] = replace(entries[seq], body={**entries[seq].body, **changed})
        return entries

    return rewrite


def with_kind(seq: int, kind: str) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [replace(e, kind=kind) if e.seq == seq else e for e in entries]


def at(times: dict[int, int]) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [replace(e, at=times.get(e.seq, e.at)) for e in entries]


def more(*added: Entry) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [*entries, *added]


def entry(kind: str, draw: str = vectors.seal(1).draw, **body: object) -> Entry:
    return Entry(0, 1714200100, "u:9", kind, {"draw": draw, **body}, log.FIRST_PREV)


def resealed(number: int, **changed: object) -> dict[str, bytes]:
    """Give a bundle sealed and drawn anew after *changed* (lists, seal values) of a vector without beacon."""
    base = vectors.sealed(number)
    lists = replace(base, **{k: v for k, v in changed.items() if hasattr(base, k)})
    seal = replace(vectors.seal(number), **{k: v for k, v in changed.items() if not hasattr(base, k)})
    kind = suite(seal.suite)
    seal = replace(seal, **list_roots(lists, kind), plan=kind.hex(lists.plan.encode()))
    data = seal.encode()
    digest, old = seal_hash(data, kind), SeedText.parse(vectors.bundle(number).core("seed.txt"))
    locked = {
        id_: commitment(kind, seal=digest, source=id_, salt=state.salt, share=state.share)
        for id_, state in old.persons.items()
        if isinstance(state, Reveal)
    }
    text = replace(old, seal=digest).encode()
    found = outcome(lists, keys(text, seal))
    return {
        **{name: vectors.bundle(number).core(name) for name in CORE},
        "seal.json": data,
        "plan.json": lists.plan.encode(),
        **{
            f"{name}.tsv": getattr(lists, name).data for name in ("frame", "excluded", "officers", "recusals")
        },
        "commits.tsv": Commitments.build(locked).data,
        "seed.txt": text,
        "result.tsv": found.result,
        "assign.tsv": found.assign,
    }
