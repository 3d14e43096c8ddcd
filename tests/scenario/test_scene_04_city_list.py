"""
Scene 4 at the screen: a city list in mid-October, name only, one name in ten dead, two weeks left.
"""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from fairdraw.accounts.models import User
from fairdraw.audit.models import LogEntry
from fairdraw.burden.models import BorneVisit
from fairdraw.draws.models import DrawnList, DrawnRow, DrawnTeam
from fairdraw.inspections import deadlines
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.plans import selectors as plans
from fairdraw.plans.deadlines import Moved
from fairdraw.plans.models import DeadlineChange
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.builders.bureau import existing
from tests.builders.tables import text_file
from tests.web.ui.html import Page

CITY = "演示市市场监督管理局"
ORIGIN = {
    "drawn_by": CITY,
    "division": "市局广告监管处",
    "document_title": "2026年第四季度广告双随机抽查名单",
    "document_number": "演示市监广〔2026〕21号",
    "drawn_on": "2026-10-12",
}


@pytest.fixture
def october(bureau):
    """Mid-October: the city's task waits for its list, due on the 30th."""
    bureau.task = bureau.approved(channel=Channel.DISPATCHED, starts=(10, 8), ends=(10, 30))
    bureau.go(10, 15)
    clock.use(lambda: bureau.now)
    yield bureau
    clock.use(None)


