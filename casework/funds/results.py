"""The bank's answer to a batch: taken in whole or not at all, each file once (promises M3, M6)."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.models import Role
from casework.audit.models import Event
from casework.core import money
from casework.core.problems import Problem, Refused, Words
from casework.documents import store
from casework.funds import bank_layouts, hands, ledger, reconcile, runs
from casework.funds.bank_layouts import Row
from casework.funds.models import Account, BankResult, Batch, Payment, PaymentState, Reservation
from casework.funds.whole import whole

OPEN = (PaymentState.EXPORTED, PaymentState.UNKNOWN)
MAX_PROBLEMS = 20
SETTLED = ["state", "return_code", "return_words", "bank_reference", "settled_at"]
OnOutcome = Callable[[Payment, Event], None]


@dataclass
class Answer:
    """What a file changes. silent: payments it does not name although they wait; unknown: silent a second time."""

    news: list[tuple[Payment, Row]]
    silent: list[Payment]
    unknown: list[Payment] = field(default_factory=list)

    def paid(self, paid: bool) -> list[Payment]:
        """The payments that arrived, or those that came back."""
        return [payment for payment, row in self.news if row.paid is paid]

    def summary(self) -> dict[str, Any]:
        """Counts and sums in fen."""
        arrived, back = self.paid(True), self.paid(False)
        return {
            "paid": len(arrived),
            "paid_fen": sum(payment.fen for payment in arrived),
            "returned": len(back),
            "returned_fen": sum(payment.fen for payment in back),
            "missing": len(self.silent),
            "unknown": len(self.unknown),
        }


@whole
def take_result(
    batch: Batch, data: bytes, actor: Actor, now: datetime, on_outcome: OnOutcome | None = None
) -> BankResult:
    """Take a result file in. on_outcome(payment, event) is called for each payment that the file settles or returns.

    The same file again returns its first result and changes nothing. Lines may come in any order and in several
    files; a payment that two files leave out is of unknown outcome, and nobody sends it again until a file names it.
    Raises Refused, naming the lines, for a file of another batch, unknown numbers, other amounts or a contradiction.
    """
    hand = hands.hand_of(actor, Role.CASHIER, batch.fund)
    rows = bank_layouts.layout().read(data)
    batch, payments = runs.lock_batch(batch)
    sha256 = hashlib.sha256(data).hexdigest()
    first = BankResult.objects.filter(sha256=sha256).select_related("batch").first()
    if first is not None:
        return _same_file(first, batch)
    if batch.state not in ("exported", "reconciled"):
        raise runs.moved(batch)
    runs.refuse(list(_line_problems(batch, rows, payments))[:MAX_PROBLEMS], 422)
    answer = _answer(batch, rows, payments)
    result, event = _keep(batch, data, sha256, answer, hand, now)
    _settle(batch, answer, event, now)
    for payment, _row in answer.news:
        if on_outcome is not None:
            on_outcome(payment, event)
    _close(batch, hand, now)
    return result


def reference_digest(reference: str) -> str:
    """SHA-256 in hex of the bank's own number of a transfer: as long as a card number, it cannot stand in an event."""
    return hashlib.sha256(reference.encode()).hexdigest()


def _same_file(first: BankResult, batch: Batch) -> BankResult:
    if first.batch_id == batch.pk:
        return first
    message = str(_("This file was taken in for the batch %(number)s.")) % {"number": first.batch.number}
    raise Refused([Problem("OTHER_BATCH", message, mend=_("Choose the result file of this batch."))], 409)


def _line_problems(batch: Batch, rows: Sequence[Row], payments: Sequence[Payment]) -> Iterator[Problem]:
    known = {payment.number: payment for payment in payments}
    strangers = {row.number for row in rows} - set(known)
    elsewhere = dict(
        Payment.objects.filter(number__in=strangers, batch__isnull=False).values_list("number", "batch__number")
    )
    times = Counter(row.number for row in rows)
    for row in rows:
        payment = known.get(row.number)
        if payment is None:
            yield _stranger(row, elsewhere.get(row.number))
        elif times[row.number] > 1:
            yield _wrong(row, _("payment %(number)s stands in the file more than once"))
        elif row.fen != payment.fen:
            words = _("payment %(number)s is %(right)s yuan, the bank says %(told)s")
            yield _wrong(row, words, right=money.show(payment.fen), told=money.show(row.fen))
        elif payment.state not in OPEN and row.paid is not (payment.state == PaymentState.PAID):
            yield _wrong(row, _("payment %(number)s was already settled otherwise"))


