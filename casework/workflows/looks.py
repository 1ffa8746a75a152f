"""What the checks of a programme may look up: entries of the applicant, his household, people of a roster."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from casework.cases.models import Case
from casework.people.models import HouseholdMember, Person
from casework.people.persons import id_hash
from casework.programmes.checks import Held
from casework.registers import dossiers, entries
from casework.registers.models import Entry


class CaseLook:
    """Look-ups for one case on one day; see programmes.checks.Look."""

    def __init__(self, case: Case, day: date) -> None:
        self.case, self.day = case, day

    def held(self, register: str, id_no: str = "") -> tuple[Held, ...]:
        """The entries of a register of the person of this number, of the applicant where none is given."""
        who = {"person__id_hash": id_hash(id_no)} if id_no else {"person_id": self.case.applicant_id}
        rows = Entry.objects.filter(kind=register, **who).order_by("valid_from", "id")
        return tuple(Held(row.valid_from, row.valid_to, row.data) for row in rows)

    def lives_with(self, id_no: str) -> bool:
        """Does the person of this number live in the applicant's household, or is it the applicant himself?"""
        person = Person.objects.filter(id_hash=id_hash(id_no)).first() if id_no else None
        if person is None:
            return False
        mine = HouseholdMember.objects.filter(person_id=self.case.applicant_id, valid_to__isnull=True)
        members = HouseholdMember.objects.filter(household_id__in=mine.values("household_id"), valid_to__isnull=True)
        return person.pk == self.case.applicant_id or members.filter(person=person).exists()

    def standing(self, register: str, id_nos: Collection[str]) -> int:
        """How many of these persons stand in a register today, by themselves or with their household."""
        hashes = [id_hash(id_no) for id_no in id_nos]
        people = Person.objects.filter(id_hash__in=hashes)
        rows = entries.in_force(register, self.day)
        if register == dossiers.KIND:
            living = Q(memberships__valid_to__isnull=True, memberships__household__entries__in=rows)
            return people.filter(living).distinct().count()
        return people.filter(entries__in=rows).distinct().count()
