"""
Which installation a command works on (安装所在), settled before Django reads its settings.

A year is rehearsed in its own folder with its own database and keys; ``start`` and the commands that only look
turn to the practice installation where there is no real one (the environment's own rules: ``config.env``).
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

SETTINGS = "fairdraw.config.settings.base"
ROOT = Path(__file__).resolve().parents[3]
YEAR_FOLDER = ROOT / "var" / "year"
#: Commands that turn to the practice installation where there is no real one.
OR_PRACTICE = frozenset({"start", "fsck", "log", "checkpoint", "indicators", "backup", "draw", "void"})
OWN_KEYS = ("FAIRDRAW_SECRET_KEY_FILE", "FAIRDRAW_SHARE_KEY_FILE")


class NoFolder(Exception):
    """A year needs an empty folder of its own; the text says what to do."""


def prepare(name: str, arguments: list[str]) -> Path | None:
    """
    Set the environment for the command *name*; a year that names no ``--out`` gets one in *arguments*.

    Returns:
        The new, empty folder of a year, which is emptied again where the input turns out to be bad.

    Raises:
        NoFolder: The folder of a year holds something.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if name in OR_PRACTICE:
        os.environ["FAIRDRAW_PRACTICE"] = "1"
    return _year(arguments) if name == "year" else None


def _year(arguments: list[str]) -> Path | None:
    if "-h" in arguments or "--help" in arguments:
        return None
    folder = _out(arguments)
    if folder is None:
        folder = YEAR_FOLDER
        arguments += ["--out", str(folder)]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NoFolder(f"{folder} 不是空目录。演练全年只写入空目录，请换一个 --out，或先移走其中的文件")
    for name in OWN_KEYS:  # a rehearsal never uses the keys of the real installation
        os.environ.pop(name, None)
    os.environ["FAIRDRAW_VAR"] = str(folder)
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'fairdraw.sqlite3'}"
    os.environ["FAIRDRAW_JOBS_INLINE"] = "1"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _out(arguments: Sequence[str]) -> Path | None:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--out", type=Path)
    try:
        found: Path | None = parser.parse_known_args(list(arguments))[0].out
    except argparse.ArgumentError as error:
        raise NoFolder("--out 后面要有一个值：输出目录") from error
    return None if found is None else found.resolve()


def leave_nothing(folder: Path) -> None:
    """Empty the folder that :func:`prepare` found empty: bad input leaves nothing behind."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
