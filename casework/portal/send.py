"""Check your answers, and hand the application in."""
import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.forms import drafts
from casework.forms.bind import Bound
from casework.forms.models import Draft
from casework.portal import carrying, drafting
from casework.portal.judging import judged
from casework.programmes.spec import Programme
from casework.site.login import address_of
from casework.site.policy import actor_of_request, signed_in
from casework.workflows import intake


@signed_in
@require_safe
def apply_check(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything that was answered, masked, each page with a way back to change it."""
    draft, programme = drafting.own_draft(request, public_id)
    if draft.case is not None:
        return drafting.to_case(request, draft.case.public_id)
    bound = judged(draft, programme, drafts.load(draft))
    return _draw(request, draft, programme, bound, bound.problems)


def _draw(
    request: HttpRequest, draft: Draft, programme: Programme, bound: Bound, problems: list[Problem], status: int = 200
) -> HttpResponse:
    return render(request, "portal/check.html", {
        **drafting.scene(request, draft, programme), "answers": bound.answers,
        "edit": reverse("apply", args=[draft.public_id, "PAGE"]),
        "problems": [_with_page(programme, problem) for problem in drafting.labelled(programme.form, problems)],
        "warnings": [problem for problem in problems if problem.warning], "last_page": programme.form.pages[-1].key,
        "number": len(programme.form.pages) + 1, "pages": programme.form.pages,
    }, status=status)


def _with_page(programme: Programme, problem: Problem) -> dict[str, object]:
    return {"problem": problem, "page": drafting.page_of(programme.form, problem.place)}


@signed_in
@require_POST
def apply_send(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hand in. A second click, a retry or a second tab gets the same receipt (promise S2)."""
    draft, programme = drafting.own_draft(request, public_id)
    if draft.case is not None:
        return drafting.to_case(request, draft.case.public_id)
    now = clock.now()
    if carrying.newer(draft) is not None:  # the form is another since this page was drawn: look at it once more
        return redirect("apply_check", draft.public_id)
    bound = judged(draft, programme, drafts.load(draft))
    if not bound.ok:
        return _draw(request, draft, programme, bound, bound.problems, 422)
    try:
        event = intake.submit_draft(draft, bound.answers, actor_of_request(request), now, address=address_of(request))
    except Refused as refused:
        if refused.status not in (403, 409, 422):
            raise
        drafts.new_token(draft)
        problems = [replace(problem, warning=False) for problem in refused.problems]
        return _draw(request, draft, programme, bound, problems, refused.status)
    return drafting.to_case(request, uuid.UUID(event.subject_id))
