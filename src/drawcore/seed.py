"""
The seed of a draw (随机种子): the hash of a small text file that holds every source.

Once ``seed.txt`` is complete everything else follows mechanically. Until disclosure it is secret;
shown meanwhile is only its ``seed_hash``.

Source: vdraw/1 §7, §8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from drawcore import beacon, suites
from drawcore.errors import FileRefused, SeedRefused
from drawcore.prf import Keys
from drawcore.rows import Commitments
from drawcore.seal import Seal
from drawcore.shapes import HEX64_FORM, ID_FORM
from drawcore.shares import SALT_FORM, SHARE_FORM, commitment

FILE = "seed.txt"
_HEAD = re.compile(r"vdraw/1 seed (\S+)")
_SEAL = re.compile(rf"seal ({HEX64_FORM})")
_SERVER = re.compile(rf"server ({HEX64_FORM})")
_PERSON = re.compile(
    rf"person (?P<revealed>{ID_FORM}) (?P<salt>{SALT_FORM}) (?P<share>{SHARE_FORM})"
    rf"|absent (?P<absent>{ID_FORM}) (?P<commitment>{HEX64_FORM})"
    rf"|none (?P<none>{ID_FORM})"
)
_BEACON = re.compile(r"beacon (?:none|(?P<kind>\S+) (?P<round>\S+) (?P<value>\S+))")


@dataclass(frozen=True)
class Reveal:
    """A share that was opened, by the person or from the envelope."""

    salt: str = field(repr=False)
    share: str = field(repr=False)


@dataclass(frozen=True)
class BeaconValue:
    """The public number of a kind and round."""

    kind: str
    round: str
    value: str


@dataclass(frozen=True)
class SeedText:
    """
    ``seed.txt`` as values.

    ``persons`` has one entry a person in the seal's order: a :class:`Reveal`, the commitment (text)
    of somebody who never revealed, or ``None`` for somebody who never committed.
    """

    suite: str
    seal: str
    server: str = field(repr=False)
    persons: dict[str, Reveal | str | None]
    beacon: BeaconValue | None

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read ``seed.txt``; FileRefused with the number of the line that has another form."""
        try:
            lines = data.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise FileRefused(file=FILE, where="", reason="not-ascii") from None
        if len(lines) < 5 or lines[-1]:
            raise FileRefused(file=FILE, where=str(len(lines)), reason="bad-line")
        lines.pop()
        heads = [_line(form, lines, number)[1] for number, form in enumerate((_HEAD, _SEAL, _SERVER))]
        last = _line(_BEACON, lines, len(lines) - 1)
        persons: dict[str, Reveal | str | None] = {}
        for number in range(3, len(lines) - 1):
            id_, state = _person(_line(_PERSON, lines, number))
            if id_ in persons:
                raise FileRefused(file=FILE, where=str(number + 1), reason="person-twice")
            persons[id_] = state
        number_ = BeaconValue(last["kind"], last["round"], last["value"]) if last["kind"] else None
        return cls(heads[0], heads[1], heads[2], persons, number_)

    def encode(self) -> bytes:
        """Write ``seed.txt``."""
        lines = [f"vdraw/1 seed {self.suite}", f"seal {self.seal}", f"server {self.server}"]
        for id_, state in self.persons.items():
            if isinstance(state, Reveal):
                lines.append(f"person {id_} {state.salt} {state.share}")
            else:
                lines.append(f"none {id_}" if state is None else f"absent {id_} {state}")
        number = self.beacon
        lines.append(f"beacon {number.kind} {number.round} {number.value}" if number else "beacon none")
        return "".join(line + "\n" for line in lines).encode()


def _line(form: re.Pattern[str], lines: list[str], number: int) -> re.Match[str]:
    found = form.fullmatch(lines[number])
    if not found:
        raise FileRefused(file=FILE, where=str(number + 1), reason="bad-line")
    return found


