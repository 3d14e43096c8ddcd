#!/usr/bin/env python3
# ruff: noqa: B905, RUF007, T201  (neither zip's `strict` nor `pairwise` in Python 3.9; it is here to print)
"""
Verify the bundle of a verifiable draw (protocol vdraw/1), offline, with nothing but Python.

    python verify.py BUNDLE_DIR [--strict] [--json] [--log-key HEX] [--witness-key NAME=HEX]

One file, Python 3.9 or newer, standard library only: a second, independent implementation of the protocol
that shares no code with the product, so that the two can be held against each other. It goes through steps
1-13 of section 16 (0: the files themselves, 14: the receipt) and says for each which cheat it excludes, and
what was expected and found. To be imported: `verify_bundle` (the steps) and `recompute` (the outcome).

Exit code: 0 everything shown is right; 1 something is wrong, a core file is missing or a file is unknown
(with --strict also: something is not shown); 2 no such directory, or a wrong option.

复核工具：不依赖本系统、不联网，对“双随机、一公开”抽取的复核资料包逐步复核（规程 vdraw/1 第 16 节）。只用
Python 3.9 以上的标准库，是规程的第二份独立实现。每一步写明结论（通过、未提供、不通过；所依据的步骤不通过
时为未检查）、应为与实为，以及本步防止的作弊。
退出码：0 已提供的全部正确；1 有不符、缺核心文件或有不认识的文件（--strict 时未提供的证据也算）；2 没有这个
目录，或参数有误。
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import stat
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

PASS, ABSENT, WRONG, BLOCKED = "通过", "未提供", "不通过", "未检查"
STATUS_CODES = {PASS: "pass", ABSENT: "not_shown", WRONG: "fail", BLOCKED: "not_checked"}
LISTS = ("frame", "excluded", "officers", "recusals")
CORE = ("seal.json", "plan.json", *(f"{name}.tsv" for name in LISTS), "commits.tsv", "server.txt", "seed.txt",
        "result.tsv", "assign.tsv")  # fmt: skip
EVIDENCE = ("receipt.json", "events.jsonl", "proofs.json", "checkpoint.txt")
# In bytes; a frame of ten million rows has about 2^30.
LARGEST_LIST, LARGEST_DOCUMENT, LARGEST_SEAL, MOST_FILES = 1 << 31, 1 << 26, 1 << 20, 1000
TAKEN_WHOLE = "全部检查、仅随机确定次序和人员"


class Wrong(ValueError):
    """Something disagrees with the protocol (不符): a sentence, what was found, what was expected."""

    def __init__(self, what: str, found: Any = None, expected: Any = None) -> None:
        super().__init__(what)
        self.what, self.found, self.expected = what, found, expected


class Blocked(Exception):
    """A step needs something that an earlier step could not deliver (未检查)."""


def need(condition: Any, what: str, found: Any = None, expected: Any = None) -> None:
    if not condition:
        raise Wrong(what, found, expected)


def equal(what: str, found: Any, expected: Any) -> None:
    need(type(found) is type(expected) and found == expected, f"{what}不符", found, expected)


def show(value: Any, limit: int = 300) -> str:
    """Make *value* safe to print: one line, no control characters, not longer than *limit*."""
    text = value if isinstance(value, str) else str(value)
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[: limit + 1])
    return text if len(text) <= limit else text[:limit] + "…"


# ---- §3 hash suites, §9 the PRF slot, §5 Merkle trees ---------------------------------------------------


class Suite:
    """The hash function of a draw, `sha256` or `sm3` (国密), with its MAC, its PRFs and its Merkle trees."""

    def __init__(self, name: str) -> None:
        self.name, self.new = name, getattr(hashlib, name, lambda data=b"": hashlib.new(name, data))
        try:
            self.new(b"")
        except ValueError:
            raise Wrong(
                f"本机 Python 的 hashlib 没有 {name}，不能复核，也不得改用其他算法；请换一台机器"
            ) from None

    def hash(self, data: bytes) -> bytes:
        digest: bytes = self.new(data).digest()
        return digest

    def hex(self, data: bytes | str) -> str:
        return self.hash(data.encode() if isinstance(data, str) else data).hex()

    def mac(self, key: bytes) -> Callable[[bytes], bytes]:
        """HMAC (RFC 2104) under *key*, which is not longer than one block of 64 bytes."""
        inner, outer = (self.new(bytes(b ^ pad for b in key.ljust(64, b"\0"))) for pad in (0x36, 0x5C))

        def tag(message: bytes) -> bytes:
            first, second = inner.copy(), outer.copy()
            first.update(message)
            second.update(first.digest())
            digest: bytes = second.digest()
            return digest

        return tag

    def prf(self, name: str, key: bytes) -> Callable[[str], bytes]:
        """The number of a text under *key*: 24 bytes, the first 8 are the PRN, the rest breaks ties."""
        tag, prefix = self.mac(key), key.hex()
        if name == "hmac":
            return lambda message: tag(message.encode())[:24]
        return lambda message: self.hash((prefix + message).encode())[:24]

    def root(self, lines: Iterable[bytes]) -> str:
        """Merkle root (RFC 6962) over the lines, hex."""
        level = [self.hash(b"\0" + line) for line in lines]
        while len(level) > 1:
            pairs = [self.hash(b"\1" + left + right) for left, right in zip(level[::2], level[1::2])]
            level = pairs + level[2 * len(pairs) :]
        return level[0].hex() if level else self.hex(b"")

    def root_from_path(self, leaf: bytes, index: int, size: int, path: Sequence[str]) -> str:
        """The root that an inclusion path leads to (RFC 9162, 2.1.3.2); empty when its length is wrong."""
        node, last = leaf, size - 1
        for step in map(bytes.fromhex, path) if index < size else ():
            if last == 0:
                return ""
            if index & 1 or index == last:
                node = self.hash(b"\1" + step + node)
                while index and not index & 1:
                    index, last = index >> 1, last >> 1
            else:
                node = self.hash(b"\1" + node + step)
            index, last = index >> 1, last >> 1
        return node.hex() if last == 0 and index == 0 else ""


# ---- §4 canonical JSON, and the forms of documents ------------------------------------------------------


def read_json(data: bytes, where: str) -> Any:
    """Parse canonical JSON: no duplicate keys, only small integers, and no other than the one encoding."""

    def refuse(text: str) -> Any:
        raise Wrong(f"{where} 中有不许可的数", text, "绝对值小于 2^53 的整数")

    def integer(text: str) -> int:
        return int(text) if len(text) <= 17 and abs(int(text)) < 1 << 53 else refuse(text)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in items]
        need(all(re.fullmatch("[a-z][a-z0-9_]{0,31}", key) for key in keys), f"{where} 的键名不合规", keys)
        need(len(set(keys)) == len(keys), f"{where} 有重复的键", keys)
        return dict(items)

    def depth(value: Any) -> int:
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if children is None else 1 + max(map(depth, children), default=0)

    try:
        value = json.loads(
            data, object_pairs_hook=pairs, parse_float=refuse, parse_int=integer, parse_constant=refuse
        )
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        deep = depth(value)
    except Wrong:
        raise
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{where} 不是规范的 JSON", f"{type(error).__name__}: {error}") from None
    need(deep < 16, f"{where} 嵌套过深", deep, "少于 16 层")
    need(again == data, f"{where} 不是规范编码（键有序、无空格、末尾不换行）", data[:200], again[:200])
    return value


PIECE, CODE, ID, HEX = "[0-9A-Za-z_-]{1,16}", "[0-9A-Za-z._-]{1,32}", "[0-9A-Za-z._:-]{1,36}", "[0-9a-f]{64}"
TAG, PART = rf"{PIECE}(?:\.{PIECE})?", r"[0-9A-Za-z_-]{1,20}(?:\.[0-9A-Za-z_-]{1,11})?"
BLIND, SHARE, NUMBER = "[0-9a-f]{32}", "[0-9A-Za-z._:+=/-]{16,128}", "(?:0|[1-9][0-9]{0,14})"
CODES, TAGS, LARGEST = rf"(?:\*|{CODE}(?:,{CODE})*)", f"{TAG}(?:,{TAG})*", (1 << 53) - 1

# Forms of values: a pattern of a text, a range of an integer, or the keys of an object, each `key:form` or
# `key=constant|constant`; after a form `*` list, `+` list with a member, `?` may be left out, `~` may be null.
FORMS: dict[str, Any] = {
    "text": r"[^\x00-\x1f\x7f]{1,200}", "words": r"[^\x00-\x1f\x7f]{0,200}", "hash": HEX, "none": f"(?:{HEX})?",
    "count": (0, LARGEST), "positive": (1, LARGEST), "size": (1, 10**6), "two": (2, LARGEST), "id": ID,
    "number": "[0-9A-Za-z_-]{1,20}", "uuid": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "code": CODE,
    "name": PIECE, "part": PART, "tag": rf"(?:\*|{TAG})", "dept": rf"(?:\*|{CODE})", "codes": CODES,
    "parts": rf"(?:\*|{PART}(?:,{PART})*)", "round": r"[^\s\x00-\x1f\x7f]{1,64}", "kind": "[a-z][a-z0-9_.]{0,63}",
    "rooted": "n:count root:hash", "beacon": "kind:text round:round", "flag": "",
    "person": "id:id office:text role=initiator|supervisor|witness",
    "sources": "server:hash persons:person+ min_reveals:two custodian:none beacon:beacon~",
    "disclosure": "to=public|auditors when=draw|task",
    "seal": "type=vdraw.seal v=1 suite=sha256|sm3 prf=keyhash|hmac level=1|2|3 org:text number:number draw:uuid "
            "attempt:positive prev:none sealed_at:count commit_by:count reveal_by:count beacon_from:count "
            "register_seq:count plan:hash frame:rooted ids:rooted excluded:rooted officers:rooted "
            "recusals:rooted sources:sources disclosure:disclosure",
    "rate": "mode=rate strata:rate_h+ floor:floor?", "rate_h": "code:name num:count den:positive min:count reserve:count",
    "fixed": "mode=fixed strata:fixed_h+ floor:floor?", "fixed_h": "code:name take:count reserve:count",
    "total": "mode=total total:count strata:total_h+ floor:floor?", "total_h": "code:name weight:count reserve:count",
    "pareto": "mode=pareto size:name missing:size strata:rate_h+ floor:floor?",
    "ledger": "mode=ledger cell:name hits:name strata:rate_h+ floor:floor?",
    "floor": "base:count num:count den:positive", "list": "of:text doc:text hash:hash",
    "plan_part": "part:part purpose=main|inspectors|recheck scope:tag by:name key:code alloc:alloc list:list?",
    "slot": "slot:code dept:dept tag:codes when:tag part:parts", "each": "mode=each slots:slot+",
    "cluster": "mode=cluster by=unit|area max_per_bundle:positive form=drawn|standing slots:slot+",
    "plan": "type=vdraw.plan v=1 reasons:code* parts:plan_part+ assign:assign",
    "drawn_part": "part:part purpose:kind in_scope:count drawn:count all:flag list:list?",
    "log": "origin:text size:count root:hash sealed:count drawn:count",
    "attempt": "attempt:positive state=voided|failed reason:text",
    "receipt": "type=vdraw.receipt v=1 draw:uuid org:text number:number level:count rehearsal:flag seal:hash "
               "seed_hash:hash result:rooted assign:rooted parts:drawn_part+ log:log attempts:attempt* program:words",
    "entry": "actor:text at:count body:body kind:kind prev:hash seq:count v=1",
    "proofs": "size:positive entries:proof*", "proof": "seq:count path:hash*",
}  # fmt: skip
MODES = {"alloc": ("rate", "fixed", "total", "pareto", "ledger"), "assign": ("each", "cluster")}


def conform(value: Any, form: str, where: str) -> None:
    """Refuse *value* unless it has *form* (a name in FORMS, or of MODES: the form that its `mode` names)."""
    if form == "flag":
        return need(type(value) is bool, f"{where} 应为 true 或 false", value)
    if form in MODES or form == "body":
        need(type(value) is dict, f"{where} 应为对象", value)
        if form == "body":
            return None
        need(value.get("mode") in MODES[form], f"{where}.mode 不在许可之列", value.get("mode"), MODES[form])
        form = value["mode"]
    rule = FORMS[form]
    if isinstance(rule, tuple):
        low, high = rule
        return need(
            type(value) is int and low <= value <= high, f"{where} 应为整数", value, f"{low} 至 {high}"
        )
    if not re.match(r"\w+[:=]", rule):
        return need(type(value) is str and re.fullmatch(rule, value), f"{where} 的形式不符", value, rule)
    need(type(value) is dict, f"{where} 应为对象", value)
    keys = dict(re.findall(r"(\w+)([:=]\S+)", rule))
    odd = {key for key in {*keys, *value} if key not in keys or (key not in value and keys[key][-1] != "?")}
    need(not odd, f"{where} 缺少或多出键 {'、'.join(sorted(odd))}", sorted(value), sorted(keys))
    for key, item in value.items():
        at, want = f"{where}.{key}", keys[key][1:]
        if keys[key][0] == "=":
            constants = [int(word) if word.isdigit() else word for word in want.split("|")]
            need(
                any(type(item) is type(c) and item == c for c in constants),
                f"{at} 不在许可之列",
                item,
                constants,
            )
        elif want[-1] in "*+":
            need(type(item) is list and len(item) >= (want[-1] == "+"), f"{at} 应为列表", item)
            for number, member in enumerate(item, 1):
                conform(member, want[:-1], f"{at}[{number}]")
        elif want[-1] != "~" or item is not None:
            conform(item, want.rstrip("?~"), at)
    return None


# ---- §6 seal and plan, §7.4 public number ---------------------------------------------------------------

# kind: form of the round, form of the value, seconds between the end of reveals and the number (-1: no time)
BEACONS = {
    "dice": (r"\S+", "[0-9]{20,200}", -1),
    "cwl-kl8": ("20[0-9]{5}", "[0-9]{2}(?:,[0-9]{2}){19}", 600),
    "cwl-ssq": ("20[0-9]{5}", r"[0-9]{2}(?:,[0-9]{2}){5}\+[0-9]{2}", 600),
    "tc-dlt": ("[0-9]{5}", r"[0-9]{2}(?:,[0-9]{2}){4}\+[0-9]{2},[0-9]{2}", 600),
    "cwl-3d": ("[0-9]{5,7}", "[0-9](?:,[0-9]){2}", 600),
    "tc-pl5": ("[0-9]{5,7}", "[0-9](?:,[0-9]){4}", 600),
    "drand-quicknet": ("[1-9][0-9]{0,14}", "[0-9a-f]{96}", 60),
    "nist2": ("[0-9]{1,9}:[0-9]{1,12}", "[0-9A-F]{128}", 60),
}
HIGHEST_BALLS = {"cwl-kl8": (80,), "cwl-ssq": (33, 16), "tc-dlt": (35, 12)}


def check_beacon_value(kind: str, value: str) -> None:
    need(re.fullmatch(BEACONS[kind][1], value), f"公开随机数（{kind}）的形式不符", value, BEACONS[kind][1])
    for balls, highest in zip(value.split("+"), HIGHEST_BALLS.get(kind, ())):
        numbers = [0, *map(int, balls.split(",")), highest + 1]
        need(numbers == sorted(set(numbers)), f"号码应升序、不重复，在 1 至 {highest} 之内", value)


def check_seal(seal: Any, where: str = "seal.json") -> None:
    """The seal is well formed; its level, persons, offices and deadlines obey section 6.2."""
    conform(seal, "seal", where)
    sources, level, prev = seal["sources"], seal["level"], seal["prev"]
    persons, beacon, begins = sources["persons"], sources["beacon"], seal["beacon_from"]
    need((seal["attempt"] == 1) == (not prev), "第一次抽取没有前次，此后各次须写明前次的封存", prev)
    deadlines = [seal["sealed_at"], seal["commit_by"], seal["reveal_by"]]
    need(deadlines[0] < deadlines[1] < deadlines[2], "封存、锁定截止、开启截止应依次在后", deadlines)
    need(len({p["id"] for p in persons}) == len(persons), "参加人代号重复", persons)
    need(sources["min_reveals"] <= len(persons), "最少开启人数多于参加人", sources["min_reveals"])
    offices: dict[str, set[str]] = defaultdict(set)
    for p in persons:
        offices[p["role"]].add(p["office"])
    need(len(offices["initiator"]) == 1 and offices["supervisor"], "应有发起人（同一处室）和监督人", persons)
    need(not offices["initiator"] & offices["supervisor"], "监督人不得与发起人同一处室", persons)
    need(not offices["initiator"] & offices["witness"], "见证人不得与发起人同一处室", persons)
    need(level > 1 or sources["custodian"], "一级须有电子信封保管人")
    need(level == 1 or (beacon and offices["witness"]), "二、三级须有见证人和公开随机数", level)
    if beacon is None:
        return equal("没有公开随机数时的 beacon_from ", begins, 0)
    kind, period = beacon["kind"], beacon["round"]
    need(kind in BEACONS, "不认识的公开随机数", kind, list(BEACONS))
    form, _, gap = BEACONS[kind]
    need(re.fullmatch(form, period), f"公开随机数（{kind}）的期次形式不符", period, form)
    if gap < 0:
        return equal("号码球的 beacon_from ", begins, 0)
    need(begins >= seal["reveal_by"] + gap, "公开随机数距开启截止太近", begins, seal["reveal_by"] + gap)
    if kind == "drand-quicknet":
        equal("drand 该轮的时间", begins, 1692803367 + (int(period) - 1) * 3)
    return None


def check_plan(plan: Any) -> None:
    """The plan is well formed (sections 6.1, 10, 12.2)."""
    conform(plan, "plan", "plan.json")
    parts, slots = plan["parts"], plan["assign"]["slots"]
    purposes: dict[str, str] = {}
    need(len({p["part"] for p in parts}) == len(parts), "抽取项代号重复", [p["part"] for p in parts])
    need(len({s["slot"] for s in slots}) == len(slots), "岗位代号重复", [s["slot"] for s in slots])
    for p in parts:
        task, strata, elsewhere = p["part"].split(".")[0], p["alloc"]["strata"], p["purpose"] == "inspectors"
        equal(f"任务 {task} 在一次抽取中的用途", p["purpose"], purposes.setdefault(task, p["purpose"]))
        codes = [s["code"] for s in strata]
        need(len(set(codes)) == len(codes), f"{p['part']} 的层重复", codes)
        need("N" in codes, f"{p['part']} 没有 N（未分类）层，未分类的对象会漏掉", codes)
        need(("list" in p) == elsewhere, f"{p['part']}：只抽人员的项、也只有这种项，须写明名单来源")
        whole = p["alloc"]["mode"] == "rate" and all(
            (s["num"], s["den"], s["reserve"]) == (1, 1, 0) for s in strata
        )
        need(whole or not elsewhere, f"{p['part']}：名单在别处抽取，应为 1/1、不留备选", strata)
    for s in slots if plan["assign"]["mode"] == "cluster" else ():
        first = next(t for t in slots if t["dept"] == s["dept"])
        same = (s["when"], s["part"]) == (first["when"], first["part"])
        need(s["dept"] != "*" and same, "成组派发时岗位须写明部门，同部门岗位的适用范围须相同", s)


# ---- §5 line files --------------------------------------------------------------------------------------


class Entity(NamedTuple):
    """检查对象: a row of frame.tsv."""

    id: str
    unit: str
    area: str
    tags: str
    blind: str


class Officer(NamedTuple):
    """执法检查人员: a row of officers.tsv."""

    code: str
    dept: str
    units: str
    tags: str
    load0: str
    blind: str


COLUMNS: dict[str, tuple[int, tuple[str, ...]]] = {  # file: number of key columns, forms of all columns
    "frame.tsv": (1, (ID, CODE, CODE, TAGS, BLIND)),
    "excluded.tsv": (2, (ID, rf"(?:\*|{PART})", CODE, BLIND)),
    "officers.tsv": (1, (ID, CODE, CODES, CODES, NUMBER, BLIND)),
    "recusals.tsv": (2, (ID, ID)),
    "commits.tsv": (1, (ID, HEX)),
}


def split_lines(data: bytes) -> list[bytes]:
    return data[:-1].split(b"\n") if data else []


def read_rows(file: str, data: bytes) -> list[list[str]]:
    """The rows of a line file, whose form and order (ascending by key, no key twice) are checked."""
    keys, forms = COLUMNS[file]
    form, rows, before = re.compile("\t".join(forms)), [], [""]
    need(not data or data.endswith(b"\n"), f"{file} 最后一行没有换行", data[-40:])
    for number, line in enumerate(split_lines(data), 1):
        text = line.decode("latin-1")
        need(form.fullmatch(text), f"{file} 第 {number} 行的形式不符", line[:200])
        row = text.split("\t")
        need(before < row[:keys], f"{file} 第 {number} 行没有升序，或与上一行重复", row[:keys], before)
        before = row[:keys]
        rows.append(row)
    return rows


def in_scope(scope: str, tags: str) -> bool:
    return scope == "*" or any(tag == scope or tag.startswith(scope + ".") for tag in tags.split(","))


def tag_value(row: Entity | Officer, wanted: str) -> str | None:
    values = [tag[len(wanted) + 1 :] for tag in row.tags.split(",") if tag.startswith(wanted + ".")]
    need(len(values) < 2, f"{row[0]} 有两个 {wanted} 标签", values)
    return values[0] if values else None


def tag_number(row: Entity, wanted: str, default: int, low: int, high: int) -> int:
    value = tag_value(row, wanted) or str(default)
    number = int(value) if re.fullmatch(NUMBER, value) else -1
    need(low <= number <= high, f"{row.id} 的 {wanted} 不是许可的整数", value, f"{low} 至 {high}")
    return number


# ---- §10 allocation, §11 order of selection ---------------------------------------------------------------


def largest_remainder(total: int, sizes: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, int]:
    """Share *total* among the strata by weight, none getting more than it has (mode `total`)."""
    drawn: dict[str, int] = {}
    left, active = min(total, sum(sizes.values())), sorted(sizes)
    while active:
        weight = sum(weights[h] for h in active)
        need(weight or not left, "各层权重都是 0，余下的数额无法分配", left, 0)
        quota = {h: divmod(left * weights[h], weight or 1) for h in active}
        full = [h for h in active if quota[h][0] >= sizes[h]]
        if not full:
            over = left - sum(q for q, _ in quota.values())
            first = sorted(active, key=lambda h: (-quota[h][1], -sizes[h], h))[:over]
            return {**drawn, **{h: quota[h][0] + (h in first) for h in active}}
        drawn.update({h: sizes[h] for h in full})
        left -= sum(sizes[h] for h in full)
        active = [h for h in active if h not in full]
    return drawn


def sample_sizes(part: dict[str, Any], counts: Mapping[str, int]) -> dict[str, int]:
    """How many are drawn from each stratum of *part*, given how many it has (section 10), floor included."""
    alloc, where = part["alloc"], part["part"]
    strata = {s["code"]: s for s in alloc["strata"]}
    odd, sizes = sorted(set(counts) - set(strata)), {h: counts.get(h, 0) for h in strata}
    need(not odd, f"{where}：底册中有方案没有规定的层", odd, list(strata))
    need(sum(sizes.values()), f"{where}：范围内没有对象")
    if alloc["mode"] == "fixed":
        drawn = {h: min(sizes[h], s["take"]) for h, s in strata.items()}
    elif alloc["mode"] == "total":
        drawn = largest_remainder(alloc["total"], sizes, {h: s["weight"] for h, s in strata.items()})
    else:
        drawn = {
            h: min(sizes[h], max(-(-sizes[h] * s["num"] // s["den"]), s["min"])) for h, s in strata.items()
        }
    floor, n = alloc.get("floor", {"base": 0, "num": 0, "den": 1}), sum(drawn.values())
    least = max(1, -(-floor["base"] * floor["num"] // floor["den"]))
    need(n >= least, f"{where}：抽取数低于下限", n, f"不少于 {least}")
    return drawn


def pareto_order(by_v: list[str], n: int, x: Mapping[str, int], v: Mapping[str, bytes]) -> list[str]:
    """Rank order of Pareto sampling (11.2): certainties first, then by Q, ties by v; exact integers."""
    certain: set[str] = set()
    left, others = n, by_v
    while True:
        mass = sum(x[i] for i in others)
        sure = {i for i in others if left * x[i] >= mass} if left > 0 else set()
        if not sure:
            break
        certain, left, others = certain | sure, left - len(sure), [i for i in others if i not in sure]

    def q(i: str) -> int:
        u = int.from_bytes(v[i][:8], "big")
        return ((2 * u + 1) * (mass - left * x[i]) << 64) // (((1 << 65) - 2 * u - 1) * x[i])

    return [i for i in by_v if i in certain] + sorted(others, key=q)


# ---- §12 teams --------------------------------------------------------------------------------------------


class Team(NamedTuple):
    """检查小组: a sub-team of one department: its code, where it may go, its members in slot order."""

    code: str
    units: str
    members: tuple[str, ...]


def in_reach(units: str, unit: str) -> bool:
    return units == "*" or (units != "-" and unit in units.split(","))


def qualified(tags: str, wanted: str) -> bool:
    return "*" in (tags, wanted) or set(wanted.split(",")) <= set(tags.split(","))


def drawn_teams(group: list[Officer], slots: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Seat a group, already in random order, in as many teams as it can always fill (form `drawn`)."""
    able = [[o.code for o in group if qualified(o.tags, slot["tag"])] for slot in slots]
    count = min(len(e) // (1 + sum(bool({*e} & {*f}) for f in able[:j])) for j, e in enumerate(able))
    seated: set[str] = set()
    columns = []
    for e in able:
        columns.append([o for o in e if o not in seated][:count])
        seated.update(columns[-1])
    return list(zip(*columns))


def standing_teams(group: list[Officer], slots: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The fixed teams `team.X` of a group: each slot takes the smallest code that suits (form `standing`)."""
    named: dict[str, list[Officer]] = defaultdict(list)
    for o in sorted(group):
        named[tag_value(o, "team") or ""].append(o)
    named.pop("", None)
    teams = {}
    for x, members in named.items():
        equal(f"固定小组 {x} 的人数", len(members), len(slots))
        seats: list[str] = []
        for slot in slots:
            fit = [o.code for o in members if o.code not in seats and qualified(o.tags, slot["tag"])]
            need(fit, f"固定小组 {x} 无人能任岗位 {slot['slot']}")
            seats.append(fit[0])
        teams[x] = tuple(seats)
    return teams


# ---- the draw ---------------------------------------------------------------------------------------------


class Draw:
    """
    Everything that follows from the sealed lists, the plan and the seed (抽取的重算).

    `classify`, `sizes` and `check_staff` need no seed and are the checks of sealing; `select` and `assign`
    compute who is drawn and who goes. Each raises Wrong where the protocol refuses.
    """

    def __init__(self, suite: Suite, prf: str, plan: dict[str, Any], files: Mapping[str, bytes]) -> None:
        self.suite, self.prf_name, self.plan, self.seed = suite, prf, plan, b""
        self.how, self.slots = plan["assign"], plan["assign"]["slots"]
        self.parts = {p["part"]: p for p in plan["parts"]}
        self.departments = list(dict.fromkeys(slot["dept"] for slot in self.slots))
        rows = {name: read_rows(f"{name}.tsv", files[f"{name}.tsv"]) for name in LISTS}
        self.frame = {row[0]: Entity(*row) for row in rows["frame"]}
        self.officers = {row[0]: Officer(*row) for row in rows["officers"]}
        self.excluded, self.recusals = rows["excluded"], rows["recusals"]
        self.recused: dict[str, set[str]] = defaultdict(set)
        for officer, id_ in self.recusals:
            self.recused[id_].add(officer)
        self._slots: dict[Any, list[int]] = {}
        self._able: dict[Any, list[str]] = {}

    def prf(self, label: str) -> Callable[[str], bytes]:
        return self.suite.prf(self.prf_name, self.suite.mac(self.seed)(b"vdraw/1 key " + label.encode()))

    def classify(self) -> None:
        """Put every entity into its parts and strata (6.1): `members[part][stratum]` and `parts_of[id]`."""
        need(self.frame, "抽取底册是空的")
        self.members: dict[str, dict[str, list[str]]] = {part: defaultdict(list) for part in self.parts}
        self.parts_of: dict[str, tuple[str, ...]] = {}
        left_out, touched = {(row[0], row[1]) for row in self.excluded}, {row[0] for row in self.excluded}
        known: dict[str, list[tuple[str, str]]] = {}
        for id_, entity in self.frame.items():
            if entity.tags not in known:
                known[entity.tags] = [
                    (code, tag_value(entity, p["by"]) or "N")
                    for code, p in self.parts.items()
                    if in_scope(p["scope"], entity.tags)
                ]
            places = known[entity.tags]
            if id_ in touched:
                places = [p for p in places if not {(id_, p[0]), (id_, "*")} & left_out]
            need(places, f"底册中的 {id_} 不在任何抽取项内")
            for part, stratum in places:
                self.members[part][stratum].append(id_)
            self.parts_of[id_] = tuple(part for part, _ in places)

    def sizes(self) -> dict[str, dict[str, int]]:
        """Part -> stratum -> number of main objects (section 10)."""
        counts = {code: {h: len(ids) for h, ids in strata.items()} for code, strata in self.members.items()}
        return {code: sample_sizes(part, counts[code]) for code, part in self.parts.items()}

    def select(self) -> bytes:
        """result.tsv (section 11); keeps `ranked[part][stratum]` and `drawn`: id -> parts that drew it."""
        lines, sizes = [], self.sizes()
        keys_of: dict[str, set[str]] = defaultdict(set)
        self.ranked: dict[str, dict[str, list[str]]] = {}
        self.drawn: dict[str, list[str]] = defaultdict(list)
        for code, part in sorted(self.parts.items()):
            number, key, main = self.prf("object " + part["key"]), part["key"], []
            reserve = {s["code"]: s["reserve"] for s in part["alloc"]["strata"]}
            self.ranked[code] = {}
            for h, ids in sorted(self.members[code].items()):
                n, v = sizes[code][h], {i: number(i) for i in ids}
                ranked = self.ranked[code][h] = self._rank(part, h, n, v, keys_of)
                for rank, i in enumerate(ranked[: n + reserve[h]], 1):
                    lines.append(f"{code}\t{h}\t{rank}\t{'MR'[rank > n]}\t{v[i].hex()[:16]}\t{i}\n")
                main += ranked[:n]
            for i in main:
                self.drawn[i].append(code)
                keys_of[i].add(key)
        return "".join(lines).encode()

    def _rank(
        self, part: dict[str, Any], h: str, n: int, v: dict[str, bytes], keys_of: Mapping[str, set[str]]
    ) -> list[str]:
        """All ids of a stratum in rank order (11.1-11.3)."""
        alloc, by_v = part["alloc"], sorted(v, key=lambda i: (v[i], i))
        if alloc["mode"] == "pareto":
            missing, size = alloc["missing"], alloc["size"]
            return pareto_order(
                by_v, n, {i: tag_number(self.frame[i], size, missing, 1, 10**6) for i in v}, v
            )
        if alloc["mode"] != "ledger":
            return by_v
        hits = {i: tag_number(self.frame[i], alloc["hits"], 0, 0, LARGEST) for i in v}
        for i in keys_of.keys() & v.keys():
            hits[i] += len(keys_of[i] - {part["key"]})
        cells: dict[str, list[str]] = defaultdict(list)
        order = sorted(by_v, key=lambda i: hits[i])
        for i in order:
            cells[tag_value(self.frame[i], alloc["cell"]) or "-"].append(i)
        number, running, taken = self.prf("round " + part["part"]), 0, set()
        start = int.from_bytes(number(h + "\x1f")[:8], "big") * len(v) >> 64
        for cell in sorted(cells, key=lambda cell: (number(f"{h}\x1f{cell}"), cell)):
            after = running + n * len(cells[cell])
            taken.update(cells[cell][: (after + start) // len(v) - (running + start) // len(v)])
            running = after
        return [i for i in order if i in taken] + [i for i in order if i not in taken]

    def slots_for(self, id_: str, parts: Sequence[str]) -> list[int]:
        """Which slots apply to an entity that is a main object of *parts*, in plan order (6.1)."""
        key = (self.frame[id_].tags, tuple(parts))
        if key not in self._slots:
            tags = key[0].split(",")
            self._slots[key] = [
                number
                for number, slot in enumerate(self.slots)
                if (slot["when"] == "*" or slot["when"] in tags)
                and (slot["part"] == "*" or set(slot["part"].split(",")) & set(parts))
            ]
        return self._slots[key]

    def departments_for(self, id_: str, parts: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.slots[i]["dept"] for i in self.slots_for(id_, parts)))

    def eligible(self, slot: int, id_: str) -> list[str]:
        """Officers who may take a slot at an entity (section 12), recused ones left out."""
        unit, want, away = self.frame[id_].unit, self.slots[slot], self.recused.get(id_, ())
        if (slot, unit) not in self._able:
            near = [
                o for o in self.officers.values() if want["dept"] in ("*", o.dept) and in_reach(o.units, unit)
            ]
            self._able[slot, unit] = [o.code for o in near if qualified(o.tags, want["tag"])]
        able = self._able[slot, unit]
        return [o for o in able if o not in away] if away else able

    def check_staff(self) -> None:
        """Whatever is drawn, every part has a slot and there are enough officers or teams (12.1, 12.2)."""
        cluster, seen = self.how["mode"] == "cluster", set()
        teams = {dept: self.teams(dept, lambda o: o.code) for dept in self.departments} if cluster else {}
        for id_, entity in self.frame.items():
            parts = self.parts_of[id_]
            kind = (entity.tags, entity.unit, parts, id_ if id_ in self.recused else "")
            if kind in seen:
                continue
            seen.add(kind)
            for part in parts:
                need(self.slots_for(id_, [part]), f"{id_} 在 {part} 中没有适用的岗位")
            earlier: list[set[str]] = []
            for slot in () if cluster else self.slots_for(id_, parts):
                able = set(self.eligible(slot, id_))
                rivals, where = sum(bool(other & able) for other in earlier), self.slots[slot]["slot"]
                need(len(able) > rivals, f"{id_} 的岗位 {where} 可派人员不足", len(able), f"多于 {rivals}")
                earlier.append(able)
            for dept in self.departments_for(id_, parts) if cluster else ():
                near = sum(in_reach(team.units, entity.unit) for team in teams[dept])
                gone = [self.officers[o] for o in self.recused.get(id_, ()) if o in self.officers]
                away = sum(o.dept == dept and in_reach(o.units, entity.unit) for o in gone)
                need(near > away, f"{entity.unit} 的 {dept} 检查小组不足（{id_}）", near, f"多于 {away}")

    def assign(self) -> bytes:
        """assign.tsv (section 12) for what `select` drew."""
        number = self.prf("order")
        order = {id_: (number(id_), id_) for id_ in self.drawn}
        ids = sorted(self.drawn, key=order.__getitem__)
        return "".join(self._each(ids) if self.how["mode"] == "each" else self._cluster(ids, order)).encode()

    def _each(self, ids: list[str]) -> Iterator[str]:
        number, load = self.prf("officer"), {o.code: int(o.load0) for o in self.officers.values()}
        for id_ in ids:
            here: set[str] = set()
            for slot in self.slots_for(id_, self.drawn[id_]):
                able = [o for o in self.eligible(slot, id_) if o not in here]
                need(able, f"{id_} 的岗位 {self.slots[slot]['slot']} 无人可派")
                least = min(load[o] for o in able)
                prn, officer = min((number(f"{id_}\x1f{o}"), o) for o in able if load[o] == least)
                yield f"{id_}\t{self.slots[slot]['slot']}\t{officer}\t{prn.hex()[:16]}\t{least}\n"
                load[officer] += 1
                here.add(officer)

    def teams(self, dept: str, order: Callable[[Officer], Any]) -> list[Team]:
        """The sub-teams of *dept* (12.2); how many and where does not depend on *order*."""
        slots = [slot for slot in self.slots if slot["dept"] == dept]
        groups: dict[str, list[Officer]] = defaultdict(list)
        for o in self.officers.values():
            if o.dept == dept:
                groups[o.units].append(o)
        teams: list[Team] = []
        for units, group in sorted(groups.items()):
            if self.how["form"] == "standing":
                teams += [Team(f"{dept}-{x}", units, m) for x, m in standing_teams(group, slots).items()]
            else:
                formed = drawn_teams(sorted(group, key=order), slots)
                teams += [Team(f"{dept}-{x}", units, m) for x, m in enumerate(formed, len(teams) + 1)]
        codes = [team.code for team in teams]
        need(len(set(codes)) == len(codes), f"{dept} 有代号相同的固定小组", codes)
        return teams

    def formed_teams(self, dept: str) -> list[Team]:
        number = self.prf("team")
        return self.teams(dept, lambda o: (number(o.code), o.code))

    def bundles(self, ids: list[str], order: Mapping[str, Any]) -> list[list[str]]:
        """The drawn objects in route bundles (路线包), in the order of dealing."""
        groups, cut = defaultdict(list), []
        for id_ in ids:
            entity, depts = self.frame[id_], self.departments_for(id_, self.drawn[id_])
            gone = [self.officers[o].dept for o in self.recused.get(id_, ()) if o in self.officers]
            alone, area = bool({*gone} & {*depts}), entity.area if self.how["by"] == "area" else ""
            groups[depts, entity.unit, area, id_ if alone else ""].append(id_)
        for group in groups.values():
            pieces = -(-len(group) // self.how["max_per_bundle"])
            size, larger = divmod(len(group), pieces)
            starts = [i * size + min(i, larger) for i in range(pieces + 1)]
            cut += [group[start:end] for start, end in zip(starts, starts[1:])]
        return sorted(cut, key=lambda group: order[group[0]])

    def _cluster(self, ids: list[str], order: Mapping[str, Any]) -> Iterator[str]:
        number, teams = self.prf("officer"), {dept: self.formed_teams(dept) for dept in self.departments}
        load = {t: sum(int(self.officers[o].load0) for o in t.members) for ts in teams.values() for t in ts}
        for count, group in enumerate(self.bundles(ids, order), 1):
            first, away, sent = group[0], set().union(*(self.recused.get(i, ()) for i in group)), []
            for dept in self.departments_for(first, self.drawn[first]):
                near = [t for t in teams[dept] if in_reach(t.units, self.frame[first].unit)]
                free = [t for t in near if not away & {*t.members}]
                need(free, f"第 {count} 个路线包没有可派的 {dept} 检查小组")
                before, prn, _, team = min((load[t], number(f"{first}\x1f{t.code}"), t.code, t) for t in free)
                load[team] += len(team.members) * len(group)
                slots = [slot["slot"] for slot in self.slots if slot["dept"] == dept]
                tail = f"{prn.hex()[:16]}\t{before}\t{count}\t{team.code}\n"
                sent += [f"{slot}\t{officer}\t{tail}" for slot, officer in zip(slots, team.members)]
            yield from (f"{id_}\t{row}" for id_ in group for row in sent)

    # Afterwards: who follows when an officer leaves, or a target passes on to another team (12.1, 12.2).

    def next_officer(self, id_: str, slot: int, gone: Iterable[str]) -> str | None:
        number, rest = self.prf("officer"), set(self.eligible(slot, id_)) - set(gone)
        return min(rest, key=lambda o: (number(f"{id_}\x1f{o}"), o), default=None)

    def stand_by(self, team: Team, leaving: str, targets: Iterable[str], gone: Iterable[str]) -> str | None:
        """The stand-by who takes the seat of *leaving* in all *targets*; None: the team is dissolved."""
        dept, number = self.officers[leaving].dept, self.prf("team")
        seat = [slot for slot in self.slots if slot["dept"] == dept][team.members.index(leaving)]
        busy = {*gone, *(o for t in self.formed_teams(dept) for o in t.members)}
        busy |= {o for id_ in targets for o in self.recused.get(id_, ())}
        group = [o for o in self.officers.values() if (o.dept, o.units) == (dept, team.units)]
        rest = [o.code for o in group if o.code not in busy and qualified(o.tags, seat["tag"])]
        return min(rest, key=lambda o: (number(o), o), default=None)

    def next_team(self, id_: str, dept: str, had: Iterable[str]) -> str | None:
        number, away, unit = self.prf("officer"), self.recused.get(id_, set()), self.frame[id_].unit
        teams = [t for t in self.formed_teams(dept) if in_reach(t.units, unit) and not away & {*t.members}]
        rest = {t.code for t in teams} - set(had)
        return min(rest, key=lambda t: (number(f"{id_}\x1f{t}"), t), default=None)


def recompute(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """
    Recompute result.tsv and assign.tsv from the sealed files and seed.txt (重算抽取结果).

    Args:
        files: Name -> bytes of seal.json, plan.json, the four lists and seed.txt of a bundle.

    Raises:
        Wrong: seal, plan or lists break a rule of sealing; hashes and commitments are not looked at.
    """
    seal, plan = read_json(files["seal.json"], "seal.json"), read_json(files["plan.json"], "plan.json")
    check_seal(seal)
    check_plan(plan)
    draw = Draw(Suite(seal["suite"]), seal["prf"], plan, files)
    draw.classify()
    draw.check_staff()
    draw.seed = draw.suite.hash(files["seed.txt"])
    return {"result.tsv": draw.select(), "assign.tsv": draw.assign()}


# ---- Ed25519 (RFC 8032), signed notes and checkpoints (C2SP), §14 ---------------------------------------

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point(data: bytes) -> tuple[int, int] | None:
    """Decode a point of edwards25519; None when the bytes are not its one encoding."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - xx) % P or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else P - x), y


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    t, x, y = D * a[0] * b[0] * a[1] * b[1], a[0] * b[1] + a[1] * b[0], a[1] * b[1] + a[0] * b[0]
    return x * pow(1 + t, -1, P) % P, y * pow(1 - t, -1, P) % P


def times(n: int, a: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    while n:
        total, a, n = (add(total, a) if n & 1 else total), add(a, a), n >> 1
    return total


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether *signature* (64 bytes) over *message* is that of the public *key* (32 bytes)."""
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if a is None or r is None or base is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return times(s, base) == add(r, times(k, a))


def base64_bytes(value: str) -> bytes:
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        data = b""
    need(base64.b64encode(data).decode() == value, "存证点中的 base64 不规范", value)
    return data


class Checkpoint:
    """存证点: origin, size and root of the log in a signed note, with its signature lines."""

    def __init__(self, data: bytes) -> None:
        head, _, tail = data.decode("utf-8", "replace").partition("\n\n")
        form = re.fullmatch(rf"([^\s+]{{1,200}})\n({NUMBER})\n([0-9A-Za-z+/=]{{44}})", head)
        lines = re.fullmatch(r"(?:— [^\s+]{1,200} [0-9A-Za-z+/=]{8,6000}\n)+", tail)
        if not form or not lines:
            raise Wrong("checkpoint.txt 应为来源、大小、根三行，空行，签名行", data[:300])
        self.text, self.origin, self.size = f"{head}\n".encode(), form[1], int(form[2])
        self.root = base64_bytes(form[3]).hex()
        named = [line.split(" ")[1:] for line in tail[:-1].split("\n")]
        self.signatures = [(name, base64_bytes(value)) for name, value in named]
        own = any(name == self.origin and len(value) == 68 for name, value in self.signatures)
        need(own, "存证点没有日志自己的签名行", [name for name, _ in self.signatures], self.origin)

    def check(self, name: str, key: bytes, kind: int) -> None:
        """The signature of *name* under *key*: kind 1 the log itself, kind 4 a witness (cosignature/v1)."""
        key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]
        mine = [value[4:] for who, value in self.signatures if who == name and value[:4] == key_id]
        found = [f"{who} {value[:4].hex()}" for who, value in self.signatures]
        need(mine, "存证点没有这把公钥的签名", found, f"{name} {key_id.hex()}")
        for value in mine:
            stamp = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[:8], "big") if kind == 4 else b""
            right = len(value) == (72 if kind == 4 else 64) and ed25519(key, stamp + self.text, value[-64:])
            need(right, f"存证点上 {name} 的签名不成立", value.hex())


# ---- the bundle (§15) and the steps of §16 ----------------------------------------------------------------


@dataclass
class Step:
    """One step of the verification (复核步骤), which cheat it excludes, and what came out."""

    number: int
    title: str
    cheat: str
    strict: bool = False
    status: str = PASS
    notes: list[str] = field(default_factory=list)
    what: str = ""
    found: Any = None
    expected: Any = None

    @property
    def ok(self) -> bool:
        return self.status == PASS or (self.status == ABSENT and not self.strict)

    def note(self, sentence: str) -> None:
        self.notes.append(show(sentence, 500))

    def absent(self, what: str) -> None:
        self.status = ABSENT
        self.note("未提供：" + what)


class Bundle:
    """The files of a bundle (复核资料包), and what the steps have established so far."""

    suite: Suite
    rehearsal: bool
    seal: dict[str, Any]
    seal_hash: str
    plan: dict[str, Any]
    draw: Draw
    share: str  # of the server
    commits: dict[str, str]  # person -> commitment
    opened: dict[str, tuple[str, str, str]]  # person -> person, salt, share
    beacon_line: str
    seed: bytes
    seed_hash: str
    totals: list[dict[str, Any]]  # part by part, as in the receipt
    result: bytes
    assign: bytes
    receipt: dict[str, Any] | None
    entries: list[dict[str, Any]]  # of the log

    def __init__(self, root: str, log_key: bytes, witnesses: Mapping[str, bytes]) -> None:
        self.root, self.log_key, self.witnesses = root, log_key, witnesses
        self.files: dict[str, bytes] = {}

    def __getattr__(self, missing: str) -> Any:  # called only for what no step has set
        raise Blocked("所依据的步骤不通过")

    def file(self, name: str) -> bytes:
        if name not in self.files:
            raise Blocked(f"没有 {name}")
        return self.files[name]

    def lines(self, name: str) -> list[bytes]:
        return split_lines(self.file(name))

    def walk(self, folder: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
        with os.scandir(os.path.join(self.root, folder)) as entries:
            for entry in entries:
                path = folder + entry.name
                if re.fullmatch("attempts(/[1-9][0-9]{0,5})?", path) and entry.is_dir(follow_symlinks=False):
                    yield from self.walk(path + "/")
                else:
                    yield path, entry

    def read(self, path: str, entry: os.DirEntry[str]) -> str:
        """Read one file; a sentence when it cannot be used."""
        try:
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode):
                return f"{path} 不是普通文件"
            largest = LARGEST_SEAL if path.endswith("seal.json") else LARGEST_DOCUMENT
            if status.st_size > (LARGEST_LIST if path.endswith(".tsv") else largest):
                return f"{path} 过大（{status.st_size} 字节）"
            with open(entry.path, "rb") as stream:
                self.files[path] = stream.read()
        except (OSError, MemoryError) as error:
            return f"{path} 无法读取（{type(error).__name__}）"
        return ""


def step_files(b: Bundle, step: Step) -> None:
    troubles, unknown = [], []
    for number, (path, entry) in enumerate(b.walk()):
        if number >= MOST_FILES:
            troubles.append(f"文件过多（多于 {MOST_FILES} 个）")
            break
        if path in CORE or path in EVIDENCE or re.fullmatch(r"attempts/[1-9][0-9]{0,5}/seal\.json", path):
            troubles.append(b.read(path, entry))
        else:
            unknown.append(path)
    missing = [name for name in CORE if name not in b.files]
    troubles.append(f"不认识的文件 {len(unknown)} 个：{'、'.join(sorted(unknown)[:5])}" if unknown else "")
    troubles.append(f"缺少核心文件：{'、'.join(missing)}" if missing else "")
    need(not any(troubles), "；".join(filter(None, troubles)))
    step.note("证据文件：" + ("、".join(sorted(set(b.files) - set(CORE))) or "没有"))


def step_seal(b: Bundle, step: Step) -> None:
    seal = read_json(b.file("seal.json"), "seal.json")
    check_seal(seal)
    b.suite, b.rehearsal = Suite(seal["suite"]), seal["org"].startswith("rehearsal-")
    b.seal, b.seal_hash = seal, b.suite.hex(b.files["seal.json"])
    lines = [f"vdraw/1 approval {seal['suite']}", f"plan {seal['plan']}"]
    lines += [f"{name} {seal[name]['n']} {seal[name]['root']}" for name in LISTS]
    approval = b.suite.hex("".join(f"{line}\n" for line in lines))[:16]
    level, attempt = "一二三"[seal["level"] - 1], seal["attempt"]
    step.note(f"机关 {seal['org']}，编号 {seal['number']}，第 {attempt} 次，{level}级，{seal['suite']}")
    step.note(f"审批核对码 {approval}，应与签字的审批表一致")
    step.note(f"封存核对码 {b.seal_hash[:16]}，应与抽取记录表一致")
    if b.rehearsal:
        step.note("演练：这份资料包出自演练，不是正式抽取")
    equal("seed.txt 第 2 行", b.lines("seed.txt")[1:2], [f"seal {b.seal_hash}".encode()])


def step_plan(b: Bundle, step: Step) -> None:
    equal("方案的校验值与封存", b.suite.hex(b.file("plan.json")), b.seal["plan"])
    plan = read_json(b.files["plan.json"], "plan.json")
    check_plan(plan)
    b.plan = plan
    step.note(f"抽取项 {len(plan['parts'])} 个：" + "、".join(p["part"] for p in plan["parts"]))


def step_lists(b: Bundle, step: Step) -> None:
    for name in LISTS:
        lines = b.lines(f"{name}.tsv")
        equal(f"{name}.tsv 与封存", {"n": len(lines), "root": b.suite.root(lines)}, b.seal[name])
    draw = Draw(b.suite, b.seal["prf"], b.plan, b.files)
    ids = [f"{e.id}\t{b.suite.hex(f'ids{chr(31)}{e.blind}')[:32]}".encode() for e in draw.frame.values()]
    equal("对象编号清单（ids）与封存", {"n": len(ids), "root": b.suite.root(ids)}, b.seal["ids"])
    odd = {row[2] for row in draw.excluded} - set(b.plan["reasons"])
    need(not odd, "有方案没有列出的排除理由", sorted(odd), b.plan["reasons"])
    draw.classify()
    b.draw = draw
    counts = [len(draw.frame), len(draw.excluded), len(draw.officers), len(draw.recusals)]
    step.note("底册 {} 个对象，排除 {} 行，人员 {} 名，回避 {} 行".format(*counts))


def step_server(b: Bundle, step: Step) -> None:
    text = b.file("server.txt")
    equal("服务器份额的校验值与封存", b.suite.hex(text), b.seal["sources"]["server"])
    form = re.fullmatch(f"vdraw/1 server\ndraw {b.seal['draw']}\nshare ({HEX})\n", text.decode("latin-1"))
    need(form, "server.txt 应为三行，写明本次抽取和份额", text[:200])
    b.share = form[1] if form else ""


def step_commits(b: Bundle, step: Step) -> None:
    commits = dict(read_rows("commits.tsv", b.file("commits.tsv")))
    strangers = set(commits) - {p["id"] for p in b.seal["sources"]["persons"]}
    need(not strangers, "commits.tsv 中有封存以外的人", sorted(strangers))
    opened: dict[str, tuple[str, str, str]] = {}
    for line in b.lines("seed.txt"):
        form = re.fullmatch(rf"person ({ID}) ({BLIND}) ({SHARE})", line.decode("latin-1"))
        if form:
            who, salt, share = opened[form[1]] = form[1], form[2], form[3]
            text = f"vdraw/1 commit\nseal {b.seal_hash}\nsource {who}\nsalt {salt}\nshare {share}\n"
            equal(f"{who} 开启的份额与其锁定值", b.suite.hex(text), commits.get(who))
    b.commits, b.opened = commits, opened
    code = b.suite.hex(b.files["commits.tsv"])[:16]
    step.note(f"锁定 {len(commits)} 人，开启 {len(opened)} 人；锁定核对码 {code}，二、三级应与抽取记录表一致")


def step_beacon(b: Bundle, step: Step) -> None:
    beacon, line = b.seal["sources"]["beacon"], b"".join(b.lines("seed.txt")[-1:]).decode("utf-8", "replace")
    if beacon is None:
        equal("没有公开随机数时 seed.txt 的末行", line, "beacon none")
        b.beacon_line = line
        return step.note("封存没有约定公开随机数（一级）")
    words = line.split(" ")
    equal("公开随机数的种类和期次", words[:-1], ["beacon", beacon["kind"], beacon["round"]])
    check_beacon_value(beacon["kind"], words[-1])
    b.beacon_line = line
    step.note(f"{beacon['kind']} 第 {beacon['round']} 期：{words[-1]}")
    return step.note("种类、期次、形式相符；号码本身请与官方公布（签名）或现场记录核对")


def step_seed(b: Bundle, step: Step) -> None:
    lines = [f"vdraw/1 seed {b.seal['suite']}", f"seal {b.seal_hash}", f"server {b.share}"]
    least, silent = b.seal["sources"]["min_reveals"], set(b.commits) - set(b.opened)
    for who in (p["id"] for p in b.seal["sources"]["persons"]):
        if who in b.opened:
            lines.append("person " + " ".join(b.opened[who]))
        else:
            lines.append(f"absent {who} {b.commits[who]}" if who in silent else f"none {who}")
    lines.append(b.beacon_line)
    same_file("seed.txt", b.file("seed.txt"), "".join(f"{line}\n" for line in lines).encode())
    need(
        not silent or b.seal["sources"]["beacon"],
        "已锁定而未开启，又没有公开随机数，应为失败",
        sorted(silent),
    )
    need(len(b.opened) >= least, "开启人数不足", len(b.opened), f"不少于 {least}")
    b.seed = b.suite.hash(b.files["seed.txt"])
    b.seed_hash = b.suite.hex(f"vdraw/1 seedhash\n{b.seed.hex()}\n")
    step.note(f"种子 {b.seed.hex()}；种子校验值 {b.seed_hash}")


def step_sizes(b: Bundle, step: Step) -> None:
    shown: dict[tuple[str, ...], int] = defaultdict(int)
    sizes, totals = b.draw.sizes(), []
    for line in b.lines("result.tsv"):
        fields = line.decode("latin-1").split("\t")
        need(len(fields) == 6 and fields[3] in ("M", "R"), "result.tsv 有一行的形式不符", line[:200])
        shown[fields[0], fields[1], fields[3]] += 1
    for code, part in sorted(b.draw.parts.items()):
        for s in part["alloc"]["strata"]:
            h, n, held = s["code"], sizes[code][s["code"]], len(b.draw.members[code].get(s["code"], ()))
            equal(f"{code} 的 {h} 层抽取数", shown.pop((code, h, "M"), 0), n)
            equal(f"{code} 的 {h} 层备选数", shown.pop((code, h, "R"), 0), min(s["reserve"], held - n))
        drawn, scope = sum(sizes[code].values()), sum(map(len, b.draw.members[code].values()))
        total = {
            "part": code,
            "purpose": part["purpose"],
            "in_scope": scope,
            "drawn": drawn,
            "all": drawn == scope,
        }
        step.note(f"{code}：范围内 {scope}，抽取 {drawn}" + (f"；{TAKEN_WHOLE}" if drawn == scope else ""))
        if "list" in part:
            total["list"] = part["list"]
            of, document = part["list"]["of"], part["list"]["doc"]
            step.note(f"{code} 的名单由{of}抽取（{document}），不是由本协议抽取；本协议只抽取人员")
        totals.append(total)
    need(not shown, "result.tsv 中有方案以外的抽取项或层", sorted(shown))
    b.totals = totals


def same_file(name: str, found: bytes, expected: bytes) -> None:
    """Equal, or Wrong naming the first line that differs."""
    ours, theirs = expected.split(b"\n"), found.split(b"\n")
    for number, (right, line) in enumerate(zip(ours, theirs), 1):
        equal(f"{name} 第 {number} 行与重算", line.decode("utf-8", "replace"), right.decode())
    need(found == expected, f"{name} 与重算不符", f"{len(theirs) - 1} 行", f"{len(ours) - 1} 行")


def step_numbers(b: Bundle, step: Step) -> None:
    b.draw.seed = b.seed
    b.result = b.draw.select()
    same_file("result.tsv", b.file("result.tsv"), b.result)
    step.note(f"重算 {len(split_lines(b.result))} 行，逐字节一致；抽中对象 {len(b.draw.drawn)} 个")


def step_teams(b: Bundle, step: Step) -> None:
    b.draw.check_staff()
    b.assign = b.draw.assign() if b.result else b""
    same_file("assign.tsv", b.file("assign.tsv"), b.assign)
    step.note(f"人员充足；重算 {len(split_lines(b.assign))} 行，逐字节一致")


def step_receipt(b: Bundle, step: Step) -> None:
    if "receipt.json" not in b.files:
        b.receipt = None
        return step.absent("receipt.json（抽取凭证）")
    receipt = read_json(b.files["receipt.json"], "receipt.json")
    conform(receipt, "receipt", "receipt.json")
    b.receipt, log = receipt, receipt["log"]
    ordered = log["sealed"] < log["drawn"] < log["size"]
    need(ordered, "凭证的日志序号应依次为封存、抽取、大小", log)
    expected = {key: b.seal[key] for key in ("draw", "org", "number", "level")}
    expected |= {"rehearsal": b.rehearsal, "seal": b.seal_hash}
    for key in ("result", "assign"):
        lines = b.lines(f"{key}.tsv")
        expected[key] = {"n": len(lines), "root": b.suite.root(lines)}
    expected |= {"seed_hash": b.seed_hash, "parts": b.totals}
    for key, value in expected.items():
        equal(f"凭证的 {key} ", receipt[key], value)
    roots = [
        receipt["draw"],
        b.seal_hash[:16],
        receipt["result"]["root"][:16],
        str(log["size"]),
        log["root"][:16],
    ]
    return step.note("凭证二维码应为 VDRAW1|" + "|".join(roots))


ORDER = ("draw.sealed", "draw.commit", "draw.reveals_open", "draw.reveal", "draw.beacon", "draw.drawn")
LATER = (
    "draw.object_replaced", "draw.extended", "draw.officer_replaced", "draw.team_replaced",
    "draw.audited", "draw.disclosed",
)  # fmt: skip


def read_events(b: Bundle, suite: Suite) -> list[dict[str, Any]]:
    """The entries of events.jsonl: canonical, of this draw, in order, chained where they are neighbours."""
    entries: list[dict[str, Any]] = []
    data, leaf = b.file("events.jsonl"), ""
    need(data.endswith(b"\n"), "events.jsonl 最后一行没有换行", data[-40:])
    for number, line in enumerate(split_lines(data), 1):
        where = f"events.jsonl 第 {number} 行"
        entry = read_json(line, where)
        conform(entry, "entry", where)
        equal(f"{where}所属的抽取", entry["body"].get("draw"), b.seal["draw"])
        before = entries[-1]["seq"] if entries else -1
        need(before < entry["seq"], f"{where}的序号没有递增", entry["seq"], f"大于 {before}")
        if entries and before + 1 == entry["seq"]:
            equal(f"{where}与前一条的衔接（prev）", entry["prev"], leaf)
        leaf = suite.hex(b"\0" + line)
        entries.append(entry)
    return entries


def check_order(b: Bundle, entries: list[dict[str, Any]]) -> None:
    """Kinds, order and contents of the entries against the seal, the commitments and the seed."""
    found: dict[str, list[Any]] = defaultdict(list)
    stage = 0
    for e in entries:
        kind, where = e["kind"], f"日志 {e['seq']} 号 {e['kind']} "
        need(kind not in ("draw.voided", "draw.failed"), "日志表明本次抽取已作废或失败", kind)
        rank = ORDER.index(kind) if kind in ORDER else len(ORDER) if kind in LATER else stage
        need(
            rank >= stage,
            where + "的先后次序不符",
            kind,
            "封存、锁定、锁定截止、开启、公开随机数、抽取、此后",
        )
        stage = rank
        body = {key: value for key, value in e["body"].items() if key != "draw"}
        if kind == "draw.commit" and "envelope" in body:
            conform(body.pop("envelope"), "hash", where)
        if kind == "draw.reveal" and "by" in body:
            equal(where + "的开启方式", body.pop("by"), "envelope")
        found[kind].append(body)
    beacon = b.seal["sources"]["beacon"] or {"kind": "", "round": ""}
    number = {"name": beacon["kind"], "round": beacon["round"], "value": b.beacon_line.split(" ")[-1]}
    roots = {key: b.suite.root(b.lines(f"{key}.tsv")) for key in ("result", "assign")}
    opened = [b.opened[who] for who in sorted(b.opened)]
    expected = {
        "draw.sealed": [{"seal": b.seal_hash}],
        "draw.commit": [{"source": who, "commit": value} for who, value in sorted(b.commits.items())],
        "draw.reveals_open": [{"commits": b.suite.hex(b.file("commits.tsv"))}],
        "draw.reveal": [{"source": who, "salt": salt, "share": share} for who, salt, share in opened],
        "draw.beacon": [number] if beacon["kind"] else [],
        "draw.drawn": [{"seed_hash": b.seed_hash, **roots}],
    }
    for kind in ORDER:
        bodies = sorted(found[kind], key=lambda body: str(body.get("source")))
        equal(f"日志中的 {kind} 与资料包", bodies, expected[kind])


def check_times(b: Bundle, entries: list[dict[str, Any]]) -> None:
    """The times of the entries against the deadlines of the seal (6.2, 7.2-7.4)."""
    seal = b.seal
    for e in entries:
        kind, at, envelope = e["kind"], e["at"], e["body"].get("by") == "envelope"
        limits = (seal["sealed_at"], LARGEST)
        if kind == "draw.commit":
            limits = (seal["sealed_at"], seal["commit_by"])
        elif kind == "draw.reveals_open" and len(b.commits) < len(seal["sources"]["persons"]):
            limits = (seal["commit_by"], LARGEST)
        elif kind == "draw.reveal":
            limits = (seal["reveal_by"], LARGEST) if envelope else (limits[0], seal["reveal_by"])
        elif kind in ("draw.beacon", "draw.drawn"):
            limits = (
                max(seal["beacon_from"], seal["reveal_by"] if len(b.opened) < len(b.commits) else 0),
                LARGEST,
            )
        need(limits[0] <= at <= limits[1], f"日志 {e['seq']} 号 {kind} 的时间不合期限", at, limits)


def check_proofs(b: Bundle, suite: Suite, size: int, root: str, entries: list[dict[str, Any]]) -> None:
    proofs = read_json(b.file("proofs.json"), "proofs.json")
    conform(proofs, "proofs", "proofs.json")
    equal("存在性证明所对的日志大小", proofs["size"], size)
    if entries:
        equal(
            "存在性证明与日志各条的对应", [p["seq"] for p in proofs["entries"]], [e["seq"] for e in entries]
        )
    for p, line in zip(proofs["entries"], split_lines(b.files.get("events.jsonl", b""))):
        found = suite.root_from_path(suite.hash(b"\0" + line), p["seq"], size, p["path"])
        equal(f"日志 {p['seq']} 号的存在性证明所得的根", found, root)


def step_order(b: Bundle, step: Step) -> None:
    checkpoint = Checkpoint(b.files["checkpoint.txt"]) if "checkpoint.txt" in b.files else None
    log, entries = b.receipt["log"] if b.receipt else None, []
    origin = checkpoint.origin if checkpoint else log["origin"] if log else "/" + b.suite.name
    suite = Suite("sm3" if origin.endswith("/sm3") else "sha256")
    size, root = (
        (checkpoint.size, checkpoint.root) if checkpoint else (log["size"], log["root"]) if log else (0, "")
    )
    if checkpoint and log:
        equal("凭证的日志来源与存证点", log["origin"], origin)
        need(log["size"] <= size, "存证点比凭证所载的早", size, f"不小于 {log['size']}")
        need(log["size"] < size or log["root"] == root, "凭证的日志根与存证点不符", log["root"], root)
        if log["size"] < size:
            step.absent("凭证所载存证点与包中存证点之间的一致性证明")
    if "events.jsonl" in b.files:
        entries = read_events(b, suite)
        check_order(b, entries)
        check_times(b, entries)
        seqs = {e["kind"]: e["seq"] for e in entries}
        if log:
            numbers = [seqs["draw.sealed"], seqs["draw.drawn"]]
            equal("凭证的封存、抽取序号与日志", [log["sealed"], log["drawn"]], numbers)
        step.note(f"日志 {len(entries)} 条，依次发生，内容、期限与资料包一致")
    else:
        step.absent("events.jsonl（本次抽取的日志）")
    b.entries = entries
    if "proofs.json" in b.files and size:
        check_proofs(b, suite, size, root, entries)
        step.note(f"以上各条都在大小为 {size} 的日志树中")
    else:
        step.absent("proofs.json（存在性证明）和它所对的存证点")
    if not checkpoint:
        return step.absent("checkpoint.txt（存证点）")
    step.note(f"存证点 {origin}，大小 {size}，签名 {len(checkpoint.signatures)} 个")
    for name, key in [(origin, b.log_key)] * bool(b.log_key):
        checkpoint.check(name, key, 1)
        step.note("日志的签名成立")
    for name, key in b.witnesses.items():
        checkpoint.check(name, key, 4)
        step.note(f"见证人 {name} 的联署成立")
    return None if b.log_key else step.absent("日志公钥（--log-key）；签名只核对了形式")


def follower(draw: Draw, rows: list[list[str]], kind: str, words: list[str | None], seen: set[Any]) -> Any:
    """Who must follow the officer or team that left, an empty text: nobody; None: not to be told from here."""
    id_, slot, officer, team_code = words
    if draw.how["mode"] == "each":
        known = kind == "draw.officer_replaced" and [id_, slot, officer] in [row[:3] for row in rows]
        if not known or id_ in seen:  # later changes at an object depend on the ones before
            return None
        seen.add(id_)
        number = [s["slot"] for s in draw.slots].index(str(slot))
        return draw.next_officer(str(id_), number, [row[2] for row in rows if row[0] == id_]) or ""
    visits = {row[0] for row in rows if row[6] == team_code}
    dept = next((draw.officers[row[2]].dept for row in rows if row[6] == team_code), None)
    if not dept or dept in seen:  # likewise in a department
        return None
    team = next(t for t in draw.formed_teams(dept) if t.code == team_code)
    seen.add(dept)
    if kind == "draw.officer_replaced" and officer in team.members:
        return draw.stand_by(team, officer, visits, [officer]) or ""
    return draw.next_team(id_, dept, {team.code}) or "" if id_ in visits else None


def step_afterwards(b: Bundle, step: Step) -> None:
    """Replacements whose entries name who left and who followed are recomputed, the others counted."""
    if not b.entries:
        return step.absent("events.jsonl（抽取以后的替换和追加）")
    seen: set[Any] = set()
    draw, sizes, checked, others = b.draw, b.draw.sizes(), 0, 0
    rows = [line.decode().split("\t") for line in split_lines(b.assign)]
    changed = any(
        re.search("recus|supplement", e["kind"]) for e in b.entries
    )  # who is eligible, after the seal
    now = {p: {i for h, ids in hs.items() for i in ids[: sizes[p][h]]} for p, hs in draw.ranked.items()}
    for kind, body in [(e["kind"], e["body"]) for e in b.entries if e["kind"] in LATER[:4]]:
        keys = ("part", "reason", "successor", "object", "slot", "officer", "team")
        part, reason, successor, *words = (body[k] if type(body.get(k)) is str else None for k in keys)
        id_, expected = words[0], None
        if kind == "draw.object_replaced" and part in now and id_:
            need(id_ in now[part], f"{part} 被替换的不是抽中的对象", id_)
            need(draw.parts[part]["purpose"] != "inspectors", f"{part} 的名单在别处抽取，不得递补", id_)
            need(reason in b.plan["reasons"], f"替换 {id_} 的理由不在方案之内", reason)
            h = next(h for h, ids in draw.ranked[part].items() if id_ in ids)
            expected = "".join(draw.ranked[part][h][sizes[part][h] :][:1])
            sizes[part][h], now[part] = sizes[part][h] + 1, now[part] - {id_} | {expected}
        elif kind in ("draw.officer_replaced", "draw.team_replaced") and not changed:
            expected = follower(draw, rows, kind, words, seen)
        if expected is not None:
            equal(f"{kind}：接替 {'、'.join(filter(None, words))} 的", successor or "", expected)
        checked, others = checked + (expected is not None), others + (expected is None)
    step.note(f"替换 {checked} 次，均合规则；另有 {others} 条替换、追加须人工核对")
    return step.note("公示结果是否覆盖全部抽中对象（减去替换），请对照公示页")


def step_attempts(b: Bundle, step: Step) -> None:
    last, chain, states = b.seal["attempt"], [b.seal], {}
    shown = {int(path.split("/")[1]): data for path, data in b.files.items() if path.startswith("attempts/")}
    need(all(n < last for n in shown), "attempts 中有不早于本次的抽取", sorted(shown), f"1 至 {last - 1}")
    if b.receipt:
        states = {a["attempt"]: a["state"] for a in b.receipt["attempts"]}
        told = [a["attempt"] for a in b.receipt["attempts"]]
        equal("凭证所列的此前各次", told, [*range(1, min(last, len(told) + 2))])
        for a in b.receipt["attempts"]:
            step.note(f"第 {a['attempt']} 次{'作废' if a['state'] == 'voided' else '失败'}：{a['reason']}")
    for n in range(last - 1, 0, -1):
        where, later = f"attempts/{n}/seal.json", chain[-1]
        if n not in shown:
            step.absent(where)
            break
        earlier = read_json(shown[n], where)
        check_seal(earlier, where)
        equal(f"{where} 的次数", earlier["attempt"], n)
        equal(f"第 {n + 1} 次的 prev 与第 {n} 次的封存", later["prev"], b.suite.hex(shown[n]))
        need(later["level"] >= earlier["level"], f"第 {n + 1} 次的级别降低", later["level"], earlier["level"])
        for key in ("suite", "prf", "org", "number"):
            equal(f"第 {n + 1} 次的 {key} 与前次", later[key], earlier[key])
        changed = [key for key in ("plan", "ids", "register_seq", *LISTS) if earlier[key] != later[key]]
        need(
            not changed or states.get(n) != "failed",
            f"第 {n} 次失败以后有改动",
            changed,
            "只有作废以后可以改动",
        )
        if changed and not states:
            step.absent(f"第 {n} 次是作废的证明（凭证）；此后有改动：{'、'.join(changed)}")
        chain.append(earlier)
    for what, fresh in (
        ("UUID", [s["draw"] for s in chain]),
        ("服务器份额", [s["sources"]["server"] for s in chain]),
    ):
        need(len(set(fresh)) == len(fresh), f"各次抽取的{what}应各不相同", fresh)
    step.note(f"这是第 {last} 次，核对了此前 {len(chain) - 1} 次的封存")


STEPS: tuple[tuple[int, str, str, Callable[[Bundle, Step], None]], ...] = (  # in the order of dependence
    (0, "文件", "缺少或夹带文件", step_files),
    (1, "封存", "换用另一份底册或方案", step_seal),
    (2, "方案", "事后改比例", step_plan),
    (3, "名单", "增删对象、改换分层", step_lists),
    (4, "服务器份额", "服务器事后挑选份额", step_server),
    (5, "锁定与开启", "调换个人份额", step_commits),
    (7, "公开随机数", "挑选号码", step_beacon),
    (8, "种子", "改用另一个种子", step_seed),
    (10, "数量", "不想查的少抽、想查的多抽", step_sizes),
    (9, "随机数与名次", "改动名次", step_numbers),
    (11, "人员", "派熟人去检查", step_teams),
    (14, "凭证", "交给在场人的凭证另是一套", step_receipt),
    (6, "先后次序", "事后编造过程", step_order),
    (12, "抽取以后", "抽中以后有对象消失", step_afterwards),
    (13, "历次抽取", "反复抽到满意为止", step_attempts),
)


def verify_bundle(
    path: str | os.PathLike[str],
    strict: bool = False,
    log_key: str | None = None,
    witness_keys: Mapping[str, str] | None = None,
) -> list[Step]:
    """
    Verify the bundle in directory *path*, step by step (逐步复核资料包).

    Args:
        path: The bundle's directory.
        strict: Count what is not shown as wrong.
        log_key: Ed25519 public key of the log, 64 hex digits; without it the signature is not shown.
        witness_keys: Name -> Ed25519 public key of the witnesses whose cosignature must be there.

    Returns:
        The steps 0-14; the bundle is right when all of them are `ok`.

    Raises:
        OSError: there is no such directory.

    Source: vdraw/1 §15, §16.
    """
    os.scandir(path).close()
    witnesses = {name: bytes.fromhex(key) for name, key in (witness_keys or {}).items()}
    bundle, steps = Bundle(os.fspath(path), bytes.fromhex(log_key or ""), witnesses), []
    for number, title, cheat, check in STEPS:
        step = Step(number, title, cheat, strict)
        try:
            check(bundle, step)
        except Wrong as wrong:
            step.status, step.what, step.found, step.expected = WRONG, wrong.what, wrong.found, wrong.expected
        except Blocked as blocked:
            step.status, step.what = BLOCKED, str(blocked)
        except Exception as error:  # noqa: BLE001  what no rule foresaw is refused, never a traceback
            step.status, step.what, step.found = WRONG, "资料包超出复核工具能处理的范围", repr(error)
        steps.append(step)
    return sorted(steps, key=lambda step: step.number)


def verdict(steps: Sequence[Step]) -> str:
    rehearsal = "（演练）" if any(note.startswith("演练") for step in steps for note in step.notes) else ""
    told = "复核通过" if all(step.ok for step in steps) else "复核不通过"
    for status, words in ((WRONG, "不通过"), (ABSENT, "有证据未提供"), (BLOCKED, "因此未检查")):
        numbers = "、".join(str(step.number) for step in steps if step.status == status)
        rehearsal += f"；第 {numbers} 步{words}" if numbers else ""
    return told + rehearsal


def report(steps: Sequence[Step]) -> str:
    lines = []
    for step in steps:
        lines.append(f"第 {step.number:2} 步 {step.title}：{step.status}（本步防止：{step.cheat}）")
        details = [*step.notes, step.what and f"问题：{show(step.what)}"]
        details += [
            f"{name}：{show(v)}"
            for name, v in (("应为", step.expected), ("实为", step.found))
            if v is not None
        ]
        lines += [f"         {line}" for line in details if line]
    return "\n".join([*lines, verdict(steps)])


def public_key(value: str) -> str:
    """日志公钥：64 位十六进制，或公示页上的写法 名称+编号+base64（C2SP vkey）。"""
    if re.fullmatch("[0-9A-Fa-f]{64}", value):
        return value
    try:
        coded = base64.b64decode(value.rsplit("+", 1)[1], validate=True)
    except (IndexError, ValueError):
        coded = b""
    if len(coded) != 33 or coded[0] != 1:
        raise argparse.ArgumentTypeError("公钥应为 64 位十六进制，或公示页上的 名称+编号+公钥")
    return coded[1:].hex()


def witness_key(value: str) -> tuple[str, str]:
    name, _, key = value.rpartition("=")
    return name, public_key(key)


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="verify.py", description="逐步复核可验证抽取的资料包（规程 vdraw/1）"
    )
    parser.add_argument("bundle", metavar="BUNDLE_DIR", help="复核资料包所在的目录")
    parser.add_argument("--strict", action="store_true", help="未提供的证据也算不通过")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--log-key", type=public_key, metavar="HEX", help="日志的 Ed25519 公钥")
    help_text = "见证人的名称和 Ed25519 公钥，可以给出多个"
    parser.add_argument(
        "--witness-key", type=witness_key, action="append", metavar="NAME=HEX", help=help_text
    )
    o = parser.parse_args(arguments)
    try:
        steps = verify_bundle(o.bundle, o.strict, o.log_key, dict(o.witness_key or ()))
    except NotADirectoryError:
        print(f"不是目录：{show(o.bundle)}。如果是压缩包，请先解压，再复核解压后的目录", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"没有这个目录，或不能读取：{show(o.bundle)}（{type(error).__name__}）", file=sys.stderr)
        return 2
    code = 0 if all(step.ok for step in steps) else 1
    rows = [
        {
            "step": s.number,
            "title": s.title,
            "status": STATUS_CODES[s.status],
            "excludes": s.cheat,
            "notes": s.notes,
        }
        | {
            key: show(v)
            for key, v in (("problem", s.what), ("expected", s.expected), ("found", s.found))
            if v
        }
        for s in steps
    ]
    answer = {"exit": code, "verdict": verdict(steps), "steps": rows}
    print(json.dumps(answer, ensure_ascii=False, indent=1) if o.json else report(steps))
    return code


if __name__ == "__main__":
    sys.exit(main())
