"""Real registers and drawn lists: clean, or reported row by row; nothing lost between."""

import csv

import pytest

from fairdraw.exchange import tables
from fairdraw.exchange.readers import items, lists, report, targets

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize(
    ("file", "rows"), [("entities/quanzhou-enterprises.csv", 20442), ("entities/anxi-enterprises.csv", 1142)]
)
def test_real_registrations_are_read_clean(real_data, file, rows):
    reading = targets.read(tables.read(real_data / file))

    assert (len(reading.rows), report.errors(reading.troubles)) == (rows, [])
    names = [row.name for row in reading.rows if row.kind == "enterprise"]
    assert len(reading.troubles) == len(names) - len(set(names))
    assert all(row.uscc and row.registered_on and row.kind for row in reading.rows)


@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("draws/zhejiang-2017-annual-report.csv", 42782),
        ("draws/zhejiang-2017-advertising.csv", 478),
        ("draws/zhejiang-2017-directsales.csv", 5),
    ],
)
def test_really_drawn_targets_are_taken_or_reported(real_data, file, count):
    reading = targets.read(tables.read(real_data / file))
    refused = {trouble.row for trouble in report.errors(reading.troubles)}

    assert len(reading.rows) + len(refused) == count
    assert len(refused) < count / 200
    assert not refused & {row.number for row in reading.rows}


def test_a_really_drawn_list_is_taken_whole_as_a_list_from_above(real_data):
    reading = lists.read(tables.read(real_data / "draws" / "zhejiang-2017-annual-report.csv"))

    assert len(reading.rows) == 42782
    assert report.errors(reading.troubles) == []


def test_the_complete_real_item_list_is_read_with_all_sub_items(real_data):
    reading = items.read(tables.read(real_data / "items" / "zhejiang-2017-msa.csv"))

    assert len(reading.rows) == 75
    assert len({row.item_code for row in reading.rows}) == 36
    assert reading.troubles == []


def test_every_real_item_list_is_read_without_an_error(real_data):
    with (real_data / "items" / "index.csv").open(encoding="utf-8") as stream:
        index = list(csv.DictReader(stream))
    for entry in index:
        reading = items.read(tables.read(real_data / "items" / entry["file"]))
        assert report.errors(reading.troubles) == [], entry["file"]
        assert sum(not row.partial for row in reading.rows) == int(entry["full_rows"]), entry["file"]
