"""
The encoding of a text table: decided by decoding all of it, strictly (编码识别；data_standards.md §8, T-I2).

UTF-8 with or without BOM, and GB18030 (which holds GBK and GB2312). A file that mixes both, or fits
neither, is refused and the line is named: half-read names would become other enterprises.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.kernel.errors import InvalidInput, Trouble

CHUNK_BYTES = 1 << 20
#: So many bytes outside ASCII in one line that fit UTF-8 are no accident in a GB18030 file.
TELLING_BYTES = 12
#: GB18030 takes almost any bytes: where more than one character in four is none of GB2312, they were another encoding's.
RARE_SHARE, ENOUGH_CHARACTERS = 4, 12
_CJK_LEAD = frozenset(range(0xE4, 0xEA))


def detect(path: Path) -> str:
    """
    Tell the encoding of the text file *path* (编码识别).

    Returns:
        ``"utf-8-sig"`` (also for UTF-8 without a mark) or ``"gb18030"``.

    Raises:
        InvalidInput: The file is UTF-16, mixed, or fits no encoding; the trouble names the line.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused(
            path, None, _("这是 Unicode（UTF-16）文本，请在 Excel 或 WPS 里另存为“CSV UTF-8”或 xlsx 后再导入")
        )
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    return _gb18030_or_refuse(path)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as stream:
        try:
            while block := stream.read(CHUNK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _gb18030_or_refuse(path: Path) -> str:
    """Look at every line: all of them GB18030 and none of them plainly UTF-8, or a refusal."""
    first_not_utf8 = first_not_gb = first_utf8 = 0
    common = rare = first_rare = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.isascii():
                continue
            usual, odd = _characters(line)
            common, rare = common + usual, rare + odd
            first_rare = first_rare or (number if odd else 0)
            if _fits(line, "utf-8"):
                if not first_utf8 and _is_telling(line):
                    first_utf8 = number
            else:
                first_not_utf8 = first_not_utf8 or number
                if not first_not_gb and not _fits(line, "gb18030"):
                    first_not_gb = number
    if first_utf8:
        raise _refused(
            path,
            first_not_utf8,
            _(
                "这一行的编码与文件其他行不同（第{line}行是 UTF-8）。请用原系统重新导出，全文件只用一种编码"
            ).format(line=first_utf8),
        )
    if first_not_gb:
        raise _refused(
            path, first_not_gb, _("这一行既不是 UTF-8 也不是 GB18030，读不出文字。请重新导出为“CSV UTF-8”")
        )
    if common + rare >= ENOUGH_CHARACTERS and rare * RARE_SHARE > common + rare:
        raise _refused(
            path,
            first_rare,
            _(
                "文字读出来多是生僻字，文件多半是 Big5 等其他编码。请在 Excel 或 WPS 里另存为“CSV UTF-8”或 xlsx"
            ),
        )
    return "gb18030"


def _characters(line: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII a GB18030 line has in GB2312, and how many besides."""
    high = [character for character in line.decode("gb18030", "ignore") if not character.isascii()]
    known = len("".join(high).encode("gb2312", "ignore")) // 2
    return known, len(high) - known


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_telling(line: bytes) -> bool:
    high = [byte for byte in line if byte > 0x7F]
    return len(high) >= TELLING_BYTES and not _CJK_LEAD.isdisjoint(high)


def _refused(path: Path, line: int | None, message: str) -> InvalidInput:
    trouble = Trouble(message, file=path.name, row=line)
    return InvalidInput(str(trouble), code="exchange.encoding", troubles=(trouble,))
