"""One request of a calling system sent several times at once is carried out once (幂等键)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as account_services
from fairdraw.audit import selectors as audit
from fairdraw.exchange.api import records
from fairdraw.exchange.api.records import Answered
from fairdraw.exchange.api.shapes import RecordIn
from fairdraw.inspections.models import Inspection, ReplayedRequest
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import SYSTEM, Duty
from tests.builders import grounds
from tests.builders.county import NOW, TODAY, County
from tests.builders.grounds import Ground

pytestmark = pytest.mark.django_db
AT_ONCE = 6


@pytest.fixture
def _django_db_helper(django_db_setup: None) -> None:
    """Put no transaction around a test here: it really commits, in a database of its own."""


@pytest.fixture
def county(county_ground: Ground[County], django_db_blocker: Any) -> Iterator[County]:
    """The small county in a copy that several requests may really write to."""
    with django_db_blocker.unblock():
        database = grounds.copy(county_ground.database, "replays")
        with grounds.on(database):
            yield county_ground.world
        grounds.drop(database)


def test_of_many_at_once_one_is_entered_and_all_get_its_answer(county: County) -> None:
    account_services.issue_token(
        name="省级平台", agency=county.bureau, duties=[Duty.CLERK], secret="秘密", actor=SYSTEM, now=NOW
    )
    actor = accounts.actor_of_token("秘密")
    assert actor is not None
    number = Inspection.objects.filter(state=InspectionState.NOTIFIED.value).values_list("number", flat=True)[
        0
    ]
    record = RecordIn(checked_on=TODAY, codes=["01"], measure="none_needed")
    together = threading.Barrier(AT_ONCE)
    answers: list[Answered | Exception] = []

    def send() -> None:
        together.wait()
        try:
            answers.append(records.enter(number=number, record=record, key="key-0001", actor=actor, now=NOW))
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [a for a in answers if isinstance(a, Exception)] == []
    bodies = [a.body for a in answers if isinstance(a, Answered)]
    assert [a.replayed for a in answers if isinstance(a, Answered)].count(False) == 1
    assert all(body == bodies[0] for body in bodies)
    assert ReplayedRequest.objects.count() == 1
    assert audit.entries(kind="inspections.recorded", actor_code=actor.code).count() == 1
