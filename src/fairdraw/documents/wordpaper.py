"""
A Word document in the proportions of an official paper (公文): GB/T 9704-2012.

A4, type area 156 × 225 mm, title 方正小标宋简体 22 磅, text 仿宋_GB2312 16 磅 on 28 磅 lines, headings 黑体 and
楷体_GB2312. The faces are named, not embedded: office machines have them. The same input gives the same
bytes: properties and zip times are fixed.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE_FACE = "方正小标宋简体"
TEXT_FACE = "仿宋_GB2312"
HEAD_FACE = "黑体"
SUBHEAD_FACE = "楷体_GB2312"
NUMBER_FACE = "Times New Roman"
_TEXT_SIZE = Pt(16)
_TABLE_SIZE = Pt(10.5)
_LINE = Pt(28)
_TABLE_STYLE = "Fairdraw Table Text"
_ROWS_KEPT_TOGETHER = 8
_MARK_COLOUR = RGBColor(0xA8, 0x20, 0x1A)
_FIXED_MOMENT = dt.datetime(2000, 1, 1)  # noqa: DTZ001  the property has no zone; fixed for equal bytes
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


class Paper:
    """One document being written, from top to bottom; ``to_bytes`` ends it."""

    def __init__(self, title: str, *, mark: str = "", landscape: bool = False) -> None:
        self._document: WordDocument = Document()
        for paragraph in list(self._document.paragraphs):
            paragraph._element.getparent().remove(paragraph._element)
        self._title = title
        self._set_base_style()
        self._set_page(mark)
        if landscape:
            self._turn()
        if mark:
            self._mark_line(mark)

    def title(self, text: str, *, number: str = "") -> None:
        """The title, and the document's number under it."""
        paragraph = self._paragraph(align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(33))
        _dress(paragraph.add_run(text), TITLE_FACE, Pt(22))
        if number:
            below = self._paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
            _dress(below.add_run(number), TEXT_FACE, _TEXT_SIZE)
        self._paragraph()

    def addressee(self, text: str) -> None:
        """Whom it is for, at the left edge."""
        _dress(self._paragraph().add_run(f"{text}："), TEXT_FACE, _TEXT_SIZE)

    def heading(self, text: str) -> None:
        """A heading of the first level: 一、… in 黑体."""
        self._head(text, HEAD_FACE, level=0)

    def subheading(self, text: str) -> None:
        """A heading of the second level: （一）… in 楷体."""
        self._head(text, SUBHEAD_FACE, level=1)

    def text(self, text: str) -> None:
        """Paragraphs of running text, one per line of *text*, first lines indented two characters."""
        for line in text.split("\n"):
            paragraph = self._paragraph(indent=True)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            _dress(paragraph.add_run(line), TEXT_FACE, _TEXT_SIZE)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> None:
        """
        A table with a repeated head, full width.

        Args:
            heads: Column headings.
            rows: Cells as text; text that is a figure stands on the right.
            widths: Column widths in millimetres, 156 together, 237 on its side.
        """
        table = self._document.add_table(rows=1 + len(rows), cols=len(heads))
        table.style = self._document.styles["Table Grid"]
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        whole = len(rows) <= _ROWS_KEPT_TOGETHER
        for number, (line, row) in enumerate(zip(table.rows, (heads, *rows), strict=True)):
            for cell, text, width in zip(line.cells, row, widths, strict=True):
                cell.width = Mm(width)
                _fill(cell, text, is_head=number == 0)
                cell.paragraphs[0].paragraph_format.keep_with_next = whole and number < len(rows)
            _keep_row_whole(line._tr)
        _repeat_head(table.rows[0]._tr)
        self._paragraph(line=Pt(10))

    def signature(self, office: str, day: str) -> None:
        """The office and the day, on the right, below an empty line."""
        self._paragraph().paragraph_format.keep_with_next = True
        for text in (office, day):
            paragraph = self._paragraph(align=WD_ALIGN_PARAGRAPH.RIGHT)
            paragraph.paragraph_format.keep_with_next = text is office
            paragraph.paragraph_format.right_indent = Pt(32)
            _dress(paragraph.add_run(text), TEXT_FACE, _TEXT_SIZE)

    def to_bytes(self) -> bytes:
        """End the document."""
        properties = self._document.core_properties
        properties.title = self._title
        properties.author = properties.last_modified_by = "Fairdraw"
        properties.created = properties.modified = _FIXED_MOMENT
        properties.revision = 1
        properties.comments = ""
        buffer = io.BytesIO()
        self._document.save(buffer)
        return _with_fixed_times(buffer.getvalue())

    def _head(self, text: str, face: str, *, level: int) -> None:
        paragraph = self._paragraph(indent=True)
        paragraph.paragraph_format.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        paragraph._p.get_or_add_pPr().append(outline)
        _dress(paragraph.add_run(text), face, _TEXT_SIZE)

    def _mark_line(self, mark: str) -> None:
        paragraph = self._paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
        run = paragraph.add_run(f"【{mark}】")
        _dress(run, HEAD_FACE, Pt(14))
        run.font.color.rgb = _MARK_COLOUR

    def _paragraph(
        self, *, align: WD_ALIGN_PARAGRAPH | None = None, indent: bool = False, line: Pt = _LINE
    ) -> Paragraph:
        paragraph = self._document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        shape.line_spacing = line
        shape.space_before = shape.space_after = Pt(0)
        if indent:
            shape.first_line_indent = Pt(32)
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def _set_base_style(self) -> None:
        normal = self._document.styles["Normal"]
        normal.font.size = _TEXT_SIZE
        normal.font.name = NUMBER_FACE
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT_FACE)
        small = self._document.styles.add_style(_TABLE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
        small.base_style = normal
        small.font.size = _TABLE_SIZE

    def _turn(self) -> None:
        """Lay the page on its side: 237 mm for wide tables."""
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(30), Mm(30)

    def _set_page(self, mark: str) -> None:
        section = self._document.sections[0]
        section.start_type = WD_SECTION.NEW_PAGE
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(20), Mm(25)
        if mark:
            header = section.header.paragraphs[0]
            header.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = header.add_run(mark)
            _dress(run, HEAD_FACE, Pt(10.5))
            run.font.color.rgb = _MARK_COLOUR
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _dress(footer.add_run("— "), "宋体", Pt(14))
        number = footer.add_run()
        _dress(number, "宋体", Pt(14))
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            number._r.append(_field(kind, text))
        _dress(footer.add_run(" —"), "宋体", Pt(14))


def _field(kind: str, text: str) -> BaseOxmlElement:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    instruction = OxmlElement("w:instrText")
    instruction.text = text
    return instruction


def _dress(run: Run, face: str, size: Pt) -> None:
    run.font.size = size
    run.font.name = NUMBER_FACE
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hint"), "eastAsia")  # else “” take the width of Latin quotes


def _fill(cell: _Cell, text: str, *, is_head: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = _TABLE_STYLE
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(1.5)
    shape.line_spacing = 1.0
    if is_head:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif text.replace(",", "").replace(".", "").rstrip("%").isdecimal():
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _dress(paragraph.add_run(text), HEAD_FACE if is_head else TEXT_FACE, _TABLE_SIZE)


def _repeat_head(row: CT_Row) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)


def _keep_row_whole(row: CT_Row) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _with_fixed_times(made: bytes) -> bytes:
    """Write the zip again, every member dated 1980: python-docx stamps the clock."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.infolist():
            fixed = zipfile.ZipInfo(member.filename, date_time=_ZIP_MOMENT)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, old.read(member))
    return buffer.getvalue()
