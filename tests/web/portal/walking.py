"""Walks every public page from the home page, as a search engine would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.test import Client

HOME = "/public/"
LINK = re.compile(r'(?:href|action)="([^"#]*)')


@dataclass(frozen=True)
class Seen:
    """One answer: where, its headers and bytes together as text."""

    address: str
    status: int
    media_type: str
    text: str


def everything(visitor: Client, *also: str) -> list[Seen]:
    """Every answer below the home page, and of the addresses in *also*."""
    found: dict[str, Seen] = {}
    waiting = [HOME, *also]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response: Any = visitor.get(address)
        content = response.content.decode("utf-8", "replace")
        media_type = response.headers.get("Content-Type", "")
        found[address] = Seen(
            address, response.status_code, media_type, f"{response.headers.items()}\n{content}"
        )
        if media_type.startswith("text/html"):
            links = (urljoin(address, link.replace("&amp;", "&")) for link in LINK.findall(content))
            waiting += [link for link in links if link.startswith(HOME)]
        elif response.status_code in (301, 302):
            waiting.append(response["Location"])
    return list(found.values())
