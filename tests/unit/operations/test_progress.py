"""Progress of long commands: a line for every ten per cent where nobody watches, a bar on a terminal (进度)."""

from __future__ import annotations

import io

from fairdraw.operations.progress import reporter


class Terminal(io.StringIO):
    """What looks like a screen."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_file_gets_a_line_for_every_ten_per_cent_of_every_phase():
    stream = io.StringIO()
    with reporter(stream) as report:
        for step in range(101):
            report("读取 名录.csv", step / 100)
        report("存入", 0.0)
        report("存入", 0.55)
        report("存入", 1.0)

    lines = stream.getvalue().splitlines()
    assert lines[:3] == ["读取 名录.csv　0%", "读取 名录.csv　10%", "读取 名录.csv　20%"]
    assert lines[11:] == ["存入　0%", "存入　50%", "存入　100%"]


def test_a_phase_whose_label_changes_is_told_by_its_progress_alone():
    stream = io.StringIO()
    with reporter(stream) as report:
        for day in range(1, 29):
            report(f"演练 02月{day:02d}日", day / 280)

    assert stream.getvalue().splitlines() == ["演练 02月01日　0%", "演练 02月28日　10%"]


def test_more_than_the_whole_is_the_whole():
    stream = io.StringIO()
    with reporter(stream) as report:
        report("核对", -1.0)
        report("核对", 7.5)

    assert stream.getvalue().splitlines() == ["核对　0%", "核对　100%"]


def test_no_line_of_a_phase_is_told_twice():
    stream = io.StringIO()
    with reporter(stream) as report:
        for share in (0.1, 0.1, 0.05, 0.1, 0.2):
            report("核对", share)

    assert stream.getvalue().splitlines() == ["核对　10%", "核对　20%"]


def test_a_terminal_gets_a_bar_for_each_phase_and_keeps_the_last_state():
    stream = Terminal()
    with reporter(stream) as report:
        report("核对备份", 0.3)
        report("核对日志", 0.0)
        report("核对日志", 1.0)

    shown = stream.getvalue()
    assert "核对备份" in shown
    assert "核对日志" in shown
    assert "100%" in shown


def test_nothing_is_shown_where_nothing_was_told():
    stream = Terminal()
    with reporter(stream):
        pass

    assert stream.getvalue() == ""