def _person(found: re.Match[str]) -> tuple[str, Reveal | str | None]:
    if found["revealed"]:
        return found["revealed"], Reveal(found["salt"], found["share"])
    if found["absent"]:
        return found["absent"], found["commitment"]
    return found["none"], None


def make_seed_text(
    seal: Seal,
    seal_hash: str,
    *,
    server: str,
    commits: Commitments,
    reveals: Mapping[str, Reveal],
    number: BeaconValue | None,
) -> SeedText:
    """
    Put the sources together, once reveals have closed and the number is known (合成种子).

    Args:
        seal, seal_hash: The seal and its hash.
        server: The server's share in hex.
        commits: What ``commits.tsv`` fixed.
        reveals: The opened shares by person.
        number: The public number, ``None`` exactly if the seal names none.

    Raises:
        SeedRefused: the sources do not fit the seal, or too few revealed.

    Source: vdraw/1 §7, §8.
    """
    persons: dict[str, Reveal | str | None] = {
        person.id: reveals.get(person.id) or commits.by_source.get(person.id)
        for person in seal.sources.persons
    }
    text = SeedText(seal.suite, seal_hash, server, persons, number)
    check_seed(text, seal, seal_hash, commits)
    return text


def check_seed(text: SeedText, seal: Seal, seal_hash: str, commits: Commitments) -> None:
    """
    Check that a seed text belongs to the seal and opens what was committed.

    Raises:
        SeedRefused: *rule* says what does not fit, *source* whom it concerns.

    Source: vdraw/1 §7.2, §8.
    """
    order = [person.id for person in seal.sources.persons]
    revealed = [id_ for id_, state in text.persons.items() if isinstance(state, Reveal)]
    rules = (
        ("suite", text.suite == seal.suite),
        ("seal-hash", text.seal == seal_hash),
        ("persons-in-order", list(text.persons) == order),
        ("commitment-of-a-stranger", set(commits.by_source) <= set(order)),
        ("min-reveals", len(revealed) >= seal.sources.min_reveals),
    )
    for rule, kept in rules:
        if not kept:
            raise SeedRefused(rule=rule)
    for id_, state in text.persons.items():
        _check_person(id_, state, seal, seal_hash, commits)
    check_number(text.beacon, seal)


def _check_person(
    id_: str, state: Reveal | str | None, seal: Seal, seal_hash: str, commits: Commitments
) -> None:
    locked = commits.by_source.get(id_)
    if isinstance(state, Reveal):
        suite = suites.suite(seal.suite)
        opened = commitment(suite, seal=seal_hash, source=id_, salt=state.salt, share=state.share)
        if opened != locked:
            raise SeedRefused(rule="share-not-as-committed", source=id_)
    elif state != locked:
        raise SeedRefused(rule="commitment-differs", source=id_)
    elif state is not None and seal.sources.beacon is None:
        raise SeedRefused(rule="absent-without-beacon", source=id_)


def check_number(number: BeaconValue | None, seal: Seal) -> None:
    """Check that the public number is of the kind and round of the seal, and in its form."""
    named = seal.sources.beacon
    if (number is None) != (named is None):
        raise SeedRefused(rule="beacon-kind")
    if number is None or named is None:
        return
    if (number.kind, number.round) != (named.kind, named.round):
        raise SeedRefused(rule="beacon-kind")
    if not beacon.value_fits(number.kind, number.value):
        raise SeedRefused(rule="beacon-value")


def seed_of(text: bytes, suite: suites.Suite) -> bytes:
    """Give the seed: the hash of ``seed.txt``, 32 bytes."""
    return suite.hash(text)


def seed_hash(seed: bytes, suite: suites.Suite) -> str:
    """Give the ``seed_hash`` that is shown until disclosure (种子校验值)."""
    return suite.hex(f"vdraw/1 seedhash\n{seed.hex()}\n".encode())


def keys(text: bytes, seal: Seal) -> Keys:
    """Derive the keys of the draw from the bytes of ``seed.txt``."""
    suite = suites.suite(seal.suite)
    return Keys(seed_of(text, suite), suite, seal.prf)
