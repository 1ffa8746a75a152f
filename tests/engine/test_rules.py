"""Rules of the engine that are easy to get nearly right: second objections, returns within returns, second checks."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from casework.cases.models import Case
from casework.core.calendar import local_date, working_days_between
from casework.core.problems import Refused
from casework.people.households import set_household
from casework.registers.models import Entry
from casework.workflows import moves, one_dossier
from casework.workflows.models import Task, Timer
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db
REASON = "家中情况已逐项核实,调整类别符合本地规定,特此说明理由。"


def refusal_of(office: Office, case: Any, action: str, who: str, **answers: Any) -> set[str]:
    """The codes with which the door refuses."""
    with pytest.raises(Refused) as refusal:
        office.do(case, action, who, **answers)
    return {problem.code for problem in refusal.value.problems}


def days_left(office: Office, case: Any) -> int:
    """Working days after today until the last day of the running notice."""
    ends = case.notices.get(state="running").ends_at - dt.timedelta(seconds=1)
    return working_days_between(local_date(office.now), local_date(ends))


def test_a_second_objection_takes_no_days_away_that_the_first_left(office: Office) -> None:
    case = walk.go(office.at("2026-11-23"), walk.dossier_case(office), walk.DOSSIER, until="unit_notice")
    office.do(case, "unit_notice.post", "chair", **dict[str, Any](walk.POST))
    office.at("2026-11-25")
    office.do(case, "unit_notice.object", "chair", text="邻居反映家中有车")
    office.at("2026-12-02")
    office.do(case, "unit_notice.dismiss", "chair", reply="经查不实")
    assert days_left(office, case) == 3
    office.at("2026-12-03")
    office.do(case, "unit_notice.object", "chair", text="邻居反映另有住房")
    office.at("2026-12-07")
    office.do(case, "unit_notice.dismiss", "chair", reply="经查不实")
    assert days_left(office, case) == 2


def test_an_objection_is_examined_within_ten_working_days_and_the_limit_of_the_step_waits(office: Office) -> None:
    case = walk.go(office.at("2026-11-23"), walk.dossier_case(office), walk.DOSSIER, until="unit_notice")
    office.do(case, "unit_notice.post", "chair", **dict[str, Any](walk.POST))
    before = office.task(case, "unit_notice").due_at
    office.at("2026-11-25")
    office.do(case, "unit_notice.object", "chair", text="邻居反映家中有车")
    due = office.task(case, "unit_notice").due_at
    assert before is not None and due is not None
    assert working_days_between(local_date(office.now), local_date(due - dt.timedelta(seconds=1))) == 10
    office.at("2026-12-02")
    office.do(case, "unit_notice.dismiss", "chair", reply="经查不实")
    after = office.task(case, "unit_notice").due_at
    assert after is not None
    assert working_days_between(local_date(before), local_date(after)) == 5
    late = Timer.objects.get(case=case, action="unit_notice.overdue", state="set")
    assert late.due_at == after


def test_a_return_within_a_return_goes_back_through_both_askers(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    office.do(case, "review.return", "reviewer", to="discuss", opinion="评议记录不全")
    office.do(case, "discuss.return", "chair", to="visit", opinion="先补入户照片")
    walk.visit(office, case)
    assert office.steps(case) == ["discuss"]
    walk.discuss(office, case)
    assert office.steps(case) == ["review"]
    office.do(case, "review.pass", "reviewer")
    assert office.steps(case) == ["approve"]


def test_another_category_does_not_lift_an_exclusion(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office, homes=2), walk.DOSSIER, until="review")
    assert refusal_of(office, case, "review.pass", "reviewer", category="deep", category_reason=REASON) == {
        "EXCL_HOMES"
    }


def test_a_category_that_the_reviewer_changed_stands_at_the_approval(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office, income=6_000_000, rigid=0), walk.DOSSIER, until="review")
    assert refusal_of(office, case, "review.pass", "reviewer") == {"INCOME_ABOVE_LINE"}
    office.do(case, "review.pass", "reviewer", category="relative", category_reason=REASON)
    office.do(case, "approve.pass", "approver")
    assert (office.fresh(case).category, office.steps(case)) == ("relative", ["county_notice"])


def test_what_a_second_means_check_finds_outdates_the_category_the_reviewer_gave(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office, income=6_000_000, rigid=0), walk.DOSSIER, until="review")
    office.do(case, "review.pass", "reviewer", category="relative", category_reason=REASON)
    office.do(case, "approve.return", "approver", to="means_check", opinion="请再次核对")
    office.do(case, "means_check.send", "officer", office="区民政局")
    found: dict[str, Any] = {"result": "differs", "income": 20_000_000, "opinion": "另有收入"}
    office.do(case, "means_check.result", "officer", **found)
    assert office.steps(case) == ["approve"]
    assert refusal_of(office, case, "approve.pass", "approver") == {"INCOME_ABOVE_LINE"}


def test_a_second_means_check_that_agrees_takes_the_first_one_back(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="means_check")
    before = office.fresh(case)
    office.do(case, "means_check.send", "officer", office="区民政局")
    office.do(case, "means_check.result", "officer", result="differs", income=20_000_000, opinion="另有收入")
    assert office.fresh(case).category == "none"
    office.do(case, "review.return", "reviewer", to="means_check", opinion="核对对象有误,请重查")
    walk.means_check(office, case)
    again = office.fresh(case)
    assert (again.facts["pc_fen"], again.category) == (before.facts["pc_fen"], before.category)


def test_a_means_check_that_differs_says_by_how_much(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="means_check")
    office.do(case, "means_check.send", "officer", office="区民政局")
    assert refusal_of(office, case, "means_check.result", "officer", result="differs", opinion="不一致") == {
        "INCOME_NEEDED"
    }


def test_ages_are_those_of_the_day_of_acceptance(office: Office) -> None:
    office.at("2026-11-30")
    case = walk.dossier_case(office, work="employed", income=0, rigid=0)
    office.do(case, "unit_check.pass", "handler")
    before = office.fresh(case).facts["income_fen"]
    assert before > 0
    walk.go(office, case, {k: v for k, v in walk.DOSSIER.items() if k != "unit_check"}, until="means_check")
    office.at("2056-12-01")
    office.do(case, "means_check.send", "officer", office="区民政局")
    found: dict[str, Any] = {"result": "refused", "opinion": "家庭拒绝核对"}
    office.do(case, "means_check.result", "officer", **found)
    office.do(case, "review.return", "reviewer", to="means_check", opinion="请再次核对")
    office.do(case, "means_check.send", "officer", office="区民政局")
    office.do(case, "means_check.result", "officer", result="differs", income=1, opinion="另有收入")
    assert any(line["key"] == "imputed.self" for line in office.fresh(case).facts["lines"])


def test_a_hit_that_nobody_explained_blocks_although_another_was_explained(office: Office) -> None:
    walk.dossier(office)
    first = walk.living_case(office)
    second = walk.go(office, walk.living_case(office), walk.LIVING, until="review")
    office.do(second, "review.pass", "reviewer", not_duplicate="第一份申请将由本人撤回")
    third = walk.living_case(office)
    assert refusal_of(office, second, "approve.pass", "approver", amount=500_000) == {"DUPLICATE_AID"}
    office.do(third, "withdraw", "worker")
    assert office.state(first) == "submitted"
    office.do(second, "approve.pass", "approver", amount=500_000)


def another_dossier_case(office: Office, monkeypatch: pytest.MonkeyPatch) -> Case:
    """The worker's application for a dossier, handed in as if it did not see what he has already: two can be handed in
    at the same moment."""
    with monkeypatch.context() as unseen:
        unseen.setattr(one_dossier, "problems", lambda _turn: [])
        return walk.dossier_case(office)


def test_nobody_with_a_dossier_in_force_is_approved_for_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.dossier(office)
    case = walk.go(office, another_dossier_case(office, monkeypatch), walk.DOSSIER, until="review")
    office.do(case, "review.pass", "reviewer", not_duplicate="原档案信息有误")
    assert refusal_of(office, case, "approve.pass", "approver") == {"DUPLICATE_AID"}


def test_of_two_dossiers_of_one_household_one_is_approved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [
        walk.go(office, another_dossier_case(office, monkeypatch), walk.DOSSIER, until="review") for _n in range(2)
    ]
    for case in cases:
        office.do(case, "review.pass", "reviewer", not_duplicate="另一份申请将由本人撤回")
    office.do(cases[0], "approve.pass", "approver")
    assert refusal_of(office, cases[1], "approve.pass", "approver") == {"DUPLICATE_AID"}


def test_a_household_that_changed_since_is_reviewed_again(office: Office) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, until="approve")
    new_home(office, case)
    assert refusal_of(office, case, "approve.pass", "approver", amount=500_000) == {"DOSSIER_CHANGED"}
    office.do(case, "approve.return", "approver", to="review", opinion="家庭情况有变化")
    office.do(case, "review.pass", "reviewer")
    office.do(case, "approve.pass", "approver", amount=500_000)
    case = office.fresh(case)
    entry = Entry.objects.latest("id")
    assert (case.entry_id, case.household_id) == (entry.pk, entry.household_id)


def new_home(office: Office, case: Any) -> Entry:
    """The applicant moves into a household with a dossier of its own."""
    old = Entry.objects.get()
    home = set_household(case.applicant, [(office.person("新家人"), "spouse")], local_date(office.now))
    return Entry.objects.create(
        kind=old.kind, number="DF-NEW", person=case.applicant, household=home, organisation=old.organisation,
        source_case=old.source_case, valid_from=old.valid_from, verified_until=old.verified_until, data=old.data,
    )


def test_a_person_who_was_granted_aid_brings_it_into_his_new_household(office: Office) -> None:
    walk.dossier(office)
    first = walk.go(office, walk.living_case(office), walk.LIVING, until="county_notice")
    entry = new_home(office, first)
    spouse = entry.household.members.get(relation="spouse").person  # type: ignore[union-attr]
    office.user("spouse", spouse)
    holder = first.applicant.name  # the new dossier bears his name, and its aid goes to his card
    second = walk.go(office, walk.living_case(office, "spouse", account_name=holder), walk.LIVING, until="review")
    office.do(second, "review.pass", "reviewer", not_duplicate="新家庭")
    assert refusal_of(office, second, "approve.pass", "approver", amount=500_000) == {"DUPLICATE_AID"}


def test_a_union_directly_under_the_county_has_its_town_step_done_there(office: Office) -> None:
    union = office.orgs["union"]
    from casework.organisations import tree
    from casework.organisations.models import Level

    office.orgs["union"] = tree.make("县直机关工会", Level.GRASSROOTS, office.orgs["county"], region="611002")
    for name in ("handler", "chair", "visitor_1", "visitor_2"):
        office.users[name].assignments.update(organisation=office.orgs["union"])
    office.hire("county_organiser", "organiser", "county")
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="town_check")
    assert case.town_id is None and case.organisation_id != union.pk
    assert office.task(case, "town_check").level == "county"
    office.do(case, "town_check.pass", "county_organiser")
    assert office.steps(case) == ["means_check"]


def test_two_open_tasks_of_one_case_are_told_apart(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    task = office.task(case, "review")
    task.pk, task.public_id, task.step, task.kind, task.role = None, uuid4(), "town_check", "check", "case_officer"
    task.save(force_insert=True)
    mine = {m.action for m in moves.available(office.fresh(case), office.actor("officer"), office.now)}
    assert mine == {"town_check.pass", "town_check.not_supported", "town_check.return", "town_check.take"}
    office.do(case, "review.pass", "reviewer")
    assert set(office.steps(case)) == {"town_check", "approve"}
    assert Task.objects.filter(case=case, step="review", state="open").count() == 0


def test_a_second_entry_of_one_household_is_refused_and_no_fault(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="register")
    other = walk.dossier(office, "worker_b")
    entry = Entry.objects.get(source_case=other)
    set_household(case.applicant, [(other.applicant, "sibling")], local_date(office.now))
    entry.household = case.applicant.memberships.get(valid_to__isnull=True).household
    entry.save()
    assert refusal_of(office, case, "register.pass", "officer") == {"DUPLICATE_AID"}
