"""A right that ended has ended, at once (promise R6): whoever filed a case under a duty reads it, lists it, answers for
it and fetches its papers only while he holds that duty; afterwards the case is not there for him.

Checked by hand, each turns this file red: queries.filed without the condition on the draft; guards.filed without
queries.filed; my_cases by filed_by alone."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Refused
from casework.documents.models import Document
from casework.forms.models import Draft
from casework.notifications.models import Message
from casework.papers import making
from casework.papers.models import Paper
from casework.workflows import moves
from tests import walk
from tests.filled import dossier_answers
from tests.office import ENQUIRY_STAFF, Office
from tests.portal.typed import fill, send
from tests.security.test_ended_duty import BEGUN, NONE, NUMBER, TICKET, end, give_back, log_in, read_the_news
from tests.security.test_guessing import told
from tests.services import rosters

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R6")]


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation with an agent at the hotline; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    walk.member(made, "worker")
    made.hire("agent", *ENQUIRY_STAFF["agent"])
    return made


def filed(office: Office, who: str, client: Client) -> Case:
    """A dossier that the handler files for a member, or a ticket that the agent writes down for a caller."""
    draft = BEGUN[who](office, client)
    member = dossier_answers(office, "worker", name="吴春生", id_no=NUMBER, by="handler")
    own = Document.objects.filter(owner=office.users[who])
    own.update(duty_role="unit_handler", duty_place=office.orgs["union"])  # as the pages of the form note it
    ticket = {**TICKET, "office": str(office.orgs["county"].public_id)}
    fill(client, draft, member if who == "handler" else ticket)
    answer = send(client, draft)
    assert answer.status_code == 302, answer.content.decode()
    read_the_news(client)
    return Case.objects.get()


def ask_all(client: Client, case: Case, key: str) -> Iterator[tuple[str, HttpResponse]]:
    """What the addresses of a case and of its papers answer."""
    for name in ("my_case", "desk_case"):
        yield name, client.get(reverse(name, args=[key]))
    yield "my_act", client.get(reverse("my_act", args=[key, "withdraw"]))
    for paper in case.papers.all():
        for name in ("my_letter", "desk_paper"):
            yield name, client.get(reverse(name, args=[paper.public_id if key != NONE else NONE]))
    for document in case.documents.all():
        yield "my_file", client.get(reverse("my_file", args=[document.public_id if key != NONE else NONE]))
        yield "desk_file", client.get(reverse("desk_file", args=[key, document.public_id]))


@pytest.mark.parametrize("who", sorted(BEGUN))
def test_with_the_duty_the_case_goes_and_comes_back(office: Office, who: str) -> None:
    client = log_in(office, who)
    case = filed(office, who, client)
    open_to_him = [name for name, answer in ask_all(client, case, str(case.public_id)) if answer.status_code == 200]
    assert open_to_him
    mine = client.get(reverse("my_cases"))  # the agent has no page of his own matters
    assert mine.status_code == 403 or case.number in mine.content.decode()
    end(office, who)
    read_the_news(client)
    assert case.number not in client.get(reverse("my_cases")).content.decode()
    for page in ("my_home", "inbox"):  # what he was told stays his, without a way to the case
        assert str(case.public_id) not in client.get(reverse(page)).content.decode()
    ids = [str(row.public_id) for row in (case, *case.papers.all(), *case.documents.all())]
    real, nothing = ask_all(client, case, ids[0]), ask_all(client, case, NONE)
    for (name, answer), (_same, absent) in zip(real, nothing, strict=True):
        assert answer.status_code in (403, 404), name
        assert told(answer, *ids) == told(absent, NONE, *ids), name
    give_back(office, who)
    assert str(case.public_id) in client.get(reverse("inbox")).content.decode()
    again = [name for name, answer in ask_all(client, case, str(case.public_id)) if answer.status_code == 200]
    assert again == open_to_him


@pytest.mark.parametrize("who", sorted(BEGUN))
def test_another_duty_elsewhere_does_not_keep_it(office: Office, who: str) -> None:
    client = log_in(office, who)
    case = filed(office, who, client)
    end(office, who)
    office.hire(who, "unit_handler" if who == "handler" else "hotline_agent", "other_county")
    for name, answer in ask_all(client, case, str(case.public_id)):
        assert answer.status_code in (403, 404), name
    assert moves.available(office.fresh(case), office.actor(who), office.now) == []
    with pytest.raises(Refused) as refusal:
        office.do(case, "withdraw", who)
    assert refusal.value.status == 404


def test_the_person_it_was_filed_for_keeps_it(office: Office) -> None:
    client = log_in(office, "handler")
    case = filed(office, "handler", client)
    end(office, "handler")
    member = office.user("member", case.applicant)
    own = Client()
    own.force_login(member)
    assert own.get(reverse("my_case", args=[case.public_id])).status_code == 200
    assert case.number in own.get(reverse("my_cases")).content.decode()


def test_letters_made_of_it_go_with_it(office: Office) -> None:
    client = log_in(office, "handler")
    case = filed(office, "handler", client)
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    assert Paper.objects.filter(case=case).exists()
    for paper in Paper.objects.filter(case=case):
        making.make(paper.pk, office.now)
    end(office, "handler")
    for name, answer in ask_all(client, case, str(case.public_id)):
        assert answer.status_code in (403, 404), name


def test_who_drew_a_roster_up_loses_its_lines_with_the_duty(office: Office) -> None:
    """A line of a campaign was handed in from no draft."""
    office.with_campaigns()
    walk.dossier(office)
    rosters.dossiers(office, 2, Case.objects.get(), "relative")
    campaign = rosters.planned(office.at("2026-12-10"))
    rosters.drawn(office, campaign)
    rosters.posted(office, campaign)
    line = Case.objects.filter(key="condolence_visit")[0]
    client = log_in(office, "officer")
    assert client.get(reverse("desk_case", args=[line.public_id])).status_code == 200
    end(office, "officer")
    assert client.get(reverse("desk_case", args=[line.public_id])).status_code in (403, 404)
    assert line.number not in client.get(reverse("my_cases")).content.decode()


def for_his_union(office: Office) -> tuple[str, Case]:
    """The handler has his union's home assessed."""
    answers = {
        "union": str(office.orgs["union"].public_id), "grade": "qualified", "self_score": 92, "member_vote": 88,
        "area": 120, "opened_on": "2024-05-01", "statement": "阵地规范，活动经常。", "account_name": "秦岭纺织厂工会",
        "card_no": "6222021234567890128", "bank": "中国工商银行", "truth_pledge": True,
        "declaration": [office.upload("handler", "declaration")], "evidence": [office.upload("handler", "evidence")],
    }
    own = Document.objects.filter(owner=office.users["handler"])
    own.update(duty_role="unit_handler", duty_place=office.orgs["union"])  # as the pages of the form note it
    return "handler", office.apply("handler", "home_acceptance", answers)


