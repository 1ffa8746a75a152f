"""Sending a message: claimed by one worker, sent outside every transaction, tried again with growing pauses, and
shown to a person when it cannot be delivered (promises N1 to N3)."""
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import F, Q, QuerySet

from casework.notifications.channels import Permanent, Temporary, email, inapp, sms
from casework.notifications.models import Message
from casework.notifications.templates import Unwritable

logger = logging.getLogger(__name__)
CHANNELS: Mapping[str, Callable[[Message], None]] = MappingProxyType(
    {"inapp": inapp.send, "email": email.send, "sms": sms.send}
)
# Longer than any channel may take, so that a lease ends only when its worker is gone.
LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=24)
# Pauses of 1, 2, 4 … minutes up to a day: about two and a half days in all.
MOST_ATTEMPTS = 13
TROUBLE_MOST = 500
CHUNK = 100


def deliver(message_id: int, now: datetime) -> bool:
    """Send one message. False when it is sent, dead, not due, claimed by another worker, or failed; then the row says
    why. Call outside every transaction."""
    message = _claim(message_id, now)
    if message is None:
        return False
    try:
        if message.attempts > MOST_ATTEMPTS:
            raise Permanent("WORKER")  # whoever tried died of it, again and again
        CHANNELS[message.channel](message)
    except (Permanent, Unwritable) as trouble:
        code = f"TEMPLATE {trouble}" if isinstance(trouble, Unwritable) else str(trouble)
        _fail(message, code, now, final=True)
    except Temporary as trouble:
        _fail(message, str(trouble), now)
    except Exception as trouble:
        logger.exception("message %s could not be sent", message_id)
        _fail(message, f"FAULT {type(trouble).__name__}", now)
    else:
        _sent(message, now)
        return True
    return False


def due(now: datetime) -> QuerySet[Message]:
    """Messages to be sent now. A claimed one is due again when its lease is over: its worker was killed."""
    return Message.objects.filter(state__in=("due", "claimed"), next_try__lte=now)


def due_ids(now: datetime) -> list[int]:
    """The next messages to be sent, the oldest first."""
    return list(due(now).order_by("next_try", "id").values_list("pk", flat=True)[:CHUNK])


def dead(paths: Iterable[str]) -> QuerySet[Message]:
    """Messages that could not be delivered and that nobody dealt with yet, newest first. paths: of the organisations
    one works for; theirs and everything below. Without a case, the recipient's own office counts."""
    places = Q(pk__in=())
    for path in paths:
        places |= Q(case__organisation__path__startswith=path)
        places |= Q(case=None, recipient__assignments__organisation__path__startswith=path)
    open_ones = Message.objects.filter(places, Q(channel="inapp") | Q(read_at=None), state="dead")
    return open_ones.select_related("recipient", "case__programme").order_by("-id").distinct()


def try_again(message: Message, now: datetime) -> bool:
    """A person asks for another try of a dead message, e.g. with a corrected number. False when it is dead no more."""
    again = Message.objects.filter(pk=message.pk, state="dead")
    return again.update(state="due", attempts=0, next_try=now, read_at=None) > 0


def dealt_with(message: Message, now: datetime) -> bool:
    """A person told the recipient otherwise: the message leaves the list of dead ones. False when it had left it."""
    listed = Message.objects.filter(pk=message.pk, state="dead", read_at=None).exclude(channel="inapp")
    return listed.update(read_at=now) > 0


def _claim(message_id: int, now: datetime) -> Message | None:
    """Take the message for five minutes. One statement, so that of two workers one gets it."""
    until = now + LEASE
    claimed = due(now).filter(pk=message_id).update(
        state="claimed", lease_until=until, next_try=until, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    return Message.objects.select_related("recipient__person__key", "case").get(pk=message_id)


def _sent(message: Message, now: datetime) -> None:
    """It is out, whoever holds the row by now."""
    Message.objects.filter(pk=message.pk).exclude(state="sent").update(
        state="sent", sent_at=now, lease_until=None, trouble=""
    )


def _fail(message: Message, trouble: str, now: datetime, *, final: bool = False) -> None:
    """Note why, and when to try again; only while the claim is still ours."""
    ours = Message.objects.filter(pk=message.pk, state="claimed", attempts=message.attempts)
    if final or message.attempts >= MOST_ATTEMPTS:
        ours.update(state="dead", lease_until=None, trouble=trouble[:TROUBLE_MOST])
        return
    pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    ours.update(state="due", lease_until=None, next_try=now + pause, trouble=trouble[:TROUBLE_MOST])
