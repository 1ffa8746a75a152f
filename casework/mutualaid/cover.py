"""Entering cover: one entry a person, plan and period."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from casework.audit import record
from casework.cases.numbers import next_number
from casework.core.calendar import local_date
from casework.core.imprint import imprint, name_of
from casework.organisations.models import Organisation
from casework.people.models import Person
from casework.registers import entries
from casework.registers.models import Entry

KIND = "cover"
HOSPITAL, CRITICAL = "hospital", "critical"


def give(
    person: Person, union: Organisation, first: date, last: date, stamp: Mapping[str, Any], now: datetime, *,
    plan: str = HOSPITAL, shares: int = 1,
) -> Entry:
    """Enter a person's cover of a plan, first and last day inclusive; the same again returns the entry that is there.
    Its money must have arrived before (domain §5.1). Raises ValueError for a period that ends before it begins."""
    if last < first:
        raise ValueError("a cover ends on or after its first day")
    with transaction.atomic():
        held = Entry.objects.filter(kind=KIND, person=person, data__plan=plan)
        same = held.filter(valid_from=first, valid_to=last).first()
        if same is not None:
            return same
        data: dict[str, Any] = {"plan": plan, "new": not held.exists()}
        if shares > 1:
            data["shares"] = shares
        entry = Entry.objects.create(
            kind=KIND, number=next_number("cover_entry", union.region, local_date(now)), person=person,
            organisation=union, valid_from=first, valid_to=last, data=data,
        )
        told = {**data, "number": entry.number, "from": first, "to": last, "union": str(union.public_id)}
        told["imprints"] = {name_of(entry): imprint(entry)}
        record.record("cover", str(entry.public_id), "enter", stamp, told, now)
    return entry


def of(person: Person, day: date) -> Entry | None:
    """The cover of a person that counts on a day."""
    return entries.of_person(KIND, person.pk, day)
