"""
A real installation from ``fairdraw new`` to a published result: files, commands and pages, nothing of a rehearsal.

Every person opens the account with the own password; lists come from files; the draw is made by two commands; results
come from a file; review, hand-in and receipt are pressed on the pages.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, load_command_class
from django.test import Client

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import AgencyKind, Membership, User
from fairdraw.accounts.passwords import first_password
from fairdraw.audit.verify import verify_log
from fairdraw.draws import rules as draw_rules
from fairdraw.draws.models import Draw
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel import clock, uscc
from fairdraw.kernel.actor import COMMAND_LINE, Actor, Duty
from fairdraw.operations import installing, integrity
from fairdraw.operations.installing import Asked
from fairdraw.operations.units_file import Person, Unit
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Allocation, allocate
from fairdraw.plans.allocation import Asked as Size
from fairdraw.plans.models import Task
from fairdraw.plans.planning import default_rates, scope_counts
from fairdraw.registers.models import ItemVersion, Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import scheme_entry

BUREAU = "试点县市场监督管理局"
DAY = dt.date(2026, 4, 7)
PEOPLE = (
    Person("jihua", "计划员", "信用股", (Duty.PLANNER, Duty.CLERK)),
    Person("fuzeren", "负责人", "信用股", (Duty.LEADER, Duty.REVIEWER)),
    Person("jiandu", "监督人", "法规股", (Duty.SUPERVISOR,)),
)


@pytest.fixture(autouse=True)
def office_hours(db: None) -> Iterator[None]:
    """A Tuesday in April."""
    clock.use(lambda: clock.at(DAY, 9))
    yield
    clock.use(None)


def command(monkeypatch: pytest.MonkeyPatch, *words: str, typed: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run ``fairdraw`` words in this process, with what is typed; its JSON answer."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    out = io.StringIO()
    name = {"import": "import_"}.get(words[0], words[0])
    call_command(load_command_class("fairdraw.operations", name), *words[1:], "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def own(username: str) -> str:
    """The password that a person has chosen."""
    return f"{username}-zi-ji-de-mima"


def opened(monkeypatch: pytest.MonkeyPatch, account: installing.Opened) -> Client:
    """A person at a screen, who has changed the first password at the first sign-in."""
    client = Client()
    given = {"username": account.username, "password": account.password}
    assert client.post("/accounts/login/", given).status_code == 302
    assert client.get("/work/")["Location"] == "/accounts/password/"
    new = own(account.username)
    asked = {"present": account.password, "new": new, "again": new}
    assert client.post("/accounts/password/", asked).status_code == 302
    assert client.get("/work/").status_code == 200
    return client


def files(folder: Path) -> None:
    """What a bureau hands in: targets, their classes, inspectors, items."""
    codes = [f"91350599MA{n:07d}" for n in range(1, 61)]
    codes = [code + uscc.check_character(code) for code in codes]
    targets = [f"{code},试点{n}号贸易有限公司,存续,企业,城关所,零售" for n, code in enumerate(codes, start=1)]
    classes = [f"{code},{'ABCD'[n % 4]}" for n, code in enumerate(codes)]
    people = [
        f"r{n:02d},检查员{n},{'信用股' if n < 5 else '城关所'},YS-{n:03d},2030-12-31" for n in range(1, 9)
    ]
    tables = {
        "名录.csv": ["统一社会信用代码,企业名称,登记状态,主体类别,市场监管所,经营范围", *targets],
        "分类.csv": ["统一社会信用代码,信用风险分类", *classes],
        "人员.csv": ["编号,姓名,所属单位,执法证号,有效期至", *people],
        "事项.csv": [
            "事项编号,抽查类别,抽查事项,抽查依据,抽查对象,事项类型,抽查比例上限",
            "XY01,登记事项,企业公示信息检查,《企业信息公示暂行条例》,企业,一般检查事项,50%",
        ],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def planned(planner: Actor, leader: Actor) -> Task:
    """A task of the section with its scheme, approved by the leader."""
    section = accounts.agency("350599-g01")
    scope = ScopeSpec(kinds=("enterprise",))
    counts, kinds = scope_counts(scope)
    found = allocate(
        Size(ratio=None, count=8),
        counts=counts,
        kinds=kinds,
        default_rates=default_rates(DAY),
        exempt=False,
        reserve=2,
    )
    assert isinstance(found, Allocation), found
    start, end = dt.date(2026, 4, 7), dt.date(2026, 6, 30)
    task = plans.create_task(
        name="企业公示信息抽查",
        year=2026,
        agency=section,
        items=[ItemVersion.objects.get(item__code="XY01", ends_on=None)],
        window_start=start,
        window_end=end,
        due_on=end,
        local_reason="首次抽查",
        actor=planner,
        now=clock.now(),
    )
    entry = scheme_entry(found, scope, starts_on=start, finishes_on=end)
    plans.draft_scheme(task=task, entry=entry, name="企业公示信息抽查方案", actor=planner, now=clock.now())
    return plans.approve_scheme(task=task, actor=leader, now=clock.now())


def pressed(client: Client, do: str, rows: list[Inspection], **more: str) -> None:
    """Tick rows, confirm the number."""
    ids = ",".join(str(row.pk) for row in rows)
    given = {"do": do, "ids": ids, "sure": "1", "back": "/inspections/", **more}
    answer = client.post("/inspections/many/", given)
    assert answer.status_code == 302, do


UNITS = (
    Unit(AgencyKind.SECTION, "信用股"),
    Unit(AgencyKind.SECTION, "法规股"),
    Unit(AgencyKind.STATION, "城关所"),
)


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, Client]:
    """A real installation, and each of its people at a screen."""
    settings.CUSTODIAN = draw_rules.PRACTICE_CUSTODIAN
    asked = Asked(BUREAU, "试点县", "350599", prefix="试市监", telephone="0000-0", units=UNITS, people=PEOPLE)
    row, people = installing.install(asked, password=first_password, actor=COMMAND_LINE, now=clock.now())
    assert not row.rehearsal
    return {account.username: opened(monkeypatch, account) for account in people}


@pytest.fixture
def task(screens: dict[str, Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    """A task with an approved scheme, over registers that came from files."""
    files(tmp_path)
    for kind, name, *more in (
        ("targets", "名录.csv"),
        ("classes", "分类.csv", "--computed-on", "2026-03-01"),
        ("inspectors", "人员.csv"),
        ("items", "事项.csv"),
    ):
        command(monkeypatch, "import", kind, str(tmp_path / name), *more)
    assert Target.objects.exclude(credit_class="").count() == 60
    return planned(acting("jihua"), acting("fuzeren"))


def acting(username: str) -> Actor:
    """The person of an account, with the duties of the day."""
    return accounts.actor_of(accounts.user_named(username), on=DAY)


def drawn(monkeypatch: pytest.MonkeyPatch, task: Task, home: Path) -> list[Inspection]:
    """Draw the task: two people, each by the own command."""

    def step(account: str, *typed: str) -> dict[str, Any]:
        words = ("draw", task.number, "--as", account, "--keep", str(home / account))
        return command(monkeypatch, *words, typed=(own(account), *typed))

    code = step("jihua")["check_code"]
    step("jiandu", code)
    assert step("jihua")["state"] == "drawn"
    return list(Inspection.objects.filter(task=task).order_by("number"))


def test_the_first_administrator_opens_an_account_and_names_who_gives_duties(screens: dict[str, Client]):
    screens["admin"].post("/accounts/people/new/", {"username": "anquan", "name": "安全员"})
    security = User.objects.get(username="anquan")
    duty = {"agency": str(accounts.root().pk), "duty": "security_admin", "starts_on": str(DAY)}
    screens["admin"].post(f"/accounts/people/{security.pk}/duties/new/", duty)

    assert Membership.objects.get(user=security).duty == "security_admin"


def test_from_a_new_installation_to_a_published_result(
    screens: dict[str, Client], task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # 抽取
    rows = drawn(monkeypatch, task, tmp_path)
    assert Draw.objects.get().org == "350599-scj"
    assert len(rows) == 8
    # 通知、检查、从文件录入
    visits = list(Visit.objects.order_by("pk"))
    inspections.notify(visits, prefix="试市监", actor=acting("jihua"), now=clock.now())
    lines = ["任务编号,代码,检查日期,检查结果,后续处置"]
    lines += [
        f"{task.number},{r.target.draw_code},{DAY},{'01,' if n else '04,责令改正'}"
        for n, r in enumerate(rows)
    ]
    (tmp_path / "结果.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    words = ("import", "results", str(tmp_path / "结果.csv"), "--as", "jihua")
    assert command(monkeypatch, *words, typed=(own("jihua"),))["added"] == 8
    # 审核、报送、登记回执
    pressed(screens["fuzeren"], "review", rows, opinion="同意")
    pressed(screens["fuzeren"], "submit", rows, channel="necips")
    pressed(screens["fuzeren"], "acknowledge", rows, channel="necips", receipt="YL-2026-1")

    assert Inspection.objects.filter(task=task, state="published").count() == 8
    assert rows[1].target.name in Client().get("/public/results/").content.decode()
    assert verify_log(public_key=integrity.public_key()) == []
