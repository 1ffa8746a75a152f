"""Substitutes: everybody on staff names who stands in for him; a chair also for those he leads."""
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access.models import RoleAssignment
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.offices import typed
from casework.site.policy import actor_of_request, staff
from casework.staffing import cover

LISTED = 50


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def substitutes(request: HttpRequest) -> HttpResponse:
    """Whom one may name somebody for, who stands in already, and the form for one duty."""
    if request.method != "POST":
        return draw(request, {}, [])
    said, actor, now = typed.lines(request), actor_of_request(request), clock.now()
    try:
        if said.get("act") == "end":
            cover.end(said.get("substitution", ""), said.get("reason", ""), actor, now)
            messages.success(request, _("The substitution has ended."))
        else:
            if not said.get("duty"):
                raise Refused([Problem("DUTY_MISSING", _("Choose a duty first."))])
            _name(cover.duty_of(actor, said["duty"], now), said, request)
            messages.success(request, _("Entered. Both are told."))
    except Refused as refusal:
        return draw(request, said, _placed(said, refusal.problems), refusal.status)
    return redirect("substitutes")


def _placed(said: dict[str, str], problems: list[Problem]) -> list[Problem]:
    """Problems by the fields of the form that was sent: each substitution has one to end it."""
    if said.get("act") != "end":
        return problems
    return [replace(one, place=f"end.{said.get('substitution', '')}.{one.place}") for one in problems]


def _name(held: RoleAssignment, said: dict[str, str], request: HttpRequest) -> None:
    problems = typed.day_problems(said, "valid_from", "valid_to")
    if problems:
        raise Refused(problems)
    first, last = typed.day(said, "valid_from"), typed.day(said, "valid_to")
    cover.name(held, said.get("substitute", ""), first, last, said.get("reason", ""), actor_of_request(request),
               clock.now())


def draw(request: HttpRequest, said: dict[str, str], problems: list[Problem], status: int = 200) -> HttpResponse:
    """The page: duties as a list to choose from, then the form of the chosen one."""
    actor, now = actor_of_request(request), clock.now()
    wanted, after = request.GET.get("q", "").strip()[:60], typed.number(request, "after")
    rows = cover.duties_open_to(actor, now)
    if wanted:
        rows = rows.filter(Q(user__first_name__icontains=wanted) | Q(user__username__istartswith=wanted))
    page = list(rows.filter(pk__gt=after).order_by("pk")[: typed.PAGE + 1])
    chosen = _chosen(request, said, rows)
    here, more = reverse("substitutes"), len(page) > typed.PAGE
    ending = said if said.get("act") == "end" else {}
    context: dict[str, Any] = {
        "rows": page[: typed.PAGE], "q": wanted, "chosen": chosen, "problems": problems,
        "said": {} if ending else said, "ending": ending,
        "faults": typed.faults_of(problems), "actor": actor, "today": local_date(now),
        "lent": list(cover.seen(actor, now).order_by("valid_from", "pk")[: typed.PAGE]),
        "colleagues": list(
            cover.colleagues(chosen.organisation, now).exclude(pk=chosen.user_id).order_by("first_name")[:LISTED]
        ) if chosen else [],
        "next": typed.with_query(here, q=wanted, after=page[typed.PAGE - 1].pk) if more else "",
        "prev": typed.with_query(here, q=wanted) if after else "",
    }
    return render(request, "offices/substitutes.html", context, status=status)


def _chosen(request: HttpRequest, said: dict[str, str], rows: Any) -> RoleAssignment | None:
    number = said.get("duty") or request.GET.get("duty", "")
    found: RoleAssignment | None = None
    if number.isascii() and number.isdigit() and len(number) < 15:
        found = rows.filter(pk=int(number)).first()
    return found
