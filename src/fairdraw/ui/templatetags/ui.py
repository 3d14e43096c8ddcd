"""
Filters and tags of every template (模板标签); built in, no ``{% load %}`` needed.

``docs/reference/components.md`` lists them with their arguments, ``/ui/`` shows them.
"""

from __future__ import annotations

from django import template

from fairdraw.ui import formats
from fairdraw.ui.templatetags import ui_blocks, ui_charts, ui_marks, ui_tables

register = template.Library()

for _library in (ui_marks.register, ui_blocks.register, ui_tables.register, ui_charts.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)

register.filter("date_zh", formats.date_zh)
register.filter("datetime_zh", formats.datetime_zh)
register.filter("percent", formats.percent)
register.filter("rate", formats.rate)
register.filter("thousands", formats.thousands)
register.filter("mask_name", formats.mask_name)
register.filter("mask_phone", formats.mask_phone)
register.filter("mask_id", formats.mask_id)
