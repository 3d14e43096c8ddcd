"""What the page 入企检查 shows: targets with the most visits of the year, special campaigns, days without visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.burden import selectors
from fairdraw.burden.models import Blackout, Campaign
from fairdraw.kernel.actor import Actor
from fairdraw.plans.models import TaskItem
from fairdraw.registers import industries
from fairdraw.registers import selectors as registers
from fairdraw.registers import tags as tag_names
from fairdraw.registers.models import Item
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.values import Number


@dataclass(frozen=True)
class CampaignLine:
    """A special campaign and the tasks of the plan that check one of its items in the same days."""

    campaign: Campaign
    items: str
    tasks: tuple[Any, ...]


def most_visited(actor: Actor, year: int) -> QuerySet[Any]:
    """The targets of the actor's scope by visits of *year*, the most first (本年入企次数)."""
    rows = registers.visible_targets(actor).filter(
        borne__visited_on__gte=dt.date(year, 1, 1), borne__visited_on__lt=dt.date(year + 1, 1, 1)
    )
    return rows.annotate(borne_count=Count("borne")).order_by("-borne_count", "draw_code")


def cap(year: int) -> Number:
    """The cap with its source, as it is in force for the bureau."""
    return rulebook.number_row("visit_cap", dt.date(year, 1, 1), within=accounts.root().path)


def campaigns(year: int) -> list[CampaignLine]:
    """The special campaigns of *year*, each with the tasks that it repeats (rules.md E5)."""
    found = []
    for campaign in selectors.campaigns(year):
        items = list(campaign.items.all())
        stood = TaskItem.objects.filter(
            item__in=items,
            task__cancelled_at__isnull=True,
            task__window_start__lte=campaign.ends_on,
            task__window_end__gte=campaign.starts_on,
        ).select_related("task")
        tasks = {} if campaign.withdrawn_at else {row.task_id: row.task for row in stood}
        found.append(CampaignLine(campaign, "、".join(i.name for i in items), tuple(tasks.values())))
    return found


def place_of(row: Blackout) -> str:
    """Whom days without visits spare, in words."""
    industry = _("行业 %(code)s") % {"code": row.industry} if row.industry else ""
    if named := industries.NAMES.get(industries.division(row.industry)):
        industry += _("（%(name)s）") % {"name": named}
    said = (industry, tag_names.name(row.tag), str(row.station or ""), row.town)
    return "，".join(filter(None, said)) or _("全县各类对象")


def item_choices() -> list[tuple[str, str]]:
    """The items of the list by code."""
    return [
        (code, f"{code} {name}") for code, name in Item.objects.order_by("code").values_list("code", "name")
    ]


def station_choices() -> list[tuple[str, str]]:
    """The stations by code."""
    return [(station.code, station.name) for station in accounts.stations()]
