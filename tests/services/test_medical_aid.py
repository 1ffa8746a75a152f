"""Medical aid (domain §4.6, §5.2): the rest of the bill, by hardship, approved at the level of its amount."""

from typing import Any

import pytest

from casework.core.problems import Refused
from casework.programmes.loader import programme_of
from casework.programmes.models import Parameter
from casework.workflows.commands import Command
from casework.workflows.door_many import perform_many
from casework.workflows.worklist import who_does
from tests import walk
from tests.office import Office, id_number
from tests.services import bills

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fund(office: Office) -> None:
    office.make_fund("medical", 1_000_000_00)


@pytest.fixture
def deep(office: Office) -> Office:
    """A worker whose household is in deep hardship."""
    walk.dossier(office, income=1_500_000)
    return office


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def reviewed(office: Office, case: Any) -> None:
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    office.do(case, "calculate.pass", "officer")
    office.do(case, "review.pass", "reviewer", opinion="符合条件")


def minutes(office: Office, case: Any) -> None:
    office.do(
        case, "minutes.pass", "officer", held_on=office.now.date().isoformat(), present=5, in_favour=5, opinion="同意"
    )


def high_caps(office: Office) -> None:
    """A region that caps later, so that larger sums occur."""
    rate = {"kind": "rate", "percent": 100, "cap_year_fen": 100_000_000}
    Parameter.objects.create(
        key="medical_aid", region="611002", effective_from=office.now.date(), source="test",
        value={"deep": rate, "relative": rate, "accidental": rate},
    )  # fmt: skip


def test_from_the_form_to_the_money(deep: Office) -> None:
    office = deep
    case = bills.medical(office, own=900_000)
    reviewed(office, case)
    assert office.steps(case) == ["approve"]  # no minutes below 10,000 yuan
    office.do(case, "approve.pass", "approver", amount=900_000)
    walk.notice("county_notice", "publicity")(office, case)
    walk.settle(office, case)
    office.do(case, "rate.give", "worker", stars="4")
    case = office.fresh(case)
    assert (case.state, case.amount_fen, case.payments.get().state) == ("closed", 900_000, "paid")
    assert case.papers.filter(kind="calculation_sheet").exists()


def test_the_amount_is_at_most_the_rest_after_all_payers(deep: Office) -> None:
    office = deep
    stay = bills.treatment(1_500_000, mutual=400_000, civil_aid=300_000)
    case = office.fresh(bills.medical(office, treatment=[stay], other_aid=[{"giver": "慈善会", "amount": 100_000}]))
    assert (case.facts["own_cost_fen"], case.facts["award_fen"]) == (800_000, 700_000)


def test_relative_hardship_gets_a_share(office: Office) -> None:
    walk.dossier(office)
    case = office.fresh(bills.medical(office, own=1_500_000))
    assert (case.category, case.facts["award_fen"]) == ("relative", 1_200_000)


def test_above_10_000_yuan_the_discussion_is_recorded(deep: Office) -> None:
    office = deep
    case = bills.medical(office, own=1_500_000)
    reviewed(office, case)
    assert office.steps(case) == ["minutes"]
    minutes(office, case)
    assert office.steps(case) == ["approve"]


@pytest.mark.parametrize(("own", "level"), [(2_600_000, "province"), (5_200_000, "national")])
def test_scenario_10_larger_sums_are_approved_above_the_city(deep: Office, own: int, level: str) -> None:
    office = deep
    high_caps(office)
    case = bills.medical(office, own=own)
    reviewed(office, case)
    minutes(office, case)
    case, task = office.fresh(case), office.task(case, "approve")
    step = programme_of(case.programme).step("approve")
    assert who_does(case, step) == ("province_approver", level)
    assert task.organisation == office.orgs["province"]  # where the tree ends, its top decides
    with pytest.raises(Refused) as refusal:
        office.do(case, "approve.pass", "approver", amount=own)
    assert codes(refusal) == {"NOT_YOUR_STEP"}
    office.do(case, "approve.pass", "province_approver", amount=own)
    assert office.steps(case) == ["county_notice"]


