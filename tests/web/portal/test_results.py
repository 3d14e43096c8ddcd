"""Published results: found by name, code and task; never before their receipt, never in the draw's order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.test import Client

from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.portal import views
from fairdraw.publication import services as publication
from fairdraw.publication.models import Publication
from fairdraw.publication.rules import PUBLIC_FIELDS
from tests.builders.county import NOW, County
from tests.web.ui.html import Page


def rows(response: object) -> list[str]:
    """Each row of the list, its cells parted by a space."""
    lines = Page(response).all("//tbody/tr")
    return [" ".join("".join(cell.text_content().split()) for cell in line) for line in lines]


@pytest.fixture
def published(county: County) -> Publication:
    found = Publication.objects.filter(acknowledged_at__isnull=False).select_related("inspection__target")
    first = found.order_by("pk").first()
    assert first is not None
    return first


def test_a_result_shows_number_name_code_agency_type_date_and_result(
    visitor: Client, published: Publication
) -> None:
    (line,) = rows(visitor.get("/public/results/", {"q": published.row["number"]}))

    assert set(published.row) == set(PUBLIC_FIELDS)
    for field in ("number", "name", "code", "agency", "type", "result"):
        assert published.row[field] in line
    year, month, day = published.row["checked_on"].split("-")
    assert f"{year}年{int(month)}月{int(day)}日" in line


def test_an_enterprise_is_found_by_code_and_by_either_width_of_brackets(
    visitor: Client, published: Publication
) -> None:
    name, code = published.row["name"], published.row["code"]
    assert "（" in name

    for words in (name, name.replace("（", "(").replace("）", ")"), code, code.lower(), f" {code} "):
        found = rows(visitor.get("/public/results/", {"q": words}))
        assert found, words
        assert all(code in line for line in found)


def test_nothing_is_found_for_a_target_that_was_drawn_and_is_not_published(
    visitor: Client, county: County
) -> None:
    waiting = Inspection.objects.exclude(state=InspectionState.PUBLISHED.value).select_related("target")
    for inspection in waiting[:10]:
        for words in (inspection.target.name, inspection.target.draw_code, inspection.number):
            assert rows(visitor.get("/public/results/", {"q": words})) == []


def test_results_are_listed_by_task(visitor: Client, county: County) -> None:
    done, going = county.task("ggg-GG01").number, county.task("zlg-ZL01").number

    assert all(done in line for line in rows(visitor.get("/public/results/", {"task": done})))
    assert len(rows(visitor.get("/public/results/", {"task": going}))) == (
        Publication.objects.filter(inspection__task__number=going, acknowledged_at__isnull=False).count()
    )


def test_a_result_counts_as_public_on_its_receipt_only(visitor: Client, county: County) -> None:
    task = county.task("zlg-ZL01")
    reviewed = Inspection.objects.filter(task=task, state=InspectionState.REVIEWED.value)
    ids = list(reviewed.values_list("pk", flat=True))
    assert ids
    actor = county.cast.planner(task.agency)
    before = len(rows(visitor.get("/public/results/", {"task": task.number})))

    publication.submit(ids, channel="necips", actor=actor, now=NOW)
    handed_in = len(rows(visitor.get("/public/results/", {"task": task.number})))
    publication.acknowledge(ids, receipt="回执1", channel="necips", actor=actor, now=NOW)

    assert handed_in == before
    assert len(rows(visitor.get("/public/results/", {"task": task.number}))) == before + len(ids)


def test_a_result_that_was_taken_down_is_gone(
    visitor: Client, county: County, published: Publication
) -> None:
    leader = county.cast.leader(published.inspection.agency)

    publication.withdraw(publication=published, reason="录入有误", actor=leader, now=NOW)

    assert rows(visitor.get("/public/results/", {"q": published.row["number"]})) == []


def test_long_lists_are_turned_page_by_page_and_keep_the_search(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 5)  # the county has published no more than a dozen
    first = visitor.get("/public/results/", {"q": "演示县"})
    (following,) = Page(first).all("//a[@rel='next']/@href")
    second = visitor.get(f"/public/results/{following}")

    assert len(rows(first)) == 5
    assert rows(second)
    assert not set(rows(first)) & set(rows(second))


def test_numbers_and_order_of_results_tell_no_strata_apart(visitor: Client, county: County) -> None:
    """Within a task the numbers follow the codes, and so does the list within a day (vdraw/1 §15, §19)."""
    for task in (county.task("ggg-GG01"), county.task("zlg-ZL01")):
        held = Inspection.objects.filter(task=task).select_related("target").order_by("number")
        codes = [row.target.draw_code for row in held]
        assert codes == sorted(codes)
        assert len({row.class_as_sealed for row in held}) > 1

    by_number = {p.row["number"]: p for p in Publication.objects.all()}
    listed = [by_number[line.split()[0]] for line in rows(visitor.get("/public/results/"))]
    for earlier, later in pairwise(listed):
        if earlier.acknowledged_at == later.acknowledged_at:
            assert earlier.row["code"] <= later.row["code"]
