"""An item is changed from a day, ended, and found again under a plan's own words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fairdraw.desk import items
from fairdraw.exchange import services as exchange
from fairdraw.files.services import store
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans import services as plans
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.registers import selectors
from fairdraw.registers import services as registers
from fairdraw.registers.entries import CheckPoint, ItemEntry
from fairdraw.registers.models import ItemAlias, ItemVersion
from tests.builders import county as builder
from tests.web.ui.html import Page

ITEM = "/registers/items/ZB01/"
YEAR = builder.TODAY.year + 1
WORDS = f"/plans/{YEAR}/wordings/"


@pytest.fixture(autouse=True)
def listed(county):
    """One confirmed item with a check point."""
    office = county.actor("bangong")
    registers.import_items(
        [
            ItemEntry(
                code="ZB01",
                name="直播营销行为检查",
                legal_basis="《广告法》第六条",
                item_class="key",
                points=(CheckPoint("主播亮证", how="看直播间", evidence="截图", key=True),),
                confirmed=True,
            )
        ],
        source="清单.csv",
        starts_on=builder.TODAY,
        actor=office,
        now=builder.NOW,
    )


@pytest.fixture
def plan(county):
    """A plan that says it in its own words."""
    words = ("对直播营销行为的监督检查", "直播行为抽查", "毫不相干")
    return plans.import_plan(
        [PlanRowEntry("1", "直播抽查", words)],
        agency=county.bureau,
        year=YEAR,
        title="计划",
        source="表.csv",
        invented="",
        actor=county.actor("bangong"),
        now=builder.NOW,
    )


def typed(office, **more):
    page = office.page(f"{ITEM}edit/")
    form = {
        i.get("name"): i.get("value", "") for i in page.all("//main//input[@name][not(@type='checkbox')]")
    }
    form |= {t.get("name"): (t.text or "").lstrip("\n") for t in page.all("//main//textarea")}
    return form | {"item_class": "key"} | more


def test_an_item_shows_its_points_and_is_changed_from_a_day(office):
    page = office.page(ITEM)
    assert "检查方法：看直播间" in page.source
    points = "主播亮证|看直播间||截图|重点\n平台留存记录"
    office.post(f"{ITEM}edit/", typed(office, points=points, guide="先亮证", reason="指引修订"))

    newest = ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0]
    assert (newest.version, newest.guide, newest.state) == (2, "先亮证", "confirmed")
    assert newest.points[1] == {"question": "平台留存记录"}
    shown = office.page(ITEM).source
    assert "第 2 版" in shown
    assert "指引修订" in shown
    assert "检查指引：— → 先亮证" in shown


def test_a_change_without_reason_or_content_is_refused_on_the_page(office):
    said = Page(office.post(f"{ITEM}edit/", typed(office), status=422))
    assert "没有改动" in said.text("//div[@role='alert']")
    said = Page(office.post(f"{ITEM}edit/", typed(office, guide="x"), status=422))
    assert "变更原因" in said.text("//div[@role='alert']")


def test_an_item_is_ended_by_the_office_alone(office, officer):
    officer("ggg-jh").get(f"{ITEM}end/", status=403)
    office.page(f"{ITEM}end/")
    office.post(f"{ITEM}end/", {"ends_on": builder.TODAY.isoformat(), "reason": "依据废止"})
    assert selectors.plannable_item("ZB01", on=builder.TODAY) is None


def test_what_an_item_is_for_and_allows_is_chosen_and_shown(office):
    said = typed(
        office,
        kinds=["enterprise"],
        results=["01", "05"],
        measures=["order_correction"],
        tags="直播",
        reason="省局指引",
    )
    office.post(f"{ITEM}edit/", said)

    newest = ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0]
    assert (newest.kinds, newest.tags) == (",enterprise,", ",直播,")
    assert (newest.results, newest.measures) == (["01", "05"], ["order_correction"])
    shown = office.page(ITEM).source
    assert "01 未发现问题；05 发现问题已责令改正" in shown
    assert "责令改正，日常监管跟踪" in shown
    ticked = office.page(f"{ITEM}edit/").all("//input[@type='checkbox'][@checked]")
    assert [i.get("value") for i in ticked] == ["enterprise", "01", "05", "order_correction"]


def test_an_item_is_added_by_hand_with_a_basis_whose_type_only_a_person_can_tell(office, officer):
    add = "/registers/items/add/"
    officer("ggg-jh").get(add, status=403)
    wrong = {"code": "A/1", "name": "直播营销行为检查", "starts_on": builder.TODAY.isoformat()}
    assert "不能有“/”" in Page(office.post(add, wrong, status=422)).text("//div[@role='alert']")
    twice = Page(office.post(add, wrong | {"code": ""}, status=422))
    assert "清单里已有编号“ZB01”" in twice.text("//div[@role='alert']")

    typed_in = wrong | {"code": "ZB09", "name": "网络餐饮检查", "legal_basis": "按省局部署"}
    office.post(add, typed_in)
    page = "/registers/items/ZB09/"
    form = {"item_class": "key", "legal_basis": "按省局部署"}
    assert "依据类型" in Page(office.post(page, form, status=422)).text("//div[@role='alert']")
    office.post(page, form | {"basis_type": "rule"})
    assert selectors.plannable_item("ZB09", on=builder.TODAY).basis_type == "rule"


def test_a_limit_is_written_as_people_write_it(office):
    ItemVersion.objects.filter(item__code="ZB01").update(ratio_limit="1")
    [limit] = office.page(f"{ITEM}edit/").all("//input[@name='limit']")
    assert limit.get("value") == "100"


def test_a_basis_that_reads_otherwise_takes_its_type_from_its_titles(office):
    office.post(
        f"{ITEM}edit/", typed(office, legal_basis="《网络交易监督管理办法》第七条", reason="依据修改")
    )
    newest = ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0]
    assert newest.basis_type == "rule"


def test_an_item_is_taken_off_the_public_list_and_put_back(office, officer):
    officer("ggg-jh").get(f"{ITEM}withdraw/", status=403)
    officer("ggg-jh").post(f"{ITEM}publish/", {}, status=403)
    office.page(f"{ITEM}withdraw/")
    office.post(f"{ITEM}withdraw/", {"reason": "依据待查"})
    assert selectors.plannable_item("ZB01", on=builder.TODAY) is None
    assert "未公布" in office.page(ITEM).source
    again = Page(office.post(f"{ITEM}withdraw/", {"reason": "依据待查"}, status=422))
    assert "没有公布" in again.text("//div[@role='alert']")
    office.post(f"{ITEM}publish/", {})
    assert selectors.plannable_item("ZB01", on=builder.TODAY)


def test_the_list_is_filtered_by_kind_section_and_where_items_stand(office):
    def listed(asked):
        page = office.page(f"/registers/items/?{asked}")
        return [a.get("href").split("/")[-2] for a in page.all("//main//tbody//th/a")]

    later = (builder.TODAY + dt.timedelta(30)).isoformat()
    office.post(f"{ITEM}edit/", typed(office, department="广告监管股", starts_on=later, reason="下月起执行"))
    assert listed("state=coming") == ["ZB01"]
    assert "尚未生效" in office.page(ITEM).source
    assert listed("section=广告监管&text=ZB") == ["ZB01"]
    assert listed("kind=general&text=ZB") == []
    office.post(f"{ITEM}end/", {"ends_on": later, "reason": "依据废止"})
    assert listed("state=ended") == []
    assert listed("text=ZB") == ["ZB01"]

    registers.import_items(
        [ItemEntry(code="ZB02", name="旧事项检查")],
        source="清单.csv",
        starts_on=builder.TODAY,
        actor=SYSTEM,
        now=builder.NOW,
    )
    office.post(
        "/registers/items/ZB02/end/", {"ends_on": builder.TODAY.isoformat(), "reason": "并入其他事项"}
    )
    assert listed("state=ended") == ["ZB02"]
    assert listed("text=ZB02") == []
    assert "已停用" in office.page("/registers/items/ZB02/").source


def test_wordings_are_offered_confirmed_and_taken_back(office, officer, plan):
    page = office.page(WORDS)
    assert len(page.all("//*[@id='unmatched']//tbody/tr")) == 3
    assert "清单里没有相近的事项" in page.source
    office.post(WORDS, {"step": "sure"})
    assert list(ItemAlias.objects.values_list("wording", flat=True)) == ["对直播营销行为的监督检查"]
    office.post(WORDS, {"item-0": "ZB01"})
    assert ItemAlias.objects.filter(wording="直播行为抽查", item__code="ZB01").exists()

    reader = officer("ggg-jh")
    assert not reader.page(WORDS).all("//main//select")
    reader.post(WORDS, {"item-0": "ZB01"}, status=403)
    office.post(f"{WORDS}forget/", {"wording": "直播行为抽查"})
    assert ItemAlias.objects.count() == 1
    assert clock.today() == builder.TODAY


def test_what_is_shown_is_exported(office):
    page = office.page("/registers/items/?text=ZB01")
    assert page.all("//a[contains(@href,'export.csv?text=ZB01')]")
    said = office.client.get("/registers/items/export.csv?text=ZB01").content.decode("utf-8-sig").splitlines()
    assert len(said) == 2
    assert "《广告法》第六条,法律" in said[1]
    assert office.client.get("/registers/items/export.xlsx?text=ZB01").content[:2] == b"PK"
    office.get("/registers/items/export.doc", status=404)


def test_the_list_is_issued_with_its_document(office, officer):
    said = {"document_number": "演市监〔2026〕9号", "issued_on": builder.TODAY.isoformat()}
    officer("ggg-jh").get("/registers/items/issue/", status=403)
    office.post("/registers/items/issue/", said)
    assert "演市监〔2026〕9号" in office.page("/registers/items/issue/").text("//*[@id='editions']")
    again = Page(office.post("/registers/items/issue/", said, status=422))
    assert "第1版相同" in again.text("//div[@role='alert']")


def test_what_was_exported_is_read_back_equal(office, county, tmp_path):
    outcomes = items.outcomes()
    full = ItemEntry(
        code="ZB02",
        name="网络餐饮检查",
        list_number="12",
        category="食品安全",
        content="亮证；清洁",
        legal_basis="《食品安全法》第一百一十条",
        basis_type="law",
        level="县级",
        object_text="网络餐饮服务提供者",
        kinds=("enterprise", "individual_business"),
        tags=("catering", "ecommerce"),
        item_class="general",
        ratio_limit=Decimal("0.125"),
        ratio_text="按风险等级",
        frequency="每年一次",
        method="实地",
        personnel="两名以上",
        qualification="food",
        department="餐饮股",
        points=(
            CheckPoint(
                "亮证", how="看网页", basis="办法第七条", evidence="截图", key=True, note="抽查对象：平台"
            ),
            CheckPoint("后厨清洁"),
        ),
        results=tuple(code for code, _label in outcomes["results"]),
        measures=tuple(code for code, _label in outcomes["measures"]),
        guide="先看网页再到店\n逐项核对",
        remarks="省局清单",
        confirmed=True,
    )
    given = {"source": "清单.csv", "actor": county.actor("bangong"), "now": builder.NOW}
    registers.import_items([full], starts_on=builder.TODAY, **given)
    held = ItemVersion.objects.get(item__code="ZB02")
    for form in ("csv", "xlsx"):
        file = tmp_path / f"导出.{form}"
        file.write_bytes(office.get(f"/registers/items/export.{form}?text=ZB0").content)

        entries = exchange.read_items(file, confirm=False, told=exchange.Told())
        count = registers.import_items(entries, starts_on=builder.TODAY, **given)

        assert [entry.code for entry in entries] == ["ZB01", "ZB02"]
        assert (count.added, count.changed, count.same) == (0, 0, 2)
    assert list(ItemVersion.objects.filter(item__code="ZB02")) == [held]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("可用的检查结果", "07、很好"),
        ("可用的后续处置", "罚站"),
        ("适用的对象类别", "轮船"),
        ("依据类型", "习惯"),
    ],
)
def test_a_word_that_names_nothing_is_refused_with_row_and_column(county, tmp_path, heading, cell):
    file = tmp_path / "清单.csv"
    file.write_text(
        f"抽查事项,{heading}\\n广告检查,\\n价格检查,{cell}\\n".replace("\\n", "\n"), encoding="utf-8"
    )

    with pytest.raises(InvalidInput) as refused:
        exchange.read_items(file, confirm=False, told=exchange.Told())

    [trouble] = refused.value.troubles
    assert (trouble.row, trouble.column) == (3, heading)
    assert "不认识；可填" in trouble.message


def test_allowed_results_are_read_by_code_by_words_or_by_both(county, tmp_path):
    codes = dict(items.outcomes()["results"])
    first, second, third = list(codes)[:3]
    words = codes[second].removeprefix(f"{second} ")
    file = tmp_path / "清单.csv"
    file.write_text(f"抽查事项,可用的检查结果\n广告检查,{first}；{words}；{codes[third]}\n", encoding="utf-8")

    [entry] = exchange.read_items(file, confirm=False, told=exchange.Told())

    assert entry.results == (first, second, third)


def test_a_guide_is_kept_with_the_item_and_an_older_version_keeps_its_own(office, officer):
    said = {"name": "直播营销行为检查", "item_class": "key", "legal_basis": "《广告法》第六条"}
    said |= {
        "points": "主播亮证|看直播间||截图|重点",
        "starts_on": builder.TODAY.isoformat(),
        "reason": "省局指引",
    }

    def sent(name: str, content: bytes):
        return {**said, "guide_document": SimpleUploadedFile(name, content, "application/pdf")}

    office.post(f"{ITEM}edit/", sent("指引.exe", b"MZ"), status=422)
    office.post(f"{ITEM}edit/", sent("检查指引.pdf", b"%PDF-1.7 one"))
    first = ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0]
    office.post(f"{ITEM}edit/", sent("检查指引二.pdf", b"%PDF-1.7 two"))
    second = ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0]

    page = office.page(ITEM)
    assert sha256(b"%PDF-1.7 two").hexdigest() == second.guide_file_id
    assert second.guide_file_id in page.text("//main")
    assert "检查指引文件：检查指引.pdf → 检查指引二.pdf" in page.text("//main")
    reader = officer("sc01-jh")
    for version, content in ((first, b"%PDF-1.7 one"), (second, b"%PDF-1.7 two")):
        assert reader.get(f"{ITEM}guide/{version.version}/").content == content
    assert page.all(f"//a[@href='{ITEM}guide/{second.version}/']")
    office.get(f"{ITEM}guide/1/", status=404)

    office.post(f"{ITEM}edit/", {**said, "reason": "改要点", "content": "另写"})
    kept = ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0]
    assert kept.guide_file_id == second.guide_file_id
    office.post(f"{ITEM}edit/", {**said, "reason": "撤去", "content": "另写", "guide_off": "on"})
    assert ItemVersion.objects.filter(item__code="ZB01").order_by("-version")[0].guide_file_id is None
    assert not office.page(ITEM).all("//a[contains(@href, 'guide/')]")


def test_who_records_a_check_has_the_guide_at_hand(planner, county):
    row = Inspection.objects.filter(task=county.task("zlg-ZL01"), state="notified").order_by("pk")[0]
    [item] = row.task.task_items.select_related("version__item")
    address = f"/inspections/{row.number}/record/"
    assert "检查指引" not in planner.page(address).text("//main")
    guide = store(b"%PDF-1.7", media_type="application/pdf", name="指引.pdf", now=builder.NOW)
    ItemVersion.objects.filter(pk=item.version_id).update(guide="先核对合格证", guide_file=guide)

    page = planner.page(address)

    assert "先核对合格证" in page.text("//details[./summary='检查指引']")
    [link] = page.all("//main//details[./summary='检查指引']//a/@href")
    assert planner.get(link).content == b"%PDF-1.7"
