"""Payments, what is set aside for them, and payment runs: each row is what events and postings made of it."""
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.funds.models import Account, Batch, Payment, PaymentState, Reservation, Transaction
from casework.oversight.crooked import facts, maps, text

CHUNK = 500
PAYMENTS, RESERVATIONS, BATCHES = "funds_payment", "funds_reservation", "funds_batch"
WAITING = (PaymentState.QUEUED, PaymentState.BATCHED)
# The posting that moved a payment last → where it may stand; "" = none yet.
STANDINGS: dict[str, tuple[str, ...]] = {
    "": (*WAITING, PaymentState.CANCELLED),
    "send": (PaymentState.EXPORTED, PaymentState.UNKNOWN),
    "pay": (PaymentState.PAID,),
    "return": (PaymentState.RETURNED,),
}
LOOSE = (PaymentState.QUEUED, PaymentState.CANCELLED)  # in no batch
# The event of a batch → the state it leaves; others leave it as it is.
STATES = {"make": "made", "check": "checked", "reject": "rejected", "export": "exported", "reconcile": "reconciled"}
CONTENT = ("make", "check", "export")


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
    for payment in payments:
        row = f"payment {payment.number}"
        if payment.fen not in fens[payment.case_id]:
            yield Finding("payment_differs", PAYMENTS, row, "no such amount was set aside for the case")
        if payment.account_digest not in digests[str(payment.case.public_id)]:
            yield Finding("payee_differs", PAYMENTS, row, "no event of the case names this account")
        if payment.state not in STANDINGS[last.get(payment.number, "")]:
            yield Finding("payment_differs", PAYMENTS, row, f"state {payment.state}: the ledger tells otherwise")
        if (payment.batch_id is None) != (payment.state in LOOSE):
            yield Finding("payment_differs", PAYMENTS, row, f"state {payment.state}: in a batch, or in none")
        money = (payment.instalment, payment.fund_id, payment.fen)
        if payment.state in WAITING and money not in aside[payment.case_id]:
            yield Finding("payment_differs", PAYMENTS, row, "waits, and its money is not set aside")


def check_reservations() -> Iterator[Finding]:
    """Money set aside is what a posting of its case set aside."""
    last = 0
    while chunk := list(Reservation.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        fens = _reserved({row.case_id for row in chunk})
        for row in chunk:
            if row.fen not in fens[row.case_id]:
                detail = "no posting of the case set this amount aside"
                yield Finding("reserved_differs", RESERVATIONS, f"reservation {row.pk}", detail)


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


def _last_postings(payments: Iterable[Payment]) -> dict[str, str]:
    """By number the kind of the posting that moved a payment last."""
    numbers = [payment.number for payment in payments]
    cases = {payment.case_id for payment in payments}
    postings = Transaction.objects.filter(case__in=cases, memo__in=numbers, kind__in=STANDINGS.keys())
    return dict(postings.order_by("pk").values_list("memo", "kind"))


def check_runs() -> Iterator[Finding]:
    """Every payment run: its people, its state, its sums and its lines."""
    last = 0
    while batches := list(Batch.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = batches[-1].pk
        subjects = [str(batch.public_id) for batch in batches]
        events = Event.objects.filter(subject_kind="batch", subject_id__in=subjects, action__in=STATES)
        stories = {key: list(some) for key, some in groupby(events.order_by("subject_id", "n"), _subject)}
        for batch in batches:
            yield from _check_run(batch, stories.get(str(batch.public_id), []))


def _subject(event: Event) -> str:
    return event.subject_id


def _check_run(batch: Batch, story: Sequence[Event]) -> Iterator[Finding]:
    row = f"batch {batch.number}"
    told = {event.action: event for event in story}
    if not story or STATES[story[-1].action] != batch.state:
        yield Finding("batch_differs", BATCHES, row, f"state {batch.state}: its events tell otherwise")
    checked = told.get("reject") or told.get("check")  # whoever sent it back after a check looked last
    for name, event, user in (("maker", told.get("make"), batch.maker_id), ("checker", checked, batch.checker_id)):
        if (facts(event.actor).get("user") if event else None) != user:
            yield Finding("batch_differs", BATCHES, row, f"{name}: not the one who did it")
    content = facts(next((told[action].data for action in reversed(CONTENT) if action in told), None))
    if (batch.count, batch.total_fen) != (content.get("count"), content.get("total_fen")):
        yield Finding("batch_differs", BATCHES, row, "count or total: its events tell otherwise")
    yield from _check_lines(batch, maps(content.get("payments")) if batch.state != "rejected" else [])


def _check_lines(batch: Batch, lines: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """The payments of a batch are those its events list, with amount and account; none is gone or too many."""
    held = {row[0]: row[1:] for row in batch.payments.values_list("number", "fen", "account_digest")}
    for line in lines:
        number = text(line.get("number"))
        if held.pop(number, None) != (line.get("fen"), line.get("account")):
            detail = f"not as batch {batch.number} lists it, or gone from it"
            yield Finding("payment_differs", PAYMENTS, f"payment {number}", detail)
    for number in sorted(held):
        yield Finding("payment_differs", PAYMENTS, f"payment {number}", f"batch {batch.number} does not list it")
