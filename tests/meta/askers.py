"""
Who knocks at the doors, and at what: a person for each duty, a stranger, a calling system, and things to name.

Everybody holds one duty for the whole bureau. ``outside`` holds every duty of daily work, in a department outside
the bureau: what is found by its name there must look as if it did not exist.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from django.test import Client

from fairdraw.accounts import services as accounts
from fairdraw.accounts.models import Agency
from fairdraw.audit.selectors import checkpoints
from fairdraw.draws.models import Draw
from fairdraw.exchange import uploads
from fairdraw.exchange.tables import Layout
from fairdraw.followup import services as followup
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpState
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import SYSTEM, Duty
from fairdraw.plans import sheets
from fairdraw.publication.models import Publication
from tests.builders.county import NOW, OPENED, YEAR, County

BACKEND = "django.contrib.auth.backends.ModelBackend"
STRANGER = (Duty.LEADER, Duty.PLANNER, Duty.SUPERVISOR, Duty.INSPECTOR, Duty.CLERK, Duty.REVIEWER)
ASKERS = ("anonymous", "token", "outside", *(duty.value for duty in Duty))
METHODS = ("GET", "POST")
BUREAUS_OWN = {
    "task",
    "waiting",
    "draft",
    "draw",
    "prepared",
    "inspection",
    "target",
    "followup",
    "inspector",
    "publication",
    "import",
    "mapping",
    "sheet",
}


@dataclass
class World:
    """The county, everybody who asks, and the things that an address can name."""

    county: County
    clients: dict[str, Client] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    def address(self, route: str, named: str) -> str:
        """The address of *route* with its parameters as ``name=thing`` says, a thing of ours or a plain word."""
        for pair in named.split():
            name, thing = pair.split("=")
            for kind in ("str:", "int:", "uuid:", ""):
                route = route.replace(f"<{kind}{name}>", self.things.get(thing, thing))
        assert "<" not in route, f"doors.csv: {route} has a parameter that the column `with` does not name"
        return f"/{route}"

    def code(self, asker: str, method: str, address: str) -> int:
        """What *asker* gets; an answer that is not finished in one go counts as it begins."""
        client = self.clients[asker]
        cookies = copy.deepcopy(client.cookies)
        response = client.get(address) if method == "GET" else client.post(address)
        client.cookies = cookies  # whoever was signed out is back for the next door
        return int(response.status_code)


def world(county: County) -> World:
    """The county with a person for each duty."""
    made = World(county)
    made.clients["anonymous"] = Client(raise_request_exception=False)
    accounts.issue_token(
        name="省级平台", agency=county.bureau, duties=[Duty.CLERK], secret="secret", actor=SYSTEM, now=NOW
    )
    made.clients["token"] = Client(raise_request_exception=False, headers={"Authorization": "Bearer secret"})
    made.clients["outside"] = _person("outside", county.cast.units["jjz"], *STRANGER)
    for duty in Duty:
        made.clients[duty.value] = _person(duty.value, county.bureau, duty)
    made.things = _things(county)
    return made


def _person(name: str, agency: Agency, *duties: Duty) -> Client:
    user = accounts.create_user(
        username=f"door-{name}", name=name, password="door-door-1", actor=SYSTEM, now=NOW
    )
    for duty in duties:
        accounts.grant(user=user, agency=agency, duty=duty, starts_on=OPENED, actor=SYSTEM, now=NOW)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


def _things(county: County) -> dict[str, str]:
    """Names of things inside the bureau, by what they are."""
    product = county.task("zlg-ZL01")
    inspection = Inspection.objects.filter(task=product, state=InspectionState.NOTIFIED.value).order_by("pk")[
        0
    ]
    return {
        "task": product.number,
        "waiting": county.task("qjg-QX01").number,
        "draft": county.task("ggg-draft").number,
        "draw": Draw.objects.get(number=product.number).pk,
        "prepared": county.prepared("ggg-WL01").pk,
        "inspection": inspection.number,
        "target": inspection.target.draw_code,
        "inspector": inspection.assignments.order_by("slot").values_list("inspector__code", flat=True)[0],
        "followup": str(_ordered_followup(county)),
        "publication": str(_published(county)),
        **_imports(county),
        **_schemes(county),
        "year": str(YEAR),
        "size": str(checkpoints().values_list("size", flat=True)[0]),
    }


def _ordered_followup(county: County) -> int:
    """A problem that a section of the bureau found and has ordered to be corrected."""
    found = FollowUp.objects.filter(finding__inspection__task=county.task("zlg-ZL01"))
    row = found.filter(state=FollowUpState.OPEN.value).order_by("pk")[0]
    actor = county.actor("zlg-jh")
    followup.start([(row.pk, "order_correction", "演市监责改〔2026〕1号")], actor=actor, now=NOW)
    return row.pk


def _imports(county: County) -> dict[str, str]:
    """A file that was tried, with the columns that were said of it."""
    given = {"actor": county.actor("bangong"), "now": NOW}
    text = "字号,统一社会信用代码,主体类别\n甲茶业有限公司,91350524MA0000007P,企业\n"
    row = uploads.take(kind="targets", data=text.encode(), name="名录.csv", **given)
    said = Layout(columns={"字号": "name", "统一社会信用代码": "code", "主体类别": "kind"})
    uploads.arrange(row, layout=said, options={}, remember=True, **given)
    return {"import": str(row.pk), "mapping": str(uploads.mappings(given["actor"])[0].pk)}


def _schemes(county: County) -> dict[str, str]:
    """An approval sheet with the drafted scheme."""
    draft = county.task("ggg-draft")
    sheet = sheets.make_sheet(numbers_of=[draft.number], actor=county.actor("ggg-jh"), now=NOW)
    return {"sheet": str(sheet.pk)}


def _published(county: County) -> int:
    """A result of the finished task that is public."""
    rows = Publication.objects.filter(inspection__task=county.task("ggg-GG01"), acknowledged_at__isnull=False)
    return rows.order_by("pk").values_list("pk", flat=True)[0]
