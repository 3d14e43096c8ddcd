"""The part of a page that shows long work: it asks again while the work lasts, with and without script."""

from __future__ import annotations

from dataclasses import replace

from django.template.loader import render_to_string

from fairdraw.jobs.selectors import Shown

RUNNING = Shown(
    id=3, kind="probe.count", label="导入检查对象", state="running", done=300, total=1000, message="第300行",
    error="", troubles=(), result=None, is_finished=False,
)  # fmt: skip


def page(job: Shown) -> str:
    return render_to_string("jobs/_progress.html", {"job": job, "url": "/jobs/3/"})


def test_work_under_way_shows_its_progress_and_asks_again():
    html = page(RUNNING)

    assert 'hx-get="/jobs/3/"' in html
    assert 'href="/jobs/3/"' in html
    assert 'value="300" max="1000"' in html
    assert "进行中" in html


def test_finished_work_asks_no_more():
    html = page(replace(RUNNING, state="done", done=1000, is_finished=True))

    assert "hx-get" not in html
    assert "href" not in html


def test_failed_work_says_why_and_lists_the_rows_as_plain_text():
    html = page(
        replace(
            RUNNING, state="failed", error="名单有错误", troubles=("第3行：<b>代码</b>",), is_finished=True
        )
    )

    assert "名单有错误" in html
    assert "<li>第3行：&lt;b&gt;代码&lt;/b&gt;</li>" in html
