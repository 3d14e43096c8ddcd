"""The draw on screen: six clicks of two people, with and without script; what may be taken out, and by whom."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pyrage
import pytest

from fairdraw.accounts.models import User
from fairdraw.audit.models import LogEntry
from fairdraw.demo import draws as demo_draws
from fairdraw.demo.cast import PASSWORD
from fairdraw.draws.models import Draw, DrawSource
from fairdraw.files import shelf
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.plans.models import Task
from tests.builders import county as builder
from tests.web.ui.html import Page

ROOT = Path(__file__).resolve().parents[3]


def choice(page: Page, name: str, words: str) -> str:
    """The value of the option of a select that says *words*."""
    (value,) = page.all(f"//select[@name='{name}']/option[contains(., '{words}')]/@value")
    return value


def prepared(person, task: Task) -> str:
    """Click 准备抽取 on the task's page; gives the address of the draw."""
    page = person.page(f"/tasks/{task.number}/draw/")
    supervisor = choice(page, "supervisor", "法规股")
    return person.post("/draws/prepare/", {"task": task.number, "supervisor": supervisor})["Location"]


@pytest.fixture
def initiator(officer):
    return officer("qjg-jh")


@pytest.fixture
def task(county):
    return county.task("qjg-QX01")


@pytest.fixture
def sealed(initiator, task):
    """A draw that the initiator has prepared and sealed on a device without script."""
    draw = prepared(initiator, task)
    initiator.post(f"{draw}seal/")
    return draw


def test_a_draw_takes_two_people_and_six_clicks_without_script(initiator, supervisor, task):
    # 发起人：准备抽取、封存
    draw = prepared(initiator, task)
    page = initiator.page(draw)
    code = page.text("//p[@class='check-code']")
    assert re.fullmatch("([0-9a-f]{4} ){3}[0-9a-f]{4}", code)
    assert "信用风险高（D）" in page.source
    initiator.post(f"{draw}seal/")
    # 监督人：从工作台打开、核对、监督并抽取
    (link,) = supervisor.page("/work/").all("//a[contains(., '请监督并抽取')]/@href")
    assert supervisor.page(link).text("//p[@class='check-code']") == code
    supervisor.post(f"{link}supervise/", {"compared": "on"})
    assert "等待以下参与人" in supervisor.page(draw).source
    # 发起人：开启
    initiator.post(f"{draw}reveal/")
    # 两人都到凭证
    assert initiator.get(draw, status=302)["Location"] == f"{draw}receipt/"
    receipt = supervisor.page(f"{draw}receipt/")
    assert receipt.text("//span[@class='check-code']") == code
    task.refresh_from_db()
    assert task.state == "drawn"
    assert Inspection.objects.filter(task=task).count() == 12
    assert not Inspection.objects.filter(task=task, visits__planned_on__isnull=True).exists()


def test_the_share_of_a_device_never_reaches_the_database_before_it_is_opened(initiator, sealed):
    (cookie,) = [c for name, c in initiator.client.cookies.items() if name.startswith("vdraw-")]

    place = DrawSource.objects.get(draw=Draw.objects.get(state="sealed"), role="initiator")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == sealed
    assert (place.salt, place.share) == ("", "")
    assert place.commitment
    assert place.envelope is not None
    held = cookie.value.encode().decode("unicode_escape")
    salt, share = json.loads(held.rsplit(":", 2)[0].strip('"'))["p1"]
    text = f"vdraw/1 commit\nseal {place.draw.seal}\nsource p1\nsalt {salt}\nshare {share}\n"
    assert hashlib.sha256(text.encode()).hexdigest() == place.commitment
    assert not any(share in bytes(entry.document).decode() for entry in LogEntry.objects.all())


