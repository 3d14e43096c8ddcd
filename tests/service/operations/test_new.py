"""``fairdraw new``: a real installation once, with passwords shown once."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.operations.conftest import NAME, Place

pytestmark = pytest.mark.only_sqlite


def rows(place: Place, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the installation's database."""
    with contextlib.closing(sqlite3.connect(place.database)) as connection:
        return connection.execute(query).fetchall()


def test_an_installation_is_real_and_named_after_its_division(founded: Place):
    made = json.loads((founded.folder / "made.json").read_text(encoding="utf-8"))

    assert made["org"] == "350599-scj"
    assert rows(founded, "SELECT org, region_name, rehearsal, practice_at FROM accounts_installation") == [
        ("350599-scj", "试点县", 0, None)
    ]
    units = rows(founded, "SELECT kind, name, number_prefix FROM accounts_agency ORDER BY code")
    assert ("bureau", NAME, "试市监") in units
    assert [name for kind, name, _prefix in units if kind == "station"] == ["城关所", "东关所"]


def test_the_first_administrator_is_no_standing_superuser(founded: Place):
    made = json.loads((founded.folder / "made.json").read_text(encoding="utf-8"))

    [account] = made["accounts"]
    assert account["username"] == "admin"
    assert len(account["password"]) >= 12
    assert rows(founded, "SELECT duty FROM accounts_membership") == [("system_admin",)]
    stored = rows(founded, "SELECT password FROM accounts_user")[0][0]
    assert str(stored).startswith("argon2")
    assert account["password"] not in str(stored)


def test_keys_are_readable_by_nobody_else(founded: Place):
    for key in (founded.folder / "keys").iterdir():
        assert key.stat().st_mode & 0o077 == 0


def test_a_second_installation_is_refused(installed: Place):
    before = installed.database.read_bytes()

    done = installed.run("new", "--name", "别处市场监督管理局", "--division", "350598")

    assert done.code == 1
    assert "已经有安装" in done.err
    assert rows(installed, "SELECT org FROM accounts_installation") == [("350599-scj",)]
    assert installed.database.read_bytes() == before


def test_everything_that_is_missing_is_said_at_once(place: Place):
    done = place.run("new", "--division", "35059", "--json")

    assert done.code == 2
    messages = [trouble["message"] for trouble in done.answer["error"]["troubles"]]
    assert any("--name" in message for message in messages)
    assert any("--division" in message for message in messages)
    assert not place.database.exists()


def test_units_and_people_come_from_tables(place: Place, table: Callable[..., Path]):
    units = table(
        "单位.csv",
        "类型,名称,代码,简称",
        f"局,{NAME},scj,县局",
        "股室,企监股,qjg,",
        "所,城关所,,",
        "部门,消防大队,,",
    )
    people = table(
        "账号.csv", "账号,姓名,单位,职责", "zhang,张三,企监股,计划岗、检查岗", "li,李四,城关所,监督岗"
    )

    done = place.run("new", "--division", "350599", "--units", units, "--people", people, "--json")

    assert done.code == 0, done.err
    assert [account["username"] for account in done.answer["accounts"]] == ["admin", "zhang", "li"]
    assert len({account["password"] for account in done.answer["accounts"]}) == 3
    assert rows(
        place, "SELECT code, name FROM accounts_agency WHERE parent_id IS NULL ORDER BY name DESC"
    ) == [
        ("scj", NAME),
        ("350599-d01", "消防大队"),
    ]
    held = "SELECT u.username, m.duty FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id"
    assert {("zhang", "planner"), ("zhang", "inspector"), ("li", "supervisor")} <= set(rows(place, held))


def test_a_table_with_a_fault_leaves_nothing(place: Place, table: Callable[..., Path]):
    units = table("单位.csv", "类型,名称", f"局,{NAME}", "小组,企监股", "所,城关所", "所,城关所")

    done = place.run("new", "--division", "350599", "--units", units, "--json")

    assert done.code == 2
    troubles = done.answer["error"]["troubles"]
    assert [(t["file"], t["row"], t["column"]) for t in troubles] == [
        ("单位.csv", 3, "类型"),
        ("单位.csv", 5, "名称"),
    ]
    assert not place.database.exists()


