"""One decision for many cases: the officer ticks cases at one step of one service; each goes through the door.

Each case has its own checks, its own event and its own answer; a refused one stops no other (domain §2).
"""
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from casework.access.actor import Actor
from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.core.text import Text
from casework.desk import scope
from casework.desk.queue import RESTING, SHOWN, row_of
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff
from casework.workflows import queries
from casework.workflows.choices import Choice
from casework.workflows.commands import Command, Via
from casework.workflows.door_many import CHUNK, allowed, perform_many

PILES_MOST = 100
NOTHING = Problem("NOTHING_TICKED", _("You ticked no case."), mend=_("Tick the cases that this decision is for."))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; problems empty when it was decided."""

    case: Case
    problems: list[Problem]


@staff()
@require_safe
def desk_together(request: HttpRequest) -> HttpResponse:
    """The steps at which several cases wait, or the cases of one of them to choose from."""
    actor, moment = actor_of_request(request), clock.now()
    version, step = request.GET.get("version", ""), request.GET.get("step", "")
    if not version:
        return render(request, "desk/together.html", {"piles": list(_piles(actor))})
    programme = _programme(version)
    return _choose(request, actor, moment, programme, int(version), step)


def _choose(
    request: HttpRequest, actor: Actor, moment: datetime, programme: Programme, version: int, step: str
) -> HttpResponse:
    choices = _choices(programme, step)
    found = _waiting(actor).filter(case__programme=version, step=step).select_related(*SHOWN)
    paid = _paid(programme, step)
    if paid:  # without an amount of its rule a case is decided by itself
        found = found.filter(case__facts__award_fen__gt=0)
    rows = list(found.order_by(F("due_at").asc(nulls_last=True), "pk")[:CHUNK])
    for task in rows:
        task.case.open_holds = []  # no clock of these rests
    context = {
        "programme": programme, "version": version, "step": programme.step(step), "choices": choices,
        "rows": [row_of(task, moment) for task in rows], "key": uuid.uuid4().hex, "all": "all" in request.GET,
        "paid": paid, "sum": sum(_award(task.case) for task in rows) if paid else None,
    }
    return render(request, "desk/together.html", context)


@staff()
@require_POST
def desk_together_do(request: HttpRequest) -> HttpResponse:
    """Decide the ticked cases, a hundred at most; where money is granted, once the officer has seen what each gets and
    what it comes to. Sent again, the same click tells the same good news. When nothing was decided at all, the answer
    has the status of the first refusal."""
    actor, moment = actor_of_request(request), clock.now()
    cases = [queries.case_for(actor, public_id) for public_id in _ticked(request)]
    action = scope.typed(request, "action", 60)
    if _grants(cases, action) and "confirmed" not in request.POST:
        return _confirm(request, cases, action)
    commands = [_command(request, case, actor, action) for case in cases]
    found = list(perform_many(commands, moment))
    outcomes = [
        Outcome(case, one.problems if isinstance(one, Refused) else [])
        for case, one in zip(cases, found, strict=True)
    ]
    refused = [one for one in found if isinstance(one, Refused)]
    context: dict[str, Any] = {
        "outcomes": outcomes, "done": len(found) - len(refused), "left": len(refused),
        "opinion": _opinion(request) if refused else "",
    }
    status = refused[0].status if refused and len(refused) == len(found) else 200
    return render(request, "desk/together_done.html", context, status=status)


def _confirm(request: HttpRequest, cases: list[Case], action: str) -> HttpResponse:
    """What each of the ticked cases would get, and the sum; nothing is decided yet. What was seen of a case is what the
    list showed, so one that has moved on since is refused."""
    seen = {case.pk: request.POST.get(f"seen-{case.public_id}", "") for case in cases}
    rows = [{"case": case, "seen": seen[case.pk], "fen": _award(case)} for case in cases]
    return render(request, "desk/together_confirm.html", {
        "rows": rows, "sum": sum(_award(case) for case in cases), "action": action, "opinion": _opinion(request),
        "key": scope.typed(request, "key", 40) or uuid.uuid4().hex, "many": len(cases),
    })


def _award(case: Case) -> int:
    """What the rule found for a case, in fen; 0 where it found nothing."""
    return int(case.facts.get("award_fen") or 0)


def _paid(programme: Programme, step: str) -> bool:
    """Does passing this step grant money?"""
    return programme.step(step).kind == "approve"


def _grants(cases: list[Case], action: str) -> bool:
    """Would this decision grant money to any of the cases?"""
    return any(_asks_amount(programme_of(case.programme), action) for case in cases)


def _asks_amount(programme: Programme, action: str) -> bool:
    return action in allowed(programme) and _paid(programme, action.rpartition(".")[0])


def _waiting(actor: Actor) -> Any:
    """Tasks of this officer whose clock runs."""
    return queries.workable(actor).filter(~RESTING)


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases of one version that wait at one step."""

    version: int
    programme: Programme
    step: str
    title: Text
    many: int


def _piles(actor: Actor) -> Iterator[Pile]:
    """The steps at which cases wait and whose decisions may be made together."""
    counted = _waiting(actor).values("case__programme", "step").annotate(many=Count("pk")).order_by("-many", "step")
    groups = list(counted[:PILES_MOST])
    versions = ProgrammeVersion.objects.in_bulk({group["case__programme"] for group in groups})
    for group in groups:
        programme = programme_of(versions[group["case__programme"]])
        if _of_step(programme, group["step"]):
            title = programme.step(group["step"]).title
            yield Pile(group["case__programme"], programme, group["step"], title, group["many"])


def _of_step(programme: Programme, step: str) -> dict[str, Choice]:
    return {action: choice for action, choice in allowed(programme).items() if action.rpartition(".")[0] == step}


def _choices(programme: Programme, step: str) -> dict[str, Choice]:
    """The decisions of a step that may be made together. Raises Http404 where there is none."""
    found = _of_step(programme, step)
    if not found:
        raise Http404
    return found


def _programme(version: str) -> Programme:
    row = ProgrammeVersion.objects.filter(pk=int(version)).first() if _number(version) else None
    if row is None:
        raise Http404
    return programme_of(row)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _ticked(request: HttpRequest) -> list[uuid.UUID]:
    """The public ids that were ticked, each once. Raises Http404 for anything else, Refused for none."""
    texts = list(dict.fromkeys(request.POST.getlist("case")))[:CHUNK]
    try:
        found = [uuid.UUID(text) for text in texts]
    except ValueError as error:
        raise Http404 from error
    if not found:
        raise Refused([NOTHING], 422)
    return found


def _command(request: HttpRequest, case: Case, actor: Actor, action: str) -> Command:
    """The decision for one case, from what its line showed."""
    seen, key = request.POST.get(f"seen-{case.public_id}", ""), scope.typed(request, "key", 40) or uuid.uuid4().hex
    opinion = _opinion(request)
    answers: dict[str, Any] = {"opinion": opinion} if opinion else {}
    if _asks_amount(programme_of(case.programme), action):
        fen = request.POST.get(f"fen-{case.public_id}", "")
        answers["amount"] = int(fen) if _number(fen) else 0  # what the officer saw; the door asks if it is so still
    number = int(seen) if _number(seen) else -1
    return Command(case.pk, action, actor, number, f"{key}:{case.pk}", answers, Via.ONLINE, address_of(request))


def _opinion(request: HttpRequest) -> str:
    return request.POST.get("opinion", "").strip()
