"""
The bundle of a draw (核验包): a directory of eleven core files and some evidence files.

Source: vdraw/1 §15.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
# In bytes; a frame of ten million rows has about 2^30.
LARGEST_LIST, LARGEST_DOCUMENT, LARGEST_SEAL = 1 << 31, 1 << 26, 1 << 20
MOST_FILES = 1000
_ATTEMPT = re.compile(r"attempts/([1-9][0-9]{0,5})/seal\.json")
_ATTEMPTS = re.compile(r"attempts(?:/[1-9][0-9]{0,5})?")


@dataclass(frozen=True)
class Bundle:
    """
    The files of a bundle by name, with ``/`` between directory and file.

    ``unfit`` says by name why something that lies in the directory was not read.
    """

    files: Mapping[str, bytes]
    unfit: Mapping[str, str] = field(default_factory=dict)

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
        """Refuse a file that no bundle has, or that was not fit to be read."""
        unknown = {name: "unknown-file" for name in self.files if not _is_known(name)}
        for name, reason in sorted({**unknown, **self.unfit}.items()):
            raise FileRefused(file=name, where="", reason=reason)

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
    Read the files of *directory* that are ordinary, have a name that a bundle has, and are not too large.

    Whatever else lies there is not opened: no link is followed, no pipe or device read; it is ``unfit``.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such directory.
        OSError: the directory itself cannot be read.
    """
    files: dict[str, bytes] = {}
    unfit: dict[str, str] = {}
    for name, path in _entries(directory):
        if len(files) + len(unfit) >= MOST_FILES:
            unfit[name] = "too-many-files"
            break
        try:
            reason = _unfit(name, path)
            if reason:
                unfit[name] = reason
            else:
                files[name] = path.read_bytes()
        except (OSError, MemoryError):
            unfit[name] = "unreadable"
    return Bundle(files, unfit)


def _entries(directory: Path, folder: str = "") -> Iterator[tuple[str, Path]]:
    """Give what lies in the directory, by name; only folders of attempts are gone into."""
    for path in (directory / folder).iterdir():
        name = folder + path.name
        if _ATTEMPTS.fullmatch(name) and stat.S_ISDIR(path.lstat().st_mode):
            try:
                yield from _entries(directory, f"{name}/")
            except OSError:  # a folder that may not be read is as unfit as any other thing
                yield name, path
        else:
            yield name, path


def _unfit(name: str, path: Path) -> str:
    if not _is_known(name):
        return "unknown-file"
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return "not-a-file"
    largest = LARGEST_SEAL if name.endswith("seal.json") else LARGEST_DOCUMENT
    largest = LARGEST_LIST if name.endswith(".tsv") else largest
    return "too-large" if found.st_size > largest else ""


def _is_known(name: str) -> bool:
    return name in CORE or name in EVIDENCE or _ATTEMPT.fullmatch(name) is not None


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
