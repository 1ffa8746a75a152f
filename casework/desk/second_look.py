"""A refused case and its re-examination, each told on the page of the other; and the window that writes down what a
person without a login asks for (domain §4.3)."""
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from casework.access.actor import Actor, Duty
from casework.access.models import User
from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.desk.search import in_scope
from casework.forms import drafts
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.site.policy import actor_of_request, staff
from casework.workflows import letter_facts, queries, re_examining


def of_case(case: Case, actor: Actor) -> dict[str, Any]:
    """What the case page tells: the refused case with everything its refusal rests on; the re-examination of a refused
    one; whether this officer may write one down now."""
    looks_again = bool(programme_of(case.programme).re_examines)
    return {
        "refused": refused(case, actor) if looks_again else None, "may_ask_again": _window(case, actor) is not None,
        "looked_again": None if looks_again else re_examining.re_examination_of(case),
    }


def refused(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The refused case: number, service, reason, facts found, the numbers used, and its page if he may see it."""
    found = re_examining.refused_case(case)
    refusal = re_examining.refusal_of(found) if found else None
    if found is None or refusal is None:
        return None
    data = refusal.event.data
    return {
        "case": found, "title": programme_of(found.programme).title, "office": refusal.office, "on": refusal.on,
        "code": data.get("code") or "", "said": data.get("opinion") or data.get("reply") or "",
        "lines": [*letter_facts.summary_lines(found), *found.facts.get("award_lines", [])],
        "own": in_scope(actor).filter(pk=found.pk).exists(),
    }


def _window(case: Case, actor: Actor) -> tuple[ProgrammeVersion, Duty] | None:
    """The service that looks again and the duty with which the officer starts it; None where it is not to be asked for
    now, or not by him."""
    if not re_examining.possible(case):
        return None
    today = local_date(clock.now())
    version = re_examining.service(today)
    duty = re_examining.starter(programme_of(version), case, actor) if version else None
    if version is None or duty is None or re_examining.barred(case, programme_of(version), today):
        return None
    return version, duty


@staff()
@require_POST
def desk_second_look(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin the form for somebody at the window, or go on with the one begun. Raises Http404 where he may not."""
    actor = actor_of_request(request)
    case = queries.case_for(actor, public_id)
    found = _window(case, actor)
    if found is None:
        raise Http404
    version, duty = found
    begun = drafts.of(actor).filter(came_from=case, programme__key=version.key, case__isnull=True).first()
    if begun is None:
        user = User.objects.get(username=request.user.get_username())
        begun = drafts.start(user, version, clock.now(), duty=duty)
        begun.for_person, begun.came_from = case.applicant, case
        begun.save(update_fields=["for_person", "came_from"])
    return redirect("apply_resume", begun.public_id)
