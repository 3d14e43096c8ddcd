"""Random draws that pass the checks of sealing, over all modes, suites and functions (any seed)."""

from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st

from drawcore import prf, suites
from drawcore.errors import SealingRefused
from drawcore.outcome import Sealed
from drawcore.plan import Allocation, Assign, Floor, ListSource, Part, Plan, Slot, Stratum
from drawcore.prf import Keys
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.sealing import Preview, check_sealing

BLIND_KEY = bytes(range(32))
CLASSES = ("A", "B", "N")
UNITS = ("S1", "S2")

seeds = st.binary(min_size=32, max_size=32)
suite_names = st.sampled_from(suites.NAMES)
prf_names = st.sampled_from(prf.NAMES)


@dataclass(frozen=True)
class Rows:
    """The rows of the lists before they are sorted and blinded."""

    frame: list[tuple[str, str, str, str]]
    excluded: list[tuple[str, str, str]]
    officers: list[tuple[str, str, str, str, int]]
    recusals: list[tuple[str, str]]

    def sealed(self, plan: Plan, suite: suites.Suite) -> Sealed:
        """Make the files from the rows in the order in which they stand."""
        return Sealed(
            plan,
            Frame.build(self.frame, blind_key=BLIND_KEY, suite=suite),
            Exclusions.build(self.excluded, blind_key=BLIND_KEY, suite=suite),
            Officers.build(self.officers, blind_key=BLIND_KEY, suite=suite),
            Recusals.build(self.recusals),
        )


@dataclass(frozen=True)
class Case:
    """A draw ready to be made."""

    rows: Rows
    sealed: Sealed
    seen: Preview
    suite: suites.Suite
    prf: str

    def keys(self, seed: bytes) -> Keys:
        """Give the keys that *seed* makes."""
        return Keys(seed, self.suite, self.prf)


@st.composite
def allocations(
    draw: st.DrawFn, modes: tuple[str, ...] = ("rate", "fixed", "total", "pareto", "ledger")
) -> Allocation:
    """Any allocation over the classes A, B and N."""
    mode = draw(st.sampled_from(modes))
    small = st.integers(0, 3)
    strata = []
    for code in CLASSES:
        num, den = draw(st.sampled_from([(0, 1), (1, 4), (1, 3), (1, 2), (1, 1), (35, 1000)]))
        if mode == "fixed":
            strata.append(Stratum(code, draw(small), take=draw(st.integers(0, 6))))
        elif mode == "total":
            strata.append(Stratum(code, draw(small), weight=draw(small)))
        else:
            strata.append(Stratum(code, draw(small), num=num, den=den, min=draw(small)))
    floor = Floor(draw(st.integers(0, 12)), 1, 10) if draw(st.booleans()) else None
    return Allocation(
        mode,
        tuple(strata),
        total=draw(st.integers(1, 12)) if mode == "total" else 0,
        size="risk" if mode == "pareto" else "",
        missing=draw(st.integers(1, 100)) if mode == "pareto" else 0,
        cell="cell" if mode == "ledger" else "",
        hits="hits" if mode == "ledger" else "",
        floor=floor,
    )


