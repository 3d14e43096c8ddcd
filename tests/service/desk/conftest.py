"""The small bureau, entered once for the tests of a module."""

from tests.builders.bureau import bureau, founded

__all__ = ["bureau", "founded"]
