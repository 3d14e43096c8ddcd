"""
The draw as a pure function of stored files (抽取运算): no clock, no generator, no change of any row.

The outcome is computed outside the transaction that stores it; the standalone verifier recomputes it
from the same files before anything is stored (vdraw/1 §17).
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from django.conf import settings

from drawcore import seed as seeds
from drawcore import suites
from drawcore.changes import Course
from drawcore.outcome import Outcome, Sealed, outcome
from drawcore.plan import Plan
from drawcore.rows import Commitments, Exclusions, Frame, Officers, Recusals, list_root
from drawcore.seal import Seal, seal_hash
from drawcore.seed import keys
from drawcore.selection import Selection


class SecondOpinionDiffers(RuntimeError):
    """The standalone verifier computes another outcome: a bug; nothing is stored."""


def sealed_of(files: Mapping[str, bytes]) -> Sealed:
    """Parse the sealed lists and plan from their bytes."""
    return Sealed(
        Plan.parse(files["plan.json"]),
        Frame.parse(files["frame.tsv"]),
        Exclusions.parse(files["excluded.tsv"]),
        Officers.parse(files["officers.tsv"]),
        Recusals.parse(files["recusals.tsv"]),
    )


def seed_text(
    seal_bytes: bytes,
    *,
    server: str,
    commits: bytes,
    reveals: Mapping[str, tuple[str, str]],
    number: tuple[str, str, str] | None,
) -> bytes:
    """
    Put ``seed.txt`` together from what was sealed and opened (合成种子).

    Args:
        seal_bytes: ``seal.json``.
        server: The server's share, 64 hex digits.
        commits: ``commits.tsv``.
        reveals: Salt and share by person, of those who revealed.
        number: Kind, round and value of the public number, if the seal names one.

    Raises:
        drawcore.errors.SeedRefused: The sources do not fit the seal, or too few revealed.

    Source: vdraw/1 §8.
    """
    seal = Seal.parse(seal_bytes)
    text = seeds.make_seed_text(
        seal,
        seal_hash(seal_bytes, suites.suite(seal.suite)),
        server=server,
        commits=Commitments.parse(commits),
        reveals={person: seeds.Reveal(salt, share) for person, (salt, share) in reveals.items()},
        number=seeds.BeaconValue(*number) if number else None,
    )
    return text.encode()


def compute(files: Mapping[str, bytes]) -> Outcome:
    """
    Compute the outcome of a draw from its files up to ``seed.txt``, and have it recomputed.

    Raises:
        SecondOpinionDiffers: The independent verifier does not get the same bytes.

    Source: vdraw/1 §11, §12, §17.
    """
    seal = Seal.parse(files["seal.json"])
    result = outcome(sealed_of(files), keys(files["seed.txt"], seal))
    again = verifier().recompute(dict(files))
    if again != {"result.tsv": result.result, "assign.tsv": result.assign}:
        raise SecondOpinionDiffers(seal.draw)
    return result


def stored_outcome(files: Mapping[str, bytes]) -> Outcome:
    """The outcome of a finished draw as its files state it, with their roots; nothing is computed again."""
    suite = suites.suite(Seal.parse(files["seal.json"]).suite)
    result, assign = files["result.tsv"], files["assign.tsv"]
    roots = list_root(result, suite), list_root(assign, suite)
    return Outcome(result, assign, *roots, selection=Selection(), drawn={}, seats=[], clustered=None)


@dataclass(frozen=True)
class Ran:
    """A finished draw computed again: what was sealed, who was ranked where, and its course since."""

    plan: Plan
    frame: Frame
    selection: Selection
    course: Course


def again(files: Mapping[str, bytes]) -> Ran:
    """
    Compute the outcome of a finished draw again, as the ground for replacements (抽取后的递补、更换).

    Source: vdraw/1 §11, §12 (afterwards).
    """
    sealed = sealed_of(files)
    found = keys(files["seed.txt"], Seal.parse(files["seal.json"]))
    member = sealed.membership()
    result = outcome(sealed, found, member)
    return Ran(sealed.plan, sealed.frame, result.selection, Course(sealed, member, result, found))


@cache
def verifier() -> ModuleType:
    """The standalone verifier, the one file that everybody may download."""
    spec = importlib.util.spec_from_file_location(
        "fairdraw_standalone_verifier", settings.BASE_DIR / "verify.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
