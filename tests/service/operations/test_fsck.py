"""``fsck`` on both databases: each planted damage is named, and a sound installation has none (全面核对)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection

from fairdraw.audit import services as log
from fairdraw.audit.models import Checkpoint, LogEntry, LogRow
from fairdraw.demo import draws as demo_draws
from fairdraw.desk import services as desk
from fairdraw.draws import selectors
from fairdraw.draws import services as draws
from fairdraw.draws.models import Draw, DrawFile, DrawnRow, DrawnTeam
from fairdraw.files import shelf
from fairdraw.operations import integrity
from tests.builders import bureau as bureaus
from tests.service.operations.held import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def origin(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A bureau with one draw finished, one sealed after it, and a checkpoint; gives the folder of its files."""
    folder = tmp_path_factory.mktemp("origin")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), bureaus.rolled_back():
        patch.setattr(product, "FILES_DIR", folder / "files")
        patch.setattr(product, "SHARE_KEY_FILE", folder / "keys" / "share.key")
        bureau = bureaus.found_bureau()
        bureau.drawn()
        bureau.go(3, 3)
        waiting = bureau.prepare(bureau.approved())
        words = {"actor": bureau.actor("ggg-jh"), "now": bureau.now}
        draws.seal_draw(draw_id=waiting.pk, custodian=demo_draws.CUSTODIAN, **words)
        log.checkpoint(bureau.now, origin=desk.origin())
        yield folder


@pytest.fixture(autouse=True)
def own_files(origin: Path, db: None, settings: Any, tmp_path: Path) -> None:
    """Give the test files of its own; what it does to the database is taken back."""
    shutil.copytree(origin / "files", tmp_path / "files")
    settings.FILES_DIR = tmp_path / "files"
    settings.SHARE_KEY_FILE = origin / "keys" / "share.key"


def found() -> set[tuple[str, str, str]]:
    """What fsck finds, but for how the test's own server is set."""
    problems = integrity.check(lambda label, share: None).problems
    return {(p.part, p.where, p.message) for p in problems if "数据库设置" not in p.message}


def drawn() -> Draw:
    """The draw that is finished."""
    return Draw.objects.get(state="drawn")


def sealed() -> Draw:
    """The draw that was sealed after it."""
    return Draw.objects.exclude(state="drawn").get()


def place(draw: Draw, name: str) -> Path:
    """Where a file of a draw lies."""
    return shelf.place(DrawFile.objects.get(draw=draw, name=name).stored_id)


def where(draw: Draw) -> str:
    """How fsck names a draw."""
    return f"{draw.number}/{draw.attempt}"


def test_a_sound_installation_has_no_problem():
    assert found() == set()
    assert integrity.check(lambda label, share: None).draws == 2


FILES = [(drawn, "frame.tsv"), (drawn, "result.tsv"), (sealed, "frame.tsv"), (sealed, "seal.json")]


@pytest.mark.parametrize(("which", "name"), FILES)
def test_a_missing_file_of_a_draw_is_named_with_its_draw(which: Callable[[], Draw], name: str):
    path = place(which(), name)
    path.unlink()

    problems = found()

    assert ("files", path.name) in {(part, at) for part, at, message in problems if "不在" in message}
    assert ("draws", where(which())) in {(part, at) for part, at, _message in problems}


