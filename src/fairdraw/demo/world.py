"""
The invented county's registers (演示县): targets, items, inspectors, all from a seed.

Codes carry the division 999901, which no place has; every name holds 演示, so that none resembles a real one.
Class shares are those published for 丹东 2023 (kpi.md §4), the spread over towns follows a real register.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence

from fairdraw.demo import words
from fairdraw.demo.entropy import Choices
from fairdraw.kernel.uscc import ALPHABET, check_character
from fairdraw.registers.entries import InspectorEntry, TargetEntry

DIVISION = "999901"
CLASS_PER_MILLE = (("A", 654), ("B", 253), ("C", 77), ("D", 15), ("", 1))
STATUS_PER_MILLE = (
    ("existing", 962),
    ("suspended", 6),
    ("revoked", 14),
    ("deregistered", 12),
    ("moved_out", 6),
)
TOWN_CODES = {town: f"{DIVISION}{number + 100}" for number, town in enumerate(words.TOWNS)}
STATION_OF_TOWN = {town: code for code, _name, towns in words.STATIONS for town in towns}


class _Bytes:
    """Small numbers cut from one digest: one hash a target, whatever it needs."""

    def __init__(self, seed: str, kind: str, number: int) -> None:
        text = f"fairdraw county\x1f{seed}\x1f{kind}\x1f{number}"
        self._value = int.from_bytes(hashlib.sha512(text.encode()).digest(), "big")

    def below(self, limit: int) -> int:
        self._value, found = divmod(self._value, limit)
        return found


class _Table:
    """A weighted choice that is fast for 150,000 draws."""

    def __init__(self, weights: Sequence[int]) -> None:
        self._places = [place for place, weight in enumerate(weights) for _times in range(weight)]
        self.total = len(self._places)

    def at(self, value: int) -> int:
        return self._places[value]


_TOWN = _Table(words.TOWN_WEIGHTS)
_TRADE = _Table(words.TRADE_WEIGHTS)
_SHOP = _Table(words.SHOP_WEIGHTS)
_CLASS = _Table([w for _c, w in CLASS_PER_MILLE])
_STATUS = _Table([w for _s, w in STATUS_PER_MILLE])


def targets(*, seed: str, enterprises: int, individuals: int, classed_on: dt.date) -> Iterator[TargetEntry]:
    """
    The target directory, enterprises first, then individual businesses.

    Args:
        seed: The county's seed.
        enterprises: How many enterprises.
        individuals: How many individual businesses (个体工商户).
        classed_on: The day on which the credit classes were computed.
    """
    for number in range(enterprises):
        yield _target(_Bytes(seed, "enterprise", number), number, classed_on, individual=False)
    for number in range(individuals):
        yield _target(_Bytes(seed, "individual", number), number, classed_on, individual=True)


def _target(dice: _Bytes, number: int, classed_on: dt.date, *, individual: bool) -> TargetEntry:
    town = words.TOWNS[_TOWN.at(dice.below(_TOWN.total))]
    table, rows = (_SHOP, words.SHOPS) if individual else (_TRADE, words.TRADES)
    trade, industry, scope, tags = rows[table.at(dice.below(table.total))]
    sign = words.SIGN_FIRST[dice.below(20)] + words.SIGN_SECOND[dice.below(20)]
    code = _code("92" if individual else "91", number)
    name = (
        f"演示县{town}{sign}{trade}（演示{number:06d}）"
        if individual
        else f"演示县{sign}{trade}有限公司（演示{number:05d}）"
    )
    credit = CLASS_PER_MILLE[_CLASS.at(dice.below(1000))][0]
    born = dt.date(2006, 1, 1) + dt.timedelta(days=dice.below(6900))
    return TargetEntry(
        draw_code=code,
        uscc=code,
        name=name,
        kind="individual_business" if individual else "enterprise",
        entity_type="个体工商户" if individual else "有限责任公司",
        status=STATUS_PER_MILLE[_STATUS.at(dice.below(1000))][0],
        registered_on=born,
        address=f"演示县{town}镇{words.SIGN_SECOND[dice.below(20)]}{'街路巷'[dice.below(3)]}{dice.below(300) + 1}号",
        town_code=TOWN_CODES[town],
        town=f"{town}镇",
        station_code=STATION_OF_TOWN[town],
        industry=industry,
        scope=scope,
        tags=tuple(sorted(tags)),
        credit_class=credit,
        credit_computed_on=classed_on if credit else None,
        abnormal=dice.below(1000) < 28,
        annual_report="missing" if dice.below(100) < 6 else "filed",
    )


def _code(head: str, number: int) -> str:
    """A well-formed code that belongs to nobody: division 999901, a running number, a right check character."""
    digits = ""
    rest = number
    for _place in range(5):
        rest, value = divmod(rest, 31)
        digits = ALPHABET[value] + digits
    first = f"{head}{DIVISION}MA0{digits}0"
    return first + check_character(first)


def inspectors(*, seed: str, units: Sequence[tuple[str, int, str]], year: int) -> Iterator[InspectorEntry]:
    """
    The inspector directory.

    Args:
        seed: The county's seed.
        units: (agency code, how many inspectors, qualification that some of them hold or "").
        year: Certificates are valid through it, but for a few that run out in it.
    """
    choices = Choices(f"{seed} inspectors")
    number = 0
    for agency, many, qualification in units:
        for place in range(many):
            number += 1
            name = (
                words.SURNAMES[choices.below(len(words.SURNAMES), "surname", number)]
                + words.GIVEN[choices.below(len(words.GIVEN), "first", number)]
                + words.GIVEN[choices.below(len(words.GIVEN), "second", number)]
            )
            expires = dt.date(year, 6, 30) if number % 41 == 0 else dt.date(year + 2, 12, 31)
            yield InspectorEntry(
                code=f"Y{number:04d}",
                name=name,
                agency_code=agency,
                certificate_number=f"演{DIVISION}{number:05d}",
                valid_from=dt.date(year - 3, 1, 1),
                valid_to=expires,
                qualifications=(qualification,) if qualification and place % 4 != 3 else (),
                trained=number % 53 != 0,
            )
