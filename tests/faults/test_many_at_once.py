"""Promise S5 with decisions of many cases at once: crossed, over the same cases, and beside a single click. Each case
is decided once, everybody gets an answer a page can tell, and nothing hangs in a deadlock."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.workflows.commands import Command
from casework.workflows.door_many import Result, perform_many
from tests import walk
from tests.faults.clicks import woken
from tests.faults.world import at_once, tally
from tests.office import Office

__all__ = ["woken"]
pytestmark = [pytest.mark.usefixtures("woken"), pytest.mark.promise("S5")]


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime) -> Office:
    """A federation whose work is really committed; begun so early that the fund's year is not over."""
    return Office(moment - dt.timedelta(days=240))


def at_approval(office: Office, who: str) -> Case:
    """An application for living aid on the desk of the approvers."""
    walk.dossier(office, who)
    return walk.go(office, walk.living_case(office, who), walk.LIVING, "approve")


def together(office: Office, who: str, *cases: Case) -> Callable[[], list[Result]]:
    """One click that grants each of these cases what its rule found, in this order."""
    actor = office.actor(who)
    wishes = []
    for case in map(office.fresh, cases):
        answers = {"amount": case.facts["award_fen"]}
        wishes.append(Command(case.pk, "approve.pass", actor, case.event_n, f"{who}-{case.pk}", answers))
    return lambda: list(perform_many(wishes, office.now))


def alone(office: Office, who: str, case: Case) -> Callable[[], Event]:
    """One click on one case."""
    seen = office.fresh(case)
    return partial(office.do, case, "approve.pass", who, seen=seen.event_n, amount=seen.facts["award_fen"])


def pair(office: Office, who: str) -> tuple[Case, Case]:
    """Two applications of one household, each explained as no duplicate."""
    walk.dossier(office, who)
    cases = walk.living_case(office, who), walk.living_case(office, who)
    for case in cases:
        walk.accept(office, case)
        office.do(case, "review.pass", "reviewer", opinion="符合条件", not_duplicate="另一案将撤回")
    return cases


def test_crossed_households(office: Office) -> None:
    """Each click locks the household of its first case while the other holds that of its second. What asks for a second
    look is refused to both; the others are granted, whichever database broke the tie. Seen red on
    PostgreSQL without the way one by one after a deadlock."""
    (x1, x2), (y1, y2) = pair(office, "worker-x"), pair(office, "worker-y")
    free = [at_approval(office, f"worker-{n}") for n in range(4)]
    for mine, others in (free[:2], free[2:]):
        before = [office.fresh(case).event_n for case in (x1, x2, y1, y2)]
        answers = at_once(together(office, "approver", x1, y2, mine), together(office, "approver_2", y1, x2, others))
        assert [dict(tally(answer)) for answer in answers] == [{"422": 2, "won": 1}] * 2
        assert [office.fresh(case).event_n for case in (x1, x2, y1, y2)] == before
        assert [office.steps(case) for case in (mine, others)] == [["county_notice"]] * 2
        assert invariants(office.now) == []


def test_the_same_cases_in_either_order(office: Office) -> None:
    cases = [at_approval(office, f"worker-{n}") for n in range(4)]
    before = [office.fresh(case).event_n for case in cases]
    first, second = at_once(
        together(office, "approver", *cases), together(office, "approver_2", *reversed(cases))
    )
    for one, other in zip(first, reversed(second), strict=True):
        assert tally([one, other]) == {"won": 1, "409": 1}
    assert [office.fresh(case).event_n for case in cases] == [n + 1 for n in before]
    assert invariants(office.now) == []


def test_beside_a_single_decision_of_one_of_them(office: Office) -> None:
    for n in range(2):
        cases = [at_approval(office, f"worker-{n}-{place}") for place in range(3)]
        before = office.fresh(cases[1]).event_n
        many, single = at_once(together(office, "approver", *cases), alone(office, "approver_2", cases[1]))
        assert tally([many[1], single]) == {"won": 1, "409": 1}
        assert not [answer for answer in (many[0], many[2]) if isinstance(answer, Refused)]
        assert office.fresh(cases[1]).event_n == before + 1
        assert invariants(office.now) == []
