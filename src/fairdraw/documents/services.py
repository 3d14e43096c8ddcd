"""
Give out document numbers (取号): without gaps and without doubles, in the caller's transaction.

The number is part of the caller's change: when that is undone, the number is free again, which is what
makes the series gapless. The verb that takes a number writes the log entry.

Source: domain workflow §8.2; stack §4.1 (IMMEDIATE), style §2 (locks).
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fairdraw.documents.models import DocumentNumber
from fairdraw.kernel.errors import InvalidInput


def take_number(*, agency_code: str, kind: str, year: int) -> int:
    """
    Take the next number of a series (取一个文号), 1 for a new one.

    Args:
        agency_code: The agency whose series it is.
        kind: The kind of document, a code of the caller's: ``notice``, ``listing``.
        year: The year of the number.

    Raises:
        TransactionManagementError: Called outside a transaction: a number without its document is a gap.
    """
    return take_numbers(agency_code=agency_code, kind=kind, year=year, count=1)[0]


def take_numbers(*, agency_code: str, kind: str, year: int, count: int) -> range:
    """
    Take *count* consecutive numbers (成批取号), for a batch of notices: one lock for all.

    Raises:
        InvalidInput: *count* is below 1, or the series has no name.
        TransactionManagementError: Called outside a transaction.
    """
    if count < 1 or not agency_code or not kind:
        raise InvalidInput(_("取文号须写明机关和文种，数量不小于1"))
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "a document number is taken inside its document's transaction"
        )
    series = {"agency_code": agency_code, "kind": kind, "year": year}
    row = DocumentNumber.objects.select_for_update().filter(**series).first()
    if row is None:
        # Of two first comers one waits here for the other; then both find the row.
        DocumentNumber.objects.bulk_create([DocumentNumber(**series)], ignore_conflicts=True)
        row = DocumentNumber.objects.select_for_update().get(**series)
    DocumentNumber.objects.filter(pk=row.pk).update(next=F("next") + count)
    return range(row.next, row.next + count)
