"""What is typed of a scheme beside its targets and days: strata and their rates, method, name, number, professional field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from fairdraw.desk.forms import offer
from fairdraw.plans import strata
from fairdraw.plans.allocation import falls
from fairdraw.plans.strata import Layering

BOUND = re.compile(r"\d{1,5}(?:\.\d{1,2})?")
APART = re.compile(r"[、,，;；\s]+")
MOST_BOUNDS = 9
AUTO = "auto"
LIST_CODES = {code: name for name, (code, _label) in strata.LISTS.items()}


class SchemeFields(forms.Form):
    """The fields of strata, method and name; the form that inherits them cleans the amounts."""

    by = forms.ChoiceField(
        label=_("分层依据"),
        required=False,
        choices=list(strata.BY_LABELS.items()),
        help_text=_("除专业领域外，抽查按信用风险分类确定比例；换一种依据后按“试算”列出各层"),
    )
    bounds = forms.CharField(
        label=_("指数分段"), required=False, max_length=60, help_text=_("从低到高写分界，如 60、80 分成三段")
    )
    layer_tags = forms.MultipleChoiceField(
        label=_("单独成层的标签"), required=False, widget=forms.CheckboxSelectMultiple
    )
    exempt = forms.ChoiceField(
        label=_("专业领域"), required=False, help_text=_("专业领域另有规定的可以不按分类抽取，不计入85%")
    )
    exempt_reason = forms.CharField(
        label=_("专业领域理由"), required=False, max_length=200, help_text=_("空着的按规则库所列理由")
    )
    method_reason = forms.CharField(
        label=_("实地检查理由"),
        required=False,
        max_length=300,
        help_text=_("抽查事项可以书面或网络检查而要到实地的，写明理由"),
    )
    scheme_name = forms.CharField(
        label=_("方案名称"),
        required=False,
        max_length=200,
        help_text=_("空着的按“地区+年度+抽查事项+抽查方案”生成"),
    )
    scheme_number = forms.CharField(
        label=_("方案编号"), required=False, max_length=60, help_text=_("空着的保存时按本机关字号编号")
    )

    layering: Layering

    def lay_out(self, *, exempt: Mapping[str, Any], tags: Mapping[str, str]) -> None:
        """Make the fields of the strata that were chosen, in their order."""
        offer(
            self,
            "exempt",
            [
                (AUTO, _("按任务名称和事项判断")),
                ("", _("不属于专业领域")),
                *((code, field.label) for code, field in exempt.items()),
            ],
        )
        self.exempt_fields = exempt
        offer(self, "layer_tags", list(tags.items()))
        self.layering = self._chosen(tags)
        if self.layering.by != strata.INDEX:
            self.fields["bounds"].widget = forms.HiddenInput()
        if self.layering.by != strata.TAG:
            self.fields["layer_tags"].widget = forms.MultipleHiddenInput()
        self.stratum_labels = self._every().labels()
        for code, label in self.stratum_labels.items():
            self.fields[f"class_{code}"] = forms.CharField(label=label, required=False, max_length=12)

    def _every(self) -> Layering:
        """The strata with both lists: those that get no rate do not stand apart."""
        chosen = self.layering
        return Layering(chosen.by, tuple(strata.LISTS), chosen.bounds, chosen.tags)

    def _chosen(self, tags: Mapping[str, str]) -> Layering:
        by = self._given("by")
        by = by if by in strata.BY_LABELS else strata.CREDIT
        words = [w for w in APART.split(self._given("bounds").strip()) if w]
        sure = len(words) <= MOST_BOUNDS and all(BOUND.fullmatch(w) for w in words)
        bounds = tuple(Decimal(w) for w in words) if sure and by == strata.INDEX else ()
        rising = all(a < b for a, b in pairwise(bounds))
        kept = tuple(t for t in self._given_list("layer_tags") if t in tags) if by == strata.TAG else ()
        return Layering(by=by, bounds=bounds if rising else (), tags=kept)

    def _given(self, name: str) -> str:
        found = self.data.get(name) if self.is_bound else self.initial.get(name)
        return str(found or "")

    def _given_list(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict) and self.is_bound:
            return self.data.getlist(name)
        return list(self.initial.get(name) or ())

    @property
    def by_class(self) -> list[Any]:
        """The fields of the strata, for the page."""
        return [self[f"class_{code}"] for code in self.stratum_labels]

    def clean_bounds(self) -> str:
        """Bounds that rise, where strata are bands of the index."""
        text: str = self.cleaned_data["bounds"]
        if self.layering.by == strata.INDEX and not self.layering.bounds:
            raise forms.ValidationError(_("请从低到高写至多9个分界，如 60、80"))
        return text

    def clean_layer_tags(self) -> list[str]:
        """At least one tag, where strata are tags."""
        chosen: list[str] = self.cleaned_data["layer_tags"]
        if self.layering.by == strata.TAG and not chosen:
            raise forms.ValidationError(_("请至少选择一个标签"))
        return chosen

    def settled(self, ratios: Mapping[str, Any], counts: Mapping[str, Any]) -> Layering:
        """The strata with those lists that were given a rate or a count."""
        lists = tuple(name for code, name in LIST_CODES.items() if code in ratios or code in counts)
        chosen = self.layering
        return Layering(chosen.by, lists, chosen.bounds, chosen.tags)

    def require_rising(self, ratios: Mapping[str, Fraction]) -> None:
        """A riskier stratum is drawn at least as much (rules.md G5), but in a professional field."""
        exempt = self.exempted()
        if (exempt and exempt[0]) or not (pair := falls(ratios, self.layering.rising)):
            return
        better, worse = (self.stratum_labels[code] for code in pair)
        self.add_error(
            f"class_{pair[1]}",
            _("“%(worse)s”低于“%(better)s”：风险越高比例应当越高") % {"worse": worse, "better": better},
        )

    def exempted(self) -> tuple[str, str] | None:
        """The professional field that was chosen, and why; ``None`` where the form does not say."""
        if self.is_bound and "exempt" not in self.data:
            return None
        code = self.cleaned_data.get("exempt") or ""
        if code == AUTO:
            return None
        if not code:
            return "", ""
        return code, self.cleaned_data.get("exempt_reason") or self.exempt_fields[code].reason


def initial_of_scheme(task: Any) -> dict[str, Any]:
    """The fields of strata, method and name of a scheme that stands."""
    scheme = task.scheme
    layering = Layering.from_json(scheme.layering)
    return {
        "by": layering.by,
        "bounds": "、".join(f"{b.normalize():f}" for b in layering.bounds),
        "layer_tags": list(layering.tags),
        "exempt": task.exempt_field,
        "exempt_reason": task.exempt_reason,
        "method_reason": scheme.method_reason,
        "scheme_name": scheme.name,
        "scheme_number": scheme.number,
        "unannounced": task.unannounced,
    }
