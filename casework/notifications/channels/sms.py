"""SMS through an adapter named in SMS_ADAPTER. The number is deciphered here, for the sending, and kept nowhere.

The reference is the row's public id: at a repeat the gateway sees the same one and does not send again.
"""
import http.client
import json
import os
import re
import secrets
import urllib.error
import urllib.request
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from casework.core.crypto import Undecipherable
from casework.core.masks import mask_phone
from casework.notifications import templates
from casework.notifications.channels import Permanent, Temporary
from casework.notifications.models import Message
from casework.people import persons

SECONDS = 10
MOBILE = re.compile(r"1[3-9][0-9]{9}")
MOST_ANSWER = 64 * 1024
# Answers below 500 that say nothing against the message: our key, or too much at once.
PASSING = frozenset({401, 403, 404, 407, 408, 421, 425, 429})


class Adapter(Protocol):
    """A way to a gateway."""

    def send(self, reference: str, phone: str, text: str) -> None:
        """Hand one SMS over; the same reference again is the same SMS. Raises Permanent or Temporary."""


def send(message: Message) -> None:
    """Raises Permanent, Temporary, templates.Unwritable."""
    text = templates.compose_sms(message.template, message.params, message.recipient.language)
    adapter: Adapter = import_string(settings.SMS_ADAPTER)()
    adapter.send(str(message.public_id), _mobile(message), text)


def _mobile(message: Message) -> str:
    person = message.recipient.person
    try:
        number = persons.plain_for_system(person, "phone") if person else ""
    except Undecipherable as error:
        raise Permanent("ERASED") from error
    if not number:
        raise Permanent("NO_PHONE")
    if not MOBILE.fullmatch(number):
        raise Permanent("NOT_MOBILE")
    return number


class FileAdapter:
    """For a machine without a gateway: each SMS is one file with one line of JSON in var/sms/, named by its reference.
    It shows the number masked, so that no clear number lies on the disk."""

    def send(self, reference: str, phone: str, text: str) -> None:
        """Write the file, unless it is there already."""
        folder = settings.VAR_DIR / "sms"
        line = json.dumps({"reference": reference, "phone": mask_phone(phone), "text": text}, ensure_ascii=False)
        draft = folder / f".{reference}.{secrets.token_hex(4)}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, folder / f"{reference}.json")
        except FileExistsError:
            return  # sent before
        except OSError as error:
            raise Temporary(f"DISK {type(error).__name__}") from error
        finally:
            draft.unlink(missing_ok=True)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A number is told to the configured address only."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


class HttpAdapter:
    """A gateway that takes POST of JSON {reference, phone, text} at SMS_URL, with SMS_TOKEN as bearer."""

    def send(self, reference: str, phone: str, text: str) -> None:
        """One request. No answer in ten seconds is temporary: the gateway may have it, hence the reference."""
        try:
            with self._opener().open(self._request(reference, phone, text), timeout=SECONDS) as answer:
                answer.read(MOST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                final = 400 <= error.code < 500 and error.code not in PASSING
            raise (Permanent if final else Temporary)(f"REFUSED {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Temporary(f"NO_ANSWER {type(error).__name__}") from None

    def _opener(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(_NoRedirect)

    def _request(self, reference: str, phone: str, text: str) -> urllib.request.Request:
        if not settings.SMS_URL.startswith(("https://", "http://")):
            raise Temporary("SETTINGS")
        body = json.dumps({"reference": reference, "phone": phone, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": reference}
        if settings.SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
        return urllib.request.Request(settings.SMS_URL, body, headers, method="POST")  # noqa: S310
