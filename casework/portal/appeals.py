"""Why an application ended badly, and how to ask for a second look (domain §4.3)."""
from dataclasses import dataclass
from datetime import date

from casework.audit.models import Event
from casework.cases.models import Case, State
from casework.core import clock
from casework.core.calendar import local_date
from casework.programmes.loader import programme_of
from casework.programmes.reasons import DENIALS, ENDINGS, FINAL, NOT_ACCEPTED, RE_EXAMINED, Reason
from casework.workflows import re_examining, statements


@dataclass(frozen=True, slots=True)
class Refusal:
    """reason, clause: what the rule says. found: the facts as the office wrote them. right_body: who is responsible
    instead, "" if we are. appeal: how to ask for a review, "" where the person ended it himself."""

    reason: str
    clause: str
    found: str
    right_body: str
    appeal: str


@dataclass(frozen=True, slots=True)
class Way:
    """The second look at a refusal. asked: the re-examination, once there is one. until: the last day to ask for it.
    open: may it be asked for today? office: who looks again."""

    asked: Case | None
    until: date | None
    open: bool
    office: str


def way_of(case: Case) -> Way | None:
    """How the refusal of a case is put before the next level, or was; None where that is not done here."""
    asked = re_examining.re_examination_of(case)
    if asked is not None:
        return Way(asked, None, False, "")
    today = local_date(clock.now())
    version = re_examining.service(today) if re_examining.possible(case) else None
    if version is None:
        return None
    until = re_examining.last_day(case, programme_of(version))
    return Way(None, until, until is not None and today <= until, case.city.name if case.city else "")


def refusal_of(case: Case) -> Refusal | None:
    """The refusal of a case; None while it runs or when it ended well."""
    if case.state == State.WITHDRAWN:
        return Refusal(str(ENDINGS[case.outcome]), "", "", "", "") if case.outcome in ENDINGS else None
    if case.state not in (State.DENIED, State.NOT_ACCEPTED):
        return None
    reason: Reason | None = (
        DENIALS.get(case.outcome) or NOT_ACCEPTED.get(case.outcome) or RE_EXAMINED.get(case.outcome)
    )
    if reason is None:
        return None
    ending = _ending(case)
    facts = ending.data if ending else {}
    found = str(facts.get("opinion") or facts.get("reply") or "")
    body = str(facts.get("right_body") or "")
    programme = programme_of(case.programme)
    appeal = statements.REVIEW_TEXT if statements.reviewed(programme) else reason.appeal
    if programme.re_examines or case.facts.get("upheld"):
        appeal = FINAL
    return Refusal(str(reason.text), str(reason.clause), found, body, str(appeal))


def _ending(case: Case) -> Event | None:
    """The event by which the case ended."""
    rows = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), data__after__state=case.state)
    return rows.order_by("-n").first()
