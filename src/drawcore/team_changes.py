"""
Other officers and teams after the draw (编组变更): mode ``cluster``.

Where the protocol leaves a choice: the members of a dissolved team do not become stand-bys (the
stand-bys are those left over when the teams were formed); a target that moves up joins the team to
which the bundle was dealt, as it is staffed now, unless that team was dissolved.

Source: vdraw/1 §12.2, §12.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from drawcore.cluster import Clustered, Team, in_reach
from drawcore.each import first
from drawcore.errors import ChangeRefused, NobodyLeft
from drawcore.prf import Ticket
from drawcore.rows import Officer
from drawcore.seating import Ground, Seated
from drawcore.tags import lists_all


class Relief(NamedTuple):
    """
    How a team lost an officer: the successor, or dissolved (empty) with its targets passed on.

    ``ids`` are the targets that the team had: at each of them the officer is replaced.
    """

    team: str
    slot: str
    successor: str
    passed: tuple[Seated, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class _Route:
    """What a bundle shares: departments, unit, area, and the team of each department."""

    depts: tuple[str, ...]
    unit: str
    area: str
    teams: dict[str, str]


class TeamCourse:
    """Teams, their members, and which team has which target; ``holder[id, dept]`` is a team's code."""

    def __init__(self, ground: Ground, dealt: Clustered) -> None:
        self._ground, self._assign = ground, dealt.assign
        self.teams = {
            team.code: Team(team.code, team.dept, team.units, [*team.members]) for team in dealt.teams
        }
        self.holder: dict[tuple[str, str], str] = {}
        self._had: dict[tuple[str, str], set[str]] = {}
        self._gone = {officer.id for team in dealt.teams for officer in team.members}
        self._routes: dict[str, _Route] = {}
        by_number: dict[int, dict[str, str]] = {}
        for deal in dealt.dealt:
            teams = by_number.setdefault(deal.number, {})
            teams[deal.team.dept] = deal.team.code
            route = _Route(deal.bundle.depts, deal.bundle.unit, deal.bundle.area, teams)
            for id_ in deal.bundle.ids:
                self.holder[id_, deal.team.dept] = deal.team.code
                self._routes[id_] = route

    def standby(self, team: str) -> list[Officer]:
        """Give the officers of the team's group who were not seated when teams were formed, nor since."""
        own = self.teams[team]
        return [
            officer
            for officer in self._ground.officers.rows
            if (officer.dept, officer.units) == (own.dept, own.units) and officer.id not in self._gone
        ]

    def replace_officer(self, team: str, officer: str) -> Relief:
        """
        Seat a stand-by for *officer* in all targets that the team still has, or dissolve the team.

        Raises:
            ChangeRefused: the officer is not in that team.
            NobodyLeft: no stand-by, and a target that no other team can take.

        Source: vdraw/1 §12.2 (replacing an officer).
        """
        own = self.teams.get(team)
        places = [n for n, one in enumerate(own.members) if one.id == officer] if own else []
        if own is None or not places:
            raise ChangeRefused(rule="not-in-that-team", about=f"{team} {officer}")
        slot = self._assign.slots_of(own.dept)[places[0]]
        held = self.held(team)
        barred = frozenset[str]().union(*(self._ground.barred(id_) for id_ in held))
        prf = self._ground.keys.tickets("team")
        able = [one for one in self.standby(team) if lists_all(one.tags, slot.tag) and one.id not in barred]
        if able:
            chosen = min(able, key=lambda one: (prf(one.id), one.id))
            own.members[places[0]] = chosen
            self._gone.add(chosen.id)
            return Relief(team, slot.slot, chosen.id, (), held)
        takers = [self._taker(id_, own.dept) for id_ in held]
        del self.teams[team]
        passed = [self._hand(id_, own.dept, *taker) for id_, taker in zip(held, takers, strict=True)]
        return Relief(team, slot.slot, "", tuple(seat for seats in passed for seat in seats), held)

    def held(self, team: str) -> tuple[str, ...]:
        """Give the targets that a team has now."""
        return tuple(id_ for (id_, _dept), code in self.holder.items() if code == team)

    def pass_target(self, id_: str, team: str) -> tuple[Seated, ...]:
        """
        Pass one target on to another team, because somebody of *team* is recused from it (回避).

        Raises:
            ChangeRefused: the team does not have the target. NobodyLeft: no other team can take it.

        Source: vdraw/1 §12.2 (recusal from one target).
        """
        own = self.teams.get(team)
        if own is None or self.holder.get((id_, own.dept)) != team:
            raise ChangeRefused(rule="team-has-not-the-target", about=f"{team} {id_}")
        return self._hand(id_, own.dept, *self._taker(id_, own.dept))

    def join(self, id_: str, mask: int, *, instead_of: str) -> tuple[Seated, ...]:
        """Seat teams at an entity that moves up *instead_of* another (empty for an extension)."""
        depts = self._assign.depts_of(self._ground.slots(id_, mask).values())
        new = [dept for dept in depts if (id_, dept) not in self.holder]
        route = self._route(id_, depts, instead_of) if len(new) == len(depts) else None
        if route:
            self._routes[id_] = route
            found = [(dept, self.teams[route.teams[dept]]) for dept in new]
            return tuple(seat for dept, team in found for seat in self._hand(id_, dept, None, team))
        takers = [(dept, self._taker(id_, dept)) for dept in new]
        return tuple(seat for dept, taker in takers for seat in self._hand(id_, dept, *taker))

    def leave(self, id_: str, mask: int) -> None:
        """Release the teams of departments that no longer apply when only *mask* holds the entity."""
        still = self._assign.depts_of(self._ground.slots(id_, mask).values())
        for dept in self._assign.depts:
            if dept not in still:
                self.holder.pop((id_, dept), None)

    def _route(self, id_: str, depts: tuple[str, ...], replaced: str) -> _Route | None:
        route = self._routes.get(replaced)
        area = self._ground.area(id_) if self._assign.by == "area" else ""
        if route is None or (route.depts, route.unit, route.area) != (depts, self._ground.unit(id_), area):
            return None
        barred = self._ground.barred(id_)
        staffed = [self.teams.get(code) for code in route.teams.values()]
        return route if all(team and team.codes.isdisjoint(barred) for team in staffed) else None

    def _taker(self, id_: str, dept: str) -> tuple[Ticket, Team]:
        barred, unit = self._ground.barred(id_), self._ground.unit(id_)
        had = self._had.get((id_, dept), set()) | {self.holder.get((id_, dept), "")}
        able = [t for t in in_reach(self.teams.values(), dept, unit, barred) if t.code not in had]
        if not able:
            raise NobodyLeft(entity=id_, what=dept)
        ticket, code = first(id_, (team.code for team in able), self._ground.keys)
        return ticket, self.teams[code]

    def _hand(self, id_: str, dept: str, ticket: Ticket | None, team: Team) -> tuple[Seated, ...]:
        before = self.holder.get((id_, dept))
        if before:
            self._had.setdefault((id_, dept), set()).add(before)
        self.holder[id_, dept] = team.code
        ticket = ticket or first(id_, [team.code], self._ground.keys)[0]
        slots = self._assign.slots_of(dept)
        return tuple(
            Seated(id_, slot.slot, officer.id, ticket, team.code)
            for slot, officer in zip(slots, team.members, strict=True)
        )
