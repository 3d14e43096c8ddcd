"""
The verifiable draw ``vdraw/1`` alone (可验证随机抽取), on Python's standard library.

A draw is a pure function of sealed files and a seed. Read in this order: ``canonical``, ``suites``,
``merkle``, ``rows`` (the files), ``plan`` and ``seal`` (what is fixed beforehand), ``membership``,
``allocation``, ``sealing`` (what is checked beforehand), ``shares``, ``beacon``, ``seed`` (where the
randomness comes from), ``prf``, ``selection``, ``each``, ``cluster``, ``outcome`` (the draw),
``changes`` (what happens after it), ``receipt``, ``log``, ``note``, ``bundle``, ``verify``.

Nothing here reads a clock or a random generator: shares, salts, blind keys, UUIDs and times are
arguments.

Source: vdraw/1 §3-§12, §14-§16.
"""

from drawcore.outcome import Outcome, Sealed, outcome
from drawcore.plan import Allocation, Assign, Floor, ListSource, Part, Plan, Slot, Stratum
from drawcore.prf import Keys
from drawcore.rows import Commitments, Exclusions, Frame, ListRoot, Officers, Recusals, list_root
from drawcore.seal import (
    BeaconRound,
    Disclosure,
    Person,
    Seal,
    Sources,
    approval_code,
    approval_code_of,
    list_roots,
    seal_hash,
)
from drawcore.sealing import Preview, check_sealing, preview
from drawcore.seed import BeaconValue, Reveal, SeedText, keys, make_seed_text, seed_hash, seed_of
from drawcore.shares import commit_text, commitment, server_text
from drawcore.suites import Suite, suite

__all__ = [
    "Allocation",
    "Assign",
    "BeaconRound",
    "BeaconValue",
    "Commitments",
    "Disclosure",
    "Exclusions",
    "Floor",
    "Frame",
    "Keys",
    "ListRoot",
    "ListSource",
    "Officers",
    "Outcome",
    "Part",
    "Person",
    "Plan",
    "Preview",
    "Recusals",
    "Reveal",
    "Seal",
    "Sealed",
    "SeedText",
    "Slot",
    "Sources",
    "Stratum",
    "Suite",
    "approval_code",
    "approval_code_of",
    "check_sealing",
    "commit_text",
    "commitment",
    "keys",
    "list_root",
    "list_roots",
    "make_seed_text",
    "outcome",
    "preview",
    "seal_hash",
    "seed_hash",
    "seed_of",
    "server_text",
    "suite",
]
