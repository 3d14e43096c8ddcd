"""
A person at the command line (本人办理): acts with the own account, the password asked for at the prompt.

What needs a person's duty is never done as the machine's owner. Where nobody sits at a terminal the password is the
next line of standard input. Wrong passwords count like those of the sign-in page.
"""

from __future__ import annotations

import getpass
import sys

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import User
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, NotPermitted


class NotSignedIn(NotPermitted):
    """The account or its password is wrong, or it is locked."""

    code = "operations.not-signed-in"


class FirstPassword(NotPermitted):
    """Somebody else knows the password: the person is not proved by it."""

    code = "operations.first-password"


def person(username: str) -> Actor:
    """
    The person of the account, with today's duties, once the password is right.

    Raises:
        NotSignedIn: It is not.
        FirstPassword: It is one that somebody else gave out.
    """
    user = account(username)
    if user.first_password:
        said = _("%(user)s 的密码还是初始密码，请先用 fairdraw account change 或在网页上改掉")
        raise FirstPassword(said % {"user": username})
    return accounts.actor_of(user, on=clock.today())


def account(username: str) -> User:
    """
    The account, once its password is right.

    Raises:
        NotSignedIn: It is not.
    """
    asked = HttpRequest()
    asked.META["REMOTE_ADDR"] = "127.0.0.1"
    user = authenticate(asked, username=username, password=secret(_("%(user)s 的密码") % {"user": username}))
    if not isinstance(user, User):
        raise NotSignedIn(_("账号或密码不正确；连续输错5次将锁定30分钟"))
    return user


def secret(question: str) -> str:
    """
    A secret typed at the terminal without showing it, else the next line of standard input.

    Raises:
        InvalidInput: Nothing was given.
    """
    if sys.stdin.isatty():
        given = getpass.getpass(f"{question}：", stream=sys.stderr)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise InvalidInput(_("没有输入%(what)s") % {"what": question})
    return given


def answer(question: str) -> str:
    """What is typed at the terminal, else the next line of standard input; empty where there is none."""
    if sys.stdin.isatty():
        print(f"{question}：", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
