"""The import screen (导入): upload, columns, trial, report, confirmation, columns remembered."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from fairdraw.exchange.models import ColumnMapping, FileImport
from fairdraw.registers.models import Target
from tests.web.office.test_changes import hidden
from tests.web.ui.html import Page

HEADER = "字号,证照,登记状态,主体类别,无用\n"
GOOD = "甲茶业有限公司,91350524MA0000007P,存续,企业,x\n乙食品有限公司,91350524MA00000153,存续,企业,y\n"
BAD = "丙有限公司,9.1350524E+17,存续,企业,z\n"


def sent(text: str, *, kind: str = "targets", name: str = "名录.csv") -> dict[str, Any]:
    return {"kind": kind, "file": SimpleUploadedFile(name, text.encode())}


def chosen(page: Page, **said: str) -> dict[str, str]:
    """The form of the columns as it stands, with some columns said."""
    form = page.all("//form[.//button[normalize-space()='试导入']]")[0]
    fields = {name: form.fields[name] or "" for name in form.fields}
    for column, field in said.items():
        [name] = form.xpath(f".//select[@aria-label='{column}']/@name")
        fields[name] = field
    return fields


def uploaded(office: Any, text: str, **more: str) -> tuple[str, Page]:
    answer = office.post("/imports/", sent(text, **more))
    return answer["Location"], office.follow(answer)


def tried(office: Any, text: str, **said: str) -> tuple[str, Page]:
    """The page of a file after its trial."""
    address, page = uploaded(office, text)
    if not address.endswith("/columns/"):
        return address, page
    answer = office.post(address, chosen(page, **said))
    return answer["Location"], office.follow(answer)


def test_the_columns_are_shown_as_they_are_understood(office):
    _address, page = uploaded(office, "某县名录\n" + HEADER + GOOD)

    assert "表头在第 2 行" in page.text("//section[@class='card'][.//h2='表头']")
    assert "某县名录" in page.text("//section[@class='card'][.//h2='表头']//q")
    assert "统一社会信用代码或抽取编码" in page.text("//div[contains(@class, 'notice')]")
    rows = {row.xpath("string(th)"): row.text_content() for row in page.all("//div[@id='columns']//tbody/tr")}
    assert "没有认出" in rows["字号"]
    assert "甲茶业有限公司" in rows["字号"]
    assert "没有认出" not in rows["登记状态"]
    assert page.all("//div[@id='preview']//tbody/tr")


def test_a_file_comes_in_by_what_is_said_of_its_columns(office):
    address, page = tried(office, HEADER + GOOD, 字号="name", 证照="code")

    assert "新增2户" in page.text("//div[@class='tiles']").replace(" ", "")
    assert not Target.objects.filter(name="甲茶业有限公司").exists()
    done = office.follow(office.post(f"{address}confirm/", hidden(page)))

    assert "已导入" in page_text(done)
    assert "新增 2户" in page_text(done)
    assert Target.objects.filter(name="甲茶业有限公司", uscc="91350524MA0000007P").exists()
    assert "没有“撤销”" in page_text(done)


def page_text(page: Page) -> str:
    return page.text("//main")


def test_a_needed_column_that_nobody_names_is_asked_for(office):
    address, page = uploaded(office, HEADER + GOOD)

    again = Page(office.post(address, chosen(page, 字号="name"), status=422))

    assert "还缺少：统一社会信用代码或抽取编码" in page_text(again)
    assert again.text("//select[@aria-label='字号']/option[@selected]").startswith("企业名称")


def test_two_columns_are_not_one_field(office):
    address, page = uploaded(office, HEADER + GOOD)

    again = Page(office.post(address, chosen(page, 字号="name", 证照="code", 无用="name"), status=422))

    assert "“企业名称”只能对应一列" in page_text(again)


def test_errors_are_listed_by_row_and_column_and_only_the_good_rows_can_come(office):
    address, page = tried(office, HEADER + GOOD + BAD, 字号="name", 证照="code")

    assert page.all("//button[normalize-space()='确认导入']") == []
    told = office.page(f"{address}report/?level=refused")
    [line] = told.all("//div[@id='list']//tbody/tr")
    assert [line.xpath("string(td[1])"), line.xpath("string(td[2])")] == ["4", "证照"]
    table = office.get(f"{address}report.csv?level=refused").content.decode("utf-8-sig")
    assert next(iter(list(csv.reader(io.StringIO(table)))[1:]))[:3] == ["4", "证照", "错误"]
    assert office.get(f"{address}report.xlsx").content.startswith(b"PK")
    done = office.follow(office.post(f"{address}confirm/", hidden(page)))
    assert "1 行有错误，没有存入" in page_text(done)
    assert Target.objects.filter(name="乙食品有限公司").exists()


def test_what_would_change_is_shown_field_by_field(office):
    target = Target.objects.filter(status="existing", kind="enterprise").exclude(uscc="")[0]
    text = f"企业名称,统一社会信用代码,登记状态,主体类别\n{target.name},{target.uscc},注销,企业\n"
    address, _page = tried(office, text)

    page = office.page(f"{address}changes/")

    rows = [row.text_content() for row in page.all("//div[@id='list']//tbody/tr")]
    assert any("登记状态存续注销" in "".join(row.split()) for row in rows), rows


def test_the_columns_are_filled_in_when_the_header_comes_again(office):
    tried(office, HEADER + GOOD, 字号="name", 证照="code")

    _address, page = uploaded(office, HEADER + "丁有限公司,91350524MA0000007P,存续,企业,x\n", name="下月.csv")

    assert "字号 → 企业名称；证照 → 统一社会信用代码" in page_text(page)
    assert "新增 1户" in page_text(page)
    listed = office.page("/imports/columns/")
    assert "字号 → 企业名称" in page_text(listed)
    [forget] = listed.all("//form[contains(@action, '/forget/')]/@action")
    office.post(forget)
    assert not ColumnMapping.objects.exists()


def test_a_column_can_be_left_unremembered(office):
    address, page = uploaded(office, HEADER + GOOD)
    fields = chosen(page, 字号="name", 证照="code")
    del fields["remember"]

    office.post(address, fields)

    assert not ColumnMapping.objects.exists()


def test_a_file_that_is_no_table_is_refused_in_words(office):
    page = Page(office.post("/imports/", sent("%PDF-1.7"), status=422))

    assert "这是 PDF" in page_text(page)
    assert not FileImport.objects.exists()


def test_a_plan_asks_for_its_year(office):
    text = "计划\n任务名称,抽查事项,抽查对象,抽查比例,抽查时间\n甲,乙,丙,5%,10月底前\n"
    address, page = uploaded(office, text, kind="plan")
    assert page.all("//input[@name='year']")

    answer = office.post(address, {**chosen(page), "year": "2031"})
    done = office.follow(office.post(f"{answer['Location']}confirm/", hidden(office.follow(answer))))

    assert "新增 1行" in page_text(done)
    assert page_text(office.page("/plans/2031/"))


def test_a_withdrawn_file_is_gone(office):
    address, _page = tried(office, HEADER + GOOD, 字号="name", 证照="code")

    office.post(f"{address}withdraw/")

    office.get(address, status=404)
    assert "名录.csv" not in page_text(office.page("/imports/"))


def test_who_may_not_import_is_told_why(planner, supervisor):
    page = planner.page("/imports/")

    assert "只有领导小组办公室和局内勤可以维护一单两库" in page_text(page)
    assert page.all("//select[@name='kind']/option[@value='targets']") == []
    planner.post("/imports/", sent(HEADER + GOOD), status=422)
    supervisor.get("/imports/", status=403)


def test_a_file_whose_header_says_everything_is_tried_at_once(office):
    text = "序号,企业名称,统一社会信用代码,登记状态,主体类别\n1,甲茶业有限公司,91350524MA0000007P,存续,企业\n"
    address, page = uploaded(office, text)

    assert "/columns/" not in address
    assert "新增1户" in page.text("//div[@class='tiles']").replace(" ", "")
    assert not Target.objects.filter(name="甲茶业有限公司").exists()
    assert page.all("//a[normalize-space()='改列对照']")


def test_last_years_plan_taken_up_again_waits_for_its_year(office):
    text = "2025年度抽查计划\n任务名称,抽查事项,抽查对象,抽查比例,抽查时间\n甲,乙,丙,5%,10月底前\n"
    address, page = uploaded(office, text, kind="plan", name="计划.csv")
    assert address.endswith("/columns/")

    answer = office.post(address, {**chosen(page), "year": "2031"})
    assert "2031" in page_text(office.follow(answer))
    # 没有写明的，试导入时说明按哪一年
    again = office.follow(office.post(address, chosen(page)))
    assert "2025" in again.text("//dt[normalize-space()='计划年度']/following-sibling::dd")
    # 今年的计划不必再问
    now, _page = uploaded(office, text.replace("2025", "2026"), kind="plan", name="计划.csv")
    assert "/columns/" not in now
