"""A payment run from the queue to the reconciled batch."""

import datetime as dt

import pytest

from casework.access.models import RoleAssignment, Substitution, User
from casework.audit.models import Event
from casework.cases.models import Case, CaseParty
from casework.core.problems import Refused
from casework.funds import batches, reconcile
from casework.funds.models import BankResult, Batch, Payment, Transaction
from casework.oversight.files import check_batches
from casework.oversight.ledger import check_payees, check_postings
from casework.people.kin import declare
from casework.people.models import BankAccount
from tests.funds.desk import STAMP, Money


def refusal(money: Money, who: str, payments: list[int] | Batch, **more: object) -> tuple[str, int]:
    """The code with which making (of payment ids) or checking (a batch) is refused."""
    with pytest.raises(Refused) as refused:
        if isinstance(payments, Batch):
            batches.check_batch(payments, money.actor(who), money.now, approve=True, **more)  # type: ignore[arg-type]
        else:
            batches.make_batch(money.fund, payments, money.actor(who), money.now, **more)  # type: ignore[arg-type]
    return refused.value.problems[0].code, refused.value.status


def test_a_run_from_queue_to_reconciled(money: Money) -> None:
    batch, sent = money.exported(600_00, 1_000_05)
    assert money.balance()["in_transit"] == 1_600_05
    told: list[tuple[str, str]] = []
    result = money.take(batch, money.bank.answer(sent), on_outcome=lambda p, _event: told.append((p.number, p.state)))
    assert result.summary["paid"] == 2
    assert told == [(p.number, "paid") for p in batch.payments.order_by("id")]
    assert money.fresh(batch).state == "reconciled"
    assert money.balance() == {"source": -1_000_000_00, "available": 998_399_95, "paid": 1_600_05}
    sums = reconcile.reconcile(money.fresh(batch))
    assert sums.agrees and sums.roster_fen == sums.ledger_fen == sums.bank_fen == 1_600_05
    actions = Event.objects.filter(subject_kind="batch").order_by("n").values_list("action", flat=True)
    assert list(actions) == ["make", "check", "export", "result", "reconcile"]
    assert money.broken() == []
    assert [*check_batches(), *check_postings(), *check_payees()] == []


def test_every_posting_of_a_run_names_its_case_and_payment(money: Money) -> None:
    batch, sent = money.exported(100, 200)
    money.take(batch, money.bank.answer(sent))
    rows = Transaction.objects.filter(kind__in=("send", "pay")).values_list("kind", "memo", "case_id")
    payments = batch.payments.values_list("number", "case_id")
    assert sorted(rows) == sorted((kind, *row) for kind in ("send", "pay") for row in payments)


def test_a_returned_payment_is_paid_to_another_account(money: Money) -> None:
    batch, sent = money.exported(600_00, 700_00)
    first = batch.payments.order_by("id")[0]
    money.take(batch, money.bank.answer(sent, returned={first.number}))
    first.refresh_from_db()
    assert (first.state, first.return_code, first.return_words) == ("returned", "OTHER", "R03")
    assert money.balance()["reserved"] == 600_00
    assert money.broken() == []
    again = money.correct(first)
    assert again.number == f"{first.number}-R2"
    second = batches.make_batch(money.fund, [again.pk], money.actor("maker"), money.now)
    batches.check_batch(second, money.actor("checker"), money.now, approve=True)
    money.take(second, money.bank.answer(money.bytes_of(money.export(second))))
    assert Payment.objects.get(pk=again.pk).state == "paid"
    assert money.fresh(batch).state == money.fresh(second).state == "reconciled"
    assert money.balance()["paid"] == 1_300_00 and "reserved" not in money.balance()
    assert money.broken() == []


def test_batches_are_numbered_by_place_and_year(money: Money) -> None:
    assert [money.made(100).number for _ in range(2)] == ["P611002-2026-00001", "P611002-2026-00002"]


