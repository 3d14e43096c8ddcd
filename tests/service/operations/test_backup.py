"""Backup and restore (T-B1, T-B3): whole or not at all, and nothing of a draw is lost (备份、恢复)."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import InvalidInput
from fairdraw.operations import archive, backups, integrity, restoring
from fairdraw.operations.archive import BadBackup, Manifest
from fairdraw.operations.restoring import InTheWay, Restored
from tests.builders import bureau as bureaus
from tests.service.operations.conftest import Place
from tests.service.operations.held import Held, found, killed

pytestmark = [pytest.mark.django_db, pytest.mark.only_sqlite]
NOW = bureaus.JANUARY + dt.timedelta(days=80)


def quiet(*_words: object) -> None:
    """Hear of progress and say nothing."""


@pytest.fixture
def _django_db_helper(django_db_setup: None) -> None:
    """Put no transaction around a test here: every installation has a database of its own."""


@pytest.fixture(scope="module")
def origin(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Held]:
    """The installation that was there before; only looked at."""
    with django_db_blocker.unblock():
        yield found(Held(tmp_path_factory.mktemp("origin") / "var"))


@pytest.fixture(scope="module")
def kept(origin: Held, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a copy of it."""
    with django_db_blocker.unblock():
        source = copied(origin, tmp_path_factory.mktemp("source"))
        target = tmp_path_factory.mktemp("kept") / "备份.zip"
        back_up(source, target)
    return target


def copied(held: Held, folder: Path, name: str = "var") -> Held:
    """A copy of an installation to do something to."""
    shutil.copytree(held.folder, folder / name)
    return Held(folder / name)


def back_up(held: Held, target: Path) -> Manifest:
    """Back an installation up."""
    with held.run():
        return backups.back_up(target, actor=COMMAND_LINE, now=NOW, report=quiet)[0]


def restore(source: Path, held: Held, *, replace: bool = False) -> Restored:
    """Restore a backup into a folder."""
    with held.run():
        return restoring.restore(source, replace=replace, actor=COMMAND_LINE, now=clock.now, report=quiet)


def problems(held: Held) -> list[str]:
    """What fsck finds."""
    with held.run():
        return [problem.message for problem in integrity.check(quiet).problems]