@st.composite
def entity_tags(draw: st.DrawFn) -> str:
    """Tags of an entity."""
    found = []
    for name, values in (("kind", "AB"), ("cell", "xy"), ("hits", "0123")):
        if draw(st.booleans()):
            found.append(f"{name}.{draw(st.sampled_from(values))}")
    if draw(st.booleans()):
        found.append(f"risk.{draw(st.integers(1, 1000))}")
    if draw(st.booleans()):
        found.append("food")
    return ",".join(found) or "-"


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of one to three parts; the first one covers everybody."""
    parts = [Part("2024-1", "main", "*", "kind", draw(st.sampled_from("kl")), draw(allocations()))]
    if draw(st.booleans()):
        scope = draw(st.sampled_from(["food", "kind", "*"]))
        by = draw(st.sampled_from(["kind", "none"]))
        parts.append(Part("2024-2.a", "recheck", scope, by, draw(st.sampled_from("kl")), draw(allocations())))
    if draw(st.booleans()):
        whole = Allocation("rate", tuple(Stratum(code, num=1, den=1) for code in CLASSES))
        source = ListSource("市局", "2024〕1号", "0" * 64)
        parts.insert(0, Part("2023-C", "inspectors", "food", "kind", "city", whole, source))
    return Plan(("gone", "moved"), tuple(parts), draw(assigns(tuple(part.part for part in parts))))


@st.composite
def assigns(draw: st.DrawFn, parts: tuple[str, ...]) -> Assign:
    """Either mode of assignment; slot 1 applies to everybody."""
    other = draw(st.sampled_from(["*", parts[0]]))
    if draw(st.booleans()):
        slots = [Slot("1", draw(st.sampled_from(["*", "MR"])), draw(st.sampled_from(["*", "cert"])))]
        if draw(st.booleans()):
            slots.append(Slot("2", "*", draw(st.sampled_from(["*", "cert", "cert,food"])), part=other))
        if draw(st.booleans()):
            slots.append(Slot("3", "HLT", "*", when="food"))
        return Assign("each", tuple(slots))
    form = draw(st.sampled_from(["drawn", "standing"]))
    slots = [Slot("1", "MR", "cert"), Slot("2", "MR", "*")]
    if draw(st.booleans()):
        slots.append(Slot("3", "HLT", "*", when=draw(st.sampled_from(["*", "food"])), part=other))
    return Assign(
        "cluster", tuple(slots), draw(st.sampled_from(["unit", "area"])), draw(st.integers(1, 4)), form
    )


@st.composite
def officer_rows(draw: st.DrawFn, standing: bool) -> list[tuple[str, str, str, str, int]]:
    """Officers of two departments; as standing teams of two and one, or with free tags."""
    found = []
    for number in range(draw(st.integers(2, 6))):
        units = draw(st.sampled_from(["*", "*", "S1", "S1,S2"]))
        team = f",team.{number}" if standing else ""
        found.append((f"M{number}a", "MR", units, "cert" + team, draw(st.integers(0, 3))))
        second = draw(st.sampled_from(["cert", "cert,food", "food"]))
        found.append((f"M{number}b", "MR", units, second + team, draw(st.integers(0, 3))))
        if draw(st.integers(0, 3)):
            found.append((f"Y{number}", "HLT", "*", "cert,food" + team, draw(st.integers(0, 3))))
    return found


@st.composite
def all_rows(draw: st.DrawFn, plan: Plan) -> Rows:
    """Lists for a plan, in an order of their own."""
    ids = [f"E{number:02d}" for number in range(draw(st.integers(1, 14)))]
    area = st.sampled_from(["T1", "T2", "-"])
    frame = [(id_, draw(st.sampled_from(UNITS)), draw(area), draw(entity_tags())) for id_ in ids]
    excluded = [("X1", "*", "gone")]
    if len(plan.parts) > 1 and plan.parts[1].part != "2024-1" and draw(st.booleans()):
        excluded.append((draw(st.sampled_from(ids)), plan.parts[1].part, "moved"))
    officers = draw(officer_rows(plan.assign.form == "standing"))
    pairs = st.tuples(st.sampled_from([row[0] for row in officers]), st.sampled_from(ids))
    return Rows(frame, excluded, officers, draw(st.lists(pairs, max_size=3, unique=True)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A draw whose lists and plan pass the checks of sealing."""
    plan = draw(plans())
    rows = draw(all_rows(plan))
    suite = suites.suite(draw(suite_names))
    sealed = rows.sealed(plan, suite)
    try:
        seen = check_sealing(sealed)
    except SealingRefused:
        assume(False)
        raise
    return Case(rows, sealed, seen, suite, draw(prf_names))
