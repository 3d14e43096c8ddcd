"""
Marks source text for the message catalogue in modules that do not import Django.
"""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Mark *text* for translation; it is translated where it is shown."""
    return text
