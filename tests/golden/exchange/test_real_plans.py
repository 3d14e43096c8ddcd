"""The 22 real plan tables: every figure that was read, kept as a golden table, and read again from workbooks."""

import csv
import io
import re
from pathlib import Path

import pytest

from fairdraw.exchange.readers import plans, report
from tests.builders.tables import workbook

GOLDEN = Path(__file__).with_name("plan_figures.csv")
COLUMNS = (
    "file,row,source_no,items,participants,organised_by,carried_out_by,ratio_min,ratio_max,by_class,by_kind,"
    "count_min,count_max,counts,excluded,start,end,unread,missing"
)
#: The year of the tables whose names do not say one.
YEARS = {"guangdong-city-joint.csv": 2024}

CHINESE = {
    "source_no": "序号",
    "task_name": "抽查任务名称",
    "check_type": "抽查类型",
    "items": "抽查事项",
    "method": "检查方式",
    "initiator": "发起部门",
    "participants": "配合部门",
    "level": "实施层级",
    "object_scope": "检查对象（范围）",
    "base": "抽查基数",
    "ratio": "抽查比例",
    "target_count": "抽查数量",
    "credit_text": "信用风险分类要求",
    "window_raw": "抽查时间",
    "remarks": "备注",
}

pytestmark = pytest.mark.real_data


def year_of(name):
    found = re.search(r"20\d\d", name)
    return int(found[0]) if found else YEARS[name]


def tables_of(real_data):
    return sorted(path for path in (real_data / "plans").glob("*.csv") if path.name != "index.csv")


def figures(name, row):
    joined = ";".join
    return [
        name,
        str(row.number),
        row.source_no,
        str(len(row.items)),
        str(len(row.participants)),
        row.organised_by,
        row.carried_out_by,
        *("" if value is None else format(value, "f") for value in (row.ratio_min, row.ratio_max)),
        joined(f"{key}={value}" for key, value in row.ratio_by_class.items()),
        joined(f"{key}={value}" for key, value in row.ratio_by_kind.items()),
        *("" if value is None else str(value) for value in (row.count_min, row.count_max)),
        joined(f"{key}={value}" for key, value in {**row.count_by_class, **row.count_by_kind}.items()),
        "".join(row.classes_excluded),
        *("" if day is None else day.isoformat() for day in (row.window_start, row.window_end)),
        joined(problem.column for problem in row.problems),
        joined(row.missing),
    ]


def all_figures(real_data):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS.split(","))
    for path in tables_of(real_data):
        reading = plans.read(plans.open_table(path), year=year_of(path.name))
        assert report.errors(reading.troubles) == [], path.name
        writer.writerows(figures(path.name, row) for row in reading.rows)
    return out.getvalue()


def test_every_figure_of_the_real_tables_is_read_as_before(real_data):
    assert all_figures(real_data) == GOLDEN.read_text(encoding="utf-8")


def test_all_rows_are_there_and_the_cut_ones_are_marked(real_data):
    with (real_data / "plans" / "index.csv").open(encoding="utf-8") as stream:
        index = {row["file"]: row for row in csv.DictReader(stream)}
    for path in tables_of(real_data):
        rows = plans.read(plans.open_table(path), year=year_of(path.name)).rows
        whole = [row for row in rows if not row.is_partial]
        assert (len(rows), len(whole)) == (int(index[path.name]["rows"]), int(index[path.name]["full_rows"]))


def test_the_wording_of_each_window_gives_the_days_that_were_derived_by_hand(real_data):
    from fairdraw.exchange.readers.plan_windows import read_window

    compared = 0
    for path in tables_of(real_data):
        with path.open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                if row["row_status"] == "partial" or not (row["window_start"] or row["window_end"]):
                    continue
                window = read_window(row["window_raw"], year=year_of(path.name))
                days = ["" if day is None else day.isoformat() for day in (window.start, window.end)]
                assert days == [row["window_start"], row["window_end"]], row["window_raw"]
                compared += 1
    assert compared > 50


def test_workbooks_as_bureaus_make_them_give_the_same_rows(real_data, tmp_path):
    """Title above, Chinese names, no derived days; runs of equal task names and windows merged downwards."""
    for path in tables_of(real_data):
        year = year_of(path.name)
        with path.open(encoding="utf-8") as stream:
            source = [row for row in csv.DictReader(stream) if row["row_status"] == "full"]
        if not source:
            continue
        kept = [name for name in CHINESE if any(row[name] for row in source)]
        body = [[row[name] for name in kept] for row in source]
        built = workbook(
            tmp_path,
            [[], [CHINESE[name] for name in kept], *body],
            merge=[(0, 0, 0, len(kept) - 1, f"{year}年度抽查工作计划表"), *merged_runs(body)],
            name=path.with_suffix(".xlsx").name,
        )

        from_book = plans.read(plans.open_table(built), year=year)
        from_text = plans.read(plans.open_table(path), year=year)

        assert report.errors(from_book.troubles) == []
        assert [told(row) for row in from_book.rows] == [
            told(row) for row in from_text.rows if not row.is_partial
        ], path.name
        groups = [[number - 3 for number in group.numbers] for group in plans.group_rows(from_book.rows)]
        assert sorted(index for group in groups for index in group) == list(range(len(source)))


def merged_runs(body):
    """Equal, filled cells below each other, as bureaus merge them."""
    for column in range(len(body[0])):
        start = 0
        for index in range(1, len(body) + 1):
            if index == len(body) or body[index][column] != body[start][column]:
                if index - start > 1 and body[start][column]:
                    yield (start + 2, column, index + 1, column, body[start][column])
                start = index


def told(row):
    line = row.as_json()
    return {**line, "problems": len(line["problems"])}


def test_the_seven_parts_of_one_catering_task_are_one_task(real_data):
    rows = plans.read(plans.open_table(real_data / "plans" / "fengxiang-2025.csv"), year=2025).rows
    first, second, *_others = plans.group_rows(rows)

    assert len(first.numbers) == 7
    assert len(first.row.items) == 7
    assert second.numbers == (9,)
