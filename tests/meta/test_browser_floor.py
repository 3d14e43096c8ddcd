"""
Our own styles, scripts and pages ask for nothing newer than Chromium 86 and Firefox 82 (scene 10: a browser five years old).

No parser: each newer thing is known by its spelling, with the version that first has it. What an older browser may
leave out without loss is named in ``ORNAMENTS``. What ships with django-htmx is not ours and looks after itself.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"

#: Spelling → first Chromium / first Firefox, and a line that has it.
STYLES = {
    r"\binset\s*:": ("inset 87", "a { inset: 0; }"),
    r"\b(?:inset|margin|padding|border)-(?:inline|block)\s*:": ("logical shorthand 87", "a { margin-inline: 1px; }"),
    r"\baspect-ratio\s*:": ("aspect-ratio 88/89", "img { aspect-ratio: 1; }"),
    r":(?:is|where)\(": (":is 88", "a:is(b, c) { top: 0; }"),
    r":not\([^)]*,": (":not with a list 88/84", "a:not(.b, .c) { top: 0; }"),
    r":has\(": (":has 105/121", "a:has(b) { top: 0; }"),
    r":(?:modal|popover-open|user-valid|user-invalid)\b": ("states 105 and later", "a:user-invalid { top: 0; }"),
    r"@(?:layer|container|property|scope|starting-style|view-transition)\b": ("rules 85/128 and later", "@layer base;"),
    r"@media[^{]*[<>]": ("media ranges 104", "@media (width >= 40rem) {}"),
    r"\{[^{}]*[;{]\s*&|^\s*&": ("nesting 112/117", "a { top: 0; & b { top: 1px; } }"),
    r"\b(?:color-mix|oklch|oklab|light-dark|lab|lch|round|sin|cos)\(": ("functions 101 and later", "a { color: oklch(1 0 0); }"),
    r"[\d.](?:d|s|l)v(?:h|w|min|max)\b": ("units 108/101", "a { height: 100dvh; }"),
    r"\boverflow(?:-[xy])?\s*:\s*clip": ("overflow clip 90/81", "a { overflow: clip; }"),
    r"\b(?:translate|rotate|scale)\s*:": ("single transforms 104/72", "a { rotate: 1deg; }"),
    r"\b(?:text-wrap|scrollbar-gutter|field-sizing|anchor-name|content-visibility|mask|backdrop-filter)\s*:": (
        "properties 88 and later, or not in Firefox 82",
        "a { text-wrap: balance; }",
    ),
    r":\s*subgrid\b": ("subgrid 117", "a { grid-template-rows: subgrid; }"),
}  # fmt: skip
SCRIPTS = {
    r"\.at\(": (".at 92/90", "list.at(-1)"),
    r"\bstructuredClone\b": ("structuredClone 98/94", "structuredClone(a)"),
    r"\.findLast(?:Index)?\(": ("findLast 97/104", "list.findLast(f)"),
    r"\.to(?:Sorted|Reversed|Spliced)\(|\.with\(": ("copying methods 110/115", "list.toSorted()"),
    r"\b(?:Object|Map)\.groupBy\b|\bArray\.fromAsync\b|\bPromise\.(?:withResolvers|try)\b": (
        "statics 117 and later",
        "Object.groupBy(a, f)",
    ),
    r"\bObject\.hasOwn\b": ("Object.hasOwn 93/92", "Object.hasOwn(a, 'b')"),
    r"\.(?:union|intersection|difference|isSubsetOf)\(": ("sets 122/127", "a.union(b)"),
    r"\.(?:isWellFormed|toWellFormed|checkVisibility|requestVideoFrameCallback)\(": ("methods 105 and later", "a.isWellFormed()"),
    r"\.(?:showModal|showPopover|togglePopover|hidePopover)\(": ("dialogs: Firefox 98", "box.showModal()"),
    r"\brandomUUID\b": ("randomUUID 92/95", "crypto.randomUUID()"),
    r"\bAbortSignal\.|\bURL\.canParse\b|\bResponse\.json\b|\bIntl\.Segmenter\b": ("statics 98 and later", "AbortSignal.timeout(5)"),
    r"\b(?:De)?[Cc]ompressionStream\b|\bstartViewTransition\b|\bnavigator\.(?:locks|userAgentData)\b": (
        "not in Firefox 82",
        "new CompressionStream('gzip')",
    ),
    r"#[a-z]\w*\s*(?:=(?!=)|\(|;)|this\.#": ("private members: Firefox 90", "class A { #a = 1; }"),
    r"\bstatic\s*\{": ("static blocks 94/93", "class A { static { } }"),
    r"^await\b|^(?:const|let|var|export const) .*= await\b": ("await outside functions 89", "const a = await b();"),
    r"\bimport\s.*\b(?:assert|with)\s*\{|\bimport\.meta\.resolve\b": ("import attributes 91", "import a from './a' with { type: 'json' };"),
    r"\{\s*cause\s*[:}]": ("causes 93/91", "new Error('x', { cause: e })"),
    r"/[a-z]*[dv][a-z]*\.(?:exec|test)\(": ("flags of patterns 90 and later", "/a/v.test(b)"),
}  # fmt: skip
PAGES = {
    r"<dialog\b": ("dialog: Firefox 98", "<dialog open>"),
    r"<search\b": ("search 118", "<search>"),
    r"\spopover(?:target)?\b(?:=|>|\s)": ("popover 114", "<div popover>"),
    r"<[^>{]*\sinert\b": ("inert 102/112", "<main inert>"),
    r"<script(?![^>]*\bsrc=)": ("inline script: the policy forbids it", "<script>go()</script>"),
    r"<script[^>]*type=[\"']importmap": ("import maps 89/108", '<script type="importmap" src="a">'),
}
ORNAMENTS = (
    "accent-color",  # 93/92: boxes are blue instead of the office's blue
    "text-underline-offset",  # 87/70: the line stands where the font has it
    ":focus-visible",  # Firefox 85: the browser's own ring stands there; never beside another selector, see below
)

KINDS = {"css": STYLES, "js": SCRIPTS, "html": PAGES}
CASES = [(kind, spelling) for kind, known in KINDS.items() for spelling in known]


def without_comments(text: str, kind: str) -> str:
    """*text* without what is not run."""
    if kind == "html":
        return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)//.*$", "", text) if kind == "js" else text


def too_new(text: str, kind: str) -> list[str]:
    """What of *text* is newer than the floor, each with its first version."""
    bare = without_comments(text, kind)
    return [
        what for spelling, (what, _sample) in KINDS[kind].items() if re.search(spelling, bare, re.MULTILINE)
    ]


def own_files(kind: str) -> list[Path]:
    """The files of a kind that are ours."""
    return sorted(path for path in SRC.rglob(f"*.{kind}") if "vendor" not in path.parts)


@pytest.mark.parametrize("kind", list(KINDS))
def test_nothing_of_ours_is_newer_than_the_floor(kind: str) -> None:
    files = own_files(kind)
    assert files
    assert {
        path.name: found for path in files if (found := too_new(path.read_text(encoding="utf-8"), kind))
    } == {}


@pytest.mark.parametrize(("kind", "spelling"), CASES)
def test_each_newer_thing_would_be_seen(kind: str, spelling: str) -> None:
    what, sample = KINDS[kind][spelling]
    assert what in too_new(f"\n{sample}\n", kind)


def test_a_ring_that_an_old_browser_drops_takes_no_other_rule_with_it() -> None:
    """A selector that is unknown voids the whole list: ``a:hover, a:focus-visible`` would lose the hover too."""
    for path in own_files("css"):
        for selectors in re.findall(r"([^{}]*)\{", without_comments(path.read_text(encoding="utf-8"), "css")):
            alone = [":focus-visible" in one for one in selectors.split(",")]
            assert all(alone) or not any(alone), (path.name, selectors.strip())


def test_ornaments_are_really_there() -> None:
    """An ornament that no style uses any more leaves the list."""
    styles = "".join(path.read_text(encoding="utf-8") for path in own_files("css"))
    assert [one for one in ORNAMENTS if one not in styles] == []
