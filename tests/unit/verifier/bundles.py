"""
Bundles for the tests of the verifier (复核资料包): the protocol's vectors, and generated draws.

The vectors are the golden copies; the log of vector 1 is built again from its description (protocol §18),
so that its SHA-256 values prove the builder. Generated bundles are sealed, drawn and logged here; their
result and assignment come from `verify.recompute`, whose right to be believed the vectors establish.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import verify

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "vdraw"
VECTORS = ("v1", "v2", "v3", "v4", "v5")
LOG_SECRET = bytes(range(32))
LOG_KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
ORIGIN = "ssj.example.cn/log"
BLIND = "0" * 32
SNAPSHOT = {
    "actor": "u:7",
    "at": 1714199940,
    "body": {"n": 10, "note": "初始名单"},
    "kind": "register.snapshot",
    "prev": "0" * 64,
    "seq": 0,
    "v": 1,
}


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(suite: str, data: bytes) -> bytes:
    return hashlib.new(suite, data).digest()


def tree(suite: str, leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash as RFC 6962 defines it: recursively, split at the largest power of two."""
    if len(leaves) < 2:
        return leaves[0] if leaves else digest(suite, b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return digest(suite, b"\1" + tree(suite, leaves[:half]) + tree(suite, leaves[half:]))


def inclusion(suite: str, index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The inclusion path of RFC 6962, 2.1.1."""
    if len(leaves) < 2:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*inclusion(suite, index, leaves[:half]), tree(suite, leaves[half:])]
    return [*inclusion(suite, index - half, leaves[half:]), tree(suite, leaves[:half])]


def rooted(suite: str, data: bytes) -> dict[str, Any]:
    leaves = [digest(suite, b"\0" + line) for line in data.splitlines()]
    return {"n": len(leaves), "root": tree(suite, leaves).hex()}


def rows(lines: Iterable[Sequence[Any]]) -> bytes:
    return b"".join("\t".join(map(str, line)).encode() + b"\n" for line in lines)


def entries(suite: str, events: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Log entries behind the first snapshot, chained by the hash of the one before."""
    lines = [canonical(SNAPSHOT)]
    for event in events:
        before = digest(suite, b"\0" + lines[-1]).hex()
        lines.append(canonical({**event, "prev": before, "seq": len(lines), "v": 1}))
    return lines


def checkpoint(suite: str, origin: str, lines: Sequence[bytes]) -> bytes:
    """A checkpoint of the log in a note signed with the key of vector 1."""
    root = base64.b64encode(tree(suite, [digest(suite, b"\0" + line) for line in lines])).decode()
    text = f"{origin}\n{len(lines)}\n{root}\n"
    secret = Ed25519PrivateKey.from_private_bytes(LOG_SECRET)
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + bytes.fromhex(LOG_KEY)).digest()[:4]
    signature = base64.b64encode(key_id + secret.sign(text.encode())).decode()
    return f"{text}\n— {origin} {signature}\n".encode()


def write_log(folder: Path, suite: str, events: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Put events.jsonl and proofs.json into a bundle; the whole log, snapshot first."""
    lines = entries(suite, events)
    leaves = [digest(suite, b"\0" + line) for line in lines]
    paths = [(n, inclusion(suite, n, leaves)) for n in range(1, len(lines))]
    proofs = [{"seq": n, "path": [step.hex() for step in path]} for n, path in paths]
    (folder / "events.jsonl").write_bytes(b"".join(line + b"\n" for line in lines[1:]))
    (folder / "proofs.json").write_bytes(canonical({"size": len(lines), "entries": proofs}))
    return lines


def draw_events(folder: Path) -> list[dict[str, Any]]:
    """What the log says of the draw in *folder*, as section 14 lists it, at the times of vector 1."""
    seal = json.loads((folder / "seal.json").read_bytes())
    suite, start = seal["suite"], seal["sealed_at"]
    commits = dict(line.split("\t") for line in (folder / "commits.tsv").read_text().splitlines())
    seed = (folder / "seed.txt").read_bytes()
    opened = [line.split(" ")[1:] for line in seed.decode().splitlines() if line.startswith("person ")]
    seed_hash = digest(suite, b"vdraw/1 seedhash\n" + digest(suite, seed).hex().encode() + b"\n").hex()
    roots = {key: rooted(suite, (folder / f"{key}.tsv").read_bytes())["root"] for key in ("result", "assign")}
    whole = len(commits) == len(seal["sources"]["persons"])
    open_at = start + 20 if whole else seal["commit_by"]
    actors = {"p1": "u:7", "p2": "u:8", "p3": "u:9"}
    said: list[tuple[int, str, str, dict[str, Any]]] = [
        (start, "u:7", "draw.sealed", {"seal": digest(suite, (folder / "seal.json").read_bytes()).hex()})
    ]
    for n, (who, value) in enumerate(sorted(commits.items())):
        said.append((start + 10 + n, actors[who], "draw.commit", {"source": who, "commit": value}))
    committed = digest(suite, (folder / "commits.tsv").read_bytes()).hex()
    said.append((open_at, "system", "draw.reveals_open", {"commits": committed}))
    for n, (who, salt, share) in enumerate(opened, 1):
        said.append((open_at + n, actors[who], "draw.reveal", {"source": who, "salt": salt, "share": share}))
    end = open_at + 11 if len(opened) == len(commits) else seal["reveal_by"]
    if seal["sources"]["beacon"]:
        kind, period, value = seed.decode().splitlines()[-1].split(" ")[1:]
        end = max(end, seal["beacon_from"]) + 5
        said.append((end - 1, "u:7", "draw.beacon", {"name": kind, "round": period, "value": value}))
    said.append((end, "system", "draw.drawn", {"seed_hash": seed_hash, **roots}))
    return [{"at": a, "actor": who, "kind": k, "body": {"draw": seal["draw"], **b}} for a, who, k, b in said]


def copy_vector(name: str, folder: Path) -> Path:
    """A vector with the evidence that section 18 describes: the log of 1, the earlier attempt of 3."""
    target = folder / name
    shutil.copytree(GOLDEN / name, target)
    if name == "v1":
        write_log(target, "sha256", draw_events(target))
    if name == "v3":
        earlier = target / "attempts" / "1"
        earlier.mkdir(parents=True, exist_ok=True)
        (earlier / "seal.json").write_bytes(first_attempt(json.loads((target / "seal.json").read_bytes())))
    return target


def first_attempt(seal: dict[str, Any]) -> bytes:
    draw = seal["draw"][:-2] + "a3"
    share = hashlib.sha256(b"test v3 first server").hexdigest()
    server = digest("sm3", f"vdraw/1 server\ndraw {draw}\nshare {share}\n".encode()).hex()
    beacon = {"kind": "cwl-ssq", "round": "2024048"}
    times = {
        "sealed_at": 1714300000,
        "commit_by": 1714300600,
        "reveal_by": 1714301200,
        "beacon_from": 1714311600,
    }
    sources = {**seal["sources"], "server": server, "beacon": beacon}
    return canonical({**seal, "attempt": 1, "prev": "", "draw": draw, "sources": sources, **times})


def seal_of(
    files: Mapping[str, bytes], suite: str, prf: str, server: bytes, **changed: Any
) -> dict[str, Any]:
    """A level 1 seal over the plan and the lists of *files*."""
    frame = [line.split("\t") for line in files["frame.tsv"].decode().splitlines()]
    ids = [f"{row[0]}\t{digest(suite, b'ids' + bytes([31]) + row[-1].encode()).hex()[:32]}" for row in frame]
    persons = [("p1", "xyk", "initiator"), ("p2", "fgk", "supervisor")]
    sources = {
        "beacon": None,
        "custodian": "ab" * 32,
        "min_reveals": 2,
        "persons": [{"id": who, "office": office, "role": role} for who, office, role in persons],
        "server": digest(suite, server).hex(),
    }
    lists = {name: rooted(suite, files[f"{name}.tsv"]) for name in verify.LISTS}
    times = {"sealed_at": 1714200000, "commit_by": 1714200600, "reveal_by": 1714201200, "beacon_from": 0}
    return {
        "type": "vdraw.seal",
        "v": 1,
        "suite": suite,
        "prf": prf,
        "level": 1,
        "org": "350524-scj",
        "number": "2024-001",
        "draw": server.split()[3].decode(),
        "attempt": 1,
        "prev": "",
        "register_seq": 0,
        "plan": digest(suite, files["plan.json"]).hex(),
        "sources": sources,
        "ids": rooted(suite, rows([line] for line in ids)),
        **lists,
        **times,
        "disclosure": {"to": "auditors", "when": "task"},
        **changed,
    }


def sealed(
    plan: Mapping[str, Any],
    lists: Mapping[str, bytes],
    suite: str = "sha256",
    prf: str = "keyhash",
    **seal: Any,
) -> dict[str, bytes]:
    """The files of a level 1 draw up to seed.txt, everything random made from the plan and the lists."""
    files = {"plan.json": canonical(plan), **lists}
    draw, salts, shares = "00000000-0000-4000-8000-0000000000ff", ("1" * 32, "2" * 32), ("a" * 64, "b" * 64)
    files["server.txt"] = f"vdraw/1 server\ndraw {draw}\nshare {'c' * 64}\n".encode()
    files["seal.json"] = canonical(seal_of(files, suite, prf, files["server.txt"], **seal))
    seal_hash = digest(suite, files["seal.json"]).hex()
    persons = list(zip(("p1", "p2"), salts, shares, strict=True))
    texts = [f"vdraw/1 commit\nseal {seal_hash}\nsource {p}\nsalt {s}\nshare {x}\n" for p, s, x in persons]
    files["commits.tsv"] = rows(
        (p[0], digest(suite, t.encode()).hex()) for p, t in zip(persons, texts, strict=True)
    )
    seed = [f"vdraw/1 seed {suite}", f"seal {seal_hash}", f"server {'c' * 64}"]
    seed += [f"person {p} {s} {x}" for p, s, x in persons] + ["beacon none"]
    files["seed.txt"] = rows([line] for line in seed)
    return files


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Put a sealed draw with its outcome into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**files, **verify.recompute(files)}.items():
        (folder / name).write_bytes(data)
    return folder
