"""
What people read is Chinese at the source and stands inside gettext, so that another language is one catalogue.

Left out, with their reasons: migrations (labels as they were, frozen) and the modules of ``NOT_INTERFACE``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PRODUCT = Path(__file__).resolve().parents[2] / "src" / "fairdraw"
HAN = re.compile("[㐀-鿿]")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
DATE_WORDS = {"年", "月", "日", "%m月%d日"}
# Where Chinese is not the language of the interface but the matter itself.
NOT_INTERFACE = {
    "demo/": "the invented county and its rehearsals: names, plans, papers and marks of a Chinese county",
    "documents/": "official papers, Chinese by their form whatever language the screen has",
    "exchange/readers/": "words that tables of bureaus contain: compared with cells, never shown",
    "exchange/api/endpoints.py": "the interface's description for calling systems, one language",
    "exchange/api/shapes.py": "the interface's description for calling systems, one language",
    "kernel/errors.py": "row and column of a trouble; the kernel knows no Django",
    "operations/cli.py": "speaks before there are settings",
    "operations/parsing.py": "speaks before there are settings",
    "operations/whereabouts.py": "speaks before there are settings",
    "exchange/formats/": "words that documents and pages contain: compared with cells",
    "registers/basis.py": "words that names of documents contain: laws, regulations, places (rules.md B2)",
    "registers/wordings.py": "words that wordings of plans contain",
    "registers/industries.py": "names that a national standard gives divisions of industry (GB/T 4754)",
    "operations/rules_file.py": "words that a table of rules contains: compared with cells",
    "operations/management/commands/plan.py": "runs without an installation, before there is a language",
    "operations/units_file.py": "words that a table of units and accounts contains: compared with cells",
    "operations/verifying.py": "runs without settings, beside any bundle",
    "operations/management/commands/verify.py": "runs without settings, beside any bundle",
    "plans/allocation.py": "the sentence of a scheme, a paper, put together by a rule that knows no Django",
    "plans/rules.py": "the official name of a scheme: 地区+年度+抽查事项+抽查方案 (N12)",
    "publication/rules.py": "the row as the publicity system shows it, by a rule that knows no Django",
    "desk/rules.py": "the line to paste into the work group, by a rule that knows no Django",
    "rulebook/reference.py": "prints a page of the documentation",
    "rulebook/shipped.py": "names of sources, stored as data",
    "ui/gallery.py": "samples on the page for developers",
}
# Inside those, what speaks to people all the same.
STILL_INTERFACE = ("demo/management/", "demo/given.py")
# Single texts that are data: document numbers, file names, words looked for in files.
DATA = {
    "desk/planning.py": {r"(\d{1,3}(?:\.\d{1,4})?)\s*[%％]|(\d{1,7})\s*户?"},
    "desk/services.py": {"-总结.docx"},
    "draws/receiving.py": {"名单"},
    "exchange/received.py": {"是", "退回"},
    "exchange/services.py": {
        r"(?<!\d)20\d\d(?=年度|-\d\d-\d\d)",
        r"(?<!\d)20\d\d(?=年)",
        "正常",
        "未发现问题",
        "无问题",
    },
    "exchange/tables.py": {"导出时间："},
    "exchange/uploads.py": {"序号", "备注"},
    "operations/installing.py": {"(市场监督管理局|市场监管局)$"},
    "plans/cities.py": {"^.{0,8}?市?(市场监督管理局|市场监管局|市局)"},
    "inspections/services.py": {"抽查通〔{year}〕{seq}号"},
}


def is_marked(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a call of gettext stands around *node* in its statement."""
    while (node := parents[node]) and not isinstance(node, ast.stmt):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MARKS:
                return True
    return False


def unmarked(source: str) -> Iterator[tuple[int, str]]:
    """The Chinese texts in *source* outside gettext and docstrings: line and text."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value)):
            continue
        is_docstring = isinstance(parents[node], ast.Expr)
        if not is_docstring and node.value.strip() not in DATE_WORDS and not is_marked(node, parents):
            yield node.lineno, node.value


def interface() -> list[str]:
    """The modules whose Chinese is the interface's."""
    names = sorted(path.relative_to(PRODUCT).as_posix() for path in PRODUCT.rglob("*.py"))
    left_out = tuple(NOT_INTERFACE)
    return [
        name
        for name in names
        if "/migrations/" not in name and (not name.startswith(left_out) or name.startswith(STILL_INTERFACE))
    ]


def findings(name: str) -> list[str]:
    """What stands unmarked in one module, but for its data."""
    source = (PRODUCT / name).read_text(encoding="utf-8")
    return [f"{line}: {text}" for line, text in unmarked(source) if text not in DATA.get(name, ())]


def test_chinese_texts_stand_inside_gettext():
    found = {name: texts for name in interface() if (texts := findings(name))}

    assert found == {}


@pytest.mark.parametrize("name", [*NOT_INTERFACE, *DATA])
def test_every_exception_is_still_one(name):
    path = PRODUCT / name
    files = path.rglob("*.py") if path.is_dir() else [path]
    texts = {text for file in files for _line, text in unmarked(file.read_text(encoding="utf-8"))}

    assert texts
    assert DATA.get(name, set()) <= texts


@pytest.mark.parametrize(
    "source",
    ['raise NotFound("没有这项任务")', 'x = f"{a}类"', 'show(title="任务")', 'LABELS = {"a": "已抽取"}'],
)
def test_a_bare_text_would_be_found(source):
    assert list(unmarked(source))


@pytest.mark.parametrize(
    "source",
    [
        'raise NotFound(_("没有这项任务"))',
        'x = _("%(c)s类") % {"c": c}',
        '"""抽取"""',
        'LABELS = {"a": gettext_noop("已抽取")}',
        'day = f"{y}年{m}月{d}日"',
    ],
)
def test_a_marked_text_is_accepted(source):
    assert not list(unmarked(source))
