"""Money: every transaction sums to zero, balances are the fold of their entries, each posting stands in an event."""
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from casework.audit.findings import Finding, event_row
from casework.audit.models import Event
from casework.audit.verify import rows
from casework.cases.models import Case
from casework.funds.models import Account, Balance, LedgerEntry, Payment, Reservation, Transaction
from casework.oversight.crooked import facts, maps, text
from casework.people.persons import account_digest

LEDGER = "funds_ledgerentry"
CHUNK = 1000
CARRIED = ("release", "reserve")

UNBALANCED = """
SELECT t.id, COALESCE(SUM(e.fen), 0), COUNT(e.id) FROM funds_transaction t
LEFT JOIN funds_ledgerentry e ON e.transaction_id = t.id
GROUP BY t.id HAVING COALESCE(SUM(e.fen), 0) <> 0 OR COUNT(e.id) = 0
"""
WRONG_FUND = """
SELECT e.id, e.transaction_id FROM funds_ledgerentry e JOIN funds_transaction t ON t.id = e.transaction_id
WHERE e.fund_id <> t.fund_id
"""
TWO_LIVE = """
SELECT case_id, instalment FROM funds_payment WHERE state NOT IN ('returned', 'cancelled')
GROUP BY case_id, instalment HAVING COUNT(*) > 1
"""
WITH = ("event", "fund", "case", "reverses")
ACCOUNTS = tuple(Account.values)


def check_sums() -> Iterator[Finding]:
    """I1: the legs of each transaction sum to zero and lie in its fund."""
    for number, total, legs in rows(UNBALANCED):
        yield Finding("ledger_unbalanced", LEDGER, f"transaction {number}", f"{legs} legs sum to {total} fen")
    for entry, number in rows(WRONG_FUND):
        yield Finding("ledger_differs", LEDGER, f"entry {entry}", f"lies in another fund than transaction {number}")


def check_balances() -> Iterator[Finding]:
    """I2, I3: each balance is the fold of its entries, none but the source is below zero, reserved = Σ open."""
    fold: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ACCOUNTS, 0))
    for fund, account, fen in LedgerEntry.objects.values_list("fund", "account").annotate(fen=Sum("fen")).order_by():
        fold[fund][account] = fold[fund].get(account, 0) + fen
    held = dict(Reservation.objects.filter(state="open").values_list("fund").annotate(fen=Sum("fen")).order_by())
    for balance in Balance.objects.order_by("pk").iterator(chunk_size=CHUNK):
        told = fold.pop(balance.pk, dict.fromkeys(ACCOUNTS, 0))
        yield from _check_balance(balance, told, held.pop(balance.pk, 0))
    for fund in sorted({*(fund for fund, told in fold.items() if any(told.values())), *held}):
        yield Finding("balance_differs", "funds_balance", f"fund {fund}", "has entries and no balance")


def _check_balance(balance: Balance, told: Mapping[str, int], held: int) -> Iterator[Finding]:
    row = f"fund {balance.pk}"
    for account, fen in told.items():
        here = getattr(balance, account, None)
        if here != fen:
            yield Finding("balance_differs", "funds_balance", row, f"{account}: row {here}, entries {fen}")
        if account != Account.SOURCE and fen < 0:
            yield Finding("balance_negative", "funds_balance", row, f"{account}: {fen}")
    if told.get(Account.RESERVED, 0) != held:
        reserved = told.get(Account.RESERVED, 0)
        yield Finding("reserved_differs", "funds_reservation", row, f"entries {reserved}, open {held}")


def check_live_payments() -> Iterator[Finding]:
    """I4: at most one live payment per case and instalment."""
    for case, instalment in rows(TWO_LIVE):
        yield Finding("paid_twice", "funds_payment", f"case {case} instalment {instalment}")


def check_postings() -> Iterator[Finding]:
    """Each transaction is told, leg by leg, in the data of its event; what it reverses is its mirror."""
    batch: list[Transaction] = []
    postings = Transaction.objects.select_related(*WITH).order_by("pk")
    for posting in postings.iterator(chunk_size=CHUNK):
        batch.append(posting)
        if len(batch) == CHUNK:
            yield from _check_postings(batch)
            batch = []
    yield from _check_postings(batch)


