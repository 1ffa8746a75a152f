"""Scenarios of domain §5.9, by number."""

import datetime as dt

import pytest

from casework.core.calendar import local_date, working_days_between
from casework.core.problems import Refused
from casework.funds.models import Balance
from casework.notifications.models import Message
from casework.registers.models import Entry
from casework.workflows import alerts, moves
from casework.workflows.models import Task
from tests import walk
from tests.office import Office, id_number

pytestmark = pytest.mark.django_db


def last_day(due: dt.datetime) -> dt.date:
    """A limit ends at 24:00 of its last day."""
    return local_date(due - dt.timedelta(seconds=1))


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


NOTICE = [
    {"item": "id_card", "problem": "UNCLEAR", "wanted": "身份证正反面清晰照片"},
    {"item": "income_proof", "problem": "MISSING", "wanted": "近 12 个月收入证明"},
]


def test_scenario_03_everything_missing_is_named_once(office: Office) -> None:
    case = walk.dossier_case(office)
    event = office.do(case, "unit_check.one_time_notice", "handler", items=NOTICE)
    assert [row["item"] for row in event.data["items"]] == ["id_card", "income_proof"]
    assert office.state(case) == "supplement"
    office.do(
        case,
        "supplement",
        "worker",
        id_card=[office.upload("worker", "id_card")],
        income_proof=[office.upload("worker", "income_proof")],
    )
    missed = [{"item": "labour_contract", "problem": "MISSING", "wanted": "劳动合同"}]
    with pytest.raises(Refused) as refusal:
        office.do(case, "unit_check.one_time_notice", "handler", items=missed)
    assert codes(refusal) == {"SECOND_NOTICE"}
    with pytest.raises(Refused):
        office.do(case, "unit_check.one_time_notice", "handler", items=[missed[0] | {"by_supplement": True}])
    event = office.do(
        case, "unit_check.one_time_notice", "handler", items=missed, supervisor_reason="主管王某同意,首次遗漏劳动合同"
    )
    assert event.data["second"] is True


def test_scenario_03_what_the_supplement_caused_may_be_named_again(office: Office) -> None:
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=NOTICE[:1])
    office.do(case, "supplement", "worker", id_card=[office.upload("worker", "id_card")])
    office.do(case, "unit_check.one_time_notice", "handler", items=[NOTICE[0] | {"by_supplement": True}])
    assert office.state(case) == "supplement"


def test_scenario_04_silence_accepts_with_the_date_of_submission(office: Office) -> None:
    case = walk.dossier_case(office)
    submitted = case.submitted_at
    due = office.task(case, "unit_check").due_at
    assert due is not None
    office.now = due - dt.timedelta(seconds=1)
    office.tick()
    assert office.state(case) == "submitted"
    office.now = due
    office.tick()
    case = office.fresh(case)
    assert case.state == "accepted"
    assert case.accepted_at == submitted
    assert office.steps(case) == ["visit"]


def test_scenario_05_a_supplement_moves_the_due_date_by_exactly_the_pause(office: Office) -> None:
    office.at("2026-11-23")
    case = walk.dossier_case(office)
    before = office.task(case, "unit_check")
    office.at("2026-11-25")
    office.do(case, "unit_check.one_time_notice", "handler", items=NOTICE[:1])
    office.at("2026-12-03")
    office.do(case, "supplement", "worker", id_card=[office.upload("worker", "id_card")])
    after = office.task(case, "unit_check")
    assert before.due_at is not None and after.due_at is not None
    assert working_days_between(last_day(before.due_at), last_day(after.due_at)) == 6
    assert after.paused_wd == 6


def test_scenario_05_a_pause_after_acceptance_moves_the_promised_date_too(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="means_check")
    before = office.fresh(case)
    office.do(case, "means_check.send", "officer", office="区民政局")
    sent = local_date(office.now)
    office.now += dt.timedelta(days=8)
    office.do(case, "means_check.result", "officer", result="consistent", opinion="与申报一致")
    after = office.fresh(case)
    paused = working_days_between(sent, local_date(office.now))
    assert before.promised_on is not None and after.promised_on is not None
    assert working_days_between(before.promised_on, after.promised_on) == paused > 0


