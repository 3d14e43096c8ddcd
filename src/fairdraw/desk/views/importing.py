"""Import by page (导入): upload, columns, trial with its report, confirmation; columns that are remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import importing, importing_forms
from fairdraw.desk.received import in_words
from fairdraw.desk.views.given import uploaded
from fairdraw.exchange import mapping, uploads
from fairdraw.exchange.kinds import KINDS, MAPPED
from fairdraw.exchange.tables import Layout
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

MAY = (Duty.OFFICE, Duty.CLERK, Duty.PLANNER)
FILE_COLUMNS = (
    Column(gettext_lazy("文件")),
    Column(gettext_lazy("种类")),
    Column(gettext_lazy("状态")),
    Column(gettext_lazy("上传人")),
    Column(gettext_lazy("上传时间")),
    Column(gettext_lazy("新增"), numeric=True),
    Column(gettext_lazy("变更"), numeric=True),
    Column(gettext_lazy("未采用"), numeric=True),
)
COLUMN_COLUMNS = (
    Column(gettext_lazy("文件中的列")),
    Column(gettext_lazy("前几行的内容")),
    Column(gettext_lazy("作为")),
)
REPORT_COLUMNS = (
    Column(gettext_lazy("行号"), numeric=True),
    Column(gettext_lazy("列")),
    Column(gettext_lazy("程度")),
    Column(gettext_lazy("说明")),
)
CHANGE_COLUMNS = (
    Column(gettext_lazy("名称")),
    Column(gettext_lazy("编号、代码")),
    Column(gettext_lazy("项目")),
    Column(gettext_lazy("现在")),
    Column(gettext_lazy("导入后")),
)
MAPPING_COLUMNS = (
    Column(gettext_lazy("种类")),
    Column(gettext_lazy("列对照")),
    Column(gettext_lazy("最近用于")),
    Column(gettext_lazy("何人、何时")),
    OPERATIONS,
)


@door(*MAY)
@require_http_methods(["GET", "POST"])
def imports(request: OfficerRequest) -> HttpResponse:
    """Choose what to import and the file (导入); the files of before stand below."""
    offers = importing.offers(request.actor)
    kinds = [(offer.code, offer.label) for offer in offers if not offer.refusal]
    form = importing_forms.Upload(posted(request), uploaded(request), kinds=kinds)
    page = pages.page_of(uploads.visible(request.actor), request.GET, size=20)
    context = {
        "title": _("导入"),
        "offers": offers,
        "kinds": kinds,
        "columns": FILE_COLUMNS,
        "page": page,
        "lines": [importing.shown(row) for row in page],
    }
    if request.method == "GET":
        return render(request, "desk/imports.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/imports.html", form, **context)
    sent = form.cleaned_data["file"]
    try:
        row = uploads.take(
            kind=form.cleaned_data["kind"],
            data=sent.read(),
            name=sent.name,
            actor=request.actor,
            now=clock.now(),
        )
    except InvalidInput as refused:
        form.add_error("file", in_words(refused))
        return pages.again(request, "desk/imports.html", form, **context)
    tried = uploads.arrange_as_found(row, actor=request.actor, now=clock.now())
    return redirect("desk:import" if tried else "desk:import-columns", row.pk)


@door(*MAY)
@never_cache
@require_GET
def one(request: OfficerRequest, pk: int) -> HttpResponse:
    """One file (导入详情): how far it is, what its trial found, what came of it."""
    row = uploads.file_import(request.actor, pk)
    job = importing.running(request.actor, row)
    asks = bool(getattr(request, "htmx", None))
    if asks and (job is None or job.is_finished):
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    if job is None and importing.is_open(row) and not importing.is_tried(row):
        return redirect("desk:import-columns", pk)
    context: dict[str, Any] = {
        "title": _("导入%(kind)s") % {"kind": KINDS[row.kind].label},
        "row": row,
        "unit": KINDS[row.kind].unit,
        "steps": importing.steps(row),
        "facts": importing.facts(row),
        "job": job,
        "url": reverse("desk:import", args=[pk]),
        "tried": importing.is_tried(row) and job is None,
        "imported": importing.is_imported(row),
        "open": importing.is_open(row),
        "after": importing.afterwards(row),
    }
    return pages.show(request, "desk/import.html", "jobs/_progress.html", context)


@door(*MAY)
@require_http_methods(["GET", "POST"])
def columns(request: OfficerRequest, pk: int) -> HttpResponse:
    """Where the header stands and what its columns are (核对列); then the import is tried."""
    row = uploads.file_import(request.actor, pk)
    if not importing.is_open(row):
        return redirect("desk:import", pk)
    kind = KINDS[row.kind]
    held = uploads.layout_of(row)
    layout = _asked(request.POST if request.method == "POST" else request.GET, held)
    context: dict[str, Any] = {
        "title": _("核对列"),
        "row": row,
        "kind": kind.label,
        "steps": importing.steps(row),
        "columns": COLUMN_COLUMNS,
    }
    try:
        look = uploads.look(row, layout)
    except InvalidInput as refused:
        messages.error(request, in_words(refused))
        look, layout = uploads.look(row, held), held
    form = importing_forms.Columns(
        posted(request),
        look=look,
        fields=mapping.fields(kind),
        options=kind.options,
        initial=row.options,
    )
    where = importing_forms.Where(
        initial={"sheet": layout.sheet, "header_row": layout.header_row or look.header_rows[0]},
        sheets=look.sheets,
    )
    context |= {
        "look": look,
        "where": where,
        "layout": layout,
        "recognised": bool(held.columns) and row.tried_at is None,
        **_told(look, kind),
    }
    if request.method == "GET":
        return render(request, "desk/import_columns.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/import_columns.html", form, **context)
    try:
        uploads.arrange(
            row,
            layout=Layout(layout.sheet, look.header_rows[0], form.said),
            options=form.given,
            remember=form.cleaned_data["remember"],
            actor=request.actor,
            now=clock.now(),
        )
    except InvalidInput as refused:
        form.add_error(None, in_words(refused))
        return pages.again(request, "desk/import_columns.html", form, **context)
    return redirect("desk:import", pk)


def _asked(given: Mapping[str, str], held: Layout) -> Layout:
    """The layout that is asked for; another sheet or header finds the columns anew."""
    if "header_row" not in given:
        return held
    number = given["header_row"]
    row = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    asked = Layout(given.get("sheet", ""), row)
    return held if (asked.sheet, asked.header_row) == (held.sheet, held.header_row) else asked


def _told(look: mapping.Look, kind: Any) -> dict[str, Any]:
    """What is missing and what nothing reads, in words."""
    return {
        "missing": [
            _("或").join(mapping.label_of(code, kind.aliases) for code in group) for group in look.missing
        ],
        "preview_columns": [Column(_("行号"), numeric=True), *(Column(c.name) for c in look.columns)],
    }


@door(*MAY)
@require_POST
def confirm(request: OfficerRequest, pk: int) -> HttpResponse:
    """Import what was tried (确认导入)."""
    row = uploads.file_import(request.actor, pk)
    uploads.confirm(
        row,
        good_rows=request.POST.get("good_rows") == "1",
        tried=request.POST.get("tried", ""),
        actor=request.actor,
        now=clock.now(),
    )
    return redirect("desk:import", pk)


@door(*MAY)
@require_POST
def withdraw(request: OfficerRequest, pk: int) -> HttpResponse:
    """Withdraw a file that was not imported (撤下)."""
    row = uploads.file_import(request.actor, pk)
    uploads.withdraw(row, actor=request.actor, now=clock.now())
    messages.success(request, _("已撤下“%(name)s”，没有存入任何内容") % {"name": row.name})
    return redirect("desk:imports")


@door(*MAY)
@require_POST
def stop(request: OfficerRequest, pk: int) -> HttpResponse:
    """Stop the trial or the import under way (停止)."""
    uploads.stop(uploads.file_import(request.actor, pk), actor=request.actor)
    return redirect("desk:import", pk)


def _lines(request: OfficerRequest, row: Any) -> tuple[importing_forms.ReportFilter, list[Any]]:
    form = importing_forms.ReportFilter(request.GET or None, columns=importing.columns_of(row))
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return form, importing.lines(row, **asked)


@door(*MAY)
@require_GET
def report(request: OfficerRequest, pk: int) -> HttpResponse:
    """What the trial found, by row and column (试导入报告)."""
    row = uploads.file_import(request.actor, pk)
    form, lines = _lines(request, row)
    context = {
        "title": _("试导入报告"),
        "row": row,
        "filter_form": form,
        "columns": REPORT_COLUMNS,
        "page": pages.page_of(lines, request.GET),
        "query": request.GET.urlencode(),
    }
    return pages.show(request, "desk/import_report.html", "desk/_import_report.html", context)


@door(*MAY)
@require_GET
def report_file(request: OfficerRequest, pk: int, form: str) -> HttpResponse:
    """The report, filtered as on screen, as CSV or Excel (导出)."""
    row = uploads.file_import(request.actor, pk)
    if form not in {"csv", "xlsx"}:
        raise NotFound(_("没有这种导出格式"))
    _form, lines = _lines(request, row)
    answer = HttpResponse(importing.exported(row, form, lines), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="import-{row.pk}.{form}"'
    return answer


@door(*MAY)
@require_GET
def changes(request: OfficerRequest, pk: int) -> HttpResponse:
    """What the import would change in what is there, field by field (将变更的内容)."""
    row = uploads.file_import(request.actor, pk)
    found = uploads.report_of(row).changes
    context = {
        "title": _("将变更的内容"),
        "row": row,
        "columns": CHANGE_COLUMNS,
        "page": pages.page_of(found, request.GET),
        "total": (row.trial or {}).get("changes", 0),
        "listed": len({code for code, *_rest in found}),
    }
    return pages.show(request, "desk/import_changes.html", "desk/_import_changes.html", context)


@door(*MAY)
@require_GET
def remembered(request: OfficerRequest) -> HttpResponse:
    """The columns that are remembered of headers (列对照)."""
    rows = uploads.mappings(request.actor)
    page = pages.page_of(rows, request.GET)
    lines = [
        (
            row,
            MAPPED[row.kind].label,
            [
                (name, mapping.label_of(code, MAPPED[row.kind].aliases))
                for name, code in row.columns.items()
                if code
            ],
        )
        for row in page
    ]
    context = {"title": _("记住的列对照"), "columns": MAPPING_COLUMNS, "page": page, "lines": lines}
    return render(request, "desk/import_mappings.html", context)


@door(*MAY)
@require_POST
def forget(request: OfficerRequest, pk: int) -> HttpResponse:
    """Forget the columns of a header (删除列对照)."""
    uploads.forget(pk, actor=request.actor, now=clock.now())
    messages.success(request, _("已删除这份列对照，下次按列名识别"))
    return redirect("desk:import-mappings")
