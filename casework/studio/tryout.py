"""Sample answers tried on a draft: what the rules work out, which condition fires, which way the case would take."""
import uuid
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.forms.bind import AGAIN, Bound, bind
from casework.forms.spec import Field, FormSpec
from casework.organisations import regions
from casework.programmes import drafts, parameters
from casework.programmes.checks import CHECKS, Held
from casework.programmes.loader import build
from casework.programmes.reading import ProgrammeFault
from casework.programmes.reasons import CATEGORIES, text_of
from casework.programmes.spec import Programme
from casework.site.policy import staff
from casework.studio import words
from casework.studio.conditions import condition_words
from casework.studio.scope import READERS
from casework.studio.sections import SECTIONS
from casework.workflows import seats
from casework.workflows.trying import Said, Trial, try_out

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
        problems = [p for p in bound.problems if not p.warning and p.code != AGAIN and _tried(programme.form, p.place)]
        bound.problems = problems
        if not problems:
            trial, problems = _tried_out(programme, bound.answers, region, category, request.POST)
    context = {
        "draft": draft, "title": str(programme.title), "programme": programme, "bound": bound, "problems": problems,
        "regions": regions.names(), "region": region, "category": category, "categories": CATEGORIES,
        "typed": request.POST, "looked_up": _looked_up(programme),
        "rests_on_category": not programme.classify and bool(programme.needs), "sections": SECTIONS,
        **(_told(programme, trial) if trial else {}),
    }
    return render(request, "studio/try.html", context, status=422 if problems else 200)


def _looked_up(programme: Programme) -> set[str]:
    """What the check of the programme looks up in the registers."""
    names = CHECKS[programme.check].names if programme.check else ()
    by_fact = {"insured": "cover", "in_household": "at_home", "entitled": "stands", "of_dossiers": "stands"}
    return {what for fact, what in by_fact.items() if fact in names}


def _tried(form: FormSpec, place: str) -> bool:
    field = form.field(place)
    return not (isinstance(field, Field) and field.kind in NOT_TRIED)


def _tried_out(
    programme: Programme, answers: dict[str, Any], region: str, category: str, typed: QueryDict
) -> tuple[Trial | None, list[Problem]]:
    """The trial with the numbers of the region in force today, or the number that is missing."""
    today = local_date(clock.now())
    try:
        numbers = parameters.snapshot(programme.numbers, region, today)
    except parameters.MissingParameter as missing:
        return None, list(missing.problems)
    try:
        plans = [str(value["plan"]) for value in numbers.values() if isinstance(value, dict) and "plan" in value]
        said = _said(typed, next(iter(plans), "hospital"))
    except ValueError:
        problem = Problem("DATE", _("This is not a date."), "cover_from", _("Enter it such as 2027-01-01."))
        return None, [problem]
    return try_out(programme, answers, numbers, today, category if category in CATEGORIES else "", said), []


TRUTH = {"yes": True, "no": False}


def _said(typed: QueryDict, plan: str) -> Said:
    """What was said of the registers; an empty choice says nothing. Raises ValueError for what is no day."""
    covers: tuple[Held, ...] | None = () if typed.get("cover") == "no" else None
    if typed.get("cover") == "yes":
        until = typed.get("cover_to", "")
        last = date.fromisoformat(until) if until else None
        covers = (Held(date.fromisoformat(typed.get("cover_from", "")), last, {"plan": plan}),)
    return Said(covers, TRUTH.get(typed.get("at_home", "")), TRUTH.get(typed.get("stands", "")))


def _told(programme: Programme, trial: Trial) -> dict[str, Any]:
    """The trial in words."""
    return {
        "trial": trial, "lines": trial.lines, "faults": trial.faults, "says": trial.facts.get("award_says"),
        "award": trial.facts.get("award_fen"), "reason": text_of(trial.code) if trial.code else "",
        "unjudged": any(holds is None for _row, holds in trial.conditions),
        "found_category": CATEGORIES.get(str(trial.facts.get("category") or "")),
        "conditions": [
            {"when": condition_words(row.when, programme, trial.numbers), "holds": holds, "words": text_of(row.deny)}
            for row, holds in trial.conditions
        ],
        "way": [
            {"step": passed.step, "asked": passed.asked, "judged": passed.judged,
             "who": (passed.asked and seats.words(passed.step)) or words.who_words(passed.role, passed.level),
             "when": condition_words(passed.step.when, programme, trial.numbers)}
            for passed in trial.way
        ],
    }
