"""
Every figure of a worked table in ``docs/explanation`` is computed again from the source.

A table stands under ``<!-- table: NAME -->`` in its page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from drawcore import allocation, plan
from drawcore.bundle import read_bundle
from drawcore.each import Seat
from drawcore.officers import Eligible
from drawcore.outcome import Outcome, Sealed, outcome
from drawcore.prf import Keys, prn_hex
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.seal import Seal
from drawcore.seed import keys
from fairdraw.oversight import rules as indicators
from fairdraw.oversight.facts import Goals, Indicator, InspectionFact, TaskFact
from fairdraw.plans.allocation import Asked, Held, allocate
from fairdraw.rulebook import shipped

ROOT = Path(__file__).resolve().parents[2]
EXPLANATION = ROOT / "docs" / "explanation"
VECTORS = ROOT / "tests" / "golden" / "vdraw"
Row = dict[str, str]


def table(page: str, name: str) -> list[Row]:
    """The rows of the table under ``<!-- table: name -->``, by the words of its head."""
    text = (EXPLANATION / page).read_text(encoding="utf-8")
    lines = text.split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    assert len({len(row) for row in cells}) == 1, f"{name}: rows of different length"
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def tables() -> Iterator[tuple[str, str]]:
    """Every worked table: its page and its name."""
    for path in sorted(EXPLANATION.glob("*.md")):
        for name in re.findall(r"<!-- table: ([\w-]+) -->", path.read_text(encoding="utf-8")):
            yield path.name, name


def test_every_worked_table_is_recomputed_here():
    source = Path(__file__).read_text(encoding="utf-8")

    assert {name for _page, name in tables() if f'"{name}")' not in source} == set()


class Vector:
    """One of the protocol's test vectors, drawn again."""

    def __init__(self, number: int) -> None:
        files = read_bundle(VECTORS / f"v{number}").files
        self.sealed = Sealed(
            plan.Plan.parse(files["plan.json"]),
            Frame.parse(files["frame.tsv"]),
            Exclusions.parse(files["excluded.tsv"]),
            Officers.parse(files["officers.tsv"]),
            Recusals.parse(files["recusals.tsv"]),
        )
        self.seed_text = files["seed.txt"]
        self.keys: Keys = keys(self.seed_text, Seal.parse(files["seal.json"]))
        self.outcome: Outcome = outcome(self.sealed, self.keys)


@pytest.fixture(scope="module")
def first() -> Vector:
    """Vector 1: one task, officers per target."""
    return Vector(1)


@pytest.fixture(scope="module")
def fourth() -> Vector:
    """Vector 4: a pool of tasks, two departments, teams and routes."""
    return Vector(4)


def test_the_seed_text_and_its_keys_are_those_of_the_vector(first):
    held = {row["what"]: row["value"].strip("`") for row in table("draw.md", "draw-keys")}

    assert first.seed_text.decode() in (EXPLANATION / "draw.md").read_text(encoding="utf-8")
    assert held == {
        "seed": first.keys.seed.hex(),
        "key of the part": first.keys.key("object main").hex(),
    }


def test_the_tickets_of_the_worked_draw(first):
    tickets = first.keys.tickets("object main")
    drawn = first.outcome.selection.parts["2024-017"]

    expected = []
    for id_, tags in zip(first.sealed.frame.ids, first.sealed.frame.tags, strict=True):
        stratum = drawn[tags.removeprefix("credit.")]
        rank = [id_ for _ticket, id_ in stratum.ranked].index(id_) + 1
        reserve = stratum.size.drawn < rank <= stratum.size.drawn + stratum.size.reserve
        told = "drawn" if rank <= stratum.size.drawn else "reserve" if reserve else ""
        expected.append([id_, stratum.stratum, f"`{prn_hex(tickets(id_))}`", str(rank), told])
    assert [list(row.values()) for row in table("draw.md", "draw-tickets")] == expected


def ratio(text: str) -> Fraction:
    """A share as a page writes it: ``3.5 %``."""
    return Fraction(text.removesuffix("%").strip()) / 100


def shown(value: Fraction, digits: int) -> str:
    """An exact number with some decimals, rounded half up."""
    scaled = (2 * value.numerator * 10**digits + value.denominator) // (2 * value.denominator)
    return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


def sizes(mode: str, strata: list[plan.Stratum], counts: dict[str, int], total: int = 0) -> dict[str, int]:
    """What drawcore draws in each stratum."""
    part = plan.Part("t", "main", "*", "credit", "k", plan.Allocation(mode, tuple(strata), total=total))
    return {code: size.drawn for code, size in allocation.sizes(part, counts).items()}


