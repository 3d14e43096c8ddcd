"""``fairdraw draw`` and ``fairdraw void``: each person the own step, with the own password and share."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, load_command_class

from fairdraw.accounts.models import Installation, User
from fairdraw.audit.models import LogEntry
from fairdraw.demo.cast import PASSWORD
from fairdraw.draws import permissions as draw_rules
from fairdraw.draws.models import Draw, DrawSource
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.errors import FairdrawError, InvalidInput, NotFound, NotPermitted, RuleBroken
from fairdraw.operations import drawing, signing
from fairdraw.plans.models import Task
from tests.builders.county import County
from tests.builders.playing import county, in_the_county

__all__ = ["county", "in_the_county"]


@dataclass(frozen=True)
class Desk:
    """A person at a terminal, with a home of one's own."""

    home: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, name: str, *arguments: str, typed: tuple[str, ...] = ()) -> dict[str, Any]:
        """Run a command with what is typed; its JSON answer."""
        self.monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        out = io.StringIO()
        command = load_command_class("fairdraw.operations", name)
        keep = ["--keep", str(self.home)] if name == "draw" else []
        call_command(command, *arguments, *keep, "--json", stdout=out)
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    def draw(self, number: str, account: str, *typed: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
        """``draw NUMBER --as ACCOUNT`` with the right password."""
        return self.run("draw", number, "--as", account, *more, typed=(PASSWORD, *typed))


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Desk]:
    """The terminal of a person."""
    return lambda who: Desk(tmp_path / who, monkeypatch)


@pytest.fixture
def task(county: County) -> Task:
    return county.task("qjg-QX01")


def test_two_people_draw_a_task_in_three_runs(at, task):
    # 发起人封存，份额留在自己这里
    sealed = at("a").draw(task.number, "qjg-jh")
    assert (sealed["state"], sealed["waiting_for"]) == ("sealed", ["jiandu"])
    [kept] = at("a").home.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    share = json.loads(kept.read_text())["share"]
    assert not any(share in bytes(entry.document).decode() for entry in LogEntry.objects.all())
    # 监督人核对签字的审批表，锁定并开启
    opened = at("b").draw(task.number, "jiandu", drawing.rules.grouped(sealed["check_code"]).upper())
    assert (opened["state"], opened["waiting_for"]) == ("revealing", ["qjg-jh"])
    # 发起人开启，抽取完成
    drawn = at("a").draw(task.number, "qjg-jh")

    assert (drawn["state"], drawn["waiting_for"]) == ("drawn", [])
    task.refresh_from_db()
    assert task.state == "drawn"
    assert Inspection.objects.filter(task=task).count() == 12
    assert list(at("a").home.iterdir()) == []
    # 再运行一次什么也不改
    before = LogEntry.objects.count()
    assert at("a").draw(task.number, "qjg-jh") == drawn
    assert LogEntry.objects.count() == before


def test_a_wrong_check_code_stops_the_supervisor(at, task):
    at("a").draw(task.number, "qjg-jh")

    with pytest.raises(drawing.CodesDiffer):
        at("b").draw(task.number, "jiandu", "0" * 16)
    with pytest.raises(InvalidInput, match="没有输入核对码"):
        at("b").draw(task.number, "jiandu")

    assert DrawSource.objects.get(draw__number=task.number, role="supervisor").commitment == ""


def test_a_share_opens_only_where_it_was_locked(at, task):
    code = at("a").draw(task.number, "qjg-jh")["check_code"]
    at("b").draw(task.number, "jiandu", code)

    with pytest.raises(RuleBroken, match="那台设备"):
        at("c").draw(task.number, "qjg-jh")


