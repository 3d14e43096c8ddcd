"""Tags inside a line: pill, countdown, action, query string, goal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from fairdraw.kernel.errors import RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.ui.parts import Column, steps
from fairdraw.ui.templatetags import ui_tables

TODAY = dt.date(2026, 10, 15)
REFUSED = Verdict(RuleBroken("任务尚未审定，不能抽取"))


def shown(source: str, address: str = "/", **values: object) -> str:
    """Render *source* with the tags that every template has."""
    request = RequestFactory().get(address)
    return Template(source).render(Context({"request": request, "today": TODAY, "csrf_token": "t", **values}))


def test_a_state_is_a_word_and_a_colour():
    assert shown('{% pill "已公示" "success" %}') == '<span class="pill success">已公示</span>'


def test_a_colour_that_does_not_exist_is_loud():
    with pytest.raises(ValueError, match="purple"):
        shown('{% pill "已公示" "purple" %}')


@pytest.mark.parametrize(
    ("days", "word", "tone"),
    [
        (9, "还剩9天", "info"),
        (3, "还剩3天", "warning"),
        (0, "今天到期", "warning"),
        (-4, "逾期4天", "danger"),
    ],
)
def test_a_deadline_is_counted_down(days, word, tone):
    assert (
        shown("{% countdown due %}", due=TODAY + dt.timedelta(days))
        == f'<span class="pill {tone}">{word}</span>'
    )


def test_working_days_are_counted_by_whoever_knows_the_calendar():
    assert "还剩7个工作日" in shown(
        '{% countdown due left=7 unit="个工作日" %}', due=TODAY + dt.timedelta(11)
    )


def test_what_is_done_is_never_overdue():
    assert "已办结" in shown("{% countdown due done=True %}", due=TODAY - dt.timedelta(30))


def test_an_allowed_action_is_a_link_or_a_form_with_its_token():
    assert shown('{% action "抽取" "/d/" verdict=v %}', v=ALLOWED) == '<a class="button" href="/d/">抽取</a>'
    form = shown('{% action "抽取" "/d/" verdict=v post=True confirm="确定抽取" draw=7 %}', v=ALLOWED)
    assert 'action="/d/" data-confirm="确定抽取"' in form
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="t">' in form
    assert '<input type="hidden" name="draw" value="7">' in form


@pytest.mark.parametrize("options", ["", "post=True", "primary=True", "brief=True", "brief=True post=True"])
def test_a_refused_action_stays_visible_with_its_reason_and_leads_nowhere(options):
    seen = shown('{% action "抽取" "/d/" verdict=v ' + options + " %}", v=REFUSED)

    assert "抽取" in seen
    assert "任务尚未审定，不能抽取" in seen
    assert "/d/" not in seen


def test_a_long_value_breaks_after_every_eighth_sign_and_a_short_one_nowhere():
    seal = "0123456789abcdef" * 4
    seen = shown("{% code seal copy=False %}", seal=seal)

    assert seen.count("01234567<wbr>89abcdef") == 4
    assert seen.replace("<wbr>", "") == f'<span class="code"><code>{seal}</code></span>'
    assert f'data-copy="{seal}"' in shown("{% code seal %}", seal=seal)
    assert "<wbr>" not in shown("{% code code %}", code="91999901MA00095F0H")
    assert "<wbr>" not in shown(
        "{% code words %}",
        words="9月16日双随机：待办64件，预警1件，企业抽查已达标，距11月20日65天，请抓紧办理，不要逾期。",
    )


def test_what_people_typed_is_escaped_everywhere():
    nasty = "<b onclick='x'>"
    for source in (
        "{% pill w %}",
        "{% code w %}",
        "{% crumb w '/' %}",
        "{% action w '/' %}",
        "{% facts rows %}",
        "{% card w %}x{% endcard %}",
        "{% notice title=w %}x{% endnotice %}",
        "{% stat w 1 note=w %}",
        "{% bars w bars %}",
        "{% empty w %}",
        "{% goal w 1 2 %}",
        "{% table w columns %}<tr></tr>{% endtable %}",
    ):
        assert nasty not in shown(
            source, w=nasty, rows=[(nasty, nasty)], bars=[(nasty, 1)], columns=[Column(nasty)]
        )


def test_the_query_string_is_edited_and_the_rest_kept():
    assert shown("{% query page=2 sort=None %}", "/?name=茶&sort=-name") == "?name=%E8%8C%B6&amp;page=2"


def test_a_goal_is_judged_on_the_exact_fraction():
    missed = shown('{% goal "录入率" 849999 1000000 goal=goal %}', goal=Decimal("0.85"))
    met = shown('{% goal "录入率" 850000 1000000 goal=goal %}', goal=Decimal("0.85"))

    assert "未达到" in missed
    assert "84.99%" in missed
    assert "未达到" not in met
    assert "达到" in met


def test_a_goal_without_cases_is_neither_met_nor_missed():
    seen = shown('{% goal "公示率" 0 0 goal=goal %}', goal=1)

    assert "无数据" in seen
    assert "达到" not in seen


def test_the_step_after_the_finished_ones_is_the_present_one():
    assert [s.state for s in steps(2)] == ["done", "done", "now", "todo", "todo"]
    assert {s.state for s in steps(5)} == {"done"}


def test_a_table_without_rows_says_so_and_draws_no_heading():
    seen = shown('{% table "名单" columns empty="还没有检查对象" %}{% endtable %}', columns=[Column("名称")])

    assert "还没有检查对象" in seen
    assert "<thead" not in seen


def test_cells_are_named_and_classed_after_their_columns():
    columns = [Column("序号", numeric=True), Column("名称"), Column("操作", kind="ops")]
    rows = '<tr><td>1</td><th scope="row">甲</th><td class="x"><a>看</a></td></tr><tr><td data-l="自称">2</td></tr>'

    assert shown("{% table 'x' columns %}" + rows + "{% endtable %}", columns=columns).count("data-l=") == 4
    assert ui_tables.labelled(rows, columns) == (
        '<tr><td class="num" data-l="序号">1</td><th scope="row" data-l="名称">甲</th>'
        '<td class="ops x" data-l="操作"><a>看</a></td></tr><tr><td data-l="自称">2</td></tr>'
    )
