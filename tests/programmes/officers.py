"""Policy officers for tests, and short words for their drafts."""
import datetime as dt
from typing import Any

from casework.core.calendar import local_date
from casework.programmes import drafts
from casework.programmes.models import ProgrammeDraft, ProgrammeVersion
from tests.office import Office

POLICY = "policy_officer"


def hire(office: Office) -> Office:
    """Two policy officers of the city and one of each county."""
    for name, place in (
        ("policy", "city"), ("policy_2", "city"), ("policy_county", "county"), ("policy_far", "other_county")
    ):
        office.hire(name, POLICY, place)
    return office


def limit(content: dict[str, Any], days: int) -> dict[str, Any]:
    """The content with another limit of the review."""
    content["programme"]["route"]["accepted"]["review"]["limit"] = f"{days}wd"
    return content


def written(office: Office, days: int = 7, key: str = "living_aid", who: str = "policy") -> ProgrammeDraft:
    """A draft with another limit of the review."""
    actor = office.actor(who)
    draft = drafts.begin(key, actor, office.now)
    return drafts.save(draft, limit(drafts.content_of_draft(draft), days), draft.revision, actor, office.now)


def approved(office: Office, draft: ProgrammeDraft, writer: str = "policy", second: str = "policy_2") -> ProgrammeDraft:
    """The same draft, checked and approved."""
    drafts.check(draft, draft.revision, office.actor(writer), office.now)
    return drafts.approve(draft, draft.revision, office.actor(second), office.now)


def publish(office: Office, draft: ProgrammeDraft, day: dt.date | None = None) -> ProgrammeVersion:
    """The whole way of a draft into force."""
    draft = approved(office, draft)
    return drafts.publish_draft(draft, day or local_date(office.now), office.actor("policy"), office.now)
