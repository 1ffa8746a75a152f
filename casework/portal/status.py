"""Progress of a case for people without a login: number and the last 6 signs of the ID number (domain §4.10)."""
import hmac

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.cases.models import ENDED, Case
from casework.core import clock
from casework.core.identifiers import has_forbidden
from casework.people.persons import id_ending_matches
from casework.portal import letters, story
from casework.programmes.loader import programme_of
from casework.site import refusals, throttle
from casework.site.login import address_of
from casework.site.policy import public
from casework.workflows import queries


@public
@sensitive_post_parameters("ending")
@require_http_methods(["GET", "HEAD", "POST"])
def case_status(request: HttpRequest) -> HttpResponse:
    """The form, and the answer. Unknown number and wrong ending get the same bytes (promise W2), but for
    the number that was typed."""
    if request.method != "POST":
        return render(request, "portal/status.html", {"asked": False})
    number, ending = request.POST.get("number", "").strip()[:40], request.POST.get("ending", "").strip().upper()[:6]
    now, address = clock.now(), address_of(request)
    seconds = throttle.wait_before_try(f"case:{number}", address, now)
    if seconds:
        return refusals.too_many(request, seconds)
    case = _found(number, ending)
    if case is None:
        throttle.note_failure(f"case:{number}", address, now)
        return render(request, "portal/status.html", {"asked": True, "number": number})
    programme = programme_of(case.programme)
    tasks = list(case.tasks.select_related("organisation").order_by("id"))
    hold = queries.open_hold(case)
    return render(request, "portal/status.html", {
        "asked": True, "case": case, "programme": programme, "steps": story.step_line(case, programme, tasks),
        "holders": story.holders(case, programme, tasks), "pause": story.resting(hold, tasks),
        "ended": case.state in ENDED, "next_words": story.next_words(case, programme, tasks),
        "papers": letters.of_case(case), "notice": case.notices.filter(state="running").first(),
    })


def _found(number: str, ending: str) -> Case | None:
    """The case, if both fit. The same work is done for an unknown number, so that time tells nothing."""
    number = "" if has_forbidden(number) else number
    rows = Case.objects.select_related("programme", "applicant", "organisation", "county").exclude(state="draft")
    case = rows.filter(number=number).first()
    fits = id_ending_matches(case.applicant if case else None, ending)
    known = hmac.compare_digest(number.encode(), (case.number if case else "").encode())
    return case if case is not None and fits and known else None
