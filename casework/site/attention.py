"""What machines could not do and a person has to see (promise N3): messages that could not be delivered, letters that
could not be made, moves of cases that were refused, rules that could not be worked out; each shown to the desks of its
place."""
from collections.abc import Collection

from django.db.models import QuerySet
from django.http import HttpRequest

from casework.access.actor import Actor
from casework.access.models import Role
from casework.notifications import deliver
from casework.notifications.models import Message
from casework.papers import making
from casework.papers.models import Paper
from casework.programmes import troubles
from casework.programmes.models import RuleTrouble
from casework.workflows import timers
from casework.workflows.models import QueuedCommand

DESKS = (
    Role.SUPERVISOR.value, Role.CASE_OFFICER.value, Role.FINANCE_OFFICER.value, Role.CASHIER.value,
    Role.UNIT_CHAIR.value,
)
# Who mends rules and numbers, and who should know that cases wait for it. A policy officer sees nothing else here.
RULE_KEEPERS = (Role.POLICY_OFFICER.value, Role.SUPERVISOR.value, Role.CASE_OFFICER.value)
ROLES = (*DESKS, Role.POLICY_OFFICER.value)
MOST_COUNTED = 99


def messages(actor: Actor) -> QuerySet[Message]:
    """Messages that could not be delivered, newest first."""
    return deliver.dead(_paths(actor))


def papers(actor: Actor) -> QuerySet[Paper]:
    """Letters that could not be made, newest first."""
    return making.held(_paths(actor))


def commands(actor: Actor) -> QuerySet[QueuedCommand]:
    """Moves of cases that were refused, newest first."""
    return timers.refused(_paths(actor))


def rules(actor: Actor) -> QuerySet[RuleTrouble]:
    """Rules that could not be worked out, newest first."""
    return troubles.waiting(_paths(actor, RULE_KEEPERS))


def count(request: HttpRequest) -> int:
    """How many things wait for the person of this request, counted up to 99; once a request."""
    kept: int | None = getattr(request, "_attention", None)
    if kept is None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        lists: tuple[QuerySet[Message] | QuerySet[Paper] | QuerySet[QueuedCommand] | QuerySet[RuleTrouble], ...] = (
            messages(actor), papers(actor), commands(actor), rules(actor)
        )
        kept = min(sum(rows.values("pk")[:MOST_COUNTED].count() for rows in lists), MOST_COUNTED)
        request._attention = kept  # type: ignore[attr-defined]
    return kept


def _paths(actor: Actor, roles: Collection[str] = DESKS) -> list[str]:
    """Of the places this person looks after."""
    return sorted({duty.path for duty in actor.duties if duty.role in roles})
