"""
QR codes on paper (二维码): plain text that any telephone shows without a network, never an address.

An address would need a public zone and would teach people to follow links from strangers' papers.
"""

from __future__ import annotations

import struct
import zlib

import segno
from django.utils.translation import gettext as _

from fairdraw.documents.shapes import Visit
from fairdraw.kernel.errors import InvalidInput

# Choosing the mask by ISO 18004's penalty takes four times as long as all the rest; every mask is legal
# and named inside the code. This one stays clear of stripes in the byte mode's text.
_MASK = 3
_LARGEST_VERSION = 20
_MODULES = b"\xff\x00" + bytes(254)


class CodeTooLong(InvalidInput):
    """The text of a code does not fit into one that can still be read from paper."""

    code = "documents.code-too-long"


def visit_text(visit: Visit) -> str:
    """
    What the code of a visit says: tasks, agency, certificate numbers, basis, telephone, check code.

    Source: design §1 (two zones); domain workflow §8.1.
    """
    return "\n".join(
        (
            "“双随机、一公开”抽查",
            "任务编号：" + "、".join(task.number for task in visit.tasks),
            "检查机关：" + visit.office.name,
            "执法证号：" + "、".join(person.certificate for person in visit.inspectors),
            "依据：" + visit.basis,
            "核实电话：" + visit.office.telephone,
            "核对码：" + visit.check_code,
        )
    )


def png(text: str) -> bytes:
    """Draw *text* as a black and white PNG without a margin, eight pixels a module."""
    try:
        code = segno.make(
            text, error="m", encoding="utf-8", mode="byte", mask=_MASK, micro=False, boost_error=False
        )
    except segno.DataOverflowError as overflow:
        raise CodeTooLong(_("二维码内容过长，请缩短依据或任务名称")) from overflow
    if int(code.version) > _LARGEST_VERSION:
        raise CodeTooLong(_("二维码内容过长，打印后难以识读，请缩短依据或任务名称"))
    side = len(code.matrix)
    # One bit a pixel, eight pixels a module: a module is one byte, a line is repeated eight times.
    lines = b"".join((b"\0" + bytes(row).translate(_MODULES)) * 8 for row in code.matrix)
    head = struct.pack(">IIBBBBB", side * 8, side * 8, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(lines, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
