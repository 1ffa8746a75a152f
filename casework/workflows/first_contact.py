"""First contact (domain §2): whoever wrote a matter down stays in the picture until an office has accepted it; and what
must be told to a superior at once."""
from typing import Any

from casework.access import duties
from casework.access.models import Role, User
from casework.cases.models import Case
from casework.notifications import outbox
from casework.workflows import guards, letters
from casework.workflows.turn import Turn

# A person in danger, or a crowd about to gather, is told within the hour (domain §5.4): at once, here.
TOLD_OF_DANGER = (Role.APPROVER, Role.SUPERVISOR)


def owner(case: Case) -> User | None:
    """The officer who met the person first; None once the case was accepted, or when the person filed by himself."""
    if case.accepted_at is not None:
        return None
    earlier = case.facts.get("first_contact")
    if earlier is not None:
        return User.objects.filter(pk=earlier, is_active=True).first()
    return case.filed_by if case.via in guards.OFFICE_VIAS else None


def facts_of(came_from: Case | None) -> dict[str, Any]:
    """What a case that grows out of another keeps of it: its number, and who met the person then."""
    return {"came_from": came_from.number, "first_contact": came_from.filed_by_id} if came_from is not None else {}


def keep(turn: Turn) -> None:
    """A case that grew out of another names it in its first event."""
    if "came_from" in turn.case.facts:
        turn.facts["came_from"] = turn.case.facts["came_from"]


def alarm(turn: Turn) -> None:
    """Tell the leaders of the place, whatever the hour."""
    place = turn.case.county or turn.case.organisation
    told = [user for role in TOLD_OF_DANGER for user in duties.holders(role, place.path, turn.now)[:10]]
    outbox.tell(turn.case, turn.event, "danger", told, letters.common(turn), turn.now)
