"""``fairdraw import KIND FILE``: a whole file into the installation, or nothing of it (导入)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.exchange import importing, mapping
from fairdraw.exchange.importing import Imported
from fairdraw.exchange.kinds import KINDS, Asked
from fairdraw.exchange.readers.columns import Aliases
from fairdraw.exchange.readers.report import Sieve, Told
from fairdraw.exchange.tables import Layout
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput, Trouble
from fairdraw.operations import command, importing_work, progress, signing
from fairdraw.operations.management.commands.indicators import day


class Command(command.Command):
    """A report by row; the exit status is 2 where the file is refused."""

    help = _(
        "导入事项、对象、人员、计划、信用风险分类、许可证、入企检查记录、市局处室对照表、外部名单、检查结果；有一处错误就全部不存入"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kind, the file, and what the file does not say."""
        kinds = _(
            "items 抽查事项，targets 检查对象，inspectors 检查人员，plan 年度计划，classes 信用风险分类，"
            "licences 许可证，visits 入企检查记录，divisions 市局处室对照表，list 外部抽取的名单，results 检查结果"
        )
        every = [*KINDS, *importing_work.KINDS]
        parser.add_argument("kind", choices=every, metavar="KIND", help=kinds)
        parser.add_argument(
            "file", type=Path, metavar="FILE", help=_("csv（UTF-8、GB18030）、xlsx、xls、ods")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("试导入：全部检查一遍，不存入"))
        parser.add_argument(
            "--good-rows", action="store_true", help=_("只导入没有错误的行，有错误的行逐一列出")
        )
        parser.add_argument("--sheet", default="", help=_("工作表的名称；默认为第一张有内容的"))
        parser.add_argument("--header-row", type=int, default=0, metavar="N", help=_("表头在第几行"))
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar=_("列名=字段"),
            help=_("列对照，可以多次写；或一个 JSON 文件。“列名=”表示不用这一列"),
        )
        parser.add_argument("--source", default="", help=_("来源，写进日志；默认为文件名"))
        parser.add_argument("--year", type=int, help=_("计划的年度"))
        parser.add_argument("--title", default="", help=_("计划的标题；list：文件名称"))
        parser.add_argument("--edition", default="", help=_("分类的期次"))
        parser.add_argument("--computed-on", type=day, metavar="D", help=_("分类的计算日期"))
        parser.add_argument("--as", dest="account", default="", help=_("list、results：本人账号"))
        parser.add_argument("--task", default="", metavar="NUMBER", help=_("list、results：任务编号"))
        parser.add_argument("--drawn-by", default="", help=_("list：抽取机关"))
        parser.add_argument("--document", default="", help=_("list：文号或平台任务编号"))
        parser.add_argument("--drawn-on", type=day, metavar="D", help=_("list：抽取日期"))
        parser.add_argument("--division", default="", help=_("list：派发处室"))
        parser.add_argument("--no-header", action="store_true", help=_("list：没有表头，第一行就是检查对象"))
        parser.add_argument(
            "--returned",
            type=Path,
            metavar="FILE",
            help=_("list：把退回清单写到这个文件（.csv、.xlsx、.docx）"),
        )
        parser.add_argument(
            "--candidates", type=Path, metavar="FILE", help=_("list：把待认定的行和候选对象写到这个 csv 文件")
        )
        parser.add_argument(
            "--choices", type=Path, metavar="FILE", help=_("list：填好“认定”一列的同一文件（是、退回）")
        )
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report."""
        held = command.installation()
        if held.rehearsal:
            raise InvalidInput(
                _("这是演练安装（%(name)s），不导入真实数据；请先建立正式安装") % {"name": held.name}
            )
        asked: Asked | importing_work.Asked
        if options["kind"] in importing_work.KINDS:
            asked = asked_of(options)
            if not options["account"]:
                raise InvalidInput(_("名单和检查结果由本人导入，请加 --as 账号"))
            person = signing.person(options["account"])
            with progress.reporter(sys.stderr) as report:
                found = importing_work.run(asked, actor=person, now=clock.now(), report=report)
        else:
            asked = _registers(options)
            told = Sieve() if options["good_rows"] else Told()
            verb = importing.rehearse if options["dry_run"] else importing.run
            with progress.reporter(sys.stderr) as report:
                found = verb(asked, told=told, actor=COMMAND_LINE, now=clock.now(), report=report)
        if options["json"]:
            self.emit(_plain(asked, found, dry_run=options["dry_run"]))
            return
        for trouble in found.refused:
            self.tell(_("未采用 %(trouble)s") % {"trouble": trouble})
        for caution in found.cautions:
            self.tell(_("提醒 %(caution)s") % {"caution": caution})
        words = {
            "done": _("试导入，没有存入") if options["dry_run"] else _("已导入"),
            "file": asked.path.name,
            "rows": found.rows,
            "added": found.count.added,
            "changed": found.count.changed,
            "same": found.count.same,
        }
        self.tell(
            _("%(done)s：%(file)s 共 %(rows)s 行，新增 %(added)s，变更 %(changed)s，未变 %(same)s") % words
        )
        if found.refused:
            self.tell(_("另有 %(n)s 行有错误，没有采用") % {"n": found.refused_rows})


def _layout(options: dict[str, Any], aliases: Aliases) -> Layout:
    """What the options say of the file's shape."""
    said = mapping.said(options["map"], aliases)
    return Layout(sheet=options["sheet"], header_row=options["header_row"], columns=said)


def _registers(options: dict[str, Any]) -> Asked:
    kind = KINDS[options["kind"]]
    layout = _layout(options, kind.aliases)
    if layout.columns:
        mapping.require_sound(kind.open(options["file"], layout), kind.aliases)
    return Asked(
        kind=options["kind"],
        path=options["file"],
        layout=layout,
        source=options["source"],
        year=options["year"],
        title=options["title"],
        edition=options["edition"],
        computed_on=options["computed_on"],
    )


def asked_of(options: dict[str, Any]) -> importing_work.Asked:
    """What the options say of a file that a person brings in."""
    return importing_work.Asked(
        kind=options["kind"],
        path=options["file"],
        layout=_layout(options, importing_work.KINDS[options["kind"]]),
        task=options["task"],
        drawn_by=options["drawn_by"],
        document=options["document"],
        drawn_on=options["drawn_on"],
        division=options["division"],
        title=options["title"],
        headless=options["no_header"],
        returned=options["returned"],
        candidates=options["candidates"],
        choices=options["choices"],
        dry_run=options["dry_run"],
    )


def _plain(asked: Asked | importing_work.Asked, found: Imported, *, dry_run: bool) -> dict[str, Any]:
    return {
        "kind": asked.kind,
        "file": str(asked.path),
        "dry_run": dry_run,
        "rows": found.rows,
        "added": found.count.added,
        "changed": found.count.changed,
        "same": found.count.same,
        "cautions": [_trouble(caution) for caution in found.cautions],
        "refused": [_trouble(trouble) for trouble in found.refused],
    }


def _trouble(told: Trouble) -> dict[str, Any]:
    return {"message": str(told.message), "file": told.file, "row": told.row, "column": told.column}
