"""Pure decisions about draws: levels, deadlines, who may be which person (vdraw/1 §2, §6, §7)."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Set

from fairdraw.kernel.text import gettext_noop as _

# Entropy is handed in by the door: bytes of the operating system, or of a rehearsal's seed.
Entropy = Callable[[int], bytes]

# Hours until commitments and reveals close. Decided here, not law: two people in different sections must
# find each other within a working week (ADR 0005).
COMMIT_HOURS = 72
REVEAL_HOURS = 72
MIN_REVEALS = 2  # vdraw/1 §8: never fewer
NUMBER_LATE_AFTER = dt.timedelta(days=7)  # vdraw/1 §17
BEACONS = ("dice",)  # vdraw/1 §7.4: lottery kinds and the two networks are off unless enabled by name
POOL_SUGGESTED_FROM = 3  # design.md §4: 批次抽取 is suggested when three tasks wait

# Why a drawn target may be replaced: what an approver can verify (vdraw/1 §11); all stand in every plan.
REPLACEABLE = {
    "deregistered": _("抽取前已注销"),
    "moved_out": _("抽取前已迁出"),
    "duplicate": _("重复登记"),
    "outside": _("不在辖区"),
}
# Why an inspector may be replaced (vdraw/1 §12; 行政处罚法第四十三条).
RECUSAL = "recusal"
AWAY = {
    RECUSAL: _("回避"),
    "illness": _("患病"),
    "absence": _("离岗、借调"),
    "certificate": _("执法证失效"),
}
MOST_AT_TARGET = 2  # vdraw/1 §12.3: more than two at one target, or
ONE_IN = 20  # more than 5 % in one task, need a higher office

CLASS_TAG = re.compile(r"(?:^|,)(?:credit|mix|own-[0-9A-Za-z_-]+)\.g?[ABCD](?:,|$)")

# The public key of the custodian of rehearsals (练习保管人): its private half is public as well, since a
# rehearsal keeps nothing from anybody. A live installation names its own.
PRACTICE_CUSTODIAN = "age1vcffysnw6z8t7fx6y39zfqdq826s6yl2j5y9p6kunskzastalg7sa3lcnl"


def new_uuid(entropy: Entropy) -> str:
    """A random UUID from the entropy that was handed in."""
    return str(uuid.UUID(bytes=entropy(16), version=4))


def scope_tag(task_number: str) -> str:
    """The tag by which a frame row stands in the part of a task (vdraw/1 §6.1)."""
    return f"in.{task_number}"


def own_tag(task_number: str, stratum: str = "") -> str:
    """The tag of a task whose strata are its own (自定分层), and of its *stratum* (vdraw/1 §5)."""
    return f"own-{task_number}.{stratum}" if stratum else f"own-{task_number}"


def task_of_tag(tag: str) -> str:
    """The task's number in a scope tag; empty for other tags."""
    return tag.removeprefix("in.") if tag.startswith("in.") else ""


def class_of_tags(tags: str) -> str:
    """The credit class that was sealed for a frame row; empty for an unclassed one."""
    return next((tag.removeprefix("credit.") for tag in tags.split(",") if tag.startswith("credit.")), "")


def tells_class(tags: str) -> bool:
    """Whether the tags of a frame row tell the credit class of its target."""
    return bool(CLASS_TAG.search(tags))


def is_much_the_same(one: Set[str], two: Set[str]) -> bool:
    """Whether two lists share more than half of the targets of either (vdraw/1 §13)."""
    return 2 * len(one & two) > min(len(one), len(two))


def level_for(tasks: int, *, least: int) -> int:
    """The level that is suggested for a pool of *tasks*, never below the organisation's own."""
    return max(least, 2 if tasks >= POOL_SUGGESTED_FROM else 1)


def log_origin(org: str) -> str:
    """The public name of the log of an installation (vdraw/1 §14)."""
    return f"{org}/log"
