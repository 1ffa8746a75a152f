"""Promises N1–N3 under attack: rollbacks, deaths, a broker and a gateway that are away, rivals, messages that cannot
be delivered."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import transaction
from kombu.exceptions import OperationalError

from casework.access.models import User
from casework.audit.models import Event
from casework.core import clock
from casework.notifications import deliver, outbox, tasks
from casework.notifications.channels import Temporary
from casework.notifications.models import Message
from casework.people.models import Person
from tests.doubles.gateway import Gateway
from tests.faults.dying import every_death
from tests.faults.world import at_once
from tests.notifications.sender import PARAMS, Sender, empty_sms_box, sms_box

MANY = {"S": 1_000, "L": 20_000}
Sent = Counter[str]


@pytest.fixture
def real(transactional_db: None, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """Somebody who tells, whose work is really committed, at the clock's own moment."""
    empty_sms_box()
    monkeypatch.setattr(clock, "now", lambda: moment)
    return Sender(moment)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows whose worker was woken; nobody works."""
    found: list[int] = []
    monkeypatch.setattr(tasks.deliver_message, "apply_async", lambda args, **_how: found.append(args[0]))
    return found


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A broker that is away; the calls it did not take."""
    tried: list[int] = []

    def refuse(args: tuple[int], **_how: Any) -> None:
        tried.append(args[0])
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.deliver_message, "apply_async", refuse)
    return tried


@pytest.fixture
def gateway(settings: LazySettings) -> Iterator[Gateway]:
    """A gateway over HTTP, which everything goes through."""
    with Gateway() as double:
        settings.SMS_ADAPTER = "casework.notifications.channels.sms.HttpAdapter"
        settings.SMS_URL = double.url
        yield double


def sweep_all() -> int:
    """Sweep until nothing is due, as the beat does."""
    total = 0
    while sent := tasks.sweep_messages():
        total += sent
    return total


# N1: at least once, and never for a rolled-back change


class Second(Exception):
    """What goes wrong after telling."""


@pytest.mark.promise("N1")
def test_a_rolled_back_change_tells_nobody(real: Sender, woken: list[int]) -> None:
    with pytest.raises(Second), transaction.atomic():
        outbox.tell(real.case, real.event(), "accepted", [real.applicant], PARAMS, real.now)
        assert Message.objects.count() == 3
        raise Second
    assert Message.objects.count() == 0
    assert Event.objects.filter(subject_id__startswith="told").count() == 0
    assert woken == []
    assert (sweep_all(), sms_box(), mail.outbox) == (0, [], [])


@pytest.mark.promise("N1")
def test_a_savepoint_that_is_rolled_back_takes_its_messages_along(real: Sender, woken: list[int]) -> None:
    with transaction.atomic():
        kept = real.tell("accepted")
        with pytest.raises(Second), transaction.atomic():
            real.tell("approved")
            raise Second
        assert woken == [], "nobody is woken before the commit"
    assert set(Message.objects.values_list("event_id", flat=True)) == {kept.pk}
    assert sorted(woken) == sorted(Message.objects.filter(state="due").values_list("pk", flat=True))


@pytest.mark.promise("N1")
def test_a_death_at_any_statement_leaves_all_or_nothing_and_no_ghost(real: Sender) -> None:
    """The action commits a change with its messages and goes on to send them; killed anywhere."""
    told: set[int] = set()

    def tell() -> None:
        real.tell("accepted")

    def whole_or_nothing(_finished: bool) -> None:
        rows, events = Message.objects.all(), Event.objects.filter(subject_id__startswith="told")
        assert rows.count() == 3 * events.count()
        references = {str(row.public_id) for row in rows}
        assert {line["reference"] for line in sms_box()} <= references, "an SMS for something that was rolled back"
        told.update(events.values_list("pk", flat=True))

    assert every_death(tell, whole_or_nothing) > 10
    assert told
    lost = Message.objects.exclude(state="sent")
    assert lost.exists(), "some deaths came between the commit and the sending"
    later = real.now + deliver.LEASE
    while ids := deliver.due_ids(later):
        for pk in ids:
            deliver.deliver(pk, later)
    assert not Message.objects.exclude(state="sent").exists()
    assert Counter(line["reference"] for line in sms_box()) == Counter(
        str(row.public_id) for row in Message.objects.filter(channel="sms")
    )


@pytest.mark.promise("N1")
def test_a_broker_that_is_away_stops_no_change_and_loses_no_message(real: Sender, no_broker: list[int]) -> None:
    event = real.tell("accepted")
    assert Message.objects.filter(event=event, state="due").count() == 2
    assert len(no_broker) == 1, "after the first refusal nobody waits for the others"
    outbox.wake(event.pk, "accepted")  # asked once more, it tries, and still does not raise
    assert len(no_broker) == 2
    assert sweep_all() == 2
    assert (len(sms_box()), len(mail.outbox)) == (1, 1)
    assert sweep_all() == 0


