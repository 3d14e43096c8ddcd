"""
What the public must never learn, sought in every public answer of a half-finished year, headers included.

T-P2, T-R4 of the reliability plan; vdraw/1 §15; data_standards.md §7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from fairdraw.demo import draws as demo
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import selectors
from fairdraw.draws.models import Draw, DrawnRow, DrawnTeam
from fairdraw.publication.models import Publication
from fairdraw.registers.models import Inspector, Target
from fairdraw.registers.rules import CLASS_LABELS
from tests.builders.county import NOW, County
from tests.web.portal import walking
from tests.web.portal.walking import Seen

CLASS_WORDS = re.compile(r"信用风险|credit\.[A-DN]|stratum|class_as_sealed|\bstrata\b")
VERIFIER = "/public/verify.py"  # the same for every installation: it speaks of classes, it knows none


@pytest.fixture(scope="module")
def seen(county: County, django_db_blocker: Any) -> Iterator[list[Seen]]:
    """Every public answer, with a draw that has just been made and searches for who was drawn."""
    with django_db_blocker.unblock(), transaction.atomic():
        draw = county.prepared("ggg-WL01", "qjg-QX01")
        entropy = SeededEntropy("county", f"shares {draw.number}")
        demo.carry_out(county.cast, draw, org_origin=county.year.origin, entropy=entropy, now=NOW)
        drawn = DrawnRow.objects.select_related("target").order_by("pk")
        searches = [f"/public/results/?q={row.target.draw_code}" for row in drawn[:20]]
        hidden = [f"/public/draws/{d.pk}/{name}" for d in Draw.objects.all() for name in selectors.CORE_FILES]
        found = walking.everything(Client(raise_request_exception=False), *searches, *hidden)
        assert len(found) > 50
        yield found
        transaction.set_rollback(True)


def unpublished() -> Iterator[str]:
    """Names and codes of everybody in the register whose result is not public, drawn or not."""
    public = Publication.objects.filter(acknowledged_at__isnull=False).values("inspection__target")
    for target in Target.objects.exclude(pk__in=public):
        yield target.name
        yield target.draw_code


def test_nobody_who_is_not_published_is_named(seen: list[Seen]) -> None:
    words = list(unpublished())
    asked = re.compile("|".join(re.escape(word) for word in words))

    told = [(s.address, found) for s in seen for found in asked.findall(_without_the_question(s))]

    assert len(words) > 400
    assert told == []


def _without_the_question(seen: Seen) -> str:
    """An answer may repeat what was asked for in its search box."""
    query = seen.address.partition("?q=")[2]
    return seen.text.replace(query, "") if query else seen.text


def test_no_inspector_is_named(seen: list[Seen]) -> None:
    people = list(Inspector.objects.values_list("name", "certificate_number", "code"))
    asked = re.compile("|".join(re.escape(f) for name, number, _code in people for f in (name, number)))
    codes = re.compile("|".join(rf"\b{code}\b" for _name, _number, code in people))

    assert len(people) == 30
    assert [s.address for s in seen if asked.search(s.text)] == []
    assert [s.address for s in seen if codes.search(s.text)] == []


def test_no_class_and_no_stratum_is_told(seen: list[Seen]) -> None:
    labels = [str(label) for code, label in CLASS_LABELS.items() if code != "N"]

    assert [
        s.address
        for s in seen
        if s.address != VERIFIER and (CLASS_WORDS.search(s.text) or any(label in s.text for label in labels))
    ] == []


def test_no_share_of_the_server_no_seed_no_rank_and_no_reserve_gets_out(seen: list[Seen]) -> None:
    secrets: set[str] = set()
    for draw in Draw.objects.exclude(seal=None):
        files = {name: selectors.content(draw, name).decode() for name in selectors.CORE_FILES}
        secrets.add(re.findall(r"share (\S+)", files["server.txt"])[0])
        for name in ("frame.tsv", "excluded.tsv", "officers.tsv"):
            secrets |= {line.split("\t")[-1] for line in files[name].splitlines()}  # the blinds
        secrets.add(files["plan.json"])
    secrets |= set(DrawnRow.objects.exclude(prn="").values_list("prn", flat=True))
    secrets |= set(DrawnTeam.objects.values_list("prn", flat=True))

    assert len(secrets) > 200
    assert [(s.address, w) for s in seen for w in secrets if w in s.text] == []


def test_held_reasons_and_accounts_stay_inside(seen: list[Seen], county: County) -> None:
    held = [reason for _number, reason in county.year.held]

    assert held
    assert [s.address for s in seen if any(reason in s.text for reason in held)] == []
    assert [s.address for s in seen if "ggg-jh" in s.text or "sessionid" in s.text] == []
