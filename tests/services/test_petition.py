"""Petitions (domain §5.4): registered, taken on or not within 15 days, sent on without the name, answered in 60 days
and 30 more once, served, reviewed one level above and rechecked two above, and never told to the unit."""

import datetime as dt
from typing import Any

import pytest

from casework.cases.models import Case, CaseLink
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.forms import drafts
from casework.forms.models import Draft
from casework.notifications.models import Message
from casework.workflows import intake
from tests import walk
from tests.office import ENQUIRY_STAFF, Office
from tests.services.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed(office: Office) -> Office:
    """The federation with petition officers at three levels, and a worker."""
    for name, (role, place) in ENQUIRY_STAFF.items():
        office.hire(name, role, place)
    office.hire("city_petitions_2", "petition_officer", "city")
    office.hire("province_petitions", "petition_officer", "province")
    office.hire("officer_2", "case_officer", "county")
    office.hire("city_officer", "case_officer", "city")
    walk.member(office)
    return office


def write(office: Office, who: str = "worker", place: str = "county", **answers: Any) -> Case:
    """A petition that comes in."""
    told = {
        "channel": "web", "headcount": 1, "office": str(office.orgs[place].public_id), "topic": "wages",
        "employer": "秦岭纺织厂", "text": "单位拖欠三个月工资",
    }
    return office.apply(who, "petition", told | answers)


def admitted(office: Office, handler: str = "officer", **answers: Any) -> Case:
    case = write(office, **answers)
    office.do(case, "admit.pass", "petitions", handler=str(office.users[handler].pk), important=True)
    return case


def answered(office: Office) -> Case:
    case = admitted(office)
    office.do(case, "investigate.pass", "officer", answer="欠发工资 12600 元已于本月补发。")
    return case


def served(office: Office) -> Case:
    case = answered(office)
    day = local_date(office.now).isoformat()
    receipt = [office.upload("petitions", "service_receipt")]
    office.do(case, "serve.pass", "petitions", way="in_person", served_on=day, service_receipt=receipt)
    return case


def reviewed(office: Office, result: str = "upheld") -> Case:
    case = served(office)
    office.do(case, "heard.ask", "worker", opinion="加班工资没有算")
    office.do(case, "review.pass", "city_petitions", result=result, answer="补发数额计算无误。")
    return case


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def letters(case: Case) -> list[str]:
    return list(case.papers.order_by("id").values_list("kind", flat=True))


def told(office: Office, case: Case, who: str) -> set[str]:
    rows = Message.objects.filter(case=case, recipient=office.users[who], channel="inapp")
    return set(rows.values_list("template", flat=True))


def days_to(office: Office, moment: dt.datetime) -> int:
    """Calendar days from today to the day a limit ends; a limit ends with its last day at 24:00."""
    return (local_date(moment - dt.timedelta(seconds=1)) - local_date(office.now)).days


# The happy way


def test_a_petition_is_taken_on_investigated_answered_served_and_closed(staffed: Office) -> None:
    case = write(staffed, name="李建国", phone="13900007777")
    fresh = staffed.fresh(case)
    assert (fresh.state, fresh.county, fresh.facts["late_days"]) == ("registered", staffed.orgs["county"], 0)
    assert fresh.submitted_at == staffed.now  # registered the same day, with number and query code
    staffed.do(case, "admit.pass", "petitions", handler=str(staffed.users["officer_2"].pk), important=True)
    assert letters(case) == ["acceptance_notice"]
    task = staffed.task(case, "investigate")
    assert task.assignee == staffed.users["officer_2"]
    assert "task_given" in told(staffed, case, "officer_2")
    staffed.do(case, "investigate.pass", "officer_2", answer="欠发工资 12600 元已于本月补发。")
    assert (staffed.state(case), letters(case)[-1]) == ("answered", "handling_opinion")
    paper = case.papers.get(kind="handling_opinion")
    assert "12600" in paper.data["text"] and "商洛市总工会书面请求复查" in paper.data["appeal"]
    assert "opinion_given" in told(staffed, case, "worker")
    day = local_date(staffed.now).isoformat()
    staffed.do(case, "serve.pass", "petitions", way="online", served_on=day)
    staffed.do(case, "heard.content", "worker", stars="5")
    fresh = staffed.fresh(case)
    assert (fresh.state, fresh.facts["important"]) == ("closed", True)


