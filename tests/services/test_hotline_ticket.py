"""The hotline (domain §5.4; §5.9 no. 15): answered at once, handed over, called back, opened again once, gone on as
another service without being told twice."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from casework.cases.models import Case, CaseLink
from casework.core.problems import Refused
from casework.forms import drafts
from casework.forms.models import Draft
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.workflows import first_contact, intake
from tests import walk
from tests.filled import dossier_answers
from tests.office import ENQUIRY_STAFF, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation, with the people of the hotline."""
    made = Office(moment)
    for name, (role, place) in ENQUIRY_STAFF.items():
        made.hire(name, role, place)
    return made


def call(office: Office, who: str = "agent", **answers: Any) -> Case:
    """A call that is written down."""
    told = {"office": str(office.orgs["county"].public_id), "matter": "help", "text": "单位三个月没有发工资"}
    return office.apply(who, "hotline_ticket", told | answers)


def taken_on(office: Office, how: str = "hard", **answers: Any) -> Case:
    case = call(office, **answers)
    office.do(case, "desk.hand_over", "agent")
    office.do(case, "take_on.pass", "officer", matter_class=how)
    return case


def handled(office: Office, **answers: Any) -> Case:
    case = taken_on(office, **answers)
    office.do(case, "handle.pass", "officer", answer="已与单位协商，工资于本月底前补发。")
    return case


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def messages(office: Office, case: Case, who: str) -> set[str]:
    rows = Message.objects.filter(case=case, recipient=office.users[who], channel="inapp")
    return set(rows.values_list("template", flat=True))


def test_advice_given_at_once_closes_the_call(office: Office) -> None:
    case = call(office, matter="advice", text="怎样加入工会？")
    fresh = office.fresh(case)
    assert (fresh.via, fresh.state, fresh.county) == ("hotline", "registered", office.orgs["county"])
    assert (fresh.applicant.name, fresh.applicant.id_hash) == ("匿名", None)
    office.do(case, "desk.pass", "agent", answer="可在单位工会登记，也可以线上申请。")
    assert office.state(case) == "closed"
    assert "answered" in messages(office, case, "agent")
    assert invariants(office.now) == []


@pytest.mark.parametrize(("how", "limit", "promise"), [("simple", 5, 3), ("hard", 15, 10), ("very_complex", 30, 20)])
def test_the_class_of_the_matter_sets_its_limits(office: Office, how: str, limit: int, promise: int) -> None:
    from casework.core.calendar import add_working_days, local_date

    case = office.fresh(taken_on(office, how))
    day = local_date(office.now)
    assert (case.due_on, case.promised_on) == (add_working_days(day, limit), add_working_days(day, promise))
    assert office.task(case, "handle").limit_wd == limit


def test_a_matter_is_handled_called_back_checked_and_closed(office: Office) -> None:
    case = handled(office, name="王秀英", phone="13900007777")
    assert (office.state(case), office.steps(case)) == ("answered", ["callback"])
    office.do(case, "callback.pass", "agent", stars="5", opinion="已经补发")
    office.do(case, "quality.pass", "reviewer")
    assert office.state(case) == "closed"
    assert invariants(office.now) == []


def test_a_handover_counts_only_when_it_is_accepted_and_nobody_is_sent_on_without_the_right_office(
    office: Office,
) -> None:
    case = call(office)
    office.do(case, "desk.hand_over", "agent")
    assert office.fresh(case).accepted_at is None
    assert first_contact.owner(office.fresh(case)) == office.users["agent"]
    with pytest.raises(Refused) as refusal:
        office.do(case, "take_on.decline", "officer", to="desk", opinion="不属于本单位职责")
    assert "right_body" in {problem.place for problem in refusal.value.problems}
    office.do(case, "take_on.decline", "officer", to="desk", right_body="洛南县总工会", opinion="用人单位在洛南县")
    assert (office.state(case), office.steps(case)) == ("registered", ["desk"])
    office.do(case, "desk.hand_over", "agent")
    office.do(case, "take_on.pass", "officer", matter_class="simple")
    assert first_contact.owner(office.fresh(case)) is None


def test_an_overdue_handover_is_told_to_the_first_contact_owner(office: Office) -> None:
    case = call(office)
    office.do(case, "desk.hand_over", "agent")
    office.now = office.task(case, "take_on").due_at
    office.tick()
    assert "task_overdue" in messages(office, case, "agent")


def test_who_is_not_satisfied_has_it_opened_again_once(office: Office) -> None:
    case = handled(office)
    office.do(case, "callback.unsatisfied", "agent", opinion="工资仍未补发")
    fresh = office.fresh(case)
    assert (fresh.state, office.steps(case), fresh.facts["reopened"]) == ("accepted", ["handle"], True)
    office.do(case, "handle.pass", "officer", answer="单位已当面补发。")
    with pytest.raises(Refused) as refusal:
        office.do(case, "callback.unsatisfied", "agent", opinion="还是没有")
    assert "REOPENED_ONCE" in codes(refusal)
    office.do(case, "callback.unsolved", "agent", opinion="还是没有")
    office.do(case, "quality.pass", "reviewer")
    assert office.state(case) == "closed"
    assert invariants(office.now) == []


