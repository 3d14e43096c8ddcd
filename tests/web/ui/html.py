"""Reads a page as a browser would, for assertions about its structure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lxml import html


class Page:
    """A parsed answer."""

    def __init__(self, response: Any) -> None:
        self.source = response.content.decode()
        self.tree = html.document_fromstring(self.source)

    def all(self, path: str) -> list[Any]:
        return self.tree.xpath(path)

    def text(self, path: str) -> str:
        found = self.all(path)
        assert found, f"{path} is not on the page"
        return " ".join(found[0].text_content().split())

    def doubled_ids(self) -> list[str]:
        return [name for name, count in Counter(self.tree.xpath("//@id")).items() if count > 1]

    def unlabelled(self) -> list[str]:
        """Controls a person can fill in that no label names."""
        named = set(self.tree.xpath("//label/@for"))
        return [
            html.tostring(control, encoding="unicode")[:120]
            for control in self.tree.xpath(
                "//input[not(@type='hidden') and not(@type='submit')] | //select | //textarea"
            )
            if control.get("id") not in named
            and not control.xpath("ancestor::label")
            and not control.get("aria-label")
        ]
