"""``fairdraw import KIND FILE``: a whole file into the installation, or nothing of it (导入)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import command, importing, importing_work, progress, signing
from fairdraw.operations.importing import Asked, Imported
from fairdraw.operations.management.commands.indicators import day


class Command(command.Command):
    """A report by row; the exit status is 2 where the file is refused."""

    help = _("导入事项、对象、人员、计划、信用风险分类、外部名单、检查结果；有一处错误就全部不存入")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kind, the file, and what the file does not say."""
        kinds = _(
            "items 抽查事项，targets 检查对象，inspectors 检查人员，plan 年度计划，classes 信用风险分类，"
            "list 外部抽取的名单，results 检查结果"
        )
        every = [*importing.KINDS, *importing_work.KINDS]
        parser.add_argument("kind", choices=every, metavar="KIND", help=kinds)
        parser.add_argument(
            "file", type=Path, metavar="FILE", help=_("csv（UTF-8、GB18030）、xlsx、xls、ods")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("试导入：全部检查一遍，不存入"))
        parser.add_argument("--source", default="", help=_("来源，写进日志；默认为文件名"))
        parser.add_argument("--year", type=int, help=_("计划的年度"))
        parser.add_argument("--title", default="", help=_("计划的标题"))
        parser.add_argument("--edition", default="", help=_("分类的期次"))
        parser.add_argument("--computed-on", type=day, metavar="D", help=_("分类的计算日期"))
        parser.add_argument("--as", dest="account", default="", help=_("list、results：本人账号"))
        parser.add_argument("--task", default="", metavar="NUMBER", help=_("list、results：任务编号"))
        parser.add_argument("--drawn-by", default="", help=_("list：抽取机关"))
        parser.add_argument("--document", default="", help=_("list：文号或平台任务编号"))
        parser.add_argument("--drawn-on", type=day, metavar="D", help=_("list：抽取日期"))
        parser.add_argument(
            "--returned", type=Path, metavar="FILE", help=_("list：把退回清单写到这个 csv 文件")
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
            asked = _work(options)
            if not options["account"]:
                raise InvalidInput(_("名单和检查结果由本人导入，请加 --as 账号"))
            person = signing.person(options["account"])
            with progress.reporter(sys.stderr) as report:
                found = importing_work.run(asked, actor=person, now=clock.now(), report=report)
        else:
            asked = _registers(options)
            with progress.reporter(sys.stderr) as report:
                found = importing.run(asked, actor=COMMAND_LINE, now=clock.now(), report=report)
        if options["json"]:
            self.emit(_plain(asked, found))
            return
        for caution in found.cautions:
            self.tell(_("提醒 %(caution)s") % {"caution": caution})
        words = {
            "done": _("试导入，没有存入") if asked.dry_run else _("已导入"),
            "file": asked.path.name,
            "rows": found.rows,
            "added": found.count.added,
            "changed": found.count.changed,
            "same": found.count.same,
        }
        self.tell(
            _("%(done)s：%(file)s 共 %(rows)s 行，新增 %(added)s，变更 %(changed)s，未变 %(same)s") % words
        )


def _registers(options: dict[str, Any]) -> Asked:
    return Asked(
        kind=options["kind"],
        path=options["file"],
        source=options["source"],
        dry_run=options["dry_run"],
        year=options["year"],
        title=options["title"],
        edition=options["edition"],
        computed_on=options["computed_on"],
    )


def _work(options: dict[str, Any]) -> importing_work.Asked:
    return importing_work.Asked(
        kind=options["kind"],
        path=options["file"],
        task=options["task"],
        drawn_by=options["drawn_by"],
        document=options["document"],
        drawn_on=options["drawn_on"],
        returned=options["returned"],
        dry_run=options["dry_run"],
    )


def _plain(asked: Asked | importing_work.Asked, found: Imported) -> dict[str, Any]:
    cautions = [
        {"message": str(c.message), "file": c.file, "row": c.row, "column": c.column} for c in found.cautions
    ]
    return {
        "kind": asked.kind,
        "file": str(asked.path),
        "dry_run": asked.dry_run,
        "rows": found.rows,
        "added": found.count.added,
        "changed": found.count.changed,
        "same": found.count.same,
        "cautions": cautions,
    }
