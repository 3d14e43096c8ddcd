"""
Every address of the product × everybody who may ask × GET and POST, against one reviewed table (T-P1).

``doors.csv`` has a line for each address and method. ``with`` names what the address is about (``number=task``:
see ``askers.py``), then comes the code for each asker. A new address fails until its lines are there; the message
holds them as they would be now, to be reviewed and pasted.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from fairdraw.accounts import doors
from fairdraw.inspections.models import Inspection
from tests.builders.county import County
from tests.builders.playing import county, in_the_county
from tests.meta.askers import ASKERS, BUREAUS_OWN, METHODS, World, world

__all__ = ["county", "in_the_county"]
ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("doors.csv")
SEEN, REFUSED, SENT_TO_SIGN_IN, ABSENT = 200, 403, 302, 404
Line = dict[str, str]


@cache
def table() -> tuple[Line, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def key(line: Line) -> tuple[str, str]:
    return line["address"], line["method"]


def every_address() -> set[tuple[str, str]]:
    return {(route, method) for route, _view in doors.addresses() for method in METHODS}


@pytest.fixture(scope="module")
def everybody(county: County, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield world(county)
        transaction.set_rollback(True)


def found(everybody: World, line: Line) -> Line:
    """*line* with the codes as they are now; nothing that a request did stays."""
    address = everybody.address(line["address"], line["with"])
    codes = {}
    for asker in ASKERS:
        with transaction.atomic():
            codes[asker] = str(everybody.code(asker, line["method"], address))
            transaction.set_rollback(True)
    return {**line, **codes}


def as_csv(line: Line) -> str:
    return ",".join(line.values())


def test_the_table_lists_every_address_with_both_methods_once() -> None:
    listed = [key(line) for line in table()]

    assert sorted(listed) == sorted(set(listed))
    assert sorted(every_address() - set(listed)) == [], "an address is missing in tests/meta/doors.csv"
    assert sorted(set(listed) - every_address()) == [], "tests/meta/doors.csv lists an address that is gone"


@pytest.mark.parametrize("line", table(), ids=lambda line: f"{line['method']} {line['address']}")
def test_each_door_opens_to_whom_the_table_says(everybody: World, line: Line) -> None:
    assert as_csv(found(everybody, line)) == as_csv(line)


def test_the_table_agrees_with_the_doors_themselves() -> None:
    """What the code declares and what was reviewed are two statements; they must say the same."""
    declared = {route: view.door for route, view in doors.addresses()}
    for line in table():
        door = declared[line["address"]]
        if door.public:
            assert line["anonymous"] not in {"401", str(REFUSED)}, line
            continue
        assert line["anonymous"] == ("401" if door.token else str(SENT_TO_SIGN_IN)), line
        outsiders = {duty for duty in doors.Duty if door.duties and duty not in door.duties}
        for duty in outsiders:
            assert line[duty.value] in {str(REFUSED), "405"}, (line["address"], duty)


def test_what_lies_outside_ones_scope_does_not_exist() -> None:
    """With every duty of daily work, but elsewhere: a thing that others may see is 404 (design.md §3)."""
    tried = 0
    for line in table():
        things = {pair.partition("=")[2] for pair in line["with"].split()}
        inside = {line[asker] for asker in ASKERS if asker not in {"anonymous", "token", "outside"}}
        if things & BUREAUS_OWN and line["anonymous"] == str(SENT_TO_SIGN_IN):
            if line["method"] == "GET" and str(SEEN) in inside:
                tried += 1
                assert line["outside"] in {str(ABSENT), str(REFUSED)}, line["address"]
            assert line["outside"] not in {"409", "422"}, line["address"]  # neither tells that it exists
    assert tried > 15


def test_the_interface_hides_what_lies_outside_as_well(everybody: World) -> None:
    other = Inspection.objects.exclude(agency=everybody.county.cast.units["jjz"]).first()
    assert other is not None

    assert everybody.clients["token"].get(f"/api/v1/inspections/{other.number}").status_code == SEEN
    assert everybody.clients["outside"].get(f"/api/v1/inspections/{other.number}").status_code == 401


def test_no_form_is_accepted_without_its_token(everybody: World) -> None:
    """Every address that takes POST from people refuses it without the page's token (T-W3)."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = everybody.clients["planner"].cookies
    declared = {route: view.door for route, view in doors.addresses()}
    for line in table():
        if line["method"] == "POST" and not declared[line["address"]].token:
            response = strict.post(everybody.address(line["address"], line["with"]))
            assert response.status_code == REFUSED, line["address"]
            assert "ui.csrf" in response.content.decode(), line["address"]


# --- start-up -----------------------------------------------------------------------------------------


def nobody_guards_this(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [path("planted/", nobody_guards_this)]


def test_a_check_names_an_address_without_a_door(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__

    with pytest.raises(SystemCheckError) as refused:
        call_command("check")

    assert "accounts.E001" in str(refused.value)
    assert "planted/" in str(refused.value)
    with pytest.raises(ImproperlyConfigured, match="planted/"):
        doors.require_doors()


@pytest.fixture
def planted(tmp_path: Path) -> dict[str, str]:
    """The environment of a product into which somebody put an address without a door."""
    (tmp_path / "planted_urls.py").write_text(
        "from django.http import HttpResponse\n"
        "from django.urls import path\n"
        "from fairdraw.config.urls import *\n"
        "urlpatterns = [*urlpatterns, path('planted/', lambda request: HttpResponse('open'))]\n"
    )
    (tmp_path / "planted_settings.py").write_text(
        "from fairdraw.config.settings.test import *\nROOT_URLCONF = 'planted_urls'\n"
    )
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "src")]),
        "DJANGO_SETTINGS_MODULE": "planted_settings",
        "FAIRDRAW_VAR": str(tmp_path / "var"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/planted.sqlite3",
    }


@pytest.mark.parametrize(
    "command",
    [[str(ROOT / "manage.py"), "check"], ["-c", "import fairdraw.config.wsgi"]],
    ids=["check", "server"],
)
def test_the_product_does_not_start_with_an_unguarded_address(
    planted: dict[str, str], command: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, *command], env=planted, capture_output=True, text=True, timeout=120
    )

    assert done.returncode != 0
    assert "planted/" in done.stderr
    whole = subprocess.run(
        [sys.executable, *command],
        env={**planted, "DJANGO_SETTINGS_MODULE": "fairdraw.config.settings.test"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert whole.returncode == 0, whole.stderr
