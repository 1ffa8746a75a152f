"""What machines could not do stands before the people of its place, who let it be tried again or deal with it (promise
N3)."""
import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import clock
from casework.desk import attention
from casework.notifications import deliver, tasks
from casework.notifications.models import Message
from casework.oversight import words
from casework.oversight.invariants import invariants
from casework.papers import making
from casework.papers.models import Paper
from casework.people import persons
from casework.workflows import timers
from casework.workflows.models import QueuedCommand
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import case_url, text_of
from tests.notifications.sender import empty_sms_box, sms_box
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("N3")]
PAGE, DO = "/desk/attention/", "/desk/attention/do/"
SEEN_BY = ("supervisor", "officer", "finance", "cashier", "chair")


@pytest.fixture
def case(office: Office) -> Case:
    """A dossier application on the reviewers' desk, with messages and letters."""
    empty_sms_box()
    return walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")


@pytest.fixture
def dead(case: Case, office: Office) -> Message:
    """An SMS to a number that is no mobile: delivery itself gave it up."""
    give_number(case, "09142388888")
    message = Message.objects.filter(case=case, channel="sms").latest("pk")
    assert not deliver.deliver(message.pk, office.now)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", 1)
    return message


@pytest.fixture
def held(case: Case) -> Paper:
    """A letter with a sign that no font has."""
    paper = case.papers.latest("pk")
    Paper.objects.filter(pk=paper.pk).update(state="held", next_try=None, trouble="GLYPH U+2CDDE")
    return paper


@pytest.fixture
def refused(case: Case, office: Office) -> QueuedCommand:
    """The bank's answer for a case that does not wait for one: the door itself refused it."""
    row = QueuedCommand.objects.create(case=case, action="pay.paid", key="payment:1", due_at=office.now)
    timers.run_queued(office.now)
    row.refresh_from_db()
    assert row.state == "refused"
    return row


def give_number(case: Case, phone: str) -> None:
    """Let this be the applicant's number."""
    person = case.applicant
    person.phone_cipher = persons.encrypt_for(person, phone.encode(), persons._context(person, "phone"))
    person.save(update_fields=["phone_cipher"])


def do(client: Client, what: str, row: Message | Paper | QueuedCommand) -> HttpResponse:
    """Press one button."""
    return client.post(DO, {"what": what, "id": row.pk})


def counted(answer: HttpResponse) -> str:
    """The number beside the entry of the navigation, "" without one."""
    found = re.search(r'待人工处理</span><span class="count">(\d+)<span[^>]*> 项待处理<', answer.content.decode())
    return found[1] if found else ""


@pytest.mark.parametrize("who", SEEN_BY)
def test_the_desks_of_the_place_see_all_three(
    log_in: LogIn, dead: Message, held: Paper, refused: QueuedCommand, case: Case, who: str
) -> None:
    answer = log_in(who).get(PAGE)
    page = text_of(answer)
    for told in ("收不到短信", "生僻字", "此件已有新的进展", held.number, case.number):
        assert told in page, told
    assert "MOVED_ON" not in page
    assert case_url(case) in answer.content.decode()
    assert counted(answer) == "3"
    assert log_in(who).get(case_url(case)).status_code == 200


@pytest.mark.promise("R1")
@pytest.mark.parametrize("who", ["handler", "visitor_1", "organiser", "reviewer", "approver", "auditor", "admin"])
def test_other_roles_are_told_whose_page_it_is(log_in: LogIn, dead: Message, who: str) -> None:
    client = log_in(who)
    assert client.get(PAGE).status_code == 403
    assert do(client, "message.done", dead).status_code == 403
    assert PAGE not in client.get(reverse("desk_queue"), follow=True).content.decode()
    dead.refresh_from_db()
    assert dead.read_at is None


@pytest.mark.promise("R2")
def test_another_place_sees_and_touches_nothing(
    office: Office, log_in: LogIn, dead: Message, held: Paper, refused: QueuedCommand
) -> None:
    office.hire("far_officer", "case_officer", "other_county")
    office.hire("far_chair", "unit_chair", "other_union")
    # A role that has no such page does not widen the reach of one that has.
    office.hire("far_officer", "reviewer", "county")
    for who in ("far_officer", "far_chair"):
        client = log_in(who)
        answer = client.get(PAGE)
        assert "没有待处理的事项" in text_of(answer)
        assert counted(answer) == ""
        absent = client.post(DO, {"what": "message.again", "id": 10**9})
        for what, row in (("message.again", dead), ("message.done", dead), ("paper.again", held),
                          ("command.again", refused)):
            told = do(client, what, row)
            assert told.status_code == absent.status_code == 404
            assert text_of(told) == text_of(absent)
    for row, state in ((dead, "dead"), (held, "held"), (refused, "refused")):
        row.refresh_from_db()
        assert row.state == state
    assert not Event.objects.filter(subject_kind="access").exists()


