"""Rows of the outbox: who is told, by which channel, once."""

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from casework.access.models import User
from casework.notifications import outbox
from casework.notifications.models import Message
from casework.people import persons
from casework.people.models import Person
from tests.notifications.sender import PARAMS, PHONE, Sender


def rows() -> list[tuple[str, str, str]]:
    """Channel, recipient and state of each row."""
    found = Message.objects.order_by("id").values_list("channel", "recipient__username", "state")
    return [(channel, name.split("-")[0], state) for channel, name, state in found]


def test_app_mail_and_sms_for_an_applicant(sender: Sender) -> None:
    sender.tell("accepted")
    assert rows() == [("inapp", "applicant", "sent"), ("email", "applicant", "due"), ("sms", "applicant", "due")]
    shown = Message.objects.get(channel="inapp")
    assert (shown.sent_at, shown.created_at, shown.case) == (sender.now, sender.now, sender.case)


def test_no_phone_no_sms_and_no_address_no_mail(sender: Sender) -> None:
    sender.tell("accepted", sender.user("bare"))
    assert rows() == [("inapp", "bare", "sent")]


def test_officers_are_told_without_sms(sender: Sender) -> None:
    sender.tell("task_overdue", sender.officer, sender.user("boss", phone="13900005678"))
    assert rows() == [("inapp", "officer", "sent"), ("email", "officer", "due"), ("inapp", "boss", "sent")]


def test_a_message_of_little_weight_is_no_sms(sender: Sender) -> None:
    sender.tell("withdrawn")
    assert [channel for channel, _name, _state in rows()] == ["inapp", "email"]


def test_told_again_for_the_same_event_is_told_once(sender: Sender) -> None:
    event = sender.tell("accepted")
    before = list(Message.objects.order_by("id").values())
    for _ in range(4):
        sender.tell("accepted", event=event)
    assert list(Message.objects.order_by("id").values()) == before
    sender.tell("paused", event=event)
    assert Message.objects.count() == 6


def test_two_logins_of_one_person_get_one_sms_and_one_mail(sender: Sender) -> None:
    second = sender.user("second", email="Wang@Example.com", person=sender.applicant.person)
    sender.tell("accepted", second, sender.applicant, sender.applicant)
    assert sorted(rows()) == sorted(
        [("inapp", "applicant", "sent"), ("email", "applicant", "due"), ("sms", "applicant", "due"),
         ("inapp", "second", "sent")]
    )  # fmt: skip


def test_somebody_who_left_is_not_told(sender: Sender) -> None:
    sender.officer.is_active = False
    sender.tell("task_overdue", sender.officer)
    assert rows() == []


def test_the_filer_is_addressed_as_filer(sender: Sender) -> None:
    sender.tell("accepted", sender.applicant, sender.officer)
    own, other = Message.objects.filter(channel="inapp").order_by("id")
    assert own.params == PARAMS
    assert other.params == {key: value for key, value in PARAMS.items() if key != "salutation"} | {"for_other": True}


def test_outside_a_transaction_nothing_is_told(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sender.event()
    with monkeypatch.context() as patch, pytest.raises(TransactionManagementError):
        patch.setattr(transaction.get_connection(), "in_atomic_block", False)
        outbox.tell(sender.case, first, "accepted", [sender.applicant], PARAMS, sender.now)


def test_an_unknown_template_is_dead_and_seen_at_once(sender: Sender) -> None:
    sender.tell("nonsense")
    row = Message.objects.get()
    assert (row.channel, row.state, row.trouble) == ("inapp", "dead", "TEMPLATE no template nonsense")


def test_a_gap_in_the_words_does_not_stop_the_change(sender: Sender) -> None:
    sender.tell("accepted", number="")
    states = {channel: state for channel, _name, state in rows()}
    assert states == {"inapp": "dead", "email": "due", "sms": "due"}


def test_statements_do_not_grow_with_the_recipients(sender: Sender) -> None:
    made = [sender.user("many", phone=f"139000{n:05d}", email=f"{n}@example.com") for n in range(20)]
    many = list(User.objects.filter(pk__in=[user.pk for user in made]))  # their persons not read yet
    with transaction.atomic():
        event = sender.event()
        with CaptureQueriesContext(transaction.get_connection()) as queries:
            outbox.tell(sender.case, event, "accepted", many, PARAMS, sender.now)
    inserts = [query for query in queries.captured_queries if query["sql"].startswith("INSERT")]
    others = [q for q in queries.captured_queries if q["sql"].split()[0] not in ("INSERT", "SAVEPOINT", "RELEASE")]
    assert (len(inserts), len(others)) == (1, 1)
    assert Message.objects.count() == 60


def test_no_row_holds_the_number(sender: Sender) -> None:
    sender.tell("accepted")
    assert persons.plain_for_system(Person.objects.get(users=sender.applicant), "phone") == PHONE
    assert PHONE not in str(list(Message.objects.values()))
