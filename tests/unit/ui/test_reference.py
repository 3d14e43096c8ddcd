"""Every component has its line in the reference and its place in the gallery."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairdraw import ui
from fairdraw.ui.templatetags.ui import register

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "components.md"
TEMPLATES = Path(ui.__file__).parent / "templates" / "ui"


@pytest.mark.parametrize("tag", sorted(register.tags))
def test_a_tag_is_listed_and_shown(tag):
    used = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))

    assert f"{{% {tag} " in REFERENCE.read_text(encoding="utf-8")
    assert f"{{% {tag} " in used


@pytest.mark.parametrize(
    "name", ["date_zh", "datetime_zh", "percent", "thousands", "mask_name", "mask_phone", "mask_id"]
)
def test_a_filter_is_listed(name):
    assert name in register.filters
    assert name in REFERENCE.read_text(encoding="utf-8")
