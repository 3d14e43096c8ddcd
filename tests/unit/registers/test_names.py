"""Codes of the directory in words (监管标签、行业): pages show names, people type names."""

from __future__ import annotations

import csv

from fairdraw.exchange.readers.scope_tags import KEYWORD_FILE
from fairdraw.exchange.readers.scopes import ALIAS_FILE
from fairdraw.registers import tags


def test_every_tag_of_the_shipped_tables_has_its_own_name():
    with ALIAS_FILE.open(encoding="utf-8", newline="") as stream:
        known = {tag for row in csv.DictReader(stream) for tag in row["tags"].split(";") if tag}
    with KEYWORD_FILE.open(encoding="utf-8", newline="") as stream:
        known |= {row["tag"] for row in csv.DictReader(stream)}
    assert known <= set(tags.names())
    assert len(set(tags.names().values())) == len(tags.names())
    assert not any(name.isascii() for name in tags.names().values())


def test_a_tag_is_typed_by_name_or_code_and_an_unknown_one_stays_as_it_is():
    assert tags.code(" 餐饮服务") == tags.code("catering") == "catering"
    assert tags.code("本局自定") == tags.name("本局自定") == "本局自定"
    assert tags.said(("catering", "hotel")) == "餐饮服务、住宿服务"
