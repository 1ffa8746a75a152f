"""Ciphertexts: each stands under its own person's key, at its own place, and gives the value its keyed hash was taken
of (promise A3 kind 20). What was lawfully erased cannot be read, and is passed over."""
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.core.exceptions import ObjectDoesNotExist

from casework.audit.findings import Finding
from casework.cases import answers
from casework.cases.models import Answers
from casework.core.crypto import Undecipherable
from casework.people import persons
from casework.people.models import BankAccount, Person

CHUNK = 500


def check_persons() -> Iterator[Finding]:
    """The ID number and phone of each person."""
    for person in Person.objects.select_related("key").order_by("pk").iterator(chunk_size=CHUNK):
        if not _erased(person) and not _true(partial(_person_fits, person)):
            yield Finding("cipher_foreign", "people_person", f"person {person.public_id}", "not his own, or changed")


def check_accounts() -> Iterator[Finding]:
    """The card number of each account."""
    rows = BankAccount.objects.select_related("person__key").order_by("pk")
    for account in rows.iterator(chunk_size=CHUNK):
        if not _erased(account.person) and not _true(partial(_account_fits, account)):
            row = f"account {account.public_id}"
            yield Finding("cipher_foreign", "people_bankaccount", row, "not its own card number, or changed")


def check_answers() -> Iterator[Finding]:
    """The sealed part of every form."""
    rows = Answers.objects.select_related("case__applicant__key").exclude(sealed=b"").order_by("pk")
    yield from sealed_of(rows.iterator(chunk_size=CHUNK))


def sealed_of(revisions: Iterable[Answers]) -> Iterator[Finding]:
    """Each sealed part is the applicant's, for this case and form: so the case is still of the same applicant."""
    for revision in revisions:
        applicant = revision.case.applicant
        if revision.sealed and not _erased(applicant) and not _true(partial(answers.unseal, revision)):
            where = f"case {revision.case.public_id} is of another applicant, or they were changed"
            yield Finding("cipher_foreign", "cases_answers", f"answers {revision.pk}", where)


def _person_fits(person: Person) -> bool:
    number, phone = persons.plain_for_system(person, "id_no"), persons.plain_for_system(person, "phone")
    hashes = persons.id_hash(number) if number else None, persons.phone_hash(phone)
    return hashes == (person.id_hash or None, person.phone_hash)


def _account_fits(account: BankAccount) -> bool:
    number = persons.plain_card(account)
    return (persons.card_hash(number), number[-4:]) == (account.card_hash, account.last4)


def _erased(person: Person) -> bool:
    """Was the key destroyed by lawful erasure? A key that is merely gone is a finding."""
    try:
        return person.key.destroyed_at is not None
    except ObjectDoesNotExist:
        return False


def _true(question: Callable[[], object]) -> bool:
    try:
        return bool(question())
    except (Undecipherable, ObjectDoesNotExist, UnicodeDecodeError):
        return False
