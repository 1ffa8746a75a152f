"""Letters and rosters that the office made, opened inside scope."""
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.access.actor import Actor
from casework.core.problems import Problem
from casework.desk.batches import batch_for
from casework.desk.funds import MONEY_ROLES
from casework.documents import serve
from casework.documents.models import Document
from casework.papers.models import Paper
from casework.site import refusals
from casework.site.policy import actor_of_request, staff
from casework.workflows import queries


@staff()
@require_safe
def desk_paper(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """One letter of a case or batch that the officer may see."""
    paper = paper_for(actor_of_request(request), public_id)
    if paper.document is None:
        told = _("Paper %(number)s is still being made. Try again in a minute.") % {"number": paper.number}
        messages.info(request, told)
        return _back(paper)
    return hand_out(request, paper.document)


def paper_for(actor: Actor, public_id: uuid.UUID) -> Paper:
    """One paper inside the scope of its case or batch. Raises Http404 alike for absent and foreign ones."""
    paper = Paper.objects.select_related("case", "batch", "document").filter(public_id=public_id).first()
    if paper is None:
        raise Http404
    if paper.case is not None:
        queries.case_for(actor, paper.case.public_id)
    elif paper.batch is not None:
        batch_for(actor, paper.batch.public_id)
    else:
        raise Http404
    return paper


def _back(paper: Paper) -> HttpResponse:
    if paper.case is not None:
        return redirect("desk_case", public_id=paper.case.public_id)
    assert paper.batch is not None  # paper_for lets no other pass
    return redirect("desk_batch", public_id=paper.batch.public_id)


def hand_out(request: HttpRequest, document: Document) -> HttpResponseBase:
    """The PDF, open in the browser unless a download is asked for."""
    try:
        return serve.respond(document, download="download" in request.GET)
    except FileNotFoundError:
        return refusals.explain(request, 404, [Problem("FILE_GONE", _("The stored file is missing."))])


@staff(*MONEY_ROLES)
@require_safe
def desk_roster(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The payment roster of a batch."""
    batch = batch_for(actor_of_request(request), public_id)
    paper = batch.papers.select_related("document").filter(kind="payment_roster", document__isnull=False).last()
    document = batch.roster or (paper.document if paper else None)
    if document is None:
        messages.info(request, _("The roster is still being made. Try again in a minute."))
        return redirect("desk_batch", public_id=batch.public_id)
    return hand_out(request, document)
