"""Awards that prove themselves: what the year gave before is frozen, a rule that fails holds the case and stands before
the people who mend it, and every decision comes out again (domain §4.9)."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.programmes.models import Parameter, ProgrammeVersion, RuleTrouble
from casework.workflows.replay import Replay
from tests import walk
from tests.engine import made
from tests.office import Office

pytestmark = pytest.mark.django_db
CAP = 300_000
FAULTY = {"kind": "rate", "percent": 200}


@pytest.fixture
def relief(office: Office) -> ProgrammeVersion:
    """A service with a yearly cap: temporary aid on a short route."""
    walk.member(office)
    office.make_fund("relief", 100_000_00)
    return made.publish(
        made.programme(
            {
                "submitted": {"unit_check": made.step("accept", "unit_handler@grassroots", silence="accepted")},
                "accepted": {
                    "review": made.step("review", "reviewer@county"),
                    "approve": made.step("approve", "approver@county"),
                },
                "approved": {"hand_over": made.step("check", "case_officer@county")},
            },
            award="temporary_aid", numbers=["temporary_aid"], fund="relief",
        ),
        office.now,
    )


def ask(office: Office, version: ProgrammeVersion, fen: int) -> Case:
    """A request of the worker, handed in."""
    return made.hand_in(office, version, "worker", union=str(office.orgs["union"].public_id), amount=fen)


def explained(case: Case) -> dict[str, str]:
    """The reviewer's answers: why it is no duplicate, where there is a like case."""
    return {"not_duplicate": "另一次突发事件"} if Case.objects.filter(key=case.key).count() > 1 else {}


def granted(office: Office, case: Case, until: str = "") -> Case:
    """The request on its way; approved without `until`."""
    moves: dict[str, Any] = {
        "accept": lambda: walk.accept(office, case),
        "review": lambda: office.do(case, "review.pass", "reviewer", **explained(case)),
        "approve": lambda: office.do(case, "approve.pass", "approver", amount=office.fresh(case).facts["award_fen"]),
    }
    for name, move in moves.items():
        if name == until:
            break
        move()
    return office.fresh(case)


def refusal(office: Office, case: Case, action: str, who: str, **answers: Any) -> Refused:
    """What the door says."""
    with pytest.raises(Refused) as caught:
        office.do(case, action, who, **answers)
    return caught.value


def enter(office: Office, table: Any) -> None:
    """The table of the county from the office's day on."""
    Parameter.objects.create(
        key="temporary_aid", region="611002", effective_from=local_date(office.now), value=table, source="test"
    )