def test_a_corrected_number_is_reached(office: Office, log_in: LogIn, dead: Message, case: Case) -> None:
    give_number(case, "13900005678")
    client = log_in("officer")
    answer = client.post(DO, {"what": "message.again", "id": dead.pk}, follow=True)
    assert "一分钟内重试" in text_of(answer)
    assert counted(answer) == ""
    tasks.sweep_messages()
    dead.refresh_from_db()
    assert dead.state == "sent"
    assert [sent["phone"] for sent in sms_box() if sent["reference"] == str(dead.public_id)] == ["139****5678"]


def test_what_fails_again_comes_back(office: Office, log_in: LogIn, dead: Message) -> None:
    client = log_in("officer")
    do(client, "message.again", dead)
    assert counted(client.get(PAGE)) == ""
    assert not deliver.deliver(dead.pk, office.now)
    assert counted(client.get(PAGE)) == "1"


def test_dealt_with_leaves_the_list_and_is_never_sent(log_in: LogIn, dead: Message) -> None:
    client = log_in("supervisor")
    assert do(client, "message.done", dead).status_code == 302
    page = client.get(PAGE)
    assert "没有待处理的事项" in text_of(page)
    tasks.sweep_messages()
    dead.refresh_from_db()
    assert dead.state == "dead"
    assert sms_box() == []
    late = do(client, "message.again", dead)
    assert late.status_code == 404
    assert "可能已由同事处理" in text_of(late)


def test_a_letter_is_tried_again(office: Office, log_in: LogIn, held: Paper) -> None:
    assert not making.due(office.now).filter(pk=held.pk).exists()
    assert do(log_in("chair"), "paper.again", held).status_code == 302
    assert making.make(held.pk, office.now)
    held.refresh_from_db()
    assert (held.state, held.trouble) == ("made", "")


def test_a_refused_move_is_carried_out_once_the_cause_is_gone(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "pay")
    row = QueuedCommand.objects.create(
        case=case, action="pay.paid", key="payment:2", due_at=office.now, state="refused", trouble="BUSY 正忙",
        answers={"payment": "1", "fen": 1},
    )
    assert do(log_in("finance"), "command.again", row).status_code == 302
    timers.run_queued(office.now)
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("done", "")
    assert office.state(case) == "settled"


@pytest.mark.promise("A1")
def test_who_did_it_is_on_record(
    office: Office, log_in: LogIn, dead: Message, held: Paper, refused: QueuedCommand, case: Case
) -> None:
    client = log_in("officer")
    for what, row in (("message.done", dead), ("paper.again", held), ("command.again", refused)):
        assert do(client, what, row).status_code == 302
        assert do(client, what, row).status_code == 404
    events = list(Event.objects.filter(subject_kind="access", subject_id=str(case.public_id)).order_by("n"))
    assert [event.action for event in events] == ["message_dealt_with", "try_paper_again", "try_command_again"]
    assert {(event.actor["user"], event.actor["role"]) for event in events} == {
        (office.users["officer"].pk, "case_officer")
    }
    assert events[0].data == {
        "message": str(dead.public_id), "template": dead.template, "channel": "sms", "trouble": "NOT_MOBILE"
    }
    assert all(words.action_words(event.action) != event.action for event in events)
    assert invariants(clock.now()) == []


def test_of_two_at_once_one_is_told(log_in: LogIn, dead: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague is faster after the list was read and before the deed."""
    real = attention._carry_out

    def late(*arguments: Any) -> bool:
        assert deliver.dealt_with(dead, clock.now())
        return real(*arguments)

    monkeypatch.setattr(attention, "_carry_out", late)
    told = do(log_in("officer"), "message.done", dead)
    assert told.status_code == 404
    assert "可能已由同事处理" in text_of(told)
    assert not Event.objects.filter(subject_kind="access").exists()


@pytest.mark.parametrize("what", ["", "message", "message.make", "paper.done", "command.done", "officer.again"])
def test_unknown_deeds(log_in: LogIn, dead: Message, what: str) -> None:
    assert do(log_in("officer"), what, dead).status_code == 404
    assert log_in("officer").post(DO, {"what": "message.again", "id": "²"}).status_code == 404
    assert log_in("officer").get(DO).status_code == 405


def test_pages_by_key(office: Office, log_in: LogIn, case: Case) -> None:
    QueuedCommand.objects.bulk_create(
        QueuedCommand(
            case=case, action="pay.paid", key=f"payment:{n}", due_at=office.now + dt.timedelta(minutes=n),
            state="refused", trouble="NOT_FOUND 无", answers={"payment": f"第{n:03}笔"},
        )
        for n in range(30)
    )
    client = log_in("officer")
    first = client.get(PAGE)
    assert counted(first) == "30"
    assert "第029笔" in text_of(first)
    assert "第004笔" not in text_of(first)
    last = QueuedCommand.objects.order_by("-pk")[24].pk
    assert f"?command={last}#command" in first.content.decode()
    second = text_of(client.get(PAGE, {"command": last}))
    assert "第004笔" in second
    assert "第005笔" not in second
    assert "没有更早的事项" in text_of(client.get(PAGE, {"command": 1}))
