"""
Print docs/reference/states.md from the tables of moves: ``print_states.py`` to stdout, ``--write`` in place.

The tables are the ``*_MOVES`` of the stages' ``states.py``; the remark beside an odd edge is its comment there.
``tests/meta/test_states_docs.py`` compares the page with what is printed.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
PAGE = ROOT / "docs" / "reference" / "states.md"

HEAD = """\
# States

What a thing can be, and which step leads where. Printed from the tables of moves in the source by
`tools/print_states.py --write`; a test compares. The database holds the arrows of the draw as triggers besides
([ADR 0004](../adr/0004-a-rehearsal-is-its-own-installation.md) says how it knows what it is for).

Codes are stored, words are shown. A step that is not drawn is refused with 409.
"""


@dataclass(frozen=True)
class Machine:
    """
    One table of moves.

    Attributes:
        heading: Of the section, English and Chinese.
        module: The module that holds the tables.
        moves: The name of the table of moves.
        labels: The name of the table of labels.
        begins: Codes of the states in which a thing may begin besides those that no move leads to.
    """

    heading: str
    module: str
    moves: str
    labels: str
    begins: tuple[str, ...] = ()


MACHINES = (
    Machine("Annual plan 年度计划", "fairdraw.plans.states", "PLAN_MOVES", "PLAN_LABELS"),
    Machine("Task 抽查任务", "fairdraw.plans.states", "TASK_MOVES", "TASK_LABELS", ("drafting",)),
    Machine("Draw 抽取", "fairdraw.draws.states", "DRAW_MOVES", "DRAW_LABELS"),
    Machine("Inspection 一次检查", "fairdraw.inspections.states", "INSPECTION_MOVES", "INSPECTION_LABELS"),
    Machine("Follow-up 后续处置", "fairdraw.followup.states", "FOLLOWUP_MOVES", "FOLLOWUP_LABELS"),
    Machine("Job 后台作业", "fairdraw.jobs.states", "MOVES", "LABELS", ("queued",)),
)


def path_of(module: str) -> Path:
    """Return the source file of *module*."""
    return SRC / Path(*module.split(".")).with_suffix(".py")


def tables(path: Path) -> dict[str, ast.Dict]:
    """Return the tables of moves in a source file by name."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            name = node.targets[0]
            if isinstance(name, ast.Name) and name.id.endswith("MOVES"):
                found[name.id] = node.value
    return found


def remarks(machine: Machine) -> list[str]:
    """Return the comment on the line of each edge, empty where there is none, in the order of the table."""
    path = path_of(machine.module)
    with tokenize.open(path) as lines:
        held = {
            token.start[0]: token.string.lstrip("# ")
            for token in tokenize.generate_tokens(lines.readline)
            if token.type == tokenize.COMMENT
        }
    values = tables(path)[machine.moves].values
    return [held.get(value.end_lineno or 0, "") for value in values]


def section(machine: Machine) -> str:
    """Return the diagram of one machine, and its odd edges with what they rest on."""
    module = importlib.import_module(machine.module)
    moves: Mapping[tuple[StrEnum, StrEnum], StrEnum] = getattr(module, machine.moves)
    labels: Mapping[StrEnum, str] = getattr(module, machine.labels)
    reached, left = set(moves.values()), {start for start, _move in moves}
    lines = [f"## {machine.heading}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{label}" as {state.value}' for state, label in labels.items()]
    lines += [
        f"    [*] --> {state.value}" for state in labels if state not in reached or state in machine.begins
    ]
    lines += [f"    {start.value} --> {end.value}: {move.value}" for (start, move), end in moves.items()]
    lines += [f"    {state.value} --> [*]" for state in labels if state not in left]
    lines += ["```", "", "| state | shown as |", "|---|---|"]
    lines += [f"| `{state.value}` | {label} |" for state, label in labels.items()]
    odd = [
        f"- `{start.value}` → `{end.value}` ({move.value}): {remark}"
        for ((start, move), end), remark in zip(moves.items(), remarks(machine), strict=True)
        if remark
    ]
    return "\n".join([*lines, *(["", *odd] if odd else []), ""])


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(section(machine) for machine in MACHINES)])


def main() -> int:
    """Print the page or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/reference/states.md")
    asked = parser.parse_args()
    if str(SRC) not in sys.path:
        sys.path.insert(0, str(SRC))
    if asked.write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
