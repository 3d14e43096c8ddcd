"""The glossary is the authority on words: it agrees with the rules as shipped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fairdraw.kernel.actor import Duty
from fairdraw.rulebook import shipped

GLOSSARY = (Path(__file__).resolve().parents[3] / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| 中文", "| code", "| not"))
]


def test_every_result_code_stands_with_its_label_and_identifier():
    written = {(row[0], row[1], row[3]) for row in ROWS if len(row) == 4}

    for code in shipped.rows_of("result_codes.csv"):
        assert (code.code, code.label, f"`{code.identifier}`") in written


def test_every_measure_is_named():
    codes = {row.code for row in shipped.rows_of("measures.csv")} - {"other"}

    assert {code for code in codes if f"`{code}`" not in GLOSSARY} == set()


def test_a_chinese_term_has_one_row():
    terms = Counter(row[0].rstrip("°").strip() for row in ROWS if len(row) == 4 and not row[0].isdigit())

    assert [term for term, count in terms.items() if count > 1] == []


def test_duties_are_named_as_the_code_names_them():
    named = {duty for duty in Duty if f"Duty.{duty.name}`" in GLOSSARY}

    assert {Duty.LEADER, Duty.OFFICE, Duty.PLANNER, Duty.SUPERVISOR, Duty.REVIEWER} <= named
