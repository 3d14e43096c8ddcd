"""
N06: overlapping tasks are found and merged before the draw, later draws leave alone whom earlier ones took, visits of
every kind count towards a cap, and documents are checked where no visit is allowed (安市监〔2024〕26号 一; 四（二）二、三).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from fairdraw.burden import selectors as borne
from fairdraw.burden import services as burden
from fairdraw.burden.entries import BlackoutEntry, CampaignEntry, VisitEntry
from fairdraw.burden.models import BorneVisit
from fairdraw.draws import overlaps, selectors
from fairdraw.draws.models import DrawnRow
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Visit
from fairdraw.kernel.errors import InvalidInput, NotPermitted
from fairdraw.plans import merging
from fairdraw.plans.allocation import Asked
from fairdraw.plans.permissions import WrongState
from fairdraw.plans.refusals import ReasonMissing
from fairdraw.plans.services import draft_scheme
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec
from fairdraw.rulebook import services as rulebook
from fairdraw.rulebook.states import Certainty
from fairdraw.rulebook.values import Source
from tests.builders.bureau import YEAR, existing, scheme_entry


def proposal(first, second):
    [found] = [o for o in overlaps.proposals(YEAR) if {o.first.pk, o.second.pk} == {first.pk, second.pk}]
    return found


def answer(bureau, one, *, accepted, actor=None, **more):
    return merging.decide(
        first=one.first,
        second=one.second,
        accepted=accepted,
        reason=more.pop("reason", "对象相同，时间相近"),
        shared=one.shared,
        saved=one.saved,
        actor=actor or bureau.cast.office,
        now=bureau.now,
        **more,
    )


def drawn_codes(task):
    rows = DrawnRow.objects.filter(task=task, reserve=False)
    return set(rows.values_list("target__draw_code", flat=True))


def excluded(draw):
    return {
        tuple(line.split("\t")[:3]) for line in selectors.content(draw, "excluded.tsv").decode().splitlines()
    }


def visits(targets, *, count, agency="scj", kind="full_coverage", **more):
    return [
        VisitEntry(t.draw_code, dt.date(YEAR, 1, 2 + n), agency, "", kind, **more)
        for t in targets
        for n in range(count)
    ]


def enter(bureau, entries):
    return burden.import_visits(entries, source="入企.csv", actor=bureau.cast.office, now=bureau.now)


def test_n06_the_tasks_that_meet_most_come_first_with_exact_figures(bureau):
    many = bureau.approved(flat=True, count=60)
    few = bureau.approved("zlg", item="ZL01", flat=True, count=40)
    apart = bureau.approved("tsg", item="TS01", kinds=("individual_business",), count=6)
    later = bureau.approved("jjg", item="JG01", starts=(9, 1), ends=(10, 30), count=50)

    found = overlaps.overlaps(overlaps.open_tasks(YEAR))

    # 户数按名录库准确计数；两项任务各抽60、40户，同一随机数下小样本落在大样本之内，可少去40户次
    [one] = found
    held = len(existing())
    assert {one.first, one.second} == {many, few}
    assert (one.shared, one.saved) == (held, Fraction(40))
    assert one.chance == Fraction(60 * 40, held)
    assert {apart.pk, later.pk}.isdisjoint({one.first.pk, one.second.pk})  # 对象不同，或时间不重叠
    assert overlaps.picture([many, few]).doors([many, few]) == (100, 60)


def test_n06_the_saving_foretold_is_the_saving_drawn(bureau):
    first = bureau.approved(flat=True, count=60)
    second = bureau.approved("zlg", item="ZL01", flat=True, count=40)
    saved = proposal(first, second).saved
    answer(bureau, proposal(first, second), accepted=True)

    bureau.draw(first, second)

    assert len(drawn_codes(first) & drawn_codes(second)) == saved
    assert drawn_codes(second) < drawn_codes(first)
    assert Visit.objects.count() == 60


def test_n06_no_list_is_frozen_before_the_proposals_are_answered(bureau):
    first, second = bureau.approved(count=20), bureau.approved("zlg", item="ZL01", count=20)
    prepare = {"tasks": [first], "actor": bureau.actor("ggg-jh")}
    with pytest.raises(overlaps.ProposalsOpen, match=rf"{first.number}—{second.number}"):
        overlaps.require_answered(prepare["tasks"])
    overlaps.require_answered([first, second])  # 放进同一批次就是一次去，不必答复

    # 不采纳必须写明理由；采纳涉及别的股室，由领导小组办公室办理
    one = proposal(first, second)
    with pytest.raises(ReasonMissing):
        answer(bureau, one, accepted=False, reason=" ")
    with pytest.raises(NotPermitted):
        answer(bureau, one, accepted=True, actor=bureau.actor("ggg-jh"))
    with pytest.raises(NotPermitted):
        answer(bureau, one, accepted=False, actor=bureau.actor("tsg-jh"))
    refused = answer(bureau, one, accepted=False, reason="检查季节不同", actor=bureau.actor("ggg-jh"))
    overlaps.require_answered([first])
    with pytest.raises(merging.AlreadyDecided):
        answer(bureau, one, accepted=True)

    # 封存以前可以撤回，撤回后重新等待答复；封存以后不能再改
    merging.undo(decision_id=refused.pk, actor=bureau.actor("ggg-jh"), now=bureau.now)
    with pytest.raises(overlaps.ProposalsOpen):
        overlaps.require_answered([second])
    again = answer(bureau, proposal(first, second), accepted=False)
    bureau.draw(first)
    with pytest.raises(WrongState, match="封存以后"):
        merging.undo(decision_id=again.pk, actor=bureau.cast.office, now=bureau.now)


def test_n06_later_draws_take_first_whom_the_year_has_not_drawn(bureau):
    # 不是A类的企业，两次各抽三成：分别抽取时约有一成碰巧重复，按本年次数排序后一户也不重复
    scope = {"flat": True, "ratio": "0.3"}
    rulebook_a_class(bureau, repeat=1)
    first = bureau.drawn(**scope)
    bureau.go(3, 20)
    second = bureau.approved("zlg", item="ZL01", starts=(3, 20), **scope)
    draw = bureau.draw(second)

    assert drawn_codes(first) & drawn_codes(second) == set()
    assert len(drawn_codes(second)) == len(drawn_codes(first))
    assert '"mode":"ledger"' in selectors.content(draw, "plan.json").decode()
    assert "hits" not in selectors.content(draw, "seal.json").decode()


def rulebook_a_class(bureau, *, repeat):
    rulebook.set_number(
        code="a_class_repeat_in_year",
        value=Decimal(repeat),
        starts_on=dt.date(YEAR, 1, 1),
        source=Source(document="演示县监〔2026〕9号", certainty=Certainty.TEXT),
        actor=bureau.cast.office,
        now=bureau.now,
    )


def test_n06_class_a_is_drawn_once_a_year(bureau):
    first = bureau.drawn(flat=True, ratio="0.5")
    taken = set(
        Target.objects.filter(draw_code__in=drawn_codes(first), credit_class="A").values_list(
            "draw_code", flat=True
        )
    )
    second = bureau.approved("zlg", item="ZL01", flat=True, ratio="0.5")

    draw = bureau.draw(second)

    assert taken
    assert drawn_codes(second).isdisjoint(taken)
    assert {(code, "*", "already_covered") for code in taken} <= excluded(draw)


def test_n06_who_has_had_four_visits_is_drawn_for_documents_only(bureau):
    full, three, exempt = existing()[:3]
    enter(bureau, visits([full], count=4))
    enter(bureau, visits([three], count=3))
    enter(bureau, visits([exempt], count=6, kind="case_inspection", exempt_code="complaint"))
    other = existing()[3]
    enter(bureau, visits([other], count=9, agency="xfj"))  # 上限按机关计，别的部门的检查不占本局的次数
    on_site = bureau.approved(flat=True, ratio="1")

    draw = bureau.draw(on_site)
    assert (full.draw_code, "*", "cap_reached") in excluded(draw)
    assert full.draw_code not in drawn_codes(on_site)
    assert {three.draw_code, exempt.draw_code, other.draw_code} <= drawn_codes(on_site)

    # 书面检查不入企，达到上限的也可以抽
    by_documents = bureau.drafted("zlg", item="ZL01", flat=True, ratio="1")
    scope = ScopeSpec(kinds=("enterprise",))
    found = bureau.allocation(Asked(ratio=Fraction(1)), scope)
    draft_scheme(
        task=by_documents,
        entry=scheme_entry(
            found,
            scope,
            starts_on=by_documents.window_start,
            finishes_on=by_documents.window_end,
            method="documents",
        ),
        name="演示县书面检查方案",
        actor=bureau.actor("zlg-jh"),
        now=bureau.now,
    )
    bureau.draw(bureau.approve(bureau.fresh(by_documents)))
    assert full.draw_code in drawn_codes(by_documents)

    # 企业的账：本年入企、离上限还有几次；上限的数值未见于本省文件，不得当作规定显示
    account = borne.account(full, year=YEAR, department=bureau.agency)
    assert (account.counted, account.cap, account.is_full, account.cap_is_law) == (4, 4, True, False)


def test_n06_a_visit_to_come_is_counted_until_it_is_made_or_given_up(bureau):
    task = bureau.drawn(count=5)
    rows = bureau.rows(task)
    assert BorneVisit.objects.filter(waiting=True).count() == 5
    bureau.go(4, 1)

    bureau.record(rows[:1])

    assert BorneVisit.objects.get(target=rows[0].target).visited_on == bureau.today
    assert BorneVisit.objects.filter(waiting=True).count() == 4


def test_n06_a_special_campaign_over_an_item_of_the_plan_is_warned_about(bureau):
    entry = CampaignEntry(
        name="广告专项检查",
        organised_by="演示县市场监督管理局",
        document_number="演政〔2026〕3号",
        approved_by="演示县人民政府",
        approved_on=dt.date(YEAR, 2, 1),
        starts_on=dt.date(YEAR, 5, 1),
        ends_on=dt.date(YEAR, 7, 31),
        items=("GG01",),
    )
    with pytest.raises(NotPermitted):
        burden.register_campaign(entry, actor=bureau.actor("ggg-jh"), now=bureau.now)
    made = burden.register_campaign(entry, actor=bureau.cast.office, now=bureau.now)
    item = bureau.item("GG01").item_id

    assert borne.campaigns_over([item], starts_on=dt.date(YEAR, 3, 2), ends_on=dt.date(YEAR, 6, 30)) == [made]
    assert borne.campaigns_over([item], starts_on=dt.date(YEAR, 8, 1), ends_on=dt.date(YEAR, 9, 30)) == []
    burden.withdraw_campaign(campaign_id=made.pk, reason="未开展", actor=bureau.cast.office, now=bureau.now)
    assert borne.campaigns_over([item], starts_on=dt.date(YEAR, 3, 2), ends_on=dt.date(YEAR, 6, 30)) == []


def test_n06_nobody_is_visited_on_days_that_the_place_keeps_free(bureau):
    with pytest.raises(InvalidInput, match="依据或原因"):
        burden.enter_blackout(
            BlackoutEntry("春茶采摘", dt.date(YEAR, 3, 9), dt.date(YEAR, 3, 15), " "),
            actor=bureau.cast.office,
            now=bureau.now,
        )
    burden.enter_blackout(
        BlackoutEntry("全县会考", dt.date(YEAR, 3, 2), dt.date(YEAR, 4, 30), "县委办通知"),
        actor=bureau.cast.office,
        now=bureau.now,
    )
    task = bureau.drawn(count=5)

    inspections.plan_visits(task=task, actor=bureau.actor("ggg-jh"), now=bureau.now)

    days = set(Visit.objects.filter(inspections__task=task).values_list("planned_on", flat=True))
    assert days
    assert min(days) > dt.date(YEAR, 4, 30)
