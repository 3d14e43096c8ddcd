"""
The seal of a draw (封存): ``seal.json``, its rules, and the approval code (核对码).

The seal fixes frame, exclusions, plan, officers and recusals, the persons, the deadlines and the
public number before any randomness exists.

Source: vdraw/1 §6.2, §6.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drawcore import beacon, canonical, prf, shapes, suites
from drawcore.errors import AttemptRefused, SealRefused
from drawcore.outcome import Sealed
from drawcore.rows import ListRoot, list_root
from drawcore.shapes import Doc

FILE = "seal.json"
LISTS = ("frame", "excluded", "officers", "recusals")
ROLES = ("initiator", "supervisor", "witness")
REHEARSAL = "rehearsal-"
_IDENTITY = ("suite", "prf", "org", "number")
_FROZEN = (*_IDENTITY, "plan", "frame", "ids", "excluded", "officers", "recusals", "register_seq")
_KEYS = (
    *("type", "v", "suite", "prf", "level", "org", "number", "draw", "attempt", "prev"),
    *("sealed_at", "commit_by", "reveal_by", "beacon_from", "register_seq"),
    *("plan", "frame", "ids", "excluded", "officers", "recusals", "sources", "disclosure"),
)


@dataclass(frozen=True)
class Person:
    """Somebody who gives a share: code, office (科室), role."""

    id: str
    office: str
    role: str


@dataclass(frozen=True)
class BeaconRound:
    """Which public number the seal names."""

    kind: str
    round: str


@dataclass(frozen=True)
class Sources:
    """Where the randomness comes from: server share (its hash), persons, custodian, public number."""

    server: str
    persons: tuple[Person, ...]
    min_reveals: int
    custodian: str
    beacon: BeaconRound | None


@dataclass(frozen=True)
class Disclosure:
    """To whom the bundle is disclosed, and when."""

    to: str
    when: str


@dataclass(frozen=True)
class Seal:
    """``seal.json`` as values; :meth:`encode` gives its bytes, :func:`seal_hash` its hash."""

    suite: str
    prf: str
    level: int
    org: str
    number: str
    draw: str
    attempt: int
    prev: str
    sealed_at: int
    commit_by: int
    reveal_by: int
    beacon_from: int
    register_seq: int
    plan: str
    frame: ListRoot
    ids: ListRoot
    excluded: ListRoot
    officers: ListRoot
    recusals: ListRoot
    sources: Sources
    disclosure: Disclosure

    @property
    def rehearsal(self) -> bool:
        """Tell whether this is a rehearsal (演练)."""
        return self.org.startswith(REHEARSAL)

    @staticmethod
    def parse(data: bytes) -> Seal:
        """
        Read ``seal.json`` and check its rules.

        Raises:
            FileRefused: not in its form. SealRefused: a rule of section 6 broken.
            SuiteMissing: the suite cannot be computed here.
        """
        seal = _read(data)
        check_seal(seal)
        return seal

    def encode(self) -> bytes:
        """Write ``seal.json``; refuses what :meth:`parse` refuses."""
        data = canonical.encode(_document(self), file=FILE)
        Seal.parse(data)
        return data


def seal_hash(data: bytes, suite: suites.Suite) -> str:
    """Give the hash of ``seal.json`` that everything later names."""
    return suite.hex(data)


def list_roots(sealed: Sealed, suite: suites.Suite) -> dict[str, ListRoot]:
    """Compute ``frame``, ``ids``, ``excluded``, ``officers`` and ``recusals`` as the seal holds them."""
    roots = {name: list_root(getattr(sealed, name).data, suite) for name in LISTS}
    return {**roots, "ids": sealed.frame.ids_root(suite)}


def approval_code(suite: suites.Suite, plan: bytes, roots: Mapping[str, ListRoot]) -> str:
    """
    Give the approval code (审批核对码) of exactly these lists and this plan, 16 hex digits.

    Args:
        suite: The suite of the seal.
        plan: The bytes of ``plan.json``.
        roots: At least ``frame``, ``excluded``, ``officers``, ``recusals``, see :func:`list_roots`.

    Source: vdraw/1 §6.3.
    """
    return _code(suite, suite.hex(plan), roots)


def approval_code_of(seal: Seal) -> str:
    """Give the approval code of what *seal* seals."""
    roots: dict[str, ListRoot] = {name: getattr(seal, name) for name in LISTS}
    return _code(suites.suite(seal.suite), seal.plan, roots)


def _code(suite: suites.Suite, plan_hash: str, roots: Mapping[str, ListRoot]) -> str:
    lines = [f"vdraw/1 approval {suite.name}", f"plan {plan_hash}"]
    lines += [f"{name} {roots[name].n} {roots[name].root}" for name in LISTS]
    return suite.hex("".join(line + "\n" for line in lines).encode())[:16]


def check_seal(seal: Seal) -> None:
    """
    Check levels, deadlines, persons, offices and sources.

    Raises:
        SealRefused: *rule* names what is broken.

    Source: vdraw/1 §6.2, §7.4.
    """
    for rule, kept in (*_time_rules(seal), *_person_rules(seal)):
        if not kept:
            raise SealRefused(rule=rule)


def _time_rules(seal: Seal) -> Sequence[tuple[str, bool]]:
    named = seal.sources.beacon
    times = {"reveal_by": seal.reveal_by, "beacon_from": seal.beacon_from}
    return (
        ("first-attempt-without-prev", (seal.attempt == 1) == (seal.prev == "")),
        ("deadlines-ascending", seal.sealed_at < seal.commit_by < seal.reveal_by),
        ("beacon-round", named is None or beacon.round_fits(named.kind, named.round)),
        (
            "beacon-time",
            beacon.time_fits(named.kind, named.round, **times) if named else seal.beacon_from == 0,
        ),
        ("level-needs-beacon", seal.level == 1 or named is not None),
    )


def _person_rules(seal: Seal) -> Sequence[tuple[str, bool]]:
    persons = seal.sources.persons
    offices = {role: {p.office for p in persons if p.role == role} for role in ROLES}
    return (
        ("persons-distinct", len({person.id for person in persons}) == len(persons)),
        ("one-initiating-office", len(offices["initiator"]) == 1),
        ("supervisor-of-another-office", bool(offices["supervisor"])),
        ("supervisor-of-another-office", not offices["supervisor"] & offices["initiator"]),
        ("level-needs-witness", seal.level == 1 or bool(offices["witness"])),
        ("witness-of-another-office", not offices["witness"] & offices["initiator"]),
        ("enough-reveals", 2 <= seal.sources.min_reveals <= len(persons)),
        ("level-1-needs-custodian", seal.level > 1 or seal.sources.custodian != ""),
    )


def check_repeat(earlier: Seal, later: Seal, earlier_hash: str, *, voided: bool) -> None:
    """
    Check that a repeated attempt carries over what it must.

    Args:
        earlier, later: The seals of attempt n and n + 1.
        earlier_hash: The seal hash of *earlier*.
        voided: Whether *earlier* was given up before reveals opened; only then may lists change.

    Raises:
        AttemptRefused: *rule* names the first value that is not as it must be.

    Source: vdraw/1 §6.3.
    """
    if later.attempt != earlier.attempt + 1:
        raise AttemptRefused(attempt=earlier.attempt, rule="attempt")
    if later.prev != earlier_hash:
        raise AttemptRefused(attempt=earlier.attempt, rule="prev")
    for name in _IDENTITY if voided else _FROZEN:
        if getattr(earlier, name) != getattr(later, name):
            raise AttemptRefused(attempt=earlier.attempt, rule=name)
    if later.level < earlier.level:
        raise AttemptRefused(attempt=earlier.attempt, rule="level")
    if later.draw == earlier.draw:
        raise AttemptRefused(attempt=earlier.attempt, rule="draw")
    if later.sources.server == earlier.sources.server:
        raise AttemptRefused(attempt=earlier.attempt, rule="server")


def carries_over(earlier: Seal, later: Seal) -> bool:
    """Tell whether the lists, the plan and the register of both attempts are the same."""
    return all(getattr(earlier, name) == getattr(later, name) for name in _FROZEN)


def _read(data: bytes) -> Seal:
    doc = Doc.of(canonical.parse(data, file=FILE), file=FILE)
    doc.only(_KEYS)
    doc.choice("type", ("vdraw.seal",))
    doc.whole("v", least=1, most=1)
    return Seal(
        suite=suites.suite(doc.choice("suite", suites.NAMES)).name,
        prf=doc.choice("prf", prf.NAMES),
        level=doc.whole("level", least=1, most=3),
        org=doc.text("org", shapes.ORG),
        number=doc.text("number", shapes.NUMBER),
        draw=doc.text("draw", shapes.UUID),
        attempt=doc.whole("attempt", least=1),
        prev=doc.text("prev", shapes.HEX64_OR_EMPTY),
        sealed_at=doc.whole("sealed_at"),
        commit_by=doc.whole("commit_by"),
        reveal_by=doc.whole("reveal_by"),
        beacon_from=doc.whole("beacon_from"),
        register_seq=doc.whole("register_seq"),
        plan=doc.text("plan", shapes.HEX64),
        frame=read_root(doc.inner("frame")),
        ids=read_root(doc.inner("ids")),
        excluded=read_root(doc.inner("excluded")),
        officers=read_root(doc.inner("officers")),
        recusals=read_root(doc.inner("recusals")),
        sources=_sources(doc.inner("sources")),
        disclosure=_disclosure(doc.inner("disclosure")),
    )


def _disclosure(doc: Doc) -> Disclosure:
    doc.only(("to", "when"))
    return Disclosure(doc.choice("to", ("public", "auditors")), doc.choice("when", ("draw", "task")))


def read_root(doc: Doc) -> ListRoot:
    """Read ``{"n","root"}``."""
    doc.only(("n", "root"))
    return ListRoot(doc.whole("n"), doc.text("root", shapes.HEX64))


def _sources(doc: Doc) -> Sources:
    doc.only(("server", "persons", "min_reveals", "custodian", "beacon"))
    persons = []
    for person in doc.inners("persons", least=2):
        person.only(("id", "office", "role"))
        persons.append(
            Person(
                person.text("id", shapes.ID), person.text("office", shapes.CODE), person.choice("role", ROLES)
            )
        )
    return Sources(
        server=doc.text("server", shapes.HEX64),
        persons=tuple(persons),
        min_reveals=doc.whole("min_reveals"),
        custodian=doc.text("custodian", shapes.HEX64_OR_EMPTY),
        beacon=None if doc.value["beacon"] is None else _beacon(doc.inner("beacon")),
    )


def _beacon(doc: Doc) -> BeaconRound:
    doc.only(("kind", "round"))
    return BeaconRound(doc.choice("kind", beacon.NAMES), doc.text("round", shapes.TEXT))


def _document(seal: Seal) -> dict[str, object]:
    sources = seal.sources
    plain = {name: getattr(seal, name) for name in _KEYS[2:] if name not in ("sources", "disclosure")}
    for name in (*LISTS, "ids"):
        plain[name] = {"n": plain[name].n, "root": plain[name].root}
    return {
        "type": "vdraw.seal",
        "v": 1,
        **plain,
        "sources": {
            "server": sources.server,
            "persons": [{"id": p.id, "office": p.office, "role": p.role} for p in sources.persons],
            "min_reveals": sources.min_reveals,
            "custodian": sources.custodian,
            "beacon": {"kind": sources.beacon.kind, "round": sources.beacon.round}
            if sources.beacon
            else None,
        },
        "disclosure": {"to": seal.disclosure.to, "when": seal.disclosure.when},
    }