def _check_postings(batch: list[Transaction]) -> Iterator[Finding]:
    legs: dict[int, dict[str, int]] = defaultdict(dict)
    entries = LedgerEntry.objects.filter(transaction__in=[posting.pk for posting in batch])
    for number, account, fen in entries.values_list("transaction", "account", "fen"):
        legs[number][account] = legs[number].get(account, 0) + fen
    paid_for = _cases_of(batch)
    for posting in batch:
        told = [told for told in told_in(posting.event.data) if _tells(told, posting, legs[posting.pk])]
        row = f"transaction {posting.pk}"
        if not told:
            yield Finding("ledger_differs", "funds_transaction", row, "its event tells otherwise")
        elif not any(_words_fit(one, posting) for one in told):
            yield Finding("ledger_differs", "funds_transaction", row, "memo, or what it reverses: not as told")
        if posting.at != posting.event.at:
            yield Finding("ledger_differs", "funds_transaction", row, "not of the moment of its event")
        if not _same_case(posting, paid_for):
            yield Finding("ledger_differs", "funds_transaction", row, "another case than its event tells, or none")


def _cases_of(batch: list[Transaction]) -> dict[str, int]:
    """By number the case of each payment that these postings moved."""
    return dict(Payment.objects.filter(number__in={posting.memo for posting in batch}).values_list("number", "case"))


def told_in(data: Any) -> list[Mapping[str, Any]]:
    """The postings that the data of an event tells: one map or a list of them under "ledger"."""
    told = facts(data).get("ledger")
    return maps(told if isinstance(told, list) else [told])


def _tells(told: Mapping[str, Any], posting: Transaction, legs: Mapping[str, int]) -> bool:
    same_kind = told.get("kind") == posting.kind
    same_fund = str(told.get("fund")) in (str(posting.fund.public_id), str(posting.fund_id))
    same_payment = told.get("payment", posting.memo) == posting.memo
    given = told.get("legs")
    same_legs = given is None or {k: v for k, v in facts(given).items() if v} == dict(legs)
    return same_kind and same_fund and same_payment and same_legs


def _words_fit(told: Mapping[str, Any], posting: Transaction) -> bool:
    """The memo is the number of the payment, or the words of the event; it reverses what its event says, or nothing."""
    memo = text(told.get("payment")) or text(facts(posting.event.data).get("memo"))
    return posting.memo == memo and posting.reverses_id == told.get("reverses")


def _same_case(posting: Transaction, paid_for: Mapping[str, int]) -> bool:
    """A posting told by a case is that case's, one told by a payment run, or by a fund that carries waiting payments
    over, that of its payment; of a fund's own only a reversal has a case besides, the one of what it takes back."""
    kind = posting.event.subject_kind
    if kind == "case":
        return posting.case is not None and str(posting.case.public_id) == posting.event.subject_id
    if kind == "batch" or posting.kind in CARRIED:
        return posting.case_id == paid_for.get(posting.memo)
    return posting.case_id == (posting.reverses.case_id if posting.reverses else None)


def check_told() -> Iterator[Finding]:
    """Each posting that an event tells was written, and once: neither deleted nor doubled, whatever balances say."""
    yield from _told(Event.objects.all())


def check_case(case: Case) -> Iterator[Finding]:
    """The postings of one case, and those that its events tell."""
    postings = Transaction.objects.filter(case=case).select_related(*WITH).order_by("pk")
    yield from _check_postings(list(postings))
    yield from _told(Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)))


def _told(events: QuerySet[Event]) -> Iterator[Finding]:
    some = events.filter(data__has_key="ledger").annotate(written=_written()).order_by("pk")
    for event in some.iterator(chunk_size=CHUNK):
        told = len(told_in(event.data))
        if told != event.written:
            row = event_row(event.subject_kind, event.subject_id, event.n)
            detail = f"tells {told} postings, {event.written} are there"
            yield Finding("ledger_differs", "funds_transaction", row, detail)


def _written() -> Coalesce:
    counted = Transaction.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


def check_payees() -> Iterator[Finding]:
    """A payment's account row is still the one its digest was taken of, and belongs to the payee (promise M4)."""
    payments = Payment.objects.select_related("account", "case").order_by("pk")
    for payment in payments.iterator(chunk_size=CHUNK):
        row = f"payment {payment.number}"
        if account_digest(payment.account) != payment.account_digest:
            yield Finding("payee_differs", "funds_payment", row, "the account is not the one approved")
        if payment.account.person_id != payment.payee_id:
            yield Finding("payee_differs", "funds_payment", row, "the account is not the payee's")
