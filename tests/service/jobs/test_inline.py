"""Long work run inline: how it ends, what the person is told, what is kept for the administrator."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from fairdraw.jobs import registry, running, selectors, services
from fairdraw.jobs.models import Job
from fairdraw.jobs.states import LABELS, MOVES, JobMove, JobState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty, Grant
from fairdraw.kernel.errors import NotFound
from tests.service.jobs import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def practice_date():
    clock.use(lambda: kinds.NOW)
    kinds.RAN.clear()
    yield
    clock.use(None)


def test_a_job_ends_with_its_result_and_its_last_progress():
    job = kinds.put("probe.count", to=1000)

    assert (job.state, job.result) == ("done", {"counted": 1000})
    assert (job.done_count, job.total_count, job.message) == (1000, 1000, "第1000行")
    assert (job.put_at, job.started_at, job.ended_at) == (kinds.NOW,) * 3
    assert (job.person_error, job.traceback, job.attempt) == ("", "", 1)


def test_a_job_acts_with_the_duties_its_person_held_when_asking():
    kinds.put("probe.count", to=1)

    assert kinds.RAN == [{"to": 1, "actor": kinds.CLERK}]


def test_a_refusal_is_told_to_the_person_in_its_own_words():
    job = kinds.put("probe.refuse")

    assert (job.state, job.person_error, job.traceback) == ("failed", "名单已经封存，不能再导入", "")
    assert (job.done_count, job.total_count) == (3, 10)
    assert job.ended_at == kinds.NOW


def test_bad_rows_are_listed_with_their_place():
    job = kinds.put("probe.bad_rows")

    assert job.person_error == "名单有错误，没有导入"
    assert job.troubles == ["x.csv 第3行「代码」列：代码应为18位", "第4行：名称为空"]


def test_a_bug_is_kept_for_the_administrator_and_not_shown_to_the_person():
    job = kinds.put("probe.bug")

    assert job.state == "failed"
    assert "ZeroDivisionError: a secret detail" in job.traceback
    assert "secret" not in job.person_error
    assert str(job.pk) in job.person_error
    assert str(job) == "probe.bug failed"


def test_a_broken_statement_does_not_spoil_the_transaction_around_it():
    with transaction.atomic():
        job = kinds.put("probe.spoil")
        after = kinds.put("probe.count", to=1)

    assert "no_such_table" in job.traceback
    assert after.state == "done"


def test_a_job_delivered_twice_runs_once():
    job = kinds.put("probe.count", to=1)

    running.run_job.enqueue(job.pk)

    job.refresh_from_db()
    assert (job.attempt, len(kinds.RAN)) == (1, 1)


def test_two_jobs_with_one_key_never_run_at_once():
    outer = kinds.put("probe.nested", lock_key="the-register")

    inner = Job.objects.get(pk=outer.result["inner"])
    assert (inner.state, inner.attempt, kinds.RAN) == ("failed", 0, [])
    assert inner.person_error == "同样的工作正在进行，请等它结束后再试"
    assert kinds.put("probe.count", lock_key="the-register", to=1).state == "done"


def test_jobs_with_other_keys_or_none_do_not_hinder_each_other():
    assert kinds.put("probe.nested").state == "done"
    assert len(kinds.RAN) == 1


def test_the_database_holds_the_key_as_well():
    def running_row() -> Job:
        return Job.objects.create(
            kind="probe.count", lock_key="the-register", state="running", actor_code="u:7", actor={},
            put_at=kinds.NOW, started_at=kinds.NOW, heard_at=kinds.NOW, attempt=1,
        )  # fmt: skip

    running_row()
    with pytest.raises(IntegrityError), transaction.atomic():
        running_row()


def test_progress_is_saved_at_most_four_times_a_second(django_assert_max_num_queries):
    job = Job.objects.create(
        kind="probe.count", state="running", actor_code="u:7", actor={}, put_at=kinds.NOW,
        started_at=kinds.NOW, heard_at=kinds.NOW, attempt=1,
    )  # fmt: skip
    progress = running.Progress(job_id=job.pk, attempt=1, actor=kinds.CLERK)

    with django_assert_max_num_queries(4):
        for n in range(5000):
            progress.step(n, 5000, "正" * 300)

    job.refresh_from_db()
    assert job.total_count == 5000
    assert job.message == "正" * 200


def test_a_job_nobody_registered_is_not_taken():
    with pytest.raises(registry.UnknownJob):
        kinds.put("probe.unheard")
    with pytest.raises(ValueError, match="twice"):
        registry.job("probe.count", label="数到")(kinds.count)
    assert "probe.count" in [kind.code for kind in registry.kinds()]
    assert registry.label("gone.job") == "gone.job"


def test_a_job_takes_primitives_only():
    with pytest.raises(TypeError):
        kinds.put("probe.count", to={1, 2})


def test_people_see_their_own_jobs_and_the_administrator_no_more():
    job = kinds.put("probe.count", to=1)
    kinds.put("probe.count", to=1, actor=Actor(code="u:8"))
    administrator = Actor(code="u:1", grants=(Grant(Duty.SYSTEM_ADMIN, "/1/", 1),))

    assert [row.pk for row in selectors.visible_jobs(kinds.CLERK)] == [job.pk]
    assert not selectors.visible_jobs(administrator).exists()
    assert selectors.job(kinds.CLERK, job.pk) == job
    with pytest.raises(NotFound):
        selectors.job(Actor(code="u:8"), job.pk)


def test_a_page_is_told_what_it_shows():
    shown = selectors.shown(kinds.put("probe.refuse"))

    assert (shown.label, shown.state, shown.error) == ("会被拒绝", "failed", "名单已经封存，不能再导入")
    assert (shown.done, shown.total, shown.is_finished) == (3, 10, True)


def test_every_state_has_a_label_and_every_state_but_the_first_is_reached():
    assert set(LABELS) == set(JobState)
    assert set(MOVES.values()) == set(JobState)
    assert {move for _, move in MOVES} == set(JobMove)
    assert services.MOST_RUNS == 3
