"""What every move of a payment run shares: its locks, its event, its content, and the check of its accounts.

One order of locks everywhere: the fund's balance, the batch, its payments by id.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.audit import record
from casework.audit.models import Event
from casework.core.problems import Problem, Refused, Words
from casework.funds import ledger
from casework.funds.hands import Hand
from casework.funds.models import Account, Batch, Payment, Reservation
from casework.people.persons import account_digest

RELATED = ("case", "fund", "payee", "account__person__key")


def locked(payments: QuerySet[Payment]) -> list[Payment]:
    """The payments by id, locked."""
    return list(payments.select_related(*RELATED).select_for_update(of=("self",)).order_by("pk"))


def lock_batch(batch: Batch) -> tuple[Batch, list[Payment]]:
    """The batch as it stands and its payments, locked in order."""
    ledger.lock(batch.fund)
    rows = Batch.objects.select_related("fund__organisation", "file").select_for_update(of=("self",))
    return rows.get(pk=batch.pk), locked(Payment.objects.filter(batch=batch))


def set_state(payments: Iterable[Payment], state: str, batch: Batch | None) -> None:
    """Move the payments on, in the rows and in hand."""
    some = list(payments)
    Payment.objects.filter(pk__in=[payment.pk for payment in some]).update(state=state, batch=batch)
    for payment in some:
        payment.state, payment.batch = state, batch


def tell(batch: Batch, action: str, hand: Hand, facts: Mapping[str, Any], now: datetime) -> Event:
    """Write the event of a change of the batch."""
    return record.record("batch", str(batch.public_id), action, hand.stamp, {"number": batch.number, **facts}, now)


def content(payments: Iterable[Payment]) -> dict[str, Any]:
    """The lines of a batch as its events keep them: number, fen and digest of the account."""
    lines = [{"number": p.number, "fen": p.fen, "account": p.account_digest} for p in payments]
    return {"payments": lines, "count": len(lines), "total_fen": sum(p["fen"] for p in lines)}


def carry(payment: Payment, kind: str, source: Account, target: Account) -> ledger.Posting:
    """The posting of one payment; its number stands in the memo and in the event."""
    legs = ledger.move(source, target, payment.fen)
    return ledger.Posting(payment.fund, kind, legs, payment.case_id, payment.number, extra={"payment": payment.number})


def reservations(payments: Collection[Payment], state: str) -> dict[tuple[int, int], Reservation]:
    """The newest reservation in this state behind each payment, by case and instalment."""
    wanted = {(payment.case_id, payment.instalment): payment.fund_id for payment in payments}
    rows = Reservation.objects.filter(case__in={case for case, _instalment in wanted}, state=state).order_by("id")
    found = {(row.case_id, row.instalment): row for row in rows}
    return {key: row for key, row in found.items() if wanted.get(key) == row.fund_id}


def account_problems(payments: Iterable[Payment]) -> list[Problem]:
    """Payments whose account is no longer the one that was approved (promise M4)."""
    message = _("The account of payment %(number)s is not the one that was approved.")
    mend = _("Send the batch back and clear the account with the applicant; nothing was paid.")
    return [problem("ACCOUNT_CHANGED", message, payment, mend) for payment in payments if not _as_approved(payment)]


def _as_approved(payment: Payment) -> bool:
    account = payment.account
    return (
        account_digest(account) == payment.account_digest
        and account.person_id == payment.payee_id
        and payment.case.account_id == account.pk
    )


def problem(code: str, message: Words, payment: Payment, mend: Words = "") -> Problem:
    """A problem that names its payment."""
    words = str(message) % {"number": payment.number}
    return Problem(code, words, mend=mend, params={"payment": payment.number})


def refuse(problems: Sequence[Problem], status: int) -> None:
    """Raise if anything stands in the way."""
    if problems:
        raise Refused(problems, status)


def moved(batch: Batch) -> Refused:
    """Somebody was faster, or the page is old."""
    words = _("The batch %(number)s is no longer in that state: %(state)s.")
    message = str(words) % {"number": batch.number, "state": batch.get_state_display()}
    return Refused([Problem("BATCH_MOVED", message, mend=_("Reload the page."))], 409)
