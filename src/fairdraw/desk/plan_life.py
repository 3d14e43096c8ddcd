"""
The plan from draft to close as the office handles it (年度计划办理): papers for the office system, amendments told to the public.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.documents import plan_papers
from fairdraw.documents.typesetting import day_text
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.oversight import papers
from fairdraw.plans import amending, editions, letters, receipts
from fairdraw.plans.amending import Published
from fairdraw.plans.differing import as_text
from fairdraw.plans.models import AnnualPlan, PlanReceipt
from fairdraw.publication import services as publication

WORD = papers.WORD
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def mark() -> str:
    """What every paper of a rehearsal bears."""
    held = accounts.installation()
    return held.mark if held else ""


def annex_rows(plan: AnnualPlan) -> list[dict[str, str]]:
    """The rows of the plan as its annex prints them: of the version in force, else as drafted."""
    edition = editions.newest(plan)
    return [annex_row(row) for row in (edition.rows if edition else editions.rows_of(plan))]


def annex_row(row: Any) -> dict[str, str]:
    """One row of an edition in words."""
    days = [row.get(name, "") for name in ("starts_on", "ends_on")]
    texts = {name: as_text(row.get(name)) for _h, name, _w in plan_papers.ANNEX}
    return texts | {
        "window": _("至").join(day_text(dt.date.fromisoformat(day)) for day in days if day),
        "origin": row.get("upstream", "") or row.get("local_reason", ""),
    }


def paper(plan: AnnualPlan, name: str) -> tuple[bytes, str]:
    """
    A paper of the plan and its media type: ``body.docx``, ``annex.docx``, ``annex.xlsx``, ``receipts.docx``.

    Raises:
        NotFound: There is no such paper.
    """
    rows = annex_rows(plan)
    if name == "body.docx":
        return _letter(plan, len(rows)), WORD
    if name == "annex.docx":
        return plan_papers.annex_docx(plan.title, rows, mark=mark()), WORD
    if name == "annex.xlsx":
        note = _("第 %(v)s 版，共 %(n)s 行") % {"v": plan.version, "n": len(rows)}
        return plan_papers.annex_xlsx(plan.title, rows, note=note, mark=mark()), EXCEL
    if name == "receipts.docx":
        return receipt_list(plan, list(receipts.of_plan(plan))), WORD
    raise NotFound(_("没有这份文件"))


def _letter(plan: AnnualPlan, count: int) -> bytes:
    edition = editions.newest(plan)
    reason = edition.reason if edition else ""
    what = _("调整") if plan.version > 1 else _("印发")
    fields = {
        "year": str(plan.year),
        "title": plan.title,
        "agency": plan.agency.name,
        "count": str(count),
        "version": str(plan.version),
        "reason": reason,
    }
    return plan_papers.letter_docx(
        letters.text_of(plan.agency),
        title=_("关于%(what)s《%(title)s》的通知") % {"what": what, "title": plan.title},
        fields=fields,
        office=plan.agency.name,
        day=day_text(plan.issued_on) if plan.issued_on else _("（印发日期由公文系统填写）"),
        number=plan.document_number,
        mark=mark(),
    )


def receipt_list(plan: AnnualPlan, rows: Sequence[PlanReceipt]) -> bytes:
    """The units with who signed and when, blank where nobody has: it is carried round and signed on paper."""
    table = [
        (
            str(number),
            row.agency.name,
            row.signer,
            row.signed_on.isoformat() if row.signed_on else "",
            _("纸质") if row.on_paper else _("系统") if row.confirmed_at else "",
        )
        for number, row in enumerate(rows, start=1)
    ]
    done = sum(row.confirmed_at is not None for row in rows)
    told = _("第 %(v)s 版，应签收 %(all)s 个单位，已签收 %(done)s 个") % {
        "v": plan.version,
        "all": len(rows),
        "done": done,
    }
    return plan_papers.list_docx(
        _("%(title)s签收表") % {"title": plan.title},
        (_("序号"), _("单位"), _("签收人"), _("签收日期"), _("方式")),
        table,
        widths=(16, 60, 30, 30, 20),
        facts=[told],
        mark=mark(),
    )


@transaction.atomic
def publish_amendment(plan: AnnualPlan, *, actor: Actor, now: dt.datetime) -> Published:
    """Make the drafted amendment public (公布计划调整): the new version with its reason, on the public page as well."""
    done = amending.publish_amendment(plan, actor=actor, now=now)
    plan.refresh_from_db()
    publication.announce(
        kind="plan",
        reference=str(plan.year),
        title=plan.title,
        body=papers.plan_notice(plan) | {"document_number": "", "issued_on": ""},
        reason=done.edition.reason,
        actor=actor,
        now=now,
    )
    return done
