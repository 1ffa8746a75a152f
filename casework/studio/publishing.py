"""The way of a draft to publication: check, approval by a second person, its day. The same for numbers."""
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from casework.access.actor import Actor
from casework.core import clock
from casework.core.problems import Refused, Words
from casework.programmes import drafts
from casework.programmes import numbers as number_drafts
from casework.programmes.models import ProgrammeDraft
from casework.site.policy import actor_of_request, staff
from casework.studio.draft import show_draft
from casework.studio.numbers import show_number_draft
from casework.studio.scope import WRITERS
from casework.studio.typed import day_of, revision_of

NOTE_MOST = 400


@staff(*WRITERS)
@require_POST
def studio_draft_step(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One step of a draft on its way. A refusal is told on the draft's page."""
    draft = drafts.get(public_id)
    act = request.POST.get("act", "")
    if act not in _ACTS:
        raise Http404
    words, work = _ACTS[act]
    try:
        work(draft, request, actor_of_request(request))
    except Refused as refusal:
        return show_draft(request, drafts.get(public_id), refusal.problems, refusal.status)
    messages.success(request, str(words))
    if act == "publish":
        return redirect("studio_programme", key=draft.key)
    return redirect("studio_draft", public_id=draft.public_id)


def _check(draft: ProgrammeDraft, request: HttpRequest, actor: Actor) -> None:
    drafts.check(draft, revision_of(request), actor, clock.now())


def _approve(draft: ProgrammeDraft, request: HttpRequest, actor: Actor) -> None:
    drafts.approve(draft, revision_of(request), actor, clock.now())


def _publish(draft: ProgrammeDraft, request: HttpRequest, actor: Actor) -> None:
    drafts.publish_draft(draft, day_of(request), actor, clock.now())


def _drop(draft: ProgrammeDraft, request: HttpRequest, actor: Actor) -> None:
    drafts.drop(draft, actor, clock.now(), request.POST.get("note", "")[:NOTE_MOST])


_ACTS: Mapping[str, tuple[Words, Callable[[ProgrammeDraft, HttpRequest, Actor], None]]] = MappingProxyType({
    "check": (gettext_lazy("Checked: no fault was found."), _check),
    "approve": (gettext_lazy("Approved. It can be published now."), _approve),
    "publish": (gettext_lazy("Published."), _publish),
    "drop": (gettext_lazy("The draft was dropped."), _drop),
})


@staff(*WRITERS)
@require_POST
def studio_number_step(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Approve or drop a proposed number of one's own region; of another's one learns here no more than that it is not
    there to be decided."""
    actor, act = actor_of_request(request), request.POST.get("act", "")
    proposal = number_drafts.of_mine(actor, public_id)
    try:
        if act == "approve":
            number_drafts.approve(proposal, actor, clock.now())
            messages.success(request, _("The number is in force from its day on."))
        elif act == "drop":
            number_drafts.drop(proposal, actor, clock.now(), request.POST.get("note", "")[:NOTE_MOST])
            messages.success(request, _("The proposal was dropped."))
        else:
            raise Http404
    except Refused as refusal:
        return show_number_draft(request, number_drafts.get(public_id), refusal.problems, refusal.status)
    return redirect("studio_number", key=proposal.key)
