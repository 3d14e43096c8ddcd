"""
How long a register takes to come in: 1,000,000 rows of csv, validated, into an empty directory (名录导入用时).

``python benchmarks/import.py [--rows N] [--quick]`` makes an invented register and an installation in a temporary
folder, runs ``fairdraw import targets`` as people run it (trial, import, the same file again, the file with one row in
a hundred changed, the file with one row in a hundred wrong) and prints seconds, the peak of the memory of all its
processes, and rows a second; beside it what only reads or only stores the same file. Goal (design.md §5): 10⁶ rows
within 60 s and 600 MiB. pandas stands in the table where it can be imported.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import hashlib
import itertools
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]
FAIRDRAW = (sys.executable, "-P", "-m", "fairdraw.operations")
GOAL_ROWS, GOAL_SECONDS, GOAL_MIB = 1_000_000, 60, 600
QUICK_ROWS = 100_000
ONE_IN = 100
CHUNK = 5_000
LOOK_EVERY = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20
COLUMNS = (
    "统一社会信用代码",
    "企业名称",
    "主体类型",
    "登记状态",
    "成立日期",
    "住所",
    "乡镇",
    "市场监管所",
    "行业代码",
    "经营范围",
    "监管标签",
    "信用风险分类",
    "分类日期",
    "经营异常",
    "年报",
)
ADDRESS = COLUMNS.index("住所")
STATUS = {
    "existing": "存续",
    "suspended": "歇业",
    "revoked": "吊销",
    "deregistered": "注销",
    "moved_out": "迁出",
}
REPORT = {"filed": "已年报", "missing": "未年报"}


@dataclass(frozen=True)
class Measured:
    """What one run took."""

    seconds: float
    processor: float  # seconds of processor: what counts where others use the machine as well
    peak: float  # MiB, all processes of the run together
    code: int
    said: str


def main() -> None:
    """Make the files, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=GOAL_ROWS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROWS:,} rows")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("given", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        PEERS[asked.peer](*map(Path, asked.given))
        return
    rows = QUICK_ROWS if asked.quick else asked.rows
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        measure(Path(folder), rows, with_peers=not asked.no_peers)


def measure(folder: Path, rows: int, *, with_peers: bool) -> None:
    """Everything in *folder*, each line printed as it is known."""
    var = folder / "var"
    made = folder / "register.csv"
    bytes_written = write(folder, rows)
    tell(f"{rows:,} rows, {bytes_written / 1e6:.0f} MB of csv")
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "FAIRDRAW_VAR": str(var), "PYTHONPATH": path, "TERM": "dumb"}
    environment.pop("DATABASE_URL", None)
    new = ("--name", "演示县市场监督管理局", "--division", "999901", "--prefix", "演市监")
    run([*FAIRDRAW, "new", *new, "--stations", stations(), "--json"], environment)
    tell(f"{'':36}{'seconds':>9}{'of CPU':>9}{'peak MiB':>10}{'rows/s':>10}")
    held: dict[str, Measured] = {}

    def line(name: str, command: list[str], *, code: int = 0) -> None:
        held[name] = taken = run(command, environment)
        if taken.code != code:
            raise SystemExit(f"{name}: exit status {taken.code}\n{taken.said}")
        tell(
            f"{name:36}{taken.seconds:9.1f}{taken.processor:9.1f}{taken.peak:10.0f}{rows / taken.seconds:10,.0f}"
        )

    def product(name: str, file: str, *more: str, code: int = 0) -> None:
        line(name, [*FAIRDRAW, "import", "targets", str(folder / file), *more], code=code)

    product("import, one row in 100 wrong: refused", "wrong.csv", code=2)
    product("trial (--dry-run)", made.name, "--dry-run")
    product("import into an empty directory", made.name)
    product("the same file again", made.name)
    product("the file, one row in 100 changed", "changed.csv")
    if with_peers:
        for name in PEERS:
            if name != "pandas.read_csv" or has_pandas():
                line(name, [sys.executable, __file__, "--peer", name, str(made), str(var), str(folder)])
    conclude(held, rows)


def conclude(held: dict[str, Measured], rows: int) -> None:
    """The import against the goal and against the others."""
    ours = held["import into an empty directory"]
    for name in PEERS:
        if name in held:
            tell(f"import / {name:28}{ours.processor / held[name].processor:8.1f} times the CPU")
    kept = ours.seconds <= GOAL_SECONDS and ours.peak <= GOAL_MIB
    if rows >= GOAL_ROWS:
        tell(f"goal {GOAL_SECONDS} s, {GOAL_MIB} MiB: {'kept' if kept else 'MISSED'}")


def tell(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(command: list[str], environment: dict[str, str]) -> Measured:
    """Run *command*, look at the memory of its processes again and again."""
    with tempfile.TemporaryFile("w+") as said:
        begun, used = time.perf_counter(), processor()
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, cwd=ROOT)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(LOOK_EVERY)
        seconds = time.perf_counter() - begun
        said.seek(0)
        return Measured(seconds, processor() - used, peak, process.returncode, said.read()[-3000:])


def processor() -> float:
    """The seconds of processor that ended children have used."""
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