def test_the_limits_are_those_of_the_law_in_calendar_days(staffed: Office) -> None:
    case = write(staffed)
    assert 15 <= days_to(staffed, staffed.task(case, "admit").due_at) <= 17  # a last day off rolls to the next one
    staffed.do(case, "admit.pass", "petitions", handler=str(staffed.users["officer"].pk))
    fresh = staffed.fresh(case)
    assert fresh.due_on and fresh.promised_on
    assert 60 <= (fresh.due_on - local_date(staffed.now)).days <= 62
    assert 30 <= (fresh.promised_on - local_date(staffed.now)).days <= 32
    before = staffed.task(case, "investigate").due_at
    staffed.do(case, "investigate.ask_longer", "officer", opinion="涉及多家单位")
    staffed.do(case, "investigate.extend", "approver", opinion="涉及多家单位，同意延长")
    after = staffed.task(case, "investigate").due_at
    assert before and after and 28 <= (after - before).days <= 34  # to day 90, whatever day off day 60 rolled over
    assert 90 <= days_to(staffed, after) <= 94
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "investigate.ask_longer", "officer", opinion="还要更久")
    assert "EXTENDED_ONCE" in codes(refusal)


def test_an_officer_registers_a_letter_and_enters_what_comes_on_paper(staffed: Office) -> None:
    with pytest.raises(Refused) as refusal:
        write(staffed, "petitions", channel="letter")
    assert {problem.place for problem in refusal.value.problems} == {"received_on"}
    received = local_date(staffed.now - dt.timedelta(days=2)).isoformat()
    case = write(staffed, "petitions", channel="letter", received_on=received, name="王秀英")
    fresh = staffed.fresh(case)
    assert (fresh.via, fresh.facts["late_days"], fresh.applicant.name) == ("window", 2, "王秀英")
    staffed.do(case, "admit.pass", "petitions", handler=str(staffed.users["officer"].pk))
    staffed.do(case, "investigate.pass", "officer", answer="已责成单位整改。")
    day = local_date(staffed.now).isoformat()
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "serve.pass", "petitions", way="post", served_on=day)
    assert {problem.place for problem in refusal.value.problems} == {"service_receipt"}
    slip = [staffed.upload("petitions", "service_receipt")]
    staffed.do(case, "serve.pass", "petitions", way="post", served_on=day, service_receipt=slip)
    wish = [staffed.upload("petitions", "request")]
    staffed.do(case, "heard.written", "petitions", request=wish, opinion="来信请求复查")
    assert staffed.steps(case) == ["review"]


def test_a_joint_matter_speaks_through_five_representatives_at_most(staffed: Office) -> None:
    with pytest.raises(Refused) as refusal:
        write(staffed, headcount=40)
    assert {problem.place for problem in refusal.value.problems} == {"representatives"}
    many = [{"rep_name": name} for name in (*walk.NAMES, "郑六")]
    with pytest.raises(Refused):
        write(staffed, headcount=40, representatives=many)
    case = write(staffed, headcount=40, representatives=many[:5])
    assert staffed.fresh(case).facts["joint"] is True


def test_a_risk_to_life_is_told_to_the_leaders_at_once(staffed: Office) -> None:
    case = write(staffed, danger=True)
    assert {"danger"} <= told(staffed, case, "approver") & told(staffed, case, "supervisor")


# Not taken on, sent on, joined


def test_a_matter_of_another_body_is_not_accepted_and_the_right_one_is_named(staffed: Office) -> None:
    case = write(staffed)
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "admit.not_accept", "petitions", code="NOT_OUR_MATTER", opinion="属社保待遇核定")
    assert {problem.place for problem in refusal.value.problems} == {"right_body"}
    body = "商州区社会保险经办中心"
    staffed.do(case, "admit.not_accept", "petitions", code="NOT_OUR_MATTER", right_body=body, opinion="属社保待遇核定")
    assert (staffed.state(case), staffed.fresh(case).outcome) == ("not_accepted", "NOT_OUR_MATTER")
    paper = case.papers.get(kind="not_accepted_notice")
    assert paper.data["right_body"] == body and "30 日内" in paper.data["appeal"]["zh"]


def test_a_petition_is_sent_on_with_everything_in_it_and_the_letter_names_nobody(staffed: Office) -> None:
    case = write(staffed, name="李建国", phone="13900007777")
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "admit.refer", "petitions", office=str(staffed.orgs["county"].public_id), opinion="在本区")
    assert "SAME_OFFICE" in codes(refusal)
    city = str(staffed.orgs["city"].public_id)
    staffed.do(case, "admit.refer", "petitions", office=city, opinion="用人单位为市属企业")
    fresh = staffed.fresh(case)
    assert (fresh.state, fresh.organisation, fresh.county) == ("registered", staffed.orgs["city"], None)
    paper = case.papers.get(kind="referral")
    assert paper.data["to"] == "商洛市总工会" and "李" not in str(paper.data)
    assert "referred" in told(staffed, case, "worker")
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "admit.pass", "petitions", handler=str(staffed.users["officer"].pk))
    assert refusal.value.status == 403  # he may still read what he sent on
    staffed.do(case, "admit.pass", "city_petitions", handler=str(staffed.users["city_officer"].pk))
    assert staffed.task(case, "investigate").organisation == staffed.orgs["city"]


