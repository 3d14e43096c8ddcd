"""
The virtual environment: made, filled from a lock file, and left alone when nothing changed.

Standard library only; nothing here is imported by the product. Every line goes to stderr, so that the
standard output of ``sh run.sh year --json`` is the program's alone.

Order of sources for the packages, all with ``--require-hashes``:
a folder ``wheelhouse/`` beside this tree (no network), uv, pip.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
WHEELHOUSE = ROOT / "wheelhouse"
ENTRY = (
    "import sys; sys.argv[0] = 'fairdraw'; from fairdraw.operations.cli import main; sys.exit(main())"
)


class SetUpError(Exception):
    """Set-up cannot go on; the text is one Chinese line naming the command that helps."""


def say(text: str) -> None:
    """Print one line of progress on stderr."""
    print(f"[fairdraw] {text}", file=sys.stderr, flush=True)


def call(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> int:
    """Run *command* with its output on stderr; returns its exit status, 127 when it is absent."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
        ).returncode
    except OSError:
        return 127


def answer(command: Sequence[str | Path]) -> str:
    """Run *command* silently; returns what it printed, stripped, or "" when it failed."""
    try:
        done = subprocess.run(
            [str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


# --- Debian packages ---------------------------------------------------------------------------------


def privileged() -> list[str] | None:
    """Return the words that make a command run as root ([] or ["sudo", "-n"]), None where nothing does."""
    if WINDOWS or not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and answer(["sudo", "-n", "true"]) == "" and call_quiet(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def call_quiet(command: Sequence[str]) -> bool:
    """Return whether *command* succeeds; its output is dropped."""
    try:
        return (
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ).returncode
            == 0
        )
    except OSError:
        return False


def apt_install(names: Sequence[str]) -> bool:
    """Install Debian packages where that is allowed; returns whether they are there now."""
    prefix = privileged()
    if prefix is None:
        return False
    install = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q"]
    install += ["--no-install-recommends", *names]
    lists = Path("/var/lib/apt/lists")
    if not (lists.is_dir() and any(lists.glob("*_Packages*"))):
        call([*prefix, "apt-get", "update", "-q"])
    if call(install) == 0:
        return True
    call([*prefix, "apt-get", "update", "-q"])
    return call(install) == 0


# --- the virtual environment -------------------------------------------------------------------------


def usable() -> bool:
    """Return whether the environment's interpreter starts, is this version, and has pip."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    test = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    return PYTHON.exists() and answer([PYTHON, "-c", test]) == here


def make_environment() -> None:
    """Make ``.venv`` unless it is usable; on Debian, add python3-venv where that is missing and allowed."""
    if usable():
        return
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if answer([sys.executable, "-c", "import ensurepip, venv; print('yes')"]) != "yes":
        say("缺少 python3-venv，正在安装")
        if not apt_install([f"python{version}-venv"]):
            raise SetUpError(f"缺少 python3-venv，请执行：sudo apt-get install python{version}-venv")
    say("建立虚拟环境 .venv")
    if call([sys.executable, "-m", "venv", "--clear", VENV]) != 0 or not usable():
        raise SetUpError(f"虚拟环境建立失败，请删除 {VENV.name} 后重试；Debian 需要 python{version}-venv")


def link_sources() -> None:
    """Put ``src/`` on the environment's path and write the ``fairdraw`` command."""
    variables = {"base": str(VENV), "platbase": str(VENV)}
    site = Path(sysconfig.get_path("purelib", "nt" if WINDOWS else "posix_prefix", vars=variables))
    write(site / "fairdraw.pth", os.path.relpath(ROOT / "src", site) + "\n")
    if WINDOWS:
        write(BIN / "fairdraw.cmd", f'@"{PYTHON}" -P -c "{ENTRY}" %*\r\n')
        return
    quoted = str(PYTHON).replace("'", "'\\''")
    write(BIN / "fairdraw", f"#!/bin/sh\nexec '{quoted}' -P -c \"{ENTRY}\" \"$@\"\n")
    (BIN / "fairdraw").chmod(0o755)


def write(path: Path, text: str) -> None:
    """Write *text* to *path* unless it is there already."""
    raw = text.encode()
    if not path.exists() or path.read_bytes() != raw:
        path.write_bytes(raw)


# --- packages ----------------------------------------------------------------------------------------


def stamp_of(lock: Path) -> str:
    """Return what the environment's stamp must hold when *lock* is installed."""
    digest = hashlib.sha256(lock.read_bytes())
    digest.update(sys.version.encode())
    digest.update(str(VENV).encode())
    return digest.hexdigest()


def stamp_file(lock: Path) -> Path:
    return VENV / f"{lock.stem}.stamp"


def installed(lock: Path) -> bool:
    """Return whether exactly *lock* was installed by an earlier start."""
    path = stamp_file(lock)
    return path.exists() and path.read_text().strip() == stamp_of(lock)


def uv_environment() -> dict[str, str]:
    """Return what pip knows of a mirror in the words uv reads: uv does not read pip's configuration."""
    known = {}
    for variable, option in (
        ("UV_DEFAULT_INDEX", "index-url"),
        ("SSL_CERT_FILE", "cert"),
        ("UV_INSECURE_HOST", "trusted-host"),
    ):
        if variable in os.environ:
            continue
        value = os.environ.get("PIP_" + option.upper().replace("-", "_"), "")
        value = value or answer([PYTHON, "-m", "pip", "config", "get", f"global.{option}"]).strip("'\"")
        if value:
            known[variable] = " ".join(value.split())
    return known


def fill(lock: Path, tools: Path) -> None:
    """Install *lock* into the environment from the first source that works."""
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q"]
    wanted = ["--require-hashes", "-r", lock]
    if WHEELHOUSE.is_dir():
        say("从 wheelhouse/ 安装软件包（不联网）")
        if call([*pip, "--no-index", "--find-links", WHEELHOUSE, *wanted]) != 0:
            raise SetUpError(f"wheelhouse/ 中缺少软件包，请按 requirements/{lock.name} 补齐后重试")
        return
    say(f"安装软件包 requirements/{lock.name}")
    if call([*pip, "--require-hashes", "-r", tools]) == 0:
        command = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--no-config", "-q"]
        if call([*command, *wanted], uv_environment()) == 0:
            return
    say("uv 不可用，改用 pip")
    if call([*pip, *wanted]) != 0:
        raise SetUpError("软件包安装失败：请检查网络或软件源（PIP_INDEX_URL），或准备 wheelhouse/ 目录离线安装")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold a lock, so that two starts at once do not write the same environment."""
    with (ROOT / ".venv.lock").open("a+") as file:
        if WINDOWS:
            yield
            return
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_up(*, test: bool) -> None:
    """
    Make the environment and install what running (or testing) needs.

    A second start with the same locks does nothing and needs no network.

    Raises:
        SetUpError: something is missing that this user may not install.
    """
    began = time.monotonic()
    with alone():
        make_environment()
        folder = ROOT / "requirements"
        run, full = folder / "run.lock", folder / "test.lock"
        lock = full if test else run
        if not installed(lock):
            fill(lock, folder / "boot.lock")
            for done in (run, full) if test else (run,):
                stamp_file(done).write_text(stamp_of(done) + "\n")
            say(f"软件包就绪（{time.monotonic() - began:.1f} 秒）")
        link_sources()
