"""The two verifiers, asked alike: ``verify.py`` and the product's own (复核工具、核验)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import verify
from drawcore import __main__ as command
from drawcore import note
from drawcore.verify import Known, Status, verify_directory
from tests.unit.verifier import bundles


class Judge(NamedTuple):
    """A verifier: the numbers of the steps that say 不通过, for a bundle and whether the log's key is known."""

    name: str
    refused: Callable[[Path, bool], list[int]]
    main: Callable[[Path], int]  # its command, and the exit status
    at: Callable[[int], int]  # its number for a step of the standalone verifier

    def says(self, folder: Path, *steps: int, key: bool = False) -> None:
        """Assert that just these steps (numbers of the standalone verifier) are refused."""
        assert self.refused(folder, key) == self.told(steps)

    def names(self, folder: Path, *steps: int, key: bool = False) -> None:
        """Assert that these steps are among those refused."""
        assert set(self.told(steps)) <= set(self.refused(folder, key))

    def told(self, steps: tuple[int, ...]) -> list[int]:
        """The product stops at the first step that is refused; the standalone verifier goes on."""
        numbers = [self.at(step) for step in steps]
        return numbers if self.name == "verify.py" else sorted(numbers)[:1]


def _standalone(folder: Path, key: bool) -> list[int]:
    steps = verify.verify_bundle(folder, log_key=bundles.LOG_KEY if key else None)
    assert [step for step in steps if step.what.startswith("资料包超出")] == []
    assert verify.verdict(steps).startswith("复核不通过" if not all(s.ok for s in steps) else "复核通过")
    return [step.number for step in steps if step.status == verify.WRONG]


def _product(folder: Path, key: bool) -> list[int]:
    public = note.NoteKey(bundles.ORIGIN, note.LOG_KEY, bytes.fromhex(bundles.LOG_KEY))
    report = verify_directory(folder, Known(keys=(public,) if key else ()))
    failed = [step.number for step in report.steps if step.status is Status.FAILED]
    assert report.exit_code() == bool(failed)
    assert [step for step in report.steps if step.message.startswith("核验包超出")] == []
    return failed


JUDGES = (
    Judge("verify.py", _standalone, lambda path: verify.main([str(path)]), lambda step: step),
    # It has no steps 0 (files) and 14 (receipt): names are looked at in step 1, the receipt is read there.
    Judge(
        "drawcore",
        _product,
        lambda path: command.main(["verify", str(path)]),
        lambda step: 1 if step in (0, 14) else step,
    ),
)
