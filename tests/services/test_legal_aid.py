"""Legal aid (domain §5.4): accepted in a day, decided in 7, a lawyer who sees this one case until he is replaced or it
ends, his subsidy by the table in two hands, and the worker's rating."""

import datetime as dt
from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.calendar import add_working_days, local_date
from casework.core.problems import Refused
from casework.funds.models import Payment
from casework.notifications.models import Message
from casework.people import persons
from casework.workflows import moves, queries, statements
from casework.workflows.steps import closing
from tests import walk
from tests.office import ENQUIRY_STAFF, Office
from tests.services.reading import Reader

pytestmark = pytest.mark.django_db
CARD = "6222021234567890128"


@pytest.fixture
def staffed(office: Office) -> Office:
    """The federation with its legal department, two lawyers, money for subsidies, and a worker."""
    for name, (role, place) in ENQUIRY_STAFF.items():
        office.hire(name, role, place)
    office.hire("city_lawyer", "lawyer", "city")
    office.make_fund("legal_aid", 1_000_000)
    walk.member(office)
    return office


def ask(office: Office, who: str = "worker", **answers: Any) -> Case:
    """An application that is handed in."""
    person = office.users["worker"].person
    assert person is not None
    told = {
        "name": person.name, "id_no": persons.plain_for_system(person, "id_no"), "phone": "13900007777",
        "office": str(office.orgs["county"].public_id), "poverty": "certificate", "employer": "秦岭纺织厂",
        "matter": "wages", "event_date": local_date(office.now - dt.timedelta(days=60)).isoformat(),
        "wanted": ["arbitration"], "text": "拖欠工资三个月", "general_consent": True, "truth_pledge": True,
        "id_card": [office.upload(who, "id_card")], "poverty_proof": [office.upload(who, "poverty_proof")],
        "evidence": [office.upload(who, "evidence")],
    }
    return office.apply(who, "legal_aid", {key: value for key, value in (told | answers).items() if value is not None})


def granted(office: Office, **answers: Any) -> Case:
    case = ask(office, **answers)
    office.do(case, "accept.pass", "legal")
    office.do(case, "examine.pass", "legal", opinion="符合条件")
    office.do(case, "decide.pass", "approver")
    return case


def assign(office: Office, case: Case, lawyer: str) -> None:
    named = {"lawyer": str(office.users[lawyer].pk), "licence_no": "16110202010123456", "firm": "秦岭律师事务所"}
    office.do(case, "assign.pass", "legal", **named, no_conflict=True)


def assigned(office: Office, lawyer: str = "lawyer") -> Case:
    case = granted(office)
    assign(office, case, lawyer)
    return case


def report(office: Office, case: Case, lawyer: str = "lawyer", **answers: Any) -> None:
    day = local_date(office.now).isoformat()
    office.do(case, "conduct.agree", lawyer, signed_on=day, agreement=[office.upload(lawyer, "agreement")])
    office.do(case, "conduct.log", lawyer, done_on=day, note="与单位负责人面谈")
    told = {
        "result": "award", "handled": "arbitration", "amount_won": 1_260_000, "report": "裁决单位支付工资。",
        "judgment": [office.upload(lawyer, "judgment")], "card_no": CARD, "bank": "中国银行",
    }
    office.do(case, "conduct.close", lawyer, **told | answers)


def reported(office: Office) -> Case:
    case = assigned(office)
    report(office, case)
    return case


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def places(refusal: Any) -> set[str]:
    return {problem.place for problem in refusal.value.problems}


def told(office: Office, case: Case, who: str) -> set[str]:
    rows = Message.objects.filter(case=case, recipient=office.users[who], channel="inapp")
    return set(rows.values_list("template", flat=True))


def letters(case: Case) -> list[str]:
    return list(case.papers.order_by("id").values_list("kind", flat=True))


# The happy way


def test_aid_is_granted_a_lawyer_wins_and_is_paid_by_the_table(staffed: Office) -> None:
    case = assigned(staffed)
    assert staffed.state(case) == "approved"
    assert letters(case) == ["acceptance_notice", "aid_grant", "appointment"]
    assert {"aid_granted", "lawyer_assigned"} <= told(staffed, case, "worker")
    assert "task_given" in told(staffed, case, "lawyer")
    report(staffed, case)
    assert (staffed.state(case), staffed.steps(case)) == ("settled", ["fee"])
    assert "12,600.00 元" in str(case.papers.get(kind="closing_report").data["rows"])
    staffed.do(case, "fee.pass", "legal", amount=150_000)
    staffed.do(case, "fee_approve.pass", "approver_2")
    payment = Payment.objects.get(case=case)
    lawyer = staffed.users["lawyer"].person
    assert (payment.fen, payment.payee) == (150_000, lawyer)
    walk.settle(staffed, case)
    assert "fee_paid" in told(staffed, case, "lawyer")
    assert not {"approved", "paid"} & told(staffed, case, "worker")  # the money is not his
    staffed.do(case, "rate.give", "worker", stars="5")
    fresh = staffed.fresh(case)
    assert (fresh.state, fresh.facts["amount_won_fen"], fresh.amount_fen) == ("closed", 1_260_000, None)


