"""Telling: rows in the transaction of the event; a worker is woken after the commit (promises N1, N2)."""
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.transaction import TransactionManagementError

from casework.access.models import User
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.pile import Pile
from casework.notifications import messages, templates
from casework.notifications.models import Message
from casework.notifications.template import Template
from casework.people.models import Person

logger = logging.getLogger(__name__)
TROUBLE_MOST = 500


def tell(
    case: Case | None, event: Event, template: str, recipients: Iterable[User], params: Mapping[str, Any],
    now: datetime, pile: Pile | None = None,
) -> None:
    """Write one message for each active recipient and channel: in the app always (it stands there at once), by e-mail
    where there is an address, by SMS where the template has one and the person a phone. One person, and one address, is
    written to once, whatever number of logins. Asked again for the same event it does nothing.

    params: JSON; see workflows.letters.common. pile: where the rows go with others of the event. Two statements at
    most, whatever the number of recipients. Call in the transaction of the event; raises TransactionManagementError
    outside of one. A broker that is away is no error.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("a message is written in the transaction of what it tells")
    users = sorted({user.pk: user for user in recipients if user.is_active}.values(), key=lambda user: user.pk)
    rows = [
        _row(case, event, template, user, channel, params, now)
        for user, channel in _addresses(users, messages.TABLE.get(template))
    ]
    if pile is None:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        for row in rows:
            pile.insert(row, ignore=True)
    if any(row.state == "due" for row in rows):
        transaction.on_commit(lambda: wake(event.pk, template), robust=True)  # a partial has no name to log


def _addresses(users: list[User], template: Template | None) -> Iterator[tuple[User, str]]:
    """Who is told by which channel. A template that is unknown is told in the app only, where it fails visibly."""
    phones = _with_phone(users) if template and template.sms else set()
    mails: set[str] = set()
    for user in users:
        yield user, "inapp"
        if template and user.email and user.email.lower() not in mails:
            mails.add(user.email.lower())
            yield user, "email"
        if user.person_id in phones:
            phones.discard(user.person_id)
            yield user, "sms"


def _with_phone(users: list[User]) -> set[int]:
    """The persons among them whose phone is known."""
    read = [user.person for user in users if "person" in user._state.fields_cache and user.person is not None]
    found = {person.pk for person in read if person.phone_hash}
    people = {user.person_id for user in users if user.person_id} - {person.pk for person in read}
    if not people:
        return found
    known = Person.objects.filter(pk__in=people).exclude(phone_hash="")
    return found | set(known.values_list("pk", flat=True))


def _row(
    case: Case | None, event: Event, template: str, user: User, channel: str, params: Mapping[str, Any], now: datetime
) -> Message:
    own = dict(params)
    if case is not None and user.person_id != case.applicant_id:
        own |= {"for_other": True}
        own.pop("salutation", None)
    row = Message(
        case=case, event=event, template=template, recipient=user, channel=channel, params=own, next_try=now,
        created_at=now,
    )
    if channel == "inapp":
        _show(row, now)
    return row


def _show(row: Message, now: datetime) -> None:
    """A message in the app is delivered by being there. One without words is dead from the start, for a person to
    see."""
    try:
        templates.compose(row.template, row.params, row.recipient.language)
    except templates.Unwritable as error:
        row.state, row.trouble = "dead", f"TEMPLATE {error}"[:TROUBLE_MOST]
    else:
        row.state, row.sent_at = "sent", now


def wake(event: int, template: str) -> None:
    """Tell the workers of an event's messages. When that is not possible, the sweep finds the rows."""
    from casework.notifications.tasks import deliver_message

    due = Message.objects.filter(event_id=event, template=template, state="due").values_list("pk", flat=True)
    try:
        for message in due:
            deliver_message.apply_async((message,), retry=False)
    except Exception:  # whatever ails the broker: the rows are there, the sweep comes by
        logger.warning("event %s: no worker was told of its messages; the sweep sends them", event, exc_info=True)
