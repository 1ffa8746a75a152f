"""Staff: everybody whose login or duty belongs to one's organisations; a new login."""
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from casework.access.duties import in_force
from casework.access.models import Role, RoleAssignment
from casework.core import clock, identifiers
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.offices import choices, typed
from casework.offices.login import show
from casework.people import persons
from casework.site.policy import actor_of_request, staff
from casework.staffing import logins, scope


@staff(Role.ADMIN)
@require_safe
def offices_staff(request: HttpRequest) -> HttpResponse:
    """Logins with the duties they hold now at his organisations, by name; searched by name or login."""
    actor, now = actor_of_request(request), clock.now()
    wanted, after = request.GET.get("q", "").strip()[:60], typed.number(request, "after")
    mine = scope.within(actor, "organisation__path")
    duties = RoleAssignment.objects.filter(mine, in_force(now)).select_related("organisation").order_by("pk")
    rows = scope.logins(actor, now).prefetch_related(Prefetch("assignments", duties, to_attr="held")).order_by("pk")
    if wanted:
        rows = rows.filter(Q(first_name__icontains=wanted) | Q(username__istartswith=wanted))
    page = list(rows.filter(pk__gt=after)[: typed.PAGE + 1])
    here, more = reverse("offices_staff"), len(page) > typed.PAGE
    return render(request, "offices/staff.html", {
        "rows": page[: typed.PAGE], "q": wanted,
        "next": typed.with_query(here, q=wanted, after=page[typed.PAGE - 1].pk) if more else "",
        "prev": typed.with_query(here, q=wanted) if after else "",
    })


@staff(Role.ADMIN)
@sensitive_post_parameters("id_no", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def offices_staff_new(request: HttpRequest) -> HttpResponse:
    """The form for a login; afterwards the login's page with the first password, shown this once."""
    if request.method != "POST":
        return draw(request, {"office": _asked_for(request)}, [])
    said, actor, now = typed.lines(request), actor_of_request(request), clock.now()
    person, problems = _person(said)
    office, wrong = choices.office_of(actor, said.get("office", ""))
    problems += wrong
    if problems or office is None:
        return draw(request, said, problems, 422)
    try:
        user, secret = logins.make(said.get("username", ""), person, office, said.get("reason", ""), actor, now)
    except Refused as refusal:
        return draw(request, said, refusal.problems, refusal.status)
    if user.person is not None and user.person.phone_hash != persons.phone_hash(person["phone"]):
        messages.warning(request, _("This person was known already; the phone number on file stays as it is."))
    return show(request, user, {}, "", secret=secret)


def _asked_for(request: HttpRequest) -> str:
    """The organisation on whose page somebody began, as the field has it."""
    wanted = request.GET.get("office", "")[:40]
    return choices.words_of(actor_of_request(request), wanted) if wanted else ""


def _person(said: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """Name, ID number and phone as they are kept, and what is wrong with them."""
    checked = {
        "name": identifiers.person_name(said.get("name", "")),
        "id_no": identifiers.resident_id(said.get("id_no", ""), local_date(clock.now())),
        "phone": identifiers.phone(said.get("phone", "")),
    }
    problems = [
        Problem(one.code, one.message, place, one.mend)
        for place, (_value, found) in checked.items() for one in found if not one.warning
    ]
    return {place: value for place, (value, _found) in checked.items()}, problems


def draw(request: HttpRequest, said: dict[str, Any], problems: list[Problem], status: int = 200) -> HttpResponse:
    """The page with what was typed."""
    return render(request, "offices/staff_new.html", {
        "typed": said, "problems": problems, "faults": typed.faults_of(problems),
        "offices": choices.listed(actor_of_request(request)),
    }, status=status)
