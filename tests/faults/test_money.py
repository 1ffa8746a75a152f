"""Promises M1–M7 under attack: raw SQL, rivals, repeats, deaths, wrong hands, wrong files."""

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds import batches, ledger, reconcile, reservations
from casework.funds.models import BankResult, Batch, Fund, LedgerEntry, Payment, Reservation, Transaction
from casework.people.models import BankAccount
from tests.faults.dying import every_death
from tests.faults.tamper import triggers_off
from tests.faults.world import at_once, tally
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


@pytest.fixture
def desk(transactional_db: None, moment: dt.datetime) -> Money:
    """A finance desk whose work is really committed."""
    return Money(moment)


@pytest.fixture
def money(db: None, moment: dt.datetime) -> Money:
    """A finance desk inside the transaction of the test."""
    return Money(moment)


def rows_of(*tables: str) -> list[Any]:
    """Every row of these tables."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found.append(cursor.fetchall())
    return found


def everything() -> list[Any]:
    """Every row that says where money is."""
    names = ("transaction", "ledgerentry", "balance", "payment", "batch", "reservation", "bankresult")
    return rows_of(*(f"funds_{name}" for name in names))


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


@pytest.mark.promise("M2")
def test_of_fifty_rivals_for_the_last_money_one_wins(desk: Money, size: str) -> None:
    """Balance 10,000, fifty approvals of 6,000, two in each of 25 threads."""
    for _round in range(100 if size == "L" else 4):
        purpose = f"rivals-{_round}"
        fund = desk.make_fund(10_000_00, purposes=(purpose,))
        cases = [desk.case() for _ in range(50)]
        outcomes: list[Any] = []

        def rival(pair: list[Case], purpose: str = purpose, outcomes: list[Any] = outcomes) -> None:
            for case in pair:
                try:
                    outcomes.append(desk.approve(case, 6_000_00, purpose))
                except Exception as error:
                    outcomes.append(error)

        at_once(*(partial(rival, cases[n : n + 2]) for n in range(0, 50, 2)))
        assert tally(outcomes) == {"won": 1, "NoFunds": 49}
        assert desk.balance(fund) == {"source": -10_000_00, "available": 4_000_00, "reserved": 6_000_00}
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


# M3


@pytest.mark.promise("M3")
def test_two_makers_never_batch_one_payment_twice(desk: Money) -> None:
    ids = [desk.queued(100).pk for _ in range(3)]
    makers = [desk.actor(who) for who in ("maker", "maker_2")] * 4
    answers = at_once(*(partial(batches.make_batch, desk.fund, ids, maker, desk.now) for maker in makers))
    assert tally(answers) == {"won": 1, "409": 7}
    assert Batch.objects.count() == 1
    assert desk.broken() == []


@pytest.mark.promise("M3")
def test_one_file_leaves_however_often_it_is_exported(desk: Money) -> None:
    batch = desk.made(100, 200)
    batches.check_batch(batch, desk.actor("checker"), desk.now, approve=True)
    cashiers = [desk.actor(who) for who in ("checker", "checker_2")] * 4
    documents = at_once(*(partial(batches.export_batch, batch, cashier, desk.now) for cashier in cashiers))
    assert tally(documents) == {"won": 8}
    assert len({document.pk for document in documents}) == 1
    assert len({desk.bytes_of(document) for document in documents}) == 1
    assert desk.balance()["in_transit"] == 300
    assert Transaction.objects.filter(kind="send").count() == 2
    assert desk.broken() == []


@pytest.mark.promise("M3")
def test_the_same_answer_many_times_at_once_counts_once(desk: Money) -> None:
    batch, sent = desk.exported(100, 200)
    data = desk.bank.answer(sent)
    told: list[str] = []
    take = partial(desk.take, batch, data, on_outcome=lambda payment, _event: told.append(payment.number))
    answers = at_once(*[take] * 6)
    assert tally(answers) == {"won": 6} and len({result.pk for result in answers}) == 1
    assert sorted(told) == sorted(batch.payments.values_list("number", flat=True))
    assert desk.balance()["paid"] == 300
    assert desk.broken() == []


@pytest.mark.promise("M3")
@pytest.mark.promise("C1")
def test_a_death_at_any_statement_of_sending_sends_once(desk: Money) -> None:
    batch = desk.made(100, 200)
    batches.check_batch(batch, desk.actor("checker"), desk.now, approve=True)
    cashier = desk.actor("checker")

    def whole_or_nothing(_finished: bool) -> None:
        sent = Transaction.objects.filter(kind="send").count()
        assert sent in (0, 2)
        assert (desk.fresh(batch).file is not None) == bool(sent)

    places = every_death(partial(batches.export_batch, batch, cashier, desk.now), whole_or_nothing)
    assert places > 20
    assert desk.balance()["in_transit"] == 300
    assert desk.broken() == []


@pytest.mark.promise("M3")
@pytest.mark.promise("C1")
def test_a_death_at_any_statement_of_the_answer_counts_it_once(desk: Money) -> None:
    batch, sent = desk.exported(100, 200)
    first = batch.payments.order_by("id")[0]
    data = desk.bank.answer(sent, returned={first.number})

    def whole_or_nothing(_finished: bool) -> None:
        counts = BankResult.objects.count(), Transaction.objects.filter(kind__in=("pay", "return")).count()
        assert counts in ((0, 0), (1, 2))

    assert every_death(partial(desk.take, batch, data), whole_or_nothing) > 20
    assert desk.balance() == {"source": -1_000_000_00, "available": 999_997_00, "reserved": 100, "paid": 200}
    assert desk.broken() == []


@pytest.mark.promise("M3")
@pytest.mark.django_db
def test_answers_in_any_order_and_in_parts(money: Money) -> None:
    for seed, parts in ((1, 1), (2, 2), (3, 2)):
        batch, sent = money.exported(*[100 + n for n in range(7)])
        back = {batch.payments.order_by("id")[3].number}
        files = [money.bank.shuffled(sent, back, seed)] if parts == 1 else money.bank.parts(sent, parts, back)
        for data in [*files, *files]:
            money.take(batch, data)
        assert money.fresh(batch).state == "reconciled"
        assert batch.payments.filter(state="paid").count() == 6
        assert batch.results.count() == parts
        assert money.broken() == []


@pytest.mark.promise("M3")
@pytest.mark.django_db
def test_a_silent_bank_makes_the_outcome_unknown_and_nobody_pays_again(money: Money) -> None:
    batch, sent = money.exported(100, 200, 300)
    lost = batch.payments.order_by("id")[0]
    money.take(batch, money.bank.without(sent, {lost.number}))
    lost.refresh_from_db()
    assert lost.state == "exported"
    money.take(batch, money.bank.file(money.bank.carry_out(sent)[1:2]))
    lost.refresh_from_db()
    assert lost.state == "outcome_unknown" and money.fresh(batch).state == "exported"
    with pytest.raises(Refused, match="PAYMENT_TAKEN"):
        batches.make_batch(money.fund, [lost.pk], money.actor("maker"), money.now)
    with pytest.raises(Refused, match="NOT_RETURNED"):
        money.correct(lost)
    assert [d.number for d in reconcile.reconcile(money.fresh(batch)).differences] == [lost.number]
    Case.objects.filter(pk=lost.case_id).update(account=lost.account)
    money.take(batch, money.bank.file(money.bank.carry_out(sent)[:1]))
    assert money.fresh(batch).state == "reconciled"
    assert money.balance()["paid"] == 600
    assert money.broken() == []


def complaints(money: Money, batch: Batch, data: bytes) -> list[str]:
    """With what the file is refused: code and line; nothing may have changed."""
    before = everything()
    with pytest.raises(Refused) as refused:
        money.take(batch, data)
    assert everything() == before
    return [f"{problem.code} {problem.place}" for problem in refused.value.problems]


@pytest.mark.promise("M3")
@pytest.mark.promise("M6")
@pytest.mark.django_db
def test_a_file_that_is_not_the_answer_to_this_batch_changes_nothing(money: Money) -> None:
    batch, sent = money.exported(100, 200)
    other, other_sent = money.exported(100, 200)
    numbers = list(batch.payments.order_by("id").values_list("number", flat=True))
    assert complaints(money, batch, money.bank.answer(other_sent)) == ["RESULT_LINE 2", "RESULT_LINE 3"]
    for yuan in ("2.01", "1.99", "0", "-2.00", "200"):
        assert complaints(money, batch, money.bank.changed(sent, numbers[1], yuan)) == ["RESULT_LINE 3"]
    lines = money.bank.carry_out(sent)
    extra = ("LA611002-2026-999999-01", "1.00", "成功", "", "")
    assert complaints(money, batch, money.bank.file([*lines, extra])) == ["RESULT_LINE 4"]
    assert complaints(money, batch, money.bank.file([*lines, lines[0]])) == ["RESULT_LINE 2", "RESULT_LINE 4"]
    assert complaints(money, batch, money.bank.garbage()) == ["RESULT_ENCODING "]
    money.take(other, money.bank.answer(other_sent))
    assert complaints(money, batch, money.bank.answer(other_sent))[0].startswith("OTHER_BATCH")
    money.take(batch, money.bank.answer(sent))
    contradiction = money.bank.answer(sent, returned={numbers[0]})
    assert complaints(money, batch, contradiction) == ["RESULT_LINE 2"]
    assert money.broken() == []


@pytest.mark.promise("M3")
@pytest.mark.django_db
def test_the_database_holds_one_live_payment_a_case_and_instalment(money: Money) -> None:
    payment = money.queued(100)
    payment.pk, payment.number, payment.public_id = None, "another", "6a1f4b0e-0000-4000-8000-000000000001"
    with pytest.raises(DatabaseError), transaction.atomic():
        payment.save(force_insert=True)


# M4


@pytest.mark.promise("M4")
@pytest.mark.django_db
@pytest.mark.parametrize("moment_of_change", ["queue", "make", "check", "export"])
@pytest.mark.parametrize("change", ["card", "holder", "case", "payment"])
def test_an_exchanged_account_stops_the_payment_wherever_it_is_exchanged(
    money: Money, moment_of_change: str, change: str
) -> None:
    case = money.case()
    approved = case.account
    assert approved is not None
    thief = money.account(money.person("王五"))

    def exchange() -> None:
        with triggers_off():
            if change in ("card", "holder"):
                stolen = {"card_hash": thief.card_hash} if change == "card" else {"holder": "王五"}
                BankAccount.objects.filter(pk=approved.pk).update(**stolen)
            elif change == "case" or moment_of_change == "queue":
                Case.objects.filter(pk=case.pk).update(account=thief)
            else:
                Payment.objects.filter(case=case).update(account=thief)

    from casework.funds import payments
    from casework.people.persons import account_digest

    money.event(case, "submit", {"account": account_digest(approved)})
    event = money.approve(case, 100)
    stages: list[tuple[str, Callable[[], Any]]] = [
        ("queue", lambda: payments.queue_payment(Case.objects.get(pk=case.pk), event, money.now)),
        ("make", lambda: batches.make_batch(
            money.fund, list(Payment.objects.values_list("pk", flat=True)), money.actor("maker"), money.now)),
        ("check", lambda: batches.check_batch(Batch.objects.get(), money.actor("checker"), money.now, approve=True)),
        ("export", lambda: batches.export_batch(Batch.objects.get(), money.actor("checker"), money.now)),
    ]  # fmt: skip
    with pytest.raises(Refused, match="ACCOUNT_CHANGED") as refused:
        for name, act in stages:
            if name == moment_of_change:
                exchange()
            act()
    assert refused.value.problems[0].params["payment"] == f"{case.number}-01"
    assert not Transaction.objects.filter(kind="send").exists()


# M5


@pytest.mark.promise("M5")
@pytest.mark.django_db
def test_maker_checker_decider_and_payee_are_different_persons(money: Money) -> None:
    person = money.users["maker"].person
    assert person is not None
    money.hire("maker", "cashier", money.county)
    money.hire("maker_twin", "cashier", money.county, person)
    batch = money.made(100)
    case = batch.payments.get().case_id
    checker = money.users["checker"].person_id
    attempts: dict[str, Callable[[], Any]] = {
        "the maker himself": lambda: check(money, batch, "maker"),
        "his second login": lambda: check(money, batch, "maker_twin"),
        "a decider of the case": lambda: check(money, batch, "checker", {case: {checker}}),
        "a decider as maker": lambda: batches.make_batch(
            money.fund, [(p := money.queued(100)).pk], money.actor("maker"), money.now, barred={p.case_id: [person.pk]}
        ),
        "the payee as maker": lambda: batches.make_batch(
            money.fund, [money.queued(100, person).pk], money.actor("maker"), money.now
        ),
    }
    for what, attempt in attempts.items():
        with pytest.raises(Refused) as refused:
            attempt()
            pytest.fail(f"let through: {what}")
        assert refused.value.status == 403, what
    own = batches.make_batch(
        money.fund, [money.queued(100, money.users["checker"].person).pk], money.actor("maker_2"), money.now
    )
    with pytest.raises(Refused, match="OWN_PAYMENT"):
        check(money, own, "checker")
    check(money, own, "checker_2")
    with pytest.raises(Refused, match="OWN_PAYMENT"):
        money.export(own)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(checker_person=person.pk)
    assert money.fresh(batch).state == "made"
    check(money, batch, "checker", {case: {person.pk}})
    assert money.broken() == []


def check(money: Money, batch: Batch, who: str, barred: dict[int, set[int]] | None = None) -> Batch:
    """Check a batch as this person."""
    return batches.check_batch(batch, money.actor(who), money.now, approve=True, barred=barred)


# M6


@pytest.mark.promise("M6")
@pytest.mark.django_db
def test_three_of_a_hundred_returned_and_every_difference_shown(money: Money) -> None:
    batch, sent = money.exported(*[1_000 + n for n in range(100)])
    numbers = list(batch.payments.order_by("id").values_list("number", flat=True))
    back = set(numbers[10:13])
    money.take(batch, money.bank.file(
        line for line in money.bank.carry_out(sent, back) if line[0] not in (numbers[0], numbers[99])))  # fmt: skip
    sums = reconcile.reconcile(money.fresh(batch))
    assert [d.number for d in sums.differences] == [numbers[0], numbers[99]] and not sums.agrees
    assert money.fresh(batch).state == "exported"
    money.take(batch, money.bank.file(line for line in money.bank.carry_out(sent, back) if line[0] in numbers))
    sums = reconcile.reconcile(money.fresh(batch))
    assert sums.agrees and money.fresh(batch).state == "reconciled"
    assert sums.returned_fen == 1_010 + 1_011 + 1_012
    assert sums.roster_fen == sums.ledger_fen == sums.bank_fen == sum(range(1_000, 1_100))
    assert money.broken() == []


@pytest.mark.promise("M6")
@pytest.mark.parametrize("side", ["roster", "ledger", "bank"])
def test_a_side_that_was_tampered_with_shows_by_line(desk: Money, side: str) -> None:
    batch, sent = desk.exported(100, 200)
    desk.take(batch, desk.bank.answer(sent))
    first = batch.payments.order_by("id")[0]
    with triggers_off():
        if side == "roster":
            Payment.objects.filter(pk=first.pk).update(fen=101)
        elif side == "ledger":
            LedgerEntry.objects.filter(transaction__memo=first.number, account="paid").update(fen=101)
        else:
            BankResult.objects.update(document=desk.fresh(batch).file)
    sums = reconcile.reconcile(desk.fresh(batch))
    assert not sums.agrees
    assert first.number in {difference.number for difference in sums.differences}


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
