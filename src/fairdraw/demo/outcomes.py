"""
Results that a rehearsal makes up (虚构结果), with the shares seen in real campaigns, rising with the class.

Source of the shares: published counts of 四川 2015, 泉州 2019, 天宁 2017 (kpi.md, workflow.md §5).
"""

from __future__ import annotations

from fairdraw.demo.entropy import Choices

# Per mille of the checks of class B; a better class finds fewer problems, a worse one more.
SHARES = (
    ("02", 25),
    ("04", 45),
    ("05", 40),
    ("03", 8),
    ("06", 3),
    ("08", 10),
    ("09", 12),
    ("07", 8),
    ("10", 4),
)
FACTOR = {"A": 60, "B": 100, "C": 170, "D": 300}  # per cent
MEASURES = {
    "02": "order_correction",
    "03": "to_case_unit",
    "04": "to_daily_supervision",
    "05": "order_correction",
    "06": "to_case_unit",
    "08": "order_correction",
}


def outcome(choices: Choices, *, inspection: str, credit: str) -> tuple[str, str]:
    """
    A result code and a measure that fits, for one inspection.

    Args:
        choices: The rehearsal's choices.
        inspection: Number of the inspection.
        credit: The class as sealed, empty for none.
    """
    factor = FACTOR.get(credit, 100)
    at = choices.below(100_000, "outcome", inspection)
    for code, share in SHARES:
        at -= share * factor
        if at < 0:
            return code, MEASURES.get(code, "none_needed")
    return "01", "none_needed"
