"""Payment runs: made by one person, checked by another, sent once (domain §4.5; promises M3, M4, M5).

Each change writes an event of the batch in the same transaction; where money moves, the event tells it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.models import Role
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Series
from casework.core.calendar import local_date
from casework.core.crypto import Undecipherable
from casework.core.masks import mask_card, mask_name
from casework.core.problems import Problem
from casework.documents import store
from casework.documents.models import Document
from casework.funds import bank_layouts, hands, lasting, ledger, runs
from casework.funds.models import Account, Batch, Fund, Payment, PaymentState, Reservation
from casework.funds.results import take_result
from casework.funds.whole import whole
from casework.people.models import Person
from casework.people.persons import masked_id

__all__ = ["check_batch", "export_batch", "make_batch", "roster_rows", "take_result"]

MOST = 500
REASON_LEAST = 5
Barred = Mapping[int, Collection[int]]


@whole
def make_batch(fund: Fund, ids: Collection[int], actor: Actor, now: datetime, barred: Barred | None = None) -> Batch:
    """Put waiting payments of a fund into a new batch. Raises Refused, naming the payments that stand in the way."""
    hand = hands.hand_of(actor, Role.FINANCE_OFFICER, fund)
    runs.refuse(_count_problems(ids), 422)
    ledger.lock(fund)
    payments = runs.locked(Payment.objects.filter(pk__in=ids, fund=fund))
    runs.refuse(_waiting_problems(ids, payments), 409)
    runs.refuse(hands.touching(hand, payments, barred), 403)
    runs.refuse(lasting.unpayable(fund, payments, local_date(now)), 409)
    runs.refuse(runs.account_problems(payments), 409)
    batch = Batch.objects.create(
        number=_next_number(fund, now),
        fund=fund,
        maker_id=hand.user,
        maker_person=hand.person,
        made_at=now,
        count=len(payments),
        total_fen=sum(payment.fen for payment in payments),
    )
    runs.set_state(payments, PaymentState.BATCHED, batch)
    facts = {"fund": str(fund.public_id), "hands": sorted(hand.persons), **runs.content(payments)}
    runs.tell(batch, "make", hand, facts, now)
    return batch


def _count_problems(ids: Collection[int]) -> list[Problem]:
    if not ids:
        return [Problem("NOTHING_CHOSEN", _("Choose at least one payment."))]
    if len(set(ids)) > MOST:
        message = str(_("A batch holds at most %(most)s payments.")) % {"most": MOST}
        return [Problem("BATCH_TOO_LARGE", message, mend=_("Make several batches."))]
    return []


def _waiting_problems(ids: Collection[int], payments: Sequence[Payment]) -> list[Problem]:
    if len(payments) != len(set(ids)):
        message = _("One of the chosen payments does not belong to this fund.")
        return [Problem("OTHER_FUND", message, mend=_("Reload the page and choose again."))]
    message, mend = _("Payment %(number)s is no longer waiting for a batch."), _("Reload the page and choose again.")
    taken = [payment for payment in payments if payment.state != PaymentState.QUEUED]
    return [runs.problem("PAYMENT_TAKEN", message, payment, mend) for payment in taken]


def _next_number(fund: Fund, now: datetime) -> str:
    """P, region, year and a running number without gaps."""
    name = f"P{fund.organisation.region}-{local_date(now).year}"
    Series.objects.get_or_create(name=name)
    series = Series.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{name}-{series.last:05d}"


@whole
def check_batch(
    batch: Batch, actor: Actor, now: datetime, approve: bool, reason: str = "", barred: Barred | None = None
) -> Batch:
    """Check a batch as the second person; not approved, its payments wait again. A checked one may still go back as
    long as no file of it was made (promise M4). Raises Refused."""
    batch, payments = runs.lock_batch(batch)
    hand = hands.hand_of(actor, Role.CASHIER, batch.fund)
    if batch.state not in (("made",) if approve else ("made", "checked")):
        raise runs.moved(batch)
    runs.refuse(_same_maker(batch, hand), 403)
    runs.refuse(hands.touching(hand, payments, barred), 403)
    facts = _check(batch, payments, now) if approve else _reject(payments, reason)
    batch.checker_id, batch.checker_person, batch.checked_at = hand.user, hand.person, now
    batch.state = "checked" if approve else "rejected"
    batch.save(update_fields=["checker", "checker_person", "checked_at", "state"])
    runs.tell(batch, "check" if approve else "reject", hand, facts, now)
    return batch


def _check(batch: Batch, payments: Sequence[Payment], now: datetime) -> dict[str, Any]:
    runs.refuse(_content_problems(batch, payments, now), 409)
    return runs.content(payments)


def _reject(payments: Sequence[Payment], reason: str) -> dict[str, Any]:
    words = ledger.plain(reason, "reason")
    if len(words) < REASON_LEAST:
        message = _("Say why the batch goes back (at least 5 characters).")
        runs.refuse([Problem("REASON", message, place="reason")], 422)
    facts = {"reason": words, **runs.content(payments)}
    runs.set_state(payments, PaymentState.QUEUED, None)
    return facts


def _made(batch: Batch) -> Event:
    """The event that made the batch: its content as the maker saw it."""
    return Event.objects.get(subject_kind="batch", subject_id=str(batch.public_id), action="make")


def _same_maker(batch: Batch, hand: hands.Hand) -> list[Problem]:
    makers = {batch.maker_person, *_made(batch).data["hands"]}
    if not makers & hand.persons:
        return []
    message = _("You made this batch, or the person you stand in for did; the check needs another person.")
    return [Problem("SAME_HANDS", message, mend=_("Leave it to a colleague with the same role."))]


def _content_problems(batch: Batch, payments: Sequence[Payment], now: datetime) -> list[Problem]:
    """The fund still pays, the accounts are those approved, and the lines those that were put into the batch."""
    problems = lasting.unpayable(batch.fund, payments, local_date(now)) + runs.account_problems(payments)
    told = _made(batch).data
    if not problems and any(told[key] != value for key, value in runs.content(payments).items()):
        message = _("The payments of this batch are not those it was made of.")
        problems = [Problem("BATCH_CHANGED", message, mend=_("Send the batch back and make a new one."))]
    return problems


@whole
def export_batch(
    batch: Batch, actor: Actor, now: datetime, barred: Barred | None = None, address: str = ""
) -> Document:
    """The bank file of a checked batch. It is made once, when the money leaves for the bank; asked again, the same
    document is returned. It holds full card numbers, so each time it is handed out is told in the access log, for the
    reason of its batch (promise A2). address: where the request came from. Raises Refused."""
    batch, payments = runs.lock_batch(batch)
    hand = hands.hand_of(actor, Role.CASHIER, batch.fund)
    runs.refuse(hands.touching(hand, payments, barred), 403)
    document = batch.file
    if document is None:
        if batch.state != "checked":
            raise runs.moved(batch)
        runs.refuse(_content_problems(batch, payments, now), 409)
        document = _send(batch, payments, hand, now)
    facts = {
        "batch": batch.number, "document": str(document.public_id), "sha256": document.sha256, "kind": document.kind,
        "reason": str(_("Payment batch %(number)s")) % {"number": batch.number},
    }
    record.record("access", str(batch.public_id), "download", {**hand.stamp, "address": address}, facts, now)
    return document


def _send(batch: Batch, payments: Sequence[Payment], hand: hands.Hand, now: datetime) -> Document:
    held = runs.reservations(payments, "open")
    _refuse_unreserved(payments, held)
    data = bank_layouts.layout().write(payments)
    document = store.keep(data, "bank_file", f"{batch.number}.csv", "text/csv", now)
    postings = [runs.carry(payment, "send", Account.RESERVED, Account.IN_TRANSIT) for payment in payments]
    facts = {
        **document.told(),
        "ledger": [posting.facts() for posting in postings],
        **runs.content(payments),
    }
    event = runs.tell(batch, "export", hand, facts, now)
    ledger.post_all(batch.fund, postings, event, now)
    Reservation.objects.filter(pk__in=[row.pk for row in held.values()]).update(state="used")
    runs.set_state(payments, PaymentState.EXPORTED, batch)
    batch.state, batch.file = "exported", document
    batch.save(update_fields=["state", "file"])
    return document


def _refuse_unreserved(payments: Sequence[Payment], held: Mapping[tuple[int, int], Reservation]) -> None:
    sums = {key: row.fen for key, row in held.items()}
    wrong = [payment for payment in payments if sums.get((payment.case_id, payment.instalment)) != payment.fen]
    message = _("The money set aside for payment %(number)s is not its amount.")
    runs.refuse([runs.problem("NOT_RESERVED", message, payment) for payment in wrong], 409)


def roster_rows(batch: Batch) -> list[dict[str, Any]]:
    """The roster of a batch as lists show it, masked: number, case, name, id_no, card, bank, fen, state, code."""
    payments = Payment.objects.filter(batch=batch).select_related("case", "payee__key", "account").order_by("pk")
    return [
        {
            "number": payment.number,
            "case": payment.case.number,
            "name": mask_name(payment.account.holder),
            "id_no": _masked_id(payment.payee),
            "card": mask_card(payment.account.last4),
            "bank": payment.account.bank,
            "fen": payment.fen,
            "state": payment.state,
            "code": payment.return_code,
        }
        for payment in payments
    ]


def _masked_id(person: Person) -> str:
    try:
        return masked_id(person)
    except Undecipherable:  # lawfully erased; the payment stays
        return ""
