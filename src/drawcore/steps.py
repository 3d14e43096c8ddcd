"""
The thirteen steps of checking a bundle (核验步骤): each gives a sentence, or refuses.

Every step is a function from the case to what it found, in words. It raises :class:`NotShown` if the
evidence is not in the bundle, and a :class:`drawcore.errors.DrawError` if something is wrong.

Source: vdraw/1 §16.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from drawcore import afterwards, canonical, cluster, each, evidence, note, shares, suites
from drawcore import receipt as receipts
from drawcore import seal as seals
from drawcore import seed as seeds
from drawcore.bundle import Bundle
from drawcore.changes import Course
from drawcore.errors import FileRefused, Mismatch
from drawcore.evidence import Events
from drawcore.log import log_suite
from drawcore.membership import Membership, Seats
from drawcore.note import NoteKey
from drawcore.officers import check_slots
from drawcore.outcome import Outcome, Sealed, outcome
from drawcore.plan import Plan
from drawcore.receipt import Told
from drawcore.rows import Commitments, list_root
from drawcore.seal import Seal
from drawcore.sealing import Preview, preview
from drawcore.seed import SeedText


@dataclass(frozen=True)
class Known:
    """
    What the verifying person knows from elsewhere; whatever is empty is not compared.

    ``seal_hash`` may be the whole hash or the first 16 digits, as the paper record shows it;
    ``keys`` are those of the log and of witnesses whose signatures must be on the checkpoint.
    """

    seal_hash: str = ""
    approval_code: str = ""
    number: str = ""
    keys: Sequence[NoteKey] = ()


class NotShown(Exception):
    """The evidence for this step is not in the bundle; carries the sentence to print."""


class Case:
    """The bundle, parsed as far as the steps have come."""

    def __init__(self, bundle: Bundle, known: Known) -> None:
        self.bundle, self.known = bundle, known

    @cached_property
    def seal(self) -> Seal:
        return Seal.parse(self.bundle.core("seal.json"))

    @cached_property
    def suite(self) -> suites.Suite:
        return suites.suite(self.seal.suite)

    @cached_property
    def seal_hash(self) -> str:
        return seals.seal_hash(self.bundle.core("seal.json"), self.suite)

    @cached_property
    def sealed(self) -> Sealed:
        return self.bundle.sealed()

    @cached_property
    def member(self) -> Membership:
        return self.sealed.membership()

    @cached_property
    def preview(self) -> Preview:
        return preview(self.sealed, self.member)

    @cached_property
    def commits(self) -> Commitments:
        return Commitments.parse(self.bundle.core("commits.tsv"))

    @cached_property
    def seed(self) -> SeedText:
        return SeedText.parse(self.bundle.core("seed.txt"))

    @cached_property
    def seed_hash(self) -> str:
        return seeds.seed_hash(seeds.seed_of(self.bundle.core("seed.txt"), self.suite), self.suite)

    @cached_property
    def outcome(self) -> Outcome:
        keys = seeds.keys(self.bundle.core("seed.txt"), self.seal)
        return outcome(self.sealed, keys, self.member)

    @cached_property
    def receipt(self) -> tuple[dict[str, object], Told] | None:
        data = self.bundle.evidence(receipts.FILE)
        return None if data is None else receipts.parse_receipt(data)

    @cached_property
    def events(self) -> Events | None:
        data = self.bundle.evidence("events.jsonl")
        return None if data is None else evidence.read_events(data)

    def root_of(self, name: str) -> str:
        """Give the Merkle root of a core file as it lies in the bundle."""
        return list_root(self.bundle.core(name), self.suite).root

    def told(self, *names: str) -> None:
        """Compare members of the receipt, if there is one, with what the files say."""
        if self.receipt is None:
            return
        roots = (list_root(self.bundle.core(name), self.suite) for name in ("result.tsv", "assign.tsv"))
        expected = receipts.facts(self.seal, self.seal_hash, self.seed_hash, *roots)
        for name in names:
            if not canonical.same(self.receipt[0][name], expected[name]):
                raise Mismatch(what="receipt", where=name)


def _seal(case: Case) -> str:
    case.bundle.check_names()
    code = seals.approval_code_of(case.seal)
    lines = case.bundle.core("seed.txt").split(b"\n")
    if lines[1:2] != [b"seal " + case.seal_hash.encode()]:
        raise Mismatch(what="seal-hash", where="seed.txt")
    for expected, found, what in (
        (case.known.seal_hash, case.seal_hash, "seal-hash"),
        (case.known.approval_code, code, "approval-code"),
    ):
        if expected and expected not in (found, found[:16]):
            raise Mismatch(what=what, where=expected)
    case.told("draw", "org", "number", "level", "rehearsal", "seal")
    return f"封存值 {case.seal_hash[:16]}，审批核对码 {code}，请与审批表、抽取记录表上的对照"


def _plan(case: Case) -> str:
    data = case.bundle.core("plan.json")
    if case.suite.hex(data) != case.seal.plan:
        raise Mismatch(what="plan-hash")
    plan = Plan.parse(data)
    return f"方案与封存时一致，共{len(plan.parts)}个抽查部分"


def _lists(case: Case) -> str:
    sealed = case.sealed
    for name, root in seals.list_roots(sealed, case.suite).items():
        if getattr(case.seal, name) != root:
            raise Mismatch(what="list-root", where=name)
    return f"名单与封存时一致：待抽{len(case.member.masks)}户，检查人员{len(sealed.officers.rows)}人"


def _server(case: Case) -> str:
    data = case.bundle.core("server.txt")
    if case.suite.hex(data) != case.seal.sources.server:
        raise Mismatch(what="server-hash")
    share = shares.parse_server_text(data, draw=case.seal.draw)
    if case.seed.server != share:
        raise Mismatch(what="server-share", where="seed.txt")
    return "服务器份额与封存时一致"


def _commits(case: Case) -> str:
    seeds.check_seed(case.seed, case.seal, case.seal_hash, case.commits)
    return f"已开启的份额均与锁定值一致，锁定{len(case.commits.by_source)}人"


def _order(case: Case) -> str:
    events, data = case.events, case.bundle.evidence(note.FILE)
    proofs, told = case.bundle.evidence("proofs.json"), case.receipt
    checkpoint = note.parse_checkpoint(data)[0] if data is not None else None
    if data is not None:
        evidence.check_signatures(data, case.known.keys)
    if events is None:
        raise NotShown("包内没有本次抽取的日志（events.jsonl），先后次序未出示")
    origin = checkpoint.origin if checkpoint else told[1].log.origin if told else None
    roots = (case.root_of("result.tsv"), case.root_of("assign.tsv"))
    facts = evidence.Facts(
        case.seal, case.seal_hash, case.commits, case.seed, case.seed_hash, *roots, case.suite
    )
    evidence.check_events(events, facts, case.suite if origin is None else log_suite(origin))
    if told and (events.of("draw.sealed")[0].seq, events.of("draw.drawn")[0].seq) != (
        told[1].log.sealed,
        told[1].log.drawn,
    ):
        raise Mismatch(what="receipt-log")
    if checkpoint is None or proofs is None:
        raise NotShown("日志次序正确，但包内没有检查点或包含证明，未证明日志当时已存在")
    paths = evidence.check_proofs(events, proofs, checkpoint)
    if told and not evidence.check_place(told[1].log, events, paths, checkpoint):
        raise NotShown("日志次序与包含证明正确；凭证上的检查点早于包内检查点，其根值未出示")
    if not case.known.keys:
        raise NotShown("日志次序与包含证明正确；未提供签名公钥，检查点签名未核对")
    return "先后次序、包含证明、检查点签名均正确"


def _number(case: Case) -> str:
    number = case.seed.beacon
    if number is None:
        return "本次抽取不用公开随机数"
    if case.known.number and case.known.number != number.value:
        raise Mismatch(what="number", where=number.value)
    return f"公开随机数 {number.kind} {number.round}：{number.value}，请与官方公布或现场记录对照"


def _seed(case: Case) -> str:
    case.told("seed_hash")
    return f"种子校验值 {case.seed_hash[:16]}"


def _numbers(case: Case) -> str:
    case.told("result")
    _same_lines("result.tsv", case.bundle.core("result.tsv"), case.outcome.result)
    return f"重新计算的位次与抽取结果逐行一致，共{case.outcome.result_root.n}行"


def _sizes(case: Case) -> str:
    said = ["演练"] if case.seal.rehearsal else []
    for part in case.sealed.plan.in_code_order:
        drawn, held = case.preview.drawn(part.part), case.member.in_scope(part.part)
        words = f"{part.part} 在库{held}户抽{drawn}户"
        if case.preview.takes_everybody(part.part):
            words += "（全部检查、仅随机确定次序和人员）"
        if part.list:
            words += f"（名单由{part.list.of}抽取，{part.list.doc}，不是由本协议抽取）"
        said.append(words)
    parts = [receipts.part_facts(part, case.preview) for part in case.sealed.plan.in_code_order]
    if case.receipt and not canonical.same(case.receipt[0]["parts"], parts):
        raise Mismatch(what="receipt", where="parts")
    return "；".join(said)


def _teams(case: Case) -> str:
    case.told("assign")
    seats, member, sealed = Seats(case.sealed.plan), case.member, case.sealed
    check_slots(member, seats)
    mode = cluster if sealed.plan.assign.mode == "cluster" else each
    mode.check_sufficiency(member, seats, sealed.officers, sealed.recusals)
    _same_lines("assign.tsv", case.bundle.core("assign.tsv"), case.outcome.assign)
    return f"重新计算的选派与选派结果逐行一致，共{case.outcome.assign_root.n}行"


def _afterwards(case: Case) -> str:
    if case.events is None:
        raise NotShown("包内没有本次抽取的日志，抽取后的变更未出示")
    keys = seeds.keys(case.bundle.core("seed.txt"), case.seal)
    course = Course(case.sealed, case.member, case.outcome, keys)
    tally = afterwards.replay(course, case.sealed.plan, case.events.entries)
    drawn = {part.part: case.preview.drawn(part.part) for part in case.sealed.plan.parts}
    many = tally.more_than_5_percent(drawn)
    more = f"，其中{'、'.join(tally.more_than_two)}变更超过两次，须经上级批准" if tally.more_than_two else ""
    more += f"，{'、'.join(many)}变更的户次超过抽中户数的5%，须经上级批准" if many else ""
    return f"抽取后变更{tally.changes}次，递补人选均符合规则{more}；公示结果是否覆盖全部对象请另行核对"


def _attempts(case: Case) -> str:
    chain, told = case.bundle.attempts(), case.receipt[1].attempts if case.receipt else None
    numbers = range(1, case.seal.attempt)  # never listed: a seal may name any number
    if any(number not in numbers for number in chain):
        raise Mismatch(what="attempts", where=str(max(chain)))
    if told is not None and [one.attempt for one in told] != [*numbers[: len(told) + 1]]:
        raise Mismatch(what="receipt", where="attempts")
    states = {one.attempt: one.state for one in told or ()}
    changed = _check_chain(case, chain, states)
    if len(chain) < len(numbers):
        raise NotShown(f"本次为第{case.seal.attempt}次，此前各次的封存文件未全部出示")
    if changed:
        raise NotShown("此前有作废后更换名单的情形，凭证未出示，作废原因未核对")
    return f"第{case.seal.attempt}次抽取，此前{len(numbers)}次均已出示"


def _check_chain(case: Case, chain: dict[int, bytes], states: dict[int, str]) -> bool:
    """Check each shown attempt against the next one; tell whether one changed lists without a receipt."""
    changed, later = False, case.seal
    for number in sorted(chain, reverse=True):
        earlier = Seal.parse(chain[number])
        if earlier.attempt != number:
            raise Mismatch(what="attempts", where=str(number))
        if later.attempt == number + 1:
            state = states.get(number, "")
            free = state == "voided" or (not state and not seals.carries_over(earlier, later))
            changed |= free and not state
            earlier_hash = seals.seal_hash(chain[number], suites.suite(earlier.suite))
            seals.check_repeat(earlier, later, earlier_hash, voided=free)
        later = earlier
    return changed


def _same_lines(name: str, given: bytes, computed: bytes) -> None:
    if given == computed:
        return
    pairs = zip_longest(given.split(b"\n"), computed.split(b"\n"))
    line = next(number for number, (one, two) in enumerate(pairs, 1) if one != two)
    raise FileRefused(file=name, where=str(line), reason="not-as-computed")


STEPS: tuple[tuple[str, Callable[[Case], str]], ...] = (
    ("封存", _seal),
    ("方案", _plan),
    ("名单", _lists),
    ("服务器份额", _server),
    ("锁定值", _commits),
    ("先后次序", _order),
    ("公开随机数", _number),
    ("种子", _seed),
    ("位次", _numbers),
    ("样本量", _sizes),
    ("选派", _teams),
    ("抽取之后", _afterwards),
    ("历次抽取", _attempts),
)
