"""An approval that several desks sign: all, any, a ratio, in turn. Who sees it when, and what ends a round."""
import datetime as dt
import json
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds.models import Fund
from casework.notifications.models import Message
from casework.oversight import words
from casework.oversight.invariants import invariants
from casework.people.models import Kinship
from casework.programmes.difference import differences
from casework.programmes.loader import build, programme_of
from casework.programmes.reading import ProgrammeFault
from casework.workflows import lint_money, lint_steps, moves, queries, seats
from casework.workflows.bpmn import bpmn
from casework.workflows.picture import picture_of
from tests import walk
from tests.engine.versions import Next, carried_out, codes, tried
from tests.engine.walker import Walker, walk_all
from tests.office import Office

pytestmark = pytest.mark.django_db
ALSO = ["finance_officer@county", "approver@city"]
WHO = ("approver", "finance", "city_approver")


def changed(office: Office, **values: Any) -> Next:
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.change("approve", **values)
    return new


def at_approval(office: Office, **values: Any) -> Case:
    """A case of living aid whose approval the county's approver and finance officer and the city's approver sign."""
    office.versions["living_aid"] = changed(office, also=ALSO, **values).publish(office)
    office.make_fund("living", 100_000_00)
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, until="approve")


def sign(office: Office, case: Case, who: str, fen: int | None = None) -> None:
    case = office.fresh(case)
    office.do(case, "approve.pass", who, amount=case.facts["award_fen"] if fen is None else fen)


def refused(office: Office, case: Case, who: str, **answers: Any) -> set[str]:
    case = office.fresh(case)
    with pytest.raises(Refused) as refusal:
        office.do(case, "approve.pass", who, **({"amount": case.facts["award_fen"]} | answers))
    return {problem.code for problem in refusal.value.problems}


def asked(office: Office, case: Case, *more: str) -> set[str]:
    """In whose queue the approval lies."""
    return {
        who for who in (*WHO, *more)
        if queries.workable(office.actor(who)).filter(case=case, step="approve").exists()
    }


def rows(case: Case) -> list[tuple[str, str]]:
    return list(case.decisions.filter(step="approve").order_by("id").values_list("decision", "user__username"))


def test_all_sign_in_any_order_and_each_sees_it_until_he_has(office: Office) -> None:
    case = at_approval(office)
    assert asked(office, case) == set(WHO)
    sign(office, case, "city_approver")
    assert asked(office, case) == {"approver", "finance"}
    assert {task.phase for task in office.tasks(case)} == {"signed_1"}
    assert refused(office, case, "finance", amount=1) == {"OTHER_AMOUNT"}
    sign(office, case, "finance")
    assert office.fresh(case).amount_fen is None and not case.reservations.exists()
    sign(office, case, "approver")
    assert office.steps(case) == ["county_notice"]
    assert office.fresh(case).amount_fen == case.facts["award_fen"]
    assert rows(case) == [("sign", "city_approver"), ("sign", "finance"), ("pass", "approver")]
    assert invariants(office.now) == []


def test_one_of_them_is_enough_where_one_is_needed(office: Office) -> None:
    case = at_approval(office, need=1)
    assert asked(office, case) == set(WHO)
    sign(office, case, "finance")
    assert office.steps(case) == ["county_notice"]
    assert asked(office, case) == set()
    assert rows(case) == [("pass", "finance")]


def test_two_of_three(office: Office) -> None:
    case = at_approval(office, need=2)
    sign(office, case, "approver")
    assert refused(office, case, "approver") >= {"NOT_YOUR_STEP"}, "his desk has signed"
    assert asked(office, case) == {"finance", "city_approver"}
    sign(office, case, "city_approver")
    assert office.steps(case) == ["county_notice"]
    ends = case.tasks.filter(step="approve").order_by("seat").values_list("seat", "state", "outcome")
    assert list(ends) == [(0, "done", "sign"), (1, "cancelled", "not_needed"), (2, "done", "pass")]
    assert not case.timers.filter(action__startswith="approve.", state="set").exists()