def test_the_same_matter_twice_is_one(staffed: Office) -> None:
    first, second = admitted(staffed), write(staffed)
    staffed.do(second, "admit.merge", "petitions", number=staffed.fresh(first).number)
    assert staffed.fresh(second).outcome == "SAME_MATTER"
    assert CaseLink.objects.filter(kind="same_as", source=second, target=first).exists()


def test_a_call_to_the_hotline_becomes_a_petition_without_being_told_again(staffed: Office) -> None:
    call = staffed.apply("agent", "hotline_ticket", {
        "office": str(staffed.orgs["county"].public_id), "matter": "complaint", "text": "单位拖欠三个月工资",
        "name": "李建国", "phone": "13900007777", "id_no": walk.dossier_answers(staffed, "worker")["id_no"],
    })
    staffed.do(call, "desk.transfer", "agent", service="petition")
    draft = Draft.objects.get(came_from=call)
    known = drafts.load(draft)
    assert draft.owner == staffed.users["worker"]
    assert known["text"] == ["单位拖欠三个月工资"] and known["office"] == [str(staffed.orgs["county"].public_id)]
    assert "topic" not in known
    told = {"channel": "web", "headcount": 1, "topic": "wages", "office": known["office"][0], "text": known["text"][0]}
    event = intake.submit_draft(draft, told, staffed.actor("worker"), staffed.now)
    case = Case.objects.get(public_id=event.subject_id)
    assert CaseLink.objects.filter(kind="became", source=call, target=case).exists()


def test_a_petition_about_hardship_goes_on_as_a_dossier(staffed: Office) -> None:
    case = write(staffed, topic="hardship", text="家里有病人，生活困难")
    staffed.do(case, "admit.transfer", "petitions", service="hardship_dossier")
    assert (staffed.state(case), staffed.fresh(case).outcome) == ("transferred", "BECAME_OTHER")
    assert Draft.objects.get(came_from=case).owner == staffed.users["worker"]


def test_a_petition_about_wages_goes_on_as_legal_aid_with_all_that_was_told(staffed: Office) -> None:
    case = write(staffed, name="李建国", phone="13900007777")
    staffed.do(case, "admit.transfer", "petitions", service="legal_aid")
    known = drafts.load(Draft.objects.get(came_from=case))
    assert (known["employer"], known["text"]) == (["秦岭纺织厂"], ["单位拖欠三个月工资"])
    assert known["phone"] == ["13900007777"] and known["office"] == [str(staffed.orgs["county"].public_id)]


# Limits that pass


def test_an_overdue_decision_and_an_overdue_answer_are_told_to_the_supervisor(staffed: Office) -> None:
    case = write(staffed)
    staffed.now = staffed.task(case, "admit").due_at
    staffed.tick()
    assert "task_overdue" in told(staffed, case, "supervisor") & told(staffed, case, "petitions")
    staffed.do(case, "admit.pass", "petitions", handler=str(staffed.users["officer"].pk))
    staffed.now = staffed.task(case, "investigate").due_at
    staffed.tick()
    assert "task_overdue" in told(staffed, case, "officer")
    assert staffed.state(case) == "accepted"


def test_thirty_days_of_silence_close_the_matter(staffed: Office) -> None:
    case = served(staffed)
    assert 30 <= days_to(staffed, staffed.task(case, "heard").due_at) <= 33
    staffed.now = staffed.task(case, "heard").due_at
    staffed.tick()
    assert staffed.state(case) == "closed"
    with pytest.raises(Refused):
        staffed.do(case, "heard.ask", "worker", opinion="现在才看到")


# Review and recheck


def test_the_level_above_reviews_and_the_one_above_it_rechecks_for_good(staffed: Office) -> None:
    case = served(staffed)
    staffed.do(case, "heard.ask", "worker", opinion="加班工资没有算")
    task = staffed.task(case, "review")
    assert (task.organisation, task.role) == (staffed.orgs["city"], "petition_officer")
    assert 30 <= days_to(staffed, task.due_at) <= 33
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "review.pass", "petitions", result="upheld", answer="维持。")
    assert refusal.value.status == 403
    staffed.do(case, "review.pass", "city_petitions", result="changed", answer="另补发加班工资 800 元。")
    assert letters(case)[-1] == "review_opinion"
    assert "陕西省总工会书面请求复核" in case.papers.get(kind="review_opinion").data["appeal"]
    staffed.do(case, "heard_again.ask", "worker", opinion="仍有差额")
    assert staffed.task(case, "recheck").organisation == staffed.orgs["province"]
    staffed.do(case, "recheck.pass", "province_petitions", result="upheld", answer="复查意见正确。")
    assert (staffed.state(case), letters(case)[-1]) == ("closed", "recheck_opinion")
    assert "终结" in case.papers.get(kind="recheck_opinion").data["appeal"]
    assert "opinion_final" in told(staffed, case, "worker")


