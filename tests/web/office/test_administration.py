"""Administration (系统管理): three administrators who exclude each other, passwords and tokens shown once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from fairdraw.accounts import permissions
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as verbs
from fairdraw.accounts.models import Agency, ApiToken, Membership, User
from fairdraw.audit.models import LogEntry
from fairdraw.kernel.actor import SYSTEM, Duty
from tests.builders import county as builder
from tests.web.office.conftest import Officer
from tests.web.ui.html import Page

LOGIN, PEOPLE, UNITS, TOKENS, OWN = (
    f"/accounts/{word}/" for word in ("login", "people", "units", "tokens", "password")
)
TODAY = builder.TODAY
YESTERDAY = TODAY - dt.timedelta(1)
TOMORROW = TODAY + dt.timedelta(1)


def logged(kind: str) -> list[dict[str, Any]]:
    """The bodies of the entries of a kind, the oldest first."""
    return [entry.body() for entry in LogEntry.objects.filter(kind=kind).order_by("seq")]


def account(county, name: str, *duties: Duty) -> User:
    """An account with duties of the whole bureau."""
    user = verbs.create_user(username=name, name=name, password="mima-mima-1", actor=SYSTEM, now=builder.NOW)
    for duty in duties:
        verbs.grant(
            user=user, agency=county.bureau, duty=duty, starts_on=TODAY, actor=SYSTEM, now=builder.NOW
        )
    return user


@pytest.fixture
def system(officer) -> Officer:
    """The county's system administrator."""
    return officer("guanli")


@pytest.fixture
def security(officer) -> Officer:
    """The county's security administrator."""
    return officer("anquan")


@pytest.fixture
def clerk(county) -> User:
    """The account of a clerk without duties yet."""
    return account(county, "neiqin")


def one(user: User) -> str:
    """The address of an account."""
    return f"{PEOPLE}{user.pk}/"


def shown_once(answer: Any) -> str:
    """The secret on the page that shows it."""
    return Page(answer).all("//dd//code")[0].text_content()


# --- units --------------------------------------------------------------------------------------------


def test_a_new_station_stands_in_the_tree_under_the_bureau(county, system):
    system.post(f"{UNITS}new/", {"kind": "station", "name": "北关市场监管所", "telephone": "0000-1"})

    made = Agency.objects.get(name="北关市场监管所")
    assert made.path == f"{county.bureau.path}{made.pk}/"
    assert made.number_prefix == county.bureau.number_prefix
    assert made.code in system.page(UNITS).text("//tr[th[contains(., '北关市场监管所')]]")
    assert logged("agency.created")[-1] == {"agency": made.code, "kind": "station"}


def test_a_department_stands_beside_the_bureau(system):
    system.post(f"{UNITS}new/", {"kind": "department", "name": "消防大队", "code": "xfdd"})

    assert Agency.objects.get(code="xfdd").parent is None


def test_two_units_never_have_one_name(county, system):
    taken = county.cast.units["zlg"].name
    answer = system.post(f"{UNITS}new/", {"kind": "section", "name": taken}, status=422)

    assert taken in Page(answer).text("//div[@role='alert']")


def test_what_is_printed_of_a_unit_can_change_its_name_cannot(county, system):
    unit = county.cast.units["zlg"]
    given = {"short_name": "质监", "number_prefix": "演市监", "telephone": "0000-2", "name": "别的"}

    system.post(f"{UNITS}{unit.pk}/", given)

    changed = Agency.objects.get(pk=unit.pk)
    assert (changed.name, changed.telephone) == (unit.name, "0000-2")
    assert logged("agency.revised") == [{"agency": "zlg"}]


# --- accounts -----------------------------------------------------------------------------------------