def test_a_run_that_was_cut_off_goes_on_with_the_share_it_kept(at, task, monkeypatch):
    def cut_off(**_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(drawing.verbs, "commit", cut_off)
        with pytest.raises(KeyboardInterrupt):
            at("a").draw(task.number, "qjg-jh")
    [kept] = at("a").home.iterdir()
    before = kept.read_bytes()

    code = at("a").draw(task.number, "qjg-jh")["check_code"]
    assert kept.read_bytes() == before
    at("b").draw(task.number, "jiandu", code)
    assert at("a").draw(task.number, "qjg-jh")["state"] == "drawn"


def test_nothing_is_locked_where_the_share_cannot_be_kept(at, task, tmp_path):
    (tmp_path / "a").write_text("a file, not a folder")

    with pytest.raises(InvalidInput, match="--keep"):
        at("a").draw(task.number, "qjg-jh")

    assert DrawSource.objects.get(draw__number=task.number, role="initiator").commitment == ""
    assert at("b").draw(task.number, "qjg-jh")["waiting_for"] == ["jiandu"]


@pytest.mark.parametrize("account", ["zlg-jh", "ggg-fz", "guanli"])
def test_another_section_and_an_administrator_do_nothing(at, task, account):
    with pytest.raises((NotFound, NotPermitted)):
        at("x").draw(task.number, account)

    assert not Draw.objects.filter(number=task.number).exists()


def test_the_leader_of_the_section_does_not_seal(at, county, task):
    with pytest.raises(NotPermitted):
        at("x").draw(task.number, "qjg-fz")


def test_a_wrong_password_and_a_first_password_prove_nobody(at, task):
    with pytest.raises(signing.NotSignedIn):
        at("a").run("draw", task.number, "--as", "qjg-jh", typed=("falsch",))
    User.objects.filter(username="qjg-jh").update(first_password=True)
    with pytest.raises(signing.FirstPassword):
        at("a").draw(task.number, "qjg-jh")
    with pytest.raises(InvalidInput):
        at("a").run("draw", task.number, "--as", "qjg-jh")

    assert not Draw.objects.filter(number=task.number).exists()


def test_the_supervisor_is_of_another_section(at, task):
    with pytest.raises(InvalidInput, match="监督人"):
        at("a").draw(task.number, "qjg-jh", more=("--supervisor", "ggg-jh"))


def test_a_pool_has_a_witness_and_ball_numbers(at, county):
    numbers = [county.task(key).number for key in ("qjg-QX01", "tsg-TS01")]
    tasks = tuple(word for number in numbers for word in ("--task", number))
    pool = drawing.draw_page.pool_number(2026)

    with pytest.raises(InvalidInput, match=pool):
        at("a").draw("2026-P77", "bangong", more=tasks)
    code = at("a").draw(pool, "bangong", more=tasks)["check_code"]
    at("b").draw(pool, "jiandu", code)
    at("c").draw(pool, "jianzheng")
    at("b").draw(pool, "jiandu")
    waiting = at("a").draw(pool, "bangong")
    assert (waiting["state"], waiting["waiting_for"]) == ("waiting", ["jiandu"])
    with pytest.raises(RuleBroken, match="不一致"):
        at("b").draw(pool, "jiandu", "1" * 20, "2" * 20)
    drawn = at("b").draw(pool, "jiandu", "1" * 20, "1" * 20)

    assert drawn["state"] == "drawn"
    assert {t.state for t in Task.objects.filter(number__in=numbers)} == {"drawn"}


def test_a_rehearsal_plays_all_persons_in_one_run(at, county):
    one = at("a").run("draw", county.task("qjg-QX01").number)
    numbers = [county.task(key).number for key in ("ggg-WL01", "tsg-TS01")]
    tasks = [word for number in numbers for word in ("--task", number)]
    pool = at("a").run("draw", drawing.draw_page.pool_number(2026), *tasks)

    assert (one["state"], pool["state"]) == ("drawn", "drawn")
    assert list(at("a").home.iterdir()) == []


def test_a_real_draw_is_never_played(at, task, monkeypatch):
    live = Installation(org="350524-scj", name="正式局", region_name="某县", rehearsal=False)
    monkeypatch.setattr("fairdraw.accounts.selectors.installation", lambda: live)

    with pytest.raises(drawing.NotARehearsal, match="--as"):
        at("a").run("draw", task.number)

    assert not Draw.objects.filter(number=task.number).exists()


def voided(
    desk: Desk, number: str, account: str, second: str, reason: str = "方案范围有误"
) -> dict[str, Any]:
    """``void`` with both passwords."""
    people = ("--as", account, "--second", second)
    return desk.run("void", number, *people, "--reason", reason, typed=(PASSWORD, PASSWORD))


def test_two_people_void_a_sealed_draw_and_the_task_waits_again(at, task):
    at("a").draw(task.number, "qjg-jh")

    assert voided(at("a"), task.number, "qjg-jh", "jiandu")["state"] == "voided"

    task.refresh_from_db()
    assert task.state == "approved"
    assert Draw.objects.get(number=task.number).ended_reason == "方案范围有误"
    again = at("a").draw(task.number, "qjg-jh")
    assert (again["attempt"], again["state"]) == (2, "sealed")


@pytest.mark.parametrize(
    ("account", "second", "refusal"),
    [
        ("qjg-jh", "qjg-jh", draw_rules.TwoPeopleNeeded),
        ("qjg-jh", "ggg-jh", draw_rules.TwoPeopleNeeded),
        ("ggg-jh", "jiandu", NotFound),
    ],
)
def test_one_person_voids_nothing(at, task, account, second, refusal):
    at("a").draw(task.number, "qjg-jh")

    with pytest.raises(refusal):
        voided(at("a"), task.number, account, second)

    assert Draw.objects.get(number=task.number).state == "sealed"


def test_nothing_is_voided_once_it_is_opened_or_without_a_reason(at, task):
    code = at("a").draw(task.number, "qjg-jh")["check_code"]
    with pytest.raises(FairdrawError, match="原因"):
        voided(at("a"), task.number, "qjg-jh", "jiandu", reason=" ")
    at("b").draw(task.number, "jiandu", code)

    with pytest.raises(RuleBroken):
        voided(at("a"), task.number, "qjg-jh", "jiandu")
    with pytest.raises(NotFound):
        voided(at("a"), "2026-XX", "qjg-jh", "jiandu")
