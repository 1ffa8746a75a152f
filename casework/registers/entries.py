"""Entries of any register: memberships, certificates, cover … in force on a day, and making one from a case."""
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from casework.cases.models import Case
from casework.cases.numbers import next_number
from casework.core.calendar import local_date
from casework.registers.models import Entry


def in_force(kind: str, day: date) -> QuerySet[Entry]:
    """Entries of a register that count on a day; the last day is inclusive."""
    return Entry.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), kind=kind, valid_from__lte=day)


def of_person(kind: str, person_id: int, day: date) -> Entry | None:
    """The entry of one person that counts on a day, the newest if there are several."""
    rows = in_force(kind, day).filter(person_id=person_id).select_related("organisation")
    return rows.order_by("-valid_from", "-id").first()


def of_organisation(kind: str, organisation_id: int, day: date) -> Entry | None:
    """The entry of a union that counts on a day, such as its certificate."""
    rows = in_force(kind, day).filter(organisation_id=organisation_id)
    return rows.order_by("-valid_from", "-id").first()


def enter(
    case: Case, kind: str, now: datetime, *, years: int | None = None, data: dict[str, Any] | None = None,
    valid_from: date | None = None, valid_to: date | None = None,
) -> Entry:
    """Make the entry that a case ends in. years: how long it counts, to the day before its anniversary; None = to
    valid_to, or without end. data: never personal; what identifies a person stands with the person."""
    today = local_date(now)
    first = valid_from or today
    return Entry.objects.create(
        kind=kind, number=next_number(f"{kind}_entry", case.organisation.region, today), person=case.applicant,
        household=None, organisation=case.organisation, source_case=case, valid_from=first,
        valid_to=_last_day(first, years) if years is not None else valid_to, data=data or {},
    )


def end(entry: Entry, day: date) -> None:
    """An entry is moved elsewhere: it counts to the day before, at least for the day it was made."""
    entry.valid_to = max(entry.valid_from, day - timedelta(days=1))
    entry.save(update_fields=["valid_to"])


def of_plan(kind: str, person_id: int, plan: str, first: date, day: date) -> Entry | None:
    """The entry of a plan that a person holds from its first day on, as long as it counts beyond another day; it is
    locked."""
    rows = Entry.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), kind=kind, data__plan=plan)
    return rows.select_for_update().filter(person_id=person_id, valid_from=first).order_by("-id").first()


def end_with(entry: Entry, day: date) -> None:
    """What an entry was for is done: it counts for this day still, and no longer."""
    entry.valid_to = day
    entry.save(update_fields=["valid_to"])


def _last_day(first: date, years: int) -> date:
    """The day before the anniversary; of 29 February in a common year, the 28th."""
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:
        return date(first.year + years, 2, 28)
    return date.fromordinal(anniversary.toordinal() - 1)


def ending_between(kind: str, first: date, last: date) -> QuerySet[Entry]:
    """Entries whose last day lies between two days, both inclusive: for reminders of renewal."""
    return Entry.objects.filter(kind=kind, valid_to__range=(first, last)).order_by("valid_to", "id")
