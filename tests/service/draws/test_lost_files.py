"""A file of an earlier draw is gone: the next freezing says which draw's, and what to do; nothing is half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fairdraw.draws import selectors
from fairdraw.draws.models import Draw, DrawFile
from fairdraw.files import shelf
from tests.builders.county import County


@contextmanager
def damaged(draw: Draw, name: str, content: bytes | None) -> Iterator[None]:
    """The file of a draw gone, or with another content, for a while: tests of this run share the folder."""
    path = shelf.place(DrawFile.objects.get(draw=draw, name=name).stored_id)
    whole = path.read_bytes()
    path.unlink()
    try:
        if content is not None:
            path.write_bytes(content)
        yield
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(whole)


@pytest.mark.parametrize("content", [None, b"other"])
@pytest.mark.parametrize("name", ["frame.tsv", "excluded.tsv"])
def test_the_next_freezing_names_the_draw_the_file_and_the_way_out(
    ground: County, name: str, content: bytes | None
):
    earlier = Draw.objects.get(number=ground.task("zlg-ZL01").number)
    before = Draw.objects.count()

    with damaged(earlier, name, content), pytest.raises(selectors.LostFile) as refused:
        ground.prepared("qjg-QX01")

    said = str(refused.value)
    assert f"抽取 {earlier.number}（第{earlier.attempt}次）的文件 {name}" in said
    assert "从备份恢复" in said
    assert "fairdraw fsck" in said
    assert (refused.value.status, Draw.objects.count()) == (409, before)
    assert ground.prepared("qjg-QX01").state == "draft"
