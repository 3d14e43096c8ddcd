"""The words of a directory of inspectors in a rehearsal: towns become stations, numbers in words become codes."""

from __future__ import annotations

import datetime as dt

from drawcore.shapes import ID
from fairdraw.demo.coding import coded
from fairdraw.registers.entries import InspectorEntry

TOWNS = [("云栖镇", "s01"), ("云栖镇", "s02"), ("松岚镇", "")]


def person(code, *areas, qualifications=()):
    return InspectorEntry(
        code=code,
        name="陆演二",
        agency_code="g01",
        certificate_number="YS-1",
        valid_from=dt.date(2023, 1, 1),
        valid_to=dt.date(2027, 12, 31),
        areas=areas or ("*",),
        qualifications=qualifications,
    )


def test_a_town_is_the_stations_of_its_targets():
    (one,) = coded([person("Y1", "云栖镇", "s02", "松岚镇")], TOWNS)

    assert one.areas == ("s01", "s02", "松岚镇")  # no station is known for the last


def test_who_works_everywhere_still_does():
    assert coded([person("Y1")], TOWNS)[0].areas == ("*",)


def test_numbers_in_words_become_codes_of_which_each_is_one_persons():
    people = coded([person("闽甲"), person("Y1"), person("闽乙")], TOWNS)

    codes = [one.code for one in people]
    assert codes[1] == "Y1"
    assert len(set(codes)) == 3
    assert all(ID.fullmatch(code) for code in codes)
    assert codes == [one.code for one in coded([person("闽甲"), person("Y1"), person("闽乙")], TOWNS)]


def test_qualifications_stay_as_they_are_written():
    (one,) = coded([person("Y1", qualifications=("食品检查员",))], TOWNS)

    assert one.qualifications == ("食品检查员",)
