"""Temporary aid (domain §5.2): quick money after a sudden event, without a dossier; the notice hangs after payment."""

from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.calendar import local_date, working_days_between
from casework.core.problems import Refused
from tests import walk
from tests.filled import temporary_answers
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(office: Office) -> Office:
    """A county with money for temporary aid."""
    office.make_fund("temporary", 100_000_00)
    return office


def apply(office: Office, who: str = "worker", **changes: Any) -> Case:
    walk.member(office, who)
    return office.apply(who, "temporary_aid", temporary_answers(office, who, **changes))


def review(office: Office, case: Case, **extra: Any) -> None:
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    office.do(case, "review.pass", "reviewer", opinion="情况属实", **extra)


def approve(office: Office, case: Case, who: str = "approver") -> None:
    office.do(case, "approve.pass", who, amount=office.fresh(case).facts["award_fen"])


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_from_the_form_to_the_money_and_then_the_notice(county: Office) -> None:
    office = county
    case = apply(office)
    review(office, case)
    approve(office, case)
    assert (office.state(case), office.steps(case)) == ("approved", ["pay"])
    walk.settle(office, case)
    assert (office.state(case), case.payments.get().fen) == ("settled", 200_000)
    walk.notice("after_notice", "publicity")(office, case)
    assert case.notices.get().rows[0]["name"] == "李*国"
    office.do(case, "rate.give", "worker", stars="5")
    assert office.state(case) == "closed"


def test_no_more_than_three_thousand_a_year(county: Office) -> None:
    office = county
    first = apply(office)
    review(office, first)
    approve(office, first)
    second = apply(office, event="illness", event_proof_no="", amount=500_000)
    review(office, second)
    assert office.fresh(second).facts["award_fen"] == 100_000


def test_lasting_hardship_is_for_the_dossier(county: Office) -> None:
    office = county
    case = apply(office, event="none")
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer", opinion="情况属实")
    assert codes(refusal) == {"NOT_ELIGIBLE"}
    office.do(case, "review.deny", "reviewer", code="NOT_ELIGIBLE", opinion="请申请困难职工建档")
    assert office.state(case) == "denied"


def test_one_proof_pays_once_whoever_hands_it_in(county: Office) -> None:
    office = county
    first, second = apply(office), apply(office, "neighbour")
    for case in (first, second):
        review(office, case, not_duplicate="待查")
    approve(office, first)
    with pytest.raises(Refused) as refusal:
        approve(office, second)
    assert codes(refusal) == {"DUPLICATE_AID"}


def test_the_county_decides_within_five_office_days(county: Office) -> None:
    office = county
    case = apply(office)
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    case, today = office.fresh(case), local_date(office.now)
    assert case.due_on is not None and case.promised_on is not None
    assert working_days_between(today, case.due_on) == 5
    assert working_days_between(today, case.promised_on) == 3


def test_who_checked_the_batch_is_not_who_made_it_nor_who_decided(county: Office) -> None:
    office = county
    case = apply(office)
    review(office, case)
    approve(office, case)
    for login in ("approver", "reviewer", "handler"):
        with pytest.raises(Refused):
            office.do(case, "pay.paid", login)


def test_an_objection_after_payment_is_answered_but_denies_nothing(county: Office) -> None:
    office = county
    case = apply(office)
    review(office, case)
    approve(office, case)
    walk.settle(office, case)
    office.do(case, "after_notice.post", "publicity", **walk.POST)
    office.do(case, "after_notice.object", "publicity", text="邻居反映并未失火")
    with pytest.raises(Refused) as refusal:
        office.do(case, "after_notice.uphold", "publicity", reply="经查属实")
    assert codes(refusal) == {"DECIDED"}
    office.do(case, "after_notice.dismiss", "publicity", reply="经查不实")
    assert office.state(case) == "settled"
