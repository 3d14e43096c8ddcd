"""
After the draw nobody names a successor (vdraw/1 §11, §12): it follows from the seed, and every verifier can tell.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import transaction

import verify
from drawcore.bundle import read_bundle
from drawcore.verify import verify as verify_core
from fairdraw.audit import services as audit
from fairdraw.draws import bundles, course, replacing, rules, selectors, services
from fairdraw.draws.models import DrawnRow
from fairdraw.draws.refusals import DrawRefused, NotDrawable
from fairdraw.inspections import replacing as visits
from fairdraw.inspections import services as inspections
from fairdraw.inspections.entries import RecordEntry
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.inspections.opening import open_inspections
from fairdraw.inspections.permissions import WrongState
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans.models import Task
from fairdraw.registers import services as registers
from fairdraw.registers.models import Inspector
from tests.builders.county import NOW, TODAY, County
from tests.service.draws.walking import DAY, Walk, approved_task, verified

pytestmark = pytest.mark.django_db
LATER = NOW + DAY
STRATA = ({"code": "N", "take": 60, "reserve": 1},)


def drawn(county: County, *, assign_mode: str, strata: Sequence[dict[str, object]] = STRATA) -> Walk:
    """A drawn task of sixty targets with one reserve, its inspections open, its receipt issued."""
    county.tasks["replaced"] = approved_task(county, name="递补", strata=strata, assign_mode=assign_mode)
    walk = Walk(county, ("replaced",)).to_drawn()
    open_inspections(walk.draw, actor=walk.actors["p1"], now=LATER)
    bundles.issue_receipt(walk.draw, origin=rules.log_origin(walk.draw.org), now=LATER)
    return walk


@pytest.fixture(params=["each", "cluster"])
def walk(request: pytest.FixtureRequest, ground: County) -> Walk:
    """A drawn task, with targets of their own inspectors and with teams."""
    return drawn(ground, assign_mode=request.param)


@pytest.fixture
def leader(ground: County) -> Actor:
    """The leader of the section."""
    return ground.actor("zlg-fz")


def inspection(walk: Walk, number: int = 0) -> Inspection:
    """The *number*-th inspection of the task."""
    return Inspection.objects.filter(task__number=walk.number).order_by("number")[number]


def replaced(walk: Walk, folder: Path) -> list[str]:
    """What the standalone verifier says of the changes after the draw (step 12)."""
    return next(step.notes for step in verified(walk, folder) if step.number == 12)


def ranked(walk: Walk) -> list[str]:
    """The targets of the only stratum by rank, as result.tsv lists them: sixty, then the reserve."""
    lines = selectors.content(walk.draw, "result.tsv").decode().splitlines()
    return [line.split("\t")[5] for line in lines]


def test_the_next_rank_moves_up_for_a_target_that_cannot_be_there(walk: Walk, leader: Actor, tmp_path: Path):
    asked = inspection(walk)

    [opened] = visits.replace_target(inspection_id=asked.pk, reason="moved_out", actor=leader, now=LATER)

    assert opened.target.draw_code == ranked(walk)[60]
    asked.refresh_from_db()
    assert (asked.state, asked.excluded_code) == ("excluded", "moved_out")
    assert opened.assignments.filter(replaced_at__isnull=True).count() == 2
    assert opened.visits.count() == 1
    assert {r.target.draw_code for r in selectors.present_rows(asked.task)} == (
        set(ranked(walk)) - {asked.target.draw_code}
    )
    assert any("替换 1 次，均合规则" in note for note in replaced(walk, tmp_path))


def test_past_the_reserves_the_ranks_go_on(ground: County, walk: Walk, leader: Actor, tmp_path: Path):
    """The second one to move up was no reserve; three replacements of sixty are 5 %, a fourth is more."""
    moved = [
        visits.replace_target(
            inspection_id=inspection(walk, n).pk, reason="duplicate", actor=leader, now=LATER
        )[0]
        for n in range(3)
    ]

    assert moved[0].target.draw_code == ranked(walk)[60]
    assert [m.row.rank for m in moved] == [61, 62, 63]
    assert len({m.number for m in moved}) == 3
    fourth = inspection(walk, 3)
    with pytest.raises(NotPermitted, match="上级负责人"):
        visits.replace_target(inspection_id=fourth.pk, reason="duplicate", actor=leader, now=LATER)
    visits.replace_target(
        inspection_id=fourth.pk, reason="duplicate", actor=ground.actor("juzhang"), now=LATER
    )
    assert any("替换 4 次，均合规则" in note for note in replaced(walk, tmp_path))


@pytest.mark.parametrize("reason", ["not_found", "refused", "done", "recent", ""])
def test_a_target_is_replaced_only_for_what_can_be_verified(walk: Walk, leader: Actor, reason: str):
    with pytest.raises(NotDrawable, match="检查结果"):
        visits.replace_target(inspection_id=inspection(walk).pk, reason=reason, actor=leader, now=LATER)

    assert inspection(walk).state == "assigned"


def test_a_recorded_target_was_there_and_stays(ground: County, walk: Walk, leader: Actor):
    asked = inspection(walk)
    entry = RecordEntry(
        inspection_id=asked.pk,
        checked_on=TODAY,
        codes=("01",),
        measure="none_needed",
        answers=(),
        method="on_site",
        note="接举报提前检查",
    )
    inspections.record([entry], actor=ground.actor("zlg-jh"), now=LATER)

    with pytest.raises(WrongState, match="已经录入"):
        visits.replace_target(inspection_id=asked.pk, reason="moved_out", actor=leader, now=LATER)


def test_a_target_leaves_once_and_only_a_leader_approves(walk: Walk, leader: Actor):
    asked = inspection(walk)
    with pytest.raises(NotPermitted):
        visits.replace_target(inspection_id=asked.pk, reason="moved_out", actor=walk.actors["p1"], now=LATER)
    visits.replace_target(inspection_id=asked.pk, reason="moved_out", actor=leader, now=LATER)

    with pytest.raises(NotDrawable):
        replacing.replace_object(
            draw_id=walk.draw.pk,
            task=walk.number,
            target=asked.target.draw_code,
            reason="moved_out",
            actor=leader,
            now=LATER,
        )


def seated(row: Inspection) -> dict[str, str]:
    """Who sits where at an inspection now."""
    held = Assignment.objects.filter(inspection=row, replaced_at__isnull=True).select_related("inspector")
    return {a.slot: a.inspector.code for a in held}


def test_the_successor_of_an_inspector_follows_from_the_seed(ground: County, leader: Actor, tmp_path: Path):
    walk = drawn(ground, assign_mode="each")
    asked = inspection(walk)
    slot, leaving = min(seated(asked).items())
    foretold = verify_successor(walk, asked.target.draw_code, slot)

    relieved = visits.replace_inspector(
        inspection_id=asked.pk, inspector=leaving, reason="illness", actor=leader, now=LATER
    )

    assert [s.inspector for s in relieved.seats] == [foretold]
    assert seated(asked)[slot] == foretold
    assert len(seated(asked)) == 2
    old = Assignment.objects.get(inspection=asked, slot=slot, replaced_at__isnull=False)
    assert (old.inspector.code, old.replaced_reason) == (leaving, "illness")
    assert any("替换 1 次，均合规则" in note for note in replaced(walk, tmp_path))


def verify_successor(walk: Walk, target: str, slot: str) -> str:
    """Whom the independent verifier would seat next at *slot* of *target*."""
    held = bundles.files_of(walk.draw)
    plan = verify.read_json(held["plan.json"], "plan.json")
    made = verify.Draw(verify.Suite("sha256"), walk.prf, plan, held)
    made.classify()
    made.seed = verify.Suite("sha256").hash(held["seed.txt"])
    made.select()
    rows = [line.split("\t") for line in held["assign.tsv"].decode().splitlines()]
    number = [s["slot"] for s in made.slots].index(slot)
    return str(made.next_officer(target, number, [row[2] for row in rows if row[0] == target]))


def test_a_removed_inspector_never_comes_back_to_that_target(ground: County, leader: Actor):
    walk = drawn(ground, assign_mode="each")
    asked = inspection(walk)
    slot, first = min(seated(asked).items())
    gone = [first]
    for actor in (leader, leader, ground.actor("juzhang")):
        visits.replace_inspector(
            inspection_id=asked.pk, inspector=gone[-1], reason="absence", actor=actor, now=LATER
        )
        gone.append(seated(asked)[slot])

    assert len(set(gone)) == 4
    with pytest.raises(NotPermitted, match="超过两次"):
        visits.replace_inspector(
            inspection_id=asked.pk, inspector=gone[-1], reason="absence", actor=leader, now=LATER
        )
    with pytest.raises(NotDrawable, match="没有被派往"):
        visits.replace_inspector(
            inspection_id=asked.pk, inspector=first, reason="absence", actor=leader, now=LATER
        )


def test_a_stand_by_takes_over_everything_that_the_team_still_has(
    ground: County, leader: Actor, tmp_path: Path
):
    away(ground)  # an odd number of inspectors: one is left over when teams of two are formed
    walk = drawn(ground, assign_mode="cluster")
    team = team_of(inspection(walk))
    asked = inspection(walk)
    slot, leaving = min(seated(asked).items())
    own = [i for i in Inspection.objects.filter(task__number=walk.number) if team_of(i) == team]

    relieved = visits.replace_inspector(
        inspection_id=asked.pk, inspector=leaving, reason="certificate", actor=leader, now=LATER
    )

    successor = seated(asked)[slot]
    assert successor != leaving
    assert {seated(i)[slot] for i in own} == {successor}
    assert {s.target for s in relieved.seats} == {i.target.draw_code for i in own}
    assert any("替换 1 次，均合规则" in note for note in replaced(walk, tmp_path))


def test_without_a_stand_by_the_team_is_dissolved_and_its_targets_pass_on(
    ground: County, leader: Actor, tmp_path: Path
):
    walk = drawn(ground, assign_mode="cluster")
    chief = ground.actor("juzhang")
    for asked in Inspection.objects.filter(task__number=walk.number).order_by("number"):
        team, places = team_of(asked), seated(asked)
        relieved = visits.replace_inspector(
            inspection_id=asked.pk,
            inspector=min(places.values()),
            reason="illness",
            actor=chief,
            now=LATER,
        )
        if relieved.dissolved:
            break

    assert relieved.dissolved == team
    taken = {s.target for s in relieved.seats}
    assert asked.target.draw_code in taken
    for row in Inspection.objects.filter(task__number=walk.number, target__draw_code__in=taken):
        assert team_of(row) != team
        assert len(seated(row)) == 2
        assert {a.team for a in row.assignments.filter(replaced_at__isnull=True)} == {team_of(row)}
    assert any("均合规则" in note for note in replaced(walk, tmp_path))


@pytest.mark.parametrize("stand_by", [True, False])
def test_a_whole_team_counts_at_each_of_its_targets(
    ground: County, leader: Actor, tmp_path: Path, stand_by: bool
):
    """More than 5 % of the task's targets in one change: a leader above, whether somebody stands by or not (§12.3)."""
    if stand_by:
        away(ground)
    walk = drawn(ground, assign_mode="cluster")
    teams: dict[str, list[Inspection]] = {}
    for row in Inspection.objects.filter(task__number=walk.number).order_by("number"):
        teams.setdefault(team_of(row), []).append(row)
    large = max(teams.values(), key=len)
    assert len(large) > 3  # 3 of 60 are 5 %
    change = {"inspection_id": large[0].pk, "inspector": min(seated(large[0]).values()), "reason": "illness"}

    with pytest.raises(NotPermitted, match="上级负责人"):
        visits.replace_inspector(**change, actor=leader, now=LATER)

    visits.replace_inspector(**change, actor=ground.actor("juzhang"), now=LATER)
    so_far = replacing.changes_so_far(walk.draw, target=large[0].target.draw_code)[walk.number]
    assert so_far.in_task == len(large)
    assert any("均合规则" in note for note in replaced(walk, tmp_path))
    report = verify_core(read_bundle(tmp_path / "bundle"))
    assert f"{walk.number}变更的户次超过抽中户数的5%，须经上级批准" in report.steps[11].message


