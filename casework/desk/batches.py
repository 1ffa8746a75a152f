"""Payment batches: made by one person, checked by another, sent once, reconciled with the bank's answer."""
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.access.actor import Actor
from casework.access.models import Role
from casework.audit.models import Event
from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.desk.funds import MONEY_ROLES, fund_for, funds_of, holds, show_fund
from casework.documents import serve
from casework.funds import reconcile
from casework.funds.models import Batch
from casework.people import persons
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff
from casework.workflows import payruns

PAGE = 50
RESULT_MOST = 5 * 1024 * 1024
SHOWN = ("fund__organisation", "maker", "checker", "file")


def batch_for(actor: Actor, public_id: uuid.UUID) -> Batch:
    """One batch of a fund inside the actor's reach. Raises Http404."""
    batch = Batch.objects.select_related(*SHOWN).filter(public_id=public_id).first()
    if batch is None or batch.fund_id not in {fund.pk for fund in funds_of(actor)}:
        raise Http404
    return batch


@staff(*MONEY_ROLES)
@require_safe
def desk_batches(request: HttpRequest) -> HttpResponse:
    """Batches of the officer's funds, newest first."""
    funds = funds_of(actor_of_request(request))
    rows = Batch.objects.filter(fund__in=funds).select_related("fund", "maker", "checker").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    more = page[PAGE - 1].pk if len(page) > PAGE else None
    return render(request, "desk/batches.html", {"batches": page[:PAGE], "more": more, "before": before})


@staff(*MONEY_ROLES)
@require_safe
def desk_batch(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One batch: its rows, who made and checked it, the bank's answer, the three sums."""
    actor = actor_of_request(request)
    return show_batch(request, batch_for(actor, public_id), actor)


def show_batch(
    request: HttpRequest, batch: Batch, actor: Actor, typed: Mapping[str, Any] | None = None,
    problems: list[Problem] | None = None, status: int = 200,
) -> HttpResponse:
    """Draw the batch; after a refusal with everything that was typed and what stands in the way."""
    rejected = Event.objects.filter(subject_kind="batch", subject_id=str(batch.public_id), action="reject").first()
    payments = list(batch.payments.select_related("case", "account__person__key").order_by("pk"))
    context = {
        "batch": batch, "payments": payments,
        "doubtful": {payment.pk for payment in payments if persons.doubtful_card(payment.account)},
        "sums": reconcile.reconcile(batch), "results": list(batch.results.select_related("taken_by").order_by("pk")),
        "papers": list(batch.papers.order_by("pk")), "can_cash": holds(actor, Role.CASHIER, batch.fund),
        "mine": batch.maker_person in actor.persons, "typed": typed or {}, "problems": problems or [],
        "faults": {problem.place: problem for problem in reversed(problems or [])},
        "reason": rejected.data.get("reason", "") if rejected else "",
    }
    return render(request, "desk/batch.html", context, status=status)


def _attempt(
    request: HttpRequest, batch: Batch, actor: Actor, work: Callable[[], object], done: str, field: str = ""
) -> HttpResponse:
    """Do it, or show the batch as it stands now and why not. field: beside which the lines of a file are told."""
    try:
        work()
    except Refused as refusal:
        fresh = batch_for(actor, batch.public_id)
        told = refusal.problems
        problems = [replace(one, place=field) if one.code.startswith("RESULT") else one for one in told]
        return show_batch(request, fresh, actor, request.POST.dict(), problems, refusal.status)
    messages.success(request, done)
    return redirect("desk_batch", public_id=batch.public_id)


@staff(Role.FINANCE_OFFICER)
@require_POST
def desk_batch_make(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make a batch of the chosen payments of a fund."""
    actor = actor_of_request(request)
    fund = fund_for(actor, public_id)
    chosen = [int(v) for v in request.POST.getlist("payment") if v.isascii() and v.isdigit() and len(v) < 18]
    try:
        batch = payruns.make(fund, chosen, actor, clock.now())
    except Refused as refusal:
        return show_fund(request, fund, actor, {"payments": chosen}, refusal.problems, refusal.status)
    messages.success(request, _("Batch %(number)s was made; a second person checks it.") % {"number": batch.number})
    return redirect("desk_batch", public_id=batch.public_id)


@staff(Role.CASHIER)
@require_POST
def desk_batch_check(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Check a batch as the second person, or send it back."""
    actor = actor_of_request(request)
    batch = batch_for(actor, public_id)
    approve = request.POST.get("decision") == "approve"
    reason = request.POST.get("reason", "")[:300]
    done = _("The batch is checked.") if approve else _("The batch went back; its payments wait again.")
    return _attempt(request, batch, actor, lambda: payruns.check(batch, actor, clock.now(), approve, reason), done)


@staff(Role.CASHIER)
@require_POST
def desk_batch_export(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Download the bank file: made once, the same bytes each time, each download recorded."""
    actor = actor_of_request(request)
    batch = batch_for(actor, public_id)
    try:
        document = payruns.export(batch, actor, clock.now(), address_of(request))
    except Refused as refusal:
        return show_batch(request, batch_for(actor, public_id), actor, {}, refusal.problems, refusal.status)
    return serve.respond(document, download=True)


@staff(Role.CASHIER)
@require_POST
def desk_batch_result(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take the bank's result file in."""
    actor = actor_of_request(request)
    batch = batch_for(actor, public_id)
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > RESULT_MOST:
        problem = Problem("NO_FILE", _("Choose the result file of the bank (at most 5 MB)."), place="file")
        return show_batch(request, batch, actor, {}, [problem], 422)
    data, done = upload.read(), _("The bank's answer was taken in.")
    return _attempt(request, batch, actor, lambda: payruns.take_result(batch, data, actor, clock.now()), done, "file")