def test_an_account_of_a_unit_that_is_not_there_leaves_nothing(place: Place, table: Callable[..., Path]):
    people = table("账号.csv", "账号,姓名,单位,职责", "zhang,张三,人事股,计划岗")

    done = place.run("new", "--name", NAME, "--division", "350599", "--people", people)

    assert done.code == 2
    assert "人事股" in done.err
    assert not place.database.exists()


def test_accounts_are_added_later(installed: Place):
    done = installed.run(
        *(
            "account",
            "add",
            "--username",
            "wang",
            "--name",
            "王五",
            "--agency",
            "企监股",
            "--duty",
            "负责人",
            "--json",
        )
    )

    assert done.code == 0, done.err
    assert done.answer["accounts"][0]["username"] == "wang"
    again = installed.run(
        "account", "add", "--username", "wang", "--name", "王五", "--agency", "企监股", "--duty", "负责人"
    )
    assert again.code == 2
    assert "已经存在" in again.err


def test_the_new_installation_is_in_order(installed: Place):
    done = installed.run("fsck", "--json")

    assert done.code == 0, done.err
    assert done.answer == {"installation": "350599-scj", "draws": 0, "problems": []}


def test_a_table_in_which_an_administrator_has_other_work_is_refused(
    place: Place, table: Callable[..., Path]
):
    people = table(
        "账号.csv",
        "账号,姓名,单位,职责",
        f"anquan,张三,{NAME},安全管理员",
        f"anquan,张三,{NAME},计划岗",
        f"shenji,李四,{NAME},审计管理员、系统管理员",
    )

    done = place.run("new", "--name", NAME, "--division", "350599", "--people", people, "--json")

    assert done.code == 2
    assert [(t["row"], t["column"]) for t in done.answer["error"]["troubles"]] == [(3, "职责"), (4, "职责")]
    assert not place.database.exists()


def test_the_owner_of_the_machine_grants_ends_locks_and_resets(installed: Place):
    who = ("--username", "wang")
    section = ("--agency", "企监股")
    installed.run("account", "add", *who, "--name", "王五", *section, "--duty", "计划岗")

    granted = installed.run("account", "grant", *who, *section, "--duty", "检查岗", "--until", "2999-12-31")
    ended = installed.run("account", "end", *who, *section, "--duty", "计划岗")
    reset = installed.run("account", "password", *who, "--json")
    locked = installed.run("account", "lock", *who)
    listed = installed.run("account", "list", "--json")

    assert [done.code for done in (granted, ended, reset, locked, listed)] == [0] * 5, ended.err
    assert len(reset.answer["accounts"][0]["password"]) >= 12
    [wang] = [a for a in listed.answer["accounts"] if a["username"] == "wang"]
    assert wang["state"] == "已锁定"
    held = dict(rows(installed, "SELECT duty, ends_on FROM accounts_membership WHERE duty != 'system_admin'"))
    assert held["inspector"] == "3000-01-01"
    assert held["planner"]
    refused = installed.run("account", "grant", *who, *section, "--duty", "监督岗")
    assert refused.code == 1
    assert "解锁后" in refused.err
    assert installed.run("account", "lock", "--username", "nobody").code == 2


def test_the_own_password_is_changed_by_who_knows_it(installed: Place):
    made = json.loads((installed.folder / "made.json").read_text(encoding="utf-8"))["accounts"][0]["password"]
    change = ("account", "change", "--username", "admin")

    wrong = installed.run(*change, given="falsch\nzi-ji-de-mima\nzi-ji-de-mima\n")
    assert rows(installed, "SELECT username, failures_since_start FROM axes_accessattempt") == [("admin", 1)]
    easy = installed.run(*change, given=f"{made}\n1234567890\n1234567890\n")
    done = installed.run(*change, given=f"{made}\nzi-ji-de-mima\nzi-ji-de-mima\n")
    again = installed.run(*change, given=f"{made}\nnoch-ein-wort\nnoch-ein-wort\n")

    assert [wrong.code, easy.code, done.code, again.code] == [1, 2, 0, 1]
    assert rows(installed, "SELECT first_password FROM accounts_user") == [(0,)]
