"""``fairdraw plan read FILE --year Y``: a bureau's own plan table in one form (读取计划表), without an installation."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from fairdraw.exchange.readers import plans
from fairdraw.exchange.readers.plans import PlanRowRead
from fairdraw.exchange.tables import Layout
from fairdraw.kernel.errors import InvalidInput


class Command(BaseCommand):
    """Needs no installation and no database; what cannot be read stays as written, with its reason."""

    help = "读取各地的年度抽查计划表（plan read）：逐行列出读到的内容，读不准的保留原文并说明原因"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb, the file and the year."""
        parser.add_argument("verb", choices=["read"], help="read：读取一个计划表文件")
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="xlsx、xls、et、ods、docx、csv、网页或 XML 表格"
        )
        parser.add_argument(
            "--year", type=int, required=True, metavar="Y", help="计划的年度，用于没有写年份的日期"
        )
        parser.add_argument("--sheet", default="", help="工作表或表的名称；默认读取所有像计划表的")
        parser.add_argument("--json", action="store_true", help="在标准输出只打印一个 JSON 数组")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and print."""
        if not 2000 <= options["year"] <= 2100:
            raise InvalidInput(f"年度 {options['year']} 不在 2000 到 2100 之间，请写四位年份，如 --year 2025")
        table = plans.open_table(options["file"], layout=Layout(sheet=options["sheet"]))
        reading = plans.read(table, year=options["year"])
        lost = [t for one in (table, *table.more) for t in one.troubles]
        if lost:
            raise InvalidInput("\n".join(map(str, lost)), code="exchange.table", troubles=tuple(lost))
        if options["json"]:
            rows = [row.as_json() for row in reading.rows]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for row in reading.rows:
                self.stdout.write("\n".join(_told(row)))
            held = sum(1 for row in reading.rows if row.problems or row.missing)
            self.stdout.write(f"共 {len(reading.rows)} 行，其中 {held} 行暂缓排定任务")
        for trouble in reading.troubles:
            print(trouble, file=sys.stderr)


def _told(row: PlanRowRead) -> list[str]:
    """A row for a person: what was read, and why it is held."""
    line = row.as_json()
    parts = [
        _between("比例", line["ratio_min"], line["ratio_max"]),
        *(f"{key} {value}" for key, value in {**line["ratio_by_class"], **line["ratio_by_kind"]}.items()),
        _between("数量", line["count_min"], line["count_max"]),
        *(f"{key} {value} 户" for key, value in line["count_by_class"].items()),
        _between("时间", line["window_start"], line["window_end"]),
        f"不抽 {'、'.join(row.classes_excluded)} 类" if row.classes_excluded else "",
    ]
    read = "；".join(part for part in parts if part)
    lines = [f"第{row.number}行 {row.source_no} {row.task_name}".rstrip(), f"    {read}" if read else ""]
    reasons = list(line["problems"])
    if row.missing:
        reasons.append(f"缺少{'、'.join(row.missing)}")
    return [part for part in [*lines, *(f"    暂缓：{reason}" for reason in reasons)] if part]


def _between(name: str, low: object, high: object) -> str:
    """A bound, a range or one figure; empty where neither is said."""
    if low is None and high is None:
        return ""
    if low == high:
        return f"{name} {low}"
    return f"{name} {'' if low is None else low}～{'' if high is None else high}"
