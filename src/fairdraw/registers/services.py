"""Verbs on the registers: imports, classes, the year's base, interests, absences."""

from __future__ import annotations

from fairdraw.registers.class_counts import CountsRefused, enter_class_counts
from fairdraw.registers.class_editions import EditionRefused, receive_classes
from fairdraw.registers.inspectors import (
    declare_interest,
    enter_absence,
    import_inspectors,
)
from fairdraw.registers.items import ItemRefused, confirm_item, import_items
from fairdraw.registers.licences import LicenceRefused, enter_licence, import_licences, settle_tags
from fairdraw.registers.target_changes import TargetRefused, change_target, move_target
from fairdraw.registers.target_import import import_target_blocks, import_targets
from fairdraw.registers.year_base import BaseRefused, enter_base

__all__ = [
    "BaseRefused",
    "CountsRefused",
    "EditionRefused",
    "ItemRefused",
    "LicenceRefused",
    "TargetRefused",
    "change_target",
    "confirm_item",
    "declare_interest",
    "enter_absence",
    "enter_base",
    "enter_class_counts",
    "enter_licence",
    "import_inspectors",
    "import_items",
    "import_licences",
    "import_target_blocks",
    "import_targets",
    "move_target",
    "receive_classes",
    "settle_tags",
]
