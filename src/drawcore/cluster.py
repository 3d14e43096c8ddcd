"""
Teams and route bundles (编组与线路): the assignment mode ``cluster``.

Random are who works with whom (form ``drawn``) and which team goes where. The number of teams
does not depend on the seed, so sealing can refuse what could not be dealt.

Source: vdraw/1 §12.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from drawcore.each import first
from drawcore.errors import TeamRefused, TooFewTeams
from drawcore.membership import Membership, Seats
from drawcore.officers import fitting_of, seen_settings, team_count
from drawcore.plan import Assign, Slot
from drawcore.prf import Keys, Ticket, prn_hex
from drawcore.rows import Officer, Officers, Recusals
from drawcore.tags import lists, lists_all

STANDING = "team."


@dataclass
class Team:
    """A sub-team: one officer for every slot of its department, in plan order."""

    code: str
    dept: str
    units: str
    members: list[Officer]

    @property
    def codes(self) -> frozenset[str]:
        """Give the codes of the members."""
        return frozenset(officer.id for officer in self.members)

    @property
    def load0(self) -> int:
        """Give what the members already carry this year, added up."""
        return sum(officer.load0 for officer in self.members)


class Bundle(NamedTuple):
    """Entities that are visited in one go: one place, the same departments."""

    ids: tuple[str, ...]
    depts: tuple[str, ...]
    unit: str
    area: str


class Dealt(NamedTuple):
    """One bundle (by number from 1) dealt to a team of one department."""

    number: int
    bundle: Bundle
    team: Team
    ticket: Ticket
    load: int


@dataclass
class Clustered:
    """The whole assignment: teams, stand-bys and what was dealt."""

    assign: Assign
    teams: list[Team]
    dealt: list[Dealt] = field(default_factory=list)

    def tsv(self) -> bytes:
        """Write ``assign.tsv``: bundle by bundle, entity by entity, department by department."""
        by_number: dict[int, list[Dealt]] = {}
        for deal in self.dealt:
            by_number.setdefault(deal.number, []).append(deal)
        lines = []
        for number, deals in by_number.items():
            for id_ in deals[0].bundle.ids:
                for deal in deals:
                    tail = f"{prn_hex(deal.ticket)}\t{deal.load}\t{number}\t{deal.team.code}\n"
                    slots = self.assign.slots_of(deal.team.dept)
                    for slot, officer in zip(slots, deal.team.members, strict=True):
                        lines.append(f"{id_}\t{slot.slot}\t{officer.id}\t{tail}")
        return "".join(lines).encode()


def groups(dept: str, officers: Officers) -> list[list[Officer]]:
    """Give the officers of *dept* in groups of equal ``units`` text, sorted by that text."""
    found: dict[str, list[Officer]] = {}
    for officer in officers.rows:
        if officer.dept == dept:
            found.setdefault(officer.units, []).append(officer)
    return [found[units] for units in sorted(found)]


def _drawn_teams(dept: str, slots: Sequence[Slot], officers: Officers, keys: Keys) -> list[Team]:
    prf, teams = keys.tickets("team"), list[Team]()
    for group in groups(dept, officers):
        count = team_count(group, slots)
        ordered = sorted(group, key=lambda officer: (prf(officer.id), officer.id))
        columns, seated = list[list[Officer]](), set[str]()
        for fitting in fitting_of(group, slots):
            column = [o for o in ordered if o.id in fitting and o.id not in seated][:count]
            seated.update(officer.id for officer in column)
            columns.append(column)
        for members in zip(*columns, strict=True):
            teams.append(Team(f"{dept}-{len(teams) + 1}", dept, group[0].units, list(members)))
    return teams


def standing_team_of(officer: Officer) -> str:
    """Give the X of the officer's tag ``team.X``; empty for a stand-by; TeamRefused for two teams."""
    found = [tag for tag in officer.tags.split(",") if tag.startswith(STANDING) and tag != STANDING]
    if len(found) > 1:
        raise TeamRefused(dept=officer.dept, team=found[1], rule="officer-in-two-teams")
    return found[0][len(STANDING) :] if found else ""


def standing_teams(dept: str, slots: Sequence[Slot], officers: Officers) -> list[Team]:
    """
    Seat the standing teams of *dept* (固定编组).

    Raises:
        TeamRefused: a team has not exactly one officer a slot, or none that a slot can seat.

    Source: vdraw/1 §12.2, 1.
    """
    teams: dict[str, Team] = {}
    for group in groups(dept, officers):
        members: dict[str, list[Officer]] = {}
        for officer in group:
            name = standing_team_of(officer)
            if name:
                members.setdefault(name, []).append(officer)
        for name in sorted(members):
            code = f"{dept}-{name}"
            if code in teams:
                raise TeamRefused(dept=dept, team=name, rule="team-in-two-groups")
            teams[code] = Team(code, dept, group[0].units, _seated(dept, name, members[name], slots))
    return list(teams.values())


def _seated(dept: str, name: str, members: Sequence[Officer], slots: Sequence[Slot]) -> list[Officer]:
    if len(members) != len(slots):
        raise TeamRefused(dept=dept, team=name, rule="wrong-number-of-officers")
    left, seated = list(members), list[Officer]()
    for slot in slots:
        fitting = [officer for officer in left if lists_all(officer.tags, slot.tag)]
        if not fitting:
            raise TeamRefused(dept=dept, team=name, rule="slot-without-officer")
        seated.append(fitting[0])
        left.remove(fitting[0])
    return seated


