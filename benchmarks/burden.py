"""
What a simulated county year does to enterprises, with and without merging (全年入企负担).

30,000 enterprises and 120,000 self-employed in 12 sectors and four classes, 40 tasks of 12 departments: nine joint
campaigns that hold 31 tasks, nine single tasks, in a mixed order. Every draw goes through the product's own code:
sizes and selection by the core, the ledger of the year by ``draws.spread``. The county behind the goals
is known by its outline only, so ratios are invented to the same number of duties.

``python benchmarks/burden.py [--targets N] [--seed S]`` prints, for each way of drawing, duties, visits, distinct
targets, targets hit twice and three times, the ratio of visits to duties, and the largest error of a cell.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]
GOALS = {
    "apart": "20,274 visits, 2,520 twice, 471 three times",
    "merged and spread": "about 11,360 visits, about 7 twice, 0 three times",
}
SECTORS = "abcdefghijkl"
SHARES = {"ent": (20, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2), "ind": (30, 18, 14, 10, 8, 6, 5, 4, 2, 1, 1, 1)}
CLASSES = {
    "ent": (("A", 30), ("B", 52), ("C", 13), ("D", 5)),
    "ind": (("A", 20), ("B", 66), ("C", 11), ("D", 3)),
}
INTENSITY = {"A": (2, 5), "B": (1, 1), "C": (5, 2), "D": (5, 1), "N": (1, 1)}


@dataclass(frozen=True)
class Work:
    """One task: whom it names, at which ratio per thousand for class B."""

    number: str
    kinds: tuple[str, ...]
    sectors: str
    ratio: int


def year() -> list[list[Work]]:
    """The campaigns of the year in their order; a single task is a campaign of one."""
    plan: list[tuple[tuple[str, ...], str, tuple[int, ...]]] = [
        (("ent",), SECTORS, (21,)),
        (("ent", "ind"), "b", (32, 26, 24)),
        (("ent", "ind"), "c", (30, 26, 20, 16)),
        (("ent",), "a", (113,)),
        (("ent", "ind"), "l", (120, 100, 80)),
        (("ent", "ind"), "d", (33, 30, 20)),
        (("ind",), SECTORS, (7,)),
        (("ent", "ind"), "e", (40, 36, 26, 20)),
        (("ent",), "bc", (75,)),
        (("ent", "ind"), "f", (47, 40, 30)),
        (("ent",), "ghij", (56,)),
        (("ent", "ind"), "k", (107, 93, 74, 60)),
        (("ind",), "ab", (13,)),
        (("ent", "ind"), "gh", (40, 33, 26)),
        (("ent",), "kl", (188,)),
        (("ent", "ind"), "ij", (74, 60, 47, 33)),
        (("ent", "ind"), "de", (26,)),
        (("ind",), "cf", (17,)),
    ]
    serial = iter(range(1, 100))
    return [
        [Work(f"T-{next(serial):02d}", kinds, sectors, r) for r in rates] for kinds, sectors, rates in plan
    ]


def county(targets: int) -> list[tuple[str, str, str, str]]:
    """Code, kind, sector and class of every target, the same on every run."""
    made = []
    for kind, count in (("ent", targets // 5), ("ind", targets - targets // 5)):
        for number in range(count):
            code = f"{kind[0].upper()}{number:06d}"
            chance = int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big")
            sector = _pick(chance % 10_007, 10_007, list(zip(SECTORS, SHARES[kind], strict=True)))
            credit = _pick(chance // 10_007 % 10_007, 10_007, list(CLASSES[kind]))
            made.append((code, kind, sector, credit))
    return made


def _pick(at: int, whole: int, shares: Sequence[tuple[str, int]]) -> str:
    total, seen = sum(share for _name, share in shares), 0
    for name, share in shares:
        seen += share
        if at * total < seen * whole:
            return name
    return shares[-1][0]


class Player:
    """Plays a year: every pool frozen, sized, ranked by the product's code."""

    def __init__(self, everybody: Sequence[tuple[str, str, str, str]], scale: float, seed: int) -> None:
        self.everybody, self.scale, self.seed = everybody, scale, seed

    def play(self, pools: Sequence[Sequence[Work]], *, spreads: bool) -> tuple[Counter[str], int]:
        """Visits of each target (one a pool), and duties."""
        from drawcore import suites
        from drawcore.membership import membership
        from drawcore.plan import Assign, Plan, Slot
        from drawcore.prf import Keys
        from drawcore.rows import Exclusions, Frame
        from drawcore.selection import select
        from fairdraw.draws import spread

        suite = suites.suite("sha256")
        nobody = Exclusions.build((), blind_key=b"b" * 32, suite=suite)
        hits: Counter[str] = Counter()
        looked: list[tuple[str, str, str]] = []
        duties = 0
        for place, pool in enumerate(pools):
            rows = dict(self._rows(pool))
            book = spread.ledger(dict(hits), looked, rows) if spreads and hits else spread.EMPTY
            frame = Frame.build(
                ((code, "none", "-", book.beside(tags, code)) for code, tags in rows.items()),
                blind_key=b"b" * 32,
                suite=suite,
            )
            plan = Plan((), tuple(self._part(work) for work in pool), Assign("each", (Slot("1"), Slot("2"))))
            member = membership(plan, frame, nobody)
            if spreads and book.hits:
                plan = spread.spread(plan, member, book)
                member = membership(plan, frame, nobody)
            seed = hashlib.sha256(f"{self.seed} {place} {len(pools)}".encode()).digest()
            chosen = select(member, Keys(seed, suite, "keyhash"))
            drawn = [set(chosen.main(work.number)) for work in pool]
            duties += sum(map(len, drawn))
            hits.update(set().union(*drawn))
            looked.append((f"P{place}", frame.data.decode(), ""))
        return hits, duties

    def _rows(self, pool: Sequence[Work]) -> Iterator[tuple[str, str]]:
        for code, kind, sector, credit in self.everybody:
            named = [f"in.{w.number}" for w in pool if kind in w.kinds and sector in w.sectors]
            if named:
                yield code, ",".join(sorted([f"credit.{credit}", *named]))

    def _part(self, work: Work) -> Any:
        from drawcore.plan import Allocation, Part, Stratum

        base = round(work.ratio * self.scale * 1000)
        strata = tuple(
            Stratum(code, num=min(num * base, den * 1_000_000), den=den * 1_000_000)
            for code, (num, den) in sorted(INTENSITY.items())
        )
        return Part(work.number, "main", f"in.{work.number}", "credit", "joint", Allocation("rate", strata))


def main() -> None:
    """Play the year four ways and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=150_000)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairdraw.config.settings.base")
    import django

    django.setup()
    player = Player(county(asked.targets), asked.scale, asked.seed)
    campaigns = year()
    alone = [[work] for pool in campaigns for work in pool]
    ways = (
        ("apart", alone, False),
        ("apart and spread", alone, True),
        ("merged", campaigns, False),
        ("merged and spread", campaigns, True),
    )
    for name, pools, spreads in ways:
        begun = time.perf_counter()
        hits, duties = player.play(pools, spreads=spreads)
        visits = sum(hits.values())
        twice, thrice = (sum(1 for n in hits.values() if n >= least) for least in (2, 3))
        line = (
            f"{name:<18} duties {duties:>7,}  visits {visits:>7,} ({visits / duties:.3f})  targets {len(hits):>7,}"
            f"  twice+ {twice:>5,}  three+ {thrice:>4,}  most {max(hits.values())}"
            f"  [{time.perf_counter() - begun:.0f} s]"
        )
        sys.stdout.write(line + (f"   goal: {GOALS[name]}" if name in GOALS else "") + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
