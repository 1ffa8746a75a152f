"""A paper asked for after acceptance: the case stays accepted, the clock rests, what the first check missed counts."""
import datetime as dt
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import local_date, working_days_between
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.workflows import moves, queries
from casework.workflows.models import Timer
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db
OWN = {"item": "income_proof", "problem": "EXPIRED", "wanted": "最近一个月的收入证明", "own_step": True}


@pytest.fixture
def at_review(office: Office) -> Case:
    """Living aid at the county's review."""
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, until="review")


def ask(office: Office, case: Case, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return dict(office.do(case, "review.ask_papers", "reviewer", items=list(items), **more).data)


def offered(office: Office, case: Case, who: str) -> set[str]:
    found = moves.available(office.fresh(case), office.actor(who), office.now)
    return {move.action for move in found if not move.problems}


def hand_in(office: Office, case: Case) -> Event:
    return office.do(case, "supplement", "worker", income_proof=[office.upload("worker", "income_proof", 9)])


def test_the_clock_rests_until_the_paper_comes_and_the_review_goes_on(office: Office, at_review: Case) -> None:
    told = ask(office, at_review, OWN)
    assert not told["second"]
    case = office.fresh(at_review)
    assert case.state == "accepted"
    assert offered(office, case, "reviewer") & {"review.pass", "review.return", "review.deny"} == set()
    assert queries.workable(office.actor("reviewer")).filter(case=case).count() == 0
    asked = office.now
    office.now += dt.timedelta(days=6)
    hand_in(office, case)
    after, days = office.fresh(case), working_days_between(local_date(asked), local_date(office.now))
    assert after.state == "accepted"
    assert after.paused_wd == days > 0
    assert after.due_on > case.due_on
    assert office.task(case, "review").paused_wd == days
    assert not Timer.objects.filter(case=case, action="review.unanswered", state="set").exists()
    walk.review(office, after)
    assert office.steps(case) == ["approve"]
    assert invariants(office.now) == []


def test_what_the_first_check_missed_needs_a_reason_and_counts_there(office: Office, at_review: Case) -> None:
    missed = OWN | {"own_step": False}
    with pytest.raises(Refused, match="SECOND_NOTICE"):
        ask(office, at_review, missed)
    told = ask(office, at_review, missed, supervisor_reason="单位审核时遗漏，经主管同意补充告知")
    assert (told["second"], told["missed_by"]) == (True, "unit_check")


def test_a_step_asks_once_for_what_it_needs(office: Office, at_review: Case) -> None:
    ask(office, at_review, OWN)
    hand_in(office, at_review)
    with pytest.raises(Refused, match="SECOND_NOTICE"):
        ask(office, at_review, OWN)


def test_without_an_answer_nothing_lapses(office: Office, at_review: Case) -> None:
    ask(office, at_review, OWN)
    timer = Timer.objects.get(case=at_review, action="review.unanswered", state="set")
    office.now = timer.due_at
    assert "supplement" in offered(office, at_review, "worker")
    office.tick()
    assert office.state(at_review) == "accepted"
    assert "supplement" not in offered(office, at_review, "worker")
    walk.review(office, office.fresh(at_review))
    assert office.steps(at_review) == ["approve"]
    assert invariants(office.now) == []


def test_the_letter_threatens_with_nothing_that_does_not_come(office: Office, at_review: Case) -> None:
    ask(office, at_review, OWN)
    letter = at_review.papers.get(kind="one_time_notice")
    assert letter.data["accepted"]
    assert not letter.data["second"]


def test_the_form_too_may_be_corrected_after_acceptance(office: Office, at_review: Case) -> None:
    frozen = at_review.parameters
    ask(office, at_review, OWN | {"item": "form.request.request", "problem": "INCONSISTENT"})
    form = next(m.form for m in moves.available(at_review, office.actor("worker"), office.now)
                if m.action == "supplement")
    assert form is not None
    office.do(at_review, "supplement", "worker", year=2026, months=1, amount=50_000, reason="核对后只申请一个月")
    case = office.fresh(at_review)
    assert case.requested_fen == 50_000
    assert case.facts["award_fen"] <= 50_000
    assert case.parameters == frozen
    assert invariants(office.now) == []
