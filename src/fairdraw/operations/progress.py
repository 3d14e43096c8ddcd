"""
Progress of long commands (进度): a bar on a terminal, one line for every ten per cent elsewhere.

The label's first word is the phase; the rest of it may change with every step: ``演练 03月02日``.
"""

from __future__ import annotations

import atexit
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

STEP = 10


class Reporter:
    """Call it with a label and a fraction from 0 to 1; close it, or use it in a ``with``."""

    def __init__(self, stream: TextIO) -> None:
        """Report to *stream*."""
        self._stream = stream
        self._bar = _bar(stream) if stream.isatty() else None
        self._task: TaskID | None = None
        self._phase = ""
        self._told = -1

    def __call__(self, label: str, fraction: float) -> None:
        """Say that the work *label* has come to *fraction*."""
        share = min(max(fraction, 0.0), 1.0)
        phase = label.partition(" ")[0]
        is_new = phase != self._phase
        self._phase = phase
        if self._bar is not None:
            self._draw(self._bar, label, share, is_new=is_new)
        else:
            self._tell(label, int(share * 100), is_new=is_new)

    def _draw(self, bar: Progress, label: str, share: float, *, is_new: bool) -> None:
        if is_new:
            if self._task is None:
                bar.start()
                atexit.register(bar.stop)
            else:
                bar.update(self._task, completed=1.0)
            self._task = bar.add_task(label, total=1.0)
        assert self._task is not None
        bar.update(self._task, description=label, completed=share)

    def _tell(self, label: str, per_cent: int, *, is_new: bool) -> None:
        reached = per_cent - per_cent % STEP
        if is_new or reached > self._told:
            self._told = reached
            self._stream.write(f"{label}　{reached}%\n")
            self._stream.flush()

    def close(self) -> None:
        """Leave the last state on the terminal."""
        if self._bar is not None and self._task is not None:
            self._bar.stop()
            atexit.unregister(self._bar.stop)
            self._task = None
            self._phase = ""

    def __enter__(self) -> Reporter:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def reporter(stream: TextIO) -> Reporter:
    """Report progress on *stream*, the way that suits it."""
    return Reporter(stream)


def _bar(stream: TextIO) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(file=stream),
    )
