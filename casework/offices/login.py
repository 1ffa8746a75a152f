"""One login: its duties, who stands in for it, and what may be done about it."""
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from casework.access.actor import Actor
from casework.access.models import Role, RoleAssignment, Substitution, User
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused, Words
from casework.offices import choices, history, typed
from casework.site.policy import actor_of_request, staff
from casework.staffing import apart, duties, logins, scope

MOST_DUTIES = 100


@staff(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def offices_login(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The login, and each change of it. A new first password is shown once, in the answer itself."""
    actor, now = actor_of_request(request), clock.now()
    user = scope.login_of(actor, public_id, now)
    if request.method != "POST":
        return show(request, user, {}, "")
    said, act = typed.lines(request), request.POST.get("act", "")
    try:
        if act == "reset":
            secret = logins.reset(user, said.get("reason", ""), actor, now)
            return show(request, user, {}, "", secret=secret)
        if act not in _WORK:
            raise Http404
        words, work = _WORK[act]
        work(user, said, actor)
    except Refused as refusal:
        return show(request, user, said, act, refusal.problems, refusal.status)
    messages.success(request, str(words))
    return redirect("offices_login", public_id=user.public_id)


def _give(user: User, said: Mapping[str, str], actor: Actor) -> None:
    office, problems = choices.office_of(actor, said.get("office", ""))
    problems += typed.day_problems(said, "valid_from", "valid_to")
    if problems or office is None:
        raise Refused(problems)
    first, last = typed.day(said, "valid_from"), typed.day(said, "valid_to")
    duties.give(user, said.get("role", ""), office, first, last, said.get("reason", ""), actor, clock.now())


def _end(user: User, said: Mapping[str, str], actor: Actor) -> None:
    number = said.get("duty", "")
    rows = RoleAssignment.objects.filter(scope.within(actor, "organisation__path"), user=user)
    row = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 15 else None
    if row is None:
        raise Http404
    problems = typed.day_problems(said, "last_day")
    if problems:
        raise Refused(problems)
    duties.end(row, typed.day(said, "last_day"), said.get("reason", ""), actor, clock.now())


def _lock(user: User, said: Mapping[str, str], actor: Actor) -> None:
    logins.lock(user, said.get("reason", ""), actor, clock.now())


def _unlock(user: User, said: Mapping[str, str], actor: Actor) -> None:
    logins.unlock(user, said.get("reason", ""), actor, clock.now())


_WORK: Mapping[str, tuple[Words, Callable[[User, Mapping[str, str], Actor], None]]] = MappingProxyType({
    "give": (gettext_lazy("The duty is given."), _give),
    "end": (gettext_lazy("The end of the duty is entered."), _end),
    "lock": (gettext_lazy("The login is locked."), _lock),
    "unlock": (gettext_lazy("The login is open again."), _unlock),
})


def show(
    request: HttpRequest, user: User, said: Mapping[str, str], act: str, problems: list[Problem] | None = None,
    status: int = 200, secret: str = "",
) -> HttpResponse:
    """Draw the login; after a refusal with what was typed in the form that was sent. secret: a first password, in
    this answer and never again."""
    actor, now = actor_of_request(request), clock.now()
    here = scope.within(actor, "organisation__path")  # what lies elsewhere is another administrator's
    held = RoleAssignment.objects.filter(here, scope.not_over(now), user=user).select_related("organisation")
    lent = Substitution.objects.filter(here, valid_to__gt=now).select_related("absent", "substitute", "organisation")
    context: dict[str, Any] = {
        "login": User.objects.select_related("office", "person").get(pk=user.pk),
        "held": list(held.order_by("valid_from", "pk")[:MOST_DUTIES]), "secret": secret,
        "stands_in": list(lent.filter(substitute=user)[:MOST_DUTIES]),
        "covered_by": list(lent.filter(absent=user)[:MOST_DUTIES]), "said": said, "act": act,
        "problems": problems or [], "anchor": f"end-{said.get('duty', '')}" if act == "end" else act,
        "faults": {act: typed.faults_of(problems or [])},
        "roles": [(role.value, role.label) for role in Role if role in apart.LEVELS],
        "first_day": said.get("valid_from") or local_date(now).isoformat(), **_keys(said, act, problems or []),
        "offices": choices.listed(actor), "history": history.of_login(actor, user.pk),
        "oneself": user.pk == actor.user or user.person_id in actor.persons, "keeps": scope.keeps(actor, user, now),
    }
    return render(request, "offices/login.html", context, status=status)


def _keys(said: Mapping[str, str], act: str, problems: list[Problem]) -> dict[str, Any]:
    """What stands in the form of password and lock, which has one reason and several buttons."""
    sent = act in ("reset", "lock", "unlock")
    return {
        "key_act": act if sent else "reset", "key_reason": said.get("reason", "") if sent else "",
        "key_wrong": typed.faults_of(problems).get("reason") if sent else None,
    }
