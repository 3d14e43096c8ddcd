"""
Scene 5 at the screen: the class file never comes from the province. The office types what a document says by class.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from fairdraw.accounts.models import User
from fairdraw.kernel import clock
from fairdraw.plans.states import Channel
from fairdraw.registers import class_counts as counted
from fairdraw.registers.models import Target
from tests.builders.bureau import existing
from tests.builders.tables import text_file
from tests.web.ui.html import Page

HELD = {"held_A": 100, "held_B": 100, "held_C": 40, "held_D": 2}
DRAWN = {"drawn_A": 1, "drawn_B": 2, "drawn_C": 4, "drawn_D": 1}


@pytest.fixture
def unclassed(bureau):
    """No target has a class; the pages are asked at the bureau's own time."""
    Target.objects.update(credit_class="", credit_computed_on=None)
    clock.use(lambda: bureau.now)
    yield bureau
    clock.use(None)


@pytest.fixture
def office(unclassed):
    client = Client()
    user = User.objects.get(username="bangong")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def task(unclassed, tmp_path):
    """Eight targets that the province's platform drew."""
    found = unclassed.approved(channel=Channel.PROVINCIAL, flat=True, count=8)
    names = [t.name for t in existing()[:8]]
    unclassed.receive(found, text_file(tmp_path, "\n".join(["企业名称", *names])))
    return found


def said(bureau, **more):
    day = (bureau.today - dt.timedelta(20)).isoformat()
    return {**HELD, **DRAWN, "computed_on": day, "source": "省平台抽查任务单2026-07号", **more}


def k5(bureau):
    it = bureau.indicators()["K5"]
    return it.numerator, it.denominator


def test_scene_5_numbers_typed_on_the_page_let_k5_be_computed(unclassed, office, task):
    bureau = unclassed
    bureau.draw(task)
    assert k5(bureau) == (0, 8)
    [link] = Page(office.get(f"/tasks/{task.number}/draw/")).all(
        "//a[normalize-space(.)='录入分类户数']/@href"
    )
    assert office.get(link).status_code == 200
    answer = office.post(link, said(bureau))
    assert answer.status_code == 302
    assert k5(bureau) == (8, 8)

    page = Page(office.get(answer["Location"]))
    assert "本任务计入差异化抽查" in page.source
    assert "省平台抽查任务单2026-07号" in page.source
    # 各类比例不随风险升高
    flat = said(bureau, drawn_A=5, drawn_B=2, drawn_C=1, drawn_D=0)
    assert "不计入差异化抽查" in Page(office.post(link, flat, follow=True)).source
    assert k5(bureau) == (0, 8)


def test_scene_5_what_cannot_be_right_is_said_at_its_field(unclassed, office, task):
    address = f"/tasks/{task.number}/classes/"
    over = office.post(address, said(unclassed, drawn_A=101))
    assert over.status_code == 422
    assert "抽取户数多于总户数" in Page(over).text("//*[@id='id_drawn_A_error']")
    late = said(unclassed, computed_on=(unclassed.today + dt.timedelta(1)).isoformat())
    for wrong, words in (
        (late, "不能晚于今天"),
        (
            dict.fromkeys(HELD, "") | dict.fromkeys(DRAWN, "") | {"computed_on": "2026-01-01", "source": "x"},
            "至少",
        ),
    ):
        answer = office.post(address, wrong)
        assert answer.status_code == 422
        assert words in Page(answer).text("//div[@role='alert']")
    assert counted.counts_of(unclassed.agency, task.number) is None


def test_scene_5_the_bureaus_numbers_stand_in_for_k7(unclassed, office):
    bureau = unclassed
    given = {**HELD, "computed_on": bureau.today.isoformat(), "source": "省平台统计页"}
    answer = office.post("/registers/classes/counts/", given)
    assert answer.status_code == 302
    assert "省平台统计页" in Page(office.get("/registers/classes/counts/")).source
    assert counted.low_risk_enterprises(bureau.agency) == 100


def test_scene_5_nobody_else_enters_numbers(unclassed, task):
    client = Client()
    user = User.objects.get(username="ggg-jh")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/tasks/{task.number}/classes/").status_code == 403
    assert "录入分类户数" not in Page(client.get(f"/tasks/{task.number}/draw/")).source
