"""From a refusal to the form in which its re-examination is asked for (domain §4.3)."""
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from casework.access.duties import find_duty
from casework.access.models import Role
from casework.core import clock
from casework.core.calendar import local_date
from casework.forms import drafts
from casework.portal.cases import draw, own_case
from casework.portal.start import open_draft
from casework.programmes.loader import programme_of
from casework.site.policy import actor_of_request, applicant
from casework.workflows import re_examining


@applicant
@require_POST
def ask(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin the form for this refused case, or go on with the one begun. When it is too late, or was asked for before,
    the page of the case says so."""
    case, actor, today = own_case(request, public_id), actor_of_request(request), local_date(clock.now())
    version = re_examining.service(today)
    if version is None:
        raise Http404
    problems = re_examining.barred(case, programme_of(version), today)
    if problems:
        return draw(request, case, problems, 422)
    begun = drafts.of(actor).filter(came_from=case, programme__key=version.key, case__isnull=True).first()
    if begun is not None:
        return redirect("apply_resume", begun.public_id)
    own = not case.for_office and case.applicant_id == actor.himself
    duty = None if own else find_duty(actor, Role.UNIT_HANDLER, case.organisation.path)
    return open_draft(request, version, {}, None if own else case.applicant, duty, case)
