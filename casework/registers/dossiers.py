"""Hardship dossiers: one household, one dossier, re-verified every year (domain §4.6, §4.7)."""
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from casework.cases.models import Case
from casework.cases.numbers import next_number
from casework.core.calendar import local_date
from casework.core.compiled import Compiled
from casework.people.households import household_of, set_household
from casework.people.models import Household
from casework.registers import entries
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


def any_in_force(person_ids: Collection[int], but: int | None = None) -> Entry | None:
    """A dossier in force of any of these persons. but: the one that is known already."""
    rows = Entry.objects.filter(
        kind=KIND, valid_to__isnull=True, household__members__person_id__in=person_ids,
        household__members__valid_to__isnull=True,
    )
    if but is not None:
        rows = rows.exclude(pk=but)
    return rows.order_by("id").first()


def enter(case: Case, now: datetime, national_no: str = "") -> Entry:
    """Form the household of the case and enter it. A dossier of this year is checked again before the end of the
    next one."""
    today = local_date(now)
    household = _household(case, today)
    return Entry.objects.create(
        kind=KIND, number=next_number("dossier_file", case.organisation.region, today), person=case.applicant,
        household=household, organisation=case.organisation, source_case=case, valid_from=today,
        verified_until=_checked_until(today),
        data={"category": case.category, "pc_fen": case.facts.get("pc_fen"), "national_no": national_no},
    )


def _checked_until(today: date) -> date:
    """What is checked this year is to be checked again before the end of the next one."""
    return date(today.year + 1, 12, 31)


def _household(case: Case, today: date, *, exactly: bool = False) -> Household:
    """The household as the case declares it: the one the applicant lives in when everyone declared lives there too.
    exactly: and nobody else, for somebody may have left."""
    members = [(party.person, party.relation) for party in case.parties.select_related("person")]
    household = household_of(case.applicant)
    if household is not None:
        living = set(household.members.filter(valid_to__isnull=True).values_list("person_id", flat=True))
        declared = {case.applicant_id, *(person.pk for person, _relation in members)}
        if declared == living if exactly else declared - {case.applicant_id} <= living:
            return household
    return set_household(case.applicant, members, today)


def is_due(entry: Entry, day: date) -> bool:
    """May the yearly check be made? Once a year: what was entered or checked this year is not due before the next."""
    return entry.verified_until is None or entry.verified_until.year <= day.year


def renew(entry: Entry, case: Case, now: datetime) -> Entry:
    """The yearly check has found the household anew: its members, its category and where it belongs are those of the
    case. Returns the entry as it stands now. Call in a transaction."""
    today = local_date(now)
    fresh = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    fresh.household = _household(case, today, exactly=True)
    fresh.organisation, fresh.verified_until = case.organisation, _checked_until(today)
    fresh.data = {**fresh.data, "category": case.category, "pc_fen": case.facts.get("pc_fen")}
    fresh.save(update_fields=["household", "organisation", "verified_until", "data"])
    return fresh


def end(entry: Entry, day: date) -> Entry | None:
    """The household has no dossier from this day on. Returns the entry as it stands now, None where it had ended
    before. Call in a transaction."""
    fresh = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if fresh.valid_to is not None:
        return None
    entries.end(fresh, day)
    return fresh


def restore(entry: Entry) -> Entry:
    """The decision that ended it was taken back: it counts as if it had never ended. Returns it as it stands now. Call
    in a transaction."""
    fresh = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    fresh.valid_to = None
    fresh.save(update_fields=["valid_to"])
    return fresh


def _asked_up_to(day: date, first: tuple[int, int]) -> date:
    """first: (month, day) from which the check is asked for in the year of its last day; what is overdue, always."""
    return date(day.year, 12, 31) if (day.month, day.day) >= first else day - timedelta(days=1)


def is_asked(entry: Entry, day: date, first: tuple[int, int]) -> bool:
    """Is the yearly check of this dossier to be made now?"""
    return entry.verified_until is not None and entry.verified_until <= _asked_up_to(day, first)


def asked(day: date, first: tuple[int, int]) -> QuerySet[Entry]:
    """Dossiers whose yearly check is to be made now, the most urgent first."""
    rows = Entry.objects.filter(kind=KIND, valid_to__isnull=True, verified_until__lte=_asked_up_to(day, first))
    return rows.select_related("organisation", "source_case").order_by("verified_until", "id")


def unverified(day: date, after: Entry | None = None) -> list[Entry]:
    """Dossiers whose yearly check is overdue, oldest first, one chunk of them; after: the last one seen."""
    rows = Entry.objects.filter(kind=KIND, valid_to__isnull=True, verified_until__lt=day)
    if after is not None:
        since = after.verified_until
        rows = rows.filter(Q(verified_until__gt=since) | Q(verified_until=since, pk__gt=after.pk))
    return list(rows.select_related("organisation", "source_case").order_by("verified_until", "id")[:CHUNK])
