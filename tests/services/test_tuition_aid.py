"""Tuition aid (domain §4.6 no. 4, §5.2): once a school year for a student of a household with a dossier."""

from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.problems import Refused
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office, id_number
from tests.services import bills

pytestmark = pytest.mark.django_db

CHILD, MOTHER = id_number(777, "20080917"), id_number(778, "19820506")
HOME = [
    {"name": "李小雨", "relation": "child", "id_no": CHILD, "work": "student", "school": "商州中学", "health": "good"},
    {"name": "赵秀芳", "relation": "spouse", "id_no": MOTHER, "work": "retired", "health": "good"},
]


def at_home(office: Office) -> list[dict[str, Any]]:
    """Both of them, the mother with her signed authorisation."""
    return [HOME[0], HOME[1] | {"authorisation": [office.upload("worker", "means_authorisation")]}]


@pytest.fixture
def family(office: Office) -> Office:
    """A family with a dossier; it is August."""
    office.at("2026-06-01")
    walk.member(office)
    dossier = dossier_answers(office) | {"members": at_home(office)}
    walk.go(office, office.apply("worker", "hardship_dossier", dossier), walk.DOSSIER)
    return office.at("2026-08-10")


def apply(office: Office, who: str = "worker", **changes: Any) -> Case:
    answers = {
        "student_name": "李小雨", "student_id_no": CHILD, "school_year": "2026-2027", "stage": "bachelor",
        "schooling": "public", "new_student": True, "school": "陕西师范大学", "key_university": False, "grade": 1,
        "admission_no": "2026-0001", "annual_fee": 500_000, "admission": [office.upload(who, "admission")],
        "fee_bill": [office.upload(who, "fee_bill")], "student_id": [office.upload(who, "student_id")],
        "sensitive_consent": True, "truth_pledge": True,
    }  # fmt: skip
    return office.apply(who, "tuition_aid", answers | bills.account(office, who) | changes)


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def review(office: Office, case: Case, **answers: Any) -> None:
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    office.do(case, "review.pass", "reviewer", opinion="符合条件", **answers)


def test_from_the_form_to_the_money(family: Office) -> None:
    office = family
    office.make_fund("tuition", 100_000_00)
    case = apply(office)
    review(office, case)
    office.do(case, "approve.pass", "approver", amount=300_000)
    walk.notice("county_notice", "publicity")(office, case)
    row = case.notices.get().rows[0]
    assert "李小雨" not in str(row) and row["name"] == "李*国"  # no child is named on a board
    walk.settle(office, case)
    office.do(case, "rate.give", "worker", stars="5")
    assert (office.state(case), case.payments.get().fen) == ("closed", 300_000)


def test_a_key_university_is_worth_more(family: Office) -> None:
    assert family.fresh(apply(family, key_university=True)).facts["award_fen"] == 500_000


def test_scenario_14_the_child_of_one_family_gets_one_aid(family: Office) -> None:
    office = family
    office.make_fund("tuition", 100_000_00)
    office.user("mother", office.person("赵秀芳", MOTHER))
    first, second = apply(office), apply(office, "mother", account_name="李建国")
    review(office, first, not_duplicate="以父亲一方的申请为准")
    office.do(first, "approve.pass", "approver", amount=300_000)
    office.do(second, "unit_check.pass", "handler")
    with pytest.raises(Refused) as refusal:
        office.do(second, "review.pass", "reviewer")
    assert codes(refusal) == {"DUPLICATE_AID"}
    office.do(second, "review.pass", "reviewer", not_duplicate="母亲单独申请")
    with pytest.raises(Refused) as refusal:
        office.do(second, "approve.pass", "approver", amount=300_000)
    assert codes(refusal) == {"DUPLICATE_AID"}
    office.do(second, "approve.deny", "approver", code="DUPLICATE_AID", opinion="同一学生同一学年")
    assert office.state(second) == "denied"


def test_a_new_school_year_is_no_duplicate(family: Office) -> None:
    office = family
    apply(office)
    office.at("2027-08-09")
    second = apply(office, school_year="2027-2028", new_student=False)
    review(office, second)
    assert office.steps(second) == ["approve"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"student_id_no": id_number(990)}, "NOT_ELIGIBLE"),
        ({"schooling": "abroad"}, "NOT_ELIGIBLE"),
        ({"schooling": "joint"}, "NOT_ELIGIBLE"),
        ({"outside_aid": [{"giver": "教育局", "amount": 100_000}]}, "DUPLICATE_AID"),
    ],
)
def test_each_reason_of_refusal_is_found(family: Office, changes: Any, code: str) -> None:
    office = family
    case = apply(office, **changes)
    office.do(case, "unit_check.pass", "handler")
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer")
    assert codes(refusal) == {code}
    office.do(case, "review.deny", "reviewer", code=code, opinion="不符合条件")
    assert office.fresh(case).outcome == code


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"school_year": "2026-2028"}, "school_year"),
        ({"school_year": "2025-2026"}, "school_year"),
        ({"school_year": "2025-2026", "new_student": False}, "school_year"),
        ({"school_year": "2027-2028", "new_student": False}, "school_year"),
        ({"grade": 9}, "grade"),
    ],
)
def test_a_form_that_does_not_fit_is_not_taken(family: Office, changes: Any, place: str) -> None:
    with pytest.raises(Refused) as refusal:
        apply(family, **changes)
    assert [problem.place for problem in refusal.value.problems] == [place]


@pytest.mark.parametrize("day", ["2026-06-30", "2026-09-01"])
def test_it_is_open_in_july_and_august(family: Office, day: str) -> None:
    family.at(day)
    with pytest.raises(Refused) as refusal:
        apply(family)
    assert codes(refusal) == {"OUT_OF_WINDOW"}
