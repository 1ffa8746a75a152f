"""Delivery: claims, leases, pauses, the dead and those who see them."""

import datetime as dt
from collections.abc import Callable

import pytest

from casework.notifications import deliver, tasks, troubles
from casework.notifications.channels import Permanent, Temporary
from casework.notifications.models import Message
from tests.notifications.sender import Sender, sms_box

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def channel(monkeypatch: pytest.MonkeyPatch, send: Callable[[Message], None]) -> None:
    """Let SMS go through this."""
    monkeypatch.setattr(deliver, "CHANNELS", {**deliver.CHANNELS, "sms": send})


def fails(error: Exception) -> Callable[[Message], None]:
    """A channel that raises."""

    def send(message: Message) -> None:
        raise error

    return send


def test_sent_once_and_noted(sender: Sender) -> None:
    message = sender.one("sms")
    assert sender.deliver(message)
    assert (message.state, message.sent_at, message.attempts, message.lease_until) == ("sent", sender.now, 1, None)
    assert [sender.deliver(message) for _ in range(4)] == [False] * 4
    assert len(sms_box()) == 1


def test_a_message_is_not_sent_before_its_time(sender: Sender) -> None:
    assert not sender.deliver(sender.one("sms"), -MINUTE)
    assert sms_box() == []


def test_pauses_double_up_to_a_day_then_it_is_dead(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    channel(monkeypatch, fails(Temporary("NO_ANSWER timeout")))
    message, pauses, at = sender.one("sms"), [], sender.now
    while message.state == "due":
        assert not deliver.deliver(message.pk, at)
        message.refresh_from_db()
        if message.state == "due":
            pauses.append(message.next_try - at)
            at = message.next_try
    assert pauses[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert pauses[-1] == DAY
    assert pauses == sorted(pauses)
    assert (message.state, message.attempts) == ("dead", deliver.MOST_ATTEMPTS)
    assert list(deliver.dead([sender.county.path])) == [message]


@pytest.mark.parametrize("error", [Permanent("REFUSED 400"), Permanent("NOT_MOBILE")])
def test_what_can_never_work_is_not_tried_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, error: Permanent
) -> None:
    channel(monkeypatch, fails(error))
    message = sender.one("sms")
    assert not sender.deliver(message)
    assert (message.state, message.attempts, message.trouble) == ("dead", 1, str(error))
    assert not sender.deliver(message, 30 * DAY)
    assert message.attempts == 1


def test_a_fault_of_ours_is_tried_again_and_tells_no_values(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    channel(monkeypatch, fails(ZeroDivisionError("13900001234")))
    message = sender.one("sms")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("due", "FAULT ZeroDivisionError")


def test_success_after_failure_leaves_no_trouble(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sender.one("sms")
    with monkeypatch.context() as patch:
        channel(patch, fails(Temporary("NO_ANSWER")))
        assert not sender.deliver(message)
    assert not sender.deliver(message), "its pause is not over"
    assert sender.deliver(message, MINUTE)
    assert (message.state, message.trouble, len(sms_box())) == ("sent", "", 1)


def test_a_killed_workers_message_is_due_again_after_its_lease(sender: Sender) -> None:
    message = sender.one("sms")
    claimed = deliver._claim(message.pk, sender.now)
    assert claimed is not None
    assert claimed.lease_until == sender.now + deliver.LEASE
    assert not sender.deliver(message, deliver.LEASE - MINUTE)
    assert sender.deliver(message, deliver.LEASE)
    assert message.attempts == 2


def test_a_message_that_kills_its_workers_ends_as_dead(sender: Sender) -> None:
    message = sender.one("sms")
    for n in range(deliver.MOST_ATTEMPTS):
        assert deliver._claim(message.pk, sender.now + n * deliver.LEASE)
    assert not sender.deliver(message, deliver.MOST_ATTEMPTS * deliver.LEASE)
    assert (message.state, message.trouble) == ("dead", "WORKER")
    assert sms_box() == []


def test_a_late_worker_spoils_nothing_of_the_next_one(sender: Sender) -> None:
    """Its lease ran out while it was stuck; meanwhile the message was sent by another."""
    message = sender.one("sms")
    late = deliver._claim(message.pk, sender.now)
    assert late is not None
    assert sender.deliver(message, deliver.LEASE)
    deliver._fail(late, "NO_ANSWER", sender.now + 2 * deliver.LEASE)
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_late_success_is_kept_though_another_has_the_claim(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sender.one("sms")
    late = deliver._claim(message.pk, sender.now)
    assert late is not None
    assert deliver._claim(message.pk, sender.now + deliver.LEASE)
    deliver._sent(late, sender.now + deliver.LEASE)
    assert not sender.deliver(message, 3 * deliver.LEASE)
    assert message.state == "sent"


def test_the_dead_are_seen_where_the_case_is_and_above_only(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    channel(monkeypatch, fails(Permanent("REFUSED 400")))
    message = sender.one("sms")
    sender.deliver(message)
    for place, seen in ((sender.union, 1), (sender.county, 1), (sender.far, 0)):
        assert deliver.dead([place.path]).count() == seen
    assert deliver.dead([]).count() == 0
    assert deliver.dead([sender.union.path, sender.county.path]).count() == 1


def test_a_dead_message_without_a_case_is_seen_at_the_recipients_office(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "CHANNELS", {"email": fails(Permanent("NOT_AN_ADDRESS"))})
    event = sender.tell("dossier_verify_due", sender.officer)
    Message.objects.filter(event=event).update(case=None)
    deliver.deliver(Message.objects.get(channel="email").pk, sender.now)
    assert deliver.dead([sender.county.path]).count() == 1
    assert deliver.dead([sender.far.path]).count() == 0


def test_a_person_tries_again_or_deals_with_it(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sender.one("sms")
    with monkeypatch.context() as patch:
        channel(patch, fails(Permanent("REFUSED 400")))
        sender.deliver(message)
    deliver.dealt_with(message, sender.now)
    assert deliver.dead([sender.county.path]).count() == 0
    deliver.try_again(message, sender.now + DAY)
    assert sender.deliver(message, DAY)
    assert deliver.dead([sender.county.path]).count() == 0
    deliver.try_again(message, sender.now + 2 * DAY)
    assert not sender.deliver(message, 2 * DAY), "what was sent is not sent again"


def test_reading_the_inbox_does_not_hide_a_dead_message_from_the_desk(sender: Sender) -> None:
    sender.tell("nonsense")
    Message.objects.filter(channel="inapp").update(read_at=sender.now)
    assert deliver.dead([sender.county.path]).count() == 1
    deliver.try_again(Message.objects.get(), sender.now)
    Message.objects.update(template="accepted", params={"number": "1", "programme": "x"})
    assert sender.deliver(Message.objects.get())


@pytest.mark.parametrize("code", [
    "NO_PHONE", "NOT_MOBILE", "ERASED", "NO_ADDRESS", "NOT_AN_ADDRESS", "REFUSED 554", "NO_ANSWER URLError",
    "DISK OSError", "SETTINGS", "TEMPLATE no x", "WORKER",
])  # fmt: skip
def test_every_trouble_has_words(code: str) -> None:
    told = troubles.words_of(Message(trouble=code))
    assert told != troubles.OTHER
    assert any("\u4e00" <= sign <= "\u9fff" for sign in str(told))


def test_words_for_what_is_unknown_and_for_nothing() -> None:
    assert troubles.words_of(Message(trouble="FAULT KeyError")) == troubles.OTHER
    assert troubles.words_of(Message(trouble="")) == ""


def test_the_sweep_stops_in_time_and_goes_on_later(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        sender.tell("accepted")
    clock = [sender.now]

    def now() -> dt.datetime:
        clock[0] += dt.timedelta(seconds=4)
        return clock[0]

    monkeypatch.setattr(tasks.clock, "now", now)
    first = tasks.sweep_messages()
    assert 0 < first < 10
    rounds = 0
    while tasks.sweep_messages():
        rounds += 1
    assert rounds
    assert not Message.objects.exclude(state="sent").exists()
    assert len(sms_box()) == 5
