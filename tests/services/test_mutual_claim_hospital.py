"""The hospital claim (domain §5.1, §5.8): cover, wait, tiers over the year, fast track, the list beside the payment."""

from typing import Any

import pytest
from django.test import Client

from casework.core.problems import Refused
from casework.programmes.models import Parameter
from casework.workflows.models import PublicNotice
from tests import walk
from tests.office import Office
from tests.services import bills

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pool(office: Office) -> None:
    """Money in the pool; it is the county's here."""
    office.make_fund("mutual_pool", 100_000_00)


@pytest.fixture
def insured(office: Office) -> Office:
    """A worker who is insured since last year without a gap."""
    bills.insure(office, "2025-01-01", "2025-12-31")
    bills.insure(office, "2026-01-01", "2026-12-31")
    return office


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def refused(office: Office, case: Any) -> set[str]:
    """Why the case officer cannot confirm the calculation."""
    with pytest.raises(Refused) as refusal:
        office.do(case, "calculate.pass", "officer")
    return codes(refusal)


def test_a_small_claim_takes_the_fast_track_and_its_list_hangs_beside_the_payment(insured: Office) -> None:
    office = insured
    case = bills.accepted(office, bills.claim(office))
    assert case.facts["award_fen"] == 166_000
    case = bills.approved(office, case)
    assert not case.decisions.filter(step="review").exists()
    assert set(office.steps(case)) == {"pay", "list_notice"}
    walk.settle(office, case)
    assert office.state(case) == "approved"
    walk.notice("list_notice", "chair")(office, case)
    assert office.state(case) == "settled"
    row = PublicNotice.objects.get(case=case).rows[0]
    assert (row["name"], row.get("amount", "")) == ("李*国", "")
    office.do(case, "rate.give", "worker", stars="5")
    assert office.state(case) == "closed"
    assert {"acceptance_notice", "calculation_sheet", "approval_notice"} <= set(
        case.papers.values_list("kind", flat=True)
    )


def test_the_claims_of_a_year_are_added_up(insured: Office) -> None:
    assert bills.granted(insured, 720_000, "JS-1").amount_fen == 166_000
    assert bills.granted(insured, 1_000_000, "JS-2").amount_fen == 300_000


def test_two_claims_at_once_cannot_both_count_from_nothing(insured: Office) -> None:
    office = insured
    first, second = (bills.accepted(office, bills.claim(office, 720_000, number)) for number in ("JS-1", "JS-2"))
    for case in (first, second):
        office.do(case, "calculate.pass", "officer")
    office.do(first, "approve.pass", "approver", amount=166_000)
    with pytest.raises(Refused) as refusal:
        office.do(second, "approve.pass", "approver", amount=166_000)
    assert codes(refusal) == {"EARLIER_CHANGED"}
    office.do(second, "approve.return", "approver", to="calculate", opinion="重新核算")
    office.do(second, "calculate.pass", "officer")
    assert office.fresh(second).facts["award_fen"] == 216_000
    office.do(second, "approve.pass", "approver", amount=216_000)


def test_a_larger_claim_is_reviewed_and_above_the_ceiling_the_city_approves(insured: Office) -> None:
    office = insured
    case = bills.accepted(office, bills.claim(office, 5_640_000))
    office.do(case, "calculate.pass", "officer")
    assert office.steps(case) == ["review"]
    office.do(case, "review.pass", "reviewer")
    task = office.task(case, "approve")
    assert (task.role, task.level, task.organisation) == ("approver", "city", office.orgs["city"])
    office.do(case, "approve.pass", "city_approver", amount=2_070_000)


def test_a_region_sets_its_own_fast_track_and_a_case_keeps_that_of_its_acceptance(insured: Office) -> None:
    office = insured
    before = bills.accepted(office, bills.claim(office, number="JS-1"))
    Parameter.objects.create(
        key="fast_track_mutual", region="611002", effective_from=office.now.date(), value=100_000, source="test"
    )
    after = bills.accepted(office, bills.claim(office, number="JS-2"))
    for case, step in ((before, "approve"), (after, "review")):
        office.do(case, "calculate.pass", "officer")
        assert office.steps(case) == [step]


