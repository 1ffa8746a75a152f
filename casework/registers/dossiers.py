"""Hardship dossiers: one household, one dossier, re-verified every year (domain §4.6, §4.7)."""
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet

from casework.cases.models import Case
from casework.cases.numbers import next_number
from casework.core.calendar import local_date
from casework.core.compiled import Compiled
from casework.people.households import household_of, set_household
from casework.people.models import Household
from casework.registers.models import Entry

KIND = "hardship_dossier"
CHUNK = 500


def _in_force(person_id: int, day: date) -> "QuerySet[Entry]":
    rows = Entry.objects.select_related("household", "organisation").filter(
        kind=KIND, household__members__person_id=person_id, household__members__valid_to__isnull=True,
        valid_from__lte=day, valid_to__isnull=True,
    )
    return rows.order_by("id")[:1]


_IN_FORCE = Compiled(_in_force, -10_000_000_001, date(1, 2, 3))


def in_force(person_id: int, day: date) -> Entry | None:
    """The dossier in force of the household this person lives in."""
    return _IN_FORCE.first(person_id, day)


def is_verified(entry: Entry, day: date) -> bool:
    """Has the yearly check been done in time? Without it aid is blocked (domain §5.9 no. 13)."""
    return entry.verified_until is None or day <= entry.verified_until


def any_in_force(person_ids: Collection[int]) -> Entry | None:
    """A dossier in force of any of these persons."""
    return (
        Entry.objects.filter(
            kind=KIND, valid_to__isnull=True, household__members__person_id__in=person_ids,
            household__members__valid_to__isnull=True,
        )
        .order_by("id")
        .first()
    )


def enter(case: Case, now: datetime, national_no: str = "") -> Entry:
    """Form the household of the case and enter it. A dossier of this year is checked again before the end of the
    next one."""
    today = local_date(now)
    household = _household(case, today)
    return Entry.objects.create(
        kind=KIND, number=next_number("dossier_file", case.organisation.region, today), person=case.applicant,
        household=household, organisation=case.organisation, source_case=case, valid_from=today,
        verified_until=date(today.year + 1, 12, 31),
        data={"category": case.category, "pc_fen": case.facts.get("pc_fen"), "national_no": national_no},
    )


def _household(case: Case, today: date) -> Household:
    """The household as the case declares it: the one the applicant lives in when everyone declared lives there too."""
    members = [(party.person, party.relation) for party in case.parties.select_related("person")]
    household = household_of(case.applicant)
    if household is not None:
        living = set(household.members.filter(valid_to__isnull=True).values_list("person_id", flat=True))
        if {person.pk for person, _relation in members} <= living:
            return household
    return set_household(case.applicant, members, today)


def unverified(day: date, after: Entry | None = None) -> list[Entry]:
    """Dossiers whose yearly check is overdue, oldest first, one chunk of them; after: the last one seen."""
    rows = Entry.objects.filter(kind=KIND, valid_to__isnull=True, verified_until__lt=day)
    if after is not None:
        since = after.verified_until
        rows = rows.filter(Q(verified_until__gt=since) | Q(verified_until=since, pk__gt=after.pk))
    return list(rows.select_related("organisation", "source_case").order_by("verified_until", "id")[:CHUNK])
