"""Hands that must not touch a case, and tasks whose holder is gone."""

import pytest

from casework.access.models import RoleAssignment, Substitution, User
from casework.core.problems import Refused
from casework.funds.models import Payment
from casework.workflows import moves, payruns, queries
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db


def test_a_login_that_stands_for_no_person_decides_nothing(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    User.objects.filter(username="reviewer").update(person=None)
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer")
    assert [problem.code for problem in refusal.value.problems] == ["NO_PERSON"]
    shown = moves.available(office.fresh(case), office.actor("reviewer"), office.now)
    assert shown and all(move.problems for move in shown)


def test_whoever_filed_the_application_does_not_pay_it(office: Office) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING)
    type(case).objects.filter(pk=case.pk).update(filed_by=office.users["finance"])
    payment = Payment.objects.get(case=case)
    with pytest.raises(Refused) as refusal:
        payruns.make(payment.fund, [payment.pk], office.actor("finance"), office.now)
    assert [problem.code for problem in refusal.value.problems] == ["SAME_HANDS"]


def leave(office: Office, name: str) -> None:
    """The role of this person ends now."""
    RoleAssignment.objects.filter(user=office.users[name]).update(valid_to=office.now)


def test_a_task_whose_holder_lost_the_role_is_done_by_a_colleague(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    office.do(case, "review.take", "reviewer")
    with pytest.raises(Refused):
        office.do(case, "review.pass", "reviewer_2")
    leave(office, "reviewer")
    shown = {m.action for m in moves.available(office.fresh(case), office.actor("reviewer_2"), office.now)}
    assert {"review.pass", "review.release"} <= shown
    office.do(case, "review.pass", "reviewer_2")
    assert office.steps(case) == ["approve"]


def test_a_returned_step_is_not_put_before_somebody_who_left(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    leave(office, "officer")
    office.do(case, "review.return", "reviewer", to="means_check", opinion="请再次核对")
    assert office.task(case, "means_check").assignee is None


def test_a_late_task_whose_holder_left_returns_to_the_common_queue(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    office.do(case, "review.take", "reviewer")
    leave(office, "reviewer")
    due = office.task(case, "review").due_at
    assert due is not None
    office.now = due
    office.tick()
    assert office.task(case, "review").assignee is None
    assert [task.case_id for task in queries.queue(office.actor("reviewer_2"))] == [case.pk]


def test_a_substitute_uses_up_the_duty_of_both(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    Substitution.objects.create(
        absent=office.users["reviewer"], substitute=office.users["approver_2"], role="reviewer",
        organisation=office.orgs["county"], valid_from=office.now, valid_to=office.now.replace(year=2027),
    )
    office.do(case, "review.pass", "approver_2")
    office.hire("reviewer", "approver", "county")
    for name in ("approver_2", "reviewer"):
        with pytest.raises(Refused) as refusal:
            office.do(case, "approve.pass", name)
        assert [problem.code for problem in refusal.value.problems] == ["SAME_HANDS"]


def test_a_member_of_the_household_of_the_dossier_is_recused(office: Office) -> None:
    home = walk.dossier(office)
    relative = home.parties.get().person
    User.objects.filter(username="reviewer").update(person=relative)
    case = walk.go(office, walk.living_case(office), walk.LIVING, until="review")
    assert not case.parties.exists()
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer")
    assert [problem.code for problem in refusal.value.problems] == ["RECUSED"]


def test_rights_of_an_actor_cost_the_same_however_many_he_stands_in_for(
    office: Office, django_assert_max_num_queries: object
) -> None:
    for name in ("reviewer", "reviewer_2", "approver", "cashier", "officer"):
        Substitution.objects.create(
            absent=office.users[name], substitute=office.users["publicity"],
            role=office.users[name].assignments.get().role, organisation=office.orgs["county"],
            valid_from=office.now, valid_to=office.now.replace(year=2027),
        )
    office.actor("publicity")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        actor = office.actor("publicity")
    assert len(actor.duties) == 6 and len(actor.persons) == 6
