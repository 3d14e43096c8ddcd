"""
Matching the rows of a list drawn elsewhere against the register (名单匹配; N14, N18).

Nothing is guessed and nothing is lost: a row is matched by code, present or former, then by exact name, former name,
and the name in a comparable form. Where several targets answer to it a person chooses; what cannot be checked here
(unknown, of another registrar, dead, twice in the list) goes on the return list with its reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.draws.list_rows import Back, How, MatchedRow, ReturnedEntry
from fairdraw.exchange.readers import report
from fairdraw.exchange.readers.lists import ListRow
from fairdraw.kernel import uscc
from fairdraw.kernel.errors import InvalidInput, Trouble
from fairdraw.registers.models import Target, TargetChange, TargetStatus

CHUNK = 500
#: A target in one of these states is not there to be checked; 歇业 is, by its documents (workflow.md §6).
DEAD = (TargetStatus.DEREGISTERED, TargetStatus.REVOKED, TargetStatus.ANNULLED, TargetStatus.MOVED_OUT)
#: What a person says of a row instead of one of its candidates.
SEND_BACK = "return"
_NOISE = re.compile(r"[\s()\[\]{}<>《》【】「」·.,、\-_'\"“”‘’]+")


@dataclass(frozen=True)
class Question:
    """A row to which several targets answer (待人工认定): a person says which is meant, or sends it back."""

    row: int
    name: str
    code: str
    area: str
    note: str
    candidates: tuple[Target, ...]
    chosen: str = ""

    @property
    def living(self) -> Target | None:
        """The only one of the candidates that is there to be checked, if it is only one."""
        found = [t for t in self.candidates if t.status not in DEAD]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class MatchedList:
    """What a list became: rows with their targets, rows that wait for a person, rows to send back, what to look at."""

    matched: tuple[MatchedRow, ...]
    returned: tuple[ReturnedEntry, ...]
    questions: tuple[Question, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that nobody has answered."""
        return tuple(one for one in self.questions if not one.chosen)

    @property
    def row_count(self) -> int:
        """How many rows the list has."""
        return len(self.matched) + len(self.returned) + len(self.open)


