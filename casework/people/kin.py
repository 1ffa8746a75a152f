"""Who is related to whom, for recusal (domain §1; promise R5)."""
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from casework.audit import record
from casework.people.models import HouseholdMember, Kinship, Person
from casework.people.persons import id_hash


def related_ids(person_ids: Collection[int]) -> set[int]:
    """These persons, everyone who lives or ever lived in one household with them, and relatives declared by either
    side. Three queries whatever the number.

    A tie of the household outlasts it: moving a relative to another household on paper must not open his case.
    """
    mine = set(person_ids)
    if not mine:
        return set()
    households = HouseholdMember.objects.filter(person_id__in=mine).values("household_id")
    found = set(HouseholdMember.objects.filter(household_id__in=households).values_list("person_id", flat=True))
    hashes = Person.objects.filter(pk__in=mine, id_hash__isnull=False).values("id_hash")
    found |= set(Kinship.objects.filter(relative_id_hash__in=hashes).values_list("person_id", flat=True))
    declared = Kinship.objects.filter(person_id__in=mine).values("relative_id_hash")
    found |= set(Person.objects.filter(id_hash__in=declared).values_list("pk", flat=True))
    return found | mine


def declare(person: Person, relative_id_no: str, relation: str, by: Mapping[str, Any], now: datetime) -> Kinship:
    """Declare a relative by ID number; he need not be known here yet. The event names no number."""
    with transaction.atomic():
        row = Kinship.objects.create(person=person, relative_id_hash=id_hash(relative_id_no), relation=relation)
        record.record("person", str(person.public_id), "kinship", by, {"relation": relation}, now)
    return row
