"""Wordings of plan tables: offered by likeness, remembered when a person confirms, taken back, never guessed (N20)."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps

from fairdraw.audit import selectors as audit
from fairdraw.desk import planning
from fairdraw.kernel.errors import NotFound, NotPermitted
from fairdraw.registers import aliases
from fairdraw.registers.models import ItemAlias, ItemVersion
from fairdraw.registers.wordings import Grade, Names

NAMES = {
    1: "广告发布行为检查",
    2: "产品质量监督检查",
    3: "营业执照（登记证）规范使用情况的检查",
    4: "特种设备使用检查",
}


def test_offers_are_ranked_by_name_memory_marks_and_likeness():
    names = Names(NAMES, [("老叫法", 4)])

    def grades(wording):
        return [(one.key, one.grade) for one in names.suggestions(wording)]

    assert grades("广告发布行为检查")[0] == (1, Grade.EXACT)
    assert grades("老叫法")[0] == (4, Grade.ALIAS)
    assert grades("对广告发布行为的监督检查。")[0] == (1, Grade.NORMALISED)
    assert grades("营业执照使用情况检查")[0] == (3, Grade.SIMILAR)
    assert grades("毫不相干") == []


def test_only_marks_and_common_words_make_an_offer_sure():
    names = Names(NAMES)
    assert names.sure("广告发布行为的检查") == 1
    assert names.sure("产品质量监督抽查") is None  # 抽样检验是另一件事
    assert Names({1: "广告检查", 2: "广告抽查"}).sure("对广告的检查") is None


def remember(bureau, meant, actor=None):
    return aliases.remember(meant, actor=actor or bureau.cast.office, now=bureau.now)


def means(bureau, wording):
    problems: list[str] = []
    found = planning.Vocabulary.on(bureau.today).item_versions([wording], problems)
    return [v.item.code for v in found], problems


def test_a_confirmed_wording_is_found_in_later_plans_until_it_is_taken_back(bureau):
    assert means(bureau, "广告检查（老叫法）") == ([], ["抽查事项“广告检查（老叫法）”不在事项清单内"])
    assert remember(bureau, {"广告检查（老叫法）": "GG01", "查特种设备": "TS01"}) == 2

    assert means(bureau, "广告检查(老叫法)") == (["GG01"], [])
    row = ItemAlias.objects.get(wording="广告检查（老叫法）")
    assert (row.by, row.at) == (bureau.cast.office.name, bureau.now)
    assert audit.entries().filter(kind="aliases.remembered").get().body()["rows"] == 2

    aliases.forget(wording="广告检查（老叫法）", actor=bureau.cast.office, now=bureau.now)
    assert means(bureau, "广告检查（老叫法）")[0] == []
    assert audit.entries().filter(kind="alias.forgotten").get().body()["item"] == "GG01"


def test_all_or_none_is_remembered_and_only_by_who_keeps_the_registers(bureau):
    with pytest.raises(NotFound):
        remember(bureau, {"甲": "GG01", "乙": "没有"})
    with pytest.raises(NotPermitted):
        remember(bureau, {"甲": "GG01"}, actor=bureau.actor("ggg-jh"))
    with pytest.raises(NotPermitted):
        aliases.forget(wording="甲", actor=bureau.actor("ggg-jh"), now=bureau.now)
    assert not ItemAlias.objects.exists()


def test_older_installations_get_names_points_and_comparable_wordings(bureau):
    version = bureau.item("GG01")
    ItemVersion.objects.filter(pk=version.pk).update(name="", points=["亮照经营"])
    ItemAlias.objects.create(wording="广告（旧）", plain="x", item=version.item)
    importlib.import_module("fairdraw.registers.migrations.0006_names_and_points_of_versions").fill(
        apps, None
    )

    version.refresh_from_db()
    assert (version.name, version.points) == ("广告行为检查", [{"question": "亮照经营"}])
    assert ItemAlias.objects.get().plain == "广告(旧)"