def test_nobody_reviews_what_he_worked_on_himself(staffed: Office) -> None:
    staffed.hire("petitions", "petition_officer", "city")  # moved up since
    case = served(staffed)
    staffed.do(case, "heard.ask", "worker", opinion="加班工资没有算")
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "review.pass", "petitions", result="upheld", answer="维持。")
    assert "SAME_HANDS" in codes(refusal)
    staffed.do(case, "review.pass", "city_petitions", result="upheld", answer="维持。")


def test_a_review_has_the_matter_handled_anew_once(staffed: Office) -> None:
    case = served(staffed)
    staffed.do(case, "heard.ask", "worker", opinion="没有调查工资表")
    staffed.at("2026-12-10")
    staffed.do(case, "review.redo", "city_petitions", opinion="事实不清，重新调查")
    fresh = staffed.fresh(case)
    assert (fresh.state, staffed.steps(case)) == ("accepted", ["investigate"])
    assert fresh.due_on and (fresh.due_on - local_date(staffed.now)).days >= 60
    staffed.do(case, "investigate.pass", "officer", answer="重新核算，补发 13400 元。")
    day = local_date(staffed.now).isoformat()
    staffed.do(case, "serve.pass", "petitions", way="online", served_on=day)
    staffed.do(case, "heard.ask", "worker", opinion="还是少")
    with pytest.raises(Refused) as refusal:
        staffed.do(case, "review.redo", "city_petitions_2", opinion="再查")
    assert "REOPENED_ONCE" in codes(refusal)
    staffed.do(case, "review.pass", "city_petitions_2", result="upheld", answer="核算正确。")
    assert staffed.steps(case) == ["heard_again"]


# Who sees what


def test_the_unit_complained_of_and_strangers_learn_nothing(staffed: Office) -> None:
    staffed.hire("far_petitions", "petition_officer", "other_county")
    case = admitted(staffed)
    for who in ("handler", "chair", "visitor_1", "organiser", "far_petitions", "far_reviewer", "lawyer", "legal"):
        with pytest.raises(Refused) as refusal:
            staffed.do(case, "investigate.pass", who, answer="已办结")
        assert refusal.value.status == 404, who


def test_a_relative_is_not_offered_as_handler(staffed: Office) -> None:
    brother = staffed.users["worker"].person
    staffed.hire("kin", "case_officer", "county", person=brother)
    case = write(staffed)
    form = next(m.form for m in walk_moves(staffed, case) if m.action == "admit.pass")
    offered = set(form.field("handler").choices)
    assert str(staffed.users["kin"].pk) not in offered and str(staffed.users["officer"].pk) in offered


def walk_moves(office: Office, case: Case) -> list[Any]:
    from casework.workflows import moves

    return moves.available(office.fresh(case), office.actor("petitions"), office.now)


# Pages


def test_the_desk_takes_the_matter_on_and_the_person_reads_it(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = write(staffed)
    desk = Reader(staffed, "petitions", monkeypatch)
    words = desk.desk(case)
    for wanted in ("受理审查与交办", "予以受理", "转送有权处理的工会", "不予受理", "承办人", "重要信访事项"):
        assert wanted in words
    sent = desk.press(case, "admit.pass", handler=str(staffed.users["officer"].pk), important="true")
    assert sent.status_code == 302
    english = Reader(staffed, "officer", monkeypatch, "en").desk(case)
    assert "Answer the person" in english and "Investigated and answered" in english
    mine = Reader(staffed, "worker", monkeypatch).mine(case)
    assert "调查处理" in mine and "受理通知书" in mine
    staffed.do(case, "investigate.pass", "officer", answer="欠发工资已补发。")
    staffed.do(case, "serve.pass", "petitions", way="online", served_on=local_date(staffed.now).isoformat())
    person = Reader(staffed, "worker", monkeypatch, "en")
    words = person.mine(case)
    assert "Ask the level above to look again" in words and "欠发工资已补发" in words
    assert "Enter a written request" not in words
    assert person.acts(case, "heard.ask", opinion="加班工资没有算").status_code == 302
    assert staffed.steps(case) == ["review"]
    city = Reader(staffed, "city_petitions", monkeypatch)
    assert "维持原处理意见" in city.desk(case)
    assert Reader(staffed, "handler", monkeypatch).opens("desk_case", case).status_code == 404


def test_what_waits_for_the_person_lies_on_no_desk(staffed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from casework.workflows import queries

    case = served(staffed)
    assert not queries.workable(staffed.actor("petitions")).filter(case=case).exists()
    assert "登记书面请求" in Reader(staffed, "petitions", monkeypatch).desk(case)
