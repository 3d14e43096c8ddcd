"""Ratio and count cells of plan tables: the table of conventions of issue B, and what is never guessed."""

from decimal import Decimal

import pytest

from fairdraw.exchange.readers.plan_amounts import Amount, read_count, read_credit, read_excluded, read_ratio


def bounds(amount):
    return tuple(None if value is None else str(value) for value in (amount.ratio_min, amount.ratio_max))


def shares(part):
    return {key: str(value) for key, value in part.items()}


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("5%", "0.05", "0.05"),
        ("０.５％", "0.005", "0.005"),
        ("约1.5%", "0.015", "0.015"),
        ("总体抽查比例约1.5%", "0.015", "0.015"),
        ("5%左右", "0.05", "0.05"),
        ("2‰", "0.002", "0.002"),
        ("百分之五", "0.05", "0.05"),
        ("100%", "1", "1"),
        ("全覆盖", "1", "1"),
        ("全市3%", "0.03", "0.03"),
        ("按辖区内餐饮单位总数的3%抽取", "0.03", "0.03"),
        ("不低于3%", "0.03", None),
        ("2%以上(具体由各所掌握)", "0.02", None),
        ("抽查比例不低于10%", "0.1", None),
        ("全年抽查比例不低于5%", "0.05", None),
        ("≥20%", "0.2", None),
        ("检查比例不少于1%", "0.01", None),
        ("不低于5%(已开工项目),不少于1次。", "0.05", None),
        ("不高于10%", None, "0.1"),
        ("3%以内", None, "0.03"),
        ("5-10%", "0.05", "0.1"),
        ("5%—10%", "0.05", "0.1"),
        ("2%至5%", "0.02", "0.05"),
        ("不低于3%，不超过10%", "0.03", "0.1"),
        ("", None, None),
        ("-", None, None),
        ("/", None, None),
    ],
)
def test_a_ratio_is_read_as_it_is_meant(cell, low, high):
    amount = read_ratio(cell)

    assert bounds(amount) == (low, high)
    assert (amount.problem, amount.error) == ("", "")


@pytest.mark.parametrize(
    "cell",
    [
        "市级2% 区级10%",
        "区级10%",
        "待定",
        "根据实际情况确定",
        "省级计划规定比例",
        "各市根据实际情况确定抽查基数和比例。学校数在10所及以下的,按不少于2所随机抽取;超过10所的,不低于50%。",
        "三级机构≥50%,二级机构≥30%",
        "餐饮10%、流通5%",
        "每季度3%",
        "C类不低于30%",
        "D类61%-100%",
        "5",
        "1",
        "适当比例",
        "5%(餐饮服务50个,校园食堂5个)",
        "餐饮50户、食堂5户,5%",
        "5%(40户),另抽20户",
        "不低于50%(学校在10所以上的)",
    ],
)
def test_a_ratio_that_leaves_a_choice_stays_null_with_its_reason(cell):
    amount = read_ratio(cell)

    assert bounds(amount) == (None, None)
    assert amount.ratio_by_class == {}
    assert amount.problem


@pytest.mark.parametrize("cell", ["120%", "A类3%、D类300%", "10%-5%", "个体工商户150%", "-5%", "－5"])
def test_a_ratio_that_cannot_be_true_is_an_error(cell):
    assert read_ratio(cell).error


@pytest.mark.parametrize("cell", ["-3", "－20户", "负3户"])
def test_a_negative_count_is_an_error_and_loses_no_sign(cell):
    assert (read_count(cell).error, read_count(cell).count_max) == ("抽查数量写成了负数", None)


@pytest.mark.parametrize(
    ("cell", "by_class", "counts"),
    [
        ("A:3%;", {"A": "0.03"}, {}),
        ("A:1%;B:3%;C:10%;D:20%", {"A": "0.01", "B": "0.03", "C": "0.1", "D": "0.2"}, {}),
        ("按照B类40%(13户)、C类80%(7户)比例抽取", {"B": "0.4", "C": "0.8"}, {"B": 13, "C": 7}),
        (
            "根据企业信用分类结果,守信5%、警示10%、失信20%、严重失信40%比例抽取。",
            {"守信": "0.05", "警示": "0.1", "失信": "0.2", "严重失信": "0.4"},
            {},
        ),
        ("A、B类1%,D类100%", {"A": "0.01", "B": "0.01", "D": "1"}, {}),
        ("A（信用风险低）2%，D（信用风险高）100%", {"A": "0.02", "D": "1"}, {}),
        ("低风险1%、高风险30%", {"A": "0.01", "D": "0.3"}, {}),
        (
            "低风险1%、中风险2%、中高风险10%、高风险30%",
            {"低风险": "0.01", "中风险": "0.02", "中高风险": "0.1", "高风险": "0.3"},
            {},
        ),
    ],
)
def test_ratios_by_class_leave_the_whole_open(cell, by_class, counts):
    amount = read_ratio(cell)

    assert shares(amount.ratio_by_class) == by_class
    assert amount.count_by_class == counts
    assert bounds(amount) == (None, None)
    assert amount.problem == ""