def resident(pid: int) -> float:
    """The resident memory of a process and those it started, in MiB, the mapped part of the database with it."""
    whole, waiting = 0, [pid]
    while waiting:
        place = Path(f"/proc/{waiting.pop()}")
        try:
            total = (place / "statm").read_text(encoding="ascii").split()[1]
            children = [task.read_text(encoding="ascii") for task in place.glob("task/*/children")]
        except (OSError, ValueError):
            continue
        whole += int(total)
        waiting += [int(child) for found in children for child in found.split()]
    return whole * PAGE / MIB


def stations() -> str:
    """The stations of the invented county, as the command takes them."""
    from fairdraw.demo import words

    return ",".join(name for _code, name, _towns in words.STATIONS)


def write(folder: Path, rows: int) -> int:
    """Write the register in no order, and as it comes again: with some rows changed, with some rows wrong."""
    lines = list(register(rows))
    lines.sort(key=lambda row: hashlib.sha256(row[0].encode()).digest())
    files = {
        "register.csv": lambda row: row,
        "changed.csv": lambda row: [*row[:ADDRESS], row[ADDRESS] + "之二", *row[ADDRESS + 1 :]],
        "wrong.csv": lambda row: ["9.19999E+17", *row[1:]],
    }
    for name, change in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(row if number % ONE_IN else change(row) for number, row in enumerate(lines))
    return (folder / "register.csv").stat().st_size


def register(rows: int) -> Iterator[list[str]]:
    """The rows of the invented county, in the words of a registry's export."""
    from fairdraw.demo import words, world

    enterprises = rows * 31 // 151
    names = {code: name for code, name, _towns in words.STATIONS}
    made = world.targets(
        seed="import", enterprises=enterprises, individuals=rows - enterprises, classed_on=dt.date(2026, 1, 5)
    )
    for entry in made:
        yield [
            entry.uscc,
            entry.name,
            entry.entity_type,
            STATUS[entry.status],
            str(entry.registered_on),
            entry.address,
            entry.town,
            names[entry.station_code],
            entry.industry,
            entry.scope,
            "、".join(entry.tags),
            entry.credit_class,
            str(entry.credit_computed_on or ""),
            "是" if entry.abnormal else "否",
            REPORT[entry.annual_report],
        ]


def has_pandas() -> bool:
    """Whether pandas can be imported here."""
    return not subprocess.run([sys.executable, "-c", "import pandas"], capture_output=True).returncode


def read_lists(path: Path, _var: Path, _folder: Path) -> None:
    """Only read, rows as lists."""
    with path.open(encoding="utf-8", newline="") as stream:
        for _row in csv.reader(stream):
            pass


def read_dicts(path: Path, _var: Path, _folder: Path) -> None:
    """Only read, rows as dictionaries."""
    with path.open(encoding="utf-8", newline="") as stream:
        for _row in csv.DictReader(stream):
            pass


def read_frame(path: Path, _var: Path, _folder: Path) -> None:
    """Only read, the whole as a frame of texts."""
    import pandas  # type: ignore[import-not-found, unused-ignore]

    pandas.read_csv(path, dtype=str, keep_default_na=False)


def store_bare(path: Path, _var: Path, folder: Path) -> None:
    """Store the cells unread in a table of texts without any index."""
    names = ", ".join(f"c{n} TEXT" for n in range(len(COLUMNS)))
    places = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO t VALUES ({places})"  # noqa: S608 -- names of this file
    _store(folder / "bare.sqlite3", path, [f"CREATE TABLE t ({names})"], statement)


def store_as_directory(path: Path, var: Path, folder: Path) -> None:
    """Store the cells unread in the directory's own table, with its indexes and constraints."""
    with sqlite3.connect(f"file:{var / 'fairdraw.sqlite3'}?mode=ro", uri=True) as held:
        found = held.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'registers_target' AND sql IS NOT NULL"
        )
        schema = [sql for (sql,) in found]
    statement = (
        "INSERT INTO registers_target (uscc, draw_code, name, entity_type, status, registered_on, address, town,"
        " station_id, industry, scope, tags, credit_class, credit_computed_on, abnormal, annual_report, kind,"
        " old_number, town_code, serious, invented, updated_at) VALUES (?1, ?1, ?2, ?3, 'existing', ?5, ?6, ?7, 1,"
        " ?9, ?10, ?11, ?12, ?13, ?14 = '是', iif(?15 = '已年报', 'filed', 'missing'), 'enterprise', '', '', 0, '', '2026-01-05')"
    )
    _store(folder / "directory.sqlite3", path, schema, statement)


def _store(database: Path, path: Path, schema: list[str], statement: str) -> None:
    with sqlite3.connect(database) as connection, path.open(encoding="utf-8", newline="") as stream:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        for sql in schema:
            connection.execute(sql)
        reader = csv.reader(stream)
        next(reader)
        while chunk := list(itertools.islice(reader, CHUNK)):
            connection.executemany(statement, chunk)


PEERS: dict[str, Callable[[Path, Path, Path], None]] = {
    "csv.reader": read_lists,
    "csv.DictReader": read_dicts,
    "pandas.read_csv": read_frame,
    "sqlite3, no index": store_bare,
    "sqlite3, the directory's table": store_as_directory,
}


if __name__ == "__main__":
    main()
