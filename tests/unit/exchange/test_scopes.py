"""Object scopes: sure only when every word is explained; invented tags for rehearsals (rules.md C2)."""

import csv
import datetime

import pytest

from fairdraw.exchange.readers import scope_tags, scopes
from fairdraw.exchange.readers.scope_tags import tags_for
from fairdraw.exchange.readers.scopes import guess
from fairdraw.exchange.readers.target_words import KINDS, SUBJECT_KINDS

SUBJECTS = tuple(sorted(SUBJECT_KINDS - {"foreign_rep_office"}))


@pytest.mark.parametrize(
    ("wording", "tags", "kinds"),
    [
        ("餐饮服务经营者;学校、托幼机构、养老机构等食堂", ("canteen", "catering"), ()),
        ("餐饮服务经营者(含入网餐饮服务提供者、网络餐饮服务第三方平台)", ("catering", "online_catering"), ()),
        ("全区取得《食品经营许可证》的餐饮服务经营者", ("catering",), ()),
        ("广告经营者", ("advertising",), ()),
        ("特种设备使用单位", ("special_equipment",), ()),
        ("获证食品生产企业", ("food_production",), ("enterprise",)),
        ("校园及校园周边食品销售者", ("campus_food_sale",), ()),
        ("食品生产企业、食品小作坊", ("food_production", "food_workshop"), ()),
        ("全省企业、农民专业合作社", (), ("enterprise", "farmer_cooperative")),
        ("各类市场主体", (), SUBJECTS),
        ("企业、个体工商户及其他经营单位", (), SUBJECTS),
    ],
)
def test_a_known_wording_becomes_a_sure_predicate(wording, tags, kinds):
    found = guess(wording)

    assert (found.tags, found.kinds, found.sure) == (tags, kinds, True)


def test_a_day_of_founding_is_part_of_the_predicate():
    found = guess("2025年1月1日之后成立的企业")

    assert (found.kinds, found.registered_from, found.sure) == (
        ("enterprise",),
        datetime.date(2025, 1, 1),
        True,
    )
    assert "含当日" in found.note


def test_newly_founded_means_this_plan_year_and_nothing_without_one():
    assert guess("新设立企业", year=2024).registered_from == datetime.date(2024, 1, 1)
    assert not guess("新设立企业").sure


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        ("全市定点医疗机构", "定点"),
        ("会计师事务所", "会计师事务所"),
        ("全区市场主体登记注册名称中含有“广告”或“传媒”的企业(单位)", "名称"),
        ("风险等级B、C、D级的食品销售经营者", "风险等级"),
        ("市区2023年9月30日前登记设立、已成立状态的相关市场主体", "之前登记"),
        ("企业、特种设备使用单位", "混写"),
        ("", "没有写明"),
    ],
)
def test_a_wording_with_a_word_left_over_is_held_with_its_reason(wording, reason):
    found = guess(wording)

    assert not found.sure
    assert reason in found.note


def test_every_alias_names_kinds_that_exist():
    aliases = scopes._aliases()

    assert {kind for alias in aliases.values() for kind in alias.kinds} <= KINDS
    assert all(alias.tags or alias.kinds for alias in aliases.values())


@pytest.mark.parametrize(
    ("name", "scope", "tags"),
    [
        ("演示县甲乙小吃店", "餐饮服务", ("catering",)),
        ("演示县甲乙餐饮设备有限公司", "厨房设备销售", ()),
        ("演示县甲乙贸易有限公司", "日用百货销售(不含餐饮服务)", ()),
        ("演示县甲乙广告有限公司", "设计、制作、代理、发布国内广告", ("advertising",)),
        ("演示县甲乙大药房", "药品零售", ("pharmacy",)),
        ("演示县甲乙布行", "布匹零售", ()),
    ],
)
def test_tags_come_from_the_words_of_name_and_scope(name, scope, tags):
    assert tags_for(name=name, scope=scope) == tags


@pytest.mark.parametrize("file", [scopes.ALIAS_FILE, scope_tags.KEYWORD_FILE])
def test_the_word_tables_have_whole_rows_and_no_word_twice(file):
    head, *rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))

    assert {len(row) for row in rows} == {len(head)}
    assert len({row[0] for row in rows}) == len(rows)