def test_with_script_the_browser_posts_its_commitment_and_opens_by_itself(initiator, supervisor, task):
    draw = prepared(initiator, task)
    initiator.post(f"{draw}seal/", {"device": "1"})
    device = initiator.page(draw).all("//div[@id='draw-device']")[0]
    assert device.get("data-need") == "commit"
    assert "vdraw" not in str(initiator.client.cookies)

    def locked(source: str, salt: str, share: str) -> str:
        seal = device.get("data-seal")
        text = f"vdraw/1 commit\nseal {seal}\nsource {source}\nsalt {salt}\nshare {share}\n"
        return hashlib.sha256(text.encode()).hexdigest()

    initiator.post(f"{draw}commit/", {"commitment": locked("p1", "a" * 32, "b" * 64)})
    supervisor.post(f"{draw}supervise/", {"compared": "on", "commitment": locked("p2", "c" * 32, "d" * 64)})
    for person, salt, share in ((supervisor, "c" * 32, "d" * 64), (initiator, "a" * 32, "b" * 64)):
        assert person.page(draw).all("//div[@id='draw-device']/@data-need") == ["reveal"]
        person.post(f"{draw}reveal/", {"salt": salt, "share": share})

    assert supervisor.get(draw, status=302)["Location"] == f"{draw}receipt/"


def test_both_persons_may_sit_at_one_device(initiator, supervisor, task):
    draw = prepared(initiator, task)
    initiator.post(f"{draw}seal/")
    supervisor.client.cookies.update(
        {k: c for k, c in initiator.client.cookies.items() if k.startswith("vdraw-")}
    )
    supervisor.post(f"{draw}supervise/", {"compared": "on"})
    initiator.client.cookies.update(
        {k: c for k, c in supervisor.client.cookies.items() if k.startswith("vdraw-")}
    )

    initiator.post(f"{draw}reveal/")
    assert Draw.objects.get(number=task.number).state == "drawn"


def test_a_share_opens_only_on_the_device_that_locked_it(officer, initiator, supervisor, sealed):
    supervisor.post(f"{sealed}supervise/", {"compared": "on"})

    elsewhere = officer("qjg-jh")
    answer = elsewhere.post(f"{sealed}reveal/", status=409)
    assert "那台设备" in Page(answer).text("//p[@class='refusal-text']")


def test_the_supervisor_must_say_that_the_codes_agree(supervisor, sealed):
    answer = supervisor.post(f"{sealed}supervise/", status=422)

    assert "请先核对审批表上的核对码" in Page(answer).text("//div[@role='alert']")
    assert DrawSource.objects.get(draw__state="sealed", role="supervisor").commitment == ""


def test_nobody_else_supervises(officer, sealed):
    officer("jianzheng").post(f"{sealed}supervise/", {"compared": "on"}, status=403)
    officer("zlg-jh").get(sealed, status=404)
    officer("zlg-jh").post(f"{sealed}commit/", status=404)


def test_the_workbench_asks_only_whom_the_draw_waits_for(initiator, supervisor, sealed):
    assert "请锁定随机份额" not in initiator.page("/work/").source

    supervisor.post(f"{sealed}supervise/", {"compared": "on"})
    assert "请开启随机份额" in initiator.page("/work/").source
    assert "抽取待参与" not in supervisor.page("/work/").source


def test_another_section_cannot_start_the_draw_of_a_task(officer, task):
    officer("zlg-jh").post("/draws/prepare/", {"task": task.number, "supervisor": "1-1"}, status=404)
    officer("qjg-fz").post("/draws/prepare/", {"task": task.number, "supervisor": "1-1"}, status=403)


def test_a_task_is_drawn_once(officer, county):
    task = county.task("zlg-ZL01")
    answer = officer("zlg-jh").post("/draws/prepare/", {"task": task.number}, status=409)

    assert "一项任务只抽取一次" in Page(answer).text("//p[@class='refusal-text']")


def test_the_page_that_waits_is_told_when_something_happened(initiator, supervisor, sealed):
    asked = initiator.page(sealed).all("//section[@id='draw-step']/@hx-get")[0]
    assert initiator.client.get(asked).status_code == 204

    supervisor.post(f"{sealed}supervise/", {"compared": "on"})
    told = initiator.client.get(asked)
    assert told["HX-Redirect"] == sealed


def drawn(initiator, supervisor, task) -> str:
    draw = prepared(initiator, task)
    initiator.post(f"{draw}seal/")
    supervisor.post(f"{draw}supervise/", {"compared": "on"})
    initiator.post(f"{draw}reveal/")
    return draw


