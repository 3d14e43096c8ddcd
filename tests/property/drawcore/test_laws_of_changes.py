"""What holds whatever happens after the draw: nobody chooses, nothing half done (递补、更换)."""

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawcore.changes import Course
from drawcore.errors import ChangeRefused, NobodyLeft
from drawcore.outcome import outcome
from tests.property.drawcore.strategies import Case, cases, seeds

slow = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def state(course: Course) -> object:
    """Give what a course would show, to be compared."""
    if course.seats:
        return copy.deepcopy((course.objects, course.seats.at))
    assert course.teams is not None
    members = {code: [one.id for one in team.members] for code, team in course.teams.teams.items()}
    return copy.deepcopy((course.objects, course.teams.holder, members))


def change(course: Course, case: Case, data: st.DataObject) -> bool:
    """Try one change drawn at random; tell whether it happened, and see that a refused one did nothing."""
    id_ = data.draw(st.sampled_from(case.sealed.frame.ids))
    part = data.draw(st.sampled_from(case.sealed.plan.parts)).part
    before = state(course)
    try:
        match data.draw(st.sampled_from(["replace", "extend", "officer", "pass"])):
            case "replace":
                course.replace_object(part, id_)
            case "extend":
                course.add_object(part, data.draw(st.sampled_from("ABN")))
            case "officer" if course.seats:
                course.seats.replace_officer(id_, data.draw(st.sampled_from("123")))
            case "officer":
                assert course.teams is not None
                team = data.draw(st.sampled_from(sorted(course.teams.teams) or ["none"]))
                officer = data.draw(st.sampled_from(case.sealed.officers.rows)).id
                course.teams.replace_officer(team, officer)
            case _:
                if course.teams is None:
                    return False
                holding = sorted(course.teams.teams) or ["none"]
                course.teams.pass_target(id_, data.draw(st.sampled_from(holding)))
    except (ChangeRefused, NobodyLeft):
        assert state(course) == before
        return False
    return True


@slow
@given(case=cases(), seed=seeds, data=st.data())
def test_a_change_that_is_refused_changes_nothing_and_others_keep_every_slot_filled(case, seed, data):
    found = outcome(case.sealed, case.keys(seed), case.seen.member)
    course = Course(case.sealed, case.seen.member, found, case.keys(seed))
    for _ in range(6):
        change(course, case, data)
        for id_ in course.objects:
            officers = _officers_at(course, id_)
            assert officers
            assert len(set(officers)) == len(officers)
            assert not set(officers) & case.sealed.recusals.at(id_)


def _officers_at(course: Course, id_: str) -> list[str]:
    if course.seats:
        return list(course.seats.at[id_].values())
    assert course.teams is not None
    holding = [code for (one, _dept), code in course.teams.holder.items() if one == id_]
    return [officer.id for code in holding for officer in course.teams.teams[code].members]


@slow
@given(case=cases(), seed=seeds)
def test_a_stratum_is_extended_rank_by_rank_until_it_is_used_up(case, seed):
    found = outcome(case.sealed, case.keys(seed), case.seen.member)
    course = Course(case.sealed, case.seen.member, found, case.keys(seed))
    part = next(part.part for part in case.sealed.plan.parts if part.purpose == "main")
    for code, stratum in found.selection.parts[part].items():
        for rank in range(stratum.size.drawn, stratum.size.held):
            try:
                moved = course.add_object(part, code)
            except NobodyLeft:
                return
            assert (moved.rank, moved.id) == (rank + 1, stratum.ranked[rank][1])