def test_the_limits_are_those_of_the_sheet(staffed: Office) -> None:
    case = ask(staffed)
    assert staffed.task(case, "accept").limit_wd == 1
    staffed.do(case, "accept.pass", "legal")
    fresh, day = staffed.fresh(case), local_date(staffed.now)
    assert fresh.due_on and 7 <= (fresh.due_on - day).days <= 9
    assert fresh.promised_on == add_working_days(day, 5)
    staffed.do(case, "examine.pass", "legal")
    staffed.do(case, "decide.pass", "approver")
    assert staffed.task(case, "assign").limit_wd == 3


def test_what_is_told_at_the_window_is_written_down_for_the_worker(staffed: Office) -> None:
    case = ask(staffed, "legal")
    fresh = staffed.fresh(case)
    assert (fresh.via, fresh.applicant) == ("window", staffed.users["worker"].person)


def test_less_than_the_table_is_explained_and_nothing_may_be_paid(staffed: Office) -> None:
    case = reported(staffed)
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "fee.pass", "legal", amount=150_001)
    assert "amount" in places(refusal)
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "fee.pass", "legal", amount=100_000)
    assert places(refusal) == {"opinion"}
    staffed.do(case, "fee.none", "legal", opinion="律师放弃补贴")
    assert staffed.steps(case) == ["rate"]
    assert not Payment.objects.filter(case=case).exists()


# Denied, not accepted, lapsed


def test_whoever_is_neither_poor_nor_wronged_is_denied(staffed: Office) -> None:
    case = ask(staffed, poverty="other", poverty_proof=None)
    staffed.do(case, "accept.pass", "legal")
    staffed.do(case, "examine.pass", "legal")
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "decide.pass", "approver")
    assert "NOT_ELIGIBLE" in codes(refusal)
    staffed.do(case, "decide.deny", "approver", code="NOT_ELIGIBLE", opinion="收入高于标准")
    assert staffed.state(case) == "denied"
    paper = case.papers.get(kind="denial_notice")
    assert paper.data["code"] == "NOT_ELIGIBLE" and paper.data["higher"] == "商洛市总工会"
    assert "15 日内" in paper.data["appeal"]["zh"]


@pytest.mark.parametrize("answers", [
    {"poverty": "other", "poverty_proof": None, "wronged": True},
    {"poverty": "migrant_exempt", "poverty_proof": None, "migrant": True},
])
def test_whoever_was_wronged_or_is_a_migrant_without_wages_needs_no_test(
    staffed: Office, answers: dict[str, Any]
) -> None:
    assert staffed.state(granted(staffed, **answers)) == "approved"


def test_the_exemption_is_for_migrants_who_ask_for_wages_or_injury_pay(staffed: Office) -> None:
    for wrong in ({"migrant": False}, {"migrant": True, "matter": "dismissal"}):
        with pytest.raises(Refused) as refusal:
            ask(staffed, poverty="migrant_exempt", poverty_proof=None, **wrong)
        assert places(refusal) == {"poverty"}


def test_the_same_dispute_is_aided_once(staffed: Office) -> None:
    granted(staffed)
    case = ask(staffed)
    staffed.do(case, "accept.pass", "legal")
    staffed.do(case, "examine.pass", "legal")
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "decide.pass", "approver")
    assert "DUPLICATE_AID" in codes(refusal)


def test_a_declared_dossier_must_be_in_force(staffed: Office) -> None:
    case = ask(staffed, poverty="dossier", poverty_proof=None)
    staffed.do(case, "accept.pass", "legal")
    assert staffed.fresh(case).facts["entitled"] is False


def test_papers_come_later_when_the_time_to_sue_runs_out(staffed: Office) -> None:
    with pytest.raises(Refused) as refusal:
        ask(staffed, poverty_proof=None, evidence=None)
    assert places(refusal) == {"poverty_proof", "evidence"}
    last = local_date(staffed.now).replace(year=staffed.now.year - 1) + dt.timedelta(days=5)
    case = ask(staffed, poverty_proof=None, evidence=None, event_date=last.isoformat())
    staffed.do(case, "accept.pass", "legal")
    facts = staffed.fresh(case).facts
    assert (facts["urgent"], facts["days_left"]) == (True, 5)


def test_a_matter_of_another_body_is_not_accepted(staffed: Office) -> None:
    case = ask(staffed)
    body = "商州区法律援助中心"
    staffed.do(case, "accept.not_accept", "legal", code="NOT_OUR_MATTER", right_body=body, opinion="刑事案件")
    assert staffed.state(case) == "not_accepted"
    assert case.papers.get(kind="not_accepted_notice").data["right_body"] == body


def test_a_missing_paper_rests_the_clock_and_silence_withdraws(staffed: Office) -> None:
    case = ask(staffed)
    items = [{"item": "evidence", "problem": "UNCLEAR", "wanted": "工资流水重拍"}]
    staffed.do(case, "accept.one_time_notice", "legal", items=items)
    staffed.now = case.timers.get(action="lapse", state="set").due_at
    staffed.tick()
    assert (staffed.state(case), staffed.fresh(case).outcome) == ("withdrawn", "LAPSED")


def test_a_day_of_silence_accepts_and_a_late_assignment_is_told(staffed: Office) -> None:
    case = ask(staffed)
    staffed.now = staffed.task(case, "accept").due_at
    staffed.tick()
    assert staffed.state(case) == "accepted"
    staffed.do(case, "examine.pass", "legal")
    staffed.do(case, "decide.pass", "approver")
    staffed.now = staffed.task(case, "assign").due_at
    staffed.tick()
    assert "task_overdue" in told(staffed, case, "supervisor") & told(staffed, case, "legal")


# The lawyer


def test_a_lawyer_sees_the_case_he_was_given_and_no_other(staffed: Office) -> None:
    mine, other = granted(staffed), granted(staffed, matter="injury")
    for case in (mine, other):
        assert moves.available(case, staffed.actor("lawyer"), staffed.now) == []
    assign(staffed, mine, "lawyer")
    assign(staffed, other, "lawyer_2")
    assert list(queries.workable(staffed.actor("lawyer")).values_list("case", flat=True)) == [mine.pk]
    for who, case in (("lawyer", other), ("lawyer_2", mine), ("city_lawyer", mine)):
        with pytest.raises(Refused) as refusal:
            staffed.do(case, "conduct.log", who, done_on=local_date(staffed.now).isoformat(), note="面谈")
        assert refusal.value.status == 404


def test_a_lawyer_of_the_city_conducts_a_case_of_the_county(staffed: Office) -> None:
    case = assigned(staffed, "city_lawyer")
    report(staffed, case, "city_lawyer")
    assert staffed.state(case) == "settled"


@pytest.mark.parametrize(("who", "action"), [("lawyer", "hand_back"), ("legal", "replace")])
def test_a_lawyer_who_is_replaced_loses_the_case_at_once(staffed: Office, who: str, action: str) -> None:
    case = assigned(staffed)
    day = local_date(staffed.now).isoformat()
    staffed.do(case, "conduct.agree", "lawyer", signed_on=day, agreement=[staffed.upload("lawyer", "agreement")])
    staffed.do(case, f"conduct.{action}", who, opinion="生病住院")
    assert staffed.steps(case) == ["assign"]
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "conduct.log", "lawyer", done_on=day, note="面谈")
    assert refusal.value.status == 404
    form = next(m.form for m in moves.available(case, staffed.actor("legal"), staffed.now) if m.action == "assign.pass")
    assert str(staffed.users["lawyer"].pk) not in form.field("lawyer").choices
    assign(staffed, case, "lawyer_2")
    assert "lawyer_replaced" in told(staffed, case, "worker")
    with pytest.raises(Refused):  # a new lawyer, a new agreement
        staffed.do(case, "conduct.close", "lawyer_2", result="advice", handled="advice", report="完成", card_no=CARD)
    report(staffed, case, "lawyer_2")
    assert staffed.state(case) == "settled"


def test_the_case_is_closed_to_the_lawyer_when_it_ends(staffed: Office) -> None:
    case = reported(staffed)
    staffed.do(case, "fee.none", "legal", opinion="工会公职律师")
    assert case.pk in staffed.actor("lawyer").granted
    staffed.do(case, "rate.give", "worker", stars="4")
    assert case.pk not in staffed.actor("lawyer").granted


def test_the_lawyer_of_the_other_side_and_a_relative_are_not_assigned(staffed: Office) -> None:
    rival = staffed.users["lawyer"].first_name
    case = granted(staffed, opponent_lawyer=rival)
    with pytest.raises(Refused) as refusal:
        assign(staffed, case, "lawyer")
    assert "CONFLICT" in codes(refusal)
    staffed.hire("kin", "lawyer", "county", person=staffed.users["worker"].person)
    with pytest.raises(Refused) as refusal:
        assign(staffed, case, "kin")
    assert places(refusal) == {"lawyer"}
    assign(staffed, case, "lawyer_2")


def test_a_result_on_paper_is_proved_by_it(staffed: Office) -> None:
    case = assigned(staffed)
    with pytest.raises(Refused) as refusal:
        report(staffed, case, judgment=[])
    assert places(refusal) == {"judgment"}


