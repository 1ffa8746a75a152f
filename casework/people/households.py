"""Households: people who live together and share income."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from casework.people.models import Household, HouseholdMember, Person, Relation


def household_of(person: Person) -> Household | None:
    """The household the person lives in now."""
    row = HouseholdMember.objects.select_related("household").filter(person=person, valid_to__isnull=True).first()
    return row.household if row else None


def set_household(head: Person, members: Iterable[tuple[Person, str]], today: date) -> Household:
    """Form a household of a head and its members; whoever lived in another one leaves it today."""
    people = {head.pk: (head, Relation.SELF.value)} | {
        person.pk: (person, relation) for person, relation in members if person.pk != head.pk
    }
    with transaction.atomic():
        HouseholdMember.objects.filter(person_id__in=people, valid_to__isnull=True).update(valid_to=today)
        household = Household.objects.create(head=head)
        HouseholdMember.objects.bulk_create(
            [
                HouseholdMember(household=household, person=person, relation=relation, valid_from=today)
                for person, relation in people.values()
            ]
        )
    return household
