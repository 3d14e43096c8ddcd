"""
The command ``fairdraw`` (命令行): finds the command in its stage, runs it, turns its end into an exit status.

Exit 0 done, 1 the answer is no, 2 bad use or input, 70 a bug (its traceback is in the log only). With ``--json``
exactly one JSON object stands on stdout; everything else goes to stderr.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import importlib.util
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fairdraw
from fairdraw.kernel.errors import FairdrawError, InvalidInput
from fairdraw.operations import whereabouts
from fairdraw.operations.parsing import BAD_USE, Parser

DONE, ANSWER_IS_NO, INTERRUPTED, BUG = 0, 1, 130, 70
WITHOUT_INSTALLATION = frozenset({"verify", "plan read"})  # run on any machine, beside any bundle or file
logger = logging.getLogger("fairdraw")


@dataclass(frozen=True)
class Found:
    """A command: its name, its stage, its file."""

    name: str
    stage: str
    path: Path


def commands() -> dict[str, Found]:
    """Every command of the product by name, without importing one."""
    held = {}
    for path in sorted(Path(fairdraw.__file__).parent.glob("*/management/commands/[a-z]*.py")):
        name = path.stem.rstrip("_").replace("_", "-")  # import_.py is the command "import"
        held[name] = Found(name, path.parents[2].name, path)
    return held


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    known = commands()
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(listing(known), file=sys.stdout if arguments else sys.stderr)
        return DONE if arguments else BAD_USE
    if arguments[0] == "--version":
        print(f"fairdraw {fairdraw.__version__}")
        return DONE
    name, *rest = arguments
    if name not in known:
        print(_unknown(name, known), file=sys.stderr)
        return BAD_USE
    return _guarded(known[name], rest)


def listing(known: dict[str, Found]) -> str:
    """What ``--help`` prints: every command with its sentence."""
    width = max(len(name) for name in known) + 2
    lines = [
        f"  {name:<{width}}{_sentence(found.path)}" for name, found in known.items() if _sentence(found.path)
    ]
    head = ["用法：fairdraw 命令 [选项]", "", "命令（fairdraw 命令 --help 看各自的选项）："]
    return "\n".join([*head, *lines])


def _sentence(path: Path) -> str:
    """The ``help`` of a command, read from its source; empty for those that are not for people."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "help":
            value = node.value.args[0] if isinstance(node.value, ast.Call) else node.value
            return str(value.value) if isinstance(value, ast.Constant) else ""
    return ""


def _unknown(name: str, known: dict[str, Found]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"，是不是 {near[0]}" if near else ""
    return f"没有名为 {name} 的命令{hint}。fairdraw --help 列出所有命令"


def _guarded(found: Found, arguments: list[str]) -> int:
    """Run a command; whatever ends it becomes an exit status."""
    as_json = "--json" in arguments
    answer = sys.stdout
    folder: Path | None = None
    try:
        folder = whereabouts.prepare(found.name, arguments)
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            _run(found, arguments, answer)
        answer.flush()
        code = DONE
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else DONE if end.code is None else ANSWER_IS_NO
    except whereabouts.NoFolder as refusal:
        code = _refused(str(refusal), "operations.no-folder", BAD_USE, answer if as_json else None)
    except FairdrawError as refusal:
        code = _told(refusal, answer if as_json else None)
    except KeyboardInterrupt:
        code = _refused(
            "已中断。没有做完的一步已全部撤回",
            "operations.interrupted",
            INTERRUPTED,
            answer if as_json else None,
        )
    except BrokenPipeError:  # the reader of the answer has gone
        sys.stderr.close()
        code = ANSWER_IS_NO
    except Exception as error:  # noqa: BLE001 -- whatever it is, it ends in one line and exit status 70
        code = _bug(error, answer if as_json else None)
    if folder is not None and code == BAD_USE:
        _forget(folder)
    return code


def _run(found: Found, arguments: list[str], answer: Any) -> None:
    """Set Django up, read the options, run the command."""
    alone = bool(WITHOUT_INSTALLATION & {found.name, " ".join([found.name, *arguments[:1]])})
    if alone:
        from django.conf import settings

        settings.configure(USE_I18N=False, USE_TZ=True)
    else:
        _set_up(found.name)
    from django.core.management import load_command_class
    from django.core.management.base import CommandError

    command = load_command_class(f"fairdraw.{found.stage}", found.path.stem)
    parser: Any = Parser(prog=f"fairdraw {found.name}", description=str(command.help or "") or None)
    command.add_arguments(parser)
    options = vars(parser.parse_args(arguments))
    if not alone:
        from fairdraw.operations.command import require_answer

        require_answer()
    common = {"force_color": False, "no_color": True, "skip_checks": True, "verbosity": 1, "traceback": False}
    try:
        command.execute(stdout=answer, stderr=sys.stderr, **common, **options)
    except CommandError as refusal:
        print(refusal, file=sys.stderr)
        raise SystemExit(BAD_USE) from None


def _set_up(name: str) -> None:
    """Set Django up, with the log of running, and the practice time where that is the time."""
    import django

    from fairdraw.operations import logs

    logs.begin(process=name)
    django.setup(set_prefix=False)
    from fairdraw.operations import practice_clock

    practice_clock.follow()


def _told(refusal: FairdrawError, answer: Any) -> int:
    """Say what was refused, every trouble on its line."""
    troubles = refusal.troubles if isinstance(refusal, InvalidInput) else ()
    lines = list(map(str, troubles))
    head = str(refusal).splitlines()[0] if lines else str(refusal)
    if head not in lines:
        lines.insert(0, head)
    usual = BAD_USE if isinstance(refusal, InvalidInput) else ANSWER_IS_NO
    code = getattr(refusal, "exit_status", usual)
    return _refused("\n".join(lines), refusal.code, code, answer, troubles)


def _refused(text: str, name: str, code: int, answer: Any, troubles: Sequence[Any] = ()) -> int:
    print(text, file=sys.stderr)
    if answer is not None:
        rows = [
            {"message": str(t.message), "file": t.file, "row": t.row, "column": t.column} for t in troubles
        ]
        error = {"code": name, "message": text.splitlines()[0], "troubles": rows}
        print(json.dumps({"error": error}, ensure_ascii=False), file=answer)
    return code


def _bug(error: Exception, answer: Any) -> int:
    """One line on stderr; the traceback goes to the log."""
    text = f"程序出错（{type(error).__name__}）。"
    try:
        from fairdraw.operations import logs

        logger.error("bug", exc_info=error)
        text += f"详情见 {logs.path()}，请交给技术人员"
    except Exception:  # noqa: BLE001 -- no settings, no log: the sentence must do
        text += str(error)
    return _refused(text, "operations.bug", BUG, answer)


def _forget(folder: Path) -> None:
    logging.shutdown()
    if importlib.util.find_spec("django"):
        from django.db import connections

        with contextlib.suppress(Exception):
            connections.close_all()
    whereabouts.leave_nothing(folder)
