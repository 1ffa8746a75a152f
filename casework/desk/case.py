"""The case page: everything needed to decide on one screen, and the decision panel."""
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.access.actor import Actor
from casework.cases import answers as case_answers
from casework.cases import claims
from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.crypto import Undecipherable
from casework.core.problems import Problem
from casework.desk import attempts, campaigns, reveal, scope, second_look, words
from casework.desk.attempts import Attempt
from casework.desk.queue import colour
from casework.desk.search import in_scope
from casework.documents import formats, validity
from casework.documents.models import Document
from casework.forms import review
from casework.forms.bind import Bound
from casework.organisations.models import Level
from casework.people import persons
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.registers import dossiers, keeping
from casework.site.policy import actor_of_request, staff
from casework.workflows import becoming, corrections, doubts, first_contact, guards, likeness, moves, queries, told
from casework.workflows.models import Objection, Task
from casework.workflows.steps import dates, missing

ROWS_MOST = 200
# Of the facts of a decision: its words stand above them, the route and the money in places of their own.
TOLD_ELSEWHERE = ("opinion", "next", "returned_from", "payment", "paid_fen", "last4", "overdue", "sheet_sha256")
MARKS = {"open": "current", "done": "done"}


@staff()
@require_safe
def desk_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One case inside the officer's scope."""
    actor = actor_of_request(request)
    case = queries.case_for(actor, public_id)
    before = attempts.put_back(request, case, actor)
    return show(request, case, actor, before or Attempt(action=request.GET.get("move", "")))


def show(request: HttpRequest, case: Case, actor: Actor, attempt: Attempt) -> HttpResponse:
    """Draw the page; after a refusal with everything that was typed and what stands in the way."""
    programme, tasks = programme_of(case.programme), queries.open_tasks(case)
    barred = guards.recusal(case, actor)
    context = {
        "case": case, "programme": programme, "form": programme.form, "answers": case_answers.shown(case),
        "hold": queries.open_hold(case), "steps": steps_of(case, programme), "barred": barred,
        "handled": not barred and scope.handled(case, actor, tasks), "reveals": reveal.targets(case),
        "reasons": reveal.REASONS, "masked": masked(case), "next": queries.next_task(actor, case.pk),
        "corrections": corrections_of(case, programme), "page_of": attempts.mark(request, case),
        "first_contact": first_contact.owner(case), "came_from": becoming.source_of(case),
        **panel(case, actor, programme, tasks, attempt), **found(case, programme, actor), **written(case, programme),
        "kept_until": keeping.kept_until(case, programme.retention, renewed=programme.renews is not None),
        "doubtful": case.account is not None and persons.doubtful_card(case.account),
        **money_of(case), **campaigns.lines_of(case, request.GET.get("lines", "")),
        **campaigns.campaign_of(case, actor), **campaigns.sheets_of(case), **second_look.of_case(case, actor),
    }
    return render(request, "desk/case.html", context, status=attempt.status)


def panel(case: Case, actor: Actor, programme: Programme, tasks: list[Task], attempt: Attempt) -> dict[str, Any]:
    """The decision panel: the open tasks with their clocks, and each move with its questions."""
    moment = clock.now()
    offered = [panel_of(move, attempt) for move in moves.available(case, actor, moment) if move.task is not None]
    choices = [entry for entry in offered if not entry["small"]]
    if choices and not any(entry["open"] for entry in choices):
        next((entry for entry in choices if not entry["move"].problems), choices[0])["open"] = True
    news = [row for problem in attempt.problems for row in problem.params.get("news", [])]
    gone = bool(attempt.problems) and not any(
        entry["move"].action == attempt.action and not entry["move"].problems for entry in offered
    )
    return {
        "tasks": [task_of(task, programme, actor) | {"clock": colour(task, moment)} for task in tasks],
        "choices": choices, "taking": [entry for entry in offered if entry["small"]], "problems": labelled(attempt),
        "news": words.news_of(case, news), "attempt": attempt, "key": uuid.uuid4().hex,
        "lost": attempt.typed if gone else [],
    }


def labelled(attempt: Attempt) -> list[tuple[str, Problem]]:
    """What stands in the way, each with the question it belongs to."""
    form = attempt.bound.form if attempt.bound else None
    found = []
    for problem in attempt.problems:
        question = form.field(problem.place) if form and problem.place else None
        found.append((str(question.title) if question else "", problem))
    return found


def task_of(task: Task, programme: Programme, actor: Actor) -> dict[str, Any]:
    """One open task: what it is, whose it is, where it stands."""
    return {
        "task": task, "step": programme.step(task.step), "phase": words.phase_words(task),
        "can": guards.duty_for(task, actor), "mine": task.assignee_id is not None and task.assignee_id == actor.user,
    }


def panel_of(move: moves.Move, attempt: Attempt) -> dict[str, Any]:
    """One choice of the decision panel, with its questions; the one that was refused keeps what was typed."""
    again = move.action == attempt.action
    form = move.form
    if form is not None and move.action.endswith(".one_time_notice"):  # what was just found to have run out
        gone = [p.params["paper"] for p in attempt.problems if p.code == validity.EXPIRED and "paper" in p.params]
        form = missing.with_expired(form, gone) if gone else form
    bound = attempt.bound if again and attempt.bound is not None else Bound.empty(form) if form else None
    anchor = move.action.replace(".", "-")
    return {
        "move": move, "form": form, "bound": bound, "open": again, "anchor": anchor,
        "small": move.action.endswith((".take", ".release")),
    }


