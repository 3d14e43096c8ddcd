"""
The clock. Only doors (views, jobs, commands) and the demo read it; services are told the time.

The practice installation has a practice date (练习日期): its doors read that instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _system() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


_source: Callable[[], dt.datetime] = _system


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return _source()


def local_date(moment: dt.datetime) -> dt.date:
    """The day that *moment* has in China."""
    return moment.astimezone(SHANGHAI).date()


def today() -> dt.date:
    """Today in China."""
    return local_date(now())


def use(source: Callable[[], dt.datetime] | None) -> None:
    """Read the time from *source* from now on; ``None`` goes back to the machine's clock."""
    global _source
    _source = source or _system


def at(day: dt.date, hour: int = 9, minute: int = 0, second: int = 0) -> dt.datetime:
    """A moment of *day*, Chinese wall time, aware."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)
