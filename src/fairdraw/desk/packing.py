"""The files of a draw packed for handing out (复核资料包、公开凭证、抽取名单)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from fairdraw.documents.tables import Column, table_csv
from fairdraw.draws import bundles
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawnRow, DrawnTeam

OPEN_FILES = ("seal.json", "receipt.json", "checkpoint.txt")
_MOMENT = (2000, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip with *files* under *folder*, equal bytes for equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in sorted(files.items()):
            package.writestr(zipfile.ZipInfo(f"{folder}/{name}", _MOMENT), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bundle(draw: Draw) -> bytes:
    """The whole bundle in a folder of the draw's number, as the verifier takes it once unpacked."""
    return zipped(bundles.files_of(draw), draw.number)


def evidence(draw: Draw) -> bytes:
    """What everybody may have: seal, receipt, checkpoint (vdraw/1 §15)."""
    return zipped({n: draws.content(draw, n) for n in OPEN_FILES}, f"receipt-{draw.number}")


def verifier() -> bytes:
    """The standalone verifier, the one file that everybody may run."""
    return (settings.BASE_DIR / "verify.py").read_bytes()


def drawn_list(draw: Draw) -> bytes:
    """Who was drawn and who goes, without reserves and ranks, for the drawing office (csv)."""
    columns = (
        Column(_("任务编号")),
        Column(_("检查对象")),
        Column(_("代码")),
        Column(_("住所")),
        Column(_("检查人员")),
    )
    return table_csv(columns, _drawn(draw))


def _drawn(draw: Draw) -> Iterator[tuple[str, ...]]:
    teams: dict[int, list[str]] = {}
    for target, name in (
        DrawnTeam.objects.filter(draw=draw)
        .order_by("target", "slot")
        .values_list("target", "inspector__name")
    ):
        teams.setdefault(target, []).append(name)
    rows = DrawnRow.objects.filter(drawn_list__draw=draw, reserve=False).select_related("task", "target")
    for row in rows.order_by("task__number", "target__draw_code"):
        people = "、".join(teams.get(row.target_id, ()))
        yield (row.task.number, row.target.name, row.target.draw_code, row.target.address, people)
