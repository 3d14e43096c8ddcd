"""What the pages of single items and of the wordings of a plan show (抽查事项的内容、历次版本、计划写法对照)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.documents.tables import Column
from fairdraw.files import selectors as stored
from fairdraw.files import services as files
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import AnnualPlan
from fairdraw.registers import aliases, point_lines
from fairdraw.registers import selectors as registers
from fairdraw.registers import tags as tag_names
from fairdraw.registers.entries import CheckPoint
from fairdraw.registers.models import Item, ItemAlias, ItemEdition, ItemVersion, TargetKind
from fairdraw.registers.rules import unpack_tags
from fairdraw.registers.wordings import GRADES
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui.formats import exact_percent

KEPT = (
    "name",
    "list_number",
    "category",
    "content",
    "legal_basis",
    "level",
    "object_text",
    "ratio_text",
    "frequency",
    "method",
    "personnel",
    "qualification",
    "department",
    "guide",
    "remarks",
)


EXPORTED = (
    *KEPT[:5],
    "basis_type",
    *KEPT[5:-1],
    "item_class",
    "ratio_limit",
    "kinds",
    "tags",
    "results",
    "measures",
    "remarks",
)
#: Headings that the import knows apart from a neighbour's.
HEADINGS = {"qualification": gettext_lazy("所需资格")}


@dataclass(frozen=True)
class Edition:
    """A version of an item with what it says otherwise than the one before."""

    version: ItemVersion
    differences: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Offer:
    """An item that a wording may mean, in words."""

    code: str
    name: str
    grade: str
    sure: bool


@dataclass(frozen=True)
class Unmatched:
    """A wording of the plan that no item of the list bears, with the rows it stands in and what it may mean."""

    wording: str
    rows: str
    offers: list[Offer]

    @property
    def sure(self) -> Offer | None:
        """The one offer that differs by nothing but marks and common words."""
        held = [offer for offer in self.offers if offer.sure]
        return held[0] if len(held) == 1 else None


def labels() -> dict[str, str]:
    """What the fields of an item are called."""
    return {field.name: str(field.verbose_name) for field in ItemVersion._meta.concrete_fields}


def _said(version: ItemVersion) -> list[tuple[str, str]]:
    """All that a version says, with the labels of the list."""
    label = labels()
    said = [(label[name], getattr(version, name)) for name in KEPT]
    limit = exact_percent(version.ratio_limit) if version.ratio_limit is not None else ""
    said[5:5] = [(label["basis_type"], version.get_basis_type_display())]
    return [
        *said,
        (label["item_class"], version.get_item_class_display()),
        (label["ratio_limit"], limit),
        (label["kinds"], _named(unpack_tags(version.kinds), dict(TargetKind.choices))),
        (label["tags"], tag_names.said(unpack_tags(version.tags))),
        *((label[name], _named(getattr(version, name), dict(known))) for name, known in outcomes().items()),
    ]


def _named(codes: Iterable[str], labels: Mapping[str, Any]) -> str:
    return "；".join(str(labels.get(code, code)) for code in codes)


def outcomes() -> dict[str, list[tuple[str, str]]]:
    """The results and the measures of today's rulebook, as choices of an item (可用的检查结果、后续处置)."""
    on = clock.today()
    return {
        "results": [(c.code, f"{c.code} {c.label}") for c in rulebook.result_codes(on).values()],
        "measures": [(m.code, m.label) for m in rulebook.measures(on).values()],
    }


def blank(on: dt.date) -> ItemVersion:
    """An item of which nothing is said yet; never stored."""
    return ItemVersion(item=Item(), starts_on=on)


def facts(version: ItemVersion) -> list[tuple[str, str]]:
    """What an item says, its code first; what is empty is left out."""
    return [(_("事项编号"), version.item.code), *((k, v) for k, v in _said(version) if v)]


def columns() -> tuple[Column, ...]:
    """The columns of an exported list (rules.md B5)."""
    label = labels()
    return (
        Column(_("编号"), width=12),
        *(Column(str(HEADINGS.get(name, label[name])), width=20) for name in EXPORTED),
        Column(label["points"], width=60),
        Column(_("状态"), width=10),
    )


def table_rows(versions: Iterable[ItemVersion]) -> Iterator[tuple[str, ...]]:
    """Exactly the items that the filter shows, in words that the import reads back."""
    label = labels()
    for one in versions:
        said = dict(_said(one))
        cells = (said[label[name]] for name in EXPORTED)
        yield (one.item.code, *cells, point_lines.lines(points(one)), str(one.get_state_display()))


def points(version: ItemVersion) -> list[CheckPoint]:
    """The check points of a version."""
    return [CheckPoint.from_json(point) for point in version.points]


def kept_guide(given: Any) -> str:
    """Store the guide that was sent with an item; its hash, or nothing where none was sent."""
    if not given:
        return ""
    kind = given.content_type or "application/octet-stream"
    return files.store(given.read(), media_type=kind, name=given.name[-255:], now=clock.now()).pk


def guide(code: str, number: int) -> tuple[bytes, str]:
    """
    The guide of one version of an item: content, compared with its hash, and name.

    Raises:
        NotFound: There is none.
    """
    held = ItemVersion.objects.filter(item__code=code, version=number).select_related("guide_file").first()
    if held is None or held.guide_file is None:
        raise NotFound(_("这一版事项没有检查指引文件"))
    return stored.read(held.guide_file.pk), held.guide_file.name


def history(version: ItemVersion) -> list[Edition]:
    """All versions of an item, the newest first, each with its differences from the one before."""
    held = list(version.item.versions.select_related("guide_file").order_by("version"))
    found = []
    for older, newer in zip([None, *held], held, strict=False):
        before = dict(_whole(older)) if older else {}
        after = _whole(newer)
        found.append(Edition(newer, [(k, before[k], v) for k, v in after if older and before[k] != v]))
    return found[::-1]


def _whole(version: ItemVersion) -> list[tuple[str, str]]:
    """All that a version says, its check points and the name of its guide included."""
    return [
        *_said(version),
        (_("检查要点"), _points(version)),
        (_("检查指引文件"), version.guide_file.name if version.guide_file else ""),
    ]


def _points(version: ItemVersion) -> str:
    return "；".join(point.question for point in points(version))


def unmatched(plan: AnnualPlan, *, on: dt.date) -> list[Unmatched]:
    """The wordings of a plan's rows that are not sure to mean an item of the list, with offers."""
    in_force = {v.item_id: v for v in registers.items_on(on)}
    names = aliases.names({key: v.name for key, v in in_force.items()})
    rows: dict[str, list[str]] = defaultdict(list)
    for row in plans.current_versions(plan).select_related("row"):
        for wording in row.items:
            if names.known(wording) is None:
                rows[wording].append(str(row.row.number))
    found = []
    for wording, numbers in rows.items():
        offers = [
            Offer(
                code=in_force[one.key].item.code,
                name=in_force[one.key].name,
                grade=_(GRADES[one.grade]),
                sure=one.is_sure,
            )
            for one in names.suggestions(wording)
        ]
        found.append(Unmatched(wording, "、".join(numbers), offers))
    return found


def editions() -> list[ItemEdition]:
    """The editions in which the list was issued, the newest first, each with how many items it holds."""
    return list(ItemEdition.objects.annotate(held=Count("versions")).order_by("-number"))


def remembered() -> list[ItemAlias]:
    """The wordings that are remembered, the newest first; old names of items among them."""
    return list(ItemAlias.objects.select_related("item").order_by("-pk"))
