"""``fairdraw account add``: open accounts with their duties, from options or a table (开通账号)."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import command, installing, units_file
from fairdraw.operations.management.commands.new import password
from fairdraw.operations.units_file import Person


class Command(command.Command):
    """The first password of each account is printed once."""

    help = _("开通账号并任职（account add），初始密码只显示一次")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one person, or a table of them."""
        parser.add_argument("verb", choices=["add"], help=_("add：开通"))
        parser.add_argument("--people", type=Path, metavar="FILE", help=_("账号表：账号、姓名、单位、职责"))
        parser.add_argument("--username", default="", help=_("账号"))
        parser.add_argument("--name", default="", help=_("姓名"))
        parser.add_argument("--agency", default="", help=_("单位，名称或代码"))
        parser.add_argument(
            "--duty", action="append", default=[], choices=sorted(units_file.DUTIES), help=_("职责，可多次")
        )
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the accounts, all or none."""
        command.installation()
        people = _people(options)
        agencies = {word: a for a in Agency.objects.all() for word in (a.code, a.short_name, a.name) if word}
        with transaction.atomic():
            opened = installing.open_accounts(
                people, agencies, password=password, actor=COMMAND_LINE, now=clock.now()
            )
        if options["json"]:
            self.emit({"accounts": [asdict(account) for account in opened]})
            return
        for account in opened:
            self.tell(f"{account.username}　{account.name}　{account.password}")


def _people(options: dict[str, Any]) -> list[Person]:
    if options["people"]:
        return units_file.read_people(options["people"])
    if not (options["username"] and options["name"] and options["agency"] and options["duty"]):
        raise InvalidInput(_("请给出 --people 账号表，或 --username、--name、--agency、--duty"))
    if not units_file.USERNAME.fullmatch(options["username"]):
        raise InvalidInput(_("账号只能用字母、数字和 . _ -，2至40位"))
    duties = tuple(units_file.DUTIES[word] for word in options["duty"])
    return [Person(options["username"], options["name"], options["agency"], duties)]
