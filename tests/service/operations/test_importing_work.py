"""``fairdraw import list`` and ``results``: what a person brings in, whole or not at all (N14, N18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from fairdraw.draws import receiving
from fairdraw.draws.models import DrawnList
from fairdraw.exchange.importing import Imported
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.errors import InvalidInput, NotFound, RuleBroken
from fairdraw.operations import importing_work
from fairdraw.operations.importing_work import Asked
from fairdraw.operations.management.commands import import_
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.builders.bureau import Bureau, bureau, existing, founded

__all__ = ["bureau", "founded"]
ORIGIN = {"drawn_by": "演示市市场监督管理局", "document": "演示市监〔2026〕12号"}


def bring(bureau: Bureau, account: str, path: Path, **more: object) -> Imported:
    """Import a file as the person of an account."""
    asked = Asked(path=path, **more)  # type: ignore[arg-type]
    return importing_work.run(
        asked, actor=bureau.actor(account), now=bureau.now, report=lambda label, share: None
    )


def bring_list(
    bureau: Bureau, path: Path, number: str, *, account: str = "ggg-jh", **more: object
) -> Imported:
    """Import a list with its origin."""
    words = {"kind": "list", "task": number, "drawn_on": bureau.today, **ORIGIN}
    return bring(bureau, account, path, **(words | more))


@pytest.fixture
def dispatched(bureau: Bureau):
    """A task whose targets the city has drawn."""
    return bureau.approved(channel=Channel.DISPATCHED)


def test_a_list_gets_its_inspectors_here_and_the_rest_goes_back(bureau, dispatched, table, tmp_path):
    first, second = existing()[:2]
    path = table(
        "名单.csv", "企业名称,统一社会信用代码", f"{first.name},", f",{second.uscc}", "没有这家公司,"
    )

    found = bring_list(bureau, path, dispatched.number, returned=tmp_path / "退回.csv")

    assert (found.rows, found.count.added) == (3, 2)
    assert [(c.file, c.row) for c in found.cautions] == [("名单.csv", 4)]
    assert "没有这家公司" in (tmp_path / "退回.csv").read_text(encoding="utf-8-sig")
    bureau.draw(bureau.fresh(dispatched))
    drawn = Inspection.objects.filter(task=dispatched).values_list("target__draw_code", flat=True)
    assert set(drawn) == {first.draw_code, second.draw_code}


def test_a_trial_of_a_list_enters_nothing(bureau, dispatched, table):
    path = table("名单.csv", "企业名称", existing()[0].name)

    assert bring_list(bureau, path, dispatched.number, dry_run=True).count.added == 1
    assert not DrawnList.objects.exists()


@pytest.mark.parametrize(
    ("lacking", "option"),
    [("task", "--task"), ("drawn_by", "--drawn-by"), ("document", "--document"), ("drawn_on", "--drawn-on")],
)
def test_a_list_says_where_it_comes_from(bureau, dispatched, table, lacking, option):
    path = table("名单.csv", "企业名称", existing()[0].name)

    with pytest.raises(InvalidInput, match=option):
        bring_list(bureau, path, dispatched.number, **{lacking: None})


def test_a_task_drawn_here_never_takes_a_list(bureau, table):
    path = table("名单.csv", "企业名称", existing()[0].name)

    with pytest.raises(receiving.ListRefused):
        bring_list(bureau, path, bureau.approved().number)
    assert not DrawnList.objects.exists()


def test_another_section_brings_nothing_in(bureau, dispatched, table):
    path = table("名单.csv", "企业名称", existing()[0].name)

    with pytest.raises(NotFound):
        bring_list(bureau, path, dispatched.number, account="zlg-jh")


def test_what_the_command_line_says_of_a_list_is_what_is_asked(tmp_path):
    path = tmp_path / "名单.csv"
    line = [
        "list",
        str(path),
        "--task",
        "2026-001",
        "--as",
        "ggg-jh",
        "--drawn-by",
        "演示市局",
        "--document",
        "1号",
    ]
    line += ["--drawn-on", "2026-10-12", "--division", "市局广告处", "--title", "名单", "--no-header"]
    line += ["--candidates", "a.csv", "--choices", "b.csv", "--returned", "c.docx", "--map", "第1列=企业名称"]
    options = vars(import_.Command().create_parser("fairdraw", "import").parse_args(line))

    asked = import_.asked_of(options)

    assert (asked.task, asked.drawn_by, asked.document) == ("2026-001", "演示市局", "1号")
    assert (asked.division, asked.title, asked.headless) == ("市局广告处", "名单", True)
    files = (asked.candidates, asked.choices, asked.returned)
    assert files == (Path("a.csv"), Path("b.csv"), Path("c.docx"))
    assert (asked.drawn_on, asked.layout.columns) == (dt.date(2026, 10, 12), {"第1列": "name"})


# --- results ------------------------------------------------------------------------------------------

HEADER = "任务编号,检查对象代码,检查对象,检查日期,检查结果,后续处置,问题描述"


@pytest.fixture
def drawn(bureau: Bureau):
    """A drawn task whose inspections wait for their records."""
    task = bureau.drawn()
    bureau.go(3, 9)
    return task


def results(bureau: Bureau, table: Callable[..., Path], *rows: str, **more: object) -> Imported:
    """Import results as the section's clerk."""
    return bring(bureau, "ggg-jh", table("结果.csv", HEADER, *rows), kind="results", **more)


