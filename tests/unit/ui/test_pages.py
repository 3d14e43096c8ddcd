"""What an address may ask of a list."""

from __future__ import annotations

import pytest

from fairdraw.ui import pages
from fairdraw.ui.parts import Column

COLUMNS = (
    Column("名称", sort="name"),
    Column("到期", sort="due", fields=("due_on", "-priority")),
    Column("备注"),
)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ("name", ("name",)),
        ("-name", ("-name",)),
        ("due", ("due_on", "-priority")),
        ("-due", ("-due_on", "priority")),
        ("password", ("-due_on", "priority")),
        ("--name", ("-due_on", "priority")),
        ("", ("-due_on", "priority")),
    ],
)
def test_only_columns_that_allow_it_are_sorted_by(asked, fields):
    assert pages.ordering(COLUMNS, {"sort": asked}, "-due") == fields


@pytest.mark.parametrize(
    ("asked", "number"), [("2", 2), ("0", 10), ("-1", 10), ("999", 10), ("zwei", 1), ("", 1), ("²", 1)]
)
def test_a_senseless_page_number_still_shows_a_page(asked, number):
    assert pages.page_of(range(500), {"page": asked}).number == number


@pytest.mark.parametrize(("asked", "size"), [("200", 200), ("7", 50), ("100000", 50), ("²", 50), ("", 50)])
def test_only_offered_sizes_are_served(asked, size):
    assert pages.page_of(range(500), {"size": asked}).paginator.per_page == size
