"""The claim after a critical illness (domain §5.1): days of a first cover, shares, criteria; paid once, then over."""
import datetime as dt
import json

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import add_working_days, local_date
from casework.core.problems import Refused
from casework.demo.tables import TABLES
from casework.mutualaid import cover
from casework.oversight.invariants import invariants
from casework.programmes.checks import CHECKS, Held
from casework.programmes.loader import build
from casework.programmes.models import Parameter, RuleTrouble
from casework.programmes.reading import ProgrammeFault
from casework.registers.models import Entry
from tests import walk
from tests.office import Office
from tests.services import bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(office: Office) -> Office:
    """A pool with money, an assessor, and a worker with two shares since March."""
    office.make_fund("mutual_pool", 100_000_00)
    office.hire("assessor_1", "assessor", "county")
    bills.insure(office, "2026-03-01", "2027-02-28", plan=cover.CRITICAL, shares=2)
    return office


def assessed(office: Office, case: Case, answer: str = "supports") -> Case:
    """Checked, accepted, calculated, and with the doctor's opinion."""
    bills.accepted(office, case)
    office.do(case, "calculate.pass", "officer")
    words = "病理诊断明确" if answer == "supports" else "缺少病理证据：仅影像提示"
    office.do(case, "opinion.pass", "assessor_1", answer=answer, opinion=words)
    return office.fresh(case)


def stopped(office: Office, case: Case, action: str = "calculate.pass", who: str = "officer") -> set[str]:
    """Why the calculation, or a later step, cannot pass."""
    with pytest.raises(Refused) as refusal:
        office.do(case, action, who, opinion="符合条件")
    return {problem.code for problem in refusal.value.problems}


def test_from_the_diagnosis_to_the_payment_and_the_end_of_the_cover(county: Office) -> None:
    case = assessed(county, bills.critical(county, "2026-07-01"))
    assert case.facts["award_fen"] == 2_000_000
    county.do(case, "review.pass", "reviewer", opinion="符合条件")
    task = county.task(case, "approve")
    assert (task.role, task.level) == ("approver", "city")
    county.do(case, "approve.pass", "city_approver", amount=2_000_000)
    entry = Entry.objects.get(kind="cover", person=case.applicant)
    assert entry.valid_to == dt.date(2027, 2, 28), "approved is not yet paid"
    walk.settle(county, county.fresh(case))
    entry.refresh_from_db()
    assert entry.valid_to == local_date(county.now)
    assert told_ended(case) == entry.number
    walk.notice("list_notice", "chair")(county, case)
    assert county.state(case) == "settled"
    assert invariants(county.now) == []


def test_the_officer_calculates_before_the_doctor_is_asked_and_a_sheet_tells_how(county: Office) -> None:
    case = bills.accepted(county, bills.critical(county, "2026-03-31"))
    assert county.steps(case) == ["calculate"]
    assert (case.due_on, case.promised_on) == tuple(
        add_working_days(local_date(case.accepted_at), days) for days in (15, 10)
    )
    county.do(case, "calculate.inquiry", "officer", office="商洛市中心医院", opinion="核实病理号")
    county.do(case, "calculate.answered", "officer", opinion="病理号属实")
    county.do(case, "calculate.pass", "officer")
    assert county.steps(case) == ["opinion"]
    sheet = case.papers.get(kind="calculation_sheet").data
    assert "等待期后减额期内" in str(sheet) and sheet["award_fen"] == 1_000_000


def paid(office: Office, case: Case) -> Case:
    """Reviewed, approved by the city and paid."""
    office.do(case, "review.pass", "reviewer", opinion="符合条件")
    office.do(case, "approve.pass", "city_approver", amount=office.fresh(case).facts["award_fen"])
    walk.settle(office, office.fresh(case))
    return office.fresh(case)


def told_ended(case: Case) -> str | None:
    """The entry that the event of the payment names as ended."""
    event = Event.objects.get(subject_kind="case", subject_id=str(case.public_id), action="pay.paid")
    return event.data.get("ended_entry")


def test_the_payment_ends_the_cover_the_claim_rests_on_and_the_renewed_one_counts_for_the_next_illness(
    county: Office,
) -> None:
    old = bills.insure(county, "2025-03-01", "2026-02-28", plan=cover.CRITICAL)
    new = Entry.objects.get(kind="cover", valid_from=dt.date(2026, 3, 1))
    first = paid(county, assessed(county, bills.critical(county, "2026-02-01")))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.valid_to, new.valid_to) == (dt.date(2026, 2, 28), dt.date(2027, 2, 28))
    assert told_ended(first) is None, "that cover had ended by itself"
    second = paid(county, assessed(county, bills.critical(county, "2026-07-01", disease_code="I21.0")))
    new.refresh_from_db()
    assert (new.valid_to, told_ended(second)) == (local_date(county.now), new.number)


def test_a_second_claim_is_not_paid(county: Office) -> None:
    first, second = (assessed(county, bills.critical(county, "2026-07-01")) for _claim in range(2))
    for case in (first, second):
        county.do(case, "review.pass", "reviewer", opinion="符合条件", not_duplicate="同一人重复提交，另一件将撤回")
    county.do(first, "approve.pass", "city_approver", amount=2_000_000)
    with pytest.raises(Refused) as refusal:
        county.do(second, "approve.pass", "city_approver", amount=2_000_000)
    assert {problem.code for problem in refusal.value.problems} == {"DUPLICATE_AID"}


