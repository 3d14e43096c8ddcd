"""
What the pages of a scheme show (抽查方案): its sizes at once, held against the limits and goals; what it may be made from.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import goals
from fairdraw.draws import limits
from fairdraw.draws import selectors as draws
from fairdraw.exchange.readers import scopes as scope_reader
from fairdraw.inspections import papers
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.verdict import Verdict
from fairdraw.plans import permissions, scheme_permissions, strata
from fairdraw.plans import selectors as plans
from fairdraw.plans.allocation import Allocation, Held
from fairdraw.plans.models import PlanRowVersion, Task
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.plans.states import TaskState
from fairdraw.registers import tags as tag_names
from fairdraw.registers.models import Target
from fairdraw.registers.rules import unpack_tags
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.values import ExemptField
from fairdraw.ui import formats
from fairdraw.ui.parts import Tone

COPIED_YEARS = 2
METHODS = dict(papers.METHODS)


def tag_words() -> dict[str, str]:
    """The tags of the directory, each with the word that the scope table has for it."""
    held = Target.objects.exclude(tags="").values_list("tags", flat=True).distinct()
    tags = sorted({tag for packed in held for tag in unpack_tags(packed)})
    words: dict[str, str] = {}
    for word in scope_reader.known_words():
        guess = scope_reader.guess(word)
        if guess.sure and len(guess.tags) == 1 and not guess.kinds:
            words.setdefault(guess.tags[0], word)
    return {tag: words.get(tag) or tag_names.name(tag) for tag in tags}


def exempt_fields(on: dt.date) -> dict[str, ExemptField]:
    """The professional fields (专业领域) in force on a day."""
    return rulebook.exempt_fields(on)


@dataclass(frozen=True)
class SizeLine:
    """One stratum: how many there are, how many are drawn, the share that this is."""

    label: str
    held: int
    drawn: int

    @property
    def rate(self) -> str:
        """The share that is drawn."""
        return formats.rate(Fraction(self.drawn, self.held)) if self.held else formats.NOTHING


@dataclass(frozen=True)
class Check:
    """What a scheme is held against, in a sentence, and whether it holds."""

    text: str
    tone: str = Tone.SUCCESS.value


@dataclass(frozen=True)
class Preview:
    """The sizes of a scheme before anything is drawn (试算), and what they are held against."""

    lines: tuple[SizeLine, ...]
    checks: tuple[Check, ...]

    @property
    def held(self) -> int:
        """Targets in scope."""
        return sum(line.held for line in self.lines)

    @property
    def drawn(self) -> int:
        """Targets drawn."""
        return sum(line.drawn for line in self.lines)

    @property
    def rate(self) -> str:
        """The overall ratio."""
        return SizeLine("", self.held, self.drawn).rate


def preview(
    wish: Wish, resolved: Resolved, found: Allocation | Held, *, version: PlanRowVersion | None, on: dt.date
) -> Preview | None:
    """The sizes of a scheme on the directory of today; ``None`` where it cannot be sized."""
    if isinstance(found, Held) or resolved.whom is None:
        return None
    counts = strata.counts(resolved.whom, by=found.by, layering=resolved.layering)
    drawn = limits.sizes_of(found, by=found.by, counts=counts)
    if drawn is None:
        return None
    labels = strata.labels(found.by, resolved.layering)
    lines = tuple(
        SizeLine(label, counts[code], drawn.get(code, 0)) for code, label in labels.items() if code in counts
    )
    held, taken = sum(line.held for line in lines), sum(line.drawn for line in lines)
    checks = [
        *_limits(resolved, held, taken),
        *(row_bounds(version, held, taken) if version else ()),
        _differentiated(wish, found, taken, on=on),
        _year(wish, resolved, taken, on=on),
    ]
    return Preview(lines, tuple(check for check in checks if check is not None))


def _limits(resolved: Resolved, held: int, drawn: int) -> list[Check]:
    """The limits of general items (rules.md B3)."""
    found = []
    for item in resolved.items:
        if item.item_class != "general" or item.ratio_limit is None:
            continue
        most = math.ceil(Fraction(item.ratio_limit) * held)
        words = {"item": item.name, "limit": formats.exact_percent(item.ratio_limit), "most": most}
        if drawn > most:
            text = _("一般事项“%(item)s”上限%(limit)s，至多%(most)s户，已超过，冻结名单时会被拒绝") % words
            found.append(Check(text, Tone.DANGER.value))
        else:
            found.append(Check(_("一般事项“%(item)s”上限%(limit)s，至多%(most)s户") % words))
    return found


def row_bounds(version: PlanRowVersion, held: int, drawn: int) -> list[Check]:
    """The bounds that the row of the plan sets, each with whether *drawn* out of *held* keeps it (计划要求)."""
    found = []
    for least, ratio, count in (
        (True, version.ratio_min, version.count_min),
        (False, version.ratio_max, version.count_max),
    ):
        bound = count
        word = _("%(n)s户") % {"n": count}
        if bound is None and ratio is not None:
            bound, word = math.ceil(Fraction(ratio) * held), formats.exact_percent(ratio)
        if bound is None:
            continue
        kept = drawn >= bound if least else drawn <= bound
        said = _("计划要求不低于%(word)s") if least else _("计划要求不高于%(word)s")
        text = said % {"word": word} + ("" if kept else _("，本方案%(n)s户不符") % {"n": drawn})
        found.append(Check(text, (Tone.SUCCESS if kept else Tone.DANGER).value))
    return found


def row_rates(version: PlanRowVersion, rates: Mapping[str, Fraction]) -> list[Check]:
    """The rates by class that the row of the plan states and *rates* do not keep (各类计划比例)."""
    found = []
    for code, stated in sorted(version.ratio_by_class.items()):
        wanted = Fraction(stated)
        if code not in rates or rates[code] == wanted:
            continue
        said = _("计划%(c)s类%(word)s，改为%(rate)s，低于计划")
        if rates[code] > wanted:
            said = _("计划%(c)s类%(word)s，改为%(rate)s，高于计划")
        words = {"c": code, "word": formats.rate(wanted), "rate": formats.rate(rates[code])}
        found.append(Check(said % words, Tone.DANGER.value))
    return found


def _differentiated(wish: Wish, found: Allocation, drawn: int, *, on: dt.date) -> Check:
    """Whether the task counts towards the share of class-dependent draws (N16: 85%)."""
    field, reason = wish.field(on=on)
    if field:
        return Check(_("专业领域：%(reason)s，不计入85%%") % {"reason": reason})
    if found.differentiated:
        said = _("比例随信用风险分类升高，%(n)s户计入差异化抽查（目标85%%）") % {"n": drawn}
        return Check(said)
    said = _("比例不随信用风险分类变化，%(n)s户不计入差异化抽查（目标85%%）") % {"n": drawn}
    return Check(said, Tone.WARNING.value)


def _year(wish: Wish, resolved: Resolved, drawn: int, *, on: dt.date) -> Check | None:
    """What the task adds to the enterprises of the year (N02: 3.5%)."""
    bureau = accounts.root()
    found = goals.indicators(bureau, wish.year, as_of=on)["K1"]
    if found.value is None or found.goal is None:
        return Check(_("尚未录入年底企业实有数，不能与3.5%目标对照"), Tone.PLAIN.value)
    kinds = resolved.whom.kinds if resolved.whom else ()
    said = _("本方案抽取%(n)s户") if kinds == ("enterprise",) else _("本方案抽取%(n)s户（含非企业）")
    goal = math.ceil(found.goal * found.denominator)
    more = _("；本年企业抽查目标%(goal)s户，已完成%(done)s户") % {"goal": goal, "done": found.numerator}
    return Check(said % {"n": drawn} + more, Tone.PLAIN.value)


def facts(resolved: Resolved, wish: Wish, *, on: dt.date) -> list[tuple[str, Any]]:
    """What a scheme that is being written states, for a last look (N12)."""
    _field, reason = wish.field(on=on)
    departments = [resolved.agency, *resolved.partners]
    return [
        (_("检查对象"), wish.scope_text),
        (_("检查事项"), "、".join(v.name for v in resolved.items)),
        (_("参与部门"), "、".join(str(a) for a in departments if a is not None)),
        (_("检查方式"), METHODS.get(resolved.method, resolved.method)),
        *([(_("实地检查理由"), resolved.method_reason)] if resolved.method_reason else []),
        (_("预先通知"), _("不预先通知检查对象") if resolved.unannounced else _("检查前通知检查对象")),
        (_("检查人员资格"), resolved.qualification or _("不要求")),
        (_("开始时间"), formats.date_zh(wish.starts_on)),
        (_("完成时间"), formats.date_zh(wish.ends_on)),
        (_("专业领域"), reason or _("否，按信用风险分类抽取")),
    ]


def may_return(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may send the scheme of *task* back: not while its lists are frozen for a draw."""
    verdict = scheme_permissions.can_return(actor, task)
    if verdict and draws.live_draw_of(task) is not None:
        said = _("任务 %(n)s 的名单已冻结准备抽取，请先放弃这次抽取，再退回方案")
        return Verdict(permissions.WrongState(said % {"n": task.number}))
    return verdict


def sources(actor: Actor, *, year: int, besides: str = "") -> list[Task]:
    """The tasks whose schemes may be copied (沿用方案): of this year and the two before, the newest first."""
    rows = plans.visible_tasks(actor).filter(
        scheme__isnull=False, year__gte=year - COPIED_YEARS, year__lte=year
    )
    return list(rows.exclude(number=besides).order_by("-year", "number").select_related("agency", "scheme"))


def waiting(actor: Actor) -> list[Task]:
    """The drafted schemes that stand on no approval sheet and that *actor* may put on one."""
    rows = plans.visible_tasks(actor).filter(
        state=TaskState.DRAFTING.value, scheme__sheet=None, scheme__returned_reason="", scheme__isnull=False
    )
    found = rows.select_related("agency__parent", "scheme").order_by("number")
    return [task for task in found if scheme_permissions.can_make_sheet(actor, [task])]


def as_given(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Values of a form as a page sends them: text, a list for each field."""
    given: dict[str, list[str]] = {}
    for name, value in values.items():
        held = value if isinstance(value, list | tuple) else [value]
        texts = ["on" if v is True else "" if v in (None, False) else str(v) for v in held]
        given[name] = [t for t in texts if t] if isinstance(value, list | tuple) else texts
    return given