def fold_name(name: str) -> str:
    """
    A name in its comparable form: half width, no blanks, brackets, dots or dashes, one case.

    >>> fold_name("演示县 云溪（集团）有限公司") == fold_name("演示县云溪(集团)有限公司")
    True
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def match(
    rows: Sequence[ListRow], troubles: Sequence[Trouble], *, choices: Mapping[int, str] | None = None
) -> MatchedList:
    """
    Match the rows of a list (匹配名单).

    Args:
        rows: As read, in the list's order.
        troubles: What the reader found wrong.
        choices: What a person said of rows to which several answer: a draw code, or ``return``.

    Raises:
        InvalidInput: A choice names a row that needs none, or a target that does not answer to the row.
    """
    matching = _Matching(rows, troubles, dict(choices or {}))
    found = matching.run()
    known = {one.row: {t.draw_code for t in one.candidates} | {SEND_BACK} for one in found.questions}
    wrong = [row for row, choice in matching.choices.items() if choice not in known.get(row, set())]
    if wrong:
        raise InvalidInput(
            "；".join(_("第%(row)d行的认定不在候选对象之列") % {"row": row} for row in sorted(wrong)),
            code="exchange.choice",
            troubles=tuple(Trouble(_("认定的对象不在候选之列"), row=row) for row in sorted(wrong)),
        )
    return found


@dataclass
class _Matching:
    """The work on one list: indexes of the register for just this list, then row by row."""

    rows: Sequence[ListRow]
    troubles: Sequence[Trouble]
    choices: Mapping[int, str]
    matched: list[MatchedRow] = field(default_factory=list)
    returned: list[ReturnedEntry] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)  # target -> first row
    seen: dict[str, int] = field(default_factory=dict)  # code or name -> first row

    def run(self) -> MatchedList:
        said = _by_row(self.troubles)
        self.cautions += [str(t) for t in report.cautions(self.troubles)]
        indexes = self._indexes()
        for row in self.rows:
            how, candidates = _answering(row, indexes)
            self._place(row, how, candidates, said.get(row.number, ""))
        held = {r.number for r in self.rows}
        for number, words in said.items():
            if number not in held:
                self.returned.append(ReturnedEntry(number, "", "", words, Back.UNREADABLE))
        self.returned.sort(key=lambda entry: entry.row)
        return MatchedList(
            tuple(self.matched), tuple(self.returned), tuple(self.questions), tuple(self.cautions)
        )

    def _indexes(self) -> dict[How, Mapping[str, Sequence[Target]]]:
        """The targets that answer to the list's codes and names; each step asks only for what none before has found."""
        found: dict[How, Mapping[str, Sequence[Target]]] = {How.CODE: _by_code({r.code for r in self.rows})}
        steps = (
            (How.FORMER_CODE, lambda left: _formerly(("uscc", "old_number"), {r.code for r in left})),
            (How.NAME, lambda left: _by_name({r.name for r in left})),
            (How.FORMER_NAME, lambda left: _formerly(("name",), {r.name for r in left})),
            (How.FOLDED, lambda left: _by_folded_name({fold_name(r.name) for r in left})),
        )
        for how, ask in steps:
            found[how] = ask([r for r in self.rows if not _answering(r, found)[1]])
        return found

    def _place(self, row: ListRow, how: How, candidates: Sequence[Target], said: str) -> None:
        living = [t for t in candidates if t.status not in DEAD]
        several = len(candidates) > 1 and bool(living)
        first = self.seen.setdefault(row.code or row.name, row.number)
        if first != row.number and not several:
            self._return(row, _("与第%(row)d行重复") % {"row": first}, Back.REPEATED)
        elif not candidates:
            self._return(row, *_unmatched(row, said))
        elif not living:
            self._dead(row, candidates[0])
        elif several:
            self._ask(row, candidates)
        elif len(row.code) == 18 and living[0].uscc and _differs(row, living[0], how):
            words = {"code": living[0].uscc}
            self._return(row, _("代码与名录库不一致，名录库中为%(code)s") % words, Back.DIFFERS)
        else:
            self._match(row, living[0], how)
            if said and not row.code:
                self.cautions.append(_("第%(row)d行按名称匹配：%(why)s") % {"row": row.number, "why": said})

    def _ask(self, row: ListRow, candidates: Sequence[Target]) -> None:
        choice = self.choices.get(row.number, "")
        self.questions.append(
            Question(row.number, row.name, row.code, row.jurisdiction, row.note, tuple(candidates), choice)
        )
        if choice == SEND_BACK:
            words = {"n": len(candidates)}
            self._return(row, _("名录库中有%(n)d户同名，请补充统一社会信用代码") % words, Back.UNDECIDED)
            return
        meant = next((t for t in candidates if t.draw_code == choice), None)
        if meant is not None and meant.status in DEAD:
            self._dead(row, meant)
        elif meant is not None:
            self._match(row, meant, How.CHOSEN)

    def _dead(self, row: ListRow, target: Target) -> None:
        label = TargetStatus(target.status).label
        why = Back.FOREIGN if target.status == TargetStatus.MOVED_OUT else Back.DEAD
        self._return(row, _("名录库中登记状态为“%(label)s”") % {"label": label}, why)

    def _match(self, row: ListRow, target: Target, how: How) -> None:
        first = self.taken.setdefault(target.pk, row.number)
        if first != row.number:
            self._return(row, _("与第%(row)d行为同一户") % {"row": first}, Back.REPEATED)
            return
        self.matched.append(MatchedRow(row.number, target, how, row.name))
        if how is How.FORMER_NAME:
            words = {"row": row.number, "name": row.name, "held": target.name}
            self.cautions.append(_("第%(row)d行“%(name)s”是曾用名，现名“%(held)s”") % words)
        elif row.name and fold_name(row.name) != fold_name(target.name):
            words = {"row": row.number, "name": row.name, "held": target.name}
            self.cautions.append(_("第%(row)d行名称为“%(name)s”，名录库中为“%(held)s”") % words)

    def _return(self, row: ListRow, reason: str, why: Back) -> None:
        self.returned.append(ReturnedEntry(row.number, row.name, row.code, reason[:200], why))


