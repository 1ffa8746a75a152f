"""A draft: begun from a version, changed section by section, saved with its revision so that nothing is overwritten."""
import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.programmes import checking, difference, drafts
from casework.programmes.loader import build
from casework.programmes.models import ProgrammeDraft
from casework.programmes.reading import ProgrammeFault
from casework.programmes.spec import Programme
from casework.site.policy import actor_of_request, staff
from casework.studio import changes, keys, measures, questions
from casework.studio.findings import beside
from casework.studio.places import Content
from casework.studio.programme import picture
from casework.studio.questions import Question
from casework.studio.saving import read_section
from casework.studio.scope import READERS, WRITERS, may_write
from casework.studio.sections import NOTHING_PUBLISHED, SECTIONS, roles
from casework.studio.typed import revision_of
from casework.studio.words import said

# Kinds of question whose figure may be a regional number.
MEASURED = ("yuan", "whole")


def base_of(draft: ProgrammeDraft) -> Content:
    """The content of the version the draft began from; of a new programme its own."""
    if draft.base is None:
        return drafts.content_of_draft(draft)
    content: Content = json.loads(draft.base.content["text"])
    return content


def published_of(draft: ProgrammeDraft) -> Content:
    """The content that is published already, whose keys are kept; nothing of a new programme."""
    return base_of(draft) if draft.base is not None else NOTHING_PUBLISHED


@staff(*WRITERS)
@require_POST
def studio_begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft from the newest version; one that is being written already is opened instead."""
    draft = drafts.live(key) or drafts.begin(key, actor_of_request(request), clock.now())
    return redirect("studio_draft", public_id=draft.public_id)


@staff(*READERS)
@require_safe
def studio_draft(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The whole draft: what it changes, what lint says of it, where it stands on its way."""
    return show_draft(request, drafts.get(public_id))


def show_draft(
    request: HttpRequest, draft: ProgrammeDraft, problems: list[Problem] | None = None, status: int = 200
) -> HttpResponse:
    """Draw the draft; after a refusal with what stands in the way."""
    content = drafts.content_of_draft(draft)
    context = {
        "draft": draft, "title": title_of(content), "sections": SECTIONS, "problems": problems or [],
        "changes": difference.grouped(difference.differences(base_of(draft), content)),
        "findings": checking.findings(content),
        "may_write": may_write(request), "drawn": _built(content) is not None,
    }
    return render(request, "studio/draft.html", context, status=status)


def title_of(content: Content) -> str:
    """The title of the service."""
    return said(content["programme"].get("title"))


def _built(content: Content) -> Programme | None:
    """The programme, None while faults keep it from being read."""
    try:
        return build(content)
    except (ProgrammeFault, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


@staff(*READERS)
@require_safe
def studio_draft_route(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The route of the draft as a picture. A draft that cannot be read has none."""
    programme = _built(drafts.content_of_draft(drafts.get(public_id)))
    if programme is None:
        raise Http404
    return picture(request, programme)


@staff(*WRITERS)
@require_http_methods(["GET", "POST"])
def studio_section(request: HttpRequest, public_id: uuid.UUID, section: str) -> HttpResponse:
    """One section as a form. A save keeps what was typed even where it is wrong, and says so beside the place."""
    draft = drafts.get(public_id)
    if section not in SECTIONS:
        raise Http404
    content = drafts.content_of_draft(draft)
    if request.method == "GET":
        return show_section(request, draft, section, content, [])
    typed, problems, moved = read_section(request.POST, section, content, published_of(draft), measures.known())
    act = request.POST.get("act", "")
    try:
        if act:
            picked = request.POST.get(f"pick:{act}", "")
            typed = changes.apply(typed, base_of(draft), keys.follow(act, moved), picked)
        if problems and not act:
            return show_section(request, draft, section, typed, problems, 422)
        draft = drafts.save(draft, typed, revision_of(request), actor_of_request(request), clock.now())
    except changes.UnknownAct as error:
        raise Http404 from error
    except Refused as refusal:
        return show_section(request, draft, section, typed, refusal.problems, refusal.status)
    messages.success(request, _("Saved."))
    return redirect("studio_section", public_id=draft.public_id, section=section)


def asked(request: HttpRequest, question: Question, content: Content, wrong: dict[str, list[Any]]) -> dict[str, Any]:
    """A question with its value, the parts of one that has several, and what is wrong. A key that cannot be taken is
    shown as it was typed."""
    found, value = wrong.get(question.name, []), questions.shown(question, content)
    if found and question.kind == "key":
        value = request.POST.get(question.name, value)
    parts = value.split("@") if question.kind == "who" else value.split(", ")
    return {"q": question, "value": value, "wrong": found, "parts": parts}


def show_section(
    request: HttpRequest, draft: ProgrammeDraft, section: str, content: Content, problems: list[Problem],
    status: int = 200,
) -> HttpResponse:
    """Draw one section, each value in its place and each finding beside it."""
    title, blocks_of = SECTIONS[section]
    found = checking.findings(content)
    wrong: dict[str, list[Any]] = {}
    for problem in problems:
        wrong.setdefault(problem.place, []).append(problem)
    drawn = blocks_of(content, published_of(draft), measures.known())
    blocks = [
        {
            "block": block, "asked": [asked(request, q, content, wrong) for q in block.questions],
            "more": [asked(request, q, content, wrong) for q in block.more],
            "findings": beside(found, block.key), "wrong": wrong.get(block.key, []),
        }
        for block in drawn
    ]
    context = {
        "draft": draft, "title": title_of(content), "section": section, "section_title": title, "blocks": blocks,
        "problems": problems, "sections": SECTIONS, "may_write": may_write(request),
        "measures": {q.kind: q.choices for block in drawn for q in block.questions if q.kind in MEASURED and q.choices},
        "off": [
            (place, said(words)) for place, words in changes.switched_off(content, base_of(draft))
        ] if section == "route" else [], "roles": roles(),
    }
    return render(request, "studio/section.html", context, status=status)
