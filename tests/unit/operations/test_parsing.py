"""What argparse has to say is said in Chinese, and bad use ends with 2 (命令行用法)."""

from __future__ import annotations

import re

import pytest

from fairdraw.operations.parsing import Parser


def parser() -> Parser:
    """A parser with an option of every shape that the commands have."""
    made = Parser(prog="fairdraw 样例", description="样例")
    made.add_argument("file", metavar="FILE", help="文件")
    made.add_argument("--year", type=int, help="年度")
    made.add_argument("--share", type=float, help="比例")
    made.add_argument("--kind", choices=["items", "plan"], help="种类")
    made.add_argument("--many", nargs="+", help="一些")
    made.add_argument("--two", nargs=2, help="两个")
    made.add_argument("--json", action="store_true", help="JSON")
    either = made.add_mutually_exclusive_group()
    either.add_argument("--all", action="store_true", help="全部")
    either.add_argument("--one", help="一个")
    return made


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "缺少参数：FILE"),
        (["a", "--yaer", "1"], "不认识的参数：--yaer 1"),
        (["a", "b"], "不认识的参数：b"),
        (["a", "--year"], "--year 后面要有一个值"),
        (["a", "--year", "六"], "--year 须是整数，不能是 '六'"),
        (["a", "--share", "六"], "--share 的值不对：'六'"),
        (["a", "--kind", "x"], "--kind 不能是 'x'，只能是 'items', 'plan'"),
        (["a", "--many"], "--many 后面至少要有一个值"),
        (["a", "--two", "x"], "--two 后面要有 2 个值"),
        (["a", "--all", "--one", "x"], "--one 不能和 --all 同时使用"),
        (["a", "--json=1"], "--json 后面不要带值 '1'"),
    ],
)
def test_bad_use_is_one_chinese_line_and_the_usage(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)

    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert err.startswith("用法：fairdraw 样例")
    assert err.splitlines()[-1] == f"fairdraw 样例：{said}"


def test_a_required_choice_between_options_is_asked_for(capsys: pytest.CaptureFixture[str]):
    made = Parser(prog="fairdraw")
    either = made.add_mutually_exclusive_group(required=True)
    either.add_argument("--all", action="store_true")
    either.add_argument("--one")

    with pytest.raises(SystemExit):
        made.parse_args([])

    assert capsys.readouterr().err.splitlines()[-1] == "fairdraw：以下参数须给出一个：--all --one"


def test_help_has_no_english_but_names(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--help"])

    out = capsys.readouterr().out
    assert ended.value.code == 0
    for word in ("用法：", "参数", "选项", "显示这段说明"):
        assert word in out
    plain = re.sub(r"--?[a-z]+|[A-Z]+|\{items,plan\}|fairdraw", "", out)
    assert not re.search(r"[a-z]{3,}", plain)


def test_a_shortened_option_is_not_guessed(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parser().parse_args(["a", "--ye", "2026"])

    assert "不认识的参数：--ye 2026" in capsys.readouterr().err
