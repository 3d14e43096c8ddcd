"""What is refused comes back as a page, a fragment or problem+json, with the status of its branch."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.ui.html import Page
from tests.web.ui.urls import REFUSALS

STATUS = {"absent": 404, "forbidden": 403, "broken": 409, "invalid": 422, "far": 502}


@pytest.mark.parametrize("kind", STATUS)
@pytest.mark.parametrize("door", ["refuse", "public"])
def test_a_refusal_is_a_page_with_its_sentence(visitor, kind, door):
    response = visitor.get(f"/{door}/{kind}/")

    page = Page(response)
    assert response.status_code == STATUS[kind]
    assert page.text("//p[@class='refusal-text']") == str(REFUSALS[kind])
    assert len(page.all("//h1")) == 1
    assert bool(page.all("//nav[@class='side']")) == (door == "refuse")


@pytest.mark.parametrize("kind", STATUS)
def test_a_refused_part_of_a_page_goes_to_the_notices(visitor, kind):
    response = visitor.get(f"/refuse/{kind}/", headers={"HX-Request": "true"})

    assert response.status_code == STATUS[kind]
    assert response["HX-Retarget"] == "#notices"
    assert "<html" not in response.content.decode()
    assert str(REFUSALS[kind]) in response.content.decode()


@pytest.mark.parametrize("kind", STATUS)
def test_a_calling_system_gets_problem_json(visitor, kind):
    response = visitor.get(f"/api/{kind}/")

    body = response.json()
    assert response["Content-Type"].startswith("application/problem+json")
    assert (response.status_code, body["status"]) == (STATUS[kind], STATUS[kind])
    assert body["detail"] == str(REFUSALS[kind])
    assert body["code"] == REFUSALS[kind].code


def test_a_program_that_asks_for_json_elsewhere_gets_problem_json_too(visitor):
    response = visitor.get("/refuse/broken/", headers={"Accept": "application/json"})

    assert response.json()["code"] == "draws.not-drawable"


def test_a_browser_gets_a_page_though_it_accepts_everything(visitor):
    response = visitor.get(
        "/refuse/broken/", headers={"Accept": "text/html,application/json;q=0.9,*/*;q=0.8"}
    )

    assert response["Content-Type"].startswith("text/html")


def test_invalid_input_names_file_row_and_column(visitor):
    page = Page(visitor.get("/refuse/invalid/"))

    cells = [cell.text_content() for cell in page.all("//main//tbody/tr[1]/td")]
    assert cells == ["名单.xlsx", "12", "统一社会信用代码", "不是有效的统一社会信用代码"]
    assert visitor.get("/api/invalid/").json()["troubles"][0]["row"] == 12


def test_a_missing_address_is_answered_in_the_same_three_ways(visitor):
    assert Page(visitor.get("/nowhere/")).text("//h1") == "没有找到"
    assert visitor.get("/api/nowhere/else/").json()["status"] == 404
    assert visitor.get("/nowhere/", headers={"HX-Request": "true"})["HX-Retarget"] == "#notices"


def test_a_bug_is_answered_without_the_shell_and_without_its_details(visitor):
    response = visitor.get("/broken/")

    assert response.status_code == 500
    assert "系统出错" in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()
    assert visitor.get("/broken/", headers={"HX-Request": "true"})["HX-Retarget"] == "#notices"
    assert visitor.get("/api-broken/", headers={"Accept": "application/json"}).json()["status"] == 500


def test_an_address_that_only_takes_forms_says_so_when_it_is_opened(visitor):
    response = visitor.post("/ui/list/")

    assert response.status_code == 405
    assert response["Allow"] == "GET"
    assert "请从页面上的按钮操作" in response.content.decode()
    assert visitor.post("/ui/list/", headers={"Accept": "application/json"}).json()["status"] == 405


def test_a_form_without_its_token_says_that_nothing_was_sent():
    response = Client(enforce_csrf_checks=True).post("/ui/form/", {})

    assert response.status_code == 403
    assert "页面已过期，内容没有提交" in response.content.decode()


def test_an_ended_session_sends_the_whole_page_to_sign_in(visitor):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/ui/list/?page=3"}
    response = visitor.get("/closed/", headers=headers)

    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fui%2Flist%2F%3Fpage%3D3"
    assert visitor.get("/closed/").status_code == 302


@pytest.mark.parametrize("address", ["/ui/list/", "/nowhere/", "/refuse/broken/"])
def test_pages_and_their_parts_are_kept_apart_by_caches(visitor, address):
    assert "HX-Request" in visitor.get(address)["Vary"]
