"""
Checking a bundle step by step (核验): what an auditor, a court or an outsider does with the files.

Each step excludes one way of cheating. A step is ok, not shown (the evidence is not in the bundle)
or failed; after a failure the later steps are not looked at.

Source: vdraw/1 §15, §16.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from drawcore.bundle import Bundle, read_bundle
from drawcore.errors import DrawError
from drawcore.messages import BEYOND, plain, sentence
from drawcore.steps import STEPS, Case, Known, NotShown

__all__ = ["Known", "Report", "Status", "Step", "verify", "verify_directory"]


class Status(StrEnum):
    """How a step ended."""

    OK = "ok"
    NOT_SHOWN = "not shown"
    FAILED = "failed"


class Step(NamedTuple):
    """One step of the verification: number and name as in section 16, how it ended, in words."""

    number: int
    name: str
    status: Status
    message: str


@dataclass(frozen=True)
class Report:
    """All steps, and what follows from them."""

    steps: tuple[Step, ...]

    @property
    def failed(self) -> Step | None:
        """Give the step that failed, if one did."""
        return next((step for step in self.steps if step.status is Status.FAILED), None)

    def exit_code(self, *, strict: bool = False) -> int:
        """Give 0 if the bundle is accepted, else 1; with *strict* nothing may be left unshown."""
        unshown = any(step.status is Status.NOT_SHOWN for step in self.steps)
        return int(self.failed is not None or (strict and unshown))


def verify_directory(directory: Path, known: Known | None = None) -> Report:
    """
    Verify the bundle in *directory* (核验抽取结果).

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such directory.
        OSError: it cannot be read.

    Source: vdraw/1 §16.
    """
    return verify(read_bundle(directory), known)


def verify(bundle: Bundle, known: Known | None = None) -> Report:
    """
    Verify a bundle; whatever is wrong with it ends up in a failed step, never in an exception.

    Source: vdraw/1 §16.
    """
    case = Case(bundle, known or Known())
    steps: list[Step] = []
    stop = 0
    for number, (name, check) in enumerate(STEPS, 1):
        if stop:
            steps.append(Step(number, name, Status.NOT_SHOWN, f"第{stop}步未通过，本步未再核对"))
            continue
        try:
            status, message = Status.OK, check(case)
        except NotShown as why:
            status, message = Status.NOT_SHOWN, str(why)
        except DrawError as why:
            status, message = Status.FAILED, sentence(why)
        except Exception as why:  # noqa: BLE001 -- what no rule foresaw is refused, never a traceback
            status, message = Status.FAILED, BEYOND.format(what=type(why).__name__)
        steps.append(Step(number, name, status, plain(message)))
        stop = number if status is Status.FAILED else 0
    return Report(tuple(steps))
