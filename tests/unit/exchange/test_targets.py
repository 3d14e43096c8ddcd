"""The directory of targets as files bring it: registry exports, drawn lists, our own export (rules.md C)."""

import datetime
from collections import Counter

import pytest

from fairdraw.exchange import tables
from fairdraw.exchange.readers import report, targets
from fairdraw.kernel.errors import InvalidInput, Trouble
from tests.builders.tables import SAMPLES, text_file, workbook

HEAD = "名称,代码,主体类别,登记状态\n"


def read_text(tmp_path, text):
    return targets.read(tables.read(text_file(tmp_path, text)))


def said(troubles):
    return [(trouble.row, trouble.column, type(trouble).__name__) for trouble in troubles]


def test_a_registry_export_is_read_under_chinese_names():
    reading = targets.read(tables.read(SAMPLES / "targets-registry.csv"))
    first, second, third, fourth = reading.rows

    assert (first.uscc, first.kind, first.status, first.credit_class) == (
        "91350524MA0000007P",
        "enterprise",
        "existing",
        "B",
    )
    assert (second.status, second.registered_on) == ("suspended", datetime.date(2019, 7, 1))
    assert (third.status, third.abnormal) == ("revoked", True)
    assert (fourth.old_number, fourth.uscc, fourth.kind) == ("350524600012345", "", "individual_business")
    assert first.station == "东镇市场监管所"


def test_an_unknown_status_waits_and_is_never_read_as_existing():
    reading = targets.read(tables.read(SAMPLES / "targets-registry.csv"))

    assert reading.rows[3].status == "unknown"
    assert said(reading.troubles) == [(5, "登记状态", "Caution")]


def test_our_own_export_is_read_whole():
    reading = targets.read(tables.read(SAMPLES / "targets-export.csv"))
    enterprise, place, product = reading.rows

    assert reading.troubles == []
    assert (enterprise.draw_code, enterprise.tags, enterprise.annual_report) == (
        "91350524MA0000007P",
        ("food_sale", "supermarket"),
        "filed",
    )
    assert (enterprise.class_computed_on, enterprise.abnormal) == (datetime.date(2025, 6, 1), False)
    assert (place.kind, place.code, place.draw_code) == ("place", "", "P000000001")
    assert (product.kind, product.code, product.uscc) == ("product", "SKU-2025-0001", "")


@pytest.mark.parametrize("code", ["9.1E+17", "9.13505E+17", "9.13505241234568E+17"])
def test_a_code_that_excel_turned_into_a_number_is_an_error(tmp_path, code):
    reading = read_text(tmp_path, f"{HEAD}演示甲,{code},企业,存续\n")

    assert reading.rows == []
    assert said(reading.troubles) == [(2, "代码", "Trouble")]
    assert "科学计数法" in reading.troubles[0].message


def test_a_numeric_code_cell_of_a_workbook_is_the_same_error(tmp_path):
    path = workbook(tmp_path, [["名称", "代码"], ["演示甲", 913505241234567890]])
    reading = targets.read(tables.read(path))

    assert said(reading.troubles) == [(2, "代码", "Trouble")]


def test_a_wrong_check_character_is_told_and_taken(tmp_path):
    reading = read_text(tmp_path, f"{HEAD}演示甲,91350524MA0000007X,企业,存续\n")

    assert [row.uscc for row in reading.rows] == ["91350524MA0000007X"]
    assert said(reading.troubles) == [(2, "代码", "Caution")]


def test_a_code_twice_is_an_error_that_names_both_rows(tmp_path):
    reading = read_text(
        tmp_path,
        f"{HEAD}演示甲,91350524MA0000007P,企业,存续\n演示乙,92350524MA0000015F,个体工商户,存续\n"
        "演示丙,９１３５０５２４ｍａ０００００07p,企业,存续\n",
    )

    (trouble,) = reading.troubles
    assert trouble.row == 4
    assert "第2行和第4行" in trouble.message


def test_a_look_alike_letter_is_refused_with_the_likely_code(tmp_path):
    reading = read_text(tmp_path, f"{HEAD}演示甲,9135O524MA0000007P,企业,存续\n")

    assert reading.rows == []
    assert "91350524MA0000007P" in reading.troubles[0].message