def test_one_target_that_passes_on_counts_once(ground: County, leader: Actor):
    walk = drawn(ground, assign_mode="cluster")
    asked = inspection(walk)

    visits.recuse_inspector(
        inspection_id=asked.pk,
        inspector=min(seated(asked).values()),
        reason="recusal",
        actor=leader,
        now=LATER,
    )

    so_far = replacing.changes_so_far(walk.draw, target=asked.target.draw_code)[walk.number]
    assert (so_far.at_target, so_far.in_task, so_far.drawn) == (1, 1, 60)


def test_a_recused_inspector_passes_the_target_to_another_team(ground: County, leader: Actor, tmp_path: Path):
    walk = drawn(ground, assign_mode="cluster")
    asked = inspection(walk)
    before, team = seated(asked), team_of(asked)
    others = {
        i.pk: seated(i) for i in Inspection.objects.filter(task__number=walk.number).exclude(pk=asked.pk)
    }

    visits.recuse_inspector(
        inspection_id=asked.pk, inspector=min(before.values()), reason="recusal", actor=leader, now=LATER
    )

    assert team_of(asked) != team
    assert not set(seated(asked).values()) & set(before.values())
    assert {pk: seated(Inspection.objects.get(pk=pk)) for pk in others} == others
    assert any("替换 1 次，均合规则" in note for note in replaced(walk, tmp_path))


