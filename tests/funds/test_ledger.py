"""Postings, balances, reversals."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from casework.audit import record
from casework.audit.models import Event
from casework.core.money import MOST_FEN
from casework.core.problems import Refused
from casework.funds import ledger
from casework.funds.models import Balance, Fund, LedgerEntry, Transaction
from tests.funds.desk import STAMP, Money


def told(money: Money, *facts: dict[str, object]) -> Event:
    """An event of the fund that tells these postings."""
    return record.record("fund", str(money.fund.public_id), "test", STAMP, {"ledger": list(facts)}, money.now)


def test_receiving_is_told_leg_by_leg_in_an_event_of_the_fund(money: Money) -> None:
    row = ledger.receive(money.fund, 5_00, STAMP, money.now, "追加")
    assert row.event.data["ledger"] == {
        "kind": "receive", "fund": str(money.fund.public_id), "fen": 5_00,
        "legs": {"source": -5_00, "available": 5_00},
    }  # fmt: skip
    assert (row.event.subject_kind, row.event.action, row.memo) == ("fund", "receive", "追加")
    assert ledger.balance(money.fund).available == 1_000_005_00 == ledger.fold(money.fund)["available"]
    assert money.broken() == []


def test_a_fund_without_a_balance_row_gets_one(money: Money) -> None:
    bare = Fund.objects.create(
        name="旧账", organisation=money.county, source="社会捐助", year=2026, valid_until=dt.date(2026, 12, 31)
    )
    assert ledger.balance(bare).available == 0
    ledger.receive(bare, 1, STAMP, money.now, "")
    assert ledger.balance(bare).available == 1


@pytest.mark.parametrize("fen", [0, -1, MOST_FEN + 1])
def test_an_amount_that_is_none_is_refused(money: Money, fen: int) -> None:
    with pytest.raises(Refused):
        ledger.receive(money.fund, fen, STAMP, money.now, "")


def test_a_memo_with_a_card_number_is_refused(money: Money) -> None:
    with pytest.raises(Refused, match="PRIVATE_DATA"):
        ledger.receive(money.fund, 100, STAMP, money.now, "转自 6210000000000012345")


@pytest.mark.parametrize(
    "legs",
    [{}, {"available": 0}, {"available": 1}, {"source": -2, "available": 1}, {"source": -1, "pocket": 1}],
)
def test_legs_that_are_no_posting_are_a_programming_error(money: Money, legs: dict[str, int]) -> None:
    with transaction.atomic(), pytest.raises(ValueError):
        ledger.post(money.fund, "receive", legs, told(money), money.now)


def test_a_posting_that_its_event_does_not_tell_is_a_programming_error(money: Money) -> None:
    legs = {"source": -5, "available": 5}
    posting = ledger.Posting(money.fund, "receive", legs)
    with transaction.atomic():
        for facts in ({}, {**posting.facts(), "kind": "allocate"}, {**posting.facts(), "legs": {"source": -4}}):
            event = told(money, facts) if facts else told(money)
            with pytest.raises(ValueError, match="does not tell"):
                ledger.post(money.fund, "receive", legs, event, money.now)
        once = told(money, posting.facts())
        with pytest.raises(ValueError, match="does not tell"):
            ledger.post_all(money.fund, [posting, posting], once, money.now)
        ledger.post(money.fund, "receive", legs, once, money.now)
    assert money.broken() == []


@pytest.mark.parametrize(
    "legs",
    [
        {"available": -1_000_000_01, "reserved": 1_000_000_01},
        {"reserved": -1, "available": 1},
        {"in_transit": -1, "paid": 1},
        {"paid": -1, "available": 1},
    ],
)
def test_no_account_goes_below_zero(money: Money, legs: dict[str, int]) -> None:
    with transaction.atomic():
        event = told(money, ledger.Posting(money.fund, "move", legs).facts())
        with pytest.raises(Refused, match="FUND_SHORT"):
            ledger.post(money.fund, "move", legs, event, money.now)
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}


@pytest.mark.django_db(transaction=True)
def test_money_never_moves_outside_a_transaction(moment: dt.datetime, transactional_db: None) -> None:
    with pytest.raises(TransactionManagementError):
        ledger.lock(Money(moment).fund)


def test_a_reversal_mirrors_the_entry_once(money: Money) -> None:
    row = ledger.receive(money.fund, 70_00, STAMP, money.now, "记错")
    before = list(LedgerEntry.objects.filter(transaction=row).values_list("account", "fen"))
    back = ledger.reverse(row, STAMP, money.now, "记错更正")
    assert back.reverses == row and back.kind == "reverse"
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}
    assert list(LedgerEntry.objects.filter(transaction=row).values_list("account", "fen")) == before
    for again in (row, back):
        with pytest.raises(Refused):
            ledger.reverse(again, STAMP, money.now, "")
    assert money.broken() == []


def test_a_receipt_that_is_already_set_aside_cannot_be_reversed(money: Money) -> None:
    money.approve(money.case(), 999_999_99)
    receipt = Transaction.objects.get(fund=money.fund, kind="receive")
    with pytest.raises(Refused, match="FUND_SHORT"):
        ledger.reverse(receipt, STAMP, money.now, "")
    assert money.broken() == []


def test_money_paid_and_recovered_may_be_spent_again(money: Money) -> None:
    batch, sent = money.exported(600_00)
    money.take(batch, money.bank.answer(sent))
    paid = Transaction.objects.get(fund=money.fund, kind="pay")
    ledger.reverse(paid, STAMP, money.now, "追回")
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}
    assert money.broken() == []


def test_money_set_aside_or_at_the_bank_is_not_reversed(money: Money) -> None:
    money.exported(600_00)
    for kind in ("reserve", "send"):
        with pytest.raises(Refused, match="NOT_REVERSIBLE"):
            ledger.reverse(Transaction.objects.get(fund=money.fund, kind=kind), STAMP, money.now, "")


def test_opening_a_fund_is_an_event(money: Money) -> None:
    event = Event.objects.get(subject_kind="fund", subject_id=str(money.fund.public_id), n=1)
    assert event.action == "open" and event.data["purposes"] == ["living"]
    assert Balance.objects.filter(fund=money.fund).exists()
