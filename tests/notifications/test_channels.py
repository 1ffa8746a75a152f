"""The channels: what leaves, with which reference, and which failures are final."""

import json
import smtplib
import stat
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from casework.core import crypto
from casework.notifications.channels import Permanent, Temporary, email, sms
from casework.people.models import Person, PersonKey
from tests.doubles.gateway import Gateway
from tests.notifications.sender import PARAMS, PHONE, Sender, sms_box

HTTP = "casework.notifications.channels.sms.HttpAdapter"


# E-mail


def test_a_mail_says_what_the_app_says_and_where(sender: Sender, settings: Any) -> None:
    settings.SITE_HOST = "https://union.example"
    message = sender.one("email")
    assert sender.deliver(message)
    sent = mail.outbox[0]
    assert sent.to == ["wang@example.com"]
    assert sent.subject == "困难职工建档：申请已受理"
    assert sent.body.startswith("王同志：\n\n您好！您申请的困难职工建档")
    assert f"https://union.example/my/cases/{sender.case.public_id}/" in sent.body
    assert sent.message()["Message-ID"] == f"<{message.public_id}@union.example>"


def test_an_officer_is_led_to_the_desk(sender: Sender) -> None:
    sender.tell("task_overdue", sender.officer)
    assert sender.deliver(sender.case.messages.get(channel="email"))
    assert f"/desk/cases/{sender.case.public_id}/" in mail.outbox[0].body
    assert "同志" not in mail.outbox[0].body


def test_a_mail_in_the_readers_language(sender: Sender) -> None:
    sender.applicant.language = "en"
    sender.applicant.save()
    assert sender.deliver(sender.one("email"))
    assert mail.outbox[0].subject == "Hardship dossier: application accepted"


def test_a_repeat_has_the_same_message_id(sender: Sender) -> None:
    message = sender.one("email")
    for _ in range(2):
        email.send(message)
    ids = {sent.message()["Message-ID"] for sent in mail.outbox}
    assert (len(mail.outbox), len(ids)) == (2, 1)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (smtplib.SMTPRecipientsRefused({"wang@example.com": (550, b"no such user")}), Permanent),
        (smtplib.SMTPRecipientsRefused({"wang@example.com": (451, b"greylisted")}), Temporary),
        (smtplib.SMTPDataError(554, b"rejected"), Permanent),
        (smtplib.SMTPDataError(452, b"full"), Temporary),
        (smtplib.SMTPAuthenticationError(535, b"our password"), Temporary),
        (smtplib.SMTPSenderRefused(553, b"our sender", "x"), Temporary),
        (smtplib.SMTPServerDisconnected("gone"), Temporary),
        (ConnectionRefusedError(), Temporary),
        (TimeoutError(), Temporary),
        (ValueError("not an address"), Permanent),
    ],
)
def test_which_mail_errors_are_final(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, error: Exception, outcome: type[Exception]
) -> None:
    def send(self: EmailMessage) -> None:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(outcome):
        email.send(sender.one("email"))


def test_a_line_end_in_the_subject_is_final(sender: Sender) -> None:
    message = sender.one("email", programme="x\nBcc: all@example.com")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("dead", "NOT_AN_ADDRESS")
    assert mail.outbox == []


def test_without_an_address_any_more(sender: Sender) -> None:
    message = sender.one("email")
    message.recipient.email = ""
    with pytest.raises(Permanent, match="NO_ADDRESS"):
        email.send(message)


# SMS to files


def test_an_sms_is_a_line_with_the_number_masked(sender: Sender, settings: Any) -> None:
    message = sender.one("sms")
    assert sender.deliver(message)
    path = settings.VAR_DIR / "sms" / f"{message.public_id}.json"
    assert path.read_text().count("\n") == 1
    assert json.loads(path.read_text()) == {
        "reference": str(message.public_id), "phone": "139****1234",
        "text": "您申请的困难职工建档（商州困建〔2026〕12号）已受理，承诺于2026年12月14日前办结。"
        "咨询电话0914-2388888。商州区总工会",
    }  # fmt: skip
    assert PHONE not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [name.name for name in path.parent.iterdir()] == [path.name]


