"""Rounds of a selection: which are open, who may be nominated in them, and how a nomination becomes a line."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Case, CaseLink, State
from casework.core.problems import Problem
from casework.forms.kinds.listed import LISTINGS, Listing
from casework.workflows.models import CampaignLine
from casework.workflows.turn import Turn

KEY = "model_selection"
MOST = 50


def open_rounds() -> list[tuple[str, str]]:
    """Rounds that take nominations now, the newest first."""
    rows = Case.objects.filter(key=KEY, state=State.OPEN).order_by("-pk")[:MOST]
    return [(str(row.public_id), name_of(row)) for row in rows]


def name_of(campaign: Case) -> str:
    """The title of a round with its number."""
    return f"{case_answers.shown(campaign).get('title', '')}（{campaign.number}）"


def words(value: str) -> str:
    """The name of a round, also when it is over."""
    campaign = find(value)
    return name_of(campaign) if campaign else ""


def find(value: object) -> Case | None:
    """The round of a public id."""
    try:
        return Case.objects.filter(key=KEY, public_id=uuid.UUID(str(value))).first()
    except ValueError:
        return None


LISTINGS["open_rounds"] = Listing(open_rounds, words)


def quota_key(county: object, group: object) -> str:
    """Which places a nomination competes for: those of its county and group."""
    return f"{county}:{group}"


def places(campaign: Case) -> dict[str, int]:
    """How many places a round has, by county and group."""
    found: dict[str, int] = {}
    for row in campaign.facts.get("quotas", []):
        key = quota_key(row["county"], row["group"])
        found[key] = found.get(key, 0) + int(row["places"])
    return found


def problems(turn: Turn, answers: dict[str, Any]) -> list[Problem]:
    """A nomination needs a round with a place for its county and group."""
    campaign = find(answers["round"]) if answers.get("round") else None
    if campaign is None:
        return []
    if places(campaign).get(_quota(turn.case, answers)):
        return []
    message = _("The round has no place for this group in your county.")
    return [Problem("NO_PLACES", message, place="group", mend=_("Ask the county which groups it may nominate."))]


def _quota(case: Case, answers: dict[str, Any]) -> str:
    return quota_key(case.county.public_id if case.county else "", answers.get("group"))


def join(turn: Turn, answers: dict[str, Any]) -> None:
    """The nomination stands on the list of its round."""
    campaign = find(answers["round"])
    if campaign is None:
        raise RuntimeError("the form was read against the open rounds")
    CampaignLine.objects.create(
        campaign=campaign, case=turn.case, person=turn.case.applicant, organisation=turn.case.organisation,
        county=turn.case.county, year=turn.today.year, state="made", quota=_quota(turn.case, answers),
    )
    CaseLink.objects.get_or_create(kind="line_of", source=turn.case, target=campaign)
