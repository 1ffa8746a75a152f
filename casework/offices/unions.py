"""Organisations: those one administers as a list, and each with what may be changed about it."""
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from casework.access.actor import Actor
from casework.access.models import Role, RoleAssignment
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused, Words
from casework.offices import history, typed
from casework.organisations.models import Level, Organisation
from casework.site.policy import actor_of_request, staff
from casework.staffing import closing, scope, telling, unions

ACTS: Mapping[str, Words] = MappingProxyType({
    "add": gettext_lazy("The organisation is added."), "change": gettext_lazy("The changes are entered."),
    "close": gettext_lazy("The closing is entered."), "keep": gettext_lazy("The closing is taken back."),
})


@staff(Role.ADMIN)
@require_safe
def offices_unions(request: HttpRequest) -> HttpResponse:
    """The organisations he administers, in the order of the tree; searched by name or credit code."""
    wanted, after = request.GET.get("q", "").strip()[:120], request.GET.get("after", "")[:200]
    rows = scope.organisations(actor_of_request(request)).select_related("parent").order_by("path")
    if wanted:
        rows = rows.filter(Q(name__icontains=wanted) | Q(credit_code=wanted.upper()))
    page = list(rows.filter(path__gt=after)[: typed.PAGE + 1])
    here, more = reverse("offices_unions"), len(page) > typed.PAGE
    return render(request, "offices/unions.html", {
        "rows": page[: typed.PAGE], "q": wanted, "today": local_date(clock.now()),
        "next": typed.with_query(here, q=wanted, after=page[typed.PAGE - 1].path) if more else "",
        "prev": typed.with_query(here, q=wanted) if after else "",
    })


@staff(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def offices_union(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One organisation: what is below it, who works there, and the forms to add, change and close."""
    actor = actor_of_request(request)
    node = scope.organisation_of(actor, public_id)
    if request.method != "POST":
        return show(request, node, {}, "")
    said, act = typed.lines(request), request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    try:
        made = _WORK[act](node, said, actor)
    except Refused as refusal:
        return show(request, node, said, act, refusal.problems, refusal.status)
    messages.success(request, str(ACTS[act]))
    return redirect("offices_union", public_id=made.public_id)


def _add(node: Organisation, said: Mapping[str, str], actor: Actor) -> Organisation:
    wanted, problems = unions.read(said)
    telling.refuse(problems)
    level, region = said.get("level", ""), said.get("region", "")
    return unions.add(node, level, region, wanted, said.get("reason", ""), actor, clock.now())


def _change(node: Organisation, said: Mapping[str, str], actor: Actor) -> Organisation:
    wanted, problems = unions.read(said)
    telling.refuse(problems)
    unions.change(node, wanted, said.get("reason", ""), actor, clock.now())
    return node


def _close(node: Organisation, said: Mapping[str, str], actor: Actor) -> Organisation:
    telling.refuse(typed.day_problems(said, "closes_on"))
    closing.close(node, typed.day(said, "closes_on"), said.get("reason", ""), actor, clock.now())
    return node


def _keep(node: Organisation, said: Mapping[str, str], actor: Actor) -> Organisation:
    closing.keep(node, said.get("reason", ""), actor, clock.now())
    return node


_WORK: Mapping[str, Callable[[Organisation, Mapping[str, str], Actor], Organisation]] = MappingProxyType({
    "add": _add, "change": _change, "close": _close, "keep": _keep,
})


def show(
    request: HttpRequest, node: Organisation, said: Mapping[str, str], act: str,
    problems: list[Problem] | None = None, status: int = 200,
) -> HttpResponse:
    """Draw the organisation; after a refusal with what was typed in the form that was sent."""
    now, actor = clock.now(), actor_of_request(request)
    held = RoleAssignment.objects.filter(scope.not_over(now), organisation=node).select_related("user")
    after, below = request.GET.get("after", "")[:200], Organisation.objects.filter(parent=node).order_by("path")
    children = list(below.filter(path__gt=after)[: typed.PAGE + 1])
    here = reverse("offices_union", args=[node.public_id])
    own = {key: getattr(node, key) for key in unions.MOST}
    context: dict[str, Any] = {
        "node": node, "up": node.parent if node.parent and _covers(actor, node.parent) else None,
        "children": children[: typed.PAGE], "staff": list(held.order_by("role", "pk")[: typed.PAGE + 1]),
        "most_staff": typed.PAGE, "levels": [Level(level) for level in unions.BELOW.get(node.level, ())],
        "fresh": said if act == "add" else {"region": node.region}, "own": said if act == "change" else own,
        "ending": said if act == "close" else {"closes_on": node.closes_on.isoformat() if node.closes_on else ""},
        "keeping": said if act == "keep" else {},
        "there": node.closes_on is None or node.closes_on > local_date(now), "problems": problems or [],
        "act": act, "anchor": act, "faults": {act: typed.faults_of(problems or [])}, "today": local_date(now),
        "may_close": closing.may_close(actor, node, local_date(now)),
        "history": history.of("organisation", str(node.public_id)),
        "next": typed.with_query(here, after=children[typed.PAGE - 1].path) if len(children) > typed.PAGE else "",
        "prev": here if after else "",
    }
    return render(request, "offices/union.html", context, status=status)


def _covers(actor: Actor, node: Organisation) -> bool:
    return any(duty.role == Role.ADMIN and node.path.startswith(duty.path) for duty in actor.duties)