@pytest.fixture
def screen(october):
    """Somebody of the bureau at a screen."""

    def at(name: str) -> Client:
        client = Client()
        user = User.objects.get(username=name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return at


def shown(client, answer):
    """The page that an answer leads to."""
    assert answer.status_code == 302, Page(answer).text("//main")
    return Page(client.get(answer["Location"]))


def city_list():
    """Thirty names and nothing else: three dead, one unknown, one twin, one old name, one with other brackets."""
    living = existing()[:27]
    gone = list(Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")[30:33])
    Target.objects.filter(pk__in=[t.pk for t in gone]).update(status="deregistered")
    twin = existing()[40]
    Target.objects.filter(pk=twin.pk).update(name=living[0].name)
    folded = " ".join(living[1].name.replace("（", "(").replace("）", ")"))
    names = [living[0].name, folded, *(t.name for t in living[2:26])]
    names += [*(t.name for t in gone), "演示市某外县企业有限公司"]
    return living, twin, names


def the_return_list_is_a_letter(planner, task):
    """退回清单成文：按原因合计，逐行写明。"""
    word = Document(io.BytesIO(planner.get(f"/tasks/{task.number}/list/returned.docx").content))
    text = "\n".join(p.text for p in word.paragraphs)
    assert "名单共30行，可以检查26户，不能检查退回4行" in text
    assert "名录库中没有1行" in text
    assert "已注销、吊销、撤销3行" in text
    assert len(word.tables[0].rows) == 1 + 4


def test_scene_4_name_only_list_in_mid_october_with_two_weeks_left(october, screen):
    bureau, task = october, october.task
    office, planner = screen("bangong"), screen("ggg-jh")

    # 办公室登记对照表，收文后查这份名单由谁承办
    shown(office, office.post("/lists/divisions/", {"name": "广告监管处", "agency": task.agency.code}))
    page = Page(office.get("/lists/?division=市局广告监管处"))
    assert str(task.agency) in page.text("//p[@id='proposed']")
    assert "对照表提示" in page.text("//div[@id='waiting']//tbody/tr[1]")
    assert "还剩11个工作日" in page.text("//div[@id='waiting']//tbody/tr[1]")

    # 业务股室接收：剩余工作日和每一步的最迟日期
    page = Page(planner.get(f"/tasks/{task.number}/list/"))
    countdown = page.text("//dl[@id='countdown']")
    assert "还剩11个工作日" in countdown
    assert "最迟封存抽取的日期已过，请当天办理" in page.text("//p[@id='missed']")
    for step in ("最迟封存抽取", "最迟实地检查", "最迟录入", "最迟审核", "最迟报送公示"):
        assert step in countdown

    # 没有表头的纯文本名单，一行一个名称
    living, twin, names = city_list()
    sent = SimpleUploadedFile("名单.txt", "\n".join(names).encode("gb18030"))
    answer = planner.post(f"/tasks/{task.number}/list/", {"file": sent, **ORIGIN})
    columns = answer["Location"]
    said = {"headless": "1", "header_row": "0", "sheet": "", "column0": "name"}
    answer = planner.post(columns, said)
    address = answer["Location"]
    page = shown(planner, answer)
    tiles = page.text("//div[@class='tiles']").replace(" ", "")
    assert "名单行数30行可检查25户待认定1行退回4行" in tiles
    assert "与本任务的承办单位一致" in page.source

    # 同名两户由人认定
    assert twin.uscc in page.text("//section[@id='questions']")
    page = shown(planner, planner.post(address, {"step": "settle", "row-1": living[0].draw_code}))
    page = shown(planner, planner.post(address, {"step": "confirm"}))
    assert "可检查26户，退回4行" in page.text("//div[@id='notices']")
    origin = page.text("//dl[@id='origin']")
    for words in (CITY, ORIGIN["division"], ORIGIN["document_number"], "名单.txt", living[0].draw_code):
        assert words in origin
    assert "未经本系统复核" in page.source
    rows = DrawnList.objects.get(task=task).received_rows
    assert {r.target_id for r in rows.all()} == {t.pk for t in living[:26]}

    the_return_list_is_a_letter(planner, task)

    # 检查人员仍在本系统随机抽取
    draw = bureau.draw(task)
    assert DrawnRow.objects.filter(task=task, reserve=False).count() == 26
    assert DrawnTeam.objects.filter(draw=draw).count() == 52
    assert set(Inspection.objects.filter(task=task).values_list("due_on", flat=True)) == {
        dt.date(2026, 10, 30)
    }

    # 公开页面标明名单由谁抽取、未经复核
    shown(planner, planner.post(f"/tasks/{task.number}/announce/", {"sure": "1"}))
    public = Page(Client().get(f"/public/tasks/{task.number}/"))
    assert f"由{CITY}于" in public.text("//main")
    assert "未经本系统复核" in public.text("//main")


def test_scene_4_the_city_moves_the_deadline_and_everything_counted_from_it_moves(october, screen, tmp_path):
    bureau, task = october, october.task
    names = [t.name for t in existing()[:12]]
    bureau.receive(task, text_file(tmp_path, "\n".join(["企业名称", *names])))
    bureau.draw(task)
    rows = Inspection.objects.filter(task=task).order_by("number")
    inspections.plan_visits(task=bureau.fresh(task), actor=bureau.actor("ggg-jh"), now=bureau.now)
    bureau.publish(list(rows[:2]))
    planner = screen("ggg-jh")
    assert "登记时限调整" in Page(planner.get(f"/tasks/{task.number}/")).source

    # 提前：必须写明文号和理由；未办结的检查、检查时间、入企记录随之提前
    address = f"/tasks/{task.number}/deadline/"
    first = {
        "due_on": "2026-10-27",
        "document_number": "演示市监函〔2026〕30号",
        "document_on": "2026-10-15",
        "reason": "市局要求提前完成",
    }
    for lacking in ("document_number", "reason"):
        assert planner.post(address, {**first, lacking: ""}).status_code == 422
    page = shown(planner, planner.post(address, first))
    assert "10户检查的期限随之调整" in page.text("//div[@id='notices']")
    held = bureau.fresh(task)
    assert held.due_on == dt.date(2026, 10, 27)
    assert set(rows.filter(published_at=None).values_list("due_on", flat=True)) == {held.due_on}
    assert set(rows.exclude(published_at=None).values_list("due_on", flat=True)) == {dt.date(2026, 10, 30)}
    last = plans.schedule(held, on=bureau.today).last_visit
    days = Visit.objects.filter(inspections__task=task, visited_on=None).values_list("planned_on", flat=True)
    assert len(days) == 10
    assert max(days) <= last
    waiting = BorneVisit.objects.filter(waiting=True)
    assert set(waiting.values_list("visited_on", flat=True)) == {held.due_on}

    # 延期：超过年度截止日的按截止日；两次调整都保留，写进日志
    page = shown(
        planner,
        planner.post(address, {**first, "due_on": "2026-12-15", "document_number": "31号", "reason": "延期"}),
    )
    assert "按年度截止日办结" in page.text("//div[@id='notices']")
    assert bureau.fresh(task).due_on == plans.cutoff(2026)
    history = Page(planner.get(address)).text("//div[@id='deadlines']")
    assert "市局要求提前完成" in history
    assert "31号" in history
    kept = [(c.before, c.due_on, c.changed_by) for c in DeadlineChange.objects.order_by("pk")]
    who = bureau.actor("ggg-jh").code
    assert kept == [
        (dt.date(2026, 10, 30), dt.date(2026, 10, 27), who),
        (dt.date(2026, 10, 27), plans.cutoff(2026), who),
    ]
    bodies = [e.body() for e in LogEntry.objects.filter(kind="task.deadline").order_by("seq")]
    assert [(b["before"], b["due"], b["inspections"]) for b in bodies] == [
        ("2026-10-30", "2026-10-27", 10),
        ("2026-10-27", plans.cutoff(2026).isoformat(), 10),
    ]
    # 没有变化的、本局自己的任务不登记
    assert planner.post(address, {**first, "due_on": "2026-12-15"}).status_code == 422
    own = bureau.approved()
    assert planner.get(f"/tasks/{own.number}/deadline/").status_code == 409
    assert screen("zlg-jh").get(address).status_code == 404


def test_scene_4_an_approval_afterwards_does_not_set_the_citys_deadline_back(october):
    bureau = october
    task = bureau.drafted(channel=Channel.DISPATCHED, starts=(10, 8), ends=(10, 30))
    moved = Moved(dt.date(2026, 10, 26), "30号", bureau.today, "提前")
    deadlines.change_deadline(task=task, moved=moved, actor=bureau.actor("ggg-jh"), now=bureau.now)

    bureau.approve(bureau.fresh(task))

    assert bureau.fresh(task).due_on == dt.date(2026, 10, 26)
