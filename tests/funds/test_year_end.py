"""A fund after its last day: nothing new, what was promised in time is paid, the rest is carried over."""

import datetime as dt

import pytest

from casework.cases.models import Case
from casework.core.calendar import working_days_between
from casework.core.problems import Refused
from casework.funds import batches, carrying, lasting, ledger
from casework.funds.models import Batch, Fund, Payment, Reservation, Transaction
from casework.oversight.aside import check_reservations
from casework.oversight.ledger import check_payees, check_postings, check_told
from casework.oversight.payments import check_payments
from casework.oversight.runs import check_runs
from tests.funds.desk import STAMP, Money

pytestmark = pytest.mark.promise("M2")


def later(money: Money, day: str) -> None:
    """Go to noon of a day."""
    money.now = dt.datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(dt.UTC)


def queued(money: Money, fen: int) -> Payment:
    """A payment that waits, its account told by its case as the engine does."""
    payment = money.queued(fen)
    money.event(payment.case, "submit", {"account": payment.account_digest})
    return payment


def next_year(money: Money, **fields: object) -> Fund:
    given = {"year": 2027, "valid_until": dt.date(2027, 12, 31), **fields}
    return money.make_fund(0, **given)  # type: ignore[arg-type]


def found(money: Money) -> list[object]:
    """Where books, log and rows do not agree."""
    checks = (check_postings, check_told, check_payees, check_payments, check_reservations, check_runs)
    return [*money.broken(), *(finding for check in checks for finding in check())]


def test_nothing_is_entered_after_the_last_day(money: Money) -> None:
    later(money, "2026-12-31")
    ledger.receive(money.fund, 1, STAMP, money.now, "")
    later(money, "2027-01-01")
    with pytest.raises(Refused, match="FUND_OVER"):
        ledger.receive(money.fund, 1, STAMP, money.now, "")


def test_what_was_set_aside_in_time_is_paid_for_a_while_and_then_no_more(money: Money) -> None:
    last = lasting.last_payday(money.fund)
    assert working_days_between(money.fund.valid_until, last) == 40
    early, checked, made, waiting = (queued(money, 100) for _ in range(4))
    later(money, last.isoformat())
    money.sent(batches.make_batch(money.fund, [early.pk], money.actor("maker"), money.now))
    rows = [batches.make_batch(money.fund, [one.pk], money.actor("maker"), money.now) for one in (checked, made)]
    batches.check_batch(rows[0], money.actor("checker"), money.now, approve=True)
    later(money, (last + dt.timedelta(days=1)).isoformat())
    for act in (
        lambda: batches.make_batch(money.fund, [waiting.pk], money.actor("maker"), money.now),
        lambda: batches.check_batch(rows[1], money.actor("checker"), money.now, approve=True),
        lambda: money.export(rows[0]),
    ):
        with pytest.raises(Refused, match="FUND_OVER"):
            act()
    for row in rows:
        batches.check_batch(money.fresh(row), money.actor("checker"), money.now, approve=False, reason="资金到期退回")
    assert Payment.objects.filter(state="queued").count() == 3
    assert money.export(Batch.objects.get(payments=early)), "the file that was sent is there as before"


def test_what_was_set_aside_too_late_is_not_paid(money: Money) -> None:
    payment = queued(money, 100)
    Reservation.objects.update(made_at=dt.datetime(2027, 1, 1, 4, 0, tzinfo=dt.UTC))
    later(money, "2027-01-04")
    with pytest.raises(Refused, match="FUND_OVER"):
        batches.make_batch(money.fund, [payment.pk], money.actor("maker"), money.now)


def test_nor_does_it_become_payable_by_being_carried_over(money: Money) -> None:
    early, late = queued(money, 100), queued(money, 200)
    Reservation.objects.filter(case=late.case_id).update(made_at=dt.datetime(2027, 1, 1, 4, 0, tzinfo=dt.UTC))
    later(money, "2027-01-04")
    target = next_year(money)
    carrying.carry_waiting(money.fund, target, STAMP, money.now)
    assert list(Payment.objects.filter(fund=target).values_list("case_id", flat=True)) == [early.case_id]
    assert money.balance(target) == {"source": -100, "reserved": 100}
    with pytest.raises(Refused, match="FUND_OVER"):
        carrying.carry_waiting(money.fund, target, STAMP, money.now)
    assert Payment.objects.get(pk=late.pk).state == "queued"


