"""What a finance officer does with the money of a fund: enter what came, send it down, carry it over,
take a wrong entry back."""
import uuid
from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.access.duties import find_duty, stamp_of
from casework.access.models import Role
from casework.audit.record import Stamp
from casework.core import clock, money
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.desk import scope
from casework.desk.funds import fund_for, once, read_amount, show_fund
from casework.funds import allocating, carrying, ledger
from casework.funds.models import Fund, Transaction
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff

Work = Callable[[Fund, Stamp], tuple[Callable[[], Transaction], str]]


def _do(request: HttpRequest, public_id: uuid.UUID, act: str, work: Work, prefix: str = "") -> HttpResponse:
    """Post once under the key of the form, or show the fund with what was typed in the form of this act.

    work: reads the form and returns what posts and what is told afterwards. prefix: of the places in its form."""
    actor = actor_of_request(request)
    fund = fund_for(actor, public_id)
    duty = find_duty(actor, Role.FINANCE_OFFICER, fund.organisation.path)
    if duty is None:
        raise Http404
    try:
        posting, done = work(fund, stamp_of(actor, duty, "online", address_of(request)))
        once(request, actor, posting)
    except Refused as refusal:
        problems = [_placed(one, act, prefix) for one in refusal.problems]
        return show_fund(request, fund, actor, request.POST.dict() | {"act": act}, problems, refusal.status)
    messages.success(request, done)
    return redirect("desk_fund", public_id=fund.public_id)


def _placed(problem: Problem, act: str, prefix: str) -> Problem:
    """The problem at its field in the form of the act; that the fund holds less than was typed, at the amount."""
    place = "amount" if problem.code == "FUND_SHORT" and act in ("down", "over") else problem.place
    return replace(problem, place=prefix + place) if place else problem


@staff(Role.FINANCE_OFFICER)
@require_POST
def desk_fund_receive(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter money received; a second click enters nothing."""

    def work(fund: Fund, stamp: Stamp) -> tuple[Callable[[], Transaction], str]:
        fen, memo = read_amount(request.POST.get("amount", "")), request.POST.get("memo", "")[:200]
        told = _("%(amount)s yuan received.") % {"amount": money.show(fen)}
        return lambda: ledger.receive(fund, fen, stamp, clock.now(), memo), told

    return _do(request, public_id, "receive", work)


@staff(Role.FINANCE_OFFICER)
@require_POST
def desk_fund_allocate(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send money of a fund down to one of an organisation below; a second click sends nothing."""

    def work(fund: Fund, stamp: Stamp) -> tuple[Callable[[], Transaction], str]:
        fen = read_amount(request.POST.get("amount", ""))
        wanted = scope.uuid_in(request.POST.get("target", ""))
        target = allocating.below(fund).filter(public_id=wanted).first()
        if target is None:
            raise Refused([Problem("FUND_TARGET", _("Choose the fund that gets the money."), place="target")])
        memo, told = request.POST.get("memo", "")[:200], _("%(amount)s yuan sent down.") % {"amount": money.show(fen)}
        return lambda: allocating.allocate(fund, target, fen, stamp, clock.now(), memo), told

    return _do(request, public_id, "down", work, "down.")


@staff(Role.FINANCE_OFFICER)
@require_POST
def desk_fund_carry_over(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Carry over to the fund of the next year what is free, or the payments that wait; a second click carries
    nothing."""

    def work(fund: Fund, stamp: Stamp) -> tuple[Callable[[], Transaction], str]:
        wanted = scope.uuid_in(request.POST.get("target", ""))
        target = next((one for one in carrying.targets(fund, local_date(clock.now())) if one.public_id == wanted), None)
        if target is None:
            raise Refused([Problem("FUND_TARGET", _("Choose the fund that gets the money."), place="target")])
        if request.POST.get("what") == "waiting":
            told = _("The waiting payments were carried over.")
            return lambda: carrying.carry_waiting(fund, target, stamp, clock.now()), told
        fen, memo = read_amount(request.POST.get("amount", "")), request.POST.get("memo", "")[:200]
        told = _("%(amount)s yuan carried over.") % {"amount": money.show(fen)}
        return lambda: carrying.carry_over(fund, target, fen, stamp, clock.now(), memo), told

    return _do(request, public_id, "over", work, "over.")


@staff(Role.FINANCE_OFFICER)
@require_POST
def desk_fund_take_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take money entered by mistake back with an entry of its own (冲正); a second click takes nothing."""
    given = request.POST.get("posting", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0

    def work(fund: Fund, stamp: Stamp) -> tuple[Callable[[], Transaction], str]:
        posting = Transaction.objects.filter(fund=fund, pk=number).select_related("fund").first()
        if posting is None:
            raise Refused([Problem("FUND_ENTRY", _("This fund has no such entry."), mend=_("Reload the page."))])
        reason, told = request.POST.get("reason", "")[:200], _("The entry was taken back by a new one.")
        return lambda: ledger.take_back(posting, stamp, clock.now(), reason), told

    return _do(request, public_id, "back", work, f"back-{number}.")
