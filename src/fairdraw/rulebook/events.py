"""What the rulebook writes into the log (规则库留痕)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare(
    "rulebook.loaded",
    keys={"edition", "rows", "kept"},
    sentence=_("载入随系统提供的规则 {rows} 条，保留本机关设定 {kept} 条"),
    about="edition",
)
declare(
    "rulebook.number_set",
    keys={"code", "scope", "value", "starts_on", "document", "edition"},
    sentence=_("规则数值 {code} 自 {starts_on} 起为 {value}，依据 {document}"),
    about="code",
)
declare(
    "rulebook.year_entered",
    keys={"year", "days", "source", "edition"},
    sentence=_("录入 {year} 年放假安排 {days} 天，依据 {source}"),
    about="year",
)
declare(
    "rulebook.class_rates_set",
    keys={"set", "scope", "rates", "starts_on", "document", "edition"},
    sentence=_("分类抽查比例 {set} 自 {starts_on} 起变更，依据 {document}"),
    about="set",
)
