"""What speaks against an application on its way: a committee or a town that does not support it, a visit that found
something else or could not be made. It passes on, is seen, and is answered (domain §4.3, §4.7)."""
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.papers.models import Paper
from casework.workflows import moves
from casework.workflows.commands import Command
from casework.workflows.door_many import perform_many
from casework.workflows.models import Decision
from tests import walk
from tests.desk.pages import text_of
from tests.office import Office

pytestmark = pytest.mark.django_db
AGAINST = "委员会认为家庭有其他收入来源"
VOTES = {"held_on": "2026-11-20", "present": 7, "in_favour": 2, "opinion": AGAINST}
WHY = "复核后认为符合条件,理由如下"
ATTEMPTS = [{"on": "2026-11-18"}, {"on": "2026-11-20"}]


def at(office: Office, step: str) -> Case:
    """A dossier application on the desk of a step."""
    return walk.go(office, walk.dossier_case(office), walk.DOSSIER, step)


def on(office: Office, case: Case, start: str, until: str = "") -> Case:
    """From one step on to another, the ordinary way."""
    keys = list(walk.DOSSIER)
    return walk.go(office, case, {key: walk.DOSSIER[key] for key in keys[keys.index(start):]}, until)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def page(office: Office, case: Case, who: str) -> str:
    client = Client()
    client.force_login(office.users[who])
    return text_of(client.get(reverse("desk_case", args=[case.public_id])))


def together(office: Office, case: Case, action: str, who: str, **answers: Any) -> Any:
    seen = office.fresh(case).event_n
    command = Command(case.pk, action, office.actor(who), seen, f"many-{action}", {"opinion": WHY, **answers})
    return next(iter(perform_many([command], office.now)))


def refused_visit(office: Office, case: Case, why: str = "refused") -> None:
    office.do(case, "visit.no_visit", "visitor_1", why=why, attempts=ATTEMPTS, opinion="家属拒绝开门")
    office.do(case, "visit.sign_no_visit", "visitor_2")


def test_a_committee_that_votes_no_passes_the_case_on_with_its_opinion(office: Office) -> None:
    case = at(office, "discuss")
    with pytest.raises(Refused) as found:
        office.do(case, "discuss.pass", "chair", **VOTES)
    assert codes(found) == {"NO_MAJORITY"}
    office.do(case, "discuss.not_supported", "chair", **VOTES)
    assert office.steps(case) == ["unit_notice"]
    case = on(office, case, "unit_notice", "review")
    seen = page(office, case, "reviewer")
    assert "工会委员会评议：不予支持" in seen
    assert AGAINST in seen
    with pytest.raises(Refused) as found:
        office.do(case, "review.pass", "reviewer")
    assert codes(found) == {"OPINION_NEEDED"}
    office.do(case, "review.pass", "reviewer", opinion=WHY)
    with pytest.raises(Refused) as found:
        office.do(case, "approve.pass", "approver")
    assert codes(found) == {"OPINION_NEEDED"}
    office.do(case, "approve.pass", "approver", opinion=WHY)
    on(office, case, "county_notice")
    form = Paper.objects.get(case=case, kind="approval_form")
    assert ("not_supported", AGAINST) in {(row["decision"], row["opinion"]) for row in form.data["opinions"]}
    assert invariants(office.now) == []


def test_a_committee_in_favour_cannot_say_no(office: Office) -> None:
    case = at(office, "discuss")
    with pytest.raises(Refused) as found:
        office.do(case, "discuss.not_supported", "chair", **(VOTES | {"in_favour": 5}))
    assert codes(found) == {"IN_FAVOUR"}
    with pytest.raises(Refused):
        office.do(case, "discuss.not_supported", "chair", **(VOTES | {"opinion": ""}))


def test_a_vote_repeated_after_a_return_takes_the_first_back(office: Office) -> None:
    case = at(office, "discuss")
    office.do(case, "discuss.not_supported", "chair", **VOTES)
    case = on(office, case, "unit_notice", "town_check")
    assert case.facts["not_supported"] == ["discuss"]
    office.do(case, "town_check.return", "organiser", to="discuss", opinion="请补充情况后重新评议")
    walk.discuss(office, case)
    case = office.fresh(case)
    assert "not_supported" not in case.facts
    assert office.steps(case) == ["town_check"]
    assert office.do(case, "town_check.pass", "organiser")


def test_the_town_may_pass_it_on_without_support_too(office: Office) -> None:
    case = at(office, "town_check")
    office.do(case, "town_check.not_supported", "organiser", opinion="邻里反映与申报不符")
    case = on(office, case, "means_check", "review")
    assert case.facts["not_supported"] == ["town_check"]
    assert "邻里反映与申报不符" in page(office, case, "reviewer")
    office.do(case, "review.return", "reviewer", to="town_check", opinion="请再核实")
    walk.town_check(office, case)
    office.do(case, "review.pass", "reviewer")
    assert office.steps(case) == ["approve"]


def test_it_is_never_decided_together_with_others(office: Office) -> None:
    case = at(office, "discuss")
    office.do(case, "discuss.not_supported", "chair", **VOTES)
    for step, who in (("town_check", "organiser"), ("review", "reviewer")):
        case = on(office, case, office.steps(case)[0], step)
        answer = together(office, case, f"{step}.pass", who)
        assert isinstance(answer, Refused)
        assert answer.codes == {"DOUBTS"}
        assert office.steps(case) == [step]
        walk.DOSSIER[step](office, case)


