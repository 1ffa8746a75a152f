"""Sample answers tried on a draft: what the rules work out, which condition fires, which way the case would take."""
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.forms.bind import Bound, bind
from casework.forms.spec import Field, FormSpec
from casework.programmes import drafts, parameters
from casework.programmes.loader import build
from casework.programmes.parts import ProgrammeFault
from casework.programmes.reasons import CATEGORIES, text_of
from casework.programmes.spec import Programme
from casework.site.policy import staff
from casework.studio import words
from casework.studio.conditions import condition_words
from casework.studio.numbers import names_of_regions
from casework.studio.scope import READERS
from casework.studio.sections import SECTIONS
from casework.workflows.trying import Trial, try_out

# A trial has no papers and no consents; that they are missing says nothing of the rules.
NOT_TRIED = ("file", "consent")


@staff(*READERS)
@require_http_methods(["GET", "POST"])
def studio_try(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The form of the draft, and below it what its rules make of what was typed. Nothing is kept."""
    draft = drafts.get(public_id)
    try:
        programme = build(drafts.content_of_draft(draft))
    except ProgrammeFault as fault:
        what = {"where": fault.where, "what": fault.message}
        problem = Problem("NOT_BUILT", _("The draft cannot be read yet: %(where)s: %(what)s") % what)
        return render(request, "studio/try.html", {"draft": draft, "title": draft.key, "problems": [problem]})
    bound, trial, problems = Bound.empty(programme.form), None, []
    region, category = request.POST.get("region", ""), request.POST.get("category", "")
    if request.method == "POST":
        bound = bind(programme.form, request.POST, local_date(clock.now()))
        problems = [p for p in bound.problems if not p.warning and _tried(programme.form, p.place)]
        bound.problems = problems
        if not problems:
            trial, problems = _tried_out(programme, bound.answers, region, category)
    context = {
        "draft": draft, "title": str(programme.title), "programme": programme, "bound": bound, "problems": problems,
        "regions": names_of_regions(), "region": region, "category": category, "categories": CATEGORIES,
        "rests_on_category": not programme.classify and bool(programme.needs), "sections": SECTIONS,
        **(_told(programme, trial) if trial else {}),
    }
    return render(request, "studio/try.html", context, status=422 if problems else 200)


def _tried(form: FormSpec, place: str) -> bool:
    field = form.field(place)
    return not (isinstance(field, Field) and field.kind in NOT_TRIED)


def _tried_out(
    programme: Programme, answers: dict[str, Any], region: str, category: str
) -> tuple[Trial | None, list[Problem]]:
    """The trial with the numbers of the region in force today, or the number that is missing."""
    today = local_date(clock.now())
    try:
        numbers = parameters.snapshot(programme.numbers, region, today)
    except parameters.MissingParameter as missing:
        return None, list(missing.problems)
    return try_out(programme, answers, numbers, today, category if category in CATEGORIES else ""), []


def _told(programme: Programme, trial: Trial) -> dict[str, Any]:
    """The trial in words."""
    return {
        "trial": trial, "lines": trial.lines, "faults": trial.faults, "says": trial.facts.get("award_says"),
        "award": trial.facts.get("award_fen"), "reason": text_of(trial.code) if trial.code else "",
        "found_category": CATEGORIES.get(str(trial.facts.get("category") or "")),
        "conditions": [
            {"when": condition_words(row.when, programme), "holds": holds, "words": text_of(row.deny)}
            for row, holds in trial.conditions
        ],
        "way": [
            {"step": passed.step, "asked": passed.asked, "who": words.who_words(passed.role, passed.level),
             "when": condition_words(passed.step.when, programme)}
            for passed in trial.way
        ],
    }
