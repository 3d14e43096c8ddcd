"""Accessibility of a page by axe-core (WCAG 2.2 A and AA, and its best practice)."""

from __future__ import annotations

import functools
from pathlib import Path

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SOURCE = Path(__file__).resolve().parent / "vendor" / "axe.min.js"


@functools.cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return each violation on *page*: the rule, what is wrong, and the elements."""
    page.evaluate(_source())  # allowed under the content policy, a script element would not be
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [
        f"{v['id']}: {v['help']} — " + " | ".join(node["html"][:160] for node in v["nodes"][:5])
        for v in found
    ]
