"""Why an application ended badly, and how to ask for a second look."""
from dataclasses import dataclass

from casework.audit.models import Event
from casework.cases.models import Case, State
from casework.programmes.loader import programme_of
from casework.programmes.reasons import DENIALS, ENDINGS, NOT_ACCEPTED, Reason
from casework.workflows import statements


@dataclass(frozen=True, slots=True)
class Refusal:
    """reason, clause: what the rule says. found: the facts as the office wrote them. right_body: who is responsible
    instead, "" if we are. appeal: how to ask for a review, "" where the person ended it himself."""

    reason: str
    clause: str
    found: str
    right_body: str
    appeal: str


def refusal_of(case: Case) -> Refusal | None:
    """The refusal of a case; None while it runs or when it ended well."""
    if case.state == State.WITHDRAWN:
        return Refusal(str(ENDINGS[case.outcome]), "", "", "", "") if case.outcome in ENDINGS else None
    if case.state not in (State.DENIED, State.NOT_ACCEPTED):
        return None
    reason: Reason | None = DENIALS.get(case.outcome) or NOT_ACCEPTED.get(case.outcome)
    if reason is None:
        return None
    ending = _ending(case)
    facts = ending.data if ending else {}
    found = str(facts.get("opinion") or facts.get("reply") or "")
    body = str(facts.get("right_body") or "")
    appeal = statements.REVIEW_TEXT if statements.reviewed(programme_of(case.programme)) else reason.appeal
    return Refusal(str(reason.text), str(reason.clause), found, body, str(appeal))


def _ending(case: Case) -> Event | None:
    """The event by which the case ended."""
    rows = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), data__after__state=case.state)
    return rows.order_by("-n").first()
