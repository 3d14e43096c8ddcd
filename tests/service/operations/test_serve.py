"""``fairdraw serve``: one address line, one supervisor, nothing left behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.operations.conftest import FAIRDRAW, Place

pytestmark = pytest.mark.only_sqlite


def free_port() -> int:
    """A port that nobody has this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running ``serve``."""

    process: subprocess.Popen[str]
    port: int
    line: str

    def status(self, path: str) -> int:
        """The status of a page."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        asked.request("GET", path)
        found = asked.getresponse().status
        asked.close()
        return found

    def children(self) -> dict[str, int]:
        """The processes below it by what they do, those of the web server numbered."""
        found: dict[str, int] = {}
        for pid, words in below(self.process.pid):
            name = next((n for n in ("granian", "worker", "tick") if n in words), "?")
            found[f"{name}{len(found)}" if name in found else name] = pid
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(60)


def below(parent: int) -> Iterator[tuple[int, list[str]]]:
    """The processes under *parent* with their words, of Linux's table of processes."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            ancestor = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if ancestor == parent:
                yield int(entry.name), (entry / "cmdline").read_text().split("\0")
                yield from below(int(entry.name))


def is_alive(pid: int) -> bool:
    """Whether a process runs, zombies not counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_gone(pids: Iterator[int] | list[int], within: float = 15) -> bool:
    """Wait until none of the processes runs."""
    held, until = list(pids), time.monotonic() + within
    while time.monotonic() < until:
        if not any(map(is_alive, held)):
            return True
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def serving(place: Place) -> Iterator[Served]:
    """Serve *place* until the test is over."""
    port = free_port()
    process = subprocess.Popen(
        [*FAIRDRAW, "serve", "--port", str(port), "--workers", "1"],
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        yield Served(process, port, line)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def test_serving_from_start_to_stop(installed: Place):
    with serving(installed) as served:
        # 一行地址
        assert served.line.strip().endswith(f"http://127.0.0.1:{served.port}/")
        # 首页（未登录时转到登录页）
        assert served.status("/") in {200, 302}
        # 同一端口、同一安装都只能有一个
        busy = installed.run("serve", "--port", str(served.port))
        assert busy.code == 2
        assert len(busy.err.strip().splitlines()) == 1
        assert str(served.port) in busy.err
        twice = installed.run("serve", "--port", str(free_port()))
        assert twice.code == 2
        assert "正在运行" in twice.err
        # 后台作业进程被杀后重新启动
        children = served.children()
        assert {"granian", "worker", "tick"} <= children.keys()
        os.kill(children["worker"], signal.SIGKILL)
        until = time.monotonic() + 30
        while served.children().get("worker") in {None, children["worker"]} and time.monotonic() < until:
            time.sleep(0.2)
        assert served.children()["worker"] != children["worker"]
        # 每日存证点已生成
        until = time.monotonic() + 30
        while checkpoints(installed) == 0 and time.monotonic() < until:
            time.sleep(0.2)
        assert checkpoints(installed) == 1
        # 停止后什么也不剩
        left = [*served.children().values()]
        assert served.stop() == 0
        assert all_gone(left)
        assert served.process.stdout is not None
        assert served.process.stdout.read() == ""


def checkpoints(place: Place) -> int:
    """How many checkpoints the log has."""
    with contextlib.closing(sqlite3.connect(place.database)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM audit_checkpoint").fetchone()[0])


def test_killing_the_supervisor_ends_web_worker_and_tick(installed: Place):
    with serving(installed) as served:
        left = [*served.children().values()]

        assert served.stop(signal.SIGKILL) == -signal.SIGKILL
        assert all_gone(left, within=30)


def test_a_port_that_another_program_has_is_told_before_any_work(installed: Place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        began = time.monotonic()

        done = installed.run("serve", "--port", str(port))

    assert done.code == 2
    assert done.out == ""
    assert len(done.err.strip().splitlines()) == 1
    assert f"{port}" in done.err
    assert time.monotonic() - began < 30
    assert not (installed.folder / "static").exists()


def test_a_log_without_its_guard_is_not_served(installed: Place):
    with contextlib.closing(sqlite3.connect(installed.database)) as connection:
        connection.execute("DROP TRIGGER audit_logentry_refuses_update")
        connection.commit()

    done = installed.run("serve", "--port", str(free_port()))

    assert done.code == 1
    assert "audit_logentry_refuses_update" in done.err
    assert "http" not in done.out


def test_where_nothing_is_installed_serving_leaves_nothing(place: Place):
    done = place.run("serve", "--port", str(free_port()))

    assert done.code == 2
    assert "fairdraw new" in done.err
    assert not place.database.exists()
    assert not (place.folder / "serving.lock").exists()
