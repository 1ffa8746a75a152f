"""My applications: the list, one case with all the person may know of it, and the receipt."""
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases import queries as case_queries
from casework.cases.models import ENDED, Case
from casework.core import clock
from casework.core.problems import Problem
from casework.documents.models import Document
from casework.funds import returned
from casework.funds.models import Payment, PaymentState
from casework.notifications.models import Message
from casework.portal import letters, looks, replies, story
from casework.portal.appeals import refusal_of, way_of
from casework.portal.start import open_drafts
from casework.programmes.loader import programme_of
from casework.site.policy import actor_of_request, applicant
from casework.workflows import moves, queries, re_examining
from casework.workflows.guards import is_applicant
from casework.workflows.models import Task
from casework.workflows.moves import Move

PAGE = 20
MOST_MESSAGES = 30
HANDED_IN = ("submit", "supplement")
PAYMENT_TONES: dict[str, str] = {
    PaymentState.PAID: "green", PaymentState.RETURNED: "amber", PaymentState.CANCELLED: "grey",
}


def own_case(request: HttpRequest, public_id: uuid.UUID) -> Case:
    """A case on the applicant's side of which this person stands. Raises Http404."""
    actor = actor_of_request(request)
    case = queries.case_for(actor, public_id)
    if not is_applicant(case, actor):
        raise Http404
    return case


def own_moves(request: HttpRequest, case: Case) -> list[Move]:
    """What the person can do about the case now."""
    found = moves.available(case, actor_of_request(request), clock.now())
    return [move for move in found if move.side == "applicant"]


@applicant
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """All cases of the person, newest first, page by page."""
    actor, before = actor_of_request(request), request.GET.get("before", "")
    mark = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else None
    rows = case_queries.my_cases(actor, before=mark, size=PAGE)
    further = f"{reverse('my_cases')}?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return render(request, "portal/cases.html", {
        "rows": [{"case": case, "programme": programme_of(case.programme)} for case in rows[:PAGE]],
        "drafts": [] if mark else open_drafts(actor), "next": further,
        "prev": reverse("my_cases") if mark else "", "ended": ENDED,
    })


@applicant
@require_safe
def my_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where the case stands, who holds it, what the person can do."""
    return draw(request, own_case(request, public_id))


def draw(request: HttpRequest, case: Case, problems: list[Problem] | None = None, status: int = 200) -> HttpResponse:
    """The page of one case."""
    programme = programme_of(case.programme)
    tasks = list(case.tasks.select_related("organisation").order_by("id"))
    hold, own = queries.open_hold(case), own_moves(request, case)
    asked = any(move.action == "supplement" for move in own)
    himself = case.applicant_id == actor_of_request(request).himself
    return render(request, "portal/case.html", {
        "case": case, "programme": programme, "problems": problems or [],
        "todo": [move for move in own if move.style != "danger"],
        "withdrawals": [move for move in own if move.style == "danger"],
        "steps": story.step_line(case, programme, tasks), "holders": story.holders(case, programme, tasks),
        "pause": story.resting(hold, tasks), "hold": hold,
        "next_words": story.next_words(case, programme, tasks),
        "ended": case.state in ENDED, "replies": replies.of_case(case),
        "refusal": refusal_of(case), "way": way_of(case),
        "refused": re_examining.refused_case(case) if programme.re_examines else None,
        "told": told(request, case),
        "payments": payments_of(case), "category": letters.category_words(case),
        "papers": letters.of_case(case), "uploads": uploads_of(case),
        "notice": case.notices.filter(state="running").first(), "first_task": first_open(tasks),
        "missing": letters.missing_items(case, programme) if asked else [],
        "lines": letters.lines_of(case), "award_words": letters.award_words(case), "answers": case_answers.shown(case),
        "looks": looks.of_case(request, case) if himself else None,
    }, status=status)


def told(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """What the person was told about the case, newest first, as a timeline."""
    rows = Message.objects.filter(case=case, recipient_id=request.user.pk, channel="inapp").order_by("-id")
    found = []
    for message in rows[:MOST_MESSAGES]:
        title, body = letters.words_of(message)
        found.append({"at": message.created_at, "title": title, "text": body})
    return found


def uploads_of(case: Case) -> list[Document]:
    """The papers handed in with the application and with supplements; files of the offices are not among them."""
    events = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), action__in=HANDED_IN)
    ids = [row["id"] for data in events.values_list("data", flat=True) for row in data.get("documents", [])]
    return list(Document.objects.filter(case=case, public_id__in=ids, withdrawn_at__isnull=True).order_by("id")[:100])


def payments_of(case: Case) -> list[tuple[Payment, str, str]]:
    """The transfers, newest first, with their colour and why the bank sent one back; without those that wait under
    another number in the fund of the next year."""
    if not story.pays_applicant(programme_of(case.programme)):
        return []
    rows = list(case.payments.select_related("account").order_by("-id")[:20])
    last = {row.instalment: row.pk for row in reversed(rows)}
    shown = [row for row in rows if row.state != PaymentState.CANCELLED or row.pk == last[row.instalment]]
    return [(row, PAYMENT_TONES.get(row.state, "blue"), returned.for_worker(row)) for row in shown]


@applicant
@require_safe
def receipt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Proof that the application arrived: number, query code, what happens next; made to be printed."""
    case = own_case(request, public_id)
    programme = programme_of(case.programme)
    first = queries.history(case)[0]
    tasks = list(case.tasks.select_related("organisation").order_by("id"))
    return render(request, "portal/receipt.html", {
        "case": case, "programme": programme, "event": first, "steps": story.step_line(case, programme, tasks),
        "holders": story.holders(case, programme, tasks), "first_task": first_open(tasks),
        "received_by": tasks[0].organisation if tasks else case.organisation,
    })


def first_open(tasks: list[Task]) -> Task | None:
    """The work that is done first."""
    return next((task for task in tasks if task.state == "open"), None)
