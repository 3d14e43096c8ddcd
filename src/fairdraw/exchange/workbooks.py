"""
Workbooks, documents and web pages as rows of text, read in a child process (电子表格、文档; T-I1, T-I3).

Packed workbooks are unpacked once to be counted, not trusted: a file of half a megabyte may hold half a
gigabyte. Only then the child may open it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from fairdraw.exchange import workbook_worker
from fairdraw.kernel.errors import InvalidInput, Trouble

MAX_PACKED_BYTES = 50 * 10**6
MAX_UNPACKED_BYTES = 500 * 10**6
MAX_PACK_RATIO = 200
MAX_PARTS = 2_000
#: Below this the ratio says nothing: an empty sheet packs very well.
RATIO_MATTERS_ABOVE = 10 * 10**6
CHUNK_BYTES = 1 << 20

Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The first rows of one table of a file, merged cells filled, and whether a person sees that table."""

    sheet: str
    shown: bool
    rows: list[Record]


def records(path: Path, *, form: str, max_rows: int, fill_merged: bool, sheet: str = "") -> Iterator[Record]:
    """
    Yield the rows of the named table, or of the first with content: (row number as seen in the file, cells as text).

    Blank rows are left out, their numbers are not used again.

    Args:
        path: The file.
        form: As :func:`fairdraw.exchange.recognising.form_of` tells it.
        max_rows: More are refused.
        fill_merged: Whether every cell of a merged range gets its text.
        sheet: The name of the table.

    Raises:
        InvalidInput: Too large, broken, locked by a password, or without any content.
    """
    check_size(path)
    with _child(str(path), form, str(max_rows), "rows", "fill" if fill_merged else "plain", sheet) as lines:
        for answer in _answers(path, lines):
            yield from answer


def sheets(path: Path, *, form: str, max_rows: int) -> tuple[str, ...]:
    """
    The names of the visible tables, in their order.

    Raises:
        InvalidInput: Too large, broken, or locked by a password.
    """
    check_size(path)
    with _child(str(path), form, str(max_rows), "sheets") as lines:
        for answer in _answers(path, lines):
            return tuple(answer["sheets"])
    return ()


def glimpses(path: Path, *, form: str, max_rows: int, count: int) -> list[Glimpse]:
    """
    The first *count* rows of every table, those that a person sees first.

    Raises:
        InvalidInput: Too large, broken, or locked by a password.
    """
    check_size(path)
    with _child(str(path), form, str(max_rows), "first", str(count)) as lines:
        return [
            Glimpse(answer["sheet"], answer["shown"], [(n, cells) for n, cells in answer["rows"]])
            for answer in _answers(path, lines)
        ]


@contextmanager
def _child(*arguments: str) -> Iterator[IO[str]]:
    """The lines that the child process writes; it ends with the block."""
    child = subprocess.Popen(
        [sys.executable, "-I", workbook_worker.__file__, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert child.stdout is not None
    try:
        yield child.stdout
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _answers(path: Path, lines: Iterable[str]) -> Iterator[Any]:
    """What the child says, to its end."""
    for line in lines:
        answer = _parsed(line)
        if isinstance(answer, dict) and "refused" in answer:
            raise _refused(path, _refusal(answer))
        if isinstance(answer, dict) and "end" in answer:
            return
        if answer is not None:
            yield answer
    raise _stopped(path)


def _stopped(path: Path) -> InvalidInput:
    """The child ended before it had said everything: over its limits, or the file ended it."""
    return _refused(
        path, _("表格太大或内容已损坏，读取中止。请删去空白行列、拆成几个文件，或另存为 CSV 后再导入")
    )


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:  # the child ended in the middle of a line
        return None


def _refusal(answer: dict[str, Any]) -> str:
    sentences = {
        "password": _("文件设有密码，请去掉密码后再导入"),
        "broken": _(
            "文件不是能读取的表格，或已损坏。请在 Excel 或 WPS 里打开后另存为 xlsx（文字文件另存为 docx）"
        ),
        "empty": _("表格里没有任何内容"),
        "entities": _("文件里有自定义的实体，拒绝读取。请在 Excel 或 WPS 里打开后另存为 xlsx"),
        "sheet": _("没有名为“{count}”的工作表，请核对名称"),
        "columns": _("表格有 {count} 列，最多读取 256 列。请删去右侧的空白列后再导入"),
        "rows": _("表格有 {count} 行，最多读取 1050000 行。请拆成几个文件"),
    }
    return sentences[str(answer["refused"])].format(count=answer.get("count", ""))


def check_size(path: Path) -> None:
    """
    Refuse a workbook that is, or unpacks to, more than the limits (压缩炸弹).

    The parts are really unpacked, block by block; what the file's own directory claims is not believed.

    Raises:
        InvalidInput: Over a limit, or not a sound package.
    """
    packed = path.stat().st_size
    if packed > MAX_PACKED_BYTES:
        raise _refused(path, _("文件超过 50 MB。请删去图片和不用的工作表，或拆成几个文件"))
    with path.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04":
            return
    try:
        with zipfile.ZipFile(path) as package:
            _count_parts(path, package, packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _refused(path, _("文件已损坏或被改动，打不开。请在 Excel 或 WPS 里重新另存为 xlsx")) from None


def _count_parts(path: Path, package: zipfile.ZipFile, packed: int) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) != len(parts):
        raise _refused(path, _("文件内部结构不正常，拒绝读取。请在 Excel 或 WPS 里重新另存为 xlsx"))
    unpacked = 0
    for part in parts:
        with package.open(part) as stream:
            while block := stream.read(CHUNK_BYTES):
                unpacked += len(block)
                too_dense = unpacked > RATIO_MATTERS_ABOVE and unpacked > packed * MAX_PACK_RATIO
                if unpacked > MAX_UNPACKED_BYTES or too_dense:
                    raise _refused(path, _("文件解压后过大，拒绝读取。请只保留要导入的数据，另存为 CSV"))


def _refused(path: Path, message: str) -> InvalidInput:
    trouble = Trouble(message, file=path.name)
    return InvalidInput(str(trouble), code="exchange.workbook", troubles=(trouble,))
