"""An approval with several signatures: distinct people, one amount, and a count that the lint knows."""
import json
from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.programmes.loader import build, programme_of
from casework.programmes.spec import Programme
from casework.workflows import lint_money, lint_steps
from tests import walk
from tests.engine.versions import Next
from tests.engine.walker import walk_all
from tests.office import Office

pytestmark = pytest.mark.django_db


def changed(office: Office, **values: Any) -> Next:
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.change("approve", **values)
    return new


@pytest.fixture
def staffed(office: Office) -> Office:
    """Living aid whose approval two people sign."""
    office.versions["living_aid"] = changed(office, signers=2).publish(office)
    office.make_fund("living", 100_000_00)
    return office


@pytest.fixture
def case(staffed: Office) -> Case:
    walk.dossier(staffed)
    return walk.go(staffed, walk.living_case(staffed), walk.LIVING, until="approve")


def sign(office: Office, case: Case, who: str, fen: int) -> None:
    office.do(case, "approve.pass", who, amount=fen)


def refused(office: Office, case: Case, who: str, fen: int) -> set[str]:
    with pytest.raises(Refused) as refusal:
        sign(office, case, who, fen)
    return {problem.code for problem in refusal.value.problems}


def test_two_people_sign_and_the_last_one_approves(staffed: Office, case: Case) -> None:
    fen = case.facts["award_fen"]
    sign(staffed, case, "approver", fen)
    first = staffed.fresh(case)
    assert (first.amount_fen, staffed.steps(case)) == (None, ["approve"])
    assert not first.reservations.exists(), "no money is set aside by one of two"
    assert refused(staffed, first, "approver", fen) == {"SAME_HANDS"}
    assert refused(staffed, first, "approver_2", fen - 1) == {"OTHER_AMOUNT"}
    sign(staffed, first, "approver_2", fen)
    assert staffed.fresh(case).amount_fen == fen
    assert staffed.steps(case) == ["county_notice"]
    rows = case.decisions.filter(step="approve").order_by("id").values_list("decision", "user__username")
    assert list(rows) == [("sign", "approver"), ("pass", "approver_2")]
    assert invariants(staffed.now) == []


def test_after_a_return_everybody_signs_anew(staffed: Office, case: Case) -> None:
    fen = case.facts["award_fen"]
    sign(staffed, case, "approver", fen)
    staffed.do(case, "approve.return", "approver_2", to="review", opinion="请再核对")
    walk.review(staffed, staffed.fresh(case))
    sign(staffed, staffed.fresh(case), "approver_2", fen)
    assert staffed.steps(case) == ["approve"]


def test_the_lint_counts_each_signature_as_a_person(office: Office) -> None:
    def people(programme: Programme) -> set[int]:
        pay = next(step for step in programme.steps() if step.kind == "pay")
        return {len(duties) for duties in lint_money.duties_to(programme, pay)}

    before = people(programme_of(office.version("living_aid")))
    after = people(build(changed(office, signers=3).content))
    assert {count + 2 for count in before} == after
    found = lint_steps.findings(build(changed(office, signers=9).content), "")
    assert {finding.code for finding in found} == {"WRONG_OPTION"}


def test_every_path_of_such_a_route_is_walked(staffed: Office) -> None:
    walks = walk_all(staffed, "living_aid")
    assert {"approve.pass", "approve.deny"} <= set().union(*(walker.walked for walker in walks))