def test_choosing_payments(money: Money) -> None:
    payment = money.queued(100)
    foreign = of_another_fund(money)
    assert refusal(money, "maker", []) == ("NOTHING_CHOSEN", 422)
    assert refusal(money, "maker", list(range(batches.MOST + 1))) == ("BATCH_TOO_LARGE", 422)
    assert refusal(money, "maker", [payment.pk, foreign.pk]) == ("OTHER_FUND", 409)
    assert refusal(money, "checker", [payment.pk]) == ("NO_DUTY", 403)
    batches.make_batch(money.fund, [payment.pk], money.actor("maker"), money.now)
    assert refusal(money, "maker_2", [payment.pk]) == ("PAYMENT_TAKEN", 409)


def of_another_fund(money: Money) -> Payment:
    """A payment of another fund."""
    money.make_fund(500, valid_until=dt.date(2026, 11, 25))
    return money.queued(500)


def test_a_rejected_batch_frees_its_payments(money: Money) -> None:
    batch = money.made(100, 200)
    checker = money.actor("checker")
    with pytest.raises(Refused, match="REASON"):
        batches.check_batch(batch, checker, money.now, approve=False, reason="  no ")
    with pytest.raises(Refused, match="PRIVATE_DATA"):
        batches.check_batch(batch, checker, money.now, approve=False, reason="卡号 6210000000000012345 不符")
    batches.check_batch(batch, checker, money.now, approve=False, reason="户名与身份证不符")
    assert money.fresh(batch).state == "rejected"
    waiting = list(Payment.objects.filter(state="queued", batch=None))
    assert len(waiting) == 2
    again = batches.make_batch(money.fund, [p.pk for p in waiting], money.actor("maker"), money.now)
    assert again.total_fen == 300
    assert refusal(money, "checker", batch) == ("BATCH_MOVED", 409)
    with pytest.raises(Refused, match="BATCH_MOVED"):
        money.export(batch)


def test_nothing_leaves_unchecked(money: Money) -> None:
    batch = money.made(100)
    with pytest.raises(Refused, match="BATCH_MOVED"):
        money.export(batch)
    with pytest.raises(Refused, match="BATCH_MOVED"):
        money.take(batch, money.bank.file([(batch.payments.get().number, "1", "成功", "", "")]))


def test_a_cashier_of_another_county_does_nothing(money: Money) -> None:
    batch = money.made(100)
    assert refusal(money, "far", batch) == ("NO_DUTY", 403)
    for act in (lambda: batches.export_batch(batch, money.actor("far"), money.now),
                lambda: batches.take_result(batch, b"x", money.actor("far"), money.now)):  # fmt: skip
        with pytest.raises(Refused, match="NO_DUTY"):
            act()


def test_a_duty_that_ended_checks_nothing(money: Money) -> None:
    batch = money.made(100)
    RoleAssignment.objects.filter(user=money.users["checker"]).update(valid_to=money.now)
    assert refusal(money, "checker", batch) == ("NO_DUTY", 403)


def test_a_substitute_of_the_maker_may_not_check(money: Money) -> None:
    """Both persons of a substitution count, whoever of the two made the batch."""
    money.login("stand_in")
    for name, role, absent in (("stand_in", "finance_officer", "maker"), ("stand_in", "cashier", "checker_2")):
        Substitution.objects.create(
            absent=money.users[absent], substitute=money.users[name], role=role, organisation=money.county,
            valid_from=money.now - dt.timedelta(days=1), valid_to=money.now + dt.timedelta(days=1),
        )  # fmt: skip
    money.hire("maker", "cashier", money.county)
    by_substitute = batches.make_batch(money.fund, [money.queued(100).pk], money.actor("stand_in"), money.now)
    for who in ("maker", "stand_in"):
        assert refusal(money, who, by_substitute) == ("SAME_HANDS", 403)
    money.hire("checker_2", "finance_officer", money.county)
    by_absent = batches.make_batch(money.fund, [money.queued(100).pk], money.actor("checker_2"), money.now)
    assert refusal(money, "stand_in", by_absent) == ("SAME_HANDS", 403)
    batches.check_batch(by_absent, money.actor("checker"), money.now, approve=True)