def teams(assign: Assign, officers: Officers, keys: Keys) -> list[Team]:
    """Form the teams of all departments, in the order of their first slot."""
    found = list[Team]()
    for dept in assign.depts:
        slots = assign.slots_of(dept)
        if assign.form == "standing":
            found += standing_teams(dept, slots, officers)
        else:
            found += _drawn_teams(dept, slots, officers, keys)
    return found


def team_reach(assign: Assign, officers: Officers) -> dict[str, list[tuple[str, int]]]:
    """
    Count the teams of each department by the ``units`` text they reach; no randomness needed.

    Raises:
        TeamRefused: see :func:`standing_teams`.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for dept in assign.depts:
        slots = assign.slots_of(dept)
        if assign.form == "standing":
            found[dept] = [(team.units, 1) for team in standing_teams(dept, slots, officers)]
        else:
            found[dept] = [(group[0].units, team_count(group, slots)) for group in groups(dept, officers)]
    return found


def check_sufficiency(member: Membership, seats: Seats, officers: Officers, recusals: Recusals) -> None:
    """
    Refuse a frame for which dealing could fail (编组数量充足性).

    For every entity and each department that could apply, the teams in reach of its unit must
    outnumber the department's officers in reach who are recused from it.

    Raises:
        TooFewTeams: naming unit and department; TeamRefused for a standing team.

    Source: vdraw/1 §12.2.
    """
    assign = member.plan.assign
    reach = team_reach(assign, officers)
    for row, slots, recused in seen_settings(member, seats, recusals):
        unit = member.frame.units[row]
        barred = [officers.by_id[one] for one in recused if one in officers.by_id]
        for dept in assign.depts_of(slots):
            count = sum(number for units, number in reach[dept] if lists(units, unit))
            against = sum(1 for o in barred if o.dept == dept and lists(o.units, unit))
            if count <= against:
                raise TooFewTeams(member.frame.ids[row], unit, dept, teams=count, needed=against + 1)


def bundles(
    member: Membership, drawn: Mapping[str, int], officers: Officers, recusals: Recusals, keys: Keys
) -> list[Bundle]:
    """
    Cut the drawn entities into route bundles, in the order in which they are dealt.

    Source: vdraw/1 §12.2, 2.
    """
    assign, frame, seats, prf = member.plan.assign, member.frame, Seats(member.plan), keys.tickets("order")
    found: dict[tuple[tuple[str, ...], str, str, str], list[tuple[Ticket, str]]] = {}
    for id_, mask in drawn.items():
        row = frame.index[id_]
        depts = assign.depts_of(seats.of(frame.tags[row], mask))
        area = frame.areas[row] if assign.by == "area" else ""
        alone = any(officers.by_id[o].dept in depts for o in recusals.at(id_) if o in officers.by_id)
        key = (depts, frame.units[row], area, id_ if alone else "")
        found.setdefault(key, []).append((prf(id_), id_))
    cut = list[tuple[Ticket, str, Bundle]]()
    for (depts, unit, area, _alone), members in found.items():
        members.sort()
        for piece in pieces(members, assign.max_per_bundle):
            bundle = Bundle(tuple(id_ for _ticket, id_ in piece), depts, unit, area)
            cut.append((*piece[0], bundle))
    return [bundle for _ticket, _id, bundle in sorted(cut)]


def pieces(members: Sequence[tuple[Ticket, str]], most: int) -> list[Sequence[tuple[Ticket, str]]]:
    """Cut into ceil(size/most) consecutive pieces that differ by at most one, larger ones first."""
    count = -(-len(members) // most)
    small, larger = divmod(len(members), count)
    found, start = [], 0
    for number in range(count):
        end = start + small + (number < larger)
        found.append(members[start:end])
        start = end
    return found


def assign(
    member: Membership, drawn: Mapping[str, int], officers: Officers, recusals: Recusals, keys: Keys
) -> Clustered:
    """
    Form teams, cut bundles, deal them (随机编组、分派线路).

    Args:
        member: Who is in which part.
        drawn: Ids of the main objects of any part, with the mask of the parts that drew them.
        officers, recusals: As sealed.
        keys: The keys of this draw's seed.

    Raises:
        TooFewTeams: cannot happen after :func:`check_sufficiency`.

    Source: vdraw/1 §12.2, 3.
    """
    found = Clustered(member.plan.assign, teams(member.plan.assign, officers, keys))
    load = {team.code: team.load0 for team in found.teams}
    for number, bundle in enumerate(bundles(member, drawn, officers, recusals, keys), 1):
        barred = frozenset().union(*(recusals.at(id_) for id_ in bundle.ids))
        for dept in bundle.depts:
            free = {team.code: team for team in in_reach(found.teams, dept, bundle.unit, barred)}
            if not free:
                raise TooFewTeams(bundle.ids[0], bundle.unit, dept, teams=0, needed=1)
            least = min(load[code] for code in free)
            ticket, code = first(bundle.ids[0], (c for c in free if load[c] == least), keys)
            found.dealt.append(Dealt(number, bundle, free[code], ticket, least))
            load[code] += len(free[code].members) * len(bundle.ids)
    return found


def in_reach(teams: Iterable[Team], dept: str, unit: str, barred: frozenset[str]) -> list[Team]:
    """Give the teams of *dept* whose units include *unit* and of whom nobody is in *barred*."""
    return [
        team
        for team in teams
        if team.dept == dept and lists(team.units, unit) and team.codes.isdisjoint(barred)
    ]
