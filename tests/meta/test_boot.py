"""
The two commands on a machine that has little: no network, no rights, odd paths, interrupted starts.

The trees here are copies of the real scripts around a product of one file; the packages come from a wheelhouse
made on the spot, so that nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import with_pg

ROOT = Path(__file__).resolve().parents[2]
NOTHING_ANSWERS = "127.0.0.1:9"
STAGES = ("sqlite", "postgresql", "browser")
PRODUCT = """
import json, os, sys

def main():
    import sample
    print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "sample": sample.NAME}))
    return 1 if "refuse" in sys.argv else 0
"""

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the shell scripts are for Unix; Windows uses boot.py"
)


def wheel(folder: Path) -> str:
    """Make a wheel of one module in *folder*; returns its line for a lock file."""
    folder.mkdir(exist_ok=True)
    path = folder / "sample-1.0-py3-none-any.whl"
    about = "sample-1.0.dist-info/"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sample.py", "NAME = 'sample'\n")
        archive.writestr(about + "METADATA", "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n")
        archive.writestr(about + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(
            about + "RECORD", f"sample.py,,\n{about}METADATA,,\n{about}WHEEL,,\n{about}RECORD,,\n"
        )
    return f"sample==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def make_tree(tree: Path) -> None:
    """Put the real scripts and a small product into *tree*."""
    shutil.copytree(ROOT / "tools", tree / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("run.sh", "test.sh"):
        shutil.copy(ROOT / name, tree / name)
    package = tree / "src" / "fairdraw" / "operations"
    package.mkdir(parents=True)
    (tree / "src" / "fairdraw" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(PRODUCT)
    (tree / "requirements").mkdir()
    (tree / "requirements" / "run.lock").write_text(wheel(tree / "wheelhouse"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small product, set up once, in a folder with an awkward name."""
    tree = tmp_path_factory.mktemp("machine") / "双 随机's"
    tree.mkdir()
    make_tree(tree)
    first = start(tree, "first")
    assert first.returncode == 0, first.stderr
    assert "不联网" in first.stderr
    return tree


