"""
A pack (任务包): everything that several tasks need on paper, in one file for the printer.

A list of the tasks and doors; the signed forms; then route by route the team's sheet and, door by door, the notice and the
record sheets. A door that several tasks share is printed once. Numbers run through: list, route sheet and the foot of each
paper agree.

Clauses: 安市监〔2024〕26号 三（一）, 四（二）（进一次门，查多项事); scenes 1 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from fairdraw.documents import rules
from fairdraw.documents.pdf import VISITS_PER_RUN, plain_visit
from fairdraw.documents.shapes import Pack, Route, Visit
from fairdraw.documents.typesetting import Plainer, typeset_series
from fairdraw.kernel.errors import InvalidInput

Numbered = tuple[int, Visit]


def pack_pdf(pack: Pack, visits: Iterable[Visit], *, forms: Iterable[bytes] = (), mark: str = "") -> bytes:
    """
    Print a pack.

    Args:
        pack: Its tasks.
        visits: Every door of theirs, each once, in any order.
        forms: PDFs that go behind the list, such as approval forms.
        mark: What stands on every page of a rehearsal.

    Raises:
        InvalidInput: There is no door.
    """
    routes = rules.routes(visits, office=pack.office.name)
    if not routes:
        raise InvalidInput(_("所选任务没有待检查的对象，没有可以打印的文书"))
    return typeset_series(_jobs(pack, routes, forms, mark), title=f"任务包 {pack.tasks[0].number}")


def _jobs(
    pack: Pack, routes: Sequence[Route], forms: Iterable[bytes], mark: str
) -> Iterator[tuple[str, dict[str, object]] | bytes]:
    head, number = Plainer(), 0
    numbered: list[list[Numbered]] = []
    for route in routes:
        numbered.append([(number + n, visit) for n, visit in enumerate(route.visits, start=1)])
        number += len(route.visits)
    common = {"title": "任务包", "mark": mark, "choices": head.value(pack.choices)}
    yield (
        "pack.typ",
        {
            **common,
            "pack": head.value(pack),
            "doors": number,
            "routes": [
                {**_head(head, no, one), "rows": [_row(head, *visit) for visit in one]}
                for no, one in enumerate(numbered, start=1)
            ],
            "missing": head.note(),
        },
    )
    yield from forms
    for some in _runs(numbered):
        plainer = Plainer()
        lines = [
            {
                **_head(plainer, no, one),
                "rows": [_row(plainer, *visit) for visit in one],
                "visits": [{**plain_visit(visit), "no": place} for place, visit in one],
            }
            for no, one in some
        ]
        yield "pack_routes.typ", {**common, "routes": lines, "missing": plainer.note()}


def _runs(numbered: Sequence[list[Numbered]]) -> Iterator[list[tuple[int, list[Numbered]]]]:
    """Whole routes together until a run is full; one long route is a run of its own."""
    some: list[tuple[int, list[Numbered]]] = []
    for no, one in enumerate(numbered, start=1):
        if some and sum(len(held) for _no, held in some) + len(one) > VISITS_PER_RUN:
            yield some
            some = []
        some.append((no, one))
    yield some


def _head(plainer: Plainer, no: int, doors: Sequence[Numbered]) -> dict[str, object]:
    first = doors[0][1]
    return {
        "no": no,
        "office": plainer.text(first.office.name),
        "station": plainer.text(first.party.station or "未分所"),
        "team": plainer.value(first.inspectors),
        "from": plainer.value(first.window_from),
        "to": plainer.value(first.window_to),
    }


def _row(plainer: Plainer, no: int, visit: Visit) -> dict[str, object]:
    party = visit.party
    return {
        "no": no,
        "town": plainer.text(party.town),
        "name": plainer.text(party.name),
        "code": plainer.text(party.code),
        "address": plainer.text(party.address),
        "tasks": "、".join(one.number for one in visit.tasks),
        "notice": plainer.text(visit.notice_number),
    }
