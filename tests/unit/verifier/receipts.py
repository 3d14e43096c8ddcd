"""Receipts of the vectors (抽取凭证): the protocol prints the one of vector 1 alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drawcore import receipt, sealing, seed
from drawcore.bundle import read_bundle
from drawcore.outcome import outcome
from drawcore.seal import Seal, seal_hash
from drawcore.suites import suite

FAILED_ONCE = (receipt.EarlierAttempt(1, "failed", "公开随机数未产生"),)


def of(folder: Path, before: Sequence[receipt.EarlierAttempt] | None = None) -> dict[str, Any]:
    """Give the receipt in *folder*; where there is none, write the right one, with the attempts *before*."""
    path = folder / "receipt.json"
    if not path.exists():
        files = read_bundle(folder)
        sealed, seal, text = files.sealed(), Seal.parse(files.core("seal.json")), files.core("seed.txt")
        kind, seen = suite(seal.suite), sealing.preview(sealed)
        place = receipt.LogPlace("ssj.example.cn/log" + "/sm3" * (kind.name == "sm3"), 9, "0" * 64, 1, 8)
        told = receipt.Told(place, FAILED_ONCE[: seal.attempt - 1] if before is None else before, "本程序")
        found = outcome(sealed, seed.keys(text, seal), seen.member)
        hashes = seal_hash(files.core("seal.json"), kind), seed.seed_hash(seed.seed_of(text, kind), kind)
        path.write_bytes(receipt.receipt(seal, *hashes, found, seen, told))
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document
