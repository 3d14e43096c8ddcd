"""``fairdraw year`` as a command: a folder of its own, and nothing left of bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.operations.conftest import Place

pytestmark = pytest.mark.only_sqlite


def test_a_folder_with_something_in_it_is_refused_untouched(place: Place, tmp_path: Path):
    out = tmp_path / "year"
    out.mkdir()
    (out / "年度总结.docx").write_text("去年的", encoding="utf-8")

    done = place.run("year", "--out", out, "--json")

    assert done.code == 2
    assert "不是空目录" in done.err
    assert done.answer["error"]["code"] == "operations.no-folder"
    assert [path.name for path in out.iterdir()] == ["年度总结.docx"]


def test_a_file_in_the_place_of_the_folder_is_refused(place: Place, tmp_path: Path):
    (tmp_path / "year").write_text("", encoding="utf-8")

    assert place.run("year", "--out", tmp_path / "year").code == 2


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [
        ("没有列.csv", ("甲,乙", "1,2"), "没有列.csv"),
        (
            "比例.csv",
            ("序号,抽查任务名称,抽查事项,抽查比例", "1,广告检查,广告检查,150%"),
            "比例.csv 第2行",
        ),
    ],
)
def test_a_plan_that_cannot_be_used_leaves_nothing(
    place: Place, table: Callable[..., Path], tmp_path: Path, name: str, rows: tuple[str, ...], said: str
):
    targets = table(
        "名录.csv", "统一社会信用代码,企业名称,登记状态", "91350524MA0000007P,甲茶业有限公司,存续"
    )
    out = tmp_path / "year"
    files = ("--plan", table(name, *rows), "--targets", targets)

    done = place.run(
        "year",
        "--out",
        out,
        "--year",
        "2026",
        *files,
        "--invent",
        "classes,inspectors,scopes,items",
        "--json",
    )

    assert done.code == 2
    assert said in done.err
    assert "error" in done.answer
    assert list(out.iterdir()) == []


def test_the_year_never_uses_the_keys_of_the_installation(place: Place, tmp_path: Path):
    keys = tmp_path / "keys"
    out = tmp_path / "year"

    done = place.run(
        "year", "--out", out, "--plan", tmp_path / "没有.csv", FAIRDRAW_SHARE_KEY_FILE=str(keys / "share.key")
    )

    assert done.code == 2
    assert not keys.exists()
    assert not place.folder.exists()
