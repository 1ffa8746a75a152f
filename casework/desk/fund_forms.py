"""Making a fund: a form of the finance officers."""
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access.actor import Actor
from casework.access.duties import find_duty, stamp_of
from casework.access.models import Role
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.desk import scope
from casework.desk.purposes import purposes
from casework.funds import ledger
from casework.funds.models import Fund
from casework.organisations import tree
from casework.organisations.models import Organisation
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff

MOST, LISTED = 120, 300
FIELDS = ("office", "name", "source", "year", "valid_until")


def offices(actor: Actor) -> QuerySet[Organisation]:
    """The open organisations whose money this finance officer looks after."""
    found = Q(pk__in=())
    for duty in actor.duties:
        if duty.role == Role.FINANCE_OFFICER:
            found |= Q(path__startswith=duty.path)
    return tree.open_to_new().filter(found).exclude(level="grassroots").order_by("path")


@staff(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_fund_new(request: HttpRequest) -> HttpResponse:
    """The form for a fund; refused with everything that was typed."""
    actor = actor_of_request(request)
    if request.method != "POST":
        return draw(request, actor, {"year": str(local_date(clock.now()).year)}, [])
    said: dict[str, Any] = {key: scope.typed(request, key, MOST) for key in FIELDS}
    said["purposes"] = request.POST.getlist("purposes")
    try:
        fund = _open(said, actor, request)
    except Refused as refusal:
        return draw(request, actor, said, refusal.problems, refusal.status)
    messages.success(request, _("The fund is open. Enter the money that it received."))
    return redirect("desk_fund", public_id=fund.public_id)


def _open(said: Mapping[str, Any], actor: Actor, request: HttpRequest) -> Fund:
    office = offices(actor).filter(public_id=scope.uuid_in(said["office"])).first()
    wanted = [key for key, _words in purposes() if key in said["purposes"]]
    until, problems = _day(said["valid_until"]), _wrong(said, wanted)
    if office is None:
        problems.insert(0, Problem("OFFICE", _("Choose the organisation."), place="office"))
    if problems or office is None or until is None:
        raise Refused(problems)
    year = int(said["year"])
    if Fund.objects.filter(organisation=office, name=said["name"], year=year).exists():
        raise Refused([Problem("FUND_KNOWN", _("This organisation has a fund of this name and year."), "name")], 409)
    stamp = stamp_of(actor, find_duty(actor, Role.FINANCE_OFFICER, office.path), "online", address_of(request))
    name, source = ledger.plain(said["name"], "name"), ledger.plain(said["source"], "source")[:40]
    return ledger.open_fund(name, office, source, wanted, year, until, stamp, clock.now())


def _wrong(said: Mapping[str, Any], wanted: list[str]) -> list[Problem]:
    year, until = said["year"], _day(said["valid_until"])
    found = (
        (len(said["name"]) < 2, "name", _("Give the fund a name.")),
        (len(said["source"]) < 2, "source", _("Say where the money comes from.")),
        (not wanted, "purposes", _("Choose what it may be spent on.")),
        (not (len(year) == 4 and year.isascii() and year.isdigit()), "year", _("Give the year as four digits.")),
        (until is None or until < local_date(clock.now()), "valid_until",
         _("Give the last day on which it is spent, today or later.")),
    )
    return [Problem(f"FUND_{place.upper()}", words, place=place) for wrong, place, words in found if wrong]


def draw(
    request: HttpRequest, actor: Actor, said: Mapping[str, Any], problems: list[Problem], status: int = 200
) -> HttpResponse:
    """The page with what was typed."""
    return render(request, "desk/fund_new.html", {
        "typed": said, "problems": problems, "faults": {problem.place: problem for problem in problems},
        "offices": offices(actor)[:LISTED], "purposes": purposes(), "chosen": said.get("purposes", []),
    }, status=status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