def test_in_turn_only_the_next_one_is_asked(office: Office) -> None:
    case = at_approval(office, in_turn=True)
    for who in WHO[:2]:
        assert asked(office, case) == {who}
        assert refused(office, case, "city_approver") == {"NOT_YOUR_STEP"}
        sign(office, case, who)
    assert asked(office, case) == {"city_approver"}
    assert not case.reservations.exists()
    sign(office, case, "city_approver")
    assert office.steps(case) == ["county_notice"]
    assert case.reservations.exists()
    assert set(case.tasks.filter(step="approve").values_list("round", flat=True)) == {1}


def test_in_turn_each_has_the_limit_from_his_turn_on(office: Office) -> None:
    case = at_approval(office, in_turn=True)
    office.now += dt.timedelta(days=2)
    sign(office, case, "approver")
    [task] = office.tasks(case)
    assert task.opened_at == office.now
    assert case.timers.get(task=task, state="set").due_at == task.due_at


def test_one_person_signs_once_though_he_sits_at_two_desks(office: Office) -> None:
    office.hire("approver", "finance_officer", "county")
    case = at_approval(office)
    offered = [move.action for move in moves.available(case, office.actor("approver"), office.now)]
    assert offered.count("approve.pass") == 1
    sign(office, case, "approver")
    assert refused(office, case, "approver") == {"SAME_HANDS"}
    assert asked(office, case) == {"finance", "city_approver"}, "what he signed lies in his queue no more"


def test_who_reviewed_or_is_related_signs_at_no_desk(office: Office) -> None:
    office.hire("reviewer", "finance_officer", "county")
    case = at_approval(office)
    assert refused(office, case, "reviewer") == {"SAME_HANDS"}
    city = office.users["city_approver"].person
    assert city is not None and case.applicant.id_hash
    Kinship.objects.create(person=city, relative_id_hash=case.applicant.id_hash, relation="sibling")
    assert "RECUSED" in refused(office, case, "city_approver")


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_return_makes_void_what_was_signed_and_the_event_says_whose(office: Office, in_turn: bool) -> None:
    case = at_approval(office, in_turn=in_turn)
    sign(office, case, "approver")
    office.do(office.fresh(case), "approve.return", "finance", to="review", opinion="请再核对")
    event = Event.objects.filter(subject_id=str(case.public_id)).latest("n")
    assert event.data["signatures_void"] == [office.actor("approver").name]
    told = dict(words.facts(event.data, programme_of(case.programme)))
    assert office.actor("approver").name in told.values()
    assert office.steps(case) == ["review"] and asked(office, case) == set()
    assert not case.timers.filter(action__startswith="approve.", state="set").exists()
    walk.review(office, office.fresh(case))
    assert asked(office, case) == ({"approver"} if in_turn else set(WHO))
    assert {task.round for task in office.tasks(case)} == {2}
    for who in WHO:
        sign(office, case, who)
    assert office.steps(case) == ["county_notice"]


def test_one_denial_ends_it_for_all(office: Office) -> None:
    case = at_approval(office)
    sign(office, case, "finance")
    office.do(office.fresh(case), "approve.deny", "city_approver", code="FALSE_DATA", opinion="不实")
    assert office.state(case) == "denied" and not case.tasks.filter(state="open").exists()
    event = Event.objects.filter(subject_id=str(case.public_id)).latest("n")
    assert event.data["signatures_void"] == [office.actor("finance").name]


def test_without_money_the_last_signature_waits_and_the_others_stay(office: Office) -> None:
    case = at_approval(office)
    sign(office, case, "approver")
    sign(office, case, "finance")
    assert asked(office, case) == {"city_approver"}
    Fund.objects.update(purposes=["other"])
    sign(office, case, "city_approver")
    assert office.fresh(case).facts["waiting_for_funds"] and office.steps(case) == ["approve"]


