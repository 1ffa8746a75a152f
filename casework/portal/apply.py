"""The application form, page by page. Every post saves first and judges afterwards, so nothing typed is lost (S3)."""
import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access.capacity import same_as
from casework.core import clock
from casework.core.problems import Problem
from casework.forms import drafts
from casework.forms.bind import AGAIN, Bound, as_raw
from casework.forms.models import Draft
from casework.forms.rows import without_row
from casework.forms.spec import FormSpec, Page
from casework.portal import carrying, drafting, uploads
from casework.portal.judging import judged
from casework.programmes.spec import Programme
from casework.site import kept
from casework.site.policy import signed_in

TOO_LARGE = Problem(
    "DRAFT_TOO_LARGE", gettext_lazy("More was typed than an application can hold."),
    mend=gettext_lazy("Shorten the long texts."),
)


@signed_in
@require_safe
def resume(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """To the page the person was on last; to the receipt when the application was sent already."""
    draft, programme = drafting.own_draft(request, public_id)
    if draft.case is not None:
        return drafting.to_case(request, draft.case.public_id)
    known = programme.form.page(draft.page)
    return redirect("apply", draft.public_id, (known or programme.form.pages[0]).key)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, public_id: uuid.UUID, page: str) -> HttpResponse:
    """One page of the form: shown, or saved and judged."""
    draft, programme = drafting.own_draft(request, public_id)
    if draft.case is not None:
        return drafting.to_case(request, draft.case.public_id)
    if request.method == "POST" and programme.form.page(page) is None:
        return _typed_on_an_older_form(request, draft, page)
    spec = _page(programme, page)
    if request.method == "POST":
        kept.forget(request)
        return _take(request, draft, programme, spec)
    before = kept.put_back(request)
    if before is not None:
        return _typed_before(request, draft, programme, spec, before)
    bound = judged(draft, programme, drafts.load(draft), spec.key)
    return draw(request, draft, programme, spec, bound if "look" in request.GET else replace(bound, problems=[]))


def _typed_before(
    request: HttpRequest, draft: Draft, programme: Programme, spec: Page, before: drafting.Raw
) -> HttpResponse:
    """The page as it was sent when the login had ended; not saved yet. With the revision that was seen then, so that
    what was saved elsewhere since is not overwritten unseen."""
    raw = uploads.own_only(request, spec, drafting.merged(spec, drafts.load(draft), before))
    seen = next(iter(before.get("seen_revision", [])), "")
    draft.revision = _number(seen)
    messages.warning(request, _("What you typed before you were logged out is back. It is not saved yet."))
    return draw(request, draft, programme, spec, replace(judged(draft, programme, raw, spec.key), problems=[]))


def draw(
    request: HttpRequest, draft: Draft, programme: Programme, spec: Page, bound: Bound, status: int = 200
) -> HttpResponse:
    """The page with what was typed and what is wrong with it."""
    pages = programme.form.pages
    number = pages.index(spec)
    return render(request, "portal/apply.html", {
        **drafting.scene(request, draft, programme), "form": programme.form, "page": spec, "bound": bound,
        "number": number + 1, "total": len(pages) + 1, "first": number == 0, "pages": pages,
        "problems": drafting.labelled(programme.form, bound.problems), "page_of": kept.mark(request),
        "again": drafting.papers_again(request, draft, programme, FormSpec((spec,))),
    }, status=status)


def _take(request: HttpRequest, draft: Draft, programme: Programme, spec: Page) -> HttpResponse:
    now = clock.now()
    held = drafts.load(draft)
    gone = carrying.strays(draft, spec, held, as_raw(request.POST))
    raw = drafting.merged(spec, held, request.POST) | gone
    raw, trouble = uploads.take_in(request, spec, raw, now, same_as(draft))
    go = request.POST.get("go", "next")
    raw = _rows_changed(programme.form, spec, raw, go)
    try:
        draft = drafts.save(draft, raw, spec.key, _revision(request), now)
    except drafts.Stale as stale:
        if gone:  # no field of the two texts: kept beside the form whichever of them stays
            draft = drafts.save(draft, stale.raw | gone, spec.key, stale.revision, now)
            stale = drafts.Stale(stale.raw | gone, draft.revision)
        return _two_texts(request, draft, programme, spec, raw, stale)
    except drafts.TooLarge:
        trouble = [*trouble, TOO_LARGE]
    bound = judged(draft, programme, raw, spec.key)
    if trouble:
        return draw(request, draft, programme, spec, replace(bound, problems=trouble), 422)
    if go == "next" and not bound.ok:
        return draw(request, draft, programme, spec, bound, 422)
    return _onward(request, draft, programme, spec, go)


