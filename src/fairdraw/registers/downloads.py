"""A list as a file (导出): exactly the rows that a filter shows, as CSV or Excel, for every page that has such a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fairdraw.accounts import shell
from fairdraw.accounts.doors import OfficerRequest
from fairdraw.documents import tables
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.registers import export


def table(
    request: OfficerRequest,
    form: str,
    *,
    name: str,
    title: str,
    columns: Sequence[tables.Column],
    rows: Iterable[Sequence[tables.Cell]],
) -> HttpResponse:
    """
    Give *rows* as a file.

    Args:
        request: Whose installation's mark stands in the workbook.
        form: ``csv`` or ``xlsx``.
        name: Name of the file without its ending.
        title: First line of the workbook.
        columns: Headings and kinds.
        rows: Cells in the columns' order.

    Raises:
        NotFound: There is no such form.
    """
    if form not in {"csv", "xlsx"}:
        raise NotFound(_("没有这种导出格式"))
    if form == "csv":
        data, kind = tables.table_csv(columns, rows), "text/csv; charset=utf-8"
    else:
        found = shell.installation(request)
        mark = found.mark if found else ""
        data = tables.table_xlsx(title, columns, rows, note=export.note(clock.now()), mark=mark)
        kind = export.XLSX
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer
