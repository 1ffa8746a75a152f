"""Files for the person they belong to: what was uploaded, and the letters about a case."""
import uuid

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from casework.access.capacity import still_held
from casework.documents import preview, serve
from casework.documents.models import Document
from casework.papers.models import Paper
from casework.portal.letters import FOR_APPLICANTS
from casework.site.policy import actor_of_request, applicant, signed_in
from casework.workflows.guards import is_applicant


@signed_in
@require_safe
def my_file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """One's own upload; ?small gives the little picture. 404 alike for "absent" and "not yours" (promise R2), and for
    what was uploaded under a duty that has ended (promise R6)."""
    rows = Document.objects.filter(still_held(actor_of_request(request)), owner_id=request.user.pk)
    document = rows.filter(public_id=public_id, withdrawn_at__isnull=True).first()
    if document is None:
        raise Http404
    try:
        if "small" in request.GET:
            return serve.respond_preview(document, preview.Side.SMALL)
        return serve.respond(document, download="download" in request.GET)
    except (FileNotFoundError, preview.NoPreview) as error:
        raise Http404 from error


@applicant
@require_safe
def my_letter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A letter about one's own case."""
    rows = Paper.objects.select_related("case", "document").filter(kind__in=FOR_APPLICANTS)
    paper = rows.filter(public_id=public_id).first()
    if paper is None or paper.case is None or paper.document is None:
        raise Http404
    if not is_applicant(paper.case, actor_of_request(request)):
        raise Http404
    try:
        return serve.respond(paper.document, download="download" in request.GET)
    except FileNotFoundError as error:
        raise Http404 from error
