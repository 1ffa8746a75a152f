"""Payments: each row is what events and postings made of it."""
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.funds.models import Account, Payment, PaymentState, Reservation, Transaction
from casework.oversight.crooked import facts, text

CHUNK = 500
PAYMENTS = "funds_payment"
WAITING = (PaymentState.QUEUED, PaymentState.BATCHED)
# The posting that moved a payment last → where it may stand; "" = none yet.
STANDINGS: dict[str, tuple[str, ...]] = {
    "": (*WAITING, PaymentState.CANCELLED),
    "release": (PaymentState.CANCELLED,),  # carried over to another fund, where another payment waits for it
    "send": (PaymentState.EXPORTED, PaymentState.UNKNOWN),
    "pay": (PaymentState.PAID,),
    "return": (PaymentState.RETURNED,),
}
LOOSE = (PaymentState.QUEUED, PaymentState.CANCELLED)  # in no batch
SETTLED = (PaymentState.PAID, PaymentState.RETURNED)


def check_payments() -> Iterator[Finding]:
    """Every payment."""
    last = 0
    while chunk := list(Payment.objects.select_related("case").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from check_some(chunk)


def check_some(payments: Sequence[Payment]) -> Iterator[Finding]:
    """These payments: amount, account and state as events and postings tell. payments: with their cases."""
    cases = {payment.case_id for payment in payments}
    fens, digests, last, aside = _reserved(cases), _digests(payments), _last_postings(payments), _open(cases)
    moments = _moments(payments)
    for payment in payments:
        row = f"payment {payment.number}"
        if payment.fen not in fens[payment.case_id]:
            yield Finding("payment_differs", PAYMENTS, row, "no such amount was set aside for the case")
        if payment.account_digest not in digests[str(payment.case.public_id)]:
            yield Finding("payee_differs", PAYMENTS, row, "no event of the case names this account")
        kind, at = last.get(payment.number, ("", None))
        if payment.state not in STANDINGS[kind]:
            yield Finding("payment_differs", PAYMENTS, row, f"state {payment.state}: the ledger tells otherwise")
        if (payment.batch_id is None) != (payment.state in LOOSE):
            yield Finding("payment_differs", PAYMENTS, row, f"state {payment.state}: in a batch, or in none")
        money = (payment.instalment, payment.fund_id, payment.fen)
        if payment.state in WAITING and money not in aside[payment.case_id]:
            yield Finding("payment_differs", PAYMENTS, row, "waits, and its money is not set aside")
        for detail in _odd(payment, at, moments[str(payment.case.public_id)]):
            yield Finding("payment_differs", PAYMENTS, row, detail)


def _odd(payment: Payment, moved: datetime | None, moments: set[datetime]) -> Iterator[str]:
    """What of the other columns cannot be. moved: when a posting moved it last; moments: of the events of its case."""
    if not payment.number.startswith(f"{payment.case.number}-{payment.instalment:02d}"):
        yield "number: not that of its case and instalment"
    if payment.queued_at not in moments:
        yield "queued_at: at no event of its case"
    if payment.state in SETTLED:
        settled = payment.settled_at is not None and payment.settled_at == moved
    elif payment.state == PaymentState.CANCELLED:
        settled = payment.settled_at is not None and payment.settled_at in {*moments, moved}
    else:
        settled = payment.settled_at is None
    if not settled:
        yield "settled_at: not when events and postings settled it"
    if payment.state not in SETTLED and (payment.bank_reference or payment.return_code or payment.return_words):
        yield "an answer of the bank that none gave"


def _reserved(cases: Iterable[int]) -> Mapping[int, set[int]]:
    """By case the amounts that its postings set aside."""
    found: dict[int, set[int]] = defaultdict(set)
    postings = Transaction.objects.filter(case__in=cases, kind="reserve", entries__account=Account.RESERVED)
    for case, fen in postings.values_list("case_id", "entries__fen"):
        found[case].add(fen)
    return found


def _open(cases: Iterable[int]) -> Mapping[int, set[tuple[int, int, int]]]:
    """By case what is still set aside: instalment, fund and fen."""
    found: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
    for row in Reservation.objects.filter(case__in=cases, state="open"):
        found[row.case_id].add((row.instalment, row.fund_id, row.fen))
    return found


def _digests(payments: Iterable[Payment]) -> Mapping[str, set[str]]:
    """By case the accounts that its events name."""
    found: dict[str, set[str]] = defaultdict(set)
    subjects = {str(payment.case.public_id) for payment in payments}
    events = Event.objects.filter(subject_kind="case", subject_id__in=subjects, data__has_key="account")
    for subject, data in events.values_list("subject_id", "data"):
        found[subject].add(text(facts(data).get("account")))
    return found


def _moments(payments: Iterable[Payment]) -> Mapping[str, set[datetime]]:
    """By case the moments of its events, as far as these payments name them."""
    found: dict[str, set[datetime]] = defaultdict(set)
    subjects = {str(payment.case.public_id) for payment in payments}
    named = {moment for payment in payments for moment in (payment.queued_at, payment.settled_at) if moment}
    events = Event.objects.filter(subject_kind="case", subject_id__in=subjects, at__in=named)
    for subject, at in events.values_list("subject_id", "at"):
        found[subject].add(at)
    return found


def _last_postings(payments: Iterable[Payment]) -> dict[str, tuple[str, datetime]]:
    """By number the kind and moment of the posting that moved a payment last."""
    numbers = [payment.number for payment in payments]
    cases = {payment.case_id for payment in payments}
    postings = Transaction.objects.filter(case__in=cases, memo__in=numbers, kind__in=STANDINGS.keys())
    return {memo: (kind, at) for memo, kind, at in postings.order_by("pk").values_list("memo", "kind", "at")}