@pytest.mark.parametrize(("which", "name"), FILES)
def test_a_changed_file_of_a_draw_is_named_with_its_draw(which: Callable[[], Draw], name: str):
    path = place(which(), name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    problems = found()

    assert ("files", path.name) in {(part, at) for part, at, message in problems if "被改动过" in message}
    assert ("draws", where(which())) in {(part, at) for part, at, _message in problems}


@pytest.mark.parametrize("name", ["result.tsv", "assign.tsv", "commits.tsv"])
def test_another_content_under_the_name_of_a_drawn_file_is_named(name: str):
    path = place(drawn(), name)
    content = path.read_bytes().replace(b"1", b"2", 1)
    digest = shelf.sha256(content).hexdigest()
    shelf.keep(digest, content)
    held = DrawFile.objects.get(draw=drawn(), name=name)
    with unguarded():
        type(held.stored).objects.create(
            sha256=digest,
            size=len(content),
            media_type=held.stored.media_type,
            name=held.stored.name,
            stored_at=held.stored.stored_at,
        )
        DrawFile.objects.filter(pk=held.pk).update(stored_id=digest)

    problems = found()

    assert {part for part, _at, _message in problems} == {"draws"}
    assert {at for _part, at, _message in problems} >= {where(drawn())}


def test_changed_columns_of_a_sealed_draw_are_named():
    draw = sealed()
    with unguarded():
        Draw.objects.filter(pk=draw.pk).update(approval_code="0" * 16, seal="0" * 64, attempt=7)

    said = " ".join(message for part, at, message in found() if (part, at) == ("draws", f"{draw.number}/7"))
    for words in ("审批核对码", "封存值", "另一次抽取", "封存记录", "没有准备"):
        assert words in said


def test_changed_columns_of_a_finished_draw_are_named():
    draw = drawn()
    with unguarded():
        Draw.objects.filter(pk=draw.pk).update(seed_hash="0" * 64, result_root="0" * 64)

    said = " ".join(message for part, at, message in found() if (part, at) == ("draws", where(draw)))
    for words in ("结果根", "日志中的抽取记录"):
        assert words in said


def change_a_rank() -> None:
    row = DrawnRow.objects.filter(drawn_list__draw=drawn()).order_by("pk").last()
    assert row is not None
    DrawnRow.objects.filter(pk=row.pk).update(rank=row.rank + 100)


def exchange_an_inspector() -> None:
    rows = DrawnTeam.objects.filter(draw=drawn()).order_by("pk")
    first = rows[0]
    team = rows.filter(target=first.target_id).values("inspector")
    other = rows.exclude(inspector__in=team)[0]
    DrawnTeam.objects.filter(pk=first.pk).update(inspector=other.inspector_id)


@pytest.mark.parametrize(
    ("damage", "words"),
    [(change_a_rank, "抽中名单"), (exchange_an_inspector, "选派")],
)
def test_a_list_in_the_database_that_is_not_the_drawn_one_is_named(damage: Callable[[], None], words: str):
    with unguarded():
        damage()

    assert {(part, at) for part, at, message in found() if words in message} == {("draws", where(drawn()))}


def test_loads_that_earlier_draws_do_not_explain_are_named():
    held = selectors.content(sealed(), "officers.tsv").decode().splitlines()
    assert any(line.split("\t")[-1] != "0" for line in held), "the second draw must have seen the first"
    with unguarded():
        Draw.objects.filter(pk=drawn().pk).update(year=2020)

    assert ("draws", where(sealed())) in {(p, at) for p, at, message in found() if "已有任务数" in message}


# 日志


def middle() -> LogEntry:
    """An entry that is neither the first nor the last."""
    return LogEntry.objects.get(seq=LogEntry.objects.count() // 2)


def change_an_entry() -> str:
    entry = middle()
    document = bytes(entry.document)
    LogEntry.objects.filter(seq=entry.seq).update(document=document.replace(b'"at":1', b'"at":2', 1))
    return str(entry.seq)


def change_a_column() -> str:
    entry = middle()
    LogEntry.objects.filter(seq=entry.seq).update(actor="someone")
    return str(entry.seq)


def remove_an_entry() -> str:
    entry = LogEntry.objects.filter(row_count=0, seq__gt=2).order_by("seq")[3]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {LogEntry._meta.db_table} WHERE seq = %s", [entry.seq])
    return str(entry.seq)


def cut_the_log() -> str:
    size = LogEntry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {LogEntry._meta.db_table} WHERE seq = %s", [size - 1])
    return str(size - 1)


def change_a_row_of_a_batch() -> str:
    row = LogRow.objects.order_by("pk")[5]
    LogRow.objects.filter(pk=row.pk).update(document=bytes(row.document) + b" ")
    return str(row.entry_id)


def change_a_checkpoint() -> str:
    point = Checkpoint.objects.latest("size")
    Checkpoint.objects.filter(pk=point.pk).update(root="0" * 64)
    return str(point.size)


def sign_it_otherwise() -> str:
    point = Checkpoint.objects.latest("size")
    lines = point.text.split(" ")
    wrong = lines[-1][:20] + ("A" if lines[-1][20] != "A" else "B") + lines[-1][21:]
    Checkpoint.objects.filter(pk=point.pk).update(text=" ".join([*lines[:-1], wrong]))
    return str(point.size)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (change_an_entry, "被改动过"),
        (change_a_column, "检索字段"),
        (remove_an_entry, "日志缺失"),
        (cut_the_log, "存证点载明"),
        (change_a_row_of_a_batch, "明细"),
        (change_a_checkpoint, "存证点与日志不符"),
        (sign_it_otherwise, "签名无效"),
    ],
)
def test_what_an_administrator_does_to_the_log_is_named_at_its_place(damage: Callable[[], str], words: str):
    with unguarded():
        at = damage()

    assert ("log", at) in {(part, place_) for part, place_, message in found() if words in message}


def test_a_removed_record_of_a_seal_or_a_draw_is_seen_at_the_draw():
    for kind, draw, words in (
        ("draw.sealed", sealed(), "封存记录"),
        ("draw.drawn", drawn(), "抽取记录"),
        ("frame.frozen", sealed(), "没有准备"),
    ):
        with unguarded():
            LogEntry.objects.filter(kind=kind).update(kind="draw.other")

        assert any(p == "draws" and at == where(draw) and words in m for p, at, m in found()), kind


# 守护规则


def test_a_guard_that_is_not_there_is_named():
    name = "audit_logrow_takes_only_the_next"
    on = "" if connection.vendor == "sqlite" else " ON audit_logrow"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")

    assert {(part, message) for part, _at, message in found()} == {("guards", f"数据库缺少守护规则 {name}")}


def test_looking_makes_no_key(settings: Any, tmp_path: Path):
    settings.SHARE_KEY_FILE = tmp_path / "keys" / "share.key"

    found()

    assert not (tmp_path / "keys").exists()
