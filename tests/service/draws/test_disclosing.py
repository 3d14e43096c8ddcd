"""
Who will be handed the bundle is decided as the lists are frozen; one that tells a class is never for the public.

Source: vdraw/1 §15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from drawcore import canonical
from drawcore.seal import Disclosure
from fairdraw.audit import selectors as audit
from fairdraw.draws import bundles, disclosing, selectors
from fairdraw.draws.disclosing import TO_AUDITORS
from fairdraw.draws.models import Draw, DrawnRow
from fairdraw.draws.refusals import NotDrawable
from fairdraw.registers import services as registers
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.county import NOW, County
from tests.service.draws.walking import ENTERPRISES, MINUTE, Walk, approved_task, verified

pytestmark = pytest.mark.django_db
PUBLIC = Disclosure("public", "draw")
BY_CLASS = [{"code": code, "num": 1, "den": 4, "min": 1, "reserve": 1} for code in "ABCDN"]
BY_KIND = [{"code": code, "num": 1, "den": 4, "min": 1, "reserve": 1} for code in ("ind", "N")]
BY_BOTH = [*BY_CLASS[:4], *reversed(BY_KIND)]


def walk_of(
    county: County,
    *,
    by: str = "none",
    strata: Sequence[dict[str, object]] = BY_CLASS[4:],
    scope: ScopeSpec = ENTERPRISES,
    disclosure: Disclosure = PUBLIC,
    beside: Sequence[str] = (),
) -> Walk:
    """A draw of one task with these strata, *beside* others."""
    county.tasks["one"] = approved_task(
        county, name="专项检查", by=by, mode="rate", scope=scope, strata=strata
    )
    number = "2026-P01" if beside else ""
    return Walk(county, ("one", *beside), number=number, disclosure=disclosure)


def tags_of(draw: Draw) -> dict[str, list[str]]:
    """The tags of every frame row, by code."""
    lines = selectors.content(draw, "frame.tsv").decode().splitlines()
    return {line.split("\t")[0]: line.split("\t")[3].split(",") for line in lines}


def reclassified(county: County, value: str) -> None:
    """Let an edition give every enterprise this class."""
    codes = Target.objects.filter(kind="enterprise").values_list("draw_code", flat=True)
    registers.receive_classes(
        dict.fromkeys(codes, value),
        edition="2026-11",
        computed_on=dt.date(2026, 11, 1),
        source="分类.csv",
        invented=True,
        actor=county.cast.office,
        now=NOW + MINUTE,
    )


def test_a_draw_without_classes_is_sealed_for_the_public_and_its_files_tell_none(
    ground: County, tmp_path: Path
):
    walk = walk_of(ground).to_drawn()

    seal = canonical.parse(selectors.content(walk.draw, "seal.json"))
    assert isinstance(seal, dict)
    assert seal["disclosure"] == {"to": "public", "when": "draw"}
    assert Target.objects.filter(draw_code__in=tags_of(walk.draw)).exclude(credit_class="").exists()
    assert {tag for tags in tags_of(walk.draw).values() for tag in tags} == {f"in.{walk.number}"}
    assert verified(walk, tmp_path)
    handed_out = bundles.files_of(walk.draw)
    assert "classes.tsv" not in handed_out
    assert not [name for name, data in handed_out.items() if b"credit." in data]


def test_the_choice_is_logged_under_the_number_before_the_draw_has_entries(ground: County):
    walk = walk_of(ground)
    walk.prepare()

    [entry] = audit.entries(about=f"number:{walk.number}", kind="frame.disclosure")
    assert entry.body() == {
        "number": walk.number,
        "approval": walk.draw.approval_code,
        "to": "public",
        "when": "draw",
    }
    assert list(audit.entries(about=f"draw:{walk.draw.pk}")) == []


def test_figures_by_class_read_what_was_frozen_with_the_lists(ground: County):
    walk = walk_of(ground, disclosure=TO_AUDITORS).to_opened()
    frozen = dict(Target.objects.exclude(credit_class="").values_list("draw_code", "credit_class"))
    reclassified(ground, "D")
    walk.complete()

    rows = DrawnRow.objects.filter(drawn_list__draw=walk.draw).select_related("target")
    found = {row.target.draw_code: row.class_as_sealed for row in rows}
    assert found == {code: frozen.get(code, "") for code in found}
    assert len(set(found.values())) > 1


@pytest.mark.parametrize(
    ("by", "strata", "scope"),
    [
        ("credit", BY_CLASS, ENTERPRISES),
        ("mix", BY_BOTH, ScopeSpec()),
        ("none", BY_CLASS[4:], ScopeSpec(kinds=("enterprise",), classes=("C", "D"))),
    ],
)
def test_a_draw_that_tells_a_class_is_refused_to_the_public(
    ground: County, by: str, strata: Sequence[dict[str, object]], scope: ScopeSpec
):
    walk = walk_of(ground, by=by, strata=strata, scope=scope)

    with pytest.raises(NotDrawable, match=f"{ground.task('one').number} 按信用风险分类抽取，分类不得公开"):
        walk.prepare()
    assert not disclosing.can_be_public([ground.task("one"), ground.task("more-0")])
    assert not Draw.objects.filter(number=ground.task("one").number).exists()
    walk.disclosure = TO_AUDITORS
    assert walk.prepare().disclose_to == "auditors"


def test_a_draw_by_kind_alone_may_be_public(ground: County):
    walk = walk_of(ground, by="mix", strata=BY_KIND, scope=ScopeSpec(kinds=("individual_business",)))

    assert walk.prepare().disclose_to == "public"


def test_in_a_pool_only_rows_of_the_task_with_classes_tell_them(ground: County):
    some = ScopeSpec(kinds=("enterprise",), stations=("sc01",))
    walk = walk_of(ground, by="credit", strata=BY_CLASS, scope=some, beside=("more-0",))
    with pytest.raises(NotDrawable, match="分类不得公开"):
        walk.prepare()
    walk.disclosure = TO_AUDITORS
    walk.prepare()

    tags = tags_of(walk.draw)
    classed = {code for code, own in tags.items() if any(tag.startswith("credit.") for tag in own)}
    mine = {code for code, own in tags.items() if f"in.{ground.task('one').number}" in own}
    assert classed
    assert classed <= mine < set(tags)
    assert set(selectors.classes(walk.draw)) > classed
