"""One service as it is in force: its route drawn, its form, its tables, what lint says, its versions."""
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework.core import clock
from casework.core.calendar import local_date
from casework.forms.bind import Bound
from casework.programmes import checking, difference, drafts
from casework.programmes.loader import programme_of
from casework.programmes.models import Parameter, ProgrammeVersion
from casework.programmes.reasons import text_of
from casework.programmes.spec import Programme
from casework.site.policy import staff
from casework.studio import words
from casework.studio.conditions import condition_words
from casework.studio.scope import READERS, may_write, numbers_here, version_of
from casework.workflows import seats
from casework.workflows.svg import svg

MOST_VERSIONS = 50


@staff(*READERS)
@require_safe
def studio_programme(request: HttpRequest, key: str) -> HttpResponse:
    """A service, in the version that is asked for or in force."""
    row = version_of(key, request.GET.get("version", ""))
    programme = programme_of(row)
    here = numbers_here(request, programme)
    versions = list(ProgrammeVersion.objects.filter(key=key).order_by("-version")[:MOST_VERSIONS])
    context = {
        "programme": programme, "version": row, "versions": versions, "today": local_date(clock.now()),
        "draft": drafts.live(key), "steps": steps_of(programme, here), "conditions": conditions_of(programme, here),
        "numbers": numbers_of(programme), "findings": checking.findings(content_of(row)),
        "may_write": may_write(request),
    }
    return render(request, "studio/programme.html", context)


def content_of(row: ProgrammeVersion) -> dict[str, Any]:
    """The content of a version."""
    content: dict[str, Any] = json.loads(row.content["text"])
    return content


def steps_of(programme: Programme, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps as rows of a table. numbers: regional numbers whose values are told."""
    return [
        {
            "step": step, "who": seats.words(step) or words.who_words(step.role, step.level),
            "state": words.state_words(step.group), "when": condition_words(step.when, programme, numbers),
        }
        for step in programme.steps()
    ]


def conditions_of(programme: Programme, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table of conditions in words. numbers: regional numbers whose values are told."""
    return [
        {"when": condition_words(row.when, programme, numbers), "code": row.deny, "words": text_of(row.deny)}
        for row in programme.eligibility
    ]


def numbers_of(programme: Programme) -> list[dict[str, Any]]:
    """The regional numbers a service reckons with, with how many regions entered each."""
    found = []
    for key in programme.numbers:
        regions = Parameter.objects.filter(key=key).values("region").distinct().count()
        found.append({"key": key, "words": words.number_words(key), "regions": regions})
    return found


@staff(*READERS)
@require_safe
def studio_route(request: HttpRequest, key: str) -> HttpResponse:
    """The route as a picture."""
    return picture(request, programme_of(version_of(key, request.GET.get("version", ""))))


def picture(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A drawn route, with the numbers of the reader's region: an image that may load nothing and run nothing."""
    drawn = svg(programme, str(get_language())[:2], numbers_here(request, programme))
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@staff(*READERS)
@require_safe
def studio_form(request: HttpRequest, key: str) -> HttpResponse:
    """The form as an applicant sees it, page after page; nothing can be sent."""
    row = version_of(key, request.GET.get("version", ""))
    programme = programme_of(row)
    context = {"programme": programme, "version": row, "bound": Bound.empty(programme.form), "form": programme.form}
    return render(request, "studio/form.html", context)


@staff(*READERS)
@require_safe
def studio_compare(request: HttpRequest, key: str) -> HttpResponse:
    """What changed between two versions, in words."""
    new = version_of(key, request.GET.get("version", ""))
    older = ProgrammeVersion.objects.filter(key=key, version__lt=new.version).order_by("-version").first()
    old = version_of(key, request.GET["with"]) if request.GET.get("with") else older
    found = difference.differences(content_of(old), content_of(new)) if old is not None else []
    changes = difference.grouped(found)
    context = {"programme": programme_of(new), "new": new, "old": old, "changes": changes}
    return render(request, "studio/compare.html", context)
