"""The public page of a draw: exactly what vdraw/1 §15 lets everybody see, in each state, and how to check it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from drawcore import shares, suites
from drawcore.seal import Disclosure
from fairdraw.demo import draws as demo
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import selectors, services
from fairdraw.draws.models import Draw
from fairdraw.draws.selectors import CORE_FILES
from fairdraw.kernel import merkle
from fairdraw.kernel.actor import SYSTEM
from fairdraw.portal import rules
from tests.builders.county import NOW, County
from tests.service.draws.walking import approved_task
from tests.web.ui.html import Page

PUBLIC = {"seal.json", "commits.tsv", "receipt.json", "events.jsonl", "proofs.json", "checkpoint.txt"}
SECRET = set(CORE_FILES) - PUBLIC


def held(draw: Draw, visitor: Client) -> set[str]:
    """The files of the draw that a visitor gets."""
    names = PUBLIC | SECRET | {"bundle.zip", "deposit.age", "nothing.txt"}
    return {n for n in names if visitor.get(f"/public/draws/{draw.pk}/{n}").status_code == 200}


@pytest.fixture
def drawn(county: County) -> Draw:
    return Draw.objects.get(number=county.task("zlg-ZL01").number)


def sealed(county: County) -> Draw:
    draw = county.prepared("ggg-WL01")
    return services.seal_draw(
        draw_id=draw.pk, custodian=demo.CUSTODIAN, actor=county.actor("ggg-jh"), now=NOW
    )


def carried_out(county: County, draw: Draw) -> Draw:
    entropy = SeededEntropy("county", f"shares {draw.number}")
    return demo.carry_out(county.cast, draw, org_origin=county.year.origin, entropy=entropy, now=NOW)


def test_a_draw_that_is_being_prepared_is_not_public(visitor: Client, county: County) -> None:
    draw = county.prepared("ggg-WL01")

    assert visitor.get(f"/public/draws/{draw.pk}/").status_code == 404
    assert held(draw, visitor) == set()


def test_a_sealed_draw_shows_its_seal_and_no_share(visitor: Client, county: County) -> None:
    draw = sealed(county)
    page = Page(visitor.get(f"/public/draws/{draw.pk}/"))

    assert held(draw, visitor) == {"seal.json"}
    assert draw.seal in page.text("//main")
    assert "随机份额" not in [h.text_content() for h in page.all("//h2")]


def test_no_share_is_shown_before_the_draw_is_made(visitor: Client, county: County) -> None:
    draw = sealed(county)
    actors = demo._actors(county.cast, draw)
    given = {}
    for place in selectors.sources(draw):
        salt, share = "ab" * 16, (place.source * 32)[:64]
        suite = suites.suite(draw.suite)
        locked = shares.commitment(suite, seal=draw.seal or "", source=place.source, salt=salt, share=share)
        given[place.source] = (salt, share, locked)
        services.commit(
            draw_id=draw.pk,
            source=place.source,
            commitment=locked,
            envelope=None,
            actor=actors[place.role],
            now=NOW,
        )
    first = selectors.sources(draw)[0]
    salt, share, _locked = given[first.source]
    services.reveal(
        draw_id=draw.pk, source=first.source, salt=salt, share=share, actor=actors[first.role], now=NOW
    )

    seen = visitor.get(f"/public/draws/{draw.pk}/").content.decode()

    assert held(draw, visitor) == {"seal.json"}
    for words in given.values():
        assert not any(word in seen for word in words)


def test_a_finished_draw_of_auditors_shows_what_proves_it_and_nothing_that_tells_classes(
    visitor: Client, drawn: Draw
) -> None:
    assert drawn.disclose_to == "auditors"
    assert held(drawn, visitor) == PUBLIC

    page = Page(visitor.get(f"/public/draws/{drawn.pk}/"))
    text = page.text("//main")
    receipt = json.loads(selectors.content(drawn, "receipt.json"))
    for source in selectors.sources(drawn):
        for word in (source.commitment, source.salt, source.share):
            assert word in text
    for word in (receipt["result"]["root"], receipt["assign"]["root"], receipt["seed_hash"]):
        assert word in text
    counts = [
        [c.text_content() for c in row.xpath("td")][:2] for row in page.all("//tr[td[@data-l='范围内']]")
    ]
    assert counts == [[str(part["in_scope"]), str(part["drawn"])] for part in receipt["parts"]]


def test_disclosure_to_auditors_makes_nothing_more_public(visitor: Client, county: County) -> None:
    done = Draw.objects.get(number=county.task("ggg-GG01").number)

    services.disclose(draw_id=done.pk, actor=SYSTEM, now=NOW)

    assert held(done, visitor) == PUBLIC


def test_everybody_can_check_seal_shares_and_order_from_what_is_public(visitor: Client, drawn: Draw) -> None:
    def get(name: str) -> bytes:
        return bytes(visitor.get(f"/public/draws/{drawn.pk}/{name}").content)

    seal = hashlib.sha256(get("seal.json")).hexdigest()
    assert seal == drawn.seal == json.loads(get("receipt.json"))["seal"]

    events = [json.loads(line) for line in get("events.jsonl").splitlines()]
    opened = {e["body"]["source"]: e["body"] for e in events if e["kind"] == "draw.reveal"}
    for line in get("commits.tsv").decode().splitlines():
        source, commitment = line.split("\t")
        body = opened[source]
        text = f"vdraw/1 commit\nseal {seal}\nsource {source}\nsalt {body['salt']}\nshare {body['share']}\n"
        assert hashlib.sha256(text.encode()).hexdigest() == commitment

    proofs = json.loads(get("proofs.json"))
    _origin, size, root, *_rest = get("checkpoint.txt").decode().split("\n")
    assert int(size) == proofs["size"]
    for line, proof in zip(get("events.jsonl").splitlines(), proofs["entries"], strict=True):
        leaf = hashlib.sha256(b"\x00" + line).digest()
        path = [bytes.fromhex(h) for h in proof["path"]]
        found = merkle.root_from_inclusion(proof["seq"], proofs["size"], leaf, path)
        assert found == base64.b64decode(root)


@pytest.mark.parametrize("command", range(2))
def test_the_commands_on_the_page_give_the_values_on_the_page(
    visitor: Client, drawn: Draw, command: int
) -> None:
    page = Page(visitor.get(f"/public/draws/{drawn.pk}/"))
    printed = [c.text_content() for c in page.all("//pre") if "printf" in c.text_content()][command]

    done = subprocess.run(["sh", "-c", printed], capture_output=True, text=True, check=True)

    assert done.stdout.split()[0] in {s.commitment for s in selectors.sources(drawn)}


def test_an_entry_that_names_who_was_drawn_is_left_out_and_the_others_stay_proved() -> None:
    kinds = ["draw.sealed", "draw.drawn", "draw.object_replaced", "draw.disclosed"]
    events = b"".join(
        json.dumps({"kind": kind, "seq": seq, "body": {"object": "91350524MA0001"}}).encode() + b"\n"
        for seq, kind in enumerate(kinds)
    )
    proofs = json.dumps({"size": 9, "entries": [{"seq": seq, "path": []} for seq in range(4)]}).encode()

    shown, proved = rules.public_evidence(events, proofs)

    assert [json.loads(line)["kind"] for line in shown.splitlines()] == [
        kind for kind in kinds if kind != "draw.object_replaced"
    ]
    assert [entry["seq"] for entry in json.loads(proved)["entries"]] == [0, 1, 3]
    assert rules.public_evidence(shown, proved) == (shown, proved)


def test_a_void_attempt_stays_visible_with_its_reason(visitor: Client, county: County) -> None:
    first = sealed(county)
    services.void_draw(
        draw_id=first.pk, reason="名单有误，重新核对", second="u:999", actor=county.actor("ggg-jh"), now=NOW
    )
    again = county.prepared("ggg-WL01", label="again")
    second = services.seal_draw(
        draw_id=again.pk, custodian=demo.CUSTODIAN, actor=county.actor("ggg-jh"), now=NOW
    )

    page = Page(visitor.get(f"/public/draws/{second.pk}/")).text("//main")

    assert second.attempt == 2
    assert "名单有误，重新核对" in page
    assert visitor.get(f"/public/draws/{first.pk}/seal.json").status_code == 200
    assert held(first, visitor) == {"seal.json"}


def test_a_public_draw_hands_its_bundle_to_everybody_once_disclosed_and_it_verifies(
    visitor: Client, county: County, tmp_path: Path
) -> None:
    flat = approved_task(county, name="不分类的专项检查")
    county = dataclasses.replace(county, tasks={**county.tasks, "flat": flat})
    draw = carried_out(county, county.prepared("flat", disclosure=Disclosure("public", "draw")))
    assert draw.disclose_to == "public"
    assert held(draw, visitor) == PUBLIC

    services.disclose(draw_id=draw.pk, actor=SYSTEM, now=NOW)

    assert held(draw, visitor) == PUBLIC | {"bundle.zip"}
    packed = visitor.get(f"/public/draws/{draw.pk}/bundle.zip").content
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    verifier = tmp_path / "verify.py"
    verifier.write_bytes(visitor.get("/public/verify.py").content)
    done = subprocess.run([sys.executable, verifier, tmp_path / draw.number], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_verifier_that_is_handed_out_is_the_one_of_the_product(visitor: Client) -> None:
    assert visitor.get("/public/verify.py").content == (settings.BASE_DIR / "verify.py").read_bytes()


def test_the_log_page_hands_out_checkpoints_with_the_key_that_proves_them(
    visitor: Client, county: County, drawn: Draw
) -> None:
    page = Page(visitor.get("/public/log/"))
    receipt = json.loads(selectors.content(drawn, "receipt.json"))

    assert f"{county.year.origin}+" in page.text("//main")
    text = visitor.get(f"/public/log/{receipt['log']['size']}.txt").content.decode()
    assert text == selectors.content(drawn, "checkpoint.txt").decode()
