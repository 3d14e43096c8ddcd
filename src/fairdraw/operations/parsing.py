"""
The command line's own words (命令行用法): argparse in Chinese, bad use ends with exit status 2.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

BAD_USE = 2
WORDS = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"the following arguments are required: (.+)", r"缺少参数：\1"),
        (r"one of the arguments (.+) is required", r"以下参数须给出一个：\1"),
        (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
        (r"argument (\S+): expected one argument", r"\1 后面要有一个值"),
        (r"argument (\S+): expected at least one argument", r"\1 后面至少要有一个值"),
        (r"argument (\S+): expected (\d+) arguments?", r"\1 后面要有 \2 个值"),
        (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"\1 不能是 \2，只能是 \3"),
        (r"argument (.+): invalid int value: (.+)", r"\1 须是整数，不能是 \2"),
        (r"argument (.+): invalid \w+ value: (.+)", r"\1 的值不对：\2"),
        (r"argument (.+): not allowed with argument (.+)", r"\1 不能和 \2 同时使用"),
        (r"ambiguous option: (\S+) could match (.+)", r"\1 不明确，可能是 \2"),
        (r"argument (.+): ignored explicit argument (.+)", r"\1 后面不要带值 \2"),
        (r"argument ([^:]+): (.+)", r"\1：\2"),
    )
)


def in_chinese(message: str) -> str:
    """What argparse says, in Chinese; a sentence that is not known stays as it is."""
    for pattern, chinese in WORDS:
        if pattern.fullmatch(message):
            return pattern.sub(chinese, message)
    return message


class HelpFormatter(argparse.HelpFormatter):
    """Puts 用法 before the usage."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add the usage line."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese. It takes no shortened options, so that new ones never change old calls."""

    def __init__(self, **words: Any) -> None:
        """Make a parser with ``-h``."""
        words = {"formatter_class": HelpFormatter, "allow_abbrev": False, **words, "add_help": False}
        super().__init__(**words)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, in one line and the usage, and exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(BAD_USE, f"{self.prog}：{in_chinese(message)}\n")
