"""
The virtual environment: made, filled from a lock file, and left alone when nothing changed.

Sources of the packages, in this order, always with ``--require-hashes``: a folder ``wheelhouse/`` beside
this tree (no network at all), uv, pip. Standard library only; nothing here is imported by the product.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from boot_system import ROOT, WINDOWS, SetUpError, answer, apt_install, call, say, write

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
WHEELHOUSE = ROOT / "wheelhouse"
LOCKS = ROOT / "requirements"
ENTRY = "import sys; sys.argv[0] = 'fairdraw'; from fairdraw.operations.cli import main; sys.exit(main())"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PROBE = (
    "import sys, sysconfig, pip; assert sys.version_info >= (3, 11); "
    "print(sysconfig.get_path('purelib')); print(sys.version)"
)


def probe() -> tuple[Path, str] | None:
    """Return (site-packages, Python version) of the environment, None where it does not work."""
    lines = answer([PYTHON, "-c", PROBE]).splitlines() if PYTHON.exists() else []
    return (Path(lines[0]), " ".join(lines[1:])) if lines else None


def make_environment() -> tuple[Path, str]:
    """Make ``.venv`` unless it works; on Debian, add python3-venv where that is missing and allowed."""
    found = probe()
    if found:
        return found
    base = getattr(sys, "_base_executable", sys.executable)
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if answer([base, "-c", "import ensurepip, venv; print('yes')"]) != "yes":
        say(f"缺少 {package}，正在安装")
        if not apt_install([package]):
            raise SetUpError(f"缺少 {package}，请执行：sudo apt-get install {package}")
    say("建立虚拟环境 .venv")
    call([base, "-m", "venv", "--clear", VENV])
    found = probe()
    if not found:
        raise SetUpError(f"虚拟环境建立失败，请删除 .venv 后重试；Debian 需要 {package}")
    return found


def link_sources(site: Path) -> None:
    """Put ``src/`` on the environment's path and write the ``fairdraw`` command."""
    write(site / "fairdraw.pth", os.path.relpath(ROOT / "src", site) + "\n")
    if WINDOWS:
        write(BIN / "fairdraw.cmd", f'@"{PYTHON}" -P -c "{ENTRY}" %*\r\n')
        return
    quoted = str(PYTHON).replace("'", "'\\''")
    write(BIN / "fairdraw", f'#!/bin/sh\nexec \'{quoted}\' -P -c "{ENTRY}" "$@"\n', program=True)


def stamp_of(lock: Path, version: str) -> str:
    """Return what the stamp beside the environment holds once *lock* is installed."""
    parts = (lock.read_bytes(), version.encode(), str(VENV).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamped(lock: Path, version: str) -> bool:
    """Return whether exactly *lock* was installed by an earlier start."""
    path = VENV / f"{lock.stem}.stamp"
    return path.exists() and path.read_text() == stamp_of(lock, version)


def pip_setting(option: str) -> str:
    """Return pip's own setting *option*, from the environment or its files, "" where there is none."""
    named = os.environ.get("PIP_" + option.upper().replace("-", "_"), "")
    for place in ("install", "global"):
        named = named or answer([PYTHON, "-m", "pip", "config", "get", f"{place}.{option}"]).strip("'\"")
    return " ".join(named.split())


def uv_settings() -> dict[str, str]:
    """Return pip's mirror in uv's words: uv does not read pip's settings, and a site's mirror is there."""
    words = {"UV_DEFAULT_INDEX": "index-url", "SSL_CERT_FILE": "cert", "UV_INSECURE_HOST": "trusted-host"}
    found = {name: pip_setting(option) for name, option in words.items() if name not in os.environ}
    if SYSTEM_CERTIFICATES.exists() and "UV_SYSTEM_CERTS" not in os.environ:
        found["UV_SYSTEM_CERTS"] = "true"  # a site's own authority is there, not in uv
    return {name: value for name, value in found.items() if value}


def fill(lock: Path) -> None:
    """Install *lock* into the environment from the first source that works."""
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "-q",
    ]
    wanted: list[str | Path] = ["--require-hashes", "-r", lock]
    if WHEELHOUSE.is_dir():
        say("从 wheelhouse/ 安装软件包（不联网）")
        if not call([*pip, "--no-index", "--find-links", WHEELHOUSE, *wanted]):
            raise SetUpError(f"wheelhouse/ 中缺少软件包，请按 requirements/{lock.name} 补齐后重试")
        return
    say(f"安装软件包 requirements/{lock.name}")
    if os.environ.get("FAIRDRAW_INSTALLER") != "pip":
        uv: list[str | Path] = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--no-config", "-q"]
        if call([*pip, "--require-hashes", "-r", LOCKS / "boot.lock"]) and call(
            [*uv, *wanted], uv_settings()
        ):
            return
        say("uv 不可用，改用 pip")
    if not call([*pip, *wanted]):
        raise SetUpError("软件包安装失败：请检查网络或软件源（PIP_INDEX_URL），或备好 wheelhouse/ 离线安装")


def fetch_wheels(options: Sequence[str]) -> bool:
    """Fill ``wheelhouse/`` with the packages of run.lock; *options* are pip's, such as another platform."""
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "download",
        "--disable-pip-version-check",
        "--no-input",
        "-q",
    ]
    return call([*pip, "--require-hashes", "-r", LOCKS / "run.lock", "-d", WHEELHOUSE, *options])


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold a lock, so that two starts at once do not write the same environment."""
    if WINDOWS:
        yield
        return
    import fcntl

    with (ROOT / ".venv.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_up(*, test: bool) -> None:
    """
    Make the environment and install what running (or testing) needs.

    A second start with the same locks installs nothing and needs no network.

    Raises:
        SetUpError: something is missing that this user may not install.
    """
    began = time.monotonic()
    with alone():
        site, version = make_environment()
        run, full = LOCKS / "run.lock", LOCKS / "test.lock"
        if not stamped(full if test else run, version):
            for old in VENV.glob("*.stamp"):
                old.unlink()  # until all is in place, the next start must not believe it is
            fill(full if test else run)
            # test.lock holds all of run.lock (tests/meta/test_locks.py)
            for lock in (run, full) if test else (run,):
                write(VENV / f"{lock.stem}.stamp", stamp_of(lock, version))
            say(f"软件包就绪（{time.monotonic() - began:.0f} 秒）")
        link_sources(site)
