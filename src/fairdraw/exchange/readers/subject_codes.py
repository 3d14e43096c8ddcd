"""
Codes of inspected subjects (统一社会信用代码、注册号): form, check character, look-alikes (data_standards.md §1).

A wrong check character is told, not refused: a real code in Fujian fails the formula. A code that Excel
turned into a number, or of a wrong length, is refused with what to do.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.cells import SCIENTIFIC_ADVICE, is_scientific
from fairdraw.kernel import uscc

#: Registration numbers from before 2007 have thirteen digits, some fourteen.
_OLDER_NUMBER = re.compile(r"^\d{13,14}$")
#: Foreign-invested enterprises of the nineties: 企合浙绍总字第002112号.
_WORDED_NUMBER = re.compile(r"^企[合独作股]\w{0,8}字第\d{4,8}号$")
_LOOK_ALIKES = str.maketrans({"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"})


class SubjectCode(NamedTuple):
    """A code as it may be stored: one of the two numbers or a code of its own, or none and the reason."""

    uscc: str = ""
    old_number: str = ""
    own: str = ""
    refusal: str = ""
    caution: str = ""

    @property
    def value(self) -> str:
        """What names the target."""
        return self.uscc or self.old_number or self.own


def read(text: str) -> SubjectCode:
    """
    Read a code as written in a cell (读取代码).

    >>> read("91350524MA0000007P").uscc, read("350524600012345").old_number, bool(read("9.1E+17").refusal)
    ('91350524MA0000007P', '350524600012345', True)
    """
    code = text
    if not uscc.is_well_formed(code):
        code = uscc.normalise(text)
    if uscc.is_well_formed(code):
        if uscc.check_character(code[:17]) == code[17]:
            return SubjectCode(uscc=code)
        caution = _("代码 {code} 的校验位不符，请核对；已照原样收下").format(code=code)
        return SubjectCode(uscc=code, caution=caution)
    if uscc.is_old_number(code):
        return SubjectCode(old_number=code)
    if _OLDER_NUMBER.match(code) or _WORDED_NUMBER.match(code):
        return SubjectCode(
            old_number=code, caution=_("“{code}”是更早的注册号，已照原样收下").format(code=code)
        )
    return SubjectCode(refusal=_why_not(code))


def _why_not(code: str) -> str:
    if is_scientific(code):
        return _(SCIENTIFIC_ADVICE)
    corrected = code.translate(_LOOK_ALIKES)
    if len(code) == 18 and corrected != code and uscc.is_well_formed(corrected):
        return _("代码 {code} 含有代码里不用的字母（I、O、S、V、Z），可能应为 {corrected}，请核对").format(
            code=code, corrected=corrected
        )
    return _("“{code}”不是 18 位统一社会信用代码，也不是 15 位注册号（现有 {length} 位），请核对").format(
        code=code, length=len(code)
    )
