"""Who handles a case now, and the stamp under which a look at its full values is noted."""
import uuid

from django.http import HttpRequest

from casework.access.actor import Actor, Duty
from casework.access.duties import covers, stamp_of
from casework.audit.record import Stamp
from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.site.login import address_of
from casework.site.policy import actor_of_request
from casework.workflows import attempts, guards, queries
from casework.workflows.models import Task


def typed(request: HttpRequest, name: str, most: int) -> str:
    """A line as it was typed, without the signs that a database or a log refuses."""
    return "".join(sign for sign in request.POST.get(name, "") if sign.isprintable()).strip()[:most]


def uuid_in(text: str) -> uuid.UUID:
    """The id in what a form sent; for anything else the one that nothing has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def handled(case: Case, actor: Actor, tasks: list[Task] | None = None) -> Task | None:
    """The open task of the case that this officer could do or is doing: the reason why he may read its papers."""
    for task in queries.open_tasks(case) if tasks is None else tasks:
        if guards.duty_for(task, actor) and task.assignee_id in (None, actor.user):
            return task
    return None


def duty_of(case: Case, actor: Actor) -> Duty | None:
    """The duty under which the case is read."""
    path = case.organisation.path
    return next((duty for duty in actor.duties if duty.role in guards.READING_ROLES and covers(duty, path)), None)


def stamp(request: HttpRequest, case: Case, task: Task | None = None) -> Stamp:
    """The officer as an event keeps him."""
    actor = actor_of_request(request)
    duty = guards.duty_for(task, actor) if task else None
    return stamp_of(actor, duty or duty_of(case, actor), "online", address_of(request))


def refuse_relatives(request: HttpRequest, case: Case, action: str) -> None:
    """Nobody looks at full values of a case of himself, a relative or his household; the attempt is an event
    (promise R5). Raises Refused."""
    actor = actor_of_request(request)
    problems: list[Problem] = guards.recusal(case, actor)
    if problems:
        refusal = Refused(problems, 403)
        attempts.note({str(case.public_id)}, action, actor, refusal, clock.now(), address=address_of(request))
        raise refusal
