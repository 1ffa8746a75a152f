"""Scenario 12 of domain §5.9: the bank returns 3 of 100 rows."""

import datetime as dt

import pytest

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.documents import store
from casework.funds import ledger, reconcile
from casework.funds.models import Batch, Payment
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.people.households import set_household
from casework.registers.models import Entry
from casework.workflows import payruns
from tests import walk
from tests.doubles.bank import Bank
from tests.office import Office

pytestmark = pytest.mark.django_db

MANY, RETURNED = 100, 3


def workers_with_dossiers(office: Office, count: int) -> list[str]:
    """One dossier made step by step, and the others entered beside it."""
    walk.dossier(office, income=2_000_000)
    first = Entry.objects.get()
    names = ["worker"]
    for n in range(1, count):
        who = f"worker_{n}"
        walk.member(office, who)
        person = office.users[who].person
        assert person is not None
        Entry.objects.create(
            kind=first.kind,
            number=f"{first.number}-{n}",
            person=person,
            household=set_household(person, [], local_date(office.now)),
            organisation=first.organisation,
            source_case=first.source_case,
            data=first.data,
            valid_from=first.valid_from,
            verified_until=first.verified_until,
        )
        names.append(who)
    return names


def approved_cases(office: Office, names: list[str]) -> list[Case]:
    """Living aid for all of them, approved, their notices over: the money waits for a batch."""
    office.make_fund("living", 10_000_000_00, until=local_date(office.now) + dt.timedelta(days=400))
    cases = [walk.living_case(office, who) for who in names]
    for step in (walk.accept, walk.review, walk.approve):
        for case in cases:
            step(office, case)
    for case in cases:
        office.do(case, "county_notice.post", "publicity", **walk.POST)
    office.now = max(case.notices.get().ends_at for case in cases)
    while office.tick():
        pass
    for case in cases:
        photos = {key: [office.upload("publicity", key)] for key in walk.BOARD}
        office.do(case, "county_notice.confirm", "publicity", **photos)
    return cases


def test_scenario_12_the_bank_returns_3_of_100_rows(office: Office) -> None:
    cases = approved_cases(office, workers_with_dossiers(office, MANY))
    batch = walk.send_batch(office, cases)
    back = {case.number for case in cases[10 : 10 + RETURNED]}
    walk.answer_batch(office, batch, {case.number: "returned" if case.number in back else "paid" for case in cases})
    while office.tick():
        pass

    states = {case.number: office.state(case) for case in cases}
    assert [number for number, state in states.items() if state == "approved"] == sorted(back)
    assert sum(state == "settled" for state in states.values()) == MANY - RETURNED
    told = Message.objects.filter(template="payment_returned", channel="inapp")
    assert {message.case.number for message in told.select_related("case") if message.case} == back
    sums = reconcile.reconcile(Batch.objects.get(pk=batch.pk))
    assert sums.agrees and not sums.differences
    paid = (MANY - RETURNED) * 500_000
    assert (sums.paid_fen, sums.returned_fen) == (paid, RETURNED * 500_000)
    assert ledger.balance(batch.fund).paid == ledger.fold(batch.fund)["paid"] == paid

    again(office, [case for case in cases if case.number in back])
    assert ledger.balance(batch.fund).paid == MANY * 500_000
    assert invariants(office.now) == []


def again(office: Office, cases: list[Case]) -> None:
    """Each gives a new card; a maker and a checker send the money again."""
    for case in cases:
        who = next(name for name, user in office.users.items() if user.person_id == case.applicant_id)
        office.do(case, "new_card", who, card_no="6228480402564890018", bank="中国农业银行", confirm=True)
    batch = walk.send_batch(office, cases)
    payruns.take_result(batch, Bank().answer(store.open_file(batch.file).read()), office.actor("cashier"), office.now)
    while office.tick():
        pass
    assert {office.state(case) for case in cases} == {"settled"}
    assert Payment.objects.filter(case__in=cases, state="paid").count() == len(cases)
