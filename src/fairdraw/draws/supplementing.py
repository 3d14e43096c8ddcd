"""
When nobody is left who may follow an inspector (补充检查人员; vdraw/1 §12.3): everybody else who may go is added.

Nobody picks among them, and only people who were in the register when it was frozen count, so that no
successor can be made to measure.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from drawcore import suites
from drawcore.rows import Officers
from fairdraw.audit import services as audit
from fairdraw.audit.models import LogRow
from fairdraw.draws import course, frames, permissions, rules, selectors, vault
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable, explained
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor

SUPPLEMENTED = "draw.officers_supplemented"
REASON = "nobody_left"
Row = tuple[str, str, str, str, int]


def candidates(draw: Draw, *, now: dt.datetime) -> list[Row]:
    """Who may go today, is not in the draw's list, and was in the register when that was frozen."""
    with explained():
        listed = course.standing(draw).course.officers.by_id
    then = _registered(draw)
    rows = frames.officer_rows(list(selectors.tasks(draw)), starts_on=clock.local_date(now))
    return [row for row in rows if row[0] not in listed and row[0] in then]


def _registered(draw: Draw) -> set[str]:
    """The codes of the inspectors whom the log had entered when the register of *draw* was frozen."""
    rows = LogRow.objects.filter(entry__kind="inspectors.imported", entry__seq__lte=draw.register_seq)
    documents = rows.values_list("document", flat=True).iterator(chunk_size=5000)
    return {bytes(document).split(b"\t", 1)[0].decode() for document in documents}


@transaction.atomic
def supplement_inspectors(*, draw_id: str, actor: Actor, now: dt.datetime) -> list[str]:
    """
    Add everybody who may go and is not in the list of a finished draw (补充检查人员); gives their codes.

    Afterwards they rank by the same rule as all others.

    Args:
        draw_id: The finished draw.
        actor: The approving leader.
        now: When.

    Raises:
        NotDrawable: There is nobody to add.

    Source: vdraw/1 §12.3.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_replace(actor, draw, needs_higher=False).require()
    rows = candidates(draw, now=now)
    if not rows:
        raise NotDrawable(_("名录中没有可以补充的检查人员：须在冻结名单时已在库，现在持证、在岗"))
    blind_key = vault.unlock(bytes(draw.secret.ciphertext), draw=draw.pk)[:32]
    added = Officers.build(rows, blind_key=blind_key, suite=suites.suite(draw.suite))
    body = {"draw": draw.pk, "rows": added.data.decode().splitlines()}
    body |= {"reason": REASON, "approver": actor.code}
    audit.record(SUPPLEMENTED, actor=actor, at=now, body={**body})
    audit.checkpoint(now, origin=rules.log_origin(draw.org))
    return [row[0] for row in rows]
