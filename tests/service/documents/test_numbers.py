"""Document numbers are gapless and never given twice, also when eight people print at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from fairdraw.documents.services import take_number, take_numbers
from fairdraw.kernel.errors import InvalidInput

PEOPLE = 8
EACH = 25
NOTICES = {"agency_code": "350524", "kind": "notice", "year": 2026}


@pytest.mark.django_db
def test_a_series_begins_at_one_and_each_kind_year_and_agency_has_its_own():
    assert [take_number(**NOTICES) for _ in range(3)] == [1, 2, 3]
    assert take_number(**{**NOTICES, "kind": "listing"}) == 1
    assert take_number(**{**NOTICES, "year": 2027}) == 1
    assert take_number(**{**NOTICES, "agency_code": "350525"}) == 1
    assert take_number(**NOTICES) == 4


@pytest.mark.django_db
def test_a_batch_takes_its_numbers_in_one_piece():
    take_number(**NOTICES)

    assert take_numbers(**NOTICES, count=1000) == range(2, 1002)
    assert take_number(**NOTICES) == 1002


@pytest.mark.django_db
def test_a_number_whose_document_was_undone_is_given_again():
    def give_up() -> None:
        with transaction.atomic():
            take_number(**NOTICES)
            raise InterruptedError

    take_number(**NOTICES)
    with pytest.raises(InterruptedError):
        give_up()

    assert take_number(**NOTICES) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": -1}, {"kind": ""}, {"agency_code": ""}])
def test_a_series_without_a_name_or_a_batch_of_nothing_is_refused(wrong):
    with pytest.raises(InvalidInput, match="取文号"):
        take_numbers(**{**NOTICES, "count": 1, **wrong})


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        take_number(**NOTICES)


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_get_every_number_once_although_some_give_up():
    together = Barrier(PEOPLE)

    def work(_person: int) -> list[int]:
        together.wait()
        kept = []
        try:
            for turn in range(EACH):
                try:
                    with transaction.atomic():
                        number = take_number(**NOTICES)
                        if turn % 5 == 4:
                            raise InterruptedError
                    kept.append(number)
                except InterruptedError:
                    continue
        finally:
            connection.close()
        return kept

    with ThreadPoolExecutor(PEOPLE) as pool:
        kept = [number for numbers in pool.map(work, range(PEOPLE)) for number in numbers]

    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert len(kept) == PEOPLE * EACH * 4 // 5
