"""
Texts that a spreadsheet would take for a formula (公式注入; T-I5): names and addresses come from outside.
"""

from __future__ import annotations

STARTS = tuple("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """
    The text as a csv may hold it: a spreadsheet shows it and never runs it. Workbooks have types and need no mark.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless("1+1")
    ("'=1+1", "'  @SUM(A1)", '1+1')
    """
    return f"'{text}" if text.lstrip(" ").startswith(STARTS) else text
