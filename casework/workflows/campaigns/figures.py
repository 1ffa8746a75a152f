"""What the lines of a campaign come to: counts by standing, coverage, money (domain §5.2 figures, §5.9 no. 17)."""

from datetime import date
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet, Sum

from casework.cases.models import ENDED, Case, State
from casework.registers.dossiers import KIND
from casework.registers.models import Entry
from casework.workflows.models import CampaignLine

DONE = (State.SETTLED, State.CLOSED)
NOTICE_MOST = 5000


class Figures(TypedDict):
    """due: not opened yet; running: opened, without an end; done: settled; refused: struck, or ended without aid. fen:
    money approved over all lines. active: dossiers in force on the day of the plan, None for a round."""

    all: int
    due: int
    running: int
    done: int
    refused: int
    fen: int
    active: int | None


def active_on(path: str, day: date) -> QuerySet[Entry]:
    """Dossiers of this place and all below that were in force on a day, whatever became of them since."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return Entry.objects.filter(lasting, kind=KIND, valid_from__lte=day, organisation__path__startswith=path)


def figures(campaign: Case) -> Figures:
    """The lines counted now. One query."""
    made, ended_badly = Q(state="made"), [state for state in ENDED if state != State.CLOSED]
    counts = CampaignLine.objects.filter(campaign=campaign).aggregate(
        all=Count("id"),
        due=Count("id", filter=Q(state="due")),
        ended=Count("id", filter=made & Q(case__state__in=DONE)),
        lost=Count("id", filter=Q(state="refused") | Q(case__state__in=ended_badly)),
        missed=Count("id", filter=made & Q(case__state__in=DONE, case__facts__delivered=False)),
        fen=Sum("case__amount_fen", filter=made & Q(case__state__in=DONE)),
    )
    refused, done = counts["lost"] + counts["missed"], counts["ended"] - counts["missed"]
    return {
        "all": counts["all"], "due": counts["due"], "done": done, "refused": refused,
        "running": counts["all"] - counts["due"] - done - refused, "fen": counts["fen"] or 0,
        "active": (campaign.facts.get("coverage") or {}).get("active"),
    }


def coverage_percent(told: Figures) -> str:
    """Visited ÷ active dossiers on the day of the plan, in per cent with one decimal; "" where there are none."""
    if not told["active"]:
        return ""
    return f"{told['done'] * 1000 // told['active'] / 10:.1f}"


def notice_rows(campaign: Case, kind: str) -> list[dict[str, str]]:
    """The masked list of a campaign for its public notice; no. is what an objector names."""
    rows = CampaignLine.objects.filter(campaign=campaign).exclude(state="refused")
    listed = rows.select_related("person", "organisation", "case").order_by("id")[:NOTICE_MOST]
    return [
        {"no": str(line.pk), "name": line.named_masked, "unit": line.organisation.name,
         "kind_of_aid": kind, "category": line.category}
        for line in listed
    ]


def page_of(campaign: Case, after: int = 0, state: str = "", size: int = 25) -> list[CampaignLine]:
    """One page of lines by key, one more than fits where there is a next."""
    rows: Any = CampaignLine.objects.filter(campaign=campaign, pk__gt=after)
    if state:
        rows = rows.filter(state=state)
    return list(rows.select_related("person", "organisation", "county", "case").order_by("id")[: size + 1])