def test_the_receipt_shows_roots_code_and_a_verification_that_passes(initiator, supervisor, task):
    draw = drawn(initiator, supervisor, task)
    page = initiator.page(f"{draw}receipt/")

    held = Draw.objects.get(number=task.number)
    assert held.seal in page.source
    assert held.result_root in page.source
    assert page.all("//*[local-name()='svg' and contains(@class,'qr')]/*[local-name()='title']")
    steps = initiator.page(f"{draw}verification/")
    states = [p.text_content() for p in steps.all("//tbody//span[contains(@class,'pill')]")]
    assert len(states) == 13
    assert set(states) == {"相符"}


def test_the_bundle_is_for_auditors_from_the_disclosure_on_and_each_export_is_logged(
    officer, initiator, supervisor, county
):
    auditor = officer("jianzheng")
    held = Draw.objects.get(parts__task=county.task("ggg-GG01").number)
    address = f"/draws/{held.pk}/"
    officer("ggg-jh").post(f"{address}bundle.zip", status=403)
    assert "披露后" in Page(auditor.post(f"{address}bundle.zip", status=409)).source

    officer("ggg-jh").post(f"{address}disclose/")
    package = auditor.post(f"{address}bundle.zip", status=200)

    assert LogEntry.objects.order_by("-seq").first().kind == "bundle.exported"
    names = zipfile.ZipFile(io.BytesIO(package.content)).namelist()
    assert {n.split("/")[1] for n in names} >= {"seal.json", "seed.txt", "result.tsv", "receipt.json"}


def test_an_exported_bundle_passes_the_downloaded_verifier(officer, county, tmp_path):
    held = Draw.objects.get(parts__task=county.task("ggg-GG01").number)
    officer("ggg-jh").post(f"/draws/{held.pk}/disclose/")
    auditor = officer("jianzheng")
    package = auditor.post(f"/draws/{held.pk}/bundle.zip", status=200)
    zipfile.ZipFile(io.BytesIO(package.content)).extractall(tmp_path)
    (tmp_path / "verify.py").write_bytes(officer("").get("/draws/verify.py").content)

    (bundle,) = [p for p in tmp_path.iterdir() if p.is_dir()]
    assert bundle.name == held.number
    done = subprocess.run(
        [sys.executable, str(tmp_path / "verify.py"), str(bundle)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_open_evidence_names_nobody(initiator, supervisor, task):
    draw = drawn(initiator, supervisor, task)
    package = initiator.get(f"{draw}evidence.zip")

    names = {n.split("/")[1] for n in zipfile.ZipFile(io.BytesIO(package.content)).namelist()}
    assert names == {"seal.json", "receipt.json", "checkpoint.txt"}


def test_the_list_of_the_drawn_goes_to_its_office_and_supervisor_and_is_logged(
    officer, initiator, supervisor, task
):
    draw = drawn(initiator, supervisor, task)
    officer("jianzheng").post(f"{draw}list.csv", status=403)
    lines = initiator.post(f"{draw}list.csv", status=200).content.decode("utf-8-sig").splitlines()
    supervisor.post(f"{draw}list.csv", status=200)

    assert len(lines) == 13
    viewed = LogEntry.objects.filter(kind="drawlist.viewed")
    assert viewed.count() == 2


@pytest.mark.parametrize("paper", ["approval.pdf", "record.pdf"])
def test_papers_of_a_draw_are_printed(initiator, supervisor, task, paper):
    draw = drawn(initiator, supervisor, task)

    assert initiator.get(f"{draw}{paper}").content.startswith(b"%PDF")


def voided(person, draw: str, **given: str):
    asked = {"reason": "名单有误", "second": "qjg-fz", "password": PASSWORD, **given}
    return lambda status=302: person.post(f"{draw}void/", asked, status=status)


def test_a_sealed_draw_is_voided_with_a_reason_and_a_second_person_and_stays_visible(initiator, sealed, task):
    voided(initiator, sealed)()

    page = initiator.page(sealed)
    assert "名单有误" in page.source
    task.refresh_from_db()
    assert task.state == "approved"
    again = prepared(initiator, task)
    assert "第 2 次" in initiator.page(again).source
    assert Draw.objects.get(number=task.number, attempt=1).ended_second.startswith("u:")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": ""}, "原因"),
        ({"password": "falsch"}, "第二人的账号或密码不正确"),
        ({"second": "qjg-jh"}, "第二人不能是您本人"),
        ({"second": "zlg-jh"}, "第二人须是负责人或监督人"),
    ],
)
def test_a_void_without_reason_or_second_person_is_refused(initiator, sealed, given, said):
    answer = voided(initiator, sealed, **given)(422)

    assert said in Page(answer).text("//div[@role='alert']")
    assert Draw.objects.get(state="sealed")


