#!/usr/bin/env python3
"""
Verify the bundle of a verifiable draw (protocol vdraw/1), offline, with nothing but Python.

    python verify.py BUNDLE_DIR [--strict] [--json] [--log-key HEX] [--witness-key NAME=HEX]

One file, Python 3.9 or newer, standard library only. It is a second, independent implementation of the
protocol: it shares no code with the product, so that the two can be held against each other. It goes
through the steps 1-13 of section 16 (0: the files themselves, 14: the receipt) and says for each what was
expected, what was found and which cheat the step excludes. Public entry points: `verify_bundle` (the steps)
and `recompute` (result.tsv and assign.tsv from the sealed files and the seed).

Exit code: 0 everything shown is right; 1 something is wrong, a core file is missing or a file is unknown
(with --strict also: something is not shown); 2 no such directory, or a wrong option.

复核工具：不依赖本系统、不联网，对“双随机、一公开”抽取的复核资料包逐步复核（规程 vdraw/1 第 16 节）。
只用 Python 3.9 以上的标准库，是规程的第二份独立实现。每一步写明结论（通过、未提供、不通过，以及因前面
的步骤不通过而“未检查”）、应为与实为，以及该步排除的作弊手法。
退出码：0 已提供的全部正确；1 有不符、缺核心文件或有不认识的文件（--strict 时未提供的证据也算）；2 没有
这个目录或参数有误。
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
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable, Mapping, NamedTuple, Optional, Sequence

PASS, ABSENT, WRONG, BLOCKED = "通过", "未提供", "不通过", "未检查"
CODES = {PASS: "pass", ABSENT: "not_shown", WRONG: "fail", BLOCKED: "not_checked"}
CORE = ("seal.json", "plan.json", "frame.tsv", "excluded.tsv", "officers.tsv", "recusals.tsv", "commits.tsv",
        "server.txt", "seed.txt", "result.tsv", "assign.tsv")
EVIDENCE = ("receipt.json", "events.jsonl", "proofs.json", "checkpoint.txt")
LISTS = ("frame", "excluded", "officers", "recusals")
BIGGEST = 1 << 31  # bytes of one file; a frame of ten million rows has about half of it
TAKEN_WHOLE = "全部检查、仅随机确定次序和人员"


class Wrong(ValueError):
    """Something disagrees with the protocol (不符): a sentence, what was expected, what was found."""

    def __init__(self, what: str, expected: Any = None, found: Any = None) -> None:
        super().__init__(what)
        self.what, self.expected, self.found = what, expected, found


class Blocked(Exception):
    """A step needs something that an earlier step could not deliver (未检查)."""


def show(value: Any, limit: int = 120) -> str:
    """Make *value* safe to print: one line, no control characters, not longer than *limit*."""
    text = value if isinstance(value, str) else ascii(value) if isinstance(value, bytes) else str(value)
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[: limit + 1])
    return text if len(text) <= limit else text[:limit] + "…"


def equal(what: str, expected: Any, found: Any) -> None:
    if type(expected) is not type(found) or expected != found:
        raise Wrong(what, expected, found)


def need(condition: Any, what: str, found: Any = None, expected: Any = None) -> None:
    if not condition:
        raise Wrong(what, expected, found)


# ---- §3 hash suites, §9 the PRF slot, §5 Merkle trees ------------------------------------------------------


class Suite:
    """The hash function of a draw: `sha256` or `sm3` (国密), its MAC, its PRFs and its Merkle trees."""

    def __init__(self, name: str) -> None:
        need(name in ("sha256", "sm3"), "不认识的密码套件", name, "sha256 或 sm3")
        self.name = name
        self.new: Callable[..., Any] = hashlib.sha256
        if name == "sm3":
            try:
                need("sm3" in hashlib.algorithms_available, "")
                hashlib.new("sm3", b"")
            except ValueError:
                raise Wrong("本机 Python 的 hashlib 没有 SM3，无法复核国密套件的抽取；请换用带 OpenSSL 1.1.1 以上的 "
                            "Python 再核，不能改用其他算法", "hashlib 支持 sm3", "不支持") from None
            self.new = lambda data=b"": hashlib.new("sm3", data)

    def hash(self, data: bytes) -> bytes:
        return self.new(data).digest()  # type: ignore[no-any-return]

    def hex(self, data: bytes) -> str:
        return self.new(data).hexdigest()  # type: ignore[no-any-return]

    def mac(self, key: bytes) -> Callable[[bytes], bytes]:
        """HMAC (RFC 2104) under *key*, which is at most one block of 64 bytes."""
        inner = self.new(bytes(b ^ 0x36 for b in key.ljust(64, b"\0")))
        outer = self.new(bytes(b ^ 0x5C for b in key.ljust(64, b"\0")))

        def tag(message: bytes) -> bytes:
            first, second = inner.copy(), outer.copy()
            first.update(message)
            second.update(first.digest())
            return second.digest()  # type: ignore[no-any-return]

        return tag

    def prf(self, name: str, key: bytes) -> Callable[[str], bytes]:
        """The random number of a text under *key*: 24 bytes, the first 8 are the PRN, the rest breaks ties."""
        if name == "hmac":
            tag = self.mac(key)
            return lambda message: tag(message.encode())[:24]
        prefix, new = key.hex(), self.new
        return lambda message: new((prefix + message).encode()).digest()[:24]  # type: ignore[no-any-return]

    def root(self, lines: Sequence[bytes]) -> str:
        """Merkle root (RFC 6962) over the lines, hex."""
        level = [self.hash(b"\0" + line) for line in lines]
        while len(level) > 1:
            pairs = [self.hash(b"\1" + left + right) for left, right in zip(level[::2], level[1::2])]
            level = pairs + level[2 * len(pairs):]
        return level[0].hex() if level else self.hex(b"")

    def root_from_path(self, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> Optional[str]:
        """The root that an inclusion path leads to (RFC 9162, 2.1.3.2), or None for a path of wrong length."""
        node, last = leaf, size - 1
        for step in path:
            if last == 0:
                return None
            if index & 1 or index == last:
                node = self.hash(b"\1" + step + node)
                while not index & 1 and index:
                    index, last = index >> 1, last >> 1
            else:
                node = self.hash(b"\1" + node + step)
            index, last = index >> 1, last >> 1
        return node.hex() if last == 0 else None


# ---- §4 canonical JSON, and the forms of documents ---------------------------------------------------------


def read_json(data: bytes, where: str) -> Any:
    """Parse canonical JSON: refuse duplicate keys, floats, big integers, and any other than the one encoding."""

    def no_float(text: str) -> Any:
        raise Wrong(f"{where} 中有整数以外的数", "整数", text)

    def integer(text: str) -> int:
        need(len(text) <= 17 and abs(int(text)) < 1 << 53, f"{where} 中的整数过大", text, "绝对值小于 2 的 53 次方")
        return int(text)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, _ in items:
            need(re.fullmatch("[a-z][a-z0-9_]{0,31}", key), f"{where} 的键名不合规", key)
        need(len(dict(items)) == len(items), f"{where} 有重复的键", [key for key, _ in items])
        return dict(items)

    def depth(value: Any, level: int = 1) -> None:
        if isinstance(value, (dict, list)):
            need(level < 16, f"{where} 嵌套过深", expected="少于 16 层")
            for child in value.values() if isinstance(value, dict) else value:
                depth(child, level + 1)

    try:
        value = json.loads(data.decode(), object_pairs_hook=pairs, parse_float=no_float, parse_int=integer,
                           parse_constant=no_float)
        depth(value)
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except Wrong:
        raise
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{where} 不是规范的 JSON", "UTF-8 的规范 JSON", f"{type(error).__name__}: {error}") from None
    need(again == data, f"{where} 不是规范编码（键排序、无空格、末尾无换行）", data[:200], again[:200])
    return value


Check = Callable[[Any, str], None]


def text(pattern: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any, where: str) -> None:
        need(type(value) is str and compiled.fullmatch(value), f"{where} 的形式不符", value, pattern)

    return check


def whole(low: int, high: int = (1 << 53) - 1) -> Check:
    return lambda value, where: need(type(value) is int and low <= value <= high, f"{where} 应为整数", value,
                                     f"{low} 至 {high}")


def one_of(*allowed: Any) -> Check:
    return lambda value, where: need(any(type(value) is type(a) and value == a for a in allowed),
                                     f"{where} 的取值不在范围内", value, "、".join(map(repr, allowed)))


def listed(check: Check, least: int = 0) -> Check:
    def check_all(value: Any, where: str) -> None:
        need(type(value) is list and len(value) >= least, f"{where} 应为列表", value, f"至少 {least} 项")
        for number, item in enumerate(value, 1):
            check(item, f"{where}[{number}]")

    return check_all


def shape(optional: Sequence[str] = (), **fields: Check) -> Check:
    """A check that a value is an object with exactly these keys, each of its own form."""

    def check(value: Any, where: str) -> None:
        need(type(value) is dict, f"{where} 应为对象", value)
        missing, unknown = set(fields) - set(value) - set(optional), set(value) - set(fields)
        need(not missing and not unknown, f"{where} 的键不符", sorted(value), sorted(fields))
        for key, item in value.items():
            fields[key](item, f"{where}.{key}")

    return check


PIECE, CODE, ID = "[0-9A-Za-z_-]{1,16}", "[0-9A-Za-z._-]{1,32}", "[0-9A-Za-z._:-]{1,36}"
TAG, PART, HEX = rf"{PIECE}(?:\.{PIECE})?", r"[0-9A-Za-z_-]{1,20}(?:\.[0-9A-Za-z_-]{1,11})?", "[0-9a-f]{64}"
CODES_LIST, TAGS_LIST = rf"(?:\*|{CODE}(?:,{CODE})*)", f"{TAG}(?:,{TAG})*"
NUMBER, BLIND, FREE = "(?:0|[1-9][0-9]{0,14})", "[0-9a-f]{32}", r"[^\x00-\x1f\x7f]{1,200}"
SHARE = "[0-9A-Za-z._:+=/-]{16,128}"
hexa, free, name, code, counted = text(HEX), text(FREE), text(PIECE), text(CODE), whole(0)
rooted = shape(n=counted, root=hexa)
received = shape(of=free, doc=free, hash=hexa)

# kind: (form of the round, form of the value, seconds that must lie between reveals and number); None: any time
BEACONS: dict[str, tuple[str, str, Optional[int]]] = {
    "dice": (r"[^\s\x00-\x1f\x7f]{1,64}", "[0-9]{20,200}", None),
    "cwl-kl8": ("20[0-9]{5}", "[0-9]{2}(?:,[0-9]{2}){19}", 600),
    "cwl-ssq": ("20[0-9]{5}", r"[0-9]{2}(?:,[0-9]{2}){5}\+[0-9]{2}", 600),
    "tc-dlt": ("[0-9]{5}", r"[0-9]{2}(?:,[0-9]{2}){4}\+[0-9]{2},[0-9]{2}", 600),
    "cwl-3d": ("[0-9]{5,7}", "[0-9](?:,[0-9]){2}", 600),
    "tc-pl5": ("[0-9]{5,7}", "[0-9](?:,[0-9]){4}", 600),
    "drand-quicknet": ("[1-9][0-9]{0,14}", "[0-9a-f]{96}", 60),
    "nist2": ("[0-9]{1,9}:[0-9]{1,12}", "[0-9A-F]{128}", 60),
}
LOTTERY = {"cwl-kl8": ((20, 80),), "cwl-ssq": ((6, 33), (1, 16)), "tc-dlt": ((5, 35), (2, 12))}


def check_beacon_value(kind: str, value: str) -> None:
    need(re.fullmatch(BEACONS[kind][1], value), f"公开随机数（{kind}）的形式不符", value, BEACONS[kind][1])
    for balls, (count, highest) in zip(value.split("+"), LOTTERY.get(kind, ())):
        numbers = [int(ball) for ball in balls.split(",")]
        need(numbers == sorted(set(numbers)) and len(numbers) == count and 1 <= numbers[0] and numbers[-1] <= highest,
             f"公开随机数（{kind}）的号码应升序、不重复、在范围内", value, f"{count} 个，1 至 {highest}")


def check_seal(seal: Any, where: str = "seal.json") -> None:
    """The seal is well formed and its level, persons, offices and deadlines obey section 6.2."""
    person = shape(id=text(ID), office=free, role=one_of("initiator", "supervisor", "witness"))
    beacon = shape(kind=one_of(*BEACONS), round=text(".+"))
    shape(type=one_of("vdraw.seal"), v=one_of(1), suite=one_of("sha256", "sm3"), prf=one_of("keyhash", "hmac"),
          level=whole(1, 3), org=free, number=text("[0-9A-Za-z_-]{1,20}"),
          draw=text("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), attempt=whole(1), prev=text(f"(?:{HEX})?"),
          sealed_at=counted, commit_by=counted, reveal_by=counted, beacon_from=counted, register_seq=counted,
          plan=hexa, frame=rooted, ids=rooted, excluded=rooted, officers=rooted, recusals=rooted,
          sources=shape(server=hexa, persons=listed(person, 2), min_reveals=whole(2), custodian=text(f"(?:{HEX})?"),
                        beacon=lambda value, at: None if value is None else beacon(value, at)),
          disclosure=shape(to=one_of("public", "auditors"), when=one_of("draw", "task")))(seal, where)
    sources, persons = seal["sources"], seal["sources"]["persons"]
    need((seal["attempt"] == 1) == (seal["prev"] == ""), "首次抽取没有前次，再次抽取须写明前次封存",
         f"第 {seal['attempt']} 次，prev={seal['prev']!r}")
    need(seal["sealed_at"] < seal["commit_by"] < seal["reveal_by"], "期限应依次为封存、锁定截止、开启截止",
         [seal["sealed_at"], seal["commit_by"], seal["reveal_by"]])
    need(len({p["id"] for p in persons}) == len(persons), "参加人代号重复", [p["id"] for p in persons])
    need(sources["min_reveals"] <= len(persons), "最少开启人数多于参加人数", sources["min_reveals"], len(persons))
    offices = {role: {p["office"] for p in persons if p["role"] == role} for role in ("initiator", "supervisor", "witness")}
    need(len(offices["initiator"]) == 1, "发起人应属同一处室", sorted(offices["initiator"]), "一个处室")
    need(offices["supervisor"], "没有监督人")
    for role, title in (("supervisor", "监督人"), ("witness", "见证人")):
        need(not offices[role] & offices["initiator"], f"{title}与发起人同一处室", sorted(offices[role]))
    need(seal["level"] > 1 or sources["custodian"], "一级（日常抽取）须有电子信封保管人")
    need(seal["level"] == 1 or (offices["witness"] and sources["beacon"]), "二、三级须有见证人和公开随机数")
    if sources["beacon"] is None:
        return equal("没有公开随机数时 beacon_from 应为 0", 0, seal["beacon_from"])
    kind, period = sources["beacon"]["kind"], sources["beacon"]["round"]
    need(re.fullmatch(BEACONS[kind][0], period), f"公开随机数（{kind}）的期次形式不符", period, BEACONS[kind][0])
    gap = BEACONS[kind][2]
    if gap is None:
        return equal("号码球的 beacon_from 应为 0", 0, seal["beacon_from"])
    need(seal["beacon_from"] >= seal["reveal_by"] + gap, "公开随机数距开启截止太近", seal["beacon_from"],
         f"不早于 {seal['reveal_by'] + gap}")
    if kind == "drand-quicknet":
        equal("drand 轮次与时间不符", 1692803367 + (int(period) - 1) * 3, seal["beacon_from"])
    return None


def check_plan(plan: Any) -> None:
    """The plan is well formed (section 6.1, 10, 12.2)."""

    def alloc(value: Any, where: str) -> None:
        need(type(value) is dict, f"{where} 应为对象", value)
        mode = value.get("mode")
        one_of("rate", "fixed", "total", "pareto", "ledger")(mode, f"{where}.mode")
        own: dict[str, Check] = {"rate": dict(num=counted, den=whole(1), min=counted), "fixed": dict(take=counted),
                                 "total": dict(weight=counted)}.get(mode) or dict(num=counted, den=whole(1), min=counted)
        extra: dict[str, Check] = {"total": dict(total=counted), "ledger": dict(cell=name, hits=name),
                                   "pareto": dict(size=name, missing=whole(1, 10**6))}.get(mode, {})
        shape(optional=("floor",), mode=one_of(mode), strata=listed(shape(code=name, reserve=counted, **own), 1),
              floor=shape(base=counted, num=counted, den=whole(1)), **extra)(value, where)
        strata = [stratum["code"] for stratum in value["strata"]]
        need(len(set(strata)) == len(strata), f"{where} 有重复的层", strata)
        need("N" in strata, f"{where} 缺少 N（未分类）层，未分类的对象会漏掉", strata)

    part = shape(optional=("list",), part=text(PART), purpose=one_of("main", "inspectors", "recheck"),
                 scope=text(rf"(?:\*|{TAG})"), by=name, key=code, alloc=alloc, list=received)
    slot = shape(slot=code, dept=text(rf"(?:\*|{CODE})"), tag=text(CODES_LIST), when=text(rf"(?:\*|{TAG})"),
                 part=text(rf"(?:\*|{PART}(?:,{PART})*)"))
    need(type(plan) is dict and type(plan.get("assign")) is dict, "plan.json 缺少 assign")
    cluster = plan["assign"].get("mode") == "cluster"
    how: dict[str, Check] = dict(by=one_of("unit", "area"), max_per_bundle=whole(1), form=one_of("drawn", "standing"))
    shape(type=one_of("vdraw.plan"), v=one_of(1), reasons=listed(code), parts=listed(part, 1),
          assign=shape(mode=one_of("each", "cluster"), slots=listed(slot, 1), **(how if cluster else {})))(plan, "plan.json")
    codes, purposes = [p["part"] for p in plan["parts"]], {}
    need(len(set(codes)) == len(codes), "抽取项代号重复", codes)
    for p in plan["parts"]:
        task = p["part"].split(".")[0]
        equal(f"任务 {task} 在一次抽取中只能有一种用途", purposes.setdefault(task, p["purpose"]), p["purpose"])
        need(("list" in p) == (p["purpose"] == "inspectors"), f"{p['part']}：名单来源只用于、且必须用于只抽人员的项")
        if p["purpose"] == "inspectors":
            need(p["alloc"]["mode"] == "rate" and all((s["num"], s["den"], s["reserve"]) == (1, 1, 0)
                 for s in p["alloc"]["strata"]), f"{p['part']}：只抽人员的项应全部检查（1/1），不留备选", p["alloc"])
    slots = plan["assign"]["slots"]
    need(len({s["slot"] for s in slots}) == len(slots), "岗位代号重复", [s["slot"] for s in slots])
    for s in slots if cluster else ():
        first = next(t for t in slots if t["dept"] == s["dept"])
        need(s["dept"] != "*" and (s["when"], s["part"]) == (first["when"], first["part"]),
             f"岗位 {s['slot']}：成组派发时每个岗位须写明部门，同一部门各岗位的适用范围须相同")


# ---- §5 line files ------------------------------------------------------------------------------------------


class Entity(NamedTuple):
    """检查对象: a row of frame.tsv."""

    id: str
    unit: str
    area: str
    tags: str
    blind: str


class Officer(NamedTuple):
    """执法检查人员: a row of officers.tsv."""

    officer: str
    dept: str
    units: str
    tags: str
    load0: str
    blind: str


FORMS: dict[str, tuple[int, tuple[str, ...]]] = {  # file: (number of key columns, forms of the columns)
    "frame.tsv": (1, (ID, CODE, CODE, TAGS_LIST, BLIND)),
    "excluded.tsv": (2, (ID, rf"(?:\*|{PART})", CODE, BLIND)),
    "officers.tsv": (1, (ID, CODE, CODES_LIST, CODES_LIST, NUMBER, BLIND)),
    "recusals.tsv": (2, (ID, ID)),
    "commits.tsv": (1, (ID, HEX)),
}


def split_lines(data: bytes) -> list[bytes]:
    return data[:-1].split(b"\n") if data else []


def read_rows(file: str, data: bytes) -> list[list[str]]:
    """The rows of a line file, whose form and order (ascending by key, no key twice) are checked."""
    keys, forms = FORMS[file]
    need(not data or data.endswith(b"\n"), f"{file} 最后一行没有换行", data[-40:])
    line_form, rows, before = re.compile("\t".join(forms)), [], [""]
    for number, line in enumerate(split_lines(data), 1):
        row_text = line.decode("latin-1")
        need(line_form.fullmatch(row_text), f"{file} 第 {number} 行形式不符", line[:200])
        row = row_text.split("\t")
        need(before < row[:keys], f"{file} 第 {number} 行没有按关键列升序，或与上一行重复", row[:keys], f"大于 {before}")
        before = row[:keys]
        rows.append(row)
    return rows


def tag_value(tags: Iterable[str], wanted: str, where: str) -> Optional[str]:
    values = [tag[len(wanted) + 1:] for tag in tags if tag.startswith(wanted + ".")]
    need(len(values) < 2, f"{where} 有两个 {wanted} 标签", values)
    return values[0] if values else None


def tag_number(entity: Entity, wanted: str, default: int, low: int, high: int) -> int:
    value = tag_value(entity.tags.split(","), wanted, f"对象 {entity.id}")
    if value is None:
        return default
    need(re.fullmatch(NUMBER, value) and low <= int(value) <= high, f"对象 {entity.id} 的 {wanted} 应为整数", value,
         f"{low} 至 {high}")
    return int(value)


# ---- §10 allocation -----------------------------------------------------------------------------------------


def largest_remainder(total: int, sizes: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, int]:
    """Share *total* among the strata by weight, none getting more than it has (mode `total`)."""
    given, left, active = {}, min(total, sum(sizes.values())), sorted(sizes)
    while active:
        weight = sum(weights[h] for h in active)
        need(weight or not left, "各层权重都是 0，余下的数额无法分配", left, 0)
        quota = {h: left * weights[h] // weight if weight else 0 for h in active}
        full = [h for h in active if quota[h] >= sizes[h]]
        if not full:
            over = left - sum(quota.values())
            rest = sorted(active, key=lambda h: (-(left * weights[h] % weight) if weight else 0, -sizes[h], h))
            return {**given, **{h: quota[h] + (h in rest[:over]) for h in active}}
        given.update({h: sizes[h] for h in full})
        left -= sum(sizes[h] for h in full)
        active = [h for h in active if h not in full]
    need(not left, "余下的数额无法分配", left, 0)
    return given


def sample_sizes(part: dict[str, Any], counts: Mapping[str, int]) -> dict[str, int]:
    """How many are drawn from each stratum of *part*, given how many it has (section 10), floor included."""
    alloc, where = part["alloc"], part["part"]
    strata = {s["code"]: s for s in alloc["strata"]}
    sizes = {h: counts.get(h, 0) for h in strata}
    need(set(counts) <= set(strata), f"{where}：底册中有方案没有规定比例的层", sorted(set(counts) - set(strata)))
    if alloc["mode"] == "fixed":
        drawn = {h: min(sizes[h], strata[h]["take"]) for h in strata}
    elif alloc["mode"] == "total":
        drawn = largest_remainder(alloc["total"], sizes, {h: s["weight"] for h, s in strata.items()})
    else:
        drawn = {h: min(sizes[h], max(-(-sizes[h] * s["num"] // s["den"]), s["min"])) for h, s in strata.items()}
    need(sum(sizes.values()), f"{where}：范围内没有任何对象")
    need(sum(drawn.values()), f"{where}：按方案一个对象也抽不到")
    floor = alloc.get("floor", {"base": 0, "num": 0, "den": 1})
    least = -(-floor["base"] * floor["num"] // floor["den"])
    need(sum(drawn.values()) >= least, f"{where}：抽取数低于规定的下限", sum(drawn.values()), f"不少于 {least}")
    return drawn


# ---- §6.1 scope and strata, §11 selection, §12 officers -----------------------------------------------------


class Team(NamedTuple):
    """A sub-team (检查小组) of one department: its code, where it may go, its members in slot order."""

    code: str
    units: str
    members: tuple[str, ...]


class Draw:
    """
    Everything that follows from the sealed lists, the plan and the seed (抽取的重算).

    `classify`, `sizes` and `check_staff` need no seed and are the checks of sealing; `select` and `assign`
    compute the drawn objects and the officers. Each raises Wrong where the protocol refuses.
    """

    def __init__(self, suite: Suite, prf: str, plan: dict[str, Any], files: Mapping[str, bytes]) -> None:
        self.suite, self.prf_name, self.plan = suite, prf, plan
        rows = {file: read_rows(file, files[file]) for file in FORMS if file != "commits.tsv"}
        self.frame = {row[0]: Entity(*row) for row in rows["frame.tsv"]}
        self.excluded, self.parts = rows["excluded.tsv"], {p["part"]: p for p in plan["parts"]}
        self.officers = {row[0]: Officer(*row) for row in rows["officers.tsv"]}
        self.recused: dict[str, set[str]] = defaultdict(set)
        for officer, entity in rows["recusals.tsv"]:
            self.recused[entity].add(officer)
        self.slots, self.seed = plan["assign"]["slots"], b""
        self.departments = list(dict.fromkeys(slot["dept"] for slot in self.slots))
        self._slots: dict[Any, list[int]] = {}
        self._able: dict[Any, list[str]] = {}

    def prf(self, label: str) -> Callable[[str], bytes]:
        return self.suite.prf(self.prf_name, self.suite.mac(self.seed)(b"vdraw/1 key " + label.encode()))

    # scope and strata

    def classify(self) -> None:
        """Put every entity into its parts and strata: `members[part][stratum]`, `parts_of[id]`."""
        need(self.frame, "抽取底册是空的")
        self.members: dict[str, dict[str, list[str]]] = {part: defaultdict(list) for part in self.parts}
        self.parts_of: dict[str, tuple[str, ...]] = {}
        left_out = {(row[0], row[1]) for row in self.excluded}
        touched, known = {row[0] for row in self.excluded}, {}
        for id_, entity in self.frame.items():
            if entity.tags not in known:
                known[entity.tags] = self._places(entity)
            places = known[entity.tags]
            if id_ in touched:
                places = [p for p in places if (id_, p[0]) not in left_out and (id_, "*") not in left_out]
            need(places, f"对象 {id_} 在底册中，却不在任何抽取项内")
            for part, stratum in places:
                self.members[part][stratum].append(id_)
            self.parts_of[id_] = tuple(part for part, _ in places)

    def _places(self, entity: Entity) -> list[tuple[str, str]]:
        tags = entity.tags.split(",")
        inside = [p for p in self.plan["parts"] if p["scope"] == "*"
                  or any(tag == p["scope"] or tag.startswith(p["scope"] + ".") for tag in tags)]
        return [(p["part"], tag_value(tags, p["by"], f"对象 {entity.id}") or "N") for p in inside]

    def sizes(self) -> dict[str, dict[str, int]]:
        """part -> stratum -> number of main objects."""
        return {code: sample_sizes(part, {h: len(ids) for h, ids in self.members[code].items()})
                for code, part in self.parts.items()}

    # selection

    def select(self) -> bytes:
        """result.tsv; keeps `ranked[part][stratum]` (all ids in rank order) and `drawn` (id -> its parts)."""
        lines, sizes, keys_of = [], self.sizes(), defaultdict(set)
        self.ranked: dict[str, dict[str, list[str]]] = {}
        self.drawn: dict[str, list[str]] = defaultdict(list)
        for code, part in sorted(self.parts.items()):
            number, reserve = self.prf("object " + part["key"]), {s["code"]: s["reserve"] for s in part["alloc"]["strata"]}
            self.ranked[code] = {}
            for h, ids in sorted(self.members[code].items()):
                n = sizes[code][h]
                v = {id_: number(id_) for id_ in ids}
                hits = {id_: len(keys_of[id_] - {part["key"]}) for id_ in ids if id_ in keys_of}
                ranked = self.ranked[code][h] = self._rank(part, h, n, v, hits)
                for rank, id_ in enumerate(ranked[: n + reserve[h]], 1):
                    lines.append(f"{code}\t{h}\t{rank}\t{'M' if rank <= n else 'R'}\t{v[id_].hex()[:16]}\t{id_}\n")
                for id_ in ranked[:n]:
                    self.drawn[id_].append(code)
            for h, ranked in self.ranked[code].items():
                for id_ in ranked[: sizes[code][h]]:
                    keys_of[id_].add(part["key"])
        return "".join(lines).encode()

    def _rank(self, part: dict[str, Any], h: str, n: int, v: dict[str, bytes], hits: dict[str, int]) -> list[str]:
        by_v = sorted(v, key=lambda id_: (v[id_], id_))
        alloc = part["alloc"]
        if alloc["mode"] == "pareto":
            x = {id_: tag_number(self.frame[id_], alloc["size"], alloc["missing"], 1, 10**6) for id_ in v}
            return pareto_order(by_v, n, x, v)
        if alloc["mode"] == "ledger":
            seen = {id_: tag_number(self.frame[id_], alloc["hits"], 0, 0, 1 << 53) + hits.get(id_, 0) for id_ in v}
            cells: dict[str, list[str]] = defaultdict(list)
            for id_ in sorted(by_v, key=lambda id_: seen[id_]):
                cells[tag_value(self.frame[id_].tags.split(","), alloc["cell"], f"对象 {id_}") or "-"].append(id_)
            taken = self._from_cells(part["part"], h, n, len(v), cells)
            return sorted(by_v, key=lambda id_: (id_ not in taken, seen[id_]))
        return by_v

    def _from_cells(self, part: str, h: str, n: int, total: int, cells: dict[str, list[str]]) -> set[str]:
        """Those a ledger stratum takes: the sizes of its cells by unbiased rounding (11.3)."""
        number = self.prf("round " + part)
        start = int.from_bytes(number(h + "\x1f")[:8], "big") * total >> 64
        running, taken = 0, set()
        for cell in sorted(cells, key=lambda cell: (number(f"{h}\x1f{cell}"), cell)):
            after = running + n * len(cells[cell])
            taken.update(cells[cell][: (after + start) // total - (running + start) // total])
            running = after
        return taken

    # who may work where

    def slots_for(self, id_: str, parts: Sequence[str]) -> list[int]:
        """Indexes of the slots that apply to an entity which is a main object of *parts*, in plan order."""
        tags, key = self.frame[id_].tags, (self.frame[id_].tags, tuple(parts))
        if key not in self._slots:
            self._slots[key] = [
                i for i, slot in enumerate(self.slots)
                if (slot["when"] == "*" or slot["when"] in tags.split(","))
                and (slot["part"] == "*" or set(slot["part"].split(",")) & set(parts))]
        return self._slots[key]

    def eligible(self, slot: int, id_: str) -> list[str]:
        unit, wanted = self.frame[id_].unit, self.slots[slot]
        if (slot, unit) not in self._able:
            self._able[slot, unit] = [o.officer for o in self.officers.values() if wanted["dept"] in ("*", o.dept)
                                      and in_reach(o.units, unit) and qualified(o.tags, wanted["tag"])]
        able, away = self._able[slot, unit], self.recused.get(id_, ())
        return [officer for officer in able if officer not in away] if away else able

    def departments_for(self, id_: str, parts: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.slots[i]["dept"] for i in self.slots_for(id_, parts)))

    def check_staff(self) -> None:
        """Officers suffice for whatever may be drawn (12.1, 12.2), and every entity and part has a slot."""
        cluster, seen = self.plan["assign"]["mode"] == "cluster", set()
        teams = {dept: self.teams(dept, lambda o: o.officer) for dept in self.departments} if cluster else {}
        for id_, entity in self.frame.items():
            parts = self.parts_of[id_]
            kind = (entity.tags, entity.unit, parts)
            if kind in seen and not self.recused.get(id_):
                continue
            seen.add(kind)
            for part in parts:
                need(self.slots_for(id_, [part]), f"对象 {id_} 在 {part} 中没有适用的岗位")
            if cluster:
                self._enough_teams(id_, teams)
            else:
                self._enough_officers(id_)

    def _enough_officers(self, id_: str) -> None:
        earlier: list[set[str]] = []
        for slot in self.slots_for(id_, self.parts_of[id_]):
            able = set(self.eligible(slot, id_))
            rivals = sum(1 for other in earlier if other & able)
            need(len(able) > rivals, f"对象 {id_} 的岗位 {self.slots[slot]['slot']} 可派人员不足", len(able), f"多于 {rivals}")
            earlier.append(able)

    def _enough_teams(self, id_: str, teams: dict[str, list[Team]]) -> None:
        unit = self.frame[id_].unit
        for dept in self.departments_for(id_, self.parts_of[id_]):
            near = sum(1 for team in teams[dept] if in_reach(team.units, unit))
            away = sum(1 for o in self.recused.get(id_, ()) if o in self.officers
                       and self.officers[o].dept == dept and in_reach(self.officers[o].units, unit))
            need(near > away, f"{unit} 的 {dept} 检查小组不足（对象 {id_}）", near, f"多于应回避的 {away} 人")

    # dealing

    def assign(self) -> bytes:
        """assign.tsv for the objects that `select` drew."""
        number = self.prf("order")
        order = {id_: (number(id_), id_) for id_ in self.drawn}
        return (self._each if self.plan["assign"]["mode"] == "each" else self._cluster)(order)

    def _each(self, order: dict[str, tuple[bytes, str]]) -> bytes:
        number, lines = self.prf("officer"), []
        load = {o.officer: int(o.load0) for o in self.officers.values()}
        for id_ in sorted(self.drawn, key=order.__getitem__):
            here: set[str] = set()
            for slot in self.slots_for(id_, self.drawn[id_]):
                free_now = [o for o in self.eligible(slot, id_) if o not in here]
                need(free_now, f"对象 {id_} 的岗位 {self.slots[slot]['slot']} 无人可派")
                least = min(load[o] for o in free_now)
                prn, officer = min((number(f"{id_}\x1f{o}"), o) for o in free_now if load[o] == least)
                lines.append(f"{id_}\t{self.slots[slot]['slot']}\t{officer}\t{prn.hex()[:16]}\t{least}\n")
                load[officer] += 1
                here.add(officer)
        return "".join(lines).encode()

    def teams(self, dept: str, order: Callable[[Officer], Any]) -> list[Team]:
        """The sub-teams of *dept* (12.2); their number and places do not depend on *order*."""
        slots = [slot for slot in self.slots if slot["dept"] == dept]
        groups: dict[str, list[Officer]] = defaultdict(list)
        for officer in self.officers.values():
            if officer.dept == dept:
                groups[officer.units].append(officer)
        teams: list[Team] = []
        for units in sorted(groups):
            if self.plan["assign"]["form"] == "standing":
                teams += [Team(f"{dept}-{x}", units, m) for x, m in standing_teams(groups[units], slots, dept)]
            else:
                group = sorted(groups[units], key=order)
                teams += [Team(f"{dept}-{i}", units, m) for i, m in enumerate(drawn_teams(group, slots), len(teams) + 1)]
        need(len({team.code for team in teams}) == len(teams), f"{dept} 有两个代号相同的固定小组", [t.code for t in teams])
        return teams

    def bundles(self, order: dict[str, tuple[bytes, str]]) -> list[list[str]]:
        """Drawn objects in route bundles (路线包), in the order in which they are dealt."""
        how, groups = self.plan["assign"], defaultdict(list)
        for id_ in sorted(self.drawn, key=order.__getitem__):
            entity, depts = self.frame[id_], self.departments_for(id_, self.drawn[id_])
            alone = any(self.officers[o].dept in depts for o in self.recused.get(id_, ()) if o in self.officers)
            groups[depts, entity.unit, entity.area if how["by"] == "area" else "", id_ if alone else ""].append(id_)
        cut = []
        for ids in groups.values():
            pieces = -(-len(ids) // how["max_per_bundle"])
            size, larger = divmod(len(ids), pieces)
            for i in range(pieces):
                start = i * size + min(i, larger)
                cut.append(ids[start: start + size + (i < larger)])
        return sorted(cut, key=lambda ids: order[ids[0]])

    def _cluster(self, order: dict[str, tuple[bytes, str]]) -> bytes:
        number, lines = self.prf("officer"), []
        teams = {dept: self.formed_teams(dept) for dept in self.departments}
        load = {t.code: sum(int(self.officers[o].load0) for o in t.members) for ts in teams.values() for t in ts}
        for count, ids in enumerate(self.bundles(order), 1):
            away = set().union(*(self.recused.get(id_, ()) for id_ in ids))
            sent = {}
            for dept in self.departments_for(ids[0], self.drawn[ids[0]]):
                near = [t for t in teams[dept] if in_reach(t.units, self.frame[ids[0]].unit) and not away & set(t.members)]
                need(near, f"第 {count} 个路线包没有可派的 {dept} 检查小组")
                sent[dept] = min((load[t.code], number(f"{ids[0]}\x1f{t.code}"), t.code, t) for t in near)
                load[sent[dept][2]] += len(sent[dept][3].members) * len(ids)
            for id_ in ids:
                for dept, (before, prn, team_code, team) in sent.items():
                    slots = [slot["slot"] for slot in self.slots if slot["dept"] == dept]
                    lines += [f"{id_}\t{slot}\t{officer}\t{prn.hex()[:16]}\t{before}\t{count}\t{team_code}\n"
                              for slot, officer in zip(slots, team.members)]
        return "".join(lines).encode()

    # afterwards (12.1, 12.2): who follows when an officer leaves or a target passes on

    def next_officer(self, id_: str, slot: int, gone: set[str]) -> Optional[str]:
        number = self.prf("officer")
        rest = [o for o in self.eligible(slot, id_) if o not in gone]
        return min(rest, key=lambda o: (number(f"{id_}\x1f{o}"), o), default=None)

    def formed_teams(self, dept: str) -> list[Team]:
        seat = self.prf("team")
        return self.teams(dept, lambda o: (seat(o.officer), o.officer))

    def stand_by(self, team: Team, leaving: str, targets: Iterable[str], gone: set[str]) -> Optional[str]:
        """The stand-by who takes the seat of *leaving* in all *targets*; None: the team is dissolved."""
        dept, seat = self.officers[leaving].dept, self.prf("team")
        slot = [s for s in self.slots if s["dept"] == dept][team.members.index(leaving)]
        busy = gone.union(*(t.members for t in self.formed_teams(dept)), *(self.recused.get(t, ()) for t in targets))
        rest = [o for o in self.officers.values() if (o.dept, o.units) == (dept, team.units) and o.officer not in busy
                and qualified(o.tags, slot["tag"])]
        return min((o.officer for o in rest), key=lambda o: (seat(o), o), default=None)

    def next_team(self, id_: str, dept: str, had: set[str]) -> Optional[str]:
        number, away = self.prf("officer"), self.recused.get(id_, set())
        rest = [t.code for t in self.formed_teams(dept) if t.code not in had and not away & set(t.members)
                and in_reach(t.units, self.frame[id_].unit)]
        return min(rest, key=lambda t: (number(f"{id_}\x1f{t}"), t), default=None)


def in_reach(units: str, unit: str) -> bool:
    return units == "*" or (units != "-" and unit in units.split(","))


def qualified(tags: str, wanted: str) -> bool:
    return "*" in (tags, wanted) or set(wanted.split(",")) <= set(tags.split(","))


def pareto_order(by_v: list[str], n: int, x: Mapping[str, int], v: Mapping[str, bytes]) -> list[str]:
    """Rank order of Pareto sampling (11.2): certainties first, then by Q, ties by v; exact integers."""
    certain: set[str] = set()
    left, others = n, by_v
    while left > 0:
        mass = sum(x[id_] for id_ in others)
        sure = {id_ for id_ in others if left * x[id_] >= mass}
        if not sure:
            break
        certain, left = certain | sure, left - len(sure)
        others = [id_ for id_ in others if id_ not in sure]
    mass = sum(x[id_] for id_ in others)

    def q(id_: str) -> int:
        u = int.from_bytes(v[id_][:8], "big")
        return ((2 * u + 1) * (mass - left * x[id_]) << 64) // (((1 << 65) - 2 * u - 1) * x[id_])

    return [id_ for id_ in by_v if id_ in certain] + sorted(others, key=q)


def drawn_teams(group: list[Officer], slots: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Seat a group, already in random order, in as many teams as it can always fill (form `drawn`)."""
    able = [[o.officer for o in group if qualified(o.tags, slot["tag"])] for slot in slots]
    count = min(len(e) // (1 + sum(1 for f in able[:j] if set(e) & set(f))) for j, e in enumerate(able))
    seated: set[str] = set()
    columns = []
    for e in able:
        columns.append([o for o in e if o not in seated][:count])
        seated.update(columns[-1])
    return list(zip(*columns))


def standing_teams(group: list[Officer], slots: list[dict[str, Any]], dept: str) -> list[tuple[str, tuple[str, ...]]]:
    """The fixed teams `team.X` of a group, each member in the first slot that suits (form `standing`)."""
    named: dict[str, list[Officer]] = defaultdict(list)
    for o in sorted(group):
        x = tag_value(o.tags.split(","), "team", f"人员 {o.officer}")
        if x:
            named[x].append(o)
    teams = []
    for x, members in sorted(named.items()):
        equal(f"固定小组 {dept}-{x} 的人数", len(slots), len(members))
        seats: list[str] = []
        for slot in slots:
            fits = [o.officer for o in members if o.officer not in seats and qualified(o.tags, slot["tag"])]
            need(fits, f"固定小组 {dept}-{x} 无人能任岗位 {slot['slot']}")
            seats.append(fits[0])
        teams.append((x, tuple(seats)))
    return teams


def recompute(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """
    Recompute result.tsv and assign.tsv from the sealed files and seed.txt (重算抽取结果).

    Args:
        files: Name -> bytes of seal.json, plan.json, the four lists and seed.txt of a bundle.

    Raises:
        Wrong: the plan or the lists break a rule of sealing; hashes and commitments are not looked at.
    """
    seal, plan = read_json(files["seal.json"], "seal.json"), read_json(files["plan.json"], "plan.json")
    check_plan(plan)
    draw = Draw(Suite(seal["suite"]), seal["prf"], plan, files)
    draw.classify()
    draw.check_staff()
    draw.seed = draw.suite.hash(files["seed.txt"])
    return {"result.tsv": draw.select(), "assign.tsv": draw.assign()}


# ---- Ed25519 (RFC 8032) and signed notes (C2SP) --------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def point(data: bytes) -> Optional[Point]:
    """Decode a point of edwards25519; None when the bytes are not its one encoding."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - xx) % P or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else P - x), y


def add(a: Point, b: Point) -> Point:
    t = D * a[0] * b[0] * a[1] * b[1]
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + t, -1, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P)


def times(n: int, a: Point) -> Point:
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


def base64_bytes(value: str, where: str) -> bytes:
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        data = b""
    need(base64.b64encode(data).decode() == value, f"{where} 不是规范的 base64", value)
    return data


class Checkpoint:
    """存证点: a C2SP checkpoint in a signed note: origin, size, root, and signature lines (name, id, bytes)."""

    def __init__(self, data: bytes) -> None:
        try:
            head, _, tail = data.decode().partition("\n\n")
        except ValueError:
            raise Wrong("checkpoint.txt 不是 UTF-8") from None
        form = re.fullmatch(rf"([^\s+]{{1,200}})\n({NUMBER})\n([0-9A-Za-z+/=]{{44}})", head)
        need(form and tail.endswith("\n"), "checkpoint.txt 应为三行（来源、大小、根）、空行和签名行", data[:200])
        assert form
        self.text, self.origin, self.size = (head + "\n").encode(), form[1], int(form[2])
        self.root = base64_bytes(form[3], "存证点的根").hex()
        self.signatures: list[tuple[str, bytes, bytes]] = []
        for line in tail[:-1].split("\n"):
            signature = re.fullmatch("— ([^\\s+]{1,200}) ([0-9A-Za-z+/=]{1,4000})", line)
            need(signature, "存证点的签名行形式不符", line, "— 名称 base64")
            assert signature
            value = base64_bytes(signature[2], "签名")
            need(len(value) > 4, "存证点的签名太短", line)
            self.signatures.append((signature[1], value[:4], value[4:]))
        need(any(name == self.origin and len(value) == 64 for name, _, value in self.signatures),
             "存证点没有日志自己的签名行", [s[0] for s in self.signatures], self.origin)

    def check(self, name: str, key: bytes, kind: int) -> None:
        """The signature of *name* under *key*: kind 1 the log itself, 4 a witness (cosignature/v1)."""
        key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]
        mine = [value for who, id_, value in self.signatures if who == name and id_ == key_id]
        need(mine, f"存证点没有 {name} 用此公钥的签名（密钥编号不符）",
             [f"{who} {id_.hex()}" for who, id_, _ in self.signatures], f"{name} {key_id.hex()}")
        for value in mine:
            text = self.text
            if kind == 4:
                text = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[:8], "big") + text
            need(len(value) == (64 if kind == 1 else 72) and ed25519(key, text, value[-64:]),
                 f"存证点上 {name} 的签名不成立", value.hex(), "公钥能验证的签名")


# ---- the bundle and the steps of section 16 ------------------------------------------------------------------


@dataclass
class Step:
    """One step of the verification (复核步骤) and its outcome."""

    number: int
    title: str
    cheat: str
    status: str = PASS
    notes: list[str] = field(default_factory=list)
    what: str = ""
    expected: Any = None
    found: Any = None
    strict: bool = False

    @property
    def ok(self) -> bool:
        return self.status == PASS or (self.status == ABSENT and not self.strict)

    def note(self, sentence: str) -> None:
        self.notes.append(show(sentence, 400))

    def absent(self, sentence: str) -> None:
        self.status = ABSENT
        self.note("未提供：" + sentence)


class Bundle:
    """The files of a bundle (复核资料包) and what the steps have established so far."""

    def __init__(self, root: str, log_key: Optional[bytes], witnesses: Mapping[str, bytes]) -> None:
        self.root, self.log_key, self.witnesses = root, log_key, witnesses
        self.files: dict[str, bytes] = {}

    def __getattr__(self, missing: str) -> Any:  # called only for what no step has set
        raise Blocked("所依据的前面步骤不通过")

    def file(self, name: str) -> bytes:
        if name not in self.files:
            raise Blocked(f"缺少 {name}")
        return self.files[name]

    def entries(self, folder: str = "") -> Iterable[tuple[str, os.DirEntry[str]]]:
        with os.scandir(os.path.join(self.root, folder)) as found:
            for entry in found:
                path = folder + entry.name
                if re.fullmatch("attempts(/[1-9][0-9]{0,5})?", path) and entry.is_dir(follow_symlinks=False):
                    yield from self.entries(path + "/")
                else:
                    yield path, entry

    def read(self, path: str, entry: os.DirEntry[str]) -> str:
        """Read one file; the reason when it cannot be used."""
        try:
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode):
                return f"{path} 不是普通文件"
            if status.st_size > (BIGGEST if path.endswith(".tsv") else BIGGEST >> 5):
                return f"{path} 过大（{status.st_size} 字节）"
            with open(entry.path, "rb") as stream:
                self.files[path] = stream.read()
        except (OSError, MemoryError) as error:
            return f"{path} 无法读取（{type(error).__name__}）"
        return ""


def step_files(b: Bundle, step: Step) -> None:
    known = {*CORE, *EVIDENCE}
    troubles, unknown = [], []
    for path, entry in b.entries():
        if path in known or re.fullmatch("attempts/[0-9]+/seal.json", path):
            troubles += filter(None, [b.read(path, entry)])
        else:
            unknown.append(show(path))
    missing = [name for name in CORE if name not in b.files]
    if unknown:
        troubles.append(f"有 {len(unknown)} 个不认识的文件：{'、'.join(sorted(unknown)[:5])}")
    if missing:
        troubles.append(f"缺少核心文件：{'、'.join(missing)}")
    need(not troubles, "；".join(troubles), sorted(b.files), "十一个核心文件，另可有 " + "、".join(EVIDENCE))
    step.note("证据文件：" + ("、".join(sorted(set(b.files) - set(CORE))) or "没有"))


def step_seal(b: Bundle, step: Step) -> None:
    seal = read_json(b.file("seal.json"), "seal.json")
    check_seal(seal)
    b.seal, b.suite = seal, Suite(seal["suite"])
    b.seal_hash = b.suite.hex(b.files["seal.json"])
    b.rehearsal = seal["org"].startswith("rehearsal-")
    lines = [f"vdraw/1 approval {seal['suite']}", f"plan {seal['plan']}"]
    lines += [f"{name} {seal[name]['n']} {seal[name]['root']}" for name in LISTS]
    approval = b.suite.hex("".join(line + "\n" for line in lines).encode())[:16]
    step.note(f"机关 {seal['org']}，编号 {seal['number']}，第 {seal['attempt']} 次，{'一二三'[seal['level'] - 1]}级，"
              f"套件 {seal['suite']}")
    step.note(f"审批核对码 {approval}（应与签字的审批表一致）；封存核对码 {b.seal_hash[:16]}（应与抽取记录表一致）")
    if b.rehearsal:
        step.note("演练：本资料包出自演练，不是正式抽取")
    second = b.file("seed.txt").split(b"\n")[1:2]
    equal("seed.txt 第 2 行应是本封存的校验值", f"seal {b.seal_hash}", (second or [b""])[0].decode("utf-8", "replace"))


def step_plan(b: Bundle, step: Step) -> None:
    equal("方案的校验值应与封存一致", b.seal["plan"], b.suite.hex(b.file("plan.json")))
    plan = read_json(b.files["plan.json"], "plan.json")
    check_plan(plan)
    b.plan = plan
    step.note(f"抽取项 {len(plan['parts'])} 个：" + "、".join(p["part"] for p in plan["parts"]))


def step_lists(b: Bundle, step: Step) -> None:
    for name in LISTS:
        lines = split_lines(b.file(f"{name}.tsv"))
        equal(f"{name}.tsv 的行数应与封存一致", b.seal[name]["n"], len(lines))
        equal(f"{name}.tsv 的默克尔根应与封存一致", b.seal[name]["root"], b.suite.root(lines))
    draw = Draw(b.suite, b.seal["prf"], b.plan, b.files)
    ids = [f"{e.id}\t{b.suite.hex(b'ids' + bytes([31]) + e.blind.encode())[:32]}".encode() for e in draw.frame.values()]
    equal("对象编号清单（ids）应与封存一致", b.seal["ids"], {"n": len(ids), "root": b.suite.root(ids)})
    odd = {row[2] for row in draw.excluded} - set(b.plan["reasons"])
    need(not odd, "有方案没有列出的排除理由", sorted(odd), b.plan["reasons"])
    draw.classify()
    b.draw = draw
    step.note(f"底册 {len(ids)} 个对象，排除 {len(draw.excluded)} 行，人员 {len(draw.officers)} 名，"
              f"回避 {sum(map(len, draw.recused.values()))} 行")


def step_server(b: Bundle, step: Step) -> None:
    equal("服务器份额的校验值应与封存一致", b.seal["sources"]["server"], b.suite.hex(b.file("server.txt")))
    form = re.fullmatch(f"vdraw/1 server\ndraw {b.seal['draw']}\nshare ({HEX})\n", b.files["server.txt"].decode("latin-1"))
    need(form, "server.txt 应为三行，写明本次抽取和份额", b.files["server.txt"][:200])
    b.share = form[1]  # type: ignore[index]


def step_commits(b: Bundle, step: Step) -> None:
    commits = {source: value for source, value in read_rows("commits.tsv", b.file("commits.tsv"))}
    strangers = set(commits) - {p["id"] for p in b.seal["sources"]["persons"]}
    need(not strangers, "commits.tsv 中有封存以外的人", sorted(strangers))
    seed_lines = b.file("seed.txt").decode("latin-1").split("\n")
    opened: dict[str, tuple[str, str]] = {}
    for line in seed_lines:
        form = re.fullmatch(rf"person ({ID}) ({BLIND}) ({SHARE})", line)
        if form:
            opened[form[1]] = (form[2], form[3])
            text = f"vdraw/1 commit\nseal {b.seal_hash}\nsource {form[1]}\nsalt {form[2]}\nshare {form[3]}\n"
            equal(f"{form[1]} 开启的份额应与其锁定值一致", commits.get(form[1]), b.suite.hex(text.encode()))
    b.commits, b.opened, b.seed_lines = commits, opened, seed_lines
    step.note(f"锁定 {len(commits)} 人，开启 {len(opened)} 人；锁定核对码 {b.suite.hex(b.files['commits.tsv'])[:16]}"
              "（二、三级应与抽取记录表一致）")


def step_beacon(b: Bundle, step: Step) -> None:
    beacon, line = b.seal["sources"]["beacon"], b.file("seed.txt").decode("latin-1").split("\n")[-2:-1]
    if beacon is None:
        equal("没有公开随机数时 seed.txt 末行", ["beacon none"], line)
        b.beacon = None
        return step.note("封存中没有约定公开随机数（一级）")
    words = (line or [""])[0].split(" ")
    equal("公开随机数的种类和期次应与封存一致", ["beacon", beacon["kind"], beacon["round"]],
          [w.encode("latin-1").decode("utf-8", "replace") for w in words[:3]])
    need(len(words) == 4, "seed.txt 末行应为 beacon 种类 期次 号码", line)
    check_beacon_value(beacon["kind"], words[3])
    b.beacon = words[3]
    step.note(f"{beacon['kind']} 第 {beacon['round']} 期：{words[3]}。形式和时间相符；号码本身请与官方公布、签名或现场记录核对")
    return None


def step_seed(b: Bundle, step: Step) -> None:
    lines = [f"vdraw/1 seed {b.seal['suite']}", f"seal {b.seal_hash}", f"server {b.share}"]
    sources = b.seal["sources"]
    for p in (p["id"] for p in sources["persons"]):
        if p in b.opened:
            lines.append(f"person {p} {b.opened[p][0]} {b.opened[p][1]}")
        else:
            lines.append(f"absent {p} {b.commits[p]}" if p in b.commits else f"none {p}")
            need(p not in b.commits or b.beacon, f"{p} 已锁定未开启，而没有公开随机数：本次应为失败，不能抽取")
    lines += [f"beacon {sources['beacon']['kind']} {sources['beacon']['round']} {b.beacon}" if b.beacon else "beacon none", ""]
    for number, (expected, found) in enumerate(zip(lines, b.files["seed.txt"].split(b"\n")), 1):
        equal(f"seed.txt 第 {number} 行", expected, found.decode("utf-8", "replace"))
    equal("seed.txt 应逐字节等于由封存、锁定和开启得出的文本", "\n".join(lines).encode(), b.files["seed.txt"])
    need(len(b.opened) >= sources["min_reveals"], "开启人数不足", len(b.opened), f"不少于 {sources['min_reveals']}")
    seed = b.suite.hash(b.files["seed.txt"])
    b.seed_hash = b.suite.hex(f"vdraw/1 seedhash\n{seed.hex()}\n".encode())
    b.seed = seed
    step.note(f"种子 {seed.hex()}；种子校验值 {b.seed_hash}")


def step_sizes(b: Bundle, step: Step) -> None:
    sizes, shown, totals = b.draw.sizes(), defaultdict(int), []
    for line in split_lines(b.file("result.tsv")):
        fields = line.decode("latin-1").split("\t")
        need(len(fields) == 6 and fields[3] in ("M", "R"), "result.tsv 有一行形式不符", line[:200])
        shown[fields[0], fields[1], fields[3]] += 1
    for code, part in sorted(b.draw.parts.items()):
        inside = {h: len(ids) for h, ids in b.draw.members[code].items()}
        for s in part["alloc"]["strata"]:
            h, n = s["code"], sizes[code][s["code"]]
            equal(f"{code} 的 {h} 层抽取数", n, shown.pop((code, h, "M"), 0))
            equal(f"{code} 的 {h} 层备选数", min(s["reserve"], inside.get(h, 0) - n), shown.pop((code, h, "R"), 0))
        drawn, scope = sum(sizes[code].values()), sum(inside.values())
        totals.append({"part": code, "purpose": part["purpose"], "in_scope": scope, "drawn": drawn, "all": drawn == scope,
                       **({"list": part["list"]} if "list" in part else {})})
        step.note(f"{code}：范围内 {scope}，抽取 {drawn}" + (f"。{TAKEN_WHOLE}" if drawn == scope else ""))
        if "list" in part:
            step.note(f"{code} 的名单由{part['list']['of']}抽取（{part['list']['doc']}），不是由本协议抽取；本协议只抽取人员")
    need(not shown, "result.tsv 中有方案以外的抽取项或层", sorted(shown))
    b.totals = totals


def same_file(name: str, expected: bytes, found: bytes) -> None:
    """Equal, or Wrong naming the first line that differs."""
    if expected != found:
        ours, theirs = split_lines(expected) + [b""], split_lines(found) + [b""]
        n = next((i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), min(len(ours), len(theirs)) - 1)
        raise Wrong(f"{name} 第 {n + 1} 行与重算不符", ours[n].decode(), theirs[n])


def step_numbers(b: Bundle, step: Step) -> None:
    b.draw.seed = b.seed
    result = b.draw.select()
    b.selected = True
    same_file("result.tsv", result, b.file("result.tsv"))
    step.note(f"重算 {len(split_lines(result))} 行，逐字节一致；抽中对象 {len(b.draw.drawn)} 个")


def step_teams(b: Bundle, step: Step) -> None:
    b.draw.check_staff()
    same_file("assign.tsv", b.draw.assign() if b.selected else b"", b.file("assign.tsv"))
    step.note(f"人员充足；重算 {len(split_lines(b.files['assign.tsv']))} 行，逐字节一致")


def step_receipt(b: Bundle, step: Step) -> None:
    if "receipt.json" not in b.files:
        b.receipt = None
        return step.absent("receipt.json（抽取凭证）")
    receipt, flag = read_json(b.files["receipt.json"], "receipt.json"), one_of(True, False)
    attempt = shape(attempt=whole(1), state=one_of("voided", "failed"), reason=free)
    part = shape(optional=("list",), part=text(PART), purpose=free, in_scope=counted, drawn=counted, all=flag, list=received)
    shape(type=one_of("vdraw.receipt"), v=one_of(1), draw=free, org=free, number=free, level=whole(1, 3), rehearsal=flag,
          seal=hexa, seed_hash=hexa, result=rooted, assign=rooted, parts=listed(part), attempts=listed(attempt),
          log=shape(origin=free, size=counted, root=hexa, sealed=counted, drawn=counted),
          program=text(r"[^\x00-\x1f\x7f]{0,200}"))(receipt, "receipt.json")
    b.receipt = receipt
    for key in ("draw", "org", "number", "level"):
        equal(f"凭证的 {key} 应与封存一致", b.seal[key], receipt[key])
    equal("凭证的演练标记", b.rehearsal, receipt["rehearsal"])
    equal("凭证的封存校验值", b.seal_hash, receipt["seal"])
    for key in ("result", "assign"):
        lines = split_lines(b.file(f"{key}.tsv"))
        equal(f"凭证的 {key} 行数和根", {"n": len(lines), "root": b.suite.root(lines)}, receipt[key])
    equal("凭证的种子校验值", b.seed_hash, receipt["seed_hash"])
    equal("凭证的各抽取项", b.totals, receipt["parts"])
    log = receipt["log"]
    need(log["sealed"] < log["drawn"] < log["size"], "凭证的日志序号应依次为封存、抽取、大小", log)
    step.note(f"凭证二维码应为 VDRAW1|{receipt['draw']}|{b.seal_hash[:16]}|{receipt['result']['root'][:16]}|{log['size']}|"
              f"{log['root'][:16]}")
    return None


ORDER = ("draw.sealed", "draw.commit", "draw.reveals_open", "draw.reveal", "draw.beacon", "draw.drawn")
LATER = ("draw.object_replaced", "draw.extended", "draw.officer_replaced", "draw.team_replaced", "draw.audited",
         "draw.disclosed")


def read_events(data: bytes) -> list[dict[str, Any]]:
    """The log entries of events.jsonl, each of canonical form, chained by `prev` where they are neighbours."""
    need(data.endswith(b"\n"), "events.jsonl 最后一行没有换行", data[-40:])
    entry, entries = shape(actor=free, at=counted, body=shape_any, kind=text(r"[a-z][a-z0-9_.]{0,63}"), prev=hexa,
                           seq=counted, v=one_of(1)), []
    for number, line in enumerate(split_lines(data), 1):
        where = f"events.jsonl 第 {number} 行"
        entries.append(read_json(line, where))
        entry(entries[-1], where)
        need(number == 1 or entries[-2]["seq"] < entries[-1]["seq"], f"{where} 的序号没有递增", entries[-1]["seq"])
    return entries


def shape_any(value: Any, where: str) -> None:
    need(type(value) is dict and type(value.get("draw")) is str, f"{where} 应为对象，并写明抽取", value)


def check_order(b: Bundle, entries: list[dict[str, Any]]) -> None:
    """Kinds, order, bodies and times of the entries against the seal, the commitments and the seed."""
    bodies: dict[str, list[Any]] = {kind: [] for kind in ORDER}
    times: dict[str, list[int]] = {kind: [] for kind in ORDER}
    stage, seal, late = 0, b.seal, False
    for e in entries:
        equal(f"日志 {e['seq']} 号应属本次抽取", seal["draw"], e["body"].pop("draw"))
        need(e["kind"] not in ("draw.voided", "draw.failed"), "日志显示本次抽取已作废或失败", e["kind"])
        rank = ORDER.index(e["kind"]) if e["kind"] in ORDER else len(ORDER) if e["kind"] in LATER else stage
        need(rank >= stage, f"日志 {e['seq']} 号 {e['kind']} 的次序不符", e["kind"], "封存、锁定、锁定截止、开启、公开随机数、抽取、其后")
        stage = rank
        if e["kind"] in ORDER:
            if e["kind"] == "draw.commit" and "envelope" in e["body"]:
                hexa(e["body"].pop("envelope"), "envelope")
            if e["kind"] == "draw.reveal" and "by" in e["body"]:
                equal("开启方式", "envelope", e["body"].pop("by"))
                late = True
                need(e["at"] >= seal["reveal_by"], "信封在开启截止以前被打开", e["at"], f"不早于 {seal['reveal_by']}")
            elif e["kind"] == "draw.reveal":
                need(e["at"] <= seal["reveal_by"], "开启截止以后还有人开启", e["at"], f"不晚于 {seal['reveal_by']}")
            bodies[e["kind"]].append(e["body"])
            times[e["kind"]].append(e["at"])
    beacon = seal["sources"]["beacon"]
    roots = {key: b.suite.root(split_lines(b.file(f"{key}.tsv"))) for key in ("result", "assign")}
    expected = {
        "draw.sealed": [{"seal": b.seal_hash}],
        "draw.commit": [{"source": p, "commit": c} for p, c in sorted(b.commits.items())],
        "draw.reveals_open": [{"commits": b.suite.hex(b.file("commits.tsv"))}],
        "draw.reveal": [{"source": p, "salt": s[0], "share": s[1]} for p, s in sorted(b.opened.items())],
        "draw.beacon": [{"name": beacon["kind"], "round": beacon["round"], "value": b.beacon}] if beacon else [],
        "draw.drawn": [{"seed_hash": b.seed_hash, **roots}],
    }
    for kind in ORDER:
        found = sorted(bodies[kind], key=lambda body: str(body.get("source")))
        equal(f"日志中的 {kind} 应与资料包一致", expected[kind], found)
    need(times["draw.sealed"][0] >= seal["sealed_at"], "封存记录早于封存时间", times["draw.sealed"][0], seal["sealed_at"])
    need(max(times["draw.commit"]) <= seal["commit_by"], "锁定截止以后还有人锁定", max(times["draw.commit"]), seal["commit_by"])
    if len(b.commits) < len(seal["sources"]["persons"]):
        need(times["draw.reveals_open"][0] >= seal["commit_by"], "未等到锁定截止就开启", times["draw.reveals_open"][0],
             seal["commit_by"])
    end = (times["draw.beacon"] or times["draw.drawn"])[0]
    need(end >= seal["beacon_from"], "公开随机数早于约定时间", end, seal["beacon_from"])
    if late or len(b.opened) < len(b.commits):
        need(end >= seal["reveal_by"], "还有人未开启，未等到开启截止就取号或抽取", end, seal["reveal_by"])


def step_order(b: Bundle, step: Step) -> None:
    checkpoint = Checkpoint(b.files["checkpoint.txt"]) if "checkpoint.txt" in b.files else None
    log = b.receipt["log"] if b.receipt else {}
    origin = checkpoint.origin if checkpoint else log.get("origin", "/sm3" if b.suite.name == "sm3" else "")
    suite, entries, leaves = Suite("sm3" if origin.endswith("/sm3") else "sha256"), [], []
    b.entries_read = None
    if checkpoint and log:
        equal("凭证的日志来源应与存证点一致", checkpoint.origin, log["origin"])
        if log["size"] == checkpoint.size:
            equal("凭证的日志根应与存证点一致", checkpoint.root, log["root"])
        else:
            need(log["size"] < checkpoint.size, "存证点比凭证所载的还早", checkpoint.size, f"不小于 {log['size']}")
            step.absent("凭证所载存证点与包中存证点之间的一致性证明")
    if "events.jsonl" in b.files:
        entries = read_events(b.files["events.jsonl"])
        leaves = [suite.hash(b"\0" + line) for line in split_lines(b.files["events.jsonl"])]
        for e, after, leaf in zip(entries, entries[1:], leaves):
            need(after["seq"] != e["seq"] + 1 or after["prev"] == leaf.hex(), f"日志 {after['seq']} 号与前一号衔接不上",
                 after["prev"], leaf.hex())
        check_order(b, entries)
        by_kind = {e["kind"]: e["seq"] for e in entries}
        if log:
            equal("凭证的封存、抽取序号应与日志一致", [by_kind["draw.sealed"], by_kind["draw.drawn"]], [log["sealed"], log["drawn"]])
        b.entries_read = entries
        step.note(f"日志 {len(entries)} 条：封存、锁定、截止、开启、取号、抽取依次发生，内容一致")
    else:
        step.absent("events.jsonl（本次抽取的日志）")
    if "proofs.json" in b.files:
        proofs = read_json(b.files["proofs.json"], "proofs.json")
        shape(size=whole(1), entries=listed(shape(seq=counted, path=listed(hexa))))(proofs, "proofs.json")
        size, root = (checkpoint.size, checkpoint.root) if checkpoint else (log.get("size"), log.get("root"))
        if size is not None and (checkpoint or size == proofs["size"]):
            equal("存在性证明应针对这个存证点的大小", size, proofs["size"])
            if entries:
                equal("存在性证明应与日志逐条对应", [e["seq"] for e in entries], [p["seq"] for p in proofs["entries"]])
            for leaf, p in zip(leaves, proofs["entries"]):
                path = [bytes.fromhex(h) for h in p["path"]]
                found = suite.root_from_path(leaf, p["seq"], size, path) if p["seq"] < size else None
                equal(f"日志 {p['seq']} 号的存在性证明应通向存证点的根", root, found)
            step.note(f"{len(leaves)} 条日志都在大小为 {size} 的日志树中")
    else:
        step.absent("proofs.json（日志的存在性证明）")
    if checkpoint is None:
        return step.absent("checkpoint.txt（存证点）")
    step.note(f"存证点 {checkpoint.origin}，大小 {checkpoint.size}，签名 {len(checkpoint.signatures)} 个")
    if b.log_key:
        checkpoint.check(checkpoint.origin, b.log_key, 1)
        step.note("日志签名成立")
    else:
        step.absent("日志公钥（--log-key），签名只核对了形式")
    for witness, key in b.witnesses.items():
        checkpoint.check(witness, key, 4)
        step.note(f"见证人 {witness} 的联署成立")
    return None


def step_afterwards(b: Bundle, step: Step) -> None:
    """Replacements whose entries name object, successor and reason are recomputed; others are only counted."""
    if b.entries_read is None:
        return step.absent("events.jsonl（抽取以后的替换、追加记录）")
    draw, sizes, checked, others = b.draw, b.draw.sizes(), 0, 0
    rows = [line.decode().split("\t") for line in split_lines(b.file("assign.tsv"))]
    holder, gone = {(row[0], row[1]): row[2] for row in rows}, defaultdict(set)
    now = {part: {i for h, ids in hs.items() for i in ids[: sizes[part][h]]} for part, hs in draw.ranked.items()}
    for e in b.entries_read:
        kind, body = e["kind"], e["body"]
        part, id_, leaving = body.get("part"), body.get("object"), body.get("officer")
        if kind == "draw.object_replaced" and part in now and {"object", "successor", "reason"} <= set(body):
            need(id_ in now[part], f"{part} 被替换的 {id_} 不是抽中的对象")
            need(draw.parts[part]["purpose"] != "inspectors", f"{part} 的名单在别处抽取，本协议不得递补")
            need(body["reason"] in b.plan["reasons"], f"替换 {id_} 的理由不在方案之内", body["reason"], b.plan["reasons"])
            h = next(h for h, ids in draw.ranked[part].items() if id_ in ids)
            ids, sizes[part][h] = draw.ranked[part][h], sizes[part][h] + 1
            equal(f"{part} 中替换 {id_} 的对象应为下一名次", ids[sizes[part][h] - 1: sizes[part][h]], [body["successor"]])
            now[part] = now[part] - {id_} | {body["successor"]}
            checked += 1
        elif kind == "draw.officer_replaced" and len(rows[0]) == 5 and holder.get((id_, body.get("slot"))) == leaving:
            gone[id_] |= {leaving, *(o for (i, _), o in holder.items() if i == id_)}
            slot = [s["slot"] for s in draw.slots].index(body["slot"])
            equal(f"接替 {leaving} 到 {id_} 的人员", draw.next_officer(id_, slot, gone[id_]), body.get("successor"))
            holder[id_, body["slot"]] = body["successor"]
            checked += 1
        elif kind in LATER[:4]:
            others += 1
    step.note(f"抽取以后替换 {checked} 次，均合规则" + (f"；另有 {others} 条记录须人工核对" if others else "")
              + "；公示结果是否覆盖全部抽中对象，请对照公示页")
    return None


def step_attempts(b: Bundle, step: Step) -> None:
    last = b.seal["attempt"]
    shown = {int(path.split("/")[1]): data for path, data in b.files.items() if path.startswith("attempts/")}
    need(all(n < last for n in shown), "attempts 中有不早于本次的抽取", sorted(shown), f"1 至 {last - 1}")
    states = None
    if b.receipt:
        equal("凭证应列出此前的每一次抽取", list(range(1, last)), [a["attempt"] for a in b.receipt["attempts"]])
        states = {a["attempt"]: a["state"] for a in b.receipt["attempts"]}
        for a in b.receipt["attempts"]:
            step.note(f"第 {a['attempt']} 次{'作废' if a['state'] == 'voided' else '失败'}：{a['reason']}")
    if last == 1:
        return step.note("这是第一次抽取")
    later, seen = b.seal, []
    for n in range(last - 1, 0, -1):
        if n not in shown:
            step.absent(f"attempts/{n}/seal.json")
            break
        where = f"attempts/{n}/seal.json"
        earlier = read_json(shown[n], where)
        check_seal(earlier, where)
        equal(f"{where} 的次数", n, earlier["attempt"])
        equal(f"第 {n + 1} 次的 prev 应是第 {n} 次封存的校验值", later["prev"], b.suite.hex(shown[n]))
        need(later["level"] >= earlier["level"], f"第 {n + 1} 次的级别降低", later["level"], earlier["level"])
        for key in ("suite", "prf", "org", "number"):
            equal(f"第 {n + 1} 次的 {key} 应与前次相同", earlier[key], later[key])
        changed = [key for key in ("plan", "ids", "register_seq", *LISTS) if earlier[key] != later[key]]
        if changed and states is None:
            step.absent(f"第 {n} 次已作废的证明（凭证）；此后 {'、'.join(changed)} 有变")
        need(not changed or states is None or states[n] == "voided", f"第 {n} 次失败以后 {'、'.join(changed)} 被改动",
             changed, "除作废外不得改动")
        later = earlier
        seen += [earlier]
    for key, fresh in (("UUID", [s["draw"] for s in [b.seal, *seen]]),
                       ("服务器份额", [s["sources"]["server"] for s in [b.seal, *seen]])):
        need(len(set(fresh)) == len(fresh), f"各次抽取的{key}应各不相同", fresh)
    step.note(f"已核对此前 {len(seen)} 次的封存")
    return None


STEPS: tuple[tuple[int, str, str, Callable[[Bundle, Step], None]], ...] = (  # in the order of dependence
    (0, "文件", "缺少或夹带文件", step_files),
    (1, "封存", "换用另一份底册或方案", step_seal),
    (2, "方案", "事后改比例", step_plan),
    (3, "名单", "增删对象、改换分层", step_lists),
    (4, "服务器份额", "服务器事后挑选份额", step_server),
    (5, "锁定与开启", "事后调换个人份额", step_commits),
    (7, "公开随机数", "挑选号码", step_beacon),
    (8, "种子", "用另一个种子", step_seed),
    (10, "数量", "不想查的少抽、想查的多抽", step_sizes),
    (9, "随机数与名次", "改动名次", step_numbers),
    (11, "人员", "派熟人去检查", step_teams),
    (14, "凭证", "给在场人的凭证与资料包不是同一次抽取", step_receipt),
    (6, "先后次序", "事后编造过程记录", step_order),
    (12, "抽取以后", "抽中以后有对象消失", step_afterwards),
    (13, "历次抽取", "反复抽到满意为止", step_attempts),
)


def verify_bundle(path: str, strict: bool = False, log_key: Optional[str] = None,
                  witness_keys: Optional[Mapping[str, str]] = None) -> list[Step]:
    """
    Verify the bundle in directory *path*, step by step (逐步复核资料包).

    Args:
        path: The bundle's directory.
        strict: Count what is not shown as wrong.
        log_key: Ed25519 public key of the log, 64 hex digits; without it its signature is not shown.
        witness_keys: Name -> Ed25519 public key of witnesses whose cosignature must be there.

    Returns:
        The steps 0-14 in order; the bundle is right when all are `ok`.

    Raises:
        OSError: there is no such directory.

    Source: vdraw/1 §15, §16.
    """
    os.scandir(path).close()
    bundle = Bundle(os.fspath(path), bytes.fromhex(log_key) if log_key else None,
                    {who: bytes.fromhex(key) for who, key in (witness_keys or {}).items()})
    steps = []
    for number, title, cheat, check in STEPS:
        step = Step(number, title, cheat, strict=strict)
        try:
            check(bundle, step)
        except Wrong as wrong:
            step.status, step.what, step.expected, step.found = WRONG, wrong.what, wrong.expected, wrong.found
        except Blocked as blocked:
            step.status, step.what = BLOCKED, str(blocked)
        except Exception as error:  # noqa: BLE001  input that no rule foresaw is refused, never a traceback
            step.status, step.what, step.found = WRONG, "文件超出可以处理的范围", f"{type(error).__name__}: {error}"
        steps.append(step)
    return sorted(steps, key=lambda step: step.number)


def verdict(steps: Sequence[Step]) -> str:
    bad = [str(step.number) for step in steps if not step.ok]
    absent = [str(step.number) for step in steps if step.status == ABSENT]
    rehearsal = "（演练）" if any(note.startswith("演练") for step in steps for note in step.notes) else ""
    if bad:
        return f"复核不通过{rehearsal}：第 {'、'.join(bad)} 步"
    return f"复核通过{rehearsal}" + (f"；第 {'、'.join(absent)} 步有证据未提供" if absent else "")


def report(steps: Sequence[Step]) -> str:
    lines = []
    for step in steps:
        lines.append(f"第 {step.number:2} 步 {step.title}：{step.status}（本步防止：{step.cheat}）")
        lines += [f"        {note}" for note in step.notes]
        if step.what:
            lines.append(f"        原因：{show(step.what, 600)}")
        if step.expected is not None or step.found is not None:
            lines += [f"        应为：{show(step.expected, 300)}", f"        实为：{show(step.found, 300)}"]
    return "\n".join([*lines, verdict(steps)])


def public_key(value: str) -> str:
    if not re.fullmatch(HEX, value.lower()):
        raise argparse.ArgumentTypeError("公钥应为 64 位十六进制")
    return value.lower()


def witness_key(value: str) -> tuple[str, str]:
    who, _, key = value.rpartition("=")
    return who, public_key(key)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="verify.py", description="逐步复核可验证抽取的资料包（规程 vdraw/1）")
    parser.add_argument("bundle", metavar="BUNDLE_DIR", help="复核资料包所在目录")
    parser.add_argument("--strict", action="store_true", help="未提供的证据也算不通过")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--log-key", type=public_key, metavar="HEX", help="日志的 Ed25519 公钥")
    parser.add_argument("--witness-key", type=witness_key, action="append", default=[], metavar="NAME=HEX",
                        help="见证人的名称和 Ed25519 公钥，可多次给出")
    options = parser.parse_args(arguments)
    try:
        steps = verify_bundle(options.bundle, options.strict, options.log_key, dict(options.witness_key))
    except (OSError, ValueError) as error:
        print(f"没有这个目录，或不能读取：{show(options.bundle)}（{type(error).__name__}）", file=sys.stderr)
        return 2
    code = 0 if all(step.ok for step in steps) else 1
    if options.json:
        rows = [{"step": s.number, "title": s.title, "status": CODES[s.status], "excludes": s.cheat, "notes": s.notes,
                 "problem": show(s.what, 600), "expected": show(s.expected, 300), "found": show(s.found, 300)}
                for s in steps]
        print(json.dumps({"exit": code, "verdict": verdict(steps), "steps": rows}, ensure_ascii=False, indent=1))
    else:
        print(report(steps))
    return code


if __name__ == "__main__":
    sys.exit(main())
