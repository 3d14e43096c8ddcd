"""
Pure decisions of the pages that join several stages: the line for the work group, what a device locks in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction

MESSAGE_LENGTH = 60
SALT_BYTES = 16
SHARE_BYTES = 32


def group_message(today: dt.date, sentences: Iterable[str]) -> str:
    """
    One line for the work group (复制到工作群): the day, then as many of *sentences* as fit into 60 characters.

    Sentences that do not fit are left out whole; the caller gives counts and shares, never names.
    """
    text = f"{today.month}月{today.day}日双随机："
    told: list[str] = []
    for sentence in sentences:
        if len(text) + sum(len(t) + 1 for t in told) + len(sentence) + 1 <= MESSAGE_LENGTH:
            told.append(sentence)
    return text + "，".join(told) + "。" if told else text + "没有待办。"


def commit_text(*, seal: str, source: str, salt: str, share: str) -> bytes:
    """
    The five lines whose hash a device locks in, and which its envelope holds (锁定值; vdraw/1 §7.2).

    The draw checks salt, share and hash again when the share is opened.
    """
    return f"vdraw/1 commit\nseal {seal}\nsource {source}\nsalt {salt}\nshare {share}\n".encode()


_ENVELOPE = re.compile(
    r"vdraw/1 commit\nseal [0-9a-f]{64}\nsource [0-9A-Za-z._:-]{1,36}\n"
    r"salt (?P<salt>[0-9a-f]{32})\nshare (?P<share>[0-9A-Za-z._:+=/-]{16,128})\n?"
)


def opened_envelope(text: str) -> tuple[str, str] | None:
    """Salt and share out of the five lines of an envelope; ``None`` for anything else (vdraw/1 §7.3)."""
    found = _ENVELOPE.fullmatch(text.replace("\r\n", "\n").strip() + "\n")
    return (found["salt"], found["share"]) if found else None


def days_left(today: dt.date, cutoff: dt.date) -> int:
    """Calendar days until the year's last day of publication, 0 once it has passed."""
    return max(0, (cutoff - today).days)


def ratio_text(ratio: Fraction) -> str:
    """An exact share in per cent with two decimals, floored."""
    scaled = ratio.numerator * 10_000 // ratio.denominator
    return f"{scaled // 100}.{scaled % 100:02d}%"


def grouped(code: str) -> str:
    """A check code in groups of four, as the printed sheet shows it."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