def test_who_gave_a_password_out_never_stands_in_for_the_second_person(initiator, sealed, county):
    User.objects.filter(username="qjg-fz").update(first_password=True)
    answer = voided(initiator, sealed)(422)

    assert "初始密码" in Page(answer).text("//div[@role='alert']")
    assert Draw.objects.get(state="sealed")


def test_after_the_reveals_have_opened_nothing_can_be_voided(initiator, supervisor, sealed):
    supervisor.post(f"{sealed}supervise/", {"compared": "on"})

    voided(initiator, sealed)(409)


def test_a_share_that_never_comes_fails_the_draw_after_the_deadline_alone(
    initiator, supervisor, sealed, task
):
    supervisor.post(f"{sealed}supervise/", {"compared": "on"})
    initiator.post(f"{sealed}fail/", {"reason": "份额遗失"}, status=409)

    clock.use(lambda: builder.NOW + dt.timedelta(days=7))
    supervisor.post(f"{sealed}fail/", {"reason": "份额遗失"})
    assert Draw.objects.get(number=task.number).state == "failed"
    assert "份额遗失" in initiator.page(sealed).source


def test_frozen_lists_are_thrown_away_before_the_seal_and_prepared_anew(officer, initiator, task):
    draw = prepared(initiator, task)
    officer("qjg-fz").post(f"{draw}discard/", status=403)
    initiator.post(f"{draw}discard/")

    initiator.get(draw, status=404)
    initiator.get(prepared(initiator, task))


def test_what_is_sealed_is_not_thrown_away(initiator, sealed):
    initiator.post(f"{sealed}discard/", status=409)


def test_a_silent_persons_envelope_completes_the_draw(officer, initiator, supervisor, sealed, task):
    supervisor.post(f"{sealed}supervise/", {"compared": "on"})
    address = f"{sealed}envelope/p1/"
    supervisor.get(address, status=409)
    clock.use(lambda: builder.NOW + dt.timedelta(days=7))
    assert f"{sealed}envelope/p1.age" in supervisor.page(sealed).source
    sealed_letter = supervisor.get(f"{sealed}envelope/p1.age").content
    identity = pyrage.x25519.Identity.from_str(demo_draws.CUSTODIAN_IDENTITY)
    letter = pyrage.decrypt(sealed_letter, [identity]).decode()
    wrong = supervisor.post(address, {"text": "salt share"}, status=422)
    assert "五行文字" in Page(wrong).text("//div[@role='alert']")

    supervisor.post(address, {"text": letter.replace("\n", "\r\n")})

    assert supervisor.get(sealed, status=302)["Location"] == f"{sealed}receipt/"
    assert DrawSource.objects.get(draw__number=task.number, source="p1").by_envelope


def test_nobody_opens_their_own_envelope(county, supervisor, sealed):
    clock.use(lambda: builder.NOW + dt.timedelta(days=7))

    supervisor.get(f"{sealed}envelope/p2/", status=403)
    supervisor.get(f"{sealed}envelope/p9/", status=404)


def test_a_pool_goes_on_without_a_witness_who_stayed_silent(office, supervisor, pooled):
    supervisor.post(f"{pooled}supervise/", {"compared": "on"})
    office.post(f"{pooled}close/", status=409)
    clock.use(lambda: builder.NOW + dt.timedelta(days=4))
    assert "锁定截止，继续" in office.page(pooled).source

    office.post(f"{pooled}close/")
    for person in (office, supervisor):
        person.post(f"{pooled}reveal/")
    supervisor.post(f"{pooled}number/", {"first": BALLS, "second": BALLS})
    office.get(f"{pooled}receipt/")


def test_three_waiting_tasks_suggest_a_pool(officer, county):
    page = officer("bangong").page(f"/tasks/{county.task('qjg-QX01').number}/draw/")

    assert page.all("//a[@href='/draws/pool/']")
    assert "有 3 项任务待抽取" in page.text("//div[contains(@class,'notice')]")


