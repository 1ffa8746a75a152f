"""A return from an accepted application to the check before acceptance, and straight back; the standing is kept."""
from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.workflows import moves
from casework.workflows.models import Timer
from tests import walk
from tests.office import Office
from tests.services import bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_review(office: Office) -> Case:
    """Living aid at the county's review."""
    office.make_fund("living", 100_000_00)
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, until="review")


def send_back(office: Office, case: Case, action: str, who: str, to: str) -> Case:
    office.do(case, action, who, to=to, opinion="请核对单位意见")
    return office.fresh(case)


def offered(office: Office, case: Case, who: str) -> set[str]:
    found = moves.available(office.fresh(case), office.actor(who), office.now)
    return {move.action for move in found if not move.problems}


def targets(office: Office, case: Case, action: str, who: str) -> set[str]:
    form = next(m.form for m in moves.available(case, office.actor(who), office.now) if m.action == action)
    field = form.field("to") if form else None
    assert field is not None
    return set(field.choices)


def kept(case: Case) -> tuple[Any, ...]:
    return case.state, case.accepted_at, case.parameters, case.due_on, case.promised_on


def test_the_case_stays_accepted_and_comes_straight_back(office: Office, at_review: Case) -> None:
    assert targets(office, at_review, "review.return", "reviewer") == {"unit_check"}
    before = kept(at_review)
    case = send_back(office, at_review, "review.return", "reviewer", "unit_check")
    assert kept(case) == before
    task = office.task(case, "unit_check")
    assert (task.group, task.return_to, task.role) == ("accepted", "review", "unit_handler")
    assert offered(office, case, "handler") & {"unit_check.one_time_notice", "unit_check.not_accept"} == set()
    office.do(case, "unit_check.pass", "handler", opinion="已核对")
    case = office.fresh(case)
    assert kept(case) == before
    assert office.steps(case) == ["review"]
    assert case.papers.filter(kind="acceptance_notice").count() == 1
    for step in ("review", "approve", "county_notice"):
        walk.LIVING[step](office, office.fresh(case))
    assert office.state(case) == "approved"
    assert invariants(office.now) == []


def test_what_acceptance_settled_is_not_to_be_settled_again(office: Office, at_review: Case) -> None:
    case = send_back(office, at_review, "review.return", "reviewer", "unit_check")
    for action, answers in walk.ANSWERS.items():
        if action in ("unit_check.one_time_notice", "unit_check.not_accept"):
            with pytest.raises(Refused):
                office.do(case, action, "handler", **answers)
    timers = set(Timer.objects.filter(case=case, state="set").values_list("action", flat=True))
    assert timers == {"unit_check.overdue"}, "silence accepts once"
    office.now = office.task(case, "unit_check").due_at or office.now
    office.tick()
    assert office.steps(case) == ["unit_check"]
    assert office.fresh(case).accepted_at == at_review.accepted_at


def test_two_returns_one_in_the_other_come_back_one_by_one(office: Office, at_review: Case) -> None:
    walk.review(office, at_review)
    assert targets(office, office.fresh(at_review), "approve.return", "approver") == {"unit_check", "review"}
    case = send_back(office, at_review, "approve.return", "approver", "review")
    case = send_back(office, case, "review.return", "reviewer", "unit_check")
    office.do(case, "unit_check.pass", "handler")
    assert office.steps(case) == ["review"]
    walk.review(office, office.fresh(case))
    assert office.steps(case) == ["approve"]
    assert office.state(case) == "accepted"


def test_no_approval_is_skipped_by_a_return(office: Office, at_review: Case) -> None:
    case = send_back(office, at_review, "review.return", "reviewer", "unit_check")
    office.do(case, "unit_check.pass", "handler")
    assert office.state(case) == "accepted"
    assert not case.decisions.filter(duty="approve").exists()
    with pytest.raises(Refused):
        office.do(case, "approve.pass", "approver", amount=1)


def test_a_hospital_claim_goes_back_to_the_check_of_the_union(office: Office) -> None:
    office.make_fund("mutual_pool", 100_000_00)
    bills.insure(office, "2025-01-01", "2025-12-31")
    bills.insure(office, "2026-01-01", "2026-12-31")
    case = office.fresh(bills.accepted(office, bills.claim(office)))
    before = kept(case)
    assert targets(office, case, "calculate.return", "officer") == {"unit_check", "accept"}
    case = send_back(office, case, "calculate.return", "officer", "unit_check")
    office.do(case, "unit_check.pass", "chair")
    assert office.steps(case) == ["calculate"]
    assert kept(office.fresh(case)) == before


def test_a_notice_is_not_hung_twice_by_a_return(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="town_check")
    assert targets(office, office.fresh(case), "town_check.return", "organiser") == {"unit_check", "visit", "discuss"}
