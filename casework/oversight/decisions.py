"""Decisions: each row says what its event says, for the approval form is drawn from the rows."""
from collections.abc import Iterator, Mapping, Sequence

from casework.audit.findings import Finding, event_row
from casework.audit.models import Event
from casework.core.imprint import imprint
from casework.oversight.crooked import facts, text
from casework.workflows.models import DECIDED, Decision

CHUNK = 500
DECISIONS = Decision._meta.db_table


def check_some(subjects: Mapping[int, str], chains: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    """The decisions of some cases. subjects: public id by case; chains: their events by public id."""
    events = {event.pk: event for subject in subjects.values() for event in chains[subject]}
    left = {pk: _told(event) for pk, event in events.items()}
    rows = Decision.objects.filter(case__in=list(subjects)).order_by("pk")
    for row in rows.iterator(chunk_size=CHUNK):
        event = events.get(row.event_id)
        own = event is not None and event.subject_id == subjects[row.case_id]
        fits = event is not None and own and _fits(row, event, _step(event, chains[event.subject_id]))
        if event is None or not fits or not _as_told(row, event, left[event.pk]):
            detail = f"case {subjects[row.case_id]}: its event tells otherwise"
            yield Finding("decision_differs", DECISIONS, f"decision {row.pk}", detail)
    for pk, imprints in left.items():
        if imprints:
            event = events[pk]
            row_name = event_row(event.subject_kind, event.subject_id, event.n)
            yield Finding("decision_differs", DECISIONS, row_name, "the decision it tells is gone or was changed")


def _told(event: Event) -> list[object]:
    told = facts(event.data).get("decisions")
    return list(told) if isinstance(told, list) else []


def _step(event: Event, chain: Sequence[Event]) -> str:
    """The step of an event as it is called now: moves to another version of the programme may have renamed it."""
    step = event.action.rpartition(".")[0] or event.action
    moves = {one.n: told for one in chain if (told := facts(facts(one.data).get("migration")))}
    undone = [told.get("undone") for told in moves.values()]
    for n, told in moves.items():
        if n > event.n and n not in undone:
            step = text(facts(told.get("steps")).get(step)) or step
    return step


def _fits(row: Decision, event: Event, step: str) -> bool:
    """Who, in which role and for which office, at which step and when: as the event has it."""
    actor = facts(event.actor)
    told = (actor.get("user"), actor.get("person"), actor.get("role"), actor.get("organisation"), event.at, step)
    return told == (row.user_id, str(row.person or ""), row.role, str(row.organisation_id or ""), row.at, row.step)


def _as_told(row: Decision, event: Event, left: list[object]) -> bool:
    """What was decided and said: by its imprint, which is used up; an earlier event tells the words themselves, that of
    a payment by the bank's answer nothing."""
    data = facts(event.data)
    if "decisions" in data:
        mine = imprint(row, DECIDED)
        if mine not in left:
            return False
        left.remove(mine)
        return True
    if "decision" not in data:
        return row.user_id is None and row.person is None and (row.decision, row.opinion) == ("pass", "")
    here = (row.decision, row.opinion, row.round)
    return here == (data.get("decision"), data.get("opinion") or "", data.get("round"))
