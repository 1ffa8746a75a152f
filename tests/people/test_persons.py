"""Persons: one for each ID number, encrypted under a key of their own, shown masked, revealed only with a reason."""
import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from casework.audit.models import Event
from casework.core import crypto
from casework.core.crypto import Undecipherable
from casework.core.problems import Refused
from casework.people import persons
from casework.people.models import BankAccount, Person, PersonKey
from tests.office import id_number
from tests.papers.conftest import STAMP

pytestmark = pytest.mark.django_db
NUMBER, MOBILE, CARD = "610825198001010018", "13900001234", "6217980000000000016"


@pytest.fixture
def worker(db: None, moment: dt.datetime) -> Person:
    """A worker with ID number and phone."""
    return persons.find_or_make(NUMBER, "李建国", MOBILE, now=moment)


@pytest.fixture
def account(worker: Person, moment: dt.datetime) -> BankAccount:
    """His card."""
    return persons.add_account(worker, "李建国", CARD, "中国工商银行", "商州支行", moment)


def looks() -> list[dict[str, Any]]:
    """What the access log holds, oldest first."""
    return [
        {"who": row.actor["name"], "whose": row.subject_id, **row.data}
        for row in Event.objects.filter(subject_kind="access", action="reveal").order_by("id")
    ]


# One person for each number.

def test_the_same_number_is_the_same_person(worker: Person, moment: dt.datetime) -> None:
    again = persons.find_or_make(NUMBER, "李建国", MOBILE, now=moment)
    assert again.pk == worker.pk and persons.find(NUMBER) == worker
    assert Person.objects.count() == PersonKey.objects.count() == 1


def test_a_small_x_is_no_other_number(moment: dt.datetime) -> None:
    number = next(found for found in map(id_number, range(300)) if found.endswith("X"))
    first = persons.find_or_make(number, "王秀英", now=moment)
    assert persons.find_or_make(number.lower(), "王秀英", now=moment) == first
    assert persons.plain_for_system(first, "id_no") == number


def test_what_is_known_of_a_person_is_not_changed_by_the_way(worker: Person, moment: dt.datetime) -> None:
    again = persons.find_or_make(NUMBER, "李建明", "13900009999", now=moment)
    kept = Person.objects.get(pk=again.pk)
    assert (kept.name, persons.plain_for_system(kept, "phone")) == ("李建国", MOBILE)
    assert bytes(kept.id_cipher) == bytes(worker.id_cipher) and kept.phone_hash == persons.phone_hash(MOBILE)


def test_other_numbers_are_other_persons_whatever_the_name(worker: Person, moment: dt.datetime) -> None:
    other = persons.find_or_make(id_number(2), "李建国", MOBILE, now=moment)
    assert other.pk != worker.pk
    assert other.phone_hash == worker.phone_hash and bytes(other.phone_cipher) != bytes(worker.phone_cipher)


