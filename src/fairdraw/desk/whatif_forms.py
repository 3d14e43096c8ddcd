"""Rates that are tried in a what-if (试算比例), cleaned into exact values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdraw.oversight.forecast_plan import RATED
from fairdraw.registers.rules import CLASS_LABELS


class Rates(forms.Form):
    """Per cent by class; an empty one stays as the schemes have it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in RATED:
            self.fields[f"rate_{code}"] = forms.DecimalField(
                label=_(CLASS_LABELS[code]),
                required=False,
                min_value=0,
                max_value=100,
                max_digits=6,
                decimal_places=3,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "placeholder": "%"}),
            )

    @property
    def rates(self) -> dict[str, Fraction]:
        """The rates that were typed; what is no number is left out and told beside its field."""
        self.full_clean()
        given = self.cleaned_data if self.is_bound else {}
        found = {code: given.get(f"rate_{code}") for code in RATED}
        return {code: Fraction(amount) / 100 for code, amount in found.items() if amount is not None}


def typed(rates: dict[str, Fraction]) -> dict[str, str]:
    """Rates as the fields hold them."""
    return {
        f"rate_{code}": f"{float(rate * 100):.3f}".rstrip("0").rstrip(".") for code, rate in rates.items()
    }
