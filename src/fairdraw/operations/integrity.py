"""
Log, files, database and draws against each other (全面核对, ``fsck``): whatever does not hold is listed.

Nothing is changed. Source: design.md §2; vdraw/1 §13–§16 (``load0`` is recomputed here, from the log).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

from fairdraw.audit import keys
from fairdraw.audit import verify as log
from fairdraw.draws.models import Draw
from fairdraw.files import verify as files
from fairdraw.operations import draw_integrity, startup

Report = Callable[[str, float], None]
MOST = 1000


@dataclass(frozen=True)
class Problem:
    """
    One thing that does not hold.

    Attributes:
        part: ``guards``, ``log``, ``files`` or ``draws``.
        where: A place in the log, a file's hash, a draw's number.
        message: One sentence.
    """

    part: str
    where: str
    message: str


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what does not hold."""

    draws: int
    problems: tuple[Problem, ...]


def public_key() -> Ed25519PublicKey | None:
    """The log's public key; ``None`` where its file is not there: looking never makes a new one."""
    return keys.log_key().public_key() if keys.log_key_file().exists() else None


def check(report: Report) -> Checked:
    """Check everything; at most a thousand problems are listed."""
    draws = list(Draw.objects.order_by("prepared_at", "pk"))
    problems: list[Problem] = []
    for problem in _all(draws, report):
        problems.append(problem)
        if len(problems) == MOST:
            break
    report(_("核对完成"), 1.0)
    return Checked(len(draws), tuple(problems))


def _all(draws: list[Draw], report: Report) -> Iterator[Problem]:
    report(_("核对守护规则"), 0.0)
    for sentence in [*startup.database_faults(), *startup.guard_faults()]:
        yield Problem("guards", "", sentence)
    report(_("核对日志"), 0.0)
    for fault in log.verify_log(public_key=public_key(), limit=MOST):
        yield Problem("log", "" if fault.seq is None else str(fault.seq), fault.message)
    report(_("核对文件"), 0.0)
    yield from _files()
    loads = draw_integrity.Loads()
    for number, draw in enumerate(draws):
        report(_("核对抽取"), number / len(draws))
        for sentence in draw_integrity.faults(draw, loads):
            yield Problem("draws", f"{draw.number}/{draw.attempt}", sentence)


def _files() -> Iterator[Problem]:
    words = {"missing": _("文件“%(name)s”不在"), "changed": _("文件“%(name)s”的内容被改动过")}
    for fault in files.verify_files():
        yield Problem("files", fault.sha256, words[fault.code] % {"name": fault.name})
