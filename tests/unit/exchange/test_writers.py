"""inspections.csv: the columns that recomputation relies on, and no formulas (design.md §2, T-I5)."""

import csv
import datetime

from fairdraw.exchange.writers import InspectionLine, inspections_csv, write_inspections

LINE = InspectionLine(
    task="2025-001",
    target="91350524MA0000007P",
    kind="enterprise",
    stratum="B",
    class_as_sealed="B",
    differentiated=True,
    exempt=False,
    checked_on=datetime.date(2025, 6, 10),
    published_on=None,
    due_on=datetime.date(2025, 7, 8),
    outcome="normal",
    problem=False,
    followed_up=False,
)


def test_the_columns_stand_in_the_agreed_order():
    first, second = inspections_csv([LINE]).decode().splitlines()

    assert first == (
        "task,target,kind,stratum,class_as_sealed,differentiated,exempt,checked_on,published_on,due_on,outcome,problem,followed_up"
    )
    assert second == "2025-001,91350524MA0000007P,enterprise,B,B,1,0,2025-06-10,,2025-07-08,normal,0,0"


def test_a_cell_is_never_a_formula():
    from dataclasses import replace

    (row,) = list(
        csv.DictReader(inspections_csv([replace(LINE, outcome="=HYPERLINK(1)")]).decode().splitlines())
    )

    assert row["outcome"] == "'=HYPERLINK(1)"


def test_the_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "inspections.csv"

    assert write_inspections(path, [LINE, LINE]) == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["inspections.csv"]
    assert path.read_bytes() == inspections_csv([LINE, LINE])
