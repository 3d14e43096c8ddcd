"""A file of classes is one edition, even where its rows were computed on different days."""

from __future__ import annotations

import datetime as dt

from fairdraw.exchange import kinds
from fairdraw.exchange.readers.report import Told
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.registers import services
from fairdraw.registers.entries import TargetEntry
from fairdraw.registers.models import ClassEdition, Target
from tests.builders.tables import text_file

NOW = clock.at(dt.date(2026, 3, 5), 9)
CODES = ("91350524MA0000007P", "91350524MA00000237")


def enter(path, kind):
    told = Told()
    run = kinds.KINDS[kind].read(kinds.Asked(kind, path), told, lambda *_said: None)
    return run(SYSTEM, NOW), told


def test_rows_of_two_days_are_one_edition_of_the_later_day(db, tmp_path):
    services.import_targets(
        [TargetEntry(draw_code=c, uscc=c, name=f"演示{n}", kind="enterprise") for n, c in enumerate(CODES)],
        source="名录",
        actor=SYSTEM,
        now=NOW,
    )
    lines = ["统一社会信用代码,信用风险分类,计算日期", f"{CODES[0]},A,2026-03-01", f"{CODES[1]},D,2026-02-27"]
    enter(text_file(tmp_path, "\n".join(lines)), "classes")

    (edition,) = ClassEdition.objects.all()
    assert (edition.edition, edition.computed_on, edition.targets) == ("2026-03-01", dt.date(2026, 3, 1), 2)
    held = Target.objects.order_by("draw_code").values_list("credit_class", "credit_computed_on")
    assert list(held) == [("A", dt.date(2026, 3, 1)), ("D", dt.date(2026, 2, 27))]


def test_a_directory_that_does_not_speak_of_a_field_leaves_it(db, tmp_path):
    services.import_targets(
        [TargetEntry(draw_code=CODES[0], uscc=CODES[0], name="旧名", kind="enterprise", abnormal=True)],
        source="名录",
        actor=SYSTEM,
        now=NOW,
    )
    enter(text_file(tmp_path, f"企业名称,统一社会信用代码,登记状态\n新名,{CODES[0]},吊销"), "targets")

    held = Target.objects.get()
    assert (held.name, held.status, held.abnormal) == ("新名", "revoked", True)
