"""Finding cases in scope: by number or name; by full ID number only against a reason (promise A2)."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.audit import record
from casework.cases.models import Case, CaseParty, State
from casework.cases.queries import within
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.identifiers import resident_id
from casework.core.masks import find_private
from casework.core.problems import Problem, Refused
from casework.desk import scope
from casework.desk.reveal import PRIVATE
from casework.people import persons
from casework.programmes.loader import load_catalogue, programme_of
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff
from casework.workflows.guards import GRANTED_ROLES, READING_ROLES, TASK_ROLES, by_task

PAGE = 25
REASON_LEAST = 5
SHOWN = ("programme", "applicant", "organisation")


@staff(*sorted(READING_ROLES | TASK_ROLES | GRANTED_ROLES))
@require_http_methods(["GET", "HEAD", "POST"])
def desk_cases(request: HttpRequest) -> HttpResponse:
    """The cases of the officer's scope, newest first; searched by number or name, or by ID number with a reason."""
    if request.method == "POST":
        return _by_id(request)
    actor, given = actor_of_request(request), request.GET
    text, state, key = _plain(given.get("q", "")), given.get("state", ""), given.get("key", "")
    rows = in_scope(actor)
    if state in State.values:
        rows = rows.filter(state=state)
    if key in load_catalogue():
        rows = rows.filter(key=key)
    if text:
        rows = rows.filter(fits(text))
    before = given.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.order_by("-pk")[: PAGE + 1])
    kept = {name: value for name, value in (("q", text), ("state", state), ("key", key)) if value}
    return _draw(request, page[:PAGE], {
        "q": text, "first": f"?{urlencode(kept)}" if before else "", "filtered": bool(kept), "state": state, "key": key,
        "next": f"?{urlencode({**kept, 'before': page[PAGE - 1].pk})}" if len(page) > PAGE else "",
    })


def _draw(request: HttpRequest, cases: list[Case], more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "cases": [{"case": case, "programme": programme_of(case.programme).title} for case in cases],
        "states": [choice for choice in State.choices if choice[0] != State.DRAFT],
        "services": [(programme.key, programme.title) for programme in load_catalogue().values()], **more,
    }
    return render(request, "desk/cases.html", context, status=status)


def in_scope(actor: Actor) -> QuerySet[Case]:
    """Cases of the officer's duties and those opened to him one by one; his own matters are not among them."""
    seen = within(actor, READING_ROLES) | by_task(actor) | Q(pk__in=actor.granted)
    return Case.objects.filter(seen).select_related(*SHOWN)


def fits(text: str) -> Q:
    """Number, name, name in Latin letters, or the last four digits of number or card."""
    found = Q(number__istartswith=text) | Q(applicant__name__startswith=text)
    if text.isascii():
        found |= Q(applicant__name_pinyin__startswith=text.lower())
    if len(text) == 4 and text.isascii() and text.isdigit():
        found |= Q(number__endswith=text) | Q(account__last4=text)
    return found


def _plain(text: str) -> str:
    """What was typed, without the signs a database refuses."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:80]


def _by_id(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of_request(request), clock.now()
    reason = scope.typed(request, "reason", 300)
    typed = {"reason": reason, "by_id": True}
    try:
        stamp = stamp_of(actor, actor.duties[0] if actor.duties else None, "online", address_of(request))
        cases = by_id_number(actor, stamp, request.POST.get("id_no", ""), reason, now)
    except Refused as refused:
        return _draw(request, [], {**typed, "problems": refused.problems}, refused.status)
    return _draw(request, cases, {**typed, "searched": True})


def by_id_number(actor: Actor, stamp: Mapping[str, Any], number: str, reason: str, now: datetime) -> list[Case]:
    """Cases in scope of the person with this ID number. The search is an event with its reason, whatever it finds.
    Raises Refused without a reason or for what is no ID number."""
    number, problems = resident_id(number, local_date(now))
    hard = [problem for problem in problems if not problem.warning]
    if len(reason) < REASON_LEAST:
        hard.append(Problem("REASON", _("Write the reason in at least 5 characters."), place="reason"))
    if find_private(reason):
        hard.append(Problem("PRIVATE_DATA", PRIVATE, place="reason", mend=_("Take the number out.")))
    if hard:
        raise Refused([Problem(p.code, p.message, p.place or "id_no", p.mend) for p in hard])
    person = persons.find(number)
    rows: list[Case] = []
    if person is not None:
        shared = CaseParty.objects.filter(person=person).values("case")
        rows = list(in_scope(actor).filter(Q(applicant=person) | Q(pk__in=shared)).order_by("-pk")[:100])
    with transaction.atomic():
        facts = {"field": "id_no", "reason": reason, "found": len(rows)}
        record.record("access", str(person.public_id) if person else "search", "search_by_id", stamp, facts, now)
    return rows