def _answering(
    row: ListRow, indexes: Mapping[How, Mapping[str, Sequence[Target]]]
) -> tuple[How, Sequence[Target]]:
    """The targets that answer to a row by the first way that finds any, and that way."""
    keys = {How.CODE: row.code, How.FORMER_CODE: row.code, How.NAME: row.name, How.FORMER_NAME: row.name}
    for how, index in indexes.items():
        key = keys[how] if how in keys else fold_name(row.name)
        if key and (found := index.get(key)):
            return how, found
    return How.CODE, ()


def _differs(row: ListRow, target: Target, how: How) -> bool:
    """Whether a row that was matched by its name bears the code of somebody else."""
    return how not in {How.CODE, How.FORMER_CODE} and row.code != target.uscc


def _by_row(troubles: Iterable[Trouble]) -> dict[int, str]:
    """What is wrong with each row, in words; repetitions are told by the matching itself."""
    said: dict[int, list[str]] = defaultdict(list)
    for trouble in report.errors(troubles):
        if trouble.row is not None:
            said[trouble.row].append(trouble.message)
    return {row: "；".join(words)[:200] for row, words in said.items()}


def _unmatched(row: ListRow, said: str) -> tuple[str, Back]:
    """Why no target of the register answers to the row: of another registrar, or simply unknown."""
    installed = accounts.installation()
    division = installed.division_code[:6] if installed else ""
    if said and not row.code:
        return said, Back.UNREADABLE
    if row.authority and not _is_ours(row.authority):
        return _("登记机关为%(name)s，不属本局名录库") % {"name": row.authority}, Back.FOREIGN
    if division and uscc.is_well_formed(row.code) and row.code[2:8] != division:
        return _("代码所载登记地为%(code)s，不属本局名录库") % {"code": row.code[2:8]}, Back.FOREIGN
    if row.code:
        return _("名录库中没有这个代码，也没有同名对象"), Back.UNKNOWN
    return _("名录库中没有这个名称"), Back.UNKNOWN


def _is_ours(authority: str) -> bool:
    installed = accounts.installation()
    bureau = accounts.root()
    known = [bureau.name, bureau.short_name, installed.region_name if installed else ""]
    return any(word and (word in authority or authority in word) for word in known)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(value for value in values if value)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _by_code(codes: Iterable[str]) -> Mapping[str, list[Target]]:
    found: dict[str, list[Target]] = defaultdict(list)
    for chunk in _chunks(codes):
        rows = Target.objects.filter(Q(draw_code__in=chunk) | Q(uscc__in=chunk) | Q(old_number__in=chunk))
        wanted = set(chunk)
        for target in rows.select_related("station").order_by("pk"):
            for code in {target.draw_code, target.uscc, target.old_number} & wanted:
                found[code].append(target)
    return found


def _by_name(names: Iterable[str]) -> Mapping[str, list[Target]]:
    found: dict[str, list[Target]] = defaultdict(list)
    for chunk in _chunks(names):
        rows = Target.objects.filter(name__in=chunk)
        for target in rows.select_related("station").order_by("pk"):
            found[target.name].append(target)
    return found


def _formerly(fields: Sequence[str], values: Iterable[str]) -> Mapping[str, list[Target]]:
    """The targets whose ledger says that a field once held the value (曾用名、原代码)."""
    found: dict[str, dict[int, Target]] = defaultdict(dict)
    for chunk in _chunks(values):
        rows = TargetChange.objects.filter(field__in=fields, before__in=chunk)
        for change in rows.select_related("target__station").order_by("target_id"):
            found[change.before][change.target_id] = change.target
    return {value: list(targets.values()) for value, targets in found.items()}


def _by_folded_name(wanted: set[str]) -> Mapping[str, list[Target]]:
    """One walk over the names of the register, for the rows that nothing else has matched."""
    wanted = wanted - {""}
    keys: dict[str, list[int]] = defaultdict(list)
    if wanted:
        rows = Target.objects.order_by("pk").values_list("pk", "name")
        for pk, name in rows.iterator(chunk_size=5000):
            folded = fold_name(name)
            if folded in wanted:
                keys[folded].append(pk)
    every = Target.objects.filter(pk__in=[pk for found in keys.values() for pk in found])
    held = {t.pk: t for t in every.select_related("station")}
    return {folded: [held[pk] for pk in found] for folded, found in keys.items()}
