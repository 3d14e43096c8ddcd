"""
The field work of a rehearsed year (演练全年): notices, visits, records, reviews, publication, follow-ups, summaries.

It begins where a task is drawn; each step puts the next one on the agenda. Results come from a file, or are made
up and marked as such.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from fairdraw.demo import outcomes
from fairdraw.demo.cast import Cast
from fairdraw.demo.entropy import Choices
from fairdraw.demo.given import Given, Wanted
from fairdraw.demo.queue import Agenda
from fairdraw.exchange.services import ResultGiven
from fairdraw.files import services as files
from fairdraw.followup import services as followup
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpMove
from fairdraw.inspections import selectors as inspection_selectors
from fairdraw.inspections import services as inspections
from fairdraw.inspections.entries import ItemAnswer, RecordEntry
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.oversight import papers
from fairdraw.oversight import services as oversight
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState
from fairdraw.publication import services as publication
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.rules import Workdays

CHANNEL = "necips"


@dataclass
class Fieldwork:
    """What follows the draw of each task, until its summary is sent."""

    year: int
    cast: Cast
    choices: Choices
    agenda: Agenda
    mark: str
    given: Given | None
    on_notified: Callable[[Task], None] = lambda _task: None  # what follows the notices of a task: printing
    results: dict[int, ResultGiven] = field(default_factory=dict)  # of the file, by inspection

    @property
    def workdays(self) -> Workdays:
        """The calendar."""
        return rulebook.workdays()

    def begin(self, task: Task, now: dt.datetime) -> None:
        """Announce a drawn task and plan its visits; everything else follows by itself."""
        actor = self.cast.planner(task.agency)
        publication.announce(
            kind="task",
            reference=task.number,
            title=task.name,
            body=papers.task_notice(task),
            actor=self.cast.office,
            now=now,
        )
        inspections.plan_visits(task=task, actor=actor, now=now)
        day = self.workdays.add(clock.local_date(now), 1)
        self.agenda.put(clock.at(day, 10), lambda at: self._notify(task, at))
        weeks: dict[tuple[int, int, int], list[tuple[dt.date, int]]] = defaultdict(list)
        for pk, agency, on in self._days(task, drawn_on=clock.local_date(now)):
            year, week, _day = on.isocalendar()
            weeks[agency, year, week].append((on, pk))
        for _key, held in sorted(weeks.items()):
            last = max(on for on, _pk in held)
            last = max(last, day)
            self.agenda.put(clock.at(last, 17), partial(self._record, task, tuple(held)))

    def _days(self, task: Task, *, drawn_on: dt.date) -> Iterator[tuple[int, int, dt.date]]:
        """Inspection, agency and day of each check to come: as planned, or as the file of results has it."""
        rows = Inspection.objects.filter(task=task).order_by("pk")
        shown = ("pk", "agency_id", "visits__planned_on", "target__draw_code", "target__name")
        for pk, agency, planned, code, name in rows.values_list(*shown):
            if self.given is None:
                yield pk, agency, planned
                continue
            found = self.given.of(Wanted(task.number, task.name, code, name), drawn_on=drawn_on)
            if found is not None:  # what the file does not say stays unchecked
                self.results[pk] = found
                yield pk, agency, found.checked_on

    def _notify(self, task: Task, now: dt.datetime) -> None:
        if not task.unannounced:
            self._send_notices(task, now)
        self.on_notified(task)

    def _send_notices(self, task: Task, now: dt.datetime) -> None:
        doors: dict[int, list[Visit]] = defaultdict(list)
        for visit in inspection_selectors.open_visits(task):
            if visit.notified_at is None:
                doors[visit.agency_id].append(visit)
        for agency, visits in doors.items():
            own = agency == self.cast.bureau.pk
            actor = self.cast.planner(task.agency if own else visits[0].agency)
            inspections.notify(visits, prefix=visits[0].agency.number_prefix, actor=actor, now=now)

    # 检查、录入、审核、公示

    def _record(self, task: Task, batch: Sequence[tuple[dt.date, int]], now: dt.datetime) -> None:
        planned = {pk: day for day, pk in batch}
        waiting = [InspectionState.ASSIGNED.value, InspectionState.NOTIFIED.value]
        rows = list(
            Inspection.objects.filter(pk__in=planned, state__in=waiting)
            .select_related("target", "agency")
            .order_by("pk")
        )
        if not rows:
            return
        items = list(task.task_items.order_by("position").values_list("item", "version"))
        entries = [self._entry(row, task, planned[row.pk], items, now) for row in rows]
        agency = rows[0].agency
        inspections.record(entries, actor=self.cast.planner(agency), now=now)
        ids = [row.pk for row in rows]
        day = self.workdays.add(clock.local_date(now), 1)
        self.agenda.put(clock.at(day, 9), lambda at: self._review(task, ids, at))

    def _entry(
        self,
        row: Inspection,
        task: Task,
        planned: dt.date,
        items: Sequence[tuple[int, int]],
        now: dt.datetime,
    ) -> RecordEntry:
        given = self.results.get(row.pk)
        if given is None:
            code, measure = outcomes.outcome(self.choices, inspection=row.number, credit=row.class_as_sealed)
            found: tuple[str, ...] = (code,)
        else:
            found, measure = given.outcomes, given.measure
        known = rulebook.result_codes(clock.local_date(now))
        problem = next((known[code].label for code in found if known[code].is_problem), "")
        found_at = self.choices.below(len(items), "item", row.number) if problem else -1
        answers = tuple(
            ItemAnswer(item, version, problem=problem if n == found_at else "", bulk=n != found_at)
            for n, (item, version) in enumerate(items)
        )
        return RecordEntry(
            inspection_id=row.pk,
            checked_on=min(planned, clock.local_date(now)),
            codes=found,
            measure=measure,
            answers=answers,
            method=row.method,
            note=given.note if given else "",
            invented=given is None,
        )

    def _review(self, task: Task, ids: Sequence[int], now: dt.datetime) -> None:
        agency = Inspection.objects.select_related("agency").get(pk=ids[0]).agency
        rows = inspections.review(ids, passed=True, opinion="同意", actor=self.cast.leader(agency), now=now)
        opened = followup.open_findings(rows, actor=self.cast.planner(agency), now=now)
        day = self.workdays.add(clock.local_date(now), 1)
        if opened:
            self.agenda.put(clock.at(day, 11), lambda at: self._start_followups([f.pk for f in opened], at))
        self.agenda.put(clock.at(day, 15), lambda at: self._submit(task, ids, at))

    def _submit(self, task: Task, ids: Sequence[int], now: dt.datetime) -> None:
        agency = Inspection.objects.select_related("agency").get(pk=ids[0]).agency
        publication.submit(ids, channel=CHANNEL, actor=self.cast.planner(agency), now=now)
        day = self.workdays.add(clock.local_date(now), 1)
        self.agenda.put(clock.at(day, 16), lambda at: self._acknowledge(task, ids, at))

    def _acknowledge(self, task: Task, ids: Sequence[int], now: dt.datetime) -> None:
        agency = Inspection.objects.select_related("agency").get(pk=ids[0]).agency
        receipt = f"YL-{task.number}-{clock.local_date(now):%m%d}-{ids[0]}"
        publication.acknowledge(
            ids, receipt=receipt, channel=CHANNEL, actor=self.cast.planner(agency), now=now
        )
        task.refresh_from_db()
        if task.state == TaskState.COMPLETED.value:
            day = self.workdays.add(clock.local_date(now), 3)
            self.agenda.put(clock.at(day, 10), lambda at: self._summarise(task, at))

    # 后续处置、总结

    def _start_followups(self, ids: Sequence[int], now: dt.datetime) -> None:
        rows = list(
            FollowUp.objects.filter(pk__in=ids).select_related("owner", "finding__inspection").order_by("pk")
        )
        prefix = self.cast.bureau.number_prefix
        choices = [
            (f.pk, f.finding.inspection.measure, f"{prefix}改〔{self.year}〕{f.finding.inspection.number}")
            for f in rows
        ]
        actor = self.cast.planner(rows[0].owner)
        reasons = {f.pk: f.finding.inspection.note for f in rows}
        followup.start(choices, reasons=reasons, actor=actor, now=now)
        self.agenda.put(now + dt.timedelta(days=7), lambda at: self._end_followups(ids, at))

    def _end_followups(self, ids: Sequence[int], now: dt.datetime) -> None:
        rows = list(FollowUp.objects.filter(pk__in=ids).select_related("owner").order_by("pk"))
        actor = self.cast.planner(rows[0].owner)
        ordered = [f.pk for f in rows if f.state == "ordered"]
        if ordered:
            followup.move(ordered, FollowUpMove.SUBMIT, actor=actor, now=now)
            followup.move(ordered, FollowUpMove.VERIFY, actor=actor, now=now)
        followup.move(ids, FollowUpMove.CLOSE, how="已改正或已移交", actor=actor, now=now)

    def _summarise(self, task: Task, now: dt.datetime) -> None:
        task.refresh_from_db()
        if task.state != TaskState.COMPLETED.value:
            return
        data = papers.task_summary(task, mark=self.mark, on=clock.local_date(now))
        stored = files.store(data, media_type=papers.WORD, name=f"{task.number}-总结.docx", now=now)
        oversight.send_task_summary(task=task, stored=stored, actor=self.cast.planner(task.agency), now=now)
