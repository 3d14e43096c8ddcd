"""
From a frozen value to a PDF: one run of typst per document or batch, the templates in ``templates/typst``.

Data travels as one JSON text; the templates treat every text as text, never as markup. The same input
gives the same bytes: no clock, no system fonts, no packages.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import typst
from django.utils.translation import gettext as _

from fairdraw.documents import fonts

TEMPLATES = Path(__file__).parent / "templates" / "typst"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_CONTROL = {code: " " for code in (*range(32), *range(127, 160), 0x2028, 0x2029, 0xFEFF) if code != 10}


def day_text(day: dt.date | None) -> str:
    """A day as documents write it: 2024年11月20日; nothing for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def moment_text(moment: dt.datetime) -> str:
    """A moment in Chinese wall time, to the minute."""
    local = moment.astimezone(_SHANGHAI)
    return f"{day_text(local.date())} {local:%H:%M}"


class Plainer:
    """
    Turn shapes into JSON values, and remember what the fonts cannot show.

    One instance serves one document, so that the note about missing characters stands where they occur.
    """

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def text(self, text: str) -> str:
        """*text* without control characters, missing glyphs as 〓."""
        clean = text.translate(_CONTROL)
        absent = fonts.missing_glyphs(clean)
        if absent:
            self.missing |= absent
            clean = "".join(fonts.SUBSTITUTE if char in absent else char for char in clean)
        return clean

    def value(self, value: object) -> object:
        """Any field of a shape as a JSON value: days and moments in words, ``None`` as empty text."""
        if isinstance(value, Enum):
            return str(value.value)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool | int):
            return value
        if isinstance(value, dt.datetime):
            return moment_text(value)
        if value is None or isinstance(value, dt.date):
            return day_text(value)
        if isinstance(value, tuple | list):
            return [self.value(one) for one in value]
        if isinstance(value, Mapping):
            return {str(key): self.value(one) for key, one in value.items()}
        if dataclasses.is_dataclass(value):
            return {one.name: self.value(getattr(value, one.name)) for one in dataclasses.fields(value)}
        raise TypeError(f"not a value of a document: {type(value).__name__}")

    def note(self) -> str:
        """The sentence about characters printed as 〓, empty if there are none."""
        if not self.missing:
            return ""
        points = "、".join(f"U+{ord(char):04X}" for char in sorted(self.missing))
        return _("本页文书中“〓”代表字库未收的字（%(points)s），请手工补写。") % {"points": points}


def typeset(template: str, payload: Mapping[str, object], *, tagged: bool = True) -> bytes:
    """
    Run one template.

    Args:
        template: Name of a file in the templates folder.
        payload: JSON values; the template reads them as one object.
        tagged: Whether the PDF carries tags for screen readers. A print batch goes to a printer alone.

    Returns:
        A PDF; equal input gives equal bytes.
    """
    compiler = typst.Compiler(
        input=TEMPLATES / template, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True
    )
    data = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    made = compiler.compile(format="pdf", sys_inputs={"data": data}, timestamp=0, pdf_tags=tagged)
    assert isinstance(made, bytes)
    return made


def typeset_series(jobs: Iterable[tuple[str, Mapping[str, object]] | bytes], *, title: str) -> bytes:
    """
    Run several templates, one after the other, into one PDF for the printer (no tags); what is a PDF already goes in as it is.

    A long document in one run costs memory out of proportion (1,000 visits: 9 GB); runs of some dozen
    pages stay below 300 MB and are twice as quick.
    """
    from pypdf import PdfWriter  # dear to load, and few commands join files

    writer = PdfWriter()
    writer.add_metadata({"/Title": title, "/Creator": "Fairdraw"})
    for job in jobs:
        made = job if isinstance(job, bytes) else typeset(*job, tagged=False)
        writer.append(io.BytesIO(made), import_outline=False)
        _forget()
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _forget() -> None:
    """Let typst drop its layout cache: it keeps what the last ten runs used, so run ten empty ones."""
    for _run in range(10):
        typst.Compiler(input=b"", font_paths=_fonts(), ignore_system_fonts=True).compile(format="pdf")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts.font_directory()]
    )
