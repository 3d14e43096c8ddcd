"""
What a public row may hold: an allow-list of fields, never a record minus some (K6 of rules.md; 个人信息保护法 25).
"""

from __future__ import annotations

import re

from fairdraw.kernel.errors import InvalidInput
from fairdraw.kernel.text import gettext_noop as _

PUBLIC_FIELDS = ("number", "name", "code", "agency", "type", "checked_on", "result")
PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), _("身份证号码")),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), _("手机号码")),
    (re.compile(r"(?<!\d)\d{16,19}(?!\d)"), _("银行卡号")),
)


class PersonalData(InvalidInput):
    """Something personal stands in a text that was to be made public."""

    code = "publication.personal-data"


def scan(text: str) -> list[str]:
    """What kinds of personal data *text* seems to hold; a social credit code of an entity is none."""
    found = []
    for pattern, label in PERSONAL:
        for match in pattern.finditer(text):
            if label == PERSONAL[0][1] and not _is_id_number(match.group()):
                continue
            if label == PERSONAL[2][1] and not _luhn(match.group()):
                continue
            found.append(label)
            break
    return found


def _is_id_number(text: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c) * w for c, w in zip(text[:17], weights, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def _luhn(text: str) -> bool:
    digits = [int(c) for c in reversed(text)]
    total = sum(d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits))
    return total % 10 == 0


def public_row(
    *, number: str, name: str, code: str, agency: str, checked_on: str, result: str
) -> dict[str, str]:
    """
    One row of a result notice: number, name, code, agency, type, date, result (workflow.md K3).

    Raises:
        PersonalData: A field holds what looks like somebody's number.
    """
    row = {
        "number": number,
        "name": name,
        "code": code,
        "agency": agency,
        "type": "双随机抽查",
        "checked_on": checked_on,
        "result": result,
    }
    for field in ("name", "agency", "result"):
        kinds = scan(row[field])
        if kinds:
            raise PersonalData(f"{number} 的公示内容含有{'、'.join(kinds)}，请核对后再报送")
    return row
