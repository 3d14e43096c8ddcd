"""``fairdraw rules``: what the rulebook says, and a county's own numbers and holidays from files (规则库; X17)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import command, rules_file
from fairdraw.rulebook import services as rulebook
from fairdraw.rulebook.models import ClassRateRule, Number
from fairdraw.rulebook.states import CERTAINTY_LABELS, Certainty


class Command(command.Command):
    """List, or enter whole files; nothing of the past is changed."""

    help = _("规则库：查看（list），按文件录入本地数值（import）或放假安排（holidays）")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and the file."""
        parts = parser.add_subparsers(dest="what", required=True, metavar="list|import|holidays")
        listed = parts.add_parser("list", help=_("今天有效的数值和分类比例，及其出处"))
        listed.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))
        entered = parts.add_parser("import", help=_("录入规则表：规则、数值、起始日期、文件"))
        entered.add_argument("file", type=Path, metavar="FILE")
        entered.add_argument("--dry-run", action="store_true", help=_("只检查，不存入"))
        days = parts.add_parser("holidays", help=_("录入放假安排：日期、上班、名称"))
        days.add_argument("file", type=Path, metavar="FILE")
        days.add_argument("--source", required=True, help=_("放假安排通知的文号"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the three."""
        command.installation()
        if options["what"] == "list":
            self._list(as_json=options["json"])
        elif options["what"] == "import":
            self._import(options["file"], dry_run=options["dry_run"])
        else:
            self._holidays(options["file"], options["source"])

    def _list(self, *, as_json: bool) -> None:
        rows = [_plain(row) for row in _in_force()]
        if as_json:
            self.emit({"rules": rows})
            return
        for row in rows:
            self.tell(f"{row['code']}　{row['label']}　{row['value']}　{row['source']}　{row['certainty']}")

    def _import(self, file: Path, *, dry_run: bool) -> None:
        rules = rules_file.read_rules(file)
        with transaction.atomic():
            count = rules_file.enter_rules(rules, actor=COMMAND_LINE, now=clock.now())
            transaction.set_rollback(dry_run)
        said = _("可以录入 %(n)s 条规则，没有存入") if dry_run else _("已录入 %(n)s 条规则")
        self.tell(said % {"n": count})

    def _holidays(self, file: Path, source: str) -> None:
        years = rules_file.read_holidays(file)
        if not years:
            raise InvalidInput(_("“%(file)s”里没有任何日期") % {"file": file.name})
        with transaction.atomic():
            for year, days in years.items():
                rulebook.enter_year(year=year, days=days, source=source, actor=COMMAND_LINE, now=clock.now())
        told = "、".join(_("%(year)s年 %(n)s 天") % {"year": y, "n": len(d)} for y, d in years.items())
        self.tell(_("已录入放假安排：%(told)s") % {"told": told})


def _in_force() -> list[Number | ClassRateRule]:
    today = clock.today()
    found: list[Number | ClassRateRule] = []
    for model in (Number, ClassRateRule):
        rows = model._default_manager.filter(scope="", starts_on__lte=today).order_by("code", "starts_on")
        found += [row for row in rows if row.ends_on is None or row.ends_on > today]
    return found


def _plain(row: Number | ClassRateRule) -> dict[str, str]:
    return {
        "code": row.code,
        "label": row.label,
        "value": row.value if isinstance(row, Number) else row.ratio,
        "source": " ".join(part for part in (row.document, row.clause) if part),
        "certainty": str(_(CERTAINTY_LABELS[Certainty(row.certainty)])),
        "starts_on": row.starts_on.isoformat(),
    }