def test_the_person_opens_a_closed_matter_again_within_thirty_days(office: Office) -> None:
    walk.member(office)
    case = call(office, "worker", text="欠薪")
    office.do(case, "desk.pass", "agent", answer="请到县总工会窗口办理。")
    office.at("2027-01-20")
    with pytest.raises(Refused) as refusal:
        office.do(case, "reopen", "worker", opinion="窗口说不归他们管")
    assert "LIMIT_PASSED" in codes(refusal)
    office.at("2026-12-10")
    office.do(case, "reopen", "worker", opinion="窗口说不归他们管")
    assert (office.state(case), office.steps(case)) == ("accepted", ["handle"])
    with pytest.raises(Refused):
        office.do(case, "reopen", "worker", opinion="再来一次")
    assert invariants(office.now) == []


def test_the_approver_extends_the_limit_once(office: Office) -> None:
    case = taken_on(office, "simple")
    with pytest.raises(Refused):
        office.do(case, "handle.extend", "approver", opinion="情况复杂")
    before = office.task(case, "handle").due_at
    office.do(case, "handle.ask_longer", "officer", opinion="涉及多家单位")
    assert "extension_asked" in messages(office, case, "approver")
    with pytest.raises(Refused):
        office.do(case, "handle.extend", "officer", opinion="自己批准")
    office.do(case, "handle.extend", "approver", opinion="涉及多家单位，同意延期")
    task = office.task(case, "handle")
    assert (task.limit_wd, task.due_at > before, task.phase) == (20, True, "")
    assert "extended" in messages(office, case, "agent")
    with pytest.raises(Refused) as refusal:
        office.do(case, "handle.ask_longer", "officer", opinion="还要更久")
    assert "EXTENDED_ONCE" in codes(refusal)
    assert invariants(office.now) == []


def test_the_same_matter_twice_is_one(office: Office) -> None:
    first, second = taken_on(office), call(office)
    with pytest.raises(Refused) as refusal:
        office.do(second, "desk.merge", "agent", number="HT000000-2026-000009")
    assert "OTHER_CASE" in codes(refusal)
    office.do(second, "desk.merge", "agent", number=office.fresh(first).number)
    fresh = office.fresh(second)
    assert (fresh.state, fresh.outcome) == ("merged", "SAME_MATTER")
    assert CaseLink.objects.filter(kind="same_as", source=second, target=first).exists()


def test_danger_is_told_to_the_leaders_at_once(office: Office) -> None:
    case = call(office, danger=True)
    assert "danger" in messages(office, case, "approver")
    assert "danger" in messages(office, case, "supervisor")


def test_no_15_a_call_for_hardship_aid_becomes_a_dossier_without_being_told_again(office: Office) -> None:
    walk.member(office)
    full = dossier_answers(office, "worker")
    case = call(office, id_no=full["id_no"], name=full["name"], phone=full["phone"], text="家里有病人，生活困难")
    office.do(case, "desk.transfer", "agent", service="hardship_dossier")
    assert (office.state(case), office.fresh(case).outcome) == ("transferred", "BECAME_OTHER")
    draft = Draft.objects.get(came_from=case)
    known = drafts.load(draft)
    assert draft.owner == office.users["worker"]
    assert (known["id_no"], known["name"], known["phone"]) == ([full["id_no"]], [full["name"]], [full["phone"]])
    event = intake.submit_draft(draft, full, office.actor("worker"), office.now)
    dossier = Case.objects.get(public_id=event.subject_id)
    assert event.data["came_from"] == office.fresh(case).number
    assert CaseLink.objects.filter(kind="became", source=case, target=dossier).exists()
    assert first_contact.owner(dossier) == office.users["agent"]
    walk.accept(office, dossier)
    assert first_contact.owner(office.fresh(dossier)) is None
    assert invariants(office.now) == []


def test_whoever_cannot_log_in_is_helped_by_the_officer_who_met_him(office: Office) -> None:
    case = call(office, name="李建国", phone="13900007777", text="生活困难")
    office.do(case, "desk.transfer", "agent", service="hardship_dossier")
    draft = Draft.objects.get(came_from=case)
    assert draft.owner == office.users["agent"]
    walk.member(office)
    event = intake.submit_draft(
        draft, dossier_answers(office, "worker", by="agent"), office.actor("agent"), office.now
    )
    dossier = Case.objects.get(public_id=event.subject_id)
    assert (dossier.via, dossier.applicant) == ("assisted", office.users["worker"].person)


def test_the_agent_begins_a_ticket_at_the_desk_and_comes_to_the_case(office: Office) -> None:
    client = Client()
    client.force_login(office.users["agent"])
    assert "12351" in client.get("/desk/new/").content.decode()
    assert client.post("/desk/new/", {"key": "hardship_dossier"}).status_code == 404
    begun = client.post("/desk/new/", {"key": "hotline_ticket"}, follow=True)
    address = begun.redirect_chain[-1][0]
    told = {
        "office": str(office.orgs["county"].public_id), "matter": "advice", "text": "怎样入会", "seen_revision": "0",
        "go": "next",
    }
    assert client.post(address, told).status_code == 302
    draft = Draft.objects.get(owner=office.users["agent"])
    sent = client.post(f"/apply/{draft.public_id}/send/")
    case = Case.objects.get(key="hotline_ticket")
    assert sent["Location"] == f"/desk/cases/{case.public_id}/"
    page = client.get(sent["Location"]).content.decode()
    assert "desk.hand_over" in page
    assert "withdraw" not in page


def test_strangers_and_colleagues_elsewhere_learn_nothing(office: Office) -> None:
    case = call(office)
    office.hire("far_agent", "hotline_agent", "other_county")
    for who in ("far_agent", "far_reviewer", "petitions"):
        with pytest.raises(Refused) as refusal:
            office.do(case, "desk.hand_over", who)
        assert refusal.value.status == 404
