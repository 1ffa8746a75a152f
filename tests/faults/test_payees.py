"""Promises M4, M5 and M6 under attack: an exchanged account, the wrong hands, sums that do not agree."""
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds import batches, payments, reconcile
from casework.funds.models import BankResult, Batch, LedgerEntry, Payment, Transaction
from casework.people.models import BankAccount
from casework.people.persons import account_digest
from tests.faults.tamper import triggers_off
from tests.funds.desk import Money

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
    event = Event.objects.latest("id")
    cases = money.approved(*[1_000 + n for n in range(100)])
    ids = [payments.queue_payment(case, event, money.now).pk for case in cases]
    batch, sent = money.sent(batches.make_batch(money.fund, ids, money.actor("maker"), money.now))
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