def test_when_the_year_is_used_up_nothing_more_is_paid(insured: Office) -> None:
    office = insured
    assert bills.granted(office, 10_000_000, "JS-1", by="city_approver").amount_fen == 3_000_000
    case = bills.accepted(office, bills.claim(office, 500_000, "JS-2"))
    assert refused(office, case) == {"CAP_REACHED"}


def test_scenario_01_a_claim_on_day_20_of_a_first_cover_lies_in_the_waiting_period(office: Office) -> None:
    bills.insure(office, "2026-11-01", "2027-10-31")
    case = bills.accepted(office, bills.claim(office, admitted="2026-11-20", discharged="2026-11-22"))
    assert refused(office, case) == {"IN_WAITING_PERIOD"}
    office.do(case, "calculate.deny", "officer", code="IN_WAITING_PERIOD", opinion="首次参保第 20 天入院")
    case = office.fresh(case)
    assert (case.state, case.outcome) == ("denied", "IN_WAITING_PERIOD")
    assert case.papers.filter(kind="denial_notice").exists()


def test_scenario_01_who_renewed_within_30_days_is_paid(office: Office) -> None:
    bills.insure(office, "2025-10-16", "2026-10-15")
    bills.insure(office, "2026-11-01", "2027-10-31")
    case = bills.accepted(office, bills.claim(office, admitted="2026-11-20", discharged="2026-11-22"))
    walk.settle(office, bills.approved(office, case))
    assert case.payments.get().state == "paid"


@pytest.mark.parametrize(
    ("covers", "changes", "code"),
    [
        ([], {}, "NOT_INSURED"),
        ([("2026-11-01", "2027-10-31")], {}, "NOT_INSURED"),
        ([("2025-01-01", "2025-12-31")], {}, "COVER_ENDED"),
        ([("2026-10-01", "2027-09-30")], {}, "IN_WAITING_PERIOD"),
        ([("2026-01-01", "2026-12-31")], {"cause": "work_injury"}, "EXCLUDED_CAUSE"),
        ([("2026-01-01", "2026-12-31")], {"exclusions": ["drunk_driving"]}, "EXCLUDED_CAUSE"),
        ([("2024-01-01", "2024-12-31")], {"admitted": "2024-10-20", "discharged": "2024-11-01"}, "LATE_CLAIM"),
        ([("2026-01-01", "2026-12-31")], {"hospital_level": "1"}, "NOT_ELIGIBLE"),
        ([("2026-01-01", "2026-12-31")], {"total": 900_000}, "BELOW_DEDUCTIBLE"),
    ],
)
def test_each_reason_of_refusal_is_found(office: Office, covers: Any, changes: Any, code: str) -> None:
    for first, last in covers:
        bills.insure(office, first, last)
    assert refused(office, bills.accepted(office, bills.claim(office, **changes))) == {code}


def test_the_31st_day_counts_and_an_accident_needs_no_wait(office: Office) -> None:
    bills.insure(office, "2026-10-01", "2027-09-30")
    day_31 = bills.accepted(
        office, bills.claim(office, number="JS-1", admitted="2026-10-31", discharged="2026-11-02")
    )
    office.do(day_31, "calculate.pass", "officer")
    hurt = bills.accepted(office, bills.claim(office, number="JS-2", cause="accident"))
    office.do(hurt, "calculate.pass", "officer")


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"total": 899_999}, "total"), ({"discharged": "2026-10-19"}, "discharged"), ({"admitted": "2027-01-01"}, "")],
)
def test_a_bill_that_does_not_add_up_is_not_taken(insured: Office, changes: Any, place: str) -> None:
    with pytest.raises(Refused) as refusal:
        bills.claim(insured, **changes)
    assert place in {problem.place for problem in refusal.value.problems} or not place


