"""Payments: one transfer for one instalment of one case, to the account that was approved (promises M3, M4)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Problem, Refused, Words
from casework.funds.models import Payment, PaymentState, Reservation
from casework.people.models import BankAccount
from casework.people.persons import account_digest

DEAD = (PaymentState.RETURNED, PaymentState.CANCELLED)
DIGEST_LENGTH = 64


def queue_payment(case: Case, event: Event, now: datetime, instalment: int = 1) -> Payment:
    """Put the payment of an instalment into the queue of the finance desk; asked again, it returns the one there is.

    event: that of the move which queues it. The account is the case's, its digest the one the case's events recorded:
    an account exchanged since is found at the batch. Raises Refused (409) without reserved money or account.
    """
    there = _live(case, instalment)
    if there is not None:
        return there
    if case.account is None:
        raise _refused("NO_ACCOUNT", _("There is no account to pay to."), _("Ask the applicant for a bank card."))
    return _queue(case, case.account, _recorded_digest(case) or account_digest(case.account), now, instalment)


def correct_account(payment: Payment, account: BankAccount, event: Event, now: datetime) -> Payment:
    """After a return by the bank: a new payment of the same money to another account of the same payee. The money
    went back to reserved with the return. Raises Refused (409)."""
    payment = Payment.objects.select_for_update(of=("self",)).select_related("case").get(pk=payment.pk)
    if payment.state != PaymentState.RETURNED:
        raise _refused("NOT_RETURNED", _("Payment %(number)s was not returned.") % {"number": payment.number})
    if account.person_id != payment.payee_id:
        raise _refused("OTHER_PAYEE", _("The account belongs to another person than the payee."))
    there = _live(payment.case, payment.instalment)
    if there is not None and there.account_id != account.pk:
        raise _refused("ALREADY_QUEUED", _("Payment %(number)s already replaces it.") % {"number": there.number})
    return there or _queue(payment.case, account, account_digest(account), now, payment.instalment)


def cancel(payment: Payment, event: Event, now: datetime) -> Payment:
    """Take a waiting payment off the queue; its money stays set aside until it is released. Raises Refused (409) once
    it lies in a batch."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if payment.state != PaymentState.QUEUED:
        raise _refused(
            "PAYMENT_UNDER_WAY",
            _("Payment %(number)s is no longer waiting for a batch.") % {"number": payment.number},
            _("Reject its batch first."),
        )
    payment.state = PaymentState.CANCELLED
    payment.settled_at = now
    payment.save(update_fields=["state", "settled_at"])
    return payment


def number_of(case: Case, instalment: int) -> str:
    """The bank's idempotency key: case number and instalment; a repeat after a return or cancellation is told apart."""
    before = Payment.objects.filter(case=case, instalment=instalment).count()
    return f"{case.number}-{instalment:02d}" + (f"-R{before + 1}" if before else "")


def _live(case: Case, instalment: int) -> Payment | None:
    return Payment.objects.filter(case=case, instalment=instalment).exclude(state__in=DEAD).first()


def _recorded_digest(case: Case) -> str:
    """The account digest that the case's events told last; "" if none did."""
    events = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), data__has_key="account")
    told = events.order_by("-n").values_list("data", flat=True).first()
    digest = told["account"] if told else ""
    return digest if isinstance(digest, str) and len(digest) == DIGEST_LENGTH else ""


def _queue(case: Case, account: BankAccount, digest: str, now: datetime, instalment: int) -> Payment:
    held = Reservation.objects.filter(case=case, instalment=instalment, state="open").first()
    if held is None:
        raise _refused("NOT_RESERVED", _("No money is set aside for this payment."), _("Approve the aid first."))
    return Payment.objects.create(
        number=number_of(case, instalment),
        case=case,
        instalment=instalment,
        fund_id=held.fund_id,
        fen=held.fen,
        payee_id=account.person_id,
        account=account,
        account_digest=digest,
        queued_at=now,
    )


def _refused(code: str, message: Words, mend: Words = "") -> Refused:
    return Refused([Problem(code, message, mend=mend)], 409)
