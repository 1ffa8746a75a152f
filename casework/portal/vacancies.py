"""The public list of vacancies: page by page, by kind of work, and each with all its conditions."""
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.text import Text
from casework.programmes.loader import load_catalogue, programme_of
from casework.site.policy import public
from casework.workflows import vacancies

PAGE = 25
HELP, REGISTER = "job_assistance", "employer_vacancy"


def occupations() -> dict[str, Text]:
    """The kinds of work one may choose from."""
    field = load_catalogue()[REGISTER].form.field("occupation")
    return dict(field.choices) if field else {}


def shown(vacancy: vacancies.Vacancy) -> dict[str, Any]:
    """A vacancy for a page, the kind of work in the words of the version it was registered under."""
    entry, case = vacancy.entry, vacancy.entry.source_case
    field = programme_of(case.programme).form.field("occupation") if case else None
    return {
        "entry": entry, "told": vacancy.told, "left": vacancy.left, "office": entry.organisation,
        "occupation": field.choices.get(str(vacancy.told["occupation"]), "") if field else "",
    }


@public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Vacancies that are open today, the newest first."""
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    kinds = occupations()
    kind = kind if kind in kinds else ""
    mark = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else None
    rows = vacancies.open_on(local_date(clock.now())).select_related("organisation", "source_case__programme")
    if kind:
        rows = rows.filter(data__occupation=kind)
    if mark:
        rows = rows.filter(pk__lt=mark)
    page = list(rows.order_by("-id")[: PAGE + 1])
    chosen = {"kind": kind} if kind else {}
    first = reverse("vacancies") + (f"?{urlencode(chosen)}" if chosen else "")
    further = f"{reverse('vacancies')}?{urlencode({**chosen, 'before': page[PAGE - 1].pk})}" if len(page) > PAGE else ""
    return render(request, "portal/vacancies.html", {
        "rows": [shown(vacancy) for vacancy in vacancies.tell(page[:PAGE])], "kinds": kinds.items(), "kind": kind,
        "next": further, "prev": first if mark else "",
    })


@public
@require_safe
def vacancy(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One vacancy; 404 once it has left the list."""
    rows = vacancies.open_on(local_date(clock.now())).select_related("organisation", "source_case__programme")
    entry = rows.filter(public_id=public_id).first()
    if entry is None:
        raise Http404
    return render(request, "portal/vacancy.html", {**shown(vacancies.tell([entry])[0]), "help": HELP})
