"""Keys of the installation: made once, whole from the first moment, readable by nobody else."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fairdraw.config import keys


def test_a_key_is_made_once_and_kept(tmp_path: Path):
    path = tmp_path / "keys" / "share.key"

    made = keys.text_key(path)

    assert len(bytes.fromhex(made)) == 32
    assert keys.text_key(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["share.key"]


def test_a_key_has_its_name_only_once_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "secret.key"
    seen: list[bool] = []
    flush = os.fsync

    def watched(handle: int) -> None:
        seen.append(path.exists())
        flush(handle)

    monkeypatch.setattr(os, "fsync", watched)
    keys.text_key(path)

    assert seen == [False]


def test_of_many_processes_at_once_all_have_one_key(tmp_path: Path):
    for number in range(20):
        path = tmp_path / f"{number}.key"
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _turn, path=path: keys.text_key(path), range(8)))
        assert len(found) == 1
        assert len(found.pop()) == 64
    assert len(list(tmp_path.iterdir())) == 20
