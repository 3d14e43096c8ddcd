"""Many writers at once leave one gapless chain, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from fairdraw.audit import selectors
from fairdraw.audit.verify import verify_log
from fairdraw.kernel.actor import Actor
from tests.service.audit import kinds

WRITERS = 8
EACH = 12


@pytest.mark.django_db(transaction=True)
def test_eight_writers_some_of_whom_give_up_leave_one_chain_without_a_gap():
    together = Barrier(WRITERS)

    def write(writer: int) -> None:
        together.wait()
        try:
            for n in range(EACH):
                try:
                    with transaction.atomic():
                        kinds.note(n, actor=Actor(code=f"u:{writer}"))
                        if n % 4 == 3:
                            raise InterruptedError
                except InterruptedError:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    kept = [n for n in range(EACH) if n % 4 != 3]
    assert [entry.seq for entry in selectors.entries()] == list(range(WRITERS * len(kept)))
    for writer in range(WRITERS):
        assert [entry.body()["n"] for entry in selectors.entries(actor_code=f"u:{writer}")] == kept
    assert verify_log() == []
