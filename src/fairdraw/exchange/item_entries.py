"""
From the rows of an item list to items (抽查事项清单; rules.md B5): sub-items joined, nothing of a row left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.exchange.readers import items as reader
from fairdraw.exchange.readers.cells import words
from fairdraw.exchange.readers.columns import Columns
from fairdraw.exchange.readers.items import ItemRow
from fairdraw.exchange.readers.plan_amounts import read_ratio
from fairdraw.kernel import clock
from fairdraw.kernel.errors import Trouble
from fairdraw.registers import point_lines
from fairdraw.registers import tags as tag_names
from fairdraw.registers.entries import CheckPoint, ItemEntry
from fairdraw.registers.models import BasisType, TargetKind
from fairdraw.rulebook import selectors as rulebook

SPACE = "；"
_PARTS, _COMMAS = re.compile(r"[；;\n]+"), re.compile(r"[、，,]+")
#: Columns that name things of a list of their own, by code or in words.
LISTS = ("kinds", "results", "measures")
# What a list of joint checks says besides (发起、配合、时间): kept among the remarks.
BESIDES = (
    ("initiator", gettext_lazy("发起部门")),
    ("participants", gettext_lazy("配合部门")),
    ("window_raw", gettext_lazy("抽查时间")),
    ("remarks", ""),
)
# What sub-items of one item may say each for itself.
OF_A_POINT = (
    ("object", gettext_lazy("抽查对象")),
    ("ratio", gettext_lazy("抽查比例")),
    ("frequency", gettext_lazy("抽查频次")),
    ("method", gettext_lazy("抽查方式")),
    ("level", gettext_lazy("抽查主体")),
)


def faults(rows: Iterable[ItemRow], columns: Columns, *, file: str) -> list[Trouble]:
    """What keeps rows out: a code that names two items, a limit that cannot be read; with row and column."""
    first: dict[str, ItemRow] = {}
    troubles = []
    for row in rows:
        held = first.setdefault(row.item_code, row) if row.item_code else row
        if held.item != row.item:
            said = _("编号“%(code)s”与第%(row)s行相同而事项不同，请核对")
            words = {"code": row.item_code, "row": held.number}
            troubles.append(
                Trouble(said % words, file=file, row=row.number, column=columns.name("item_code"))
            )
        if row.ratio_limit and _limit(row) is None:
            said = _("比例上限“{text}”读不出，请写成 20% 这样").format(text=row.ratio_limit)
            troubles.append(Trouble(said, file=file, row=row.number, column=columns.name("ratio_limit")))
        for name, unknown in _unknown(row):
            said = _("“%(word)s”不认识；可填%(known)s")
            told = {"word": unknown, "known": "、".join(dict.fromkeys(_known(name).values()))}
            troubles.append(Trouble(said % told, file=file, row=row.number, column=columns.name(name)))
    return troubles


def _unknown(row: ItemRow) -> list[tuple[str, str]]:
    """The words of a row that name nothing of the lists that they are of."""
    words = [
        (name, word) for name in LISTS if getattr(row, name) for word in _words(name, getattr(row, name))
    ]
    if row.basis_type:
        words.append(("basis_type", row.basis_type))
    return [(name, word) for name, word in words if _code(name, word) is None]


def _known(name: str) -> dict[str, str]:
    """What a column may name: code and words."""
    if name == "kinds":
        return {code: str(label) for code, label in TargetKind.choices}
    if name == "basis_type":
        return {code: str(label) for code, label in BasisType.choices}
    on = clock.today()
    if name == "results":
        return {c.code: f"{c.code} {c.label}" for c in rulebook.result_codes(on).values()}
    return {m.code: m.label for m in rulebook.measures(on).values()}


def _code(name: str, word: str) -> str | None:
    """The code that a word means: the code itself, its words, or words behind their code (07 未发现问题)."""
    known = _known(name)
    if word in known:
        return word
    said = {label: code for code, label in known.items()}
    said |= {label.removeprefix(f"{code} "): code for code, label in known.items()}
    return said.get(" ".join(word.split()))


def _words(name: str, text: str) -> list[str]:
    """The words of a cell: parted by semicolons or lines, else by commas, as some words hold a comma themselves."""
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    return [
        word
        for part in parts
        for word in ([part] if _code(name, part) else map(str.strip, _COMMAS.split(part)))
    ]


def _codes(name: str, rows: Sequence[ItemRow]) -> tuple[str, ...]:
    """The codes that the rows of an item name in a column, each once."""
    words = dict.fromkeys(word for row in rows for word in _words(name, getattr(row, name)))
    return tuple(dict.fromkeys(code for word in words if (code := _code(name, word))))


def entries_of(rows: Iterable[ItemRow], *, confirm: bool) -> list[ItemEntry]:
    """
    The items of the rows of one list, one a code with its sub-items as check points.

    An item is known by its code, in a list without codes by its name. It is called confirmed only where its own columns
    state kind, basis and, unless it is 重点, the limit; a limit read out of the wording of the ratio is an offer.

    Args:
        rows: The rows of the list, in its order.
        confirm: Make up what is missing (a rehearsal); such an item is marked as invented.
    """
    groups: dict[str, list[ItemRow]] = {}
    for row in rows:
        groups.setdefault(row.item_code or row.item, []).append(row)
    return [_entry(group, confirm) for group in groups.values()]


def _entry(rows: Sequence[ItemRow], confirm: bool) -> ItemEntry:
    first = rows[0]
    kind = first.item_class if len({row.item_class for row in rows}) == 1 else ""
    basis = _joined(row.legal_basis for row in rows)
    stated = _lowest(_limit(row) for row in rows)
    complete = bool(kind and basis and (stated is not None or kind == reader.KEY))
    complete = complete and not any(row.partial for row in rows)
    return ItemEntry(
        code=first.item_code,
        name=first.item,
        list_number=_joined(row.item_no for row in rows)[:20],
        category=_joined(row.category for row in rows),
        content=_joined(row.sub_item for row in rows),
        legal_basis=basis or (_("（虚构：清单未写依据）") if confirm else ""),
        level=_joined(row.level for row in rows),
        object_text=_joined(row.object for row in rows),
        item_class=kind or (reader.GENERAL if confirm else ""),
        ratio_limit=stated if stated is not None else _lowest(_offered(row) for row in rows),
        ratio_text=_joined(row.ratio for row in rows),
        frequency=_joined(row.frequency for row in rows),
        method=_joined(row.method for row in rows),
        personnel=_joined(row.personnel for row in rows),
        department=_joined(row.department for row in rows),
        points=_points(rows),
        basis_type=next((_code("basis_type", row.basis_type) or "" for row in rows if row.basis_type), ""),
        kinds=_codes("kinds", rows),
        tags=tuple(dict.fromkeys(word for row in rows for word in map(tag_names.code, words(row.tags)))),
        qualification=next((row.qualification for row in rows if row.qualification), ""),
        results=_codes("results", rows),
        measures=_codes("measures", rows),
        guide=_joined(row.guide for row in rows),
        remarks=_joined(_besides(row) for row in rows),
        confirmed=complete or confirm,
        invented=confirm and not complete,
    )


def _points(rows: Sequence[ItemRow]) -> tuple[CheckPoint, ...]:
    """The check points that a list writes out in a column of their own; else its sub-items."""
    written = [point for row in rows for point in point_lines.points(row.points)]
    return tuple(dict.fromkeys(written or (_point(row, rows) for row in rows if row.sub_item)))


def _point(row: ItemRow, rows: Sequence[ItemRow]) -> CheckPoint:
    """A sub-item as a check point; what it says otherwise than its neighbours goes with it."""
    own = [(label, getattr(row, name)) for name, label in OF_A_POINT if _varies(name, rows)]
    return CheckPoint(
        question=row.sub_item,
        basis=row.legal_basis if _varies("legal_basis", rows) else "",
        note=SPACE.join(f"{label}：{value}" for label, value in own if value),
    )


def _varies(name: str, rows: Sequence[ItemRow]) -> bool:
    return len({getattr(row, name) for row in rows}) > 1


def _besides(row: ItemRow) -> str:
    said = [(label, getattr(row, name)) for name, label in BESIDES]
    return SPACE.join(f"{label}：{value}" if label else value for label, value in said if value)


def _joined(texts: Iterable[str]) -> str:
    """What the rows of an item say, each wording once."""
    return SPACE.join(dict.fromkeys(text for text in texts if text))


def _limit(row: ItemRow) -> Decimal | None:
    """The limit that a row states in the column of its own."""
    found = read_ratio(row.ratio_limit)
    return None if found.error or found.problem else found.ratio_max


def _offered(row: ItemRow) -> Decimal | None:
    """The limit that the wording of a ratio names (不超过15%): a ratio with a lower end is none."""
    found = read_ratio(row.ratio)
    unread = found.error or found.problem or found.ratio_min is not None
    return None if unread else found.ratio_max


def _lowest(limits: Iterable[Decimal | None]) -> Decimal | None:
    return min((limit for limit in limits if limit is not None), default=None)
