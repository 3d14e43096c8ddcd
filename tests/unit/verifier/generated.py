"""Plans and lists made up for the tests of the verifier: every mode, many that sealing must refuse."""

from __future__ import annotations

from typing import Any

from tests.unit.verifier import bundles

MODES = ("rate", "fixed", "total", "pareto", "ledger")


def entity_tags(dice: Any) -> str:
    tags = [f"credit.{dice.choice('ABCD')}"] if dice.random() < 0.8 else []
    tags += [tag for tag in ("food", "gas", "city", "gas.big") if dice.random() < 0.4]
    tags += [f"risk.{dice.choice([1, 2, 40, 500, 1000])}"] if dice.random() < 0.7 else []
    tags += [f"hits.{dice.randrange(4)}"] if dice.random() < 0.6 else []
    tags += [f"cell.{dice.choice('xyz')}"] if dice.random() < 0.7 else []
    return ",".join(tags) or "-"


def allocation(dice: Any) -> dict[str, Any]:
    mode, strata = dice.choice(MODES), []
    for code in dice.sample("ABCDN", 5):
        den = dice.choice([1, 2, 3, 10])
        sizes: dict[str, int] = {"num": dice.randrange(den + 1), "den": den, "min": dice.randrange(3)}
        if mode == "fixed":
            sizes = {"take": dice.randrange(5)}
        if mode == "total":
            sizes = {"weight": dice.choice([0, 1, 1, 2, 3])}
        strata.append({"code": code, "reserve": dice.randrange(3), **sizes})
    extra: dict[str, dict[str, Any]] = {
        "total": {"total": dice.randrange(1, 20)},
        "pareto": {"size": "risk", "missing": dice.choice([1, 50])},
        "ledger": {"cell": "cell", "hits": "hits"},
    }
    floor = {"floor": {"base": dice.randrange(30), "num": 1, "den": 10}} if dice.random() < 0.2 else {}
    return {"mode": mode, "strata": strata, **extra.get(mode, {}), **floor}


def part(dice: Any, code: str) -> dict[str, Any]:
    made = {"part": code, "purpose": "main", "by": dice.choice(["credit", "credit", "none"])}
    made |= {
        "scope": dice.choice(["*", "*", "food", "gas"]),
        "key": dice.choice("ab"),
        "alloc": allocation(dice),
    }
    if code.startswith("C"):
        whole = {"code": "N", "num": 1, "den": 1, "min": 0, "reserve": 0}
        made |= {"purpose": "inspectors", "by": "none", "alloc": {"mode": "rate", "strata": [whole]}}
        made |= {"list": {"of": "市局", "doc": "〔2024〕8号", "hash": "ab" * 32}, "scope": "city"}
    return made


def slots(dice: Any, codes: list[str], cluster: bool) -> list[dict[str, Any]]:
    departments = dice.sample(["MR", "HLT", "FIRE"], dice.randrange(1, 3))
    made: list[dict[str, Any]] = []
    for n, dept in enumerate(departments):
        reach = {"when": "*", "part": "*"}
        if n:
            some = ",".join(dice.sample(codes, dice.randrange(1, len(codes) + 1)))
            reach = {"when": dice.choice(["*", "gas", "food"]), "part": dice.choice(["*", some])}
        for _ in range(dice.randrange(1, 4)):
            tag = dice.choice(["*", "cert", "cert", "food", "cert,food"])
            made.append({"slot": str(len(made)), "dept": dept, "tag": tag, **reach})
    if cluster:
        return made
    return [{**slot, "dept": dice.choice([slot["dept"], "*"])} for slot in made]


def plan(dice: Any) -> dict[str, Any]:
    codes = dice.sample(["2024-1", "2024-2.a", "2024-2.b", "C7", "2024-10"], dice.randrange(1, 4))
    cluster = dice.random() < 0.5
    assign: dict[str, Any] = {"mode": "each", "slots": slots(dice, codes, cluster)}
    if cluster:
        bundle = {"by": dice.choice(["unit", "area"]), "max_per_bundle": dice.randrange(1, 5)}
        assign |= {"mode": "cluster", "form": dice.choice(["drawn", "drawn", "standing"]), **bundle}
    parts = [part(dice, code) for code in codes]
    if dice.random() < 0.9:
        parts[0]["scope"] = "*"
    return {"type": "vdraw.plan", "v": 1, "reasons": ["done", "moved"], "parts": parts, "assign": assign}


def officers(dice: Any, made: dict[str, Any]) -> bytes:
    standing, rows = made["assign"].get("form") == "standing", []
    for dept in ("FIRE", "HLT", "MR"):
        seats = sum(slot["dept"] == dept for slot in made["assign"]["slots"])
        for n in range(seats * dice.randrange(1, 4) if standing else dice.randrange(3, 14)):
            tags = [tag for tag in ("cert", "food") if dice.random() < 0.8] + [
                f"team.{n // max(1, seats)}"
            ] * standing
            units = "*" if standing else dice.choice(["*", "*", "S1", "S1,S2", "-"])
            load = dice.choice([0, 0, 0, 1, 5])
            rows.append(
                (f"{dept}{n:02}", dept, units, ",".join(tags) or dice.choice("-*"), load, bundles.BLIND)
            )
    return bundles.rows(rows)


def sealed_draw(dice: Any) -> dict[str, bytes]:
    """The files of one made-up draw up to its seed; *dice* is anything with the methods of random.Random."""
    made, size = plan(dice), dice.randrange(1, 40)
    ids = [f"E{n:02}" for n in range(size)]
    frame = [
        (i, dice.choice(["S1", "S2"]), dice.choice(["T1", "-"]), entity_tags(dice), bundles.BLIND)
        for i in ids
    ]
    codes = [p["part"] for p in made["parts"]]
    left_out = {(dice.choice(ids), dice.choice(codes)) for _ in range(dice.randrange(3))} | {("X1", "*")}
    staff = officers(dice, made)
    who = [line.split("\t")[0] for line in staff.decode().splitlines()] or ["P0"]
    recusals = {(dice.choice(who), dice.choice(ids)) for _ in range(dice.randrange(3))}
    lists = {
        "frame.tsv": bundles.rows(frame),
        "excluded.tsv": bundles.rows((*row, "done", bundles.BLIND) for row in sorted(left_out)),
        "officers.tsv": staff,
        "recusals.tsv": bundles.rows(sorted(recusals)),
    }
    return bundles.sealed(made, lists, dice.choice(["sha256", "sm3"]), dice.choice(["keyhash", "hmac"]))
