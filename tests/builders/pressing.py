"""
A person at the pages, without script: opens, follows links, fills fields by their labels, presses buttons.

What no page offers cannot be done here: a missing link, field or button fails the test, with what the page says.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from lxml import html
from lxml.html import FormElement, HtmlElement


def said(element: HtmlElement) -> str:
    """The words of *element*, with single spaces."""
    return re.sub(r"\s+", " ", str(element.text_content())).strip()


class Person:
    """
    Somebody with a browser; starts at no page.

    Attributes:
        loads: How many pages were opened, by address or by link.
        presses: How many buttons were pressed.
    """

    def __init__(self) -> None:
        self.loads = self.presses = 0
        self.client = Client(enforce_csrf_checks=True)
        self.address = "/"
        self.page: HtmlElement = html.fromstring("<html></html>")
        self.answer: Any = None

    def open(self, address: str) -> Person:
        """Open *address*, absolute or from here."""
        self.loads += 1
        return self._shown(self.client.get(urljoin(self.address, address), follow=True))

    def follow(self, words: str) -> Person:
        """Follow the first link that says *words*, or whose words hold them; the page's own come before the menu's."""
        mains = self.page.xpath("//main//a[@href]")
        links = [*mains, *(link for link in self.page.xpath("//a[@href]") if link not in mains)]
        exact = [link for link in links if said(link) == words]
        near = [link for link in links if words in said(link)]
        if not near:
            raise AssertionError(f"没有“{words}”这个链接：{self.text}")
        return self.open((exact or near)[0].get("href"))

    def press(self, words: str, fields: dict[str, Any] | None = None) -> Person:
        """
        Fill the form of the button *words* in and press it.

        Args:
            words: What the button says, or a part of it.
            fields: Values by label. For a choice a part of its words, for boxes the words of those to tick, for
                one box whether it is ticked, for a file its path.
        """
        form, button = self._form_of(words)
        self.presses += 1
        with ExitStack() as opened:
            files = {}
            for label, value in (fields or {}).items():
                control = self._control(form, label)
                if isinstance(value, Path):
                    files[control.name] = opened.enter_context(value.open("rb"))
                else:
                    fill(control, value)
            sent: dict[str, Any] = {}
            for name, value in form.form_values():
                sent.setdefault(name, []).append(value)
            for box in self.page.xpath("//input[@form=$of]", of=form.get("id") or "-"):
                if box.get("name") and (box.checked or box.get("type") != "checkbox"):
                    sent.setdefault(box.name, []).append(box.value)
            if button.get("name"):
                sent[button.get("name")] = button.get("value", "")
            address = urljoin(self.address, button.get("formaction") or form.get("action") or "")
            if form.method == "GET":
                return self._shown(self.client.get(address, sent, follow=True))
            return self._shown(self.client.post(address, {**sent, **files}, follow=True))

    def tick(self, *words: str) -> Person:
        """Tick the boxes of a list whose names hold one of *words*; all of them where none is given."""
        boxes = [box for box in self.page.iter("input") if box.get("type") == "checkbox" and box.get("form")]
        chosen = [
            b for b in boxes if b.name and (not words or any(w in b.get("aria-label", "") for w in words))
        ]
        assert chosen, f"没有可以勾选的：{self.text}"
        for box in chosen:
            box.checked = True
        return self

    @property
    def text(self) -> str:
        """What stands on the page below its menu."""
        mains = self.page.xpath("//main") or [self.page]
        return said(mains[0])

    def offers(self, words: str) -> bool:
        """Whether a button or a link of the page holds *words*."""
        return any(words in said(element) for element in self.page.iter("a", "button"))

    def _shown(self, answer: Any) -> Person:
        self.answer = answer
        if answer.redirect_chain:
            self.address = urljoin(self.address, answer.redirect_chain[-1][0])
        else:
            self.address = answer.request["PATH_INFO"]
            if answer.request.get("QUERY_STRING"):
                self.address += f"?{answer.request['QUERY_STRING']}"
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html"):
            self.page = html.fromstring(answer.content.decode())
        assert answer.status_code == 200, f"{self.address}: {answer.status_code} {self.text}"
        return self

    def _form_of(self, words: str) -> tuple[FormElement, HtmlElement]:
        for form in self.page.forms:
            for button in form.xpath(".//button"):
                if words in said(button) and button.get("type", "submit") == "submit":
                    return form, button
        raise AssertionError(f"没有“{words}”这个按钮：{self.text}")

    def _control(self, form: FormElement, label: str) -> Any:
        for element in form.iter("label", "legend"):
            if said(element).rstrip("*＊ ").startswith(label):
                if element.tag == "label" and element.for_element is not None:
                    return element.for_element
                inside = element.getparent() if element.tag == "legend" else element
                boxes = [box for box in inside.iter("input") if box.get("type") in {"checkbox", "radio"}]
                if boxes:
                    return boxes
        raise AssertionError(f"没有“{label}”这一栏：{said(form)}")


def fill(control: Any, value: Any) -> None:
    """Give a control its value, as a person would: by what it says, not by what it is worth."""
    if isinstance(control, list):
        wanted = [value] if isinstance(value, str) else list(value)
        for box in control:
            words = said(box.label if box.label is not None else box.getparent())
            box.checked = any(want in words for want in wanted)
        assert sum(bool(box.checked) for box in control) >= len(wanted), f"没有“{wanted}”这些选项"
    elif control.tag == "select":
        wanted = [value] if isinstance(value, str) else list(value)
        chosen = [
            option.get("value", "")
            for want in wanted
            for option in control.iter("option")
            if want in said(option)
        ]
        assert chosen, f"没有“{wanted}”这个选项：{[said(option) for option in control.iter('option')]}"
        for option in control.iter("option"):
            option.attrib.pop("selected", None)
        if control.multiple:
            control.value = chosen
        else:
            control.value = chosen[0]
    elif control.get("type") in {"checkbox", "radio"}:
        control.checked = bool(value)
    else:
        control.value = str(value)