def team_of(row: Inspection) -> str:
    visit = row.visits.get()
    return str(visit.team)


def away(county: County) -> None:
    """One inspector is away while the task goes on."""
    registers.enter_absence(
        inspector=Inspector.objects.order_by("code").first(),
        starts_on=TODAY,
        ends_on=TODAY + 90 * DAY,
        reason="leave",
        actor=county.cast.office,
        now=NOW,
    )


def test_a_change_in_the_log_that_the_rule_does_not_give_is_noticed(
    ground: County, walk: Walk, leader: Actor
):
    """Whoever writes a successor of his own into the log is found out at the next replacement."""
    other = next(c for c in ranked(walk) if c != ranked(walk)[60])
    body = {"draw": walk.draw.pk, "part": walk.number, "object": ranked(walk)[0], "reason": "moved_out"}
    body |= {"approver": leader.code, "successor": other}
    with transaction.atomic():
        audit.record(course.OBJECT, actor=leader, at=LATER, body={**body})

    with pytest.raises(DrawRefused):
        visits.replace_target(
            inspection_id=inspection(walk, 1).pk, reason="moved_out", actor=leader, now=LATER
        )


def test_every_reason_has_words_and_stands_in_every_plan(ground: County, walk: Walk):
    reasons = course.standing(walk.draw).plan.reasons

    assert set(rules.REPLACEABLE) <= set(reasons)
    assert all(itertools.chain(rules.REPLACEABLE.values(), rules.AWAY.values()))


def test_replacements_are_over_when_the_draw_is_disclosed(ground: County, walk: Walk, leader: Actor):
    Task.objects.filter(number=walk.number).update(state="completed")
    services.disclose(draw_id=walk.draw.pk, actor=walk.actors["p1"], now=LATER)

    with pytest.raises(NotDrawable):
        visits.replace_target(inspection_id=inspection(walk).pk, reason="moved_out", actor=leader, now=LATER)
    assert DrawnRow.objects.filter(task__number=walk.number, replaced_by__isnull=False).count() == 0