@pytest.mark.parametrize("code", ["91350524MA000000", "abc", "演示"])
def test_a_code_of_another_form_is_an_error(tmp_path, code):
    assert said(read_text(tmp_path, f"{HEAD}演示甲,{code},企业,存续\n").troubles) == [(2, "代码", "Trouble")]


def test_each_error_names_its_cell(tmp_path):
    reading = read_text(
        tmp_path,
        "名称,代码,主体类别,成立日期,信用风险分类,经营异常\n"
        ",91350524MA0000007P,企业,2024-01-01,A,是\n"
        "演示乙,,企业,2024-01-01,A,是\n"
        "演示丙,350524000012345,某类,2024-01-01,A,是\n"
        "演示丁,350524000012346,企业,去年,A,是\n"
        "演示戊,350524000012347,企业,2024-01-01,E,是\n"
        "演示己,350524000012348,企业,2024-01-01,A,也许\n",
    )

    assert said(reading.troubles) == [
        (2, "名称", "Trouble"),
        (3, "代码", "Trouble"),
        (4, "主体类别", "Trouble"),
        (5, "成立日期", "Trouble"),
        (6, "信用风险分类", "Trouble"),
        (7, "经营异常", "Trouble"),
    ]
    assert reading.rows == []


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("演示甲", "92350524MA0000015F", "individual_business"),
        ("演示果蔬专业合作社", "350524000012345", "farmer_cooperative"),
        ("演示乙", "350524600012345", "individual_business"),
        ("演示丙", "350524000012345", "enterprise"),
        ("演示丁有限公司", "3505241000123", "enterprise"),
        ("演示戊有限公司", "企合闽演总字第002112号", "enterprise"),
    ],
)
def test_the_kind_is_told_by_the_number_where_no_column_says_it(tmp_path, name, code, kind):
    reading = read_text(tmp_path, f"name,code,authority,jurisdiction\n{name},{code},演示局,演示所\n")

    assert [row.kind for row in reading.rows] == [kind]
    assert report.errors(reading.troubles) == []


def test_a_number_that_does_not_tell_the_kind_asks_for_the_column(tmp_path):
    reading = read_text(tmp_path, "name,code\n演示供应站,3505241000123\n")

    assert reading.rows == []
    assert "主体类别" in report.errors(reading.troubles)[0].message


def test_a_table_without_names_is_refused_with_the_names_to_use(tmp_path):
    with pytest.raises(InvalidInput, match="企业名称"):
        read_text(tmp_path, "代码,状态\n91350524MA0000007P,存续\n")


def test_batches_hold_no_more_rows_than_asked_and_lose_none(tmp_path):
    lines = "".join(f"演示{n}号店,3505246{n:08d}\n" for n in range(25))
    table = tables.read(text_file(tmp_path, "name,code\n" + lines))

    sizes = [len(batch.rows) for batch in targets.batches(table, size=10)]

    assert sizes == [10, 10, 5]


def test_an_iteration_is_lazy(tmp_path):
    table = tables.read(text_file(tmp_path, 'name,code\n演示甲,350524600000001\n"坏\n'))
    batches = targets.batches(table, size=1)

    assert next(batches).rows[0].name == "演示甲"
    with pytest.raises(InvalidInput):
        next(batches)


def test_every_stored_kind_and_status_word_means_itself():
    from fairdraw.exchange.readers import target_words

    assert {target_words.KIND_OF[kind] for kind in target_words.KINDS} == target_words.KINDS
    assert Counter(target_words.STATUS_OF.values())["existing"] >= 5
    assert target_words.STATUS_OF["注销"] == "deregistered"


