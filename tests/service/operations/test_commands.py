"""The command line: exit statuses, one JSON object, Chinese usage, bugs in one line."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.rarer import rarer
from tests.service.operations.conftest import ROOT, Place

pytestmark = pytest.mark.only_sqlite
VECTOR = ROOT / "tests" / "golden" / "vdraw" / "v1" / "sha256"


def bundles() -> list[Path]:
    """The bundles of the protocol's vectors."""
    return sorted(path.parent for path in (ROOT / "tests" / "golden" / "vdraw").rglob("seal.json"))


def test_the_listing_names_every_command_with_a_sentence(place: Place):
    done = place.run("--help")

    assert done.code == 0
    for name in ("new", "serve", "import", "verify", "fsck", "backup", "restore", "year", "start"):
        line = next(line for line in done.out.splitlines() if line.strip().startswith(f"{name} "))
        assert any("一" <= sign <= "鿿" for sign in line)


def test_no_command_at_all_is_bad_use(place: Place):
    done = place.run()

    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("用法：")


def test_a_mistyped_command_is_bad_use_and_the_near_one_is_named(place: Place):
    done = place.run("verfy")

    assert done.code == 2
    assert "verfy" in done.err
    assert "verify" in done.err


def test_an_option_that_does_not_exist_is_refused_in_chinese(place: Place):
    done = place.run("indicators", "2026", "--asof", "2026-06-30")

    assert done.code == 2
    assert "不认识的参数：--asof 2026-06-30" in done.err


def test_a_day_that_is_none_is_refused_in_chinese(place: Place):
    done = place.run("indicators", "2026", "--as-of", "六月")

    assert done.code == 2
    assert "--as-of：日期应写作 2025-06-30" in done.err


@pytest.mark.parametrize(
    "name", ["fsck", "serve", *map(rarer, ["log verify", "checkpoint", "indicators 2026", "tick"])]
)
def test_a_command_that_needs_an_installation_says_how_to_get_one(place: Place, name: str):
    done = place.run(*name.split())

    assert done.code == 2
    assert "fairdraw new" in done.err
    assert "Traceback" not in done.err


def test_a_bug_is_one_line_and_its_traceback_lies_in_the_log(installed: Place):
    installed.database.write_bytes(b"no database at all, but something of the kind" * 100)

    done = installed.run("log", "verify", "--json")

    assert done.code == 70
    assert done.answer["error"]["code"] == "operations.bug"
    assert len(done.err.strip().splitlines()) == 1
    log = installed.folder / "logs" / "fairdraw.log"
    assert str(log) in done.err
    last = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert "Traceback" in last["exception"]


def test_answers_stand_alone_on_standard_output(installed: Place):
    for command in ("fsck", "log verify", "checkpoint", "indicators 2026"):
        done = installed.run(*command.split(), "--json")

        assert done.code == 0, done.err
        assert isinstance(done.answer, dict)


def test_indicators_of_any_day_are_exact_fractions(installed: Place):
    found = installed.run("indicators", "2026", "--as-of", "2026-06-30", "--json").answer

    assert found["as_of"] == "2026-06-30"
    assert found["indicators"]["K1"] == {"numerator": 0, "denominator": 0, "goal": "0.035", "met": None}
    assert found["indicators"]["K5"]["goal"] == "0.85"


def test_a_checkpoint_is_signed_by_the_key_that_it_names(installed: Place):
    from drawcore.evidence import check_signatures
    from drawcore.note import NoteKey, parse_checkpoint

    first = installed.run("checkpoint", "--json").answer
    again = installed.run("checkpoint", "--json").answer

    assert again == first
    assert parse_checkpoint(first["text"].encode())[0].size == first["size"]
    check_signatures(first["text"].encode(), [NoteKey.parse(first["key"])])


def test_verification_needs_no_installation(place: Place):
    done = place.run("verify", bundles()[0])

    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "核验通过"
    assert not place.folder.exists()


