"""
The papers of a draw as shapes for printing (抽查审批表、抽取记录表): filled from its frozen files and receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.documents import shapes
from fairdraw.draws import matching, selectors, shown
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import place_name
from fairdraw.draws.states import DRAW_LABELS, DrawState
from fairdraw.kernel import clock
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans.models import Task
from fairdraw.plans.states import CHANNEL_LABELS, Channel
from fairdraw.ui import formats

ROLES = {
    "initiator": gettext_noop("发起人"),
    "supervisor": gettext_noop("监督人"),
    "witness": gettext_noop("见证人"),
}
LEVELS = {1: gettext_noop("日常抽取"), 2: gettext_noop("批次抽取"), 3: gettext_noop("公开抽取")}
LISTS = {
    "frame": gettext_noop("待抽名单"),
    "excluded": gettext_noop("未入名单"),
    "officers": gettext_noop("检查人员"),
    "recusals": gettext_noop("回避"),
}
BASIS = gettext_noop("年度“双随机、一公开”监管工作计划")


def _name(unit: Agency, draw: Draw) -> str:
    """What the unit was called on the day of the draw: an old paper says the name of then (机构更名以后)."""
    return accounts.PastNames().of(unit, clock.local_date(draw.sealed_at or draw.prepared_at))


def _office(draw: Draw) -> shapes.Office:
    return shapes.Office(_name(draw.agency, draw), draw.agency.telephone)


def _leads(tasks: Mapping[str, Task], draw: Draw) -> dict[str, str]:
    """Who carries each task; where one unit drew its own tasks and handed them over later, the paper keeps that unit."""
    one_unit = len({task.agency_id for task in tasks.values()}) == 1
    own = one_unit and draw.agency.kind in {AgencyKind.SECTION, AgencyKind.STATION}
    return {number: _name(draw.agency if own else task.agency, draw) for number, task in tasks.items()}


def _persons(draw: Draw) -> tuple[shapes.DrawPerson, ...]:
    return tuple(
        shapes.DrawPerson(_(ROLES[s.role]), s.user.name if s.user else "", _name(s.office, draw))
        for s in selectors.sources(draw)
    )


def shortages(found: shown.Frozen) -> list[str]:
    """What is to be said before sealing: which strata hold fewer than the scheme asks for (名单不足)."""
    said = _("任务 %(task)s %(label)s：方案要求%(asked)s户，名单中只有%(held)s户，抽取%(drawn)s户")
    return [
        said % {"task": part.part, "label": s.label, "asked": s.asked, "held": s.held, "drawn": s.drawn}
        for part in found.parts
        for s in part.shortages
    ]


def unchosen(found: Iterable[matching.Unchosen]) -> list[str]:
    """Where nothing is left to chance in who goes, a sentence for each department and place (X04)."""
    said = _("%(dept)s在%(unit)s：%(one)s，%(n)s户")
    return [
        said % {"dept": place_name(one.dept), "unit": place_name(one.unit), "one": one, "n": one.targets}
        for one in found
    ]


def approval_sheet(draw: Draw) -> shapes.ApprovalSheet:
    """The sheet that is signed before the draw, with the approval code of exactly the frozen lists."""
    found = shown.frozen(draw)
    tasks = {t.number: t for t in selectors.tasks(draw)}
    first, leads = next(iter(tasks.values())), _leads(tasks, draw)
    team = _("按路线分组、随机分派") if found.assign_mode == "cluster" else _("逐户随机选派两人")
    return shapes.ApprovalSheet(
        office=_office(draw),
        year=draw.year,
        draw_number=draw.number,
        attempt=draw.attempt,
        level=_(LEVELS.get(draw.level, "")),
        channel=_(CHANNEL_LABELS[Channel(first.channel)]),
        suite=draw.suite,
        approval_code=draw.approval_code,
        basis=_(BASIS),
        tasks=tuple(
            shapes.DrawTask(
                number=part.part,
                name=tasks[part.part].name,
                scope=tasks[part.part].scheme.scope_text,
                lead=leads[part.part],
                finish_on=tasks[part.part].due_on,
                in_scope=part.held,
                to_draw=part.drawn,
            )
            for part in found.parts
        ),
        sizes=tuple(
            shapes.SizeRow(part.part, s.label, s.held, formats.rate(s.probability), s.drawn, s.reserve)
            for part in found.parts
            for s in part.strata
        ),
        short=tuple(shortages(found)),
        unchosen=tuple(unchosen(found.unchosen)),
        persons=_persons(draw),
        lists=tuple(shapes.ListRoot(_(LISTS[one.name]), one.count, one.root) for one in found.lists),
        inspectors_ready=found.officers,
        team_rule=team,
        made_at=draw.prepared_at,
        rehearsal=draw.org.startswith("rehearsal-"),
    )


def record(draw: Draw) -> shapes.DrawRecord:
    """The record of a finished draw, from its receipt."""
    told = shown.receipt_of(draw) or {}
    names = {t.number: t.name for t in selectors.tasks(draw)}
    assert draw.sealed_at is not None
    assert draw.drawn_at is not None
    return shapes.DrawRecord(
        office=_office(draw),
        draw_id=draw.pk,
        draw_number=draw.number,
        level=_(LEVELS.get(draw.level, "")),
        suite=draw.suite,
        sealed_at=draw.sealed_at,
        drawn_at=draw.drawn_at,
        approval_code=draw.approval_code,
        seal_hash=draw.seal or "",
        seed_hash=draw.seed_hash or "",
        result_count=told["result"]["n"],
        result_root=told["result"]["root"],
        assign_count=told["assign"]["n"],
        assign_root=told["assign"]["root"],
        log_origin=told["log"]["origin"],
        log_size=told["log"]["size"],
        log_root=told["log"]["root"],
        parts=tuple(
            shapes.PartLine(
                part=p["part"],
                name=names.get(p["part"], ""),
                purpose=p["purpose"],
                in_scope=p["in_scope"],
                drawn=p["drawn"],
                is_all=p["all"],
                listed_by=p.get("list", {}).get("of", ""),
                list_document=p.get("list", {}).get("doc", ""),
            )
            for p in told["parts"]
        ),
        persons=_persons(draw),
        attempts=tuple(
            shapes.AttemptLine(a.attempt, _(DRAW_LABELS[DrawState(a.state)]), a.ended_reason)
            for a in selectors.attempts_before(draw)
        ),
        commits_hash=shown.commits_digest(draw) if draw.level > 1 else "",
        public_number=draw.beacon_value,
        public_number_source=_("号码球") if draw.beacon_kind == "dice" else draw.beacon_kind,
        program=told["program"],
        unchosen=tuple(unchosen(shown.unchosen_of(draw))),
        rehearsal=bool(told["rehearsal"]),
    )
