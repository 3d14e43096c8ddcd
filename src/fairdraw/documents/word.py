"""
The Word papers of the year: 抽查方案, 抽查任务工作总结, 年度抽查工作总结.

They are Word because offices edit them before they are issued. Every figure stands with its numerator
and denominator; rows held back stand with their reason; what only people can say is left as a marked gap.

Clauses: 安市监〔2024〕26号 三（一） (scheme), 四（三） (summary within ten days); kpi §6 (sections).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairdraw.documents.rules import indicator_text, verdict_text
from fairdraw.documents.summaries import (
    Count,
    Indicator,
    Narrative,
    Results,
    Scheme,
    TaskSummary,
    YearSummary,
)
from fairdraw.documents.typesetting import day_text
from fairdraw.documents.wordpaper import Paper
from fairdraw.kernel.errors import InvalidInput, Trouble

_TO_BE_WRITTEN = "（本项由承办部门补充。）"


class IncompleteScheme(InvalidInput):
    """The scheme lacks something the notice demands of every scheme."""

    code = "documents.incomplete-scheme"


def scheme_docx(scheme: Scheme, *, mark: str = "") -> bytes:
    """
    Write a scheme (抽查方案) for the office to issue.

    Raises:
        IncompleteScheme: Targets, departments, items, ratio or finishing time is missing; names each.

    Source: 安市监〔2024〕26号 三（一）: “抽查方案应明确检查对象、参与部门、检查事项、抽查比例、完成时间等内容”.
    """
    require_complete(scheme)
    paper = Paper(scheme.name, mark=mark)
    paper.title(scheme.name, number=scheme.number)
    paper.text(scheme_opening(scheme))
    paper.heading("一、检查对象")
    paper.text(scheme.targets)
    if scheme.local_reason:
        paper.text(f"本任务由本机关自行制定，理由：{scheme.local_reason}")
    paper.heading("二、参与部门")
    paper.text(f"牵头部门：{scheme.lead}。参与部门：{'、'.join(scheme.departments)}。")
    paper.heading("三、检查事项")
    paper.table(
        ("序号", "检查事项", "实施部门", "检查方式", "检查依据"),
        [(str(n), i.name, i.department, i.method, i.basis) for n, i in enumerate(scheme.items, start=1)],
        widths=(12, 44, 34, 24, 42),
    )
    for line in (scheme.method_reason, scheme.notice_words):
        if line:
            paper.text(line)
    paper.heading("四、抽查比例和数量")
    paper.text(ratio_words(scheme))
    paper.table(
        ("分层", "范围内户数", "抽查比例", "抽取数量"),
        [
            *((r.stratum, str(r.in_scope), r.rate, str(r.to_draw)) for r in scheme.rates),
            (
                "合计",
                str(sum(r.in_scope for r in scheme.rates)),
                "",
                str(sum(r.to_draw for r in scheme.rates)),
            ),
        ],
        widths=(56, 32, 36, 32),
    )
    paper.heading("五、抽取方式")
    paper.text(f"（一）检查对象抽取。{scheme.draw_words}")
    paper.text(f"（二）检查人员抽取。{scheme.team_words}")
    paper.heading("六、完成时间和实施步骤")
    paper.text("\n".join(scheme_steps(scheme)))
    if scheme.division:
        paper.heading("七、任务分工")
        rows = [(one.unit, one.area, one.weeks, one.leader) for one in scheme.division]
        paper.table(("承办单位", "辖区", "周次", "带队负责人"), rows, widths=(44, 40, 46, 26))
    paper.heading("八、工作要求" if scheme.division else "七、工作要求")
    for number, line in enumerate(scheme.requirements or (_TO_BE_WRITTEN,), start=1):
        paper.text(f"{number}．{line}" if scheme.requirements else line)
    paper.signature(scheme.office.name, day_text(scheme.issued_on))
    return paper.to_bytes()


def task_summary_docx(summary: TaskSummary, *, mark: str = "") -> bytes:
    """
    Write the summary of one task (抽查任务工作总结), eight sections and an annex.

    Examples of problems name nobody; the caller passes names only where the result is published.
    """
    title = f"“{summary.name}”抽查工作总结"
    paper = Paper(title, mark=mark)
    paper.title(title)
    paper.addressee(summary.report_to)
    paper.heading("一、基本情况")
    drawn = sum(one.count for one in summary.drawn_by_class)
    excluded = sum(one.count for one in summary.excluded)
    paper.text(
        f"本任务（任务编号{summary.number}）依据{summary.basis}，由{'、'.join(summary.bodies)}实施，"
        f"自{day_text(summary.started_on)}开始，{day_text(summary.completed_on)}完成。抽取检查对象{drawn}户，"
        f"其中检查前剔除{excluded}户，应检查{drawn - excluded}户；选派执法检查人员{summary.inspector_count}名。"
    )
    _counts(paper, "抽取对象（按分层）", summary.drawn_by_class)
    _counts(paper, "检查前剔除（按原因）", summary.excluded)
    _common_sections(paper, summary.results, summary.indicators, summary.narrative)
    _annex(paper, summary.draws, summary.publications)
    paper.signature(summary.office.name, day_text(summary.written_on))
    return paper.to_bytes()


def year_summary_docx(summary: YearSummary, *, mark: str = "") -> bytes:
    """
    Write the summary of a year (年度抽查工作总结): the sections of a task's, the tasks, and the rows held back.

    Source: kpi §6; mission N25, N27.
    """
    title = f"{summary.office.name}{summary.year}年“双随机、一公开”抽查工作总结"
    paper = Paper(title, mark=mark)
    paper.title(title)
    paper.addressee(summary.report_to)
    paper.text(_year_opening(summary))
    for line in summary.burden:
        paper.text(line)
    paper.heading("一、基本情况")
    paper.text(_year_basics(summary))
    _counts(paper, "抽取对象（按分层）", summary.drawn_by_class)
    _counts(paper, "检查前剔除（按原因）", summary.excluded)
    _tasks(paper, summary)
    if summary.without_own:
        paper.text(f"本年没有自行安排抽查任务的股室：{'、'.join(summary.without_own)}。")
    _common_sections(paper, summary.results, summary.indicators, summary.narrative)
    _annex(paper, summary.draws, summary.publications)
    paper.signature(summary.office.name, day_text(summary.written_on))
    return paper.to_bytes()


def require_complete(scheme: Scheme) -> None:
    """Refuse a scheme without what the notice demands; names each."""
    demanded = (
        ("检查对象", scheme.targets),
        ("参与部门", scheme.lead and scheme.departments),
        ("检查事项", scheme.items),
        ("抽查比例", scheme.rates),
        ("完成时间", scheme.finish_on),
    )
    lacking = [name for name, value in demanded if not value]
    if lacking:
        message = _("抽查方案缺少：%(names)s，请补充后再打印") % {"names": "、".join(lacking)}
        troubles = tuple(Trouble(_("必须填写"), column=name) for name in lacking)
        raise IncompleteScheme(message, troubles=troubles)


def scheme_opening(scheme: Scheme) -> str:
    """The first sentence of a scheme."""
    plan = f"根据{scheme.plan_document}的工作部署，" if scheme.plan_document else ""
    return f"{plan}{scheme.purpose}结合我局实际，制定本方案。"


def ratio_words(scheme: Scheme) -> str:
    """How the ratio of a scheme comes about: by class, or flat and why."""
    if scheme.is_differentiated:
        return "本任务运用企业信用风险分类结果，对不同类别的检查对象采取差异化抽查比例，具体如下："
    reason = f"（{scheme.exempt_reason}）" if scheme.exempt_reason else ""
    return f"本任务采取统一的抽查比例{reason}，具体如下："


def scheme_steps(scheme: Scheme) -> list[str]:
    """The steps of a scheme and their last days, a sentence each."""
    steps: list[str] = []
    if scheme.draw_by:
        steps.append(f"{day_text(scheme.draw_by)}前，完成检查对象和检查人员抽取。")
    start = f"{day_text(scheme.visit_from)}起，" if scheme.visit_from else ""
    steps.append(
        f"{start}{day_text(scheme.finish_on)}前，完成检查并将结果录入、向社会公示。{scheme.publish_words}"
    )
    steps.append(f"抽查工作总结：{scheme.summary_words}")
    return [f"（{'一二三'[n]}）{step}" for n, step in enumerate(steps)]


def _year_opening(summary: YearSummary) -> str:
    with_goal = [one for one in summary.indicators if one.met is not None]
    missed = [one.name for one in with_goal if not one.met]
    met = len(with_goal) - len(missed)
    tail = f"；未达到的有：{'、'.join(missed)}" if missed else ""
    return (
        f"根据{summary.basis}，现将{summary.year}年抽查工作情况总结如下（数据截至{day_text(summary.as_of)}）。"
        f"全年设有目标的指标{len(with_goal)}项，达到{met}项{tail}。"
    )


def _year_basics(summary: YearSummary) -> str:
    drawn = sum(one.count for one in summary.drawn_by_class)
    excluded = sum(one.count for one in summary.excluded)
    return (
        f"抽查比例的基数为企业实有数{summary.base_count}户（{summary.base_source}）。年度计划共{summary.plan_rows}项，"
        f"实施抽查任务{len(summary.tasks)}项，未实施{len(summary.held)}项。全年抽取检查对象{drawn}户次，检查前剔除"
        f"{excluded}户次，应检查{drawn - excluded}户次；参加抽取的执法检查人员{summary.inspector_count}名。"
    )


def _tasks(paper: Paper, summary: YearSummary) -> None:
    paper.subheading("各项任务完成情况")
    rows = [
        (
            f"{one.name}\n{one.number}",
            one.department,
            str(one.drawn),
            str(one.to_check),
            str(one.checked),
            str(one.published),
            str(one.problems),
            f"{one.finished_on:%m-%d}" if one.finished_on else "未完成",
            f"{one.due_on:%m-%d}",
            "是" if one.on_time else "否",
        )
        for one in summary.tasks
    ]
    heads = ("任务", "承办部门", "抽取", "应检", "已检", "已公示", "有问题", "完成", "时限", "按时")
    paper.table(heads, rows, widths=(35, 23, 11, 11, 11, 13, 13, 15, 15, 9))
    paper.subheading("计划中未实施的项目及原因")
    if summary.held:
        rows_held = [(one.row, one.name, one.reason) for one in summary.held]
        paper.table(("计划行", "项目名称", "原因"), rows_held, widths=(18, 58, 80))
    else:
        paper.text("无。")


def _common_sections(
    paper: Paper, results: Results, indicators: Sequence[Indicator], narrative: Narrative
) -> None:
    paper.heading("二、组织实施情况")
    paper.text(narrative.organised or _TO_BE_WRITTEN)
    paper.heading("三、检查结果")
    _counts(paper, "按结果分类", results.by_code)
    _counts(paper, "发现问题的对象，按信用风险分类", results.by_class)
    _counts(paper, "按领域", results.by_field)
    _counts(paper, "按监管所", results.by_station)
    _counts(paper, "发现的主要问题", results.problem_kinds)
    paper.heading("四、后续处置情况")
    if results.follow_up:
        _counts(paper, "处置措施", results.follow_up)
    else:
        paper.text("没有需要后续处置的问题。")
    paper.heading("五、指标完成情况")
    _indicators(paper, indicators)
    paper.heading("六、经验做法和典型案例")
    paper.text("\n".join(part for part in (narrative.worked, narrative.cases) if part) or _TO_BE_WRITTEN)
    paper.heading("七、存在的困难")
    paper.text(narrative.difficulties or _TO_BE_WRITTEN)
    paper.heading("八、下一步工作")
    paper.text(narrative.next_steps or _TO_BE_WRITTEN)


def _indicators(paper: Paper, indicators: Sequence[Indicator]) -> None:
    rows = [
        (
            one.code,
            one.name + (f"（{one.note}）" if one.note else ""),
            str(one.numerator),
            str(one.denominator),
            indicator_text(one),
            one.goal_text or "—",
            verdict_text(one),
        )
        for one in indicators
    ]
    heads = ("编号", "指标", "分子", "分母", "结果", "目标", "是否达到")
    paper.table(heads, rows, widths=(12, 40, 17, 17, 29, 23, 18))
    paper.text("指标是否达到按分子、分母的精确值判断；百分数保留两位小数，不进位到目标值。")


def _counts(paper: Paper, heading: str, counts: Sequence[Count]) -> None:
    if not counts:
        return
    paper.subheading(heading)
    total = sum(one.count for one in counts)
    with_notes = any(one.note for one in counts)
    rows = [(one.label, str(one.count), *((one.note,) if with_notes else ())) for one in counts]
    rows.append(("合计", str(total), *(("",) if with_notes else ())))
    heads = ("类别", "数量", "说明") if with_notes else ("类别", "数量")
    paper.table(heads, rows, widths=(66, 24, 66) if with_notes else (116, 40))


def _annex(paper: Paper, draws: Sequence[str], publications: Sequence[str]) -> None:
    if draws:
        paper.subheading("附件1：抽取记录（可凭复核工具重算）")
        paper.table(
            ("序号", "抽取编号"), [(str(n), one) for n, one in enumerate(draws, start=1)], widths=(16, 140)
        )
    if publications:
        paper.subheading("附件2：公示情况")
        paper.table(
            ("序号", "公示"), [(str(n), one) for n, one in enumerate(publications, start=1)], widths=(16, 140)
        )
