"""
N01: 双随机、一公开. On no path does a person pick targets or inspectors for a double-random task: every service
and every form is looked at, and each way that could be tried is tried (安市监〔2024〕26号 标题、三（一）).
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re

import pytest
from django import forms
from django.db import IntegrityError, transaction

import fairdraw
from drawcore.rows import Frame
from fairdraw.draws import permissions as draw_permissions
from fairdraw.draws import receiving
from fairdraw.draws import selectors as draws
from fairdraw.draws import services as draw_services
from fairdraw.draws.frames import ReceivedList
from fairdraw.draws.models import DrawnRow, DrawnTeam
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.selectors import Person
from fairdraw.inspections import services as inspections
from fairdraw.plans import services as plans
from fairdraw.plans.states import Channel, TaskKind
from fairdraw.publication import selectors as publications
from fairdraw.registers.models import Inspector
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import existing, hand_picked
from tests.builders.tables import text_file

# Services that are handed targets or inspectors, and why nobody can pick with them.
ALLOWED = {
    "registers.declare_interest": "回避事由：只会减少可派人员，封存前登记、留痕",
    "registers.enter_absence": "缺勤：只会减少可派人员，封存前登记、留痕",
    "registers.change_inspector": "名录信息变更：留痕并记台账，已经封存的抽取不受影响",
    "registers.transfer_inspector": "随单位撤并转隶，不涉及某次抽取",
    "registers.change_target": "名录信息变更：写明理由并记台账，封存的底册不变",
    "registers.move_target": "所属变更：写明理由并记台账，封存的底册不变",
    "registers.enter_licence": "登记许可证，不涉及某次抽取",
    "draws.receive_list": "只接收省级平台抽取或上级派发的名单，本系统抽取的任务拒收",
    "draws.require_as_received": "核对名单与接收时一致",
    "draws.prepare_draw": "名单必须与接收时一致，本系统抽取的任务不得带名单",
}
NAMES = re.compile(r"\b(Target|Inspector|MatchedRow|ReceivedList|DrawnRow|DrawnTeam|Assignment)\b")


def modules(*endings):
    for found in pkgutil.walk_packages(fairdraw.__path__, "fairdraw."):
        if ".migrations" not in found.name and found.name.rpartition(".")[2] in endings:
            yield importlib.import_module(found.name)


VERBS = (
    "inspectors",
    "target_changes",
    "licences",
    "services",
    "preparing",
    "ending",
    "receiving",
    "received",
    "opening",
    "planning",
    "annual",
)


def verbs():
    for module in modules(*VERBS):
        stage = module.__name__.split(".")[1]
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__ and stage != "demo":
                yield f"{stage}.{name}", function


def test_n01_no_service_is_handed_targets_or_inspectors_to_choose():
    takers = {
        name
        for name, function in verbs()
        for parameter in inspect.signature(function, eval_str=False).parameters.values()
        if NAMES.search(str(parameter.annotation))
    }

    assert takers == set(ALLOWED)


def test_n01_no_form_has_a_field_for_targets_or_inspectors():
    fields = {
        f"{module.__name__}.{form.__name__}.{field}"
        for module in modules("forms")
        for _name, form in inspect.getmembers(module, inspect.isclass)
        if issubclass(form, forms.BaseForm)
        for field in form.base_fields
    }

    assert fields
    assert [f for f in fields if re.search(r"target|inspector|officer|entit|chosen", f)] == []


def test_n01_a_scheme_says_which_kind_of_targets_never_which_ones():
    stated = {field.name for field in dataclasses.fields(ScopeSpec)}

    assert stated == {"tags", "kinds", "registered_from", "stations", "classes"}


def test_n01_hand_picked_work_is_of_another_kind_and_is_never_drawn(bureau):
    # 双随机任务不能附带指定对象的理由
    task = bureau.drafted()
    with pytest.raises(plans.HandPicked, match="只能抽取产生"):
        hand_picked(bureau, kind=TaskKind.DOUBLE_RANDOM)
    # 指定对象的检查必须写明理由，且不进入抽取
    with pytest.raises(plans.ReasonMissing):
        hand_picked(bureau, hand_picked_reason=" ")
    other = hand_picked(bureau)
    assert other.number != task.number
    with pytest.raises(NotDrawable, match="不是双随机任务"):
        bureau_draw_of(bureau, other)


def bureau_draw_of(bureau, task, **more):
    asked = {
        "tasks": [task],
        "number": task.number,
        "org": "rehearsal-xiaoju",
        "agency": task.agency,
        "persons": [
            Person(bureau.cast.planner(task.agency).user_id, task.agency_id, "initiator"),
            Person(bureau.cast.supervisor.user_id, bureau.cast.units["fgg"].pk, "supervisor"),
        ],
        "level": 1,
        "beacon": None,
        "actor": bureau.cast.planner(task.agency),
        "now": bureau.now,
        "entropy": bureau.entropy("n01"),
    }
    return draw_services.prepare_draw(**(asked | more))


def test_n01_a_list_of_chosen_targets_is_refused_wherever_it_is_tried(bureau, tmp_path):
    # 本系统抽取的任务：既不收名单，也不能在抽取时夹带名单
    own = bureau.approved()
    wanted = existing()[:3]
    path = text_file(tmp_path, "\n".join(["企业名称", *(t.name for t in wanted)]))
    for source in ("provincial", "dispatched"):
        with pytest.raises(receiving.ListRefused, match="检查对象只能抽取产生"):
            bureau.receive(own, path, source=source)
    chosen = ReceivedList("演示市局", "1号", "0" * 64, tuple(t.draw_code for t in wanted))
    with pytest.raises(receiving.NotAsReceived, match="没有接收过名单"):
        bureau_draw_of(bureau, own, lists={own.number: chosen})

    # 接收的名单：不能在抽取人员时增减
    other = bureau.approved(channel=Channel.PROVINCIAL)
    bureau.receive(other, path)
    held = receiving.lists_for([other])[other.number]
    for codes in (held.codes[:2], (*held.codes, existing()[5].draw_code)):
        padded = dataclasses.replace(held, codes=codes)
        with pytest.raises(receiving.NotAsReceived, match="不一致"):
            bureau_draw_of(bureau, bureau.fresh(other), lists={other.number: padded})
    with pytest.raises(receiving.NotAsReceived, match="不一致"):
        bureau_draw_of(bureau, bureau.fresh(other))


def test_n01_what_was_drawn_is_final_and_drawn_once(bureau):
    # 抽取之后：对象和人员都不能改，任务不能再抽
    task = bureau.approved()
    draw = bureau.draw(task)
    row = DrawnRow.objects.filter(task=task).first()
    seat = DrawnTeam.objects.filter(draw=draw).select_related("inspector").first()
    outsider = next(t for t in existing() if not t.drawn_rows.exists())
    for change in (
        lambda: DrawnRow.objects.filter(pk=row.pk).update(target=outsider),
        lambda: row.delete(),
        lambda: DrawnTeam.objects.filter(pk=seat.pk).update(
            inspector=Inspector.objects.exclude(pk=seat.inspector_id).first()
        ),
        lambda: seat.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(draw_permissions.OneDrawOnly):
        bureau.prepare(task)


def test_n01_inspectors_are_dealt_out_of_all_who_may_be_sent_and_recorded_as_dealt(bureau):
    # 每户的检查人员就是抽取给的那两个人，来自整个在册名录
    task = bureau.approved(ratio="0.3")
    draw = bureau.draw(task)
    frozen = {line.split("\t")[0] for line in draws.content(draw, "officers.tsv").decode().splitlines()}
    dealt = {(s.target_id, s.inspector_id) for s in DrawnTeam.objects.filter(draw=draw)}
    seated = {
        (row.target_id, seat.inspector_id) for row in bureau.rows(task) for seat in row.assignments.all()
    }

    assert seated == dealt
    assert len(frozen) > 10
    assert {i for _t, i in dealt} <= set(
        Inspector.objects.filter(code__in=frozen).values_list("pk", flat=True)
    )


def test_n01_everybody_in_scope_is_in_the_frame_or_left_out_with_a_reason(bureau):
    task = bureau.approved()
    draw = bureau.draw(task)
    frame = Frame.parse(draws.content(draw, "frame.tsv"))
    left_out = draws.content(draw, "excluded.tsv").decode().splitlines()
    in_scope = bureau.registered(kind="enterprise")

    assert len(frame.index) + len(left_out) == len(in_scope)
    assert all(line.split("\t")[2] for line in left_out)


def test_n01_results_are_made_public(bureau):
    # 一公开：任务公告不点名，结果公示按户可查
    task = bureau.drawn()
    bureau.go(3, 20)
    rows = bureau.rows(task)
    bureau.publish(rows)

    assert publications.public_results(task=task.number).count() == len(rows)
    assert publications.public_results(text=rows[0].target.draw_code).count() == 1
    with pytest.raises(inspections.permissions.WrongState):
        bureau.record(rows)
