"""
What the words of a legal basis name (抽查依据的类型; rules.md B1, B2): statutes by their titles, pure and exact.

A guess from a title is an offer to the person who confirms an item, never a confirmation. Only one thing is decided
here: a basis that names nothing but normative documents (规范性文件) creates no inspection.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LAW, REGULATION, DECISION = "law", "regulation", "council_decision"
LOCAL, RULE, NORMATIVE = "local_regulation", "rule", "normative"
STRENGTH = (LAW, REGULATION, DECISION, LOCAL, RULE)

_TITLE = re.compile(r"《([^《》]+)》")
_ISSUED = re.compile(r"印发[^《》]{0,40}《[^《》]+》的?(?:通知|函)?")
_BARE = re.compile(
    r"[^、,，;；。\s《》()]+?(?:法典|法|条例|细则|办法|规定|规则|决定)(?=第|$|[、,，;；。\s(])"
)
_NOTE = re.compile(r"\([^()]*\)|\d{4}年?修[订正]本?$")
_PROVINCE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|内蒙古|广西|西藏|宁夏|新疆"
)
_LOCAL = re.compile(
    rf"^(?:{_PROVINCE}|(?!城市|集贸|超级)[^市]{{2,3}}市(?!场)|[^州]{{2,8}}自治[州县]|[^区]{{2,4}}经济特区)"
)
_BY_ENDING = (
    (re.compile(r"(?:通知|意见|规程|方案|指引|指南|纲要|批复|复函|函|公告|通告|要点|计划)$"), NORMATIVE),
    (re.compile(r"国务院.*决定$"), DECISION),
    (re.compile(r"人民代表大会.*决定$|法典$|(?<!办)法$"), LAW),
    (re.compile(r"条例$"), REGULATION),
    (re.compile(r"(?:办法|规定|细则|规则)$"), RULE),
)


def kind_of(title: str) -> str:
    """
    The type that a title speaks of; empty where it does not tell.

    >>> kind_of("中华人民共和国广告法"), kind_of("福建省计量条例"), kind_of("城市供水条例")
    ('law', 'local_regulation', 'regulation')
    >>> kind_of("食品生产经营监督检查管理办法"), kind_of("关于印发工作规程的通知"), kind_of("药品经营质量管理规范")
    ('rule', 'normative', '')
    """
    plain = _NOTE.sub("", unicodedata.normalize("NFKC", title)).strip()
    for ending, kind in _BY_ENDING:
        if ending.search(plain):
            return LOCAL if kind == REGULATION and _LOCAL.match(plain) else kind
    return ""


def titles(text: str) -> list[str]:
    """
    The statutes that a basis names, each once; those that only stand inside the name of a notice are not among them.

    >>> titles("《广告法》第六条、《关于印发〈规程〉的通知》"), titles("广告法第四十九条")
    (['广告法', '关于印发〈规程〉的通知'], ['广告法'])
    """
    plain = unicodedata.normalize("NFKC", text)
    notices = [found.group() for found in _ISSUED.finditer(plain)]
    rest = _ISSUED.sub(" ", plain)
    named = _TITLE.findall(rest) or [found.group() for found in _BARE.finditer(rest)]
    return list(dict.fromkeys([*named, *notices]))


def strongest(text: str) -> str:
    """
    The type of the strongest statute that a basis names; empty where no title tells.

    >>> strongest("《直销管理条例》第二条、《食品安全法》"), strongest("按有关要求")
    ('law', '')
    """
    return _first(kind_of(title) for title in titles(text))


def _first(kinds: Iterable[str]) -> str:
    held = set(kinds)
    return next((kind for kind in STRENGTH if kind in held), "")


def only_normative(text: str) -> list[str]:
    """
    The normative documents that a basis names where it names nothing else; empty where something may carry it.

    >>> only_normative("《关于开展专项检查的通知》"), only_normative("《广告法》、《关于开展检查的通知》")
    (['关于开展专项检查的通知'], [])
    """
    named = titles(text)
    return named if named and all(kind_of(title) == NORMATIVE for title in named) else []