def test_a_first_password_is_shown_once_and_must_be_changed(county, system, security):
    answer = system.post(f"{PEOPLE}new/", {"username": "xinren", "name": "新人"}, status=200)
    given = shown_once(answer)
    user = User.objects.get(username="xinren")
    assert "no-store" in answer["Cache-Control"]
    assert given not in system.page(one(user)).source
    duty = {"agency": str(county.cast.units["zlg"].pk), "duty": "clerk", "starts_on": str(TODAY)}
    security.post(f"{one(user)}duties/new/", duty)

    new = Officer(None)
    new.post(LOGIN, {"username": "xinren", "password": given})
    # 改掉以前什么也不能办
    assert new.get("/work/", status=302)["Location"] == OWN
    assert new.post("/tasks/", status=302)["Location"] == OWN
    new.post(OWN, {"present": given, "new": given, "again": given}, status=422)
    new.post(OWN, {"present": given, "new": "wo-zi-ji-de-mima", "again": "wo-zi-ji-de-mima"})

    assert new.page("/work/").text("//div[@class='person']//b") == "新人"
    assert not Client().login(username="xinren", password=given)
    assert logged("account.password_changed") == [{"user": user.pk}]


@pytest.mark.parametrize("new", ["1234567890123", "short", "password123"])
def test_a_password_that_is_easy_to_guess_is_refused(planner, new):
    answer = planner.post(OWN, {"present": "yanshi-2026", "new": new, "again": new}, status=422)

    assert Page(answer).all("//p[@class='wrong-note']")


def test_the_own_password_is_changed_only_by_who_knows_it(planner, county):
    given = {"present": "falsch", "new": "wo-zi-ji-de-mima", "again": "wo-zi-ji-de-mima"}

    answer = planner.post(OWN, given, status=422)

    assert "现在的密码不正确" in Page(answer).text("//div[@role='alert']")
    assert county.user("zlg-jh").check_password("yanshi-2026")


def test_a_reset_ends_the_old_password_and_its_sessions(system, clerk):
    at_work = Officer(clerk)
    assert "原来的密码立刻失效" in system.page(f"{one(clerk)}password/").source

    given = shown_once(system.post(f"{one(clerk)}password/", status=200))

    at_work.get(OWN, status=302)
    clerk.refresh_from_db()
    assert clerk.check_password(given)
    assert clerk.first_password
    assert logged("account.password_reset") == [{"user": clerk.pk}]


def test_a_locked_account_is_out_at_once_and_comes_back_with_its_duties(county, security):
    planner = county.user("zlg-jh")
    at_work = Officer(planner)
    at_work.get("/tasks/")

    assert "立刻生效" in security.page(f"{one(planner)}lock/").source
    security.post(f"{one(planner)}lock/")
    at_work.get("/tasks/", status=302)
    Officer(None).post(LOGIN, {"username": "zlg-jh", "password": "yanshi-2026"}, status=422)
    assert "已锁定" in security.page(f"{PEOPLE}?state=locked").text("//tbody")
    security.post(f"{one(planner)}unlock/")

    Officer(planner).get("/tasks/")
    assert [logged(f"account.{verb}") for verb in ("locked", "unlocked")] == [[{"user": planner.pk}]] * 2


def test_unlocking_forgets_the_wrong_passwords(county, security, settings):
    settings.AXES_ENABLED = True
    stranger = Officer(None)
    for status in (422, 422, 422, 422, 429):
        stranger.post(LOGIN, {"username": "zlg-jh", "password": "falsch"}, status=status)

    security.post(f"{one(county.user('zlg-jh'))}unlock/")

    stranger.post(LOGIN, {"username": "zlg-jh", "password": "yanshi-2026"})


def test_the_list_answers_who_holds_what_where(county, security, clerk):
    section = county.cast.units["zlg"]

    assert "zlg-jh" in security.page(f"{PEOPLE}?agency={section.pk}&duty=planner").text("//tbody")
    assert "zlg-fz" not in security.page(f"{PEOPLE}?duty=planner").text("//tbody")
    idle = security.page(f"{PEOPLE}?state=idle")
    assert [row.text_content() for row in idle.all("//tbody//th")] == ["neiqin"]
    assert security.page(f"{PEOPLE}?agency=0x").all("//tbody//th")


# --- duties -------------------------------------------------------------------------------------------


def given_duty(county, duty: str = "planner", **more: str) -> dict[str, str]:
    return {"agency": str(county.cast.units["zlg"].pk), "duty": duty, "starts_on": str(TODAY), **more}