# Two hands on the money


def test_nobody_approves_a_subsidy_that_he_worked_out_or_gets(staffed: Office) -> None:
    case = reported(staffed)
    staffed.hire("two_hats", "legal_officer", "county")
    staffed.hire("two_hats", "approver", "county")
    staffed.do(case, "fee.pass", "two_hats", amount=150_000)
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "fee_approve.pass", "two_hats")
    assert "SAME_HANDS" in codes(refusal)
    staffed.hire("payee", "approver", "county", person=staffed.users["lawyer"].person)
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "fee_approve.pass", "payee")
    assert "SAME_HANDS" in codes(refusal)
    staffed.do(case, "fee_approve.return", "approver", to="fee", opinion="核对办理方式")
    assert staffed.steps(case) == ["fee"]


def test_without_money_the_subsidy_waits(staffed: Office) -> None:
    case = reported(staffed)
    staffed.do(case, "fee.pass", "legal", amount=150_000)
    staffed.at("2027-01-11")  # the fund was for the year before
    staffed.do(case, "fee_approve.pass", "approver")
    assert staffed.task(case, "fee_approve").phase == "no_funds"
    staffed.make_fund("legal_aid", 1_000_000)
    staffed.do(case, "fee_approve.pass", "approver")
    assert staffed.steps(case) == ["pay"]


def test_money_that_comes_back_is_sent_to_another_card_of_the_lawyer(staffed: Office) -> None:
    case = reported(staffed)
    staffed.do(case, "fee.pass", "legal", amount=150_000)
    staffed.do(case, "fee_approve.pass", "approver")
    walk.settle(staffed, case, returned=True)
    assert "fee_returned" in told(staffed, case, "lawyer")
    assert "payment_returned" not in told(staffed, case, "worker")
    for who in ("worker", "cashier"):
        assert not [m for m in moves.available(case, staffed.actor(who), staffed.now) if "new_card" in m.action]
    staffed.do(case, "pay.new_card", "lawyer", card_no="6217001234567890129", bank="建设银行")
    walk.settle(staffed, case)
    assert staffed.steps(case) == ["rate"]


# Who sees what, and pages


def test_the_employer_s_union_and_strangers_learn_nothing(staffed: Office) -> None:
    staffed.hire("far_legal", "legal_officer", "other_county")
    case = assigned(staffed)
    for who in ("handler", "chair", "visitor_1", "organiser", "far_legal", "far_reviewer", "petitions"):
        with pytest.raises(Refused) as refusal:
            staffed.do(case, "conduct.replace", who, opinion="换人")
        assert refusal.value.status == 404, who


def test_letters_say_what_the_form_says() -> None:
    assert {key: words["zh"] for key, words in closing.RESULTS.items()} == statements.RESULTS
    assert {key: words["zh"] for key, words in closing.HANDLED.items()} == statements.HANDLED


def test_the_desk_and_the_worker_read_it_in_both_languages(staffed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = granted(staffed)
    desk = Reader(staffed, "legal", monkeypatch)
    words = desk.desk(case)
    assert "指派律师" in words and "职员lawyer" in words and "执业证号" in words
    named = {"lawyer": str(staffed.users["lawyer"].pk), "licence_no": "1611", "firm": "秦岭律师事务所"}
    assert desk.press(case, "assign.pass", **named, no_conflict="true").status_code == 302
    lawyer = Reader(staffed, "lawyer", monkeypatch, "en")
    assert "Enter the agreement" in lawyer.desk(case) and "Hand in the closing report" not in lawyer.desk(case)
    assert case.number in lawyer.client.get("/desk/").content.decode()
    assert case.number in lawyer.client.get("/desk/cases/").content.decode()
    for who in ("lawyer_2", "city_lawyer", "handler"):
        assert Reader(staffed, who, monkeypatch).opens("desk_case", case).status_code == 404
    report(staffed, case)
    staffed.do(case, "fee.pass", "legal", amount=150_000)
    words = Reader(staffed, "approver", monkeypatch).desk(case)
    assert "提出补贴金额" in words and "核定补贴 1,500.00 元" in words and "12,600.00" in words
    staffed.do(case, "fee_approve.pass", "approver")
    walk.settle(staffed, case)
    mine = Reader(staffed, "worker", monkeypatch).mine(case)
    assert "同意法律援助决定书" in mine and "结案报告" in mine
    assert "1,500.00" not in mine  # the subsidy is not the worker's
    english = Reader(staffed, "worker", monkeypatch, "en")
    assert "Rate the service" in english.mine(case)
    assert english.acts(case, "rate.give", stars="5").status_code == 302
    assert Reader(staffed, "lawyer", monkeypatch).opens("desk_case", case).status_code == 404
