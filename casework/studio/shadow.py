"""Last year's cases under the draft: which decisions and amounts change, the money, the days, the load of the desks."""
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.programmes import drafts
from casework.programmes import numbers as number_drafts
from casework.programmes.models import NumberDraft, ProgrammeDraft
from casework.programmes.reasons import text_of
from casework.site.policy import actor_of_request, staff
from casework.studio.draft import title_of
from casework.studio.scope import READERS, may_write
from casework.studio.typed import day_of
from casework.studio.words import fact_words, number_words, value_words, who_words
from casework.workflows import shadow
from casework.workflows.models import ShadowRow, ShadowRun

PAGE = 50
MOST_RUNS = 20


@staff(*READERS)
@require_http_methods(["GET", "POST"])
def studio_shadow(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The runs of a draft, and ordering another; a worker does it."""
    draft = drafts.get(public_id)
    if request.method == "GET":
        return _show(request, draft)
    try:
        if not may_write(request):
            raise Refused([Problem("NOT_POLICY_OFFICER", _("Only a policy officer orders a run."))], 403)
        since = day_of(request, "since") if request.POST.get("since") else None
        until = day_of(request, "until") if request.POST.get("until") else None
        run = shadow.start(draft, actor_of_request(request), clock.now(), since, until, _chosen(request))
    except Refused as refusal:
        return _show(request, draft, refusal.problems, refusal.status)
    messages.success(request, _("The run is under way; this page shows how far it has come."))
    return redirect("studio_shadow_run", public_id=run.public_id)


def _chosen(request: HttpRequest) -> list[NumberDraft]:
    """The proposed numbers that were ticked."""
    wanted = set(request.POST.getlist("number"))
    return [row for row in number_drafts.waiting() if str(row.public_id) in wanted]


def _show(
    request: HttpRequest, draft: ProgrammeDraft, problems: list[Problem] | None = None, status: int = 200
) -> HttpResponse:
    runs = list(ShadowRun.objects.filter(draft=draft).select_related("author").order_by("-id")[:MOST_RUNS])
    keys = set(drafts.content_of_draft(draft)["programme"].get("numbers") or ())
    proposed = [{"row": row, "words": number_words(row.key)} for row in number_drafts.waiting() if row.key in keys]
    context = {
        "draft": draft, "title": title_of(drafts.content_of_draft(draft)), "runs": runs, "proposed": proposed,
        "problems": problems or [], "may_write": may_write(request), "typed": request.POST,
    }
    return render(request, "studio/shadow.html", context, status=status)


@staff(*READERS)
@require_safe
def studio_shadow_run(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a run found: the sums, and the cases that would end otherwise, one page after the other."""
    run = shadow.get(public_id)
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    everything = request.GET.get("all") == "1"
    rows = shadow.rows_of(run, None if everything else True, start, PAGE + 1)
    context = {
        "run": run, "draft": run.draft, "title": title_of(drafts.content_of_draft(run.draft)), "totals": run.totals,
        "rows": [_told(row) for row in rows[:PAGE]], "more": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "everything": everything, "load": _load(run.totals),
    }
    return render(request, "studio/shadow_run.html", context)


def _told(row: ShadowRow) -> dict[str, Any]:
    """One case in words."""
    return {
        "row": row, "before": _outcome(row.before), "after": _outcome(row.after),
        "trouble": row.why.get("trouble", ""),
        "why": [
            f"{fact_words(fact)}{_(': ')}{value_words(pair[0], fact)} → {value_words(pair[1], fact)}"
            for fact, pair in row.why.items() if isinstance(pair, list) and len(pair) == 2
        ],
    }


def _outcome(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {**outcome, "reason": text_of(outcome["code"]) if outcome.get("code") else ""}


def _load(totals: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tasks by role before and after."""
    before, after = totals.get("tasks_before", {}), totals.get("tasks_after", {})
    return [
        {"role": who_words(*role.partition("@")[::2]), "before": before.get(role, 0), "after": after.get(role, 0)}
        for role in sorted({*before, *after})
    ]
