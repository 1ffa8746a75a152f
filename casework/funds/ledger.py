"""The double-entry ledger of a fund: append-only postings whose legs sum to zero, and the balance kept beside them
in the same transaction (domain §4.5; promises M1, M2, M7). Money is integer fen.

Every posting is told, leg by leg, under "ledger" in the data of its event; one that is not told is a programming error.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Sum
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.masks import find_private
from casework.core.money import MOST_FEN, show
from casework.core.problems import Problem, Refused
from casework.funds.models import Account, Balance, Fund, LedgerEntry, Transaction
from casework.funds.whole import whole
from casework.organisations.models import Organisation

# What may be taken back by an entry of its own, and to where its money then goes. Money set aside or at the bank
# moves on by release and return, never by a reversal. Money sent down or carried over stays where it is: its two halves
# stand in two chains, and the other fund may have promised it since; the ledger knows no way back.
REVERSIBLE = {"receive": None, "pay": Account.AVAILABLE}
NOT_REVERSIBLE = Problem(
    "NOT_REVERSIBLE", _("This entry cannot be taken back by a reversal."),
    mend=_("Release the money or correct the payment."),
)
FUND_OVER = Problem(
    "FUND_OVER", _("The last day of this fund has passed."), mend=_("Enter it in a fund that is still spent."),
)
REASON_LEAST = 5


@dataclass(frozen=True, slots=True)
class Posting:
    """One transaction to be written. legs: account → fen, summing to zero."""

    fund: Fund
    kind: str
    legs: Mapping[str, int]
    case: int | None = None
    memo: str = ""
    reverses: Transaction | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """What the event tells of it."""
        return {
            "kind": self.kind,
            "fund": str(self.fund.public_id),
            "fen": sum(fen for fen in self.legs.values() if fen > 0),
            "legs": {str(account): fen for account, fen in self.legs.items()},
            **self.extra,
        }


def move(source: Account, target: Account, fen: int) -> dict[str, int]:
    """The two legs that carry fen from one account to another."""
    return {source.value: -fen, target.value: fen}


def lock(fund: Fund) -> Balance:
    """The fund's balance, locked until the end of the transaction: the first lock of everything that moves money."""
    _in_transaction()
    rows = Balance.objects.select_for_update().filter(fund=fund)
    found = rows.first()
    if found is None:
        Balance.objects.bulk_create([Balance(fund=fund)], ignore_conflicts=True)
        found = rows.get()
    return found


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("money moves in the transaction of what moves it")


def post(
    fund: Fund,
    kind: str,
    legs: Mapping[str, int],
    event: Event,
    now: datetime,
    case: Case | None = None,
    memo: str = "",
    reverses: Transaction | None = None,
) -> Transaction:
    """Write one posting under the lock of the fund's balance: all legs in one statement, the balance with them.

    Raises Refused (409) when an account would fall below zero, ValueError for legs that do not sum to zero and for a
    posting its event does not tell.
    """
    posting = Posting(fund, kind, legs, case.pk if case else None, memo, reverses)
    return post_all(fund, [posting], event, now)[0]


def post_all(fund: Fund, postings: Sequence[Posting], event: Event, now: datetime) -> list[Transaction]:
    """The same for many postings of one fund: two inserts and one update whatever their number."""
    for posting in postings:
        _check(posting, fund)
    _check_told(postings, event)
    lock(fund)
    _move_balance(fund, postings)
    written = Transaction.objects.bulk_create(
        Transaction(fund=fund, kind=p.kind, at=now, event=event, case_id=p.case, reverses=p.reverses, memo=p.memo[:200])
        for p in postings
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(transaction=row, fund=fund, account=account, fen=fen)
        for row, posting in zip(written, postings, strict=True)
        for account, fen in posting.legs.items()
        if fen
    )
    return written


def _check(posting: Posting, fund: Fund) -> None:
    if posting.fund.pk != fund.pk:
        raise ValueError("a posting lies in one fund")
    if not any(posting.legs.values()) or sum(posting.legs.values()) != 0:
        raise ValueError("the legs of a posting sum to zero")
    if set(posting.legs) - set(Account.values):
        raise ValueError("no such account")


def _check_told(postings: Iterable[Posting], event: Event) -> None:
    told = event.data.get("ledger")
    items = told if isinstance(told, list) else [told]
    there = Counter(_key(item) for item in items if isinstance(item, dict))
    if not Counter(_key(posting.facts()) for posting in postings) <= there:
        raise ValueError("the event does not tell this posting")


