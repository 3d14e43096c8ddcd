"""
The print batches of a rehearsal (批量打印): each task's, as soon as its notices are out, beside the year's run.

Typesetting thousands of notices and record sheets takes as long as all the rest of a year; it reads what is
settled by then and changes nothing, so that other processes do it meanwhile. These are started before the
database is opened, since a connection must not be shared.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType

from fairdraw.inspections import papers
from fairdraw.kernel import clock
from fairdraw.plans.models import Task

GIVE_WAY = 10  # the run of the year goes first
Job = tuple[str, Path, dt.date, str]


class Printer:
    """Prints batches in other processes; use it in a ``with``."""

    def __init__(self, place: Path, *, mark: str) -> None:
        """
        Make ready to print.

        Args:
            place: The folder of the documents.
            mark: The line on every page.
        """
        self._place = place
        self._mark = mark
        self._waiting: dict[str, Future[Path]] = {}
        self._pool = ProcessPoolExecutor(
            max_workers=os.cpu_count(),
            mp_context=multiprocessing.get_context("fork"),
            initializer=os.nice,
            initargs=(GIVE_WAY,),
        )
        self._pool.submit(int)  # the first job starts all processes

    def put(self, task: Task) -> None:
        """Print the batch of a drawn task."""
        path = self._place / f"{task.number}-检查文书.pdf"
        on = clock.local_date(task.drawn_at) if task.drawn_at else task.window_start
        self._waiting[task.number] = self._pool.submit(_print, (task.number, path, on, self._mark))

    def finish(self, told: Callable[[float], None]) -> list[Path]:
        """Wait for all batches; gives their files in the order of the tasks' numbers."""
        done: list[Path] = []
        for number, (_task, waiting) in enumerate(sorted(self._waiting.items()), start=1):
            done.append(waiting.result())
            told(number / len(self._waiting))
        return done

    def __enter__(self) -> Printer:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the processes end; after an error what still waits is not printed."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _print(job: Job) -> Path:
    number, path, on, mark = job
    task = Task.objects.select_related("agency", "scheme").get(number=number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(papers.task_batch(task, on=on, mark=mark))
    return path