def test_a_duty_holds_from_its_first_to_its_last_day(county, security, clerk):
    until = {"starts_on": str(TOMORROW), "last_day": str(TOMORROW)}
    security.post(f"{one(clerk)}duties/new/", given_duty(county, **until))

    days = [TODAY, TOMORROW, TOMORROW + dt.timedelta(1)]
    assert [bool(accounts.actor_of(clerk, on=day).grants) for day in days] == [False, True, False]
    assert "未开始" in security.page(one(clerk)).text("//tbody")


def test_a_duty_that_ends_stays_in_the_record(county, security):
    planner = county.user("zlg-jh")
    held = Membership.objects.get(user=planner, duty="planner")
    end = f"{one(planner)}duties/{held.pk}/end/"

    security.post(end, {"last_day": str(YESTERDAY)})

    Officer(planner).get("/draws/pool/", status=403)
    assert "已结束" in security.page(one(planner)).text("//tbody")
    assert logged("duty.ended")[-1]["ends_on"] == str(TODAY)
    answer = security.post(end, {"last_day": str(TODAY)}, status=422)
    assert "已经结束" in Page(answer).text("//div[@role='alert']")


def test_the_past_cannot_be_rewritten(county, security, clerk):
    planner = county.user("zlg-jh")
    held = Membership.objects.get(user=planner, duty="planner")

    early = given_duty(county, starts_on=str(YESTERDAY))
    security.post(f"{one(clerk)}duties/new/", early, status=422)
    days = {"last_day": str(YESTERDAY - dt.timedelta(1))}
    security.post(f"{one(planner)}duties/{held.pk}/end/", days, status=422)

    held.refresh_from_db()
    assert held.ends_on is None
    assert not Membership.objects.filter(user=clerk).exists()


def test_a_duty_is_never_made_longer_past_who_may_hold_it(county, security, clerk):
    until = given_duty(county, starts_on=str(TODAY), last_day=str(TODAY))
    security.post(f"{one(clerk)}duties/new/", until)
    after = given_duty(county, "audit_admin", agency=str(county.bureau.pk), starts_on=str(TOMORROW))
    security.post(f"{one(clerk)}duties/new/", after)
    held = Membership.objects.get(user=clerk, duty="planner")

    end = f"{one(clerk)}duties/{held.pk}/end/"
    answer = security.post(end, {"last_day": str(TOMORROW)}, status=422)

    assert "不能晚于原定的最后一天" in Page(answer).text("//div[@role='alert']")
    assert {g.duty for g in accounts.actor_of(clerk, on=TOMORROW).grants} == {Duty.AUDIT_ADMIN}
    assert [entry.get("ends_on") for entry in logged("duty.granted")[-2:]] == [str(TOMORROW), None]


@pytest.mark.parametrize(
    ("has", "gets"),
    [
        (Duty.SYSTEM_ADMIN, "security_admin"),
        (Duty.AUDIT_ADMIN, "planner"),
        (Duty.CLERK, "audit_admin"),
    ],
)
def test_administrators_exclude_each_other_and_daily_work(county, security, has, gets):
    user = account(county, "jianren", has)

    given = given_duty(county, gets, agency=str(county.bureau.pk))
    answer = security.post(f"{one(user)}duties/new/", given, status=422)

    assert "互不兼任" in Page(answer).text("//div[@role='alert']")
    assert Membership.objects.filter(user=user).count() == 1


def test_an_administrator_is_the_whole_bureaus(county, security, clerk):
    answer = security.post(f"{one(clerk)}duties/new/", given_duty(county, "system_admin"), status=422)

    assert "只在局里任职" in Page(answer).text("//div[@role='alert']")


def test_neither_administrator_opens_a_working_account_alone(county, system, security, clerk):
    system.post(f"{one(clerk)}duties/new/", given_duty(county), status=403)
    security.post(f"{PEOPLE}new/", {"username": "x1", "name": "x"}, status=403)
    security.post(f"{one(clerk)}password/", status=403)
    system.post(f"{one(clerk)}lock/", status=403)
    system.post(f"{TOKENS}new/", status=403)

    refused = system.page(one(clerk))
    assert "任职由安全管理员办理" in refused.text("//div[@class='headline']")


