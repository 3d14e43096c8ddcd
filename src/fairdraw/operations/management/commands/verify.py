"""``fairdraw verify BUNDLE``: check the bundle of a draw step by step (复核资料包; vdraw/1 §15, §16)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from fairdraw.operations import verifying


class Command(BaseCommand):
    """Runs on any machine beside any bundle: no installation, no database, no settings."""

    help = "逐步复核抽取的资料包；通过为0，不通过为1，没有这个目录或给的是压缩包为2"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the bundle, and what is known from elsewhere."""
        parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="资料包所在的目录")
        parser.add_argument("--strict", action="store_true", help="未出示的证据也算不通过")
        parser.add_argument("--json", action="store_true", help="在标准输出只打印一个 JSON 对象")
        parser.add_argument("--seal", default="", help="抽取记录表上的封存值，或其前16位")
        parser.add_argument("--approval", default="", help="审批表上的核对码")
        parser.add_argument("--number", default="", help="官方公布或现场记录的公开随机数")
        parser.add_argument("--key", action="append", default=[], help="日志或见证人的公钥 name+id+base64")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        text, code = verifying.verify(
            options["bundle"],
            known=verifying.known(options),
            strict=options["strict"],
            as_json=options["json"],
        )
        self.stdout.write(text, ending="")
        raise SystemExit(code)
