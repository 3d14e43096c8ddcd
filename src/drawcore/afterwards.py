"""
Replaying the changes that the log tells of (抽取后变更核对).

Bodies of the events, each with ``draw`` and ``approver`` besides:

====================================  ==========================================================
``draw.object_replaced``              part, object, reason (of the plan's list), successor
``draw.extended``                     part, stratum, objects (list, in rank order)
``draw.officer_replaced``             object, slot, officer, reason, successor (mode each);
                                      team, officer, reason, successor or "" (mode cluster)
``draw.team_replaced``                object, team, reason, successor
``draw.recused``                      officer, object, reason: a recusal after the seal
``draw.officers_supplemented``        rows (lines of ``officers.tsv``), reason
====================================  ==========================================================

Source: vdraw/1 §11, §12, §14, §16 step 12.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from drawcore import canonical, log, shapes
from drawcore.changes import Course
from drawcore.errors import Mismatch
from drawcore.log import Entry
from drawcore.plan import Plan
from drawcore.rows import Officers
from drawcore.shapes import Doc

_Touched = list[tuple[str, tuple[str, ...]]]  # entities with a replacement, and the parts for which it is one


@dataclass
class Tally:
    """
    How many changes there were, and what needs the approval of a higher office (§12.3).

    A replacement is counted at every entity that it touches, in both modes alike: an officer who leaves a team with
    twelve targets is replaced at twelve, whether a stand-by comes or the team is dissolved.
    """

    changes: int = 0
    at_entity: Counter[str] = field(default_factory=Counter)
    in_part: Counter[str] = field(default_factory=Counter)

    @property
    def more_than_two(self) -> list[str]:
        """Give the entities with more than two replacements."""
        return sorted(id_ for id_, count in self.at_entity.items() if count > 2)

    def more_than_5_percent(self, drawn: Mapping[str, int]) -> list[str]:
        """Give the parts with replacements at more than 5 % of their *drawn* main objects."""
        return sorted(part for part, count in self.in_part.items() if count * 20 > drawn[part])


def replay(course: Course, plan: Plan, entries: Iterable[Entry]) -> Tally:
    """
    Apply every change in the order of the log, and compare each successor with the rule's.

    Raises:
        Mismatch: another successor than the rule gives; *where* is the seq of the entry.
        ChangeRefused, NobodyLeft: a change that the draw does not allow.
        FileRefused: a body in another form.

    Source: vdraw/1 §16 step 12.
    """
    tally = Tally()
    for entry in entries:
        change = _CHANGES.get(entry.kind)
        if change:
            doc = Doc(log.EVENTS_FILE, f"seq {entry.seq}", entry.body)
            tally.changes += 1
            touched = change(course, plan, doc)
            tally.at_entity.update(id_ for id_, _parts in touched)
            tally.in_part.update(part for _id, parts in touched for part in parts)
    return tally


def _same(doc: Doc, key: str, expected: object) -> None:
    if not canonical.same(doc.value.get(key), expected):
        raise Mismatch(what="successor", where=doc.where)


def _object_replaced(course: Course, plan: Plan, doc: Doc) -> _Touched:
    doc.only(("draw", "part", "object", "reason", "approver", "successor"))
    doc.choice("reason", plan.reasons)
    part, id_ = doc.text("part", shapes.PART), doc.text("object", shapes.ID)
    moved = course.replace_object(part, id_)
    _same(doc, "successor", moved.id)
    return [(id_, (part,))]


def _extended(course: Course, plan: Plan, doc: Doc) -> _Touched:
    doc.only(("draw", "part", "stratum", "approver", "objects"))
    part, stratum = doc.text("part", shapes.PART), doc.text("stratum", shapes.PIECE)
    found = [course.add_object(part, stratum).id for _ in doc.items("objects", least=1)]
    _same(doc, "objects", found)
    return []


def _officer_replaced(course: Course, plan: Plan, doc: Doc) -> _Touched:
    if course.teams:
        doc.only(("draw", "team", "officer", "reason", "approver", "successor"))
        relief = course.teams.replace_officer(doc.text("team", shapes.TEXT), doc.text("officer", shapes.ID))
        _same(doc, "successor", relief.successor)
        return _at(course, plan, relief.ids, relief.slot)
    assert course.seats is not None
    doc.only(("draw", "object", "slot", "officer", "reason", "approver", "successor"))
    id_, slot = doc.text("object", shapes.ID), doc.text("slot", shapes.CODE)
    _same(doc, "officer", course.seats.at.get(id_, {}).get(slot))
    _same(doc, "successor", course.seats.replace_officer(id_, slot).officer)
    return _at(course, plan, [id_], slot)


def _team_replaced(course: Course, plan: Plan, doc: Doc) -> _Touched:
    doc.only(("draw", "object", "team", "reason", "approver", "successor"))
    if course.teams is None:
        raise Mismatch(what="mode", where=doc.where)
    id_ = doc.text("object", shapes.ID)
    seated = course.teams.pass_target(id_, doc.text("team", shapes.TEXT))
    _same(doc, "successor", seated[0].team)
    return _at(course, plan, [id_], seated[0].slot)


def _at(course: Course, plan: Plan, ids: Iterable[str], slot: str) -> _Touched:
    rule = next(one for one in plan.assign.slots if one.slot == slot)
    return [(id_, course.parts_of(id_, rule)) for id_ in ids]


def _recused(course: Course, plan: Plan, doc: Doc) -> _Touched:
    doc.only(("draw", "officer", "object", "reason", "approver"))
    course.bar(doc.text("officer", shapes.ID), doc.text("object", shapes.ID))
    return []


def _supplemented(course: Course, plan: Plan, doc: Doc) -> _Touched:
    doc.only(("draw", "rows", "reason", "approver"))
    text = "".join(f"{row}\n" for row in doc.texts("rows", shapes.TEXT))
    course.supplement(Officers.parse(text.encode()).rows)
    return []


_CHANGES: dict[str, Callable[[Course, Plan, Doc], _Touched]] = {
    "draw.object_replaced": _object_replaced,
    "draw.extended": _extended,
    "draw.officer_replaced": _officer_replaced,
    "draw.team_replaced": _team_replaced,
    "draw.recused": _recused,
    "draw.officers_supplemented": _supplemented,
}