def test_nobody_decides_on_the_own_account(county, security, system):
    mine = User.objects.get(username="anquan")
    own = Membership.objects.get(user=mine)

    security.post(f"{one(mine)}duties/new/", given_duty(county), status=403)
    security.post(f"{one(mine)}duties/{own.pk}/end/", {"last_day": str(TODAY)}, status=403)
    security.post(f"{one(mine)}lock/", status=403)
    system.post(f"{one(county.user('guanli'))}password/", status=403)


def test_the_first_security_administrator_is_named_by_the_system_administrator(county, system, clerk):
    User.objects.filter(username="anquan").update(is_active=False)
    page = system.page(f"{one(clerk)}duties/new/")
    assert page.all("//select[@name='duty']/option/@value") == ["security_admin"]
    given = given_duty(county, "security_admin", agency=str(county.bureau.pk))

    system.post(f"{one(clerk)}duties/new/", {**given, "duty": "planner"}, status=422)
    system.post(f"{one(clerk)}duties/new/", given)

    other = account(county, "disanren")
    system.post(f"{one(other)}duties/new/", given, status=403)
    assert not permissions.can_keep_duties(accounts.actor_of(county.user("guanli"), on=TODAY), other)


def test_the_audit_administrator_looks_on(county, clerk):
    auditor = Officer(account(county, "shenji-2", Duty.AUDIT_ADMIN))

    for address in (UNITS, PEOPLE, TOKENS, one(clerk)):
        page = auditor.page(address)
        assert not page.all("//main//form[@method='post']")
        assert not page.all("//main//a[contains(@class, 'primary')]")


# --- calling systems ----------------------------------------------------------------------------------


def test_a_token_is_shown_once_opens_the_interface_and_is_shut_out_at_once(county, security):
    given = {"name": "省级平台", "agency": str(county.bureau.pk), "duties": ["clerk"]}
    secret = shown_once(security.post(f"{TOKENS}new/", given, status=200))
    row = ApiToken.objects.get(name="省级平台")

    def asked() -> int:
        headers = {"Authorization": f"Bearer {secret}"}
        return int(Client(headers=headers).get("/api/v1/inspections").status_code)

    assert asked() == 200
    assert secret not in security.page(TOKENS).source
    assert "令牌不能恢复" in security.page(f"{TOKENS}{row.pk}/revoke/").source
    security.post(f"{TOKENS}{row.pk}/revoke/")
    assert asked() == 401
    security.post(f"{TOKENS}{row.pk}/revoke/", status=409)
    assert logged("token.revoked") == [{"token": row.pk}]


def test_a_calling_system_is_no_administrator(county, security):
    given = {"name": "x", "agency": str(county.bureau.pk), "duties": ["system_admin"]}

    security.post(f"{TOKENS}new/", given, status=422)

    assert not ApiToken.objects.exists()


def test_the_menu_shows_administration_to_administrators_alone(planner, system):
    assert f'href="{PEOPLE}"' in system.page("/work/").source
    assert f'href="{PEOPLE}"' not in planner.page("/work/").source
    assert f'href="{OWN}"' in planner.page("/work/").source


# --- the log ------------------------------------------------------------------------------------------


def test_auditors_read_who_did_what_and_narrow_it_down(county, officer, security, clerk):
    security.post(f"{one(clerk)}lock/")
    auditor = Officer(account(county, "shenji-2", Duty.AUDIT_ADMIN))

    latest = auditor.page("/accounts/log/?kind=account.locked")
    assert latest.text("//tbody//th") == "锁定账号 neiqin（neiqin）"
    assert "安全管理员（anquan）" in latest.text("//tbody")
    granted = auditor.page("/accounts/log/?kind=duty.granted").text("//tbody//th")
    assert granted == f"账号 shenji-2（shenji-2） 自 {TODAY} 起在 scj 任职：审计管理员"
    mine = auditor.page(f"/accounts/log/?account=anquan&first={TODAY}&last={TODAY}")
    assert len(mine.all("//tbody/tr")) == 1
    assert "没有符合条件的条目" in auditor.page(f"/accounts/log/?account=anquan&last={YESTERDAY}").source
    assert auditor.page("/accounts/log/?kind=%27&first=0000-00-00").all("//tbody/tr")
    officer("jianzheng").get("/accounts/log/")
    security.get("/accounts/log/", status=403)