@pytest.fixture
def pooled(office, county):
    """A pool of two tasks with supervisor and witness, sealed; every share made by the server."""
    page = office.page("/draws/pool/")
    given = {
        "task": [county.task("qjg-QX01").number, county.task("ggg-WL01").number],
        "supervisor": choice(page, "supervisor", "法规股"),
        "witness": choice(page, "witness", "纪检"),
    }
    draw = office.post("/draws/pool/", given)["Location"]
    office.post(f"{draw}seal/")
    return draw


BALLS = "31415926535897932384"


def opened(office, supervisor, witness, draw: str) -> None:
    supervisor.post(f"{draw}supervise/", {"compared": "on"})
    witness.post(f"{draw}commit/")
    for person in (office, supervisor):
        person.post(f"{draw}reveal/")


def test_a_pool_is_drawn_with_a_witness_and_ball_numbers_typed_twice(
    office, supervisor, officer, pooled, county
):
    witness = officer("jianzheng")
    opened(office, supervisor, witness, pooled)
    assert "请录入公开随机数" in witness.page("/work/").source
    office.post(f"{pooled}number/", {"first": BALLS, "second": BALLS}, status=403)
    wrong = witness.post(f"{pooled}number/", {"first": BALLS, "second": BALLS[::-1]}, status=422)
    assert "两遍录入不一致" in Page(wrong).text("//div[@role='alert']")

    witness.post(f"{pooled}number/", {"first": BALLS, "second": BALLS})

    receipt = office.page(f"{pooled}receipt/")
    assert BALLS in receipt.source
    assert len(receipt.all("//table[caption='抽取结果']/tbody/tr")) == 2
    for key in ("qjg-QX01", "ggg-WL01"):
        assert county.task(key).state == "drawn"
    steps = witness.page(f"{pooled}verification/")
    assert {p.text_content() for p in steps.all("//tbody//span[contains(@class,'pill')]")} == {"相符"}


def test_a_pool_without_tasks_or_witness_is_not_prepared(office):
    answer = office.post("/draws/pool/", {"task": []}, status=422)

    said = Page(answer).text("//div[@role='alert']")
    assert "请至少选择一项任务" in said
    assert "见证人" in said


def test_what_an_interruption_left_is_taken_up(initiator, supervisor, task, monkeypatch):
    draw = prepared(initiator, task)
    initiator.post(f"{draw}seal/")
    supervisor.post(f"{draw}supervise/", {"compared": "on"})
    with monkeypatch.context() as patch:
        patch.setattr("fairdraw.desk.services._open", lambda *a, **k: 1 / 0)
        initiator.post(f"{draw}reveal/", status=500)
    assert Draw.objects.get(number=task.number).state == "drawn"
    waiting = initiator.page(draw)
    assert "被中断了，请按“继续”" in waiting.source
    assert waiting.all("//main//*[contains(@hx-get, '/status/')]")  # whoever looks on is led to the receipt

    initiator.post(f"{draw}settle/")

    assert Inspection.objects.filter(task=task).count() == 12
    initiator.get(f"{draw}receipt/")


def test_a_live_installation_without_a_custodian_does_not_seal(initiator, task, settings, monkeypatch):
    draw = prepared(initiator, task)
    monkeypatch.setattr("fairdraw.desk.services.installation", lambda: type("I", (), {"rehearsal": False}))

    answer = initiator.post(f"{draw}seal/", status=409)
    assert "保管人公钥" in Page(answer).text("//p[@class='refusal-text']")


def test_a_lost_file_of_an_earlier_draw_is_named_on_the_page(initiator, county, task):
    earlier = Draw.objects.get(number=county.task("zlg-ZL01").number)
    path = shelf.place(earlier.files.get(name="frame.tsv").stored_id)
    whole = path.read_bytes()
    supervisor = choice(initiator.page(f"/tasks/{task.number}/draw/"), "supervisor", "法规股")
    path.unlink()
    try:
        answer = initiator.post(
            "/draws/prepare/", {"task": task.number, "supervisor": supervisor}, status=409
        )
    finally:
        path.write_bytes(whole)

    said = Page(answer).text("//main")
    assert f"抽取 {earlier.number}（第1次）的文件 frame.tsv 丢失或已被改动" in said
    assert "fairdraw fsck" in said
