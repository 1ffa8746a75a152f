"""A hospital claim by an heir or a guardian (domain §5.1, §5.7): cover and sums of the year are the insured's,
the money is the claimant's, proof is asked for, and the insured and his relatives decide nothing."""

from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases import answers
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.people import persons
from tests import walk
from tests.office import Office
from tests.services import bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(office: Office) -> Office:
    """A worker insured since last year, and his daughter, who is not."""
    office.make_fund("mutual_pool", 100_000_00)
    for year in (2025, 2026):
        bills.insure(office, f"{year}-01-01", f"{year}-12-31")
    office.user("heir", office.person("李小国"))
    return office


def insured(office: Office) -> dict[str, Any]:
    """How the claimant names him."""
    person = office.users["worker"].person
    assert person is not None
    return {"insured_name": person.name, "insured_id_no": persons.plain_for_system(person, "id_no")}


def by_heir(office: Office, own: int = 720_000, number: str = "JS-9", **changes: Any) -> Case:
    """A claim of the daughter with her proof."""
    proof = {key: [office.upload("heir", key)] for key in ("death_certificate", "heirs_agreement")}
    return bills.claim(office, own, number, "heir", **{"claimant": "heir", **insured(office), **proof, **changes})


def test_an_heir_is_paid_on_the_cover_of_the_insured(house: Office) -> None:
    case = bills.approved(house, bills.accepted(house, by_heir(house)))
    assert (case.facts["insured"], case.facts["award_fen"]) == (True, 166_000)
    walk.settle(house, case)
    payment = case.payments.get()
    assert (payment.state, payment.fen, payment.account.holder) == ("paid", 166_000, "李小国")
    assert payment.account.person == house.users["heir"].person


def test_the_sums_of_the_year_are_those_of_the_insured_whoever_claims(house: Office) -> None:
    assert bills.granted(house, 720_000, "JS-1").amount_fen == 166_000
    case = bills.approved(house, bills.accepted(house, by_heir(house, 1_000_000)))
    assert case.amount_fen == 300_000
    assert bills.accepted(house, bills.claim(house, 720_000, "JS-3")).facts["earlier"]["paid_fen"] == 466_000


def test_what_an_heir_claimed_does_not_count_as_hers(house: Office) -> None:
    bills.approved(house, bills.accepted(house, by_heir(house)))
    bills.insure(house, "2026-01-01", "2026-12-31", "heir")
    own = bills.claim(house, 720_000, "JS-4", "heir", cause="accident")
    assert bills.accepted(house, own).facts["earlier"]["paid_fen"] == 0


@pytest.mark.parametrize("missing", ["death_certificate", "heirs_agreement", "insured_id_no", "insured_name"])
def test_an_heir_proves_it_and_names_the_insured(house: Office, missing: str) -> None:
    with pytest.raises(Refused) as refused:
        by_heir(house, **{missing: None})
    assert missing in {problem.place for problem in refused.value.problems}


def test_a_guardian_brings_the_proof_and_nobody_is_his_own_heir(house: Office) -> None:
    with pytest.raises(Refused) as refused:
        bills.claim(house, who="heir", claimant="guardian", **insured(house))
    assert {problem.place for problem in refused.value.problems} == {"guardian_proof"}
    proof = [house.upload("heir", "guardian_proof")]
    case = bills.claim(house, who="heir", claimant="guardian", guardian_proof=proof, **insured(house))
    assert bills.accepted(house, case).facts["insured"] is True
    with pytest.raises(Refused) as refused:
        bills.claim(house, number="JS-7", claimant="guardian", **insured(house),
                    guardian_proof=[house.upload("worker", "guardian_proof")])
    assert {problem.place for problem in refused.value.problems} == {"insured_id_no"}


def test_the_account_must_be_the_heirs_own(house: Office) -> None:
    with pytest.raises(Refused) as refused:
        by_heir(house, account_name=insured(house)["insured_name"])
    assert [problem.code for problem in refused.value.problems] == ["ACCOUNT_NAME"]


def test_nobody_decides_who_is_the_insured_himself(house: Office) -> None:
    case = bills.accepted(house, by_heir(house))
    house.hire("insured_officer", "case_officer", "county", house.users["worker"].person)
    with pytest.raises(Refused) as refused:
        house.do(case, "calculate.pass", "insured_officer")
    assert [problem.code for problem in refused.value.problems] == ["RECUSED"]


def test_the_code_of_the_disease_stays_hidden(house: Office) -> None:
    case = bills.claim(house, diagnosis_code="J18.9")
    assert "J18" not in str(answers.shown(case)) and answers.full(case)["diagnosis_code"] == "J18.9"


def test_the_officer_completes_the_code_and_no_event_holds_it(house: Office) -> None:
    case = bills.accepted(house, bills.claim(house))
    house.do(case, "calculate.pass", "officer", diagnosis_code="J18.901")
    case = house.fresh(case)
    full = answers.full(case)
    assert (full["diagnosis_code"], full["diagnosis"], full["settlement_no"]) == ("J18.901", "肺炎", "JS-2026-101")
    assert "J18" not in str(answers.shown(case))
    told = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).order_by("n")
    assert "J18" not in str([event.data for event in told])
    assert told.last().data["answers"] == answers.digests(case) == case.facts["award_inputs"]["answers"]  # type: ignore[union-attr]
    other = bills.accepted(house, bills.claim(house, number="JS-8", diagnosis_code="K35.8"))
    house.do(other, "calculate.pass", "officer")
    assert answers.full(house.fresh(other))["diagnosis_code"] == "K35.8"
