"""
统一社会信用代码 (GB 32100-2015): form and check character.

A code whose check character is wrong is reported, never rejected on that ground alone:
a real code in Fujian fails the formula.
"""

from __future__ import annotations

import re
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_NO_VALUE = 255
_VALUES = bytes(ALPHABET.find(chr(byte)) % 256 for byte in range(256))  # by the character's byte
FORM = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$")
OLD_FORM = re.compile(r"^[0-9]{15}$")


def check_character(first17: str) -> str:
    """The eighteenth character that belongs to *first17*; ``ValueError`` where that has no such form."""
    if len(first17) != len(WEIGHTS):
        raise ValueError(first17)
    values = first17.encode("ascii").translate(_VALUES)
    if _NO_VALUE in values:
        raise ValueError(first17)
    total = sum(map(mul, values, WEIGHTS))
    return ALPHABET[(31 - total % 31) % 31]


def is_well_formed(code: str) -> bool:
    """Eighteen characters of the alphabet, digits where digits belong."""
    return bool(FORM.match(code))


def is_valid(code: str) -> bool:
    """Well formed, and the check character agrees."""
    return is_well_formed(code) and check_character(code[:17]) == code[17]


def is_old_number(code: str) -> bool:
    """A registration number of fifteen digits from before 2015 (注册号)."""
    return bool(OLD_FORM.match(code))


def normalise(text: str) -> str:
    """Fold full-width letters and digits, drop blanks, upper case."""
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return "".join(folded.split()).upper()
