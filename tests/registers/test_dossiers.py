"""Hardship dossiers: in force for the whole household, checked every year, one for each household."""
import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from casework.cases.models import Case
from casework.people import persons
from casework.people.households import household_of, set_household
from casework.people.models import Person
from casework.registers import dossiers
from casework.registers.models import Entry
from tests.office import Office, id_number
from tests.walk import dossier_case

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def office(db: None, moment: dt.datetime) -> Office:
    """The federation."""
    return Office(moment)


@pytest.fixture
def case(office: Office) -> Case:
    """A worker's application, with his wife and a child."""
    return dossier_case(office, members=2)


def enter(office: Office, case: Case) -> Entry:
    """Enter the dossier of the case."""
    with transaction.atomic():
        return dossiers.enter(office.fresh(case), office.now, "61000000001")


def family(case: Case) -> list[Person]:
    """The applicant and his co-living members."""
    return [case.applicant, *(party.person for party in case.parties.order_by("id"))]


def test_a_dossier_is_in_force_for_everyone_who_lives_there(office: Office, case: Case, today: dt.date) -> None:
    entry = enter(office, case)
    assert len(family(case)) == 3
    for person in family(case):
        assert dossiers.in_force(person.pk, today) == entry
        assert dossiers.any_in_force([person.pk]) == entry
        assert household_of(person) == entry.household
    stranger = office.users["reviewer"].person_id
    assert stranger is not None
    assert dossiers.in_force(stranger, today) is None and dossiers.any_in_force([stranger]) is None
    assert dossiers.any_in_force([stranger, case.applicant_id]) == entry
    assert dossiers.any_in_force([]) is None


def test_it_begins_on_its_day_and_ends_when_it_is_ended(office: Office, case: Case, today: dt.date) -> None:
    entry = enter(office, case)
    assert dossiers.in_force(case.applicant_id, today - DAY) is None
    assert dossiers.in_force(case.applicant_id, today + 400 * DAY) == entry
    Entry.objects.filter(pk=entry.pk).update(valid_to=today)
    assert dossiers.in_force(case.applicant_id, today) is None
    assert dossiers.any_in_force([case.applicant_id]) is None


def test_who_moved_out_has_no_part_in_it(office: Office, case: Case, today: dt.date) -> None:
    entry = enter(office, case)
    _worker, _wife, child = family(case)
    set_household(child, [], today)
    assert dossiers.in_force(child.pk, today) is None
    assert dossiers.in_force(case.applicant_id, today) == entry


def test_what_the_entry_holds(office: Office, case: Case, today: dt.date) -> None:
    Case.objects.filter(pk=case.pk).update(category="deep", facts={"pc_fen": 583_33})
    entry = enter(office, case)
    assert entry.data == {"category": "deep", "pc_fen": 583_33, "national_no": "61000000001"}
    assert (entry.person, entry.source_case, entry.organisation) == (case.applicant, case, case.organisation)
    assert entry.number == "DF611002-2026-000001"
    assert (entry.valid_from, entry.valid_to, entry.verified_until) == (today, None, dt.date(2027, 12, 31))


def test_the_yearly_check(office: Office, case: Case) -> None:
    """A dossier of this year counts as checked until the end of the next one; without the check aid is blocked."""
    entry = enter(office, case)
    last = dt.date(2027, 12, 31)
    assert dossiers.is_verified(entry, last) and not dossiers.is_verified(entry, last + DAY)
    assert dossiers.unverified(last) == [] and dossiers.unverified(last + DAY) == [entry]
    entry.verified_until = None
    assert dossiers.is_verified(entry, last + 3650 * DAY)


def test_overdue_checks_are_listed_oldest_first_and_only_of_dossiers_in_force(office: Office, case: Case) -> None:
    late = enter(office, case)
    other_case = dossier_case(office, "worker_2", members=0)
    later = enter(office, other_case)
    Entry.objects.filter(pk=later.pk).update(verified_until=dt.date(2025, 12, 31))
    day = dt.date(2028, 1, 1)
    assert dossiers.unverified(day) == [later, late]
    Entry.objects.filter(pk=later.pk).update(valid_to=day)
    assert dossiers.unverified(day) == [late]


def test_one_household_one_dossier(office: Office, case: Case) -> None:
    entry = enter(office, case)
    with pytest.raises(IntegrityError), transaction.atomic():
        enter(office, case)
    Entry.objects.filter(pk=entry.pk).update(valid_to=office.now.date())
    again = enter(office, case)
    assert again.household == entry.household and again.number != entry.number


def test_who_came_to_live_there_belongs_to_the_household_of_the_dossier(office: Office, case: Case) -> None:
    """The household as the application declares it, not as it was years ago: else the new member could have a
    dossier of his own."""
    worker, wife, child = family(case)
    before = set_household(worker, [(wife, "spouse")], dt.date(2020, 1, 1))
    entry = enter(office, case)
    assert household_of(child) == entry.household == household_of(worker) == household_of(wife)
    assert entry.household != before
    assert dossiers.any_in_force([child.pk]) == entry


def test_a_household_that_is_as_declared_is_kept(office: Office, case: Case) -> None:
    worker, wife, child = family(case)
    before = set_household(wife, [(worker, "spouse"), (child, "child")], dt.date(2020, 1, 1))
    assert enter(office, case).household == before
    assert before.members.filter(valid_to__isnull=True).count() == 3


def test_another_register_is_no_dossier(office: Office, case: Case, today: dt.date) -> None:
    entry = enter(office, case)
    Entry.objects.filter(pk=entry.pk).update(kind="membership")
    assert dossiers.in_force(case.applicant_id, today) is None and dossiers.unverified(today + 999 * DAY) == []
    assert dossiers.any_in_force([case.applicant_id]) is None


def test_a_person_without_a_household_has_none(office: Office, today: dt.date) -> None:
    person = persons.find_or_make(id_number(77), "孤某", now=office.now)
    assert dossiers.in_force(person.pk, today) is None