def test_relatives_and_members_of_the_household_keep_their_hands_off(money: Money) -> None:
    person = money.users["maker"].person
    assert person is not None
    child = money.person("李小四")
    declare(person, persons_id(child), "child", STAMP, money.now)
    assert refusal(money, "maker", [money.queued(100, child).pk]) == ("OWN_PAYMENT", 403)
    other = money.queued(100)
    CaseParty.objects.create(case=other.case, person=person, relation="spouse")
    assert refusal(money, "maker", [other.pk]) == ("OWN_PAYMENT", 403)
    batches.make_batch(money.fund, [other.pk], money.actor("maker_2"), money.now)


def persons_id(person: object) -> str:
    """The clear ID number of a test person."""
    from casework.people.persons import plain_for_system

    return plain_for_system(person, "id_no")  # type: ignore[arg-type]


def test_a_login_without_a_person_moves_no_money(money: Money) -> None:
    batch = money.made(100)
    User.objects.filter(pk=money.users["checker"].pk).update(person=None)
    assert refusal(money, "checker", batch) == ("NO_DUTY", 403)


def test_the_roster_shows_masks_only(money: Money) -> None:
    batch = money.made(1_234_00)
    payment = batch.payments.get()
    (row,) = batches.roster_rows(batch)
    assert row["name"] == "张*" and row["card"] == f"****{payment.account.last4}" and row["fen"] == 1_234_00
    assert row["id_no"].startswith("611002********") and row["case"] == payment.case.number


@pytest.mark.parametrize("fields", [{"holder": "李四"}, {"bank": "某银行"}, {"card_hash": "0" * 64}])
def test_an_account_changed_after_approval_stops_the_payment(money: Money, fields: dict[str, str]) -> None:
    payment = money.queued(100)
    BankAccount.objects.filter(pk=payment.account_id).update(**fields)
    assert refusal(money, "maker", [payment.pk]) == ("ACCOUNT_CHANGED", 409)


def test_a_damaged_result_file_shows_as_a_difference(money: Money) -> None:
    from casework.documents import store

    batch, sent = money.exported(100)
    result = money.take(batch, money.bank.answer(sent))
    store.path_of(result.document.sha256).unlink()
    sums = reconcile.reconcile(money.fresh(batch))
    assert not sums.agrees and sums.bank_fen == 0 and len(sums.differences) == 2


def test_before_the_file_leaves_nothing_differs(money: Money) -> None:
    sums = reconcile.reconcile(money.made(100))
    assert (sums.roster_fen, sums.ledger_fen, sums.bank_fen, sums.differences) == (100, 0, 0, ())


def test_the_clear_file_is_handed_out_with_a_record_each_time(money: Money) -> None:
    batch, _sent = money.exported(100)
    first = money.export(batch)
    second = batches.export_batch(batch, money.actor("checker_2"), money.now)
    assert first == second == money.fresh(batch).file
    looks = Event.objects.filter(subject_kind="access", action="download", subject_id=str(batch.public_id))
    assert looks.count() == 3 and looks.last().data["sha256"] == first.sha256  # type: ignore[union-attr]
    assert all(batch.number in look.data["reason"] for look in looks), "the batch is the reason"


def test_answers_keep_the_code_and_reference_of_the_bank(money: Money) -> None:
    batch, sent = money.exported(100)
    payment = batch.payments.get()
    result = money.take(batch, money.bank.answer(sent, returned={payment.number}))
    payment.refresh_from_db()
    assert (payment.return_code, payment.return_words) == ("OTHER", "R03")
    assert (payment.bank_reference, payment.settled_at) == ("B000001", money.now)
    assert result.summary == {"paid": 0, "paid_fen": 0, "returned": 1, "returned_fen": 100, "missing": 0, "unknown": 0}
    assert BankResult.objects.get() == result
    assert Case.objects.get(pk=payment.case_id).reservations.get().state == "open"
