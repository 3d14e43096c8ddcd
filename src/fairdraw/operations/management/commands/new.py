"""``fairdraw new``: make the real installation of a bureau, once (建立正式安装)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import AgencyKind
from fairdraw.accounts.passwords import first_password
from fairdraw.accounts.services import AlreadyInstalled
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.operations import command, installing, rules_file, serving, units_file
from fairdraw.operations.installing import Asked, Opened
from fairdraw.operations.units_file import Unit


class Command(command.Command):
    """Asks for what the options do not say, where somebody sits at a terminal."""

    help = _("建立正式安装：单位、股室、所、首个管理员；从选项、提问或单位表取得")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the bureau and its units."""
        parser.add_argument("--name", default="", help=_("单位全称，如 某某县市场监督管理局"))
        parser.add_argument("--region", default="", help=_("地区，如 某某县；不写则从全称取得"))
        parser.add_argument("--division", default="", help=_("行政区划代码，6、9或12位"))
        parser.add_argument("--prefix", default="", help=_("机关代字，如 某市监"))
        parser.add_argument("--telephone", default="", help=_("联系电话，印在通知书上"))
        parser.add_argument("--sections", default="", help=_("股室，用逗号分开"))
        parser.add_argument("--stations", default="", help=_("市场监管所，用逗号分开"))
        parser.add_argument("--departments", default="", help=_("参加部门联合抽查的其他部门，用逗号分开"))
        parser.add_argument(
            "--units",
            type=Path,
            metavar="FILE",
            help=_("单位表：类型、名称，可有代码、简称、机关代字、联系电话"),
        )
        parser.add_argument("--people", type=Path, metavar="FILE", help=_("账号表：账号、姓名、单位、职责"))
        parser.add_argument(
            "--rules",
            type=Path,
            metavar="FILE",
            help=_("规则表：本地的比例、期限等，规则、数值、起始日期、文件"),
        )
        parser.add_argument(
            "--admin", default=installing.FIRST_ADMINISTRATOR, help=_("首个管理员的账号，默认 admin")
        )
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, ask, install, print the passwords once."""
        asked = _asked(options)
        installing.require(asked)
        with serving.alone():
            call_command("migrate", verbosity=0)
            if accounts.installation() is not None:
                raise AlreadyInstalled(_("已经有安装了，不能再建一个：%(path)s") % {"path": settings.VAR_DIR})
            with transaction.atomic():
                row, opened = installing.install(
                    asked, password=first_password, actor=COMMAND_LINE, now=clock.now()
                )
                if options["rules"]:
                    rules = rules_file.read_rules(options["rules"])
                    rules_file.enter_rules(rules, actor=COMMAND_LINE, now=clock.now())
        if options["json"]:
            people = [asdict(account) for account in opened]
            self.emit({"org": row.org, "name": row.name, "folder": str(settings.VAR_DIR), "accounts": people})
        else:
            self.tell(_told(row.name, row.org, opened))


def _told(name: str, org: str, opened: list[Opened]) -> str:
    lines = [_("已建立：%(name)s（%(org)s）") % {"name": name, "org": org}]
    lines.append(_("账号和初始密码只显示这一次，请抄下："))
    lines += [f"  {account.username}　{account.name}　{account.password}" for account in opened]
    lines.append(_("本人第一次登录要先改密码；管理员登录后指定安全管理员，由安全管理员给其他人任职"))
    lines.append(
        _("请备份密钥目录 %(path)s，并与数据库备份分开保管") % {"path": settings.SHARE_KEY_FILE.parent}
    )
    return "\n".join([*lines, _("下一步：fairdraw serve")])


def _asked(options: dict[str, Any]) -> Asked:
    units = units_file.read_units(options["units"]) if options["units"] else []
    people = units_file.read_people(options["people"]) if options["people"] else []
    own = next((unit for unit in units if unit.kind is AgencyKind.BUREAU), None)
    name = options["name"] or (own.name if own else "") or _question(_("单位全称"))
    division = options["division"] or _question(_("行政区划代码（6、9或12位）"))
    region = options["region"] or installing.region_of(name)
    if not options["units"]:
        for kind, option, question in (
            (AgencyKind.SECTION, "sections", _("股室（逗号分开，可空）")),
            (AgencyKind.STATION, "stations", _("市场监管所（逗号分开，可空）")),
            (AgencyKind.DEPARTMENT, "departments", ""),
        ):
            units += [Unit(kind, word) for word in _words(options[option] or _question(question))]
    return Asked(
        name=name,
        region=region,
        division=division,
        prefix=options["prefix"] or (own.prefix if own else "") or _question(_("机关代字（可空）")),
        telephone=options["telephone"] or (own.telephone if own else "") or _question(_("联系电话（可空）")),
        units=tuple(units),
        people=tuple(people),
        administrator=options["admin"],
    )


def _question(text: str) -> str:
    """Ask on a terminal; elsewhere nobody is there to answer."""
    if not text or not sys.stdin.isatty():
        return ""
    print(f"{text}：", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]