def test_scenario_06_income_of_exactly_twice_the_line_is_denied_with_the_numbers(office: Office) -> None:
    office.set_line(100_000, office.now.date())
    case = walk.dossier_case(office, income=6_000_000, rigid=1_200_000)
    case = walk.go(office, case, walk.DOSSIER, until="review")
    assert case.facts["pc_fen"] == 200_000
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer")
    assert "INCOME_ABOVE_LINE" in codes(refusal)
    assert "2,000.00" in str(refusal.value.problems[0].message)
    office.do(case, "review.deny", "reviewer", code="INCOME_ABOVE_LINE", opinion="人均月收入等于低保线两倍,不符合条件")
    case = office.fresh(case)
    assert (case.state, case.outcome) == ("denied", "INCOME_ABOVE_LINE")
    paper = case.papers.get(kind="denial_notice")
    told = {line["key"]: line["value"] for line in paper.data["lines"]}
    assert (told["pc"], told["line"]) == (200_000, 100_000)


def test_scenario_07_a_notice_with_an_id_number_is_not_published(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="unit_notice")
    for words in ("公示:610825198001010018", "6108 2519 8001 0100 18", "61082519800101００18", "电话 13912341234"):
        with pytest.raises(Refused) as refusal:
            office.do(case, "unit_notice.post", "chair", text=words, contact="区总工会 0914-2388888")
        assert codes(refusal) == {"PRIVATE_DATA"}
    assert case.notices.count() == 0


def posted(office: Office) -> object:
    case = walk.go(office.at("2026-11-23"), walk.dossier_case(office), walk.DOSSIER, until="unit_notice")
    office.do(case, "unit_notice.post", "chair", text="现将拟定名单予以公示。", contact="区总工会 0914-2388888")
    office.at("2026-11-26")
    office.do(case, "unit_notice.object", "chair", text="邻居反映家中有车")
    return case


def test_scenario_08_a_dismissed_objection_lets_the_remaining_two_days_run_on(office: Office) -> None:
    case = posted(office)
    assert case.notices.get().state == "stopped"
    office.at("2026-11-30")
    office.do(case, "unit_notice.dismiss", "chair", reply="经查,车辆为亲属所有")
    notice = case.notices.get()
    assert notice.state == "running"
    assert working_days_between(local_date(office.now), last_day(notice.ends_at)) == 2


def test_scenario_08_a_changed_list_is_posted_for_five_new_days(office: Office) -> None:
    case = posted(office)
    office.at("2026-11-30")
    office.do(case, "unit_notice.change_list", "chair", reply="名单更正后重新公示")
    assert [n.state for n in case.notices.order_by("id")] == ["replaced", "running"]
    notice = case.notices.latest("id")
    assert working_days_between(local_date(office.now), last_day(notice.ends_at)) == 5


def test_scenario_08_an_upheld_objection_ends_the_case(office: Office) -> None:
    case = posted(office)
    office.do(case, "unit_notice.uphold", "chair", reply="经查属实")
    case = office.fresh(case)
    assert (case.state, case.outcome) == ("denied", "OBJECTION_UPHELD")


def test_scenario_09_a_relative_cannot_take_the_task(office: Office) -> None:
    walk.member(office)
    relative = office.users["reviewer"].person
    assert relative is not None
    from casework.people.models import Kinship

    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    applicant = case.applicant
    Kinship.objects.create(person=relative, relative_id_hash=applicant.id_hash, relation="sibling")
    for action in ("review.take", "review.pass"):
        with pytest.raises(Refused) as refusal:
            office.do(case, action, "reviewer")
        assert codes(refusal) == {"RECUSED"}
    shown = moves.available(office.fresh(case), office.actor("reviewer"), office.now)
    assert shown and all(move.problems for move in shown if not move.action.endswith("release"))
    office.do(case, "review.pass", "reviewer_2")
    assert office.steps(case) == ["approve"]


