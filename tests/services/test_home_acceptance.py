"""Acceptance of a workers' home: own sheets, mean, third assessor, pass mark by grade, veto, plaque (domain §5.6)."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Refused
from casework.demo import standards
from casework.notifications import templates
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.registers.models import Entry
from casework.workflows import alerts, moves
from casework.workflows.models import ScoreSheet
from casework.workflows.steps import score
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db
FULL = {item["key"]: item["full"] for item in standards.HOME["items"] if not item.get("veto")}


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


@pytest.fixture
def unit(office: Office) -> Office:
    """A county with three assessors and money for rewards."""
    office.with_campaigns()
    office.make_fund("home_reward", 10_000_000)
    return office


def sheet(total: int, **veto: bool) -> dict[str, Any]:
    """A sheet of this total: the last items lose what is missing of 100."""
    missing, marks = 100 - total, dict(FULL)
    for key in reversed(list(marks)):
        lost = min(missing, marks[key])
        marks[key], missing = marks[key] - lost, missing - lost
    return marks | veto


def declared(office: Office, grade: str = "qualified", **changes: Any) -> Case:
    answers = {
        "union": str(office.orgs["union"].public_id), "grade": grade, "self_score": 92, "member_vote": 88, "area": 120,
        "opened_on": "2024-05-01", "statement": "阵地规范，活动经常。", "account_name": "秦岭纺织厂工会",
        "card_no": "6222021234567890128", "bank": "中国工商银行", "truth_pledge": True,
        "declaration": [office.upload("handler", "declaration")], "evidence": [office.upload("handler", "evidence")],
    }
    return office.apply("handler", "home_acceptance", answers | changes)


def to_assess(office: Office, grade: str = "qualified") -> Case:
    case = declared(office, grade)
    office.do(case, "accept.pass", "clerk")
    office.do(case, "town_check.pass", "organiser")
    return case


def assessed(office: Office, *totals: int, grade: str = "qualified") -> Case:
    case = to_assess(office, grade)
    for number, total in enumerate(totals, 1):
        office.do(case, "score.hand_in", f"assessor_{number}", **sheet(total))
    return case


def decided(office: Office, case: Case, step: str, who: str) -> None:
    office.do(case, "review.pass", "reviewer")
    walk.notice("county_notice", "publicity")(office, case)
    award = office.fresh(case).facts["award_fen"]
    office.do(case, f"{step}.pass", who, amount=award)


def test_from_the_declaration_to_plaque_and_reward(unit: Office) -> None:
    case = assessed(unit, 84, 91)
    facts = unit.fresh(case).facts
    assert (facts["score"], facts["passed"], facts["vetoed"]) == (8750, True, False)
    decided(unit, case, "approve_county", "approver")
    unit.do(case, "plaque.pass", "officer")
    entry = Entry.objects.get(kind="home_plaque")
    assert entry.organisation_id == unit.orgs["union"].pk and entry.data["grade"] == "qualified"
    assert (entry.valid_to - entry.valid_from).days in (1095, 1094)
    walk.answer_batch(unit, walk.send_batch(unit, [case]), {case.number: "paid"})
    unit.do(case, "rate.give", "handler", stars="5")
    assert unit.state(case) == "closed" and unit.fresh(case).amount_fen == 200_000
    assert invariants(unit.now) == []


def test_a_new_account_is_the_unions_too_not_that_of_its_handler(unit: Office) -> None:
    case = assessed(unit, 84, 91)
    decided(unit, case, "approve_county", "approver")
    unit.do(case, "plaque.pass", "officer")
    walk.settle(unit, case, returned=True)
    unit.do(case, "new_card", "handler", card_no="6217001234567890121", bank="中国建设银行", confirm=True)
    account = unit.fresh(case).account
    assert (account.holder, account.last4) == ("秦岭纺织厂工会", "0121")
    walk.settle(unit, case)
    assert unit.state(case) == "settled" and invariants(unit.now) == []


@pytest.mark.parametrize(
    ("grade", "step", "who"),
    [
        ("qualified", "approve_county", "approver"),
        ("advanced", "approve_city", "city_approver"),
        ("model", "approve_province", "province_approver"),
    ],
)
def test_the_grade_decides_who_approves(unit: Office, grade: str, step: str, who: str) -> None:
    case = assessed(unit, 96, 98, grade=grade)
    decided(unit, case, step, who)
    assert unit.state(case) == "approved"


@pytest.mark.parametrize(("totals", "wanted"), [((80, 80), True), ((79, 80), False), ((75, 85), True)])
def test_the_pass_mark_is_reached_exactly_or_not(unit: Office, totals: tuple[int, int], wanted: bool) -> None:
    case = assessed(unit, *totals)
    assert unit.fresh(case).facts["passed"] is wanted
    if wanted:
        unit.do(case, "review.pass", "reviewer")
        return
    with pytest.raises(Refused) as refusal:
        unit.do(case, "review.pass", "reviewer")
    assert codes(refusal) == {"SCORE_BELOW_PASS"}
    unit.do(case, "review.deny", "reviewer", code="SCORE_BELOW_PASS", opinion="平均分 79.5")
    assert unit.state(case) == "denied" and invariants(unit.now) == []


def test_a_gap_above_ten_calls_for_a_third_sheet(unit: Office) -> None:
    case = assessed(unit, 80, 91)
    assert unit.steps(case) == ["score"] and unit.task(case, "score").phase == "sheets_2"
    unit.do(case, "score.hand_in", "assessor_3", **sheet(87))
    assert unit.fresh(case).facts["score"] == 8600
    assert unit.steps(case) == ["review"]


def test_a_veto_found_by_one_assessor_stops_the_case_whatever_the_marks(unit: Office) -> None:
    case = to_assess(unit)
    unit.do(case, "score.hand_in", "assessor_1", **sheet(100, wages=True))
    unit.do(case, "score.hand_in", "assessor_2", **sheet(100))
    with pytest.raises(Refused) as refusal:
        unit.do(case, "review.pass", "reviewer")
    assert codes(refusal) == {"VETO_ITEM"}


def test_nobody_hands_in_two_sheets_nor_one_with_more_than_the_full_marks(unit: Office) -> None:
    case = to_assess(unit)
    with pytest.raises(Refused):
        unit.do(case, "score.hand_in", "assessor_1", **(sheet(100) | {"committee": 16}))
    unit.do(case, "score.hand_in", "assessor_1", **sheet(90))
    with pytest.raises(Refused) as refusal:
        unit.do(case, "score.hand_in", "assessor_1", **sheet(95))
    assert codes(refusal) == {"SHEET_HANDED_IN"}
    with pytest.raises(Refused):
        unit.do(case, "score.hand_in", "reviewer", **sheet(95))
    assert ScoreSheet.objects.count() == 1


def test_no_assessor_sees_a_sheet_before_he_has_handed_in_his_own(
    unit: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: unit.now)
    case = to_assess(unit)
    unit.do(case, "score.hand_in", "assessor_1", **sheet(83))
    told = [str(move.form) for move in moves.available(case, unit.actor("assessor_2"), unit.now)]
    assert "83" not in "".join(told)
    pages = {who: page(unit, who, case) for who in ("reviewer", "supervisor", "officer")}
    assert not any('id="sheets"' in text for text in pages.values())
    unit.do(case, "score.hand_in", "assessor_2", **sheet(89))
    assert 'id="sheets"' in page(unit, "reviewer", case)


def page(office: Office, who: str, case: Case) -> str:
    client = Client()
    client.force_login(office.users[who])
    answer = client.get(reverse("desk_case", args=[case.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_assessor_cannot_review_or_approve_what_he_judged(unit: Office) -> None:
    unit.hire("assessor_1", "reviewer", "county")
    case = assessed(unit, 90, 90)
    with pytest.raises(Refused) as refusal:
        unit.do(case, "review.pass", "assessor_1")
    assert codes(refusal) == {"SAME_HANDS"}


def test_the_union_is_told_once_before_the_plaque_ends(unit: Office) -> None:
    case = assessed(unit, 96, 98)
    decided(unit, case, "approve_county", "approver")
    unit.do(case, "plaque.pass", "officer")
    entry = Entry.objects.get(kind="home_plaque")
    assert entry.valid_to is not None
    unit.at((entry.valid_to - dt.timedelta(days=91)).isoformat())
    assert alerts.ending_entries(unit.now) == 0
    unit.at((entry.valid_to - dt.timedelta(days=90)).isoformat())
    assert (alerts.ending_entries(unit.now), alerts.ending_entries(unit.now)) == (1, 0)
    told = Message.objects.filter(template="entry_ends", channel="inapp")
    assert unit.users["handler"].pk in {message.recipient_id for message in told}
    assert entry.number in templates.compose("entry_ends", told[0].params, "en").body
    assert invariants(unit.now) == []


@given(st.lists(st.integers(0, 100), min_size=2, max_size=3))
def test_the_mean_lies_between_the_sheets_and_a_third_is_asked_for_by_the_gap_alone(totals: list[int]) -> None:
    assert min(totals) * 100 <= score.mean(totals) <= max(totals) * 100
    wanted = 3 if abs(totals[0] - totals[1]) > 10 else 2
    assert score.needed(totals[:2], standards.HOME) == wanted
