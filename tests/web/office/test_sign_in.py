"""The door: signing in and out, practice accounts on this machine alone, the lock after wrong passwords."""

from __future__ import annotations

import pytest
from django.test import Client

from fairdraw.accounts.models import Installation
from fairdraw.demo.cast import PASSWORD
from tests.web.office.conftest import Officer
from tests.web.ui.html import Page

LOGIN = "/accounts/login/"


def given(password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"username": "zlg-jh", "password": password, **more}


def test_a_stranger_is_sent_to_sign_in_and_back(county):
    answer = Client().get("/work/")

    assert answer["Location"] == f"{LOGIN}?next=/work/"


def test_the_right_password_opens_the_page_that_was_asked_for(county):
    stranger = Officer(None)

    assert stranger.post(LOGIN, given(next="/tasks/"))["Location"] == "/tasks/"
    assert stranger.page("/work/").text("//div[@class='person']//b") == "质量监管股承办人"


def test_it_never_leads_to_another_site(county):
    answer = Officer(None).post(LOGIN, given(next="https://example.com/"))

    assert answer["Location"] == "/work/"


def test_a_wrong_password_keeps_the_door_shut(county):
    stranger = Officer(None)

    page = Page(stranger.post(LOGIN, given("falsch"), status=422))
    assert "账号或密码不正确" in page.text("//div[@role='alert']")
    stranger.get("/work/", status=302)


def test_five_wrong_passwords_lock_the_account(county, settings):
    settings.AXES_ENABLED = True
    stranger = Officer(None)
    for _attempt in range(4):
        stranger.post(LOGIN, given("falsch"), status=422)

    page = Page(stranger.post(LOGIN, given("falsch"), status=429))
    assert page.text("//h1") == "账号已锁定"
    stranger.post(LOGIN, given(), status=429)


def test_practice_accounts_are_listed_and_entered_by_one_press(county):
    stranger = Officer(None)
    page = stranger.page(LOGIN)

    assert page.all("//input[@name='username' and @type='hidden' and @value='jiandu']")
    assert "jiandu" in page.text("//tr[.//input[@value='jiandu']]/th")
    stranger.post("/accounts/practise/", {"username": "jiandu"})
    assert stranger.page("/work/").text("//div[@class='person']//b") == "监督人（法规股）"


@pytest.mark.parametrize(
    "from_elsewhere",
    [{"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}, {"REMOTE_ADDR": ""}],
)
def test_practice_accounts_exist_for_this_machine_alone(county, from_elsewhere):
    stranger = Client()

    assert "练习账号" not in stranger.get(LOGIN, **from_elsewhere).content.decode()
    entered = stranger.post("/accounts/practise/", {"username": "jiandu"}, **from_elsewhere)
    assert entered.status_code == 404
    assert stranger.get("/work/").status_code == 302


def test_only_practice_accounts_can_be_entered_without_a_password(county):
    user = county.user("jiandu")
    user.practice = False
    user.save()

    Officer(None).post("/accounts/practise/", {"username": "jiandu"}, status=404)


def test_a_live_installation_lists_nobody(county, monkeypatch):
    live = Installation(org="350524", name="正式局", region_name="某县", rehearsal=False)
    monkeypatch.setattr("fairdraw.accounts.selectors.installation", lambda: live)

    assert "练习账号" not in Officer(None).page(LOGIN).source


def test_signing_out_shuts_the_door(planner):
    planner.post("/accounts/logout/")
    planner.get("/work/", status=302)


def test_a_form_without_its_token_is_refused(county):
    assert Client(enforce_csrf_checks=True).post(LOGIN, given()).status_code == 403
