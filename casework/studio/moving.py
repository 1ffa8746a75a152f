"""Running cases go on under another version: plans, a trial with its result for each case, two signatures, undo."""
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access.actor import Actor
from casework.core import clock
from casework.core.problems import Problem, Refused, Words
from casework.programmes import difference, officers
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.site.policy import actor_of_request, staff
from casework.studio.moved import told
from casework.studio.pairing import Pair, fields_of, steps_of
from casework.studio.programme import content_of
from casework.studio.scope import READERS, WRITERS, may_write, version_of
from casework.workflows.migrating import plans
from casework.workflows.models import MigrationPlan, MigrationRow

PAGE, MOST_PLANS = 50, 100


@staff(*READERS)
@require_safe
def studio_plans(request: HttpRequest) -> HttpResponse:
    """All plans, the newest first."""
    rows = MigrationPlan.objects.select_related("source", "target", "author").order_by("-id")[:MOST_PLANS]
    shown = [{"plan": plan, "title": programme_of(plan.target).title} for plan in rows]
    return render(request, "studio/plans.html", {"plans": shown, "may_write": may_write(request)})


@staff(*WRITERS)
@require_http_methods(["GET", "POST"])
def studio_plan_new(request: HttpRequest, key: str) -> HttpResponse:
    """A new plan: from which version to which, what becomes of steps and questions that are called otherwise."""
    typed = request.POST if request.method == "POST" else request.GET
    rows = list(ProgrammeVersion.objects.filter(key=key).order_by("-version")[:50])
    if not rows:
        raise Http404
    target = version_of(key, typed.get("to", "")) if typed.get("to") else rows[0]
    source = version_of(key, typed.get("from", "")) if typed.get("from") else rows[min(1, len(rows) - 1)]
    if request.method == "GET":
        return _show_new(request, rows, source, target)
    try:
        plan = plans.make(
            source, target, _named(request, "step", steps_of(source, target)),
            _named(request, "field", fields_of(source, target)), actor_of_request(request), clock.now(),
            request.POST.get("numbers", "").replace(",", " ").split(), request.POST.get("note", ""),
        )
    except Refused as refusal:
        return _show_new(request, rows, source, target, refusal.problems, refusal.status)
    messages.success(request, _("The plan is written. Try it out: nothing moves yet."))
    return redirect("studio_plan", public_id=plan.public_id)


def _named(request: HttpRequest, what: str, pairs: list[Pair]) -> dict[str, str]:
    """Old key → new key of what was given a counterpart on the page; one that keeps its key is not named."""
    chosen = {pair.key: request.POST.get(f"{what}.{pair.key}", "") for pair in pairs}
    return {old: new for old, new in chosen.items() if new and new != old}


def _show_new(
    request: HttpRequest, rows: list[ProgrammeVersion], source: ProgrammeVersion, target: ProgrammeVersion,
    problems: list[Problem] | None = None, status: int = 200,
) -> HttpResponse:
    same = source.pk == target.pk
    changes = [] if same else difference.grouped(difference.differences(content_of(source), content_of(target)))
    context = {
        "title": programme_of(target).title, "key": target.key, "versions": rows, "source": source, "target": target,
        "steps": [] if same else steps_of(source, target), "fields": [] if same else fields_of(source, target),
        "changes": changes, "problems": problems or [], "typed": request.POST,
    }
    return render(request, "studio/plan_new.html", context, status=status)


@staff(*READERS)
@require_safe
def studio_plan(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One plan: where it stands, and what becomes of each case, one page after the other."""
    return show_plan(request, plans.get(public_id))


def show_plan(
    request: HttpRequest, plan: MigrationPlan, problems: list[Problem] | None = None, status: int = 200
) -> HttpResponse:
    """Draw a plan; after a refusal with what stands in the way."""
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    rows = plans.rows_of(plan, state, start, PAGE + 1)
    counted = plans.counts(plan)
    names = dict(MigrationRow._meta.get_field("state").flatchoices)
    actor = actor_of_request(request)
    signed = {person for one in plan.signatures for person in one["persons"]}
    context = {
        "plan": plan, "title": programme_of(plan.target).title, "problems": problems or [],
        "counts": [(key, names[key], counted[key]) for key in names if key in counted],
        "done": sum(counted.values()), "wanted": plans.cases_of(plan).count(),
        "rows": [told(plan, row, str(get_language())) for row in rows[:PAGE]], "state": state,
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else None, "acts": _ACTS_AT.get(plan.state, ()),
        "signed_it": bool(actor.persons & signed), "may_write": may_write(request),
        "steps": _in_words(plan.steps), "fields": _in_words(plan.fields),
    }
    return render(request, "studio/plan.html", context, status=status)


def _in_words(mapping: Mapping[str, str]) -> list[str]:
    return [f"{old} → {new}" for old, new in mapping.items()]


@staff(*WRITERS)
@require_POST
def studio_plan_step(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Try a plan out, sign it, start it, undo it, drop it. A refusal is told on the plan's page; whoever moves no cases
    anywhere learns here of no plan, either."""
    officers.of_the_city(actor_of_request(request))
    plan = plans.get(public_id)
    act = request.POST.get("act", "")
    if act not in _ACTS:
        raise Http404
    words, work = _ACTS[act]
    try:
        work(plan, actor_of_request(request), clock.now())
    except Refused as refusal:
        return show_plan(request, plans.get(public_id), refusal.problems, refusal.status)
    messages.success(request, str(words))
    return redirect("studio_plan", public_id=plan.public_id)


_ACTS: Mapping[str, tuple[Words, Callable[[MigrationPlan, Actor, Any], MigrationPlan]]] = MappingProxyType({
    "try": (gettext_lazy("The trial is under way; this page shows how far it has come."), plans.try_out),
    "sign": (gettext_lazy("Signed."), plans.sign),
    "start": (gettext_lazy("The cases are being moved; this page shows how far it has come."), plans.start),
    "undo": (gettext_lazy("The cases are brought back; this page shows how far it has come."), plans.undo),
    "drop": (gettext_lazy("The plan was dropped."), plans.drop),
})
# What can be done with a plan where it stands: (act, words, is it the next thing to do?).
_ACTS_AT: Mapping[str, tuple[tuple[str, Words, bool], ...]] = MappingProxyType({
    "draft": (("try", gettext_lazy("Try it out"), True), ("drop", gettext_lazy("Drop the plan"), False)),
    "tried": (
        ("sign", gettext_lazy("Sign the result"), True), ("try", gettext_lazy("Try it out again"), False),
        ("drop", gettext_lazy("Drop the plan"), False),
    ),
    "signed": (
        ("start", gettext_lazy("Move the cases"), True), ("try", gettext_lazy("Try it out again"), False),
        ("drop", gettext_lazy("Drop the plan"), False),
    ),
    "done": (("undo", gettext_lazy("Bring the cases back"), False),),
})
