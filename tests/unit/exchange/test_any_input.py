"""Whatever stands in a cell or a file, a reader answers or refuses; it never breaks (T-I8)."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from fairdraw.exchange import tables
from fairdraw.exchange.readers import plan_amounts, plan_cells, plans, report, scopes, subject_codes, targets
from fairdraw.exchange.readers.plan_windows import read_window
from fairdraw.kernel.errors import InvalidInput

#: Cells as bureaus write them, taken apart and put together in any order.
VOCABULARY = """
    0 1 2 3 5 10 12 31 2025 0.5 % ‰ 户 家 万 年 月 日 前 底 起 至 到 - — ~ . / ; , 、 。 ( ) A B C D 类 级 企业 个体
    合作社 不低于 不超过 约 以上 市级 区级 每季度 全年 次年 第 一 季度 上半年 待定 根据实际 守信 高风险 检查 食堂 学校
    的 及 其他 之后 成立
"""
words = st.lists(st.sampled_from(VOCABULARY.split()) | st.text(max_size=4), max_size=12).map("".join)


def holds_for(amount):
    for low, high in ((amount.ratio_min, amount.ratio_max), (amount.count_min, amount.count_max)):
        assert low is None or low >= 0
        assert low is None or high is None or low <= high
    assert amount.ratio_max is None or amount.ratio_max <= 1
    assert amount.error or all(0 <= share <= 1 for share in amount.ratio_by_class.values())


@given(cell=words)
def test_amounts_are_sound_or_told(cell):
    holds_for(plan_amounts.read_ratio(cell))
    holds_for(plan_amounts.read_ratio(cell, bare_is_percent=True))
    holds_for(plan_amounts.read_count(cell))
    holds_for(plan_amounts.read_credit(cell))
    plan_amounts.read_excluded(cell)


@given(cell=words)
def test_windows_are_sound_or_told(cell):
    window = read_window(cell, year=2025)

    assert window.start is None or window.end is None or window.start <= window.end
    assert not (window.error and window.problem)


@given(cell=words)
def test_other_cells_are_read_without_breaking(cell):
    assert all(plan_cells.split_items(cell))
    assert all(plan_cells.split_departments(cell))
    plan_cells.split_level(cell)
    assert scopes.guess(cell, year=2025).sure or scopes.guess(cell, year=2025).note
    subject_codes.read(cell)


@given(content=st.binary(max_size=300) | words.map(lambda text: f"名称,代码,任务名称\n{text}\n".encode()))
def test_any_file_is_read_or_refused(content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "任何.csv"
    path.write_bytes(content)
    for read in (
        lambda: targets.read(tables.read(path)),
        lambda: plans.read(plans.open_table(path), year=2025),
    ):
        with contextlib.suppress(InvalidInput):
            report.cautions(read().troubles)
