"""Stories through several stages, on a small bureau."""

from tests.builders.bureau import bureau, founded

__all__ = ["bureau", "founded"]
