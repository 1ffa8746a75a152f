"""Finance pages: funds with their balances, ledgers and waiting payments."""
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.access.actor import Actor
from casework.access.duties import find_duty
from casework.access.models import Role
from casework.cases.models import UsedKey
from casework.core import clock, money
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.desk import scope
from casework.funds import allocating, carrying, lasting, ledger
from casework.funds.models import Fund, Payment, Transaction
from casework.funds.whole import whole
from casework.site.policy import actor_of_request, staff

MONEY_ROLES = (Role.FINANCE_OFFICER.value, Role.CASHIER.value, Role.AUDITOR.value)
PAGE = 50
WAITING_MOST = 500
TARGETS_MOST = 200


def funds_of(actor: Actor) -> list[Fund]:
    """Funds of the organisations under the actor's money duties."""
    paths = [duty.path for duty in actor.duties if duty.role in MONEY_ROLES]
    funds = Fund.objects.select_related("organisation", "balance").order_by("-year", "organisation__path", "id")
    return [fund for fund in funds if any(fund.organisation.path.startswith(path) for path in paths)]


def fund_for(actor: Actor, public_id: uuid.UUID) -> Fund:
    """One fund inside the actor's reach. Raises Http404."""
    for fund in funds_of(actor):
        if fund.public_id == public_id:
            return fund
    raise Http404


def holds(actor: Actor, role: str, fund: Fund) -> bool:
    """Does the actor hold this role for the fund's organisation?"""
    return find_duty(actor, role, fund.organisation.path) is not None


@staff(*MONEY_ROLES)
@require_safe
def desk_funds(request: HttpRequest) -> HttpResponse:
    """All funds this officer looks after."""
    funds = funds_of(actor_of_request(request))
    waiting = Payment.objects.filter(fund__in=funds, state="queued").values_list("fund_id", flat=True)[:10_000]
    tally: dict[int, int] = {}
    for fund_id in waiting:
        tally[fund_id] = tally.get(fund_id, 0) + 1
    return render(request, "desk/funds.html", {
        "funds": [(fund, tally.get(fund.pk, 0)) for fund in funds],
        "may_open": any(duty.role == Role.FINANCE_OFFICER for duty in actor_of_request(request).duties),
    })


@staff(*MONEY_ROLES)
@require_safe
def desk_fund(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One fund: balances, the ledger, payments waiting for a batch."""
    actor = actor_of_request(request)
    return show_fund(request, fund_for(actor, public_id), actor)


def show_fund(
    request: HttpRequest, fund: Fund, actor: Actor, typed: Mapping[str, Any] | None = None,
    problems: list[Problem] | None = None, status: int = 200,
) -> HttpResponse:
    """Draw the fund; after a refusal with everything that was typed, in the form of its act, and what stands in the
    way."""
    rows = Transaction.objects.filter(fund=fund).select_related("case", "reverses", "reversed_by")
    rows = rows.prefetch_related("entries").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page, act = list(rows[: PAGE + 1]), (typed or {}).get("act", "")
    waiting = Payment.objects.filter(fund=fund, state="queued").select_related("case__organisation", "account")
    today = local_date(clock.now())
    context = {
        "fund": fund, "balance": ledger.balance(fund), "transactions": page[:PAGE], "before": before,
        "more": page[PAGE - 1].pk if len(page) > PAGE else None, "waiting": list(waiting.order_by("pk")[:WAITING_MOST]),
        "can_make": holds(actor, Role.FINANCE_OFFICER, fund), "token": uuid.uuid4().hex,
        "said": {act: typed} if act else {}, "chosen": (typed or {}).get("payments"),
        "faults": {act: _beside(problems or [])},
        "problems": problems or [], "targets": list(allocating.targets(fund, today)[:TARGETS_MOST]),
        "over": today > fund.valid_until, "last_payday": lasting.last_payday(fund),
        "next_year": carrying.targets(fund, today),
    }
    return render(request, "desk/fund.html", context, status=status)


def _beside(problems: list[Problem]) -> dict[str, Problem]:
    """The problems by the field beside which they are told."""
    return {one.place.rpartition(".")[2]: one for one in reversed(problems) if one.place}


def read_amount(text: str) -> int:
    """Fen. Raises Refused for what is no amount."""
    try:
        return money.fen(text)
    except ValueError as error:
        problem = Problem("MONEY", _("This is not an amount in yuan."), "amount", _("Enter it such as 1,234.50."))
        raise Refused([problem]) from error


def once(request: HttpRequest, actor: Actor, work: Callable[[], Transaction]) -> None:
    """Post under the key of the form: the same form counts once. Raises Refused."""
    who, key = f"user:{actor.user}", scope.typed(request, "key", 80) or uuid.uuid4().hex
    if UsedKey.objects.filter(actor=who, key=key).exists():
        return
    try:
        _post_under(who, key, work)
    except IntegrityError:
        if not UsedKey.objects.filter(actor=who, key=key).exists():
            raise  # the twin of this click was not faster: something else is wrong


@whole
def _post_under(who: str, key: str, work: Callable[[], Transaction]) -> None:
    """The posting and its key together. Raises Refused; IntegrityError when the key was used meanwhile."""
    UsedKey.objects.create(actor=who, key=key, digest="", event=work().event)