def _key(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    legs = sorted((account, fen) for account, fen in facts["legs"].items() if fen)
    return facts["kind"], facts["fund"], tuple(legs)


def _move_balance(fund: Fund, postings: Iterable[Posting]) -> None:
    net: Counter[str] = Counter()
    for posting in postings:
        net.update(dict(posting.legs))
    changes = {account: F(account) + fen for account, fen in net.items() if fen}
    enough = {f"{account}__gte": -fen for account, fen in net.items() if fen < 0 and account != Account.SOURCE}
    if changes and not Balance.objects.filter(pk=fund.pk, **enough).update(**changes):
        raise Refused(
            [
                Problem(
                    "FUND_SHORT",
                    _("The fund %(fund)s does not hold enough money for this.") % {"fund": fund.name},
                    mend=_("Look at its balance; nothing was changed."),
                    params={"fund": str(fund.public_id)},
                )
            ],
            409,
        )


@whole
def open_fund(
    name: str,
    organisation: Organisation,
    source: str,
    purposes: Sequence[str],
    year: int,
    valid_until: date,
    stamp: Mapping[str, Any],
    now: datetime,
) -> Fund:
    """A new fund with an empty balance. purposes: what it may be spent on; year: for which year's aid."""
    fund = Fund.objects.create(
        name=name, organisation=organisation, source=source, purposes=list(purposes), year=year, valid_until=valid_until
    )
    Balance.objects.create(fund=fund)
    facts = {
        "name": name,
        "organisation": str(organisation.public_id),
        "source": source,
        "purposes": list(purposes),
        "year": year,
        "valid_until": valid_until,
    }
    record.record("fund", str(fund.public_id), "open", stamp, facts, now)
    return fund


@whole
def receive(fund: Fund, fen: int, stamp: Mapping[str, Any], now: datetime, memo: str = "") -> Transaction:
    """Money came in. Raises Refused: an amount not above zero or beyond counting, a fund whose last day has passed."""
    if not 0 < fen <= MOST_FEN:
        raise Refused([Problem("AMOUNT", _("The amount must be more than zero."), place="amount")])
    if fund.valid_until < local_date(now):
        raise Refused([FUND_OVER], 409)
    words = plain(memo)
    posting = Posting(fund, "receive", move(Account.SOURCE, Account.AVAILABLE, fen), memo=words)
    return _post_with_event(posting, "receive", stamp, {"memo": words}, now)


@whole
def reverse(transaction: Transaction, stamp: Mapping[str, Any], now: datetime, memo: str = "") -> Transaction:
    """Take a posting back by a new one; the first stays as it is (promise M7). Money that was paid and came back goes
    to what the fund may spend. Raises Refused: once only, no reversal of a reversal, no overdraft."""
    held = lock(transaction.fund)
    _refuse_reversal(transaction)
    legs = _mirror(transaction)
    _refuse_gone(held, legs)
    words = plain(memo)
    posting = Posting(
        transaction.fund,
        "reverse",
        legs,
        transaction.case_id,
        words,
        transaction,
        {"reverses": transaction.pk},
    )
    return _post_with_event(posting, "reverse", stamp, {"memo": words}, now)


@whole
def take_back(receipt: Transaction, stamp: Mapping[str, Any], now: datetime, reason: str) -> Transaction:
    """Take money entered by mistake back (冲正, domain §4.5). Raises Refused: no receipt, no reason of at least five
    signs, taken back before, or set aside, sent down or spent since."""
    if receipt.kind != "receive":
        raise Refused([NOT_REVERSIBLE], 409)
    words = plain(reason, "reason")
    if len(words) < REASON_LEAST:
        raise Refused([Problem("REASON", _("Say why it is taken back (at least 5 characters)."), place="reason")])
    return reverse(receipt, stamp, now, words)


def _refuse_gone(held: Balance, legs: Mapping[str, int]) -> None:
    """Money that is no longer free cannot be taken out of the fund."""
    gone = -legs.get(Account.AVAILABLE.value, 0) - held.available
    if gone > 0:
        words = _("%(fen)s yuan of this money are already set aside, sent on or spent.") % {"fen": show(gone)}
        mend = _("Free or bring back so much first; nothing was changed.")
        raise Refused([Problem("FUND_SHORT", words, mend=mend, params={"fen": gone})], 409)


def _refuse_reversal(transaction: Transaction) -> None:
    if transaction.kind not in REVERSIBLE:
        raise Refused([NOT_REVERSIBLE], 409)
    if Transaction.objects.filter(reverses=transaction).exists():
        raise Refused([Problem("ALREADY_REVERSED", _("This entry was already taken back."))], 409)


def _mirror(transaction: Transaction) -> dict[str, int]:
    legs = {account: -fen for account, fen in transaction.entries.values_list("account", "fen")}
    target = REVERSIBLE[transaction.kind]
    if target is not None:
        legs = {account: fen for account, fen in legs.items() if fen < 0}
        legs[target.value] = -sum(legs.values())
    return legs


def _post_with_event(
    posting: Posting, action: str, stamp: Mapping[str, Any], facts: Mapping[str, Any], now: datetime
) -> Transaction:
    lock(posting.fund)
    data = {"ledger": posting.facts(), **facts}
    event = record.record("fund", str(posting.fund.public_id), action, stamp, data, now)
    return post_all(posting.fund, [posting], event, now)[0]


def plain(memo: str, place: str = "memo") -> str:
    """Words for the log: printable, short, without numbers of persons. Raises Refused."""
    words = "".join(sign for sign in memo if sign.isprintable()).strip()[:200]
    if find_private(words):
        message = _("This text holds an ID, phone or card number.")
        raise Refused([Problem("PRIVATE_DATA", message, place=place, mend=_("Take the number out."))])
    return words


def balance(fund: Fund) -> Balance:
    """The fund's balance as it stands; zeros for a fund that never held money."""
    return Balance.objects.filter(fund=fund).first() or Balance(fund=fund)


def fold(fund: Fund) -> dict[str, int]:
    """The sums of the fund's entries by account: what its balance must show."""
    found = LedgerEntry.objects.filter(fund=fund).values_list("account").annotate(fen=Sum("fen")).order_by()
    return dict.fromkeys(Account.values, 0) | dict(found)
