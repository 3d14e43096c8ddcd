"""The 22 real plan tables as files in every form, with titles, two header rows and merged cells: the same rows."""

import csv

import pytest

from fairdraw.exchange.readers import plans, report
from tests.builders.sheets import FORMS, Sheet, write_csv
from tests.golden.exchange.test_real_plans import CHINESE, merged_runs, tables_of, year_of

pytestmark = pytest.mark.real_data


def as_bureaus_have_it(path, year):
    """A title over the whole width, a header of two rows, runs of equal cells merged downwards, notes below."""
    with path.open(encoding="utf-8") as stream:
        source = [row for row in csv.DictReader(stream) if row["row_status"] == "full"]
    if not source:
        return None
    kept = [name for name in CHINESE if any(row[name] for row in source)]
    width = len(kept)
    names = [CHINESE[name] for name in kept]
    body = [[row[name] for name in kept] for row in source]
    merged = [(0, 0, 0, width - 1), *((1, c, 2, c) for c in range(width))]
    for top, left, bottom, right, _text in list(merged_runs(body)):
        merged.append((top + 1, left, bottom + 1, right))  # our header has one row more
        for row in range(top - 1, bottom - 1):
            body[row][left] = ""
    blank = [""] * (width - 1)
    notes = [["备注：本计划由各股室按职责实施", *blank]]
    return Sheet([[f"{year}年度抽查工作计划表", *blank], names, [""] * width, *body, *notes], merged)


def told(path, year):
    reading = plans.read(plans.open_table(path), year=year)
    assert report.errors(reading.troubles) == []
    return [row.as_json() for row in reading.rows]


OFTEN = ("csv", "docx", "xlsx", "xls", "html")  # the others write the same parts once more


def shared_out():
    return [f if f in OFTEN else pytest.param(f, marks=pytest.mark.long) for f in FORMS]


@pytest.mark.parametrize("form", shared_out())
def test_every_form_gives_the_rows_of_the_plain_table(real_data, tmp_path, form):
    compared = 0
    for path in tables_of(real_data):
        year = year_of(path.name)
        sheet = as_bureaus_have_it(path, year)
        if sheet is None:
            continue
        plain = tmp_path / "plain.csv"
        write_csv(plain, sheet)
        ending, write = FORMS[form]
        built = tmp_path / (path.stem + ending)
        write(built, sheet)
        expected = told(plain, year)
        assert len(expected) == len(sheet.rows) - 4
        assert told(built, year) == expected, path.name
        compared += len(expected)
    assert compared == 85
