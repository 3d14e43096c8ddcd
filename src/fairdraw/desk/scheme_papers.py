"""The papers of a scheme and of a batch (抽查方案、抽查方案审批表) filled from what stands, for printing and for Word."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import division, services, tasks
from fairdraw.documents import schemes as papers
from fairdraw.documents import shapes, summaries, word
from fairdraw.draws import limits
from fairdraw.kernel import clock
from fairdraw.plans import division as shares
from fairdraw.plans import schemes as verbs
from fairdraw.plans import sheets, strata
from fairdraw.plans.models import SchemeSheet, Task
from fairdraw.plans.strata import Layering
from fairdraw.registers.scopes import ScopeSpec
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import formats

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
CODE_DIGITS = 8


def scheme(task: Task, form: str) -> bytes:
    """The scheme of a task as ``pdf`` or ``docx``."""
    shape = scheme_shape(task)
    make = papers.scheme_pdf if form == "pdf" else word.scheme_docx
    return make(shape, mark=services.installation().mark)


def sheet(held: SchemeSheet, form: str) -> bytes:
    """An approval sheet as ``pdf`` or ``docx``."""
    make = papers.sheet_pdf if form == "pdf" else papers.sheet_docx
    return make(sheet_shape(held), mark=services.installation().mark)


def scheme_shape(task: Task) -> summaries.Scheme:
    """What the scheme of *task* states, with the sizes on the directory of today."""
    held = task.scheme
    department = accounts.department_of(task.agency)
    rows = task.task_items.select_related("version__item").order_by("position")
    method = tasks.METHODS.get(held.method, held.method)
    parts = [str(part.agency) for part in task.task_agencies.select_related("agency").order_by("pk")]
    limit = rulebook.deadline("D4", held.starts_on)
    summary = rulebook.deadline("D6", held.starts_on)
    plan = task.plan_row.plan if task.plan_row else None
    return summaries.Scheme(
        name=held.name,
        number=held.number,
        office=shapes.Office(department.name, department.telephone),
        plan_document=(plan.document_number or f"《{plan.title}》") if plan else "",
        purpose=_("为规范%(name)s工作，") % {"name": task.name},
        targets=held.scope_text,
        lead=str(task.agency),
        departments=tuple(parts),
        items=tuple(
            summaries.SchemeItem(str(task.agency), row.version.name, str(method), row.version.legal_basis)
            for row in rows
        ),
        rates=_rates(task),
        draw_words=_("由本机关在系统中封存名单后随机抽取，监督人监督，抽取过程可复核。"),
        team_words=_teams(task),
        draw_by=None,
        visit_from=held.starts_on,
        finish_on=held.finishes_on,
        publish_words=_("检查结果自检查完成之日起%(n)s个工作日内公示。") % {"n": limit.days},
        summary_words=_("任务完成后%(n)s日内报送领导小组办公室。") % {"n": summary.days},
        issued_on=clock.local_date(held.approved_at) if held.approved_at else clock.today(),
        is_differentiated=bool(held.class_rates) and not task.exempt_field,
        exempt_reason=task.exempt_reason,
        local_reason=task.local_reason,
        division=tuple(
            summaries.SchemeShare(
                str(share.agency),
                str(share.area) if share.area else _("任务全部辖区"),
                division.span(share),
                share.leader,
            )
            for share in shares.shares_of(task)
        ),
        method_reason=_("到实地检查的理由：%(why)s") % {"why": held.method_reason}
        if held.method_reason
        else "",
        notice_words=_("本任务不预先通知检查对象。") if task.unannounced else "",
    )


def _rates(task: Task) -> tuple[summaries.SchemeRate, ...]:
    held = task.scheme
    layering = Layering.from_json(held.layering)
    counts = strata.counts(ScopeSpec.from_json(held.scope), by=held.stratified_by, layering=layering)
    drawn = limits.sizes_of(held, by=held.stratified_by, counts=counts) or {}
    labels = strata.labels(held.stratified_by, layering)
    stated = {row.code: row.rate for row in tasks.strata(held)}
    return tuple(
        summaries.SchemeRate(
            label, stated.get(code, formats.NOTHING), counts.get(code, 0), drawn.get(code, 0)
        )
        for code, label in labels.items()
        if code in counts or stated.get(code)
    )


def _teams(task: Task) -> str:
    words = _("按路线分组") if task.scheme.assign_mode == "cluster" else _("逐户选派")
    needed = "、".join(slot["qualification"] for slot in task.scheme.slots if slot.get("qualification"))
    return _("从执法检查人员名录库随机选派，每组不少于两人，%(how)s%(needed)s。") % {
        "how": words,
        "needed": _("，须有人具备%(q)s资格") % {"q": needed} if needed else "",
    }


def sheet_shape(held: SchemeSheet) -> summaries.SchemeSheet:
    """What an approval sheet says: who submits which schemes, each with the code of what it states."""
    listed = sheets.tasks_on(held)
    plan = next((t.plan_row.plan for t in listed if t.plan_row), None)
    basis = plan.document_number or plan.title if plan else _("本机关年度监管工作安排")
    who = tasks.names([held.made_by]).get(held.made_by, "")
    past, made_on = accounts.PastNames(), clock.local_date(held.made_at)
    return summaries.SchemeSheet(
        office=shapes.Office(past.of(held.agency, made_on), held.agency.telephone),
        number=held.number,
        year=held.year,
        basis=basis,
        drafted_by=who,
        made_on=made_on,
        schemes=tuple(
            summaries.ListedScheme(
                number=task.scheme.number,
                name=task.scheme.name,
                task=task.number,
                unit=past.of(task.agency, made_on),
                targets=task.scheme.scope_text,
                items="、".join(row.version.name for row in task.task_items.select_related("version")),
                ratio=task.scheme.ratio_text,
                finish_on=task.scheme.finishes_on,
                code=verbs.scheme_digest(task.scheme)[:CODE_DIGITS],
                remark=task.exempt_reason,
            )
            for task in listed
        ),
    )
