"""Promises M1, M2 and M7 under attack: raw SQL, wild runs, rivals for the last money."""
import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds import batches, ledger, reservations
from casework.funds.models import Batch, Fund, Payment, Reservation, Transaction
from tests.faults.till import everything, rows_of
from tests.faults.world import at_once, in_rounds, tally, tried
from tests.funds.desk import STAMP, Money

LEDGER_ATTACKS = [
    "UPDATE funds_ledgerentry SET fen = fen + 1",
    "UPDATE funds_ledgerentry SET account = 'paid'",
    "UPDATE funds_ledgerentry SET fen = -fen WHERE fen < 0",
    "DELETE FROM funds_ledgerentry",
    "UPDATE funds_transaction SET kind = 'receive'",
    "UPDATE funds_transaction SET memo = ''",
    "DELETE FROM funds_transaction",
    "UPDATE funds_bankresult SET sha256 = ''",
    "DELETE FROM funds_bankresult",
    "UPDATE funds_balance SET available = -1",
    "UPDATE funds_balance SET paid = paid - 100000000000",
    "DELETE FROM funds_payment",
    "DELETE FROM funds_batch",
    "DELETE FROM funds_reservation",
    "UPDATE funds_payment SET fen = fen + 1",
    "UPDATE funds_payment SET number = number || 'x'",
    "UPDATE funds_payment SET account_digest = 'x'",
    "UPDATE funds_payment SET state = 'queued'",
    "UPDATE funds_batch SET total_fen = total_fen + 1",
    "UPDATE funds_batch SET state = 'made'",
    "UPDATE funds_batch SET checker_person = maker_person",
    "UPDATE funds_reservation SET fen = fen + 1",
    "UPDATE funds_reservation SET state = 'released'",
]
TRUNCATIONS = [
    f"TRUNCATE funds_{table} CASCADE"
    for table in ("ledgerentry", "transaction", "payment", "batch", "reservation", "bankresult")
]
LEG = "INSERT INTO funds_ledgerentry (transaction_id, fund_id, account, fen) VALUES ({}, {}, 'available', {})"
POSTING = (
    "INSERT INTO funds_transaction (fund_id, kind, at, event_id, memo) VALUES ({}, 'receive', '2026-11-23', {}, '')"
)


