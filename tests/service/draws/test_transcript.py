"""
Each rule of the ceremony broken once (vdraw/1 §6–§8, reliability T-D3): refused, nothing changed, nothing logged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from fairdraw.audit import selectors as audit
from fairdraw.draws import selectors, services
from fairdraw.files import shelf
from fairdraw.files.models import StoredFile
from fairdraw.kernel.errors import FairdrawError
from tests.builders.county import NOW, County
from tests.service.draws.hands import GUARDED
from tests.service.draws.walking import BALLS, MINUTE, Walk

pytestmark = pytest.mark.django_db
AFTER_COMMITS = NOW + dt.timedelta(hours=72, seconds=1)
AFTER_REVEALS = NOW + dt.timedelta(hours=144, seconds=1)


def _everything() -> list[object]:
    with connection.cursor() as cursor:
        found: list[object] = [audit.size()]
        for table in GUARDED:
            cursor.execute(f"SELECT * FROM {table}")
            found.append(sorted(map(repr, cursor.fetchall())))
        cursor.execute("SELECT number, state FROM plans_task ORDER BY number")
        return [*found, cursor.fetchall()]


@contextmanager
def refused(words: str) -> Iterator[None]:
    """A step that must be refused with *words*, and leave rows, states and log as they were."""
    before = _everything()
    with pytest.raises(FairdrawError, match=words):
        yield
    assert _everything() == before


@pytest.fixture
def one(ground: County) -> Walk:
    """A draw of one task at level 1."""
    return Walk(ground, ("more-0",))


@pytest.fixture
def balls(ground: County) -> Walk:
    """A draw of one task at level 2."""
    return Walk(ground, ("more-1",), level=2)


def test_a_late_commitment_is_refused(one: Walk):
    one.to_sealed()

    with refused("锁定已经截止"):
        one.commit("p1", now=AFTER_COMMITS)


def test_a_second_commitment_is_refused(one: Walk):
    one.to_sealed()
    one.commit("p1")

    with refused("已经锁定"):
        one.commit("p1", now=NOW + 2 * MINUTE)


def test_a_commitment_after_commitments_closed_is_refused(one: Walk):
    one.to_revealing()

    with refused("锁定已经截止"):
        one.commit("p2")


def test_a_foreign_source_is_refused(one: Walk):
    one.to_sealed()

    with refused("没有参与人"):
        services.commit(
            draw_id=one.draw.pk,
            source="p9",
            commitment="ab" * 32,
            envelope=None,
            actor=one.actors["p1"],
            now=NOW,
        )


def test_nobody_locks_or_opens_for_somebody_else(one: Walk):
    one.to_sealed()
    commitment = one.locked("p2")
    with refused("不是本次抽取的这一位参与人"):
        services.commit(
            draw_id=one.draw.pk,
            source="p2",
            commitment=commitment,
            envelope=None,
            actor=one.actors["p1"],
            now=NOW,
        )
    for source in one.sources:
        one.commit(source)

    salt, share = one.kept["p2"]
    with refused("不是本次抽取的这一位参与人"):
        services.reveal(
            draw_id=one.draw.pk, source="p2", salt=salt, share=share, actor=one.actors["p1"], now=NOW + MINUTE
        )


@pytest.mark.parametrize("commitment", ["", "abc", "AB" * 32, "g" * 64, "ab" * 32 + "\n"])
def test_a_commitment_in_another_form_is_refused(one: Walk, commitment: str):
    one.to_sealed()

    with refused("格式不符"):
        services.commit(
            draw_id=one.draw.pk,
            source="p1",
            commitment=commitment,
            envelope=None,
            actor=one.actors["p1"],
            now=NOW,
        )


def test_an_envelope_that_is_not_encrypted_is_refused(one: Walk):
    one.to_sealed()

    with refused("格式不符"):
        services.commit(
            draw_id=one.draw.pk,
            source="p1",
            commitment=one.locked("p1"),
            envelope=b"vdraw/1 commit\n",
            actor=one.actors["p1"],
            now=NOW,
        )


def test_a_reveal_before_commitments_close_is_refused(one: Walk):
    one.to_sealed()
    one.commit("p1")

    with refused("尚未开始开启"):
        one.reveal("p1")


@pytest.mark.parametrize(
    "changed",
    [
        lambda salt, share: ("0" * 32, share),
        lambda salt, share: (salt, "another-share-of-mine"),
        lambda salt, share: (salt, share[::-1]),
        lambda salt, share: (salt, share + "0"),
        lambda salt, share: (salt.upper(), share),
        lambda salt, share: (salt, "短"),
    ],
)
def test_a_wrong_salt_or_a_changed_share_is_refused(
    one: Walk, changed: Callable[[str, str], tuple[str, str]]
):
    one.to_revealing()
    one.kept["p1"] = changed(*one.kept["p1"])

    with refused("份额"):
        one.reveal("p1")


def test_the_commitment_of_another_person_or_draw_opens_nothing(ground: County, one: Walk):
    """A copied commitment cannot be opened: the seal and the source stand in it."""
    other = Walk(ground, ("more-2",)).to_revealing()
    one.to_sealed()
    services.commit(
        draw_id=one.draw.pk,
        source="p1",
        commitment=other.locked("p1"),
        envelope=None,
        actor=one.actors["p1"],
        now=NOW + MINUTE,
    )
    one.commit("p2")
    one.kept["p1"] = other.kept["p1"]

    with refused("与锁定值不符"):
        one.reveal("p1")


def test_a_second_reveal_is_refused(one: Walk):
    one.to_revealing()
    one.reveal("p1")

    with refused("已经开启"):
        one.reveal("p1")


def test_a_late_reveal_is_refused(one: Walk):
    one.to_revealing()

    with refused("开启已经截止"):
        one.reveal("p1", now=AFTER_REVEALS)


def test_the_number_is_not_entered_before_the_reveals(balls: Walk):
    balls.to_revealing()
    balls.reveal("p1")

    with refused("现在不能录入"):
        balls.enter()


def test_two_numbers_that_differ_are_refused(balls: Walk):
    balls.to_opened()

    with refused("两次录入不一致"):
        services.enter_number(
            draw_id=balls.draw.pk,
            first=BALLS,
            second=BALLS[::-1],
            actor=balls.actors["p2"],
            now=NOW + 3 * MINUTE,
        )


@pytest.mark.parametrize("number", ["", "123", "3" * 19, "3" * 201, "1,2,3", "０" * 20, BALLS + "\n"])
def test_a_number_in_another_form_is_refused(balls: Walk, number: str):
    balls.to_opened()

    with refused("公开随机数的格式不符"):
        services.enter_number(
            draw_id=balls.draw.pk,
            first=number,
            second=number,
            actor=balls.actors["p3"],
            now=NOW + 3 * MINUTE,
        )


def test_a_number_is_entered_once_and_not_by_the_initiator(balls: Walk):
    balls.to_opened()
    with refused("由监督人和见证人录入"):
        services.enter_number(
            draw_id=balls.draw.pk, first=BALLS, second=BALLS, actor=balls.actors["p1"], now=NOW + 3 * MINUTE
        )
    balls.enter()

    with refused("现在不能录入"):
        balls.enter()


def test_a_draw_without_a_number_takes_none(one: Walk):
    one.to_opened()

    with refused("现在不能录入"):
        one.enter()


def test_nothing_is_drawn_before_every_source_is_known(one: Walk, balls: Walk):
    one.to_revealing()
    one.reveal("p2")
    with refused("没有开启"):
        one.complete()
    balls.to_opened()

    with refused("尚未产生"):
        balls.complete()


def test_only_the_supervisor_draws(one: Walk):
    one.to_opened()

    with refused("由监督人监督并抽取"):
        services.complete_draw(draw_id=one.draw.pk, actor=one.actors["p1"], now=NOW + 4 * MINUTE)


def test_a_drawn_draw_is_not_drawn_again(one: Walk):
    one.to_drawn()

    with refused("不能办理这一步"):
        one.complete()


def test_with_too_few_reveals_there_is_no_draw(balls: Walk):
    """A number does not stand for the shares: two persons at least have opened theirs."""
    balls.to_revealing()
    balls.reveal("p1")

    with refused("不足两人"):
        services.close_reveals(draw_id=balls.draw.pk, actor=balls.actors["p1"], now=AFTER_REVEALS)
    with refused("尚未产生"):
        balls.complete(now=AFTER_REVEALS)


def test_commitments_close_by_the_deadline_only_and_with_two_at_least(balls: Walk):
    balls.to_sealed()
    balls.commit("p1")
    with refused("期限未到"):
        services.close_commitments(draw_id=balls.draw.pk, actor=balls.actors["p1"], now=NOW + MINUTE)
    with refused("只能作废"):
        services.close_commitments(draw_id=balls.draw.pk, actor=balls.actors["p1"], now=AFTER_COMMITS)


def test_a_step_is_taken_by_those_whom_it_concerns(ground: County, balls: Walk):
    """An outsider of the county sees no draw; one of another section who sees it has no part in it."""
    balls.to_sealed()
    stranger = ground.actor("ggg-jh")
    for source in ("p1", "p2"):
        balls.commit(source)

    with refused("没有这次抽取"):
        services.close_commitments(draw_id=balls.draw.pk, actor=stranger, now=AFTER_COMMITS)
    with refused("没有这次抽取"):
        services.seal_draw(draw_id=balls.draw.pk, custodian="", actor=stranger, now=NOW)
    with refused("没有这次抽取"):
        services.void_draw(draw_id=balls.draw.pk, reason="不要了", second="u:1", actor=stranger, now=NOW)


def test_the_server_share_lies_nowhere_in_clear_before_the_draw(one: Walk):
    """Whoever has the server's files and the database without its key cannot know the share (vdraw/1 §7.1)."""
    one.to_opened()
    assert not selectors.has_file(one.draw, "server.txt")
    assert not selectors.has_file(one.draw, "seed.txt")
    share = services.compute(one.draw)[0]["server.txt"].split()[-1]

    kept = [
        shelf.place(digest).read_bytes() for digest in StoredFile.objects.values_list("sha256", flat=True)
    ]
    assert not any(share in data or bytes.fromhex(share.decode()) in data for data in kept)
    held = bytes(one.draw.secret.ciphertext)
    assert share not in held
    assert bytes.fromhex(share.decode()) not in held


def test_sealing_needs_the_initiators_office_and_a_custodian_who_can_keep_a_deposit(one: Walk):
    one.prepare()
    for custodian, words in (("", "保管人"), ("ssh-ed25519 AAAA", "保管人公钥")):
        with refused(words):
            services.seal_draw(draw_id=one.draw.pk, custodian=custodian, actor=one.actors["p1"], now=NOW)
    with refused("只有发起单位的计划岗"):
        services.seal_draw(draw_id=one.draw.pk, custodian="", actor=one.actors["p2"], now=NOW)


def test_a_sealed_draw_is_not_sealed_again(one: Walk):
    one.to_sealed()

    with refused("不能办理这一步"):
        one.seal()
