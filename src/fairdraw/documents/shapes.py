"""
What a document of the inspection cycle (文书) is made from: plain frozen values, no rows.

The caller fills them from its own tables; everything in this stage is a pure function from one of
these to bytes. Texts are plain Chinese text without markup. Empty text prints as an empty cell.
Who may see what is decided by the caller; two rules hold here: credit classes never appear in what the
party sees (抽查通知书、随机抽查情况记录表), and public documents mask people (``rules.mask_name``).

Clauses: 安市监〔2024〕26号 三（一）; workflow §8.2 (forms); draw-protocol §2, §6.3, §15.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Office:
    """An agency (机关) as it appears on paper: full name and how to reach it."""

    name: str
    telephone: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Choice:
    """One box to tick: the stored code (may be empty) and the words beside it."""

    code: str
    label: str


@dataclass(frozen=True)
class SheetChoices:
    """The boxes of the record sheet: methods 核查方式, results 检查结果, measures 后续处置措施."""

    methods: tuple[Choice, ...]
    results: tuple[Choice, ...]
    measures: tuple[Choice, ...]


@dataclass(frozen=True)
class CheckPoint:
    """One point of an item (检查要点): what to ask, how to check it, and on what basis."""

    question: str
    how: str = ""
    basis: str = ""
    is_key: bool = False


@dataclass(frozen=True)
class CheckItem:
    """One inspection item (抽查事项) with its points."""

    name: str
    code: str = ""
    basis: str = ""
    points: tuple[CheckPoint, ...] = ()


@dataclass(frozen=True)
class VisitTask:
    """What one task asks of this visit: one record sheet."""

    number: str
    name: str
    department: str
    items: tuple[CheckItem, ...]


@dataclass(frozen=True)
class PartyInspector:
    """An inspector as the party sees one: name, unit, certificate number (执法证号)."""

    name: str
    unit: str
    certificate: str
    is_leader: bool = False


@dataclass(frozen=True)
class PartyHelper:
    """An assistant or expert as the party sees one: name, unit, what they are, what they help with."""

    name: str
    unit: str
    role: str
    work: str


@dataclass(frozen=True)
class Party:
    """The inspected unit (被检查单位). Telephones are for the team and the party alone."""

    name: str
    code: str
    address: str
    station: str = ""
    town: str = ""
    legal_person: str = ""
    legal_phone: str = ""
    liaison: str = ""
    liaison_phone: str = ""
    licences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visit:
    """
    One door knocked at once (一表通查): the party, the team, and every task it serves.

    The first of *tasks* is the one whose batch prints the papers of this visit.
    """

    notice_number: str
    party: Party
    tasks: tuple[VisitTask, ...]
    inspectors: tuple[PartyInspector, ...]
    office: Office
    basis: str
    check_code: str
    window_from: dt.date
    window_to: dt.date
    issued_on: dt.date
    method: str = "实地核查"
    materials: tuple[str, ...] = ()
    helpers: tuple[PartyHelper, ...] = ()

    @property
    def printed_with(self) -> str:
        """Number of the task whose batch holds this visit's papers."""
        return self.tasks[0].number


@dataclass(frozen=True)
class TaskBatch:
    """The head of a sorted print batch (批量打印): one task, printed for its stations."""

    number: str
    name: str
    office: Office
    choices: SheetChoices
    finish_on: dt.date
    printed_on: dt.date


@dataclass(frozen=True)
class PackTask:
    """One task of a pack as the pack's cover names it: by whom and when its scheme was approved, how many doors."""

    number: str
    name: str
    unit: str
    approval: str
    draw: str
    doors: int
    finish_on: dt.date


@dataclass(frozen=True)
class Pack:
    """The head of a pack (任务包): everything that is printed at once for several tasks."""

    office: Office
    tasks: tuple[PackTask, ...]
    choices: SheetChoices
    printed_on: dt.date


@dataclass(frozen=True)
class Route:
    """The doors that one team opens in the area of one station on one day (检查路线), in the order of town and address."""

    visits: tuple[Visit, ...]

    @property
    def station(self) -> str:
        """Whose area it is."""
        return self.visits[0].party.station

    @property
    def team(self) -> tuple[PartyInspector, ...]:
        """Who goes."""
        return self.visits[0].inspectors