def test_a_fund_without_an_end_pays(money: Money) -> None:
    endless = next_year(money, valid_until=dt.date.max)
    assert lasting.last_payday(endless) == dt.date.max
    assert lasting.unpayable(endless, [], dt.date(2030, 1, 1)) == []


def test_what_is_free_is_carried_over_and_never_what_is_set_aside(money: Money) -> None:
    queued(money, 400_000_00)
    later(money, "2027-01-04")
    target = next_year(money)
    for fen, code in ((0, "AMOUNT"), (600_000_01, "FUND_SHORT")):
        with pytest.raises(Refused, match=code):
            carrying.carry_over(money.fund, target, fen, STAMP, money.now)
    carrying.carry_over(money.fund, target, 600_000_00, STAMP, money.now, "年终结转")
    assert money.balance() == {"source": -400_000_00, "reserved": 400_000_00}
    assert money.balance(target) == {"source": -600_000_00, "available": 600_000_00}
    halves = Transaction.objects.filter(kind="carry_over").order_by("pk")
    assert [row.event.data["ledger"][0].get(side) for row, side in zip(halves, ("to", "from"), strict=True)] == [
        str(target.public_id), str(money.fund.public_id),
    ]  # fmt: skip
    for row in halves:
        with pytest.raises(Refused, match="NOT_REVERSIBLE"):
            ledger.reverse(row, STAMP, money.now)
    assert found(money) == []


@pytest.mark.parametrize("fields", [
    {"purposes": ("medical",)}, {"purposes": ("living", "medical")}, {"year": 2028}, {"year": 2026},
    {"valid_until": dt.date(2027, 1, 3)},
])  # fmt: skip
def test_money_is_carried_to_no_other_fund(money: Money, fields: dict[str, object]) -> None:
    target = next_year(money, **fields)
    later(money, "2027-01-04")
    with pytest.raises(Refused, match="FUND_TARGET"):
        carrying.carry_over(money.fund, target, 100, STAMP, money.now)


def test_nor_to_another_owner(money: Money) -> None:
    with pytest.raises(Refused, match="FUND_TARGET"):
        carrying.carry_over(money.fund, next_year(money, organisation=money.city), 100, STAMP, money.now)


@pytest.mark.promise("M3")
def test_payments_that_wait_are_carried_over_and_paid_once(money: Money) -> None:
    first, second = queued(money, 100_00), queued(money, 200_00)
    later(money, "2027-06-01")
    target = next_year(money)
    carrying.carry_waiting(money.fund, target, STAMP, money.now)
    with pytest.raises(Refused, match="NOTHING_WAITS"):
        carrying.carry_waiting(money.fund, target, STAMP, money.now)
    assert money.balance() == {"source": -999_700_00, "available": 999_700_00}
    assert money.balance(target) == {"source": -300_00, "reserved": 300_00}
    assert found(money) == []
    rows = Payment.objects.filter(fund=target, state="queued").order_by("pk")
    assert [row.number for row in rows] == [f"{first.number}-R2", f"{second.number}-R2"]
    assert [row.account_digest for row in rows] == [first.account_digest, second.account_digest]
    batch = batches.make_batch(target, [row.pk for row in rows], money.actor("maker"), money.now)
    batch, sent = money.sent(batch)
    money.take(batch, money.bank.answer(sent))
    assert money.balance(target) == {"source": -300_00, "paid": 300_00}
    assert Payment.objects.filter(state="paid").count() == 2
    assert found(money) == []


def test_a_case_that_ends_gives_back_what_was_carried_over(money: Money) -> None:
    payment = queued(money, 100_00)
    later(money, "2027-06-01")
    target = next_year(money)
    carrying.carry_waiting(money.fund, target, STAMP, money.now)
    money.release(Case.objects.get(pk=payment.case_id))
    assert money.balance(target) == {"source": -100_00, "available": 100_00}
    assert found(money) == []
