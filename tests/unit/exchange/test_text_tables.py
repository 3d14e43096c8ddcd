"""Text tables: one encoding, decoded strictly, rows numbered as a person sees them (T-I2, T-I3)."""

import codecs

import pytest

from fairdraw.exchange import tables
from fairdraw.kernel.errors import InvalidInput
from tests.builders.tables import text_file

TEXT = "企业名称,代码\n演示县甲一贸易有限公司,A1\n演示县𠮷祥小吃店,A2\n"


def rows(path):
    return [(row.number, row.cells) for row in tables.read(path).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_table_is_read_from_each_encoding(tmp_path, encoding):
    assert rows(text_file(tmp_path, TEXT, encoding=encoding)) == [
        (2, {"企业名称": "演示县甲一贸易有限公司", "代码": "A1"}),
        (3, {"企业名称": "演示县𠮷祥小吃店", "代码": "A2"}),
    ]


def test_utf_16_is_refused_with_advice(tmp_path):
    with pytest.raises(InvalidInput, match="CSV UTF-8"):
        tables.read(text_file(tmp_path, TEXT, encoding="utf-16"))


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_another_encoding_is_not_read_as_rare_characters(tmp_path, encoding):
    words = {
        "big5": "臺灣貿易股份有限公司",
        "shift_jis": "東京貿易株式会社のお店",
    }
    lines = [f"{words[encoding]},9135059900000000{n:02d}" for n in range(9)]
    path = tmp_path / "register.csv"
    path.write_bytes("\n".join(["name,uscc", *lines, ""]).encode(encoding))

    with pytest.raises(InvalidInput, match="CSV UTF-8"):
        tables.read(path)


def test_names_with_rare_characters_are_read(tmp_path):
    text = "企业名称,代码\n" + "演示县喆镕垚贸易有限公司,A1\n演示县淼犇焱小吃店,A2\n" * 3

    assert len(rows(text_file(tmp_path, text, encoding="gb18030"))) == 6


def test_a_line_in_another_encoding_is_named(tmp_path):
    path = tmp_path / "混.csv"
    path.write_bytes(
        "企业名称,代码\n演示县甲一贸易有限公司,A1\n".encode()
        + "演示县乙二小吃店,A2\n".encode("gb18030")
        + "演示县丙三贸易有限公司,A3\n".encode()
    )

    with pytest.raises(InvalidInput) as refused:
        tables.read(path)

    assert refused.value.troubles[0].row == 3
    assert refused.value.troubles[0].file == "混.csv"


def test_a_utf_8_line_inside_a_gb18030_table_is_no_mojibake(tmp_path):
    path = tmp_path / "混.csv"
    path.write_bytes(
        ("企业名称,代码\n" + "演示县甲一贸易有限公司,A1\n" * 50).encode("gb18030")
        + "演示县乙二贸易有限公司,A2\n".encode()
    )

    with pytest.raises(InvalidInput, match="第52行是 UTF-8"):
        tables.read(path)


def test_bytes_that_fit_nothing_are_refused_with_their_line(tmp_path):
    path = tmp_path / "坏.csv"
    path.write_bytes("名称\n甲\n".encode() + b"\xff\xff\xff\n")

    with pytest.raises(InvalidInput) as refused:
        tables.read(path)

    assert refused.value.troubles[0].row == 3


def test_rows_keep_the_numbers_seen_in_a_spreadsheet(tmp_path):
    path = text_file(tmp_path, '名称,说明\r\n甲,"两行\n说明"\r\n\r\n乙,一行\r\n')

    assert [(number, cells["名称"]) for number, cells in rows(path)] == [(2, "甲"), (4, "乙")]


def test_a_row_wider_than_the_header_is_told_and_left_out(tmp_path):
    table = tables.read(text_file(tmp_path, "名称,代码\n甲,1\n乙,有限公司,2\n丙,3,,\n"))

    assert [row.cells["名称"] for row in table.rows] == ["甲", "丙"]
    assert [trouble.row for trouble in table.troubles] == [3]


def test_short_rows_are_filled_with_empty_cells(tmp_path):
    assert rows(text_file(tmp_path, "名称,代码,备注\n甲,1\n")) == [
        (2, {"名称": "甲", "代码": "1", "备注": ""})
    ]


def test_an_open_quote_is_refused_with_its_row(tmp_path):
    table = tables.read(text_file(tmp_path, '名称,代码\n甲,1\n"乙,2\n丙,3\n'))

    with pytest.raises(InvalidInput) as refused:
        list(table.rows)

    assert refused.value.troubles[0].row == 3


def test_a_tab_separated_table_is_read(tmp_path):
    assert rows(text_file(tmp_path, "名称\t代码\n甲\t1\n")) == [(2, {"名称": "甲", "代码": "1"})]


def test_two_columns_of_one_name_are_refused(tmp_path):
    with pytest.raises(InvalidInput, match="出现了两次（第1列和第3列）"):
        tables.read(text_file(tmp_path, "名称,代码,名称\n甲,1,乙\n"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (b"%PDF-1.7\n", "PDF"),
        (b"%PDF-1.4\n%\xe2\xe3", "另存为 docx 或 xlsx"),
        (b"<html><body><p>1</p></body></html>", "没有任何内容"),
        (b"<note><to>1</to></note>", "XML"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "单个文件网页"),
        (codecs.BOM_UTF8 + b"<?xml version='1.0'?>", "XML"),
        (b"\x89PNG\r\n\x1a\n", "不是表格"),
        (b"\n\n \n", "空的"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(tmp_path, content, said):
    path = tmp_path / "表.xls"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=said):
        tables.read(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(InvalidInput, match=r"不在\.csv"):
        tables.read(tmp_path / "不在.csv")


def test_a_table_can_be_read_again(tmp_path):
    table = tables.read(text_file(tmp_path, TEXT))

    assert list(table.rows) == list(table.rows)


def test_more_columns_than_the_limit_are_refused(tmp_path):
    path = text_file(tmp_path, ",".join(f"列{n}" for n in range(300)) + "\n")

    with pytest.raises(InvalidInput, match="最多读取 256 列"):
        tables.read(path)