def test_ratios_by_kind_stand_beside_those_by_class():
    amount = read_credit("按照C类25%(1户)、D类67%(2户)比例抽取。个体按5%(40户)的比例抽取")

    assert shares(amount.ratio_by_class) == {"C": "0.25", "D": "0.67"}
    assert shares(amount.ratio_by_kind) == {"individual_business": "0.05"}
    assert amount.count_by_kind == {"individual_business": 40}


def test_what_is_said_beside_a_ratio_by_kind_is_told():
    amount = read_ratio("企业1%,名单由省局统一派发; 其他市场主体由县级自行确定")

    assert shares(amount.ratio_by_kind) == {"enterprise": "0.01"}
    assert "其他市场主体由县级自行确定" in amount.problem


@pytest.mark.parametrize("cell", ["A级景区5%", "3A景区5%"])
def test_a_letter_that_is_no_credit_class_gives_no_class(cell):
    assert read_ratio(cell).ratio_by_class == {}


def test_a_ratio_of_a_class_that_was_not_read_is_told():
    assert read_credit("对C类不低于30%、D类50%").problem
    assert read_credit("对A、B、C、D类企业分别递加比例抽取") == Amount()


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [("5%(40户)", 40, 40), ("3%,且不少于20户", 20, None), ("20户(5%)", 20, 20), ("20户", 20, 20)],
)
def test_a_count_beside_a_ratio_is_read(cell, low, high):
    amount = read_ratio(cell)

    assert (amount.count_min, amount.count_max) == (low, high)


@pytest.mark.parametrize(
    ("cell", "percent", "expected"),
    [("5", True, ("0.05", "0.05")), ("5-10", True, ("0.05", "0.1")), ("0.05", False, ("0.05", "0.05"))],
)
def test_a_bare_number_is_a_ratio_only_when_the_column_says_so(cell, percent, expected):
    assert bounds(read_ratio(cell, bare_is_percent=percent)) == expected


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("1200户", 1200, 1200),
        ("43", 43, 43),
        ("0.39万户", 3900, 3900),
        ("2.8万户", 28000, 28000),
        ("60-70家", 60, 70),
        ("1户(以实际为准)", 1, 1),
        ("约300户", 300, 300),
        ("共计30户", 30, 30),
        ("数量原则上不少于10家", 10, None),
        ("20户以上", 20, None),
        ("不超过20户", None, 20),
        ("2次,30户", 30, 30),
        ("", None, None),
        ("-", None, None),
    ],
)
def test_a_count_is_read_as_it_is_meant(cell, low, high):
    amount = read_count(cell)

    assert (amount.count_min, amount.count_max) == (low, high)
    assert (amount.problem, amount.error) == ("", "")


@pytest.mark.parametrize(
    "cell", ["待定", "餐饮服务50个,校园食堂5个", "按实际情况", "3.5", "5%", "每年不少于2次", "一百户"]
)
def test_a_count_that_leaves_a_choice_stays_null_with_its_reason(cell):
    amount = read_count(cell)

    assert (amount.count_min, amount.count_max) == (None, None)
    assert amount.problem


def test_counts_by_class_stand_with_or_without_a_total():
    assert read_count("A类10户、B类20户") == Amount(count_by_class={"A": 10, "B": 20})
    assert read_count("20户(B类13户、C类7户)") == Amount(
        count_min=20, count_max=20, count_by_class={"B": 13, "C": 7}
    )


def test_a_range_upside_down_is_an_error():
    assert read_count("70-60家").error


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("A类企业不纳入抽查", ("A",)),
        ("检查对象不涉及D类企业", ("D",)),
        ("A、B类企业免检", ("A", "B")),
        ("不涉及信用风险分类", ()),
        ("对A、B、C、D类企业分别递加比例抽取", ()),
        ("风险等级B、C、D级的食品销售经营者", ()),
    ],
)
def test_classes_left_out_are_read(text, letters):
    assert read_excluded(text) == letters


def test_ratios_are_exact():
    assert read_ratio("0.1%").ratio_min == Decimal("0.001")
