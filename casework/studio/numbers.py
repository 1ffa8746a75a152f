"""Regional numbers: what is in force where and since when, and proposing another one as a table."""
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.organisations import regions
from casework.programmes import numbers as number_drafts
from casework.programmes import officers
from casework.programmes.models import NumberDraft, Parameter
from casework.site.policy import actor_of_request, staff
from casework.studio import tables
from casework.studio.scope import READERS, WRITERS, may_write
from casework.studio.typed import day_of
from casework.studio.words import number_words

MOST_ROWS = 200


@staff(*READERS)
@require_safe
def studio_numbers(request: HttpRequest) -> HttpResponse:
    """All numbers by their key, and the proposals that wait for a second person."""
    keys: dict[str, dict[str, Any]] = {}
    for row in Parameter.objects.order_by("key", "region", "-effective_from")[:2000]:
        first = {"key": row.key, "words": number_words(row.key), "regions": set(), "newest": row.effective_from}
        entry = keys.setdefault(row.key, first)
        entry["regions"].add(row.region)
        entry["newest"] = max(entry["newest"], row.effective_from)
    context = {"keys": list(keys.values()), "waiting": number_drafts.waiting(), "may_write": may_write(request)}
    return render(request, "studio/numbers.html", context)


@staff(*READERS)
@require_http_methods(["GET", "POST"])
def studio_number(request: HttpRequest, key: str) -> HttpResponse:
    """One number: its rows by region and day, and the form for another."""
    rows = list(Parameter.objects.filter(key=key).order_by("region", "-effective_from")[:MOST_ROWS])
    if not rows:
        raise Http404
    region = request.POST.get("region", request.GET.get("region", rows[0].region))
    model = next((row for row in rows if row.region == region), rows[0])
    if request.method == "GET":
        return show_number(request, key, rows, model, {})
    if not may_write(request):
        raise Refused([Problem("NOT_POLICY_OFFICER", _("Only a policy officer changes numbers."))], 403)
    value, problems = tables.read(key, model.value, request.POST.dict())
    try:
        if problems:
            raise Refused(problems)
        draft = number_drafts.propose(
            key, region, value, day_of(request), request.POST.get("source", ""), actor_of_request(request), clock.now()
        )
    except Refused as refusal:
        return show_number(request, key, rows, model, request.POST.dict(), refusal.problems, refusal.status)
    messages.success(request, _("Proposed. A second person puts it in force."))
    return redirect("studio_number_draft", public_id=draft.public_id)


def show_number(
    request: HttpRequest, key: str, rows: list[Parameter], model: Parameter, typed: Mapping[str, str],
    problems: list[Problem] | None = None, status: int = 200,
) -> HttpResponse:
    """Draw a number with its rows; after a refusal with everything that was typed."""
    context = {
        "key": key, "words": number_words(key),
        "rows": [{"row": row, "parts": list(tables.parts_of(key, row.value))} for row in rows],
        "model": model, "parts": list(tables.parts_of(key, model.value)), "typed": typed,
        "problems": problems or [], "names": regions.names(), "may_write": may_write(request),
        "regions": sorted({row.region for row in rows} | set(regions.names())),
        "waiting": [row for row in number_drafts.waiting() if row.key == key],
    }
    return render(request, "studio/number.html", context, status=status)


@staff(*WRITERS)
@require_safe
def studio_number_draft(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A proposed number beside the one it follows."""
    return show_number_draft(request, number_drafts.get(public_id))


def show_number_draft(
    request: HttpRequest, draft: NumberDraft, problems: list[Problem] | None = None, status: int = 200
) -> HttpResponse:
    """Draw a proposal; after a refusal with what stands in the way."""
    rows = Parameter.objects.filter(key=draft.key, region=draft.region, effective_from__lte=draft.effective_from)
    before = rows.order_by("-effective_from").first()
    context = {
        "draft": draft, "words": number_words(draft.key), "before": before, "problems": problems or [],
        "mine": officers.covering(actor_of_request(request), draft.region) is not None,
        "names": regions.names(),
        "new": list(tables.parts_of(draft.key, draft.value)),
        "old": list(tables.parts_of(draft.key, before.value)) if before else [],
    }
    return render(request, "studio/number_draft.html", context, status=status)
