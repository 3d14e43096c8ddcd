"""
Whole years run from the command line (``fairdraw year``), and the invented files of a bureau to run them on.

A run takes some seconds and is kept for the tests that only look at it; each has a folder of its own.
"""

from __future__ import annotations

import atexit
import csv
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docx
import xlsxwriter
from pypdf import PdfReader

from fairdraw.demo import words, world
from fairdraw.registers.entries import TargetEntry

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "samples" / "year"
FAIRDRAW = Path(sys.executable).with_name("fairdraw")
PLAN, ITEMS, INSPECTORS = (SAMPLES / f"{name}.csv" for name in ("plan-2025", "items", "inspectors"))
ENTERPRISES, INDIVIDUALS = 1_000, 500
CLASSED_ON = dt.date(2025, 2, 20)
KINDS = {"enterprise": "企业", "individual_business": "个体工商户"}
STATUSES = {
    "existing": "存续",
    "suspended": "存续",
    "revoked": "吊销，未注销",
    "deregistered": "注销",
    "moved_out": "迁出",
}
STATIONS = {code: name for code, name, _towns in words.STATIONS}
OWN_ENVIRONMENT = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def answer(self) -> dict[str, Any]:
        """The one object on standard output."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value

    @property
    def inspections(self) -> list[dict[str, str]]:
        """The rows of ``inspections.csv``."""
        return rows_of(self.folder / "inspections.csv")

    def files_of_bundles(self) -> dict[str, bytes]:
        """Every file of every bundle by its path in the folder of bundles."""
        place = self.folder / "bundles"
        return {str(p.relative_to(place)): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}


def run(*arguments: str | Path) -> Ran:
    """Run ``fairdraw`` as a person would, without what the tests have set in the environment."""
    kept = {k: v for k, v in os.environ.items() if k not in OWN_ENVIRONMENT and not k.startswith("FAIRDRAW_")}
    words_ = [str(FAIRDRAW), *map(str, arguments)]
    done = subprocess.run(words_, env=kept, capture_output=True, encoding="utf-8", timeout=600)
    folder = Path(arguments[arguments.index("--out") + 1]) if "--out" in arguments else Path()
    return Ran(done.returncode, done.stdout, done.stderr, folder)


def year(folder: Path, *arguments: str | Path) -> Ran:
    """Run ``fairdraw year --json`` into *folder*."""
    return run("year", *arguments, "--out", folder, "--json")


@cache
def kept_year(*arguments: str | Path) -> Ran:
    """The same, run once for all tests that ask for it: only look at it."""
    return year(kept_folder() / "out", *arguments)


def kept_folder() -> Path:
    """A folder that lasts until the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="fairdraw-year-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def targets() -> Path:
    """A directory of 1,500 invented targets as a registry exports it, with classes and tags."""
    return write_targets(kept_folder() / "targets.csv", entries())


@cache
def poor_targets() -> Path:
    """The same without what a registry does not know: classes and supervision tags."""
    table = rows_of(targets())
    lacking = {"监管标签", "信用风险分类", "分类日期"}
    path = kept_folder() / "targets.csv"
    write_rows(path, [{k: v for k, v in row.items() if k not in lacking} for row in table])
    return path


def entries() -> list[TargetEntry]:
    """The targets that :func:`targets` writes."""
    made = world.targets(seed="2", enterprises=ENTERPRISES, individuals=INDIVIDUALS, classed_on=CLASSED_ON)
    return list(made)


def write_targets(path: Path, made: Iterable[TargetEntry]) -> Path:
    """Write *made* under the names that registries give their columns."""
    write_rows(path, [_registry_row(entry) for entry in made])
    return path


def _registry_row(entry: TargetEntry) -> dict[str, str]:
    return {
        "企业名称": entry.name,
        "统一社会信用代码": entry.uscc,
        "主体类别": KINDS[entry.kind],
        "企业类型": entry.entity_type,
        "登记状态": STATUSES[entry.status],
        "成立日期": str(entry.registered_on),
        "住所": entry.address,
        "乡镇代码": entry.town_code,
        "乡镇": entry.town,
        "市场监管所": STATIONS[entry.station_code],
        "经营范围": entry.scope,
        "监管标签": "、".join(entry.tags),
        "信用风险分类": entry.credit_class,
        "分类日期": str(entry.credit_computed_on or ""),
        "年报情况": "已年报" if entry.annual_report == "filed" else "未年报",
    }


def files(plan: Path = PLAN) -> tuple[str | Path, ...]:
    """The options for a bureau that has everything but results."""
    return ("--plan", plan, "--items", ITEMS, "--targets", targets(), "--inspectors", INSPECTORS)


def as_workbook(table: Path, folder: Path, *, title: str = "") -> Path:
    """The same table as an Excel file, under a title line where one is given."""
    path = folder / f"{table.stem}.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    sheet = book.add_worksheet()
    with table.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    if title:
        sheet.merge_range(0, 0, 0, len(lines[0]) - 1, title)
    for number, line in enumerate(lines, start=1 if title else 0):
        sheet.write_row(number, 0, line)
    book.close()
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a csv by column."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as a csv."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def text_of(document: Path) -> str:
    """What stands in a document of a year: every page, or the head lines, paragraphs and cells, or the lines."""
    if document.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in PdfReader(document).pages)
    if document.suffix == ".docx":
        paper = docx.Document(str(document))
        heads = [p.text for section in paper.sections for p in section.header.paragraphs]
        cells = ["\t".join(c.text for c in row.cells) for table in paper.tables for row in table.rows]
        return "\n".join([*heads, *(p.text for p in paper.paragraphs), *cells])
    return document.read_text(encoding="utf-8-sig")


def judge(bundle: str | Path) -> subprocess.CompletedProcess[str]:
    """What the standalone ``verify.py`` says of a bundle."""
    command = [sys.executable, "-I", str(ROOT / "verify.py"), str(bundle)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)


def drawn(bundle: Path) -> list[tuple[str, str, str]]:
    """Task, stratum and target of each main row of the main parts that a bundle says are drawn."""
    plan = json.loads((bundle / "plan.json").read_text(encoding="utf-8"))
    main = {part["part"] for part in plan["parts"] if part["purpose"] == "main"}
    lines = (bundle / "result.tsv").read_text(encoding="ascii").splitlines()
    fields = [line.split("\t") for line in lines]
    return [
        (part, stratum, code)
        for part, stratum, _rank, kind, _prn, code in fields
        if part in main and kind == "M"
    ]
