"""
The other cells of plan tables: items, departments, levels (抽查事项、部门、层级；issue B).

The conventions for ratios and counts are in :mod:`~fairdraw.exchange.readers.plan_amounts`, those for times
in :mod:`~fairdraw.exchange.readers.plan_windows`.
"""

from __future__ import annotations

import re
import unicodedata

from fairdraw.exchange.readers.plan_amounts import NOTHING

#: 、 joins words inside one item as often as it joins items: it parts only after 检查 and its bracket.
_ITEM_SIGNS = re.compile(r"[;。\n]+|(?<=检查)、(?=\S{4})|(?<=检查\))、")
_ITEM_AFTER_BRACKET = re.compile(r"(检查\([^()]*\))、")
_NUMBERED = re.compile(
    r"(?:^|(?<=[;。,\s]))(?:\(?\d{1,2}\)?[、.)](?!\d)|[①-⑳]|\([一二三四五六七八九十]{1,2}\))"
)
_DEPARTMENTS = re.compile(r"[、,;/\n]+")
_ROLE_NOTE = re.compile(r"\((?:牵头|主办|发起|配合|责任)\)")
_LEVEL = r"(?:省|市|县\(市、区\)|县\(区\)|县|区|州)"


def split_items(text: str) -> tuple[str, ...]:
    """
    Split the items of one cell (抽查事项).

    >>> split_items("1、资质条件的真实性;2、管理制度执行情况")
    ('资质条件的真实性', '管理制度执行情况')
    >>> split_items("注册资本实缴情况的检查、法定代表人任职情况的检查。")
    ('注册资本实缴情况的检查', '法定代表人任职情况的检查')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in NOTHING:
        return ()
    plain = _ITEM_AFTER_BRACKET.sub(r"\1;", plain)
    if len(_NUMBERED.findall(plain)) > 1:
        pieces = _NUMBERED.split(plain)
    else:
        pieces = _outside_brackets(plain)
    return tuple(piece for part in pieces if (piece := part.strip(" ;。,、")))


def _outside_brackets(plain: str) -> list[str]:
    """Split at the signs that stand outside brackets."""
    hidden = re.sub(r"\([^()]*\)", lambda found: "\0" * len(found[0]), plain)
    pieces, start = [], 0
    for sign in _ITEM_SIGNS.finditer(hidden):
        pieces.append(plain[start : sign.start()])
        start = sign.end()
    return [*pieces, plain[start:]]


def split_departments(text: str) -> tuple[str, ...]:
    """
    Split the departments of one cell, without notes on their part (配合部门).

    >>> split_departments("公安、卫生健康、市场监管部门"), split_departments("-")
    (('公安', '卫生健康', '市场监管部门'), ())
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in NOTHING:
        return ()
    plain = _ROLE_NOTE.sub("", plain)
    hidden = re.sub(r"\([^()]*\)", lambda found: "\0" * len(found[0]), plain)
    pieces, start = [], 0
    for sign in _DEPARTMENTS.finditer(hidden):
        pieces.append(plain[start : sign.start()])
        start = sign.end()
    pieces.append(plain[start:])
    return tuple(piece for part in pieces if (piece := part.strip(" 。")))


def split_level(text: str) -> tuple[str, str]:
    """
    Tell who organises and who carries out from a level cell (组织、实施层级); empty where it does not say.

    A cell that says two things at once says nothing.

    >>> split_level("组织:市;实施:县,直属分局"), split_level("区级发起,区级检查"), split_level("市抽县查")
    (('市', '县,直属分局'), ('区级', '区级'), ('市', '县'))
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if plain in NOTHING:
        return "", ""
    labelled = re.match(r"^组织(?:单位|层级)?:(.+?)[;,。]实施(?:单位|层级)?:(.+)$", plain)
    if labelled:
        return labelled[1], labelled[2]
    drawn = re.findall(rf"({_LEVEL})级?抽({_LEVEL})级?查", plain)
    if drawn and re.fullmatch(rf"(?:{_LEVEL}级?抽{_LEVEL}级?查[、,;]?)+", plain):
        return "、".join(dict.fromkeys(d[0] for d in drawn)), "、".join(dict.fromkeys(d[1] for d in drawn))
    if plain.startswith("配合") or plain.count("检查") > 1:
        return "", ""
    started = re.match(
        r"^(.{1,8}?)(?:统一)?(?:组织)?发起[,、;]?(?:下派)?(.{1,8}?)(?:组织)?(?:检查|实施)$", plain
    )
    if started:
        return started[1], started[2]
    carried = re.match(r"^(.{1,8}?)检查$", plain)
    return "", carried[1] if carried else plain
