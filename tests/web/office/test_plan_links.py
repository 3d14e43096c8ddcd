"""Nobody is sent from the plan to a page that does not exist for them: every link is followed, as every duty."""

from __future__ import annotations

import pytest

from fairdraw.accounts import services as accounts
from fairdraw.kernel.actor import SYSTEM, Duty
from tests.builders import county as builder
from tests.web.office.conftest import Officer

DAILY = (
    Duty.OFFICE,
    Duty.LEADER,
    Duty.PLANNER,
    Duty.SUPERVISOR,
    Duty.INSPECTOR,
    Duty.CLERK,
    Duty.REVIEWER,
    Duty.AUDITOR,
)


AT_HOME = [
    *((duty, "tsg") for duty in DAILY),
    (Duty.OFFICE, ""),
    (Duty.CLERK, "sc01"),
]  # a section whose task is another's neighbour, the bureau itself, a station


@pytest.mark.parametrize(("duty", "home"), AT_HOME)
def test_every_link_of_the_plan_leads_somewhere(county, duty, home):
    agency = county.cast.units[home] if home else county.bureau
    user = accounts.create_user(
        username="reader", name="某人", password="reader-reader-1", actor=SYSTEM, now=builder.NOW
    )
    accounts.grant(
        user=user, agency=agency, duty=duty, starts_on=builder.OPENED, actor=SYSTEM, now=builder.NOW
    )
    reader = Officer(user)
    pages = ["/plans/2026/", *(f"/plans/2026/{row}/" for row in range(1, len(builder.ROWS) + 1))]

    followed = set()
    for address in pages:
        for link in reader.page(address).all("//main//a/@href"):
            if link.startswith("/") and link not in followed:
                followed.add(link)
                status = reader.client.get(link).status_code
                assert status in {200, 302}, (address, link, status)
    assert followed


def test_the_row_of_somebody_elses_task_names_it_without_a_link(officer, county):
    number = county.task("ggg-GG01").number
    page = officer("tsg-jh").page("/plans/2026/")

    assert number in page.source
    assert not page.all(f"//a[@href='/tasks/{number}/']")
    assert officer("ggg-jh").page("/plans/2026/").all(f"//a[@href='/tasks/{number}/']")