@dataclass(frozen=True)
class SizeRow:
    """One stratum of one part on the approval sheet; sizes need no randomness (抽取数)."""

    part: str
    stratum: str
    in_scope: int
    rate: str
    drawn: int
    reserve: int = 0


@dataclass(frozen=True)
class DrawTask:
    """One task of the pool, as the approver reads it."""

    number: str
    name: str
    scope: str
    lead: str
    finish_on: dt.date
    in_scope: int
    to_draw: int


@dataclass(frozen=True)
class DrawPerson:
    """A person of the draw procedure: role 发起人, 监督人 or 见证人, name, office."""

    role: str
    name: str
    office: str


@dataclass(frozen=True)
class ListRoot:
    """One of the frozen lists under the approval code: how many lines, and its root."""

    name: str
    count: int
    root: str


@dataclass(frozen=True)
class ApprovalSheet:
    """
    The sheet signed before a draw (抽查审批表); one per draw.

    Attributes:
        approval_code: 16 hex digits over exactly the lists and the plan (draw-protocol §6.3).
        level: The words of the level: 日常抽取、批次抽取、公开抽取.
        changes: Differences from the last sealed frame of the same scope, one sentence each.
    """

    office: Office
    year: int
    draw_number: str
    attempt: int
    level: str
    channel: str
    suite: str
    approval_code: str
    basis: str
    tasks: tuple[DrawTask, ...]
    sizes: tuple[SizeRow, ...]
    persons: tuple[DrawPerson, ...]
    lists: tuple[ListRoot, ...]
    inspectors_ready: int
    team_rule: str
    made_at: dt.datetime
    changes: tuple[str, ...] = ()
    rehearsal: bool = False
    short: tuple[str, ...] = ()  # strata that hold fewer than the scheme asks for, a sentence each
    unchosen: tuple[str, ...] = ()  # where nothing is left to chance in who goes, a sentence each


@dataclass(frozen=True)
class PartLine:
    """One part of the receipt: what was in scope, what was drawn, whether all were taken."""

    part: str
    name: str
    purpose: str
    in_scope: int
    drawn: int
    is_all: bool = False
    listed_by: str = ""
    list_document: str = ""


@dataclass(frozen=True)
class AttemptLine:
    """An attempt of the same number and what became of it."""

    attempt: int
    state: str
    reason: str = ""


@dataclass(frozen=True)
class DrawRecord:
    """
    The record of a finished draw (抽取记录表), from its receipt (draw-protocol §15).

    ``commits_hash`` and ``public_number`` are empty at level 1. Roots and hashes are whole, in hex;
    the sheet prints them whole and their first 16 digits large.
    """

    office: Office
    draw_id: str
    draw_number: str
    level: str
    suite: str
    sealed_at: dt.datetime
    drawn_at: dt.datetime
    approval_code: str
    seal_hash: str
    seed_hash: str
    result_count: int
    result_root: str
    assign_count: int
    assign_root: str
    log_origin: str
    log_size: int
    log_root: str
    parts: tuple[PartLine, ...]
    persons: tuple[DrawPerson, ...]
    attempts: tuple[AttemptLine, ...] = ()
    commits_hash: str = ""
    public_number: str = ""
    public_number_source: str = ""
    program: str = ""
    unchosen: tuple[str, ...] = ()  # as on the approval sheet, counted in drawn targets
    rehearsal: bool = False

    @property
    def code_text(self) -> str:
        """The QR code's text (draw-protocol §15): the same for everybody who holds the receipt."""
        short = (self.seal_hash[:16], self.result_root[:16], str(self.log_size), self.log_root[:16])
        return "|".join(("VDRAW1", self.draw_id, *short))


@dataclass(frozen=True)
class CorrectionOrder:
    """An order to correct (责令改正通知书): facts, clause broken, what to do, by when, remedies."""

    number: str
    office: Office
    party: Party
    task_number: str
    checked_on: dt.date
    facts: str
    broken_clause: str
    basis: str
    demands: tuple[str, ...]
    due_on: dt.date
    issued_on: dt.date
    consequence: str
    review_body: str
    review_limit: str
    court: str
    lawsuit_limit: str
    inspectors: tuple[PartyInspector, ...] = field(default=())
