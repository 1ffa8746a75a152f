"""Promise S5: officers who click at once on one case. One wins, the others are told; nobody sees an error."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.funds.models import Reservation
from casework.oversight.invariants import invariants
from casework.programmes.loader import programme_of
from casework.workflows import worklist
from casework.workflows.models import Decision, Task
from tests import walk
from tests.desk.pages import case_url, hidden_of, text_of
from tests.faults.clicks import clock_of, woken
from tests.faults.world import at_once, tally
from tests.office import Office

__all__ = ["woken"]
pytestmark = [pytest.mark.usefixtures("woken"), pytest.mark.promise("S5")]
DENY = {"code": "FALSE_DATA", "opinion": "申报与事实不符"}
Click = Callable[[], Any]


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime) -> Office:
    """A federation whose work is really committed."""
    return Office(moment)


def colleagues(office: Office, role: str, count: int, place: str = "county") -> list[str]:
    """So many more people of one role."""
    names = [f"{role}-{n}" for n in range(count)]
    for name in names:
        office.hire(name, role, place)
    return names


def released(office: Office, case: Case, *clicks: Click) -> None:
    """All click at once: one wins, the others get 409, and the case has moved by one event."""
    before = office.fresh(case).event_n
    assert tally(at_once(*clicks)) == {"won": 1, "409": len(clicks) - 1}
    assert office.fresh(case).event_n == before + 1
    assert Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).count() == before + 1
    assert invariants(office.now) == []


def click(office: Office, case: Case, action: str, who: str, /, **answers: Any) -> Click:
    """A click on the case as it stands now."""
    return partial(office.do, case, action, who, seen=office.fresh(case).event_n, **answers)


@pytest.mark.parametrize("count", [2, 10, 50])
def test_the_same_decision_by_many(office: Office, count: int) -> None:
    """Three walls: the row lock, the number of the chain's last event, and django-fsm's compare-and-swap. Seen red on
    PostgreSQL with all three down; any one of them holds alone."""
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")
    reviewers = colleagues(office, "reviewer", count)
    released(office, case, *[click(office, case, "review.pass", who, opinion="符合条件") for who in reviewers])
    assert Decision.objects.filter(case=case, step="review").count() == 1
    assert office.steps(case) == ["approve"]


@pytest.mark.parametrize("count", [2, 10, 50])
def test_rival_decisions_about_money(office: Office, count: int) -> None:
    """Some approve, some deny, some send it back: money is reserved once or not at all."""
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "approve")
    award = office.fresh(case).facts["award_fen"]
    rivals: list[tuple[str, dict[str, Any]]] = [
        ("approve.pass", {"amount": award}), ("approve.deny", DENY), ("approve.pass", {"amount": award - 1}),
        ("approve.return", {"to": "review", "opinion": "请核对"}),
    ]  # fmt: skip
    people = enumerate(colleagues(office, "approver", count))
    released(office, case, *[click(office, case, rivals[n % 4][0], who, **rivals[n % 4][1]) for n, who in people])
    decision = Decision.objects.get(case=case, step="approve").decision
    assert Reservation.objects.filter(case=case, state="open").count() == (decision == "pass")
    assert office.state(case) == ("denied" if decision == "deny" else "accepted")


def test_an_officer_decides_while_the_applicant_withdraws(office: Office) -> None:
    """Seen red with the door's look at `seen` taken away: the withdrawal followed the decision unseen."""
    for n in range(5):
        case = walk.go(office, walk.dossier_case(office, f"member-{n}"), walk.DOSSIER, "review")
        released(
            office, case,
            click(office, case, "review.pass", "reviewer", opinion="符合条件"),
            click(office, case, "withdraw", f"member-{n}"),
            click(office, case, "review.deny", "reviewer_2", **DENY),
        )  # fmt: skip


