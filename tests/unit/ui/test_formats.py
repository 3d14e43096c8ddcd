"""How values are written on a page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.ui import formats


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (dt.date(2024, 11, 20), "2024年11月20日"),
        (dt.date(2024, 1, 5), "2024年1月5日"),
        (dt.datetime(2024, 12, 31, 16, 30, tzinfo=dt.UTC), "2025年1月1日"),
        (None, "—"),
    ],
)
def test_days_are_written_in_chinese_as_they_are_in_china(moment, shown):
    assert formats.date_zh(moment) == shown


def test_moments_are_wall_time_in_china():
    assert formats.datetime_zh(dt.datetime(2024, 11, 20, 7, 4, tzinfo=dt.UTC)) == "2024年11月20日 15:04"


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Fraction(849_999, 1_000_000), "84.99%"),
        (Fraction(999_999, 1_000_000), "99.99%"),
        (Decimal("0.035"), "3.50%"),
        (Fraction(1, 3), "33.33%"),
        (1, "100.00%"),
        (0, "0.00%"),
        (Fraction(-1, 8), "-12.50%"),
        (None, "—"),
    ],
)
def test_a_percentage_never_claims_more_than_was_reached(ratio, shown):
    assert formats.percent(ratio) == shown


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Fraction(8, 75), "10.67%"),
        (Fraction(1, 29), "3.45%"),
        (Fraction(5, 100_000), "0.01%"),
        (Fraction(1, 20), "5%"),
        (Fraction(1, 10), "10%"),
        (Decimal("0.035"), "3.5%"),
        (Decimal("0.125"), "12.5%"),
        (Fraction(1, 30_000), "0.003%"),
        (1, "100%"),
        (0, "0%"),
        (None, "—"),
    ],
)
def test_a_rate_is_rounded_half_up_and_a_small_chance_is_not_none(ratio, shown):
    assert formats.rate(ratio) == shown


def test_a_rate_is_exact():
    with pytest.raises(TypeError):
        formats.rate(0.05)


@given(st.fractions(min_value=0, max_value=1), st.integers(0, 6))
def test_a_percentage_is_the_largest_one_not_above_the_ratio(ratio, places):
    shown = Fraction(formats.percent(ratio, places).rstrip("%")) / 100

    assert shown <= ratio < shown + Fraction(1, 100 * 10**places)


def test_an_inexact_ratio_is_refused():
    with pytest.raises(TypeError):
        formats.percent(0.85)


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (formats.mask_name, "张三", "张*"),
        (formats.mask_name, "欧阳修文", "欧***"),
        (formats.mask_name, "", "—"),
        (formats.mask_phone, "13800005678", "138****5678"),
        (formats.mask_phone, "12345", "*****"),
        (formats.mask_id, "350524199001011234", "350***********1234"),
    ],
)
def test_personal_details_are_covered(mask, text, shown):
    assert mask(text) == shown


@given(st.text(min_size=1, max_size=30))
def test_a_covered_number_never_shows_more_than_seven_characters(text):
    assert len(formats.mask_id(text).replace("*", "")) <= 7


def test_a_share_of_nothing_is_not_a_number():
    assert formats.share(0, 0) is None
    assert formats.share(1, 4) == Fraction(1, 4)