def many_applicants(count: int) -> list[User]:
    """Logins whose persons share the applicant's way of being written to, made quickly."""
    first = Person.objects.exclude(phone_hash="").latest("id")
    people = Person.objects.bulk_create(
        Person(name=first.name, id_hash=f"many-{n}", phone_hash=first.phone_hash) for n in range(count)
    )
    return User.objects.bulk_create(User(username=f"many-{n}", person=person) for n, person in enumerate(people))


@pytest.mark.promise("N1")
@pytest.mark.promise("N2")
def test_a_thousand_messages_without_a_broker_leave_exactly_once(
    real: Sender, no_broker: list[int], monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    """Every fifth change of ten applicants is rolled back, every seventh message fails at the first try; two sweepers
    go at once, and then the beat."""
    count, sent, tries = MANY[size], Counter[str](), Counter[str]()
    users, ghosts = many_applicants(count * 5 // 4), set[int]()

    def send(message: Message) -> None:
        tries[str(message.public_id)] += 1
        if message.pk % 7 == 0 and message.attempts == 1:
            raise Temporary("NO_ANSWER")
        sent[str(message.public_id)] += 1

    monkeypatch.setattr(deliver, "CHANNELS", {"sms": send, "inapp": send})
    for n in range(0, len(users), 10):
        told = users[n : n + 10]
        try:
            with transaction.atomic():
                outbox.tell(real.case, real.event(), "accepted", told, PARAMS, real.now)
                if n % 50 == 0:
                    raise Second
        except Second:
            ghosts.update(user.pk for user in told)
    due = list(Message.objects.filter(state="due").values_list("pk", flat=True))
    wanted = {str(row) for row in Message.objects.filter(channel="sms").values_list("public_id", flat=True)}
    assert (len(wanted), len(ghosts)) == (count, count // 4)
    first = at_once(sweep_all, sweep_all)
    assert sum(first) + sweep_all() == sum(tries.values()) - sum(pk % 7 == 0 for pk in due)
    again = real.now + deliver.FIRST_PAUSE
    monkeypatch.setattr(clock, "now", lambda: again)
    sweep_all()
    assert set(sent) == wanted, f"missing {len(wanted - set(sent))}, ghosts {len(set(sent) - wanted)}"
    assert set(sent.values()) == {1}
    assert not Message.objects.exclude(state="sent").exists()
    assert not Message.objects.filter(recipient__in=ghosts).exists()


# N2: nobody is told twice by our fault


@pytest.mark.promise("N2")
def test_a_task_that_is_delivered_five_times_sends_once(real: Sender, gateway: Gateway, woken: list[int]) -> None:
    real.tell("accepted")
    for _ in range(5):
        for pk in woken:
            tasks.deliver_message(pk)
    assert set(gateway.references().values()) == {1}
    assert len(mail.outbox) == 1


@pytest.mark.promise("N2")
@pytest.mark.promise("N1")
def test_two_workers_and_the_sweep_at_once_send_once(real: Sender, gateway: Gateway, woken: list[int]) -> None:
    for _ in range(10):
        real.tell("accepted")

    def work() -> int:
        return sum(tasks.deliver_message(pk) for pk in woken)

    answers = at_once(work, work, tasks.sweep_messages, tasks.sweep_messages)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    sweep_all()
    assert len(gateway.references()) == 10
    assert set(gateway.references().values()) == {1}
    assert len(mail.outbox) == 10
    assert sum(answers) == 20, "each message was counted by the one worker that sent it"


@pytest.mark.promise("N2")
def test_told_at_once_by_two_for_one_event_is_told_once(real: Sender, woken: list[int]) -> None:
    with transaction.atomic():
        event = real.event()
    answers = at_once(*[partial(real.tell, "accepted", event=event)] * 4)
    assert all(answer == event for answer in answers), answers
    assert Message.objects.count() == 3


@pytest.mark.promise("N2")
def test_a_gateway_that_accepts_and_drops_the_answer_hears_the_same_reference(
    real: Sender, gateway: Gateway, woken: list[int]
) -> None:
    gateway.drop = 1
    real.tell("accepted")
    for pk in woken * 3:
        tasks.deliver_message(pk)
    message = Message.objects.get(channel="sms")
    assert (message.state, message.trouble.split()[0]) == ("due", "NO_ANSWER")
    for minutes in (1, 2, 3):
        deliver.deliver(message.pk, real.now + dt.timedelta(minutes=minutes))
    assert gateway.references() == {str(message.public_id): 2}
    assert len(gateway.delivered) == 1, "a gateway that knows references delivers once"
    assert Message.objects.get(pk=message.pk).state == "sent"


@pytest.mark.promise("N2")
def test_a_gateway_that_knows_no_references_repeats_at_most_once(
    real: Sender, gateway: Gateway, woken: list[int]
) -> None:
    gateway.drop, gateway.knows_references = 1, False
    real.tell("accepted")
    for pk in woken:
        tasks.deliver_message(pk)
    for minutes in range(1, 90, 7):
        tick(real, minutes)
    assert len(gateway.delivered) == 2
    assert len({row["reference"] for row in gateway.delivered}) == 1


def tick(real: Sender, minutes: int) -> None:
    """Send what is due some minutes later."""
    later = real.now + dt.timedelta(minutes=minutes)
    for pk in deliver.due_ids(later):
        deliver.deliver(pk, later)


@pytest.mark.promise("N2")
def test_a_worker_killed_between_sending_and_noting_repeats_the_same_reference(
    real: Sender, gateway: Gateway, woken: list[int]
) -> None:
    """Killed before and after every statement of the delivery; the gateway gets one reference, and delivers once."""
    real.tell("accepted")
    message = Message.objects.get(channel="sms")

    def work() -> None:
        deliver.deliver(message.pk, real.now)

    def give_back(_finished: bool) -> None:
        Message.objects.filter(pk=message.pk, state="claimed").update(next_try=real.now)  # the lease is over

    assert every_death(work, give_back) > 4
    assert set(gateway.references()) == {str(message.public_id)}
    assert gateway.references()[str(message.public_id)] > 1, "a death came after the sending"
    assert len(gateway.delivered) == 1
    assert Message.objects.get(pk=message.pk).state == "sent"


# N3: a dead message is seen by a person


def seen(real: Sender) -> set[tuple[str, str]]:
    """What the county's desk sees: channel and code of the trouble."""
    return {(row.channel, row.trouble.split()[0]) for row in deliver.dead([real.county.path])}


def landline(real: Sender) -> None:
    """A number that takes no SMS."""
    real.tell("accepted", real.user("landline", phone="0914-2388888"))


def refused(real: Sender, gateway: Gateway) -> None:
    """A number that the gateway does not know."""
    gateway.status = 400
    real.tell("accepted", real.user("refused", phone="13900009999"))


def no_words(real: Sender) -> None:
    """A text that lacks a value."""
    real.tell("accepted", real.user("words", phone="13900008888", email="w@example.com"), number=None)


def no_template(real: Sender) -> None:
    """A text that does not exist."""
    real.tell("nonsense")


@pytest.mark.promise("N3")
def test_whatever_cannot_be_delivered_is_seen(real: Sender, gateway: Gateway) -> None:
    cases: list[tuple[Callable[[], None], set[tuple[str, str]]]] = [
        (partial(landline, real), {("sms", "NOT_MOBILE")}),
        (partial(no_words, real), {("inapp", "TEMPLATE"), ("email", "TEMPLATE"), ("sms", "TEMPLATE")}),
        (partial(no_template, real), {("inapp", "TEMPLATE")}),
        (partial(refused, real, gateway), {("sms", "REFUSED")}),
    ]
    expected: set[tuple[str, str]] = set()
    for fault, surfaces in cases:
        fault()
        expected |= surfaces
        assert seen(real) == expected
    dead = Message.objects.filter(state="dead")
    assert deliver.dead([real.county.path]).count() == dead.count() == 6
    tries = Counter(dead.values_list("pk", "attempts"))
    tick(real, 60 * 24 * 30)
    assert Counter(dead.values_list("pk", "attempts")) == tries, "what can never work is not tried again"


@pytest.mark.promise("N3")
def test_a_gateway_that_stays_away_ends_at_the_desk(real: Sender, gateway: Gateway, woken: list[int]) -> None:
    gateway.status = 503
    real.tell("accepted")
    message, pauses = Message.objects.get(channel="sms"), []
    while message.state == "due":
        assert deliver.dead([real.county.path]).count() == 0
        before = message.next_try
        deliver.deliver(message.pk, before)
        message.refresh_from_db()
        pauses.append(message.next_try - before)
        assert len(pauses) < 30
    assert max(pauses) == dt.timedelta(hours=24)
    assert seen(real) == {("sms", "REFUSED")}
    assert gateway.delivered == []
    gateway.status = 200
    deliver.try_again(message, real.now)
    assert deliver.deliver(message.pk, real.now)
    assert seen(real) == set()