def test_a_repeat_leaves_one_file(sender: Sender) -> None:
    message = sender.one("sms")
    for _ in range(5):
        sms.send(message)
    assert len(sms_box()) == 1


def test_a_full_disk_is_temporary(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sms.os, "fsync", full)
    message = sender.one("sms")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("due", "DISK OSError")
    assert sms_box() == []


# Numbers


def test_a_landline_gets_no_sms(sender: Sender) -> None:
    user = sender.user("landline", phone="0914-2388888")
    sender.tell("accepted", user)
    message = user.messages.get(channel="sms")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("dead", "NOT_MOBILE")


def test_after_erasure_there_is_nobody_to_write_to(sender: Sender) -> None:
    message = sender.one("sms")
    PersonKey.objects.filter(person=sender.applicant.person).update(wrapped=crypto.wrap(crypto.new_data_key(), "other"))
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("dead", "ERASED")


def test_a_number_that_is_gone(sender: Sender) -> None:
    message = sender.one("sms")
    Person.objects.filter(users=sender.applicant).update(phone_cipher=b"")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("dead", "NO_PHONE")


# SMS over HTTP


@pytest.fixture
def http(settings: Any) -> Any:
    """Settings that send over HTTP."""
    settings.SMS_ADAPTER, settings.SMS_TOKEN = HTTP, "planted-token"
    return settings


def test_the_gateway_gets_number_text_and_reference(sender: Sender, http: Any) -> None:
    with Gateway() as gateway:
        http.SMS_URL = gateway.url
        message = sender.one("sms")
        assert sender.deliver(message)
    assert gateway.requests[0]["phone"] == PHONE
    assert gateway.requests[0]["reference"] == str(message.public_id)
    assert PARAMS["number"] in gateway.requests[0]["text"]
    assert gateway.seen_headers[0]["Authorization"] == "Bearer planted-token"
    assert gateway.seen_headers[0]["Idempotency-Key"] == str(message.public_id)


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "sent"), (202, "sent"), (400, "dead"), (422, "dead"), (401, "due"), (404, "due"), (429, "due"), (500, "due"),
     (503, "due"), (302, "due"), (307, "due")],
)  # fmt: skip
def test_which_answers_are_final(sender: Sender, http: Any, status: int, state: str) -> None:
    with Gateway(status=status) as gateway:
        http.SMS_URL = gateway.url
        message = sender.one("sms")
        sender.deliver(message)
    assert message.state == state
    assert (len(gateway.requests), gateway.strays) == (1, []), "a redirect is not followed"
    assert PHONE not in message.trouble


def test_a_gateway_that_is_away_or_never_set_is_temporary(sender: Sender, http: Any) -> None:
    with Gateway() as gateway:
        http.SMS_URL = gateway.url
    message = sender.one("sms")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("due", "NO_ANSWER URLError")
    for wrong in ("", "file:///etc/passwd", "ftp://127.0.0.1/"):
        http.SMS_URL = wrong
        message = sender.one("sms")
        assert not sender.deliver(message)
        assert (message.state, message.trouble) == ("due", "SETTINGS")


def test_a_gateway_that_hangs_is_left_alone(sender: Sender, http: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(sms, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        http.SMS_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        message = sender.one("sms")
        assert not sender.deliver(message)
    assert message.state == "due"
    assert message.trouble.startswith("NO_ANSWER")


def test_an_adapter_that_does_not_exist_is_tried_again(sender: Sender, settings: Any) -> None:
    settings.SMS_ADAPTER = "casework.notifications.channels.sms.Pigeon"
    message = sender.one("sms")
    assert not sender.deliver(message)
    assert (message.state, message.trouble) == ("due", "FAULT ImportError")


# In the app


def test_a_message_in_the_app_needs_no_sending(sender: Sender) -> None:
    message = sender.one("inapp")
    assert message.state == "sent"
    assert not sender.deliver(message)
