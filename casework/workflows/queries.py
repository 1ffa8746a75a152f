"""Reads of the engine that serve pages: the officer's queue, the history of a case, what stands in its way."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from casework.access.actor import Actor
from casework.audit.models import Event
from casework.cases import queries as case_queries
from casework.cases.models import Case
from casework.workflows.guards import GRANTED_ROLES, READING_ROLES, by_task
from casework.workflows.models import Decision, Hold, PublicNotice, Task

PAGE = 25
# Steps that wait for the person's word; an office only enters what came on paper.
FOR_THE_PERSON = ("respond",)


def case_for(actor: Actor, public_id: uuid.UUID | str) -> Case:
    """One case inside the actor's scope. Raises Http404."""
    return case_queries.case_for(actor, public_id, READING_ROLES, by_task(actor))


def readable(actor: Actor, cases: Collection[int | None]) -> set[int]:
    """Which of these cases lie inside the actor's scope."""
    rows = case_queries.visible(actor, READING_ROLES, by_task(actor)).filter(pk__in=[pk for pk in cases if pk])
    return set(rows.values_list("pk", flat=True))


def workable(actor: Actor) -> QuerySet[Task]:
    """Open tasks of the actor's roles at his nodes that nobody else holds."""
    condition = Q(pk__in=[])
    for duty in actor.duties:
        if duty.role in GRANTED_ROLES:
            condition |= Q(role=duty.role, case_id__in=actor.granted)
            continue
        column = {"grassroots": "unit", "town": "town", "county": "county", "city": "city"}.get(duty.level)
        place = f"{column}_id" if column else "organisation_id"
        condition |= Q(**{"role": duty.role, "level": duty.level, place: duty.organisation})
    mine = Q(assignee__isnull=True) | Q(assignee_id=actor.user)
    waiting = Q(kind__in=("accept", "review"), phase="waiting") | Q(kind__in=FOR_THE_PERSON)
    return Task.objects.filter(condition & mine, state="open").exclude(waiting | _signed_by(actor))


def _signed_by(actor: Actor) -> Q:
    """Approvals that wait for the signatures of others after the actor's own."""
    own = Decision.objects.filter(
        case=OuterRef("case"), step=OuterRef("step"), round=OuterRef("round"), decision="sign",
        person__in=actor.persons,
    )
    return Q(~Q(phase=""), Exists(own), kind="approve")


def queue(actor: Actor, after: tuple[datetime, int] | None = None, key: str = "", size: int = PAGE) -> list[Task]:
    """One page of the actor's queue, due first. after: (due_at, id) of the last row seen."""
    rows = workable(actor).select_related(
        "case__programme", "case__applicant", "case__organisation", "organisation", "assignee"
    )
    if key:
        rows = rows.filter(case__key=key)
    if after:
        rows = rows.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], id__gt=after[1]))
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "id")[: size + 1])


def next_task(actor: Actor, other_than: int) -> Task | None:
    """The task that is due first besides this one."""
    return workable(actor).exclude(case_id=other_than).order_by("due_at", "id").select_related("case").first()


def history(case: Case) -> list[Event]:
    """All events of a case in their order."""
    return list(Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).order_by("n"))


def decisions(case: Case) -> list[Decision]:
    """Every decision of a case in its order, with the event that tells what was found."""
    return list(case.decisions.select_related("user", "organisation", "event").order_by("id"))


def open_tasks(case: Case) -> list[Task]:
    """What the case waits for."""
    return list(case.tasks.select_related("organisation", "assignee").filter(state="open").order_by("id"))


def open_hold(case: Case) -> Hold | None:
    """Why the clock stands still, if it does."""
    return case.holds.filter(ended_at__isnull=True).order_by("id").first()


def running_notice(public_id: uuid.UUID | str) -> PublicNotice:
    """A notice while it hangs. Raises Http404 once it is taken down: its links die (domain §4.4)."""
    notice = (
        PublicNotice.objects.select_related("case__programme", "case__county", "case__organisation")
        .filter(public_id=public_id, state="running")
        .first()
    )
    if notice is None:
        raise Http404
    return notice


def running_notices(limit: int = 50) -> list[PublicNotice]:
    """Notices that hang now, newest first."""
    return list(
        PublicNotice.objects.filter(state="running")
        .select_related("case__programme", "case__county", "case__organisation")
        .order_by("-id")[:limit]
    )
