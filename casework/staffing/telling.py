"""The words and dates that every change of rights has in common, and telling whom it concerns."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from casework.access.models import Role, User
from casework.audit.models import Event
from casework.core.calendar import local_date, start_of
from casework.core.masks import find_private
from casework.core.problems import Problem, Refused
from casework.notifications import outbox
from casework.organisations.models import Organisation

REASON_LEAST, REASON_MOST = 2, 200


def reason_of(text: str) -> tuple[str, list[Problem]]:
    """Why it is done: printable, short, without numbers of persons, for it stays in the event log."""
    words = "".join(sign for sign in text if sign.isprintable()).strip()[:REASON_MOST]
    if len(words) < REASON_LEAST:
        return words, [Problem("REASON_MISSING", _("Say why it is done."), place="reason")]
    if find_private(words):
        return words, [Problem("PRIVATE_DATA", _("This text holds an ID, phone or card number."), place="reason",
                               mend=_("Take the number out."))]
    return words, []


def begins(day: date | None, now: datetime) -> tuple[datetime, list[Problem]]:
    """The moment a right begins: now for today, else the first moment of its day."""
    today = local_date(now)
    if day is None:
        return now, [Problem("FROM_MISSING", _("Say from which day."), place="valid_from")]
    if day < today:
        return now, [Problem("FROM_PAST", _("No right begins on a day that has passed."), place="valid_from",
                             mend=_("Give today or a later day."))]
    return (now if day == today else start_of(day)), []


def ends(day: date | None, start: datetime) -> tuple[datetime | None, list[Problem]]:
    """The moment a right ends: 24:00 of its last day; None without one."""
    if day is None:
        return None, []
    end = start_of(day + timedelta(days=1))
    if end <= start:
        return end, [Problem("TO_BEFORE_FROM", _("The last day lies before the first."), place="valid_to")]
    return end, []


def refuse(problems: list[Problem], status: int = 422) -> None:
    """Raise Refused if anything is wrong."""
    if problems:
        raise Refused(problems, status)


def role_words(role: str) -> dict[str, str]:
    """A role in both languages."""
    words = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            words[key] = str(Role(role).label)
    return words


def last_day(moment: datetime | None) -> str:
    """The last day of a right as a message has it; "" for an open one."""
    return local_date(moment - timedelta(microseconds=1)).isoformat() if moment else ""


def tell(
    event: Event, template: str, users: Iterable[User], organisation: Organisation | None, now: datetime,
    **params: Any,
) -> None:
    """Tell people of a change of their rights, in the transaction of its event."""
    said: dict[str, Any] = {key: value for key, value in params.items() if value}
    if organisation is not None:
        said |= {"place": {"zh": organisation.name, "en": organisation.name_en or organisation.name}}
    outbox.tell(None, event, template, users, said, now)


def facts_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, from what to what."""
    return {
        "changes": {
            key: {"before": before[key], "after": value} for key, value in after.items() if before[key] != value
        }
    }