def attack(*statements: str) -> None:
    """Run SQL in one transaction and commit it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# M1


@pytest.mark.promise("M1")
def test_raw_sql_changes_nothing_of_the_ledger(desk: Money) -> None:
    batch, sent = desk.exported(100, 200)
    desk.take(batch, desk.bank.answer(sent))
    before = everything()
    for statement in LEDGER_ATTACKS + (TRUNCATIONS if connection.vendor == "postgresql" else []):
        with pytest.raises(DatabaseError):
            attack(statement)
            pytest.fail(f"accepted: {statement}")
    assert everything() == before
    assert desk.broken() == []


@pytest.mark.promise("M1")
def test_legs_that_do_not_sum_to_zero_are_refused_at_commit(desk: Money) -> None:
    fund, event = desk.fund.pk, Event.objects.order_by("id").last()
    assert event is not None
    there = Transaction.objects.order_by("id").last()
    assert there is not None
    new = POSTING.format(fund, event.pk)
    of_new = "(SELECT MAX(id) FROM funds_transaction)"
    before = everything()
    for statements in (
        [LEG.format(there.pk, fund, 5)],
        [LEG.format(there.pk, fund, 5), LEG.format(there.pk, fund, -4)],
        [new],
        [new, LEG.format(of_new, fund, 5)],
        [new, LEG.format(of_new, fund, 5), LEG.format(of_new, fund, -6)],
        [new, LEG.format(of_new, fund, 5), LEG.format(of_new, fund, -5), LEG.format(of_new, fund, 1)],
    ):
        with pytest.raises(DatabaseError):
            attack(*statements)
            pytest.fail(f"accepted: {statements}")
    assert everything() == before
    # Balanced legs pass the wall of the database; the verifier sees that no event tells them.
    attack(new, LEG.format(of_new, fund, 5), LEG.format(of_new, fund, -5))
    assert any("ledger_differs" in line or "its event tells otherwise" in line for line in all_findings())


def all_findings() -> list[str]:
    """Findings about money beyond the invariants."""
    from casework.oversight.ledger import check_payees, check_postings

    return [str(finding) for check in (check_postings, check_payees) for finding in check()]


@pytest.mark.promise("M1")
@pytest.mark.promise("M7")
@pytest.mark.django_db
def test_the_ledger_balances_after_every_step_of_a_wild_run(money: Money, size: str) -> None:
    """A random walk over everything that moves money; I1–I4 and the log after each step."""
    for seed in range(40 if size == "L" else 3):
        walk = Walk(money, random.Random(seed))
        for _ in range(50 if size == "L" else 30):
            walk.step()
            assert money.broken() == []
        assert all_findings() == []
        assert walk.done > 8


class Walk:
    """Any move at any time; a refusal is an answer, anything else is a fault. done: how many moves were let through."""

    def __init__(self, money: Money, rng: random.Random) -> None:
        self.money, self.rng, self.done = money, rng, 0
        self.moves: list[Callable[[], Any]] = [
            self.queue, self.queue, self.make, self.make, self.check, self.check, self.export, self.export,
            self.answer, self.answer, self.correct, self.release, self.reverse, self.receive,
        ]  # fmt: skip

    def step(self) -> None:
        try:
            with transaction.atomic():
                self.rng.choice(self.moves)()
            self.done += 1
        except (Refused, reservations.NoFunds, LookupError):
            pass

    def pick(self, rows: Any) -> Any:
        return self.rng.choice(list(rows.order_by("pk")))

    def queue(self) -> None:
        self.money.queued(self.rng.randint(1, 300_000_00))

    def make(self) -> None:
        ids = list(Payment.objects.filter(state="queued", fund=self.money.fund).values_list("pk", flat=True))
        batches.make_batch(self.money.fund, ids[:3], self.money.actor("maker"), self.money.now)

    def check(self) -> None:
        batch = self.pick(Batch.objects.filter(state="made"))
        batches.check_batch(
            batch, self.money.actor("checker"), self.money.now, approve=self.rng.random() < 0.8, reason="请再核对户名"
        )

    def export(self) -> None:
        self.money.export(self.pick(Batch.objects.exclude(state="rejected")))

    def answer(self) -> None:
        batch = self.pick(Batch.objects.filter(file__isnull=False))
        sent = self.money.bytes_of(batch.file)
        numbers = [order.number for order in self.money.bank.read(sent)]
        lost = {number for number in numbers if self.rng.random() < 0.3}
        back = {number for number in numbers if self.rng.random() < 0.3}
        lines = self.money.bank.carry_out(sent, back)
        self.money.take(batch, self.money.bank.file(line for line in lines if line[0] not in lost))

    def correct(self) -> None:
        self.money.correct(self.pick(Payment.objects.filter(state="returned")))

    def release(self) -> None:
        self.money.release(self.pick(Case.objects.filter(reservations__state="open")))

    def reverse(self) -> None:
        ledger.reverse(self.pick(Transaction.objects.all()), STAMP, self.money.now, "更正")

    def receive(self) -> None:
        ledger.receive(self.money.fund, self.rng.randint(1, 500_000_00), STAMP, self.money.now, "")


# M2


ROUNDS = {"S": {50: 8, 4: 192}, "L": {50: 500, 4: 4_500}}  # rivals → rounds
HANDS = 10


@pytest.mark.promise("M2")
@pytest.mark.parametrize("count", [50, 4])
def test_of_rivals_for_the_last_money_one_wins(desk: Money, size: str, count: int) -> None:
    """Balance 10,000, 200 rounds: fifty approvals of 6,000 by ten hands at once in 8 of them, four by four in the
    others; before the next round the winner gives the money back. Three walls: the locked balance that is asked
    whether it holds so much, the update that only happens while it does, the check of the table. Seen red with the
    first two taken away: the table alone refuses, with an error instead of the answer that nothing is left."""
    fund = desk.make_fund(10_000_00, purposes=("rivals",))
    cases = desk.bare(count)

    def rival(some: list[Case], _number: int) -> list[Any]:
        return [tried(partial(desk.approve, case, 6_000_00, "rivals")) for case in some]

    def judge(_number: int, answers: list[Any]) -> None:
        assert tally(list(chain.from_iterable(answers))) == {"won": 1, "NoFunds": count - 1}
        assert desk.balance(fund) == {"source": -10_000_00, "available": 4_000_00, "reserved": 6_000_00}
        desk.release(Reservation.objects.get(fund=fund, state="open").case)

    in_rounds(ROUNDS[size][count], [partial(rival, cases[n::HANDS]) for n in range(min(HANDS, count))], judge)
    assert desk.balance(fund) == {"source": -10_000_00, "available": 10_000_00}
    assert desk.broken() == []


@pytest.mark.promise("M2")
def test_rivals_who_give_back_and_fill_up_never_overspend(desk: Money) -> None:
    holder = desk.case()
    fund = desk.make_fund(6_000_00, purposes=("living",), valid_until=dt.date(2026, 11, 24))
    desk.approve(holder, 6_000_00)
    Fund.objects.filter(pk=desk.fund.pk).update(purposes=[])
    rivals = [partial(desk.approve, desk.case(), 6_000_00) for _ in range(6)]
    answers = at_once(*rivals, partial(desk.release, holder), partial(ledger.receive, fund, 1_00, STAMP, desk.now, ""))
    found = tally(answers)
    assert found["won"] - 2 + found["NoFunds"] == 6 and found["won"] - 2 <= 1
    assert Reservation.objects.filter(fund=fund, state="open").count() == found["won"] - 2
    assert desk.broken() == []


@pytest.mark.promise("M2")
@pytest.mark.django_db
def test_no_money_off_purpose_out_of_year_or_after_its_day(money: Money) -> None:
    for purpose, year in (("medical", 2026), ("liv", 2026), ("", 2026), ("living", 2025), ("living", 2027)):
        with pytest.raises(reservations.NoFunds):
            money.approve(money.case(), 100, purpose, year)
    money.now = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(reservations.NoFunds):
        money.approve(money.case(), 100)
    assert money.balance() == {"source": -1_000_000_00, "available": 1_000_000_00}


# M7


@pytest.mark.promise("M7")
def test_rivals_who_take_an_entry_back_do_it_once(desk: Money) -> None:
    row = ledger.receive(desk.fund, 500_00, STAMP, desk.now, "记错")
    before = rows_of("funds_ledgerentry")
    answers = at_once(*[partial(ledger.reverse, row, STAMP, desk.now, "更正")] * 6)
    assert tally(answers) == {"won": 1, "409": 5}
    with pytest.raises(Refused):
        ledger.reverse(next(a for a in answers if isinstance(a, Transaction)), STAMP, desk.now, "")
    assert desk.balance()["available"] == 1_000_000_00
    assert rows_of("funds_ledgerentry")[0][: len(before[0])] == before[0]
    assert desk.broken() == []
