"""
Processes that live and die together (看护进程): started, watched, started again, stopped on SIGTERM or SIGINT.

Each child leads a group of its own, so that Ctrl+C reaches the supervisor alone and everything a child has started
ends with it. Where the supervisor itself is killed, Linux tells its children.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.operations import logs

SECONDS_TO_STOP = 10.0
MOST_RESTARTS, WITHIN_SECONDS = 5, 60.0
TELL_ON_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)
GAVE_UP = 1


@dataclass
class Child:
    """One process: its name, its command, what its environment has beyond ours."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ended: deque[float] = field(default_factory=deque)


class Supervisor:
    """Starts its children in order, keeps them running, stops them in reverse order."""

    def __init__(
        self, children: Sequence[Child], *, before_restart: Callable[[str], None] = lambda name: None
    ) -> None:
        """Watch over *children*; *before_restart* is told the name of the one that will be started again."""
        self._children = list(children)
        self._before_restart = before_restart
        self._stop = threading.Event()

    def is_stopping(self) -> bool:
        """Whether a signal has come."""
        return self._stop.is_set()

    def has_lost_one(self) -> bool:
        """Whether a child has ended."""
        return any(c.process is not None and c.process.poll() is not None for c in self._children)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run the children while this lasts; none is left afterwards, whatever happens."""
        before = {number: signal.signal(number, self._asked) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            for child in self._children:
                self._start(child)
            yield
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def watch(self) -> int:
        """Keep the children running until a signal comes; returns the exit status."""
        while not self._stop.wait(0.2):
            for child in self._children:
                if child.process is not None and child.process.poll() is not None and not self._again(child):
                    return GAVE_UP
        return 0

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self, child: Child) -> None:
        words: dict[str, Any] = {}
        if os.name == "nt":
            words["creationflags"] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        else:
            words |= {"start_new_session": True, "preexec_fn": _end_with_parent}
        logs.servers().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with logs.servers().open("ab") as output:
            child.process = subprocess.Popen(
                child.command,
                env={**os.environ, **child.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **words,
            )

    def _again(self, child: Child) -> bool:
        """Start a child that has ended once more; false where it ended too often."""
        now = time.monotonic()
        child.ended.append(now)
        while child.ended[0] < now - WITHIN_SECONDS:
            child.ended.popleft()
        assert child.process is not None
        words = {"name": child.name, "code": child.process.returncode, "path": logs.servers()}
        if len(child.ended) > MOST_RESTARTS:
            print(_("%(name)s 反复退出（%(code)s），已全部停止，详情见 %(path)s") % words, file=sys.stderr)
            return False
        print(_("%(name)s 意外退出（%(code)s），正在重新启动") % words, file=sys.stderr, flush=True)
        _signal(child, getattr(signal, "SIGKILL", signal.SIGTERM))  # whatever its group still holds
        self._before_restart(child.name)
        self._start(child)
        return True

    def _end(self) -> None:
        """Ask all to stop, wait, and kill what is left of their groups."""
        for child in reversed(self._children):
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + SECONDS_TO_STOP
        for child in self._children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, until - time.monotonic()))
        for child in self._children:
            _signal(child, getattr(signal, "SIGKILL", signal.SIGTERM))
            if child.process is not None:
                child.process.wait()


def _signal(child: Child, number: int) -> None:
    """Send a signal to everything in the child's group; on Windows to the child."""
    if child.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "nt":
            child.process.terminate()
        else:
            os.killpg(child.process.pid, number)


def _end_with_parent() -> None:
    """In the child, before its program: get SIGTERM when the supervisor is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(TELL_ON_DEATH, signal.SIGTERM)
