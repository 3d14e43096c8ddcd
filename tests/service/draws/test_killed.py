"""
The process dies between any two steps of a draw; who goes on gets the same bytes (vdraw/1 §17, §19.7).

A second process plays the draw on a copy of the county and ends without goodbye (``os._exit``) at one place.
What randomness it used is known beforehand, so that the draw that was never harmed can be compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from fairdraw.audit import verify as log
from fairdraw.draws import bundles, selectors
from fairdraw.draws.models import Draw, DrawFile
from tests.builders.county import County
from tests.service.draws import grounds
from tests.service.draws.conftest import Founded
from tests.service.draws.playing_on import STEPS, play

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
COMPARED = ("seal.json", "commits.tsv", "seed.txt", "result.tsv", "assign.tsv")
PLACES = (*(f"before {step}" for step in STEPS), *(f"inside {step}" for step in STEPS), "after receipt")


@pytest.fixture(scope="module")
def unharmed(founded: Founded, django_db_blocker) -> dict[str, bytes]:
    """The files of the draw that nothing happened to."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "unharmed")
        with grounds.on(database):
            play(founded.county)
            files = compared(founded.county)
        grounds.drop(database)
        return files


def mine(county: County) -> QuerySet[Draw]:
    """The draw that is played."""
    return Draw.objects.filter(parts__task=county.task("more-5").number)


def compared(county: County) -> dict[str, bytes]:
    """The files that must be the same."""
    draw = mine(county).get()
    return {name: selectors.content(draw, name) for name in COMPARED}


def die(place: str) -> None:
    """Play the draw in another process until it dies at *place*."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.service.draws.playing_on", place],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "fairdraw.config.settings.test",
            "FAIRDRAW_VAR": str(settings.VAR_DIR),
            "PLAYED_DATABASE": str(connection.settings_dict["NAME"]),
        },
        capture_output=True,
        timeout=60,
    )
    assert found.returncode == 137, found.stderr.decode()


@pytest.mark.parametrize("place", PLACES)
def test_who_goes_on_after_a_kill_gets_the_same_bytes(ground: County, unharmed: dict[str, bytes], place: str):
    die(place)
    for draw in mine(ground):  # no half state: what a state promises is there
        names = set(DrawFile.objects.filter(draw=draw).values_list("name", flat=True))
        assert ("seal.json" in names) == (draw.state != "draft")
        assert ({"seed.txt", "result.tsv", "assign.tsv"} <= names) == (draw.state == "drawn")
        assert draw.teams.exists() == (draw.state == "drawn")
        assert draw.lists.exists() == (draw.state == "drawn")

    play(ground)

    assert compared(ground) == unharmed
    assert "receipt.json" in bundles.files_of(mine(ground).get())
    assert log.verify_log() == []