def test_scenario_02_the_same_settlement_number_in_another_household(deep: Office) -> None:
    office = deep
    first = bills.medical(office, own=300_000)
    reviewed(office, first)
    office.do(first, "approve.pass", "approver", amount=300_000)
    walk.dossier(office, "neighbour", income=1_500_000)
    second = bills.medical(office, "neighbour", own=300_000)
    office.do(second, "unit_check.pass", "handler")
    office.do(second, "calculate.pass", "officer")
    with pytest.raises(Refused) as refusal:
        office.do(second, "review.pass", "reviewer")
    assert codes(refusal) == {"DUPLICATE_AID"}
    office.do(second, "review.pass", "reviewer", not_duplicate="核对原件后仍属存疑")
    with pytest.raises(Refused) as refusal:
        office.do(second, "approve.pass", "approver", amount=300_000)
    assert codes(refusal) == {"DUPLICATE_AID"}


def test_once_a_year_for_a_household(deep: Office) -> None:
    office = deep
    first = bills.medical(office, own=300_000)
    reviewed(office, first)
    office.do(first, "approve.pass", "approver", amount=300_000)
    second = bills.medical(office, treatment=[bills.treatment(200_000, "JS-2")])
    office.do(second, "unit_check.pass", "handler")
    office.do(second, "calculate.pass", "officer")
    office.do(second, "review.pass", "reviewer", not_duplicate="另一次住院")
    with pytest.raises(Refused) as refusal:
        office.do(second, "approve.pass", "approver", amount=200_000)
    assert "DUPLICATE_AID" in codes(refusal)


def test_a_returned_case_is_calculated_again(deep: Office) -> None:
    office = deep
    case = bills.medical(office, own=300_000)
    reviewed(office, case)
    office.do(case, "approve.return", "approver", to="calculate", opinion="请复核金额")
    office.do(case, "calculate.pass", "officer")
    assert office.steps(case) == ["approve"]


def test_nothing_left_is_denied_with_its_reason(deep: Office) -> None:
    office = deep
    case = bills.medical(office, own=0)
    office.do(case, "unit_check.pass", "handler")
    with pytest.raises(Refused) as refusal:
        office.do(case, "calculate.pass", "officer")
    assert codes(refusal) == {"BELOW_DEDUCTIBLE"}
    office.do(case, "calculate.deny", "officer", code="BELOW_DEDUCTIBLE", opinion="报销后无自付")
    assert office.fresh(case).outcome == "BELOW_DEDUCTIBLE"


def test_the_patient_lives_in_the_household_of_the_dossier(deep: Office) -> None:
    office = deep
    stranger = {"patient": "family", "patient_name": "王某", "patient_id_no": id_number(990)}
    case = bills.medical(office, **stranger)
    office.do(case, "unit_check.pass", "handler")
    with pytest.raises(Refused) as refusal:
        office.do(case, "calculate.pass", "officer")
    assert codes(refusal) == {"NOT_ELIGIBLE"}


def test_first_the_dossier_then_the_aid(office: Office) -> None:
    walk.member(office)
    with pytest.raises(Refused) as refusal:
        bills.medical(office)
    assert codes(refusal) & {"NO_DOSSIER", "UNION"}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"total": 400_000}, "treatment.0.total"),
        ({"to": "2026-08-31"}, "treatment.0.to"),
        ({"from": "2025-09-01", "to": "2025-09-20"}, "treatment.0.to"),
    ],
)
def test_a_bill_that_does_not_fit_is_not_taken(deep: Office, changes: Any, place: str) -> None:
    with pytest.raises(Refused) as refusal:
        bills.medical(deep, treatment=[bills.treatment(100_000, **changes)])
    assert [problem.place for problem in refusal.value.problems] == [place]


def test_among_many_an_amount_above_the_ceiling_of_the_desk_is_refused(deep: Office) -> None:
    """Seen red without the ceiling asked in the approvals of many. The task lies at the county; its ceiling is lower
    than the amount when the decision is made."""
    office = deep
    case = bills.medical(office, own=900_000)
    reviewed(office, case)
    case = office.fresh(case)
    step = programme_of(case.programme).step("approve")
    ceilings = {**case.parameters[step.ceilings], "county": 899_999}
    type(case).objects.filter(pk=case.pk).update(parameters={**case.parameters, step.ceilings: ceilings})
    actor = office.actor("approver")
    wish = Command(case.pk, "approve.pass", actor, case.event_n, "many", {"amount": 900_000})
    (refused,) = perform_many([wish], office.now)
    assert isinstance(refused, Refused)
    assert refused.codes == {"ABOVE_CEILING"}
    assert office.steps(case) == ["approve"]
    type(case).objects.filter(pk=case.pk).update(parameters=case.parameters)  # as the log tells them
