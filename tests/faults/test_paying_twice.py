"""Promise M3 under attack: the same payment made, sent, answered and corrected again by everybody, at once and after a
death. test_nobody_of_a_thousand_is_paid_twice goes all the way with many; the others show each wall by itself."""
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds import batches, payments, reconcile
from casework.funds.models import BankResult, Batch, Payment, Transaction
from tests.faults.dying import COMMIT, DIED, every_death, run_dying
from tests.faults.till import everything
from tests.faults.world import at_once, tally
from tests.funds.desk import Money

PAYDAYS, PEOPLE, BACK = {"S": 10, "L": 500}, 100, 3


class Payday:
    """A hundred people on one day, from their approved cases to the bank's answer. Whatever can be done twice is done
    twice at least, and whoever does it dies before. files: what ever left for the bank."""

    def __init__(self, desk: Money) -> None:
        self.desk = desk
        self.accounts = [desk.account(desk.person()) for _ in range(PEOPLE)]
        self.files: set[bytes] = set()
        self.other = b""

    def held(self, number: int) -> None:
        """The day of this number: the amounts differ by case, the people are those of every other day."""
        cases = self.desk.approved(*(1_00 + n for n in range(PEOPLE)), accounts=self.accounts)
        delivered = at_once(*[partial(self.queue, cases)] * 5)
        assert tally(delivered) == {"won": 5} and len({tuple(ids) for ids in delivered}) == 1
        batch, sent = self.sent(delivered[0])
        self.answered(batch, sent, number)

    def queue(self, cases: list[Case]) -> list[int]:
        """What the task of each case does, under the lock of the door."""
        event = Event.objects.latest("id")
        with transaction.atomic():
            locked = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk").select_for_update()
            return [payments.queue_payment(case, event, self.desk.now).pk for case in locked]

    def sent(self, ids: list[int]) -> tuple[Batch, bytes]:
        """Two make the batch, two cashiers fetch its file, twice each, after two deaths at the COMMIT."""
        desk = self.desk
        made = at_once(*(partial(batches.make_batch, desk.fund, ids, desk.actor(who), desk.now)
                         for who in ("maker", "maker_2")))  # fmt: skip
        assert tally(made) == {"won": 1, "409": 1}
        batch = Batch.objects.latest("id")
        batches.check_batch(batch, desk.actor("checker"), desk.now, approve=True)
        fetch = [partial(batches.export_batch, batch, desk.actor(who), desk.now) for who in ("checker", "checker_2")]
        self.dies(fetch[0])
        files = {desk.bytes_of(document) for document in at_once(*fetch, *fetch)}
        assert len(files) == 1
        self.files |= files
        return desk.fresh(batch), files.pop()

    def answered(self, batch: Batch, sent: bytes, number: int) -> None:
        """The answer comes in halves or, every other day, whole; each file is taken twice at once, the first after two
        deaths, and all of it once more shuffled. The answer to the batch before is none to this."""
        numbers = [order.number for order in self.desk.bank.read(sent)]
        back = set(numbers[:BACK]) if len(numbers) == PEOPLE else set()
        bank = self.desk.bank
        files = [bank.answer(sent, back)] if number % 2 else bank.parts(sent, 2, back)
        if self.other:
            with pytest.raises(Refused, match="RESULT_LINE"):
                self.desk.take(batch, self.other)
        self.dies(partial(self.desk.take, batch, files[0]))
        for data in files:
            results = at_once(*[partial(self.desk.take, batch, data)] * 2)
            assert len({result.pk for result in results}) == 1
        self.desk.take(batch, bank.shuffled(sent, back, number))
        assert self.desk.fresh(batch).state == "reconciled"
        self.other = bank.shuffled(sent, back, number + 1_000)

    @staticmethod
    def dies(action: Callable[[], Any]) -> None:
        """Killed just before the COMMIT, then, done again, just after it: nobody heard an answer."""
        for after in (False, True):
            assert run_dying(action, COMMIT, after=after)[0] == DIED

    def corrected(self) -> list[int]:
        """The new card of each payee whose payment came back is noted twice; one payment comes of it."""
        waiting = list(Payment.objects.filter(state="returned").order_by("pk"))
        for payment in waiting:
            self.desk.correct(payment)
            with pytest.raises(Refused, match="ALREADY_QUEUED"):
                self.desk.correct(payment)
        again = list(Payment.objects.filter(state="queued").values_list("pk", flat=True))
        assert len(again) == len(waiting)
        return again


@pytest.mark.promise("M3")
def test_nobody_of_a_thousand_is_paid_twice(desk: Money, size: str) -> None:
    """Ten batches of a hundred payments to the same hundred people, three of each batch returned by the bank and paid
    to another card: 1,030 payments (L: 51,500), each of 1,000 cases paid once by the bank and once in the ledger.
    Approval is written in bulk, everything from the queue on goes through the doors. Seen red with the look at payments
    that lie in a batch already taken away: two makers had one each."""
    payday = Payday(desk)
    for number in range(PAYDAYS[size]):
        payday.held(number)
    again = payday.corrected()
    for place in range(0, len(again), PEOPLE - 1):
        payday.answered(*payday.sent(again[place : place + PEOPLE - 1]), number=place)
    cases = PAYDAYS[size] * PEOPLE
    case_of = dict(Payment.objects.values_list("number", "case_id"))
    assert len(case_of) == cases + PAYDAYS[size] * BACK
    in_files = Counter(order.number for file in payday.files for order in desk.bank.read(file))
    by_bank = Counter(case_of[number] for number in desk.bank.paid)
    in_ledger = Counter(Transaction.objects.filter(kind="pay").values_list("case_id", flat=True))
    assert in_files == dict.fromkeys(case_of, 1)
    assert by_bank == in_ledger == dict.fromkeys(Case.objects.values_list("pk", flat=True), 1)
    due = PAYDAYS[size] * sum(1_00 + n for n in range(PEOPLE))
    assert desk.balance() == {"source": -1_000_000_00, "available": 1_000_000_00 - due, "paid": due}
    assert desk.broken() == []


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
def test_a_death_at_any_statement_of_sending_sends_once(desk: Money, size: str) -> None:
    batch = desk.made(100, 200)
    batches.check_batch(batch, desk.actor("checker"), desk.now, approve=True)
    cashier = desk.actor("checker")

    def whole_or_nothing(_finished: bool) -> None:
        sent = Transaction.objects.filter(kind="send").count()
        assert sent in (0, 2)
        assert (desk.fresh(batch).file is not None) == bool(sent)

    send = partial(batches.export_batch, batch, cashier, desk.now)
    assert every_death(send, whole_or_nothing, both=size == "L") > 10
    assert desk.balance()["in_transit"] == 300
    assert desk.broken() == []


@pytest.mark.promise("M3")
@pytest.mark.promise("C1")
def test_a_death_at_any_statement_of_the_answer_counts_it_once(desk: Money, size: str) -> None:
    batch, sent = desk.exported(100, 200)
    first = batch.payments.order_by("id")[0]
    data = desk.bank.answer(sent, returned={first.number})

    def whole_or_nothing(_finished: bool) -> None:
        counts = BankResult.objects.count(), Transaction.objects.filter(kind__in=("pay", "return")).count()
        assert counts in ((0, 0), (1, 2))

    assert every_death(partial(desk.take, batch, data), whole_or_nothing, both=size == "L") > 10
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
