"""``fairdraw account VERB``: accounts and duties by the machine's owner; one's own password (账号、任职)."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors, shown
from fairdraw.accounts import services as accounts
from fairdraw.accounts.models import Agency, Membership, User
from fairdraw.accounts.passwords import first_password
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import command, installing, signing, units_file
from fairdraw.operations.management.commands.indicators import day
from fairdraw.operations.units_file import Person

VERBS = ("add", "list", "grant", "end", "password", "change", "lock", "unlock")


class Command(command.Command):
    """First passwords are printed once. The owner of the machine stands in where no administrator is left."""

    help = _("账号和任职：开通、列出、任职、免职、重设密码、本人改密码、锁定、解锁")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb, and whom it is about."""
        verbs = _(
            "add 开通，list 列出，grant 任职，end 免职，password 重设密码，change 本人改密码，lock 锁定，unlock 解锁"
        )
        parser.add_argument("verb", choices=VERBS, metavar="VERB", help=verbs)
        parser.add_argument(
            "--people", type=Path, metavar="FILE", help=_("add：账号表，账号、姓名、单位、职责")
        )
        parser.add_argument("--username", default="", help=_("账号"))
        parser.add_argument("--name", default="", help=_("姓名"))
        parser.add_argument("--agency", default="", help=_("单位，名称或代码"))
        parser.add_argument(
            "--duty", action="append", default=[], choices=sorted(units_file.DUTIES), help=_("职责，可多次")
        )
        parser.add_argument("--from", dest="first", type=day, metavar="D", help=_("grant：第一天，默认今天"))
        parser.add_argument(
            "--until", dest="last", type=day, metavar="D", help=_("最后一天；end 默认今天，grant 默认长期")
        )
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, all or none; nothing is held in the database while somebody types."""
        command.installation()
        answer, lines = getattr(self, f"_{options['verb']}")(options)
        if options["json"]:
            self.emit(answer)
            return
        for line in lines:
            self.tell(line)

    @transaction.atomic
    def _add(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        people = _people(options)
        agencies = {word: a for a in Agency.objects.all() for word in (a.code, a.short_name, a.name) if word}
        opened = installing.open_accounts(
            people, agencies, password=first_password, actor=COMMAND_LINE, now=clock.now()
        )
        lines = [f"{account.username}　{account.name}　{account.password}" for account in opened]
        return {"accounts": [asdict(account) for account in opened]}, lines

    def _list(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        today = clock.today()
        rows = shown.account_lines(shown.accounts(shown.AccountFilter(), on=today), on=today)
        told = [
            {"username": r.user.username, "name": r.user.name, "state": r.word, "duties": r.held}
            for r in rows
        ]
        lines = [f"{r.user.username}　{r.user.name}　{r.word}　{'；'.join(r.held)}" for r in rows]
        return {"accounts": told}, lines

    @transaction.atomic
    def _grant(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        user, agency = _user(options), _agency(options)
        last = options["last"]
        if not options["duty"]:
            raise InvalidInput(_("请用 --duty 写明职责"))
        for word in options["duty"]:
            accounts.grant(
                user=user,
                agency=agency,
                duty=units_file.DUTIES[word],
                starts_on=options["first"] or clock.today(),
                ends_on=last + dt.timedelta(1) if last else None,
                actor=COMMAND_LINE,
                now=clock.now(),
            )
        return _said(user, _("已任职：%(user)s"))

    @transaction.atomic
    def _end(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        user, agency = _user(options), _agency(options)
        ends_on = (options["last"] or clock.today()) + dt.timedelta(1)
        for duty in dict.fromkeys(units_file.DUTIES[word] for word in options["duty"]):
            held = Membership.objects.filter(user=user, agency=agency, duty=duty.value)
            row = held.order_by("-starts_on").first()
            if row is None:
                raise InvalidInput(_("%(user)s 没有这项任职") % {"user": user.username})
            accounts.end_membership(
                membership_id=row.pk, ends_on=ends_on, actor=COMMAND_LINE, now=clock.now()
            )
        if not options["duty"]:
            raise InvalidInput(_("请用 --duty 写明职责"))
        return _said(user, _("已登记任职的最后一天：%(user)s"))

    def _password(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        given = first_password()
        user = accounts.reset_password(
            user_id=_user(options).pk, password=given, actor=COMMAND_LINE, now=clock.now()
        )
        told = {"username": user.username, "name": user.name, "password": given}
        return {"accounts": [told]}, [f"{user.username}　{user.name}　{given}"]

    def _change(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        user = signing.account(_named(options))
        new = signing.secret(_("新密码"))
        if signing.secret(_("再输一遍新密码")) != new:
            raise InvalidInput(_("两遍新密码不一致"))
        try:
            validate_password(new)
        except ValidationError as error:
            raise InvalidInput("".join(error.messages)) from error
        actor = selectors.actor_of(user, on=clock.today())
        accounts.change_own_password(password=new, actor=actor, now=clock.now())
        return _said(user, _("密码已修改：%(user)s"))

    def _lock(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        user = accounts.lock_account(user_id=_user(options).pk, actor=COMMAND_LINE, now=clock.now())
        return _said(user, _("已锁定：%(user)s"))

    def _unlock(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        user = accounts.unlock_account(user_id=_user(options).pk, actor=COMMAND_LINE, now=clock.now())
        return _said(user, _("已解锁：%(user)s"))


def _said(user: User, sentence: str) -> tuple[dict[str, Any], list[str]]:
    return {"username": user.username}, [sentence % {"user": user.username}]


def _named(options: dict[str, Any]) -> str:
    if not options["username"]:
        raise InvalidInput(_("请用 --username 写明账号"))
    return str(options["username"])


def _user(options: dict[str, Any]) -> User:
    user = User.objects.filter(username=_named(options)).first()
    if user is None:
        raise InvalidInput(_("没有账号 %(user)s") % {"user": options["username"]})
    return user


def _agency(options: dict[str, Any]) -> Agency:
    word = options["agency"]
    found = next((a for a in Agency.objects.all() if word in {a.code, a.name, a.short_name}), None)
    if not word or found is None:
        raise InvalidInput(_("没有名为“%(name)s”的单位，请用 --agency 写明") % {"name": word})
    return found


def _people(options: dict[str, Any]) -> list[Person]:
    if options["people"]:
        return units_file.read_people(options["people"])
    if not (options["username"] and options["name"] and options["agency"] and options["duty"]):
        raise InvalidInput(_("请给出 --people 账号表，或 --username、--name、--agency、--duty"))
    if not units_file.USERNAME.fullmatch(options["username"]):
        raise InvalidInput(_("账号只能用字母、数字和 . _ -，2至40位"))
    duties = tuple(units_file.DUTIES[word] for word in options["duty"])
    return [Person(options["username"], options["name"], options["agency"], duties)]