def test_ten_take_one_task_from_the_queue(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")
    released(office, case, *[click(office, case, "review.take", who) for who in colleagues(office, "reviewer", 10)])
    assert office.task(case, "review").assignee is not None


def test_two_tasks_of_one_case(office: Office) -> None:
    """Each was decided on a picture without the other: the second is told, looks again, and then does it. Seen red
    with the door's look at `seen` taken away."""
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "town_check")
    worklist.open_task(case, programme_of(case.programme).step("means_check"), office.now)
    Task.objects.filter(case=case, step="town_check").update(return_to="review")
    wishes: dict[str, dict[str, Any]] = {
        "town_check.pass": {"who": "organiser"}, "means_check.send": {"who": "officer", "office": "区民政局"},
    }  # fmt: skip
    released(office, case, *[click(office, case, action, wish.pop("who"), **wish) for action, wish in wishes.items()])
    if office.task(case, "means_check").phase == "sent":
        office.do(case, "town_check.pass", "organiser")
    else:
        office.do(case, "means_check.send", "officer", **wishes["means_check.send"])
    assert office.steps(case) == ["means_check", "review"]
    assert office.task(case, "means_check").phase == "sent"


def review_with_reason(office: Office, case: Case) -> None:
    """The reviewer saw the other case and explained it."""
    office.do(case, "review.pass", "reviewer", opinion="符合条件", not_duplicate="另一案将撤回")


@pytest.mark.promise("M3")
def test_one_household_one_aid_a_year_whoever_is_faster(office: Office) -> None:
    """Two cases of a household, each explained as no duplicate, approved in the same moment. Seen red without the lock
    on the household (PostgreSQL) and without the look for the other case: both were approved, and the confirmation of
    the second notice broke on the unique index."""
    walk.dossier(office)
    for _round in range(3):
        pair = walk.living_case(office), walk.living_case(office)
        for case in pair:
            walk.accept(office, case)
            office.do(case, "review.pass", "reviewer", opinion="符合条件", not_duplicate="另一案将撤回")
        award = office.fresh(pair[0]).facts["award_fen"]
        people = zip(pair, ("approver", "approver_2"), strict=True)
        answers = at_once(*[click(office, case, "approve.pass", who, amount=award) for case, who in people])
        assert tally(answers) == {"won": 1, "422": 1}
        winner, loser = sorted(pair, key=lambda case: office.steps(case) == ["approve"])
        office.do(loser, "approve.deny", "approver", code="DUPLICATE_AID", opinion="同一家庭本年度已获批")
        assert (office.steps(winner), office.state(loser)) == (["county_notice"], "denied")
        assert invariants(office.now) == []
        office.do(winner, "withdraw", "worker")


def test_ten_officers_at_their_screens(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through HTTP: each opens the case, all press at once; one goes on, nine read what happened meanwhile."""
    clock_of(office, monkeypatch)
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")
    before, posts = office.fresh(case).event_n, []
    for n, who in enumerate(colleagues(office, "reviewer", 10)):
        browser = Client(raise_request_exception=False)
        browser.force_login(office.users[who])
        typed = {"opinion": f"意见 {n}"} | ({"code": "FALSE_DATA"} if n % 2 else {})
        fields = hidden_of(browser.get(case_url(case)), "review.deny" if n % 2 else "review.pass")
        posts.append(partial(browser.post, reverse("desk_do", args=[case.public_id]), {**fields, **typed}))
    answers: list[HttpResponse] = at_once(*posts)
    statuses = sorted(getattr(answer, "status_code", 0) for answer in answers)
    assert statuses == [302] + [409] * 9, answers
    assert office.fresh(case).event_n == before + 1
    winner = Decision.objects.get(case=case, step="review")
    for n, answer in enumerate(answers):
        if answer.status_code == 409:
            assert winner.user is not None and winner.user.first_name in text_of(answer)
            assert f"意见 {n}" in answer.content.decode()
    assert invariants(office.now) == []