@pytest.mark.parametrize("in_turn", [False, True])
def test_each_desk_grows_late_and_is_handed_on_by_itself(office: Office, in_turn: bool) -> None:
    case = at_approval(office, in_turn=in_turn, on_timeout="province_approver@province")
    sign(office, case, "approver")
    before = Message.objects.count()
    office.at(str(office.now.date() + dt.timedelta(days=20)), "10:00")
    office.tick()
    open_now = {(task.role, task.level) for task in office.tasks(case)}
    assert open_now == {("province_approver", "province")}
    assert len(office.tasks(case)) == (1 if in_turn else 2)
    assert Message.objects.count() > before
    assert refused(office, case, "finance") == {"NOT_YOUR_STEP"}
    sign(office, case, "province_approver")
    if not in_turn:
        assert refused(office, case, "province_approver") == {"SAME_HANDS"}


def found(office: Office, **values: Any) -> set[str]:
    return {finding.code for finding in lint_steps.findings(build(changed(office, **values).content), "")}


def test_the_lint_finds_what_can_never_be_signed(office: Office) -> None:
    for fine in ({}, {"need": 2}, {"in_turn": True}):
        assert found(office, also=ALSO, **fine) == set()
    assert found(office, also=ALSO, need=4) == {"NEVER_ENOUGH"}
    assert found(office, also=ALSO, need=2, in_turn=True) == {"NEVER_ASKED"}
    assert found(office, also=["approver@county"]) == {"DESK_TWICE"}
    assert found(office, also=["auditor@county"]) == {"ROLE_UNABLE"}
    assert found(office, also=ALSO, signers=2) == {"TWO_WAYS_TO_SIGN"}
    assert found(office, need=2) == {"NO_FURTHER_SIGNERS"} == found(office, in_turn=True)
    assert found(office, also=ALSO, on_timeout="approver@city") == {"NOT_HIGHER"}
    for also in (["mayor@county"], "approver@city", ["approver@moon"]):
        with pytest.raises(ProgrammeFault):
            build(changed(office, also=also).content)


def test_the_lint_counts_each_signature_as_a_person(office: Office) -> None:
    def people(**values: Any) -> set[int]:
        programme = build(changed(office, **values).content)
        pay = next(step for step in programme.steps() if step.kind == "pay")
        return {len(duties) for duties in lint_money.duties_to(programme, pay)}

    one = people()
    assert people(also=ALSO) == {count + 2 for count in one}
    assert people(also=ALSO, need=2) == {count + 1 for count in one}
    assert people(also=ALSO, need=1) == one


def test_drawings_and_differences_say_who_signs(office: Office) -> None:
    before, after = programme_of(office.version("living_aid")), build(changed(office, also=ALSO, need=2).content)
    [shape] = [shape for shape in picture_of(after, "en").shapes if shape.key == "approve"]
    told = shape.below[0]
    assert told.startswith("2 of them: ") and "City" in told
    assert "2 of them" in bpmn(after, "en") and "其中 2 个" in bpmn(after, "zh")
    assert seats.words(before.step("approve")) == ""
    changes = differences(json.loads(office.version("living_aid").content["text"]), changed(office, also=ALSO).content)
    assert any("also signed by" in str(change) for change in changes)


def test_a_case_under_signature_does_not_move_to_other_signers(office: Office) -> None:
    for who in ("policy", "policy_2"):
        office.hire(who, "policy_officer", "city")
    case = at_approval(office)
    sign(office, case, "approver")
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.change("approve", also=ALSO[:1])
    tried(office, office.version("living_aid"), new)
    assert set(codes(case)) == {"OTHER_SIGNERS"}
    new.change("approve", also=ALSO, limit="9wd")
    carried_out(office, tried(office, office.version("living_aid"), new))
    assert sorted(task.role for task in office.tasks(case)) == ["approver", "finance_officer"]
    assert {task.limit_wd for task in office.tasks(case)} == {9}
    sign(office, case, "finance")
    sign(office, case, "city_approver")
    assert office.steps(case) == ["county_notice"]


@pytest.mark.parametrize("values", [{}, {"need": 1}, {"need": 2}, {"in_turn": True}], ids=str)
def test_every_path_of_such_a_route_is_walked(office: Office, values: dict[str, Any]) -> None:
    office.versions["living_aid"] = changed(office, also=ALSO, **values).publish(office)
    walks: list[Walker] = walk_all(office, "living_aid")
    assert {"approve.pass", "approve.return", "approve.deny"} <= set().union(*(walker.walked for walker in walks))