def test_the_table_of_ratios():
    *rows, whole = table("allocation.md", "allocation-rate")
    rates = {row["class"]: ratio(row["rate r"]) for row in rows}
    counts = {row["class"]: int(row["in scope N"]) for row in rows}

    drawn = sizes(
        "rate", [plan.Stratum(c, num=r.numerator, den=r.denominator) for c, r in rates.items()], counts
    )

    for row in rows:
        code = row["class"]
        assert row["N·r"] == shown(counts[code] * rates[code], 2)
        assert int(row["drawn n"]) == drawn[code]
        assert row["probability n/N"] == f"{shown(Fraction(100 * drawn[code], counts[code]), 2)} %"
    assert int(whole["in scope N"]) == sum(counts.values())
    assert int(whole["drawn n"]) == sum(drawn.values()) >= -(-sum(counts.values()) * 35 // 1000)
    assert (
        whole["probability n/N"] == f"{shown(Fraction(100 * sum(drawn.values()), sum(counts.values())), 2)} %"
    )


def test_the_rates_of_the_table_are_those_that_are_shipped():
    rates = {row["class"]: ratio(row["rate r"]) for row in table("allocation.md", "allocation-rate")[:-1]}
    held = {
        row.stratum: Fraction(row.ratio)
        for row in shipped.rows_of("class_rates.csv")
        if row.set_code == "default" and row.stratum in rates
    }

    assert rates == held


def test_the_table_of_one_total():
    *rows, whole = table("allocation.md", "allocation-total")
    rates = {row["class"]: ratio(row["rate r"]) for row in table("allocation.md", "allocation-rate")[:-1]}
    counts = {row["class"]: int(row["in scope N"]) for row in rows}
    found = allocate(
        Asked(count=1000),
        counts=counts,
        kinds={"enterprise": sum(counts.values())},
        default_rates=rates,
        exempt=False,
        reserve=3,
    )
    assert not isinstance(found, Held)

    weights = {str(row["code"]): int(row["weight"]) for row in found.strata}
    strata = [plan.Stratum(code, weight=weight) for code, weight in weights.items()]
    drawn = sizes(found.mode, strata, counts, total=found.total or 0)

    for row in rows:
        code = row["class"]
        share = Fraction(1000 * weights[code], sum(weights.values()))
        assert row["weight N·r"] == shown(counts[code] * rates[code], 3)
        assert row["share of 1000"] == shown(share, 3)
        assert int(row["whole part"]) == share.numerator // share.denominator
        assert int(row["drawn n"]) == drawn[code]
        assert row["probability n/N"] == f"{shown(Fraction(100 * drawn[code], counts[code]), 2)} %"
    assert int(whole["whole part"]) == sum(int(row["whole part"]) for row in rows)
    assert int(whole["drawn n"]) == sum(drawn.values()) == 1000


def by_class(text: str) -> dict[str, int]:
    """Numbers by class as a page writes them: ``A 5, B 9``."""
    return {code: int(number) for code, number in re.findall(r"([A-DN]) (\d+)", text)}


@pytest.mark.parametrize("row", table("allocation.md", "allocation-small"), ids=lambda row: row["drawn"])
def test_small_totals(row):
    counts = by_class(row["in scope, equal weights"])

    drawn = sizes("total", [plan.Stratum(c, weight=1) for c in counts], counts, total=int(row["total"]))

    assert drawn == by_class(row["drawn"])


ASKED = {
    "5 %": Asked(ratio=Fraction(1, 20)),
    "neither ratio nor number": Asked(),
    "A 2 %, B 5 %": Asked(ratio_by_class={"A": Fraction(1, 50), "B": Fraction(1, 20)}),
    "D 100 %": Asked(ratio_by_class={"D": Fraction(1)}),
}


@pytest.mark.parametrize(
    "row", table("allocation.md", "allocation-held"), ids=lambda row: row["the row says"]
)
def test_a_row_is_held_for_the_reason_that_the_page_gives(row):
    found = allocate(
        ASKED[row["the row says"]],
        counts=by_class(row["the register has"]),
        kinds={},
        default_rates={"A": Fraction(1, 100), "B": Fraction(1, 50)},
        exempt=False,
        reserve=3,
    )

    assert found == Held(row["reason"])


def _seat(vector: Vector, seat: Seat, loads: dict[str, int], here: set[str]) -> list[str]:
    eligible = Eligible(vector.sealed.plan, vector.sealed.officers)
    unit = vector.sealed.frame.units[vector.sealed.frame.index[seat.id]]
    number = [slot.slot for slot in vector.sealed.plan.assign.slots].index(seat.slot)
    free = sorted(set(eligible.for_slot(unit, number)) - here - set(vector.sealed.recusals.at(seat.id)))
    least = min(loads[one] for one in free)
    return [
        seat.id,
        seat.slot,
        ", ".join(f"{one} ({loads[one]})" for one in free),
        ", ".join(one for one in free if loads[one] == least),
        f"**{seat.officer}** `{prn_hex(seat.ticket)}`",
    ]


def test_the_worked_assignment_one_by_one(first):
    loads = {officer.id: officer.load0 for officer in first.sealed.officers.rows}
    here: dict[str, set[str]] = {}
    expected = []
    for seat in first.outcome.seats:
        expected.append(_seat(first, seat, loads, here.setdefault(seat.id, set())))
        loads[seat.officer] += 1
        here[seat.id].add(seat.officer)

    assert [list(row.values()) for row in table("matching.md", "matching-each")] == expected


def test_the_worked_teams(fourth):
    expected = [
        [team.code, team.units, ", ".join(officer.id for officer in team.members), str(team.load0)]
        for team in fourth.outcome.clustered.teams
    ]

    assert [list(row.values()) for row in table("matching.md", "matching-teams")] == expected


def test_the_worked_bundles(fourth):
    expected = [
        [
            str(deal.number),
            ", ".join(deal.bundle.ids),
            deal.bundle.unit,
            deal.bundle.area,
            deal.team.code,
            f"`{prn_hex(deal.ticket)}`",
            str(deal.load),
        ]
        for deal in fourth.outcome.clustered.dealt
    ]

    assert [list(row.values()) for row in table("matching.md", "matching-bundles")] == expected


YEAR = 2026
BASE, LOW_RISK = 120, 80
DUE = {"T1": "05-20", "T2": "09-30", "T3": "11-20"}
GOALS = Goals(
    enterprise_ratio=Fraction("0.035"),
    on_time=Fraction(1),
    on_time_records=Fraction(1),
    publication=Fraction(1),
    follow_up=Fraction(1),
    differentiated=Fraction("0.85"),
    low_risk_visits=Fraction(3, 100),
)


def day(text: str) -> dt.date | None:
    """A day of the worked year."""
    return dt.date.fromisoformat(f"{YEAR}-{text}") if text else None


def facts() -> list[InspectionFact]:
    """The inspections of the worked year as its table gives them."""
    held = []
    for row in table("indicators.md", "indicators-facts"):
        due = day(DUE[row["task"]])
        assert due is not None
        held.append(
            InspectionFact(
                task=row["task"],
                target=row["target"],
                kind="enterprise" if row["target"].startswith("E") else "individual_business",
                stratum=row["class"],
                class_as_sealed=row["class"],
                differentiated=row["task"] == "T1",
                exempt=row["task"] == "T3",
                due_on=due,
                drawn_on=day(row["drawn"]),
                checked_on=day(row["checked"]),
                published_on=day(row["published"]),
                problem=row["problem"] == "yes",
                followed_up=bool(row["measure begun"]),
                followed_up_on=day(row["measure begun"]),
                excluded=bool(row["excluded"]),
                excluded_on=day(row["excluded"]),
            )
        )
    return held


def year(as_of: str) -> dict[str, Indicator]:
    """The indicators of the worked year as of a day."""
    held = facts()
    tasks = [
        TaskFact(
            task=task,
            due_on=due_on,
            exempt=task == "T3",
            differentiated=task == "T1",
            drawn_on=next(fact.drawn_on for fact in held if fact.task == task),
        )
        for task, due in DUE.items()
        if (due_on := day(due)) is not None
    ]
    on = day(as_of)
    assert on is not None
    return indicators.year_indicators(
        facts=held,
        tasks=tasks,
        visits=None,
        base=BASE,
        low_risk_enterprises=LOW_RISK,
        publish_by=lambda checked: checked + dt.timedelta(days=28),
        goals=GOALS,
        as_of=on,
    )


@pytest.mark.parametrize("row", table("indicators.md", "indicators-year"), ids=lambda row: row["code"])
def test_the_worked_year(row):
    early, late = year("05-20")[row["code"]], year("11-20")[row["code"]]

    assert row["as of 05-20"] == f"{early.numerator}/{early.denominator}"
    assert row["as of 11-20"] == f"{late.numerator}/{late.denominator}"
    assert row["shown"] == late.display
    assert row["met"] == {True: "yes", False: "no", None: ""}[late.met]


def test_the_board_says_how_many_enterprises_are_missing():
    missing = re.search(r"还差(\d+)户", (EXPLANATION / "indicators.md").read_text(encoding="utf-8"))

    assert missing is not None
    assert int(missing[1]) == year("11-20")["K1"].shortfall


@pytest.mark.parametrize(
    "row", table("indicators.md", "indicators-rounding"), ids=lambda row: row["numerator"]
)
def test_a_missed_goal_never_looks_met(row):
    found = Indicator("K1", int(row["numerator"]), int(row["denominator"]), ratio(row["goal"]))

    assert found.value is not None
    assert row["exact"] == f"{shown(100 * found.value, 5)} %"
    assert row["shown"] == found.display
    assert row["met"] == ("yes" if found.met else "no")