def planned_by_him(office: Office) -> tuple[str, Case]:
    """An officer plans a round of visits."""
    return "officer", rosters.planned(office.at("2026-12-10"))


@pytest.mark.parametrize("begun", [for_his_union, planned_by_him])
def test_who_acts_for_a_union_or_plans_a_campaign_stands_in_it_as_long_as_his_duty(
    office: Office, begun: Callable[[Office], tuple[str, Case]]
) -> None:
    """It is not his own matter, though he stands in it as its applicant. Seen red with for_office left False."""
    office.with_campaigns()
    who, case = begun(office)
    assert office.fresh(case).applicant == office.users[who].person
    offered = {move.action for move in moves.available(office.fresh(case), office.actor(who), office.now)}
    assert "withdraw" in offered
    client = log_in(office, who)
    open_to_him = [name for name, answer in ask_all(client, case, str(case.public_id)) if answer.status_code == 200]
    assert open_to_him
    end(office, who)
    private = office.user("private", office.users[who].person)
    for browser in (client, log_in(office, "private")):
        read_the_news(browser)
        assert case.number not in browser.get(reverse("my_cases")).content.decode()
        for name, answer in ask_all(browser, case, str(case.public_id)):
            assert answer.status_code in (403, 404), name
    for name in (who, private.username):
        assert moves.available(office.fresh(case), office.actor(name), office.now) == []
        with pytest.raises(Refused) as refusal:
            office.do(case, "withdraw", name)
        assert refusal.value.status == 404
    give_back(office, who)
    assert {move.action for move in moves.available(office.fresh(case), office.actor(who), office.now)} == offered


def told_since(case: Case, last: int) -> set[str]:
    """Logins that were told of a case after a message."""
    rows = Message.objects.filter(case=case, pk__gt=last, channel="inapp")
    return set(rows.values_list("recipient__username", flat=True))


def last_message() -> int:
    return int(Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


@pytest.mark.parametrize("draft", [True, False])
def test_whoever_holds_the_duty_now_is_told_of_the_unions_case(office: Office, *, draft: bool) -> None:
    """Seen red with the filer told whatever became of his duty."""
    office.with_campaigns()
    _who, case = for_his_union(office)
    if draft:
        Draft.objects.create(
            owner=office.users["handler"], programme=case.programme, case=case, duty_role="unit_handler",
            duty_place=office.orgs["union"],
        )
    office.user("private", office.users["handler"].person)
    assert told_since(case, 0) == {"handler"}, "the login of his duty, not his own"
    last = last_message()
    end(office, "handler")
    office.hire("new_handler", "unit_handler", "union")
    office.hire("elsewhere", "unit_handler", "other_union")
    office.do(case, "accept.pass", "clerk")
    assert told_since(case, last) == {"new_handler"}


def test_whoever_filed_for_a_member_is_told_as_long_as_his_duty(office: Office) -> None:
    client = log_in(office, "handler")
    case = filed(office, "handler", client)
    member = office.user("member", case.applicant)
    assert "handler" in told_since(case, 0)
    last = last_message()
    office.hire("new_handler", "unit_handler", "union")
    end(office, "handler")
    office.do(case, "unit_check.pass", "new_handler", opinion="材料齐全")
    assert told_since(case, last) == {member.username}
