"""Promise S5 where several desks sign an approval: rivals for the last signature, and a signature beside a return."""
import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from tests import walk
from tests.engine.versions import Next
from tests.faults.clicks import woken
from tests.faults.world import at_once
from tests.office import Office

__all__ = ["woken"]
pytestmark = [pytest.mark.usefixtures("woken"), pytest.mark.promise("S5")]


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime) -> Office:
    """A federation whose work is really committed."""
    return Office(moment - dt.timedelta(days=240))


def waiting(office: Office, signed: tuple[str, ...], **values: Any) -> Case:
    """An approval that the county's approver and finance officer and the city's approver sign, some of whom have."""
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.change("approve", also=["finance_officer@county", "approver@city"], **values)
    with transaction.atomic():
        office.versions["living_aid"] = new.publish(office)
        office.make_fund("living", 100_000_00)
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, until="approve")
    for who in signed:
        office.do(case, "approve.pass", who, amount=case.facts["award_fen"])
    return office.fresh(case)


def signing(office: Office, case: Case, who: str) -> Callable[[], Event]:
    """A click on the page as it is now."""
    return partial(office.do, case, "approve.pass", who, seen=case.event_n, amount=case.facts["award_fen"])


def codes(answers: list[Any]) -> list[str]:
    return [problem.code for answer in answers if isinstance(answer, Refused) for problem in answer.problems]


def test_of_two_last_signers_one_signs_and_the_money_is_set_aside_once(office: Office) -> None:
    case = waiting(office, ("approver",), need=2)
    answers = at_once(signing(office, case, "finance"), signing(office, case, "city_approver"))
    assert sum(isinstance(answer, Event) for answer in answers) == 1
    assert set(codes(answers)) <= {"MOVED_ON", "BUSY"} and codes(answers)
    assert case.decisions.filter(step="approve").count() == 2
    assert case.reservations.count() == 1
    assert office.steps(case) == ["county_notice"]
    assert invariants(office.now) == []


def test_a_signature_beside_a_return_is_given_before_it_or_not_at_all(office: Office) -> None:
    case = waiting(office, ("approver",))
    back = partial(
        office.do, case, "approve.return", "finance", seen=case.event_n, to="review", opinion="请再核对",
    )
    answers = at_once(signing(office, case, "city_approver"), back)
    assert sum(isinstance(answer, Event) for answer in answers) == 1
    given = case.decisions.filter(step="approve").values_list("decision", flat=True)
    assert sorted(given) in (["return", "sign"], ["sign", "sign"])
    assert office.steps(case) == (["review"] if "return" in given else ["approve"])
    assert not case.reservations.exists() and invariants(office.now) == []
