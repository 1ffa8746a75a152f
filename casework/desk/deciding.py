"""One decision on the case page: bind the questions of the move, send the command, go on to the next task."""
import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.access.actor import Actor
from casework.access.capacity import Under, under
from casework.cases.models import Case, UsedKey
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.desk import attempts, rows, scope, words
from casework.desk.attempts import Attempt
from casework.desk.case import show
from casework.desk.uploads import take_uploads
from casework.forms.bind import Bound, bind
from casework.forms.spec import FormSpec
from casework.programmes.loader import programme_of
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff
from casework.workflows import guards, moves, queries
from casework.workflows.commands import Command, Via
from casework.workflows.door import perform

INSIDE = ("add:", "remove:", "unfile:")  # buttons inside a form, which send nothing


@staff()
@require_POST
def desk_do(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take one decision in; a repeat of the same click is told the same good news."""
    actor, moment = actor_of_request(request), clock.now()
    case = queries.case_for(actor, public_id)
    attempts.sent(request, case)
    action = scope.typed(request, "action", 60)
    if _was_done(case, actor, action, _key(request)):
        return _onward(request, case, actor, action)
    move = next((move for move in moves.available(case, actor, moment) if move.action == action), None)
    bound: Bound | None = None
    if move is not None and move.form is not None:
        bound, problems = _read(request, move.form, _capacity(move, actor), moment)
        if problems or _wish(request):
            return show(request, case, actor, Attempt(action, bound, problems, 422 if problems else 200))
    try:
        perform(_command(request, case, actor, action, bound), moment)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        attempt = Attempt(action, bound, refusal.problems, refusal.status, attempts.texts(request.POST.lists()))
        return show(request, queries.case_for(actor, public_id), actor, attempt)
    return _onward(request, case, actor, action)


def _capacity(move: moves.Move, actor: Actor) -> Under:
    """The duty with which the officer works on this task."""
    found = guards.duty_for(move.task, actor) if move.task is not None else None
    return under(found or next(iter(actor.duties), None))


def _read(request: HttpRequest, form: FormSpec, capacity: Under, moment: datetime) -> tuple[Bound, list[Problem]]:
    """What was typed, read by the form; the buttons inside the form only change it and judge nothing."""
    raw, problems = take_uploads(request, form, moment, capacity)
    wish = _wish(request)
    bound = bind(form, rows.changed(form, raw, wish), local_date(moment))
    if wish:
        bound.problems = list(problems)
        return bound, problems
    refused = {problem.place for problem in problems}
    bound.problems = problems + [problem for problem in bound.problems if problem.place not in refused]
    return bound, [problem for problem in bound.problems if not problem.warning]


def _wish(request: HttpRequest) -> str:
    """The button pressed inside the form, "" when the whole was sent."""
    wish = request.POST.get("go", "")
    return wish if wish.startswith(INSIDE) else ""


def _command(request: HttpRequest, case: Case, actor: Actor, action: str, bound: Bound | None) -> Command:
    answers: dict[str, Any] = bound.answers if bound else {}
    return Command(case.pk, action, actor, _seen(request), _key(request), answers, Via.ONLINE, address_of(request))


def _key(request: HttpRequest) -> str:
    return scope.typed(request, "key", 80) or uuid.uuid4().hex


def _seen(request: HttpRequest) -> int:
    """The event number of the screen; anything odd is stale."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _was_done(case: Case, actor: Actor, action: str, key: str) -> bool:
    """Was this very click carried out already? Then its move may be gone, and with it the form to read it by."""
    used = UsedKey.objects.filter(actor=f"user:{actor.user}", key=key).select_related("event").first()
    return used is not None and used.event.action == action and used.event.subject_id == str(case.public_id)


def _onward(request: HttpRequest, case: Case, actor: Actor, action: str) -> HttpResponse:
    """Say what was done; stay, or go on to what is due first."""
    done = words.action_words(action, programme_of(case.programme))
    messages.success(request, _("Done: %(number)s, %(title)s") % {"number": case.number, "title": done})
    following = queries.next_task(actor, case.pk) if "next" in request.POST else None
    return redirect("desk_case", public_id=following.case.public_id if following else case.public_id)