def steps_of(case: Case, programme: Programme) -> list[dict[str, Any]]:
    """The route as a line: done, current, still to come."""
    newest: dict[str, Task] = {task.step: task for task in case.tasks.order_by("id")}
    line = []
    for step in programme.steps():
        task = newest.get(step.key)
        state = MARKS.get(task.state, "stopped") if task else "future"
        line.append({"title": step.title, "state": state, "at": task.done_at if task and state == "done" else None})
    return line


def found(case: Case, programme: Programme, actor: Actor) -> dict[str, Any]:
    """What the rules worked out, and what else the household already has or asks for."""
    facts: Mapping[str, Any] = case.facts
    alike = hits(case, actor, programme)
    return {
        "lines": facts.get("lines", []), "award_lines": facts.get("award_lines", []), "facts": facts,
        "doubts": doubts_of(case, programme), "hits": alike,
        "other_kinds": case.category == "relative" and any(hit["case"].key != case.key for hit in alike),
        "dossier_hit": dossier_hit(case, programme),
    }


def doubts_of(case: Case, programme: Programme) -> list[dict[str, str]]:
    """What speaks against the application, each with the words of the desk that said so last."""
    spoken = list(doubts.lines(case, programme))
    steps = {step for step, _words in spoken if step}
    rows = case.decisions.filter(step__in=steps, decision="not_supported").order_by("id") if steps else ()
    opinions = {row.step: row.opinion for row in rows}
    return [{"words": said, "opinion": opinions.get(step, "")} for step, said in spoken]


def hits(case: Case, actor: Actor, programme: Programme) -> list[dict[str, Any]]:
    """Cases for the same aid that share a person, and those of any service that claim the same bill. Of those outside
    the officer's scope only existence, kind, year and level are told (domain §4.6)."""
    rows = likeness.cases(case, guards.concerned(case), programme)
    rows += [row for row in claims.rivals(case) if row not in rows] if programme.once else []
    own = set(in_scope(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) if rows else set()
    levels = {row.pk: Level.COUNTY if row.county_id else Level.CITY for row in rows}
    return [
        {"case": row, "own": row.pk in own, "level": levels[row.pk].label, "title": programme_of(row.programme).title}
        for row in rows
    ]


def dossier_hit(case: Case, programme: Programme) -> bool:
    """Does somebody of the household stand in another dossier that is in force?"""
    if not programme.classify:
        return False
    entry = dossiers.any_in_force(guards.concerned(case))
    return entry is not None and entry.pk != case.entry_id and entry.source_case_id != case.pk


def corrections_of(case: Case, programme: Programme) -> list[dict[str, Any]]:
    """What the applicant changed in the application since it was handed in, newest first: each answer before and
    after, masked."""
    found = []
    for before, after, places, at in corrections.revisions(case):
        pairs = [(place, *(review.at(programme.form, side, place) for side in (before, after))) for place in places]
        rows = [
            {"label": review.label(programme.form, place), "before": old, "after": new}
            for place, old, new in pairs[:ROWS_MOST]
        ]
        found.append({"at": at, "rows": rows})
    return found


def written(case: Case, programme: Programme) -> dict[str, Any]:
    """What was handed in, decided, posted, issued and done, in rows; each capped."""
    decided = []
    for row in queries.decisions(case)[:ROWS_MOST]:
        step, decision = words.decision_words(row.step, row.decision, programme)
        said = told.facts(row.event.data, programme, TOLD_ELSEWHERE)
        decided.append({"row": row, "step": step, "decision": decision, "said": said})
    objections = Prefetch("objections", Objection.objects.order_by("id"))
    return {
        "documents": [file_of(document, programme, case) for document in papers_handed_in(case)], "decisions": decided,
        "notices": list(case.notices.prefetch_related(objections).order_by("-id")[:ROWS_MOST]),
        "papers": list(case.papers.order_by("id")[:ROWS_MOST]),
        "history": [words.line_of(event, programme) for event in queries.history(case)[-ROWS_MOST:]],
    }


def papers_handed_in(case: Case) -> list[Document]:
    """The uploaded files that count."""
    return list(case.documents.filter(made=False, withdrawn_at__isnull=True).order_by("id")[:ROWS_MOST])


def file_of(document: Document, programme: Programme, case: Case) -> dict[str, Any]:
    """One uploaded paper for the page; of one that does not count for ever, until when it does."""
    need = programme.paper(document.kind)
    last = validity.last_of(document, need.lasts) if need else None
    return {
        "document": document, "title": words.document_words(document.kind, programme),
        "picture": document.content_type in formats.SHOWN, "last": last,
        "undated": last is None and need is not None and need.lasts is not None,
        "expired": last is not None and last < dates.day_of(case, [document], local_date(clock.now())),
    }


def money_of(case: Case) -> dict[str, Any]:
    """Money set aside and on its way."""
    return {
        "payments": list(case.payments.select_related("account", "batch").order_by("id")[:ROWS_MOST]),
        "reservations": list(case.reservations.select_related("fund").order_by("id")[:ROWS_MOST]),
    }


def masked(case: Case) -> dict[str, str]:
    """The applicant's numbers as pages show them; empty once they were erased."""
    try:
        return {"id_no": persons.masked_id(case.applicant), "phone": persons.masked_phone(case.applicant)}
    except Undecipherable:
        return {"id_no": "", "phone": ""}