@pytest.mark.parametrize(
    ("day", "fen", "code"),
    [
        ("2026-03-01", 0, "IN_WAITING_PERIOD"), ("2026-03-30", 0, "IN_WAITING_PERIOD"), ("2026-03-31", 1_000_000, ""),
        ("2026-05-29", 1_000_000, ""), ("2026-05-30", 2_000_000, ""), ("2026-02-28", 0, "NOT_INSURED"),
    ],
)
def test_days_of_a_first_cover(county: Office, day: str, fen: int, code: str) -> None:
    case = bills.accepted(county, bills.critical(county, day))
    if code:
        assert stopped(county, case) == {code}
        county.do(case, "calculate.deny", "officer", code=code, opinion="不符合条件")
        assert county.state(case) == "denied"
    else:
        assert case.facts["award_fen"] == fen
        county.do(case, "calculate.pass", "officer")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"disease_code": "J18.9"}, "NOT_LISTED_DISEASE"), ({"first_ever": False}, "NOT_FIRST_DIAGNOSIS"),
        ({"hospital_level": "1"}, "NOT_ELIGIBLE"),
    ],
)
def test_what_the_plan_does_not_cover(county: Office, changes: dict[str, object], code: str) -> None:
    case = bills.accepted(county, bills.critical(county, "2026-07-01", **changes))
    assert stopped(county, case) == {code}


def test_a_denial_states_the_criterion_that_is_missing(county: Office) -> None:
    case = assessed(county, bills.critical(county, "2026-07-01"), "objects")
    assert stopped(county, case, "review.pass", "reviewer") == {"CRITERION_MISSING"}
    county.do(case, "review.deny", "reviewer", code="CRITERION_MISSING", opinion="缺少病理证据")
    assert (county.state(case), county.fresh(case).outcome) == ("denied", "CRITERION_MISSING")
    assert "缺少病理证据" in str(case.papers.get(kind="denial_notice").data)


def test_a_plan_that_cannot_be_applied_holds_the_claim_until_it_is_mended(county: Office) -> None:
    plan = dict(TABLES)["mutual_plan_critical"]
    assert isinstance(plan, dict)
    row = {"key": "mutual_plan_critical", "region": "611002", "source": "test"}
    day = local_date(county.now)
    Parameter.objects.create(**row, effective_from=day - dt.timedelta(days=1), value={**plan, "reduced_days": None})
    case = bills.critical(county, "2026-07-01")
    county.do(case, "unit_check.pass", "chair", opinion="情况属实")
    with pytest.raises(Refused) as refusal:
        county.do(case, "accept.pass", "clerk")
    assert refusal.value.codes == {"RULE_FAILED"}
    trouble = RuleTrouble.objects.get(case=case.public_id)
    assert "reduced_days" in trouble.place and trouble.mended_at is None
    Parameter.objects.create(**row, effective_from=day, value={**plan, "reduced_percent": "33.3"})
    county.do(case, "accept.pass", "clerk")
    trouble.refresh_from_db()
    assert trouble.mended_at is not None and county.fresh(case).facts["award_fen"] == 2_000_000
    assert case.claimed_keys.filter(kind="critical_claim").count() == 1, "claimed once the cover was found"


def test_part_of_a_percent_is_reckoned_exactly(county: Office) -> None:
    plan = dict(TABLES)["mutual_plan_critical"]
    assert isinstance(plan, dict)
    Parameter.objects.create(
        key="mutual_plan_critical", region="611002", source="test", effective_from=local_date(county.now),
        value={**plan, "reduced_percent": "33.3"},
    )
    case = assessed(county, bills.critical(county, "2026-03-31"))
    assert case.facts["award_fen"] == 666_000
    assert any("33.3 %" in line["zh"] for line in case.facts["award_lines"])


class Covers:
    """Registers that hold these covers."""

    def __init__(self, *held: Held) -> None:
        self.covers = held

    def held(self, register: str) -> tuple[Held, ...]:
        return self.covers

    def lives_with(self, id_no: str) -> bool:
        return False

    def standing(self, register: str, id_nos: object) -> int:
        return 0


@pytest.mark.parametrize(
    ("day", "waiting", "reduced"),
    [(1, True, False), (30, True, False), (31, False, True), (90, False, True), (91, False, False)],
)
def test_day_one_is_the_day_the_cover_begins(county: Office, day: int, waiting: bool, reduced: bool) -> None:
    first = dt.date(2026, 3, 1)
    numbers = {"mutual_plan_critical": dict(TABLES)["mutual_plan_critical"]}
    answers = {
        "diagnosed_on": (first + dt.timedelta(days=day - 1)).isoformat(), "disease_code": "C50.9", "first_ever": True,
        "hospital_level": "2",
    }
    new = Held(first, dt.date(2027, 2, 28), {"plan": "critical"})
    old = Held(dt.date(2025, 3, 1), dt.date(2026, 2, 28), {"plan": "critical"})
    facts = CHECKS["critical_claim"].facts(answers, numbers, dt.date(2026, 7, 1), Covers(new))
    assert (facts["waiting"], facts["reduced"], facts["shares"]) == (waiting, reduced, 1)
    renewed = CHECKS["critical_claim"].facts(answers, numbers, dt.date(2026, 7, 1), Covers(old, new))
    assert (renewed["waiting"], renewed["reduced"]) == (False, False)





def test_what_ends_with_the_payment_is_of_a_plan_the_check_tells(county: Office) -> None:
    content = json.loads(county.version("mutual_claim_critical").content["text"])
    content["programme"]["check"] = "hospital_claim"
    with pytest.raises(ProgrammeFault):
        build(content)
