"""
The bundle of a draw (核验包): a directory of eleven core files and some evidence files.

Source: vdraw/1 §15.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drawcore.errors import FileRefused
from drawcore.outcome import Sealed
from drawcore.plan import Plan
from drawcore.rows import Exclusions, Frame, Officers, Recusals

CORE = (
    *("seal.json", "plan.json", "frame.tsv", "excluded.tsv", "officers.tsv", "recusals.tsv"),
    *("commits.tsv", "server.txt", "seed.txt", "result.tsv", "assign.tsv"),
)
EVIDENCE = ("receipt.json", "events.jsonl", "proofs.json", "checkpoint.txt")
_ATTEMPT = re.compile(r"attempts/([1-9][0-9]{0,8})/seal\.json")


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle by name, with ``/`` between directory and file."""

    files: Mapping[str, bytes]

    def core(self, name: str) -> bytes:
        """Give a core file; FileRefused if it is missing."""
        if name not in self.files:
            raise FileRefused(file=name, where="", reason="missing")
        return self.files[name]

    def evidence(self, name: str) -> bytes | None:
        """Give an evidence file, or ``None`` if it is not shown."""
        return self.files.get(name)

    def attempts(self) -> dict[int, bytes]:
        """Give the seals of earlier attempts by number, ascending."""
        found = {}
        for name, data in self.files.items():
            match = _ATTEMPT.fullmatch(name)
            if match:
                found[int(match[1])] = data
        return dict(sorted(found.items()))

    def check_names(self) -> None:
        """Refuse a file that no bundle has."""
        for name in sorted(self.files):
            if name not in CORE and name not in EVIDENCE and not _ATTEMPT.fullmatch(name):
                raise FileRefused(file=name, where="", reason="unknown-file")

    def sealed(self) -> Sealed:
        """Parse the sealed plan and lists; FileRefused for the first that is not in its form."""
        return Sealed(
            Plan.parse(self.core("plan.json")),
            Frame.parse(self.core("frame.tsv")),
            Exclusions.parse(self.core("excluded.tsv")),
            Officers.parse(self.core("officers.tsv")),
            Recusals.parse(self.core("recusals.tsv")),
        )


def read_bundle(directory: Path) -> Bundle:
    """
    Read every file of *directory*.

    Raises:
        NotADirectoryError: there is no such directory.
        OSError: a file in it cannot be read.
    """
    if not directory.is_dir():
        raise NotADirectoryError(str(directory))
    names = (path for path in directory.rglob("*") if not path.is_dir())
    return Bundle({path.relative_to(directory).as_posix(): path.read_bytes() for path in names})


def write_bundle(directory: Path, files: Mapping[str, bytes]) -> None:
    """
    Write the files of a bundle into *directory*, which must not hold anything yet.

    Raises:
        FileRefused: a core file is missing, or a name that no bundle has.
        FileExistsError: the directory exists.
    """
    bundle = Bundle(files)
    bundle.check_names()
    for name in CORE:
        bundle.core(name)
    directory.mkdir(parents=True)
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
