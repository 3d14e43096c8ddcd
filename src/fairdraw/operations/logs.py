"""
The installation's own log of running (运行日志): ``logs/fairdraw.log``, one JSON object a line.

Not the record of who did what, which is ``audit``. Bugs with their traceback, and what the servers say.
"""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import structlog
from django.conf import settings

NAME = "fairdraw"
MOST_BYTES = 20_000_000
SHARED = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def path() -> Path:
    """Where the log lies."""
    return Path(settings.VAR_DIR) / "logs" / "fairdraw.log"


def begin(*, process: str, level: int = logging.INFO) -> None:
    """
    Write everything from *level* on into the log, and nothing of it to the terminal.

    Several processes write one file, whole lines at a time; where it cannot be written, stderr takes it.
    """
    handler: logging.Handler
    try:
        path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = logging.handlers.WatchedFileHandler(path(), encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*SHARED, structlog.processors.format_exc_info, _named(process)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    for old in [held for held in root.handlers if held.get_name() == NAME]:
        root.removeHandler(old)
    handler.set_name(NAME)
    root.addHandler(handler)
    root.setLevel(level)


def servers() -> Path:
    """Where that goes which the servers print before and beside their logging."""
    return path().with_name("servers.log")


def turn_over() -> None:
    """Put long logs aside under ``.1``; called where only one process runs."""
    for file in (path(), servers()):
        if file.exists() and file.stat().st_size > MOST_BYTES:
            file.replace(file.with_suffix(".log.1"))


def _named(process: str) -> structlog.typing.Processor:
    def add(
        logger: structlog.typing.WrappedLogger, name: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        event["process"] = process
        return event

    return add