def _onward(request: HttpRequest, draft: Draft, programme: Programme, spec: Page, go: str) -> HttpResponse:
    number = programme.form.pages.index(spec)
    if go == "leave":
        messages.success(request, _("Saved. You can go on with “%(title)s” at any time.") % {"title": programme.title})
        return redirect(drafting.home_of(request))
    if go == "back" and number:
        return redirect("apply", draft.public_id, programme.form.pages[number - 1].key)
    if go == "next":
        following = programme.form.pages[number + 1 :]
        if not following:
            return redirect("apply_check", draft.public_id)
        return redirect("apply", draft.public_id, following[0].key)
    here, anchor = reverse("apply", args=[draft.public_id, spec.key]), go.partition(":")[2].partition(".")[0]
    return redirect(f"{here}#r-{anchor}" if anchor.isidentifier() else here)


def _rows_changed(form: FormSpec, spec: Page, raw: drafting.Raw, go: str) -> drafting.Raw:
    """Carry out "add:members", "remove:members.2" and "unfile:id_card.<id>", the buttons inside a page."""
    wish, _colon, target = go.partition(":")
    key, _dot, number = target.rpartition(".")
    if wish == "add":
        return drafting.with_row(spec, raw, target)
    if wish == "remove" and number.isascii() and number.isdigit() and drafting.has_rows(spec, key):
        return without_row(form, raw, key, int(number))
    if wish == "unfile":
        return {**raw, key: [value for value in raw.get(key, []) if value != number]}
    return raw


def _typed_on_an_older_form(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    """The page is none of the form any more: what was typed is kept beside it, and the person goes on in the new form.
    Raises Http404 for a page that never was."""
    spec = carrying.page_before(draft, page)
    if spec is None:
        raise Http404
    held = drafts.load(draft)
    gone = carrying.beside(spec, held, drafting.merged(spec, {}, request.POST))
    drafts.save(draft, {**held, **gone}, "", draft.revision, clock.now())
    return redirect("apply_resume", draft.public_id)


def _two_texts(
    request: HttpRequest, draft: Draft, programme: Programme, spec: Page, mine: drafting.Raw, stale: drafts.Stale
) -> HttpResponse:
    """The draft was saved elsewhere meanwhile: show both texts and let the person choose; nothing is overwritten."""
    typed = drafting.merged(spec, {}, mine)
    names = [(name, value) for name, values in typed.items() for value in values]
    return render(request, "portal/two_texts.html", {
        **drafting.scene(request, draft, programme), "page": spec, "revision": stale.revision, "fields": names,
        "rows": drafting.differences(request, programme.form, drafting.merged(spec, stale.raw, mine), stale.raw),
    }, status=409)


@signed_in
@require_POST
def autosave(request: HttpRequest, public_id: uuid.UUID, page: str) -> JsonResponse:
    """Save what stands in the page now. 200 {revision}, or 409 when it was saved elsewhere meanwhile."""
    draft, programme = drafting.own_draft(request, public_id)
    spec = _page(programme, page)
    held = drafts.load(draft)
    typed = uploads.own_only(request, spec, drafting.merged(spec, held, request.POST))
    raw = typed | carrying.strays(draft, spec, held, as_raw(request.POST))
    try:
        saved = drafts.save(draft, raw, spec.key, _revision(request), clock.now())
    except drafts.Stale as stale:
        return JsonResponse({"revision": stale.revision}, status=409)
    except drafts.TooLarge:
        return JsonResponse({}, status=413)
    except Draft.DoesNotExist:  # discarded while this was on its way
        raise Http404 from None
    return JsonResponse({"revision": saved.revision})


@signed_in
@require_POST
def live(request: HttpRequest, public_id: uuid.UUID, page: str) -> JsonResponse:
    """Judge one field while the person is still on the page; nothing is saved."""
    draft, programme = drafting.own_draft(request, public_id)
    spec, place = _page(programme, page), request.POST.get("place", "")
    raw = drafting.merged(spec, drafts.load(draft), request.POST)
    problems = judged(draft, programme, raw, spec.key).problems_at(place)
    return JsonResponse({"problems": [_told(problem) for problem in problems if problem.code != AGAIN]})


def _told(problem: Problem) -> dict[str, Any]:
    return {"message": str(problem.message), "mend": str(problem.mend), "warning": problem.warning}


def _page(programme: Programme, key: str) -> Page:
    spec = programme.form.page(key)
    if spec is None:
        raise Http404
    return spec


def _revision(request: HttpRequest) -> int:
    return _number(request.POST.get("seen_revision", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
