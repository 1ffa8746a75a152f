"""Money carried over (结转) to the fund of the next year: what is free, and payments that wait (domain §4.5).

Both funds are locked in order; each chain tells its own half and names the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.audit import record
from casework.core.calendar import local_date
from casework.core.money import MOST_FEN
from casework.core.problems import Problem, Refused
from casework.funds import lasting, ledger, payments, runs
from casework.funds.batches import MOST
from casework.funds.models import Account, Fund, Payment, PaymentState, Reservation, Transaction
from casework.funds.whole import whole
from casework.organisations import tree

FREE = (Account.AVAILABLE, Account.SOURCE)


def targets(fund: Fund, today: date) -> list[Fund]:
    """The funds of the next year of the same owner and purpose, not over and not of an organisation that closes."""
    rows = _next_year(fund).filter(valid_until__gte=today, organisation__in=tree.open_to_new())
    return [row for row in rows if set(row.purposes) == set(fund.purposes)]


def _next_year(fund: Fund) -> QuerySet[Fund]:
    rows = Fund.objects.select_related("organisation").filter(organisation=fund.organisation, year=fund.year + 1)
    return rows.order_by("pk")


@whole
def carry_over(
    fund: Fund, target: Fund, fen: int, stamp: Mapping[str, Any], now: datetime, memo: str = ""
) -> Transaction:
    """What the fund may still spend becomes what the one of the next year may. Raises Refused: no amount, more than is
    free, or a fund it cannot be carried to (promise M2)."""
    if not 0 < fen <= MOST_FEN:
        raise Refused([Problem("AMOUNT", _("The amount must be more than zero."), place="amount")])
    words = ledger.plain(memo)
    _lock_both(fund, target, now)
    given = ledger.Posting(fund, "carry_over", ledger.move(*FREE, fen), memo=words, extra=_other("to", target))
    got = ledger.Posting(target, "carry_over", ledger.move(*FREE[::-1], fen), memo=words, extra=_other("from", fund))
    row = _post(fund, [given], stamp, words, now)
    _post(target, [got], stamp, words, now)
    return row


@whole
def carry_waiting(fund: Fund, target: Fund, stamp: Mapping[str, Any], now: datetime) -> Transaction:
    """The payments of the fund that wait for a batch, at most one batch of them, wait in the one of the next year: the
    same money to the same account, under a number of its own; what was set aside too late stays. Raises Refused: none
    waits, or the fund does not fit."""
    _lock_both(fund, target, now)
    rows = Payment.objects.filter(fund=fund, state=PaymentState.QUEUED).order_by("pk")
    waiting = runs.locked(Payment.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:MOST])))
    held = runs.reservations(waiting, "open")
    late = lasting.set_aside_late(fund, waiting, held)
    waiting = [
        one for one in waiting
        if (one.case_id, one.instalment) in held and not lasting.is_late(fund, one, held)
    ]
    if late and not waiting:
        raise Refused(late, 409)
    if not waiting:
        raise Refused([Problem("NOTHING_WAITS", _("No payment of this fund waits."))], 409)
    total = sum(one.fen for one in waiting)
    aside = (Account.AVAILABLE, Account.RESERVED)
    freed = [runs.carry(one, "release", *aside[::-1]) for one in waiting]
    given = ledger.Posting(fund, "carry_over", ledger.move(*FREE, total), extra=_other("to", target))
    got = ledger.Posting(target, "carry_over", ledger.move(*FREE[::-1], total), extra=_other("from", fund))
    kept = [replace(runs.carry(one, "reserve", *aside), fund=target) for one in waiting]
    row = _post(fund, [*freed, given], stamp, "", now)
    _post(target, [got, *kept], stamp, "", now)
    _wait_there(waiting, [held[one.case_id, one.instalment] for one in waiting], target, now)
    return row


def _wait_there(waiting: Sequence[Payment], held: Sequence[Reservation], target: Fund, now: datetime) -> None:
    Payment.objects.filter(pk__in=[one.pk for one in waiting]).update(state=PaymentState.CANCELLED, settled_at=now)
    Reservation.objects.filter(pk__in=[row.pk for row in held]).update(state="released")
    for one in waiting:
        Reservation.objects.create(
            case_id=one.case_id, instalment=one.instalment, fund=target, fen=one.fen, made_at=now
        )
        Payment.objects.create(
            number=payments.number_of(one.case, one.instalment), case_id=one.case_id, instalment=one.instalment,
            fund=target, fen=one.fen, payee_id=one.payee_id, account_id=one.account_id,
            account_digest=one.account_digest, queued_at=one.queued_at,
        )  # fmt: skip


def _lock_both(fund: Fund, target: Fund, now: datetime) -> None:
    """Lock both balances. Raises Refused for a fund that this one cannot be carried over to."""
    if target not in targets(fund, local_date(now)):
        words = _("Money is carried over to a fund of the next year, of the same owner and purpose, that is not over.")
        raise Refused([Problem("FUND_TARGET", words, place="target", mend=_("Open such a fund first."))], 409)
    for one in sorted((fund, target), key=lambda one: one.pk):
        ledger.lock(one)


def _other(side: str, fund: Fund) -> dict[str, str]:
    return {side: str(fund.public_id)}


def _post(
    fund: Fund, postings: Sequence[ledger.Posting], stamp: Mapping[str, Any], words: str, now: datetime
) -> Transaction:
    """Write them under one event; return the last."""
    facts = {"ledger": [posting.facts() for posting in postings], "memo": words}
    event = record.record("fund", str(fund.public_id), "carry_over", stamp, facts, now)
    return ledger.post_all(fund, postings, event, now)[-1]
