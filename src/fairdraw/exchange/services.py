"""
Files into the registers and plans (导入): read whole, refuse whole, enter whole.

Readers give plain rows and what is wrong with them; here they become entries of the stages above.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from fairdraw.exchange import tables
from fairdraw.exchange.readers import inspectors as inspector_reader
from fairdraw.exchange.readers import items as item_reader
from fairdraw.exchange.readers import plans as plan_reader
from fairdraw.exchange.readers import report, scope_tags
from fairdraw.exchange.readers import targets as target_reader
from fairdraw.exchange.readers.plans import PlanGroup, PlanRowRead
from fairdraw.exchange.readers.targets import TargetRow
from fairdraw.kernel.errors import Trouble
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.registers.entries import InspectorEntry, ItemEntry, TargetEntry

Tagger = Callable[[TargetRow], tuple[str, ...]]


@dataclass
class Told:
    """Cautions of a file that was taken in all the same (导入提醒)."""

    cautions: list[Trouble] = field(default_factory=list)

    def require(self, troubles: Iterable[Trouble]) -> None:
        """Refuse errors, keep cautions."""
        held = list(troubles)
        report.require(held)
        self.cautions += report.cautions(held)


def read_targets(
    path: Path, *, stations: dict[str, str], tagger: Tagger | None, told: Told
) -> list[TargetEntry]:
    """
    The targets of a file (检查对象名录).

    Args:
        path: csv or a workbook.
        stations: Station code by the names under which files know it.
        tagger: Makes up supervision tags from a row, in a rehearsal whose file has none.
        told: Collects the cautions.

    Raises:
        InvalidInput: At least one row cannot be used; names file, row and column.
    """
    entries: list[TargetEntry] = []
    troubles: list[Trouble] = []
    for batch in target_reader.batches(tables.read(path)):
        troubles += batch.troubles
        entries += [_target(row, stations, tagger) for row in batch.rows]
    told.require(troubles)
    silent = sum(1 for entry in entries if not entry.status)
    if silent:
        told.cautions.append(Trouble(f"{silent}行没有登记状态，暂按存续登记", file=path.name))
    return [replace(e, status="existing") if not e.status else e for e in entries]


def _target(row: TargetRow, stations: dict[str, str], tagger: Tagger | None) -> TargetEntry:
    made_up = tagger(row) if tagger is not None and not row.tags else ()
    return TargetEntry(
        draw_code=row.draw_code or row.code,
        name=row.name,
        kind=row.kind,
        status=row.status,
        uscc=row.uscc,
        old_number=row.old_number,
        entity_type=row.entity_type,
        registered_on=row.registered_on,
        address=row.address,
        town_code=row.town_code or row.authority,
        town=row.town,
        station_code=stations.get(row.station, ""),
        industry=row.industry,
        scope=row.scope,
        tags=tuple(sorted({*row.tags, *made_up})),
        credit_class=row.credit_class,
        credit_computed_on=row.class_computed_on,
        abnormal=bool(row.abnormal),
        serious=bool(row.serious),
        annual_report=row.annual_report,
        invented="scopes" if made_up else "",
    )


def tag_from_words(row: TargetRow) -> tuple[str, ...]:
    """Supervision tags made up from a target's name and business scope (``--invent scopes``)."""
    return scope_tags.tags_for(name=row.name, scope=row.scope)


def read_items(path: Path, *, confirm: bool, told: Told) -> list[ItemEntry]:
    """
    The items of a file (抽查事项清单), one a code with its contents joined.

    Args:
        path: csv or a workbook.
        confirm: Mark them as confirmed and published (``--invent items``); else they stay 待核.
        told: Collects the cautions.
    """
    reading = item_reader.read(tables.read(path))
    told.require(reading.troubles)
    by_code: dict[str, list[item_reader.ItemRow]] = {}
    for row in reading.rows:
        by_code.setdefault(row.item_code or row.item_no, []).append(row)
    return [_item(code, rows, confirm) for code, rows in by_code.items()]


def _item(code: str, rows: list[item_reader.ItemRow], confirm: bool) -> ItemEntry:
    first = rows[0]
    points = tuple(dict.fromkeys(r.sub_item for r in rows if r.sub_item))
    return ItemEntry(
        code=code,
        name=first.item,
        category=first.category,
        content="；".join(points),
        legal_basis=first.legal_basis,
        object_text="；".join(dict.fromkeys(r.object for r in rows if r.object))[:400],
        item_class=first.item_class or ("general" if confirm else ""),
        ratio_limit=Decimal(first.ratio_limit) if first.ratio_limit else None,
        ratio_text=first.ratio[:400],
        frequency=first.frequency[:200],
        method=first.method[:100],
        points=points,
        confirmed=confirm,
        invented=confirm,
    )


def read_inspectors(path: Path, *, agencies: dict[str, str], told: Told) -> list[InspectorEntry]:
    """The inspectors of a file (执法检查人员名录); *agencies* gives an agency's code by code or name."""
    reading = inspector_reader.read(tables.read(path))
    troubles = list(reading.troubles)
    entries: list[InspectorEntry] = []
    for row in reading.rows:
        if row.agency not in agencies:
            troubles.append(
                Trouble(
                    f"没有名为“{row.agency}”的单位，请先建立或改正",
                    file=path.name,
                    row=row.number,
                    column="agency",
                )
            )
            continue
        entries.append(
            InspectorEntry(
                code=row.code,
                name=row.name,
                agency_code=agencies[row.agency],
                certificate_number=row.certificate_no,
                valid_from=row.valid_from or dt.date(2000, 1, 1),
                valid_to=row.valid_to or dt.date(2000, 1, 1),
                qualifications=row.qualifications,
                areas=row.areas or ("*",),
                assistant=bool(row.assistant),
                expert=bool(row.expert),
                trained=row.trained is not False,
            )
        )
    told.require(troubles)
    return entries


def read_plan(path: Path, *, year: int, told: Told) -> list[PlanRowEntry]:
    """The rows of a plan table, rows that are one task joined (年度抽查计划表)."""
    reading = plan_reader.read(plan_reader.open_table(path), year=year)
    told.require(reading.troubles)
    return [_plan_row(group) for group in plan_reader.group_rows(reading.rows)]


def _plan_row(group: PlanGroup) -> PlanRowEntry:
    row = group.row
    return PlanRowEntry(
        source_no=row.source_no,
        task_name=row.task_name,
        items=row.items,
        object_scope=row.object_scope,
        check_type=row.check_type,
        initiator=row.initiator,
        participants=row.participants,
        ratio_min=row.ratio_min,
        ratio_max=row.ratio_max,
        ratio_by_class=row.ratio_by_class,
        ratio_by_kind=row.ratio_by_kind,
        count_min=row.count_min,
        count_max=row.count_max,
        count_by_class=row.count_by_class,
        classes_excluded=row.classes_excluded,
        window_start=row.window_start,
        window_end=row.window_end,
        raw=row.raw,
        problems=_holding(row),
    )


def _holding(row: PlanRowRead) -> tuple[str, ...]:
    """Why a row cannot be planned as it is read; what was read well enough is no reason."""
    reasons = [
        problem.reason if problem.column == "row_status" else str(problem)
        for problem in row.problems
        if problem.grave
    ]
    if row.missing:
        reasons.append("缺少" + "、".join(row.missing))
    return tuple(reasons)


def distinct_stations(rows: Iterable[TargetRow]) -> Iterator[str]:
    """The station names that a file of targets mentions, each once, in the order of the file."""
    return iter(dict.fromkeys(r.station for r in rows if r.station))
