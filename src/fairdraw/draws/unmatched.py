"""
Why no lawful team can go, in plain words: which rule leaves nobody, and what would mend it (X04).

The rules are asked in the order in which people meet them: who may be sent at all, places, recusals, each
qualification, all qualifications together, how teams are formed.

Source: vdraw/1 §12.1, §12.2; 行政处罚法第四十二条、第四十三条.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _

from drawcore import sealing
from drawcore.errors import TooFewOfficers, TooFewTeams
from drawcore.outcome import Sealed
from drawcore.rows import Officer
from drawcore.tags import lists
from fairdraw.accounts.models import Agency
from fairdraw.draws import frames, matching
from fairdraw.draws.refusals import DrawRefused, place_name
from fairdraw.plans.models import Task
from fairdraw.registers.models import Inspector

TWO = 2  # 行政处罚法第四十二条: at least two


def check_sealing(sealed: Sealed, tasks: Sequence[Task]) -> sealing.Preview:
    """
    Check everything before the seal; where people are lacking, say which rule leaves nobody.

    Raises:
        DrawRefused: No lawful team for some target.
        drawcore.errors.SealingRefused: Anything else.
    """
    try:
        return sealing.check_sealing(sealed)
    except (TooFewOfficers, TooFewTeams) as error:
        words = frames.qualifications(tasks, error.dept)
        said = _Lack.of(sealed, error, words).said()
        raise DrawRefused(said, code=f"draws.{type(error).__name__}", data=dict(error.data)) from error


@dataclass(frozen=True)
class _Lack:
    """
    A target for which the rules find no team.

    Attributes:
        people: All of the department who may be sent.
        reach: Of these, who works in the target's place.
        free: Of these, who is not recused.
        needed: The qualifications that the team needs together, as the files write them.
        words: The same in words.
    """

    dept: str
    unit: str
    entity: str
    mode: str
    people: tuple[Officer, ...]
    reach: tuple[Officer, ...]
    free: tuple[Officer, ...]
    needed: tuple[str, ...]
    words: Mapping[str, str]

    @classmethod
    def of(cls, sealed: Sealed, error: TooFewOfficers | TooFewTeams, words: Mapping[str, str]) -> _Lack:
        """The target that the error names, with everybody of the department that it lacks."""
        recused = sealed.recusals.at(error.entity)
        people = tuple(o for o in sealed.officers.rows if o.dept == error.dept)
        reach = tuple(o for o in people if lists(o.units, error.unit))
        free = tuple(o for o in reach if o.id not in recused)
        needed = tuple(matching.needed(sealed.plan.assign, error.dept))
        mode = sealed.plan.assign.mode
        return cls(error.dept, error.unit, error.entity, mode, people, reach, free, needed, words)

    def said(self) -> str:
        """The first rule that leaves nobody, and what would mend it."""
        return next(self._rules())

    def _say(self, sentence: str, **more: object) -> str:
        told = {
            "dept": place_name(self.dept),
            "unit": place_name(self.unit),
            "entity": self.entity,
            "people": len(self.people),
            "reach": len(self.reach),
            "recused": len(self.reach) - len(self.free),
            "free": len(self.free),
            "needed": self._named(self.needed),
        }
        return sentence % (told | more)

    def _rules(self) -> Iterator[str]:
        if len(self.people) < TWO:
            said = _(
                "%(dept)s可以选派的执法检查人员只有%(people)s人，一组须2人（另有%(others)s人因证件、培训、离岗、"
                "缺勤或系辅助人员不能选派），不能封存：请核对检查人员名录，或补充人员"
            )
            yield self._say(said, others=self._others())
        if len(self.reach) < TWO:
            yield self._say(
                _(
                    "片区不够：%(dept)s可以选派%(people)s人，片区包括%(unit)s的只有%(reach)s人，一组须2人，"
                    "不能封存：请扩大人员的片区，或补充人员"
                )
            )
        if len(self.free) < TWO:
            yield self._say(
                _(
                    "回避后无人：%(dept)s片区包括%(unit)s的%(reach)s人中，有%(recused)s人须回避对象%(entity)s，"
                    "一组须2人，不能封存：请补充人员、扩大片区，或核对回避登记"
                )
            )
        yield from self._qualified()
        yield from self._formed()

    def _qualified(self) -> Iterator[str]:
        """Rules of qualifications: one that nobody has, then all that two cannot cover together."""
        for code in self.needed:
            if not _holders(self.free, code):
                yield self._missing(code)
        short = self._uncovered()
        if short:
            said = _(
                "资格不够：%(dept)s一组两人合起来须具备“%(needed)s”，片区包括%(unit)s且不须回避的%(free)s人中没有"
                "这样的两人（最接近的两人还缺“%(short)s”），不能封存：请补充具备资格的人员，或把任务分开抽取"
            )
            yield self._say(said, short=self._named(short))

    def _missing(self, code: str) -> str:
        name, there, anywhere = self._named([code]), _holders(self.reach, code), _holders(self.people, code)
        if there:
            said = _(
                "缺少资格“%(name)s”：具备的%(away)s人都须回避对象%(entity)s，不能封存：请补充具备资格的人员，"
                "或核对回避登记"
            )
            return self._say(said, name=name, away=len(there))
        if anywhere:
            said = _(
                "缺少资格“%(name)s”：具备的%(away)s人片区都不包括%(unit)s，不能封存：请扩大其片区，"
                "或补充具备资格的人员"
            )
            return self._say(said, name=name, away=len(anywhere))
        said = _(
            "缺少资格“%(name)s”：%(dept)s可以选派的%(people)s人都不具备，不能封存：请补充具备资格的人员，"
            "或更新其资格证件"
        )
        return self._say(said, name=name)

    def _uncovered(self) -> list[str]:
        """What the two who cover most together still lack; nothing where two cover all."""
        lacks = [
            [code for code in self.needed if not _holders(pair, code)]
            for pair in combinations(self.free, TWO)
        ]
        return min(lacks, key=len)

    def _formed(self) -> Iterator[str]:
        """Rules of how teams are formed: two who cover all are there."""
        if self.mode == matching.TEAMS:
            groups = matching.by_area(self.free).values()
            if not any(self._covers(pair) for group in groups for pair in combinations(group, TWO)):
                yield self._say(
                    _(
                        "编组不成：成组选派只把片区完全相同的人员编为一组，%(dept)s合起来符合条件的两人片区不同，"
                        "不能封存：请统一他们的片区，或把方案改为逐户选派"
                    )
                )
            if len(self.free) < len(self.reach):
                yield self._say(
                    _(
                        "回避后无组：%(dept)s片区包括%(unit)s的%(reach)s人中，有%(recused)s人须回避对象%(entity)s，"
                        "编成的检查组可能个个有人须回避，不能封存：请补充人员，或把方案改为逐户选派"
                    )
                )
        yield self._say(
            _(
                "席位不合：一次抽取中两个席位各须具备什么资格处处相同，%(dept)s各片区人员的资格搭配不同，没有一种"
                "分法处处都有人（须覆盖“%(needed)s”），不能封存：请补充具备资格的人员，或把任务分开抽取"
            )
        )

    def _covers(self, pair: Iterable[Officer]) -> bool:
        people = tuple(pair)
        return all(_holders(people, code) for code in self.needed)

    def _others(self) -> int:
        """How many of the department stand in the directory and may not be sent."""
        department = Agency.objects.filter(code=self.dept).first()
        if department is None:
            return 0
        rows = Inspector.objects.filter(agency__path__startswith=department.path)
        return rows.exclude(code__in=[o.id for o in self.people]).count()

    def _named(self, codes: Iterable[str]) -> str:
        return "、".join(self.words.get(code, code) for code in codes)


def _holders(people: Iterable[Officer], code: str) -> list[Officer]:
    return [officer for officer in people if lists(officer.tags, code)]
