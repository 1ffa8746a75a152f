"""Pages of the auditors. They read; the only rows they write are events about looking."""
import uuid
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.audit import checkpoints
from casework.audit.record import Stamp
from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Refused
from casework.oversight import bundle, codes, scope, search, timeline, verify
from casework.site.policy import actor_of_request, signed_in, staff

LOOKS = 200  # that a case's page shows, the newest


@staff(*scope.ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def oversight_search(request: HttpRequest) -> HttpResponse:
    """Search by number, name or last digits; by the full ID number (POST) against a reason."""
    actor = actor_of_request(request)
    if request.method == "POST":
        return _search_by_id(request, actor)
    text = request.GET.get("q", "")[:80]
    before = _number(request.GET.get("before", ""))
    overridden = request.GET.get("overridden") == "1"
    found = search.cases(actor, text, before or None, overridden=overridden)
    more = found[search.PAGE - 1].pk if len(found) > search.PAGE else None
    shown = found[: search.PAGE]
    context = {"q": text, "cases": shown, "more": more, "by_id": False, "overridden": overridden}
    return render(request, "oversight/search.html", context)


def _search_by_id(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was typed stays in the form of the answer, and in no address."""
    typed = {"id_no": request.POST.get("id_no", "")[:30], "reason": request.POST.get("reason", "")}
    context: dict[str, Any] = {**typed, "by_id": True, "cases": []}
    try:
        context["cases"] = search.by_id_number(
            actor, _stamp(request, actor, None), typed["id_no"], typed["reason"], clock.now()
        )
    except Refused as refusal:
        context |= _told(refusal)
        return render(request, "oversight/search.html", context, status=refusal.status)
    return render(request, "oversight/search.html", context)


def _told(refusal: Refused) -> dict[str, Any]:
    """What is wrong, over the form and beside each field."""
    by_place = {problem.place: problem for problem in reversed(refusal.problems)}
    return {"problems": refusal.problems, "faults": by_place}


@signed_in
@require_GET
def oversight_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The history of one case with its papers, money and messages."""
    actor = actor_of_request(request)
    case = scope.case_for(actor, request.user, public_id)
    after = _number(request.GET.get("after", ""))
    lines = timeline.lines(case, after=after)
    context = {
        "case": case, "lines": lines[: timeline.PAGE], "waiting": checkpoints.waiting(), "after": after,
        "more": lines[timeline.PAGE - 1].n if len(lines) > timeline.PAGE else None,
    }
    if not after:
        context |= _beside(case, actor)
    return render(request, "oversight/case.html", context)


def _beside(case: Case, actor: Actor) -> dict[str, Any]:
    """What hangs on the events: files, letters, money, messages, looks. reached: ids of funds whose pages he may open;
    at_desk: whether he may open the case and its papers there."""
    beside = timeline.beside(case)
    asked = {payment.fund_id for payment in beside["payments"]} | {posting.fund_id for posting in beside["postings"]}
    return {
        **beside,
        "reached": set(scope.funds(actor).filter(pk__in=asked).values_list("pk", flat=True)),
        "at_desk": bool(actor.duties),
        "looks": timeline.latest(case, "access", LOOKS),
    }


@signed_in
@require_GET
def oversight_verify(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Verify the chain, proofs, row and files of one case now; a fragment for htmx, a page without."""
    case = scope.case_for(actor_of_request(request), request.user, public_id)
    moment = clock.now()
    found = [(codes.words(finding), finding) for finding in verify.verify_case(case, moment)]
    marks = verify.sealed_marks("case", str(case.public_id))
    context = {
        "case": case, "findings": found, "at": moment, "events": case.event_n,
        "sealed": marks[-1] if marks else None, "waiting": checkpoints.waiting(),
    }
    whole = "" if request.headers.get("HX-Request") else "_page"
    return render(request, f"oversight/verify{whole}.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def oversight_export(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Ask for the reason, then hand out the bundle."""
    actor = actor_of_request(request)
    case = scope.case_for(actor, request.user, public_id)
    if request.method != "POST":
        return render(request, "oversight/export.html", {"case": case})
    reason = request.POST.get("reason", "")
    try:
        file = bundle.export(case, _stamp(request, actor, case), reason, clock.now())
    except Refused as refusal:
        context = {"case": case, "reason": reason, **_told(refusal)}
        return render(request, "oversight/export.html", context, status=refusal.status)
    return FileResponse(file, as_attachment=True, filename=f"{case.number}.zip", content_type="application/zip")


@staff(*scope.LOG_ROLES)
@require_GET
def oversight_access(request: HttpRequest) -> HttpResponse:
    """Who looked at which full value, when and why."""
    actor = actor_of_request(request)
    events, told, more = search.looks(actor, _number(request.GET.get("before", "")) or None)
    lines = timeline.to_lines(events, None)
    rows = [(line, told[event.subject_id]) for line, event in zip(lines, events, strict=True)]
    return render(request, "oversight/access.html", {"rows": rows, "more": more})


def _stamp(request: HttpRequest, actor: Actor, case: Case | None) -> Stamp:
    """Who looks: with the auditing duty that covers the case, or the first one when it is about none yet."""
    own = next((duty for duty in actor.duties if duty.role in scope.ROLES), None)
    duty = scope.duty_for(actor, case) if case else own
    return stamp_of(actor, duty, "online", request.META.get("REMOTE_ADDR", ""))


def _number(text: str) -> int:
    """A number of the address; anything odd is 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