def replayed(*words: str) -> tuple[int, str]:
    """Exit code and words of the command."""
    out = io.StringIO()
    try:
        call_command("replay_awards", *words, stdout=out, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_what_the_year_gave_before_counts_and_is_frozen(office: Office, relief: ProgrammeVersion) -> None:
    first = granted(office, ask(office, relief, 200_000))
    second = granted(office, ask(office, relief, 200_000), "approve")
    assert first.amount_fen == 200_000
    assert (second.facts["award_fen"], second.facts["award_limit"]) == (CAP - 200_000, "year")
    assert second.facts["earlier"] == {
        "year": 2026, "base_fen": 200_000, "paid_fen": 200_000, "life_paid_fen": 200_000, "cases": [first.number],
    }
    granted_second = office.do(second, "approve.pass", "approver", amount=CAP - 200_000)
    assert granted_second.action == "approve.pass"
    third = granted(office, ask(office, relief, 5), "approve")
    assert third.facts["award_fen"] == 0
    office.at("2027-01-11")
    office.make_fund("relief", 100_000_00)
    assert granted(office, ask(office, relief, 250_000), "approve").facts["award_fen"] == 250_000
    assert replayed() == (0, "2 cases, 0 differences\n")


def test_an_award_keeps_its_rule_and_inputs_by_reference_and_nothing_personal(
    office: Office, relief: ProgrammeVersion
) -> None:
    case = granted(office, ask(office, relief, 200_000), "approve")
    facts = case.facts
    submitted = Event.objects.get(subject_id=str(case.public_id), action="submit")
    assert facts["award_rule"] == "temporary_aid"
    assert facts["award_inputs"]["answers"] == submitted.data["answers"]
    assert facts["award_inputs"]["programme"] == {
        "key": relief.key, "version": 1, "content_hash": relief.content_hash,
    }
    assert facts["award_inputs"]["numbers"] == {"temporary_aid": ["610000", "2025-01-01"]}
    assert "2,000.00" in facts["award_says"]["zh"] and "2,000.00" in facts["award_says"]["en"]
    assert case.applicant.name not in str(facts)


def test_of_two_requests_at_once_the_second_is_worked_out_anew(office: Office, relief: ProgrammeVersion) -> None:
    cases = [granted(office, ask(office, relief, 200_000), "review") for _n in range(2)]
    cases = [office.fresh(case) for case in cases]
    for case in cases:
        office.do(case, "review.pass", "reviewer", **explained(case))
    assert [office.fresh(case).facts["award_fen"] for case in cases] == [200_000, 200_000]
    office.do(cases[0], "approve.pass", "approver", amount=200_000)
    assert refusal(office, cases[1], "approve.pass", "approver", amount=200_000).codes == {"EARLIER_CHANGED"}
    office.do(cases[1], "approve.return", "approver", to="review", opinion="请重新核算")
    office.do(cases[1], "review.pass", "reviewer", opinion="已重新核算", **explained(cases[1]))
    assert refusal(office, cases[1], "approve.pass", "approver", amount=200_000).codes == {"TOO_MUCH"}
    office.do(cases[1], "approve.pass", "approver", amount=100_000)
    assert replayed()[0] == 0


def test_a_rule_that_fails_holds_the_case_until_its_number_is_mended(office: Office, relief: ProgrammeVersion) -> None:
    enter(office, FAULTY)
    case = ask(office, relief, 200_000)
    assert "award_fen" not in office.fresh(case).facts
    trouble = RuleTrouble.objects.get(case=case.public_id)
    refused = refusal(office, case, "unit_check.pass", "handler", opinion="材料齐全")
    [problem] = refused.problems
    assert problem.code == "RULE_FAILED" and "temporary_aid.percent" in str(problem.message) and problem.mend
    assert problem.params == {"rule": "temporary_aid", "number": "temporary_aid.percent"}
    assert (office.state(case), office.steps(case), office.fresh(case).event_n) == ("submitted", ["unit_check"], 1)
    assert RuleTrouble.objects.get(mended_at=None) == trouble
    office.now += dt.timedelta(days=30)
    office.tick()  # silence cannot accept it either, and waits
    assert office.state(case) == "submitted"
    enter(office, {"kind": "rate", "percent": 100, "per": "event", "cap_year_fen": CAP})
    office.now += dt.timedelta(hours=2)
    office.tick()
    accepted = office.fresh(case)
    assert (office.steps(case), accepted.facts["award_fen"]) == (["review"], 200_000)
    assert accepted.accepted_at == accepted.submitted_at
    assert accepted.parameters["_from"]["temporary_aid"] == ["611002", "2026-12-23"]
    assert not RuleTrouble.objects.filter(mended_at=None).exists()


def test_the_row_goes_by_itself_when_the_rule_works_again(office: Office, relief: ProgrammeVersion) -> None:
    enter(office, FAULTY)
    case = ask(office, relief, 200_000)
    assert refusal(office, case, "unit_check.pass", "handler", opinion="材料齐全").codes == {"RULE_FAILED"}
    office.now += dt.timedelta(days=1)
    enter(office, {"kind": "rate", "percent": 50, "per": "event"})
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    assert office.fresh(case).facts["award_fen"] == 100_000
    trouble = RuleTrouble.objects.get()
    assert trouble.mended_at == office.now and trouble.since < office.now


def test_the_policy_officer_reads_which_rule_and_which_number(office: Office, relief: ProgrammeVersion) -> None:
    enter(office, FAULTY)
    case = ask(office, relief, 200_000)
    pages = {}
    for who, role, place in (("policy", "policy_officer", "city"), ("far", "policy_officer", "other_county"),
                             ("chief", "supervisor", "county")):
        user = office.hire(who, role, place)
        client = Client()
        client.force_login(user)
        pages[who] = client.get(reverse("desk_attention")).content.decode()
    assert "temporary_aid.percent" in pages["policy"] and "百分比不能超过 100" in pages["policy"]
    assert case.number in pages["policy"] and str(case.public_id) not in pages["policy"]
    assert str(case.public_id) in pages["chief"]
    assert "temporary_aid" not in pages["far"]


def test_after_honest_work_everything_comes_out_again_and_a_changed_figure_is_named(office: Office) -> None:
    walk.dossier(office)
    living = walk.go(office, walk.living_case(office), walk.LIVING)
    assert replayed() == (0, "2 cases, 0 differences\n")
    assert replayed("--since", "2030-01-01") == (0, "0 cases, 0 differences\n")
    for changed in (
        {"facts": {**living.facts, "award_fen": living.facts["award_fen"] + 1}},
        {"amount_fen": living.facts["award_fen"] + 1},
        {"category": "accidental"},
        {"parameters": {**living.parameters, "subsistence_line": 5_000_000}},
    ):
        Case.objects.filter(pk=living.pk).update(**changed)
        code, words = replayed()
        assert code == 1 and living.number in words, changed
        kept = {name: getattr(living, name) for name in ("facts", "amount_fen", "category", "parameters")}
        Case.objects.filter(pk=living.pk).update(**kept)
    assert list(Replay().run()) == []
