"""
``python -m drawcore verify DIR``: check a bundle from the command line (核验抽取结果).

Exit 0: accepted. 1: something in the bundle is wrong (with ``--strict`` also: not shown).
2: no such directory, or the command is wrong.

Source: vdraw/1 §15, §16.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from drawcore.errors import DrawError
from drawcore.messages import NOT_A_DIRECTORY
from drawcore.note import NoteKey
from drawcore.verify import Known, Report, Status, verify_directory

_MARKS = {Status.OK: "通过", Status.NOT_SHOWN: "未出示", Status.FAILED: "不通过"}


def main(arguments: Sequence[str]) -> int:
    """Run the command with *arguments* and give the exit code."""
    options = _parser().parse_args(arguments)
    try:
        keys = tuple(NoteKey.parse(key) for key in options.key)
        known = Known(options.seal, options.approval, options.number, keys)
        report = verify_directory(Path(options.bundle), known)
    except DrawError:
        sys.stderr.write("公钥格式不正确\n")
        return 2
    except NotADirectoryError:
        sys.stderr.write(NOT_A_DIRECTORY.format(path=options.bundle) + "\n")
        return 2
    except OSError:
        sys.stderr.write(f"没有这个目录或不能读取：{options.bundle}\n")
        return 2
    sys.stdout.write(text(report))
    return report.exit_code(strict=options.strict)


def text(report: Report) -> str:
    """Write the report, one line a step and one for the verdict."""
    lines = [f"{s.number:2d} {s.name}　{_MARKS[s.status]}　{s.message}" for s in report.steps]
    failed = report.failed
    verdict = f"核验不通过：第{failed.number}步 {failed.name}" if failed else "核验通过"
    return "".join(line + "\n" for line in (*lines, verdict))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="drawcore", description="核验抽取结果")
    commands = parser.add_subparsers(required=True)
    verify = commands.add_parser("verify", help="核验一个核验包（目录）")
    verify.add_argument("bundle", help="核验包所在目录")
    verify.add_argument("--strict", action="store_true", help="有未出示的证据也算不通过")
    verify.add_argument("--seal", default="", help="记录表上的封存值或其前16位")
    verify.add_argument("--approval", default="", help="审批表上的核对码")
    verify.add_argument("--number", default="", help="官方公布或现场记录的公开随机数")
    verify.add_argument("--key", action="append", default=[], help="日志或见证人的公钥 name+id+base64")
    return parser


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    raise SystemExit(main(sys.argv[1:]))
