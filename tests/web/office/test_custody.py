"""Custody on screen: a lost server share comes back from its deposit; a target gets its own proof, nobody else's."""

from __future__ import annotations

import json

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from drawcore import receipt
from drawcore.seal import Seal
from fairdraw.audit.models import LogEntry
from fairdraw.demo.draws import CUSTODIAN_IDENTITY
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawnRow, DrawSecret
from fairdraw.registers.models import Target
from tests.web.office.test_draw import initiator, sealed, task
from tests.web.ui.html import Page

__all__ = ["initiator", "sealed", "task"]


def opened(person, draw: str) -> bytes:
    """What the practice custodian decrypts out of the deposit."""
    identity = pyrage.x25519.Identity.from_str(CUSTODIAN_IDENTITY)
    return bytes(pyrage.decrypt(person.get(f"{draw}deposit.age").content, [identity]))


def lose(draw: str) -> None:
    """The key outside the database opens the secret no longer."""
    DrawSecret.objects.filter(draw=draw.strip("/").split("/")[1]).update(ciphertext=b"\x00" * 92)


def test_a_lost_server_share_comes_back_from_its_deposit_and_the_draw_goes_on(
    initiator, supervisor, sealed, task
):
    supervisor.post(f"{sealed}supervise/", {"compared": "on"})
    lose(sealed)
    initiator.post(f"{sealed}reveal/", status=409)  # opened, but the server's own share is gone
    page = supervisor.page(sealed)
    assert "服务器份额无法解密" in page.text("//main")
    (address,) = page.all("//a[.='恢复服务器份额']/@href")
    assert f"{sealed}deposit.age" in supervisor.page(address).all("//a/@href")

    wrong = supervisor.post(address, {"text": "别的内容"}, status=422)
    assert "与封存的核对值不符" in Page(wrong).text("//div[@role='alert']")
    supervisor.post(address, {}, status=422)
    text = opened(supervisor, sealed).decode().replace("\n", "\r\n")
    supervisor.post(address, {"text": f"\r\n{text}"})

    task.refresh_from_db()
    assert task.state == "drawn"
    assert LogEntry.objects.filter(kind="draw.share_restored").count() == 1
    supervisor.get(address, status=409)


def test_the_opened_deposit_may_be_uploaded_as_a_file(supervisor, sealed):
    lose(sealed)
    sent = {"file": SimpleUploadedFile("server.txt", opened(supervisor, sealed))}
    supervisor.post(f"{sealed}restore/", sent)

    assert "服务器份额无法解密" not in supervisor.page(sealed).source


def test_a_draw_whose_share_is_lost_for_good_can_be_declared_failed(initiator, sealed):
    initiator.get(f"{sealed}fail/", status=409)
    lose(sealed)
    initiator.post(f"{sealed}fail/", {"reason": "服务器份额丢失，存证无法打开"})

    assert Draw.objects.get(pk=sealed.strip("/").split("/")[1]).state == "failed"


def test_the_initiator_neither_takes_the_deposit_nor_hands_it_back(initiator, sealed):
    for step in ("deposit.age", "restore/"):
        initiator.get(f"{sealed}{step}", status=403)


@pytest.fixture
def finished(county) -> Draw:
    return Draw.objects.get(number=county.task("zlg-ZL01").number)


def test_a_target_is_told_where_it_stands_and_its_proof_holds_for_it_alone(planner, finished, county):
    drawn = DrawnRow.objects.filter(drawn_list__draw=finished, reserve=False).first()
    (address,) = planner.page(f"/draws/{finished.pk}/receipt/").all("//a[.='查询在库和抽中']/@href")

    page = Page(planner.post(address, {"target": drawn.target.name}, status=200))
    assert county.task("zlg-ZL01").name in page.text("//dl[@class='facts']")
    assert "在封存的名单中" in page.text("//dl[@class='facts']")
    answer = planner.post(address, {"target": drawn.target.draw_code, "proof": "1"}, status=200)

    seal = Seal.parse(draws.content(finished, "seal.json"))
    assert receipt.is_member(answer.content, seal, finished.seal)
    told = json.loads(answer.content)
    assert told["id"] == drawn.target.draw_code
    assert not receipt.is_member(
        answer.content.replace(told["id"].encode(), b"X" * len(told["id"])), seal, finished.seal
    )
    assert LogEntry.objects.filter(kind="member.proved").count() == 1
    assert LogEntry.objects.filter(kind="drawlist.viewed").exists()


def test_an_unused_reserve_looks_like_anybody_not_drawn(planner, finished):
    spare = DrawnRow.objects.filter(drawn_list__draw=finished, reserve=True).first()
    page = Page(planner.post(f"/draws/{finished.pk}/member/", {"target": spare.target.draw_code}, status=200))

    assert "未抽中" in page.text("//dl[@class='facts']")


def test_who_is_not_in_the_list_gets_no_proof(planner, finished):
    inside = draws.content(finished, "frame.tsv").decode()
    stranger = next(t for t in Target.objects.order_by("pk") if t.draw_code not in inside)
    address = f"/draws/{finished.pk}/member/"
    page = Page(planner.post(address, {"target": stranger.draw_code}, status=200))

    assert "不在封存的名单中" in page.text("//dl[@class='facts']")
    assert "下载在库证明" not in page.source
    planner.post(address, {"target": stranger.draw_code, "proof": "1"}, status=409)
    planner.post(address, {"target": "查无此户"}, status=422)


def test_the_supervisor_tells_no_target_where_it_stands(supervisor, finished):
    supervisor.get(f"/draws/{finished.pk}/member/", status=403)