def test_an_enquiry_knows_no_support(office: Office) -> None:
    walk.member(office)
    case = office.apply(
        "worker", "hotline_ticket",
        {"office": str(office.orgs["county"].public_id), "matter": "help", "text": "单位三个月没有发工资"},
    )
    for who in office.users:
        offered = moves.available(office.fresh(case), office.actor(who), office.now)
        assert not any(move.action.endswith(".not_supported") for move in offered)


def test_the_minutes_may_be_kept_with_the_vote(office: Office) -> None:
    case = at(office, "discuss")
    office.do(case, "discuss.not_supported", "chair", **VOTES, minutes=[office.upload("chair", "minutes")])
    assert case.documents.filter(kind="minutes").count() == 1
    assert "会议纪要" in page(office, case, "chair")


@pytest.mark.parametrize("why", ["refused", "absent"])
def test_a_household_that_cannot_be_visited_does_not_hold_the_case_up_for_ever(office: Office, why: str) -> None:
    case = at(office, "visit")
    with pytest.raises(Refused) as found:
        same_day = [{"on": "2026-11-18"}, {"on": "2026-11-18"}]
        office.do(case, "visit.no_visit", "visitor_1", why=why, attempts=same_day, opinion="无人")
    assert codes(found) == {"TWO_ATTEMPTS"}
    office.do(case, "visit.no_visit", "visitor_1", why=why, attempts=ATTEMPTS, opinion="无人应门")
    with pytest.raises(Refused) as found:
        office.do(case, "visit.sign_no_visit", "visitor_1")
    assert codes(found) == {"TWO_PEOPLE"}
    office.do(case, "visit.sign_no_visit", "visitor_2")
    assert office.steps(case) == ["discuss"]
    assert Message.objects.filter(case=case, template="no_visit").exists()
    case = on(office, case, "discuss", "review")
    assert case.facts["check_refused"], "the means check, which was not refused, does not lift it"
    assert "不能入户" in page(office, case, "reviewer")
    with pytest.raises(Refused) as found:
        office.do(case, "review.pass", "reviewer", opinion=WHY)
    assert codes(found) == {"CHECK_REFUSED"}
    office.do(case, "review.deny", "reviewer", code="CHECK_REFUSED", opinion="两次上门均未能入户")
    assert office.state(case) == "denied"
    assert invariants(office.now) == []


def test_a_visit_made_up_for_lifts_the_refusal(office: Office) -> None:
    case = at(office, "visit")
    refused_visit(office, case)
    case = on(office, case, "discuss", "review")
    office.do(case, "review.return", "reviewer", to="visit", opinion="申请人已同意入户")
    walk.visit(office, case)
    case = office.fresh(case)
    assert not case.facts["check_refused"]
    assert "no_visit" not in case.facts
    office.do(case, "review.pass", "reviewer")
    assert office.steps(case) == ["approve"]


def test_a_visit_does_not_lift_a_refused_means_check(office: Office) -> None:
    case = at(office, "means_check")
    office.do(case, "means_check.send", "officer", office="区民政局")
    office.do(case, "means_check.result", "officer", result="refused", opinion="拒绝授权核对")
    office.do(case, "review.return", "reviewer", to="visit", opinion="请再入户了解")
    walk.visit(office, case)
    assert office.fresh(case).facts["check_refused"]
    with pytest.raises(Refused) as found:
        office.do(case, "review.pass", "reviewer", opinion=WHY)
    assert codes(found) == {"CHECK_REFUSED"}


def test_who_does_not_sign_that_no_visit_was_possible_has_it_tried_again(office: Office) -> None:
    case = at(office, "visit")
    office.do(case, "visit.no_visit", "visitor_1", why="absent", attempts=ATTEMPTS, opinion="无人应门")
    office.do(case, "visit.redo", "visitor_2", opinion="家里晚上有人")
    walk.visit(office, case)
    case = office.fresh(case)
    assert not case.facts.get("check_refused")
    assert office.steps(case) == ["discuss"]


def disagreeing(office: Office, case: Case) -> None:
    photos = [office.upload("visitor_1", "photos", shade) for shade in (0, 7)]
    sheet = walk.SHEET | {"visited_on": office.now.date().isoformat(), "agrees": False, "photos": photos}
    office.do(case, "visit.record", "visitor_1", **sheet, signature=[office.upload("visitor_1", "signature")])
    office.do(case, "visit.sign", "visitor_2")


def test_a_visit_that_finds_the_declaration_untrue_is_answered_at_the_review(office: Office) -> None:
    case = at(office, "visit")
    disagreeing(office, case)
    case = on(office, case, "discuss", "review")
    assert "与申报不一致" in page(office, case, "reviewer")
    answer = together(office, case, "review.pass", "reviewer")
    assert isinstance(answer, Refused)
    assert answer.codes == {"DOUBTS"}
    with pytest.raises(Refused) as found:
        office.do(case, "review.pass", "reviewer")
    assert codes(found) == {"OPINION_NEEDED"}
    office.do(case, "review.return", "reviewer", to="visit", opinion="请再核实")
    walk.visit(office, case)
    assert "visit_disagrees" not in office.fresh(case).facts
    office.do(case, "review.pass", "reviewer")
    assert office.steps(case) == ["approve"]


def test_every_way_around_the_vote_leaves_its_decision_row(office: Office) -> None:
    case = at(office, "visit")
    refused_visit(office, case)
    office.do(case, "discuss.not_supported", "chair", **VOTES)
    rows = Decision.objects.filter(case=case, step__in=["visit", "discuss"]).order_by("id")
    assert [row.decision for row in rows] == ["no_visit", "sign_no_visit", "not_supported"]