class TestMoreFields:
    """Grade, index and licence of a target; what is wrong is told with row and column."""

    HEAD = "企业名称,统一社会信用代码,食品风险等级,风险指数,许可证名称,许可证编号,许可有效期至,许可标签"

    def row(self, tmp_path, *rows):
        return read_text(tmp_path, "\n".join([self.HEAD, *rows]))

    def test_grade_index_and_licence_are_read(self, tmp_path):
        reading = self.row(
            tmp_path,
            "演示食品有限公司,91350524MA0000007P,C级,72.50,食品经营许可证,JY001,2027-06-30,licensed_food",
        )
        (row,) = reading.rows
        assert (row.food_grade, str(row.risk_index), row.licence_number) == ("C", "72.50", "JY001")
        assert (str(row.licence_to), row.licence_tag) == ("2027-06-30", "licensed_food")

    def test_a_wrong_grade_and_index_name_row_and_column(self, tmp_path):
        reading = self.row(
            tmp_path,
            "甲公司,91350524MA0000007P,E,72,,,长期,",
            "乙合作社,93350524MA00000237,A,-1,,,,",
        )
        assert [(t.row, t.column) for t in reading.troubles] == [(2, "食品风险等级"), (3, "风险指数")]
        assert reading.rows == []

    def test_enterprises_of_one_name_and_two_codes_are_told_and_taken(self, tmp_path):
        reading = self.row(
            tmp_path,
            "演示茶业有限公司,91350524MA0000007P,,,,,,",
            "演示茶业有限公司,350524100012345,,,,,,",
        )
        (trouble,) = reading.troubles
        assert (trouble.row, trouble.column) == (3, "企业名称")
        assert "与第2行同名而代码不同" in trouble.message
        assert len(reading.rows) == 2


def _odd_file(tmp_path, count):
    """Rows of which every third has something to say: a wrong day, a code twice, a caution, a blank name."""
    rows = []
    for n in range(count):
        name, code, day, status = f"演示{n}号店", f"3505246{n:08d}", "2024-03-01", "存续"
        day = "三月" if n % 9 == 0 else day
        code = f"3505246{n - 1:08d}" if n % 9 == 3 else code
        status = "睡着" if n % 9 == 6 else status
        name = "" if n % 27 == 4 else name
        rows.append(f"{name},{code},{day},{status}\n")
    return text_file(tmp_path, "名称,代码,成立日期,登记状态\n" + "".join(rows))


def test_rows_and_troubles_do_not_depend_on_how_many_are_read_at_once(tmp_path):
    table = tables.read(_odd_file(tmp_path, 60))

    def read(size):
        batches = list(targets.batches(table, size=size))
        return [r for b in batches for r in b.rows], [t for b in batches for t in b.troubles]

    rows, troubles = read(1)
    assert read(7) == read(60) == (rows, troubles)
    assert [t.row for t in troubles] == sorted(t.row for t in troubles)
    assert {t.column for t in troubles} == {"名称", "代码", "成立日期", "登记状态"}
    assert len(rows) < 60
    assert all(row.status in {"existing", "unknown"} for row in rows)


def test_a_plain_row_reads_the_same_alone_and_among_odd_ones(tmp_path):
    plain = "演示店,91350524MA0000007P,2024-03-01,存续\n"
    head = "名称,代码,成立日期,登记状态\n"
    (alone,) = targets.read(tables.read(text_file(tmp_path, head + plain))).rows
    among = targets.read(tables.read(text_file(tmp_path, head + plain + ",坏,坏,坏\n"))).rows

    assert among == [alone]
    assert (alone.uscc, alone.kind) == ("91350524MA0000007P", "enterprise")


def test_of_endless_troubles_the_first_are_kept_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(report, "MOST_KEPT", 3)
    kept = report.Kept("名录.csv")
    kept.add(Trouble("错", file="名录.csv", row=n) for n in range(10))
    kept.add(report.Caution("慎", file="名录.csv", row=n) for n in range(5))

    assert (len(kept.rows), kept.unlisted) == (10, 7)
    assert [t.row for t in report.errors(kept.troubles)] == [0, 1, 2]
    assert "另有 2 条" in str(report.cautions(kept.troubles)[-1])
    with pytest.raises(InvalidInput, match="文件有 10 处错误"):
        report.Told().require_kept(kept)
    sieve = report.Sieve()
    sieve.require_kept(kept)
    assert (len(sieve.refused), len(sieve.refused_rows)) == (3, 10)
    assert "另有 7 处没有列出" in str(sieve.cautions[-1])