def test_scenario_11_two_approvals_of_6000_on_10000(office: Office) -> None:
    first, second = _two_at_approval(office)
    fund = _only_fund(office, 10_000_00)
    office.do(first, "approve.pass", "approver", amount=6_000_00)
    event = office.do(second, "approve.pass", "approver", amount=6_000_00)
    assert event.data["code"] == "NO_FUNDS"
    assert Balance.objects.get(fund=fund).reserved == 6_000_00
    assert office.steps(second) == ["approve"]
    assert office.task(second, "approve").phase == "no_funds"
    assert Message.objects.filter(case=second, template="no_funds").exists()


def _two_at_approval(office: Office) -> tuple:
    cases = []
    for who in ("worker", "worker_b"):
        walk.dossier(office, who, income=2_000_000)
        case = walk.living_case(office, who, amount=6_000_00)
        cases.append(walk.go(office, case, walk.LIVING, until="approve"))
    return tuple(cases)


def _only_fund(office: Office, fen: int):  # type: ignore[no-untyped-def]
    """Spend the default fund's purpose elsewhere: leave one fund with so much."""
    office.fund.purposes = ["other"]
    office.fund.save(update_fields=["purposes"])
    from casework.funds.models import Fund

    Fund.objects.exclude(pk=office.fund.pk).update(purposes=[])
    return office.make_fund("living", fen)


def test_scenario_13_a_dossier_not_checked_by_year_end_blocks_aid_and_alerts_the_county(office: Office) -> None:
    walk.dossier(office)
    entry = Entry.objects.get()
    assert entry.verified_until == dt.date(2027, 12, 31)
    office.at("2028-01-03")
    with pytest.raises(Refused) as refusal:
        walk.living_case(office)
    assert "DOSSIER_NOT_VERIFIED" in codes(refusal)
    assert alerts.unverified_dossiers(office.now) == 1
    assert alerts.unverified_dossiers(office.now) == 0
    assert Message.objects.filter(template="dossier_verify_due", recipient=office.users["officer"]).exists()


def test_scenario_18_a_rule_change_on_1_july_leaves_a_case_accepted_on_30_june(office: Office) -> None:
    office.at("2026-06-30")
    office.set_line(100_000, dt.date(2026, 1, 1))
    before = walk.dossier_case(office, income=6_000_000, rigid=1_500_000)
    walk.accept(office, before)
    after = walk.dossier_case(office, "worker_b", income=6_000_000, rigid=1_500_000)
    office.at("2026-07-01")
    office.set_line(60_000, dt.date(2026, 7, 1))
    walk.accept(office, after)
    before, after = office.fresh(before), office.fresh(after)
    assert (before.category, after.category) == ("relative", "none")
    assert before.parameters["subsistence_line"] == 100_000
    walk.go(office, before, {k: v for k, v in walk.DOSSIER.items() if k != "unit_check"}, until="register")
    assert office.state(before) == "approved"


def test_a_return_goes_to_the_step_that_erred_and_straight_back(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    office.do(case, "review.return", "reviewer", to="visit", opinion="照片看不清,请重新入户")
    assert office.steps(case) == ["visit"]
    walk.visit(office, case)
    assert office.steps(case) == ["review"]
    assert Task.objects.filter(case=case, step="visit").count() == 2


def test_a_supplement_that_never_comes_lapses(office: Office) -> None:
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=NOTICE)
    office.now = case.holds.get().max_until
    office.tick()
    case = office.fresh(case)
    assert (case.state, case.outcome) == ("withdrawn", "LAPSED")
    assert office.steps(case) == []


def test_two_identical_numbers_are_one_person(office: Office) -> None:
    number = id_number(900)
    assert office.person("赵一", number).pk == office.person("赵一", number).pk
