"""
Shares and commitments (随机份额、锁定值): what server and persons lock in and open later.

Nobody can copy a commitment to another person or draw, and nobody can change a share afterwards.

Source: vdraw/1 §7.1, §7.2.
"""

from __future__ import annotations

import re

from drawcore.errors import SeedRefused
from drawcore.shapes import HEX64, HEX64_FORM, UUID
from drawcore.suites import Suite

SALT_FORM = "[0-9a-f]{32}"
SHARE_FORM = r"[0-9A-Za-z._:+=/-]{16,128}"
_SERVER = re.compile(rf"vdraw/1 server\ndraw (?P<draw>[^\n]+)\nshare (?P<share>{HEX64_FORM})\n")


def server_text(draw: str, share: str) -> bytes:
    """
    Write ``server.txt``; the seal holds its hash.

    Args:
        draw: UUID of this attempt.
        share: The server's share, 32 random bytes in hex, given by the caller.

    Raises:
        SeedRefused: one of them has another form than its own.

    Source: vdraw/1 §7.1.
    """
    if not UUID.fullmatch(draw) or not HEX64.fullmatch(share):
        raise SeedRefused(rule="server-share-form")
    return f"vdraw/1 server\ndraw {draw}\nshare {share}\n".encode()


def parse_server_text(data: bytes, *, draw: str) -> str:
    """Read the share from ``server.txt`` of the draw *draw*; SeedRefused if it is another text."""
    found = _SERVER.fullmatch(data.decode("latin-1"))
    if not found or found["draw"] != draw:
        raise SeedRefused(rule="server-share-form")
    return found["share"]


def commitment(suite: Suite, *, seal: str, source: str, salt: str, share: str) -> str:
    """
    Compute the commitment of a person (锁定值), 64 hex digits.

    Args:
        seal: The seal hash. source: The person's id in the seal.
        salt: 32 hex digits. share: 16 to 128 characters of ``[0-9A-Za-z._:+=/-]``.

    Raises:
        SeedRefused: salt or share has another form than its own.

    Source: vdraw/1 §7.2.
    """
    return suite.hex(commit_text(seal=seal, source=source, salt=salt, share=share))


def commit_text(*, seal: str, source: str, salt: str, share: str) -> bytes:
    """Write the five lines whose hash is the commitment, and which an envelope holds (§7.3)."""
    if not re.fullmatch(SALT_FORM, salt) or not re.fullmatch(SHARE_FORM, share):
        raise SeedRefused(rule="share-form", source=source)
    return f"vdraw/1 commit\nseal {seal}\nsource {source}\nsalt {salt}\nshare {share}\n".encode()