def rewritten(source: Path, target: Path, *, without: str = "", **changed: bytes) -> Path:
    """A backup like *source* with members left out, or with other contents, and its old manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != without:
                new.writestr(name, changed.get(name.split(".")[0], old.read(name)))
    return target


def files_of(source: Path) -> list[str]:
    """The stored files in a backup."""
    with zipfile.ZipFile(source) as held:
        return [name for name in held.namelist() if name.startswith("files/")]


def untouched(held: Held) -> tuple[dict[str, bytes], bytes, list[str]]:
    """All that a refused restore may not change."""
    return held.files(), held.database.read_bytes(), sorted(path.name for path in held.folder.iterdir())


# 恢复到空目录


def test_a_destroyed_installation_comes_back_whole(origin: Held, kept: Path, tmp_path: Path):
    new = Held(tmp_path / "var")
    shutil.copytree(origin.folder / "keys", new.folder / "keys")

    done = restore(kept, new)

    assert done.cautions == ()
    assert done.aside is None
    assert new.root(done.manifest.entries) == origin.root(done.manifest.entries) == done.manifest.root
    assert new.files() == origin.files() != {}
    for query in (
        "SELECT number, state, seal, seed_hash, result_root FROM draw ORDER BY number",
        "SELECT draw_code, name FROM registers_target ORDER BY draw_code",
        "SELECT number, state FROM inspections_inspection ORDER BY number",
    ):
        assert new.rows(query) == origin.rows(query) != []
    assert problems(new) == []


def test_the_restore_is_an_entry_of_the_log_at_the_installations_own_time(kept: Path, tmp_path: Path):
    new = Held(tmp_path / "var")

    done = restore(kept, new)

    seq, document, at = new.rows("SELECT seq, document, at FROM audit_logentry ORDER BY seq DESC LIMIT 1")[0]
    assert seq == done.manifest.entries
    assert b'"installation.restored"' in document
    assert archive.digest(kept).encode() in document
    assert at.startswith("2026-03")  # the practice time of the bureau, not the machine's


def test_without_its_keys_a_person_is_told_what_cannot_go_on(kept: Path, tmp_path: Path):
    done = restore(kept, Held(tmp_path / "var"))

    assert any("日志密钥不是原来的" in caution for caution in done.cautions)
    assert any("1 次未完成的抽取" in caution for caution in done.cautions)


def test_nobody_else_reads_a_backup_or_what_comes_out_of_it(kept: Path, tmp_path: Path):
    new = Held(tmp_path / "var")
    restore(kept, new)

    stored = list((new.folder / "files").rglob("*"))
    assert stored
    for path in (kept, new.database, *stored):
        assert path.stat().st_mode & 0o077 == 0, path


def test_no_key_is_in_a_backup(origin: Held, kept: Path):
    with zipfile.ZipFile(kept) as held:
        contents = [held.read(name) for name in held.namelist()]
    for key in (origin.folder / "keys").iterdir():
        text = key.read_text(encoding="ascii").strip()
        assert not any(text.encode() in content or bytes.fromhex(text) in content for content in contents)


# 损坏的备份


def test_a_backup_with_a_changed_byte_is_refused_or_says_the_same(kept: Path, tmp_path: Path):
    whole, manifest = kept.read_bytes(), archive.read_manifest(kept)
    path = tmp_path / "改动.zip"
    refused = 0
    for number, position in enumerate(
        [*range(0, len(whole), len(whole) // 150), *range(len(whole) - 150, len(whole))]
    ):
        data = bytearray(whole)
        data[position] ^= 1 << number % 8
        path.write_bytes(data)
        with contextlib.suppress(BadBackup):
            refused += 1
            held = archive.read_manifest(path)
            archive.verify(path, held, quiet)
            refused -= 1
            assert held == manifest  # a byte that says nothing: a time of day in the zip's own list
    assert refused > 150


@pytest.mark.parametrize("damage", ["byte", "cut", "missing file", "missing database", "other file", "text"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    origin: Held, kept: Path, tmp_path: Path, damage: str
):
    there = copied(origin, tmp_path)
    bad, whole = tmp_path / "坏.zip", bytearray(kept.read_bytes())
    match damage:
        case "byte":
            whole[len(whole) // 2] ^= 1
            bad.write_bytes(whole)
        case "cut":
            bad.write_bytes(whole[: len(whole) // 2])
        case "missing file":
            rewritten(kept, bad, without=files_of(kept)[0])
        case "missing database":
            rewritten(kept, bad, without=archive.DATABASE)
        case "other file":
            rewritten(kept, bad, **{files_of(kept)[0]: b"something else"})
        case "text":
            bad.write_text("不是备份", encoding="utf-8")
    before = untouched(there)

    with pytest.raises(BadBackup):
        restore(bad, there, replace=True)

    assert untouched(there) == before


def test_a_backup_whose_database_names_files_that_it_has_not_is_refused(kept: Path, tmp_path: Path):
    manifest = archive.read_manifest(kept)
    with zipfile.ZipFile(kept) as held:
        held.extractall(tmp_path / "out")
    facts = {name: getattr(manifest, name) for name in manifest.__dataclass_fields__ if name != "members"}
    names = [member.name for member in manifest.members][:-1]
    archive.write(tmp_path / "少.zip", [(name, tmp_path / "out" / name) for name in names], facts)

    with pytest.raises(BadBackup, match="文件不齐全"):
        restore(tmp_path / "少.zip", Held(tmp_path / "var"))

    assert not Held(tmp_path / "var").database.exists()


def test_a_backup_of_a_newer_version_is_refused(origin: Held, tmp_path: Path):
    newer = copied(origin, tmp_path, "newer")
    with contextlib.closing(sqlite3.connect(newer.database)) as held, held:
        held.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('draws', '9999_new', '2030-01-01')"
        )
    back_up(newer, tmp_path / "新.zip")

    with pytest.raises(BadBackup, match="较新版本"):
        restore(tmp_path / "新.zip", Held(tmp_path / "var"))

    assert not Held(tmp_path / "var").database.exists()


# 目的地


def test_what_is_there_gives_way_only_when_somebody_says_so_and_is_kept(
    origin: Held, kept: Path, tmp_path: Path
):
    there = copied(origin, tmp_path)
    with contextlib.closing(sqlite3.connect(there.database)) as held, held:
        held.execute("UPDATE accounts_agency SET telephone = '010-1' WHERE code = 'scj'")
    before = there.rows("SELECT code, telephone FROM accounts_agency ORDER BY code")
    with pytest.raises(InTheWay, match="--replace"):
        restore(kept, there)

    done = restore(kept, there, replace=True)

    assert done.aside is not None
    assert problems(there) == []
    shutil.copytree(there.folder / "keys", done.aside / "keys")
    aside = Held(done.aside)
    assert aside.rows("SELECT code, telephone FROM accounts_agency ORDER BY code") == before
    assert aside.files() == origin.files()
    assert problems(aside) == []


def test_another_organisations_backup_never_takes_this_ones_place(installed: Place, kept: Path):
    before = installed.database.read_bytes()

    done = installed.run("restore", kept, "--replace", "--json")

    assert done.code == 2
    assert "350599-scj" in done.err
    assert bureaus.ORG in done.err
    assert done.answer["error"]["code"] == "operations.in-the-way"
    assert installed.database.read_bytes() == before


def test_a_database_that_nobody_can_open_any_more_is_replaced_and_kept(
    origin: Held, kept: Path, tmp_path: Path
):
    there = copied(origin, tmp_path)
    there.database.write_bytes(b"no database at all" * 300)
    with pytest.raises(InTheWay):
        restore(kept, there)

    done = restore(kept, there, replace=True)

    assert done.aside is not None
    assert (done.aside / there.database.name).read_bytes() == b"no database at all" * 300
    assert problems(there) == []


def test_a_database_in_use_is_not_replaced(origin: Held, kept: Path, tmp_path: Path, monkeypatch):
    there = copied(origin, tmp_path)
    monkeypatch.setattr(restoring, "SECONDS_TO_WAIT", 0.1)
    with contextlib.closing(sqlite3.connect(there.database)) as other, other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE accounts_agency SET telephone = '1'")

        with pytest.raises(InTheWay, match="正被其他命令使用"):
            restore(kept, there, replace=True)
    assert len(there.rows("SELECT 1 FROM audit_logentry WHERE kind = 'installation.restored'")) == 0


def test_a_backup_covers_no_file_and_needs_a_folder(origin: Held, kept: Path, tmp_path: Path):
    with pytest.raises(InvalidInput, match="已存在"):
        back_up(origin, kept)
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(InvalidInput, match="不能备份到"):
        back_up(origin, tmp_path / "文件" / "备份.zip")


def test_a_backup_without_one_of_its_files_is_not_made(origin: Held, tmp_path: Path):
    there = copied(origin, tmp_path)
    next((there.folder / "files").glob("*/*/*")).unlink()

    with pytest.raises(BadBackup, match="fsck"):
        back_up(there, tmp_path / "新" / "备份.zip")

    assert list((tmp_path / "新").iterdir()) == []


# 命令


def test_the_commands_say_what_was_done_and_what_is_to_be_done(origin: Held, tmp_path: Path):
    place = Place(copied(origin, tmp_path).folder)

    made = place.run("backup", tmp_path / "备份.zip", "--json")
    again = place.run("backup", tmp_path / "备份.zip")
    shutil.rmtree(place.folder)
    done = place.run("restore", tmp_path / "备份.zip")
    checked = place.run("fsck", "--json")

    assert made.code == 0, made.err
    assert made.answer["sha256"] == archive.digest(tmp_path / "备份.zip")
    assert "核对备份　100%" in made.err
    assert again.code == 2
    assert "已存在" in again.err
    assert done.code == 0, done.err
    assert made.answer["root"] in done.out
    assert "提醒 日志密钥不是原来的" in done.out
    assert checked.code == 0, checked.out
    assert checked.answer["draws"] == 2


def test_a_backup_that_is_not_there_is_bad_input(place: Place, tmp_path: Path):
    done = place.run("restore", tmp_path / "没有.zip")

    assert done.code == 2
    assert "没有这个文件" in done.err
    assert not place.database.exists()


# kill -9


def test_a_backup_killed_anywhere_is_whole_or_not_there(origin: Held, tmp_path: Path):
    there = copied(origin, tmp_path)
    target = tmp_path / "out" / "备份.zip"
    count = killed(lambda: back_up(there, target), None)
    assert count is not None
    target.unlink()

    for at in range(count):
        assert killed(lambda: back_up(there, target), at) is None
        if target.exists():
            archive.verify(target, archive.read_manifest(target), quiet)
            target.unlink()
        assert problems(there) == []

    back_up(there, target)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


@pytest.mark.parametrize("replace", [False, True])
def test_a_restore_killed_anywhere_leaves_the_old_or_the_new(
    origin: Held, kept: Path, tmp_path: Path, replace: bool
):
    def begin(name: str) -> Held:
        held = copied(origin, tmp_path, name) if replace else Held(tmp_path / name)
        if not replace:
            shutil.copytree(origin.folder / "keys", held.folder / "keys")
        return held

    first = begin("first")
    count = killed(lambda: restore(kept, first, replace=replace), None)
    assert count is not None
    ends = []
    for at in sorted({*range(0, count, count // 6), *range(count - 5, count)}):
        held = begin(f"killed-{at}")
        assert killed(lambda held=held: restore(kept, held, replace=replace), at) is None

        events = "SELECT 1 FROM audit_logentry WHERE kind = 'installation.restored'"
        ends.append(held.database.exists() and held.rows(events) != [])
        if ends[-1] or replace:
            assert problems(held) == []
            assert held.files().items() >= origin.files().items()
        else:
            assert not held.database.exists()
    assert False in ends
    restore(kept, held, replace=True)
    assert not (held.folder / restoring.DRAFT).exists()
    assert problems(held) == []