def _stranger(row: Row, batch: str | None) -> Problem:
    if batch is None:
        return _wrong(row, _("no payment has this number"))
    return _wrong(row, _("payment %(number)s belongs to the batch %(batch)s"), batch=batch)


def _wrong(row: Row, words: Words, **params: str) -> Problem:
    told = str(words) % {"number": row.number, **params}
    message = str(_("Line %(line)s: %(words)s.")) % {"line": row.line, "words": told}
    mend = _("Ask the bank; nothing of this file was taken in.")
    return Problem("RESULT_LINE", message, place=str(row.line), mend=mend, params={"line": row.line})


def _answer(batch: Batch, rows: Sequence[Row], payments: Sequence[Payment]) -> Answer:
    told = {row.number: row for row in rows}
    waiting = [payment for payment in payments if payment.state in OPEN]
    news = [(payment, told[payment.number]) for payment in waiting if payment.number in told]
    silent = [payment for payment in waiting if payment.number not in told]
    second_look = BankResult.objects.filter(batch=batch).exists()
    unknown = [payment for payment in silent if second_look and payment.state == PaymentState.EXPORTED]
    return Answer(news, silent, unknown)


def _postings(answer: Answer) -> list[ledger.Posting]:
    return [
        runs.carry(payment, "pay", Account.IN_TRANSIT, Account.PAID)
        if row.paid
        else runs.carry(payment, "return", Account.IN_TRANSIT, Account.RESERVED)
        for payment, row in answer.news
    ]


def _keep(
    batch: Batch, data: bytes, sha256: str, answer: Answer, hand: hands.Hand, now: datetime
) -> tuple[BankResult, Event]:
    """The file, its row, and the event that tells both and the money."""
    count = BankResult.objects.filter(batch=batch).count()
    document = store.keep(data, "bank_result", f"{batch.number}-{count + 1}.csv", "text/csv", now)
    facts = {
        **document.told(),
        "ledger": [posting.facts() for posting in _postings(answer)],
        "returned": [
            {"payment": payment.number, "code": row.code, "words": row.said}
            for payment, row in answer.news
            if not row.paid
        ],
        "references": {payment.number: reference_digest(row.reference) for payment, row in answer.news},
        "missing": [payment.number for payment in answer.silent],
        "summary": answer.summary(),
    }
    event = runs.tell(batch, "result", hand, facts, now)
    result = BankResult.objects.create(
        batch=batch, sha256=sha256, document=document, taken_at=now, taken_by_id=hand.user, summary=answer.summary()
    )
    return result, event


def _settle(batch: Batch, answer: Answer, event: Event, now: datetime) -> None:
    postings = _postings(answer)
    if postings:
        ledger.post_all(batch.fund, postings, event, now)
    for payment, row in answer.news:
        payment.state = PaymentState.PAID if row.paid else PaymentState.RETURNED
        payment.return_code, payment.return_words = row.code, row.said or None
        payment.bank_reference, payment.settled_at = row.reference, now
    settled = [payment for payment, _row in answer.news]
    Payment.objects.bulk_update(settled, SETTLED, batch_size=100)
    runs.set_state(answer.unknown, PaymentState.UNKNOWN, batch)
    _hold_again(answer.paid(False))


def _hold_again(returned: Sequence[Payment]) -> None:
    """Money that came back is set aside again for the same case, so that a new account can be paid."""
    held = runs.reservations(returned, "used")
    Reservation.objects.filter(pk__in=[row.pk for row in held.values()]).update(state="open")


def _close(batch: Batch, hand: hands.Hand, now: datetime) -> None:
    """The batch is reconciled when roster, ledger and bank agree line by line (promise M6)."""
    if batch.state == "reconciled":
        return
    sums = reconcile.reconcile(batch)
    if sums.agrees:
        batch.state = "reconciled"
        batch.save(update_fields=["state"])
        runs.tell(batch, "reconcile", hand, sums.facts(), now)
