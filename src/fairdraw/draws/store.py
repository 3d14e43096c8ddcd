"""From the bytes of an outcome to rows: drawn targets, reserves, teams (抽取结果入库)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from drawcore.changes import Moved
from drawcore.outcome import Outcome
from drawcore.prf import prn_hex
from drawcore.rows import Frame
from fairdraw.draws import selectors
from fairdraw.draws.models import Draw, DrawnList, DrawnRow, DrawnTeam
from fairdraw.draws.run import Ran
from fairdraw.kernel import clock
from fairdraw.plans.models import Task
from fairdraw.registers.models import Inspector, Target

CHUNK = 1000


def rows(draw: Draw, tasks: Sequence[Task], outcome: Outcome, frame: Frame, *, now: dt.datetime) -> None:
    """Enter what was drawn: a list for each task drawn here, its rows, and the teams of the draw."""
    lists = {task.number: _list(draw, task, now) for task in tasks}
    lines = [line.split("\t") for line in outcome.result.decode().splitlines()]
    dealt = [line.split("\t") for line in outcome.assign.decode().splitlines()]
    targets = _targets(sorted({line[5] for line in lines} | {line[0] for line in dealt}))
    sizes, classes = _sizes(outcome), selectors.classes(draw)
    DrawnRow.objects.bulk_create(
        (_row(line, lists[line[0].split(".")[0]], targets[line[5]], sizes, frame, classes) for line in lines),
        batch_size=CHUNK,
    )
    inspectors = {i.code: i for i in Inspector.objects.filter(code__in={line[2] for line in dealt})}
    DrawnTeam.objects.bulk_create(
        (
            DrawnTeam(
                draw=draw,
                target=targets[line[0]],
                slot=line[1],
                inspector=inspectors[line[2]],
                prn=line[3],
                bundle=int(line[5]) if len(line) > 5 else None,
                team=line[6] if len(line) > 6 else "",
            )
            for line in dealt
        ),
        batch_size=CHUNK,
    )


def _list(draw: Draw, task: Task, now: dt.datetime) -> DrawnList:
    """The list of *task*: the one received from elsewhere, or a new one of our own."""
    held = selectors.list_of(task)
    if held is None:
        day = clock.local_date(now)
        return DrawnList.objects.create(task=task, draw=draw, source="own", drawn_on=day, created_at=now)
    held.draw = draw
    held.save(update_fields=["draw"])
    return held


def _row(
    line: Sequence[str],
    held: DrawnList,
    target: Target,
    sizes: dict[tuple[str, str], tuple[int, int]],
    frame: Frame,
    classes: Mapping[str, str],
) -> DrawnRow:
    part, stratum, rank, mark, prn, code = line
    drawn, of = sizes[part, stratum]
    return DrawnRow(
        drawn_list=held,
        task=held.task,
        target=target,
        part=part,
        stratum=stratum,
        rank=int(rank),
        reserve=mark == "R",
        prn=prn,
        unit=frame.units[frame.index[code]],
        kind_as_sealed=target.kind,
        class_as_sealed=classes.get(code, ""),
        probability_num=drawn,
        probability_den=of,
    )


def moved_up(left: DrawnRow, moved: Moved, ran: Ran) -> DrawnRow:
    """The row of the target that moves up for *left*: its reserve row, or a new one past the reserves."""
    held = DrawnRow.objects.filter(drawn_list=left.drawn_list, part=moved.part, target__draw_code=moved.id)
    found = held.select_related("target").first()
    if found is not None:
        return found
    stratum = ran.selection.parts[moved.part][moved.stratum]
    prn = prn_hex(stratum.ranked[moved.rank - 1][0])
    line = (moved.part, moved.stratum, str(moved.rank), "R", prn, moved.id)
    sizes = {(moved.part, moved.stratum): (stratum.size.drawn, len(stratum.ranked))}
    held_list = left.drawn_list
    assert held_list.draw is not None
    classes = selectors.classes(held_list.draw)
    row = _row(line, held_list, _targets([moved.id])[moved.id], sizes, ran.frame, classes)
    row.save(force_insert=True)
    return row


def _targets(codes: Sequence[str]) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for start in range(0, len(codes), CHUNK):
        for target in Target.objects.filter(draw_code__in=codes[start : start + CHUNK]):
            found[target.draw_code] = target
    return found


def _sizes(outcome: Outcome) -> dict[tuple[str, str], tuple[int, int]]:
    """Drawn and held in each stratum: every target's inclusion probability, given the sealed frame (X03)."""
    return {
        (part, code): (stratum.size.drawn, len(stratum.ranked))
        for part, strata in outcome.selection.parts.items()
        for code, stratum in strata.items()
    }