def test_an_inquiry_rests_the_clock(insured: Office) -> None:
    office = insured
    case = bills.accepted(office, bills.claim(office))
    due = case.due_on
    office.do(case, "calculate.inquiry", "officer", office="商洛市中心医院", opinion="请核对费用清单")
    office.at("2026-11-26")
    office.do(case, "calculate.answered", "officer", opinion="清单无误")
    case = office.fresh(case)
    assert (case.paused_wd, (case.due_on - due).days) == (3, 3)
    office.do(case, "calculate.pass", "officer")


def test_an_inquiry_without_an_answer_ends_after_ten_days(insured: Office) -> None:
    office = insured
    case = bills.accepted(office, bills.claim(office))
    office.do(case, "calculate.inquiry", "officer", office="医保局", opinion="请核对结算单")
    office.at("2026-12-08")
    office.tick()
    assert office.task(case, "calculate").phase == ""
    assert office.fresh(case).paused_wd == 10


def test_medical_aid_follows_a_claim_on_the_same_sheet_once_the_hit_is_explained(insured: Office) -> None:
    """Order of settlement (domain §4.6 no. 5): the plan first, then medical aid for what is left."""
    office = insured
    office.make_fund("medical", 100_000_00)
    bills.granted(office, 720_000, "JS-9")
    walk.dossier(office, income=1_500_000)
    case = bills.medical(office, treatment=[bills.treatment(300_000, "JS-9")])
    office.do(case, "unit_check.pass", "handler")
    office.do(case, "calculate.pass", "officer")
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer")
    assert codes(refusal) == {"DUPLICATE_AID"}
    office.do(case, "review.pass", "reviewer", not_duplicate="先由互助金报销，余额申请医疗救助")
    office.do(case, "approve.pass", "approver", amount=300_000)
    assert office.steps(case) == ["county_notice"]


def test_the_plan_pays_a_sheet_once_whoever_explains_it(insured: Office) -> None:
    office = insured
    bills.granted(office, 720_000, "JS-9")
    bills.insure(office, "2026-01-01", "2026-12-31", "neighbour")
    case = bills.accepted(office, bills.claim(office, 2_000_000, "JS-9", "neighbour"))
    office.do(case, "calculate.pass", "officer")
    office.do(case, "review.pass", "reviewer", not_duplicate="已核对结算单原件")
    with pytest.raises(Refused) as refusal:
        office.do(case, "approve.pass", "approver", amount=100_000)
    assert codes(refusal) == {"DUPLICATE_AID"}


def test_an_objection_after_the_approval_denies_nothing(insured: Office) -> None:
    office = insured
    case = bills.granted(office, 720_000, "JS-1")
    office.do(case, "list_notice.post", "chair", **walk.POST)
    office.do(case, "list_notice.object", "chair", text="此人并未住院")
    with pytest.raises(Refused) as refusal:
        office.do(case, "list_notice.uphold", "chair", reply="经查属实")
    assert codes(refusal) == {"DECIDED"}
    office.do(case, "list_notice.dismiss", "chair", reply="经查不实，住院记录完整")


def test_the_desk_shows_every_line_and_the_other_case_with_the_same_sheet(insured: Office, client: Client) -> None:
    office = insured
    office.make_fund("medical", 100_000_00)
    walk.dossier(office, income=1_500_000)
    aid = bills.medical(office, treatment=[bills.treatment(300_000, "JS-9")])
    case = bills.accepted(office, bills.claim(office, 720_000, "JS-9"))
    client.force_login(office.users["officer"])
    page = client.get(f"/desk/cases/{case.public_id}/").content.decode()
    assert aid.number in page and "医疗救助" in page
    assert "1,660.00" in page and "确认核算" in page and "函询" in page
    client.force_login(office.users["worker"])
    own = client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert "核算与重复核查" in own and "1,660.00" in own