def test_who_comes_second_gets_the_person_of_who_came_first(
    worker: Person, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either had written: the unique hash decides, and nothing of the second remains."""
    answers = iter([None, worker])
    monkeypatch.setattr(persons, "find", lambda _number: next(answers))
    assert persons.find_or_make(NUMBER, "李建国", now=moment) == worker
    assert Person.objects.count() == PersonKey.objects.count() == 1


def test_another_fault_of_the_database_is_not_hidden(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_values: Any) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(PersonKey.objects, "create", broken)
    with pytest.raises(IntegrityError, match="something else"):
        persons.find_or_make(NUMBER, "李建国", now=moment)
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_person(moment: dt.datetime) -> None:
    found: list[Any] = []
    gate = threading.Barrier(8)

    def make() -> None:
        gate.wait()
        try:
            found.append(persons.find_or_make(NUMBER, "李建国", MOBILE, now=moment).pk)
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Person.objects.get().pk] * 8
    assert persons.plain_for_system(Person.objects.get(), "id_no") == NUMBER


def test_names_are_sorted_by_their_sound(worker: Person) -> None:
    assert worker.name_pinyin == "li jian guo"
    assert persons.pinyin_of("买买提·艾力").startswith("mai mai ti")
    assert len(persons.pinyin_of("李" * 100)) <= 200
    assert persons.pinyin_of("张𠮷")


# Encrypted.

def test_nothing_is_stored_in_clear(worker: Person, account: BankAccount) -> None:
    tables = ("people_person", "people_personkey", "people_bankaccount")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            stored = b"|".join(
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in cursor.fetchall() for value in row
            )
            for secret in (NUMBER, MOBILE, CARD, NUMBER[6:14]):
                assert secret.encode() not in stored, f"{secret} stands in {table}"
    assert persons.plain_for_system(worker, "id_no") == NUMBER
    assert persons.plain_for_system(worker, "phone") == MOBILE
    assert (persons.plain_card(account), account.last4) == (CARD, "0016")


def test_a_field_that_is_not_kept_here_is_not_answered_with_another(worker: Person) -> None:
    for field in ("card_no", "name", "", "ID_NO"):
        with pytest.raises(Undecipherable):
            persons.plain_for_system(worker, field)


def test_without_a_phone_there_is_none(moment: dt.datetime) -> None:
    person = persons.find_or_make(NUMBER, "李建国", now=moment)
    assert (persons.plain_for_system(person, "phone"), persons.masked_phone(person), person.phone_hash) == ("", "", "")


def test_what_stands_with_the_wrong_person_or_field_is_refused(worker: Person, moment: dt.datetime) -> None:
    other = persons.find_or_make(id_number(2), "王秀英", "13900005678", now=moment)
    mine, his = worker.id_cipher, other.id_cipher
    worker.id_cipher, other.id_cipher = his, mine
    for person in (worker, other):
        with pytest.raises(Undecipherable):
            persons.plain_for_system(person, "id_no")
    worker.id_cipher = worker.phone_cipher
    with pytest.raises(Undecipherable):
        persons.plain_for_system(worker, "id_no")


def test_swapped_data_keys_are_refused(worker: Person, moment: dt.datetime) -> None:
    other = persons.find_or_make(id_number(2), "王秀英", now=moment)
    mine, his = bytes(worker.key.wrapped), bytes(other.key.wrapped)
    PersonKey.objects.filter(person=worker).update(wrapped=his)
    PersonKey.objects.filter(person=other).update(wrapped=mine)
    for person in Person.objects.all():
        with pytest.raises(Undecipherable):
            persons.plain_for_system(person, "id_no")


def test_a_card_moved_to_another_account_is_refused(account: BankAccount, worker: Person, moment: dt.datetime) -> None:
    other = persons.add_account(worker, "李建国", "6222021234567890128", "中国工商银行", "", moment)
    other.card_cipher = account.card_cipher
    with pytest.raises(Undecipherable):
        persons.plain_card(other)


def test_after_the_key_was_destroyed_nothing_can_be_read(worker: Person, account: BankAccount) -> None:
    PersonKey.objects.filter(person=worker).update(wrapped=b"")
    worker = Person.objects.get(pk=worker.pk)
    account = BankAccount.objects.get(pk=account.pk)
    for read in (lambda: persons.plain_for_system(worker, "id_no"), lambda: persons.plain_card(account)):
        with pytest.raises(Undecipherable):
            read()
    assert not persons.id_ending_matches(worker, NUMBER[-6:])


def test_each_person_has_a_key_of_his_own(worker: Person, moment: dt.datetime) -> None:
    other = persons.find_or_make(id_number(2), "王秀英", now=moment)
    cipher = persons.encrypt_for(worker, b"diagnosis", "case:1")
    assert persons.decrypt_for(worker, cipher, "case:1") == b"diagnosis"
    for person, context in ((other, "case:1"), (worker, "case:2")):
        with pytest.raises(Undecipherable):
            persons.decrypt_for(person, cipher, context)
    assert worker.key.ring_key == crypto.ring().current


# Masked, and revealed with a reason.

def test_lists_show_masks(worker: Person) -> None:
    assert persons.masked_id(worker) == "610825********0018"
    assert persons.masked_phone(worker) == "139****1234"
    assert looks() == []


@pytest.mark.promise("A2")
@pytest.mark.parametrize(("field", "value"), [("id_no", NUMBER), ("phone", MOBILE)])
def test_a_full_value_needs_a_reason_and_leaves_an_event(
    worker: Person, moment: dt.datetime, field: str, value: str
) -> None:
    assert persons.reveal(worker, field, STAMP, "  核对身份证原件  ", moment) == value
    assert looks() == [
        {"who": "test", "whose": str(worker.public_id), "field": field, "reason": "核对身份证原件"}
    ]


@pytest.mark.promise("A2")
@pytest.mark.parametrize("reason", ["", "    ", "核对", "a" * 4, " 核 对 "])
def test_without_a_reason_there_is_neither_value_nor_event(
    worker: Person, account: BankAccount, moment: dt.datetime, reason: str
) -> None:
    for look in (
        lambda: persons.reveal(worker, "id_no", STAMP, reason, moment),
        lambda: persons.reveal_card(account, STAMP, reason, moment),
    ):
        with pytest.raises(Refused) as caught:
            look()
        assert [(problem.code, problem.place) for problem in caught.value.problems] == [("REASON", "reason")]
    assert looks() == []


@pytest.mark.promise("A2")
def test_the_card_is_revealed_the_same_way(worker: Person, account: BankAccount, moment: dt.datetime) -> None:
    assert persons.reveal_card(account, STAMP, "银行退回后核对", moment) == CARD
    assert looks() == [{
        "who": "test", "whose": str(worker.public_id), "field": "card_no", "reason": "银行退回后核对",
        "account": str(account.public_id),
    }]


@pytest.mark.promise("A2")
def test_when_the_event_cannot_be_written_nothing_is_shown(
    worker: Person, account: BankAccount, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To see it fail: read the value before the event, outside the transaction, or swallow the error."""

    def broken(*_values: Any, **_more: Any) -> None:
        raise OSError("no log")

    monkeypatch.setattr(persons.record, "record", broken)
    with pytest.raises(OSError, match="no log"):
        persons.reveal(worker, "id_no", STAMP, "核对身份证原件", moment)
    with pytest.raises(OSError, match="no log"):
        persons.reveal_card(account, STAMP, "核对身份证原件", moment)


@pytest.mark.promise("A2")
def test_a_number_in_the_reason_does_not_enter_the_log(worker: Person, moment: dt.datetime) -> None:
    with pytest.raises(ValueError, match="event log"), transaction.atomic():
        persons.reveal(worker, "id_no", STAMP, f"核对 {NUMBER}", moment)
    assert looks() == []


def test_a_long_reason_is_cut(worker: Person, moment: dt.datetime) -> None:
    persons.reveal(worker, "id_no", STAMP, "核" * 1000, moment)
    assert looks()[0]["reason"] == "核" * 300


# Found by the end of the number, and the account a payment depends on.

@pytest.mark.parametrize(("ending", "fits"), [
    ("010018", True), ("010019", False), ("10018", False), ("", False), (NUMBER, False), ("０１００１８", False),
])
def test_the_last_six_of_the_number(worker: Person, ending: str, fits: bool) -> None:
    assert persons.id_ending_matches(worker, ending) is fits
    assert persons.id_ending_matches(None, ending) is False


def test_nobody_matches_no_ending() -> None:
    assert persons.id_ending_matches(None, "000000") is False


def test_the_digest_of_an_account_covers_all_a_payment_depends_on(account: BankAccount) -> None:
    digest = persons.account_digest(account)
    assert digest == persons.account_digest(BankAccount.objects.get(pk=account.pk)) and len(digest) == 64
    for field, value in (("holder", "李建明"), ("card_hash", "0" * 64), ("bank", "中国银行"), ("branch", "")):
        changed = BankAccount.objects.get(pk=account.pk)
        setattr(changed, field, value)
        assert persons.account_digest(changed) != digest, field


def test_hashes_are_kept_apart_by_purpose() -> None:
    assert len({persons.id_hash(NUMBER), persons.phone_hash(NUMBER), persons.card_hash(NUMBER)}) == 3
