"""
What a file is, by its content and never by its name (文件格式识别; T-I3): the form that reads it, or advice.
"""

from __future__ import annotations

import codecs
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.exchange import text_encoding, workbooks
from fairdraw.kernel.errors import InvalidInput, Trouble

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_BYTES = 1 << 16
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PAGE_MARKS = ("<html", "<table", "<!doctype html", "<meta", "<body")
_NO_TABLES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"{\\rtf",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)


def form_of(path: Path) -> str:
    """
    Tell the form of a file (识别文件格式).

    Returns:
        ``text``, ``workbook``, ``opendocument``, ``document``, ``spreadsheetml``, or ``page:`` with its encoding.

    Raises:
        InvalidInput: It cannot be opened, is empty, or is something that no table can be read from; the message
            says what to do.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise _refused(path, _("打不开文件：{reason}").format(reason=error.strerror or error)) from None
    if not head.strip():
        raise _refused(path, _("文件是空的"))
    if head.startswith(ZIP):
        return _packed(path)
    if head.startswith(OLE[:4]):
        return _compound(path)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"%PDF"):
        said = _(
            "这是 PDF（扫描件或排版件），不能直接读取。请向发文单位取得原来的表格，或在 WPS 里转成 Word 或 Excel，"
            "逐格核对后另存为 docx 或 xlsx"
        )
        raise _refused(path, said)
    if start.startswith(_NO_TABLES):
        raise _refused(path, _("这不是表格文件。请提供 xlsx、xls、docx、ods 或 csv；图片和压缩包不能读取"))
    if start[:13].lower() == b"mime-version:":
        raise _refused(path, _("这是“单个文件网页”（mht）。请在 Excel 或 WPS 里打开后另存为 xlsx"))
    if start.startswith(b"<") or head.startswith(_UTF16):
        return _marked_up(path, head)
    return "text"


def _packed(path: Path) -> str:
    """The form of a zip package, by the parts it holds."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = set(package.namelist())
            kind = _beginning(package, "mimetype") if "mimetype" in parts else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return "workbook"  # opening it says that it is broken
    if "xl/workbook.xml" in parts or "xl/workbook.bin" in parts:
        return "workbook"
    if "word/document.xml" in parts:
        return "document"
    if b"opendocument.spreadsheet" in kind:
        return "opendocument"
    if b"opendocument" in kind:
        raise _refused(path, _("这是 OpenDocument 文字文件，不是表格。请另存为 docx 或 xlsx"))
    if any(part.startswith("ppt/") for part in parts):
        raise _refused(path, _("这是演示文稿，不是表格。请提供 xlsx、docx 或 csv"))
    if any(part.startswith(("_rels/", "xl/", "word/")) for part in parts):
        return "workbook"
    raise _refused(path, _("这是压缩包。请先解压，再导入里面的表格文件"))


def _beginning(package: zipfile.ZipFile, part: str) -> bytes:
    with package.open(part) as stream:
        return stream.read(80)


def _compound(path: Path) -> str:
    """The form of a file of old Office or WPS, by the names of its streams."""
    if path.stat().st_size > workbooks.MAX_PACKED_BYTES:
        return "workbook"  # opening it says that it is too large
    content = path.read_bytes()
    held = {
        name
        for name in ("Workbook", "Book", "WordDocument", "EncryptedPackage")
        if name.encode("utf-16-le") in content
    }
    if "EncryptedPackage" in held:
        raise _refused(path, _("文件设有密码，请去掉密码后再导入"))
    if "WordDocument" in held and not held & {"Workbook", "Book"}:
        raise _refused(
            path, _("这是旧版 Word 或 WPS 文字文件（doc、wps）。请在 Word 或 WPS 里打开后另存为 docx")
        )
    return "workbook"


def _marked_up(path: Path, head: bytes) -> str:
    """A web page, XML of Excel 2003, or XML of something else."""
    encoding = "utf-16" if head.startswith(_UTF16) else "latin-1"
    text = (
        head[: len(head) // 2 * 2]
        .decode(encoding, "replace")
        .lower()
        .lstrip("\ufeff\u00ef\u00bb\u00bf \r\n\t")
    )
    if not text.startswith("<"):
        return "text"
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and "<workbook" in text:
        return "spreadsheetml"
    if text.startswith(_PAGE_MARKS) or any(mark in text for mark in _PAGE_MARKS):
        return "page:" + ("utf-16" if encoding == "utf-16" else text_encoding.detect(path))
    raise _refused(path, _("这是 XML 文件，不是能读取的表格。请在 Excel 或 WPS 里打开后另存为 xlsx 或 docx"))


def _refused(path: Path, message: str) -> InvalidInput:
    trouble = Trouble(message, file=path.name)
    return InvalidInput(str(trouble), code="exchange.table", troubles=(trouble,))
