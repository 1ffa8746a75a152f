"""The yearly check of a hardship dossier (domain §4.7, §5.9 no. 13): told, applied for with what is known, visited and
checked anew; the dossier goes on, or ends with a written reason."""
import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.forms.models import Draft
from casework.notifications import templates
from casework.notifications.models import Message
from casework.papers.models import Paper
from casework.people import persons
from casework.people.households import household_of
from casework.people.models import Person
from casework.registers import dossiers, keeping
from casework.registers.models import Entry
from casework.workflows import alerts, renewals
from casework.workflows.replay import Replay
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office, id_number
from tests.portal.typed import begin, fill, loaded, send, text_of, values_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A worker whose dossier was entered in 2026; it is the autumn of the year after."""
    monkeypatch.setattr(clock, "now", lambda: office.now)
    walk.dossier(office)
    office.make_fund("living", 1_000_000_00, 2027)
    return office.at("2027-09-06")


def client_of(office: Office, who: str = "worker") -> Client:
    client = Client()
    client.force_login(office.users[who])
    return client


def entry_of(office: Office, who: str = "worker") -> Entry:
    return Entry.objects.get(kind=dossiers.KIND, person=office.users[who].person)


def apply(
    office: Office, who: str = "worker", by: str = "", people: list[dict[str, Any]] | None = None, **changes: Any
) -> Case:
    """Handed in. people: who lives there, where it is not his wife alone."""
    answers = dossier_answers(office, who, by=by, **changes)
    return office.apply(by or who, "dossier_review", answers | ({} if people is None else {"members": people}))


def refused(office: Office, **changes: Any) -> set[str]:
    with pytest.raises(Refused) as found:
        apply(office, **changes)
    return found.value.codes


def told(entry: Entry) -> list[tuple[str, dict[str, Any]]]:
    """What the log of the register says of an entry."""
    rows = Event.objects.filter(subject_kind="register", subject_id=str(entry.public_id)).order_by("n")
    return [(row.action, row.data) for row in rows]


CHILD = {"name": "李小雨", "relation": "child", "health": "good", "work": "student", "school": "商州小学"}


def test_the_dossier_goes_on_as_the_household_is_found_now(home: Office) -> None:
    """A child was born, less comes in. Seen red with the household left as it was."""
    entry, filled = entry_of(home), dossier_answers(home)
    members = [*filled["members"], CHILD | {"id_no": id_number(433, "20270301")}]
    case = apply(home, income=1_500_000, rigid=0, people=members)
    assert (case.state, home.steps(case), bool(case.parameters)) == ("accepted", ["visit"], True)
    received = Message.objects.get(case=case, recipient=home.users["worker"], channel="inapp")
    said = templates.compose(received.template, received.params, "zh").body
    assert "已提交并受理" in said and "前办结" in said and "是否受理" not in said
    case = walk.go(home, case, walk.REVIEW)
    assert (case.state, case.category) == ("closed", "deep")
    again = entry_of(home)
    assert (again.pk, again.number, again.valid_to) == (entry.pk, entry.number, None)
    assert again.verified_until == dt.date(2028, 12, 31)
    assert again.data == entry.data | {"category": "deep", "pc_fen": case.facts["pc_fen"]}
    child = Person.objects.get(name="李小雨")
    assert household_of(child) == again.household == case.household
    assert dossiers.in_force(child.pk, home.now.date()) == again
    action, data = told(again)[-1]
    assert action == "renewed"
    assert (data["case"], data["verified_until"], data["category"]) == (case.number, "2028-12-31", "deep")
    assert Message.objects.filter(case=case, template="approved", recipient=home.users["worker"]).exists()
    assert Paper.objects.get(case=case, kind="approval_notice").data["verified_until"] == "2028-12-31"
    assert list(Replay().run()) == []


def test_whoever_left_has_no_part_in_it_any_more(home: Office) -> None:
    wife = entry_of(home).household.members.exclude(person=home.users["worker"].person).get().person  # type: ignore[union-attr]
    walk.go(home, apply(home, income=1_000_000, rigid=0, members=0), walk.REVIEW)
    assert dossiers.in_force(wife.pk, home.now.date()) is None
    assert entry_of(home).data["category"] == "relative"


def test_overdue_aid_is_blocked_until_the_check_is_made(home: Office) -> None:
    """Domain §5.9 no. 13, and how it ends."""
    home.at("2028-02-07")
    home.make_fund("living", 1_000_000_00, 2028)
    with pytest.raises(Refused) as blocked:
        walk.living_case(home)
    assert blocked.value.codes == {"DOSSIER_NOT_VERIFIED"}
    assert "年审" in str(blocked.value.problems[0].mend)
    walk.go(home, apply(home), walk.REVIEW)
    assert entry_of(home).verified_until == dt.date(2029, 12, 31)
    aid = walk.go(home, walk.living_case(home), walk.LIVING, "pay")
    assert home.fresh(aid).state == "approved"


def test_once_a_year_and_not_in_the_year_of_the_dossier(home: Office) -> None:
    first = apply(home)
    assert refused(home) == {"ALREADY_OPEN"}
    walk.go(home, first, walk.REVIEW)
    assert refused(home) == {"CHECKED_ALREADY"}
    assert apply(home.at("2028-09-04")).state == "accepted"
    walk.dossier(home, "neighbour")
    with pytest.raises(Refused) as found:
        apply(home, "neighbour")
    assert found.value.codes == {"CHECKED_ALREADY"}


def test_of_two_that_were_handed_in_at_once_the_first_goes_on(home: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first = apply(home)
    with monkeypatch.context() as both_at_once:  # neither sees the other yet
        both_at_once.setattr(renewals, "_begun", lambda *_given: [])
        second = apply(home)
    for case in (first, second):
        walk.go(home, case, walk.REVIEW, "review")
        home.do(case, "review.pass", "reviewer", opinion="符合条件", not_duplicate="同一家庭的年审")
    with pytest.raises(Refused) as found:
        walk.approve(home, second)
    assert "ALREADY_OPEN" in found.value.codes
    walk.approve(home, first)
    walk.register(home, first)
    assert entry_of(home).verified_until == dt.date(2028, 12, 31)


def test_without_a_dossier_there_is_nothing_to_check(home: Office) -> None:
    walk.member(home, "neighbour")
    with pytest.raises(Refused) as found:
        apply(home, "neighbour")
    assert found.value.codes == {"NO_DOSSIER"}


def test_a_stranger_does_not_file_for_the_worker_and_another_member_not_for_the_holder(home: Office) -> None:
    walk.member(home, "neighbour")
    with pytest.raises(Refused) as found:
        apply(home, by="neighbour")
    assert found.value.codes == {"NOT_YOURSELF"}
    wife = entry_of(home).household.members.exclude(person=home.users["worker"].person).get().person  # type: ignore[union-attr]
    home.user("wife", wife)
    with pytest.raises(Refused) as found:
        apply(home, "wife", people=[], account_name="李建国")
    assert found.value.codes == {"NOT_THE_HOLDER"}


def test_the_handler_files_for_his_member(home: Office) -> None:
    case = apply(home, by="handler")
    assert walk.go(home, case, walk.REVIEW).state == "closed"


def test_a_dossier_that_another_county_keeps_is_not_checked_here(home: Office) -> None:
    Entry.objects.filter(pk=entry_of(home).pk).update(organisation=home.orgs["other_county"])
    assert refused(home) == {"OTHER_COUNTY"}


def test_another_dossier_of_a_member_is_a_hit_and_the_own_one_is_none(home: Office) -> None:
    walk.dossier(home, "neighbour")
    home.at("2028-09-04")
    moved_in = CHILD | {
        "name": "钱卫国", "relation": "other", "work": "retired",
        "authorisation": [home.upload("worker", "authorisation")],
        "id_no": dossier_answers(home, "neighbour")["id_no"],
    }
    case = apply(home, people=[moved_in])
    walk.go(home, case, walk.REVIEW, "review")
    with pytest.raises(Refused) as found:
        walk.review(home, case)
    assert found.value.codes == {"DUPLICATE_AID"}


# The end of a dossier


def denied(home: Office, code: str, **changes: Any) -> Case:
    case = walk.go(home, apply(home, **changes), walk.REVIEW, "review")
    home.do(case, "review.deny", "reviewer", code=code, opinion="入户核实，家庭收入已稳定")
    return home.fresh(case)


def test_a_household_that_is_out_of_hardship_leaves_with_a_written_reason(home: Office) -> None:
    entry, wealthy = entry_of(home), {"income": 6_000_000, "rigid": 0}
    case = walk.go(home, apply(home, **wealthy), walk.REVIEW, "review")
    with pytest.raises(Refused) as found:
        walk.review(home, case)
    assert found.value.codes == {"INCOME_ABOVE_LINE"}
    home.do(case, "review.deny", "reviewer", code="INCOME_ABOVE_LINE", opinion="人均月收入已超过标准")
    assert home.state(case) == "denied"
    ended = entry_of(home)
    assert ended.valid_to == dt.date(2027, 9, 5) and dossiers.in_force(case.applicant_id, home.now.date()) is None
    action, data = told(entry)[-1]
    assert (action, data["code"], data["case"]) == ("ended", "INCOME_ABOVE_LINE", case.number)
    letter = Paper.objects.get(case=case, kind="denial_notice").data
    assert letter["ended_entry"] == entry.number and letter["lines"] and letter["appeal"]["zh"]
    assert Message.objects.filter(case=case, template="denied", recipient=home.users["worker"]).exists()
    assert list(Replay().run()) == []


def test_whoever_falls_into_hardship_again_comes_back_with_a_new_dossier(home: Office) -> None:
    old = entry_of(home)
    denied(home, "INCOME_ABOVE_LINE", income=6_000_000, rigid=0)
    case = walk.go(home, walk.dossier_case(home), walk.DOSSIER, "review")
    home.do(case, "review.pass", "reviewer", opinion="再次致困", not_duplicate="原档案已经退出")
    for step in ("approve", "county_notice", "register"):
        walk.DOSSIER[step](home, case)
    assert dossiers.in_force(case.applicant_id, local_date(home.now)) not in (None, old)


def test_a_dossier_does_not_end_for_a_reason_the_figures_do_not_show(home: Office) -> None:
    case = walk.go(home, apply(home), walk.REVIEW, "review")
    for code in ("INCOME_ABOVE_LINE", "EXCL_HOMES", "CHECK_REFUSED"):
        with pytest.raises(Refused) as found:
            home.do(case, "review.deny", "reviewer", code=code, opinion="据群众反映")
        assert found.value.codes == {"NOT_FOUND_SO"}
    assert entry_of(home).valid_to is None


@pytest.mark.parametrize(
    ("code", "changes"), [("EXCL_HOMES", {"homes": 2}), ("EXCL_CAR", {"vehicle": "private"}), ("FALSE_DATA", {})]
)
def test_what_excludes_a_household_ends_its_dossier_too(home: Office, code: str, changes: dict[str, Any]) -> None:
    denied(home, code, **changes)
    assert entry_of(home).valid_to is not None


def test_a_refused_means_check_ends_it(home: Office) -> None:
    case = walk.go(home, apply(home), walk.REVIEW, "means_check")
    home.do(case, "means_check.send", "officer", office="区民政局")
    home.do(case, "means_check.result", "officer", result="refused", opinion="本人拒绝授权")
    home.do(case, "review.deny", "reviewer", code="CHECK_REFUSED", opinion="本人拒绝核对")
    assert entry_of(home).valid_to is not None


def test_any_other_denial_and_a_withdrawal_leave_the_dossier_as_it_is(home: Office) -> None:
    denied(home, "NOT_ELIGIBLE")
    home.do(apply(home), "withdraw", "worker")
    entry = entry_of(home)
    assert (entry.valid_to, entry.verified_until) == (None, dt.date(2027, 12, 31))
    assert told(entry) == []


# From the message to the form


def messages_to(office: Office, who: str, template: str) -> list[Message]:
    return list(Message.objects.filter(recipient=office.users[who], template=template).order_by("id"))


def test_the_holder_is_told_from_the_third_quarter_on_and_once_a_year(home: Office) -> None:
    home.at("2027-06-30")
    assert alerts.due_checks(home.now) == 0
    home.at("2027-07-01")
    assert [alerts.due_checks(home.now) for _n in range(2)] == [1, 0]
    home.at("2027-12-30")
    assert alerts.due_checks(home.now) == 0
    told_of = messages_to(home, "worker", "dossier_check_due")
    assert {message.channel for message in told_of} == {"inapp", "sms"}
    entry = entry_of(home)
    said = (("zh", "困难职工档案年审", "2027年12月31日"), ("en", "Yearly check of the hardship", "31 December 2027"))
    for language, title, day in said:
        words = templates.compose_sms("dossier_check_due", told_of[0].params, language)
        assert entry.number in words and title in words and day in words
    assert [action for action, _data in told(entry)] == ["check_due_2027"]
    home.at("2028-01-03")
    assert alerts.due_checks(home.now) == 1, "overdue: once more in the new year, whatever the quarter"
    late = messages_to(home, "worker", "dossier_check_due")[-1]
    assert "暂不能申请" in templates.compose("dossier_check_due", late.params, "zh").body


def test_where_the_holder_has_no_login_his_union_is_told(home: Office) -> None:
    worker = home.users["worker"]
    worker.is_active = False
    worker.save(update_fields=["is_active"])
    assert alerts.due_checks(home.now) == 1
    assert messages_to(home, "handler", "member_check_due") and not messages_to(home, "worker", "dossier_check_due")


def test_whoever_has_begun_or_has_no_dossier_any_more_is_not_told(home: Office) -> None:
    case = apply(home)
    assert alerts.due_checks(home.now) == 0
    home.do(case, "withdraw", "worker")
    denied(home, "FALSE_DATA")
    assert alerts.due_checks(home.now) == 0


def test_from_the_first_page_to_a_dossier_that_goes_on(home: Office) -> None:
    """The whole way through the pages: told, begun from the first page, filled with what was told before, handed in,
    checked, and aid may be asked for again."""
    home.at("2028-02-07")
    home.make_fund("living", 1_000_000_00, 2028)
    client = client_of(home)
    first = client.get(reverse("my_home"))
    assert "困难职工档案年审" in text_of(first) and "不能申请各项帮扶" in text_of(first)
    assert reverse("apply_start", args=["dossier_review"]) in first.content.decode()
    draft = begin(client, "dossier_review")
    held, answers = loaded(draft), dossier_answers(home)
    assert held["members.0.name"] == [answers["members"][0]["name"]] and held["members.0.relation"] == ["spouse"]
    assert float(held["incomes.0.amount"][0]) == 30_000
    assert held["rigid.0.kind"] == ["care"] and held["housing"] == ["bought"] and held["unit_name"] == ["秦岭纺织厂"]
    fill(client, draft, answers)
    assert send(client, draft).status_code == 302
    case = Case.objects.get(key="dossier_review")
    assert "年审" not in text_of(client.get(reverse("my_home"))).split("困难职工档案年审")[0]
    assert reverse("apply_start", args=["dossier_review"]) not in client.get(reverse("my_home")).content.decode()
    walk.go(home, case, walk.REVIEW)
    page = text_of(client.get(reverse("programme", args=["dossier_review"])))
    assert "审核有效期至" in page and "2029" in page
    aid = walk.go(home, walk.living_case(home), walk.LIVING, "pay")
    assert home.fresh(aid).state == "approved"


def test_nothing_sealed_no_file_and_no_consent_is_filled_in(home: Office) -> None:
    """Promise A2: a page that begins filled in shows no number of a person that nobody typed into it."""
    client, answers = client_of(home), dossier_answers(home)
    draft = begin(client, "dossier_review")
    held = loaded(draft)
    sealed = {"id_no", "phone", "address", "health", "cause_main", "card_no", "members.0.id_no", "members.0.health"}
    papers = {"id_card", "income_proof", "rigid.0.proof", "members.0.authorisation"}
    consents = {"general_consent", "sensitive_consent", "income_check_authorisation", "truth_pledge"}
    assert not (sealed | papers | consents) & set(held)
    for page in ("person", "household", "money", "bank", "papers"):
        shown = values_in(client.get(reverse("apply", args=[draft.public_id, page])))
        assert not {answers["id_no"], answers["card_no"], answers["phone"], answers["members"][0]["id_no"]} & set(shown)


def test_nobody_begins_with_the_answers_of_another(home: Office) -> None:
    wife = entry_of(home).household.members.exclude(person=home.users["worker"].person).get().person  # type: ignore[union-attr]
    home.user("wife", wife)
    walk.member(home, "neighbour")
    for who in ("wife", "neighbour"):
        client = client_of(home, who)
        client.post(reverse("apply_start", args=["dossier_review"]), {"fresh": "1"})
        for draft in Draft.objects.filter(owner=home.users[who]):
            assert not [name for name in loaded(draft) if name.startswith(("members.", "incomes.", "rigid."))]


def test_a_handler_begins_with_what_his_own_member_told_and_no_other(home: Office) -> None:
    worker = home.users["worker"].person
    assert worker is not None
    about = {"name": worker.name, "id_no": persons.plain_for_system(worker, "id_no"), "phone": "13900001234"}
    home.hire("other_handler", "unit_handler", "other_union")
    found = {}
    for who in ("handler", "other_handler"):
        client_of(home, who).post(reverse("apply_member", args=["dossier_review"]), about)
        found[who] = loaded(Draft.objects.get(owner=home.users[who]))
    assert found["handler"]["members.0.relation"] == ["spouse"] and found["handler"]["name"] == [worker.name]
    assert set(found["other_handler"]) == {"name", "id_no", "phone", "account_name"}


def test_a_check_that_is_not_due_is_not_begun(home: Office) -> None:
    home.at("2026-12-31")
    client = client_of(home)
    assert "年审" not in text_of(client.get(reverse("my_home")))
    client.post(reverse("apply_start", args=["dossier_review"]))
    assert not Draft.objects.filter(owner=home.users["worker"], case__isnull=True).exists()
    assert "审核有效期至 2027年12月31日" in text_of(client.get(reverse("programme", args=["dossier_review"])))


def test_the_desk_sees_until_when_a_dossier_is_checked(home: Office) -> None:
    case = walk.living_case(home)
    assert "审核有效期至" in text_of(client_of(home, "officer").get(reverse("desk_case", args=[case.public_id])))


def test_a_login_that_an_office_keeps_is_neither_told_nor_offered_it(home: Office) -> None:
    """Promise R7: whoever gives such a login a new password could read it."""
    worker = home.users["worker"]
    worker.office = home.orgs["county"]
    worker.save(update_fields=["office"])
    assert alerts.due_checks(home.now) == 1
    assert not messages_to(home, "worker", "dossier_check_due") and messages_to(home, "handler", "member_check_due")
    assert renewals.due_for(home.actor("worker").himself, local_date(home.now)) is None


def test_the_records_of_a_check_are_kept_as_long_as_the_dossier(home: Office) -> None:
    """Domain §4.8: ten years after the exit, not after the check."""
    case = walk.go(home, apply(home), walk.REVIEW)
    assert keeping.kept_until(case, 10, renewed=True) is None
    home.at("2028-09-04")
    denied(home, "FALSE_DATA")
    assert keeping.kept_until(home.fresh(case), 10, renewed=True) == dt.date(2038, 9, 3)