@pytest.mark.parametrize("options", [[], ["--strict"]])
@pytest.mark.parametrize("bundle", bundles(), ids=lambda path: str(path.relative_to(ROOT / "tests")))
def test_both_verifiers_end_alike(place: Place, bundle: Path, options: list[str]):
    ours = place.run("verify", bundle, "--json", *options)
    other = subprocess.run(
        [sys.executable, ROOT / "verify.py", bundle, "--json", *options], capture_output=True, text=True
    )

    assert ours.code == other.returncode
    assert ours.answer["exit"] == json.loads(other.stdout)["exit"]


@pytest.mark.parametrize("name", ["seal.json", "plan.json", "frame.tsv", "result.tsv", "server.txt"])
def test_a_changed_file_is_refused_by_both_with_its_step(place: Place, tmp_path: Path, name: str):
    bundle = tmp_path / "bundle"
    shutil.copytree(bundles()[0], bundle)
    data = bytearray((bundle / name).read_bytes())
    data[len(data) // 2] ^= 1
    (bundle / name).write_bytes(data)

    ours = place.run("verify", bundle, "--json")
    other = subprocess.run(
        [sys.executable, ROOT / "verify.py", bundle, "--json"], capture_output=True, text=True
    )

    assert ours.code == other.returncode == 1
    assert ours.answer["verdict"].startswith("核验不通过：第")
    assert "Traceback" not in ours.err


def test_a_bundle_that_is_not_there_is_bad_input_for_both(place: Place, tmp_path: Path):
    ours = place.run("verify", tmp_path / "nowhere")
    other = subprocess.run([sys.executable, ROOT / "verify.py", tmp_path / "nowhere"], capture_output=True)

    assert ours.code == other.returncode == 2
    assert "没有这个目录" in ours.err


def test_an_archive_in_place_of_a_bundle_is_bad_input_with_what_to_do(place: Place, tmp_path: Path):
    archive = shutil.make_archive(str(tmp_path / "bundle"), "zip", bundles()[0])

    ours = place.run("verify", archive)

    assert ours.code == 2
    assert "请先解压" in ours.err


@pytest.mark.parametrize(
    "words", ["draw 2026-P01", *map(rarer, ["start --build-only", "account list", "serve --port 0"])]
)
def test_a_database_server_that_does_not_answer_is_told_in_one_line(place: Place, words: str, tmp_path: Path):
    done = place.run(*words.split(), DATABASE_URL=f"postgresql://test@/nothing?host={tmp_path}")

    assert done.code == 2
    assert done.err.startswith("数据库不能打开：")
    assert "DATABASE_URL" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_year_has_a_database_of_its_own_whatever_the_environment_names(place: Place, tmp_path: Path):
    dead = f"postgresql://test@/nothing?host={tmp_path}"

    done = place.run("year", "--out", tmp_path / "年", "--plan", tmp_path / "没有.csv", DATABASE_URL=dead)

    assert done.code == 2
    assert "没有.csv" in done.err
    assert "数据库" not in done.err


def test_the_readmes_name_the_commands_that_exist_and_no_later_one_as_there(place: Place):
    listed = {line.split()[0] for line in place.run("--help").out.splitlines() if line.startswith("  ")}

    for name, there, later in (
        ("README.md", "| there |", "| later |"),
        ("README.zh-CN.md", "| 已有 |", "| 还没有 |"),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        begun, rest = text.split(there, 1)[1].split(later, 1)
        assert begun
        named = set(re.findall(r"`(?:fairdraw )?([a-z]+)", "".join(first_cells(begun))))
        assert named == listed, name
        absent = set(re.findall(r"`([a-z-]+)", "".join(first_cells(rest.split("## ", 1)[0]))))
        assert absent - {"import", "plan"} == {"report", "export", "publish", "move-to", "scale", "bench"}, (
            name
        )
        assert not absent & listed - {"import"}, name


def first_cells(table: str) -> list[str]:
    """The first cell of each row of a table."""
    return [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| ")]
