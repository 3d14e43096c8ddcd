"""The command line on a PostgreSQL installation: the same, but for what PostgreSQL has tools for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.builders import grounds
from tests.service.operations.conftest import NAME, Ended, Place

pytestmark = [pytest.mark.django_db, pytest.mark.only_postgresql]
Run = Callable[..., Ended]


@pytest.fixture
def run(place: Place, django_db_setup: None, django_db_blocker: Any) -> Iterator[Run]:
    """Runs commands on a folder with a PostgreSQL database of its own."""
    with django_db_blocker.unblock():
        name = grounds.copy(grounds.migrated(), "commands")
        held = connection.settings_dict
        where = held["HOST"] or held["OPTIONS"]["host"]
        url = f"postgresql://{held['USER']}@/{name}?host={where}"
        yield lambda *words: place.run(*words, DATABASE_URL=url)
        grounds.drop(name)


def test_an_installation_from_its_founding_to_its_backup(run: Run, place: Place, tmp_path: Path):
    # 建立，只有一次
    made = run("new", "--name", NAME, "--division", "350599", "--json")
    assert made.code == 0, made.err
    again = run("new", "--name", NAME, "--division", "350599")
    assert again.code == 1
    assert "已经有安装" in again.err
    # 核对：日志无误；测试用的服务器不落盘，逐项写明
    assert run("log", "verify", "--json").answer["problems"] == []
    checked = run("fsck", "--json")
    assert checked.code == 1
    assert {problem["part"] for problem in checked.answer["problems"]} == {"guards"}
    # 这样的数据库不启动
    refused = run("serve", "--port", "0")
    assert refused.code == 1
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert f"数据库设置 {name} 为 off" in refused.err
    # 备份、恢复说明该用什么
    with zipfile.ZipFile(tmp_path / "备份.zip", "w"):
        pass
    for words in (("backup", tmp_path / "新.zip"), ("restore", tmp_path / "备份.zip")):
        done = run(*words, "--json")
        assert done.code == 2
        assert "pg_dump" in done.err
        assert done.answer["error"]["code"] == "operations.only-sqlite"
    assert not (tmp_path / "新.zip").exists()
    assert not place.database.exists()


@pytest.mark.parametrize(
    "words", ["new --name 甲县市场监督管理局 --division 350599", "serve --port 0", "fsck"]
)
def test_a_server_that_does_not_answer_is_no_bug_of_the_program(place: Place, tmp_path: Path, words: str):
    done = place.run(*words.split(), DATABASE_URL=f"postgresql://test@/nothing?host={tmp_path}")

    assert done.code == 2
    assert done.err.startswith("数据库不能打开：")
    assert len(done.err.splitlines()) == 1
