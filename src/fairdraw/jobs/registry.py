"""
Which work may run long (作业种类): a stage registers a function under a code.

A job's function takes a :class:`~fairdraw.jobs.progress.Progress` and primitives, can be run twice without
harm, and is a door: it reads the clock and calls services. Register it in the stage's ``jobs.py``, imported
when the stage is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Result = dict[str, Any] | None
Work = TypeVar("Work", bound=Callable[..., Result])


class Text(Protocol):
    """A label, translated when it is shown."""

    def __str__(self) -> str:
        """The label in the reader's language."""
        ...


@dataclass(frozen=True)
class JobKind:
    """A kind of long work: its code, its Chinese label, its function."""

    code: str
    label: Text
    run: Callable[..., Result]


class UnknownJob(LookupError):
    """No stage has registered this kind of job: a bug."""


_KINDS: dict[str, JobKind] = {}


def job(code: str, *, label: Text) -> Callable[[Work], Work]:
    """
    Register the decorated function as the work of jobs *code* (``plans.import_targets``).

    Raises:
        ValueError: the code is taken.
    """

    def register(run: Work) -> Work:
        if code in _KINDS:
            raise ValueError(f"job {code} is registered twice")
        _KINDS[code] = JobKind(code, label, run)
        return run

    return register


def kind(code: str) -> JobKind:
    """
    The kind of job *code*.

    Raises:
        UnknownJob: there is none.
    """
    try:
        return _KINDS[code]
    except KeyError:
        raise UnknownJob(code) from None


def label(code: str) -> str:
    """What people call jobs *code*; of a version that no longer exists, the code."""
    return str(_KINDS[code].label) if code in _KINDS else code


def kinds() -> Iterator[JobKind]:
    """All kinds of jobs, by code."""
    return iter(sorted(_KINDS.values(), key=lambda kind: kind.code))
