"""What set-up asks of the machine: running commands, words on stderr, Debian packages. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"


class SetUpError(Exception):
    """Set-up cannot go on; the text is one Chinese line naming the command that helps."""


def say(text: str) -> None:
    """Print one line of progress on stderr."""
    print(f"[fairdraw] {text}", file=sys.stderr, flush=True)


def call(command: Sequence[str | Path], env: Mapping[str, str] | None = None, *, quiet: bool = False) -> bool:
    """Run *command* with its output on stderr, or dropped; returns whether it succeeded."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quiet else sys.stderr.fileno(),
            stderr=subprocess.DEVNULL if quiet else None,
        )
    except OSError:
        return False
    return done.returncode == 0


def answer(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """Run *command* silently; returns what it printed, stripped, or "" when it failed."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def root_words() -> list[str] | None:
    """Return the words that make a command run as root ([] when we are), None where nothing does."""
    if WINDOWS or not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if call(["sudo", "-n", "true"], quiet=True) else None


def apt_install(names: Sequence[str]) -> bool:
    """Install Debian packages where that is allowed; returns whether they are installed now."""
    words = root_words()
    if words is None:
        return False
    apt = [*words, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends", *names]
    lists = Path("/var/lib/apt/lists")
    if not (lists.is_dir() and any(lists.glob("*_Packages*"))):
        call([*apt, "update"])
    return call(install) or (call([*apt, "update"]) and call(install))


def write(path: Path, text: str, *, program: bool = False) -> None:
    """Write *text* to *path* unless it is there already; *program* makes the file executable."""
    raw = text.encode()
    if not path.exists() or path.read_bytes() != raw:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    if program:
        path.chmod(0o755)
