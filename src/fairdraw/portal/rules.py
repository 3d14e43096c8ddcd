"""
What the public may see of a draw, and when (公开范围): an allow-list by state and disclosure.

Everybody sees the seal from the seal on, and from the draw on what proves the order in time. The bundle is
public only where the seal says so and only once it was disclosed; else server share, seed, plan, frame, ranks,
strata and reserves are never shown. Source: vdraw/1 §15.
"""

from __future__ import annotations

import json

from fairdraw.kernel.text import gettext_noop as _

AFTER_SEAL = ("seal.json",)
AFTER_DRAW = ("commits.tsv", "receipt.json", "events.jsonl", "proofs.json", "checkpoint.txt")
FINISHED = ("drawn", "disclosed")

# Entries of the log that name nobody who was drawn; others of the same draw are only counted.
PUBLIC_EVENTS = {
    "draw.sealed": _("封存"),
    "draw.commit": _("锁定随机份额"),
    "draw.reveals_open": _("锁定截止，开始开启"),
    "draw.reveal": _("开启随机份额"),
    "draw.beacon": _("录入公开随机数"),
    "draw.drawn": _("完成抽取"),
    "draw.share_restored": _("由保管人的存证恢复服务器份额"),
    "draw.voided": _("作废"),
    "draw.failed": _("未成"),
    "draw.audited": _("审计复核"),
    "draw.disclosed": _("披露抽取资料"),
}

LEVELS = {1: _("日常抽取"), 2: _("批次抽取"), 3: _("公开抽取")}
ROLES = {"initiator": _("发起人"), "supervisor": _("监督人"), "witness": _("见证人")}
NUMBERS = {
    "dice": _("号码球"),
    "cwl-kl8": _("快乐8"),
    "cwl-ssq": _("双色球"),
    "tc-dlt": _("大乐透"),
    "cwl-3d": _("福彩3D"),
    "tc-pl5": _("排列5"),
    "drand-quicknet": _("drand 随机数"),
    "nist2": _("NIST 随机数"),
}
TONES = {
    "sealed": "info",
    "revealing": "info",
    "waiting": "info",
    "drawn": "success",
    "disclosed": "success",
    "voided": "warning",
    "failed": "danger",
}


def public_files(*, state: str) -> tuple[str, ...]:
    """
    Names of the bundle's files that everybody may have (可公开的文件).

    Args:
        state: State of the draw.
    """
    if state == "draft":
        return ()
    return AFTER_SEAL + AFTER_DRAW if state in FINISHED else AFTER_SEAL


def is_bundle_public(*, state: str, to: str) -> bool:
    """Whether everybody may have the whole bundle (复核资料包是否公开)."""
    return state == "disclosed" and to == "public"


def public_evidence(events: bytes, proofs: bytes) -> tuple[bytes, bytes]:
    """
    The lines of ``events.jsonl`` that may be shown, with their proofs: none that names who was drawn.

    Each line is proved by itself, so a line can be left out and the others still hold.
    """
    lines = [(json.loads(line), line) for line in events.splitlines()]
    shown = [(entry["seq"], line) for entry, line in lines if entry["kind"] in PUBLIC_EVENTS]
    if len(shown) == len(lines):
        return events, proofs
    kept = {seq for seq, _line in shown}
    document = json.loads(proofs)
    document["entries"] = [entry for entry in document["entries"] if entry["seq"] in kept]
    told = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return b"".join(line + b"\n" for _seq, line in shown), told.encode()


def hash_command(suite: str) -> str:
    """The command that hashes what it reads, for the suite of a draw."""
    return "openssl dgst -sm3" if suite == "sm3" else "sha256sum"


def search_words(text: str) -> tuple[str, ...]:
    """
    The spellings to look for: as typed, with half-width and with full-width brackets and letters.

    Source: data_standards.md §8.
    """
    half = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    half = half.replace("\u3000", " ").strip()
    full = half.replace("(", "（").replace(")", "）").replace(",", "，")
    return tuple(dict.fromkeys(word for word in (text.strip(), half, full) if word))