def test_results_become_records_of_whoever_brings_them(bureau, drawn, table):
    first, second = bureau.rows(drawn)[:2]
    found = results(
        bureau,
        table,
        f"{drawn.number},{first.target.draw_code},,{bureau.today},未发现问题,,",
        f"{drawn.name},,{second.target.name},{bureau.today},04,责令改正,证照不符",
    )

    assert (found.rows, found.count.added) == (2, 2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(r.state, r.problem) for r in (first, second)] == [("recorded", False), ("recorded", True)]
    assert (second.measure, second.note) == ("order_correction", "证照不符")
    assert first.entered_by == bureau.actor("ggg-jh").code


def test_a_trial_of_results_records_nothing(bureau, drawn, table):
    row = bureau.rows(drawn)[0]
    results(bureau, table, f",{row.target.draw_code},,{bureau.today},01,,", task=drawn.number, dry_run=True)

    assert not Inspection.objects.filter(state="recorded").exists()


def test_every_row_that_belongs_to_nothing_is_named_and_nothing_is_stored(bureau, drawn, table):
    row = bureau.rows(drawn)[0]
    before = bureau.today - dt.timedelta(30)
    with pytest.raises(InvalidInput) as refused:
        results(
            bureau,
            table,
            f"{drawn.number},{row.target.draw_code},,{bureau.today},01,,",
            f"{drawn.number},,没抽到的公司,{bureau.today},01,,",
            f"{drawn.number},{bureau.rows(drawn)[1].target.draw_code},,{before},01,,",
        )

    assert [(t.file, t.row) for t in refused.value.troubles] == [("结果.csv", 3), ("结果.csv", 4)]
    assert "早于抽取日期" in refused.value.troubles[1].message
    assert not Inspection.objects.filter(state="recorded").exists()


def test_a_correction_that_the_file_does_not_describe_is_taken_and_says_so(bureau, drawn, table):
    row = bureau.rows(drawn)[0]
    results(bureau, table, f"{drawn.number},{row.target.draw_code},,{bureau.today},05,责令改正,")

    row.refresh_from_db()
    assert (row.outcome, row.note) == ("05", "导入的结果文件没有写明发现的问题")


def test_a_check_before_the_task_begins_is_named_by_its_row_until_it_gives_its_reason(bureau, table):
    task = bureau.drawn(starts=(3, 20))
    bureau.go(3, 9)
    row = f"{task.number},{bureau.rows(task)[0].target.draw_code},,{bureau.today},01,,"
    with pytest.raises(InvalidInput) as refused:
        results(bureau, table, row)
    assert [(t.row, t.column) for t in refused.value.troubles] == [(2, "检查日期")]
    assert "早于任务开始日期2026-03-20" in refused.value.troubles[0].message

    assert results(bureau, table, row + "接到举报先行检查").count.added == 1


def test_a_row_that_could_mean_two_inspections_is_never_guessed(bureau, drawn, table):
    first, second = bureau.rows(drawn)[:2]
    Target.objects.filter(pk=second.target_id).update(name=first.target.name)
    with pytest.raises(InvalidInput, match="不能导入") as refused:
        results(bureau, table, f"{drawn.number},,{first.target.name},{bureau.today},01,,")
    assert "请写任务编号和统一社会信用代码" in refused.value.troubles[0].message

    other = bureau.drawn()
    Task.objects.filter(pk=other.pk).update(name=drawn.name)
    bureau.go(3, 16)
    twice = {r.target.draw_code for r in bureau.rows(drawn)} & {
        r.target.draw_code for r in bureau.rows(other)
    }
    row = f"{min(twice)},,{bureau.today},01,,"
    with pytest.raises(InvalidInput):
        results(bureau, table, f"{drawn.name},{row}")
    assert results(bureau, table, f"{other.number},{row}").count.added == 1


def test_two_rows_of_one_inspection_are_refused_however_they_name_it(bureau, drawn, table):
    row = bureau.rows(drawn)[0]
    with pytest.raises(InvalidInput) as refused:
        results(
            bureau,
            table,
            f"{drawn.number},{row.target.draw_code},,{bureau.today},04,责令改正,",
            f"{drawn.name},,{row.target.name},{bureau.today},01,,",
        )

    assert [(t.row, "请只留一行" in t.message) for t in refused.value.troubles] == [(3, True)]
    assert not Inspection.objects.filter(state="recorded").exists()


def test_a_record_is_entered_once(bureau, drawn, table):
    row = f"{drawn.number},{bureau.rows(drawn)[0].target.draw_code},,{bureau.today},01,,"
    results(bureau, table, row)

    with pytest.raises(InvalidInput, match="不能导入") as refused:
        results(bureau, table, row)
    assert "不能办理这一步" in refused.value.troubles[0].message


def test_a_leader_records_nothing(bureau, drawn, table):
    path = table(
        "结果.csv", HEADER, f"{drawn.number},{bureau.rows(drawn)[0].target.draw_code},,{bureau.today},01,,"
    )

    with pytest.raises((InvalidInput, RuleBroken)):
        bring(bureau, "ggg-fz", path, kind="results")


def test_cells_that_cannot_be_read_and_unknown_results_are_named_in_one_run(bureau, drawn, table):
    target = bureau.rows(drawn)[0].target.draw_code
    with pytest.raises(InvalidInput) as refused:
        results(
            bureau,
            table,
            f"{drawn.number},{target},,三月九日,01,,",
            f"{drawn.number},{target},,{bureau.today},很好,,",
            f"{drawn.number},{target},,{bureau.today},,,",
        )

    assert {(t.row, t.column) for t in refused.value.troubles} >= {
        (2, "检查日期"),
        (3, "检查结果"),
        (4, "检查结果"),
    }
    assert len([t for t in refused.value.troubles if t.row == 4 and t.column == "检查结果"]) == 1
