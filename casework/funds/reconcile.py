"""Roster, ledger and bank set beside each other, line by line (promise M6). Reads only: the ledger's side comes from
its entries, the bank's side from the stored result files, not from what was made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.core.problems import Refused, Words
from casework.documents import store
from casework.funds import bank_layouts
from casework.funds.bank_layouts import Row
from casework.funds.models import Batch, LedgerEntry, Payment, PaymentState

SENT = ("exported", "reconciled")
OUTCOME = {"pay": "paid", "return": "returned"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that does not agree. The three sides in fen, None where a side is silent."""

    number: str
    roster_fen: int | None
    ledger_fen: int | None
    bank_fen: int | None
    words: Words


@dataclass(frozen=True, slots=True)
class Sums:
    """roster: what was to be paid; ledger, bank: what is settled, paid and returned together; in fen."""

    roster_fen: int
    ledger_fen: int
    bank_fen: int
    paid_fen: int
    returned_fen: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Do all three sides agree in every line?"""
        return not self.differences and self.roster_fen == self.ledger_fen == self.bank_fen

    def facts(self) -> dict[str, Any]:
        """The sums for an event."""
        return {
            "roster_fen": self.roster_fen,
            "ledger_fen": self.ledger_fen,
            "bank_fen": self.bank_fen,
            "paid_fen": self.paid_fen,
            "returned_fen": self.returned_fen,
        }


Side = dict[str, tuple[str, int]]  # payment number → (outcome, fen)


def reconcile(batch: Batch) -> Sums:
    """Compare the three sides of a batch. Before it is sent there is nothing to differ from."""
    roster = {p.number: (_outcome(p), p.fen) for p in Payment.objects.filter(batch=batch).order_by("pk")}
    ledger = _ledger_side(batch)
    bank, unreadable = _bank_side(batch)
    found = list(_differences(batch, roster, ledger, bank)) if batch.state in SENT else []
    return Sums(
        roster_fen=sum(fen for _outcome, fen in roster.values()),
        ledger_fen=sum(fen for _outcome, fen in ledger.values()),
        bank_fen=sum(fen for _outcome, fen in bank.values()),
        paid_fen=sum(fen for outcome, fen in ledger.values() if outcome == "paid"),
        returned_fen=sum(fen for outcome, fen in ledger.values() if outcome == "returned"),
        differences=(*found, *unreadable),
    )


def _outcome(payment: Payment) -> str:
    return payment.state if payment.state in (PaymentState.PAID, PaymentState.RETURNED) else ""


def _ledger_side(batch: Batch) -> Side:
    """What the ledger paid or took back for each payment; the number stands in the memo of the posting."""
    events = Event.objects.filter(subject_kind="batch", subject_id=str(batch.public_id)).values("pk")
    rows = LedgerEntry.objects.filter(
        transaction__event__in=events, transaction__kind__in=OUTCOME, fund=batch.fund_id, fen__gt=0
    )
    side: Side = {}
    for number, kind, fen in rows.values_list("transaction__memo", "transaction__kind", "fen"):
        before = side.get(number, ("", 0))[1]
        side[number] = (OUTCOME[kind], before + fen)
    return side


def _bank_side(batch: Batch) -> tuple[Side, list[Difference]]:
    side: Side = {}
    unreadable: list[Difference] = []
    for result in batch.results.select_related("document").order_by("pk"):
        try:
            with store.open_file(result.document) as file:
                rows: Iterable[Row] = bank_layouts.layout().read(file.read())
        except (OSError, Refused):
            words = str(_("the result file %(name)s cannot be read")) % {"name": result.document.name}
            unreadable.append(Difference("", None, None, None, words))
            continue
        for row in rows:
            side[row.number] = ("paid" if row.paid else "returned", row.fen)
    return side, unreadable


def _differences(batch: Batch, roster: Side, ledger: Side, bank: Side) -> Iterable[Difference]:
    for number in sorted({*roster, *ledger, *bank}):
        words = _words(roster.get(number), ledger.get(number), bank.get(number))
        if words:
            yield Difference(number, _fen(roster, number), _fen(ledger, number), _fen(bank, number), words)
    told = sum(fen for _outcome, fen in roster.values())
    if batch.total_fen != told or batch.count != len(roster):
        yield Difference("", batch.total_fen, told, None, _("the batch is not the sum of its payments"))


def _words(roster: tuple[str, int] | None, ledger: tuple[str, int] | None, bank: tuple[str, int] | None) -> Words:
    if roster is None:
        return _("not in the batch")
    if bank is None and ledger is None:
        return _("the bank has not answered")
    if bank is None:
        return _("the bank's files do not name it")
    if ledger is None:
        return _("the ledger does not hold it")
    return "" if roster == ledger == bank else _("amount or outcome differ")


def _fen(side: Side, number: str) -> int | None:
    return side[number][1] if number in side else None
