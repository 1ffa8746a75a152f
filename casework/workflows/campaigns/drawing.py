"""The roster of a campaign is drawn from the dossiers in force on the day of its plan, chunk by chunk (domain §5.2).

Each chunk is one transaction, and where it goes on is read from the rows: a killed worker loses nothing, a second one
draws nothing twice. Deep hardship comes first, then relative, then accidental, within the quota of each county.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, Sum

from casework.cases.models import ENDED, Case, State
from casework.organisations.models import Organisation
from casework.registers.models import Entry
from casework.workflows.campaigns.figures import active_on
from casework.workflows.models import CampaignLine, QueuedCommand, Task

CHUNK = 500
ORDER = ("deep", "relative", "accidental")
OVER_CAP = "CAP_REACHED"


def draw_all(now: datetime, chunks: int = 20) -> int:
    """Go on with every roster that is being drawn. Returns how many lines were made."""
    made = 0
    for task in Task.objects.filter(kind="roster", phase="drawing", state="open").order_by("id").values_list("pk"):
        for _chunk in range(chunks):
            drawn = draw(task[0], now)
            made += drawn
            if not drawn:
                break
    return made


@transaction.atomic
def draw(task_id: int, now: datetime) -> int:
    """One chunk of one roster; when nothing is left, the case is told by a queued command."""
    campaign = Case.objects.select_for_update(of=("self",)).select_related("organisation").get(tasks=task_id)
    task = Task.objects.filter(pk=task_id, phase="drawing", state="open").first()
    if task is None:
        return 0
    for quota in campaign.facts.get("quotas", []):
        lines = _chunk(campaign, quota)
        if lines:
            CampaignLine.objects.bulk_create(lines)
            return len(lines)
    QueuedCommand.objects.get_or_create(
        key=f"drawn:{task.pk}", defaults={"case": campaign, "action": f"{task.step}.drawn", "due_at": now}
    )
    return 0


def _chunk(campaign: Case, quota: Mapping[str, Any]) -> list[CampaignLine]:
    """The next lines of one county."""
    county = Organisation.objects.get(public_id=quota["county"])
    drawn = CampaignLine.objects.filter(campaign=campaign, county=county)
    left = int(quota["households"]) - drawn.exclude(state="refused").count()
    for category in ORDER:
        last = drawn.filter(category=category).aggregate(last=Max("entry"))["last"] or 0
        entries = _entries(campaign, county, category, last)[: max(0, min(CHUNK, left))]
        if entries:
            return _lines(campaign, county, list(entries))
    return []


def _entries(campaign: Case, county: Organisation, category: str, after: int) -> Any:
    """Dossiers of one county and category that stand in no line of this campaign yet."""
    day = date.fromisoformat(str(campaign.facts["plan_on"]))
    rows = active_on(county.path, day).filter(
        organisation__path__startswith=campaign.organisation.path, data__category=category, pk__gt=after
    )
    taken = CampaignLine.objects.filter(campaign=campaign).values("household_id")
    return rows.exclude(household_id__in=taken).order_by("id")


def _lines(campaign: Case, county: Organisation, entries: list[Entry]) -> list[CampaignLine]:
    """A line a household; one that would pass the yearly cap is struck at once (domain §4.6 no. 6)."""
    facts, year = campaign.facts, campaign.facts["year"]
    fen = int(facts.get("cash") or 0) + int(facts.get("goods_value") or 0)
    cap = int(campaign.parameters["condolence"]["cap_year_fen"])
    given = given_in({entry.person_id for entry in entries}, year)
    homes: set[int | None] = set()
    lines = []
    for entry in entries:
        if entry.household_id in homes:
            continue
        homes.add(entry.household_id)
        over = given.get(entry.person_id, 0) + fen > cap
        lines.append(
            CampaignLine(
                campaign=campaign, person_id=entry.person_id, household_id=entry.household_id, entry=entry,
                organisation_id=entry.organisation_id, county=county, category=str(entry.data.get("category") or ""),
                fen=fen, year=year, state="refused" if over else "due", trouble=OVER_CAP if over else "",
            )
        )
    return lines


def given_in(people: set[int], year: int) -> dict[int, int]:
    """Fen that condolences gave these persons in a year, or are about to give. Lines that were struck or whose case
    ended without aid count for nothing."""
    badly = [state for state in ENDED if state != State.CLOSED]
    lost = Q(state="refused") | Q(case__state__in=badly)
    rows = CampaignLine.objects.filter(person_id__in=people, year=year).exclude(lost)
    return dict(rows.values_list("person_id").annotate(fen=Sum("fen")))
