"""Which fund pays, and money that goes back."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds import batches, payments, reservations
from casework.funds.models import Fund, Payment, Reservation
from tests.funds.desk import Money


def chosen(money: Money, fen: int = 100, purpose: str = "living", year: int = 2026) -> Fund:
    with transaction.atomic():
        return reservations.plan(money.case(), fen, purpose, money.county, year, money.now.date()).fund


def test_the_own_fund_is_spent_before_the_one_above(money: Money) -> None:
    above = money.make_fund(500_000_00, organisation=money.city)
    assert chosen(money, 1_000_000_00) == money.fund
    money.approve(money.case(), 999_999_99)
    assert chosen(money, 2) == above


def test_the_fund_that_expires_first_is_spent_first(money: Money) -> None:
    soon = money.make_fund(100, valid_until=dt.date(2026, 11, 30))
    assert chosen(money, 100) == soon
    assert chosen(money, 101) == money.fund


@pytest.mark.parametrize(
    "why", [{"purpose": "medical"}, {"year": 2025}, {"fen": 1_000_000_01}], ids=["purpose", "year", "amount"]
)
def test_no_fund_fits(money: Money, why: dict[str, int | str]) -> None:
    with pytest.raises(reservations.NoFunds):
        chosen(money, **why)  # type: ignore[arg-type]


def test_expired_and_foreign_funds_are_not_spent(money: Money) -> None:
    Fund.objects.filter(pk=money.fund.pk).update(valid_until=dt.date(2026, 11, 22))
    money.make_fund(500, organisation=money.other)
    with pytest.raises(reservations.NoFunds):
        chosen(money)
    Fund.objects.filter(pk=money.fund.pk).update(valid_until=dt.date(2026, 11, 23))
    assert chosen(money) == money.fund


def test_no_funds_is_not_a_fault_of_the_database() -> None:
    assert not issubclass(reservations.NoFunds, DatabaseError)


def test_an_approval_sets_money_aside(money: Money) -> None:
    case = money.case()
    event = money.approve(case, 6_000_00)
    assert event.data["ledger"]["legs"] == {"available": -6_000_00, "reserved": 6_000_00}
    assert money.balance()["reserved"] == 6_000_00
    assert Reservation.objects.get(case=case).state == "open"
    assert money.broken() == []


def test_a_second_approval_gives_the_first_money_back(money: Money) -> None:
    case = money.case()
    money.approve(case, 1_000_000_00)
    money.approve(case, 900_000_00)
    assert money.balance()["reserved"] == 900_000_00
    other = money.make_fund(5_000_000_00, organisation=money.city)
    money.approve(case, 2_000_000_00)
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}
    assert money.balance(other)["reserved"] == 2_000_000_00
    assert money.broken() == []


def test_release_gives_back_and_cancels_what_waits(money: Money) -> None:
    payment = money.queued(6_000_00)
    money.release(Case.objects.get(pk=payment.case_id))
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}
    assert Payment.objects.get(pk=payment.pk).state == "cancelled"
    assert reservations.release_facts(payment.case) == []
    assert money.broken() == []


def test_release_is_refused_while_a_batch_holds_the_payment(money: Money) -> None:
    batch = money.made(6_000_00)
    case = batch.payments.get().case
    with pytest.raises(Refused, match="PAYMENT_UNDER_WAY"):
        money.release(case)
    with pytest.raises(Refused, match="PAYMENT_UNDER_WAY"):
        money.approve(case, 100)
    batches.check_batch(batch, money.actor("checker"), money.now, approve=False, reason="户名有误请核对")
    money.release(case)
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}


def test_release_must_be_told_by_its_event(money: Money) -> None:
    case = money.case()
    money.approve(case, 100)
    with pytest.raises(ValueError, match="does not tell"), transaction.atomic():
        reservations.release(case, money.event(case, "withdraw", {}), money.now)
    assert money.balance()["reserved"] == 100


def test_queueing_twice_gives_one_payment(money: Money) -> None:
    payment = money.queued(100)
    assert payment.number == f"{payment.case.number}-01"
    assert payments.queue_payment(payment.case, money.event(payment.case, "again", {}), money.now) == payment


def test_a_cancelled_payment_is_replaced_under_another_number(money: Money) -> None:
    payment = money.queued(100)
    event = money.event(payment.case, "cancel", {})
    payments.cancel(payment, event, money.now)
    again = payments.queue_payment(payment.case, event, money.now)
    assert again.number == f"{payment.number}-R2"
    with pytest.raises(Refused, match="PAYMENT_UNDER_WAY"):
        payments.cancel(payment, event, money.now)
    assert money.broken() == []


def test_no_payment_without_reserved_money_or_account(money: Money) -> None:
    case = money.case()
    event = money.event(case, "x", {})
    with pytest.raises(Refused, match="NOT_RESERVED"):
        payments.queue_payment(case, event, money.now)
    case.account = None
    with pytest.raises(Refused, match="NO_ACCOUNT"):
        payments.queue_payment(case, event, money.now)


def test_only_a_returned_payment_gets_a_new_account_and_only_of_its_payee(money: Money) -> None:
    batch, sent = money.exported(100, 200)
    first, second = batch.payments.order_by("id")
    money.take(batch, money.bank.answer(sent, returned={first.number}))
    event = money.event(first.case, "new_card", {})
    with pytest.raises(Refused, match="NOT_RETURNED"):
        payments.correct_account(second, money.account(second.payee), event, money.now)
    with pytest.raises(Refused, match="OTHER_PAYEE"):
        payments.correct_account(first, money.account(second.payee), event, money.now)
    again = money.correct(first)
    with pytest.raises(Refused, match="ALREADY_QUEUED"):
        payments.correct_account(first, money.account(first.payee), event, money.now)
    assert payments.correct_account(first, again.account, event, money.now) == again
