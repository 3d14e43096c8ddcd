"""
The verifiable draw ``vdraw/1`` alone (可验证随机抽取), on Python's standard library.

A draw is a pure function of sealed files and a seed. Read in this order: ``canonical``, ``suites``,
``merkle``, ``rows`` (the files), ``plan`` and ``seal`` (what is fixed beforehand), ``membership``,
``allocation``, ``sealing`` (what is checked beforehand), ``shares``, ``beacon``, ``seed`` (where the
randomness comes from), ``prf``, ``selection``, ``each``, ``cluster``, ``outcome`` (the draw),
``changes`` (what happens after it), ``receipt``, ``log``, ``note``, ``bundle``, ``steps``, ``verify``.

Nothing here reads a clock or a random generator: shares, salts, blind keys, UUIDs and times are
arguments.

Source: vdraw/1 §3-§12, §14-§16.
"""

from drawcore.bundle import Bundle, read_bundle, write_bundle
from drawcore.changes import Course
from drawcore.errors import DrawError, SealingRefused
from drawcore.outcome import Outcome, Sealed
from drawcore.outcome import outcome as draw
from drawcore.plan import Allocation, Assign, Floor, ListSource, Part, Plan, Slot, Stratum
from drawcore.prf import Keys
from drawcore.receipt import EarlierAttempt, LogPlace, Told, is_member, member_proof, qr_text
from drawcore.receipt import receipt as make_receipt
from drawcore.rows import Commitments, Exclusions, Frame, ListRoot, Officers, Recusals, list_root
from drawcore.seal import (
    BeaconRound,
    Disclosure,
    Person,
    Seal,
    Sources,
    approval_code,
    approval_code_of,
    check_repeat,
    list_roots,
    seal_hash,
)
from drawcore.sealing import Difference, Preview, check_sealing, difference, preview
from drawcore.seed import BeaconValue, Reveal, SeedText, keys, make_seed_text, seed_hash, seed_of
from drawcore.shares import commit_text, commitment, server_text
from drawcore.suites import Suite, suite
from drawcore.verify import Known, Report, Status, Step, verify_directory
from drawcore.verify import verify as verify_bundle

__all__ = [
    "Allocation",
    "Assign",
    "BeaconRound",
    "BeaconValue",
    "Bundle",
    "Commitments",
    "Course",
    "Difference",
    "Disclosure",
    "DrawError",
    "EarlierAttempt",
    "Exclusions",
    "Floor",
    "Frame",
    "Keys",
    "Known",
    "ListRoot",
    "ListSource",
    "LogPlace",
    "Officers",
    "Outcome",
    "Part",
    "Person",
    "Plan",
    "Preview",
    "Recusals",
    "Report",
    "Reveal",
    "Seal",
    "Sealed",
    "SealingRefused",
    "SeedText",
    "Slot",
    "Sources",
    "Status",
    "Step",
    "Stratum",
    "Suite",
    "Told",
    "approval_code",
    "approval_code_of",
    "check_repeat",
    "check_sealing",
    "commit_text",
    "commitment",
    "difference",
    "draw",
    "is_member",
    "keys",
    "list_root",
    "list_roots",
    "make_receipt",
    "make_seed_text",
    "member_proof",
    "preview",
    "qr_text",
    "read_bundle",
    "seal_hash",
    "seed_hash",
    "seed_of",
    "server_text",
    "suite",
    "verify_bundle",
    "verify_directory",
    "write_bundle",
]
