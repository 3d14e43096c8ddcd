"""``fairdraw year``: a whole year of a bureau in one run, a rehearsal in a database of its own."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from fairdraw.demo import outputs, practice, yearly
from fairdraw.demo.cycle import Year
from fairdraw.demo.printing import Printer
from fairdraw.exchange import services as exchange
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import progress

DEFAULT_YEAR = 2026
YEARS = range(2004, 2101)  # what the rulebook and its calendars can be asked for
TOLD_AT_MOST = 20
SMALLEST_COUNTY, LARGEST_COUNTY = 2_000, 200_000
NAMES = {
    "K1": _("企业抽查比例"),
    "K2": _("抽查任务按时完成率"),
    "K3": _("抽查结果公示率"),
    "K4": _("后续处置率"),
    "K5": _("差异化抽查户数占比"),
    "K6": _("问题发现率"),
    "K7": _("A类企业每百户入企次数"),
}


class Command(BaseCommand):
    """Run the main job."""

    help = _("演练一个单位的全年抽查：导入、抽取、检查、公示、处置、总结，结果写入 --out 目录")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the options of design.md §2."""
        parser.add_argument(
            "--out", type=Path, required=True, help=_("输出目录，必须为空；不写时为 var/year")
        )
        parser.add_argument("--year", type=int, help=_("计划年度，不写时取年度计划表所写的年度"))
        parser.add_argument("--seed", default="1", help=_("随机种子，同一种子结果完全相同"))
        for name, text in (
            ("plan", _("年度计划表")),
            ("items", _("抽查事项清单")),
            ("targets", _("检查对象名录")),
            ("inspectors", _("执法检查人员名录")),
            ("results", _("检查结果")),
        ):
            parser.add_argument(f"--{name}", type=Path, help=text)
        parser.add_argument("--invent", default="", help=_("虚构缺少的部分：classes,inspectors,scopes,items"))
        parser.add_argument(
            "--enterprises",
            type=int,
            default=practice.ENTERPRISES,
            help=_("不用 --plan 时，演示县有多少户企业"),
        )
        parser.add_argument("--json", action="store_true", help=_("只在标准输出打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Play the year and print what came of it."""
        asked = _asked(options)
        report = progress.reporter(sys.stderr)
        begun = time.monotonic()
        files = yearly.read(asked, report)
        with Printer(asked.out / "documents", mark=yearly.marks(asked)) as printer:
            report(_("建立数据库"), 0.0)
            call_command("migrate", verbosity=0)
            year = yearly.run(asked, files, report, on_notified=printer.put)
            self._tell(year)
            result = outputs.write(year, asked, printer, report)
        result["seconds"] = round(time.monotonic() - begun, 1)
        report(_("完成"), 1.0)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write(table(result, asked.out))
        return None

    def _tell(self, year: Year) -> None:
        """Say on stderr what was taken in all the same, and which results of the file served nothing."""
        unused = year.given.unused() if year.given is not None else ()
        notes = [_("计划第%(row)s行：%(note)s") % {"row": row, "note": note} for row, note in year.notes]
        told = [*map(str, year.cautions), *notes, *map(str, unused)]
        for line in told[:TOLD_AT_MOST]:
            self.stderr.write(_("提醒：%(line)s") % {"line": line})
        if len(told) > TOLD_AT_MOST:
            self.stderr.write(_("……另有 %(n)s 条提醒") % {"n": len(told) - TOLD_AT_MOST})


def _asked(options: dict[str, Any]) -> yearly.Asked:
    invented = frozenset(filter(None, options["invent"].split(",")))
    unknown = invented - set(yearly.INVENTABLE)
    if unknown:
        raise InvalidInput(
            _("--invent 不认识 %(names)s，可用：%(known)s")
            % {"names": "、".join(sorted(unknown)), "known": "、".join(yearly.INVENTABLE)}
        )
    files = {name: options[name] for name in ("plan", "items", "targets", "inspectors", "results")}
    for name, path in files.items():
        if path is not None and not path.is_file():
            raise InvalidInput(_("找不到 --%(name)s 指定的文件 %(path)s") % {"name": name, "path": path})
    if files["plan"] is None and any(files.values()):
        raise InvalidInput(_("指定名录文件时也要用 --plan 指定年度计划表"))
    if not SMALLEST_COUNTY <= options["enterprises"] <= LARGEST_COUNTY:
        raise InvalidInput(
            _("--enterprises 须是 %(least)s 到 %(most)s") % {"least": SMALLEST_COUNTY, "most": LARGEST_COUNTY}
        )
    year = options["year"] if options["year"] is not None else _year_of(files["plan"])
    if year not in YEARS:
        raise InvalidInput(_("--year 须是 %(first)s 到 %(last)s") % {"first": YEARS[0], "last": YEARS[-1]})
    return yearly.Asked(
        out=options["out"].resolve(),
        year=year,
        seed=options["seed"],
        invent=invented,
        enterprises=options["enterprises"],
        **files,
    )


def _year_of(plan: Path | None) -> int:
    """The practice year, or the year that a plan table states."""
    if plan is None:
        return DEFAULT_YEAR
    stated = exchange.plan_year(plan)
    if stated is None:
        raise InvalidInput(_("从 %(name)s 看不出计划年度，请用 --year 指定") % {"name": plan.name})
    return stated


def table(result: dict[str, Any], out: Path) -> str:
    """The year's table for people: goals with numerator and denominator, counts, where things lie."""
    rows = [f"{result['year']} {result['mark']}"]
    for code, name in NAMES.items():
        found = result["indicators"][code]
        met = {True: _("达到"), False: _("未达到"), None: "—"}[found["met"]]
        goal = "" if found["goal"] is None or code == "K7" else f"{float(found['goal']):.1%}"
        share = f"{found['numerator'] / found['denominator']:.2%}" if found["denominator"] else "—"
        rows.append(f"  {code} {name}  {found['numerator']}/{found['denominator']}  {share}  {goal}  {met}")
    rows.append(
        _(
            "  任务 %(tasks)s 项，检查 %(inspections)s 户次（入企 %(visits)s 次），公示 %(published)s 条，问题 %(findings)s 个"
        )
        % result
    )
    rows += [_("  暂缓 第%(row)s行：%(reason)s") % held for held in result["held"]]
    rows.append(_("  用时 %(seconds)s 秒，输出在 %(out)s") % {"seconds": result["seconds"], "out": out})
    return "\n".join(rows)