def start(tree: Path, *words: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``sh run.sh`` of *tree* where no index answers."""
    settings = {**os.environ, "PIP_INDEX_URL": f"http://{NOTHING_ANSWERS}/simple", "PIP_RETRIES": "0", **env}
    script = [str(tree / "run.sh"), *words]
    return subprocess.run(
        ["/bin/sh", *script], cwd=cwd or tree, env=settings, capture_output=True, text=True, timeout=120
    )


def test_standard_output_is_the_programs_alone_and_paths_are_the_callers(tree, tmp_path):
    done = start(tree, "year", "--plan", "计划 表.xlsx", "--json", cwd=tmp_path)

    assert json.loads(done.stdout) == {
        "argv": ["year", "--plan", "计划 表.xlsx", "--json"],
        "cwd": str(tmp_path),
        "sample": "sample",
    }


def test_a_second_start_needs_neither_network_nor_wheelhouse(tree):
    (tree / "wheelhouse").rename(tree / "gone")
    done = start(tree, "serve")
    (tree / "gone").rename(tree / "wheelhouse")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ([], ["start"]),
        (["--port", "8001"], ["start", "--port", "8001"]),
        (["--help"], ["--help"]),
        (["draw", "2026-01"], ["draw", "2026-01"]),
        (["run", "setup"], ["run", "setup"]),
    ],
)
def test_words_after_run_reach_the_program_and_no_words_start_it(tree, words, meant):
    assert json.loads(start(tree, *words).stdout)["argv"] == meant


def test_the_programs_answer_is_the_commands_answer(tree):
    assert start(tree, "refuse").returncode == 1


def test_the_installed_command_runs_from_anywhere(tree, tmp_path):
    done = subprocess.run([tree / ".venv/bin/fairdraw", "log", "verify"], cwd=tmp_path, capture_output=True)

    assert json.loads(done.stdout)["argv"] == ["log", "verify"]


def test_two_starts_at_once_leave_one_working_environment(tree):
    next((tree / ".venv").glob("*.stamp")).unlink()
    command = ["/bin/sh", str(tree / "run.sh"), "serve"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(2)]
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in both]

    assert [answer["sample"] for answer in answers] == ["sample", "sample"]


def test_a_start_that_was_cut_off_is_made_good_by_the_next(tree):
    (tree / ".venv" / "bin" / "python").unlink()
    done = start(tree, "serve")

    assert json.loads(done.stdout)["sample"] == "sample"


@pytest.fixture
def moved(tree: Path) -> Iterator[Path]:
    """The small product, in another place for one test."""
    place = tree.parent / "moved"
    tree.rename(place)
    yield place
    place.rename(tree)
    assert start(tree, "serve").returncode == 0  # its environment holds paths of the other place


def test_a_tree_that_was_moved_works_where_it_is_now(moved):
    done = start(moved, "serve")
    command = subprocess.run([moved / ".venv/bin/fairdraw", "serve"], capture_output=True)

    assert json.loads(done.stdout)["sample"] == "sample"
    assert json.loads(command.stdout)["sample"] == "sample"


@pytest.fixture
def other_lock(tree: Path) -> Iterator[Path]:
    """The lock file of the small product, to be changed by one test."""
    lock = tree / "requirements" / "run.lock"
    good = lock.read_text()
    yield lock
    lock.write_text(good)
    assert start(tree, "serve").returncode == 0


def test_a_package_that_is_not_the_locked_one_is_refused(tree, other_lock):
    subprocess.run([tree / ".venv/bin/python", "-m", "pip", "uninstall", "-q", "-y", "sample"], check=True)
    other_lock.write_text("sample==1.0 --hash=sha256:" + "0" * 64 + "\n")
    done = start(tree, "serve")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("wheelhouse/ 中缺少软件包")


def test_without_wheelhouse_and_without_network_the_last_line_says_what_to_do(tree, other_lock):
    other_lock.write_text(other_lock.read_text().replace("sample", "absent"))
    (tree / "wheelhouse").rename(tree / "gone")
    done = start(tree, "serve")
    (tree / "gone").rename(tree / "wheelhouse")

    assert (done.returncode, done.stdout) == (2, "")
    assert "wheelhouse/" in done.stderr.splitlines()[-1]
    assert "PIP_INDEX_URL" in done.stderr.splitlines()[-1]


# --- no suitable Python -------------------------------------------------------------------------------


def bare_path(folder: Path, **programs: str) -> str:
    """Make a PATH with hardly anything on it, and *programs* as scripts; returns it."""
    folder.mkdir()
    for name in ("dirname", "id", "sh"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, text in programs.items():
        (folder / name).write_text("#!/bin/sh\n" + text + "\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_without_python_and_without_rights_one_line_names_the_command(tmp_path):
    make_tree(tmp_path)
    done = start(tmp_path, "serve", PATH=bare_path(tmp_path / "bin", python3="exit 1"))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().endswith("sudo apt-get install python3 python3-venv")
    assert len(done.stderr.splitlines()) == 1


def test_a_python_that_is_too_old_is_passed_over_for_a_newer_one(tmp_path):
    make_tree(tmp_path)
    newer = f'echo "$@" >> {tmp_path}/asked; exec {sys.executable} "$@"'
    programs = {"python3": "exit 1", "python3.12": newer}
    path = bare_path(tmp_path / "bin", **programs)
    script = '. tools/python.sh; echo "$python"'
    done = subprocess.run(
        ["/bin/sh", "-c", script, "./run.sh"], cwd=tmp_path, env={"PATH": path}, capture_output=True
    )

    assert done.stdout.decode().strip() == "python3.12"


# --- sh test.sh ---------------------------------------------------------------------------------------


def suite(tree: Path, *words: str, tests: dict[str, str], **env: str) -> subprocess.CompletedProcess[str]:
    """Run the stages over a small suite with this environment's packages."""
    shutil.copytree(ROOT / "tools", tree / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (tree / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    (tree / "tests").mkdir()
    (tree / "tests" / "with_pg.py").write_text((ROOT / "tests" / "with_pg.py").read_text())
    for name, text in tests.items():
        path = tree / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("TEST_", "PYTEST_"))}
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TEST_WORKERS": "1", "TEST_STAGES": ",".join(STAGES)}
    return subprocess.run(
        [sys.executable, str(tree / "tools" / "boot_stages.py"), *words],
        cwd=tree,
        env={**settings, **alone, **env},
        capture_output=True,
        text=True,
        timeout=300,
    )


ON_WHICH = "import os\ndef test_a(): assert os.environ.get('DATABASE_URL', '').startswith({0!r})\n"


def test_the_last_line_sums_all_runs_and_a_failure_does_not_stop_the_rest(tmp_path):
    done = suite(
        tmp_path,
        tests={
            "unit/test_one.py": "def test_a(): pass\ndef test_b(): assert 0\n",
            "unit/test_two.py": "import pytest\n@pytest.mark.skip\ndef test_c(): pass\n",
            "web/test_three.py": ON_WHICH.format("postgresql:"),
        },
    )

    assert done.stdout.splitlines()[-1] == "2 passed, 2 failed, 1 skipped"
    assert done.returncode == 1


def test_a_suite_that_passes_everywhere_ends_well(tmp_path):
    tests = {"unit/test_one.py": "def test_a(): pass\n", "service/test_two.py": "def test_b(): pass\n"}
    done = suite(tmp_path, tests=tests)

    assert done.stdout.splitlines()[-1] == "3 passed, 0 failed, 0 skipped"
    assert done.returncode == 0


def test_a_path_chooses_what_runs(tmp_path):
    tests = {"unit/test_one.py": "def test_a(): pass\n", "service/test_two.py": "def test_b(): pass\n"}
    done = suite(tmp_path, "tests/unit", "-k", "test_a", tests=tests)

    assert done.stdout.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize(
    "text", ["import nothing_like_this\n", "def test_a(: pass\n", "import os\ndef test_a(): os._exit(0)\n"]
)
def test_a_run_that_breaks_is_a_failure(tmp_path, text):
    done = suite(tmp_path, tests={"unit/test_one.py": text}, TEST_STAGES="sqlite")

    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
    assert done.returncode == 1


def test_a_run_without_a_single_test_is_no_success(tmp_path):
    done = suite(tmp_path, tests={"unit/empty.py": ""})

    assert done.stdout.splitlines()[-1] == "0 passed, 0 failed, 0 skipped"
    assert done.returncode == 1


def test_browser_tests_without_a_browser_are_a_failure_not_a_silence(tmp_path):
    tests = {"browser/test_one.py": "def test_a(): pass\n"}
    done = suite(tmp_path, tests=tests, TEST_CHROMIUM="/nowhere/chromium")

    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
    assert "TEST_CHROMIUM" in done.stderr


# --- the private PostgreSQL ---------------------------------------------------------------------------


def test_the_private_server_is_reached_by_its_socket_alone_and_leaves_nothing():
    with with_pg.server("max_connections=7") as url:
        folder = Path(url.partition("host=")[2])
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT current_setting('listen_addresses'), current_setting('max_connections')"
            ).fetchone()
            connection.execute("CREATE EXTENSION pg_trgm")
        mode = folder.stat().st_mode & 0o777

    assert row == ("", "7")
    assert mode == 0o700
    assert not folder.parent.exists()


def test_a_given_server_is_used_instead_of_a_private_one(monkeypatch, capfd):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://somewhere/else")
    status = with_pg.main([sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])"])

    assert (status, capfd.readouterr().out.strip()) == (0, "postgresql://somewhere/else")


def test_without_postgresql_the_run_fails_and_says_what_to_set(monkeypatch, capfd, tmp_path):
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("TEST_PG_BIN", str(tmp_path))

    assert with_pg.main(["true"]) != 0
    assert "TEST_PG_BIN" in capfd.readouterr().err
