"""Which unit answers to a division of the city bureau: kept by the office, read from a file, used to propose (N14)."""

from __future__ import annotations

import dataclasses

import pytest

from fairdraw.accounts.models import Agency
from fairdraw.audit.models import LogEntry
from fairdraw.desk import planning as reading
from fairdraw.desk import received
from fairdraw.exchange import importing
from fairdraw.exchange.kinds import Asked
from fairdraw.exchange.readers.report import Sieve, Told
from fairdraw.kernel.errors import InvalidInput, NotFound, NotPermitted
from fairdraw.plans import cities
from fairdraw.plans.cities import DivisionEntry
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.states import Channel
from tests.builders.tables import text_file, workbook


def keep(bureau, name, unit="ggg", note=""):
    entry = DivisionEntry(name, bureau.cast.units[unit], note)
    return cities.keep(entry, actor=bureau.cast.office, now=bureau.now)


def load(bureau, path, told=None):
    return importing.run(
        Asked("divisions", path), told=told or Told(), actor=bureau.cast.office, now=bureau.now, report=quiet
    )


def quiet(_words, _share):
    """Say nothing of how far it is."""


def test_a_division_is_known_however_its_bureau_is_written_before_it(bureau):
    keep(bureau, "广告监督管理处")
    for written in ("市局广告监督管理处", "泉州市市场监督管理局 广告监督管理处", "广告监督管理处"):
        assert cities.unit_of(written) == bureau.cast.units["ggg"]
    for other in ("", "市局", "质量监督管理处"):
        assert cities.unit_of(other) is None


def test_the_same_division_is_replaced_not_doubled_and_both_are_logged(bureau):
    keep(bureau, "广告处")
    keep(bureau, "市局广告处", "zlg", "机构改革后")

    [row] = cities.divisions()
    assert (row.name, row.agency, row.note) == ("市局广告处", bureau.cast.units["zlg"], "机构改革后")
    assert LogEntry.objects.filter(kind="division.kept").count() == 2


def test_only_the_office_keeps_the_table(bureau):
    entry = DivisionEntry("广告处", bureau.cast.units["ggg"])
    with pytest.raises(NotPermitted):
        cities.keep(entry, actor=bureau.actor("ggg-jh"), now=bureau.now)
    row = keep(bureau, "广告处")
    with pytest.raises(NotPermitted):
        cities.remove(row.pk, actor=bureau.actor("ggg-jh"), now=bureau.now)
    cities.remove(row.pk, actor=bureau.cast.office, now=bureau.now)
    with pytest.raises(NotFound):
        cities.remove(row.pk, actor=bureau.cast.office, now=bureau.now)
    assert cities.unit_of("广告处") is None


def test_the_table_comes_in_from_a_file_and_again_changes_nothing(bureau, tmp_path):
    rows = [
        ["市局处室与县局股室对照表", "", ""],
        ["市局处室", "对应股室", "备注"],
        ["广告监管处", "广告监管股", ""],
        ["质量处", "质量监管股", "含认证"],
    ]
    path = workbook(tmp_path, rows)

    assert load(bureau, path).count.added == 2
    assert cities.unit_of("市局质量处") == bureau.cast.units["zlg"]
    again = load(bureau, path).count
    assert (again.added, again.changed, again.same) == (0, 0, 2)


def test_a_unit_that_is_not_ours_is_named_with_row_and_column(bureau, tmp_path):
    lines = ["市局处室,对应股室", "广告处,广告监管股", "知识产权处,知识产权股", "广告处,质量监管股"]
    path = text_file(tmp_path, "\n".join(lines))
    with pytest.raises(InvalidInput) as refused:
        load(bureau, path)
    assert {(t.row, t.column) for t in refused.value.troubles} == {(3, "对应股室"), (4, "市局处室")}
    assert not cities.divisions().exists()

    sieve = Sieve()
    assert load(bureau, path, sieve).count.added == 1


def test_a_division_that_a_plan_row_names_is_its_unit(bureau):
    keep(bureau, "广告监管处")
    row = PlanRowEntry("1", "广告抽查", ("广告行为检查",), initiator="市局广告监管处", object_scope="企业")

    found = reading.understood(row, reading.Vocabulary.on(bureau.today), year=2026)

    assert found.agency == bureau.cast.units["ggg"]
    unknown = dataclasses.replace(row, initiator="市局某处")
    assert reading.understood(unknown, reading.Vocabulary.on(bureau.today), year=2026).agency is None


def test_a_unit_that_was_merged_into_another_is_that_one(bureau):
    keep(bureau, "广告处")
    new = bureau.cast.units["zlg"]
    Agency.objects.filter(code=bureau.cast.units["ggg"].code).update(successor=new, closes_on=bureau.today)

    assert cities.unit_of("市局广告处") == new


def test_a_list_for_another_units_task_is_noticed(bureau):
    keep(bureau, "质量处", "zlg")
    task = bureau.approved(channel=Channel.DISPATCHED)

    proposed = received.proposal("市局质量处", task)
    assert (proposed.unit, proposed.fits) == (bureau.cast.units["zlg"], False)
    assert received.proposal("市局某处", task).unit is None
    assert received.proposal(" ", task) is None
    lines = received.waiting(bureau.cast.office, bureau.cast.units["ggg"], today=bureau.today)
    assert [line.proposed for line in lines if line.task == task] == [True]
