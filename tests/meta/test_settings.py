"""What the program reads from outside is what docs/reference/settings.md lists, and reading leaves nothing."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from fairdraw.operations import startup

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
READERS = {"text", "flag"}


def variables_read() -> list[str]:
    """The names that ``config/env.py`` asks the environment for; one that is not written out fails here."""
    tree = ast.parse((ROOT / "src/fairdraw/config/env.py").read_text(encoding="utf-8"))
    own = {n for f in tree.body if isinstance(f, ast.FunctionDef) and f.name in READERS for n in ast.walk(f)}
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and n not in own]
    asked = [call.args[0] for call in calls if ast.unparse(call.func) in READERS]
    return [ast.literal_eval(name) for name in asked]


def first_cells(heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows[1:] if "`" in "".join(row)]


def quoted(cell: str) -> list[str]:
    """What a cell has in code letters."""
    return re.findall(r"`([^`]+)`", cell)


def test_the_page_lists_exactly_the_variables_that_the_program_reads() -> None:
    listed = [quoted(row[0])[0] for row in first_cells("Variables of the program")]

    assert sorted(listed) == sorted(set(variables_read()))


def test_what_the_commands_set_for_their_children_is_read_by_somebody() -> None:
    pattern = re.compile(r"[\"'](FAIRDRAW_[A-Z_]+|DATABASE_URL|PUBLIC_BASE_URL)[\"']")
    for path in (ROOT / "src").rglob("*.py"):
        assert set(pattern.findall(path.read_text(encoding="utf-8"))) <= set(variables_read()), path


def test_the_page_says_which_values_of_the_database_are_accepted() -> None:
    listed = {
        (row[0], name): tuple(quoted(row[2]))
        for row in first_cells("What is read back from the database")
        for name in quoted(row[1])
    }
    required = {("SQLite", name): values for name, values in startup.SQLITE.items()}
    required |= {("PostgreSQL", name): values for name, values in startup.POSTGRESQL.items()}

    assert listed == required
    assert f"PostgreSQL {startup.OLDEST_POSTGRESQL // 10000} or newer" in PAGE


def test_the_defaults_on_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    named = [quoted(row[1]) for row in first_cells("Variables of the program")]
    defaults = dict(zip(variables_in_order(), named, strict=True))
    program = (
        "from fairdraw.config import env\n"
        "place = env.BASE_DIR / 'var'\n"
        "print(','.join(env.ALLOWED_HOSTS))\n"
        "print(env.SECRET_KEY_FILE.relative_to(env.VAR_DIR), env.SHARE_KEY_FILE.relative_to(env.VAR_DIR))\n"
        "print(env.VAR_DIR == place, env.DATABASE_URL == f'sqlite:///{place}/fairdraw.sqlite3')\n"
        "print(env.DEBUG, env.HTTPS, env.JOBS_INLINE, env.CSRF_TRUSTED_ORIGINS,"
        " repr(env.PUBLIC_BASE_URL), repr(env.CUSTODIAN))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == [
        *defaults["FAIRDRAW_HOSTS"],
        f"{defaults['FAIRDRAW_SECRET_KEY_FILE'][0]} {defaults['FAIRDRAW_SHARE_KEY_FILE'][0]}",
        "True True",
        "False False False [] '' ''",
    ]


def variables_in_order() -> list[str]:
    """The variables as the page lists them."""
    return [quoted(row[0])[0] for row in first_cells("Variables of the program")]


def test_reading_the_settings_of_the_tests_leaves_no_folder_behind(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAIRDRAW_", "DATABASE_URL"))}
    hard_end = "import os, django; django.setup(); os._exit(0)"  # as mypy ends
    environment = {
        **kept,
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "fairdraw.config.settings.test",
    }
    for words in (["-c", hard_end], ["-m", "django", "makemigrations", "--check", "--dry-run"]):
        subprocess.run([sys.executable, *words], env=environment, check=True, capture_output=True)

        assert list(tmp_path.iterdir()) == []
