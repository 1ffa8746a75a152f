"""Uploaded papers of a case: pictures of their pages for whoever handles it, the file itself with the look noted."""
import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.desk import reveal, scope, words
from casework.documents import preview, serve
from casework.documents.models import Document
from casework.programmes.loader import programme_of
from casework.site import refusals
from casework.site.policy import actor_of_request, staff
from casework.workflows import queries
from casework.workflows.models import Task


def file_for(case: Case, file_id: uuid.UUID) -> Document:
    """One file of the case. Raises Http404."""
    document = case.documents.filter(public_id=file_id, withdrawn_at__isnull=True).first()
    if document is None:
        raise Http404
    return document


@staff()
@require_safe
def desk_preview(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A page as a picture, for the officer on whose desk the case lies. ?page=2 is the second, ?small a little one,
    in which nothing can be read. The first large one of a paper at a task is told in the access log (promise A2)."""
    actor = actor_of_request(request)
    case = queries.case_for(actor, public_id)
    document = file_for(case, file_id)
    scope.refuse_relatives(request, case, "preview")
    task = scope.handled(case, actor)
    if task is None:
        raise Http404
    small = "small" in request.GET
    try:
        side = preview.Side.SMALL if small else preview.Side.LARGE
        answer = serve.respond_preview(document, side, request.GET.get("page", "1"))
    except (preview.NoPreview, FileNotFoundError) as error:
        raise Http404 from error
    if not small:
        _note_picture(request, case, document, task)
    return answer


def _note_picture(request: HttpRequest, case: Case, document: Document, task: Task) -> None:
    """Once an officer, paper and task, whatever page is turned to and however often: one look-up a picture."""
    seen = Event.objects.filter(
        subject_kind="access", subject_id=str(case.public_id), action="preview",
        actor__user=actor_of_request(request).user, data__document=str(document.public_id),
        data__task=str(task.public_id),
    )
    if seen.exists():
        return
    facts = _look(document, _handling(case, task)) | {"task": str(task.public_id)}
    with transaction.atomic():
        Task.objects.select_for_update().get(pk=task.pk)  # two pages asked for at once are one look
        if not seen.exists():
            stamp = scope.stamp(request, case, task)
            record.record("access", str(case.public_id), "preview", stamp, facts, clock.now())


def _look(document: Document, reason: str) -> dict[str, str]:
    """What the access log keeps of a look at a paper."""
    return {"document": str(document.public_id), "kind": document.kind, "sha256": document.sha256, "reason": reason}


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def desk_file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponseBase:
    """The file itself. Handling the case is reason enough; everybody else gives one. Every look is an event."""
    actor = actor_of_request(request)
    case = queries.case_for(actor, public_id)
    document = file_for(case, file_id)
    scope.refuse_relatives(request, case, "download")
    task = scope.handled(case, actor)
    try:
        reason = _handling(case, task) if task else _given(request)
    except Refused as refused:
        return _ask(request, case, document, refused)
    return _hand_out(request, case, document, task, reason)


def _handling(case: Case, task: Task) -> str:
    return _("Handling: %(step)s") % {"step": programme_of(case.programme).step(task.step).title}


def _given(request: HttpRequest) -> str:
    if request.method != "POST":
        raise Refused([], 200)
    return reveal.reason_of(request)


def _ask(request: HttpRequest, case: Case, document: Document, refused: Refused) -> HttpResponse:
    title = words.document_words(document.kind, programme_of(case.programme))
    context = {
        "case": case, "document": document, "title": title, "reasons": reveal.REASONS, "problems": refused.problems,
        "faults": {one.place.rpartition(".")[2]: one for one in refused.problems}, "typed": request.POST,
    }
    return render(request, "desk/file_reason.html", context, status=refused.status)


def _hand_out(request: HttpRequest, case: Case, document: Document, task: Task | None, reason: str) -> HttpResponseBase:
    try:
        answer = serve.respond(document, download="download" in request.GET)
    except FileNotFoundError:
        mend = _("Tell the administrator its number: %(id)s.") % {"id": document.public_id}
        return refusals.explain(request, 404, [Problem("FILE_GONE", _("The stored file is missing."), mend=mend)])
    with transaction.atomic():
        stamp = scope.stamp(request, case, task)
        record.record("access", str(case.public_id), "download", stamp, _look(document, reason), clock.now())
    return answer
